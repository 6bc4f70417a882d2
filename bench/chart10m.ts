// A page's chart over 10,000,000 cases: for a reader of thirty units out of cells that carry the unit, while cases are written; a question beside the cells with two filters.
import { withClient } from '#kernel/server/database/roles.ts'
import { giveAccounts } from './accounts.ts'
import { alternate, bench, claim, fill, line, load, median, serveFloor, serveOurs, type BenchContext, type BenchDatabase, type Claim, type Served } from './harness.ts' // prettier-ignore
import { largeDatabase, units, uuid } from './large-data.ts'
import { id, password, signInAs } from './register-data.ts'

const rowsOf = (ctx: Pick<BenchContext, 'quick'>): number => (ctx.quick ? 500_000 : 10_000_000)
/** Thirty of six hundred, here and there. */
const own = Array.from({ length: 30 }, (_, n) => n * 20 + 3)
const reader = 333
const chart = {
  resource: 'large.case', view: null, filter: null, kind: 'stacked', group: ['level', 'status'], measures: ['count'], order: 'usual', top: null, share: false,
  colours: [], format: { scale: 'plain', digits: null, unit: '' }, compare: null, detail: null,
} // prettier-ignore
const bodyOf = (part: object, asks: readonly object[] = []): string =>
  JSON.stringify({ block: { kind: 'chart', id: 'one', title: '图', place: { x: 0, y: 0, w: 8, h: 6 }, phone: 0, chart: { ...chart, ...part } }, asks }) // prettier-ignore
const path = '/api/pages/run'
const json = { 'content-type': 'application/json' }
interface Answer {
  groups: { keys: (string | null)[]; count: number }[]
  whole: { count: number }
  code?: string
}

export default bench({
  floor(app, pool) {
    app.post('/chart', async () => {
      const { rows } = await pool.query({
        name: 'chart',
        text: `SELECT keys[2] AS level, keys[3] AS status, sum(n)::int AS n FROM kernel.roll_up_cell WHERE roll_up LIKE 'large.case %' AND unit = ANY($1::uuid[]) GROUP BY 1, 2 ORDER BY 1, 2`,
        values: [own.map((n) => units[n])],
      })
      return { rows }
    })
  },
  async prepare(ctx) {
    await (await largeDatabase(ctx, [], rowsOf(ctx)))[Symbol.asyncDispose]()
  },
  async run(ctx) {
    await using database = await largeDatabase(ctx, [], rowsOf(ctx))
    ctx.log(`  ${rowsOf(ctx).toLocaleString('en')} rows, 600 units, a reader of 30, fsync on`)
    await people(database)
    await using floor = await serveFloor(database, 'chart10m')
    await using ours = await serveOurs(database)
    await built(ctx, database)
    return [await speed(ctx, floor, ours), ...(await freshness(ctx, database, ours)), await adhoc(ctx, ours)]
  },
})

/** The reader's memberships and accounts; those that exist stay. */
async function people(database: BenchDatabase): Promise<void> {
  const lines = own.map((n) => `(${id('membership', `30-${n}`)}, 1, 'approved', now(), now(), ${id('person', String(reader))}, ${id('unit', String(n))}, 'head', true)`) // prettier-ignore
  await fill(
    database,
    `INSERT INTO directory.membership (id, version, state, created_at, updated_at, person, unit, post, main) VALUES ${lines.join(', ')} ON CONFLICT DO NOTHING;
     INSERT INTO directory.role_assignment (id, version, state, created_at, updated_at, status, role, person) VALUES (${id('assignment', '333')}, 1, 'approved', now(), now(), 'active', 'departmentHead', ${id('person', String(reader))}) ON CONFLICT DO NOTHING`,
  )
  await giveAccounts(database, password, [{ name: 'chart30', person: uuid('person', reader) }])
}
const ask = async <R>(database: BenchDatabase, sql: string, values: unknown[] = []): Promise<R[]> =>
  withClient(database.adminUrl, async (admin) => (await admin.query(sql, values)).rows as R[])
