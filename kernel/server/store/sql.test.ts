import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  all,
  any,
  choice,
  choices,
  date,
  dateTime,
  decimal,
  integer,
  is,
  matches,
  may,
  module,
  not,
  readPath,
  resource,
  rows,
  some,
  text,
  unit,
  where,
  type Filter,
} from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { loadRecord } from '../records/load.ts'
import { listRecords } from '../records/read.ts'

const thing = resource('sample.thing', {
  label: '样例',
  title: 'name',
  fields: {
    name: text('名称', { required: true }),
    level: choice('级别', { one: '一', two: '二' }),
    tags: choices('标签', { red: '红', blue: '蓝' }),
    amount: integer('数量'),
    price: decimal('价格', 2),
    day: date('日期'),
    at: dateTime('时间'),
    place: unit('科室'),
    lines: rows('明细', { kind: choice('类', { a: '甲', b: '乙' }), count: integer('数') }),
  },
})
const sample = module('sample', { label: '样例', resources: [thing], roles: { medicalOffice: [may.all(thing)] } })

let h: TestHospital
let ward: string, surgery: string
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([sample]) })
  surgery = await h.unit('外科')
  ward = await h.unit('一病区', { kind: 'ward', parent: surgery })
  const day = (n: number) => `2026-06-${String(n).padStart(2, '0')}`
  await h.create('sample.thing', { name: '全空' })
  await h.create('sample.thing', {
    name: '髋关节 100%_\\',
    level: 'one',
    tags: ['red'],
    amount: 5,
    price: '9.90',
    day: day(14),
    at: '2026-06-14T15:59:59.500Z',
    place: ward,
    lines: [{ kind: 'a', count: 1 }],
  })
  await h.create('sample.thing', {
    name: 'ABC术',
    level: 'two',
    tags: ['red', 'blue'],
    amount: 10,
    price: '10.00',
    day: day(15),
    at: '2026-06-14T16:00:00.000Z',
    place: surgery,
    lines: [{ kind: 'b', count: 9 }, { kind: 'a' }],
  })
  await h.create('sample.thing', {
    name: '负数',
    amount: -3,
    price: '-0.05',
    day: day(16),
    at: '2026-06-15T17:30:00.000Z',
    tags: [],
    lines: [],
  })
})
afterAll(() => h[Symbol.asyncDispose]())

/** Every case runs as SQL and in memory, and both must agree. */
const cases = (): [string, Filter][] => [
  ['equal', is('level', 'one')],
  ['not equal counts empty as different', where('level', 'ne', 'one')],
  ['among', where('level', 'in', ['one', 'two'])],
  ['among none', where('level', 'in', [])],
  ['not among', where('level', 'notIn', ['two'])],
  ['not among none', where('level', 'notIn', [])],
  ['empty text, choice, list', any(where('level', 'empty'), where('tags', 'empty'))],
  ['not empty', all(where('tags', 'notEmpty'), where('amount', 'notEmpty'))],
  ['greater', where('amount', 'gt', 5)],
  ['at most, without the empty ones', where('amount', 'lte', 5)],
  ['decimals by value, not by text', where('price', 'lt', '9.95')],
  ['between', where('price', 'between', ['-1.00', '9.90'])],
  ['contains, special characters plain', where('name', 'contains', '100%_\\')],
  ['contains without regard to case', where('name', 'contains', 'abc')],
  ['starts with Chinese', where('name', 'startsWith', '髋')],
  ['relative day', where('day', 'gte', { today: 0 })],
  ['between relative days', where('day', 'between', [{ today: -1 }, { today: 0 }])],
  ['an instant from a day on: from where it begins in the hospital', where('at', 'gte', '2026-06-15')],
  ['an instant before a day', where('at', 'lt', '2026-06-15')],
  ['an instant since a relative day', where('at', 'gte', { today: 0 })],
  ['an instant between days', where('at', 'between', ['2026-06-15', '2026-06-16'])],
  ['an instant that is where a day begins', where('at', 'eq', '2026-06-15')],
  ['an instant that is none of those', where('at', 'notIn', ['2026-06-15', '2026-06-16'])],
  ['an instant against one told in another zone', where('at', 'lte', '2026-06-15T00:00:00+08:00')],
  ['when it was created', where('createdAt', 'gte', '2026-06-15')],
  ['under a unit', where('place', 'under', surgery)],
  ['under the ward only', where('place', 'under', ward)],
  ['has all', where('tags', 'has', ['red', 'blue'])],
  ['has any', where('tags', 'hasAny', ['blue'])],
  ['not over an empty value', not(is('level', 'one'))],
  ['not of not', not(not(where('amount', 'lt', 0)))],
  ['some line', some('lines', is('kind', 'a'))],
  ['some line with both', some('lines', all(is('kind', 'b'), where('count', 'gt', 5)))],
  ['some line whose count is empty', some('lines', where('count', 'empty'))],
  ['no line', not(some('lines', is('kind', 'a')))],
  ['nothing', any()],
  ['everything', all()],
]

test('a filter means the same as SQL and in memory', async () => {
  const ctx = await h.system()
  const ids = (await listRecords(h.kernel, ctx, 'sample.thing', { limit: 50 })).rows.map((r) => r.id)
  const records = await Promise.all(ids.map(async (id) => (await loadRecord(h.kernel, ctx, h.kernel.resource('sample.thing'), id))!))
  const world = { ...h.kernel.world(ctx), read: readPath }
  for (const [name, filter] of cases()) {
    const bySql = (await listRecords(h.kernel, ctx, 'sample.thing', { filter, limit: 50, sort: ['createdAt'] })).rows.map((r) => r['name'])
    const inMemory = records.filter((r) => matches(filter, r, world)).toReversed().map((r) => r['name']) // prettier-ignore
    expect([name, new Set(bySql)]).toEqual([name, new Set(inMemory)])
  }
  const ofToday = { and: [where('at', 'gte', { today: 0 }), where('at', 'lt', { today: 1 })] }
  expect(records.filter((r) => matches(ofToday, r, world)).map((r) => r['name'])).toEqual(['ABC术'])
})

test('a value that does not fit its field is refused before it reaches the database', async () => {
  const ctx = await h.system()
  const refusal = (field: string, value: string) => listRecords(h.kernel, ctx, 'sample.thing', { filter: where(field, 'eq', value), limit: 5 }).then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  ) // prettier-ignore
  expect(await refusal('level', '1')).toBe('answered')
  const wrong = [['amount', 'five'], ['day', '2026-02-31x'], ['place', 'not-an-id'], ['name', 'a\u0000b'], ['nowhere', 'x'], ['place.parent.nowhere', 'x']] as const // prettier-ignore
  for (const [field, value] of wrong) expect([field, await refusal(field, value)]).toEqual([field, 'badFilter'])
})
