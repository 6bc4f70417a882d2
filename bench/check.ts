// The HIS asks: 100,000 grants of 10,000 people, 64 connections, every answer on disk before it leaves; against one row read by key.
import { openDatabase } from '#kernel/server/database/database.ts'
import {
  alternate,
  bench,
  benchDatabase,
  claim,
  clientOf,
  fill,
  line,
  load,
  median,
  serveFloor,
  serveOurs,
  type BenchDatabase,
} from './harness.ts'

const people = 10_000
const procedures = 2000
const grantsEach = 10

export default bench({
  floor(app, pool) {
    app.get<{ Params: { id: string } }>('/row/:id', async (request) => {
      const { rows } = await pool.query({
        name: 'row',
        text: `SELECT id, number, practitioner, procedure, level, mode, "from", "to", status FROM privileges."grant" WHERE id = $1`,
        values: [request.params.id],
      })
      return rows[0] as object
    })
  },
  async run(ctx) {
    await using database = await benchDatabase('check')
    ctx.log(`  ${people * grantsEach} grants, ${people} people, fsync on`)
    const grants = await prepare(database)
    await using floor = await serveFloor(database, 'check')
    await using ours = await serveOurs(database)
    const { secret } = await clientOf(database, ['privileges.check'])
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
    const questions = checkQuestions()
    const floorPlan = {
      url: floor.url,
      connections: 64,
      method: 'GET',
      calls: grants.map((id) => ({ path: `/row/${id}` })),
      expect: '"practitioner"',
    } as const
    const oursPlan = {
      url: ours.url,
      connections: 64,
      method: 'POST',
      headers,
      calls: questions.map((q) => ({ path: '/api/privileges/check', body: JSON.stringify(q) })),
      expect: '"record"',
    } as const
    const before = await recordCount(database)
    let answered = 0
    const turns = await alternate(ctx, floorPlan, oursPlan)
    const list = JSON.stringify({ questions: questions.slice(0, 200) })
    const batches = await load({
      url: ours.url,
      connections: 1,
      requests: ctx.quick ? 60 : 200,
      method: 'POST',
      headers,
      calls: [{ path: '/api/privileges/check', body: list }],
      expect: '"record"',
    })
    ctx.log(`  list of 200    ${line(batches)}`)
    for (const run of turns.ours) answered += run.count
    const written = (await recordCount(database)) - before - batches.count * 200
    if (written < answered) throw new Error(`${answered} answers left, but only ${written} records are on disk`)
    const [floorRate, oursRate] = [median(turns.floor.map((r) => r.perSecond)), median(turns.ours.map((r) => r.perSecond))]
    return [
      claim(ctx, 'check.ratio', oursRate / floorRate, 'x', '>=1.0', { floor: floorRate, ours: oursRate, relative: true }),
      claim(ctx, 'check.p95_ms', median(turns.ours.map((r) => r.p95)), 'ms', '<=20', {
        floor: median(turns.floor.map((r) => r.p95)),
        ours: median(turns.ours.map((r) => r.p95)),
      }),
      claim(ctx, 'check.batch200_ms', batches.p95, 'ms', '<=50'),
    ]
  },
})

/** What the HIS asks: nine of ten about what the person holds. */
export const checkQuestions = (): unknown[] =>
  Array.from({ length: 5000 }, (_, i) => {
    const person = (i * 7919) % people
    return {
      practitioner: { staffNumber: numberOf(person) },
      procedures: [{ codeSystem: '医保版', code: codeOf(i % 10 === 9 ? i % procedures : procedureOf(person, i % grantsEach)) }],
      role: 'operator',
      at: '2026-06-15T09:00:00+08:00',
      campus: 'C1',
      caseId: `ZY${person}`,
    }
  })
const numberOf = (person: number): string => String(person).padStart(6, '0')
const codeOf = (procedure: number): string => `${String(procedure).padStart(5, '0')}.00`
const procedureOf = (person: number, nth: number): number => (person * 13 + nth * 197) % procedures

export async function recordCount(database: BenchDatabase): Promise<number> {
  const db = openDatabase(database.appUrl, { max: 1 })
  const [row] = await db.once<{ count: number }>('SELECT count(*)::int AS count FROM privileges.check_record')
  await db.close()
  return row!.count
}

/** The hospital, by SQL; answers ids of grants for the floor to read. */
export async function prepare(database: BenchDatabase): Promise<string[]> {
  const envelope = `1, 'approved', now(), now()`
  const head = 'version, state, created_at, updated_at'
  const id = (kind: string, n: string) => `md5('${kind}' || (${n}))::uuid`
  await fill(
    database,
    `INSERT INTO directory.unit (id, ${head}, code, name, kind, parent, licence) VALUES
       (${id('unit', `'H1'`)}, ${envelope}, 'H1', '杏林医院', 'institution', NULL, 'L1'),
       (${id('unit', `'C1'`)}, ${envelope}, 'C1', '东院', 'campus', ${id('unit', `'H1'`)}, 'L1');
     INSERT INTO directory.unit (id, ${head}, code, name, kind, parent)
       SELECT ${id('unit', 'n')}, ${envelope}, 'U' || n, '科室' || n, 'department', ${id('unit', `'C1'`)} FROM generate_series(0, 199) n;
     INSERT INTO directory.person (id, ${head}, name, staff_number, unit, status, category, trainee_kind, appointed_title, title_level, appointed_on)
       SELECT ${id('person', 'n')}, ${envelope}, '医师' || n, lpad(n::text, 6, '0'), ${id('unit', 'n % 200')}, 'active', 'doctor', 'employee', '副主任医师', 'associateSenior', '2018-01-01'
       FROM generate_series(0, ${people - 1}) n;
     INSERT INTO staff.registration (id, ${head}, practitioner, kind, certificate_number, institution, status, "from")
       SELECT ${id('registration', 'n')}, ${envelope}, ${id('person', 'n')}, 'doctor', '1100' || n, ${id('unit', `'H1'`)}, 'active', '2010-01-01' FROM generate_series(0, ${people - 1}) n;
     INSERT INTO privileges.procedure (id, ${head}, code_system, code_version, code, name, level, operation_type, enabled)
       SELECT ${id('procedure', 'n')}, ${envelope}, '医保版', '2.0', lpad(n::text, 5, '0') || '.00', '手术' || n, (ARRAY['one','two','three','four'])[1 + n % 4], 'surgery', true FROM generate_series(0, ${procedures - 1}) n;
     INSERT INTO privileges."grant" (id, ${head}, number, practitioner, unit, procedure, level, mode, "from", "to", status)
       SELECT ${id('grant', `n || '-' || k`)}, ${envelope}, 'SQ-' || n || '-' || k, ${id('person', 'n')}, ${id('unit', 'n % 200')}, ${id('procedure', `(n * 13 + k * 197) % ${procedures}`)},
         (ARRAY['one','two','three','four'])[1 + (n * 13 + k * 197) % 4], 'item', '2025-01-01', '2027-12-31', 'active'
       FROM generate_series(0, ${people - 1}) n, generate_series(0, ${grantsEach - 1}) k;
     INSERT INTO privileges.check_mode (id, ${head}, kind, mode) VALUES (${id('mode', `'1'`)}, ${envelope}, 'procedure', 'block');
     ANALYZE; CHECKPOINT`,
  )
  const db = openDatabase(database.appUrl, { max: 1 })
  const rows = await db.once<{ id: string }>(`SELECT id FROM privileges."grant" ORDER BY md5(id::text) LIMIT 5000`)
  await db.close()
  return rows.map((row) => row.id)
}
