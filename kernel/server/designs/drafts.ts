import { Refusal } from '#model'
import { isDesignKind, isOwnType, kindOfDesign, newTypeName, type DesignKindName } from '#kernel/model/designs/index.ts'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { PublishItem } from './judge.ts'

export interface DesignRow {
  kind: DesignKindName
  name: string
  in_force: number | null
  draft: unknown
  revision: number
  at: string
  by: string | null
  /** The content in force. */
  content: unknown
  /** Of one that was stopped: what was in force before. */
  stopped: unknown
}
/** The kind of this name; refuses another. */
export function needKind(given: unknown): DesignKindName {
  if (!isDesignKind(given)) throw new Refusal('notFound', '没有这种定义')
  return given
}
const columns = `d.kind, d.name, d.in_force, d.draft, d.revision, d.at, d.by, v.content, CASE WHEN v.content IS NULL THEN
  (SELECT s.content FROM kernel.design_version s WHERE s.kind = d.kind AND s.name = d.name AND s.content IS NOT NULL ORDER BY s.version DESC LIMIT 1) END AS stopped`
const from = `kernel.design d LEFT JOIN kernel.design_version v ON v.kind = d.kind AND v.name = d.name AND v.version = d.in_force`
export async function findDesign(
  ctx: Pick<Context, 'db'>,
  kind: DesignKindName,
  name: string,
  { lock = false } = {},
): Promise<DesignRow | null> {
  const [row] = await ctx.db.query<DesignRow & object>(
    `SELECT ${columns} FROM ${from} WHERE d.kind = $1 AND d.name = $2${lock ? ' FOR UPDATE OF d' : ''}`,
    [kind, name],
  )
  return row ?? null
}
export const allDesigns = (ctx: Pick<Context, 'db'>, kind?: DesignKindName): Promise<DesignRow[]> =>
  ctx.db.query<DesignRow & object>(`SELECT ${columns} FROM ${from} WHERE $1::text IS NULL OR d.kind = $1 ORDER BY d.kind, d.name`, [
    kind ?? null,
  ])

/** May a design of this kind bear this name: that of a thing of the product, or one that was made here. */
function isOffered(kernel: Kernel, kind: DesignKindName, name: string): boolean {
  return kindOfDesign(kind)
    .offered(kernel.product)
    .some((one) => one.name === name)
}
const isMadeName = (kind: DesignKindName, name: string): boolean =>
  kind === 'type' ? isOwnType(name) : /^custom\.[a-z][a-z0-9]{0,40}$/.test(name)

/** What stands for a piece: the draft, else what is in force, else what an empty one begins with. Refuses a name that there is not. */
export async function loadDesign(kernel: Kernel, ctx: Context, kind: DesignKindName, name: string): Promise<DesignRow> {
  const found = await findDesign(ctx, kind, name)
  if (found && (found.draft !== null || found.content !== null)) return found
  if (found?.stopped && !isOffered(kernel, kind, name)) return { ...found, in_force: null, content: found.stopped }
  if (!isOffered(kernel, kind, name)) throw new Refusal('notFound', '没有这个定义')
  const empty = found ?? {
    kind,
    name,
    in_force: null,
    draft: null,
    revision: 0,
    at: ctx.clock.now().toISOString(),
    by: null,
    content: null,
    stopped: null,
  }
  return { ...empty, content: kindOfDesign(kind).empty?.(kernel.product, name) ?? null }
}

