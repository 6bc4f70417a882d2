import type { Action } from './module.ts'

/** What the rights page is answered: who may do what, over which rows, with which fields, and what gives it. All words are the hospital's own. */
export interface RightsRole {
  name: string
  label: string
  /** 系统、安全、审计: nobody holds two. */
  officer: 'system' | 'security' | 'audit' | null
  everyone: boolean
  /** Active people who hold it. */
  people: number
}
/** How fields of a record type are treated, by label. What is in none of them is shown. */
export interface FieldTreatment {
  hidden: string[]
  masked: string[]
  /** Of the masked ones those of which a value is opened for a reason. */
  openable: string[]
  /** Protected fields that are shown plainly all the same. */
  plain: string[]
  readOnly: string[]
}
export interface RightsAct {
  action: Action | 'use'
  label: string
  /** 本人、本科室及下级、全院 …, joined by “、”. */
  scope: string
}
export interface RightsCell {
  acts: RightsAct[]
  fields: FieldTreatment
}
export interface RightsLine {
  /** A record type, or a right that is no record's. */
  name: string
  label: string
  kind: 'records' | 'right'
  /** By role; absent: nothing. */
  cells: Record<string, RightsCell>
}
export interface RightsGroup {
  module: string
  label: string
  lines: RightsLine[]
}
/** GET /api/rights */
export interface RightsMatrix {
  roles: RightsRole[]
  groups: RightsGroup[]
}

/** What gives a right to somebody: a role, with the reach that it gives. */
export interface RightsReason {
  role: string
  label: string
  scope: string
}
export interface PersonAct extends RightsAct {
  from: RightsReason[]
}
export interface PersonLine {
  name: string
  label: string
  kind: 'records' | 'right'
  acts: PersonAct[]
  /** Acts that he may not do, and the roles that would give them. */
  lacks: { action: Action | 'use'; label: string; roles: RightsReason[] }[]
  fields: FieldTreatment
}
/** Where a role comes from. Without an assignment everybody holds it. */
export interface RoleSource {
  assignment: string | null
  /** 分配给本人、因所在科室“骨科”… */
  words: string
}
export interface PersonAccount {
  id: string
  name: string
  status: 'active' | 'disabled' | 'closed'
  statusLabel: string
  reason: string | null
  validUntil: string | null
  /** After too many wrong passwords, for now. */
  isLocked: boolean
}
/** GET /api/rights/people/:id */
export interface PersonRights {
  person: { id: string; name: string; staffNumber: string | null; unit: string; isActive: boolean }
  accounts: PersonAccount[]
  roles: { name: string; label: string; sources: RoleSource[] }[]
  /** Given to him and yet not held: waits for a second officer, or an officer holds no other role. */
  idle: { label: string; source: RoleSource; why: string }[]
  groups: { module: string; label: string; lines: PersonLine[] }[]
  /** Records that colleagues opened to him one by one. */
  given: { resource: string; label: string; count: number }[]
}

/** GET /api/rights/fields: what can be asked about. */
export interface RightsFields {
  groups: {
    module: string
    label: string
    types: { name: string; label: string; fields: { key: string; label: string; isProtected: boolean }[] }[]
  }[]
}
/** How somebody meets a field: `own` sees it in his own records only, `hidden` sees the record without it, `none` not even that. */
export type Sight = 'plain' | 'masked' | 'own' | 'hidden' | 'none'
export interface FieldReach {
  sight: Sight
  /** Which rows; empty with `none`. */
  scope: string
  /** Over which rows he may write it; null: not at all. */
  writes: string | null
}
/** GET /api/rights/field?resource=&field= */
export interface FieldRights {
  resource: string
  label: string
  field: string
  fieldLabel: string
  isProtected: boolean
  /** Why nobody writes it by hand; null where a right decides. */
  writtenBySystem: string | null
  roles: (FieldReach & { role: string; roleLabel: string; people: number })[]
  /** How many active people meet it how. */
  counts: Record<Sight, number>
  /** Records of this type opened to somebody one by one. */
  given: number
}
/** GET /api/rights/field/people?resource=&field=&sight=&q=&after= */
export interface FieldPeople {
  rows: (FieldReach & { id: string; name: string; staffNumber: string | null; unit: string; roles: string[] })[]
  total: number
  next: number | null
}

/** GET /api/rights/versions: what the roles gave changes with the program only. */
export interface RightsVersion {
  number: number
  at: string
  /** Of the product. */
  program: string
  /** How many changes since the version before; null for the first that is answered. */
  changes: number | null
}
/** GET /api/rights/assignments?person=&before= */
export interface AssignmentChange {
  seq: string
  at: string
  act: string
  record: string
  actorName: string
  actorNumber: string | null
  /** The role and whom it is given to, as the assignment stands now. */
  role: string
  to: string
  changes: { label: string; before: string; after: string }[]
}
