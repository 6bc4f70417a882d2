import { DownOutlined, RightOutlined } from '@ant-design/icons'
import type { ClientResource, Filter, TotalValue } from '#model'
import { useState } from 'react'
import { messageOf } from '../../api/problem.ts'
import type { Found } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { TitlesProvider } from '../../fields/index.ts'
import { Notice, Skeleton } from '../../parts/states.tsx'
import type { ListAddress } from '../list-address.ts'
import { RecordCard } from '../record-card.tsx'
import { ListFailed } from '../slow-question.tsx'
import { GroupKeyText, totalLabel, totalText } from './group-words.tsx'
import { useGroupRecords, useGroups, type Group } from './use-groups.ts'
import { useSummary } from './use-summary.ts'
import './groups.css'

interface Props {
  resource: ClientResource
  address: ListAddress
  columns: readonly Found[]
}
/** A list by groups on the phone: sections that open, figures under their heads. */
export function PhoneGroups({ level = 0, filter, ...props }: Props & { level?: number; filter: Filter | null }) {
  const shown = useGroups(props.resource, props.address, props.address.state.group[level]!, filter)
  if (shown.error) return <ListFailed error={shown.error} address={props.address} retry={shown.retry} />
  if (shown.isPending) return <Skeleton rows={level ? 2 : 8} />
  if (shown.groups.length === 0) return <Notice kind="empty" title="没有符合条件的记录" />
  return (
    <TitlesProvider titles={shown.titles}>
      <ul className="x-phone-groups">
        {shown.groups.map((group) => (
          <Section key={String(group.key)} {...props} level={level} group={group} text={shown.text} found={shown.found} />
        ))}
        {shown.more && <li className="x-list-end">分组太多，只显示前面的；请加条件或换一个分组字段。</li>}
      </ul>
    </TitlesProvider>
  )
}
function Section({ group, text, found, level, ...props }: Props & { level: number; group: Group; text: string; found: Found | null }) {
  const [isOpen, setOpen] = useState(false)
  const { group: keys, totals } = props.address.state
  return (
    <li>
      <button type="button" className="x-phone-group" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span>
          {isOpen ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />}{' '}
          <b>
            <GroupKeyText text={text} field={found?.field} value={group.key} />
          </b>{' '}
          <small>{group.count.toLocaleString('zh-CN')} 条</small>
        </span>
        <PhoneTotals resource={props.resource} totals={totals} values={group.totals} />
      </button>
      {isOpen &&
        (level === keys.length - 1 ? (
          <Cards {...props} filter={group.filter} />
        ) : (
          <PhoneGroups {...props} level={level + 1} filter={group.filter} />
        ))}
    </li>
  )
}
function Cards({ resource, address, columns, filter }: Props & { filter: Filter }) {
  const { rows, titles, format, isFetching, hasMore, error, more } = useGroupRecords(resource, address, columns, filter)
  return (
    <TitlesProvider titles={titles}>
      <ul className="x-record-cards">
        {rows.map((row) => (
          <RecordCard key={row.id} resource={resource} row={row} columns={columns} format={format} />
        ))}
      </ul>
      {isFetching ? (
        <p className="x-list-end">正在载入…</p>
      ) : (
        (hasMore || error) && (
          <button type="button" className="x-link x-phone-more" onClick={more}>
            {error ? `${messageOf(error)}，点此重试` : '再载入 50 条'}
          </button>
        )
      )}
    </TitlesProvider>
  )
}

/** The totals of all that the list shows. */
export function PhoneFoot({ resource, address: { state, effective } }: { resource: ClientResource; address: ListAddress }) {
  const { search, deleted, asOf, totals } = state
  const { data, error } = useSummary(resource.name, { filter: effective, search, deleted, asOf, group: [], totals })
  return (
    <div className="x-phone-foot">
      {error && <small>没有汇总：{messageOf(error)}</small>}
      <PhoneTotals resource={resource} totals={totals} values={data?.groups[0]?.totals ?? []} />
    </div>
  )
}
function PhoneTotals({ resource, totals, values }: { resource: ClientResource; totals: readonly string[]; values: readonly TotalValue[] }) {
  const catalog = useCatalog()
  return totals.map((text, at) => (
    <small key={text}>
      {totalLabel(text, (path) => catalog.find(resource, path))} <b>{totalText(values[at])}</b>
    </small>
  ))
}
