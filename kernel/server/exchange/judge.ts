import {
  kindOf,
  matches,
  pathsOf,
  readPath,
  validateRecord,
  type ApiRecord,
  type ClosedThrough,
  type Field,
  type FilterWorld,
} from '#model'
import { personOf } from '../context.ts'
import { unfitChoices } from '../records/fitting.ts'
import { checkByModules, hasChecks } from '../records/write.ts'
import { readRows } from '../store/opening.ts'
import { closedThrough, closedWords, periodDay } from '../store/closing.ts'
import { columnOf, quote } from '../store/naming.ts'
import { textForm } from '../store/bulk-update.ts'
import { findExisting, importKey, type Existing } from './existing.ts'
import type { Item } from './item.ts'
import { SeenKeys } from './seen-keys.ts'
import type { ImportSession } from './session.ts'

export type Verdict = 'created' | 'changed' | 'unchanged' | 'refused' | 'doubtful' | 'leftOut'
export interface Judged {
  item: Item
  verdict: Verdict
  /** The whole record as it is to be written. */
  record?: Record<string, unknown>
  stored?: ApiRecord
  search?: Record<string, unknown>
  /** Keys that change. */
  keys?: string[]
}

/** Beyond this many, records that the file does not name are counted and not listed. */
export const listedMatches = 100_000
/** Says of every line what it would do: one question to the database a portion, nothing written. */
export class Judge {
  private readonly session: ImportSession
  private readonly key: readonly string[] | null
  /** Key → the first line that bears it. */
  private readonly seen = new SeenKeys()
  /** Records that the file names: how many, and which while they can be listed. */
  readonly matched = new Set<string>()
  matchedCount = 0
  private readonly defaults: Readonly<Record<string, unknown>>
  private world: FilterWorld | null = null
  private closed: ClosedThrough | null = null
  private isEmptyTable = false
  private isOpen = false

  constructor(session: ImportSession) {
    this.session = session
    this.key = importKey(session)
    this.defaults = { ...fieldDefaults(session), ...session.profile.defaults?.(session) }
  }
  get hasKey(): boolean {
    return this.key !== null
  }

  async judge(items: readonly Item[]): Promise<Judged[]> {
    await this.begin()
    const clean: Item[] = []
    const judged = new Map<Item, Judged>()
    for (const item of items) {
      if (item.isLeftOut) judged.set(item, { item, verdict: 'leftOut' })
      else if (item.problems.length) judged.set(item, { item, verdict: 'refused' })
      else if (item.doubts.length) judged.set(item, { item, verdict: 'doubtful' })
      else if (this.passesKey(item)) clean.push(item)
      else judged.set(item, { item, verdict: 'refused' })
    }
    const found =
      this.key && clean.length && !this.isEmptyTable
        ? await findExisting(
            this.session,
            this.key,
            clean.map((item) => this.keyOf(item)),
          )
        : new Map<number, Existing>()
    const fresh = clean.filter((_, i) => !found.has(i))
    await this.copyFrom(fresh)
    for (const [i, item] of clean.entries()) {
      const there = found.get(i)
      judged.set(item, there ? this.judgeKnown(item, there) : this.judgeNew(item))
    }
    const writable = () => [...judged.values()].filter(({ verdict }) => verdict === 'created' || verdict === 'changed')
    await this.refuseUnfit(writable())
    await this.askModules(writable())
    return items.map((item) => judged.get(item)!)
  }
  /** References that do not fit what their fields may hold. */
  private async refuseUnfit(judged: readonly Judged[]): Promise<void> {
    const { kernel, ctx, c } = this.session
    const asked = judged.map(({ record, stored }) => ({ values: record!, stored: stored ?? null }))
    for (const [i, problems] of (await unfitChoices(kernel, ctx, c, asked)).entries()) {
      if (problems.length) judged[i]!.verdict = 'refused'
      for (const problem of problems) this.note(judged[i]!.item, problem)
    }
  }

