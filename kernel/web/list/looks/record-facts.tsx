import type { ApiRecord, ClientResource } from '#model'
import type { Found } from '../../definitions/catalog.ts'
import { StateTag } from '../../detail/record-title.tsx'
import { CellOf } from '../../fields/index.ts'
import { FormatMark, formatClass } from '../formats/format-mark.tsx'
import type { Format } from '../formats/formatter.ts'

interface Props {
  resource: ClientResource
  row: ApiRecord
  columns: readonly Found[]
  /** What the view itself says already. */
  without?: readonly string[]
  most?: number
  format?: Format | undefined
}
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''

/** A record in a card: what it is called, then some of its columns. */
export function RecordFacts({ resource, row, columns, without = [], most = 4, format }: Props) {
  const head = columns.find(({ path }) => path === resource.title)
  const facts = columns
    .filter(({ path }) => path !== resource.title && path !== 'state' && !without.includes(path) && !isEmpty(row[path]))
    .slice(0, most)
  const whole = format?.(row.id, null) ?? (head && format?.(row.id, head.path))
  return (
    <>
      <span className="x-look-facts-head">
        <FormatMark rule={whole} />
        <b className={formatClass(whole)}>
          {head ? (
            <CellOf field={head.field} value={row[head.path] ?? null} />
          ) : (
            String((row[resource.title] as string | null) ?? resource.label)
          )}
        </b>
        {!without.includes('state') && <StateTag resource={resource} record={row} />}
      </span>
      {facts.length > 0 && (
        <span className="x-look-facts">
          {facts.map(({ path, short, field }) => {
            const rule = format?.(row.id, path)
            return (
              <span key={path} title={short} className={formatClass(rule)}>
                <FormatMark rule={rule} />
                <CellOf field={field} value={row[path] ?? null} />
              </span>
            )
          })}
        </span>
      )}
    </>
  )
}
