import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, RecordAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { kit } from './testing-kit.ts'

let h: TestHospital
let zhao: string
const sessions: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([kit]) })
  zhao = await h.person('赵一')
  sessions['赵一'] = await h.signIn(zhao)
  sessions['孙主任'] = await h.signIn(await h.person('孙主任', { post: 'head', roles: ['departmentHead'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

let plans = 0
interface Submitted {
  record: string
  instance: string
}
/** A plan and the need that stands on it, submitted at once. */
async function both(actId = newId(), ids: [string, string] = [newId(), newId()]): Promise<[plan: Submitted, need: Submitted]> {
  const [plan, need] = ids
  const records = [
    { id: plan, resource: 'kit.plan', draft: { applicant: zhao, name: `计划 ${plan.slice(-6)}` } },
    { id: need, resource: 'kit.need', draft: { applicant: zhao, name: '呼吸机两台', plan } },
  ]
  const answer = await sessions['赵一']!.call('POST', '/api/flows/submit-together', { actId, records })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<[Submitted, Submitted]>()
}
const view = async (instance: string, name = '孙主任') =>
  (await sessions[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
async function act(instance: string, kind: string, more: object = {}, name = '孙主任') {
  const { version, my } = await view(instance, name)
  const task = my.task ? { task: my.task.id } : {}
  return sessions[name]!.call('POST', `/api/approvals/${instance}/acts`, { kind, actId: newId(), seenVersion: version, ...task, ...more })
}

test('S6 a pending record can be chosen inside the same submission only', async () => {
  const [plan] = await both()
  const draft = { applicant: zhao, name: '另一需求', plan: plan.record }
  const alone = await sessions['赵一']!.call('POST', '/api/flows/submit/kit.need', { actId: newId(), draft })
  expect(alone.json()['problems']).toEqual([{ field: 'plan', message: '所选配置计划尚未生效，不能选用' }])
  expect((await act(plan.instance, 'approve')).status).toBe(200)
  expect((await sessions['赵一']!.call('POST', '/api/flows/submit/kit.need', { actId: newId(), draft })).status).toBe(201)
})

test('S6 a submission of several is one: all or nothing, and once however often it is sent', async () => {
  const [actId, ids] = [newId(), [newId(), newId()] as [string, string]]
  expect(await both(actId, ids)).toEqual(await both(actId, ids))
  const records = [
    { id: newId(), resource: 'kit.plan', draft: { applicant: zhao, name: `计划 ${++plans}` } },
    { id: newId(), resource: 'kit.need', draft: { applicant: zhao } },
  ]
  const refused = await sessions['赵一']!.call('POST', '/api/flows/submit-together', { actId: newId(), records })
  expect([refused.status, refused.json()['problems']]).toMatchObject([422, [{ field: 'records.1.name' }]])
  expect(await h.kernel.db.query(`SELECT 1 FROM kit.plan WHERE id = $1`, [records[0]!.id])).toEqual([])
})

test('a submission whose records are there already is refused in words, whoever sends it', async () => {
  const ids = [newId(), newId()] as [string, string]
  await both(newId(), ids)
  const records = [{ id: ids[0], resource: 'kit.plan', draft: { applicant: zhao, name: `计划 ${++plans}` } }]
  const again = await sessions['赵一']!.call('POST', '/api/flows/submit-together', { actId: newId(), records })
  expect([again.status, again.json()['code']]).toEqual([409, 'duplicate'])
})

test('S6 what points at a record is approved after it', async () => {
  const [plan, need] = await both()
  const early = await act(need.instance, 'approve')
  expect([early.status, early.json()['refusal']]).toEqual([409, 'referencePending'])
  expect(early.json()['title']).toContain('尚未批准，请待其批准后再决定')
  expect((await view(need.instance)).my.task).not.toBeNull()
  expect((await act(plan.instance, 'approve')).status).toBe(200)
  expect((await act(need.instance, 'approve')).json()['status']).toBe('approved')
})

test('S6 the refusal of a record returns what points at it; it goes on only when it points elsewhere', async () => {
  const [plan, need] = await both()
  expect((await act(plan.instance, 'reject', { opinion: '今年不配' })).status).toBe(200)
  const returned = await view(need.instance, '赵一')
  expect([returned.status, returned.my.acts.resubmit]).toEqual(['returned', true])
  expect(returned.chain.at(-1)).toMatchObject({ name: '系统', word: '退回' })
  const messages = await h.kernel.db.query<{ title: string; body: string }>(`SELECT title, body FROM kernel.message WHERE person = $1 AND link LIKE $2`, [zhao, `%${need.instance}`]) // prettier-ignore
  expect(messages.map(({ title, body }) => title + body).join()).toContain('所引用的配置计划未通过，请修改后重新提交')
  const same = await act(need.instance, 'resubmit', {}, '赵一')
  expect(same.json()['problems']).toEqual([{ field: 'plan', message: '所选配置计划未通过审批，请改选' }])
  const other = await h.create('kit.plan', { applicant: zhao, name: '已批准的计划' })
  const again = await act(need.instance, 'resubmit', { changes: { plan: other.id } }, '赵一')
  expect(again.status, again.text).toBe(200)
  expect((await act(need.instance, 'approve')).json()['status']).toBe('approved')
})

test('S6 the withdrawal of a record returns what points at it, too', async () => {
  const [plan, need] = await both()
  expect((await act(plan.instance, 'withdraw', {}, '赵一')).status).toBe(200)
  expect((await view(need.instance, '赵一')).status).toBe('returned')
  const record = await sessions['赵一']!.call('GET', `/api/records/kit.need/${need.record}`)
  expect(record.json<RecordAnswer>().record.state).toBe('returned')
})

test('S6 what points may be given before what it points at, and each opinion goes along; what is wrong is said of its record', async () => {
  const [plan, need] = [newId(), newId()]
  const records = [
    { id: need, resource: 'kit.need', draft: { applicant: zhao, name: '监护仪五台', plan } },
    { id: plan, resource: 'kit.plan', draft: { applicant: zhao, name: `计划 ${plan.slice(-6)}` } },
  ]
  const body = { actId: newId(), records, opinion: '两份一起看' }
  const answer = (await sessions['赵一']!.call('POST', '/api/flows/submit-together', body)).json<Submitted[]>()
  expect(answer.map(({ record }) => record)).toEqual([need, plan])
  for (const { instance } of answer) expect((await view(instance)).chain[0]!.opinion).toBe('两份一起看')
  const again = (await sessions['赵一']!.call('POST', '/api/flows/submit-together', body)).json<Submitted[]>()
  expect(again.map(({ instance }) => instance).toSorted()).toEqual(answer.map(({ instance }) => instance).toSorted())
  const foreign = await sessions['赵一']!.call('POST', '/api/flows/submit-together', {
    actId: newId(),
    records: [{ id: newId(), resource: 'kit.plan', draft: { applicant: zhao, name: `计划 ${plan.slice(-6)}` } }],
  })
  expect(foreign.json()['problems']).toMatchObject([{ field: 'records.0.name' }])
})
