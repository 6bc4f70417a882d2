import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  address,
  choice,
  date,
  dateTime,
  decimal,
  finenessText,
  groupFilter,
  integer,
  may,
  module,
  person,
  phone,
  readGroupKey,
  today,
  resource,
  text,
  unit,
  type SummaryAnswer,
} from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const training = resource('trial.training', {
  label: '培训',
  title: 'name',
  owner: { person: 'practitioner', department: 'department' },
  fields: {
    name: text('名称', { required: true, search: true }),
    practitioner: person('人员'),
    department: unit('科室'),
    level: choice('级别', { national: '国家级', hospital: '院级' }),
    points: integer('学分'),
    cost: decimal('费用', 2),
    on: date('日期'),
    signedAt: dateTime('签到'),
    contact: phone('电话'),
    home: address('来源地', { level: 'province' }),
  },
  list: { columns: ['name', 'level', 'points'] },
})
const trial = module('trial', {
  label: '试用',
  resources: [training],
  roles: { staffMember: [may.readOwn(training, { hide: ['cost'] })], medicalOffice: [may.all(training)] },
})
interface Row {
  name: string
  level: 'national' | 'hospital' | null
  points: number | null
  cost: string | null
  on: string | null
  signedAt: string | null
  home: { code: string | null; detail: string } | null
}
const rowOf = fc.record({
  name: fc.constantFrom('甲', '乙', '丙'),
  level: fc.constantFrom('national' as const, 'hospital' as const, null),
  points: fc.option(fc.integer({ min: -5, max: 50 }), { nil: null }),
  cost: fc.option(
    fc.integer({ min: 0, max: 100_000 }).map((n) => (n / 100).toFixed(2)),
    { nil: null },
  ),
  on: fc.option(fc.constantFrom('2025-12-31', '2026-01-01', '2026-01-31', '2026-02-28', '2026-06-15'), { nil: null }),
  // Shortly before and after midnight in the hospital's zone.
  signedAt: fc.option(
    fc.constantFrom('2025-12-31T15:59:00.000Z', '2025-12-31T16:00:00.000Z', '2026-02-28T15:59:59.000Z', '2026-02-28T16:00:00.000Z'),
    { nil: null },
  ),
  // Some stop at the province, some have no division at all.
  home: fc.option(
    fc.constantFrom(
      { code: '440000', detail: '' },
      { code: '440300', detail: '' },
      { code: '440305', detail: '科技园' },
      { code: '110101', detail: '' },
      { code: null, detail: '村口' },
    ),
    { nil: null },
  ),
})

let h: TestHospital
let surgeon: string, surgery: string
let asOfficer: HttpSession, asSurgeon: HttpSession
let rows: Row[]
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  surgery = await h.unit('外科')
  surgeon = await h.person('张海涛', { unit: '外科' })
  asOfficer = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  asSurgeon = await h.signIn(surgeon)
  rows = fc.sample(rowOf, { numRuns: 60, seed: 11 })
  for (const [i, row] of rows.entries())
    await h.create('trial.training', { ...row, practitioner: i % 3 ? null : surgeon, department: i % 2 ? surgery : null })
})
afterAll(() => h[Symbol.asyncDispose]())

const ask = async (session: HttpSession, query: Record<string, string>) =>
  session.call('GET', `/api/records/trial.training/summary?${new URLSearchParams(query).toString()}`)
const monthOf = (row: Row) => row.on?.slice(0, 7) ?? null
const sumOf = (list: readonly (number | string | null)[]) => {
  const cents = list.flatMap((v) => (v === null ? [] : [Math.round(Number(v) * 100)]))
  return cents.length ? cents.reduce((a, b) => a + b, 0) / 100 : null
}

