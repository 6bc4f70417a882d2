import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ApiRecord, FieldProblem, ListAnswer, MessageItem, RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import type { RotationTable } from './table.rules.ts'

let h: TestHospital
let office: HttpSession
let clerk: string, head: string, surgery: string, medicine: string, emergency: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  ;[surgery, medicine, emergency] = [await h.unit('普外科'), await h.unit('心内科'), await h.unit('急诊科')]
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  head = await h.person('李卫东', { unit: '普外科', post: 'head', roles: ['departmentHead'] })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
}
const plans = '/api/records/organisation.rotationPlan'
const stays = '/api/records/organisation.rotationStay'
const unitsOf = (capacity: number, ...units: string[]) => units.map((unit) => ({ unit, periods: 1, capacity, kind: 'must' }))
const record = (answer: HttpAnswer): ApiRecord => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems?: FieldProblem[] }>().problems ?? answer.json<{ title: string }>().title
const draft = (name: string, people: string[], more: object = {}) =>
  office.call('POST', plans, { name, from: '2026-04-01', step: 'month', order: 'free', people: people.map((person) => ({ person })), units: unitsOf(1, surgery, medicine), ...more }) // prettier-ignore
const act = (plan: { id: string; version: number }, verb: string, more: object = {}) =>
  office.call('POST', `/api/organisation/rotations/${plan.id}/${verb}`, { version: plan.version, ...more })
const table = (answer: HttpAnswer): RotationTable => answer.json<RotationTable>()
const named = async (...names: string[]): Promise<string[]> => {
  const made: string[] = []
  for (const name of names) made.push(await h.person(name, { unit: '医务处', status: 'external' }))
  return made
}
const listed = async (who: HttpSession, type = 'organisation.rotationStay') =>
  (await who.call('GET', `/api/records/${type}?sort=${type.endsWith('Stay') ? 'from' : 'createdAt'}`)).json<ListAnswer>().rows

test('a plan is made by one key, mended by hand and published: stays, posts for their days, and everybody is told', async () => {
  const [one, two] = await named('规培甲', '规培乙')
  const plan = record(await draft('外科轮转', [one!]))
  const joined = table(await act(plan, 'join', { people: [two] }))
  const made = table(await act(joined, 'generate'))
  expect(made.conflicts).toEqual([])
  const before = [made.grid[one!]!, made.grid[two!]!]
  expect(before).toEqual([before[1]!.toReversed(), before[0]!.toReversed()])
  // The first person's two cells change places: now both stand in one unit, and it is told at once.
  const swapped = table(await act(made, 'adjust', { changes: [0, 1].map((n) => ({ person: one, at: n, unit: before[0]![1 - n] })) }))
  expect(swapped.conflicts.map(({ kind }) => kind)).toEqual(['capacity', 'capacity'])
  expect((await act(made, 'generate')).status).toBe(409)
  expect(problems(await act(swapped, 'publish'))).toBe('还有 2 处冲突，请先调整，或写明仍要发布的原因')
  const mended = table(await act(swapped, 'generate'))
  const published = table(await act(mended, 'publish'))
  expect(published.status).toBe('published')
  const [first, second] = (await listed(office)).filter(({ person }) => person === one)
  expect([first!['from'], first!['to'], second!['from'], second!['to'], first!['days']]).toEqual(['2026-04-01', '2026-04-30', '2026-05-01', '2026-05-31', 30]) // prettier-ignore
  expect(second!['previous']).toBe(first!.id)
  const directory = await h.kernel.directory()
  expect(directory.unitsOf(one!, '2026-04-15')).toContain(first!['unit'])
  expect(directory.unitsOf(one!, '2026-05-15')).not.toContain(first!['unit'])
  const his = await h.signIn(one!)
  expect((await listed(his)).length).toBe(2)
  expect((await his.call('GET', '/api/messages')).json<MessageItem[]>().map(({ title }) => title)).toContain('轮转安排：外科轮转')
  const heads = await h.signIn(head)
  expect((await heads.call('GET', '/api/messages')).json<MessageItem[]>()[0]!.body).toContain('2 人将到普外科轮转，最早 2026-04-01')
  expect((await listed(heads)).map(({ unit }) => unit)).toEqual([surgery, surgery])

  expect(problems(await act(published, 'adjust', { changes: [{ person: one, at: 0, unit: null }] }))).toContain('须先撤回发布')
  const stored = record(await office.call('GET', `${plans}/${plan.id}`))
  expect(problems(await office.call('PATCH', `${plans}/${plan.id}`, { version: stored.version, changes: { from: '2026-05-01' } }))).toEqual([{ field: 'from', message: '计划已发布，须先撤回发布再修改' }]) // prettier-ignore
  const back = table(await act(published, 'withdraw'))
  expect([back.status, (await listed(office)).length, (await h.kernel.directory()).membershipsOf(one!, '2026-04-15').length]).toEqual(['draft', 0, 1]) // prettier-ignore
  await act(back, 'publish')
  await at('2026-04-01')
  const again = record(await office.call('GET', `${plans}/${plan.id}`))
  expect(problems(await act({ id: plan.id, version: again.version }, 'withdraw'))).toContain('已有人入科')
})

