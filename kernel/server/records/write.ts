import { v7 as uuidv7 } from 'uuid'
import {
  invalid, isRowsPatch, isUuid, patchRows, Refusal, today, validateRecord,
  type ApiRecord, type FieldProblem, type RecordAnswer, type RowValues,
} from '#model' // prettier-ignore
import { audit } from '../audit/audit.ts'
import { type Context, nameOfActor, personOf } from '../context.ts'
import { brokenConstraint } from '../database/database.ts'
import { derive, isConcerned } from '../derived/derive.ts'
import { derivedPlan } from '../derived/plan.ts'
import type { Kernel } from '../kernel.ts'
import { columnValues, searchValue, type CompiledResource } from '../store/compiled.ts'
import { type Changes, type Hand, insertRecord, replaceRows, updateRecord } from '../store/write.ts'
import { answer, loadRecord, reaches } from './read.ts'
import { checkReferences } from './references.ts'

export interface WriteOptions {
  /** Written by the module that owns the resource: the actor's own right was judged by the verb. */
  byModule?: boolean
  /** The act's name in history and audit. */
  act?: string
  /** The id that a retry repeats, so that a lost answer never makes a second record. */
  actId?: string
  state?: ApiRecord['state']
  /** Records of the same submission: they may be pointed at before they are approved. */
  together?: ReadonlySet<string>
  /** Why a record under approval is written without one: a right of its own, told in the audit. */
  directly?: string
  /** Fields that only the system writes (formula results are never among them). */
  system?: boolean
}

/** Who writes, for history and audit. */
export const handOf = (ctx: Context): Hand => ({
  at: ctx.clock.now().toISOString(),
  actor: personOf(ctx.actor),
  actorName: nameOfActor(ctx.actor),
  onBehalfOf: ctx.onBehalfOf ?? null,
  origin: ctx.origin,
  address: ctx.address,
})

/** access -> fill in -> validate -> references -> store with history, audit and event -> scope after. */
export async function createRecord(
  kernel: Kernel,
  ctx: Context,
  name: string,
  draft: Readonly<Record<string, unknown>>,
  options: WriteOptions = {},
): Promise<RecordAnswer> {
  const c = kernel.resource(name)
  const permission = allow(kernel, ctx, c, 'create', options)
  const id = options.actId && isUuid(options.actId) ? options.actId : uuidv7()
  const filled = fillIn(kernel, ctx, c, draft)
  await copyFrom(kernel, ctx, c, filled)
  const readOnly = lockedKeys(c, permission.readOnly, options)
  const { values, problems } = validateRecord(c.r.fields, filled.values, {
    today: today(ctx.clock),
    readOnly: without(readOnly, filled.keys),
    ...(c.r.rules ? { rules: c.r.rules } : {}),
  })
  problems.push(...(await checkReferences(kernel, ctx, c, values, null, options.together)))
  if (problems.length === 0) problems.push(...(await checkByModules(kernel, ctx, c, values, null)))
  if (problems.length) throw invalid(problems)
  // Without sub-tables, numbers and a scope to be asked in SQL the record is one statement, which stands or falls by itself.
  const isOne = c.rows.length === 0 && !c.fields.some((f) => f.field.kind === 'autoNumber') && !isConcerned(kernel, c.r.table)
  const within = isOne && ctx.db === kernel.db && options.directly === undefined ? alone : kernel.transaction.bind(kernel)
  return within(ctx, async (inner) => {
    await giveNumbers(inner, c, values)
    nameRows(c, values)
    const state = options.state ?? 'approved'
    const record = envelope(inner, id, state, values)
    if (!(await reachesNew(kernel, inner, c, permission.filter, record)))
      throw new Refusal('noRight', `没有为该人员或科室新增“${c.r.label}”的权限`)
    const search = c.hasSearch ? searchValue(kernel.defs, c, values) : null
    const written = { act: options.act ?? 'create', version: 1, state, changes: changesOf(kernel, c, null, values) }
    try {
      await insertRecord(inner.db, kernel.protector, c, id, handOf(inner), written, values, search)
    } catch (error) {
      if (options.actId && brokenConstraint(error)?.name.endsWith('_pkey')) throw new Repeated()
      throw translateConstraint(c, error)
    }
    await derive(kernel, inner, { table: c.r.table, ids: [id], isNew: true })
    await auditDirectly(inner, c, id, 'create', options.directly)
    noteChange(kernel, inner, c)
    return answer(kernel, inner, c, kernel.access.can(ctx.actor, 'read', name) ?? permission, await withKept(kernel, inner, c, record))
  }).catch((error: unknown) => (error instanceof Repeated ? repeated(kernel, ctx, c, id) : Promise.reject(error as Error)))
}
async function alone<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  const answer = await work(ctx)
  for (const then of ctx.afterCommit.splice(0)) then()
  return answer
}
class Repeated extends Error {}
/** A retried create answers the first result, to the same person only. */
async function repeated(kernel: Kernel, ctx: Context, c: CompiledResource, id: string): Promise<RecordAnswer> {
  const record = await loadRecord(kernel, ctx, c, id, { deleted: true })
  if (!record || record.createdBy !== personOf(ctx.actor)) throw new Refusal('duplicate')
  return answer(kernel, ctx, c, allow(kernel, ctx, c, 'create', { byModule: true }), record)
}

