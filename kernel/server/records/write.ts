import { v7 as uuidv7 } from 'uuid'
import { invalid, isUuid, Refusal, today, validateRecord, type ApiRecord, type FieldProblem, type RecordAnswer } from '#model'
import { type Context, personOf } from '../context.ts'
import { refuseNotOpen } from '../limits/caps.ts'
import { brokenConstraint } from '../database/database.ts'
import { derive, isConcerned } from '../derived/derive.ts'
import { derivedPlan } from '../derived/plan.ts'
import type { Kernel } from '../kernel.ts'
import { refuseClosed } from '../store/closing.ts'
import { searchValue, type CompiledResource } from '../store/compiled.ts'
import { type Changes, insertRecord, replaceRows, updateRecord } from '../store/write.ts'
import { begin, hasBeginning } from './begin.ts'
import { writtenAlong } from './along.ts'
import { translateConstraint } from './constraints.ts'
import { RecordSeals, sealsFor } from '../store/sealing.ts'
import { changesOf, keepLockedCells, keepMasked, mergeChanges, touchesSecrets } from './difference.ts'
import { copyFrom, fillIn, giveNumbers, nameRows } from './fill-in.ts'
import { loadRecord } from './load.ts'
import { closedOver, maskedOf } from './present.ts'
import { answer } from './read.ts'
import { changeSince, withSince } from './timeline.ts'
import { reaches } from './rights-over.ts'
import { checkReferences, type Proved } from './references.ts'
import { allow, allowUpdate, auditDirectly, handOf, lockedKeys, refuseOwnDirectly, without, type WriteOptions } from './write-rights.ts'

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
  refuseNotOpen(ctx, c)
  const id = options.actId && isUuid(options.actId) ? options.actId : uuidv7()
  const { values, problems } = await judgeDraft(kernel, ctx, c, draft, lockedKeys(c, permission.readOnly, options), options)
  if (problems.length) throw invalid(problems)
  // Without sub-tables, numbers and a scope to be asked in SQL the record is one statement, which stands or falls by itself.
  const isOne =
    c.rows.length === 0 &&
    !c.fields.some((f) => f.field.kind === 'autoNumber') &&
    !isConcerned(kernel, c.r.table) &&
    !c.r.closing &&
    !hasBeginning(kernel, c)
  const within = isOne && ctx.db === kernel.db && options.directly === undefined ? alone : kernel.transaction.bind(kernel)
  return within(ctx, async (inner) => {
    await giveNumbers(inner, c, values)
    nameRows(c, values)
    const state = options.state ?? 'approved'
    const record = envelope(inner, id, state, values)
    if (!(await reaches(kernel, inner, c, permission.filter, record)))
      throw new Refusal('noRight', `没有为该人员或科室新增“${c.r.label}”的权限`)
    refuseOwnDirectly(inner, c, record, options)
    await refuseClosed(inner, c, [record])
    const search = c.hasSearch ? searchValue(kernel.defs, c, values) : null
    const seals = new RecordSeals(kernel.subjectKeys, c, id)
    const written = { act: options.act ?? 'create', version: 1, state, changes: changesOf(seals, c, null, values) }
    try {
      await insertRecord(inner.db, kernel.subjectKeys, seals, c, id, handOf(inner), written, values, search)
    } catch (error) {
      if (options.actId && brokenConstraint(error)?.name.endsWith('_pkey')) throw new Repeated()
      throw translateConstraint(c, error)
    }
    await derive(kernel, inner, { table: c.r.table, ids: [id], isNew: true, after: [record] })
    await auditDirectly(inner, c, id, 'create', options.directly)
    noteChange(kernel, inner, c)
    if (state === 'approved') await begin(kernel, inner, c, record)
    const read = kernel.access.can(ctx.actor, 'read', name) ?? permission
    // Of a new record nobody was given anything yet.
    return answer(kernel, inner, c, read, await withKept(kernel, inner, c, record), null)
  }).catch((error: unknown) => {
    if (!(error instanceof Repeated)) throw error
    // Within a greater act the id was given for a new record, and nothing more can be asked in what has failed.
    if (ctx.db !== kernel.db) throw new Refusal('duplicate')
    return repeated(kernel, ctx, c, id)
  })
}
/** A new record as it would stand, and everything that is wrong with it, each at its field. */
export async function judgeDraft(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  draft: Readonly<Record<string, unknown>>,
  readOnly: ReadonlySet<string>,
  proved: Proved = {},
): Promise<{ values: Record<string, unknown>; problems: FieldProblem[] }> {
  const filled = fillIn(kernel, ctx, c, draft)
  await copyFrom(kernel, ctx, c, filled)
  const { values, problems } = validateRecord(c.r.fields, filled.values, {
    today: today(ctx.clock),
    readOnly: without(readOnly, filled.keys),
    required: kernel.access.can(ctx.actor, 'create', c.r.name)?.required,
    ...(c.r.rules ? { rules: c.r.rules } : {}),
  })
  problems.push(...(await checkReferences(kernel, ctx, c, values, null, proved)))
  Object.assign(values, writtenAlong(kernel, ctx, c, values, null))
  if (problems.length === 0) problems.push(...(await checkByModules(kernel, ctx, c, values, null)))
  return { values, problems }
}
async function alone<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  const answer = await work(ctx)
  for (const then of ctx.afterCommit.splice(0)) await then()
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
  return kernel.transaction(ctx, async (inner) => {
    const found = await loadRecord(kernel, inner, c, id, { lock: true })
    const { read, write: permission } = await allowUpdate(kernel, inner, c, found, options)
    const stored = found!
    if (stored.version !== version)
      throw new Refusal('versionConflict', undefined, { current: (await answer(kernel, inner, c, read, { ...stored })).record })
    if (stored.state !== 'approved' && !options.byModule) throw new Refusal('flowRefused', '审批中的记录不能直接修改')
    const merged = mergeChanges(c, stored, changes)
    // What he does not see he does not overwrite.
    const closed = [closedOver(ctx, c, permission, stored).readOnly, closedOver(ctx, c, read, stored).hidden]
    const locked = lockedKeys(c, closed[0]!.union(closed[1]!), options)
    keepMasked(c, stored, merged, maskedOf(ctx, c, read, stored))
    keepLockedCells(c, stored, merged, locked)
    const changed = new Set(Object.keys(changes))
    const { values, problems } = validateRecord(c.r.fields, merged, {
      today: today(ctx.clock),
      readOnly: locked,
      required: permission.required,
      changed,
      ...(c.r.rules ? { rules: c.r.rules } : {}),
    })
    problems.push(...(await checkReferences(kernel, inner, c, values, stored, { files: options.files, locked })))
    Object.assign(values, writtenAlong(kernel, inner, c, values, stored))
    if (problems.length === 0) problems.push(...(await checkByModules(kernel, inner, c, values, stored)))
    if (problems.length) throw invalid(problems)
    nameRows(c, values)
    const dated = options.on === undefined ? null : await changeSince(kernel, inner, c, stored, { values, changed, day: options.on })
    if (dated) Object.assign(values, dated.values)
    const seals = await sealsFor(kernel.subjectKeys, inner.db, c, id, touchesSecrets(c, stored, values))
    const diff = withSince(changesOf(seals, c, stored, values), dated?.since ?? null)
    if (Object.keys(diff).length === 0 && !options.state) return answer(kernel, inner, c, read, stored)
    const record = {
      ...stored,
      ...values,
      version: version + 1,
      updatedAt: ctx.clock.now().toISOString(),
      updatedBy: personOf(ctx.actor),
      ...(options.state ? { state: options.state } : {}),
    }
    await store(kernel, inner, seals, c, stored, record, diff, options)
    if (options.state === 'approved' && stored.state !== 'approved') await begin(kernel, inner, c, record)
    Object.assign(record, await withKept(kernel, inner, c, record))
    if (!(await reaches(kernel, inner, c, permission.filter, record))) throw new Refusal('noRight', '修改后该记录将超出您的权限范围')
    await auditDirectly(inner, c, id, 'update', options.directly)
    noteChange(kernel, inner, c)
    return answer(kernel, inner, c, read, record)
  })
}

