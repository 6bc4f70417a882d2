import type { ImportCandidate } from '#model'

/** A line of the file under the profile's names. */
export interface RawRow {
  readonly at: number
  readonly cells: readonly string[]
  readonly broken?: string
}
export interface Note {
  column: string
  value: string
  message: string
}
export interface Repair {
  column: string
  before: string
  after: string
  why: string
}
export interface Doubt {
  key: string
  column: string
  text: string
  why: string
  candidates: ImportCandidate[]
}
/** A record-to-be out of a line: what was given, read and resolved, and what is to be said about it. */
export interface Item {
  readonly at: number
  values: Record<string, unknown>
  /** Values for a new record only: they never change one that is there. */
  fresh?: Readonly<Record<string, unknown>>
  problems: Note[]
  warnings: Note[]
  repairs: Repair[]
  doubts: Doubt[]
  /** A person said to leave it out. */
  isLeftOut?: boolean
}
export const newItem = (at: number): Item => ({ at, values: {}, problems: [], warnings: [], repairs: [], doubts: [] })
/** The same question asked by many lines is one question. */
export const doubtKey = (column: string, text: string): string => `${column}\n${text}`
