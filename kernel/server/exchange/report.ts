import {
  type ImportCounts,
  type ImportDoubt,
  type ImportFileColumn,
  type ImportProblem,
  type ImportRepair,
  type ImportSample,
} from '#model'
import { namesOf } from '../records/titles.ts'
import { mask } from '../store/compiled.ts'
import { shown } from './existing.ts'
import type { Judged, Verdict } from './judge.ts'
import type { ImportSession } from './session.ts'

/** What is kept of a pass over a file: counts of everything, details up to a bound. */
export interface Report {
  format: string
  sheets: string[]
  columns: ImportFileColumn[]
  remarks: { level: 'error' | 'warning'; text: string }[]
  samples: Record<SampleKind, ImportSample[]>
  problems: ImportProblem[]
  warnings: ImportProblem[]
  repairs: ImportRepair[]
  doubts: ImportDoubt[]
}
export type SampleKind = 'created' | 'changed' | 'unchanged' | 'absent' | 'kept'
export const noCounts = (): ImportCounts => ({
  rows: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  refused: 0,
  doubtful: 0,
  repaired: 0,
  warned: 0,
  absent: 0,
  kept: 0,
})
export const emptyReport = (): Report => ({
  format: '', sheets: [], columns: [], remarks: [], samples: { created: [], changed: [], unchanged: [], absent: [], kept: [] }, problems: [], warnings: [], repairs: [], doubts: [],
}) // prettier-ignore

const most = { samples: 100, problems: 20_000, notes: 3000, doubts: 2000, rowsOfDoubt: 5000 }
const longestValue = 200
interface RawSample {
  row: number | null
  values: Readonly<Record<string, unknown>>
  before?: Readonly<Record<string, unknown>>
  keys: readonly string[]
}
const countedAs: Partial<Record<Verdict, 'created' | 'changed' | 'unchanged' | 'refused' | 'doubtful'>> = {
  created: 'created', changed: 'changed', unchanged: 'unchanged', refused: 'refused', doubtful: 'doubtful', leftOut: 'refused',
} // prettier-ignore

/** Gathers what a person needs to see of a pass. */
export class ReportBuilder {
  readonly counts = noCounts()
  private readonly session: ImportSession
  private readonly samples: Record<SampleKind, RawSample[]> = { created: [], changed: [], unchanged: [], absent: [], kept: [] }
  private readonly problems: ImportProblem[] = []
  private readonly warnings: ImportProblem[] = []
  private readonly repairs: ImportRepair[] = []
  private readonly doubts = new Map<string, ImportDoubt>()
  constructor(session: ImportSession) {
    this.session = session
  }

  add(judged: readonly Judged[]): void {
    for (const one of judged) {
      const { item, verdict } = one
      const counted = countedAs[verdict]
      if (counted) this.counts[counted]++
      if (verdict === 'leftOut' && this.problems.length < most.problems)
        this.problems.push({ row: item.at, column: '', value: '', message: '存疑，已选择不导入' })
      for (const problem of item.problems)
        if (this.problems.length < most.problems)
          this.problems.push({ row: item.at, ...problem, value: problem.value.slice(0, longestValue) })
      if (item.warnings.length) this.counts.warned++
      for (const warning of item.warnings)
        if (this.warnings.length < most.notes) this.warnings.push({ row: item.at, ...warning, value: warning.value.slice(0, longestValue) })
      if (item.repairs.length) this.counts.repaired++
      for (const repair of item.repairs) if (this.repairs.length < most.notes) this.repairs.push({ row: item.at, ...repair })
      for (const doubt of item.doubts) this.ask(item.at, doubt)
      if (verdict === 'created' || verdict === 'unchanged')
        this.sample(verdict, { row: item.at, values: one.record ?? one.stored ?? {}, keys: Object.keys(item.values) })
      if (verdict === 'changed') this.sample('changed', { row: item.at, values: one.record!, before: one.stored!, keys: one.keys! })
    }
  }
  private ask(row: number, doubt: Omit<ImportDoubt, 'rows' | 'count'>): void {
    const known = this.doubts.get(doubt.key)
    if (known) {
      known.count++
      if (known.rows.length < most.rowsOfDoubt) known.rows.push(row)
    } else if (this.doubts.size < most.doubts) this.doubts.set(doubt.key, { ...doubt, rows: [row], count: 1 })
  }
  sample(kind: SampleKind, raw: RawSample): void {
    if (this.samples[kind].length < most.samples) this.samples[kind].push(raw)
  }

  /** Puts names to ids and labels to keys. */
  async finish(base: Pick<Report, 'format' | 'sheets' | 'columns' | 'remarks'>): Promise<Report> {
    const { kernel, ctx, c } = this.session
    const wanted = new Map<string, Set<string>>()
    for (const raw of Object.values(this.samples).flat())
      for (const key of [...raw.keys, c.r.title]) {
        const target = c.byKey.get(key)?.target
        if (!target) continue
        const ids = wanted.get(target) ?? new Set<string>()
        for (const value of [raw.values[key], raw.before?.[key]].flat()) if (typeof value === 'string') ids.add(value)
        wanted.set(target, ids)
      }
    const titles = await namesOf(kernel, ctx, wanted)
    const nameOf = (target: string, id: string) => titles[target]?.[id] ?? id
    const text = (key: string, value: unknown, isStored: boolean) =>
      isStored && this.session.permission.masked.has(key) && value != null
        ? String(mask(c.r.fields[key]!, value))
        : shown(this.session, key, value, nameOf)
    const formatted = (raw: RawSample): ImportSample => ({
      row: raw.row,
      title: text(c.r.title, raw.values[c.r.title], !raw.before && raw.row === null),
      values: raw.before
        ? []
        : raw.keys
            .filter((key) => c.byKey.has(key))
            .map((key) => ({ label: c.r.fields[key]!.label, text: text(key, raw.values[key], raw.row === null) })),
      ...(raw.before
        ? {
            changes: raw.keys.map((key) => ({
              label: c.r.fields[key]!.label,
              before: text(key, raw.before![key], true),
              after: text(key, raw.values[key], false),
            })),
          }
        : {}),
    })
    const samples = Object.fromEntries(Object.entries(this.samples).map(([kind, list]) => [kind, list.map(formatted)])) as Report['samples']
    const doubts = [...this.doubts.values()].sort((a, b) => b.count - a.count)
    return { ...base, samples, problems: this.problems, warnings: this.warnings, repairs: this.repairs, doubts }
  }
}
