import type { ActionButton } from './buttons/buttons.ts'
import type { AuditWord } from './audit/words.ts'
import type { Unreadability } from './fields/classes.ts'
import type { Fields, OnDelete } from './fields/field.ts'
import type { MessageKind } from './messaging/kinds.ts'
import type { MenuGroup } from './module.ts'
import type { FieldProblem, RefusalCode } from './refusals.ts'
import type { Group, ListSpec, Owner, RecordState } from './resource.ts'

/** What travels between page and server: one set of types for both. */

/** GET /api/me */
export interface Me {
  person: { id: string; name: string; unit: string | null; unitName: string | null } | null
  account: {
    id: string
    name: string
    /** What must be given before anything else. */
    owes: 'password' | 'secondFactor' | null
    /** Days on which the password and the account end, where that is soon. */
    endsSoon: { password?: string; account?: string }
    /** After so many minutes without anybody at the page the session ends. */
    idleMinutes: number
  }
  roles: { name: string; label: string }[]
  /** Rights that are no record's (`privileges.check` …). */
  rights: string[]
  hospital: { name: string; medicalOffice: string }
  /** The privacy notice in force is still to be read. */
  mustReadNotice: boolean
  /** How he likes his pages, by name. */
  likings: Record<string, unknown>
  today: string
  /** Where drafts are tried and nothing is real: what, and the last day; null in the hospital itself. */
  trial: { label: string; until: string } | null
  /** Sent back as `x-csrf-token` with every writing request. */
  csrf: string
}

/** GET /api/definitions: the effective definitions, cut to the asker's rights. */
export interface ClientDefinitions {
  version: string
  resources: ClientResource[]
  menu: MenuGroup[]
  units: ClientUnit[]
}
export interface ClientResource {
  name: string
  module: string
  moduleLabel: string
  label: string
  title: string
  fields: Fields
  owner: Owner
  chapter?: string
  groups: readonly Group[]
  list: ListSpec
  items?: string
  approval?: string
  writtenBy?: 'module'
  form?: string
  rules?: readonly { at: string; holds: string; message: string }[]
  /** May one always begin another? Absent where nothing limits it: `GET /api/records/:resource/limits` says. */
  isLimited?: true
  buttons?: readonly ActionButton[]
  /** The fields that hold from a day on: its lists can be shown as of any day. */
  timeline?: readonly string[]
  /** An empty form of it may be filled in by whoever holds a link. */
  hasPublicForm?: true
  /** Columns put together by a page: nobody made or changed it. */
  hasNoEnvelope?: true
  may: Record<'read' | 'create' | 'update' | 'delete' | 'import' | 'export' | 'writeDirectly', boolean>
  /** What of it he may do with his own records only. */
  ownOnly?: readonly ('read' | 'create')[]
  /** Keys of fields that this asker sees masked, of those that he may open one by one, of those that he may not write. */
  masked: string[]
  openable: string[]
  readOnly: string[]
}
/** GET /api/search: records of one type, a few of those found. */
export interface FoundGroup {
  resource: string
  label: string
  records: { id: string; title: string; hint: string }[]
  /** The list has more. */
  more: boolean
  /** Did not answer in time. */
  isLate: boolean
}
export interface SearchAnswer {
  groups: FoundGroup[]
}
export interface ClientUnit {
  id: string
  name: string
  kind: string
  parent: string | null
}

/** A record as answered: envelope, values (references as ids, columns asked by path under their path) and what the asker may do with it. */
export interface ApiRecord {
  id: string
  version: number
  state: RecordState
  createdAt: string
  createdBy: string | null
  updatedAt: string
  updatedBy: string | null
  deletedAt: string | null
  may?: {
    update: boolean
    delete: boolean
    restore?: boolean
    purge?: boolean
    writeDirectly?: boolean
    requestChange?: boolean
    requestDeletion?: boolean
    /** Open it to a colleague. */
    share?: boolean
  }
  /** Fields whose value cannot be shown: erased, or its cipher text is damaged. They read as empty, and stay as they are stored. */
  unreadable?: Record<string, Unreadability>
  /** The open or last approval of the record. */
  flow?: { instance: string } | null
  /** Changes of the record that still wait for their approval. */
  changing?: { instance: string; group: string; occasion: 'change' | 'delete'; applicant: string; at: string }[]
  /** Deleted because it was merged into this record. */
  mergedInto?: string
  /** It belongs to a period that is closed. */
  closed?: { through: string; byName: string; at: string }
  /** I am told what becomes of it. */
  followed?: boolean
  /** Fields that the asker sees masked in this record, and those of them of which he may open the value for a reason. */
  masked?: string[]
  openable?: string[]
  /** Seen by an emergency access only, which ends then. */
  emergency?: { id: string; until: string }
  /** Came in through a public form. */
  fromPublicForm?: true
  /** Kept fields whose value is still being worked out. */
  computing?: string[]
  [key: string]: unknown
}
/** Titles of everything referred to: resource → id → title. */
export type Titles = Record<string, Record<string, string>>

