import { type Day, dayNumber, fromDayNumber } from './day.ts'
import shipped from './holidays.json' with { type: 'json' }

/** The public holidays and make-up working days of one calendar year, as a notice states them. */
export interface HolidayYear {
  readonly year: number
  /** Where the facts were read, e.g. the notice's number. */
  readonly source: string
  readonly readOn: Day | null
  readonly certainty: 'A' | 'B' | 'C'
  /** Days off: name, first and last day. */
  readonly off: readonly (readonly [name: string, from: Day, to: Day])[]
  /** Days worked to make up for a holiday (调休上班): its name, the day. */
  readonly work: readonly (readonly [name: string, day: Day])[]
}

/** What the product ships with, 2004 to 2026. A hospital adds years as they are announced, or replaces one that was changed. */
export const shippedHolidays: readonly HolidayYear[] = Object.entries(shipped.years).map(([year, facts]) => ({
  ...(facts as unknown as Omit<HolidayYear, 'year'>),
  year: Number(year),
}))

export interface Holiday {
  readonly kind: 'holiday' | 'makeUp'
  readonly name: string
}

/** Holidays by day. A year without data is never guessed: `knows` says so, and whoever reckons marks his result 暂定. */
export class HolidayTable {
  readonly years: ReadonlyMap<number, HolidayYear>
  private readonly days = new Map<number, Holiday>()

  /** Of two lists for one year the later stands. */
  constructor(years: readonly HolidayYear[]) {
    this.years = new Map(years.map((year) => [year.year, year]))
    for (const { off, work } of this.years.values()) {
      for (const [name, from, to] of off)
        for (let day = dayNumber(from)!; day <= dayNumber(to)!; day++) this.days.set(day, { kind: 'holiday', name })
      for (const [name, day] of work) this.days.set(dayNumber(day)!, { kind: 'makeUp', name })
    }
  }
  /** What this day (number since 1970) is beyond an ordinary one. */
  on(day: number): Holiday | undefined {
    return this.days.get(day)
  }
  /** The year whose missing notice leaves this day open; null when it is settled. The notice for a year may reach back to 29 December before it. */
  missingFor(day: number): number | null {
    const text = fromDayNumber(day)
    const year = Number(text.slice(0, 4))
    if (!this.years.has(year)) return year
    return text.slice(5) >= '12-29' && !this.years.has(year + 1) ? year + 1 : null
  }
}
