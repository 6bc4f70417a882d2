import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { FlowApiAnswer, Problem } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from './testing.ts'

type Call = Awaited<ReturnType<TestHospital['client']>>
let h: TestHospital
let hr: Call
let reader: Call
const who: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService] })
  for (const [name, more] of Object.entries({
    赵一: { staffNumber: '70001' }, 钱二: { staffNumber: '70002' }, 孙主任: { staffNumber: '70003', post: 'head', roles: ['departmentHead'] }, 管理员: { unit: '信息科', roles: ['systemOfficer'], staffNumber: '70004' },
  })) who[name] = await h.person(name, more) // prettier-ignore
  await h.create('directory.identifier', { person: who['赵一'], system: 'HR', value: 'E-17' })
  await h.create('directory.identifier', { person: who['钱二'], system: 'HIS', value: 'E-17' })
  hr = await h.client('人力系统', ['flows.start:study.ordinary', 'flows.act:study.ordinary'])
  reader = await h.client('大屏', ['flows.start:study.money'])
})
afterAll(() => h[Symbol.asyncDispose]())

const draft = (more: object = {}) => ({ topic: `腔镜进修 ${newId().slice(-6)}`, place: '协和', days: 30, contact: '13800001234', ...more })
const begin = (body: object, call = hr) => call('POST', '/api/flow-api/study.ordinary', { actId: newId(), draft: draft(), ...body })
const look = async (instance: string) => (await hr('GET', `/api/flow-api/instances/${instance}`)).json<FlowApiAnswer>()
const act = (instance: string, body: object, call = hr) =>
  call('POST', `/api/flow-api/instances/${instance}/acts`, { actId: newId(), ...body })
const problem = (answer: { status: number; headers: Record<string, unknown>; json<T>(): T }) => {
  expect(answer.headers['content-type']).toContain('application/problem+json')
  const { code, problems, refusal } = answer.json<Problem & { refusal?: string }>()
  return [answer.status, code, problems?.map((one) => one.field).join() ?? refusal]
}

test('B0028 another program starts an approval for somebody, watches whom it waits for, and answers it in his name', async () => {
  const actId = newId()
  const given = { actId, applicant: { system: 'HR', value: 'E-17' }, draft: draft() }
  const made = await begin(given)
  expect(made.status, made.text).toBe(201)
  const { instance, record } = made.json<{ instance: string; record: string }>()
  expect([made.headers['location'], instance]).toEqual([`/api/flow-api/instances/${actId}`, actId])
  // Sent again it is the same one.
  expect((await begin(given)).json()).toMatchObject({ instance, record })
  expect((await h.kernel.db.query(`SELECT 1 FROM study.application WHERE applicant = $1`, [who['赵一']])).length).toBe(1)
  const seen = await look(instance)
  expect(seen).toMatchObject({
    flow: 'study.ordinary',
    status: 'running',
    applicant: { name: '赵一', staffNumber: '70001' },
    waitsFor: [{ name: '孙主任', staffNumber: '70003', tasks: [{ task: 'head#1/1', step: 'head' }] }],
    items: [],
  })
  expect(seen.path.map((step) => [step.label, step.state]).slice(0, 2)).toEqual([['提交申请', 'done'], ['科主任审核', 'current']]) // prettier-ignore
  // Nothing of the record is told: that is a right of its own.
  expect(JSON.stringify(seen)).not.toContain('13800001234')
  const decided = await act(instance, { person: '70003', kind: 'approve', task: seen.waitsFor[0]!.tasks[0]!.task, seenVersion: seen.version, opinion: '同意' }) // prettier-ignore
  expect(decided.json(), decided.text).toMatchObject({ instance, status: 'approved' })
  expect(await look(instance)).toMatchObject({ status: 'approved', waitsFor: [] })
  const entries = await h.kernel.db.query<{ act: string; actor_name: string; detail: Record<string, unknown> }>(
    `SELECT act, actor_name, detail FROM kernel.audit_entry WHERE detail->>'instance' = $1 AND act <> 'flowApi.read' ORDER BY seq`,
    [instance],
  )
  expect(entries.map((one) => [one.act, one.actor_name])).toEqual([
    ['flow.submit', '赵一（接口：人力系统）'],
    ['flowApi.start', '人力系统'],
    ['flow.approve', '孙主任（接口：人力系统）'],
    ['flowApi.act', '人力系统'],
  ])
  expect(entries[3]!.detail).toMatchObject({ person: who['孙主任'], kind: 'approve' })
})

