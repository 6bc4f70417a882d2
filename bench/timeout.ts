// A hundred thousand limits run out in the same minute; two processes work, one is killed in the middle. None is lost, none told twice, and other people hardly notice.
import { randomUUID } from 'node:crypto'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { withClient } from '#kernel/server/database/roles.ts'
import { copyApproval, preparePeople, signIn, submitOne } from './approvals-data.ts'
import { bench, benchDatabase, claim, fill, line, load, serveOurs, type BenchDatabase } from './harness.ts'

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = new URL('./requests', import.meta.url).pathname
    await using database = await benchDatabase('timeout')
    await preparePeople(database)
    const count = ctx.quick ? 4000 : 100_000
    await using web = await serveOurs(database, { roles: 'web' })
    const one = await submitOne(web.url, 'bench.request', { kind: 'b' })
    await copyApproval(database, one, 'bench.request', count - 1)
    await fill(database, 'ANALYZE; CHECKPOINT')
    const headers = await signIn(web.url, 'decider1')
    // What others do meanwhile: decide on requests of their own.
    const others = await submitOne(web.url, 'bench.request', { kind: 'c' })
    const ids = await copyApproval(database, others, 'bench.request', 12_000)
    const actsOf = (from: number, to: number) => ids.slice(from, to).map((id) => ({ path: `/api/approvals/${id}/acts`, body: JSON.stringify({ kind: 'approve', actId: randomUUID(), seenVersion: 1, task: 'head#1/1' }) })) // prettier-ignore
    const plan = { url: web.url, connections: 4, method: 'POST', headers } as const
    const idle = await load({ ...plan, seconds: 4, calls: actsOf(0, 4000), requests: 4000 })
    ctx.log(`  others, idle           ${line(idle)}`)
    // The same minute for all.
    const mine = `(SELECT number FROM kernel.flow_instance WHERE id = '${one.instance}')`
    await fill(
      database,
      `DELETE FROM kernel.flow_due d USING kernel.flow_instance f WHERE f.id = d.instance AND f.number <> ${mine};
       UPDATE kernel.flow_due SET at = now() - interval '1 second';
       UPDATE kernel.flow_instance SET state = jsonb_set(state, '{entries,0,due}', to_jsonb(to_char(now() AT TIME ZONE 'UTC' - interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))) WHERE number = ${mine}; ANALYZE`,
    )
    const began = performance.now()
    const [first, second] = [await worker(database), await worker(database)]
    const busy = load({ ...plan, seconds: ctx.quick ? 4 : 20, calls: actsOf(4000, 12_000), requests: 8000 })
    await until(async () => (await left(database)) < count * 0.6)
    first.kill('SIGKILL')
    ctx.log('  one of the two workers is killed')
    ctx.log(`  others, meanwhile      ${line(await busy)}`)
    await until(async () => (await left(database)) === 0)
    const minutes = (performance.now() - began) / 60_000
    second.kill('SIGTERM')
    await once(second, 'exit')
    const [told, ran] = await numbers(database)
    ctx.log(`  ${count} ran out: ${ran} stages ran, ${told} messages, ${minutes.toFixed(2)} minutes`)
    return [
      claim(ctx, 'timeout.minutes', minutes, 'min', '<=5'),
      claim(ctx, 'timeout.lost', count - ran, '', '<=0'),
      claim(ctx, 'timeout.doubled', told - ran, '', '<=0'),
      claim(ctx, 'timeout.others_p95', (await busy).p95 / idle.p95, 'x', '<=2', { relative: true }),
    ]
  },
})

async function worker(database: BenchDatabase): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'house.ts'), [], { env: { ...process.env, XINGLIN_APP_URL: database.appUrl, XINGLIN_BENCH_FOLDER: database.folder, XINGLIN_BENCH_ROLES: 'worker' }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }) // prettier-ignore
  await once(child, 'message')
  return child
}
const left = (database: BenchDatabase): Promise<number> =>
  withClient(
    database.adminUrl,
    async (admin) => (await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.flow_due`)).rows[0]!.n,
  )
async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 200))
}
/** Messages about what ran out, and stages that ran. */
const numbers = (database: BenchDatabase): Promise<[number, number]> =>
  withClient(database.adminUrl, async (admin) => [
    (await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.message WHERE title LIKE '请尽快处理%'`)).rows[0]!.n,
    (await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.flow_event WHERE type = 'timedOut'`)).rows[0]!.n,
  ])
