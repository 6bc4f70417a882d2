import { expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { dueAt, planningOf } from '#kernel/server/clock/planning.ts'
import type { CalendarYear, Trial } from './calendar.rules.ts'
import { warnOfMissingYear } from './calendar.service.ts'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const shown = (date: Date | string) => new Date(new Date(date).getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
const days = (amount: number) => ({ unit: 'workingDays', amount }) as const
async function due(h: TestHospital, unit: string | null, amount = 1): Promise<string> {
  return shown((await dueAt(h.kernel, days(amount), at('2026-11-20 09:00'), unit))!.at)
}

test('calendars lie over each other: a campus is closed, its clinic works, the hospital goes on', async () => {
  await using h = await hospital()
  const east = await h.unit('东院区', { kind: 'campus', parent: h.institution })
  const clinic = await h.unit('东院眼科', { parent: east })
  const emergency = await h.unit('急诊科')
  expect(await due(h, clinic)).toBe('2026-11-23 17:30')
  await h.create('clock.calendar', {
    name: '东院区',
    unit: east,
    days: [{ from: '2026-11-23', to: '2026-11-24', kind: 'off', reason: '停电检修' }],
  })
  await h.create('clock.calendar', { name: '东院眼科', unit: clinic, days: [{ from: '2026-11-23', to: '2026-11-23', kind: 'on', reason: '义诊', start: '09:00', end: '11:00' }] }) // prettier-ignore
  await h.create('clock.calendar', { name: '急诊', unit: emergency, holidays: 'none', periods: [{ label: '全天', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], start: '00:00', end: '24:00' }] }) // prettier-ignore
  expect([await due(h, east), await due(h, clinic), await due(h, emergency), await due(h, h.campus), await due(h, null)]).toEqual([
    '2026-11-25 17:30', '2026-11-23 11:00', '2026-11-21 23:59', '2026-11-23 17:30', '2026-11-23 17:30',
  ]) // prettier-ignore
})

test('the hospital’s own hours take the place of those in the settings', async () => {
  await using h = await hospital()
  await h.create('clock.calendar', { name: '全院', holidays: 'national', periods: [{ weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], start: '7:30', end: '11:30' }] }) // prettier-ignore
  expect(await due(h, null)).toBe('2026-11-21 11:30')
  const calendar = (await planningOf(h.kernel)).calendarOf(null)
  expect(calendar.day('2026-12-01').hours).toEqual([[450, 690]])
})

test('holidays that are announced later settle what was provisional and move what is open; what has passed stays', async () => {
  await using h = await hospital({ at: '2026-12-30T02:00:00Z' })
  const from = at('2026-12-30 10:00')
  const before = (await dueAt(h.kernel, days(3), from, null))!
  expect([shown(before.at), before.provisional, before.missing]).toEqual(['2027-01-04 17:30', true, [2027]])
  await h.create('clock.holidayYear', {
    year: 2027,
    source: '国务院办公厅关于2027年部分节假日安排的通知',
    days: [{ name: '元旦', kind: 'off', from: '2027-01-01', to: '2027-01-03' }],
  })
  const after = (await dueAt(h.kernel, days(3), from, null))!
  expect([shown(after.at), after.provisional]).toEqual(['2027-01-05 17:30', false])
  const planning = await planningOf(h.kernel)
  const stored = { due: before.at, limit: days(3), from, unit: null }
  expect(planning.replan(stored, h.clock.now())).toEqual({ at: after.at, provisional: false })
  expect(planning.replan(stored, at('2027-01-04 17:31')).at).toEqual(before.at)
})