/** GET /api/records/:resource/:id; POST and PATCH answer the same. */
export interface RecordAnswer {
  record: ApiRecord
  titles: Titles
}
/** POST /api/records/:resource/:id/open {field, reason}: one protected value in plain, for a reason that is kept. */
export interface OpenedField {
  field: string
  value: unknown
}
/** GET /api/records/:resource/:id/pointing: what points at a record, by declared reference; POST …/purge {reason} is refused with the same. */
export interface PointingAnswer {
  groups: PointingGroup[]
}
export interface PointingGroup {
  resource: string
  label: string
  field: string
  fieldLabel: string
  onDelete: OnDelete
  count: number
  /** There are more than were counted. */
  isMore: boolean
  /** Some of those that the asker may see. */
  records: { id: string; title: string }[]
}
/** GET /api/choices/:resource?search=&filter=&limit=20 : for pickers; needs only the right to name records. */
export interface ChoicesAnswer {
  options: { id: string; title: string; hint?: string }[]
}
/** POST /api/choices/:resource/named {texts}: in their order, which record each text names, or why none can be told. */
export interface NamedAnswer {
  found: ({ id: string; title: string } | { problem: string })[]
}
/** POST /api/tables (a file): what stands in its lines, as texts; at most 5,000 below the head. */
export interface TableAnswer {
  rows: string[][]
  /** The line of the file that each row is; empty lines are left out. */
  at: number[]
}
/** GET /api/records/:resource/:id/history */
export interface HistoryEntry {
  at: string
  version: number
  actor: string | null
  actorName: string
  onBehalfOf: string | null
  act: string
  origin: string
  /** The automation that did it, where one did. */
  automation: string | null
  /** Field key → before and after, formatted for people. */
  changes: { field: string; label: string; before: string; after: string }[]
}

/** problem+json (RFC 9457): every refusal and fault. A version conflict also carries `current`. */
export interface Problem {
  type: string
  title: string
  status: number
  code: RefusalCode
  problems?: FieldProblem[]
  current?: ApiRecord
  requestId?: string
  [detail: string]: unknown
}

/** GET /api/password-key: what passwords are sealed with before they are sent (SM2), once and within a minute. */
export interface PasswordKey {
  id: string
  /** The public key, uncompressed, hex. */
  key: string
  challenge: string
}
/** GET /api/messages */
export interface MessageItem {
  id: string
  at: string
  kind: MessageKind
  title: string
  body: string
  link: string | null
  readAt: string | null
}
/** An entry of the audit as it lies there. */
export interface AuditLine {
  seq: number
  at: string
  actor: string | null
  actorName: string | null
  act: string
  outcome: 'done' | 'refused' | 'failed'
  resource: string | null
  record: string | null
  address: string | null
  detail: Record<string, unknown>
}
/** GET /api/audit */
export interface AuditItem extends AuditLine {
  /** The act in words. */
  actLabel: string
  /** What is told beside who, what and when, in words. */
  words: AuditWord[]
  resourceLabel: string | null
  recordTitle: string | null
  /** In a record's timeline: an export of its type, which may have held it. */
  mayHold?: boolean
}
/** How long one account was signed in, within the days that were asked for. */
export interface SignInTime {
  account: string | null
  name: string
  person: string | null
  personName: string | null
  unit: string | null
  signIns: number
  minutes: number
  longest: number
  refused: number
  locked: number
  lastAt: string | null
}
