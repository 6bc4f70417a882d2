import { v7 as uuidv7 } from 'uuid'
import { invalid, Refusal } from '#model'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import { brokenConstraint } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'

/** What people keep by name for themselves or put before others: views of lists, reports. One table each, of the same columns. */
export interface Shelf {
  table: 'kernel.saved_view' | 'kernel.report'
  noun: string
  /** `view` → audited as `view.share` … */
  act: string
}
export interface KeptRow<S> {
  id: string
  resource: string
  name: string
  owner: string
  is_shared: boolean
  is_locked: boolean
  state: S
  version: number
}
export interface KeptDraft<S> {
  name: string
  isShared: boolean
  isLocked: boolean
  state: S
}
const fields = 'id, resource, name, owner, is_shared, is_locked, state, version'

/** What this reader has kept himself, and what is shared; of one record type or of all. */
export function keptOn<S>(shelf: Shelf, ctx: Context, resource: string | null): Promise<KeptRow<S>[]> {
  return ctx.db.query<KeptRow<S>>(
    `SELECT ${fields} FROM ${shelf.table} WHERE ($1::text IS NULL OR resource = $1) AND (owner = $2::uuid OR is_shared) ORDER BY is_shared DESC, name, id`,
    [resource, personOf(ctx.actor)],
  )
}
/** One of them; null when it is not there for this reader. */
export async function keptOne<S>(shelf: Shelf, ctx: Context, id: string, lock = ''): Promise<KeptRow<S> | null> {
  const [row] = await ctx.db.query<KeptRow<S>>(`SELECT ${fields} FROM ${shelf.table} WHERE id = $1::uuid ${lock}`, [id])
  return row && (row.is_shared || row.owner === personOf(ctx.actor)) ? row : null
}

export async function insertKept<S>(
  shelf: Shelf,
  kernel: Kernel,
  ctx: Context,
  resource: string,
  draft: KeptDraft<S>,
): Promise<KeptRow<S>> {
  const owner = personOf(ctx.actor)
  if (owner === null) throw new Refusal('noRight')
  needShare(shelf, kernel, ctx, draft)
  const { name, isShared, isLocked, state } = draft
  const row: KeptRow<S> = { id: uuidv7(), resource, name, owner, is_shared: isShared, is_locked: isLocked, state, version: 1 }
  await store(shelf, ctx, `INSERT INTO ${shelf.table} (${fields}, at) VALUES ($1::uuid, $2, $3, $4::uuid, $5, $6, $7::jsonb, $8, $9)`, [
    row.id, resource, name, owner, isShared, isLocked, JSON.stringify(state), 1, ctx.clock.now().toISOString(),
  ]) // prettier-ignore
  if (isShared) await told(shelf, ctx, 'share', row)
  return row
}
/** Changes what is still as the changer saw it; within a transaction. */
export async function changeKept<S>(
  shelf: Shelf,
  kernel: Kernel,
  ctx: Context,
  row: KeptRow<S>,
  draft: KeptDraft<S>,
  version: unknown,
): Promise<KeptRow<S>> {
  needShare(shelf, kernel, ctx, draft)
  if (row.version !== version) throw new Refusal('versionConflict', `${shelf.noun}已被他人修改，请刷新后重试`)
  if (draft.isLocked !== row.is_locked && row.owner !== personOf(ctx.actor))
    throw new Refusal('noRight', `只有建立${shelf.noun}的人可以锁定或解锁`)
  const { name, isShared, isLocked, state } = draft
  const next = { ...row, name, is_shared: isShared, is_locked: isLocked, state, version: row.version + 1 }
  await store(shelf, ctx, `UPDATE ${shelf.table} SET name = $2, is_shared = $3, is_locked = $4, state = $5::jsonb, version = $6, at = $7 WHERE id = $1::uuid`, [
    row.id, name, isShared, isLocked, JSON.stringify(state), next.version, ctx.clock.now().toISOString(),
  ]) // prettier-ignore
  if (next.is_shared || row.is_shared) await told(shelf, ctx, 'change', next)
  return next
}
export async function dropKept(shelf: Shelf, ctx: Context, row: KeptRow<unknown>): Promise<void> {
  await ctx.db.query(`DELETE FROM ${shelf.table} WHERE id = $1::uuid`, [row.id])
  if (row.is_shared) await told(shelf, ctx, 'delete', row)
}

/** The one that this person may change, locked until the transaction ends; what is not shown to him does not exist. */
export async function mineToChange<S>(shelf: Shelf, kernel: Kernel, ctx: Context, id: string): Promise<KeptRow<S>> {
  const row = await keptOne<S>(shelf, ctx, id, 'FOR UPDATE')
  if (!row) throw new Refusal('notFound', `${shelf.noun}不存在，或已被删除`)
  if (!mayChangeKept(kernel, ctx, row))
    throw new Refusal('noRight', row.is_locked ? `${shelf.noun}已锁定，只有建立的人可以修改` : `没有修改共享${shelf.noun}的权限`)
  return row
}
export const mayChangeKept = (kernel: Kernel, ctx: Context, row: KeptRow<unknown>): boolean =>
  row.owner === personOf(ctx.actor) || (row.is_shared && !row.is_locked && kernel.access.mayUse(ctx.actor, 'views.share'))

function needShare({ noun }: Shelf, kernel: Kernel, ctx: Context, { isShared }: KeptDraft<unknown>): void {
  if (isShared && !kernel.access.mayUse(ctx.actor, 'views.share')) throw new Refusal('noRight', `没有共享${noun}的权限，可以只存给自己`)
}
const told = ({ act }: Shelf, ctx: Context, what: string, { id, name, resource }: KeptRow<unknown>): Promise<void> =>
  audit(ctx, { act: `${act}.${what}`, outcome: 'done', resource, detail: { [act]: id, name } })
async function store({ noun }: Shelf, ctx: Context, text: string, values: unknown[]): Promise<void> {
  try {
    await ctx.db.query(text, values)
  } catch (error) {
    if (brokenConstraint(error)?.kind === 'unique') throw invalid([{ field: 'name', message: `已有同名的${noun}，请换一个名称` }])
    throw error
  }
}