test('B0028 who it is must be beyond doubt, and he must be allowed to apply himself', async () => {
  expect(problem(await begin({ applicant: '99999' }))).toEqual([422, 'invalid', 'applicant'])
  expect(problem(await begin({ applicant: 'E-17' }))).toEqual([422, 'invalid', 'applicant'])
  expect(problem(await begin({}))).toEqual([422, 'invalid', 'applicant'])
  expect(problem(await begin({ applicant: '70001', draft: draft({ days: 0, nonsense: 1 }) }))[2]).toContain('days')
  // A record of somebody else is not his to sign.
  expect(problem(await begin({ applicant: '70001', draft: draft({ applicant: who['钱二'] }) }))).toEqual([403, 'noRight', undefined])
  const actId = newId()
  expect((await begin({ applicant: '70001', actId })).status).toBe(201)
  expect(problem(await begin({ applicant: '70002', actId }))).toEqual([409, 'flowRefused', 'actIdReused'])
})

test('B0028 a key opens only its own flows and acts, and never what is a person’s own', async () => {
  expect(problem(await begin({ applicant: '70001' }, reader))).toEqual([403, 'noRight', undefined])
  const instance = (await begin({ applicant: '70001' })).json<{ instance: string }>().instance
  expect(problem(await reader('GET', `/api/flow-api/instances/${instance}`))).toEqual([404, 'notFound', undefined])
  const seen = await look(instance)
  const decision = { person: '70003', kind: 'approve', task: 'head#1/1', seenVersion: seen.version }
  expect(problem(await act(instance, decision, reader))).toEqual([403, 'noRight', undefined])
  const starter = await h.client('只发起', ['flows.start:study.ordinary'])
  expect(problem(await act(instance, decision, starter))).toEqual([403, 'noRight', undefined])
  // Whose task it is not, he does not decide through a program either.
  expect(problem(await act(instance, { ...decision, person: '70002' }))[0]).toBe(409)
  expect(problem(await act(instance, { person: '70004', kind: 'terminate', seenVersion: seen.version, opinion: '试' }))).toEqual([403, 'noRight', undefined]) // prettier-ignore
  expect(problem(await act(instance, { ...decision, signature: newId() }))).toEqual([403, 'noRight', undefined])
  const stale = await act(instance, { ...decision, seenVersion: seen.version + 1 })
  expect(problem(stale)).toEqual([409, 'versionConflict', undefined])
  expect(stale.json()).toMatchObject({ version: seen.version })
  expect(stale.text).not.toContain('13800001234')
  const session = await h.signIn(who['孙主任']!)
  expect(problem(await session.call('POST', '/api/flow-api/study.ordinary', {}))).toEqual([401, 'badKey', undefined])
  expect((await look(instance)).status).toBe('running')
  const refused = await h.kernel.db.query<{ actor_name: string }>(`SELECT actor_name FROM kernel.audit_entry WHERE outcome = 'refused' AND act = 'POST /api/flow-api/:flow'`) // prettier-ignore
  expect(refused.map((one) => one.actor_name)).toContain('大屏')
})

test('B0028 the interface describes each flow with the fields of its own record', async () => {
  interface Described {
    properties: { draft: { properties: Record<string, { title: string; enum?: string[] }>; required: string[] } }
  }
  const session = await h.signIn(who['管理员']!)
  const { paths } = (await session.call('GET', '/api/openapi.json')).json<{
    paths: Record<string, { post?: { description: string; requestBody: { content: Record<string, { schema: Described }> } } }>
  }>()
  const post = paths['/api/flow-api/study.ordinary']!.post!
  expect(post.description).toContain('flows.start:study.ordinary')
  const { draft: fields } = post.requestBody.content['application/json']!.schema.properties
  expect(fields.properties['kind']).toMatchObject({ title: '类别', enum: ['domestic', 'abroad'] })
  // Whose record it is follows from the applicant.
  expect(fields.required).toEqual(['topic', 'place', 'days'])
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/flow-api/instances/{id}', '/api/flow-api/instances/{id}/acts']))
  expect(paths).not.toHaveProperty('/api/flow-api/{flow}')
})
