import { createHash, randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { invalid, isSharable, readShareDraft, Refusal, type ShareDraft, type ShareItem, type ShareLogEntry, type ShareMade } from '#model'
import type { Permission } from '../access/access.ts'
import { hashPassword } from '../access/passwords.ts'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords } from '../records/read.ts'
import { readSettings } from '../settings.ts'
import type { CompiledResource } from '../store/compiled.ts'

export interface ShareRow {
  id: string
  kind: ShareDraft['kind']
  audience: ShareDraft['audience']
  resource: string
  records: string[]
  fields: string[]
  title: string
  owner: string
  password: string | null
  at: string
  expires_at: string
  max_uses: number | null
  uses: number
  locked_until: string | null
  withdrawn_at: string | null
}
const columns =
  'id, kind, audience, resource, records, fields, title, owner, password, at, expires_at, max_uses, uses, locked_until, withdrawn_at'
/** 192 bits of chance: nobody guesses one. */
const newToken = (): string => randomBytes(24).toString('base64url')
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Fields whose values may leave by a link, as far as this person sees them plainly. */
export const sharableKeys = (c: CompiledResource, { hidden, masked }: Permission): string[] =>
  Object.entries(c.r.fields).flatMap(([key, field]) => (isSharable(field) && !hidden.has(key) && !masked.has(key) ? [key] : []))

/** Makes a link. Its maker must see what he shares; to make it public he needs the right, and the hospital's leave. */
export async function makeShare(kernel: Kernel, ctx: Context, given: Readonly<Record<string, unknown>>): Promise<ShareMade> {
  const owner = needPerson(ctx)
  const { draft, problems } = readShareDraft(given)
  if (!draft) throw invalid(problems)
  if (draft.audience === 'public') await needPublic(kernel, ctx)
  const title = draft.kind === 'form' ? judgeForm(kernel, ctx, draft) : await judgeRecords(kernel, ctx, draft)
  const token = newToken()
  const now = ctx.clock.now()
  const id = uuidv7()
  return kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<ShareRow>(
      `INSERT INTO kernel.share (id, token_hash, kind, audience, resource, records, fields, title, owner, password, at, expires_at, max_uses)
       VALUES ($1::uuid, $2, $3, $4, $5, $6::uuid[], $7::text[], $8, $9::uuid, $10, $11, $12, $13) RETURNING ${columns}`,
      [
        id, digest(token), draft.kind, draft.audience, draft.resource, draft.records, draft.fields, title, owner,
        draft.password === null ? null : await hashPassword(draft.password), now.toISOString(), new Date(now.getTime() + draft.days * 86_400_000).toISOString(), draft.maxUses,
      ],
    ) // prettier-ignore
    const { kind, audience, records, fields, days, maxUses } = draft
    await audit(tx, { act: 'share.make', outcome: 'done', record: id, detail: { kind, audience, type: draft.resource, records, fields, days, maxUses, password: draft.password !== null } }) // prettier-ignore
    return { share: itemOf(kernel, tx, row!), path: `${audience === 'public' ? '/s/' : '/shared/'}${token}` }
  })
}
async function judgeRecords(kernel: Kernel, ctx: Context, draft: ShareDraft): Promise<string> {
  const c = kernel.resource(draft.resource)
  const permission = kernel.access.need(ctx.actor, 'read', draft.resource)
  const allowed = new Set(sharableKeys(c, permission))
  const lacking = draft.fields.filter((key) => !allowed.has(key))
  if (lacking.length) throw invalid([{ field: 'fields', message: `“${c.r.fields[lacking[0]!]?.label ?? lacking[0]}”不能随链接分享` }])
  const { rows } = await listRecords(kernel, ctx, draft.resource, { filter: { field: 'id', op: 'in', value: draft.records }, columns: [c.r.title], limit: draft.records.length }) // prettier-ignore
  const isLacking = rows.length < draft.records.length
  if (isLacking) throw invalid([{ field: 'records', message: `有 ${draft.records.length - rows.length} 条记录已删除，或没有查看权限` }])
  if (draft.audience === 'public' && rows.some((row) => row.state !== 'approved'))
    throw invalid([{ field: 'records', message: '尚未生效的记录不能对外公开' }])
  const first = rows.find((row) => row.id === draft.records[0])?.[c.r.title]
  const name = allowed.has(c.r.title) && typeof first === 'string' ? first : c.r.label
  return rows.length > 1 ? `${name} 等 ${rows.length} 条` : name
}
function judgeForm(kernel: Kernel, ctx: Context, draft: ShareDraft): string {
  const { r } = kernel.resource(draft.resource)
  if (draft.audience === 'public' ? !r.publicForm : r.writtenBy === 'module') throw new Refusal('badRequest', `“${r.label}”的表单不能分享`)
  // Whoever hands out the form answers for what comes in.
  kernel.access.need(ctx.actor, draft.audience === 'public' ? 'create' : 'read', draft.resource)
  return `${r.label}（空白表单）`
}
export async function needPublic(kernel: Kernel, ctx: Context): Promise<void> {
  if (!kernel.access.mayUse(ctx.actor, 'share.public')) throw new Refusal('noRight', '没有对外公开分享的权限')
  if (!(await readSettings(kernel.db)).publicSharing) throw new Refusal('noRight', '本院没有开启对外公开分享，请联系系统管理员')
}

