import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addDays, type HistoryEntry, type ListAnswer, type RecordAnswer, type TimelineAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '../jobs/schedule.ts'
import { storedTimeline } from '../store/timeline.ts'
import { followTimelines } from './follow-timeline.ts'

let h: TestHospital
let officer: HttpSession
let admin: string
let surgery: string, medicine: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  medicine = await h.unit('心内科')
  admin = await h.person('周敏', { unit: '医务处', roles: ['systemOfficer'] })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
/** A session ends when nothing is asked for long. */
async function at(day: string): Promise<void> {
  h.clock.set(day)
  officer = await h.signIn(admin)
}

const person = '/api/records/directory.person'
const unit = '/api/records/directory.unit'
const get = async (id: string, of = person) => (await officer.call('GET', `${of}/${id}`)).json<RecordAnswer>().record
const change = async (id: string, changes: object, on?: string, of = person) =>
  officer.call('PATCH', `${of}/${id}`, { version: (await get(id, of)).version, changes, ...(on ? { on } : {}) })
const timeline = async (id: string, of = person) => (await officer.call('GET', `${of}/${id}/timeline`)).json<TimelineAnswer>()
const where = async (id: string) => (await timeline(id)).stretches.map(({ from, values }) => [from, values['unit']])
const inUnit = async (of: string, asOf: string) => {
  const filter = encodeURIComponent(JSON.stringify({ field: 'unit', op: 'eq', value: of }))
  return (await officer.call('GET', `${person}?filter=${filter}&asOf=${asOf}`)).json<ListAnswer>().rows.map(({ id }) => id)
}

test('whoever changes units on a day is found in both, each by its day; the row follows when the day comes', async () => {
  const zhang = await h.person('张海涛', { unit: '普外科', joinedOn: '2020-07-01' })
  expect((await change(zhang, { unit: medicine }, '2026-04-01')).status).toBe(200)
  expect(await get(zhang)).toMatchObject({ unit: surgery, version: 2 })
  expect(await where(zhang)).toEqual([[null, surgery], ['2026-04-01', medicine]])
  expect([await inUnit(surgery, '2026-03-31'), await inUnit(medicine, '2026-04-01')]).toEqual([[zhang], [zhang]])
  expect(await inUnit(surgery, '2020-06-30')).toEqual([])
  // What was planned stands in the record's history with its day.
  const [latest] = (await officer.call('GET', `${person}/${zhang}/history`)).json<HistoryEntry[]>()
  expect(latest!.changes).toEqual([{ field: 'unit', label: '所在科室（2026-04-01起）', before: '普外科', after: '心内科' }])

  await at('2026-03-31')
  expect(await followTimelines(h.kernel)).toBe(0)
  await at('2026-04-01')
  expect(await runDailyJobs(h.kernel)).toContain('kernel.timeline.follow')
  expect(await get(zhang)).toMatchObject({ unit: medicine, version: 3 })
  expect(await where(zhang)).toHaveLength(2)
  expect((await h.kernel.directory()).unitsOf(zhang, '2026-04-01')).toContain(medicine)
}) // prettier-ignore

test('a correction of the past goes on to the next change of the same fact, and no further; taken back, nothing is left of it', async () => {
  const wu = await h.person('吴静', { unit: '普外科' })
  await change(wu, { unit: medicine }, '2026-06-01')
  await change(wu, { status: 'away' }, '2026-02-01')
  expect(await get(wu)).toMatchObject({ status: 'away', unit: surgery })
  const third = await h.unit('儿科')
  await change(wu, { unit: third }, '2026-01-10')
  expect((await timeline(wu)).stretches.map(({ from, values, changed }) => [from, values['unit'], values['status'], changed])).toEqual([
    [null, surgery, 'active', []],
    ['2026-01-10', third, 'active', ['unit']],
    ['2026-02-01', third, 'away', ['status']],
    ['2026-06-01', medicine, 'away', ['unit']],
  ])
  expect((await get(wu))['unit']).toBe(third)
  await change(wu, { unit: surgery }, '2026-01-10')
  await change(wu, { unit: surgery }, '2026-06-01')
  await change(wu, { status: 'active' }, '2026-02-01')
  expect(await where(wu)).toEqual([[null, surgery]])
  expect(await get(wu)).toMatchObject({ status: 'active', unit: surgery })
})

