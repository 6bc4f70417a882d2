import { CloseOutlined, GroupOutlined } from '@ant-design/icons'
import { aggregates, grains, readGroupKey, readTotalKey, type Aggregate, type ClientResource, type Grain } from '#model'
import { Badge, Button, Popover, Select } from 'antd'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { columnFields } from '../filter-fields.ts'
import type { ListAddress } from '../list-address.ts'
import { isGroupable, isNumber, isTime } from './group-words.tsx'
import { optionsOf } from '../../parts/options-of.ts'

const most = 3
/** By what a list is grouped, and what is worked out of its numbers. */
export function GroupChooser({ resource, address }: { resource: ClientResource; address: ListAddress }) {
  const { group, totals } = address.state
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<Chooser resource={resource} address={address} />}>
      <Badge count={group.length + totals.length} size="small">
        <Button icon={<GroupOutlined />} aria-label="分组与汇总">
          分组
        </Button>
      </Badge>
    </Popover>
  )
}

function Chooser({ resource, address: { state, set } }: { resource: ClientResource; address: ListAddress }) {
  const catalog = useCatalog()
  const all = columnFields(catalog, resource)
  const groupable = all.filter(({ field, path }) => isGroupable(field) && !resource.masked.includes(path))
  const numbers = all.filter(({ field, path }) => isNumber(field) && !resource.masked.includes(path))
  const { group, totals } = state
  const setKey = (at: number, text: string | null) => set({ group: text ? group.with(at, text) : group.toSpliced(at, 1) })
  const keyFor = (path: string): string => {
    const field = catalog.find(resource, path)?.field
    return field && isTime(field) ? `${path}:month` : path
  }
  const used = new Set(group.map((text) => readGroupKey(text)?.path))
  return (
    <div className="x-group-chooser">
      <b>分组</b>
      {group.map((text, at) => {
        const key = readGroupKey(text)
        const found = key && catalog.find(resource, key.path)
        return (
          <div key={text} className="x-group-line">
            <Select
              aria-label={`第 ${at + 1} 层分组`}
              value={key?.path}
              showSearch={{ optionFilterProp: 'label' }}
              options={groupable
                .filter(({ path }) => path === key?.path || !used.has(path))
                .map(({ path, label }) => ({ value: path, label }))}
              onChange={(path: string) => setKey(at, keyFor(path))}
            />
            {found && isTime(found.field) && (
              <Select
                aria-label="粗细"
                value={key.grain}
                options={optionsOf(grains)}
                onChange={(grain: Grain) => setKey(at, `${key.path}:${grain}`)}
              />
            )}
            <button type="button" className="x-icon-button" aria-label="移除这层分组" onClick={() => setKey(at, null)}>
              <CloseOutlined />
            </button>
          </div>
        )
      })}
      {group.length < most && (
        <Select
          aria-label="增加分组"
          value={null}
          placeholder={group.length ? '再分一层' : '按…分组'}
          showSearch={{ optionFilterProp: 'label' }}
          options={groupable.filter(({ path }) => !used.has(path)).map(({ path, label }) => ({ value: path, label }))}
          onChange={(path: string | null) => path && set({ group: [...group, keyFor(path)] })}
        />
      )}
      {numbers.length > 0 && <b>汇总</b>}
      {numbers.map(({ path, label }) => (
        <div key={path} className="x-group-line">
          <span>{label}</span>
          <Select
            mode="multiple"
            aria-label={`${label}的汇总`}
            placeholder="不汇总"
            value={totals.flatMap((text) => (readTotalKey(text)?.path === path ? [readTotalKey(text)!.by] : []))}
            options={optionsOf(aggregates)}
            onChange={(chosen: Aggregate[]) =>
              set({ totals: [...totals.filter((text) => readTotalKey(text)?.path !== path), ...chosen.map((by) => `${by}:${path}`)] })
            }
          />
        </div>
      ))}
      {group.length + totals.length > 0 && (
        <button type="button" className="x-link x-small" onClick={() => set({ group: [], totals: [] })}>
          全部清除
        </button>
      )}
    </div>
  )
}
