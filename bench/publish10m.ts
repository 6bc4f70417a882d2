// A table of 10,000,000 rows is changed while people work on it and an export of five minutes is open: a field with an index, a formula filled in for old rows, a wider type.
import { newKey } from '#kernel/model/designs/index.ts'
import type { DesignAnswer, PublishingItem } from '#model'
import { withClient } from '#kernel/server/database/roles.ts'
import { giveAccounts } from './accounts.ts'
import { bench, claim, fill, line, load, serveOurs, type BenchContext, type BenchDatabase, type Claim, type Served } from './harness.ts'
import type { LoadPlan, LoadResult } from './load.ts'
import { largeDatabase, units, uuid } from './large-data.ts'
import { id, password, signInAs } from './register-data.ts'

const rowsOf = (ctx: Pick<BenchContext, 'quick'>): number => (ctx.quick ? 500_000 : 10_000_000)
const open = (ctx: BenchContext) => largeDatabase(ctx, [], rowsOf(ctx), 'publish')
const drawer = 21
const [count, total, unit] = [newKey(), newKey(), newKey()]
const overlay = (...fields: object[]) => ({ fields, patches: [], rules: [], roles: [] })
const counted = (kind: 'integer' | 'decimal') => ({
  key: count,
  kind,
  label: `件数${count}`,
  required: false,
  options: kind === 'decimal' ? { scale: 2 } : {},
})
const more = [
  {
    key: total,
    kind: 'formula',
    label: `合计${total}`,
    required: false,
    options: { expression: `${count} * 2.0`, result: 'decimal', scale: 2 },
  },
  { key: unit, kind: 'unit', label: `送检科室${unit}`, required: false, options: {} },
]

export default bench({
  async prepare(ctx) {
    await (await open(ctx))[Symbol.asyncDispose]()
  },
  async run(ctx) {
    await using database = await open(ctx)
    await people(database)
    await using ours = await serveOurs(database, { publishes: true })
    const call = await caller(ours, 'drawer')
    const first = await call<DesignAnswer>('GET', '/api/designs/overlay/large.case')
    // What was published by earlier runs goes: its columns stay, as in any hospital.
    await publish(call, await save(call, first.revision, overlay(counted('integer'))))
    await fill(database, `SET statement_timeout = 0; UPDATE large."case" SET ${count} = age`)
    await withClient(database.adminUrl, (admin) => admin.query('VACUUM (ANALYZE) large."case"'))
    ctx.log(`  ${rowsOf(ctx).toLocaleString('en')} rows, each with a whole number that becomes a fraction; fsync on`)
    const idle = await work(ours, () => pause(ctx.quick ? 8000 : 60_000))
    const during = await work(ours, () => change(ctx, database, call))
    ctx.log(`  at rest             ${line(idle.lists)}\n                      ${line(idle.writes)}`)
    ctx.log(`  while it is changed ${line(during.lists)}\n                      ${line(during.writes)}`)
    const ratio = Math.max(during.lists.p99 / idle.lists.p99, during.writes.p99 / idle.writes.p99)
    return [claim(ctx, 'publish10m.p99_ratio', ratio, 'x', '<=2', { floor: idle.writes.p99, ours: during.writes.p99 }), claim(ctx, 'publish10m.lock_ms', longest, 'ms', '<=200', { ours: longest })] satisfies Claim[]
  },
}) // prettier-ignore