const pageSize = 100
/** The links that a person made, newest first; all of them for the administrator. */
export async function listShares(kernel: Kernel, ctx: Context, which: 'mine' | 'all', before: string | null): Promise<ShareItem[]> {
  if (which === 'all') kernel.access.needUse(ctx.actor, 'share.administer')
  const rows = await ctx.db.query<ShareRow>(
    `SELECT ${columns} FROM kernel.share WHERE ($1::uuid IS NULL OR owner = $1::uuid) AND ($2::uuid IS NULL OR id < $2::uuid) ORDER BY id DESC LIMIT ${pageSize}`,
    [which === 'mine' ? needPerson(ctx) : null, before],
  )
  return rows.map((row) => itemOf(kernel, ctx, row))
}
export async function withdrawShare(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const row = await ownShare(kernel, tx, id)
    if (row.withdrawn_at) return
    await tx.db.query(`UPDATE kernel.share SET withdrawn_at = $2, withdrawn_by = $3::uuid WHERE id = $1::uuid`, [id, tx.clock.now().toISOString(), personOf(tx.actor)]) // prettier-ignore
    await audit(tx, { act: 'share.withdraw', outcome: 'done', record: id })
  })
}
/** Who opened it, when and from where. Relies on audit_record. */
export async function shareLog(kernel: Kernel, ctx: Context, id: string): Promise<ShareLogEntry[]> {
  await ownShare(kernel, ctx, id)
  return ctx.db.query<ShareLogEntry & object>(
    `SELECT at, act, outcome, actor_name AS name, address FROM kernel.audit_entry WHERE record = $1::uuid AND act LIKE 'share.%' ORDER BY at DESC, seq DESC LIMIT 200`,
    [id],
  )
}
/** A link that is his, or that he administers; another's does not exist for him. */
async function ownShare(kernel: Kernel, ctx: Context, id: string): Promise<ShareRow> {
  const [row] = await ctx.db.query<ShareRow>(`SELECT ${columns} FROM kernel.share WHERE id = $1::uuid`, [id])
  if (!row || (row.owner !== personOf(ctx.actor) && !kernel.access.mayUse(ctx.actor, 'share.administer')))
    throw new Refusal('notFound', '没有这个分享')
  return row
}
export async function shareBehind(ctx: Pick<Context, 'db'>, token: string): Promise<ShareRow | null> {
  if (!/^[\w-]{32}$/.test(token)) return null
  const [row] = await ctx.db.query<ShareRow>(`SELECT ${columns} FROM kernel.share WHERE token_hash = $1`, [digest(token)])
  return row ?? null
}

export const stateOf = (row: ShareRow, now: Date): ShareItem['state'] =>
  row.withdrawn_at
    ? 'withdrawn'
    : row.expires_at <= now.toISOString()
      ? 'expired'
      : row.max_uses !== null && row.uses >= row.max_uses
        ? 'used'
        : 'open'
function itemOf(kernel: Kernel, ctx: Context, row: ShareRow): ShareItem {
  const { id, kind, audience, resource, title, owner, at, uses } = row
  return {
    id,
    kind,
    audience,
    resource,
    resourceLabel: kernel.defs.resources.get(resource)?.label ?? resource,
    title,
    count: row.records.length,
    owner,
    ownerName: ctx.directory.nameOf(owner) || '已离开的人员',
    at,
    expiresAt: row.expires_at,
    uses,
    maxUses: row.max_uses,
    hasPassword: row.password !== null,
    state: stateOf(row, ctx.clock.now()),
  }
}
export function needPerson(ctx: Context): string {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('noRight')
  return person
}
