import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { approve } from '#app/testing/deciding.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { handleEvents } from '#kernel/server/jobs/outbox.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import { membersOf, yearsOf } from './seat.rules.ts'

let h: TestHospital
let office: HttpSession, doctor: HttpSession
let clerk: string, zhang: string, head: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  zhang = await h.person('张海涛', { staffNumber: '90001' })
  head = await h.person('李卫东', { post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
  doctor = await h.signIn(zhang)
}
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems: FieldProblem[] }>().problems
const base = '/api/records/organisation.committeeSeat'
const newCommittee = async (name: string, more: object = {}) =>
  record(await office.call('POST', '/api/records/organisation.committee', { name, issuer: '本院', ...more })).id
const term = { from: '2026-03-01', to: '2029-02-28' }
const ask = (draft: object) => doctor.call('POST', base, { ...term, ...draft })
const enter = (draft: object, who = office) =>
  who.call('POST', `${base}/directly`, { draft: { ...term, ...draft }, reason: '院发〔2026〕3号' })
const inView = async (name: string, search = '') => {
  const view = h.kernel.defs.resource('organisation.committeeSeat').list!.views!.find((one) => one.name === name)!
  const { rows } = (
    await office.call(
      'GET',
      `${base}?limit=100&search=${encodeURIComponent(search)}&filter=${encodeURIComponent(JSON.stringify(view.filter))}`,
    )
  ).json<ListAnswer>()
  return rows.map((row) => row['name'])
}

test('a doctor asks for a seat himself: his head, then the office; found by name, number and committee, in office until the term is over', async () => {
  const committee = await newCommittee('医疗质量与安全管理委员会', { level: 'hospital' })
  const asked = record(await ask({ committee, to: '2026-04-30' }))
  expect(asked).toMatchObject({ person: zhang, years: '0.2', issuer: '本院', level: 'hospital', entry: 'applied', state: 'pending' })
  expect(await inView('asked')).toEqual(['张海涛'])
  expect(problems(await ask({ committee, from: '2026-04-30', to: null }))).toEqual([
    { field: 'committee', message: '该人员在此委员会已有申请在审批中（2026-03-01 至 2026-04-30），时间不能重叠' },
  ])
  expect((await ask({ committee, person: head })).status).toBe(403)
  expect([await approve(await h.signIn(head), asked.flow!.instance), await approve(office, asked.flow!.instance)]).toEqual([200, 200])
  for (const search of ['张海涛', 'zht', '90001']) expect(await inView('sitting', search)).toEqual(['张海涛'])
  expect([await inView('asked'), await inView('over')]).toEqual([[], []])
  await at('2026-05-01')
  expect([await inView('sitting'), await inView('over')]).toEqual([[], ['张海涛']])
  expect((await ask({ committee, from: '2026-05-01', to: null })).status).toBe(201)
})

test('what the office enters itself holds at once; a seat lies within the days of its committee', async () => {
  const committee = await newCommittee('病案管理委员会', { foundedOn: '2020-01-01', endedOn: '2026-12-31' })
  expect((await enter({ committee, person: head }, doctor)).status).toBe(403)
  const entered = record(await enter({ committee, person: head, position: 'chair' }))
  expect(entered).toMatchObject({ state: 'approved', entry: 'entered' })
  expect(problems(await enter({ committee, person: zhang, from: '2019-12-31' }))).toEqual([
    { field: 'from', message: '该委员会 2020-01-01 才成立' },
  ])
  expect(problems(await enter({ committee, person: zhang, from: '2027-01-01' }))).toEqual([
    { field: 'from', message: '该委员会 2026-12-31 已撤销' },
  ])
  expect(problems(await enter({ committee, person: zhang, to: '2026-02-01' }))).toEqual([{ field: 'to', message: '不能早于任职起' }])
})

test('an expert group follows the sitting members of its committee; one without any seat keeps its members', async () => {
  const group = await h.create('directory.group', { name: '伦理审查组', kind: 'ethics', members: [{ person: clerk, chair: true }] })
  const committee = await newCommittee('伦理委员会', { group: group.id })
  const members = async () =>
    ((await h.kernel.directory()).groups.find(({ kind }) => kind === 'ethics')?.members ?? []).map(({ person, chair }) => [person, chair])
  await handleEvents(h.kernel)
  expect(await members()).toEqual([[clerk, true]])
  await enter({ committee, person: head, position: 'chair', to: '2026-06-30' })
  await enter({ committee, person: zhang })
  await handleEvents(h.kernel)
  expect(await members()).toEqual([
    [head, true],
    [zhang, false],
  ])
  await at('2026-07-01')
  expect(await members()).toEqual([[zhang, false]])
  expect(
    problems(await office.call('POST', '/api/records/organisation.committee', { name: '伦理分会', issuer: '本院', group: group.id })),
  ).toEqual([{ field: 'group', message: '这个专家组已由“伦理委员会”使用' }])
})

test('the years of a term, and who is in a group', () => {
  expect([yearsOf('2024-01-01', '2026-12-31'), yearsOf('2024-01-01', '2024-06-30'), yearsOf('2024-01-01', null)]).toEqual([
    '3.0',
    '0.5',
    null,
  ])
  const held = [{ id: '1', person: 'a', chair: false }]
  expect(membersOf(held, [{ person: 'a', position: 'member' }])).toBeNull()
  expect(
    membersOf(held, [
      { person: 'a', position: 'secretary' },
      { person: 'a', position: 'chair' },
    ]),
  ).toEqual([{ id: '1', person: 'a', chair: true }])
})
