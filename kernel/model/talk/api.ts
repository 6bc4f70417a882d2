import type { Unreadability } from '../fields/classes.ts'
import type { FileValue } from '../fields/field.ts'
import type { TalkKind } from './talk.ts'

export interface TalkMember {
  person: string
  personName: string
  unitName: string
  /** Up to which number he has read. */
  read: number
  /** He left the hospital. */
  isGone: boolean
}
/** GET /api/talks/:id */
export interface TalkAnswer {
  id: string
  kind: TalkKind
  title: string
  /** What it is about; null: nothing. */
  about: { resource: string; id: string; label: string } | null
  /** The record to which something may be attached from here; null: none is named. */
  attachTo: { resource: string; record: string } | null
  /** Whose unit's group it is. */
  unit: string | null
  owner: string | null
  /** How many belong to it. */
  count: number
  /** They, or of a large group the first of them. */
  members: TalkMember[]
  last: number
  read: number
  muted: boolean
  may: { write: boolean; manage: boolean; leave: boolean; mentionAll: boolean }
  /** Why nothing can be written, in words; null: it can. */
  closed: string | null
}
/** GET /api/talks/find: the conversation with somebody, about something or of a unit; null until something is said. */
export interface TalkFound {
  talk: TalkAnswer | null
  title: string
  closed: string | null
}
export interface TalkItem {
  id: string
  kind: TalkKind
  title: string
  at: string
  /** The latest message in a line; null: nothing was said yet. */
  line: string | null
  unread: number
  isMentioned: boolean
  muted: boolean
}
/** GET /api/talks */
export interface TalkList {
  rows: TalkItem[]
  next: string | null
}
export interface TalkMessage {
  id: string
  n: number
  at: string
  person: string
  personName: string
  text: string
  /** Seconds of a voice message; null: it is none. */
  voice: number | null
  files: FileValue[]
  mentions: { id: string; name: string }[]
  everyone: boolean
  answers: { n: number; personName: string; line: string } | null
  /** What was done to the group, told by the program. */
  isNote: boolean
  isWithdrawn: boolean
  /** Why the words cannot be shown. */
  unreadable: Unreadability | null
}
/** GET /api/talks/:id/messages?before=&after=&around= : in their order. */
export interface TalkPage {
  rows: TalkMessage[]
  /** There are earlier ones. */
  hasEarlier: boolean
  hasLater: boolean
}
/** GET /api/talks/search?q=&talk= */
export interface TalkHits {
  rows: { talk: string; title: string; n: number; at: string; personName: string; line: string }[]
  /** How many messages were looked through. */
  searched: number
  /** All that there is was looked through. */
  isWhole: boolean
}
/** GET /api/talks/:id/files */
export interface TalkFiles {
  rows: { n: number; at: string; personName: string; file: FileValue }[]
  next: number | null
}
/** GET /api/excerpts/:resource/:id: what was attached to a record on purpose. */
export interface TalkExcerpt {
  id: string
  title: string
  from: string
  note: string
  byName: string
  at: string
  lines: { personName: string; at: string; text: string; files: FileValue[] }[]
}
