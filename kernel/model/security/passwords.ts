import type { Policy } from './protection.ts'

export interface PasswordRule {
  readonly label: string
  readonly holds: (password: string) => boolean
}
const longest = 200

/**
 * What a password must be, each as a line that a page can tick while one types: E0066, E0067, E0180, E0181 (digits, letters of any
 * case, symbols; no name of the account). Weak ones of other kinds (dictionaries, keyboards, dates) the server finds.
 */
export function passwordRules(policy: Pick<Policy, 'passwordLength'>, names: readonly (string | null | undefined)[]): PasswordRule[] {
  const known = names.filter((name): name is string => (name?.length ?? 0) >= 3).map((name) => name.toLowerCase())
  return [
    { label: `${policy.passwordLength}–${longest} 位`, holds: (p) => p.length >= policy.passwordLength && p.length <= longest },
    { label: '含数字、字母、符号三类', holds: (p) => /\d/.test(p) && /[A-Za-z]/.test(p) && /[^A-Za-z0-9\s]/.test(p) },
    { label: '不含账号名、工号', holds: (p) => !known.some((name) => p.toLowerCase().includes(name)) },
  ]
}

/** Rules that this password breaks, as one sentence; null when it keeps them all. */
export function brokenRules(rules: readonly PasswordRule[], password: string): string | null {
  const broken = rules.filter((rule) => !rule.holds(password))
  return broken.length ? `密码须：${broken.map((rule) => rule.label).join('；')}` : null
}
