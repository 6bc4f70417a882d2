import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { descriptionOf, type Holders, type OwnJob } from './job-description.rules.ts'

let h: TestHospital
let office: HttpSession, head: HttpSession, doctor: HttpSession
let clerk: string, chief: string, surgeon: string, surgery: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  chief = await h.person('吴静', { unit: '普外科', post: 'head' })
  surgeon = await h.person('张海涛', { unit: '普外科', post: 'member' })
  await h.person('王磊', { unit: '心内科', post: 'member' })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  ;[office, head, doctor] = [await h.signIn(clerk), await h.signIn(chief), await h.signIn(surgeon)]
}
const base = '/api/records/organisation.jobDescription'
const words = { duties: '遵守核心制度', qualifications: '执业资格', from: '2026-01-01' }
const write = (draft: object, who = office) => who.call('POST', base, { ...words, ...draft })
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const own = async (who: HttpSession) => (await who.call('GET', '/api/organisation/jobs')).json<OwnJob[]>()
const confirm = (id: string, who: HttpSession) => who.call('POST', `/api/organisation/jobs/${id}/confirm`)
const readers = async (id: string, who = office) =>
  (await who.call('GET', `/api/organisation/jobs/${id}`)).json<Holders>().people.map(({ name, readAt }) => [name, readAt !== null])

test('whoever holds a post reads what it is there for and confirms it; each new edition is read again from its day', async () => {
  const general = record(await write({ name: '全院医护人员', post: 'member' }))
  expect(await own(doctor)).toMatchObject([{ post: 'member', description: general.id, edition: '2026-01-01', readAt: null }])
  const told = (await doctor.call('GET', '/api/messages')).json<{ items: { title: string }[] }>()
  expect(JSON.stringify(told)).toContain('请阅读岗位说明书：全院医护人员')
  expect((await confirm(general.id, head)).json<{ title: string }>().title).toBe('您没有担任这个岗位，不用确认')
  await Promise.all([confirm(general.id, doctor), confirm(general.id, doctor)])
  expect(await readers(general.id)).toEqual(expect.arrayContaining([['张海涛', true], ['王磊', false]]))
  const filter = encodeURIComponent(JSON.stringify({ field: 'person', op: 'eq', value: surgeon }))
  const kept = (await office.call('GET', `/api/records/organisation.jobReading?filter=${filter}`)).json<ListAnswer>().rows
  expect(kept).toMatchObject([{ edition: '2026-01-01', description: general.id }])

  // The next edition is written today and holds from the tenth.
  const changed = await office.call('PATCH', `${base}/${general.id}`, { version: general.version, changes: { duties: '遵守核心制度；上报不良事件' }, on: '2026-03-10' })
  expect(changed.status).toBe(200)
  expect(await own(doctor)).toMatchObject([{ edition: '2026-01-01', readAt: expect.any(String) }])
  await at('2026-03-10')
  expect(await own(doctor)).toMatchObject([{ edition: '2026-03-10', readAt: null }])
  expect((await office.call('POST', `/api/organisation/jobs/${general.id}/remind`)).json()).toEqual({ told: (await readers(general.id)).length })
  expect((await doctor.call('POST', `/api/organisation/jobs/${general.id}/remind`)).status).toBe(403)
  await confirm(general.id, doctor)
  expect(await own(doctor)).toMatchObject([{ edition: '2026-03-10', readAt: expect.any(String) }])
}) // prettier-ignore

test('a head writes what his own unit needs, which goes before the hospital’s, and sees who of his has read it; for others he may not', async () => {
  const asked = { name: '普外科医护人员', post: 'member', unit: surgery }
  const ours = record(await write(asked, head))
  expect(await own(doctor)).toMatchObject([{ description: ours.id, readAt: null }])
  expect(await readers(ours.id, head)).toEqual([['张海涛', false]])
  expect((await write({ ...asked, unit: await h.unit('骨科') }, head)).status).toBe(403)
  expect((await write({ ...asked, post: 'secretary', unit: null }, head)).status).toBe(403)
  const again = await write(asked, head)
  expect(again.json<{ problems: FieldProblem[] }>().problems).toEqual([
    { field: 'post', message: '这段时间已有“普外科医护人员”，请修改那一份' },
  ])
})

test('of several the nearest describes the post', () => {
  const [all, campus, ward] = [null, 'campus', 'ward'].map((unit) => ({ post: 'member', unit }))
  expect(descriptionOf([all!, campus!, ward!], 'member', ['ward', 'department', 'campus'])).toBe(ward)
  expect(descriptionOf([all!, campus!, ward!], 'member', ['other', 'campus'])).toBe(campus)
  expect(descriptionOf([all!, campus!, ward!], 'member', ['elsewhere'])).toBe(all)
  expect(descriptionOf([campus!], 'head', ['campus'])).toBeNull()
})
