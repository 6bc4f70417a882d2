import { invalid, Refusal, today, type ResetAnswer, type ResetItem } from '#model'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { createRecord, updateRecordOf } from '../records/write.ts'
import { accountById, isOfficer, type Account } from './accounts.ts'
import { givePassword } from './given-password.ts'
import { removeSecondFactor } from './own-second-factor.ts'
import { hashPassword, oneTimePassword } from './passwords.ts'
import { guardOf } from './roles/guard.ts'
import { endSessionsOf } from './sessions.ts'

const resource = 'security.accountReset'
const hoursOpen = 24
export type ResetWhat = ResetItem['what']
interface Row {
  id: string
  version: number
  account: string
  what: ResetWhat
  reason: string
  status: 'waiting' | 'confirmed'
  until: string
  askedBy: string | null
  askedAt: string
  confirmedBy: string | null
}
const columns = `id, version, account, what, reason, status, until, created_by AS "askedBy", created_at AS "askedAt", confirmed_by AS "confirmedBy"`
const isOpen = `status IN ('waiting', 'confirmed') AND deleted_at IS NULL`

async function needAccount(kernel: Kernel, id: string): Promise<Account> {
  const account = await accountById(kernel.db, id)
  if (!account) throw new Refusal('notFound')
  if (account.status !== 'active') throw new Refusal('flowRefused', '账号已停用，请先启用')
  return account
}
function refuseOwn(ctx: Context, account: Account): void {
  if (account.person !== null && account.person === personOf(ctx.actor)) throw new Refusal('noRight', '自己的密码和动态口令请在“登录与安全”中修改') // prettier-ignore
}

