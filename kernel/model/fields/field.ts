/** Every kind of field the product knows. A new kind is one entry here, in `kinds.ts`, in the store's columns and in the web's inputs; the type checker names the places missed. */
export interface KindOptions {
  text: { max?: number; pattern?: string; patternMessage?: string; suggest?: readonly string[] }
  longText: { max?: number }
  integer: { min?: number; max?: number; unit?: string }
  decimal: { scale: number; min?: string; max?: string; unit?: string }
  boolean: { yes?: string; no?: string }
  date: { min?: string; max?: string }
  dateTime: { min?: string; max?: string }
  choice: { choices: Choices }
  choices: { choices: Choices }
  person: { target: string; onDelete?: OnDelete; among?: unknown }
  unit: { target: string; onDelete?: OnDelete; unitKinds?: readonly string[]; among?: unknown }
  reference: { target: string; onDelete?: OnDelete; among?: unknown }
  references: { target: string; onDelete?: OnDelete; among?: unknown }
  rows: { fields: Fields; min?: number; max?: number; rowTitle?: string }
  files: { accept?: readonly string[]; maxFiles?: number; maxBytes?: number }
  signature: { binds?: readonly string[] }
  phone: { mobileOnly?: boolean }
  identityNumber: object
  autoNumber: { prefix: string; digits: number; perYear?: boolean }
  formula: { expression: string; result: 'text' | 'integer' | 'decimal' | 'boolean' | 'date' }
}
export type FieldKind = keyof KindOptions
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
  /** Class of protection: encrypted at rest, masked unless a role unmasks it. */
  sensitive?: 'personal' | 'clinical'
  /** Included in the quick search of lists (name, pinyin, initials). */
  search?: boolean
  /** A reader who may not see it in lists still may in the record. */
  wide?: boolean
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

export interface FileValue {
  id: string
  name: string
  bytes: number
  type: string
}
export type RowValue<F extends Fields> = Values<F> & { id: string }
