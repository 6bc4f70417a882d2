import { Refusal, type ApiRecord, type RecordAnswer } from '#model'
import type { Context } from '../context.ts'
import { derive } from '../derived/derive.ts'
import type { Kernel } from '../kernel.ts'
import { refuseClosed } from '../store/closing.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { RecordSeals } from '../store/sealing.ts'
import { updateRecord } from '../store/write.ts'
import { undoMerge } from '../merging/undo.ts'
import { idsPointing, pointersAt, pointingAt, refusePointed, type Pointer } from './pointing.ts'
import { refuseRestricted } from './restriction.ts'
import { loadRecord } from './load.ts'
import { answer } from './read.ts'
import { reaches } from './rights-over.ts'
import { translateConstraint } from './constraints.ts'
import { noteChange, updateRecordOf } from './write.ts'
import { allow, auditDirectly, handOf, type WriteOptions } from './write-rights.ts'

function refuseKept(why: string | null | undefined): void {
  if (why) throw new Refusal('recordKept', why)
}
interface Deleting extends WriteOptions {
  /** The record whose deletion takes this one along. */
  root?: string
}
/** Moves a record to the recycle bin, or back, with what its references declare to follow. */
export async function setDeleted(
  kernel: Kernel,
  ctx: Context,
  name: string,
  id: string,
  deleted: boolean,
  version: number | null,
  options: Deleting = {},
): Promise<RecordAnswer> {
  const c = kernel.resource(name)
  const permission = allow(kernel, ctx, c, 'delete', options)
  return kernel.transaction(ctx, async (inner) => {
    const stored = await loadRecord(kernel, inner, c, id, { lock: true, deleted: true })
    const read = options.byModule ? permission : kernel.access.need(ctx.actor, 'read', name)
    if (!stored || !(await reaches(kernel, inner, c, read.filter, stored))) throw new Refusal('notFound')
    if (!(await reaches(kernel, inner, c, permission.filter, stored))) throw new Refusal('noRight')
    if (deleted && !options.byModule) for (const { keeps } of kernel.services) refuseKept(keeps?.[name]?.(stored))
    if (version !== null && stored.version !== version)
      throw new Refusal('versionConflict', undefined, { current: (await answer(kernel, inner, c, read, { ...stored })).record })
    if ((stored.deletedAt !== null) === deleted) return answer(kernel, inner, c, read, stored)
    if (stored.state === 'pending' && !options.byModule) throw new Refusal('flowRefused', '审批中的记录不能删除，请先撤回申请')
    if (deleted && c.r.approval && !options.byModule && options.directly === undefined && ctx.actor.kind !== 'system')
      throw new Refusal('flowRefused', `“${c.r.label}”须经审批，请申请删除`)
    if (deleted) refusePointed(await pointingAt(kernel, inner, c.r.table, id, ({ onDelete }) => onDelete === 'restrict'), '删除')
    else await refuseRestricted(inner, id).then(() => needParents(kernel, inner, c, stored))
    const record = await mark(kernel, inner, c, stored, deleted, options)
    if (deleted) await followDeletion(kernel, inner, c, id, options.root ?? id)
    else {
      await bringBack(kernel, inner, id)
      await undoMerge(kernel, inner, id)
    }
    await auditDirectly(inner, c, id, 'delete', options.directly)
    return answer(kernel, inner, c, read, record)
  })
}

