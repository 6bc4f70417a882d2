import type { FlowEnvironment } from './environment.ts'
import type { Plain } from './definition.ts'
import type { Terms, Verdict } from './state.ts'

type Comparing = Pick<FlowEnvironment, 'strictest'>

/** Whether a verdict lets the line go on. */
export const isYes = (verdict: Verdict | undefined): verdict is Extract<Verdict, { say: 'pass' | 'narrow' }> =>
  verdict?.say === 'pass' || verdict?.say === 'narrow'

/** What a yes binds the line to. */
export function termsOf(verdict: Verdict): Terms {
  if (!isYes(verdict)) return {}
  return {
    ...(verdict.say === 'narrow' ? { narrowTo: verdict.to } : {}),
    ...(verdict.supervisedCases ? { supervisedCases: verdict.supervisedCases } : {}),
  }
}

/** The stricter of two narrowings; undefined when they cannot be compared. */
export function strictest(env: Comparing, one: Plain, other: Plain): Plain | undefined {
  return JSON.stringify(one) === JSON.stringify(other) ? one : env.strictest?.(one, other)
}

/** Terms that meet both. Incomparable narrowings were refused when they were said; meeting them here is a fault. */
export function mergeTerms(env: Comparing, one: Terms, other: Terms): Terms {
  const cases = Math.max(one.supervisedCases ?? 0, other.supervisedCases ?? 0)
  const narrowTo =
    one.narrowTo === undefined || other.narrowTo === undefined
      ? (one.narrowTo ?? other.narrowTo)
      : strictest(env, one.narrowTo, other.narrowTo)
  if (narrowTo === undefined && one.narrowTo !== undefined) throw new Error('flow: narrowings that cannot be compared')
  return { ...(narrowTo === undefined ? {} : { narrowTo }), ...(cases > 0 ? { supervisedCases: cases } : {}) }
}

/** Mildest first; a total order because every narrowing said at one line is comparable with the others. */
export function compareTerms(env: Comparing, one: Terms, other: Terms): number {
  const byCases = (one.supervisedCases ?? 0) - (other.supervisedCases ?? 0)
  if (one.narrowTo === undefined || other.narrowTo === undefined) {
    return Number(one.narrowTo !== undefined) - Number(other.narrowTo !== undefined) || byCases
  }
  if (JSON.stringify(one.narrowTo) === JSON.stringify(other.narrowTo)) return byCases
  return JSON.stringify(strictest(env, one.narrowTo, other.narrowTo)) === JSON.stringify(one.narrowTo) ? 1 : -1
}
export const sameTerms = (one: Terms, other: Terms): boolean =>
  one.supervisedCases === other.supervisedCases && JSON.stringify(one.narrowTo) === JSON.stringify(other.narrowTo)
