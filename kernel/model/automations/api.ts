import type { ClientResource } from '../api.ts'
import type { FlowName } from '../api-flow-design.ts'
import type { Automation } from './definition.ts'

export const runStates = { waiting: '等待执行', done: '已完成', failed: '失败', skipped: '没有执行' } as const
export type AutomationRunState = keyof typeof runStates
/** What became of one act. */
export interface ActResult {
  ok: boolean
  words: string
  /** Where what was written stands. */
  link: string | null
}
export interface AutomationRunItem {
  id: string
  at: string
  endedAt: string | null
  state: AutomationRunState
  version: number
  /** What led to it, in words. */
  cause: string
  /** Null where it is about none, or the reader may not see it. */
  record: { link: string; title: string } | null
  results: ActResult[]
  problem: string | null
  depth: number
}
/** An automation as the list shows it. */
export interface AutomationItem {
  name: string
  label: string
  sentence: string
  /** The version in force; null: it is not on. */
  version: number | null
  hasDraft: boolean
  isStopped: boolean
  runsAs: string
  publishedBy: string | null
  /** Why it pauses although it is on. */
  paused: string | null
  /** Of the last 24 hours. */
  done: number
  failed: number
  last: { at: string; state: AutomationRunState } | null
}
/** What the designer of one needs beside its content. */
export interface AutomationDesk {
  /** Types it may be about, as the page knows types; all of them, whatever the asker may read of them. */
  types: ClientResource[]
  /** The table of each: what stands in one table is one thing under several names. */
  tables: Record<string, string>
  /** Of them those that it may write. */
  writable: string[]
  roles: FlowName[]
  /** People that its content names. */
  people: FlowName[]
  hasSecret: boolean
  secretAt: string | null
  paused: string | null
  /** Where other systems send their calls to. */
  hookPath: string
}
/** A dry run: nothing of it stays. */
export interface AutomationTrial {
  tries: {
    at: string
    cause: string
    record: { link: string; title: string } | null
    /** Passes when and if. */
    passes: boolean
    results: ActResult[]
    problem: string | null
  }[]
  automation: Automation
}
