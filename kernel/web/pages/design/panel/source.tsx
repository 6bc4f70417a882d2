import type { Filter } from '#model'
import { Select } from 'antd'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { FilterSentence } from '../../../list/sentence.tsx'
import { useViews } from '../../../list/views/use-views.ts'
import { Line } from './line.tsx'

export interface Source {
  resource: string
  view: string | null
  filter: Filter | null
}
interface Props {
  source: Source
  said: (field: string) => string | undefined
  onChange: (part: Partial<Source>, about?: string) => void
}
/** Of which records a block is: a type, a view of it, conditions made with the sentence of every list. */
export function SourcePart({ source, said, onChange }: Props) {
  const catalog = useCatalog()
  const resource = catalog.resource(source.resource)
  const views = useViews(source.resource, resource?.may.read ?? false)
  const groups = Map.groupBy(catalog.all, ({ moduleLabel }) => moduleLabel) // prettier-ignore
  const offered = [
    ...(resource?.list.views ?? []).map(({ name, label }) => ({ value: name, label })),
    ...(views.data ?? []).map(({ id, name, isShared }) => ({ value: id, label: isShared ? name : `${name}（只有自己可见）` })),
  ]
  return (
    <>
      <Line label="数据来源" problem={said('resource')}>
        <Select
          aria-label="数据来源"
          value={source.resource}
          // A module's name does not bring along all of its types.
          showSearch={{ filterOption: (typed, option) => !option?.options && String(option?.label).includes(typed.trim()) }}
          options={[...groups].map(([label, list]) => ({
            label,
            options: list.map((r) => ({ value: r.name, label: r.may.read ? r.label : `${r.label}（自己无权查看）` })),
          }))}
          onChange={(name: string) => onChange({ resource: name, view: null, filter: null })}
        />
      </Line>
      {offered.length > 0 && (
        <Line label="用它的视图" problem={said('view')}>
          <Select
            allowClear
            aria-label="视图"
            value={source.view}
            placeholder="全部记录"
            options={offered}
            onChange={(view: string | undefined) => onChange({ view: view ?? null })}
          />
        </Line>
      )}
      {resource && (
        <div className="x-panel-line">
          <span>只统计</span>
          <FilterSentence
            resource={resource}
            lead={source.filter ? '其中' : '全部'}
            filter={source.filter}
            onChange={(filter) => onChange({ filter })}
          />
          {said('filter') && (
            <em className="x-problem" role="alert">
              {said('filter')}
            </em>
          )}
        </div>
      )}
    </>
  )
}