async function mark(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  stored: ApiRecord,
  deleted: boolean,
  options: Deleting,
): Promise<ApiRecord> {
  await refuseClosed(ctx, c, [stored])
  const { id, version, state } = stored
  const written = { act: options.act ?? (deleted ? 'delete' : 'restore'), version: version + 1, state, changes: {} }
  try {
    await updateRecord(ctx.db, new RecordSeals(kernel.subjectKeys, c, id), c, id, handOf(ctx), written, stored, null, {
      version,
      keys: [],
      deleted,
    })
  } catch (error) {
    throw translateConstraint(c, error)
  }
  await derive(kernel, ctx, { table: c.r.table, ids: [id], before: [stored] })
  if (deleted && options.root)
    await ctx.db.query(`INSERT INTO kernel.deleted_with (record, resource, root) VALUES ($1::uuid, $2, $3::uuid)`, [id, c.r.name, options.root]) // prettier-ignore
  if (!deleted) await ctx.db.query(`DELETE FROM kernel.deleted_with WHERE record = $1::uuid`, [id])
  noteChange(kernel, ctx, c)
  return { ...stored, version: version + 1, deletedAt: deleted ? ctx.clock.now().toISOString() : null }
}

/** What points there is emptied, or goes along. It is the same act: all of it happens, or nothing. */
async function followDeletion(kernel: Kernel, ctx: Context, c: CompiledResource, id: string, root: string): Promise<void> {
  for (const pointer of pointersAt(kernel.defs, c.r.table)) {
    if (pointer.onDelete !== 'clear' && pointer.onDelete !== 'withParent') continue
    for (const other of await idsPointing(ctx, pointer, id)) {
      if (pointer.onDelete === 'clear') await empty(kernel, ctx, pointer, other, id)
      else await takeAlong(kernel, ctx, pointer, other, root)
    }
  }
}
async function takeAlong(kernel: Kernel, ctx: Context, pointer: Pointer, id: string, root: string): Promise<void> {
  const stored = await loadRecord(kernel, ctx, kernel.resource(pointer.resource), id)
  if (stored?.state === 'pending' || stored?.state === 'returned')
    throw new Refusal('referenced', `随它一起删除的“${pointer.label}”中有记录正在审批，请先办结`, {
      pointing: await pointingAt(kernel, ctx, kernel.defs.resource(pointer.resource).table, id),
    })
  await setDeleted(kernel, ctx, pointer.resource, id, true, null, { byModule: true, root })
}
async function empty(kernel: Kernel, ctx: Context, pointer: Pointer, id: string, target: string): Promise<void> {
  const stored = await loadRecord(kernel, ctx, kernel.resource(pointer.resource), id, { lock: true })
  if (!stored) return
  const [key, inner] = pointer.field.split('.') as [string, string | undefined]
  const without = (value: unknown): unknown => (Array.isArray(value) ? value.filter((one) => one !== target) : value === target ? null : value)
  const rows = (stored[key] ?? []) as Record<string, unknown>[]
  const value = inner ? rows.map((row) => ({ ...row, [inner]: without(row[inner]) })) : without(stored[key])
  await updateRecordOf(kernel, ctx, pointer.resource, id, stored.version, { [key]: value }, { byModule: true, act: 'clear' })
} // prettier-ignore

/** A record that belongs to a deleted one comes back with it, not before it. */
async function needParents(kernel: Kernel, ctx: Context, c: CompiledResource, stored: ApiRecord): Promise<void> {
  for (const f of c.fields) {
    const { target, onDelete } = f.field.options as { target?: string; onDelete?: string }
    const id = stored[f.key]
    if (onDelete !== 'withParent' || !target || typeof id !== 'string') continue
    if (!(await loadRecord(kernel, ctx, kernel.resource(target), id)))
      throw new Refusal('referenced', `它所属的“${kernel.defs.resource(target).label}”已删除，请先恢复那一条`, { target, id })
  }
}
/** Restores what the same act deleted, in the order in which it went. */
async function bringBack(kernel: Kernel, ctx: Context, root: string): Promise<void> {
  const gone = await ctx.db.query<{ record: string; resource: string }>(
    `SELECT record, resource FROM kernel.deleted_with WHERE root = $1::uuid ORDER BY position`,
    [root],
  )
  for (const { record, resource } of gone) await setDeleted(kernel, ctx, resource, record, false, null, { byModule: true })
}
