// A head opens his units' list: 1,000,000 rows of 600 units, scope of 12 units, two filters, newest first, 32 connections; against hand-written SQL.
import { alternate, bench, benchDatabase, claim, fill, median, serveFloor, serveOurs, type BenchDatabase } from './harness.ts'
import { id, prepareRegister, registerFolder, signInAs, unitsOfHead } from './register-data.ts'

export const filter = {
  and: [
    { field: 'level', op: 'eq', value: 'provincial' },
    { field: 'status', op: 'in', value: ['open', 'done'] },
  ],
}
export const columns = 'practitioner,name,level,status,happenedOn,amount'

export default bench({
  floor(app, pool) {
    // The best form found for this question: each unit's range of the index (department, level, created_at) read in order, the heads merged.
    app.get('/list', async () => {
      const { rows } = await pool.query({
        name: 'list',
        text: `SELECT r.* FROM unnest($1::uuid[]) u(id) CROSS JOIN LATERAL (
            SELECT id, version, state, created_at, created_by, updated_at, updated_by, practitioner, department, name, level, status, happened_on, amount FROM bench.entry e
            WHERE e.department = u.id AND e.level = $2 AND e.status = ANY($3) AND e.deleted_at IS NULL ORDER BY e.created_at DESC NULLS LAST, e.id DESC LIMIT 51) r
          ORDER BY r.created_at DESC NULLS LAST, r.id DESC LIMIT 51`,
        values: [unitsOfHead(), 'provincial', ['open', 'done']],
      })
      return { rows }
    })
  },
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = registerFolder
    await using database = await benchDatabase('list')
    const rows = ctx.quick ? 300_000 : 1_000_000
    ctx.log(`  ${rows} rows, 600 units, fsync on`)
    await prepareRegister(database)
    await fillEntries(database, rows)
    await using floor = await serveFloor(database, 'list')
    await using ours = await serveOurs(database)
    const headers = await signInAs(ours.url, 'head')
    const path = `/api/records/bench.entry?filter=${encodeURIComponent(JSON.stringify(filter))}&sort=-createdAt&limit=50&columns=${columns}`
    const plan = { connections: 32, method: 'GET', expect: '"rows":[{' } as const
    const turns = await alternate(
      ctx,
      { ...plan, url: floor.url, calls: [{ path: '/list' }] },
      { ...plan, url: ours.url, headers, calls: [{ path }] },
    )
    const [floorRate, oursRate] = [median(turns.floor.map((r) => r.perSecond)), median(turns.ours.map((r) => r.perSecond))]
    return [
      claim(ctx, 'list.ratio', oursRate / floorRate, 'x', '>=0.6', { floor: floorRate, ours: oursRate, relative: true }),
      claim(ctx, 'list.p95_ms', median(turns.ours.map((r) => r.p95)), 'ms', '<=100', {
        floor: median(turns.floor.map((r) => r.p95)),
        ours: median(turns.ours.map((r) => r.p95)),
      }),
    ]
  },
})

export async function fillEntries(database: BenchDatabase, rows: number): Promise<void> {
  await fill(
    database,
    `INSERT INTO bench.entry (id, version, state, created_at, updated_at, practitioner, department, name, level, status, happened_on, amount)
       SELECT ${id('entry', 'n')}, 1, 'approved', at, at, ${id('person', 'n % 600')}, ${id('unit', '(n * 7) % 600')}, '登记事项' || n,
         (ARRAY['national','provincial','municipal','hospital'])[1 + (n / 3) % 4], (ARRAY['open','done','dropped'])[1 + n % 3], date '2024-01-01' + n % 900, n % 10000
       FROM (SELECT n, timestamptz '2024-01-01 00:00+00' + n * interval '1 minute' AS at FROM generate_series(1, ${rows}) n) x;
     ANALYZE bench.entry; CHECKPOINT`,
  )
}
