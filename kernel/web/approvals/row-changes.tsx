import type { ChangedField, Field, Fields, RowChange, RowValues } from '#model'
import { CellOf } from '../fields/index.ts'
import { Tag } from '../parts/tag.tsx'

const words = { added: ['新增', 'good'], changed: ['修改', 'info'], removed: ['删除', 'bad'], moved: ['移动', 'neutral'] } as const

/** What a request does to a sub-table: row by row, and of a changed row only what changes. */
export function RowChanges({ one, field, span }: { one: ChangedField; field: Field<'rows'>; span: number }) {
  const { fields, rowTitle } = field.options
  return (
    <tr>
      <td colSpan={span}>
        <span className="x-changes-of">{one.label}</span>
        <ul className="x-row-changes">
          {one.rows!.map((row) => (
            <li key={row.id}>
              <Tag tone={words[row.did][1]}>{words[row.did][0]}</Tag>
              <RowName fields={fields} row={row.was ?? row.wanted ?? {}} rowTitle={rowTitle} />
              <Facts fields={fields} row={row} rowTitle={rowTitle} />
              {row.now !== undefined && (
                <p>
                  <Tag tone="warn">申请后改动</Tag>
                  {row.now ? <Values fields={fields} row={row.now} keys={Object.keys(fields)} /> : '该行已被删除'}
                </p>
              )}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  )
}

const isFilled = (value: unknown): boolean => value !== null && value !== undefined && value !== ''
const titleOf = (fields: Fields, row: RowValues, rowTitle?: string): string | undefined =>
  rowTitle ?? Object.keys(fields).find((key) => isFilled(row[key]))

function RowName({ fields, row, rowTitle }: { fields: Fields; row: RowValues; rowTitle: string | undefined }) {
  const key = titleOf(fields, row, rowTitle)
  const field = key ? fields[key] : undefined
  return <b>{field ? <CellOf field={field} value={row[key!]} /> : '（空行）'}</b>
}
/** Of a changed row before and after, of a new or removed one what it holds. */
function Facts({ fields, row: { did, was, wanted }, rowTitle }: { fields: Fields; row: RowChange; rowTitle: string | undefined }) {
  if (did === 'moved') return null
  if (did !== 'changed') {
    const row = wanted ?? was ?? {}
    return <Values fields={fields} row={row} keys={Object.keys(fields).filter((key) => key !== titleOf(fields, row, rowTitle))} />
  }
  const changed = Object.keys(fields).filter((key) => JSON.stringify(was?.[key] ?? null) !== JSON.stringify(wanted?.[key] ?? null))
  return changed.map((key) => (
    <span key={key} className="x-row-fact">
      {fields[key]!.label} <del>{shown(fields[key]!, was?.[key])}</del> → <ins>{shown(fields[key]!, wanted?.[key])}</ins>
    </span>
  ))
}
function Values({ fields, row, keys }: { fields: Fields; row: RowValues; keys: readonly string[] }) {
  return keys
    .filter((key) => isFilled(row[key]))
    .map((key) => (
      <span key={key} className="x-row-fact">
        {fields[key]!.label} {shown(fields[key]!, row[key])}
      </span>
    ))
}
const shown = (field: Field, value: unknown) => (isFilled(value) ? <CellOf field={field} value={value} /> : '（空）')
