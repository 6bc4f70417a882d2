import type { Me, OutsideStep, SecondFactorAsked } from '#model'
import { api } from '../api/client.ts'
import { outsideLabels } from './outside-ways.tsx'

/** What another system has sent the browser back with: somebody to be taken, or why nobody. */
export type OutsideReturn = { isTaken: true } | { problem: string } | null
const mark = location.hash
/** Read once, when the page opens; the address says no more of it afterwards. */
export const outsideReturn: OutsideReturn = read()
function read(): OutsideReturn {
  const [, away] = /^#sign-in-away=(\w+)$/.exec(mark) ?? []
  const isReturn = mark === '#signing-in' || mark === '#sign-in-failed' || away !== undefined
  if (!isReturn) return null
  history.replaceState(null, '', location.pathname + location.search)
  if (mark === '#signing-in') return { isTaken: true }
  if (away === undefined) return { problem: '登录已超时，或不是从本页面发起的，请重新登录' }
  const label = Object.entries(outsideLabels).find(([provider]) => provider === away)?.[1] ?? '对方系统'
  return { problem: `连不上${label}，请稍后再试，或用账号密码登录` }
}

let taken: Promise<Me | SecondFactorAsked | OutsideStep> | undefined
/** Takes whom the other system has proved; once, however often the page asks. */
export const takeReturn = (): Promise<Me | SecondFactorAsked | OutsideStep> =>
  (taken ??= api.post<Me | SecondFactorAsked | OutsideStep>('/api/sign-in/outside'))