async function people(database: BenchDatabase): Promise<void> {
  await fill(database, `INSERT INTO directory.role_assignment (id, version, state, created_at, updated_at, status, role, person) VALUES (${id('assignment', '555')}, 1, 'approved', now(), now(), 'active', 'implementer', ${id('person', String(drawer))}) ON CONFLICT DO NOTHING`) // prettier-ignore
  await giveAccounts(database, password, [{ name: 'drawer', person: uuid('person', drawer) }])
}
type Call = <T>(method: string, path: string, body?: object) => Promise<T>
async function caller(served: Served, who: string): Promise<Call> {
  const headers = { ...(await signInAs(served.url, who)), 'content-type': 'application/json' }
  return async <T>(method: string, path: string, body?: object) => {
    const answer = await fetch(served.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
}
const save = (call: Call, revision: number, content: object) =>
  call<DesignAnswer>('PUT', '/api/designs/overlay/large.case', { revision, content })
const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms))
async function publish(call: Call, { kind, name, revision }: DesignAnswer): Promise<void> {
  let job = await call<PublishingItem>('POST', '/api/publishings', { items: [{ kind, name, revision }] })
  while (job.state !== 'done') {
    if (job.state === 'failed') throw new Error(job.problem ?? 'failed')
    await pause(300)
    job = await call<PublishingItem>('GET', `/api/publishings/${job.id}`)
  }
}

/** Lists and writes of others, as long as `part` takes. */
async function work(ours: Served, part: () => Promise<void>): Promise<{ lists: LoadResult; writes: LoadResult }> {
  const headers = await signInAs(ours.url, 'office')
  const draft = (n: number) => JSON.stringify({ name: `新${n}`, department: units[n % 600], doctor: uuid('person', 5), status: 'open', level: 'first', happenedOn: '2026-10-01' })
  const calls = units.slice(0, 100).map((one) => ({ path: `/api/records/large.case?limit=20&filter=${encodeURIComponent(JSON.stringify({ field: 'department', op: 'eq', value: one }))}` }))
  const end = new AbortController()
  const one = (plan: Pick<LoadPlan, 'method' | 'headers' | 'calls'>) => load({ url: ours.url, connections: 2, pause: 20, ...plan }, end.signal)
  const [lists, writes] = [one({ method: 'GET', headers, calls }), one({ method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, calls: Array.from({ length: 200 }, (_, n) => ({ path: '/api/records/large.case', body: draft(n) })) })]
  await part()
  end.abort()
  return { lists: await lists, writes: await writes }
} // prettier-ignore

let longest = 0
async function change(ctx: BenchContext, database: BenchDatabase, call: Call): Promise<void> {
  const watch = watchLocks(database)
  const begun = performance.now()
  const exporting = withClient(database.adminUrl, async (admin) => {
    await admin.query('BEGIN ISOLATION LEVEL REPEATABLE READ; DECLARE slow CURSOR FOR SELECT * FROM large."case"; FETCH 1 FROM slow')
    await pause(ctx.quick ? 10_000 : 300_000)
    await admin.query('ROLLBACK')
  })
  const { revision } = await call<DesignAnswer>('GET', '/api/designs/overlay/large.case')
  await publish(call, await save(call, revision, overlay(counted('decimal'), ...more)))
  ctx.log(`  published in ${Math.round((performance.now() - begun) / 1000)} s, an export of ${ctx.quick ? 10 : 300} s among it`)
  await exporting
  for (;;) {
    const left = await withClient(
      database.adminUrl,
      async (admin) => (await admin.query('SELECT count(*)::int AS n FROM kernel.derived_due')).rows[0] as { n: number },
    )
    if (left.n === 0) break
    await pause(1000)
  }
  ctx.log(`  the formula stands in every row after ${Math.round((performance.now() - begun) / 1000)} s`)
  longest = await watch()
}
/** The longest stretch in which the publisher held or waited for the table alone, looked at every 10 ms. Answers it when it is stopped, in ms. */
function watchLocks(database: BenchDatabase): () => Promise<number> {
  let isOver = false
  const watching = withClient(database.adminUrl, async (admin) => {
    let [worst, since] = [0, 0]
    while (!isOver) {
      const { rows } = await admin.query(
        `SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'xinglin-publisher' AND l.relation = 'large."case"'::regclass AND l.mode = 'AccessExclusiveLock' LIMIT 1`,
      )
      const now = performance.now()
      since = rows.length ? since || now : 0
      worst = Math.max(worst, since ? now - since : 0)
      await pause(10)
    }
    return worst
  })
  return () => {
    isOver = true
    return watching
  }
}
