import { Refusal } from '#model'
import { openDatabase, type Database } from '../database/database.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { applyStep } from '../store/apply.ts'
import { schemaLock } from '../store/migrate.ts'
import { judge } from './judge.ts'
import { activate, type Publishing } from './publish.ts'
import { takeUp } from './standing.ts'

/** Lists that run for minutes hold a table: so long a short change is tried again and again. */
const patienceMs = 30 * 60_000

/** Works off what waits to be published, one after the other. Answers whether there was anything. Needs the owner's address. */
export async function workPublishing(kernel: Kernel, ownerUrl: string, patience = patienceMs): Promise<boolean> {
  const [waiting] = await kernel.db.aside.query(`SELECT 1 FROM kernel.publishing WHERE state IN ('waiting', 'working', 'ready') LIMIT 1`)
  if (!waiting) return false
  const db = openDatabase(ownerUrl, { max: 3, name: 'xinglin-publisher' })
  try {
    // The lock lives as long as this connection's session: one publisher, and no migrator beside it.
    const client = await db.pool.connect()
    try {
      const { rows } = await client.query<{ ok: boolean }>(`SELECT pg_try_advisory_lock(${schemaLock}) AS ok`)
      return rows[0]?.ok ? await workFirst(kernel, db, patience) : false
    } finally {
      client.release(true)
    }
  } finally {
    await db.close()
  }
}

async function workFirst(kernel: Kernel, db: Database, patience: number): Promise<boolean> {
  await takeUp(kernel)
  const [job] = await db.once<Publishing & object>(
    `SELECT * FROM kernel.publishing WHERE state IN ('waiting', 'working', 'ready') ORDER BY at, id LIMIT 1`,
  )
  if (!job) return false
  try {
    await changeSchema(kernel, db, job, patience)
    const system = await kernel.context({ kind: 'system', reason: '发布' }, 'job')
    await kernel.transaction(system, async (tx) => void (await activate(kernel, tx, job)))
  } catch (error) {
    await db.once(`UPDATE kernel.publishing SET state = 'failed', problem = $2 WHERE id = $1::uuid`, [job.id, problemOf(error)])
  }
  return true
}
/** Derives the plan from the pieces, never from what the web wrote down, and does it step by step; after a kill only what is left is planned. */
async function changeSchema(kernel: Kernel, db: Database, job: Publishing, patience: number): Promise<void> {
  const system = await kernel.context({ kind: 'system', reason: '发布' }, 'job')
  const { problems, plan } = await judge(kernel, system, job.items, job.along)
  if (problems.length) throw new Refusal('invalid', problems.map(({ message }) => message).slice(0, 5).join('；')) // prettier-ignore
  const before = Math.max(0, job.steps.length - plan.length)
  for (const [n, step] of plan.entries()) {
    await db.once(`UPDATE kernel.publishing SET state = 'working', step = $2, beat_at = statement_timestamp() WHERE id = $1::uuid`, [
      job.id,
      Math.min(job.steps.length, before + n),
    ])
    await applyStep(db, step, patience)
  }
  await db.once(`UPDATE kernel.publishing SET state = 'ready', step = $2 WHERE id = $1::uuid`, [job.id, job.steps.length])
}
function problemOf(error: unknown): string {
  if (error instanceof Refusal) {
    const { problems } = error.detail as { problems?: { message: string }[] }
    return problems?.map(({ message }) => message).slice(0, 5).join('；') || error.message // prettier-ignore
  }
  const { code, message } = error as { code?: string; message: string }
  if (code === '55P03') return '有长时间的查询或导出一直占用这张表，稍后可以再试'
  if (code === '23505') return '已有重复的记录，不能设为“不许重复”：请先处理重复的记录'
  if (code === '53100') return '磁盘空间不足'
  return message.slice(0, 300)
}

/** Looks each second for what waits; where the owner's address is not given, another process does. */
export const startPublishing = (kernel: Kernel, ownerUrl: string, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(1000, async () => void (await workPublishing(kernel, ownerUrl)), onError)
