import { choiceLabel, fitsType, formatBytes, isStopped, kindOf, referredBy, type Choices, type Field, type FieldProblem } from '#model'
import type { Context } from '../context.ts'
import { filesToPut } from '../files/reading.ts'
import { personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource, StoredField } from '../store/compiled.ts'
import { unfitChoices } from './fitting.ts'

type Wanted = Map<string, { id: string; at: string; label: string }[]>

export interface Proved {
  /** Records of the same submission. */
  together?: ReadonlySet<string> | undefined
  /** Files that an earlier act has proved: they may stand here whoever writes. */
  files?: ReadonlySet<string> | undefined
  /** Fields that the writer cannot change. */
  locked?: ReadonlySet<string> | undefined
}
/** A new or changed reference must point at a record that is there, not deleted and approved, or pending in the same submission, and fits what its field may hold. One query a target; people and units come from memory. */
export async function checkReferences(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  values: Readonly<Record<string, unknown>>,
  stored: Readonly<Record<string, unknown>> | null,
  { together = new Set(), files, locked }: Proved = {},
): Promise<FieldProblem[]> {
  const wanted: Wanted = new Map()
  const want = (f: StoredField, value: unknown, before: unknown, at: string) => {
    const old = new Set(referredBy(f.field, before).map(({ id }) => id))
    for (const { target, id } of referredBy(f.field, value)) if (!old.has(id)) push(wanted, target, { id, at, label: f.field.label })
  }
  for (const f of c.fields) if (!f.field.derived) want(f, values[f.key], stored?.[f.key], f.key)
  for (const rows of c.rows) {
    const before = new Map(((stored?.[rows.key] ?? []) as Record<string, unknown>[]).map((row) => [row['id'], row]))
    for (const [i, row] of ((values[rows.key] ?? []) as Record<string, unknown>[]).entries())
      for (const f of rows.fields) want(f, row[f.key], before.get(row['id'])?.[f.key], `${rows.key}.${i}.${f.key}`)
  }
  const problems: FieldProblem[] = []
  for (const [target, list] of wanted) {
    const states = await existing(kernel, ctx, target, [...new Set(list.map((w) => w.id))])
    for (const w of list) {
      const state = states.get(w.id)
      if (!state) problems.push({ field: w.at, message: `所选${w.label}不存在或已删除` })
      else if (state !== 'approved' && !together.has(w.id)) problems.push({ field: w.at, message: `所选${w.label}尚未生效，不能选用` })
    }
  }
  problems.push(...(await unfitChoices(kernel, ctx, c, [{ values, stored }], locked)).flat())
  problems.push(...stoppedChoices(c, values, stored))
  problems.push(...(await checkFiles(kernel, ctx, c, { values, stored, proved: files })))
  return problems
}
const known = new WeakMap<CompiledResource, readonly { key: string; choices: Choices }[]>()
/** The few fields of a type of which a choice is stopped: every write asks. */
function withStopped(c: CompiledResource): readonly { key: string; choices: Choices }[] {
  const found = known.get(c)
  if (found) return found
  const fields = c.fields.flatMap(({ key, field }) => {
    if (field.derived || (field.kind !== 'choice' && field.kind !== 'choices')) return []
    const { choices } = field.options as { choices: Choices }
    return Object.keys(choices).some((one) => isStopped(choices, one)) ? [{ key, choices }] : []
  })
  known.set(c, fields)
  return fields
}
/** What is chosen no more is kept by who has it, and taken by nobody new. */
function stoppedChoices(c: CompiledResource, values: Readonly<Record<string, unknown>>, stored: Readonly<Record<string, unknown>> | null): FieldProblem[] {
  return withStopped(c).flatMap(({ key, choices }) => {
    const before = [stored?.[key]].flat()
    const fresh = [values[key]].flat().find((one) => typeof one === 'string' && isStopped(choices, one) && !before.includes(one)) as string | undefined
    return fresh === undefined ? [] : [{ field: key, message: `“${choiceLabel(choices, fresh)}”已停用，请另选` }]
  })
} // prettier-ignore