test('what a plan does not know of itself is told: another plan, a time away, a unit that closes, somebody who left', async () => {
  const [busy, away, gone] = await named('规培丙', '规培丁', '规培戊')
  const other = record(await draft('先来的', [busy!], { units: unitsOf(1, emergency) }))
  await act(table(await act(other, 'generate')), 'publish')
  await office.call('POST', '/api/records/organisation.movement', {
    person: away,
    kind: 'away',
    away: 'training',
    from: '2026-04-10',
    until: '2026-04-20',
  })
  await office.call('POST', '/api/records/organisation.movement', { person: gone, kind: 'leave', leaving: 'resigned', from: '2026-03-02' })
  const closing = await h.unit('康复科', { to: '2026-05-15' })
  const plan = record(await draft('后来的', [busy!, away!, gone!], { units: unitsOf(3, closing, medicine) }))
  const made = table(await act(plan, 'generate'))
  const said = made.conflicts.map(({ kind, message }) => `${kind} ${message}`)
  expect(said).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^busy 规培丙在.*另有轮转：急诊科（2026-04-01 至 2026-04-30）$/),
      expect.stringMatching(/^busy 规培丁在.*离岗（2026-04-10 至 2026-04-20）$/),
      'left 规培戊已离职',
      expect.stringMatching(/^ended .*该科室于 2026-05-15 停用$/),
    ]),
  )
  // With a spare period the generator goes round who is elsewhere.
  const patched = record(await office.call('PATCH', `${plans}/${plan.id}`, { version: made.version, changes: { periods: 4 } }))
  const roomy = table(await act(patched, 'generate'))
  expect(roomy.conflicts.filter(({ kind }) => kind === 'busy')).toEqual([])
})

test('a plan that cannot be is refused at its fields', async () => {
  const [one] = await named('规培己')
  expect(problems(await draft('错', [one!, one!]))).toEqual([{ field: 'people.1.person', message: '人员重复' }])
  expect(problems(await draft('错', [one!], { units: unitsOf(1, surgery, surgery) }))).toEqual([
    { field: 'units.1.unit', message: '科室重复' },
  ])
  expect(problems(await draft('错', [one!], { electives: 1 }))).toEqual([{ field: 'electives', message: '多于列出的选轮科室' }])
  expect(problems(await draft('错', [one!], { periods: 1 }))).toMatchObject([{ field: 'periods' }])
  const empty = record(await draft('空', [], { units: [] }))
  expect(problems(await act(empty, 'generate'))).toBe('还没有轮转人员，请先加入')
  const trainee = await h.signIn(one!)
  expect((await trainee.call('GET', `/api/organisation/rotations/${empty.id}`)).status).toBe(403)
  expect((await office.call('DELETE', `${plans}/${empty.id}?version=${empty.version}`)).status).toBeLessThan(300)
})

test('a stay is lived: received, absent days, tasks, rated by the unit, answered by the trainee, handed on', async () => {
  const [one] = await named('规培庚')
  const secretary = await h.person('何秀兰', { unit: '普外科', post: 'secretary', roles: ['departmentSecretary'] })
  const plan = record(await draft('在科', [one!], { from: '2026-03-03', order: 'fixed', units: [{ unit: surgery, periods: 1, capacity: 2, kind: 'must', mentor: head }, ...unitsOf(2, medicine)] })) // prettier-ignore
  await act(table(await act(plan, 'generate')), 'publish')
  const [first, next] = (await listed(office)).filter(({ person }) => person === one)
  let heads = await h.signIn(head)
  const change = async (changes: object, stay = first!) => {
    const { version } = record(await heads.call('GET', `${stays}/${stay.id}`))
    return heads.call('PATCH', `${stays}/${stay.id}`, { version, changes })
  }
  expect(problems(await change({ theory: 4, skill: 5, attitude: 5 }))).toContainEqual({
    field: 'theory',
    message: '2026-03-03 才入科，入科后才能填写',
  })
  await at('2026-03-10')
  heads = await h.signIn(head)
  const { version } = record(await heads.call('GET', `${stays}/${first!.id}`))
  expect((await heads.call('POST', `${stays}/${first!.id}/press/receive`, { version })).status).toBe(200)
  expect(problems(await change({ theory: 4 }))).toEqual(['skill', 'attitude'].map((field) => ({ field, message: '三项都要评价' })))
  expect(record(await change({ theory: 4, skill: 5, attitude: 5, comment: '认真', handover: '可独立换药' }))).toMatchObject({ score: '4.7', ratedBy: head, handedOverBy: head, receivedBy: head, receivedOn: '2026-03-10' }) // prettier-ignore
  const desk = await h.signIn(secretary)
  const absent = (day: string) =>
    desk.call('POST', '/api/records/organisation.rotationAbsence', { stay: first!.id, day, kind: 'sick', days: '0.5' })
  expect((await absent('2026-03-05')).status).toBe(201)
  expect(problems(await absent('2026-03-02'))).toMatchObject([{ field: 'day', message: expect.stringContaining('不在轮转期间') as string }])
  const task = await desk.call('POST', '/api/records/organisation.rotationTask', {
    stay: first!.id,
    name: '病历 20 份',
    target: 20,
    done: 20,
  })
  expect(record(task)).toMatchObject({ isDone: true, person: one, unit: surgery })
  const his = await h.signIn(one!)
  const feedback = await his.call('POST', '/api/records/organisation.rotationFeedback', { stay: first!.id, unitMark: 5, mentorMark: 4 })
  expect(record(feedback)).toMatchObject({ unit: surgery, mentor: head })
  expect(await listed(heads, 'organisation.rotationFeedback')).toEqual([])
  expect(record(await office.call('GET', `${stays}/${first!.id}`))).toMatchObject({ absentDays: '0.5', tasks: 1, tasksDone: 1 })
  expect(record(await office.call('GET', `${stays}/${next!.id}`))['previousHandover']).toBe('可独立换药')
})
