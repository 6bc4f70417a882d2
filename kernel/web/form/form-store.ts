import { choiceFilterOf, diffRows, formulaResult, isGiven, kindOf, ownFieldsOf, readsOf, withChoices, type ClientResource, type Field, type FieldProblem, type Fields, type RowValues } from '#model' // prettier-ignore
import { isEmptyValue } from '../fields/field-view.ts'
import { checkField, evaluate, isRuleTrue } from './rules.ts'

export type Values = Readonly<Record<string, unknown>>
/** All that one field on the screen depends on; the same object until something of it changes. */
export interface FieldState {
  value: unknown
  problem: string | null
  isVisible: boolean
  isRequired: boolean
  /** The field as its input offers it: its choices bound to what the record holds. */
  field: Field
  /** What was done to its value in passing, and why. */
  notice: string | null
}

/**
 * The values of one form. Each field listens to itself alone, and a rule is evaluated only when a field it reads has changed:
 * sixty fields with rules stay as quick as six.
 */
export class FormStore {
  readonly resource: ClientResource
  readonly base: Values
  private values: Record<string, unknown>
  private readonly states = new Map<string, FieldState>()
  private readonly touched = new Set<string>()
  private readonly told = new Map<string, string>()
  private readonly notices = new Map<string, string>()
  private readonly listeners = new Map<string, Set<() => void>>()
  /** Field -> fields whose rules or formulas read it. */
  private readonly readers = new Map<string, Set<string>>()

  constructor(resource: ClientResource, base: Values, changes: Values = {}) {
    this.resource = resource
    this.base = base
    this.values = { ...base, ...changes }
    for (const [key, field] of Object.entries(resource.fields)) {
      const formula = field.kind === 'formula' ? (field as Field<'formula'>).options.expression : ''
      for (const read of readsOf([field.visibleWhen, field.requiredWhen, formula].join(' '), resource.fields)) this.addReader(read, key)
      for (const read of choiceGrounds(field)) this.addReader(read, key)
    }
    for (const rule of resource.rules ?? []) for (const read of readsOf(rule.holds, resource.fields)) this.addReader(read, rule.at)
    for (const key of this.keys) this.compute(key)
  }
  private addReader(read: string, reader: string): void {
    this.readers.set(read, (this.readers.get(read) ?? new Set()).add(reader))
  }
  get keys(): string[] {
    return Object.keys(this.resource.fields)
  }
  get current(): Values {
    return this.values
  }

  state(key: string): FieldState {
    const unknown = { value: null, problem: null, isVisible: false, isRequired: false, field: this.resource.fields[key]!, notice: null }
    return this.states.get(key) ?? unknown
  }
  set(key: string, value: unknown): void {
    if (Object.is(this.values[key] ?? null, value)) return
    this.values = { ...this.values, [key]: value }
    for (const path of this.told.keys()) if (path === key || path.startsWith(`${key}.`)) this.told.delete(path)
    this.notices.delete(key)
    this.refresh(key)
    this.emit('*')
  }
  /** A problem is said once a field has been left, or submission was tried. */
  touch(key: string): void {
    if (this.touched.has(key)) return
    this.touched.add(key)
    this.refresh(key)
  }

  /** Takes away what no longer fits, and says so. */
  clear(key: string, value: unknown, notice: string): void {
    this.set(key, value)
    this.notices.set(key, notice)
    this.refresh(key)
  }

