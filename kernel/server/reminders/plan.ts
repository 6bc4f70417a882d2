import {
  addDays,
  both,
  dayOf,
  daysBetween,
  catchUpDays,
  lastOccurrence,
  lastOfRhythm,
  reachOn,
  stagesOf,
  type ApiRecord,
  type Condition,
  type Day,
  type Filter,
  type Reminder,
  type Stage,
  type Titles,
  type Withheld,
} from '#model'
import type { WorkingCalendar } from '#kernel/model/clock/index.ts'
import { planningOf } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listPages } from '../records/list-all.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { Thresholds } from './days.ts'
import { askedBy, Readers, type Said } from './readers.ts'
import { Receivers } from './receivers.ts'

/** So many records are read and told together. */
const pageSize = 100
/** In place of a date where a reminder is about none. */
export const noDate = '-infinity'

/** A record that needs somebody's care on this day. */
export interface Due {
  record: ApiRecord
  /** The date it is about, or `noDate`. */
  about: Day
  left: number | null
  basis: string | null
}
/** One person and one record: what becomes of it. */
export interface Candidate {
  due: Due
  stage: Stage
  occurrence: Day
  person: string
  isGathered: boolean
  /** `told`: told of it before. */
  verdict: 'tell' | 'told' | Withheld
}
export interface PlanPage {
  dues: Due[]
  candidates: Candidate[]
  titles: Titles
}
interface Known {
  last: Day
  first: Day
}

/** Who is to be told what on a day. Writes nothing: a run carries it out, a preview shows it. */
export class Plan {
  readonly kernel: Kernel
  readonly ctx: Context
  readonly reminder: Reminder
  readonly c: CompiledResource
  readonly day: Day
  /** The last day whose occurrences count. */
  readonly reach: Day
  readonly receivers: Receivers
  readonly readers: Readers
  private readonly calendar: WorkingCalendar
  private readonly thresholds: Thresholds
  private readonly stages: readonly Stage[]
  /** What lies before it was looked at under an older definition; null: nothing was. */
  private readonly settled: Day | null

  private constructor(parts: { kernel: Kernel; ctx: Context; reminder: Reminder; day: Day; calendar: WorkingCalendar; thresholds: Thresholds; readers: Readers; settled: Day | null }) {
    this.kernel = parts.kernel
    this.ctx = parts.ctx
    this.reminder = parts.reminder
    this.c = parts.kernel.resource(parts.reminder.resource)
    this.day = parts.day
    this.calendar = parts.calendar
    this.reach = reachOn(parts.day, parts.reminder.restDays, parts.calendar)
    this.receivers = new Receivers(parts.ctx.directory, parts.day, this.c)
    this.readers = parts.readers
    this.thresholds = parts.thresholds
    this.stages = stagesOf(parts.reminder)
    this.settled = parts.settled
  } // prettier-ignore
  /** `settled`: up to which day an older definition has looked. */
  static async of(kernel: Kernel, reminder: Reminder, day: Day, settled: Day | null): Promise<Plan> {
    const ctx = await kernel.context({ kind: 'system', reason: '提醒' }, 'system')
    const planning = await planningOf(kernel)
    const thresholds = new Thresholds(planning, reminder, reminder.when.kind === 'date' ? reminder.when.days : [], day)
    return new Plan({
      kernel, ctx, reminder, day, thresholds, calendar: planning.calendarOf(null), readers: await Readers.of(kernel, ctx, reminder), settled,
    }) // prettier-ignore
  }

  /** The records that need care, page by page, with everybody whom they concern; `only`: of these. */
  async *pages(only?: readonly string[]): AsyncGenerator<PlanPage> {
    for await (const { dues, titles } of this.duePages(only)) yield { dues, titles, candidates: await this.candidatesOf(dues) }
  }
  /** The records that need care. */
  async *duePages(only?: readonly string[]): AsyncGenerator<{ dues: Due[]; titles: Titles }> {
    const filter = this.filter()
    if (!filter) return
    const { when } = this.reminder
    const path = when.kind === 'date' && when.date.includes('.') ? when.date : null
    const asked = {
      filter: only ? both(filter, { field: 'id', op: 'in', value: only }) : filter,
      limit: pageSize,
      sort: ['createdAt'],
      ...(path ? { columns: [...Object.keys(this.c.r.fields), path] } : {}),
    }
    for await (const { rows, titles } of listPages(this.kernel, this.ctx, this.c.r.name, asked))
      yield { dues: await this.unrestricted(rows.flatMap((record) => this.dueOf(record) ?? [])), titles }
  }
  /** What the records asked for pass, as of this day; null: none can. For whoever may ask it, too. */
  filter(): Filter | null {
    const { when } = this.reminder
    if (when.kind === 'rhythm') return askedBy(this.reminder)
    const { ahead, back } = this.thresholds
    if (!Number.isFinite(ahead)) return null
    // A moment of the last day lies after its beginning.
    const isMoment = this.kernel.defs.path(this.c.r.name, when.date)?.kind === 'dateTime'
    const to = addDays(this.reach, ahead + (isMoment ? 1 : 0))
    const range: Condition = back === null ? { field: when.date, op: 'lte', value: to } : { field: when.date, op: 'between', value: [addDays(this.day, -back), to] }
    return both(askedBy(this.reminder), range)
  } // prettier-ignore
  /** What may be kept but not used reminds nobody. */
  private async unrestricted(dues: Due[]): Promise<Due[]> {
    const found = await this.ctx.db.query<{ record: string }>(`SELECT record FROM kernel.restriction WHERE record = ANY($1::uuid[])`, [dues.map(({ record }) => record.id)]) // prettier-ignore
    const restricted = new Set(found.map(({ record }) => record))
    return restricted.size ? dues.filter(({ record }) => !restricted.has(record.id)) : dues
  }
  private dueOf(record: ApiRecord): Due | null {
    const { when } = this.reminder
    if (when.kind === 'rhythm') return { record, about: noDate, left: null, basis: null }
    const stored = record[when.date]
    if (typeof stored !== 'string') return null
    const about = stored.length > 10 ? dayOf(new Date(stored)) : stored
    const reached = this.daysOf(record).filter(({ days }) => addDays(about, -days) <= this.reach)
    const last = reached.toSorted((a, b) => a.days - b.days)[0]
    const isEscalated = this.stages.some(({ after }) => after !== null && addDays(about, after) <= this.reach)
    return last || isEscalated ? { record, about, left: daysBetween(this.day, about), basis: last?.basis ?? null } : null
  }
  private daysOf = (record: ApiRecord) => this.thresholds.of(record, this.receivers.unitOf(record))

