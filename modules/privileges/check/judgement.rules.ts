import { chainLinks, checkCodes, type ChainLink, type CheckCode } from './codes.rules.ts'
import type { Link, PrivilegeFacts, PrivilegeQuestion, Reason } from './facts.rules.ts'

interface Ground {
  text: string
  record?: string | null
  resource?: string
  on?: string | null
}

const noGround = Object.freeze({})
/** What has been judged so far: the chain as it grows, and every reason against a plain yes. */
export class Judgement {
  readonly facts: PrivilegeFacts
  readonly question: PrivilegeQuestion
  /** Null where only the answer is wanted: the HIS asks by the thousand, and reads no chain. */
  readonly chain: Link[] | null
  readonly failing: Reason[] = []
  /** A registration of his own, valid and for this institution, on the day. */
  hasRegistration = false

  constructor(facts: PrivilegeFacts, question: PrivilegeQuestion, withChain: boolean) {
    this.facts = facts
    this.question = question
    this.chain = withChain ? [] : null
  }

  /** Adds a link that passed (true) or was not judged (null). Its text is made only when somebody reads the chain. */
  link(code: ChainLink, ok: boolean | null, text: string | (() => string), ground: Omit<Ground, 'text'> = noGround): void {
    if (!this.chain) return
    const { record = null, resource = null, on = null } = ground
    this.chain.push({ code, ok, title: chainLinks[code], text: typeof text === 'string' ? text : text(), record, resource, on })
  }
  /** Adds a reason and its link; `link` null where the link stands already. */
  fail(
    code: CheckCode,
    link: ChainLink | null,
    { text, record = null, resource, on = null }: Ground,
    effect = checkCodes[code].effect,
  ): void {
    const { label, rule } = checkCodes[code]
    this.failing.push({ code, effect, label, rule, record, resource: resource ?? null, on, text })
    if (link) this.link(link, effect === 'notes' ? null : false, text, { record, on, ...(resource ? { resource } : {}) })
  }
}

/** `2026-06-30` -> `2026年6月30日` */
export const dayText = (day: string): string => `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`
/** Does a period of whole days, open where null, hold this day? */
export const runs = (from: string | null, to: string | null, day: string): boolean => (!from || from <= day) && (!to || day <= to)
