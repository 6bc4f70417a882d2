import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { StartAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from './testing.ts'

let h: TestHospital
const people: Record<string, string> = {}
const who: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService] })
  for (const [name, more] of Object.entries({ 赵一: {}, 审计员: { unit: '审计科', roles: ['auditOfficer'] } })) {
    people[name] = await h.person(name, more)
    who[name] = await h.signIn(people[name])
  }
})
afterAll(() => h[Symbol.asyncDispose]())
const start = async (name = '赵一') => (await who[name]!.call('GET', '/api/start')).json<StartAnswer>()

test('the start page offers only what a person may ask for', async () => {
  const { startable } = await start()
  // The sections of his file come from one module; what else there is stands beside them.
  const others = startable.filter(({ module }) => module !== '专业技术人员档案').map((one) => one.name)
  expect(others.sort()).toEqual(['organisation.committeeSeat', 'privileges.application', 'study.application'])
  expect(startable.find((one) => one.name === 'staff.paper')).toMatchObject({ label: '论文论著', path: '/r/staff.paper/new' })
  expect(startable.find((one) => one.name === 'study.application')).toEqual({
    name: 'study.application',
    label: '进修申请',
    module: '进修',
    path: '/r/study.application/new',
  })
  // Of every type under approval, what stands in nobody's hands but a module's is not offered.
  expect(startable.every((one) => one.path.startsWith('/'))).toBe(true)
})

test('what he asked for last, what he keeps at hand and what he has begun follow the person, not the browser', async () => {
  const draft = { applicant: people['赵一'], topic: '腔镜', place: '协和', days: 30 }
  expect((await who['赵一']!.call('POST', '/api/flows/submit/study.application', { draft, actId: newId() })).status).toBe(201)
  expect((await who['赵一']!.call('PUT', '/api/start/favourites', { favourites: ['privileges.application'] })).status).toBe(200)
  const save = (form: string, value: unknown) => who['赵一']!.call('PUT', `/api/autosave/${form}`, { value })
  await save('study.application/new', { changes: { topic: '显微' }, version: null, at: 'x' })
  await save('privileges.application/new', { changes: {} })
  await save('secret.thing/new', { changes: { a: 1 } })
  // Another browser of the same person.
  who['赵一'] = await h.signIn(people['赵一']!)
  const page = await start()
  expect(page).toMatchObject({ favourites: ['privileges.application'], recent: ['study.application'] })
  expect(page.drafts).toEqual([
    {
      name: 'study.application',
      form: 'study.application/new',
      label: '进修申请',
      path: '/r/study.application/new',
      at: h.clock.now().toISOString(),
    },
  ])
  expect(await start('审计员')).toMatchObject({ favourites: [], recent: [], drafts: [] })
})

test('favourites that are none are refused at their place', async () => {
  const put = async (favourites: unknown) => {
    const answer = await who['赵一']!.call('PUT', '/api/start/favourites', { favourites })
    return [answer.status, answer.json<{ problems?: object[] }>().problems]
  }
  expect(await put(['study.application', 'no.such', { a: 1 }])).toEqual([
    422,
    [
      { field: 'favourites.1', message: '没有这种申请，或您不能发起' },
      { field: 'favourites.2', message: '没有这种申请，或您不能发起' },
    ],
  ])
  expect(await put('all')).toEqual([422, [{ field: 'favourites', message: '最多 50 项' }]])
  expect((await start()).favourites).toEqual(['privileges.application'])
})
