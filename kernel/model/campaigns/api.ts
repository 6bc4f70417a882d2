import type { CampaignState, LineState, WriteBackState } from './campaign.ts'

/** GET /api/campaigns/mine: what somebody is asked, himself or for a unit. */
export interface AskedItem {
  line: string
  title: string
  /** For which unit he answers; null: for himself. */
  forUnit: string | null
  due: string
  /** When it was closed; null: not yet. */
  closedAt: string | null
  status: LineState
  records: number
  state: CampaignState
  isLate: boolean
}
/** GET /api/campaigns/lines/:id */
export interface AskedAnswer extends AskedItem {
  words: string
  unitName: string
  form: string
  formLabel: string
  /** Why he cannot report something, nothing; null: he can. */
  problem: string | null
  noneProblem: string | null
  several: boolean
  /** What he has filled in he may still change. */
  mayChange: boolean
  written: { id: string; title: string; at: string; by: string }[]
  answeredAt: string | null
  answeredBy: string
}
/** GET /api/campaigns/:id/progress: as whoever began it sees it. */
export interface CampaignProgress {
  status: CampaignState
  /** Whether he who looks may begin, chase, close and write back. */
  mayManage: boolean
  due: string
  closedAt: string | null
  version: number
  /** Of a draft: how many it would ask, and why it cannot begin. */
  wouldAsk: number
  problems: string[]
  has: number
  none: number
  open: number
  late: number
  /** Have not answered and are not here any more, or have nobody who could. */
  gone: number
  units: { unit: string | null; unitName: string; has: number; none: number; open: number }[]
  file: string | null
  pairs: { from: string; to: string }[]
  /** Lines whose answer is still to be written back. */
  toWriteBack: number
  /** What became of those that were. */
  writtenBack: Record<WriteBackState, number>
}
/** POST /api/campaigns/:id/chase */
export interface ChaseAnswer {
  /** People told, for so many lines. */
  people: number
  lines: number
  /** Chased today already. */
  already: number
  gone: number
}
/** GET /api/campaigns/lines/:id/records: what was filled in for a line, and the approval that its write-back asked for. */
export interface LineRecords {
  form: string
  rows: AskedAnswer['written']
  approval: string | null
}
/** GET /api/campaigns/:id/write-back: the answers that may be written back. */
export interface WriteBackLines {
  rows: { line: string; name: string; unitName: string; outcome: WriteBackState | null; said: string }[]
  /** So many more wait for another time. */
  left: number
}
/** POST /api/campaigns/:id/write-back */
export interface WriteBackAnswer {
  results: { line: string; name: string; outcome: WriteBackState; said: string; instance: string | null }[]
  /** Waiting for another time: so many at once are too many. */
  left: number
}
