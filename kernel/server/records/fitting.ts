import {
  among, asksOf, bindChoices, choiceFilterOf, matches, ownFieldsOf, readPath, referredBy,
  type ChoiceFilter, type FieldProblem, type Filter, type FilterWorld,
} from '#model' // prettier-ignore
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource, StoredField } from '../store/compiled.ts'
import { readRows } from '../store/opening.ts'
import { allowsSql, listSql } from '../store/list.ts'

type Values = Readonly<Record<string, unknown>>
export interface ToFit {
  /** The record as it is to stand. */
  values: Values
  /** As it stands; null for a new one. */
  stored: Values | null
}
/** A reference whose choices are limited. */
interface Limited {
  f: StoredField
  /** The sub-table it stands in. */
  rows: string | null
  filter: ChoiceFilter
  own: readonly string[]
}
/** One value that must pass one filter. */
interface Question {
  id: string
  filter: Filter
  limited: Limited
  at: string
  of: number
}

const limits = new WeakMap<CompiledResource, readonly Limited[]>()
function limitedOf(c: CompiledResource): readonly Limited[] {
  let found = limits.get(c)
  if (!found) {
    const places = [{ rows: null as string | null, fields: c.fields }, ...c.rows.map(({ key, fields }) => ({ rows: key, fields }))]
    found = places.flatMap(({ rows, fields }) =>
      fields.flatMap((f) => {
        const filter = f.target && !f.field.derived ? choiceFilterOf(f.field) : null
        return filter ? [{ f, rows, filter, own: ownFieldsOf(filter) }] : []
      }),
    )
    limits.set(c, found)
  }
  return found
}

/**
 * What in these records does not fit what its field may hold, each record's at its place. Asked is only what is new, or whose ground has changed: what stood
 * before a limit was declared stays. `locked`: fields that the writer cannot mend; what is wrong with them is said at the field that made it so.
 */
export async function unfitChoices(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  records: readonly ToFit[],
  locked: ReadonlySet<string> = new Set(),
): Promise<FieldProblem[][]> {
  const answers = records.map((): FieldProblem[] => [])
  const questions = limitedOf(c).flatMap((limited) => records.flatMap((record, of) => questionsOf(limited, record, of)))
  for (const [target, asked] of Map.groupBy(questions, ({ limited }) => limited.f.target!)) {
    const fits = await judge(kernel, ctx, target, asked)
    for (const [i, question] of asked.entries()) {
      if (fits[i]) continue
      const problem = problemOf(kernel, ctx, c, question, records[question.of]!, locked)
      if (!answers[question.of]!.some(({ field }) => field === problem.field)) answers[question.of]!.push(problem)
    }
  }
  return answers
}

function questionsOf(limited: Limited, { values, stored }: ToFit, of: number): Question[] {
  const { f, rows } = limited
  const before = new Map((rows ? rowsIn(stored?.[rows]) : []).map((row) => [row['id'], row]))
  const places = rows
    ? rowsIn(values[rows]).map((row, i) => ({ row, old: stored && row['id'] ? before.get(row['id']) : undefined, at: `${rows}.${i}.${f.key}` }))
    : [{ row: values, old: stored ?? undefined, at: f.key }] // prettier-ignore
  return places.flatMap(({ row, old, at }) => {
    const read = (key: string) => (key in row ? row[key] : values[key]) ?? null
    const hasMoved = limited.own.some((key) => !isSame(read(key), (old && key in old ? old[key] : stored?.[key]) ?? null))
    const known = new Set(old && !hasMoved ? referredBy(f.field, old[f.key]).map(({ id }) => id) : [])
    const filter = bindChoices(limited.filter, read) as Filter | null
    return filter ? referredBy(f.field, row[f.key]).flatMap(({ id }) => (known.has(id) ? [] : [{ id, filter, limited, at, of }])) : []
  })
}
const rowsIn = (value: unknown): Values[] => (Array.isArray(value) ? (value as Values[]) : [])
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

const portion = 500
/** Whether each passes: the records are read once and judged in memory; only what trees hold is asked of the database. */
async function judge(kernel: Kernel, ctx: Context, target: string, asked: readonly Question[]): Promise<boolean[]> {
  const c = kernel.resource(target)
  // A limit is the declaration's: it means the same whoever writes.
  const world = { ...kernel.world(ctx), isSystem: true }
  const paths = [...new Set(asked.flatMap(({ filter }) => asksOf(filter).map(({ path }) => path)))]
  const ids = [...new Set(asked.map(({ id }) => id))]
  const found = new Map<string, Values>()
  for (let from = 0; from < ids.length; from += portion) {
    const query = { filter: among('id', ids.slice(from, from + portion)), limit: portion, keys: paths }
    const { text, values } = listSql(kernel.defs, c, world, query)
    for (const record of await readRows(kernel, ctx.db, c, await ctx.db.once(text, values))) found.set(record.id, record)
  }
  const inMemory: FilterWorld = { ...world, read: readPath, fieldAt: (path) => c.r.fields[path] }
  return Promise.all(
    asked.map(async ({ id, filter }) => {
      const record = found.get(id)
      // What is not there is told as such elsewhere.
      if (!record) return true
      if (!asksTree(c, filter)) return matches(filter, record, inMemory)
      const check = allowsSql(kernel.defs, c, world, filter, id)
      return (await ctx.db.query(check.text, check.values)).length > 0
    }),
  )
}
/** What stands below what is known to the database only; of units the directory in memory knows it. */
const asksTree = (c: CompiledResource, filter: Filter): boolean =>
  asksOf(filter).some(({ path, op }) => op === 'under' && c.byKey.get(path)?.target !== 'directory.unit')

function problemOf(kernel: Kernel, ctx: Context, c: CompiledResource, question: Question, record: ToFit, locked: ReadonlySet<string>): FieldProblem {
  const { limited: { f, rows, own }, at } = question // prettier-ignore
  const columns = rows ? (c.rows.find(({ key }) => key === rows)?.field.options.fields ?? {}) : {}
  const hidden = kernel.access.can(ctx.actor, 'read', c.r.name)?.hidden
  const told = own.flatMap((key) => (hidden?.has(key) && !columns[key] ? [] : (columns[key] ?? c.r.fields[key])?.label ?? []))
  const moved = own.find((key) => !columns[key] && !isSame(record.values[key] ?? null, record.stored?.[key] ?? null) && !locked.has(key))
  const message = told.length ? `所选${f.field.label}与${told.map((label) => `“${label}”`).join('、')}不符，请重新选择` : `所选${f.field.label}不在可选范围内，请重新选择`
  if (record.stored && moved && locked.has(rows ?? f.key)) return { field: moved, message: `${f.field.label}与此不符，而您不能修改${f.field.label}` }
  return { field: at, message }
} // prettier-ignore