test('a wrong calendar is refused at its place, in Chinese', async () => {
  await using h = await hospital()
  const office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  const save = async (resource: string, body: object) => {
    const answer = await office.call('POST', `/api/records/${resource}`, body)
    return answer.status === 201 ? 'saved' : (answer.json<{ problems: { field: string; message: string }[] }>().problems ?? [])
  }
  expect(await save('clock.calendar', { name: '全院' })).toEqual([{ field: 'periods', message: '全院日历须写明作息' }])
  const hours = [{ weekdays: ['mon'], start: '08:00', end: '12:00' }]
  expect(await save('clock.calendar', { name: '全院', periods: [{ ...hours[0], end: '07:00' }] })).toEqual([
    { field: 'periods.0.end', message: '结束时间须晚于开始时间' },
  ])
  expect(await save('clock.calendar', { name: '全院', periods: [{ ...hours[0], end: '8点' }] })).toMatchObject([{ field: 'periods.0.end' }])
  expect(await save('clock.calendar', { name: '全院', periods: hours })).toBe('saved')
  expect(await save('clock.calendar', { name: '又一个', periods: hours })).toEqual([
    { field: 'unit', message: '全院日历已有，请修改原有的' },
  ])
  const year = (days: object[]) => save('clock.holidayYear', { year: 2027, source: '通知', days })
  const newYear = { name: '元旦', kind: 'off', from: '2027-01-01', to: '2027-01-03' }
  expect(await year([{ ...newYear, from: '2026-12-31' }])).toEqual([{ field: 'days.0.from', message: '须在 2027 年内' }])
  expect(await year([newYear, { ...newYear, from: '2027-01-03', to: '2027-01-03', kind: 'work' }])).toEqual([
    { field: 'days.1.from', message: '与上面的日期重叠' },
  ])
  expect(await year([newYear])).toBe('saved')
})

test('the year’s page says what each day is, who says so, and what would be due', async () => {
  await using h = await hospital({ at: '2026-11-21T02:00:00Z' })
  const head = await h.signIn(await h.person('李卫东', { unit: '骨科', roles: ['departmentHead'] }))
  const year = (await head.call('GET', `/api/clock/year?year=2026&unit=${await h.unit('骨科')}`)).json<CalendarYear>()
  const day = (text: string) => year.days.find((d) => d.day === text)
  expect([year.days.length, year.workdays, year.holidays?.certainty, year.years[0]]).toEqual([365, 248, 'B', 2027])
  expect(day('2026-02-14')).toMatchObject({ kind: 'makeUp', name: '春节', hours: '08:00–12:00 14:00–17:30' })
  expect([day('2026-10-01')?.kind, day('2026-12-30')?.missing]).toEqual(['holiday', 2027])
  const trial = (await head.call('GET', '/api/clock/trial?amount=5&of=workingDays&from=2026-12-28T02:00:00Z')).json<Trial>()
  expect([shown(trial.at), trial.provisional, trial.missing]).toEqual(['2027-01-04 17:30', true, [2027]])
  expect((await head.call('GET', '/api/clock/trial?amount=0&of=days')).json()).toMatchObject({ title: '时限须大于零' })
  const nurse = await h.signIn(await h.person('何秀兰', { unit: '骨科' }))
  expect((await nurse.call('GET', '/api/clock/year')).status).toBe(403)
})

test('the office is told once a month that the next year’s holidays are missing, and no longer when they are there', async () => {
  await using h = await hospital({ at: '2026-11-14T02:00:00Z' })
  const office = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  const told = async () =>
    (await h.kernel.db.query<{ title: string }>('SELECT title FROM kernel.message WHERE person = $1::uuid ORDER BY at', [office])).map(
      (m) => m.title,
    )
  await warnOfMissingYear(h.kernel)
  expect(await told()).toEqual([])
  for (const day of ['2026-11-15', '2026-11-16', '2026-12-01']) {
    h.clock.set(day)
    await warnOfMissingYear(h.kernel)
  }
  expect(await told()).toEqual(['2027 年节假日安排尚未录入', '2027 年节假日安排尚未录入'])
  await h.create('clock.holidayYear', {
    year: 2027,
    source: '通知',
    days: [{ name: '元旦', kind: 'off', from: '2027-01-01', to: '2027-01-01' }],
  })
  h.clock.set('2027-01-02')
  await warnOfMissingYear(h.kernel)
  expect((await told()).length).toBe(2)
})