/** Saves a draft over the revision that its author saw (0 where there was none); a stale one is refused with what stands there. Answers the new revision. */
export async function saveDesign(
  kernel: Kernel,
  ctx: Context,
  kind: DesignKindName,
  name: string,
  given: { content: unknown; revision: unknown },
): Promise<number> {
  const content = kindOfDesign(kind).read(given.content)
  const known = await findDesign(ctx, kind, name)
  if (!known && !isOffered(kernel, kind, name)) throw new Refusal('notFound', '没有这个定义')
  return kernel.transaction(ctx, (tx) => keepDesign(tx, kind, name, content, given.revision))
}
export async function keepDesign(tx: Context, kind: DesignKindName, name: string, content: unknown, seen: unknown): Promise<number> {
  const [kept] = await tx.db.query<{ revision: number }>(
    `INSERT INTO kernel.design AS d (kind, name, draft, revision, at, by) VALUES ($1, $2, $3::json, 1, $4, $5)
     ON CONFLICT (kind, name) DO UPDATE SET draft = excluded.draft, revision = d.revision + 1, at = excluded.at, by = excluded.by WHERE d.revision = $6 RETURNING revision`,
    [kind, name, JSON.stringify(content), tx.clock.now().toISOString(), personOf(tx.actor), Number.isInteger(seen) ? seen : -1],
  )
  if (!kept) throw await conflict(tx, kind, name)
  return kept.revision
}
/** The refusal of a stale revision. */
export async function conflict(ctx: Context, kind: DesignKindName, name: string): Promise<Refusal> {
  const stands = await findDesign(ctx, kind, name)
  const who = stands?.by ? ctx.directory.nameOf(stands.by) : '他人'
  return new Refusal('versionConflict', stands?.draft ? `草稿已由 ${who} 修改，请核对后重新保存` : '草稿已发布或放弃，请重新打开后再修改', {
    current: stands && { revision: stands.revision, content: stands.draft ?? stands.content },
  })
}

/** Begins one of the hospital's own, from a content. Answers its name. */
export async function beginDesign(kernel: Kernel, ctx: Context, kind: DesignKindName, given: unknown): Promise<string> {
  const model = kindOfDesign(kind)
  if (!model.isMade) throw new Refusal('badRequest', '这类定义只能在已有的上面调整')
  const content = model.read(given)
  const name = newTypeName()
  await kernel.transaction(ctx, async (tx) => {
    await keepDesign(tx, kind, name, content, 0)
    await audit(tx, { act: 'design.begin', outcome: 'done', detail: { kind, name, label: model.label(kernel.defs, name, content) } })
  })
  return name
}

/** Throws a draft away as it was seen; what is in force stays so. One that never was in force is gone with it. */
export async function discardDesign(kernel: Kernel, ctx: Context, kind: DesignKindName, name: string, seen: unknown): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const row = await findDesign(tx, kind, name, { lock: true })
    if (!row?.draft) throw new Refusal('notFound', '没有草稿')
    if (row.revision !== seen) throw await conflict(tx, kind, name)
    const [used] = await tx.db.query(`SELECT 1 FROM kernel.design_version WHERE kind = $1 AND name = $2 LIMIT 1`, [kind, name])
    await tx.db.query(
      used
        ? `UPDATE kernel.design SET draft = NULL, revision = revision + 1 WHERE kind = $1 AND name = $2`
        : `DELETE FROM kernel.design WHERE kind = $1 AND name = $2`,
      [kind, name],
    )
    await audit(tx, { act: 'design.discard', outcome: 'done', detail: { kind, name } })
  })
}
export { isMadeName }

const mostAtOnce = 200
/** The drafts that somebody wants to publish, by kind and name; each must be as he saw it. */
export async function needDrafts(ctx: Context, given: unknown, { lock = false } = {}): Promise<PublishItem[]> {
  if (!Array.isArray(given) || given.length === 0 || given.length > mostAtOnce) throw new Refusal('badRequest', '请选择要发布的定义')
  const items: PublishItem[] = []
  for (const one of given as Record<string, unknown>[]) {
    const { kind, name, revision } = one ?? {}
    if (!isDesignKind(kind) || typeof name !== 'string') throw new Refusal('badRequest', '请选择要发布的定义')
    const row = await findDesign(ctx, kind, name, { lock })
    if (!row?.draft) throw new Refusal('notFound', '没有可以发布的草稿')
    if (revision !== undefined && row.revision !== revision) throw await conflict(ctx, kind, name)
    items.push({ kind, name, revision: row.revision, content: row.draft })
  }
  return items
}
