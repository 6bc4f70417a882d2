import { verify } from '@node-rs/argon2'
import { Refusal } from '#model'
import { contextOfPerson } from '../access/person-context.ts'
import { auditAlone } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { needPublic, shareBehind, stateOf, type ShareRow } from './shares.ts'

/** Guessed, used up, expired, withdrawn: all the same to who holds the link. */
export const deadLink = (): Refusal => new Refusal('notFound', '链接无效，或已失效')
const mostFailures = 5
const lockMinutes = 15

/** A link that still opens, with its maker's context: his present rights are what it shows. */
export interface OpenShare {
  share: ShareRow
  maker: Context
}
export async function needOpen(kernel: Kernel, token: string, audience: ShareRow['audience'], address: string): Promise<OpenShare> {
  const share = await shareBehind(kernel, token)
  if (!share || share.audience !== audience || stateOf(share, kernel.clock.now()) !== 'open') throw deadLink()
  if (!kernel.defs.resources.has(share.resource)) throw deadLink()
  const maker = await contextOfPerson(kernel, share.owner, 'share', { address })
  if (!maker) throw deadLink()
  if (audience === 'public') await needPublic(kernel, maker).catch(() => Promise.reject(deadLink()))
  return { share, maker }
}
/** Counts the try before it is judged, so that many at once are not more tries than five. */
export async function needPassword(kernel: Kernel, share: ShareRow, password: unknown, note: (outcome: 'refused') => Promise<void>): Promise<void> {
  if (share.password === null) return
  const now = kernel.clock.now()
  const [charged] = await kernel.db.query(
    `UPDATE kernel.share SET failures = CASE WHEN failures + 1 >= ${mostFailures} THEN 0 ELSE failures + 1 END, locked_until = CASE WHEN failures + 1 >= ${mostFailures} THEN $3::timestamptz END
     WHERE id = $1::uuid AND (locked_until IS NULL OR locked_until <= $2::timestamptz) RETURNING id`,
    [share.id, now.toISOString(), new Date(now.getTime() + lockMinutes * 60_000).toISOString()],
  )
  if (!charged) throw new Refusal('accountLocked', `密码连续输错次数过多，请在 ${lockMinutes} 分钟后再试`)
  const isRight = typeof password === 'string' && password.length <= 64 && (await verify(share.password, password).catch(() => false))
  if (!isRight) {
    await note('refused')
    throw new Refusal('wrongPassword', '访问密码不对')
  }
  await kernel.db.query(`UPDATE kernel.share SET failures = 0, locked_until = NULL WHERE id = $1::uuid`, [share.id])
} // prettier-ignore
/** Takes one use; of two that come at once for the last one, one is too late. */
export async function takeUse(ctx: Pick<Context, 'db' | 'clock'>, { id }: ShareRow): Promise<void> {
  const [taken] = await ctx.db.query(
    `UPDATE kernel.share SET uses = uses + 1 WHERE id = $1::uuid AND withdrawn_at IS NULL AND expires_at > $2 AND (max_uses IS NULL OR uses < max_uses) RETURNING id`,
    [id, ctx.clock.now().toISOString()],
  )
  if (!taken) throw deadLink()
}
export const noteOpening = (kernel: Kernel, { id }: ShareRow, address: string, outcome: 'done' | 'refused', act = 'share.open') =>
  auditAlone(kernel.db, kernel.clock.now(), { actor: null, name: '公开链接', address }, { act, outcome, record: id })
