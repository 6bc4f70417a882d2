import type { Condition } from './filter/filter.ts'
import { group, may, module, page } from './module.ts'

/** A way out of a question that would take too long. What it changes of the question was tried against the estimate: it will be answered. */
export interface SlowWay {
  /** What a button says. */
  label: string
  /** A condition more. */
  add?: Condition
  /** The conditions on this field less. */
  remove?: string
  /** Without the search. */
  unsearch?: true
  /** Sorted by this instead. */
  sort?: readonly string[]
}
/** `detail` of the refusal `slowQuery`. */
export interface SlowDetail {
  ways: readonly SlowWay[]
  /** About so many records there are in all; null for whom not all are his to see. */
  rows: number | null
  /** An index that would make it fast, in words: proposed, being built … Null where none would. */
  index: string | null
  /** Where to send the question with `job: true`, so that its answer is worked out in the background; null for whom there is no right to take it away. */
  job: string | null
}

/** none: only proposed · waiting · building · ready · failed · dropping · stale: the declarations no longer ask for it. */
export type QueryIndexState = 'none' | 'waiting' | 'building' | 'ready' | 'failed' | 'dropping' | 'stale'
export interface QueryIndex {
  name: string
  resource: string
  /** Fields in order, as people call them. */
  labels: readonly string[]
  keys: readonly string[]
  /** What it carries beside, so that conditions on it are judged without opening records. */
  carries: readonly string[]
  origin: 'declared' | 'asked'
  state: QueryIndexState
  /** 0 to 1, while it is being built. */
  progress: number | null
  bytes: number | null
  /** How often it was read since the database's counters began. */
  used: number | null
  problem: string | null
}
export interface SlowQuestion {
  resource: string
  /** 状态 是、备注 包含 … never with what. */
  conditions: readonly string[]
  sort: readonly string[]
  asked: number
  refused: number
  longestMs: number
  lastAt: string
  /** The index that would serve it, and whether it is there. */
  index: { keys: readonly string[]; labels: readonly string[]; state: QueryIndexState } | null
}
export interface LargeTable {
  resource: string
  label: string
  rows: number
  bytes: number
  indexes: readonly QueryIndex[]
  questions: readonly SlowQuestion[]
}
/** GET /api/indexes */
export interface IndexesAnswer {
  tables: readonly LargeTable[]
  /** From so many records on a table is looked after here. */
  from: number
}

export const indexesModule = module('indexes', {
  label: '查询与索引',
  rights: { 'indexes.administer': '查询与索引：查看大表的索引和慢的查询，建立、删除索引' },
  roles: { systemOfficer: [may.use('indexes.administer')] },
  menu: [group('系统', [page('/indexes', '查询与索引', 'indexes.administer', { icon: 'database', phone: true })])],
})
