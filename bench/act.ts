// A decision end to end: HTTP to committed, three-step flow, 20 fields, access on, with history, events, tasks and messages; among two million tasks.
// Against a hand-written route that updates one row and inserts one in a transaction; printed beside, the same as one statement.
import { createHash, randomUUID } from 'node:crypto'
import { actOnce, copyApproval, preparePeople, signIn, submitOne, surround } from './approvals-data.ts'
import { alternate, bench, benchDatabase, claim, fill, line, load, median, serveFloor, serveOurs } from './harness.ts'

const [decisions, requests] = ['plain_decision', 'plain_request']

export default bench({
  floor(app, pool) {
    app.post<{ Params: { id: string } }>('/act/:id', async ({ params }) => {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        await client.query({
          name: 'u',
          text: `UPDATE ${requests} SET state = 'approved', version = version + 1, updated_at = now() WHERE id = $1`,
          values: [params.id],
        })
        await client.query({
          name: 'i',
          text: `INSERT INTO ${decisions} (id, request, at, verdict) VALUES ($1, $2, now(), 'pass')`,
          values: [randomUUID(), params.id],
        })
        await client.query('COMMIT')
      } finally {
        client.release()
      }
      return { status: 'approved' }
    })
    app.post<{ Params: { id: string } }>('/one/:id', async ({ params }) => {
      await pool.query({
        name: 'cte',
        text: `WITH u AS (UPDATE ${requests} SET state = 'approved', version = version + 1, updated_at = now() WHERE id = $1 RETURNING id) INSERT INTO ${decisions} (id, request, at, verdict) SELECT $2, id, now(), 'pass' FROM u`,
        values: [params.id, randomUUID()],
      })
      return { status: 'approved' }
    })
  },
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = new URL('./requests', import.meta.url).pathname
    await using database = await benchDatabase('act')
    await preparePeople(database)
    const around = ctx.quick ? 200_000 : 2_000_000
    await surround(database, around)
    ctx.log(`  ${around} tasks around, fsync on`)
    const turnSize = ctx.quick ? 6000 : 14_000
    const ids = { plain: [] as string[], last: [] as string[], lines: [] as string[] }
    await fill(
      database,
      `CREATE TABLE ${requests} (id uuid PRIMARY KEY, state text, version int, updated_at timestamptz); CREATE TABLE ${decisions} (id uuid PRIMARY KEY, request uuid, at timestamptz, verdict text); CREATE INDEX ON ${decisions} (request);
       INSERT INTO ${requests} SELECT md5('q' || n)::uuid, 'pending', 1, now() FROM generate_series(1, 200000) n; GRANT ALL ON ${requests}, ${decisions} TO xinglin_app; GRANT USAGE ON SCHEMA public TO xinglin_app`,
    )
    await using ours = await serveOurs(database)
    // Of ten acts seven are plain, two the last of five that must all consent, one decides twenty lines.
    const one = await submitOne(ours.url, 'bench.request')
    ids.plain = await copyApproval(database, one, 'bench.request', turnSize * 6 * 0.7)
    const batch = await submitOne(ours.url, 'bench.batch', {
      lines: Array.from({ length: 20 }, (_, n) => ({ name: `项目${n}`, count: 1 })),
    })
    ids.lines = await copyApproval(database, batch, 'bench.batch', turnSize * 6 * 0.1)
    await bindAll(ours.url)
    const all = await submitOne(ours.url, 'bench.request')
    for (const n of [2, 3, 4, 5]) await actOnce(ours.url, `decider${n}`, all.instance, { kind: 'approve', task: `all#1/${n}` })
    ids.last = await copyApproval(database, all, 'bench.request', turnSize * 6 * 0.2)
    await fill(database, 'ANALYZE; CHECKPOINT')
    await using floor = await serveFloor(database, 'act')
    const headers = await signIn(ours.url, 'decider1')
    const kinds = [...Array<keyof typeof ids>(7).fill('plain'), 'last', 'last', 'lines'] as const
    const taken = { plain: 0, last: 0, lines: 0 }
    const tasks = { plain: 'head#1/1', last: 'all#1/1', lines: 'head#1/1' }
    const calls = () =>
      Array.from({ length: turnSize }, (_, n) => {
        const kind = kinds[n % 10]!
        const id = ids[kind][taken[kind]++]!
        return {
          path: `/api/approvals/${id}/acts`,
          body: JSON.stringify({ kind: 'approve', actId: randomUUID(), seenVersion: 1, task: tasks[kind], opinion: '同意' }),
        }
      })
    const floorPlan = {
      url: floor.url,
      connections: 64,
      method: 'POST',
      expect: 'approved',
      calls: Array.from({ length: 20_000 }, (_, n) => ({ path: `/act/${md5id(n + 1)}`, body: '' })),
    } as const
    const turns = await alternate(ctx, floorPlan, () => ({
      url: ours.url,
      connections: 64,
      method: 'POST',
      headers,
      calls: calls(),
      requests: turnSize,
      expect: '"status"',
    }))
    const single = await load({
      ...floorPlan,
      seconds: ctx.quick ? 2.5 : 6,
      calls: floorPlan.calls.map((call) => ({ ...call, path: call.path.replace('/act/', '/one/') })),
    })
    ctx.log(`  floor as one statement ${line(single)}`)
    const [floorRate, oursRate] = [median(turns.floor.map((r) => r.perSecond)), median(turns.ours.map((r) => r.perSecond))]
    return [
      claim(ctx, 'act.ratio', oursRate / floorRate, 'x', '>=0.35', { floor: floorRate, ours: oursRate, relative: true }),
      claim(ctx, 'act.p95_ms', median(turns.ours.map((r) => r.p95)), 'ms', '<=150'),
    ]
  },
})

const md5id = (n: number): string =>
  createHash('md5')
    .update(`q${n}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
/** From now on new requests go to the five. */
async function bindAll(url: string): Promise<void> {
  const bindings = [{ label: '会签', filter: { field: 'kind', op: 'eq', value: 'a' }, flow: 'bench.all', enabled: true }]
  const answer = await fetch(`${url}/api/flow-bindings/bench.request/new`, {
    method: 'PUT',
    headers: await signIn(url, 'decider5'),
    body: JSON.stringify({ bindings }),
  })
  if (answer.status !== 200) throw new Error(await answer.text())
}