  /** What modules say beyond the declaration, row by row: few types have such checks. */
  private async askModules(judged: readonly Judged[]): Promise<void> {
    const { kernel, ctx, c } = this.session
    if (!hasChecks(kernel, c)) return
    for (const one of judged) {
      const problems = await checkByModules(kernel, ctx, c, one.record!, one.stored ?? null)
      if (problems.length) one.verdict = 'refused'
      for (const problem of problems) this.note(one.item, problem)
    }
  }

  private async begin(): Promise<void> {
    if (this.isOpen) return
    this.isOpen = true
    const { ctx, c } = this.session
    this.closed = await closedThrough(ctx, c)
    this.isEmptyTable = (await ctx.db.query(`SELECT 1 AS one FROM ${c.table} WHERE deleted_at IS NULL LIMIT 1`)).length === 0
  }
  private keyOf(item: Item): unknown[] {
    return (this.key ?? []).map((name) => item.values[name] ?? this.defaults[name] ?? null)
  }
  /** Every part that must be there is there, and no earlier line bears the same key. */
  private passesKey(item: Item): boolean {
    if (!this.key) return true
    const tuple = this.keyOf(item)
    const { session } = this
    const { c } = session
    const missing = this.key.filter((name, i) => tuple[i] === null && c.byKey.get(name)!.field.required)
    for (const name of missing)
      item.problems.push({ column: session.labelOf(name), value: '', message: `请填写${c.byKey.get(name)!.field.label}` })
    if (missing.length) return false
    // A key of which nothing is filled names no record.
    if (tuple.every((part) => part === null)) return true
    const first = this.seen.first(JSON.stringify(tuple), item.at)
    if (first === null) return true
    const column = this.key.findLast((name) => session.columnOf(name) >= 0) ?? this.key.at(-1)!
    item.problems.push({ column: session.labelOf(column), value: textForm(item.values[column]) ?? '', message: `与第 ${first} 行重复` })
    return false
  }

  private judgeNew(item: Item): Judged {
    const { session, defaults } = this
    const { c } = session
    const given: Record<string, unknown> = { ...defaults, ...item.fresh }
    for (const [key, value] of Object.entries(item.values)) if (value !== undefined && value !== null) given[key] = value
    const { values, problems } = validateRecord(c.r.fields, given, { today: session.today, ...(c.r.rules ? { rules: c.r.rules } : {}) })
    for (const problem of problems) this.note(item, problem)
    if (!item.problems.length && !this.reaches(values))
      item.problems.push({ column: '', value: '', message: `没有为该人员或科室新增“${c.r.label}”的权限` })
    if (!item.problems.length && this.isClosed(values)) item.problems.push({ column: '', value: '', message: closedWords(this.closed!) })
    return item.problems.length ? { item, verdict: 'refused' } : { item, verdict: 'created', record: values }
  }

  private judgeKnown(item: Item, { stored, search, count }: Existing): Judged {
    const { session } = this
    const { c } = session
    this.matchedCount++
    if (this.matched.size < listedMatches) this.matched.add(stored.id)
    const refuse = (message: string): Judged => {
      item.problems.push({ column: '', value: '', message })
      return { item, verdict: 'refused', stored }
    }
    if (count > 1) return refuse(`系统中有 ${count} 条这样的${c.r.label}，不能确定是哪一条`)
    if (stored.state !== 'approved') return refuse('已有相同的记录正在审批，不能导入')
    const before: Record<string, unknown> = {}
    for (const f of c.fields) before[f.key] = stored[f.key] ?? null
    const moved = Object.entries(item.values).filter(
      ([key, value]) => value !== undefined && !same(before[key], value) && !saysTheSame(c.byKey.get(key)?.field, before[key], value),
    )
    if (moved.length === 0) return { item, verdict: 'unchanged', stored }
    const changed = new Set(moved.map(([key]) => key))
    const { values, problems } = validateRecord(
      c.r.fields,
      { ...before, ...Object.fromEntries(moved) },
      { today: session.today, changed, ...(c.r.rules ? { rules: c.r.rules } : {}) },
    )
    for (const problem of problems) this.note(item, problem)
    if (item.problems.length) return { item, verdict: 'refused', stored }
    const keys = c.fields.filter((f) => !same(before[f.key], values[f.key])).map((f) => f.key)
    if (keys.length === 0) return { item, verdict: 'unchanged', stored }
    if (this.isClosed(stored) || this.isClosed(values)) return refuse(closedWords(this.closed!))
    const why = session.profile.mayChange?.(stored)
    if (why) return refuse(why)
    if (!this.reaches(stored) || !this.reaches({ ...stored, ...values })) return refuse('没有修改这条记录的权限')
    return { item, verdict: 'changed', stored, search, record: { ...stored, ...values }, keys }
  }
  private isClosed(record: Readonly<Record<string, unknown>>): boolean {
    const day = this.closed && periodDay(this.session.c, record)
    return day !== null && day <= this.closed!.through
  }
  private note(item: Item, problem: { field: string; message: string }): void {
    const key = problem.field.split('.')[0]!
    const value = item.values[key]
    item.problems.push({
      column: this.session.labelOf(key),
      value: typeof value === 'string' || typeof value === 'number' ? String(value) : '',
      message: problem.message,
    })
  }

