import type { BlockAnswer, DataBlock, PageAsk } from './pages/index.ts'
import type { ReportAnswer, ReportSpec } from './reports.ts'

/** What can be asked in the background: a block of a page with what its reader has set, or a report. */
export type SlowAsk = { kind: 'block'; block: DataBlock; asks: readonly PageAsk[] } | { kind: 'report'; name: string; report: ReportSpec }
export type AnswerState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
/** Hours after which a kept answer is deleted. */
export const answerHours = 24
/** Minutes that one may take. */
export const mostAnswerMinutes = 10
/** A question of one's own that is answered in the background. */
export interface AnswerJob {
  id: string
  /** What it is called: the block's title, or the report's name. */
  label: string
  state: AnswerState
  /** Why it came to nothing. */
  note: string | null
  createdAt: string
  /** The moment that the answer is of; null until there is one. */
  at: string | null
  /** When the answer is deleted. */
  until: string | null
}
/** GET /api/answers/:id: with what was asked, to be shown by it or asked anew. */
export interface AnswerDetail extends AnswerJob {
  ask: SlowAsk
}
/** POST /api/answers/find: the newest of one's own to the same question. */
export interface AnswerFound {
  job: AnswerJob | null
}
/** POST /api/answers/:id/result: of a report the rows asked for. */
export type KeptAnswer = BlockAnswer | ReportAnswer
