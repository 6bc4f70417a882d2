import { invalid, outsideProviders, Refusal, today, type OutsideProvider } from '#model'
import { auditAlone } from '../../audit/audit.ts'
import { personOf, type Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { tell } from '../../messages/messages.ts'
import { createRecord, updateRecordOf } from '../../records/write.ts'
import { accountById, signInContext, type Account } from '../accounts.ts'
import { deviceName } from '../device-name.ts'
import { plainAddress } from '../networks.ts'
import type { OutsideIdentity } from './way.ts'

const resource = 'security.binding'
interface Row {
  id: string
  version: number
  account: string
  person: string | null
  provider: OutsideProvider
  subject: string
  name: string
  status: 'waiting' | 'active' | 'refused' | 'ended'
  reason: string | null
}
const columns = `id, version, account, person, provider, subject, name, status, reason`
export type BindingVerdict = 'approve' | 'refuse' | 'end'

/** How a subject of a provider stands: the binding that is open, else the last one; null when there never was one. */
export async function bindingOf(kernel: Kernel, provider: OutsideProvider, subject: string): Promise<Row | null> {
  const [row] = await kernel.db.query<Row>(
    `SELECT ${columns} FROM security.binding WHERE provider = $1 AND subject = $2 AND deleted_at IS NULL ORDER BY status IN ('waiting', 'active') DESC, created_at DESC, id DESC LIMIT 1`,
    [provider, subject],
  )
  return row ?? null
}

/** Applies for a binding in the name of whoever has proved the account with its password; the officers are told. Applied for once, however often it is asked. */
export async function applyForBinding(kernel: Kernel, account: Account, given: { provider: OutsideProvider; identity: OutsideIdentity; address: string; agent: string }): Promise<void> {
  const { provider, identity, address, agent } = given
  await kernel.transaction(await signInContext(kernel, given), async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7087))`, [`${provider}\n${identity.subject}`])
    const [open] = await tx.db.query<Row>(`SELECT ${columns} FROM security.binding WHERE provider = $1 AND subject = $2 AND status IN ('waiting', 'active') AND deleted_at IS NULL`, [provider, identity.subject])
    if (open?.account === account.id) return
    if (open) throw new Refusal('flowRefused', `这个${outsideProviders[provider]}身份已绑定或正在申请绑定另一个账号，请联系系统管理员`)
    const row = {
      account: account.id, person: account.person, provider, subject: identity.subject, name: identity.name.slice(0, 100), status: 'waiting',
      device: deviceName(agent), address: plainAddress(address).slice(0, 60),
    }
    const { record } = await createRecord(kernel, tx, resource, row, { byModule: true })
    await auditAlone(tx.db, tx.clock.now(), { actor: account.person, name: account.name, address }, { act: 'binding.apply', outcome: 'done', resource, record: record.id, detail: { provider, subject: identity.subject } })
    const officers = tx.directory.peopleWithRole('systemOfficer', today(tx.clock))
    await tell(tx, officers, { kind: 'security', title: '账号绑定待审批', body: `${tx.directory.nameOf(account.person) || account.name} 申请绑定${outsideProviders[provider]}（${row.name}）`, link: `/r/${resource}/${record.id}`, onceKey: `binding/${record.id}` })
  })
} // prettier-ignore

const from: Readonly<Record<BindingVerdict, Row['status']>> = { approve: 'waiting', refuse: 'waiting', end: 'active' }
const becomes = { approve: 'active', refuse: 'refused', end: 'ended' } as const
const said = { approve: '已通过', refuse: '被驳回', end: '已解除' } as const

/** An officer approves, refuses or ends a binding, never one of his own. A new one takes the place of an earlier one of the same account and provider. */
export async function judgeBinding(kernel: Kernel, ctx: Context, id: string, verdict: BindingVerdict, reason: string): Promise<void> {
  if (verdict !== 'approve' && !reason.trim()) throw invalid([{ field: 'reason', message: verdict === 'refuse' ? '请写明驳回原因' : '请写明解除原因' }]) // prettier-ignore
  await kernel.transaction(ctx, async (tx) => {
    const row = await lock(tx, id)
    if (row.person !== null && row.person === personOf(tx.actor)) throw new Refusal('noRight', '自己的绑定由另一位管理员办理')
    if (row.status !== from[verdict]) throw new Refusal('flowRefused', '已有人处理')
    if (verdict === 'approve') await replaceEarlier(kernel, tx, row)
    await decide(kernel, tx, row, verdict, reason.trim() || null)
    if (row.person) await tell(tx, [row.person], { kind: 'security', title: `${outsideProviders[row.provider]}绑定${said[verdict]}`, body: `${row.name}${reason.trim() ? `：${reason.trim()}` : ''}`, link: `/r/${resource}/${id}` }) // prettier-ignore
  })
}
/** Ends one of one's own bindings, or takes an application back. */
export async function endOwnBinding(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const row = await lock(tx, id)
    if (row.person === null || row.person !== personOf(tx.actor)) throw new Refusal('notFound')
    if (row.status !== 'waiting' && row.status !== 'active') throw new Refusal('flowRefused', '已经解除')
    await decide(kernel, tx, row, 'end', row.status === 'active' ? '本人解除' : '本人撤回申请')
  })
}
async function lock(tx: Context, id: string): Promise<Row> {
  const [row] = await tx.db.query<Row>(`SELECT ${columns} FROM security.binding WHERE id = $1::uuid AND deleted_at IS NULL FOR UPDATE`, [
    id,
  ])
  if (!row) throw new Refusal('notFound')
  return row
}
async function decide(kernel: Kernel, tx: Context, row: Row, verdict: BindingVerdict, reason: string | null): Promise<void> {
  const changes = { status: becomes[verdict], decidedBy: personOf(tx.actor), decidedAt: tx.clock.now().toISOString(), reason }
  await updateRecordOf(kernel, tx, resource, row.id, row.version, changes, { byModule: true, act: `binding.${verdict}` })
}
async function replaceEarlier(kernel: Kernel, tx: Context, row: Row): Promise<void> {
  const account = await accountById(tx.db, row.account)
  if (account?.status !== 'active') throw new Refusal('flowRefused', '账号已停用，不能绑定')
  const earlier = await tx.db.query<Row>(`SELECT ${columns} FROM security.binding WHERE account = $1 AND provider = $2 AND status = 'active' AND deleted_at IS NULL FOR UPDATE`, [row.account, row.provider]) // prettier-ignore
  for (const one of earlier) await decide(kernel, tx, one, 'end', '换绑')
}
