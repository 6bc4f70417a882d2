import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { may, module, resource, text, unit, type ListAnswer, type RecordAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'

const visits = resource('zoned.visit', {
  label: '巡查',
  title: 'name',
  owner: { department: 'unit' },
  fields: { name: text('名称'), unit: unit('科室') },
})
const zoned = module('zoned', {
  label: '片区巡查',
  resources: [visits],
  roles: { departmentSecretary: [may.read(visits, 'myZone')] },
})

let h: TestHospital
let reader: HttpSession, officer: HttpSession
let secretary: string, admin: string
let units: Record<'surgery' | 'theatre' | 'room' | 'medicine', string>
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([zoned]), at: '2026-03-02' })
  const surgery = await h.unit('普外科', { zone: '外科片区' })
  const theatre = await h.unit('麻醉科', { zone: '医技片区' })
  const room = await h.unit('复苏室', { kind: 'ward', parent: theatre })
  units = { surgery, theatre, room, medicine: await h.unit('心内科', { zone: '内科片区' }) }
  secretary = await h.person('何秀兰', { unit: '普外科', roles: ['departmentSecretary'] })
  admin = await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] })
  for (const [name, id] of Object.entries(units)) await h.create('zoned.visit', { name, unit: id })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  reader = await h.signIn(secretary)
  officer = await h.signIn(admin)
}
const seen = async () =>
  (await reader.call('GET', '/api/records/zoned.visit'))
    .json<ListAnswer>()
    .rows.map((row) => String(row['name']))
    .toSorted()
const setZones = async (id: string, changes: object, on: string) => {
  const { record } = (await officer.call('GET', `/api/records/directory.unit/${id}`)).json<RecordAnswer>()
  const answer = await officer.call('PATCH', `/api/records/directory.unit/${id}`, { version: record.version, changes, on })
  expect(answer.status, answer.text).toBe(200)
}

test('a unit stands in several zones from a day on: whoever sees one of them sees it and what stands below, until that ends', async () => {
  expect(await seen()).toEqual(['surgery'])
  await setZones(units.theatre, { alsoZones: ['外科片区', '急诊片区'] }, '2026-03-05')
  await setZones(units.theatre, { alsoZones: ['急诊片区'] }, '2026-03-10')
  expect(await seen()).toEqual(['surgery'])
  await at('2026-03-05')
  expect(await seen()).toEqual(['room', 'surgery', 'theatre'])
  await at('2026-03-10')
  expect(await seen()).toEqual(['surgery'])
})

test('whose own unit stands in several zones sees each of them', async () => {
  await at('2026-03-11')
  await setZones(units.surgery, { alsoZones: ['内科片区'] }, '2026-03-11')
  expect(await seen()).toEqual(['medicine', 'surgery'])
  expect((await h.kernel.directory()).units.get(units.surgery)!.zones).toEqual(['外科片区', '内科片区'])
})
