import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled, InfoCircleFilled, MinusCircleFilled } from '@ant-design/icons'
import type { FormatRule, FormatTone } from '#model'
import './formats.css'

const icons: Record<FormatTone, typeof CheckCircleFilled> = {
  good: CheckCircleFilled,
  warn: ClockCircleFilled,
  bad: CloseCircleFilled,
  info: InfoCircleFilled,
  neutral: MinusCircleFilled,
}
/** The sign that goes with a colour: nothing is said by colour alone. */
export function FormatMark({ rule }: { rule: Pick<FormatRule, 'tone'> | undefined }) {
  if (!rule) return null
  const Icon = icons[rule.tone]
  return <Icon className={`x-format-mark ${rule.tone}`} aria-label="突出显示" />
}
export const formatClass = (rule: FormatRule | undefined): string => (rule ? `x-format ${rule.tone}${rule.bold ? ' bold' : ''}` : '')
