import type { FieldProblem } from './refusals.ts'

/** A page, view or form that a person keeps at hand: an address of this program, and what he calls it. */
export interface Shortcut {
  /** Path and query, as the address bar shows them. */
  path: string
  name: string
}
/** `gone`: why it leads nowhere any more, in words; null while it does. */
export type StandingShortcut = Shortcut & { gone: string | null }

export const mostShortcuts = 40
const mostName = 30
const mostPath = 2000

/** Reads a person's shortcuts from outside; each problem stands at its number. The same address twice is one. */
export function readShortcuts(given: unknown): { shortcuts: Shortcut[]; problems: FieldProblem[] } {
  if (!Array.isArray(given)) return { shortcuts: [], problems: [{ field: 'shortcuts', message: '格式不对' }] }
  if (given.length > mostShortcuts)
    return { shortcuts: [], problems: [{ field: 'shortcuts', message: `最多固定 ${mostShortcuts} 个快捷` }] }
  const problems: FieldProblem[] = []
  const shortcuts = new Map<string, Shortcut>()
  for (const [at, one] of given.entries()) {
    const { path, name } = (one ?? {}) as { path?: unknown; name?: unknown }
    const plain = typeof name === 'string' ? name.replace(/\p{Cc}/gu, ' ').trim() : ''
    if (!isOwnAddress(path)) problems.push({ field: `shortcuts.${at}.path`, message: '不是本系统的页面' })
    else if (plain === '') problems.push({ field: `shortcuts.${at}.name`, message: '请填写名称' })
    else if (plain.length > mostName) problems.push({ field: `shortcuts.${at}.name`, message: `名称最多 ${mostName} 个字` })
    else if (!shortcuts.has(path)) shortcuts.set(path, { path, name: plain })
  }
  return { shortcuts: [...shortcuts.values()], problems }
}
/** An address within this program: it can lead to no other site and run nothing. */
const isOwnAddress = (path: unknown): path is string =>
  typeof path === 'string' && path.length <= mostPath && /^\/(?![/\\])[^\p{Cc}\\]*$/u.test(path) && !/^\/(?:api|assets)(?:\/|$)/.test(path)
