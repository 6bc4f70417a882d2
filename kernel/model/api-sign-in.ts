import type { OutsideProvider } from './security/binding.ts'
import type { Binding, Level, Exposure, NamedNetwork, Policy } from './security/protection.ts'

/** GET /api/sign-in: what the page needs before anybody is signed in. */
export interface SignInPageFacts {
  hospital: string
  /** A captcha is asked each time. */
  captcha: boolean
  /** Other systems through which one may come in. */
  ways: { provider: OutsideProvider; label: string }[]
  /** A forgotten password can be replaced by a code to the mobile phone. */
  reset: boolean
}
/**
 * POST /api/sign-in/outside, where whom the other system has proved belongs to no account yet: `needed`, to be applied for with account and
 * password (`refused`: why it was refused last); `waiting` for an officer. Also the answer to that application.
 */
export interface OutsideStep {
  binding: 'needed' | 'waiting'
  provider: OutsideProvider
  /** As the other system names him. */
  name: string
  refused?: string
}
/** POST /api/reset: the same whoever was named. */
export interface ResetCodeAsked {
  reset: string
  /** So long the code is good. */
  minutes: number
}
/** POST /api/reset/code: what the new password must be. */
export interface CodeProved {
  account: string
  staffNumber: string | null
  passwordLength: number
}
/** POST /api/sign-in where a second factor is to follow; else the answer is `Me`. */
export interface SecondFactorAsked {
  ticket: string
}
/** POST /api/sign-in/captcha */
export interface CaptchaPicture {
  id: string
  svg: string
}
/** Recovery codes, shown once. */
export interface NewCodes {
  codes: string[]
}
/** GET /api/me/sign-in: how one's account is secured. */
export interface OwnSignIn {
  account: string
  staffNumber: string | null
  policy: Pick<Policy, 'passwordLength' | 'passwordDays' | 'passwordsRemembered' | 'sessionsAtOnce' | 'secondFactor'>
  passwordEnds: string | null
  validUntil: string | null
  secondFactor: 'none' | 'totp'
  /** Demanded by the policy: may be renewed, not taken off. */
  mustHaveSecondFactor: boolean
  recoveryCodesLeft: number
  sessions: SessionItem[]
}
export interface SessionItem {
  id: string
  at: string
  seenAt: string
  address: string
  place: string
  device: string
  isThis: boolean
}
/** GET /api/accounts/:id/sign-in: an account as officers see it. */
export interface AccountSignIn {
  sessions: SessionItem[]
  lockedUntil: string | null
  recoveryCodesLeft: number
  resets: ResetItem[]
}
export interface ResetItem {
  id: string
  what: 'password' | 'secondFactor'
  reason: string
  askedBy: string | null
  askedByName: string
  askedAt: string
  status: 'waiting' | 'confirmed'
  confirmedByName: string | null
  /** May the asker confirm or carry it out? */
  may: { confirm: boolean; carryOut: boolean }
}
/** POST /api/accounts/:id/reset, POST /api/account-resets/:id/carry-out */
export interface ResetAnswer {
  /** To be told to the person; shown once. */
  password?: string
  /** Another officer has to agree first. */
  waits?: true
}
/** GET /api/protection */
export interface ProtectionAnswer extends Binding {
  profile: { level: Level; exposure: Exposure }
  /** The management listens on an address of its own. */
  isManagementApart: boolean
  own: Partial<Policy>
  networks: NamedNetwork[]
}
