import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultSettings, may, module, resource, text, type Filter, type FlowDesign, type Settings } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { approve, flow, role } from '#kernel/model/flow/index.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { calendarOf } from './clock/planning.ts'

const ask = flow<Filter>('office.ask', {
  label: '{medicalOffice}审批',
  steps: [approve('office', '{medicalOffice}', { by: role('medicalOffice') })],
})
const note = resource('office.note', {
  label: '{medicalOffice}意见',
  title: 'words',
  approval: 'office.ask',
  fields: { words: text('{medicalOffice}的意见') },
})
const notes = module('office', { label: '意见', resources: [note], flows: [ask], roles: { medicalOffice: [may.all(note)] } })
let h: TestHospital
let officer: HttpSession, doctor: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([notes]) })
  officer = await h.signIn(await h.person('管理员', { unit: '信息科', roles: ['systemOfficer'] }))
  doctor = await h.signIn(await h.person('赵一'))
})
afterAll(() => h[Symbol.asyncDispose]())
const stored = async () => (await officer.call('GET', '/api/settings')).json<Settings & Record<string, unknown>>()
const put = (settings: unknown, seen: unknown, session = officer) => session.call('PUT', '/api/settings', { settings, seen })

test('the system officer names the office and sets the hours: labels and clocks follow at once, and the audit keeps both', async () => {
  const seen = await stored()
  expect(seen).toEqual(defaultSettings)
  const hours = [{ weekdays: [1, 2, 3, 4, 5, 6], from: 7 * 60 + 30, to: 12 * 60 }]
  const answer = await put({ ...seen, medicalOffice: '医务部', workingTime: hours, quietHours: { from: 22 * 60, to: 6 * 60 } }, seen)
  expect(answer.status, answer.text).toBe(200)
  expect(await stored()).toMatchObject({ medicalOffice: '医务部', workingTime: hours })
  expect((await officer.call('GET', '/api/me')).json()).toMatchObject({ hospital: { medicalOffice: '医务部' } })
  // A Saturday.
  expect((await calendarOf(h.kernel, null)).day('2026-06-27').isWorkday).toBe(true)
  const [entry] = await h.kernel.db.query<{ detail: object }>(`SELECT detail FROM kernel.audit_entry WHERE act = 'settings.change' ORDER BY seq DESC LIMIT 1`)
  expect(entry!.detail).toMatchObject({ changes: { medicalOffice: ['医务处', '医务部'], quietHours: [defaultSettings.quietHours, { from: 1320, to: 360 }] } })
}) // prettier-ignore

test('whatever signs the name of the office holds, labels hold it as it is', async () => {
  const seen = await stored()
  const called = '医务"处\\$&部'
  expect((await put({ ...seen, medicalOffice: called }, seen)).status).toBe(200)
  const head = await h.signIn(await h.person('钱处长', { unit: '医务处', roles: ['medicalOffice'] }))
  const security = await h.signIn(await h.person('许安', { unit: '信息科', roles: ['securityOfficer'] }))
  expect(JSON.stringify((await head.call('GET', '/api/me')).json()['roles'])).toContain(JSON.stringify(called).slice(1, -1))
  for (const [session, path] of [
    [security, '/api/rights'],
    [head, '/api/definitions'],
  ] as const) {
    const answer = await session.call('GET', path)
    expect([path, answer.status, JSON.stringify(answer.json()).includes('{medicalOffice}')]).toEqual([path, 200, false])
  }
  const opened = await officer.call('GET', '/api/flow-designs/office.ask')
  expect(opened.status, opened.text).toBe(200)
  expect(opened.json<FlowDesign>().types[0]).toMatchObject({ label: `${called}意见`, fields: { words: { label: `${called}的意见` } } })
  expect((await put({ ...seen }, await stored())).status).toBe(200)
})

test('of two officers the second is told; a doctor has no such page', async () => {
  const seen = await stored()
  expect((await put({ ...seen, hospitalName: '第一医院' }, seen)).status).toBe(200)
  const late = await put({ ...seen, hospitalName: '第二医院' }, seen)
  expect([late.status, late.json()['code']]).toEqual([409, 'versionConflict'])
  expect((await stored()).hospitalName).toBe('第一医院')
  expect((await doctor.call('GET', '/api/settings')).status).toBe(403)
  expect((await put(seen, await stored(), doctor)).status).toBe(403)
})

test('what cannot be is refused at its place, and nothing of it is kept', async () => {
  const seen = await stored()
  const wrong = {
    hospitalName: ' ', auditMonths: 5, backupDays: 0, medicalOffice: '{medicalOffice}', quietHours: { from: 600, to: 600 }, talkRecordDays: 29, talkDirectDays: '60', talkGroupDays: 20_000,
    workingTime: [{ weekdays: [1], from: 480, to: 720 }, { weekdays: [], from: 0, to: 1 }, { weekdays: [2], from: 720, to: 700 }, { weekdays: [1, 2], from: 700, to: 800 }],
  } // prettier-ignore
  const answer = await put(wrong, seen)
  expect(answer.status).toBe(422)
  expect(answer.json<{ problems: { field: string }[] }>().problems.map((one) => one.field).toSorted()).toEqual(['auditMonths', 'backupDays', 'hospitalName', 'medicalOffice', 'quietHours', 'talkDirectDays', 'talkGroupDays', 'talkRecordDays', 'workingTime.1', 'workingTime.2', 'workingTime.3'].toSorted()) // prettier-ignore
  for (const nonsense of [null, [], { workingTime: 'x', quietHours: null }, { ...seen, workingTime: [] }]) expect((await put(nonsense, seen)).status).toBe(422)
  expect(await stored()).toEqual(seen)
}) // prettier-ignore
