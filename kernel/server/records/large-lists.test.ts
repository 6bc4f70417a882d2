import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, choice, date, decimal, is, may, module, person, resource, text, unit, where, type CountAnswer, type IndexesAnswer, type ListAnswer, type Problem, type SlowDetail, type SummaryAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { believe as believeOf } from '#app/testing/large-table.ts'
import { withClient } from '../database/roles.ts'
import { openDatabase } from '../database/database.ts'
import { buildIndexes } from '../store/index-build.ts'
import { declaredWishes } from '../store/index-plan.ts'
import { planSchema } from '../store/plan.ts'
import { pairsOf } from '../store/search.ts'

const spell = resource('big.spell', {
  label: '病程',
  title: 'name',
  owner: { person: 'doctor', department: 'place' },
  fields: {
    name: text('名称', { required: true, search: true }),
    place: unit('科室'),
    doctor: person('医师'),
    level: choice('级别', { one: '一', two: '二' }),
    on: date('日期'),
    fee: decimal('费用', 2),
    note: text('备注', { max: 500 }),
  },
  list: { columns: ['name', 'place', 'level', 'on', 'fee'], filters: ['place', 'level', 'on'], sort: ['-on'] },
})
const big = module('big', {
  label: '大表',
  resources: [spell],
  roles: { departmentHead: [may.read(spell, 'myUnits')], medicalOffice: [may.all(spell)] },
})

let h: TestHospital
let office: HttpSession, head: HttpSession, officer: HttpSession
const people = { office: '', officer: '' }
const table = 'big.spell'
const believe = (rows: number) => believeOf(h, table, rows)
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([big]) })
  const doctor = await h.person('周敏', { unit: '内科', roles: ['medicalOffice'] })
  const chief = await h.person('张涛', { unit: '外科', post: 'head', roles: ['departmentHead'] })
  const admin = await h.person('管理员', { roles: ['systemOfficer'] })
  const places = [await h.unit('外科'), await h.unit('内科')]
  await withClient(h.database.adminUrl, (client) =>
    client.query(
      `INSERT INTO big.spell (id, version, state, created_at, updated_at, name, place, doctor, level, "on", fee, note, search_text)
       SELECT gen_random_uuid(), 1, 'approved', timestamptz '2026-01-01' + n * interval '1 minute', now(), '病程' || n, CASE WHEN n % 40 = 0 THEN $1::uuid ELSE $2::uuid END, $3::uuid,
         CASE WHEN n % 2 = 0 THEN 'one' ELSE 'two' END, date '2024-01-01' + n % 880, n, '备注' || n, '病程' || n FROM generate_series(1, 12000) n`,
      [...places, doctor],
    ),
  )
  await withClient(h.database.ownerUrl, (owner) => owner.query(`ANALYZE ${table}`))
  Object.assign(people, { office: doctor, officer: admin })
  ;[office, head, officer] = await Promise.all([h.signIn(doctor), h.signIn(chief), h.signIn(admin)])
})
afterAll(() => h[Symbol.asyncDispose]())

const ask = (s: HttpSession, query: Record<string, unknown>, part = '') =>
  s.call('GET', `/api/records/big.spell${part}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])).toString()}`) // prettier-ignore
const build = (patience?: string) => buildIndexes(h.database.ownerUrl, h.kernel.defs, h.clock.now(), patience)
const indexes = async () =>
  (await officer.call('GET', '/api/indexes')).json<IndexesAnswer>().tables.find((t) => t.resource === 'big.spell')!

test('of a small table no question is refused, and no index is built for it', async () => {
  const answer = await ask(office, { filter: where('note', 'contains', '备注3'), sort: 'fee', limit: '500' })
  expect([answer.status, answer.json<ListAnswer>().rows.length]).toEqual([200, 500])
  expect((await ask(office, {}, '/count')).json()).toEqual({ count: 10_000, exact: false, over: true })
  expect(await build()).toEqual([])
})

test('a name is looked for by its rarest pairs of letters, as the database has counted them; what stands in every name is not looked for', async () => {
  await believe(200_000)
  const found = (await ask(office, { search: '病程11998' })).json<ListAnswer>().rows
  expect(found.map((row) => row['name'])).toEqual(['病程11998'])
  const shares = h.kernel.estimates.pairShares('"big"."spell"')!
  expect(shares.get('病程')).toBe(1)
  expect(shares.get('99')).toBeLessThan(shares.get('11')!)
  // Known of none: all are asked for.
  expect(pairsOf('病程11998')).toEqual(['病程', '程1', '11', '19', '99', '98'])
  expect(pairsOf('病程11998', shares)).not.toContain('病程')
  expect(pairsOf('病程11998', shares).slice(0, 2).toSorted()).toEqual(['98', '99'])
})

test('a question that would go through thirty million records is refused with ways out, each of which is answered; a head’s few units are not', async () => {
  await believe(30_000_000)
  const refused = await ask(office, { filter: where('note', 'contains', '备注3'), sort: 'fee' })
  const problem = refused.json<Problem & SlowDetail>()
  expect([refused.status, problem.code, problem.title, problem.rows]).toEqual([422, 'slowQuery', '查询太慢，请增加筛选条件', 30_000_000])
  expect(problem.index).toBe('费用')
  expect(problem.ways.length).toBeGreaterThan(0)
  for (const way of problem.ways) {
    const filter = all(...(way.remove ? [] : [where('note', 'contains', '备注3')]), ...(way.add ? [way.add] : []))
    const answer = await ask(office, { filter, sort: (way.sort ?? ['fee']).join(',') })
    expect([way.label, answer.status]).toEqual([way.label, 200])
  }
  // A walk in the order of an index that is there is quick, however many there are.
  expect((await ask(office, { sort: '-createdAt' })).json<ListAnswer>().rows).toHaveLength(50)
  const byUnits = await ask(head, { sort: '-createdAt', filter: is('level', 'one') })
  expect(
    byUnits
      .json<ListAnswer>()
      .rows.map((row) => row['name'])
      .slice(0, 2),
  ).toEqual(['病程12000', '病程11960'])
})

