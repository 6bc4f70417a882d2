/** What a surgeon is shown beside a procedure before he applies for it. Pure: the same in the picker and in the refusal. */
export interface ApplicableProcedure {
  id: string
  code: string
  name: string
  alias: string | null
  level: 'one' | 'two' | 'three' | 'four' | null
  restricted: boolean
  often: boolean
  /** What quick search looks into: name, alias, pinyin, initials, code. */
  search: string
  /** The grant he already holds, and until when. */
  granted: { id: string; to: string | null } | null
  /** A request of his that waits. */
  pending: { instance: string; number: string } | null
  /** The level asks for a higher appointed title than his. */
  overLevel: boolean
}

/** Why a line cannot be applied for at all; null when it can. */
export function notApplicable(
  line: Pick<ApplicableProcedure, 'granted' | 'pending'>,
  kind: string,
  today: string,
  renewalDays = 120,
): string | null {
  if (line.pending) return `已在申请 ${line.pending.number} 中`
  if (!line.granted || kind === 'renewal') return null
  const ending = line.granted.to !== null && daysUntil(line.granted.to, today) <= renewalDays
  return ending ? null : '已有授权'
}
const daysUntil = (day: string, today: string): number => (Date.parse(day) - Date.parse(today)) / 86_400_000

/** Does a procedure match what was typed? Every word must be found. */
export const matchesSearch = (line: Pick<ApplicableProcedure, 'search'>, typed: string): boolean =>
  typed.trim().toLowerCase().split(/\s+/).every((word) => line.search.includes(word)) // prettier-ignore
