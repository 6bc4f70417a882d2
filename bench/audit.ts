// The verifier reads every sealed entry and proves it; against a plain sequential read of the same rows that hashes each once. And how long an entry waits for its seal.
import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '#model'
import { readCopied } from '#kernel/server/audit/copied-rows.ts'
import { startSealing } from '#kernel/server/audit/duty.ts'
import { nowhere } from '#kernel/server/audit/outside.ts'
import { auditState } from '#kernel/server/audit/state.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { benchKey, content, fillSealed, values, verifyInProcess } from './audit-data.ts'
import { bench, benchDatabase, claim, median, type BenchContext, type BenchDatabase, type Claim } from './harness.ts'

export default bench({
  async run(ctx) {
    await using database = await benchDatabase('audit')
    const rows = ctx.quick ? 100_000 : 1_000_000
    await fillSealed(ctx, database, { rows, step: 10_000 })
    const claims = await verifySpeed(ctx, database, rows)
    return [...claims, await sealLag(ctx, database)]
  },
})

async function verifySpeed(ctx: BenchContext, database: BenchDatabase, rows: number): Promise<Claim[]> {
  const [floors, ours, peaks, pauses]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (let turn = 0; turn <= 3; turn++) {
    const floor = rows / (await plainRead(database, rows))
    const measured = await verifyInProcess(database)
    if (measured.found || measured.entries !== rows) throw new Error(`the verifier found ${measured.found} of ${measured.entries}`)
    ctx.log(
      `  run ${turn} floor ${Math.round(floor)}/s   ours ${Math.round(rows / measured.seconds)}/s   peak ${measured.peakMb} MB   longest pause ${measured.longestPauseMs} ms`,
    )
    // The first warms the cache.
    if (turn === 0) continue
    floors.push(floor)
    ours.push(rows / measured.seconds)
    peaks.push(measured.peakMb)
    pauses.push(measured.longestPauseMs)
  }
  const [floor, rate] = [median(floors), median(ours)]
  return [
    claim(ctx, 'audit.verify_per_s', rate, '1/s', `>=${Math.round(floor / 2)}`, { floor, ours: rate, relative: true }),
    claim(ctx, 'audit.verify_ratio', rate / floor, 'x', '>=0.5', { floor, ours: rate, relative: true }),
    claim(ctx, 'audit.verify_peak_mb', Math.max(...peaks), 'MB', '<=200'),
    claim(ctx, 'audit.verify_pause_ms', Math.max(...pauses), 'ms', '<=100'),
  ]
}

/** The floor: the same rows' content by COPY in binary, in the order in which they lie, each hashed once as it comes. Seconds. */
async function plainRead(database: BenchDatabase, rows: number): Promise<number> {
  return withClient(database.appUrl, async (client) => {
    const started = performance.now()
    let count = 0
    await readCopied(
      client,
      `SELECT seq, at, actor, actor_name, act, outcome, resource, record, address, detail::text FROM kernel.audit_entry`,
      ({ bytes, at, fields }) => {
        let end = at
        for (let i = 0; i < fields; i++) end += 4 + Math.max(0, bytes.readInt32BE(end))
        hash('sha256', bytes.subarray(at, end), 'binary')
        count++
      },
    )
    if (count !== rows) throw new Error(`${count} rows read`)
    return (performance.now() - started) / 1000
  })
}
/** Eight writers as fast as they can; the oldest entry without a seal is looked at ten times a second. */
async function sealLag(ctx: BenchContext, database: BenchDatabase): Promise<Claim> {
  const app = openDatabase(database.appUrl, { max: 9 })
  const sealer = openDatabase(database.sealerUrl, { max: 2 })
  let isOver = false
  let written = 0
  const stops = startSealing({ clock: systemClock }, sealer, benchKey, nowhere, (error) => ctx.log(String(error)))
  const writers = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      await app.query(`INSERT INTO kernel.audit_entry (at, ${content}) SELECT clock_timestamp(), ${values} FROM (VALUES (1)) v(n)`)
      written++
    }
  })
  const lags: number[] = []
  for (const end = performance.now() + (ctx.quick ? 8000 : 30_000); performance.now() < end; await sleep(100))
    lags.push((await auditState(app, nowhere)).seals[0]!.lagSeconds)
  isOver = true
  await Promise.all(writers)
  for (const stop of stops) await stop()
  await app.close()
  await sealer.close()
  ctx.log(`  ${written} entries by 8 writers, lag median ${median(lags).toFixed(2)} s, longest ${Math.max(...lags).toFixed(2)} s`)
  return claim(ctx, 'audit.seal_lag_s', Math.max(...lags), 's', '<=5')
}
