import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled, InfoCircleFilled, MinusCircleFilled } from '@ant-design/icons'
import type { ChoiceSpec } from '#model'
import type { ReactNode } from 'react'
import './parts.css'

export type Tone = NonNullable<ChoiceSpec['tone']>
const icons = {
  good: CheckCircleFilled,
  warn: ClockCircleFilled,
  bad: CloseCircleFilled,
  info: InfoCircleFilled,
  neutral: MinusCircleFilled,
} as const

/** A status in a word with its colour; the icon says it to those who do not see the colour. */
export function Tag({ tone, icon, children }: { tone?: Tone | undefined; icon?: boolean | undefined; children: ReactNode }) {
  const Icon = tone && (icon ?? tone !== 'neutral') ? icons[tone] : null
  return (
    <span className={`x-tag ${tone ?? 'plain'}`}>
      {Icon && <Icon aria-hidden />}
      {children}
    </span>
  )
}