/** What is newly put into a field of files must be the writer's to put there, and of the types that the field takes, by content: a renamed program is no picture. What he may not read is not there for him. */
async function checkFiles(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  {
    values,
    stored,
    proved,
  }: {
    values: Readonly<Record<string, unknown>>
    stored: Readonly<Record<string, unknown>> | null
    proved: ReadonlySet<string> | undefined
  },
): Promise<FieldProblem[]> {
  const given: { field: Field; at: string; ids: string[] }[] = []
  const look = (f: StoredField, value: unknown, before: unknown, at: string) => {
    const old = new Set([before].flat())
    const ids = [value].flat().filter((id): id is string => typeof id === 'string' && !old.has(id))
    if (ids.length) given.push({ field: f.field, at, ids })
  }
  const holding = (f: StoredField) => kindOf(f.field).holdsFiles !== undefined
  for (const f of c.fields.filter(holding)) look(f, values[f.key], stored?.[f.key], f.key)
  for (const rows of c.rows) {
    const fields = rows.fields.filter(holding)
    const before = new Map(((stored?.[rows.key] ?? []) as Record<string, unknown>[]).map((row) => [row['id'], row]))
    for (const [i, row] of (fields.length ? ((values[rows.key] ?? []) as Record<string, unknown>[]) : []).entries())
      for (const f of fields) look(f, row[f.key], before.get(row['id'])?.[f.key], `${rows.key}.${i}.${f.key}`)
  }
  if (given.length === 0) return []
  const byId = await filesToPut(kernel, ctx, given.flatMap(({ ids }) => ids), proved) // prettier-ignore
  const isOwn = (id: string) =>
    byId.has(id) && (ctx.actor.kind === 'system' || proved?.has(id) || byId.get(id)!.createdBy === personOf(ctx.actor))
  return given.flatMap(({ field, at, ids }) => {
    // Who signs draws it himself: a signature that he only may see is no signature of his.
    if (field.kind === 'signature' && !ids.every(isOwn)) return [{ field: at, message: '签名无效，请重新签名' }]
    const missing = ids.some((id) => !byId.has(id))
    if (missing) return [{ field: at, message: `${field.label}中有文件不存在，请重新上传` }]
    const unfit = ids.map((id) => byId.get(id)!).find((file) => !takes(field, file))
    const { maxBytes = Infinity } = field.options as { maxBytes?: number }
    const large = ids.map((id) => byId.get(id)!).find(({ bytes }) => bytes > maxBytes)
    if (large) return [{ field: at, message: `“${large.name}”超过 ${formatBytes(maxBytes)}` }]
    return unfit ? [{ field: at, message: `“${unfit.name}”不是${field.label}能接受的类型` }] : []
  })
}
function takes(field: Field, { type, name }: { type: string; name: string }): boolean {
  const { accept } = field.options as { accept?: readonly string[] }
  const rules = accept ?? kindOf(field).holdsFiles ?? ['*']
  return fitsType(type, rules) || rules.some((rule) => rule.startsWith('.') && name.toLowerCase().endsWith(rule.toLowerCase()))
}
function push(wanted: Wanted, target: string, entry: { id: string; at: string; label: string }): void {
  const list = wanted.get(target)
  if (list) list.push(entry)
  else wanted.set(target, [entry])
}

/** The state of each that is there. */
async function existing(kernel: Kernel, ctx: Context, target: string, ids: string[]): Promise<ReadonlyMap<string, string>> {
  const c = kernel.resource(target)
  const memory = c.r.table === 'directory.unit' ? ctx.directory.units : c.r.table === 'directory.person' ? ctx.directory.people : null
  const unknown = memory ? ids.filter((id) => !memory.has(id)) : ids
  // What memory does not know may be newer than the snapshot.
  const found = unknown.length
    ? await ctx.db.query<{ id: string; state: string }>(
        `SELECT id, state FROM ${c.table} WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL`,
        [unknown],
      )
    : []
  return new Map([
    ...ids.filter((id) => memory?.has(id)).map((id) => [id, 'approved'] as const),
    ...found.map((row) => [row.id, row.state] as const),
  ])
}
