import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { posts, type FieldProblem, type ListAnswer, type RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'

let h: TestHospital
let office: HttpSession
let clerk: string, surgery: string, medicine: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  medicine = await h.unit('心内科')
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
/** A session ends when nothing is asked for long. */
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
}
const base = '/api/records/organisation.movement'
const move = (draft: object) => office.call('POST', base, draft)
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems?: FieldProblem[] }>().problems ?? answer.json<{ title: string }>().title
const revoke = (moved: RecordAnswer['record'], reason = '登记有误') =>
  office.call('POST', `/api/organisation/movements/${moved.id}/revoke`, { version: moved.version, reason })
const file = async (id: string) => record(await office.call('GET', `/api/records/directory.person/${id}`))
const postsOf = async (id: string) => {
  const filter = encodeURIComponent(JSON.stringify({ field: 'person', op: 'eq', value: id }))
  const { rows } = (await office.call('GET', `/api/records/directory.membership?filter=${filter}&sort=from,to`)).json<ListAnswer>()
  return rows.map(({ unit, post, from, to }) => [unit === surgery ? '普外科' : '心内科', posts[post as keyof typeof posts], from, to])
}

test('a surgeon is transferred on a coming day: unit, post and rights follow that morning; within three days it is taken back, and entered again', async () => {
  const zhang = await h.person('张海涛', { unit: '普外科', post: 'secretary', joinedOn: '2020-07-01' })
  await h.create('directory.roleAssignment', { role: 'departmentSecretary', post: 'secretary', unit: surgery })
  const moved = record(await move({ person: zhang, kind: 'transfer', from: '2026-03-10', toUnit: medicine, reason: '工作需要' }))
  expect(moved).toMatchObject({ fromUnit: surgery, fromStatus: 'active', status: 'active' })
  expect(await file(zhang)).toMatchObject({ unit: surgery })
  const rolesOn = async (day: string) => (await h.kernel.directory()).rolesOf(zhang, day)
  expect([await rolesOn('2026-03-09'), await rolesOn('2026-03-10')]).toEqual([expect.arrayContaining(['departmentSecretary']), expect.not.arrayContaining(['departmentSecretary'])])
  await at('2026-03-10')
  expect(await file(zhang)).toMatchObject({ unit: medicine })
  expect((await postsOf(zhang)).slice(-2)).toEqual(expect.arrayContaining([['普外科', '科室秘书', null, '2026-03-09'], ['心内科', '成员', '2026-03-10', null]]))

  await at('2026-03-13')
  expect((await revoke(moved)).status).toBe(200)
  expect(await file(zhang)).toMatchObject({ unit: surgery })
  expect(await postsOf(zhang)).toEqual([['普外科', '科室秘书', null, null]])
  expect(await rolesOn('2026-03-13')).toContain('departmentSecretary')
  expect(problems(await revoke(record(await office.call('GET', `${base}/${moved.id}`))))).toBe('这次异动已经撤销')

  const again = record(await move({ person: zhang, kind: 'transfer', from: '2026-03-13', toUnit: medicine }))
  expect(await file(zhang)).toMatchObject({ unit: medicine })
  await at('2026-03-17')
  expect(problems(await revoke(again))).toBe('2026-03-16 之后不能反悔，请办理新的异动')
  // Both entries stay in the ledger.
  const filter = encodeURIComponent(JSON.stringify({ field: 'person', op: 'eq', value: zhang }))
  expect((await office.call('GET', `${base}?filter=${filter}`)).json<ListAnswer>().rows.map(({ status }) => status)).toEqual(['active', 'revoked'])
}) // prettier-ignore

test('whoever leaves loses every right on the day, vanishes from pickers and stays in the past; rehired, he begins anew', async () => {
  const wu = await h.person('吴静', { unit: '普外科', post: 'head', roles: ['departmentHead'] })
  const session = await h.signIn(wu)
  expect((await session.call('GET', '/api/tasks')).status).toBe(200)
  expect((await move({ person: wu, kind: 'leave', from: '2026-03-02' })).status).toBe(422)
  expect((await move({ person: wu, kind: 'leave', leaving: 'retired', from: '2026-03-02' })).status).toBe(201)
  expect((await session.call('GET', '/api/tasks')).status).toBe(403)
  const offered = async () => JSON.stringify((await office.call('GET', `/api/choices/directory.person?search=${encodeURIComponent('吴静')}`)).json())
  expect(await offered()).not.toContain(wu)
  expect((await h.kernel.directory()).headsOf(surgery, '2026-03-02')).not.toContain(wu)
  const before = (await office.call('GET', '/api/records/directory.person?asOf=2026-03-01&limit=200')).json<ListAnswer>()
  expect(before.rows.find(({ id }) => id === wu)).toMatchObject({ status: 'active', unit: surgery })
  expect(problems(await move({ person: wu, kind: 'transfer', toUnit: medicine, from: '2026-03-05' }))).toEqual([{ field: 'kind', message: '该人员已离职，只能办理复职' }])
  await at('2026-03-06')
  expect((await move({ person: wu, kind: 'rehire', toUnit: medicine, from: '2026-03-06' })).status).toBe(201)
  expect(await file(wu)).toMatchObject({ status: 'active', unit: medicine })
  expect(await offered()).toContain(wu)
}) // prettier-ignore

