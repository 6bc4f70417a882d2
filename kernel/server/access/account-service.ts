import { addMonths, today, type FieldProblem } from '#model'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { service, type RecordCheck, type WrittenAlong } from '../service.ts'
import { keepAccount } from './accounts.ts'
import { networkProblem } from './networks.ts'
import { expireResets } from './resets.ts'

/** What the declaration cannot say of an account. */
async function checkAccount(kernel: Kernel, ctx: Context, values: Readonly<Record<string, unknown>>, stored: Readonly<Record<string, unknown>> | null): Promise<FieldProblem[]> {
  const policy = await kernel.protection.policy()
  const problems: FieldProblem[] = []
  const say = (field: string, message: string) => void problems.push({ field, message })
  const isNew = (key: string) => values[key] !== stored?.[key]
  const name = values['name'] as string
  const isByHand = ctx.actor.kind !== 'system'
  if (isByHand && isNew('name') && name.length < policy.accountNameLength) say('name', `账号名至少 ${policy.accountNameLength} 位`)
  if (isNew('name')) {
    const [same] = await ctx.db.query(`SELECT 1 FROM security.account WHERE lower(name) = lower($1) AND id IS DISTINCT FROM $2::uuid AND deleted_at IS NULL`, [name, stored?.['id'] ?? null])
    if (same) say('name', '已有这个账号名（不分大小写）')
  }
  if (values['person'] && isNew('person')) {
    const [same] = await ctx.db.query<{ name: string }>(`SELECT name FROM security.account WHERE person = $1::uuid AND id IS DISTINCT FROM $2::uuid AND deleted_at IS NULL`, [values['person'], stored?.['id'] ?? null]) // prettier-ignore
    if (same) say('person', `这个人已有账号“${same.name}”`)
  }
  const last = addMonths(today(ctx.clock), policy.accountMonths)
  const until = values['validUntil'] as string | null | undefined
  if (isNew('validUntil') && (!until || until > last)) say('validUntil', `请填写有效期，最晚 ${last}`)
  for (const range of (values['accessNetworks'] as string[] | null) ?? []) {
    const problem = networkProblem(range)
    if (problem) say('accessNetworks', `“${range}”${problem}`)
  }
  if (stored && isByHand && stored['person'] && stored['person'] === (ctx.actor.kind === 'person' ? ctx.actor.person : null)) {
    if (isNew('status')) say('status', '不能停用自己的账号')
    for (const key of ['name', 'accessDays', 'accessFrom', 'accessTo', 'accessNetworks', 'validUntil']) if (isNew(key) && JSON.stringify(values[key] ?? null) !== JSON.stringify(stored[key] ?? null)) say(key, '自己的账号由其他管理员设定')
  }
  return problems
} // prettier-ignore

/**
 * An account stays with its person once it has a password or somebody has signed in with it. Else whoever keeps accounts could have a password given to one that is
 * nobody's, and then make it an officer's; and what was done in the past would seem to be another's.
 */
const checkPerson: RecordCheck = async (_kernel, ctx, values, stored) => {
  if (!stored || (values['person'] ?? null) === (stored['person'] ?? null)) return []
  const used = await ctx.db.query(
    `SELECT 1 FROM kernel.credential WHERE account = $1::uuid AND password IS NOT NULL UNION ALL SELECT 1 FROM security.sign_in WHERE account = $1::uuid AND outcome = 'done' LIMIT 1`,
    [stored['id']],
  )
  return used.length ? [{ field: 'person', message: '账号已设过密码或登录过，不能改换人员；请另建账号，并注销这一个' }] : []
}

/** Since when it is stopped, and who did it; nobody where its validity ended. */
const stopped: WrittenAlong = (_kernel, ctx, { status }, stored) => {
  if (status === (stored?.['status'] ?? 'active')) return {}
  return status === 'active' ? { stoppedAt: null, stoppedBy: null } : { stoppedAt: ctx.clock.now().toISOString(), stoppedBy: personOf(ctx.actor) }
} // prettier-ignore

/** Accounts whose validity has ended are shown as what they are: nobody signs in with them any more. */
async function closeEnded(kernel: Kernel): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '账号有效期' }, 'system')
  const ended = await kernel.db.query<{ id: string; until: string }>(
    `SELECT id, valid_until::text AS until FROM security.account WHERE status = 'active' AND valid_until < $1::date AND deleted_at IS NULL`,
    [today(kernel.clock)],
  )
  for (const { id, until } of ended) await keepAccount(kernel, ctx, id, { status: 'disabled', reason: `有效期至 ${until}，到期停用` }, 'account.ended') // prettier-ignore
}
export const accountService = service({
  name: 'security.account',
  checks: {
    'security.account': async (...asked) => [...(await checkAccount(...asked)), ...(await checkPerson(...asked))],
  },
  along: { 'security.account': stopped },
  daily: { ended: closeEnded, resets: expireResets },
})
