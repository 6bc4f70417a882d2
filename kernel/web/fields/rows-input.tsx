import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { Field, Fields } from '#model'
import { Button } from 'antd'
import { useId, useState } from 'react'
import { newId } from '../api/client.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { checkField, isRuleTrue } from '../form/rules.ts'
import type { DisplayProps, InputProps } from './field-view.ts'
import { Sheet } from './phone/sheet.tsx'
import { CellOf, DisplayOf, InputOf } from './parts.tsx'
import { RowsFoot, RowTotals } from './row-totals.tsx'
import { useRowProblems } from './row-problems.ts'

type RowValue = Record<string, unknown>
export const rowsOf = (value: unknown): RowValue[] => (Array.isArray(value) ? (value as RowValue[]) : [])
const shownFields = (fields: Fields, row: RowValue): [string, Field][] =>
  Object.entries(fields).filter(([, field]) => !field.visibleWhen || isRuleTrue(field.visibleWhen, fields, row))

/** A sub-table: lines on the desk, cards on a phone. */
export function RowsInput(props: InputProps<'rows'>) {
  return useIsPhone() ? <RowCards {...props} /> : <RowTable {...props} />
}

function useRows({ value, onChange }: InputProps<'rows'>) {
  const rows = rowsOf(value)
  const set = (next: RowValue[]) => onChange(next.length ? next : null)
  return {
    rows,
    add: (row: RowValue) => set([...rows, row]),
    change: (at: number, part: RowValue) => set(rows.map((row, index) => (index === at ? { ...row, ...part } : row))),
    remove: (at: number) => set(rows.filter((_, index) => index !== at)),
  }
}
/** A new row has its id at once: what is done to it is sent, and told, by that id. */
const freshRow = (fields: Fields): RowValue => ({
  id: newId(),
  ...Object.fromEntries(Object.entries(fields).flatMap(([key, field]) => (field.default === undefined ? [] : [[key, field.default]]))),
})

function RowTable(props: InputProps<'rows'>) {
  const { id, field, isDisabled, isInvalid } = props
  const { rows, add, change, remove } = useRows(props)
  const problems = useRowProblems(id)
  const { fields, max = 5000 } = field.options
  const base = useId()
  const columns = Object.entries(fields)
  return (
    <div className={`x-rows ${isInvalid ? 'x-invalid' : ''}`}>
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>#</th>
              {columns.map(([key, f]) => (
                <th key={key}>
                  {f.label}
                  {f.required && <i className="x-required">*</i>}
                </th>
              ))}
              <th />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={typeof row['id'] === 'string' ? row['id'] : at}>
                <td className="x-faint">{at + 1}</td>
                {columns.map(([key, f]) => {
                  const problem = problems(at, key) ?? (row[key] == null ? null : checkField(f, row[key], false))
                  const isShown = !f.visibleWhen || isRuleTrue(f.visibleWhen, fields, row)
                  return (
                    <td key={key}>
                      {isShown && (
                        <InputOf
                          id={`${base}${at}${key}`}
                          field={f}
                          value={row[key] ?? null}
                          isDisabled={isDisabled === true || f.readOnly === true}
                          isInvalid={problem !== null}
                          onChange={(next) => change(at, { [key]: next })}
                        />
                      )}
                      {problem && <small className="x-problem">{problem}</small>}
                    </td>
                  )
                })}
                <td>
                  {!isDisabled && (
                    <button type="button" className="x-icon-button" aria-label={`删除第 ${at + 1} 行`} onClick={() => remove(at)}>
                      <DeleteOutlined />
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
          <RowsFoot field={field} rows={rows} before={1} behind={1} />
        </table>
      )}
      {!isDisabled && rows.length < max && (
        <Button id={id} type="dashed" icon={<PlusOutlined />} onClick={() => add(freshRow(fields))}>
          添加一行
        </Button>
      )}
    </div>
  )
}

