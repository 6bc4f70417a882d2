import { useState, type Ref } from 'react'

interface Props {
  id: string
  name: string
  ref?: Ref<HTMLInputElement>
  autoComplete: 'current-password' | 'new-password'
  autoFocus?: boolean
  describedBy?: string
  isInvalid?: boolean
  value?: string
  onTyping?: ((text: string) => void) | undefined
  onCapsLock?: (isOn: boolean) => void
}
/** A password: hidden, to be shown on purpose. */
export function SecretInput({ id, name, ref, autoComplete, autoFocus, describedBy, isInvalid, value, onTyping, onCapsLock }: Props) {
  const [isShown, setShown] = useState(false)
  return (
    <div className="si-secret">
      <input
        id={id}
        ref={ref}
        name={name}
        type={isShown ? 'text' : 'password'}
        autoComplete={autoComplete}
        autoFocus={autoFocus}
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
        {...(value === undefined ? {} : { value })}
        onChange={(event) => onTyping?.(event.target.value)}
        onKeyUp={(event) => onCapsLock?.(event.getModifierState('CapsLock'))}
      />
      <button type="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
        {isShown ? '隐藏' : '显示'}
      </button>
    </div>
  )
}
