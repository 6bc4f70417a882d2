import { DownOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useMemo } from 'react'
import type { Handled } from '#kernel/model/flow/definition.ts'
import { useMe } from '../../api/hooks.ts'
import { Notice } from '../../parts/states.tsx'
import { columnsOf, useWorld } from './context.ts'
import { labelWith } from './words.ts'
import { fieldRights, rightOf, withColumnRight, withRight, type FieldRight } from './rights.ts'
import { handledOf, replaced } from './tree.ts'

const rights = Object.entries(fieldRights).map(([value, label]) => ({ value: value as FieldRight, label }))
/** 字段权限: what the people of each step may do with each field; a row or a column at a time, too. */
export function RightsGrid() {
  const { definition, edit, resource } = useWorld()
  const { medicalOffice } = useMe().hospital
  const steps = useMemo(() => handledOf(definition), [definition])
  const fields = Object.entries(resource.fields)
  const all = fields.map(([key]) => key)
  const set: RowProps['set'] = (which, change) => edit(which.reduce((flow, { path, step }) => replaced(flow, path, change(step)), definition))
  if (steps.length === 0) return <Notice kind="empty" title="还没有由人办理的步骤" text="在流程图中加入审批、填写或盖章的步骤后，在这里规定各步看到和填写哪些内容。" />
  return (
    <div className="x-card x-rights-grid">
      <table>
        <thead>
          <tr>
            <th>字段</th>
            {steps.map((one) => (
              <th key={one.path}>
                <Whole label={labelWith(one.step, medicalOffice)} what="这一步的全部字段" onPick={(right) => set([one], (step) => withRight(step, all, right))} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map(([key, field]) => (
            <Rows key={key} label={field.label} columns={Object.entries(columnsOf(field) ?? {}).map(([column, { label }]) => ({ path: `${key}.${column}`, label }))} name={key} steps={steps} set={set} />
          ))}
        </tbody>
      </table>
      {fields.some(([, field]) => columnsOf(field)) && <p className="x-faint">明细设为“可填”，可以增加、删除行；只让改某几列时，在列上设“可填”，行不变。</p>}
    </div>
  )
} // prettier-ignore

interface RowProps {
  name: string
  label: string
  columns: readonly { path: string; label: string }[]
  steps: readonly { path: string; step: Handled }[]
  set: (which: RowProps['steps'], change: (step: Handled) => Handled) => void
}
/** A field, and below it the columns of a sub-table. */
function Rows({ name, label, columns, steps, set }: RowProps) {
  const paths = columns.map(({ path }) => path)
  return (
    <>
      <Row label={label} path={name} steps={steps} onPick={(which, right) => set(which, (step) => withRight(step, [name], right))} />
      {columns.map((column) => (
        <Row
          key={column.path}
          isColumn
          label={`${label}·${column.label}`}
          path={column.path}
          steps={steps}
          onPick={(which, right) => set(which, (step) => withColumnRight(step, paths, column.path, right))}
        />
      ))}
    </>
  )
}
interface LineProps {
  label: string
  path: string
  isColumn?: boolean
  steps: RowProps['steps']
  onPick: (which: RowProps['steps'], right: FieldRight) => void
}
const Row = ({ label, path, isColumn = false, steps, onPick }: LineProps) => (
  <tr className={isColumn ? 'x-rights-column' : ''}>
    <th scope="row">
      <Whole label={label} what={isColumn ? '这一列的各步' : '这个字段的各步'} onPick={(right) => onPick(steps, right)} />
    </th>
    {steps.map((one) => (
      <td key={one.path}>
        <Cell label={`${label} · ${one.step.label}`} value={rightOf(one.step, path)} onPick={(right) => onPick([one], right)} />
      </td>
    ))}
  </tr>
)
// The browser's own: there are as many as fields times steps.
const Cell = ({ label, value, onPick }: { label: string; value: FieldRight; onPick: (right: FieldRight) => void }) => (
  <select className={`x-right ${value}`} aria-label={label} value={value} onChange={(event) => onPick(event.target.value as FieldRight)}>
    {rights.map((one) => (
      <option key={one.value} value={one.value}>
        {one.label}
      </option>
    ))}
  </select>
)
function Whole({ label, what, onPick }: { label: string; what: string; onPick: (right: FieldRight) => void }) {
  return (
    <Dropdown trigger={['click']} menu={{ items: rights.map(({ value, label: word }) => ({ key: value, label: `${what}：${word}`, onClick: () => onPick(value) })) }}>
      <button type="button" title={`一次设置${what}`}>
        {label} <DownOutlined aria-hidden />
      </button>
    </Dropdown>
  )
} // prettier-ignore
