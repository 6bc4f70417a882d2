// 10,000 people and 2,000 units with twenty years of changes: how many were where on any day, by unit and title, and the tree of that day.
import { addDays } from '#model'
import { withClient } from '#kernel/server/database/roles.ts'
import { giveAccounts } from './accounts.ts'
import { bench, benchDatabase, claim, fill, median, p95, serveOurs, type BenchDatabase } from './harness.ts'
import { randomOf } from './large-data.ts'
import { id, idOf, password, signInAs } from './register-data.ts'

const [people, units, first] = [10_000, 2000, '2006-01-01']
const head = 'version, state, created_at, updated_at'
const envelope = `1, 'approved', now(), now()`
const stretchHead = 'record_id, until_day, since_day, noted_at'
const ends = (table: string): string =>
  `UPDATE ${table} s SET until_day = n.until FROM (SELECT record_id, since_day, lead(since_day, 1, 'infinity') OVER (PARTITION BY record_id ORDER BY since_day) AS until FROM ${table}) n WHERE n.record_id = s.record_id AND n.since_day = s.since_day`

async function prepare(database: BenchDatabase): Promise<void> {
  const somewhere = id('unit', `100 + floor(random() * ${units - 100})::int`)
  // Each person moves eight times and each unit is renamed or moved four times; the rows stand where the last left them.
  await fill(
    database,
    `SELECT setseed(0.7);
     INSERT INTO directory.unit (id, ${head}, code, name, kind, parent) SELECT ${id('unit', 'n')}, ${envelope}, 'U' || n, '科室' || n, CASE WHEN n < 100 THEN 'department' ELSE 'ward' END, CASE WHEN n = 0 THEN NULL WHEN n < 100 THEN ${id('unit', '0')} ELSE ${id('unit', 'n % 99 + 1')} END FROM generate_series(0, ${units - 1}) n;
     INSERT INTO directory.person (id, ${head}, name, staff_number, unit, status, title_level, employment) SELECT ${id('person', 'n')}, ${envelope}, '人员' || n, lpad(n::text, 5, '0'), ${id('unit', `100 + n % ${units - 100}`)}, 'active', 'junior', 'established' FROM generate_series(0, ${people - 1}) n;
     INSERT INTO directory.unit__timeline (${stretchHead}, code, name, kind, parent) SELECT u.id, 'infinity', date '${first}' + (k * 1800 + random() * 1500)::int, now(), u.code, u.name || k, u.kind, CASE WHEN u.kind = 'ward' THEN ${id('unit', '1 + floor(random() * 99)::int')} ELSE u.parent END FROM directory.unit u, generate_series(0, 3) k ON CONFLICT DO NOTHING;
     INSERT INTO directory.person__timeline (${stretchHead}, unit, status, title_level, employment) SELECT p.id, 'infinity', date '${first}' + (k * 900 + random() * 800)::int, now(), ${somewhere}, CASE WHEN random() < 0.05 THEN 'away' WHEN random() < 0.03 THEN 'left' ELSE 'active' END, (ARRAY['junior', 'intermediate', 'associateSenior', 'senior'])[1 + k / 2], 'established' FROM directory.person p, generate_series(0, 7) k ON CONFLICT DO NOTHING;
     ${ends('directory.unit__timeline')}; ${ends('directory.person__timeline')};
     UPDATE directory.unit t SET name = s.name, parent = s.parent FROM (SELECT DISTINCT ON (record_id) * FROM directory.unit__timeline WHERE since_day <= current_date ORDER BY record_id, since_day DESC) s WHERE s.record_id = t.id;
     UPDATE directory.person t SET unit = s.unit, status = s.status, title_level = s.title_level FROM (SELECT DISTINCT ON (record_id) * FROM directory.person__timeline WHERE since_day <= current_date ORDER BY record_id, since_day DESC) s WHERE s.record_id = t.id;
     INSERT INTO directory.role_assignment (id, ${head}, status, role, person) VALUES (${id('assignment', '1')}, ${envelope}, 'active', 'medicalOffice', ${id('person', '7')});
     UPDATE directory.person SET status = 'active' WHERE id = ${id('person', '7')}`,
  )
  await giveAccounts(database, password, [{ name: 'office', person: idOf('person', 7) }])
  await withClient(database.adminUrl, (admin) => admin.query('VACUUM ANALYZE'))
}
const floorSql = (day: string): string =>
  `SELECT s.unit, s.title_level, count(*) FROM (SELECT DISTINCT ON (record_id) record_id, unit, title_level, status FROM directory.person__timeline WHERE since_day <= '${day}' ORDER BY record_id, since_day DESC) s
   JOIN directory.person p ON p.id = s.record_id AND p.deleted_at IS NULL WHERE s.status <> 'left' GROUP BY 1, 2`

export default bench({
  async run(ctx) {
    await using database = await benchDatabase('headcount')
    await prepare(database)
    await using ours = await serveOurs(database)
    const headers = await signInAs(ours.url, 'office')
    const random = randomOf(11)
    const rounds = ctx.quick ? 25 : 100
    const days = Array.from({ length: rounds }, () => addDays(first, Math.floor(random() * 7600)))
    const ask = async (path: string): Promise<unknown> => {
      const answer = await fetch(ours.url + path, { headers })
      if (!answer.ok) throw new Error(await answer.text())
      return answer.json()
    }
    const filter = encodeURIComponent(JSON.stringify({ field: 'status', op: 'ne', value: 'left' }))
    const timed = async (work: () => Promise<unknown>) => {
      const from = performance.now()
      await work()
      return performance.now() - from
    }
    const [floors, counts, trees]: number[][] = [[], [], []]
    await withClient(database.adminUrl, async (admin) => {
      for (const day of days) {
        floors!.push(await timed(() => admin.query(floorSql(day))))
        counts!.push(await timed(() => ask(`/api/records/staff.practitioner/summary?group=unit,titleLevel&filter=${filter}&asOf=${day}`)))
        trees!.push(await timed(() => ask(`/api/organisation/chart?asOf=${addDays(day, 1)}`)))
      }
    })
    const [floor, count, tree] = [median(floors!), p95(counts!), p95(trees!)]
    ctx.log(`  ${people} people, ${units} units, 20 years; ${rounds} days at random, each asked for the first time`)
    ctx.log(`  by hand in SQL ${floor.toFixed(0)} ms   head count P95 ${count.toFixed(0)} ms   tree with its people P95 ${tree.toFixed(0)} ms, P50 ${median(trees!).toFixed(0)} ms`)
    return [
      claim(ctx, 'headcount.ms', count, 'ms', '<=1000', { floor, ours: count }),
      claim(ctx, 'orgtree.p95_ms', tree, 'ms', '<=100', { floor, ours: tree }),
    ]
  },
}) // prettier-ignore