  private async candidatesOf(dues: readonly Due[]): Promise<Candidate[]> {
    const known = await this.toldOf(dues)
    const found: Candidate[] = []
    for (const due of dues)
      for (const stage of this.stages) {
        const occurrence = this.occurrenceOf(due, stage, known.begun)
        if (occurrence === null) continue
        for (const [person, isGathered] of this.whomOf(stage, due.record)) {
          const before = known.told.get(keyOf(due, stage.level, person))
          const isNews = before === undefined || (before.last < occurrence && (this.settled === null || occurrence > this.settled))
          const verdict = (await this.readers.withheld(person, due.record)) ?? (isNews ? 'tell' : 'told')
          found.push({ due, stage, occurrence, person, isGathered, verdict })
        }
      }
    return found
  }
  /** Each person once, alone before gathered. */
  private whomOf(stage: Stage, record: ApiRecord): Map<string, boolean> {
    const people = new Map<string, boolean>()
    for (const isGathered of [false, true])
      for (const one of stage.whom)
        if (one.gathered === isGathered) for (const person of this.receivers.of(one, record)) if (!people.has(person)) people.set(person, isGathered)
    return people
  } // prettier-ignore
  /** The last moment of this stage that has come; null: none, or it has passed without need. */
  private occurrenceOf({ record, about, left }: Due, { after, repeat }: Stage, begun: ReadonlyMap<string, Day>): Day | null {
    const { when } = this.reminder
    if (when.kind === 'rhythm') {
      if (after === null) return lastOfRhythm(when.rhythm, this.reach, this.calendar)
      const first = begun.get(record.id)
      return first === undefined ? null : lastOccurrence(first, [-after], repeat, this.reach)
    }
    const days = after === null ? this.daysOf(record).map((one) => one.days) : [-after]
    const last = lastOccurrence(about, days, repeat, this.reach)
    if (last === null || repeat !== null) return last
    return last < about ? (left! >= 0 ? last : null) : daysBetween(last, this.day) <= catchUpDays ? last : null
  }
  /** Of what these records have told so far: the last of each person, stage and date, and when a record was told of first. */
  private async toldOf(dues: readonly Due[]): Promise<{ told: ReadonlyMap<string, Known>; begun: ReadonlyMap<string, Day> }> {
    const rows = await this.ctx.db.query<{ record: string; person: string; stage: number; about: Day } & Known>(
      `SELECT record, person, stage, about::text, max(occurrence)::text AS last, min(occurrence)::text AS first FROM kernel.reminder_told
       WHERE reminder = $1 AND record = ANY($2::uuid[]) AND (about <> '-infinity' OR ended_at IS NULL) GROUP BY record, person, stage, about`,
      [this.reminder.name, dues.map(({ record }) => record.id)],
    )
    const begun = new Map<string, Day>()
    for (const { record, stage, first } of rows) if (stage === 0 && first < (begun.get(record) ?? '9')) begun.set(record, first)
    return { told: new Map(rows.map((row) => [`${row.record} ${row.about} ${row.stage} ${row.person}`, row])), begun }
  }

  /** The words of a candidate that is told. */
  words({ due, person }: Pick<Candidate, 'due' | 'person'>, titles: Titles): Said {
    const { record, about, left, basis } = due
    return this.readers.words(person, record, titles, { date: about === noDate ? null : about, left, basis })
  }
  /** Leads to the list of what is due. */
  listLink(): string {
    return `/r/${this.c.r.name}?filter=${encodeURIComponent(JSON.stringify(this.filter()))}`
  }
}
const keyOf = ({ record, about }: Due, stage: number, person: string): string => `${record.id} ${about} ${stage} ${person}`
