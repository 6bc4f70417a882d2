import type { ApprovalAnswer } from './api-approval.ts'
import type { Titles } from './api.ts'
import type { SealUse } from './api-tasks.ts'

/** What travels about requests beside deciding them: the printed form, and what somebody else filled in. */

/** POST /api/approvals/:instance/print: the 审批单; each time is audited. */
export interface PrintAnswer {
  approval: ApprovalAnswer
  hospital: string
  seals: SealUse[]
  printed: { at: string; by: string }
}
/** GET /api/prepared: requests filled in for somebody who is to sign them; mine to sign, or that I filled in. */
export interface PreparedItem {
  id: string
  at: string
  title: string
  summary: string
  isMine: boolean
  forName: string
  byName: string
  /** Where it is looked at and mended before it is signed. */
  link: string
}
/** GET /api/prepared/:id: a form that waits for me, as it was filled in. */
export interface PreparedAnswer {
  id: string
  resource: string
  draft: Readonly<Record<string, unknown>>
  titles: Titles
  byName: string
}
/** POST /api/prepared/sign {ids, signature}: one signature, each its own submission with its own result. */
export interface PreparedSigned {
  results: { id: string; ok: boolean; message: string; instance: string | null }[]
}
/** A kind of request that the asker may start. */
export interface Startable {
  name: string
  label: string
  /** The category it stands under. */
  module: string
  path: string
}
/** GET /api/start; PUT /api/start/favourites {favourites}: names of what he may start. */
export interface StartAnswer {
  startable: Startable[]
  favourites: string[]
  recent: string[]
  /** Forms that he has begun, newest first; `form` is what its autosave is called. */
  drafts: { name: string; form: string; label: string; path: string; at: string }[]
}

/** GET /api/choices/:resource/tree/:parent : the records of a tree, for choosing. */
export interface TreeAnswer {
  /** `unfit`: only on the way to others, not to be chosen. */
  nodes: { id: string; title: string; parent: string | null; unfit?: boolean }[]
}
