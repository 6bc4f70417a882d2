import { today } from '#model'
import type { Database } from '../database/database.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { anchorOnce } from './anchor.ts'
import { archiveMonths } from './archive/retention.ts'
import { auditAlone } from './audit.ts'
import { streams } from './entries.ts'
import { Leaving } from './leaving.ts'
import type { Outside } from './outside.ts'
import { sealOnce } from './sealer.ts'
import { auditState, type AuditState } from './state.ts'

type Stop = () => Promise<void>
type OnError = (error: unknown) => void

/** Seals every two seconds, sends what is new by syslog every second, and puts the day's anchor outside. `db`: the sealer's connections. */
export function startSealing(kernel: Pick<Kernel, 'clock'>, db: Database, key: Buffer, outside: Outside, onError: OnError): Stop[] {
  const leaving = outside.syslog ? new Leaving(db, outside.syslog) : null
  return [
    repeatEvery(2000, async () => void (await sealOnce(db, kernel.clock, key)), onError),
    repeatEvery(5000, async () => void (await anchorOnce(db, kernel.clock, outside)), onError),
    // What keeps entries from leaving stands in the audit's page; a log line every second would only hide others.
    ...(leaving ? [repeatEvery(1000, async () => void (await leaving.leave().catch(() => undefined)))] : []),
  ]
}

/** Moves the months whose time is over into archives in this folder, each told in the log that stays. `db`: the sealer's connections. */
export async function archiveOnce(kernel: Kernel, db: Database, key: Buffer, folder: string): Promise<number> {
  const gone = await archiveMonths(db, kernel.clock, key, folder)
  for (const { month, folder: place, rows, lastSeal } of gone)
    await auditAlone(kernel.db, kernel.clock.now(), { actor: null, name: '系统', address: null }, { act: 'audit.archive', outcome: 'done', detail: { month: month.slice(0, 7), count: rows, folder: place, through: `第 ${lastSeal} 号封存` } }) // prettier-ignore
  return gone.length
}
/** Looks once an hour whether a month's time is over. */
export const startArchiving = (kernel: Kernel, db: Database, key: Buffer, folder: string, onError: OnError): Stop =>
  repeatEvery(3_600_000, async () => void (await archiveOnce(kernel, db, key, folder)), onError)

/** Looks whether the audit is still proved; in every process, so that one that has stopped is missed by the others. */
export const startAlarm = (kernel: Kernel, outside: Outside, onError: OnError): Stop =>
  repeatEvery(10_000, () => alarm(kernel, outside), onError)

export const limits = { sealSeconds: 30, anchorHours: 26, syslogMinutes: 5 }

/** Tells the security audit officers when seals lag, an anchor is overdue or entries do not leave: once a cause. */
export async function alarm(kernel: Kernel, outside: Outside): Promise<void> {
  const state = await auditState(kernel.db, outside)
  const causes = causesOf(state)
  if (causes.length === 0) return
  const day = today(kernel.clock)
  const people = (await kernel.directory()).peopleWithRole('auditOfficer', day)
  for (const { title, body, onceKey } of causes)
    await tell(kernel, people, { kind: 'security', title, body, link: '/audit', onceKey: `${onceKey}/${day}` })
}

interface Cause {
  title: string
  body: string
  onceKey: string
}
/** What is wrong, each with a key that stays while it lasts. */
export function causesOf({ seals, syslog, anchor }: AuditState): Cause[] {
  const causes: Cause[] = []
  const late = seals.find((s) => s.lagSeconds > limits.sealSeconds)
  if (late)
    causes.push({
      title: '审计封存滞后',
      body: `${streams[late.stream].label}记录已有 ${Math.round(late.lagSeconds)} 秒没有封存（限 ${limits.sealSeconds} 秒），请检查后台进程和封存账号`,
      onceKey: `audit.seal/${late.stream}/${late.number}`,
    })
  if (anchor && anchor.ageSeconds > limits.anchorHours * 3600)
    causes.push({
      title: '外部锚点逾期',
      body: `${anchor.at ? '最近一次外部锚点在' : '尚无外部锚点，启用于'} ${Math.floor(anchor.ageSeconds / 3600)} 小时前（限 ${limits.anchorHours} 小时），请检查 ${anchor.places.join('、')}`,
      onceKey: `audit.anchor/${anchor.number}`,
    })
  if (syslog && syslog.lagSeconds > limits.syslogMinutes * 60)
    causes.push({
      title: '审计日志没有送出',
      body: `已有 ${Math.floor(syslog.lagSeconds / 60)} 分钟没有送达 ${syslog.address}${syslog.problem ? `（${syslog.problem}）` : ''}；恢复后自动补送`,
      onceKey: 'audit.syslog',
    })
  return causes
}
