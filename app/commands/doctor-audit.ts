import { addressOf } from '#kernel/server/audit/outside.ts'
import { auditState } from '#kernel/server/audit/state.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { sealerRole } from '#kernel/server/database/roles.ts'
import type { Place } from './place.ts'

type Say = (good: boolean, text: string) => void
const howToMake = `CREATE ROLE ${sealerRole} LOGIN PASSWORD …，并设 SEALER_DATABASE_URL；或 GRANT ${sealerRole} TO 迁移账号`

/** Is the audit proved? The sealer's role, what the serving role must not do, and what leaves the house. */
export async function lookAtAudit(place: Place, say: Say): Promise<void> {
  say(...(await sealerOf(place)))
  const db = openDatabase(place.appUrl, { max: 1 })
  try {
    const [may] = await db.once<{ insert: boolean; change: boolean; entries: boolean }>(
      `SELECT has_table_privilege('kernel.seal', 'INSERT') AS insert, has_table_privilege('kernel.seal', 'UPDATE, DELETE') AS change,
              has_table_privilege('kernel.audit_entry', 'UPDATE, DELETE') OR has_table_privilege('kernel.history', 'UPDATE, DELETE') AS entries`,
    )
    const isBound = !may!.insert && !may!.change && !may!.entries
    say(
      isBound,
      isBound
        ? '服务账号不能改动审计、历史和封存'
        : '服务账号可以改动审计、历史或封存：DATABASE_URL 须用 xinglin_app，不能用属主或超级用户',
    )
    const { syslog, anchor } = await auditState(db, place.outside)
    say(
      !syslog?.problem,
      syslog
        ? `审计日志送往 ${syslog.address}${syslog.problem ? `：${syslog.problem}（待送达，恢复后自动补送）` : `，已送 ${syslog.messages} 条`}`
        : '审计日志不外送（设 XINGLIN_SYSLOG=tcp://主机:端口 后逐条送往日志服务器）',
    )
    if (place.outside.syslog?.protocol === 'udp') say(true, `${addressOf(place.outside.syslog)} 用 UDP，可能丢失；建议 tls://`)
    say(
      true,
      anchor
        ? `每日外部锚点：${anchor.places.join('、')}，最近 ${anchor.at ?? '尚无'}`
        : '没有外部锚点（设 XINGLIN_ANCHOR=另一台机器上的文件，否则持有密钥的超级用户整体改写历史后无从发现）',
    )
  } finally {
    await db.close()
  }
}

async function sealerOf({ sealerUrl }: Place): Promise<[boolean, string]> {
  if (!sealerUrl) return [false, `没有封存账号，审计不会封存：请数据库管理员执行 ${howToMake}`]
  const db = openDatabase(sealerUrl, { max: 1 })
  try {
    const [may] = await db.once<{ me: string; insert: boolean; change: boolean }>(
      `SELECT current_user AS me, has_table_privilege('kernel.seal', 'INSERT') AS insert, has_table_privilege('kernel.seal', 'UPDATE, DELETE') AS change`,
    )
    if (!may!.insert) return [false, `封存账号 ${may!.me} 不能写入封存：重新启动程序（迁移时授权）`]
    return may!.change
      ? [false, `封存账号 ${may!.me} 还能修改或删除封存：它不应是属主或超级用户`]
      : [true, `封存账号 ${may!.me}：只能新增封存`]
  } catch (error) {
    return [false, `封存账号不能登录或不能查看封存（${(error as Error).message}）：${howToMake}`]
  } finally {
    await db.close()
  }
}
