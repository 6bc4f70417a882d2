import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, any, choice, date, integer, is, may, module, person, resource, text, unit, where, type Filter } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import type { Context } from '../context.ts'
import { headsOf, type ListForm } from './list-forms.ts'
import { listSql, makeCursor } from './list.ts'

const visit = resource('ward.visit', {
  label: '查房',
  title: 'name',
  owner: { person: 'doctor', department: 'place' },
  fields: {
    name: text('名称', { required: true, search: true }),
    place: unit('科室'),
    doctor: person('医师'),
    level: choice('级别', { one: '一', two: '二' }),
    on: date('日期'),
    score: integer('评分'),
  },
  list: { columns: ['name', 'level', 'on'], sort: ['-on'] },
})
const ward = module('ward', { label: '病房', resources: [visit], roles: { medicalOffice: [may.all(visit)] } })

let h: TestHospital
let ctx: Context
const places: string[] = []
const doctors: string[] = []
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([ward]) })
  for (let n = 0; n < 4; n++) places.push(await h.unit(`${n + 1}病区`, { kind: 'ward' }))
  for (let n = 0; n < 3; n++) doctors.push(await h.person(`医生${n + 1}`))
  ctx = await h.system()
  const one = <T>(list: readonly T[], n: number) => list[n % list.length]!
  for (let n = 0; n < 90; n++)
    await h.create('ward.visit', {
      name: `${one(['王小明', '李伟', '单雄信'], n)}${n % 2 ? '' : ' 复查'}`,
      place: n % 11 === 0 ? null : one(places, n * n),
      doctor: n % 7 === 0 ? null : one(doctors, n),
      level: one(['one', 'two', null], n * 3 + (n >> 2)),
      on: n % 5 === 0 ? null : `2026-0${1 + (n % 6)}-1${n % 4}`,
      score: n % 4 === 0 ? null : n % 6,
    })
})
afterAll(() => h[Symbol.asyncDispose]())

const forms: readonly ListForm[] = ['plain', 'walked', 'heads', 'gathered']
/** All pages of a form, one after the other: the ids in order. */
async function read(form: ListForm, query: { filter: Filter | null; sort: string[]; search?: string }, limit: number): Promise<string[]> {
  const c = h.kernel.resource('ward.visit')
  const found: string[] = []
  for (let cursor: string | null = null; ; ) {
    const page = listSql(h.kernel.defs, c, h.kernel.world(ctx), { ...query, limit, cursor, paths: ['place.name'], keys: ['name', 'on'] }, form)
    const rows = await h.kernel.db.query(page.text, page.values)
    found.push(...rows.slice(0, limit).map((row) => row['id'] as string))
    if (rows.length <= limit) return found
    cursor = makeCursor(page.sortPaths.map((_, i) => rows[limit - 1]![`k${i}`]))
  }
} // prettier-ignore

const scopeOf = fc.oneof(
  fc.constant(null),
  fc.uniqueArray(fc.nat(3), { minLength: 0, maxLength: 4 }).map((n) => where('place', 'under', n.map((at) => places[at]!))), // prettier-ignore
  fc.nat(2).map((n) => is('doctor', doctors[n]!)),
  fc.tuple(fc.nat(2), fc.nat(3)).map(([n, at]) => any(is('doctor', doctors[n]!), where('place', 'under', [places[at]!, places[0]!]))),
  fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => all(where('place', 'in', [places[a]!, places[b]!]), is('place', places[a]!))),
)
const conditionOf = fc.oneof(
  fc.constantFrom('one', 'two').map((level) => is('level', level)),
  fc.nat(6).map((n) => where('score', 'gte', n)),
  fc.constantFrom(where('on', 'empty'), where('on', 'gte', '2026-03-01'), where('place.name', 'contains', '1'), any()),
)
const sortOf = fc.uniqueArray(fc.constantFrom('on', 'name', 'score', 'level', 'place', 'createdAt', 'place.name'), {
  minLength: 1,
  maxLength: 3,
})

test('every form of a list answers the same records in the same order, page by page, whatever the scope, the conditions and the sort', async () => {
  const question = fc.record({
    scope: scopeOf,
    conditions: fc.array(conditionOf, { maxLength: 2 }),
    sort: sortOf,
    directions: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    search: fc.constantFrom(undefined, '小明', 'lw', 'shan'),
    limit: fc.constantFrom(7, 40),
  })
  let told = 0
  await fc.assert(
    fc.asyncProperty(question, async ({ scope, conditions, sort, directions, search, limit }) => {
      const filter = scope || conditions.length ? all(...(scope ? [scope] : []), ...conditions) : null
      const query = { filter, sort: sort.map((key, i) => (directions[i] ? `-${key}` : key)), ...(search ? { search } : {}) }
      const naive = await read('plain', query, 500)
      told += naive.length
      for (const form of forms) expect([form, await read(form, query, limit)]).toEqual([form, naive])
    }),
    { numRuns: 60, seed: 31 },
  )
  expect(told).toBeGreaterThan(300)
}, 60_000) // prettier-ignore

test('the units of a scope and those that are asked for are cut to what they share; of his own and his units nobody is told twice', async () => {
  const c = h.kernel.resource('ward.visit')
  const world = h.kernel.world(ctx)
  const under = where('place', 'under', [places[0]!, places[1]!])
  expect(headsOf(c, all(is('level', 'one'), all(under, is('place', places[1]!))), world)).toEqual({
    heads: [{ column: 'place', field: 'place', values: [places[1]] }],
    rest: is('level', 'one'),
  })
  expect(headsOf(c, all(under, is('place', places[3]!)), world)?.heads[0]?.values).toEqual([])
  expect(headsOf(c, any(is('doctor', doctors[0]!), is('level', 'one')), world)).toBeNull()
  const both = await read('heads', { filter: any(is('doctor', doctors[0]!), under), sort: ['-on'] }, 100)
  expect(new Set(both).size).toBe(both.length)
  expect(both.length).toBeGreaterThan(20)
})

test('a condition through a reference goes along with a scope of units', async () => {
  const filter = all(where('place', 'under', [places[0]!, places[1]!]), where('doctor.name', 'contains', '医生1'))
  expect(await read('heads', { filter, sort: ['-createdAt'] }, 100)).toEqual(await read('plain', { filter, sort: ['-createdAt'] }, 100))
  const c = h.kernel.resource('ward.visit')
  // Without a form it is read per unit, too: an index leads with the unit and goes on by the time of creation.
  const page = listSql(h.kernel.defs, c, h.kernel.world(ctx), { filter, limit: 50 })
  expect(page.text).toContain('LATERAL')
  expect((await h.kernel.db.query(page.text, page.values)).length).toBeGreaterThan(0)
})

test('what was created in one moment is read in the order of its index to the end, not sorted for every page', async () => {
  const c = h.kernel.resource('ward.visit')
  const page = listSql(h.kernel.defs, c, h.kernel.world(ctx), { filter: null, limit: 20 })
  const plan = await h.kernel.db.transaction(async (tx) => {
    // Ninety rows are sorted sooner than an index is read: what is asked is whether the index could serve.
    await tx.query(`SET LOCAL enable_seqscan = off`)
    return tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${page.text}`, page.values)
  })
  const text = plan.map((line) => line['QUERY PLAN']).join('\n')
  expect(text).toContain('Index Scan')
  expect(text).not.toContain('Sort')
})
