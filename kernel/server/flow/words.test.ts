import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { may, module, phone, resource, rows, text, type ApprovalAnswer, type TaskPage } from '#model'
import { approve, flow, headOf, type Flow } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from './testing.ts'

let h: TestHospital
const who: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService] })
  for (const [name, more] of Object.entries({ 赵一: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 管理员: { unit: '信息科', roles: ['systemOfficer'] } }))
    who[name] = await h.signIn(await h.person(name, more)) // prettier-ignore
})
afterAll(() => h[Symbol.asyncDispose]())

const apply = async (more: Record<string, unknown> = {}) => {
  const draft = { topic: '关节镜', place: '协和医院', kind: 'abroad', days: 30, contact: '13800001234', ...more }
  const me = (await who['赵一']!.call('GET', '/api/me')).json<{ person: { id: string } }>().person.id
  const answer = await who['赵一']!.call('POST', '/api/flows/submit/study.application', {
    draft: { applicant: me, ...draft },
    actId: newId(),
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<{ instance: string; record: string }>()
}
const first = async () => (await who['孙主任']!.call('GET', '/api/tasks')).json<TaskPage>().rows[0]!

test('an approval is called as its flow says, in the to-do list, in the message and on its page; what is empty is left out', async () => {
  const { instance } = await apply({ begins: '2026-09-01' })
  expect(await first()).toMatchObject({ title: '赵一的国外进修申请：关节镜', summary: '协和医院 · 30 天 · 2026-09-01 起' })
  const messages = (await who['孙主任']!.call('GET', '/api/messages')).json<{ title: string }[]>()
  expect(messages[0]!.title).toBe('待您审批：赵一的国外进修申请：关节镜')
  expect((await who['孙主任']!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>().title).toBe('赵一的国外进修申请：关节镜')
  await apply({ topic: '脊柱' })
  expect((await first()).summary).toBe('协和医院 · 30 天')
})

test('a change of an approved record says so, and what it changes', async () => {
  const { instance, record } = await apply({ topic: '显微外科' })
  const page = (await who['孙主任']!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  const decided = await who['孙主任']!.call('POST', `/api/approvals/${instance}/acts`, {
    kind: 'approve', actId: newId(), seenVersion: page.version, task: page.my.task!.id,
  }) // prettier-ignore
  expect(decided.status, decided.text).toBe(200)
  const { version } = (await who['赵一']!.call('GET', `/api/records/study.application/${record}`)).json<{ record: { version: number } }>().record // prettier-ignore
  const asked = await who['赵一']!.call('POST', `/api/flows/change/study.application/${record}`, { changes: { days: 45 }, actId: newId(), seenVersion: version }) // prettier-ignore
  expect(asked.status, asked.text).toBe(201)
  expect(await first()).toMatchObject({ title: '变更：赵一的国外进修申请：显微外科', summary: '天数 45' })
})

const leave = resource('leave.request', {
  label: '请假',
  title: 'reason',
  owner: {},
  approval: 'leave.request',
  fields: {
    reason: text('事由', { required: true }),
    diagnosis: text('诊断', { class: 'sensitive' }),
    phone: phone('电话'),
    salary: text('工资', {}),
    secret: text('内部意见', {}),
    days: rows('日期', { at: text('哪天', {}) }),
  },
})
const declared = (said: Pick<Flow, 'title' | 'summary'>) => () =>
  productDefinitions([
    module('leave', {
      label: '请假',
      resources: [leave],
      flows: [flow('leave.request', { label: '请假审批', ...said, steps: [approve('head', '审核', { by: headOf(), hide: ['secret'] })] })],
      roles: { medicalOffice: [may.read(leave, 'hospital', { mask: ['salary'] })] },
    }),
  ])
test.each([
  ['{nobody}', 'title', '没有这个字段：nobody'],
  ['{days}', 'title', '没有这个字段：days'],
  ['{days.hours}', 'title', '没有这个字段：days.hours'],
  ['{diagnosis}', 'title', '受保护的字段'],
  ['{phone}', 'title', '受保护的字段'],
  ['{salary}', 'title', '有的角色看不到'],
  ['{secret}', 'title', '有的步骤看不到'],
])('a title with %s keeps the program from starting, with its place', (title, at, why) => {
  expect(declared({ title })).toThrow(`flow leave.request: ${at}: `)
  expect(declared({ title })).toThrow(why)
  expect(declared({ summary: ['{reason}', title] })).toThrow('flow leave.request: summary.1: ')
  expect(declared({ title: '{applicant}请假 {days.count} 天：{reason}', summary: ['{days.at}'] })).not.toThrow()
})

test('a flow whose title names what a record type does not have cannot be bound to it', async () => {
  const binding = { label: '国外', filter: { field: 'kind', op: 'eq', value: 'first' }, flow: 'study.ordinary', enabled: true }
  const answer = await who['管理员']!.call('PUT', '/api/flow-bindings/privileges.application/new', { bindings: [binding] })
  expect(answer.status).toBe(422)
  expect(answer.json<{ problems: { field: string; message: string }[] }>().problems).toEqual([
    { field: '0.flow', message: '“进修审批”的标题或摘要用到“手术授权申请”没有或受保护的字段' },
  ])
})
