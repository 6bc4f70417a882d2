import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, FlowDesign, FlowInsight } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from './testing.ts'

let h: TestHospital
const who: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService], at: '2026-06-15T08:00:00+08:00' })
  who['赵一'] = await h.person('赵一')
  who['孙主任'] = await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  who['处长'] = await h.person('处长', { unit: '医务处', roles: ['medicalOffice'] })
  who['管理员'] = await h.person('管理员', { unit: '信息科', roles: ['systemOfficer'] })
})
afterAll(() => h[Symbol.asyncDispose]())

const by = async (name: string, method: string, url: string, body?: unknown) => (await h.signIn(who[name]!)).call(method, url, body)
const go = (hours: number) => h.clock.set(new Date(h.clock.now().getTime() + hours * 3_600_000).toISOString())
const draft = (days: number) => ({ topic: `进修 ${newId().slice(-6)}`, place: '协和', days })
async function begin(days = 30): Promise<string> {
  const { instance } = (await by('赵一', 'POST', '/api/flows/submit/study.application', { actId: newId(), draft: draft(days) })).json<{
    instance: string
  }>()
  return instance
}
async function act(name: string, instance: string, kind: string, more: object = {}): Promise<void> {
  const seen = (await by(name, 'GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  const answer = await by(name, 'POST', `/api/approvals/${instance}/acts`, {
    actId: newId(),
    kind,
    task: seen.my.task?.id,
    seenVersion: seen.version,
    ...more,
  })
  expect(answer.status, answer.text).toBe(200)
}
const insight = async (query = '', name = '处长') => by(name, 'GET', `/api/flow-insight?from=2026-06-01&to=2026-06-30${query}`)

test('L9 where requests wait, with whom, which ways they take, what comes back, what waits longest', async () => {
  const [one, two, three] = [await begin(), await begin(120), await begin()]
  go(2)
  await act('孙主任', one, 'approve')
  go(2)
  await act('孙主任', two, 'approve')
  await act('孙主任', three, 'return', { to: 'applicant', opinion: '请写明单位' })
  go(6)
  await act('处长', two, 'approve')
  const four = await begin()
  go(40)
  const { flows, steps, people, paths, stuck } = (await insight('&flow=study.ordinary')).json<FlowInsight>()
  expect(flows).toEqual([{ flow: 'study.ordinary', label: '进修审批', started: 4, running: 2, approved: 2, refused: 0, withdrawn: 0, returned: 1, medianHours: 6, slowHours: 9.2 }])
  expect(steps).toEqual([
    { step: 'head', label: '科主任审核', done: 3, open: 1, medianHours: 4, slowHours: 4, late: 1 },
    { step: 'office', label: '医务处审核', done: 1, open: 0, medianHours: 6, slowHours: 6, late: 0 },
  ])
  expect(people.map(({ personName, unitName, done, open }) => [personName, unitName, done, open])).toEqual([['孙主任', '骨科', 3, 1], ['处长', '医务处', 1, 0]])
  expect(paths).toEqual([{ steps: ['科主任审核'], count: 1 }, { steps: ['科主任审核', '医务处审核'], count: 1 }])
  expect(stuck.map(({ instance, stepLabel, people: names }) => [instance, stepLabel, names])).toEqual([[four, '科主任审核', ['孙主任']]])
  // Nothing of what was asked for is told.
  expect(JSON.stringify({ flows, steps, people, paths, stuck })).not.toContain('协和')
  expect((await insight()).json<FlowInsight>()).toMatchObject({ steps: [], paths: [], flows: [{ started: 4 }] })
}) // prettier-ignore

test('what waits opens for whoever may look at it, and for nobody else; long lists say that they are cut', async () => {
  const waiting = async (name: string) => (await insight('', name)).json<FlowInsight>()
  const seen = await waiting('处长')
  expect(seen).toMatchObject({ stuck: [{ mayOpen: false }], flowLabel: null, cut: [] })
  const { instance } = seen.stuck[0]!
  expect((await by('处长', 'GET', `/api/approvals/${instance}`)).status).toBe(404)
  expect((await waiting('管理员')).stuck).toMatchObject([{ instance, mayOpen: true }])
  expect((await by('管理员', 'GET', `/api/approvals/${instance}`)).status).toBe(200)
  for (let n = 0; n < 20; n++) await begin()
  expect(await waiting('处长')).toMatchObject({ stuck: { length: 20 }, cut: ['stuck'] })
})

test('a step that was taken out of a flow is still called as it was', async () => {
  const url = '/api/flow-designs/study.ordinary'
  const { definition } = (await by('管理员', 'GET', url)).json<FlowDesign>()
  const [head] = definition.steps
  const renamed = { ...definition, label: '进修审批（新）', steps: [{ ...head, label: '科室审核' }] }
  const { revision } = (await by('管理员', 'PUT', url, { revision: 0, definition: renamed, tests: [] })).json<FlowDesign>()
  const published = await by('管理员', 'POST', `${url}/publish`, { revision, note: '精简' })
  expect(published.status, published.text).toBe(200)
  const { flows, steps, paths, stuck, flowLabel } = (await insight('&flow=study.ordinary')).json<FlowInsight>()
  expect([flows[0]!.label, flowLabel, stuck[0]!.flowLabel, stuck[0]!.stepLabel]).toEqual(['进修审批（新）', '进修审批（新）', '进修审批（新）', '科室审核'])
  expect(steps.map(({ label }) => label)).toEqual(['科室审核', '医务处审核'])
  expect(paths.map((one) => one.steps)).toEqual([['科室审核'], ['科室审核', '医务处审核']])
}) // prettier-ignore

test('who may not is told so; spans that are none, or longer than a year, are refused', async () => {
  expect((await insight('', '管理员')).status).toBe(200)
  expect((await insight('', '孙主任')).status).toBe(403)
  expect((await by('处长', 'GET', '/api/flow-insight?from=2026-06-30&to=2026-06-01')).json()['title']).toBe('请选择起止日期')
  expect((await by('处长', 'GET', '/api/flow-insight?from=2025-01-01&to=2026-06-30')).json()['title']).toBe('一次最多看一年')
  expect((await insight('&flow=no.such')).json<FlowInsight>()).toMatchObject({ steps: [], people: [], paths: [], stuck: [] })
})