test('a plain change holds from today; a unit is called and stands as it did on the day', async () => {
  const [campus, other] = [await h.unit('东院区', { kind: 'campus' }), await h.unit('西院区', { kind: 'campus' })]
  const eye = await h.unit('眼科', { parent: campus, from: '2010-01-01', to: '2026-12-31' })
  await change(eye, { name: '眼耳鼻喉科', parent: other }, undefined, unit)
  const named = async (asOf: string, path = '') => (await officer.call('GET', `${unit}${path}?asOf=${asOf}&limit=100`)).json<ListAnswer>()
  const found = async (asOf: string) => (await named(asOf)).rows.find(({ id }) => id === eye)
  expect([(await found('2026-03-01'))?.['name'], (await found('2026-03-02'))?.['name']]).toEqual(['眼科', '眼耳鼻喉科'])
  const searched = async (asOf: string) => (await officer.call('GET', `${unit}?search=${encodeURIComponent('眼科')}&asOf=${asOf}`)).json<ListAnswer>().rows.map(({ id }) => id)
  expect([await searched('2026-03-01'), await searched('2026-03-02')]).toEqual([[eye], []])
  expect([await found('2009-12-31'), await found('2027-01-01')]).toEqual([undefined, undefined])
  const under = encodeURIComponent(JSON.stringify({ field: 'id', op: 'under', value: campus }))
  const count = async (asOf: string) => (await officer.call('GET', `${unit}/count?filter=${under}&asOf=${asOf}`)).json<{ count: number }>().count
  expect([await count('2026-03-01'), await count('2026-03-02')]).toEqual([2, 1])

  const zhao = await h.person('赵敏', { unit: '眼科' })
  const { rows, titles } = (await officer.call('GET', `${person}?asOf=2026-03-01&columns=name,unit,unit.name,unit.parent&limit=200`)).json<ListAnswer>()
  const row = rows.find(({ id }) => id === zhao)!
  expect([titles['directory.unit']?.[eye], row['unit.name'], row['unit.parent']]).toEqual(['眼科', '眼科', campus])
  const byUnit = await officer.call('GET', `${person}/summary?group=unit&asOf=2026-03-01`)
  expect(JSON.stringify(byUnit.json())).toContain('眼科')
}) // prettier-ignore

test('what cannot be dated is refused at its place, and nothing is done', async () => {
  const li = await h.person('李梅', { unit: '普外科' })
  const refused = async (changes: object, on: string) => {
    const answer = await change(li, changes, on)
    return [answer.status, answer.json<{ title?: string; problems?: { field: string; message: string }[] }>()] as const
  }
  expect(await refused({ mobile: '13800001111', unit: medicine }, '2026-04-01')).toMatchObject([422, { problems: [{ field: 'mobile', message: '这一项没有沿革，不能指定生效日期，请单独修改' }] }])
  expect(await refused({ unit: medicine }, '2026-02-30')).toMatchObject([400, { title: '“2026-02-30”不是日期，请写成 2025-06-30' }])
  expect(await refused({ unit: medicine }, '2046-01-01')).toMatchObject([422, { problems: [{ message: '生效日期太远' }] }])
  expect(await where(li)).toEqual([[null, surgery]])
  const asked = await Promise.all([
    officer.call('GET', `${person}?asOf=昨天`),
    officer.call('GET', '/api/records/directory.membership?asOf=2026-01-01'),
    officer.call('GET', `/api/records/directory.membership/${li}/timeline`),
  ])
  expect(asked.map(({ status }) => status)).toEqual([400, 400, 404])
}) // prettier-ignore

test('any changes in any order leave what a list of changes by day says', async () => {
  const t = storedTimeline(h.kernel.defs, 'directory.person')!
  const units = [surgery, medicine, await h.unit('儿科'), await h.unit('急诊科')]
  const states = ['active', 'away', 'external']
  const one = fc.oneof(
    fc.record({ day: fc.integer({ min: -20, max: 20 }), key: fc.constant('unit' as const), value: fc.constantFrom(...units) }),
    fc.record({ day: fc.integer({ min: -20, max: 20 }), key: fc.constant('status' as const), value: fc.constantFrom(...states) }),
  )
  const days = Array.from({ length: 45 }, (_, i) => i - 22)
  const dayOf = (n: number) => addDays('2026-03-02', n)
  let n = 0
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 8 }), async (changes) => {
      const id = await h.person(`甲${n++}`, { unit: '普外科' })
      // What holds on each day, changed until the value differs from the one that was replaced.
      const held = { unit: days.map(() => surgery), status: days.map(() => 'active') }
      for (const { day, key, value } of changes) {
        await change(id, { [key]: value }, dayOf(day))
        const line = held[key]
        const at = days.indexOf(day)
        const was = line[at]
        for (let i = at; i < line.length && line[i] === was; i++) line[i] = value
      }
      const rows = await h.kernel.db.once<{ since: string; until: string; unit: string; status: string }>(
        `SELECT since_day::text AS since, until_day::text AS until, unit, status FROM ${t.stretches} WHERE record_id = $1 ORDER BY since_day`,
        [id],
      )
      const on = (day: string) => rows.findLast(({ since }) => since === '-infinity' || since <= day)!
      expect(days.map((day) => on(dayOf(day)).unit)).toEqual(held.unit)
      expect(days.map((day) => on(dayOf(day)).status)).toEqual(held.status)
      expect(await get(id)).toMatchObject({ unit: held.unit[22], status: held.status[22] })
      expect(rows.map(({ until }) => until)).toEqual([...rows.slice(1).map(({ since }) => since), 'infinity'])
      const same = rows.filter((row, i) => i > 0 && row.unit === rows[i - 1]!.unit && row.status === rows[i - 1]!.status)
      expect(same).toEqual([])
    }),
    { numRuns: 25, seed: 9 },
  )
})