/** Has any module's code something to say about this type beyond its declaration? */
export const hasChecks = (kernel: Kernel, { r }: CompiledResource): boolean => kernel.services.some((s) => s.checks?.[r.name])
/** What modules' code has to say about a record that is well formed by itself. Asked wherever people write: here, and for each row of an import and of its undo. */
export async function checkByModules(
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
  seals: RecordSeals,
  c: CompiledResource,
  stored: ApiRecord,
  record: ApiRecord,
  diff: Changes,
  options: WriteOptions,
): Promise<void> {
  await refuseClosed(ctx, c, [stored, record])
  const keys = c.fields.filter((f) => Object.hasOwn(diff, f.id)).map((f) => f.key)
  const search = c.hasSearch ? searchValue(kernel.defs, c, await wholeRow(kernel, ctx, c, record)) : null
  const written = { act: options.act ?? 'update', version: record.version, state: record.state, changes: diff }
  try {
    const done = await updateRecord(ctx.db, seals, c, record.id, handOf(ctx), written, record, search, {
      version: stored.version,
      keys,
      ...(options.state ? { state: options.state } : {}),
    })
    if (done === null) throw new Refusal('versionConflict')
    for (const rows of c.rows)
      if (Object.hasOwn(diff, rows.id))
        await replaceRows(
          ctx.db,
          seals,
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
  return derivedPlan(kernel.defs).keeping.has(c.r.table) || hasBeginning(kernel, c)
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

const envelope = (ctx: Context, id: string, state: ApiRecord['state'], values: Readonly<Record<string, unknown>>): ApiRecord => {
  const at = ctx.clock.now().toISOString()
  const by = personOf(ctx.actor)
  return { id, version: 1, state, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by, deletedAt: null, ...values }
}
/** People and units live in memory: their change makes the snapshot stale. */
export function noteChange(kernel: Kernel, ctx: Context, c: CompiledResource): void {
  if (kernel.isHeld(c.r.table)) ctx.afterCommit.push(() => kernel.changed(c.r.table))
}
