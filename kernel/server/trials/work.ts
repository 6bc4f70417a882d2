import { today } from '#model'
import { openDatabase } from '../database/database.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { buildSpace, clearSpace } from './build.ts'
import { currentTrial, endTrial, failTrial, openTrial, programMark } from './trials.ts'

const trialLock = 7_013_021
/** So long after its end nobody is within any more: every process has heard of it, s. */
const restSeconds = 12

/** Prepares the space that somebody asked for, ends one whose days are over, empties what has ended. One process at a time. Needs the owner's address. Answers whether there was anything. */
export async function workTrials(kernel: Kernel, ownerUrl: string, rest = restSeconds): Promise<boolean> {
  const [open] = await kernel.db.aside.query<{ state: string }>(`SELECT state FROM kernel.trial WHERE emptied_at IS NULL LIMIT 1`)
  if (!open) return false
  const db = openDatabase(ownerUrl, { max: 1, name: 'xinglin-trial' })
  try {
    const client = await db.pool.connect()
    try {
      const { rows } = await client.query<{ ok: boolean }>(`SELECT pg_try_advisory_lock(${trialLock}) AS ok`)
      return rows[0]?.ok ? await workAlone(kernel, ownerUrl, rest) : false
    } finally {
      client.release(true)
    }
  } finally {
    await db.close()
  }
}
async function workAlone(kernel: Kernel, ownerUrl: string, rest: number): Promise<boolean> {
  const system = await kernel.context({ kind: 'system', reason: '试用' }, 'job')
  const trial = await currentTrial(kernel.db)
  const over = trial && (trial.until < today(kernel.clock) ? '试用到期' : trial.program !== programMark(kernel) ? '系统已升级' : null)
  if (trial && over) {
    await endTrial(kernel, system, trial.id, over)
    return true
  }
  if (trial?.state === 'waiting') {
    try {
      await openTrial(kernel, system, trial, await buildSpace(kernel, ownerUrl, trial))
    } catch (error) {
      await failTrial(kernel, trial.id, problemOf(error))
    }
    return true
  }
  const ended = await kernel.db.query<{ id: string }>(
    `SELECT id FROM kernel.trial WHERE state = 'ended' AND emptied_at IS NULL AND ended_at <= statement_timestamp() - make_interval(secs => $1)`,
    [rest],
  )
  if (ended.length === 0) return false
  // Where another is on already, its own preparing has emptied it.
  if (!trial) await clearSpace(ownerUrl)
  await kernel.db.query(`UPDATE kernel.trial SET emptied_at = statement_timestamp() WHERE id = ANY($1::uuid[])`, [
    ended.map(({ id }) => id),
  ])
  return true
}
function problemOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  if (code === '3D000') return '没有试用库：请数据库管理员按部署说明建立“库名_trial”，归属同一账号'
  if (code === '53100') return '磁盘空间不足'
  return message
}

/** Looks each second for what is to be prepared or emptied. */
export const startTrials = (kernel: Kernel, ownerUrl: string, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(1000, async () => void (await workTrials(kernel, ownerUrl)), onError)