test('groups, counts and totals are those of the rows themselves, empty values a group of their own', async () => {
  const answer = (
    await ask(asOfficer, { group: 'level,on:month', totals: 'sum:points,sum:cost,max:points,min:cost' })
  ).json<SummaryAnswer>()
  const naive = Map.groupBy(rows, (row) => JSON.stringify([row.level, monthOf(row)]))
  expect(answer.groups.length).toBe(naive.size)
  for (const { keys, count, totals } of answer.groups) {
    const own = naive.get(JSON.stringify(keys))!
    expect([keys, count]).toEqual([keys, own.length])
    const points = own.flatMap((row) => row.points ?? [])
    expect(totals.map((t) => (t === null ? null : Number(t)))).toEqual([
      sumOf(own.map((row) => row.points)),
      sumOf(own.map((row) => row.cost)),
      points.length ? Math.max(...points) : null,
      own.some((row) => row.cost !== null) ? Math.min(...own.flatMap((row) => (row.cost === null ? [] : [Number(row.cost)]))) : null,
    ])
  }
  const [whole] = (await ask(asOfficer, { totals: 'sum:cost' })).json<SummaryAnswer>().groups
  expect([whole!.count, Number(whole!.totals[0])]).toEqual([rows.length, sumOf(rows.map((row) => row.cost))])
})

test('the filter of a group leads to exactly the records that make its count, for days and for instants in the hospital’s zone', async () => {
  for (const key of [
    'level',
    'name',
    'on:year',
    'on:quarter',
    'on:month',
    'on:week',
    'on:day',
    'on:years/0/1/2',
    'on:days/-20/0/30/90',
    'on:left/-90/0/5',
    'signedAt:month',
    'signedAt:week',
    'signedAt:days/0/30/90',
    'points:value/-1/3/7',
    'cost:value/0.5/100.25/500',
    'department',
    'home:province',
    'home:city',
  ]) {
    const { groups } = (await ask(asOfficer, { group: key })).json<SummaryAnswer>()
    const read = readGroupKey(key)!
    for (const { keys, count } of groups) {
      const filter = groupFilter(read, keys[0]!, read.path === 'signedAt', today(h.clock))
      const answer = await asOfficer.call('GET', `/api/records/trial.training/count?filter=${encodeURIComponent(JSON.stringify(filter))}`)
      expect([key, keys[0], answer.json<{ count: number }>().count]).toEqual([key, keys[0], count])
    }
  }
  const months = (await ask(asOfficer, { group: 'signedAt:month' })).json<SummaryAnswer>().groups.map(({ keys }) => keys[0])
  const cities = (await ask(asOfficer, { group: 'home:city' })).json<SummaryAnswer>().groups.map(({ keys }) => keys[0])
  expect(cities).toEqual(['000000', '110100', '440000', '440300', null])
  expect(['440000', '440300', '000000'].map((key) => finenessText(readGroupKey('home:city')!, key))).toEqual([
    '广东省（未填到市）',
    '广东省深圳市',
    '未分省市',
  ])
  expect(months).toEqual(['2025-12', '2026-01', '2026-02', '2026-03', null])
})

test('a summary counts what its reader may see, names what he refers to, and refuses what he may not or nobody can group by', async () => {
  const own = (await ask(asSurgeon, { group: 'department' })).json<SummaryAnswer>()
  expect(own.groups.reduce((sum, g) => sum + g.count, 0)).toBe(20)
  expect(own.titles['directory.unit']).toEqual({ [surgery]: '外科' })
  const refused = async (session: HttpSession, query: Record<string, string>) => {
    const answer = await ask(session, query)
    return [answer.status, answer.json<{ title: string }>().title]
  }
  expect(await refused(asSurgeon, { totals: 'sum:cost' })).toEqual([400, '没有查看该字段的权限'])
  expect(await refused(asOfficer, { group: 'contact' })).toEqual([400, expect.stringMatching(/受保护|不能按“电话”分组/)])
  expect(await refused(asOfficer, { totals: 'sum:level' })).toEqual([400, '“级别”不是可以汇总的数字'])
  expect(await refused(asOfficer, { group: 'signedAt' })).toEqual([400, '“签到”请按年、季度、月、周或日分组'])
  expect(await refused(asOfficer, { group: 'points:value/1.5' })).toEqual([400, '“学分”是整数，请用整数分段'])
  expect(await refused(asOfficer, { group: 'level:age/20' })).toEqual([400, '“级别”不能这样分段'])
  expect(await refused(asOfficer, { group: 'level:province' })).toEqual([400, '“级别”不能按省市分组'])
  expect(await refused(asOfficer, { group: 'level:month' })).toEqual([400, '“级别”请按年、季度、月、周或日分组'])
  expect(await refused(asOfficer, { group: 'a:b:c' })).toEqual([400, '看不懂“a:b:c”'])
  expect(await refused(asOfficer, { group: 'level,name,on:day,department' })).toEqual([400, '最多按 3 层分组'])
})
