import { fieldClasses, isProtected, type FieldClass } from '../fields/classes.ts'
import { kindOf } from '../fields/kinds.ts'
import type { Derived, Field, FieldKind, Fields } from '../fields/field.ts'
import { make } from '../fields/make.ts'

/** How wide a field stands in a form: of four columns. */
export const widths = { 1: '四分之一', 2: '一半', 3: '四分之三', 4: '整行' } as const
export type Width = 1 | 2 | 3 | 4
/** To which side its value stands. */
export const aligns = { left: '靠左', center: '居中', right: '靠右' } as const
export type Align = keyof typeof aligns
/** Kinds whose input is several lines high. */
export const isHigh = (kind: FieldKind): boolean => kind === 'longText' || kind === 'richText'

/** What a field says beside its kind's own options. */
export interface FieldDesign {
  /** Made by chance, permanent: what its values are kept under. */
  key: string
  kind: FieldKind
  label: string
  required: boolean
  help?: string
  placeholder?: string
  default?: unknown
  visibleWhen?: string
  requiredWhen?: string
  readOnly?: boolean
  search?: boolean
  /** Many records are asked for or sorted by it. */
  indexed?: boolean
  wide?: boolean
  class?: FieldClass
  from?: string
  derived?: Derived
  width?: Width
  align?: Align
  /** Lines that are open at first. */
  height?: number
  /** Of the kind; a sub-table's columns stand in `fields`, each a `FieldDesign`. */
  options: Readonly<Record<string, unknown>>
}
export const isFieldClass = (given: unknown): given is FieldClass => typeof given === 'string' && Object.hasOwn(fieldClasses, given)

/** A key of the hospital's own: none of the product looks like it. */
export const ownKey = /^x[a-z0-9]{6}$/
/** `random` gives numbers from 0 to 1. */
export function newKey(random: () => number = Math.random): string {
  return `x${Array.from({ length: 6 }, () => Math.floor(random() * 36).toString(36)).join('')}`
}

// Kinds that are stored without a word about where they point.
const fixed: Partial<Record<FieldKind, Readonly<Record<string, unknown>>>> = {
  person: { target: 'directory.person' },
  unit: { target: 'directory.unit' },
}
/** The field that a design declares. */
export function fieldOf(design: FieldDesign): Field {
  const { key: _key, kind, label, options, indexed: _indexed, ...common } = design
  const own = kind === 'rows' ? { ...options, fields: fieldsOf((options['fields'] ?? []) as readonly FieldDesign[]) } : options
  const isOwn = kind === 'formula' || kind === 'autoNumber' || design.derived !== undefined
  return make(kind, label, { ...common, ...(isOwn ? { readOnly: true } : {}) }, { ...fixed[kind], ...own })
}
/** Can the database look it up in order: not what is sealed, long or made of parts. */
export function isIndexable(design: FieldDesign): boolean {
  const field = fieldOf(design)
  const { sortable, isLong, isWriteOnly } = kindOf(field)
  return sortable && !isLong && !isWriteOnly && !isProtected(field)
}
/** The indexes that designs of fields ask for. */
export const indexesOf = (designs: readonly FieldDesign[]): string[][] => designs.filter((one) => one.indexed && isIndexable(one)).map(({ key }) => [key]) // prettier-ignore
export const fieldsOf = (designs: readonly FieldDesign[]): Fields => Object.fromEntries(designs.map((one) => [one.key, fieldOf(one)]))
