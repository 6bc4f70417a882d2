import { today } from '#model'
import { auditAlone } from '../audit/audit.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'

/** So many locked at once are no forgetful people: somebody tries names. */
const manyLocks = 10

/** Tells the officers, once an hour, that many accounts are locked at the same time, and writes it to the audit. */
export async function watchLocks(kernel: Kernel, address: string): Promise<void> {
  const now = kernel.clock.now()
  const [row] = await kernel.db.query<{ locked: number; addresses: string[] | null }>(
    `SELECT (SELECT count(*)::int FROM kernel.sign_in_failure WHERE locked_until > $1 AND key NOT LIKE 'address:%') AS locked,
       (SELECT array_agg(substr(key, 9)) FROM (SELECT key FROM kernel.sign_in_failure WHERE key LIKE 'address:%' AND at > $2 ORDER BY failures DESC LIMIT 5) a) AS addresses`,
    [now.toISOString(), new Date(now.getTime() - 600_000).toISOString()],
  )
  const { locked = 0, addresses = null } = row ?? {}
  if (locked < manyLocks) return
  const directory = await kernel.directory()
  const roles = [...kernel.defs.roles.values()].filter((role) => role.officer === 'system' || role.officer === 'security')
  const officers = roles.flatMap((role) => directory.peopleWithRole(role.name, today(kernel.clock)))
  const from = addresses?.join('、') ?? address
  await kernel.transaction(await kernel.context({ kind: 'system', reason: '登录' }, 'signIn', { address }), (tx) =>
    tell(tx, officers, {
      kind: 'security',
      title: `${locked} 个账号因连续输错被锁定，可能有人在试密码`,
      body: `失败最多的来源：${from}。账号到时自动解锁；已通过动态口令的设备不受锁定影响。`,
      link: '/r/security.signIn',
      onceKey: `locks:${now.toISOString().slice(0, 13)}`,
    }),
  )
  await auditAlone(
    kernel.db,
    now,
    { actor: null, name: null, address },
    { act: 'signIn.manyLocks', outcome: 'refused', detail: { locked, addresses } },
  )
}
