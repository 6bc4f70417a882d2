import type { PasswordRule } from '#kernel/model/security/passwords.ts'
import { SecretInput } from './secret-input.tsx'

interface Props {
  /** Begins the ids of the inputs; the message about the second stands at `${id}e`. */
  id: string
  rules: readonly PasswordRule[]
  value: string
  onTyping: (next: string) => void
  /** Which of the two the message is about. */
  wrong?: { next?: boolean; again?: boolean }
  autoFocus?: boolean
}
/** A new password, typed twice; what is asked of it is ticked off while one types. */
export function NewPassword({ id, rules, value, onTyping, wrong = {}, autoFocus = false }: Props) {
  return (
    <>
      <label htmlFor={`${id}next`}>新密码</label>
      <SecretInput
        id={`${id}next`}
        name="next"
        autoComplete="new-password"
        autoFocus={autoFocus}
        describedBy={`${id}r`}
        isInvalid={wrong.next ?? false}
        value={value}
        onTyping={onTyping}
      />
      <ul id={`${id}r`} className="si-rules">
        {rules.map((rule) => (
          <li key={rule.label} className={rule.holds(value) ? 'is-met' : undefined}>
            {rule.label}
          </li>
        ))}
        <li className="si-hint">不用常见单词、键盘顺序、日期或姓名</li>
      </ul>
      <label htmlFor={`${id}again`}>再次输入新密码</label>
      <SecretInput id={`${id}again`} name="again" autoComplete="new-password" isInvalid={wrong.again ?? false} describedBy={`${id}e`} />
    </>
  )
}