/** Resets the password of whoever is no officer at once; everything else waits for a second officer. */
export async function askReset(kernel: Kernel, ctx: Context, id: string, what: ResetWhat, reason: string): Promise<ResetAnswer> {
  if (!reason.trim()) throw invalid([{ field: 'reason', message: '请写明原因' }])
  const account = await needAccount(kernel, id)
  refuseOwn(ctx, account)
  if (what === 'secondFactor' && account.secondFactor === 'none') throw new Refusal('flowRefused', '该账号没有绑定动态口令')
  if (what === 'password' && !isOfficer(kernel, ctx.directory, account.person)) {
    const password = oneTimePassword()
    await resetPassword(kernel, ctx, account, await hashPassword(password), reason)
    await endSessionsOf(kernel, account.id, 'changed')
    return { password }
  }
  const until = new Date(ctx.clock.now().getTime() + hoursOpen * 3_600_000).toISOString()
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT 1 FROM kernel.credential WHERE account = $1 FOR UPDATE`, [id])
    const [open] = await tx.db.query(`SELECT 1 FROM security.account_reset WHERE account = $1 AND what = $2 AND until > $3 AND ${isOpen}`, [id, what, tx.clock.now().toISOString()])
    if (open) throw new Refusal('duplicate', '已有一份相同的重置在等待')
    await createRecord(kernel, tx, resource, { account: id, what, reason: reason.trim(), status: 'waiting', until }, { byModule: true })
    await audit(tx, { act: 'account.reset.ask', outcome: 'done', resource: 'security.account', record: id, detail: { what, reason: reason.trim() } })
  })
  return { waits: true }
} // prettier-ignore

/** A second officer, neither the one who asked nor the one it is for, agrees or not. */
export async function judgeReset(kernel: Kernel, ctx: Context, id: string, isAgreed: boolean): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const row = await lockOpen(tx, id)
    const account = await needAccount(kernel, row.account)
    refuseOwn(tx, account)
    if (row.status !== 'waiting') throw new Refusal('flowRefused', '已有人处理')
    if (row.askedBy === personOf(tx.actor)) throw new Refusal('noRight', '须由提出者之外的管理员同意')
    await updateRecordOf(kernel, tx, resource, id, row.version, { status: isAgreed ? 'confirmed' : 'refused', confirmedBy: personOf(tx.actor) }, { byModule: true }) // prettier-ignore
    await audit(tx, { act: isAgreed ? 'account.reset.agree' : 'account.reset.refuse', outcome: 'done', resource: 'security.account', record: row.account, detail: { what: row.what } }) // prettier-ignore
  })
}

/** Whoever asked carries out what the second officer agreed to. */
export async function carryOutReset(kernel: Kernel, ctx: Context, id: string): Promise<ResetAnswer> {
  const password = oneTimePassword()
  const hash = await hashPassword(password)
  const { what, account } = await kernel.transaction(ctx, async (tx) => {
    const row = await lockOpen(tx, id)
    if (row.status !== 'confirmed') throw new Refusal('flowRefused', '还没有得到另一管理员的同意')
    if (row.askedBy !== personOf(tx.actor)) throw new Refusal('noRight', '由提出者执行')
    await updateRecordOf(kernel, tx, resource, id, row.version, { status: 'done' }, { byModule: true })
    const account = await needAccount(kernel, row.account)
    if (row.what === 'password') await resetPassword(kernel, tx, account, hash, row.reason)
    else await removeSecondFactor(kernel, tx, account, 'secondFactor.reset')
    return { what: row.what, account }
  })
  await endSessionsOf(kernel, account.id, 'changed')
  return what === 'password' ? { password } : {}
}
async function lockOpen(tx: Context, id: string): Promise<Row> {
  const [row] = await tx.db.query<Row>(`SELECT ${columns} FROM security.account_reset WHERE id = $1::uuid AND ${isOpen} FOR UPDATE`, [id])
  if (!row) throw new Refusal('notFound', '这份重置已经处理')
  if (Date.parse(row.until) > tx.clock.now().getTime()) return row
  throw new Refusal('flowRefused', '已过期，请重新提出')
}
/** The person is told, and the officers of security where the account reaches beyond departments: whoever knows the password is the one who has the account. */
async function resetPassword(kernel: Kernel, ctx: Context, account: Account, hash: string, reason: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    await givePassword(kernel, tx, account, hash, { mustChange: true })
    await audit(tx, {
      act: 'account.reset.password',
      outcome: 'done',
      resource: 'security.account',
      record: account.id,
      detail: { reason },
    })
    if (!account.person) return
    const by = tx.directory.nameOf(personOf(tx.actor))
    await tell(tx, [account.person], { kind: 'security', title: '您的登录密码已被重置', body: `由${by}重置：${reason.trim()}。如非您本人提出，请立即联系安全管理员`, link: '/me/security' }) // prettier-ignore
    const day = today(tx.clock)
    if (!tx.directory.rolesOf(account.person, day).some((role) => guardOf(kernel.defs, role))) return
    const officers = [...kernel.defs.roles.values()].filter(({ officer }) => officer === 'security').flatMap(({ name }) => tx.directory.peopleWithRole(name, day)) // prettier-ignore
    await tell(tx, officers, { kind: 'security', title: '重要账号的密码已被重置', body: `${by}重置了${tx.directory.nameOf(account.person)}（${account.name}）的密码：${reason.trim()}`, link: `/r/security.account/${account.id}` }) // prettier-ignore
  })
}

/** What is open for an account, as this officer may act on it. */
export async function openResets(kernel: Kernel, ctx: Context, account: string): Promise<ResetItem[]> {
  const rows = await kernel.db.query<Row>(`SELECT ${columns} FROM security.account_reset WHERE account = $1::uuid AND until > $2 AND ${isOpen} ORDER BY created_at`, [account, ctx.clock.now().toISOString()]) // prettier-ignore
  const me = personOf(ctx.actor)
  const ofAccount = (await accountById(kernel.db, account))?.person ?? null
  const mayConfirm = kernel.access.mayUse(ctx.actor, 'security.confirmResets') && me !== ofAccount
  return rows.map((row) => ({
    id: row.id, what: row.what, reason: row.reason, status: row.status, askedBy: row.askedBy, askedByName: ctx.directory.nameOf(row.askedBy), askedAt: row.askedAt,
    confirmedByName: ctx.directory.nameOf(row.confirmedBy) || null,
    may: { confirm: row.status === 'waiting' && mayConfirm && row.askedBy !== me, carryOut: row.status === 'confirmed' && row.askedBy === me },
  })) // prettier-ignore
}
/** What nobody took up in time is shown as that. */
export async function expireResets(kernel: Kernel): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '账号重置' }, 'system')
  const rows = await kernel.db.query<Row>(`SELECT ${columns} FROM security.account_reset WHERE until <= $1 AND ${isOpen}`, [ctx.clock.now().toISOString()]) // prettier-ignore
  for (const row of rows) await updateRecordOf(kernel, ctx, resource, row.id, row.version, { status: 'expired' }, { byModule: true })
}