/** access before -> merge -> validate -> references -> store when the version is still the one seen -> scope after. */
export async function updateRecordOf(
  kernel: Kernel,
  ctx: Context,
  name: string,
  id: string,
  version: number,
  changes: Readonly<Record<string, unknown>>,
  options: WriteOptions = {},
): Promise<RecordAnswer> {
  const c = kernel.resource(name)
  const permission = allow(kernel, ctx, c, 'update', options)
  return kernel.transaction(ctx, async (inner) => {
    const stored = await loadRecord(kernel, inner, c, id, { lock: true })
    const read = options.byModule ? permission : kernel.access.need(ctx.actor, 'read', name)
    if (!stored || !(await reaches(kernel, inner, c, read.filter, stored))) throw new Refusal('notFound')
    if (!(await reaches(kernel, inner, c, permission.filter, stored))) throw new Refusal('noRight')
    if (stored.version !== version)
      throw new Refusal('versionConflict', undefined, { current: (await answer(kernel, inner, c, read, { ...stored })).record })
    if (stored.state !== 'approved' && !options.byModule) throw new Refusal('flowRefused', '审批中的记录不能直接修改')
    const merged = mergeChanges(c, stored, changes)
    const changed = new Set(Object.keys(changes))
    const { values, problems } = validateRecord(c.r.fields, merged, {
      today: today(ctx.clock),
      readOnly: lockedKeys(c, permission.readOnly, options),
      changed,
      ...(c.r.rules ? { rules: c.r.rules } : {}),
    })
    problems.push(...(await checkReferences(kernel, inner, c, values, stored)))
    if (problems.length === 0) problems.push(...(await checkByModules(kernel, inner, c, values, stored)))
    if (problems.length) throw invalid(problems)
    nameRows(c, values)
    const diff = changesOf(kernel, c, stored, values)
    if (Object.keys(diff).length === 0 && !options.state) return answer(kernel, inner, c, read, stored)
    const record = {
      ...stored,
      ...values,
      version: version + 1,
      updatedAt: ctx.clock.now().toISOString(),
      updatedBy: personOf(ctx.actor),
      ...(options.state ? { state: options.state } : {}),
    }
    await store(kernel, inner, c, stored, record, diff, options)
    Object.assign(record, await withKept(kernel, inner, c, record))
    if (!(await reaches(kernel, inner, c, permission.filter, record))) throw new Refusal('noRight', '修改后该记录将超出您的权限范围')
    await auditDirectly(inner, c, id, 'update', options.directly)
    noteChange(kernel, inner, c)
    return answer(kernel, inner, c, read, record)
  })
}

/** What a module's code has to say about a record that is well formed by itself. */
async function checkByModules(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  values: Readonly<Record<string, unknown>>,
  stored: ApiRecord | null,
): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = []
  for (const s of kernel.services) problems.push(...((await s.checks?.[c.r.name]?.(kernel, ctx, values, stored)) ?? []))
  return problems
}

