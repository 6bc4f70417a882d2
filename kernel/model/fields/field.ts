import type { ChoiceFilter } from '../filter/choices.ts'
import type { FieldClass, Subject } from './classes.ts'

/** Every kind of field the product knows. A new kind is one entry here, in `kinds.ts`, in the store's columns and in the web's inputs; the type checker names the places missed. */
export interface KindOptions {
  text: {
    max?: number
    pattern?: string
    patternMessage?: string
    suggest?: readonly string[]
    /** A record's number: of the type that this other field names. */ idOf?: string
  }
  longText: { max?: number }
  integer: { min?: number; max?: number; unit?: string }
  decimal: { scale: number; min?: string; max?: string; unit?: string }
  boolean: { yes?: string; no?: string }
  date: { min?: string; max?: string }
  dateTime: { min?: string; max?: string }
  choice: { choices: Choices; /** Filled in with names of the definitions: `names-of.ts`. */ of?: string }
  choices: { choices: Choices; of?: string }
  person: { target: string; onDelete?: OnDelete; among?: ChoiceFilter }
  unit: { target: string; onDelete?: OnDelete; unitKinds?: readonly string[]; among?: ChoiceFilter }
  reference: { target: string; onDelete?: OnDelete; among?: ChoiceFilter }
  references: { target: string; onDelete?: OnDelete; among?: ChoiceFilter }
  rows: {
    fields: Fields
    min?: number
    max?: number
    rowTitle?: string
    /** Columns whose foot says the sum, mean, … of the rows. */ totals?: Readonly<Record<string, Total>>
  }
  files: FileOptions
  signature: { binds?: readonly string[] }
  phone: { mobileOnly?: boolean }
  identityNumber: object
  autoNumber: { prefix: string; digits: number; perYear?: boolean }
  formula: {
    expression: string
    result: 'text' | 'integer' | 'decimal' | 'boolean' | 'date'
    /** Places of a decimal result, rounded half up; as it comes when not said. */
    scale?: number
  }
  money: {
    scale: number
    currency?: Currency
    min?: string
    max?: string
    /** Shown and printed in words, too: 叁仟贰佰元伍角整. */ inWords?: boolean
  }
  /** `08:30`, on the hospital's wall. */
  time: { min?: string; max?: string; minuteStep?: number }
  year: { min?: number; max?: number }
  /** `2026-05`. */
  yearMonth: { min?: string; max?: string }
  switch: { yes?: string; no?: string }
  slider: { min?: number; max?: number; step?: number; unit?: string }
  /** 1 to `max` stars, 5 when not said; `words` name them. */
  rating: { max?: number; words?: readonly string[] }
  counter: { min?: number; max?: number; step?: number; unit?: string }
  /** `#1f6f78`. */
  colour: { suggest?: readonly string[] }
  email: object
  /** Only http and https. */
  url: object
  /** Write-only: kept encrypted; no reader, export or history ever sees more than that there is one. */
  password: { min?: number }
  /** At most 20 of 30 characters each where not said otherwise. */
  tags: { suggest?: readonly string[]; max?: number; longest?: number }
  /** Both days belong to it; `isOpen` allows one without an end. */
  dateRange: { min?: string; max?: string; isOpen?: boolean; /** What no end means. */ openWord?: string }
  /** Choices in levels; the value is the way to it: `surgery/orthopaedics`. */
  cascade: { tree: readonly CascadeNode[]; /** A node that has further ones may be chosen. */ anyLevel?: boolean }
  address: { level?: DivisionLevel; /** Without street and number. */ noDetail?: boolean }
  /** WGS 84, from the device or typed; a reading less exact than `maxAccuracy` metres is refused. */
  location: { maxAccuracy?: number }
  /** A reference into a tree of records; `parent` is the field there that names the one above. */
  tree: { target: string; parent: string; onDelete?: OnDelete; among?: ChoiceFilter }
  /** People, units and posts in one field: `person:<id>`, `unit:<id>`, `post:head`. */
  members: { of?: readonly MemberKind[]; max?: number }
  image: FileOptions
  video: FileOptions
  audio: FileOptions
  barcode: { symbology?: Symbology }
  richText: { max?: number }
}
export interface FileOptions {
  accept?: readonly string[]
  maxFiles?: number
  maxBytes?: number
}
export type Currency = 'CNY' | 'USD' | 'EUR' | 'HKD' | 'JPY'
export type DivisionLevel = 'province' | 'city' | 'district'
export type MemberKind = 'person' | 'unit' | 'post'
export type Symbology = 'qr' | 'code128' | 'ean13'
export interface CascadeNode {
  readonly key: string
  readonly label: string
  /** Other spellings accepted by imports. */
  readonly alias?: readonly string[]
  readonly children?: readonly CascadeNode[]
}
export type FieldKind = keyof KindOptions
export type Total = 'sum' | 'average' | 'min' | 'max' | 'count'
/**
 * A value that the system keeps from other records: a lookup follows the living record at the end of a path through references; a roll-up counts, or
 * summarises a field of, the approved and undeleted records of another type that point here. Never written by people, no version, no history.
 */
