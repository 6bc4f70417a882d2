import type { ApiRecord, Titles } from './api.ts'
import type { FieldProblem } from './refusals.ts'

/** What travels about many records at once. */

/** GET /api/records/:resource?filter=<json>&sort=a,-b&search=&columns=a,b.c&marks=<json filters>&limit=50&cursor= &deleted=1 */
export interface ListAnswer {
  rows: ApiRecord[]
  titles: Titles
  /** Cursor of the next page; null at the end. */
  next: string | null
  /** Of the filters asked for as marks: which of them each record passes. Records that pass none are left out. */
  marks?: Record<string, number[]>
}
/** GET /api/records/:resource/days?on=&from=&to=&each=&filter=&search=&columns= : how many records stand on each day, and the first of them. */
export interface DaysAnswer {
  days: { day: string; count: number; ids: string[] }[]
  rows: ApiRecord[]
  titles: Titles
  /** As in a list. */
  marks?: ListAnswer['marks']
}
/** GET /api/records/:resource/branches?by=parent&under=<id> : the records directly below one, or the topmost; with a filter those that pass it, and those above them. */
export interface BranchesAnswer extends ListAnswer {
  /** How many stand directly below each; none where it is left out. */
  below: Record<string, number>
  /** Those that pass the filter themselves; null without a filter. */
  hits: string[] | null
}
/** GET /api/records/:resource/count?filter=&search= ; exact up to 10,000, else estimated. */
export interface CountAnswer {
  count: number
  exact: boolean
  /** There are more than `count`; how many is not known. */
  over?: true
}
/** POST /api/flows/change-many/:resource {actId, reason, records: [{id, seenVersion, changes}]}: what became of each record. */
export interface ChangeManyAnswer {
  results: { record: string; ok: boolean; instance: string | null; message: string }[]
}
/** PATCH /api/records/:resource {records: [{id, version, changes}]}: what became of each record; `current` where somebody has changed it since. */
export interface WriteManyAnswer {
  results: { record: string; ok: boolean; version: number | null; message: string; problems: FieldProblem[]; current: ApiRecord | null }[]
}
export interface BinItem {
  resource: string
  label: string
  id: string
  version: number
  title: string
  deletedAt: string
  deletedBy: string
}
/** GET /api/bin?resource=&by=&after= : what was deleted, the latest first; `next` is the `after` of the next page. */
export interface BinAnswer {
  items: BinItem[]
  next: string | null
  kinds: { name: string; label: string }[]
}