async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<number> {
  const begun = performance.now()
  while (!(await holds())) {
    if (performance.now() - begun > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise((done) => setTimeout(done, 250))
  }
  return performance.now() - begun
}
async function built(ctx: BenchContext, database: BenchDatabase): Promise<void> {
  const ms = await until('cells', 600, async () => (await ask(database, `SELECT 1 FROM kernel.roll_up WHERE resource = 'large.case' AND fresh_at IS NOT NULL`)).length > 0) // prettier-ignore
  const [cells] = await ask<{ n: string }>(database, `SELECT count(*) AS n FROM kernel.roll_up_cell`)
  ctx.log(`  ${cells!.n} cells, counted within ${Math.round(ms / 1000)} s`)
}

async function speed(ctx: BenchContext, floor: Served, ours: Served): Promise<Claim> {
  const plan = { connections: 8, method: 'POST' } as const
  const turns = await alternate(
    ctx,
    { ...plan, url: floor.url, headers: json, calls: [{ path: '/chart', body: '{}' }], expect: '"rows":[{' },
    { ...plan, url: ours.url, headers: { ...(await signInAs(ours.url, 'chart30')), ...json }, calls: [{ path, body: bodyOf({}) }, { path, body: bodyOf({}, [{ paths: ['kind'], op: 'in', value: ['k0', 'k1'] }]) }], expect: '"groups":[{' }, // prettier-ignore
  )
  const p95 = median(turns.ours.map((r) => r.p95))
  return claim(ctx, 'chart10m.p95_ms', p95, 'ms', '<=300', { floor: median(turns.floor.map((r) => r.p95)), ours: p95 })
}

/** Cases are written all over the hospital; one of the reader's own is looked for in his chart. */
async function freshness(ctx: BenchContext, database: BenchDatabase, ours: Served): Promise<Claim[]> {
  const office = { ...(await signInAs(ours.url, 'office')), ...json }
  const headers = { ...(await signInAs(ours.url, 'chart30')), ...json }
  const body = (n: number, unit: number) => JSON.stringify({ name: `新${n}`, department: units[unit], doctor: uuid('person', 5), status: 'disputed', level: 'fourth', happenedOn: '2026-10-01' }) // prettier-ignore
  const calls = Array.from({ length: 600 }, (_, n) => ({ path: '/api/records/large.case', body: body(n, n) }))
  const writing = load({ url: ours.url, connections: 2, method: 'POST', headers: office, calls, pause: 60, seconds: ctx.quick ? 20 : 90 })
  const counted = async (filter: object | null) => {
    const answer = (await (await fetch(ours.url + path, { method: 'POST', headers, body: bodyOf({ kind: 'number', group: [], filter }) })).json()) as Answer // prettier-ignore
    return answer.whole.count
  }
  const lags: number[] = []
  for (let n = 0; n < (ctx.quick ? 3 : 8); n++) {
    const made = await fetch(`${ours.url}/api/records/large.case`, { method: 'POST', headers: office, body: body(n, own[n]!) }) // prettier-ignore
    const { record } = (await made.json()) as { record: { id: string } }
    const [unit] = [units[own[n]!]]
    // Seen when the cells of its unit say as many as the table.
    lags.push(await until('fresh cells', 120, async () => (await ask(database, `SELECT 1 FROM (SELECT sum(n) AS n FROM kernel.roll_up_cell WHERE roll_up LIKE 'large.case %' AND unit = $1) c, (SELECT count(*) AS n FROM large."case" WHERE department = $1 AND deleted_at IS NULL) t WHERE c.n = t.n AND $2::uuid IS NOT NULL`, [unit, record.id])).length > 0)) // prettier-ignore
  }
  ctx.log(`  writing             ${line(await writing)}`)
  // At rest, what the reader is answered is what the table holds: a condition that every case meets leads past the cells.
  const live = await counted({ field: 'happenedOn', op: 'notEmpty' })
  await until('equal figures', 120, async () => (await counted(null)) === live)
  ctx.log(`  the reader's figure equals the table's: ${live}`)
  const worst = Math.max(...lags) / 1000
  return [claim(ctx, 'chart10m.fresh_s', worst, 's', '<=60', { ours: worst })]
}

/** Beside the cells: two filters over the whole hospital. What would be slower is refused before it is begun, and goes on in the background. */
async function adhoc(ctx: BenchContext, ours: Served): Promise<Claim> {
  const headers = { ...(await signInAs(ours.url, 'office')), ...json }
  const filter = { and: [{ field: 'source', op: 'eq', value: 'emergency' }, { field: 'happenedOn', op: 'between', value: ['2026-01-01', '2026-06-30'] }] } // prettier-ignore
  const begun = performance.now()
  const body = bodyOf({ kind: 'bar', group: ['source', 'sex'], filter })
  const answer = await fetch(ours.url + path, { method: 'POST', headers, body })
  const found = (await answer.json()) as Answer
  const seconds = (performance.now() - begun) / 1000
  ctx.log(`  two filters         ${answer.status} ${found.code ?? `${found.whole.count} cases`} after ${seconds.toFixed(2)} s`)
  if (answer.status !== 200) {
    if (found.code !== 'slowQuery') throw new Error(JSON.stringify(found))
    const ordered = await fetch(`${ours.url}/api/answers`, { method: 'POST', headers, body: body.replace('{', '{"kind":"block",') })
    if (ordered.status !== 202) throw new Error(await ordered.text())
  }
  return claim(ctx, 'chart10m.adhoc_s', seconds, 's', '<=3', { ours: seconds })
}
