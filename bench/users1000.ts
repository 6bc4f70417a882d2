// A thousand people at their work among fifty types, one of them of ten million rows; then ten times as many, more than the machine can do; then a thousand again.
import { join } from 'node:path'
import { withClient } from '#kernel/server/database/roles.ts'
import { bench, claim, crowd, fill, serveOurs, type BenchContext, type BenchDatabase, type Claim } from './harness.ts'
import { largeDatabase, rowsOf, units } from './large-data.ts'
import type { CrowdPlan, CrowdResult, Person, Sample } from './crowd.ts'
import { id, idOf } from './register-data.ts'
import { sessionsOf } from './sessions.ts'

const registers = Array.from({ length: 49 }, (_, n) => `crowd.register${n}`)
const caseColumns = 'name,department,doctor,status,level,kind,happenedOn'
const filterOf = (status: string) => encodeURIComponent(JSON.stringify({ and: [{ field: 'status', op: 'in', value: [status] }] }))
/** What is asked for: each register, filtered and not, and every sixth time the large one. */
const lists = [
  ...registers.flatMap((one) => [`${one}?limit=50`, `${one}?limit=50&filter=${filterOf('open')}`]),
  ...Array.from({ length: 20 }, (_, n) => `large.case?limit=50&columns=${caseColumns}&sort=-happenedOn${n % 2 ? `&filter=${filterOf('waiting')}` : ''}`),
] // prettier-ignore
const thinkMs = 5000

export default bench({
  async prepare(ctx) {
    const database = await databaseOf(ctx)
    await database[Symbol.asyncDispose]()
  },
  async run(ctx) {
    await using database = await databaseOf(ctx)
    const people = await signedIn(database)
    await using ours = await serveOurs(database)
    const base = { url: ours.url, people, times: 1, thinkMs, lists }
    const seconds = ctx.quick ? 20 : 60
    ctx.log(`  ${people.length} people, 50 types, one of ${rowsOf(ctx).toLocaleString('en')} rows; think time 5 s`)
    // To warm up, and what the machine can do: as many at once as keep it at work.
    await crowd({ ...base, people: people.slice(0, 64), thinkMs: 0, seconds: 6 })
    const usual = await crowd({ ...base, seconds })
    ctx.log(`  a thousand      ${said(usual)}`)
    const full = await crowd({ ...base, people: people.slice(0, 40), thinkMs: 0, seconds: ctx.quick ? 10 : 30 })
    const capacity = full.samples.filter(isAccepted).length / (ctx.quick ? 10 : 30)
    ctx.log(`  capacity        ${said(full)}`)
    return [...judgeUsual(ctx, usual), ...(await overload(ctx, database, { ...base, seconds: ctx.quick ? 20 : 60 }, capacity))]
  },
})

const isAccepted = ([, , status]: Sample): boolean => status >= 200 && status < 300
const p95Of = (samples: readonly Sample[]): number => {
  const times = samples.map(([, ms]) => ms).sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.95)] ?? 0
}
const said = ({ samples, firstFailure }: CrowdResult): string => {
  const accepted = samples.filter(isAccepted)
  const seconds = Math.max(...samples.map(([at, ms]) => at + ms)) / 1000
  return `${Math.round(samples.length / seconds)}/s sent, ${Math.round(accepted.length / seconds)}/s done, P95 ${p95Of(accepted).toFixed(0)} ms, ${samples.filter(([, , status]) => status === 503).length} refused${firstFailure ? `; first failure ${firstFailure}` : ''}`
}

function judgeUsual(ctx: BenchContext, { samples }: CrowdResult): Claim[] {
  return [
    claim(ctx, 'users1000.p95_ms', p95Of(samples), 'ms', '<=500'),
    claim(ctx, 'users1000.errors', samples.filter((sample) => !isAccepted(sample)).length, '', '<=0', { relative: true }),
  ]
}