test('whoever leaves is in no team and no unit for a time any more, whom he leads or not; a regret brings it all back', async () => {
  const [gone, led] = [await h.person('钱程', { unit: '普外科' }), await h.person('孙立', { unit: '普外科' })]
  const { id: team } = await h.create('organisation.team', { kind: 'tiered', name: '肝胆组', unit: surgery, from: '2026-01-01' })
  const { id: lead } = await h.create('organisation.teamMember', { team, person: gone, level: 'three', from: '2026-01-01' })
  await h.create('organisation.teamMember', { team, person: led, level: 'one', superior: lead, from: '2026-01-01' })
  const { id: other } = await h.create('organisation.team', { kind: 'vte', name: '普外科VTE小组', unit: surgery, from: '2026-01-01' })
  const { id: coming } = await h.create('organisation.teamMember', { team: other, person: gone, role: '组员', from: '2026-04-01' })
  const { id: stay } = await h.create('organisation.rotationStay', { label: '钱程', person: gone, unit: medicine, from: '2026-02-01', to: '2026-05-31', days: 120 })
  const read = async (type: string, id: string) => record(await office.call('GET', `/api/records/organisation.${type}/${id}`))
  const all = async () => [await read('teamMember', lead), await read('rotationStay', stay)].map(({ to, days }) => [to, days])
  const left = await move({ person: gone, kind: 'leave', leaving: 'resigned', from: '2026-03-02' })
  expect(problems(left)).toBeUndefined()
  const moved = record(left)
  expect(await all()).toEqual([['2026-03-01', undefined], ['2026-03-01', 29]])
  expect((await read('teamMember', coming)).deletedAt).not.toBeNull()
  expect((await revoke(record(await office.call('GET', `${base}/${moved.id}`)))).status).toBe(200)
  expect(await all()).toEqual([[null, undefined], ['2026-05-31', 120]])
  expect(await read('teamMember', coming)).toMatchObject({ from: '2026-04-01', to: null, deletedAt: null })
}) // prettier-ignore

test('a temporary person who comes back is a temporary person still', async () => {
  const wen = await h.person('温如玉', { unit: '普外科', status: 'external' })
  expect((await move({ person: wen, kind: 'away', away: 'leave', from: '2026-03-02', until: '2026-03-08' })).status).toBe(201)
  expect(await file(wen)).toMatchObject({ status: 'away' })
  expect((await move({ person: wen, kind: 'back', from: '2026-03-09' })).status).toBe(201)
  const { rows } = (await office.call('GET', '/api/records/directory.person?asOf=2026-03-09&limit=200')).json<ListAnswer>()
  expect(rows.find(({ id }) => id === wen)).toMatchObject({ status: 'external', awayAs: null })
})

test('what cannot be is refused at its field, and nothing of it is done', async () => {
  const li = await h.person('李梅', { unit: '普外科', joinedOn: '2021-01-01' })
  const closed = await h.unit('康复科', { to: '2025-12-31' })
  const opening = await h.unit('老年科', { from: '2026-09-01' })
  const asked: [object, FieldProblem][] = [
    [
      { kind: 'transfer', toUnit: surgery },
      { field: 'toUnit', message: '已在这个科室' },
    ],
    [
      { kind: 'transfer', toUnit: closed },
      { field: 'toUnit', message: '该科室 2025-12-31 停用' },
    ],
    [
      { kind: 'transfer', toUnit: opening },
      { field: 'toUnit', message: '该科室 2026-09-01 才启用' },
    ],
    [
      { kind: 'transfer', toUnit: medicine, from: '2020-12-31' },
      { field: 'from', message: '早于来院日期 2021-01-01' },
    ],
    [
      { kind: 'rehire', toUnit: medicine },
      { field: 'kind', message: '该人员没有离职，不需要复职' },
    ],
    [{ kind: 'permanent' }, { field: 'kind', message: '该人员已是正式人员' }],
    [{ kind: 'back' }, { field: 'kind', message: '该人员没有离岗' }],
  ]
  for (const [draft, problem] of asked) expect(problems(await move({ person: li, from: '2026-03-02', ...draft }))).toEqual([problem])
  const coming = record(await move({ person: li, kind: 'transfer', toUnit: medicine, from: '2026-03-20' }))
  expect(problems(await move({ person: li, kind: 'away', away: 'training', from: '2026-03-05' }))).toEqual([
    { field: 'from', message: '2026-03-20 已有异动，请先撤销，或选择其后的日期' },
  ])
  await revoke(coming)
  expect(await file(li)).toMatchObject({ unit: surgery, status: 'active' })
  const timeline = (await office.call('GET', `/api/records/directory.person/${li}/timeline`)).json<{ stretches: unknown[] }>()
  expect(timeline.stretches).toHaveLength(1)
  expect(await postsOf(li)).toHaveLength(1)
  const own = await h.signIn(li)
  expect((await own.call('POST', base, { person: li, kind: 'transfer', toUnit: medicine })).status).toBe(403)
})
