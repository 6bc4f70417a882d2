import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ListAnswer, RecordAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { handleEvents } from '#kernel/server/jobs/outbox.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import { items, missingOf, type Item } from './completeness.rules.ts'

let h: TestHospital
let office: HttpSession, head: HttpSession, doctor: HttpSession
let zhang: string, clerk: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  zhang = await h.person('张海涛')
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'], category: 'other' })
  const chief = await h.person('李卫东', { post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  await handleEvents(h.kernel)
  await runDailyJobs(h.kernel)
  ;[office, head, doctor] = [await h.signIn(clerk), await h.signIn(chief), await h.signIn(zhang)]
})
afterAll(() => h[Symbol.asyncDispose]())
const path = '/api/records/staff.completeness'
const lines = async (who: HttpSession, filter?: object) =>
  (await who.call('GET', `${path}?limit=100${filter ? `&filter=${encodeURIComponent(JSON.stringify(filter))}` : ''}`)).json<ListAnswer>()
    .rows
const lineOf = async (person: string) => (await lines(office)).find((row) => row['practitioner'] === person)!
const missing = async (person: string) => (await lineOf(person))['missing'] as Item[]

test('what a file lacks is known of everybody, by unit and by what is missing; a line that is added is taken off at once', async () => {
  expect(await missing(zhang)).toEqual(expect.arrayContaining(['school', 'diploma', 'title', 'registration', 'qualification', 'politicalStatus', 'emergency']))
  expect(await missing(clerk)).not.toEqual(expect.arrayContaining(['title']))
  expect((await lines(office, { field: 'missing', op: 'has', value: 'registration' })).map((row) => row['practitioner'])).toContain(zhang)
  const before = (await lineOf(zhang))['count'] as number
  await h.create('staff.title', { practitioner: zhang, name: '主治医师', level: 'intermediate', obtainedOn: '2020-05-01' })
  await h.create('staff.family', { practitioner: zhang, name: '王芳', relation: 'spouse', isEmergency: true, phone: '13900000001' })
  await handleEvents(h.kernel)
  const now = await lineOf(zhang)
  expect([now['missing'], now['count']]).toEqual([expect.not.arrayContaining(['title', 'emergency']), before - 2])
  const { rows } = (await office.call('GET', `${path}?limit=100&sort=-count`)).json<ListAnswer>()
  expect(rows.map((row) => row['count'])).toEqual(rows.map((row) => row['count']).toSorted((a, b) => Number(b) - Number(a)))
}) // prettier-ignore

test('what does not take part in the count the office says; it is looked through anew at once', async () => {
  const made = await office.call('POST', '/api/records/staff.fileRequirement', { item: 'politicalStatus', isCounted: false })
  await handleEvents(h.kernel)
  for (const person of [zhang, clerk]) expect(await missing(person)).not.toContain('politicalStatus')
  const { id, version } = made.json<RecordAnswer>().record
  const changes = { isCounted: true, categories: ['doctor'] }
  expect((await office.call('PATCH', `/api/records/staff.fileRequirement/${id}`, { version, changes })).status).toBe(200)
  await handleEvents(h.kernel)
  expect([(await missing(zhang)).includes('politicalStatus'), (await missing(clerk)).includes('politicalStatus')]).toEqual([true, false])
})

test('the head sees his own people and chases them: told what is missing, once a day', async () => {
  const own = await lines(head)
  expect(own.map((row) => row['practitioner'])).not.toContain(clerk)
  const line = own.find((row) => row['practitioner'] === zhang)!
  const chase = async (who: HttpSession) => {
    const answer = await who.call('POST', `${path}/${line.id}/press/chase`, { version: (await lineOf(zhang)).version })
    await handleEvents(h.kernel)
    return answer.status
  }
  const told = async () =>
    (await h.kernel.db.query<{ body: string }>(`SELECT body FROM kernel.message WHERE person = $1::uuid AND title = '请补全您的技术档案'`, [zhang])).map(({ body }) => body)
  expect([await chase(head), await chase(head)]).toEqual([200, 200])
  expect(await told()).toEqual([expect.stringMatching(/^还缺：.*执业注册.*。由李卫东催办。$/)])
  expect(await chase(doctor)).not.toBe(200)
}) // prettier-ignore

test('whose file needs what: by kind of person, unless the hospital says otherwise', () => {
  const holds = Object.fromEntries(Object.keys(items).map((item) => [item, false])) as Record<Item, boolean>
  const lacks = (category: string | null, more: Parameters<typeof missingOf>[1] = []) => missingOf({ category, holds }, more)
  expect(lacks('doctor')).toEqual(Object.keys(items))
  expect(lacks('other')).not.toEqual(expect.arrayContaining(['registration']))
  expect([lacks('pharmacist').includes('registration'), lacks('pharmacist').includes('qualification')]).toEqual([false, true])
  expect(lacks(null)).toEqual(lacks('other'))
  expect(lacks('nurse', [{ item: 'diploma', isCounted: false, categories: null }])).not.toContain('diploma')
  expect(lacks('nurse', [{ item: 'title', isCounted: true, categories: ['doctor'] }])).not.toContain('title')
})
