import type { Decider, Limit, PersonId, Plain } from './definition.ts'
import type { Rest, RowId } from './state.ts'

/** The moment a limit is due. `provisional` 暂定: it reaches into a year whose holidays are not known. */
export interface Due {
  readonly at: string
  readonly provisional?: true
}

/** All that the engine may know of the world: a snapshot prepared by the caller, answering at once and without surprise. */
export interface FlowEnvironment<F = unknown> {
  /** The instant of the act, ISO 8601 with zone. */
  readonly now: string
  /** The day of the act in the hospital's zone, YYYY-MM-DD. */
  readonly today: string
  readonly record: {
    /** As it stands in the store before the act. */
    readonly version: number
    readonly hash?: string
    /** The rows this instance answers for, new ones included, those split off to or from other instances not. Absent without lines. */
    readonly items?: readonly RowId[]
    /** As the act's own edits leave it; needed when the act edits. Conditions and required fields are asked of this one. */
    readonly after?: { readonly version: number; readonly hash?: string }
  }
  /** People for a decider; `of` is whose superior `upper` means. Never asked for `earlier`, `chosen` and `upperChain`. */
  resolve(decider: Decider, about: { readonly applicant: PersonId; readonly of: PersonId }): readonly PersonId[]
  /** Whether the person works here and may act. */
  isActive(person: PersonId): boolean
  /** Whom somebody who has left named to go on with his work; undefined: nobody. */
  successorOf?(person: PersonId): PersonId | undefined
  /** Whether the person repairs, jumps and terminates (W17). */
  isAdministrator?(person: PersonId): boolean
  evaluate(condition: F): boolean
  /** A field, or a column of a sub-table (`items.level`) in all of its rows, or in these. */
  isFilled(path: string, rows?: readonly RowId[]): boolean
  /** W9: whether a stand-in rule lets the actor act in the person's right now. */
  mayActFor?(actor: PersonId, person: PersonId): boolean
  /** The stricter of two narrowings by the field's declared order; undefined when they cannot be compared. */
  strictest?(one: Plain, other: Plain): Plain | undefined
  /** The due moment of a limit whose clock has rested so, or null when no calendar or rule card gives one; the calendar is outside. */
  dueAt?(limit: Limit, from: string, rests?: readonly Rest[]): Due | null
  /** The moment in a date field, for timers; null when it is empty. */
  instantOf?(field: string): string | null
  /** Whether people may be reminded now (W16); without it always. */
  isWorkingTime?(at: string): boolean
  /** W11: the fields that differ from what the returner saw; without it everything is taken as changed. */
  readonly changed?: readonly string[]
  /** The fields a condition reads; without it a condition is taken to read everything. */
  fieldsOf?(condition: F): readonly string[]
}
