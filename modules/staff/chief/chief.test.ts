import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { approve } from '#app/testing/deciding.ts'
import { hospital, newActId, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let doctor: HttpSession, head: HttpSession, office: HttpSession, nurse: HttpSession, secretary: HttpSession
let gao: string, sun: string, chief: string, clerk: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  gao = await h.person('高璐')
  sun = await h.person('孙宁')
  chief = await h.person('李卫东', { post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentSecretary', post: 'secretary' })
  doctor = await h.signIn(gao)
  head = await h.signIn(chief)
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  office = await h.signIn(clerk)
  nurse = await h.signIn(await h.person('王护士', { unit: '心内科', category: 'nurse' }))
  secretary = await h.signIn(await h.person('何秀兰', { post: 'secretary' }))
})
afterAll(() => h[Symbol.asyncDispose]())
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems: FieldProblem[] }>().problems
const base = '/api/records/staff.chiefResident'
const term = { kind: 'department', from: '2026-03-01', to: '2026-12-31', phone: '13812345678' }
const inView = async (who: HttpSession, type: string, name: string) => {
  const view = h.kernel.defs.resource(type).list!.views!.find((one) => one.name === name)!
  return (
    await who.call('GET', `/api/records/${type}?limit=100&filter=${encodeURIComponent(JSON.stringify(view.filter))}`)
  ).json<ListAnswer>().rows
}
const serving = async (who: HttpSession) => (await inView(who, 'staff.chiefResident', 'serving')).map((row) => row['person'])

test('the office appoints one at once, says what he was worth, and takes the list along', async () => {
  const appointed = record(await office.call('POST', `${base}/directly`, { draft: { ...term, person: sun, kind: 'surgery' }, reason: '医务〔2026〕3号' }))
  expect(appointed).toMatchObject({ state: 'approved', person: sun })
  const path = `${base}/${appointed.id}`
  const rated = await office.call('PATCH', path, { version: appointed.version, changes: { appraised: 'excellent' }, directly: '任职考评' })
  expect(record(rated)['appraised']).toBe('excellent')
  // Whom to call is everybody's to know; why he asked and how he was rated is not.
  const seen = record(await nurse.call('GET', path))
  expect([seen['phone'], 'appraised' in seen, 'reason' in seen, 'evidence' in seen]).toEqual(['13812345678', false, false, false])
  expect((await doctor.call('POST', `${base}/directly`, { draft: { ...term, person: gao }, reason: '自任' })).status).toBe(403)
  expect((await office.call('POST', `${base}/export?limit=5`, { format: 'csv', reason: '核对', columns: ['person', 'phone', 'to'] })).text).toContain('13812345678')
}) // prettier-ignore

test('a leave within the term needs its proof and names the own term', async () => {
  const draft = { kind: 'illness', from: '2026-03-10', to: '2026-03-12', reason: '骨折' }
  const fields = problems(await doctor.call('POST', '/api/records/staff.chiefLeave', draft)).map(({ field }) => field)
  expect(fields.toSorted()).toEqual(['evidence', 'term'])
})

test('a duty table is everybody’s to read once it is published, and its writers’ before', async () => {
  const day = { table: 'department', day: '2026-03-03', first: gao, second: sun, phone: '13900000002' }
  const unit = (await h.kernel.directory()).people.get(gao)!.unit
  const made = record(await secretary.call('POST', '/api/records/staff.duty', { ...day, unit }))
  expect([(await inView(nurse, 'staff.duty', 'week')).length, (await inView(secretary, 'staff.duty', 'week')).length]).toEqual([0, 1])
  expect((await secretary.call('POST', `/api/records/staff.duty/${made.id}/press/publish`, { version: made.version })).status).toBe(200)
  expect(await inView(nurse, 'staff.duty', 'week')).toMatchObject([{ day: '2026-03-03', first: gao, phone: '13900000002' }])
  expect((await secretary.call('POST', '/api/records/staff.duty', { ...day, unit })).status).toBe(409)
  expect((await nurse.call('POST', '/api/records/staff.duty', { ...day, day: '2026-03-04' })).status).toBe(403)
})

test('a doctor asks to be chief resident: head, then office; everybody finds him with his number, and he leaves by asking', async () => {
  expect(problems(await doctor.call('POST', base, { ...term, to: '2026-02-01' }))).toEqual([{ field: 'to', message: '任职止须晚于任职起' }])
  const asked = record(await doctor.call('POST', base, term))
  expect([asked.state, await serving(nurse)]).toEqual(['pending', [sun]])
  expect([await approve(head, asked.flow!.instance), await approve(office, asked.flow!.instance)]).toEqual([200, 200])
  expect(await inView(nurse, 'staff.chiefResident', 'serving')).toContainEqual(
    expect.objectContaining({ person: gao, phone: '13812345678', to: '2026-12-31' }),
  )
  h.clock.set('2026-06-01')
  const [again, boss, officer] = [await h.signIn(gao), await h.signIn(chief), await h.signIn(clerk)]
  const { version } = record(await again.call('GET', `${base}/${asked.id}`))
  const pressed = await again.call('POST', `${base}/${asked.id}/press/leave`, { version, actId: newActId(), reason: '家庭原因' })
  expect(pressed.status).toBeLessThan(300)
  const { changing } = record(await again.call('GET', `${base}/${asked.id}`))
  for (const who of [boss, officer]) expect(await approve(who, changing![0]!.instance)).toBe(200)
  expect(record(await again.call('GET', `${base}/${asked.id}`))['leftOn']).toBe('2026-06-01')
  h.clock.set('2026-06-02')
  expect(await serving(await h.signIn(gao))).toEqual([sun])
})
