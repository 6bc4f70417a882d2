// 10,000 people told by another system for the first time, then once more with one in a hundred changed: matched, units resolved, written, with the lines of the report.
import { withClient } from '#kernel/server/database/roles.ts'
import { giveAccounts } from './accounts.ts'
import { bench, benchDatabase, claim, fill, serveOurs, type BenchDatabase } from './harness.ts'
import { id, idOf, password, signInAs } from './register-data.ts'

const units = 500
const head = 'id, version, state, created_at, updated_at'
const envelope = (what: string, n: string): string => `${id(what, n)}, 1, 'approved', now(), now()`

async function prepare(database: BenchDatabase): Promise<void> {
  await fill(
    database,
    `INSERT INTO directory.unit (${head}, code, name, kind) SELECT ${envelope('unit', 'n')}, 'U' || n, '科室' || n, 'department' FROM generate_series(0, ${units - 1}) n;
     INSERT INTO directory.person (${head}, name, staff_number, unit, status) SELECT ${envelope('person', 'n')}, '官员' || n, 'X' || n, ${id('unit', '0')}, 'active' FROM generate_series(0, 9) n;
     INSERT INTO directory.role_assignment (${head}, status, role, person) VALUES (${envelope('assignment', '1')}, 'active', 'systemOfficer', ${id('person', '7')})`,
  )
  await giveAccounts(database, password, [{ name: 'office', person: idOf('person', 7) }])
}
/** Number, name, birthday, sex, mobile, unit; `moved`: one in a hundred is elsewhere by now. */
const told = (people: number, moved: boolean) =>
  Array.from({ length: people }, (_, n) => ({
    number: String(n).padStart(6, '0'),
    name: `职工${n}`,
    sex: n % 3 ? '女' : '男',
    birthDate: `${1965 + (n % 35)}.${(n % 12) + 1}.${(n % 28) + 1}`,
    mobile: `138${String(n).padStart(8, '0')}`,
    unit: `U${(n + (moved && n % 100 === 0 ? 1 : 0)) % units}`,
  }))

export default bench({
  async run(ctx) {
    const people = ctx.quick ? 2000 : 10_000
    await using database = await benchDatabase('staffimport')
    await prepare(database)
    await using ours = await serveOurs(database)
    const headers = { ...(await signInAs(ours.url, 'office')), 'content-type': 'application/json' }
    const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const answer = await fetch(ours.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(await answer.text())
      return (await answer.json()) as Record<string, unknown>
    }
    const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
      const from = performance.now()
      const made = await work()
      return [(performance.now() - from) / 1000, made]
    }
    await post('/api/records/organisation.feedSource', { name: '人力系统', code: 'hr', system: 'HR', owns: ['name', 'sex', 'birthDate', 'mobile', 'unit'] })
    const [floor] = await timed(() =>
      withClient(database.adminUrl, (admin) => admin.query(`CREATE TABLE public.floor AS SELECT n, '职工' || n AS name, md5(n::text) AS mobile FROM generate_series(1, ${people}) n; CREATE INDEX ON public.floor (name); DROP TABLE public.floor`)),
    )
    const [first, added] = await timed(() => post('/api/organisation/feeds/hr/people', { people: told(people, false), full: true }))
    const [again, changed] = await timed(() => post('/api/organisation/feeds/hr/people', { people: told(people, true), full: true }))
    ctx.log(`  ${people} people for the first time ${first.toFixed(1)} s (${JSON.stringify(added)})`)
    ctx.log(`  once more, one in a hundred moved ${again.toFixed(1)} s (${JSON.stringify(changed)})`)
    return [claim(ctx, 'staffimport.s', Math.max(first, again), 's', '<=30', { floor, ours: first })]
  },
}) // prettier-ignore
