import type { InstanceState } from './flow/index.ts'

/** What page and server say to each other about imports and exports. */

/** Endings of files in which tables are taken, for a page's choice of a file; what is in the file decides (`exchange/read`). */
export const tableEndings = '.xlsx,.csv,.txt,.tsv,.xls,.xml,.htm,.html'

export type ImportState = 'uploaded' | 'judging' | 'judged' | 'running' | 'done' | 'failed' | 'cancelled'
export const importStates: Record<ImportState, string> = {
  uploaded: '已上传', judging: '正在检查', judged: '已检查', running: '正在导入', done: '已完成', failed: '未成功', cancelled: '已取消',
} // prettier-ignore

/** Where a column of a file may go: a field, a part of a reference (`practitioner.staffNumber`), or a meaning of the profile's own. */
export interface ImportTarget {
  key: string
  label: string
  required: boolean
  /** Several columns may go here (a matrix's procedures). */
  wide?: boolean
  help?: string
}
export interface ImportFileColumn {
  index: number
  heading: string
  /** Key of the target; null = not used. */
  field: string | null
  samples: string[]
}
export interface ImportCounts {
  /** Lines of the file with something in them. */
  rows: number
  created: number
  changed: number
  unchanged: number
  refused: number
  doubtful: number
  repaired: number
  warned: number
  /** In the database, not in the file: never deleted. */
  absent: number
  /** Of an undo: records left as they are because somebody edited or uses them. */
  kept: number
}
export interface ImportProblem {
  row: number
  column: string
  value: string
  message: string
}
export interface ImportRepair {
  row: number
  column: string
  before: string
  after: string
  why: string
}
export interface ImportCandidate {
  id: string
  title: string
  hint: string
}
/** A question only a person can answer; one answer serves every line that asks it. */
export interface ImportDoubt {
  key: string
  column: string
  text: string
  why: string
  rows: number[]
  count: number
  candidates: ImportCandidate[]
  /** The candidate picked; null = leave these lines out; absent = not answered. */
  chosen?: string | null
}
export interface ImportSample {
  row: number | null
  title: string
  /** Label and text of what is given. */
  values: { label: string; text: string }[]
  changes?: { label: string; before: string; after: string }[]
  note?: string
}
export interface ImportBatch {
  id: string
  number: number
  kind: 'import' | 'undo' | 'copy'
  profile: string
  profileLabel: string
  resource: string
  resourceLabel: string
  fileName: string
  state: ImportState
  by: string | null
  byName: string
  createdAt: string
  doneAt: string | null
  counts: ImportCounts
  progress: { stage: string; done: number; total: number } | null
  note: string | null
  undoes: string | null
  undoneBy: string | null
  mayUndo: boolean
  /** The approval that decides on the batch as a whole; null where nothing was sent for approval. */
  approval: { instance: string; status: InstanceState['status'] } | null
}
export interface ImportOption {
  key: string
  label: string
  value: string
  help?: string
  choices?: { value: string; label: string }[]
}
export interface ImportDetail extends ImportBatch {
  /** What the file was recognised as, in words. */
  format: string
  sheets: string[]
  sheet: string | null
  headRow: number
  headLines: number
  columns: ImportFileColumn[]
  targets: ImportTarget[]
  /** Values for what the file does not have: target key → text. */
  constants: Record<string, string>
  clearBlank: boolean
  strict: boolean
  /** Why as approved, or why it is asked for. */
  basis: string
  needsBasis: boolean
  /** Sent for approval as one request, instead of written as approved. */
  forApproval: boolean
  /** What stands in the way of a preview, or should be known before it. */
  remarks: { level: 'error' | 'warning'; text: string }[]
  samples: { created: ImportSample[]; changed: ImportSample[]; unchanged: ImportSample[]; absent: ImportSample[]; kept: ImportSample[] }
  problems: ImportProblem[]
  warnings: ImportProblem[]
  repairs: ImportRepair[]
  doubts: ImportDoubt[]
}
/** PUT /api/imports/:id/mapping */
export interface ImportMapping {
  sheet?: string
  headRow?: number
  headLines?: number
  /** Column index → target key, or null. */
  columns?: Record<string, string | null>
  constants?: Record<string, string>
  clearBlank?: boolean
  strict?: boolean
  basis?: string
  forApproval?: boolean
}
/** PUT /api/imports/:id/choices: doubt key → candidate id, or null to leave out. */
export type ImportChoices = Record<string, string | null>

/** gone: its file was deleted after its time. */
export type ExportState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'gone'
export const exportStates: Record<ExportState, string> = {
  waiting: '排队中', running: '正在导出', done: '已完成', failed: '未成功', cancelled: '已取消', gone: '已过期',
} // prettier-ignore
/** Days after which the file of an export is deleted. */
export const exportDays = 7
/** GET /api/exports: what somebody has taken away in the background, newest first. */
export interface ExportJob {
  id: string
  resource: string
  resourceLabel: string
  format: 'xlsx' | 'csv' | 'pdf'
  state: ExportState
  /** Written so far, of about so many; null where nobody knows. */
  rows: number
  expected: number | null
  bytes: number | null
  fileName: string | null
  /** Why it came to nothing. */
  note: string | null
  /** How many conditions it has, and what was searched. */
  conditions: number
  search: string | null
  createdAt: string
  doneAt: string | null
  /** When its file is deleted. */
  until: string | null
  /** There is a file, and he may still take such records away. */
  mayDownload: boolean
}
/** POST /api/records/:resource/export where it takes longer than a person waits, or `job: true` asks for it. */
export interface ExportBegun {
  job: ExportJob
}
