import type { ComponentProps } from 'react'
import './line-input.css'

interface Props extends ComponentProps<'input'> {
  isInvalid?: boolean | undefined
  /** Stands behind what is typed: a unit. */
  suffix?: string | undefined
}
/** One line of text. The platform's own input in the house's looks, because a form holds dozens and each key draws one anew: the component library's takes ten times as long. */
export function LineInput({ isInvalid, suffix, ...rest }: Props) {
  const frame = `x-text ${isInvalid ? 'wrong' : ''} ${rest.disabled ? 'off' : ''}`
  if (!suffix) return <input className={frame} aria-invalid={isInvalid} autoComplete="off" {...rest} />
  return (
    <span className={`${frame} framed`}>
      <input aria-invalid={isInvalid} autoComplete="off" {...rest} />
      <span className="x-text-suffix">{suffix}</span>
    </span>
  )
}