test('of many a list says about how many; a summary of all of them is refused with a narrower one, which is answered', async () => {
  expect((await ask(office, {}, '/count')).json<CountAnswer>()).toMatchObject({ exact: false, count: 30_000_000 })
  await believe(300_000_000)
  const refused = (await ask(office, { group: 'level', totals: 'sum:fee' }, '/summary')).json<Problem & SlowDetail>()
  expect(refused.code).toBe('slowQuery')
  const narrow = refused.ways.find(({ add }) => add?.field === 'createdAt')!
  const answer = await ask(office, { group: 'level', totals: 'sum:fee', filter: narrow.add }, '/summary')
  expect(answer.status).toBe(200)
  expect(answer.json<SummaryAnswer>().groups).toBeDefined()
})

test('what was refused is kept without its values and proposes an index; the system builds what the lists offer, and then answers', async () => {
  const before = await indexes()
  const question = before.questions.find((q) => q.conditions.join() === '备注 包含')!
  expect(question).toMatchObject({ sort: ['费用 ↑'], index: { keys: ['fee'], labels: ['费用'], state: 'none' } })
  expect(JSON.stringify(before)).not.toContain('备注3')
  expect(before.indexes.map(({ state }) => state)).toEqual(before.indexes.map(() => 'waiting'))
  const built = await build()
  expect(built).toHaveLength(declaredWishes(h.kernel.defs).filter((wish) => wish.resource === 'big.spell').length)
  expect((await indexes()).indexes.every((one) => one.state === 'ready' && one.bytes! > 0)).toBe(true)
  await believe(30_000_000)
  const answer = await ask(office, { sort: '-fee', filter: is('level', 'two') })
  expect(answer.json<ListAnswer>().rows[0]).toMatchObject({ name: '病程11999' })
  // The migrator leaves them alone.
  const owner = openDatabase(h.database.ownerUrl, { max: 1 })
  expect(await planSchema(owner, h.kernel.defs)).toEqual([])
  await owner.close()
})

test('an index left half built is built again; one that an administrator drops stays away until he orders it', async () => {
  const [one, other] = (await indexes()).indexes
  await withClient(h.database.adminUrl, async (admin) => {
    await admin.query('SET allow_system_table_mods = on')
    await admin.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'big.${one!.name}'::regclass`)
  })
  expect((await indexes()).indexes[0]!.state).toBe('waiting')
  expect((await officer.call('DELETE', `/api/indexes/${other!.name}`)).status).toBe(200)
  expect((await build()).sort()).toEqual([`built ${one!.name}`, `dropped ${other!.name}`])
  expect(await build()).toEqual([])
  const after = await indexes()
  expect(after.indexes.find(({ name }) => name === one!.name)!.state).toBe('ready')
  expect(after.indexes.find(({ name }) => name === other!.name)!.state).toBe('none')
  await officer.call('POST', '/api/indexes', { resource: other!.resource, keys: other!.keys, name: other!.name })
  expect(await build()).toEqual([`built ${other!.name}`])
})

test('an index waits for a writer who does not end only so long, says so, and is built later', async () => {
  expect((await officer.call('POST', '/api/indexes', { resource: 'big.spell', keys: ['level', 'fee'] })).status).toBe(202)
  const name = (await indexes()).indexes.find(({ keys }) => keys.join() === 'level,fee')!.name
  await withClient(h.database.ownerUrl, async (writer) => {
    await writer.query(`BEGIN; UPDATE big.spell SET fee = fee WHERE name = '病程1'`)
    expect(await build('300ms')).toEqual([])
    await writer.query('ROLLBACK')
  })
  const waiting = (await indexes()).indexes.find((index) => index.name === name)!
  expect([waiting.state, waiting.problem]).toEqual(['failed', '有写入一直未结束，稍后再试'])
  expect(await build()).toEqual([])
  h.clock.set('2026-06-16')
  expect(await build()).toEqual([`built ${name}`])
})

test('only who administers the system sees or orders indexes, and only by fields that can have one', async () => {
  // A day has gone by.
  ;[office, officer] = await Promise.all([h.signIn(people.office), h.signIn(people.officer)])
  expect((await office.call('GET', '/api/indexes')).status).toBe(403)
  expect((await office.call('POST', '/api/indexes', { resource: 'big.spell', keys: ['fee'] })).status).toBe(403)
  expect((await office.call('DELETE', '/api/indexes/qx_any')).status).toBe(403)
  const order = async (resource: string, keys: unknown) => (await officer.call('POST', '/api/indexes', { resource, keys })).status
  expect(await order('big.spell', ['fee; DROP TABLE'])).toBe(400)
  expect(await order('big.spell', 'fee')).toBe(400)
  expect(await order('no.such', ['fee'])).toBe(404)
  expect((await officer.call('DELETE', '/api/indexes/ix_spell_created')).status).toBe(404)
})
