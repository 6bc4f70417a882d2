import { invalid, Refusal, type ApiRecord } from '#model'
import type { Permission } from '../access/access.ts'
import { audit } from '../audit/audit.ts'
import { type Context, nameOfActor, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { permissionOver } from './rights-over.ts'
import type { CompiledResource } from '../store/compiled.ts'
import type { Hand } from '../store/write.ts'

/** How a record is written beside what it is to hold. */
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
  /** Files that an earlier act has proved: they may be put here whoever writes. */
  files?: ReadonlySet<string>
  /** Why a record under approval is written without one: a right of its own, told in the audit. */
  directly?: string
  /** The day from which a change holds, past or coming; today where it is not said. Only facts of the type's timeline change then. */
  on?: string
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

type Writing = 'create' | 'update' | 'delete'
/** The right to write, or its refusal. */
export function allow(kernel: Kernel, ctx: Context, c: CompiledResource, action: Writing, options: WriteOptions) {
  if (options.byModule) return kernel.access.need({ kind: 'system', reason: 'module' }, action, c.r.name)
  if (options.directly !== undefined) return allowDirectly(kernel, ctx, c, options.directly)
  const permission = kernel.access.need(ctx.actor, action, c.r.name)
  refuseBeside(ctx, c, action)
  return permission
}
function refuseBeside(ctx: Context, c: CompiledResource, action: Writing): void {
  // What is guarded by an approval is never written beside it; the program itself may (demonstration, imports as approved).
  if (c.r.approval && ctx.actor.kind !== 'system' && action !== 'delete')
    throw new Refusal('flowRefused', `“${c.r.label}”须经审批，不能直接${action === 'create' ? '新增' : '修改'}`)
  if (c.r.writtenBy === 'module' && ctx.actor.kind !== 'system') throw new Refusal('noRight', `“${c.r.label}”由业务流程产生，不能直接填写`)
}
/** The rights under which a stored record is changed: those of the module, those past the approval, or the actor's own over this record. */
export async function allowUpdate(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  stored: ApiRecord | null,
  options: WriteOptions,
): Promise<{ read: Permission; write: Permission }> {
  const isDirect = options.directly !== undefined
  // Without a right to the type he is not told whether the record is there.
  const general = options.byModule || isDirect || !stored ? allow(kernel, ctx, c, 'update', options) : null
  if (!stored) throw new Refusal('notFound')
  if (options.byModule) return { read: general!, write: general! }
  const read = await permissionOver(kernel, ctx, 'read', c, stored)
  const write = await permissionOver(kernel, ctx, isDirect ? 'writeDirectly' : 'update', c, stored)
  if (!read || !write) kernel.access.need(ctx.actor, 'update', c.r.name)
  if (!read) throw new Refusal('notFound')
  if (!write) throw new Refusal('noRight')
  if (isDirect) refuseOwnDirectly(ctx, c, stored, options)
  else refuseBeside(ctx, c, 'update')
  return { read, write }
}
function allowDirectly(kernel: Kernel, ctx: Context, c: CompiledResource, reason: string) {
  const permission = kernel.access.need(ctx.actor, 'writeDirectly', c.r.name)
  if (!c.r.approval) throw new Refusal('badRequest', `“${c.r.label}”不需要审批，照常保存即可`)
  if (c.r.writtenBy === 'module') throw new Refusal('noRight', `“${c.r.label}”由业务流程产生，不能直接填写`)
  if (!reason.trim()) throw invalid([{ field: 'reason', message: '请填写直接写入的理由' }])
  return permission
}
/** Nobody passes by the approval of what is his own, whatever he may do with that of others. */
export function refuseOwnDirectly(ctx: Context, c: CompiledResource, record: ApiRecord, options: WriteOptions): void {
  const { person } = c.r.owner
  if (options.directly !== undefined && person && ctx.actor.kind === 'person' && record[person] === ctx.actor.person)
    throw new Refusal('flowRefused', `这是您本人的“${c.r.label}”，须提交审批，由他人审定`)
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
/** Fields that this write may not touch: those the actor may only read, and those the system fills in. */
export function lockedKeys(c: CompiledResource, readOnly: ReadonlySet<string>, options: WriteOptions): Set<string> {
  const declared = options.system || options.byModule ? [] : Object.entries(c.r.fields).flatMap(([key, f]) => (f.readOnly ? [key] : []))
  return new Set([...readOnly, ...declared])
}
/** One set without the other. */
export const without = (set: ReadonlySet<string>, keys: ReadonlySet<string>): Set<string> =>
  new Set([...set].filter((key) => !keys.has(key)))
