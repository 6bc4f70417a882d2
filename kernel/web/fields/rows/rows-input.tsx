import { DeleteOutlined, PlusOutlined, TableOutlined } from '@ant-design/icons'
import { readsLikeMask, withChoices, type Field, type Fields } from '#model'
import { Button } from 'antd'
import { lazy, Suspense, useId, useState } from 'react'
import { newId } from '../../api/client.ts'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import { checkField, isRuleTrue } from '../../form/rules.ts'
import type { InputProps } from '../field-view.ts'
import { Sheet } from '../phone/sheet.tsx'
import { InputOf } from '../parts.tsx'
import { RowsFoot, RowTotals } from './row-totals.tsx'
import { useRowProblems } from './row-problems.ts'
import { RowSummary, rowsOf, type RowValue } from './rows-display.tsx'

const shownFields = (fields: Fields, row: RowValue): [string, Field][] =>
  Object.entries(fields).filter(([, field]) => !field.visibleWhen || isRuleTrue(field.visibleWhen, fields, row))
/** A masked cell is the server's own. */
const problemOf = (field: Field, value: unknown): string | null =>
  value === null || value === undefined || readsLikeMask(value) ? null : checkField(field, value, false)
const LinesDialog = lazy(() => import('./lines-dialog.tsx').then((m) => ({ default: m.LinesDialog })))

/** A sub-table: lines on the desk, cards on a phone. */
export function RowsInput(props: InputProps<'rows'>) {
  return useIsPhone() ? <RowCards {...props} /> : <RowTable {...props} />
}

function useRows({ value, onChange }: InputProps<'rows'>) {
  const rows = rowsOf(value)
  const set = (next: RowValue[]) => onChange(next.length ? next : null)
  return {
    rows,
    add: (...more: RowValue[]) => set([...rows, ...more]),
    change: (at: number, part: RowValue) => set(rows.map((row, index) => (index === at ? { ...row, ...part } : row))),
    remove: (at: number) => set(rows.filter((_, index) => index !== at)),
  }
}
/** Where there are to be so many rows and no other number, none goes. */
const isFixed = ({ options: { min, max } }: Field<'rows'>, rows: readonly RowValue[]): boolean =>
  min !== undefined && min === max && rows.length <= min
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
  const [pasted, setPasted] = useState<string | null>(null)
  const columns = Object.entries(fields)
  return (
    <div
      className={`x-rows ${isInvalid ? 'x-invalid' : ''}`}
      onPasteCapture={(event) => {
        const text = event.clipboardData.getData('text/plain')
        // Several columns fit into no single cell.
        if (isDisabled || pasted !== null || !text.includes('\t')) return
        event.preventDefault()
        event.stopPropagation()
        setPasted(text)
      }}
    >
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
                  const problem = problems(at, key) ?? problemOf(f, row[key])
                  const isShown = !f.visibleWhen || isRuleTrue(f.visibleWhen, fields, row)
                  return (
                    <td key={key}>
                      {isShown && (
                        <InputOf
                          id={`${base}${at}${key}`}
                          field={withChoices(f, (own) => row[own] ?? null)}
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
                  {!isDisabled && !isFixed(field, rows) && (
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
        <div className="x-rows-acts">
          <Button id={id} type="dashed" icon={<PlusOutlined />} onClick={() => add(freshRow(fields))}>
            添加一行
          </Button>
          <Button type="dashed" icon={<TableOutlined />} onClick={() => setPasted('')}>
            从表格加入
          </Button>
        </div>
      )}
      {pasted !== null && (
        <Suspense>
          <LinesDialog
            field={field}
            room={max - rows.length}
            text={pasted}
            onTake={(more) => add(...more)}
            onClose={() => setPasted(null)}
          />
        </Suspense>
      )}
    </div>
  )
}

function RowCards(props: InputProps<'rows'>) {
  const { id, field, isDisabled } = props
  const { rows, add, change, remove } = useRows(props)
  const problems = useRowProblems(id)
  const [open, setOpen] = useState<number | null>(null)
  const [isPasting, setPasting] = useState(false)
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
      {!isDisabled && rows.length < max && (
        <Button block type="dashed" icon={<TableOutlined />} onClick={() => setPasting(true)}>
          从表格加入
        </Button>
      )}
      {isPasting && (
        <Suspense>
          <LinesDialog field={field} room={max - rows.length} text="" onTake={(more) => add(...more)} onClose={() => setPasting(false)} />
        </Suspense>
      )}
      {row && open !== null && (
        <Sheet title={`${field.label} ${open + 1}`} isTall onClose={() => setOpen(null)} act={{ label: '完成', run: () => setOpen(null) }}>
          <div className="x-sheet-form">
            {shownFields(fields, row).map(([key, f]) => {
              const problem = problems(open, key) ?? problemOf(f, row[key])
              return (
                <div key={key} className="x-field">
                  <label htmlFor={base + key}>
                    {f.label}
                    {f.required && <i className="x-required">*</i>}
                  </label>
                  <InputOf
                    id={base + key}
                    field={withChoices(f, (own) => row[own] ?? null)}
                    value={row[key] ?? null}
                    isDisabled={isDisabled === true || f.readOnly === true}
                    isInvalid={problem !== null}
                    onChange={(next) => change(open, { [key]: next })}
                  />
                  {problem && <small className="x-problem">{problem}</small>}
                </div>
              )
            })}
            {!isDisabled && !isFixed(field, rows) && (
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
