import { both, onDays, type ClientResource, type Day } from '#model'
import { messageOf } from '../../../api/problem.ts'
import type { Found } from '../../../definitions/catalog.ts'
import { TitlesProvider } from '../../../fields/index.ts'
import { Skeleton } from '../../../parts/states.tsx'
import { useGroupRecords } from '../../groups/use-groups.ts'
import type { ListAddress } from '../../list-address.ts'
import { RecordCard } from '../../record-card.tsx'
import { RecordFacts } from '../record-facts.tsx'

interface Props {
  resource: ClientResource
  address: ListAddress
  facts: readonly Found[]
  on: Found
  day: Day
  /** Absent on the phone: a card there opens its page. */
  onOpen?: (id: string) => void
}
/** All records of one day, page by page. */
export function DayList({ resource, address, facts, on, day, onOpen }: Props) {
  const filter = both(address.effective, onDays(on.path, on.field.kind, day, day))
  const columns = facts.some(({ path }) => path === on.path) ? facts : [...facts, on]
  const { rows, titles, format, isFetching, hasMore, error, more } = useGroupRecords(resource, address, columns, filter, true, [on.path])
  if (isFetching && rows.length === 0) return <Skeleton rows={3} />
  if (rows.length === 0 && !error) return <p className="x-day-none">这一天没有记录</p>
  return (
    <TitlesProvider titles={titles}>
      <ul className={onOpen ? 'x-day-list' : 'x-record-cards'}>
        {rows.map((row) =>
          onOpen ? (
            <li key={row.id}>
              <button type="button" className="x-board-card" data-record={row.id} onClick={() => onOpen(row.id)}>
                <RecordFacts
                  resource={resource}
                  row={row}
                  columns={columns}
                  without={on.field.kind === 'date' ? [on.path] : []}
                  format={format}
                />
              </button>
            </li>
          ) : (
            <RecordCard key={row.id} resource={resource} row={row} columns={columns} format={format} />
          ),
        )}
      </ul>
      {(hasMore || error) && (
        <button type="button" className="x-link x-phone-more" disabled={isFetching} onClick={more}>
          {error ? `${messageOf(error)}，点此重试` : '再载入 50 条'}
        </button>
      )}
    </TitlesProvider>
  )
}
