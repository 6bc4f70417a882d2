import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { writeLook, type ApiRecord, type Look } from '#model'
import { useState } from 'react'
import { messageOf } from '../../../api/problem.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { titleOfRecord } from '../../../detail/record-title.tsx'
import { TitlesProvider } from '../../../fields/index.ts'
import { Notice, Skeleton } from '../../../parts/states.tsx'
import { ListFailed } from '../../slow-question.tsx'
import { RecordCard } from '../../record-card.tsx'
import { LookField } from '../look-switch.tsx'
import { lookFieldsOf } from '../offered.ts'
import type { PhoneLookProps } from '../phone-look.tsx'
import { useBranches } from './use-branches.ts'

/** A tree one level at a time: into what stands below a record, and back. */
export function PhoneTree({ resource, address, columns, look }: PhoneLookProps<Extract<Look, { kind: 'tree' }>>) {
  const catalog = useCatalog()
  const [way, setWay] = useState<readonly { row: ApiRecord; name: string }[]>([])
  const above = way.at(-1)
  return (
    <>
      <LookField
        label="按"
        fields={lookFieldsOf(catalog, resource).parents}
        value={look.by}
        onChange={(by) => by && address.set({ look: writeLook({ kind: 'tree', by }) })}
      />
      {above && (
        <nav className="x-phone-way" aria-label="上级">
          <button type="button" className="x-icon-button" aria-label="返回上一级" onClick={() => setWay(way.slice(0, -1))}>
            <LeftOutlined />
          </button>
          <span>{way.map(({ name }) => name).join(' / ')}</span>
        </nav>
      )}
      <Level
        key={above?.row.id ?? ''}
        {...{ resource, address, columns, look }}
        under={above?.row.id ?? null}
        onInto={(row, name) => setWay([...way, { row, name }])}
      />
    </>
  )
}
type Props = PhoneLookProps<Extract<Look, { kind: 'tree' }>> & { under: string | null; onInto: (row: ApiRecord, name: string) => void }
function Level({ resource, address, columns, look, under, onInto }: Props) {
  const data = useBranches(resource, address, look.by, under, columns.map(({ path }) => path)) // prettier-ignore
  if (data.error && data.rows.length === 0) return <ListFailed address={address} error={data.error} retry={data.more} />
  if (data.isPending) return <Skeleton rows={6} />
  if (data.rows.length === 0) return <Notice kind="empty" title={under ? '没有下级' : '没有符合条件的记录'} />
  const shown = columns.filter(({ path }) => path !== look.by)
  return (
    <TitlesProvider titles={data.titles}>
      <ul className="x-record-cards">
        {data.rows.map((row) => {
          const count = data.belowOf(row.id)
          return (
            <RecordCard
              key={row.id}
              resource={resource}
              row={row}
              columns={shown}
              format={data.format}
              isFaint={!data.isHit(row.id)}
              aside={
                count > 0 && (
                  <button
                    type="button"
                    className="x-icon-button"
                    aria-label={`${count} 条下级`}
                    onClick={() => onInto(row, titleOfRecord(resource, { record: row, titles: data.titles }))}
                  >
                    {count} <RightOutlined />
                  </button>
                )
              }
            />
          )
        })}
      </ul>
      {(data.hasMore || data.error) && (
        <button type="button" className="x-link x-phone-more" disabled={data.isFetching} onClick={data.more}>
          {data.error ? `${messageOf(data.error)}，点此重试` : '再载入 50 条'}
        </button>
      )}
    </TitlesProvider>
  )
}
