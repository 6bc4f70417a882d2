import type { Grant } from '../grant/grant.ts'
import type { Practitioner } from '#modules/staff/practitioner/practitioner.ts'
import type { Registration } from '#modules/staff/registration/registration.ts'
import type { ChainLink, CheckCode, CheckResult, CheckRole, CureAct, Effect, Level, TitleLevel } from './codes.rules.ts'

import type { TitleRule } from './title.rules.ts'

type Day = string

/** What the check knows of a person. `leftOn` is the first day he was gone. */
export interface PractitionerFact extends Pick<
  Practitioner,
  'id' | 'category' | 'traineeKind' | 'titleLevel' | 'appointedOn' | 'appointedTitle'
> {
  status: 'active' | 'away' | 'left' | 'external'
  name: string
  staffNumber: string | null
  unit: string | null
  leftOn: Day | null
}
type Needed<T, K extends keyof T> = { [P in K]: NonNullable<T[P]> }
export type RegistrationFact = Needed<Registration, 'id' | 'kind' | 'institution' | 'status' | 'from'> &
  Pick<Registration, 'filedInstitutions' | 'to' | 'suspendedFrom' | 'suspendedTo' | 'cancelledOn'>
export type GrantFact = Needed<Grant, 'id' | 'number' | 'procedure' | 'mode' | 'from' | 'status'> &
  Pick<Grant, 'level' | 'to' | 'narrowedTo' | 'supervisedCases' | 'supervisedDone' | 'endedOn'>
export interface SuspensionFact {
  id: string
  /** Null: all of the person's privileges. */
  procedure: string | null
  from: Day
  liftedOn: Day | null
}
export interface ProcedureFact {
  id: string
  name: string
  codeSystem: string
  codeVersion: string
  code: string
  level: Level | null
  operationType: string | null
  restricted: boolean
  titleCondition: TitleLevel | null
  enabled: boolean
}

export interface Institution {
  name: string
  /** Registration number of the institution's licence: units under one licence are one institution. */
  licence: string | null
}
export interface PrivilegeFacts {
  practitioner: PractitionerFact
  /** All of the person's. */
  registrations: readonly RegistrationFact[]
  suspensions: readonly SuspensionFact[]
  /** The person's grants; others than of this procedure are passed over. */
  grants: readonly GrantFact[]
  procedure: ProcedureFact
  /** What the person's unit asks of a level on a day. */
  titleRule(level: Level, day: Day): TitleRule | null
  /** Whose institution the question's campus belongs to; null when no campus was named. */
  site: ({ id: string } & Institution) | null
  institution(id: string): Institution | undefined
}
export interface PrivilegeQuestion {
  role: CheckRole
  /** The hospital's day of the operation. */
  day: Day
  /** The hospital's day of the answer. */
  today: Day
  urgency: 'elective' | 'emergency' | null
}

export interface Reason {
  code: CheckCode
  effect: Effect
  label: string
  rule: string
  /** The record that says so. */
  record: string | null
  resource: string | null
  /** Since or until when. */
  on: Day | null
  text: string
}
/** One link of the chain: true passed, false failed, null not judged or only a remark. */
export interface Link {
  code: ChainLink
  ok: boolean | null
  title: string
  text: string
  record: string | null
  resource: string | null
  on: Day | null
}
export interface Cure {
  act: CureAct
  label: string
  link: string | null
}
export interface PrivilegeAnswer {
  result: CheckResult
  /** Why the answer is not a plain yes: all reasons, in the fixed order. */
  reasons: Reason[]
  /** What is worth saying and changes nothing. */
  notices: Reason[]
  chain: Link[]
  sentence: string
  cure: Cure | null
}