function RowCards(props: InputProps<'rows'>) {
  const { id, field, isDisabled } = props
  const { rows, add, change, remove } = useRows(props)
  const problems = useRowProblems(id)
  const [open, setOpen] = useState<number | null>(null)
  const base = useId()
  const { fields, rowTitle, max = 5000 } = field.options
  const row = open === null ? undefined : rows[open]
  return (
    <div className="x-row-cards">
      {rows.map((r, at) => (
        <button key={typeof r['id'] === 'string' ? r['id'] : at} type="button" className="x-row-card" onClick={() => setOpen(at)}>
          <RowSummary fields={fields} row={r} rowTitle={rowTitle} />
          {Object.keys(fields).some((key) => problems(at, key)) && <small className="x-problem">有填写问题，点开修改</small>}
        </button>
      ))}
      <RowTotals field={field} rows={rows} />
      {!isDisabled && rows.length < max && (
        <Button
          id={id}
          block
          type="dashed"
          icon={<PlusOutlined />}
          onClick={() => {
            add(freshRow(fields))
            setOpen(rows.length)
          }}
        >
          添加一项
        </Button>
      )}
      {row && open !== null && (
        <Sheet title={`${field.label} ${open + 1}`} isTall onClose={() => setOpen(null)} act={{ label: '完成', run: () => setOpen(null) }}>
          <div className="x-sheet-form">
            {shownFields(fields, row).map(([key, f]) => {
              const problem = problems(open, key) ?? (row[key] == null ? null : checkField(f, row[key], false))
              return (
                <div key={key} className="x-field">
                  <label htmlFor={base + key}>
                    {f.label}
                    {f.required && <i className="x-required">*</i>}
                  </label>
                  <InputOf
                    id={base + key}
                    field={f}
                    value={row[key] ?? null}
                    isDisabled={isDisabled === true || f.readOnly === true}
                    isInvalid={problem !== null}
                    onChange={(next) => change(open, { [key]: next })}
                  />
                  {problem && <small className="x-problem">{problem}</small>}
                </div>
              )
            })}
            {!isDisabled && (
              <Button
                danger
                block
                onClick={() => {
                  setOpen(null)
                  remove(open)
                }}
              >
                删除这一项
              </Button>
            )}
          </div>
        </Sheet>
      )}
    </div>
  )
}

function RowSummary({ fields, row, rowTitle }: { fields: Fields; row: RowValue; rowTitle: string | undefined }) {
  const filled = Object.entries(fields).filter(([key]) => row[key] !== null && row[key] !== undefined)
  const first = filled.find(([key]) => key === rowTitle) ?? filled[0]
  const others = filled.filter((entry) => entry !== first)
  return (
    <>
      <b>{first ? <CellOf field={first[1]} value={row[first[0]]} /> : <span className="x-faint">未填写</span>}</b>
      {others.slice(0, 4).map(([key, field]) => (
        <span key={key} className="x-row-fact">
          {field.label} <CellOf field={field} value={row[key]} />
        </span>
      ))}
    </>
  )
}

export function RowsDisplay({ field, value }: DisplayProps<'rows'>) {
  const isPhone = useIsPhone()
  const rows = rowsOf(value)
  const columns = Object.entries(field.options.fields)
  if (!rows.length) return <span className="x-faint">—</span>
  if (isPhone)
    return (
      <div className="x-row-cards">
        {rows.map((row, at) => (
          <div key={at} className="x-row-card">
            <RowSummary fields={field.options.fields} row={row} rowTitle={field.options.rowTitle} />
          </div>
        ))}
        <RowTotals field={field} rows={rows} />
      </div>
    )
  return (
    <div className="x-rows">
      <table>
        <thead>
          <tr>
            {columns.map(([key, f]) => (
              <th key={key}>{f.label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map(([key, f]) => (
                <td key={key}>
                  <DisplayOf field={f} value={row[key]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <RowsFoot field={field} rows={rows} before={0} behind={0} />
      </table>
    </div>
  )
}
