// What measurements of the audit share: entries as the product writes them, sealed, and the verifier in a process of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { systemClock } from '#model'
import { sealOnce } from '#kernel/server/audit/sealer.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { fill, type BenchContext, type BenchDatabase } from './harness.ts'

export const benchKey = Buffer.alloc(32, 5)
export const content = `act, outcome, resource, record, address, detail`
export const values = `'read', 'done', 'staff.practitioner', gen_random_uuid(), '10.20.30.' || n % 250, jsonb_build_object('fields', jsonb_build_array('name', 'mobile'), 'reason', '门诊会诊调阅', 'n', n)`

interface Written {
  rows: number
  /** Entries of one seal. */
  step: number
  /** The columns behind at, actor and actor_name, and the SELECT that fills all of them from `n`. */
  select?: string
}
/** Entries as the product writes them, committed in many transactions so that seals are of real sizes. */
export async function fillSealed(ctx: BenchContext, database: BenchDatabase, { rows, step, select = `now(), gen_random_uuid(), '张海涛', ${values}` }: Written): Promise<void> {
  const sealer = openDatabase(database.sealerUrl, { max: 1 })
  const started = performance.now()
  for (let n = 0; n < rows; n += step) {
    await fill(database, `INSERT INTO kernel.audit_entry (at, actor, actor_name, ${content}) SELECT ${select} FROM generate_series(${n + 1}, ${n + step}) n`)
    await sealOnce(sealer, systemClock, benchKey)
    if ((n / step) % 100 === 99) ctx.log(`  ${n + step} entries`)
  }
  await sealer.close()
  await fill(database, 'VACUUM ANALYZE kernel.audit_entry')
  ctx.log(`  ${rows} entries written and sealed in ${((performance.now() - started) / 1000).toFixed(1)} s`)
} // prettier-ignore

export interface Verified {
  seconds: number
  peakMb: number
  longestPauseMs: number
  found: number
  entries: number
}
/** The verifier over all of it, in a process of its own: so that its memory is its own. */
export async function verifyInProcess(database: BenchDatabase): Promise<Verified> {
  const child = fork(join(import.meta.dirname, 'audit-verify.ts'), [], { env: { ...process.env, XINGLIN_APP_URL: database.appUrl } })
  const gone = once(child, 'exit')
  const early = gone.then(([code]) => Promise.reject(new Error(`the verifier ended with ${String(code)}`)))
  const [message] = (await Promise.race([once(child, 'message'), early])) as [Verified]
  early.catch(() => undefined)
  await gone
  return message
}