async function store(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  stored: ApiRecord,
  record: ApiRecord,
  diff: Changes,
  options: WriteOptions,
): Promise<void> {
  const keys = c.fields.filter((f) => Object.hasOwn(diff, f.id)).map((f) => f.key)
  const search = c.hasSearch ? searchValue(kernel.defs, c, await wholeRow(kernel, ctx, c, record)) : null
  const written = { act: options.act ?? 'update', version: record.version, state: record.state, changes: diff }
  try {
    const done = await updateRecord(ctx.db, kernel.protector, c, record.id, handOf(ctx), written, record, search, {
      version: stored.version,
      keys,
      ...(options.state ? { state: options.state } : {}),
    })
    if (done === null) throw new Refusal('versionConflict')
    for (const rows of c.rows)
      if (Object.hasOwn(diff, rows.id))
        await replaceRows(
          ctx.db,
          kernel.protector,
          c,
          rows,
          record.id,
          (stored[rows.key] ?? []) as Record<string, unknown>[],
          (record[rows.key] ?? []) as Record<string, unknown>[],
        )
  } catch (error) {
    throw translateConstraint(c, error)
  }
  await derive(kernel, ctx, { table: c.r.table, ids: [record.id], before: [stored], ...(options.state ? {} : { keys }) })
}
/** The record as it stands after what the system keeps in it was worked out. */
async function withKept(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<ApiRecord> {
  return derivedPlan(kernel.defs).keeping.has(c.r.table)
    ? ((await loadRecord(kernel, ctx, c, record.id, { deleted: true })) ?? record)
    : record
}
/** The search text covers the whole table row, also fields of other views on it. */
async function wholeRow(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<Record<string, unknown>> {
  if (c.r.table === c.r.name && [...kernel.defs.resources.values()].filter((r) => r.table === c.r.table).length === 1) return record
  let whole: Record<string, unknown> = {}
  for (const r of kernel.defs.resources.values())
    if (r.table === c.r.table)
      whole = { ...(await loadRecord(kernel, ctx, kernel.resource(r.name), record.id, { deleted: true })), ...whole }
  return { ...whole, ...record }
}

type Writing = 'create' | 'update' | 'delete'
/** The right to write, or its refusal. */
export function allow(kernel: Kernel, ctx: Context, c: CompiledResource, action: Writing, options: WriteOptions) {
  if (options.byModule) return kernel.access.need({ kind: 'system', reason: 'module' }, action, c.r.name)
  if (options.directly !== undefined) return allowDirectly(kernel, ctx, c, options.directly)
  const permission = kernel.access.need(ctx.actor, action, c.r.name)
  // What is guarded by an approval is never written beside it; the program itself may (demonstration, imports as approved).
  if (c.r.approval && ctx.actor.kind !== 'system' && action !== 'delete')
    throw new Refusal('flowRefused', `“${c.r.label}”须经审批，不能直接${action === 'create' ? '新增' : '修改'}`)
  if (c.r.writtenBy === 'module' && ctx.actor.kind !== 'system') throw new Refusal('noRight', `“${c.r.label}”由业务流程产生，不能直接填写`)
  return permission
}
function allowDirectly(kernel: Kernel, ctx: Context, c: CompiledResource, reason: string) {
  const permission = kernel.access.need(ctx.actor, 'writeDirectly', c.r.name)
  if (!c.r.approval) throw new Refusal('badRequest', `“${c.r.label}”不需要审批，照常保存即可`)
  if (c.r.writtenBy === 'module') throw new Refusal('noRight', `“${c.r.label}”由业务流程产生，不能直接填写`)
  if (!reason.trim()) throw invalid([{ field: 'reason', message: '请填写直接写入的理由' }])
  return permission
}
/** Says in the audit that an approval was passed by, and why; in the same transaction as the write. */
export async function auditDirectly(
  ctx: Context,
  c: CompiledResource,
  id: string,
  action: Writing,
  reason: string | undefined,
): Promise<void> {
  if (reason === undefined) return
  await audit(ctx, { act: 'writeDirectly', outcome: 'done', resource: c.r.name, record: id, detail: { action, reason: reason.trim() } })
}
function lockedKeys(c: CompiledResource, readOnly: ReadonlySet<string>, options: WriteOptions): Set<string> {
  const declared = options.system || options.byModule ? [] : Object.entries(c.r.fields).flatMap(([key, f]) => (f.readOnly ? [key] : []))
  return new Set([...readOnly, ...declared])
}
const without = (set: ReadonlySet<string>, keys: ReadonlySet<string>): Set<string> => new Set([...set].filter((key) => !keys.has(key)))

/** Defaults, and the owner: a person who may write only his own rows need not name himself. */
function fillIn(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  draft: Readonly<Record<string, unknown>>,
): { values: Record<string, unknown>; keys: Set<string> } {
  const values: Record<string, unknown> = { ...draft }
  const keys = new Set<string>()
  for (const [key, field] of Object.entries(c.r.fields)) {
    if (values[key] !== undefined && values[key] !== null) continue
    if (field.default === undefined) continue
    values[key] = field.default === 'today' ? today(kernel.clock) : field.default === 'me' ? personOf(ctx.actor) : field.default
    keys.add(key)
  }
  const owner = c.r.owner.person
  const me = personOf(ctx.actor)
  if (owner && owner !== 'id' && me && values[owner] == null && c.byKey.get(owner)?.field.required) {
    values[owner] = me
    keys.add(owner)
  }
  return { values, keys }
}

/** `from: 'practitioner.unit'` copies at creation what the other record holds now. */
async function copyFrom(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  filled: { values: Record<string, unknown>; keys: Set<string> },
): Promise<void> {
  for (const [key, field] of Object.entries(c.r.fields)) {
    if (!field.from || (filled.values[key] !== undefined && filled.values[key] !== null)) continue
    const [through, source] = field.from.split('.') as [string, string]
    const target = c.byKey.get(through)?.target
    const id = filled.values[through]
    if (!target || !isUuid(id)) continue
    filled.values[key] = (await loadRecord(kernel, ctx, kernel.resource(target), id))?.[source] ?? null
    filled.keys.add(key)
  }
}

/** Numbers come from a counter row: no gaps after a roll-back, one writer at a time per series. */
async function giveNumbers(ctx: Context, c: CompiledResource, values: Record<string, unknown>): Promise<void> {
  for (const f of c.fields) {
    if (f.field.kind !== 'autoNumber' || values[f.key]) continue
    const { prefix, digits, perYear } = f.field.options as { prefix: string; digits: number; perYear?: boolean }
    const year = today(ctx.clock).slice(0, 4)
    const series = `${c.r.name}.${f.id}${perYear ? `.${year}` : ''}`
    const [row] = await ctx.db.query<{ value: number }>(
      `INSERT INTO kernel.counter VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = kernel.counter.value + 1 RETURNING value`,
      [series],
    )
    values[f.key] = `${prefix}-${perYear ? `${year}-` : ''}${String(row!.value).padStart(digits, '0')}`
  }
}

/** New rows of sub-tables get their ids here, so that the answer, history and flow name them alike. */
function nameRows(c: CompiledResource, values: Record<string, unknown>): void {
  for (const rows of c.rows)
    values[rows.key] = ((values[rows.key] ?? []) as Record<string, unknown>[]).map((row) =>
      isUuid(row['id']) ? row : { ...row, id: uuidv7() },
    )
}

const envelope = (ctx: Context, id: string, state: ApiRecord['state'], values: Readonly<Record<string, unknown>>): ApiRecord => {
  const at = ctx.clock.now().toISOString()
  const by = personOf(ctx.actor)
  return { id, version: 1, state, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by, deletedAt: null, ...values }
}
/** A row that is not there yet: the scope is judged in memory when it can be, else after the insert by the caller's rights on its owner. */
async function reachesNew(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  filter: Parameters<typeof reaches>[3],
  record: ApiRecord,
): Promise<boolean> {
  return reaches(kernel, ctx, c, filter, record)
}

function mergeChanges(c: CompiledResource, stored: ApiRecord, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const key of Object.keys(c.r.fields)) merged[key] = stored[key] ?? null
  for (const [key, value] of Object.entries(changes)) {
    const isPatch = isRowsPatch(value) && c.rows.some((rows) => rows.key === key)
    merged[key] = isPatch ? patchRows((stored[key] ?? []) as RowValues[], value) : value
  }
  return merged
}

const text = (value: unknown): string => JSON.stringify(value ?? null)
/** Before and after by permanent field id. Protected values stand as cipher text. */
function changesOf(
  kernel: Kernel,
  c: CompiledResource,
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): Changes {
  const changes: Changes = {}
  for (const f of c.fields) {
    const [was, is] = [before?.[f.key] ?? null, after[f.key] ?? null]
    if (text(was) === text(is)) continue
    const shown = (value: unknown) =>
      f.secret && value !== null ? (columnValues(kernel.protector, c.r.table, f, value)[0] as Buffer).toString('base64') : value
    changes[f.id] = [shown(was), shown(is)]
  }
  for (const rows of c.rows) {
    const [was, is] = [before?.[rows.key] ?? [], after[rows.key] ?? []]
    if (text(was) !== text(is)) changes[rows.id] = [before ? was : null, is]
  }
  return changes
}

/** A broken key or reference in words, at its field. */
export function translateConstraint(c: CompiledResource, error: unknown): unknown {
  const broken = brokenConstraint(error)
  if (!broken) return error
  if (broken.kind === 'unique') {
    const keys = (c.r.unique ?? []).find((key) =>
      broken.name.startsWith(
        `uq_${c.r.table.split('.')[1]!.replace(/[A-Z]/g, (x) => `_${x.toLowerCase()}`)}_${key.join('_').replace(/[A-Z]/g, (x) => `_${x.toLowerCase()}`)}`.slice(
          0,
          50,
        ),
      ),
    )
    const labels = (keys ?? []).map((key) => c.r.fields[key]?.label ?? key)
    const problems = keys?.length ? [{ field: keys.at(-1)!, message: `已有相同的${labels.join('＋')}` }] : []
    return new Refusal('duplicate', labels.length ? `已有${labels.join('＋')}相同的${c.r.label}` : undefined, { problems })
  }
  if (broken.kind === 'reference') return new Refusal('invalid', '所引用的记录不存在')
  return new Refusal('duplicate', '与已有记录的时间段重叠')
}

/** People and units live in memory: their change makes the snapshot stale. */
export function noteChange(kernel: Kernel, ctx: Context, c: CompiledResource): void {
  if (kernel.isHeld(c.r.table)) ctx.afterCommit.push(() => kernel.changed(c.r.table))
}
