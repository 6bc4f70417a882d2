import { DownOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useMemo } from 'react'
import type { Handled } from '#kernel/model/flow/definition.ts'
import { useMe } from '../../api/hooks.ts'
import { Notice } from '../../parts/states.tsx'
import { columnsOf, useWorld } from './context.ts'
import { labelWith } from './words.ts'
import { fieldRights, rightOf, withRight, type FieldRight } from './rights.ts'
import { handledOf, replaced } from './tree.ts'

const rights = Object.entries(fieldRights).map(([value, label]) => ({ value: value as FieldRight, label }))
/** 字段权限: what the people of each step may do with each field; a row or a column at a time, too. */
export function RightsGrid() {
  const { definition, edit, resource } = useWorld()
  const { medicalOffice } = useMe().hospital
  const steps = useMemo(() => handledOf(definition), [definition])
  const fields = Object.entries(resource.fields)
  const all = fields.map(([key]) => key)
  const set = (which: readonly { path: string; step: Handled }[], keys: readonly string[], right: FieldRight) =>
    edit(which.reduce((flow, { path, step }) => replaced(flow, path, withRight(step, keys, right)), definition))
  if (steps.length === 0) return <Notice kind="empty" title="还没有由人办理的步骤" text="在流程图中加入审批、填写或盖章的步骤后，在这里规定各步看到和填写哪些内容。" />
  return (
    <div className="x-card x-rights-grid">
      <table>
        <thead>
          <tr>
            <th>字段</th>
            {steps.map((one) => (
              <th key={one.path}>
                <Whole label={labelWith(one.step, medicalOffice)} what="这一步的全部字段" onPick={(right) => set([one], all, right)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map(([key, field]) => (
            <Row key={key} label={field.label} columns={Object.values(columnsOf(field) ?? {}).map(({ label }) => label)} name={key} steps={steps} set={set} />
          ))}
        </tbody>
      </table>
    </div>
  )
} // prettier-ignore

interface RowProps {
  name: string
  label: string
  columns: readonly string[]
  steps: readonly { path: string; step: Handled }[]
  set: (which: RowProps['steps'], keys: readonly string[], right: FieldRight) => void
}
function Row({ name, label, columns, steps, set }: RowProps) {
  return (
    <>
      <tr>
        <th scope="row">
          <Whole label={label} what="这个字段的各步" onPick={(right) => set(steps, [name], right)} />
        </th>
        {steps.map((one) => (
          <td key={one.path}>
            <Cell label={`${label} · ${one.step.label}`} value={rightOf(one.step, name)} onPick={(right) => set([one], [name], right)} />
          </td>
        ))}
      </tr>
      {columns.length > 0 && (
        <tr className="x-rights-columns">
          <th scope="row">{columns.join('、')}</th>
          <td colSpan={steps.length}>明细的各列与明细相同</td>
        </tr>
      )}
    </>
  )
}
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
