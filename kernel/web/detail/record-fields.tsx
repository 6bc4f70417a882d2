import type { ApiRecord, ClientResource, Field, KindOptions } from '#model'
import { groupsOf } from '../form/groups.ts'
import { isRuleTrue } from '../form/rules.ts'
import { RecordDisplay } from '../fields/display.tsx'
import { DisplayOf, drawnClass, isEmptyValue, viewOf } from '../fields/index.ts'
import { CellContext, type CellShown } from '../fields/rows/rows-display.tsx'
import { ClassMark, placeOf } from '../parts/class-mark.tsx'
import { UnreadableMark } from '../parts/unreadable-mark.tsx'
import { ProtectedValue } from './protected-value.tsx'
import './detail.css'

interface Props {
  resource: ClientResource
  record: ApiRecord
  /** Beside a list or on a phone: one column, and what is empty is left out. */
  isNarrow?: boolean
}
/** The values of a record in their groups. */
export function RecordFields({ resource, record, isNarrow = false }: Props) {
  const groups = groupsOf(
    resource,
    (key, field) =>
      (!isNarrow || !isEmptyValue(record[key])) &&
      (!field.visibleWhen || isRuleTrue(field.visibleWhen, resource.fields, record)) &&
      key in record,
  )
  return groups.map((group) => (
    <section
      key={`${group.tab} ${group.label}`}
      className={isNarrow ? 'x-facts narrow' : 'x-card x-facts'}
      aria-label={group.label || resource.label}
    >
      {group.label && <h2>{group.label}</h2>}
      <dl>
        {group.fields.map(([key, field]) => (
          <div key={key} className={`${viewOf(field).isWide ? 'wide' : ''} ${placeOf(field)} ${drawnClass(field)}`}>
            <dt>
              {field.label}
              <ClassMark field={field} />
            </dt>
            <dd>
              {record.openable?.includes(key) ? (
                <ProtectedValue path={`/api/records/${resource.name}/${record.id}`} name={key} field={field} masked={record[key] ?? null} />
              ) : (
                <CellContext value={cellsOf(resource, record, key)}>
                  <Value field={field} value={record[key] ?? null} record={record} />
                </CellContext>
              )}
              {record.computing?.includes(key) && <span className="x-computing">计算中</span>}
              <UnreadableMark record={record} field={key} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ))
}
/** What names a record by its number is shown as what that record is called. */
function Value({ field, value, record }: { field: Field; value: unknown; record: ApiRecord }) {
  const { idOf } = field.options as KindOptions['text']
  const type = idOf && record[idOf]
  if (typeof type === 'string' && typeof value === 'string' && value) return <RecordDisplay target={type} id={value} />
  return <DisplayOf field={field} value={value} />
}
/** The cells of this sub-table that the reader sees masked and may open one by one. */
const cellsOf =
  (resource: ClientResource, record: ApiRecord, rowsKey: string): CellShown =>
  (column, field, row) => {
    const name = `${rowsKey}.${column}`
    if (!record.openable?.includes(name) || row[column] == null || typeof row['id'] !== 'string') return null
    return (
      <ProtectedValue path={`/api/records/${resource.name}/${record.id}`} name={name} row={row['id']} field={field} masked={row[column]} />
    )
  }