export type Derived =
  | { readonly lookup: string }
  | {
      readonly rollUp: { readonly of: string; readonly by: string; readonly how: Total; readonly field?: string; readonly where?: unknown }
    }
/**
 * What the deletion of its target means for a reference: it stays and says 已删除 (the usual), it forbids the deletion, it is emptied, or its record is
 * deleted along and comes back along.
 */
export type OnDelete = 'keep' | 'restrict' | 'clear' | 'withParent'
/** Choice key → Chinese label, or label with tone and earlier spellings accepted by imports. */
export type Choices = Readonly<Record<string, string | ChoiceSpec>>
export interface ChoiceSpec {
  readonly label: string
  readonly tone?: 'good' | 'warn' | 'bad' | 'neutral' | 'info'
  readonly alias?: readonly string[]
  /** Chosen no more; who has it keeps it. */
  readonly stopped?: boolean
}

export interface CommonOptions {
  /** Earlier keys of a renamed field: the permanent id is the first one. */
  was?: string
  help?: string
  placeholder?: string
  /** Filled once at creation by following this path; stored, so history stays true. */
  from?: string
  /** CEL over the record's fields. */
  visibleWhen?: string
  requiredWhen?: string
  default?: unknown
  /** Written by the system only. */
  readOnly?: boolean
  /** How carefully its values are treated, where that is not as its kind says. */
  class?: FieldClass
  /** With whom a protected value is erased, where that is not as its kind says: with the person whose row it is, or with the record alone. */
  subject?: Subject
  /** Included in the quick search of lists (name, pinyin, initials); a protected text by two letters of it and more, for whoever sees it in plain. */
  search?: boolean
  /** A reader who may not see it in lists still may in the record. */
  wide?: boolean
  /** How many of a form's four columns it takes; as its kind asks where not said. */
  width?: 1 | 2 | 3 | 4
  /** To which side its value stands; as its kind does where not said. */
  align?: 'left' | 'center' | 'right'
  /** How many lines of a long text are open at first. */
  height?: number
  /** Kept by the system from other records; kind and options are those of what it is derived from. */
  derived?: Derived
}

export interface Field<K extends FieldKind = FieldKind, V = unknown, R extends boolean = boolean> extends CommonOptions {
  readonly kind: K
  readonly label: string
  readonly required: R
  readonly options: KindOptions[K]
  /** Only for inference: the value's type. Never present at run time. */
  readonly __value?: V
}
export type AnyField = { [K in FieldKind]: Field<K> }[FieldKind]
export type Fields = Readonly<Record<string, Field>>

/** The value of a field as it travels in JSON. */
export type ValueOf<F> = F extends Field<FieldKind, infer V, boolean> ? V : never
type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K]['required'] extends true ? K : never }[keyof F]
/** Values of a stored row: required ones are there, others may be null. */
export type Values<F extends Fields> = { [K in RequiredKeys<F>]: ValueOf<F[K]> } & {
  [K in Exclude<keyof F, RequiredKeys<F>>]: ValueOf<F[K]> | null
}
/** What a person fills in: anything may still be missing. */
export type Draft<F extends Fields> = { [K in keyof F]?: ValueOf<F[K]> | null }

export interface DateRangeValue {
  from: string
  /** Null: without end. */
  to: string | null
}
export interface AddressValue {
  /** Six digits (GB/T 2260); null outside of the divisions known. */
  code: string | null
  /** The division's name as it was when the address was entered: 广东省深圳市南山区. */
  region: string
  detail: string
}
export interface LocationValue {
  lat: number
  lon: number
  /** Radius in metres, as the device said; null when typed. */
  accuracy: number | null
}
export interface FileValue {
  id: string
  name: string
  bytes: number
  type: string
}
export type RowValue<F extends Fields> = Values<F> & { id: string }