/** Ten times the people, then the usual number at once: how soon all is as before. */
async function overload(ctx: BenchContext, database: BenchDatabase, plan: CrowdPlan, capacity: number): Promise<Claim[]> {
  const crowded = await crowd({ ...plan, times: 10 })
  ctx.log(`  ten times       ${said(crowded)}`)
  const after = await crowd({ ...plan, seconds: 15 })
  ctx.log(`  a thousand      ${said(after)}`)
  const accepted = crowded.samples.filter(isAccepted)
  // Before everybody has sent his first request it is not yet ten times the load.
  const [from, to] = [thinkMs * 2, plan.seconds * 1000]
  const within = accepted.filter(([at, ms]) => at + ms >= from && at + ms < to)
  const goodput = within.length / ((to - from) / 1000)
  return [
    claim(ctx, 'overload.lost_writes', await lostOf(database, crowded), '', '<=0', { relative: true }),
    claim(ctx, 'overload.goodput', goodput / capacity, 'x', '>=0.7', { floor: capacity, ours: goodput, relative: true }),
    claim(ctx, 'overload.p95_ms', p95Of(accepted), 'ms', '<=3000'),
    claim(ctx, 'overload.recovery_s', recoveryOf(after), 's', '<=10'),
  ]
}
/** Seconds until nothing is refused any more and 95 of a hundred answers of a second come within 0.5 s. */
function recoveryOf({ samples }: CrowdResult): number {
  for (let second = 14; second >= 0; second--) {
    const then = samples.filter(([at]) => Math.floor(at / 1000) === second)
    if (then.some((sample) => !isAccepted(sample)) || p95Of(then) > 500) return second + 1
  }
  return 0
}
/** Writes answered as done that are not there, and refused ones that are. */
async function lostOf(database: BenchDatabase, { written }: CrowdResult): Promise<number> {
  const tables = [...registers.map((one) => one.replace('.', '."') + '"'), 'large."case"']
  return withClient(database.adminUrl, async (admin) => {
    const there = async (ids: string[]) =>
      (await admin.query<{ id: string }>(tables.map((table) => `SELECT id FROM ${table} WHERE id = ANY($1::uuid[])`).join(' UNION ALL '), [ids])).rows.length // prettier-ignore
    return written.done.length - (await there(written.done)) + (await there(written.refused))
  })
}

/** The large database with forty-nine types more, each of some thousand rows. */
async function databaseOf(ctx: BenchContext): Promise<BenchDatabase> {
  const database = await largeDatabase(ctx, [join(import.meta.dirname, 'crowd')])
  const row = `1, 'approved'`
  const head = 'version, state, created_at, updated_at'
  for (const name of registers) {
    const table = `${name.replace('.', '."')}"`
    await fill(
      database,
      `INSERT INTO ${table} (id, ${head}, practitioner, department, name, level, status, happened_on, amount)
         SELECT ${id(name, 'n')}, ${row}, at, at, ${id('person', 'n % 600')}, ${id('unit', 'n % 600')}, '登记事项' || n, (ARRAY['national','provincial','hospital'])[1 + n % 3],
           (ARRAY['open','done','dropped'])[1 + n % 3], date '2024-01-01' + n % 900, n % 10000
         FROM (SELECT n, timestamptz '2024-01-01 00:00+00' + n * interval '1 minute' AS at FROM generate_series(1, 3000) n) x ON CONFLICT DO NOTHING; ANALYZE ${table}`,
    )
  }
  await fill(
    database,
    `INSERT INTO directory.person (id, ${head}, name, staff_number, unit, status) SELECT ${id('person', 'n')}, ${row}, now(), now(), '人员' || n, lpad(n::text, 5, '0'), ${id('unit', 'n % 600')}, 'active' FROM generate_series(600, 999) n ON CONFLICT DO NOTHING;
     INSERT INTO directory.membership (id, ${head}, person, unit, post, main) SELECT ${id('membership', 'n')}, ${row}, now(), now(), ${id('person', 'n')}, ${id('unit', 'n % 600')}, CASE WHEN n < 50 THEN 'head' ELSE 'member' END, true FROM generate_series(0, 999) n ON CONFLICT DO NOTHING;
     INSERT INTO directory.role_assignment (id, ${head}, status, role, person) SELECT ${id('assignment', '1000 + n')}, ${row}, now(), now(), 'active', 'medicalOffice', ${id('person', 'n')} FROM generate_series(50, 69) n ON CONFLICT DO NOTHING;
     ANALYZE directory.person, directory.membership`,
  )
  return database
}

/** A thousand people with a session each: their passwords are of no interest here. */
async function signedIn(database: BenchDatabase): Promise<Person[]> {
  const people = await sessionsOf(database, 'crowd', Array.from({ length: 1000 }, (_, n) => idOf('person', n))) // prettier-ignore
  return people.map(({ person, cookie, csrf }, n) => ({
    cookie,
    csrf,
    id: person,
    department: units[n % 600]!,
    isOfficer: n >= 50 && n < 70,
  }))
}
