import type { Coverage } from './testing-random.ts'
import { live } from './testing-random.ts'

const plain = ['approve', 'return', 'transfer', 'addApprover', 'removeApprover', 'delegateTask', 'takeBack', 'copyTo', 'consult', 'reply', 'markRead', 'urge', 'timeOut', 'jump', 'reject', 'decideItems', 'seal'] // prettier-ignore
const vote = plain.filter((act) => !['return', 'transfer', 'delegateTask', 'seal'].includes(act))
/** What a mode allows: in a vote nobody hands on, returns or seals; a group claims only where one word is enough. */
const legal: Readonly<Record<string, readonly string[]>> = {
  anyOf: [...plain, 'claim', 'release'],
  allOf: plain,
  inOrder: plain,
  vote: [...vote, 'enterMinutes'],
}
/** After these a request that can still be acted upon is rare (an end, a pause): they are counted as acts, not as the first of a pair. */
const closing = ['reject', 'return']

/** Runs so many histories. */
export function runs(count: number, from = 1): { coverage: Coverage; lengths: number[] } {
  const coverage: Coverage = new Map()
  const lengths: number[] = []
  for (let seed = from; seed < from + count; seed++) {
    const length = live(seed, coverage)
    if (length > 0) lengths.push(length)
  }
  return { coverage, lengths }
}
export const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0

/** Legal acts that were seen too seldom in a mode. */
export const missing = (coverage: Coverage, least: number): string[] =>
  Object.entries(legal).flatMap(([mode, acts]) => acts.map((act) => `${act} × ${mode}`).filter((cell) => (coverage.get(cell) ?? 0) < least))

/** Legal pairs, the second act in this mode, that were seen too seldom. */
export const missingPairs = (coverage: Coverage, least: number): string[] =>
  pairs().flatMap((cell) => ((coverage.get(cell) ?? 0) < least ? [`${cell}: ${coverage.get(cell) ?? 0}`] : []))
/** A step just jumped to has no words, no added people, no claim and no late limit; a task just given back to its group is nobody's. */
const isPossible = (before: string, act: string): boolean =>
  !closing.includes(before) &&
  !(before === 'jump' && ['takeBack', 'timeOut', 'removeApprover', 'release'].includes(act)) &&
  !(before === 'release' && !['claim', 'urge', 'timeOut', 'jump', 'reply', 'markRead'].includes(act))
const pairs = (): string[] =>
  Object.entries(legal).flatMap(([mode, acts]) =>
    acts.flatMap((act) => acts.filter((before) => isPossible(before, act)).map((before) => `${before} → ${act} × ${mode}`)),
  )

/** The table of a run. */
export function print(coverage: Coverage, lengths: readonly number[]): void {
  const rows = [...new Set(Object.values(legal).flat())].map((act) => [act, Object.fromEntries(Object.keys(legal).map((mode) => [mode, coverage.get(`${act} × ${mode}`) ?? 0]))]) // prettier-ignore
  console.table(Object.fromEntries(rows))
  const seen = pairs().map((cell) => coverage.get(cell) ?? 0)
  console.log(`${lengths.length} histories, median ${median(lengths)} acts; ${seen.length} pairs × mode, the rarest seen ${Math.min(...seen)} times, median ${median(seen)}`) // prettier-ignore
}
