import { type Day, dayOf } from '#model'
import {
  addResting,
  type CalendarLayer,
  type Due,
  type Duration,
  type HolidayTable,
  isQuiet,
  nextSendable,
  type QuietHours,
  replan,
  resolveCalendar,
  type Rest,
  WorkingCalendar,
} from '#kernel/model/clock/index.ts'
import {
  asDuration,
  type Binding,
  type BindingValue,
  bindingOf,
  dayOfUse,
  isRuleRef,
  type LimitRef,
  type RuleBook,
  splitRule,
} from '#kernel/model/rules/index.ts'
import type { DirectorySnapshot } from '../directory/snapshot.ts'
import type { Kernel } from '../kernel.ts'
import { readSettings, settingsTable } from '../settings.ts'
import { loadCalendars, loadCards, loadHolidays, loadSignatures } from './load-planning.ts'

/** A due moment with the rule that sets it, when one does. */
export interface PlannedDue extends Due {
  readonly limit: Duration
  readonly binding: BindingValue | null
}
interface PlanningFacts {
  directory: DirectorySnapshot
  layers: readonly CalendarLayer[]
  holidays: HolidayTable
  rules: RuleBook
  quiet: QuietHours
}

/** Calendars and rules in memory: small, asked at every step of every flow, replaced whole when one of them changes. Answers at once. */
export class Planning {
  readonly holidays: HolidayTable
  readonly rules: RuleBook
  readonly quiet: QuietHours
  readonly directory: DirectorySnapshot
  private readonly layers: ReadonlyMap<string | null, CalendarLayer>
  private readonly calendars = new Map<string, WorkingCalendar>()

  constructor(facts: PlanningFacts) {
    this.directory = facts.directory
    this.holidays = facts.holidays
    this.rules = facts.rules
    this.quiet = facts.quiet
    this.layers = new Map(facts.layers.map((layer) => [layer.unit, layer]))
  }

  private pathOf(unit: string | null): string[] {
    return unit ? this.directory.pathOf(unit) : []
  }
  /** What is said of a unit's working time, nearest first; the last is the hospital's. */
  layersOf(unit: string | null): CalendarLayer[] {
    return [...this.pathOf(unit), null].flatMap((at) => this.layers.get(at) ?? [])
  }
  /** The working calendar of a unit, or of the hospital. */
  calendarOf(unit: string | null): WorkingCalendar {
    const layers = this.layersOf(unit)
    const key = layers.map((layer) => layer.unit).join()
    let calendar = this.calendars.get(key)
    if (!calendar) this.calendars.set(key, (calendar = new WorkingCalendar(resolveCalendar(layers), this.holidays)))
    return calendar
  }
  /** What a rule demands of a unit on a day; null when no layer says anything. */
  bindingOf(key: string, day: Day, unit: string | null): Binding | null {
    return bindingOf(this.rules, key, day, this.pathOf(unit))
  }
  /** The span that a limit means: itself, or what its rule says for the unit on that day; null when no rule in force gives one. */
  spanOf(limit: LimitRef, day: Day, unit: string | null): { limit: Duration; binding: BindingValue | null } | null {
    if (!isRuleRef(limit)) return { limit, binding: null }
    const { key, value } = splitRule(limit.rule)
    const binding = this.bindingOf(key, day, unit)?.values[value]
    const span = binding && asDuration(binding.value)
    return span ? { limit: span, binding } : null
  }
  /**
   * When a limit that begins at `from` is used up in a unit. A rule is read as it stood when the limit began, or, where the reference says
   * `asOf: 'decision'`, as it stands `today`.
   * Null when the rule says nothing (not in force, waiting for its signature): then there is no limit.
   */
  dueAt(
    limit: LimitRef,
    from: Date,
    unit: string | null,
    more: { today?: Day; rests?: readonly Rest[] | undefined } = {},
  ): PlannedDue | null {
    const startedOn = dayOf(from)
    const { today = startedOn, rests = [] } = more
    const span = this.spanOf(limit, isRuleRef(limit) ? dayOfUse(limit, { startedOn, today }) : startedOn, unit)
    return span && { ...addResting(span.limit, from, rests, this.calendarOf(unit)), ...span }
  }
  /** A stored due moment under the calendar as it is now: what has passed stays passed, what is open moves, but never before now. */
  replan(stored: { due: Date; limit: LimitRef; from: Date; unit: string | null }, now: Date): { at: Date; provisional: boolean } {
    const fresh = this.dueAt(stored.limit, stored.from, stored.unit)
    return fresh ? { at: replan(stored.due, fresh.at, now), provisional: fresh.provisional } : { at: stored.due, provisional: false }
  }
  /** When a message may leave for somebody of a unit. */
  nextSendable(moment: Date, isUrgent: boolean, unit: string | null): Date {
    return nextSendable(moment, this.quiet, isUrgent, this.calendarOf(unit))
  }
  /** May people of a unit be reminded now: a working day, and not in the quiet hours? */
  mayRemind(moment: Date, unit: string | null): boolean {
    return !isQuiet(moment, this.quiet) && this.calendarOf(unit).day(dayOf(moment)).isWorkday
  }
}

const tables = ['clock.calendar', 'clock.holidayYear', 'rules.card', 'rules.signature', settingsTable]
const held = new WeakMap<Kernel, { directory: DirectorySnapshot; planning: Promise<Planning> | null }>()

/** Calendars and rules as they are now; read again after any of them, or a unit, has changed. */
export async function planningOf(kernel: Kernel): Promise<Planning> {
  const directory = await kernel.directory()
  let mine = held.get(kernel)
  if (!mine) {
    const fresh = { directory, planning: null as Promise<Planning> | null }
    kernel.whenChanged(tables, () => void (fresh.planning = null))
    held.set(kernel, (mine = fresh))
  }
  if (mine.directory !== directory) [mine.directory, mine.planning] = [directory, null]
  const place = mine
  place.planning ??= load(kernel, directory).catch((error: unknown) => {
    place.planning = null
    throw error
  })
  return place.planning
}
/** The working calendar of a unit, or of the hospital. */
export const calendarOf = async (kernel: Kernel, unit: string | null): Promise<WorkingCalendar> =>
  (await planningOf(kernel)).calendarOf(unit)
/** When a limit that begins at `from` is used up in a unit. */
export const dueAt = async (kernel: Kernel, limit: LimitRef, from: Date, unit: string | null): Promise<PlannedDue | null> =>
  (await planningOf(kernel)).dueAt(limit, from, unit)

async function load(kernel: Kernel, directory: DirectorySnapshot): Promise<Planning> {
  const db = kernel.db.aside
  const [settings, layers, holidays, cards, signatures] = await Promise.all([
    readSettings(db),
    loadCalendars(db),
    loadHolidays(db),
    loadCards(db),
    loadSignatures(db),
  ])
  const builtIn: CalendarLayer = { name: '系统设置', unit: null, holidays: 'national', periods: settings.workingTime, days: [] }
  const own = layers.find((layer) => layer.unit === null)
  const hospital = own
    ? { ...own, ...(own.periods.length ? {} : { periods: builtIn.periods }), holidays: own.holidays ?? 'national' }
    : builtIn
  return new Planning({
    directory,
    layers: [...layers.filter((layer) => layer.unit !== null), hospital],
    holidays,
    rules: { cards: [...kernel.defs.modules.flatMap((m) => m.rules ?? []), ...cards], signatures },
    quiet: settings.quietHours,
  })
}
