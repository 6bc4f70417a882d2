import type { Field, FieldKind } from './fields/field.ts'
import type { Group, ListSpec } from './resource.ts'
import type { DesignKindName } from './designs/kind.ts'

/** A piece as the list of the workshop shows it. */
export interface DesignItem {
  kind: DesignKindName
  name: string
  label: string
  /** The version in force; null: none. */
  version: number | null
  draft: { revision: number; at: string; by: string } | null
  /** Was in force, and was taken out; a version of before brings it back. */
  isStopped: boolean
  /** What the product has changed since, where the hospital says otherwise. */
  conflicts: number
  /** Why it is not in force although it was published: it does not fit this program. */
  resting: string | null
}
/** A piece as it is edited. */
export interface DesignAnswer {
  kind: DesignKindName
  name: string
  label: string
  revision: number
  isDraft: boolean
  version: number | null
  content: unknown
  /** What is in force; null: nothing. */
  published: unknown
  problems: DesignProblem[]
  /** Of an overlay. */
  base?: DesignBase
}
export interface DesignProblem {
  kind: DesignKindName
  name: string
  field: string
  message: string
}
/** One step of what publishing does to the database, in words. */
export interface PublishStep {
  words: string
  /** Goes on beside the work of others, and takes time by the number of rows. */
  isLong: boolean
}
export interface PublishPreview {
  pieces: { kind: DesignKindName; name: string; label: string; revision: number; words: string[] }[]
  problems: DesignProblem[]
  steps: PublishStep[]
  /** What is worth knowing before: old records without a field that becomes required, views that ask about a field that stops. */
  notes: string[]
  /** Of a way back to a release: what has tables of its own and counted otherwise then. */
  along?: AlongItem[]
}
export interface AlongItem {
  kind: 'flow' | 'reminder'
  name: string
  label: string
  words: string[]
}
export type PublishingState = 'waiting' | 'working' | 'ready' | 'done' | 'failed' | 'stopped'
export interface PublishingItem {
  id: string
  at: string
  by: string
  note: string
  state: PublishingState
  steps: PublishStep[]
  /** How many of them are done. */
  step: number
  problem: string | null
  release: number | null
}
export interface ReleaseItem {
  no: number
  act: 'publish' | 'rollBack' | 'import'
  at: string
  by: string
  note: string
  words: string[]
  isCurrent: boolean
}

/** GET /api/design-names: what a definition may name in this hospital. */
export interface DesignNames {
  roles: { name: string; label: string }[]
  /** Record types that may be pointed at, with what may be taken from them. */
  types: { name: string; label: string; title: string; fields: { key: string; label: string; kind: FieldKind; target?: string }[] }[]
  /** Groups of the menu that there are. */
  menus: string[]
  /** Print templates in force, with the type that each prints. */
  prints: { name: string; label: string; resource: string }[]
}
/** What an overlay is laid over: the product's own declaration. */
export interface DesignBase {
  label: string
  help?: string
  fields: Readonly<Record<string, Field>>
  /** Keys that may be stopped, whose kind may not be asked otherwise, and so on: what the product needs as it is. */
  needed: string[]
  groups: readonly Group[]
  list: Partial<ListSpec>
  title: string
}

/** GET /api/trial: drafts that chosen people try in a space of its own, where nothing is real. */
export interface TrialItem {
  id: string
  label: string
  state: 'waiting' | 'open' | 'failed'
  problem: string | null
  /** The last day. */
  until: string
  by: string
  isMine: boolean
  /** May the asker enter? */
  isInvited: boolean
  people: { id: string; name: string }[]
  /** What its forms point at and was not brought along, in words. */
  leftOut: string[]
  /** `isStale`: drawn on since it was prepared. */
  pieces: { kind: DesignKindName; name: string; kindLabel: string; label: string; isStale: boolean }[]
}
/** How a piece of a file meets what is here. */
export type Meeting = 'new' | 'same' | 'differs' | 'sameLabel'
/** POST /api/design-files/preview: what importing a piece would do. */
export interface ImportLine {
  kind: DesignKindName
  name: string
  label: string
  meets: Meeting
  /** What a draft of it would change here. */
  words: string[]
}
