import {
  AuditOutlined, BranchesOutlined, CheckCircleOutlined, ClockCircleOutlined, EditOutlined, ForkOutlined, HourglassOutlined, NotificationOutlined, SafetyCertificateOutlined, ThunderboltOutlined,
} from '@ant-design/icons' // prettier-ignore
import type { Node, NodeProps } from '@xyflow/react'
import { memo, type ComponentType } from 'react'
import type { Light } from './lit.ts'
import { stepKindWords } from '#kernel/model/flow/sentences.ts'
import type { DrawnStep, StepKind } from './tree.ts'

/** What a node of the drawing shows; plain data, so that only what has changed is drawn again. */
export interface CardData extends Record<string, unknown> {
  path: string | null
  step: DrawnStep | null
  /** What it is called, with the hospital's own words. */
  label: string
  lines: string
  faults: number
  isSelected: boolean
  light: Light | 'off' | null
  role: 'start' | 'step' | 'fork' | 'join' | 'end'
}
export type CardNode = Node<CardData, 'card'>

export const stepIcons: Record<StepKind, ComponentType<{ 'aria-hidden'?: boolean }>> = {
  approve: AuditOutlined,
  fill: EditOutlined,
  seal: SafetyCertificateOutlined,
  when: BranchesOutlined,
  parallel: ForkOutlined,
  notify: NotificationOutlined,
  service: ThunderboltOutlined,
  timer: HourglassOutlined,
}

/** One step as a card, a branching as a pill, the beginning and the end. */
export const Card = memo(CardBody, (before, after) => isSameCard(before.data, after.data))
const isSameCard = (before: CardData, after: CardData): boolean => Object.keys(after).every((key) => Object.is(before[key], after[key]))
function CardBody({ data }: NodeProps<CardNode>) {
  const { path, step, role, isSelected, light, faults } = data
  if (role === 'join') return <i className={`x-flow-join ${light ?? ''}`} />
  const look = `${isSelected ? 'selected' : ''} ${faults ? 'faulty' : ''} ${light ?? ''}`
  if (role === 'start' || role === 'end')
    return (
      <button type="button" className={`x-flow-end ${look}`} data-path={role} tabIndex={isSelected ? 0 : -1}>
        {role === 'start' ? '提交' : '结束'}
      </button>
    )
  if (!step || path === null) return null
  const Icon = stepIcons[step.kind]
  const fault = faults ? `，${faults} 处问题` : ''
  if (role === 'fork')
    return (
      <button type="button" className={`x-flow-fork ${look}`} data-path={path} tabIndex={isSelected ? 0 : -1} aria-label={`${data.label}${fault}`} aria-pressed={isSelected}>
        <Icon aria-hidden />
        <span>{data.label}</span>
      </button>
    ) // prettier-ignore
  return (
    <button type="button" className={`x-flow-card ${step.kind} ${look}`} data-path={path} tabIndex={isSelected ? 0 : -1} aria-label={`${stepKindWords[step.kind]}：${data.label}${fault}`} aria-pressed={isSelected}>
      <span className="x-flow-card-head">
        <Icon aria-hidden />
        <b title={data.label}>{data.label}</b>
        <Marks step={step} />
        {faults > 0 && <em title={`${faults} 处问题`}>{faults}</em>}
        {light === 'on' && <CheckCircleOutlined className="x-flow-lit" aria-label="经过" />}
      </span>
      {data.lines.split('\n').map((line, at) => (
        <span key={at} title={line} className={at ? 'x-flow-card-more' : 'x-flow-card-who'}>
          {line}
        </span>
      ))}
    </button>
  ) // prettier-ignore
}

/** What is particular about a step, by a sign that is heard, too. */
export function Marks({ step }: { step: DrawnStep }) {
  if (!('mode' in step)) return null
  const marks = [
    step.sign && (['签', '须手写签名'] as const),
    step.items && (['逐项', '每一行单独决定'] as const),
    step.claim && (['认领', '一人认领后办理'] as const),
    step.meeting && (['会议', '可录入会议结果'] as const),
  ].filter((one) => one !== false && one !== undefined)
  return (
    <>
      {marks.map(([mark, hint]) => (
        <small key={mark} className="x-flow-mark" title={hint}>
          {mark}
        </small>
      ))}
      {step.limit && <ClockCircleOutlined className="x-flow-clock" aria-label="有时限" />}
    </>
  )
}
