import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChoicesAnswer, FieldProblem, ListAnswer, RecordAnswer, SummaryAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import type { OrganisationChart } from '../chart/chart.rules.ts'

let h: TestHospital
let office: HttpSession
let clerk: string
beforeAll(async () => {
  h = await hospital({ at: '2025-12-20' })
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2025-12-20'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
}
const merge = (draft: object) => office.call('POST', '/api/records/organisation.merger', { basisNumber: '院发〔2025〕18号', ...draft })
const problems = (answer: HttpAnswer) => answer.json<{ problems: FieldProblem[] }>().problems
const counts = async (asOf: string) => {
  const { groups, titles } = (
    await office.call('GET', `/api/records/directory.person/summary?group=unit&asOf=${asOf}`)
  ).json<SummaryAnswer>()
  return Object.fromEntries(groups.map(({ keys, count }) => [titles['directory.unit']?.[String(keys[0])] ?? '', count]))
}

test('two units merge in January: people, posts, tasks and what stood below go over that day, and last year still adds up', async () => {
  const [first, second] = [await h.unit('普外一科'), await h.unit('普外二科')]
  const ward = await h.unit('二科病区', { kind: 'ward', parent: second })
  await h.person('李卫东', { unit: '普外一科', post: 'head' })
  const oldHead = await h.person('郑毅', { unit: '普外二科', post: 'head' })
  const secretary = await h.person('孙宁', { unit: '普外二科', post: 'secretary' })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  const made = await merge({ unit: second, into: first, from: '2026-01-01' })
  expect(made.json<RecordAnswer>().record).toMatchObject({ people: 2, units: 1, number: 'HB-2025-00001' })
  expect((await h.kernel.directory()).headsOf(ward, '2025-12-31')).toEqual([oldHead])

  await at('2026-01-01')
  const directory = await h.kernel.directory()
  expect([directory.units.get(ward)!.parent, directory.people.get(secretary)!.unit, directory.headsOf(ward, '2026-01-01').map((id) => directory.nameOf(id))]).toEqual([first, first, ['李卫东']])
  expect(directory.membershipsOf(secretary, '2026-01-01').map(({ unit, post }) => [unit, post])).toEqual([[first, 'secretary']])
  expect(directory.membershipsOf(oldHead, '2026-01-01').map(({ unit, post }) => [unit, post])).toEqual([[first, 'member']])
  expect(await counts('2025-12-31')).toMatchObject({ 普外一科: 1, 普外二科: 2 })
  expect(await counts('2026-01-01')).toMatchObject({ 普外一科: 3 })
  const chart = async (asOf: string) => (await office.call('GET', `/api/organisation/chart?asOf=${asOf}`)).json<OrganisationChart>().units.map(({ id }) => id)
  expect([(await chart('2025-12-31')).includes(second), (await chart('2026-01-01')).includes(second)]).toEqual([true, false])
  // What is over is offered no more.
  const offered = (await office.call('GET', '/api/choices/directory.unit?search=普外')).json<ChoicesAnswer>().options.map(({ id }) => id)
  expect([offered.includes(first), offered.includes(second)]).toEqual([true, false])
}) // prettier-ignore

test('a merger that cannot be is refused whole: into what stands below it, into what is closed, with somebody who moves later', async () => {
  const [eye, ear] = [await h.unit('眼科'), await h.unit('耳鼻喉科')]
  const below = await h.unit('眼科门诊', { parent: eye })
  const closed = await h.unit('康复科', { to: '2025-06-30' })
  expect(problems(await merge({ unit: eye, into: eye }))).toEqual([{ field: 'into', message: '不能并入自己' }])
  expect(problems(await merge({ unit: eye, into: below }))).toEqual([{ field: 'into', message: '不能并入自己的下级，请先调整上下级' }])
  expect(problems(await merge({ unit: eye, into: closed }))).toEqual([{ field: 'into', message: '该科室 2025-06-30 已停用' }])
  const [one, other] = [await h.person('甲', { unit: '眼科' }), await h.person('乙', { unit: '眼科' })]
  await office.call('POST', '/api/records/organisation.movement', { person: other, kind: 'transfer', from: '2026-02-01', toUnit: ear })
  expect(problems(await merge({ unit: eye, into: ear, from: '2026-01-01' }))).toEqual([{ field: 'unit', message: '乙不能转入：2026-02-01 已有异动，请先撤销，或选择其后的日期' }])
  const moved = (await office.call('GET', '/api/records/organisation.movement?limit=100')).json<ListAnswer>().rows.filter(({ person }) => person === one)
  expect(moved).toEqual([])
  expect((await h.kernel.directory()).unitsOf(one, '2026-01-01')).toEqual([eye])
}) // prettier-ignore