  /** What differs from the stored record: the only thing sent on a change. */
  changes(): Record<string, unknown> {
    const changed = this.keys.filter((key) => !isComputed(this.fieldOf(key)) && !isSame(this.values[key], this.base[key]))
    return Object.fromEntries(changed.map((key) => [key, this.values[key] ?? null]))
  }
  /** The same as it is sent: of a sub-table what is done to which row, so that a colleague's rows stay. */
  patch(): Record<string, unknown> {
    return asPatch(this.resource.fields, this.base, this.changes())
  }
  /** A whole new record: what is shown and filled in. */
  filled(): Record<string, unknown> {
    const shown = this.keys.filter((key) => this.state(key).isVisible && !isComputed(this.fieldOf(key)) && !isEmptyValue(this.values[key]))
    return Object.fromEntries(shown.map((key) => [key, this.values[key]]))
  }
  /** What is kept of an unfinished form: nothing write-only, which no table may hold plainly. */
  unfinished(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.changes()).filter(([key]) => !kindOf(this.resource.fields[key]!).isWriteOnly))
  }
  get isDirty(): boolean {
    return this.keys.some((key) => !isComputed(this.fieldOf(key)) && !isSame(this.values[key], this.base[key]))
  }

  /** Checks everything; answers the keys with problems in the order of the fields. */
  check(): string[] {
    for (const key of this.keys) {
      this.touched.add(key)
      this.refresh(key)
    }
    return this.keys.filter((key) => this.state(key).problem !== null)
  }
  /** Problems the server named; each stays until its field changes. */
  tell(problems: readonly FieldProblem[]): string[] {
    for (const { field, message } of problems) {
      this.told.set(field, message)
      this.refresh(field.split('.')[0] ?? field)
    }
    this.emit('rows')
    return [...new Set(problems.map(({ field }) => field.split('.')[0] ?? field))]
  }
  /** The problem at a place within a sub-table. */
  problemAt(path: string): string | null {
    return this.told.get(path) ?? null
  }

  subscribe(key: string, listener: () => void): () => void {
    const set = this.listeners.get(key) ?? new Set()
    this.listeners.set(key, set.add(listener))
    return () => set.delete(listener)
  }
  private emit(key: string): void {
    this.listeners.get(key)?.forEach((listener) => listener())
  }

  private fieldOf(key: string): Field | undefined {
    return this.resource.fields[key]
  }
  private refresh(key: string, done = new Set<string>()): void {
    if (done.has(key)) return
    done.add(key)
    if (this.compute(key)) this.emit(key)
    for (const reader of this.readers.get(key) ?? []) this.refresh(reader, done)
  }
  /** True when something of the field's state changed. */
  private compute(key: string): boolean {
    const field = this.fieldOf(key)
    if (!field) return false
    const { fields } = this.resource
    if (field.kind === 'formula')
      this.values[key] = formulaResult(
        field as Field<'formula'>,
        evaluate((field as Field<'formula'>).options.expression, fields, this.values),
      )
    const value = this.values[key] ?? null
    const isVisible = !field.visibleWhen || isRuleTrue(field.visibleWhen, fields, this.values)
    const isRequired =
      isVisible &&
      !isComputed(field) &&
      (field.required || (field.requiredWhen !== undefined && isRuleTrue(field.requiredWhen, fields, this.values)))
    const before = this.states.get(key)
    const next: FieldState = {
      value,
      isVisible,
      isRequired,
      problem: isVisible ? this.problemOf(key, field, value, isRequired) : null,
      field: this.bound(field, before?.field),
      notice: this.notices.get(key) ?? null,
    }
    if (
      before &&
      before.field === next.field &&
      before.notice === next.notice &&
      before.value === value &&
      before.problem === next.problem &&
      before.isVisible === isVisible &&
      before.isRequired === isRequired
    )
      return false
    this.states.set(key, next)
    return true
  }
  /** The same object as before where nothing of its choices has changed. */
  private bound(field: Field, before: Field | undefined): Field {
    const next = withChoices(field, (own) => this.values[own] ?? null)
    return before && next !== field && JSON.stringify(next.options) === JSON.stringify(before.options) ? before : next
  }
  private problemOf(key: string, field: Field, value: unknown, isRequired: boolean): string | null {
    const told = this.told.get(key) ?? ([...this.told.keys()].some((path) => path.startsWith(`${key}.`)) ? '明细中有填写问题' : null)
    if (told) return told
    // A masked or untouched value is the server's own.
    if (!this.touched.has(key) || isComputed(field) || (!isEmptyValue(value) && isSame(value, this.base[key]))) return null
    const problem = checkField(field, value, isRequired)
    if (problem) return problem
    const broken = (this.resource.rules ?? []).find(
      (rule) => rule.at === key && evaluate(rule.holds, this.resource.fields, this.values) === false,
    )
    return broken?.message ?? null
  }
}

/** Changed values as they are sent: sub-tables as operations by row id. */
export const asPatch = (fields: Fields, base: Values, changes: Values): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [key, fields[key]?.kind === 'rows' ? diffRows(rowsIn(base[key]), rowsIn(value)) : value]),
  )
/** The fields that a field's choices depend on, its columns' among them. */
export function choiceGrounds(field: Field): string[] {
  if (field.kind === 'rows') return Object.values((field as Field<'rows'>).options.fields).flatMap(choiceGrounds)
  const filter = 'target' in field.options ? choiceFilterOf(field) : null
  return filter ? ownFieldsOf(filter) : []
}
export const rowsIn = (value: unknown): RowValues[] => (Array.isArray(value) ? (value as RowValues[]) : [])
export const isComputed = (field: Field | undefined): boolean => field !== undefined && (isGiven(field) || field.readOnly === true)
export function isSame(a: unknown, b: unknown): boolean {
  if (isEmptyValue(a) && isEmptyValue(b)) return true
  return Object.is(a, b) || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
}