  /** The right's scope over a row, in memory; scopes that lead through references are judged after the writing. */
  private reaches(record: Readonly<Record<string, unknown>>): boolean {
    const { filter } = this.session.permission
    if (!filter || !scopeIsOwn(this.session)) return true
    this.world ??= { ...this.session.kernel.world(this.session.ctx), read: readPath, fieldAt: (path) => this.session.c.r.fields[path] }
    return matches(filter, record, this.world)
  }

  /** `from: 'standard.code'` copies what the other record holds now: one question a reference and portion. */
  private async copyFrom(items: readonly Item[]): Promise<void> {
    const { kernel, ctx, c } = this.session
    const copies = c.fields.flatMap((f) => {
      const [through, source] = f.field.from?.split('.') ?? []
      const via = through ? c.byKey.get(through) : undefined
      return via?.target && source && !via.many ? [{ key: f.key, via, source }] : []
    })
    for (const via of new Set(copies.map((copy) => copy.via))) {
      const mine = copies.filter((copy) => copy.via === via)
      const target = kernel.resource(via.target!)
      const lacking = items.filter(
        (item) => item.values[via.key] && mine.some((copy) => item.values[copy.key] === undefined || item.values[copy.key] === null),
      )
      if (lacking.length === 0) continue
      const columns = mine.map((copy) => `t.${quote(columnOf(copy.source, target.r.fields[copy.source]!))}`)
      const rows = await ctx.db.once(`SELECT t.id, ${columns.join(', ')} FROM ${target.table} t WHERE t.id = ANY($1::uuid[])`, [
        [...new Set(lacking.map((item) => item.values[via.key]))],
      ])
      const sources = new Map((await readRows(kernel, ctx.db, target, rows)).map((record) => [record.id as unknown, record]))
      for (const item of lacking)
        for (const copy of mine) item.values[copy.key] ??= sources.get(item.values[via.key])?.[copy.source] ?? null
    }
  }
}

/** Can the right's scope be judged from the row alone? */
export const scopeIsOwn = (session: ImportSession): boolean =>
  !session.permission.filter ||
  pathsOf(session.permission.filter).every((path) => !path.includes('.') && !session.c.byKey.get(path)?.secret)

function fieldDefaults(session: ImportSession): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const f of session.c.fields) {
    if (f.field.default === undefined) continue
    values[f.key] = f.field.default === 'today' ? session.today : f.field.default === 'me' ? personOf(session.ctx.actor) : f.field.default
  }
  return values
}
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
/** Formatted text whose words the cell repeats keeps its format. */
const saysTheSame = (field: Field | undefined, before: unknown, after: unknown): boolean => {
  if (!field || !kindOf(field).cellKeepsWords || before === null || after === null) return false
  const words = (value: unknown) => kindOf(field).format(value, field, () => '')
  return words(before) === words(after)
}
