import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { may, module, type ApprovalAnswer, type RecordAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { updateRecordOf } from '../records/write.ts'
import { study, studyModule, visaService } from './testing.ts'

/** An office that may ask for changes of what it sees masked. */
const keeping = module('keeping', { label: '代办', roles: { medicalOffice: [may.read(study), may.update(study, 'hospital')] } })

let h: TestHospital
const people: Record<string, string> = {}
const sessions: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule, keeping]), services: [visaService] })
  for (const [name, more] of Object.entries({
    赵一: {},
    孙主任: { post: 'head', roles: ['departmentHead'] },
    郑会计: { unit: '财务科' },
    周敏: { unit: '医务处', roles: ['medicalOffice'] },
  }))
    people[name] = await h.person(name, more)
  await h.create('directory.group', { name: '财务审核组', kind: 'finance', members: [{ person: people['郑会计'] }] })
  for (const name of Object.keys(people)) sessions[name] = await h.signIn(people[name]!)
})
afterAll(() => h[Symbol.asyncDispose]())

let topics = 0
const approved = () =>
  h.create('study.application', {
    applicant: people['赵一'],
    topic: `超声进修 ${++topics}`,
    place: '华西',
    days: 30,
    budget: 5000,
    contact: '13800001234',
    begins: '2026-09-01',
  })
const get = async (name: string, id: string) =>
  (await sessions[name]!.call('GET', `/api/records/study.application/${id}`)).json<RecordAnswer>().record
const view = async (name: string, instance: string) =>
  (await sessions[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
const ask = (id: string, changes: object, seenVersion = 1, actId = newId()) =>
  sessions['赵一']!.call('POST', `/api/flows/change/study.application/${id}`, { actId, seenVersion, changes })
async function act(name: string, instance: string, kind: string, more: object = {}) {
  const { version, my } = await view(name, instance)
  return sessions[name]!.call('POST', `/api/approvals/${instance}/acts`, {
    kind,
    actId: newId(),
    seenVersion: version,
    ...(my.task ? { task: my.task.id } : {}),
    ...more,
  })
}

test('S1 an approved record is changed by a request: before and after are shown, the row holds till it is approved', async () => {
  const record = await approved()
  expect((await get('赵一', record.id)).may).toMatchObject({ update: false, requestChange: true, delete: false, requestDeletion: true })
  expect(
    (await sessions['赵一']!.call('PATCH', `/api/records/study.application/${record.id}`, { version: 1, changes: { days: 60 } })).json()[
      'code'
    ],
  ).toBe('flowRefused')
  const answer = await ask(record.id, { days: 60, place: '华西' })
  expect(answer.status, answer.text).toBe(201)
  const [{ instance }] = answer.json<[{ instance: string }]>()
  expect(await get('赵一', record.id)).toMatchObject({
    days: 30,
    version: 1,
    state: 'approved',
    changing: [{ instance, occasion: 'change' }],
  })
  expect((await view('孙主任', instance)).changes).toEqual([{ field: 'days', label: '天数', was: 30, wanted: 60 }])
  expect((await act('孙主任', instance, 'approve')).json()['status']).toBe('approved')
  expect(await get('赵一', record.id)).toMatchObject({ days: 60, version: 2, state: 'approved', changing: [] })
  const history = await h.kernel.db.query<{ act: string; changes: object }>(
    `SELECT act, changes FROM kernel.history WHERE record = $1 ORDER BY version DESC LIMIT 1`,
    [record.id],
  )
  expect(history[0]).toMatchObject({ act: 'change', changes: { days: [30, 60] } })
})

test('S15 before and after of a protected field show a decider no more than the record does', async () => {
  const record = await approved()
  const [{ instance }] = (await ask(record.id, { contact: '13911112222' })).json<[{ instance: string }]>()
  const { changes, record: shown, batch } = await view('孙主任', instance)
  expect(changes).toEqual([{ field: 'contact', label: '联系电话', was: '138****1234', wanted: '139****2222' }])
  expect(JSON.stringify([shown, batch])).not.toMatch(/13800001234|13911112222/)
  // Who asks sees his own number.
  expect((await view('赵一', instance)).changes).toMatchObject([{ was: '13800001234', wanted: '13911112222' }])
})

test('S2 field groups go to their own offices, one open request each; a second is shown the first', async () => {
  const record = await approved()
  const both = await ask(record.id, { days: 40, budget: 8000 })
  const [one, two] = both.json<{ instance: string }[]>()
  expect((await view('孙主任', one!.instance)).changes.map((c) => c.field)).toEqual(['days'])
  const money = await view('郑会计', two!.instance)
  expect(money.changes.map((c) => c.field)).toEqual(['budget'])
  // The step hides the telephone from the office of money.
  expect(money.record).not.toHaveProperty('contact')
  const second = await ask(record.id, { budget: 9000 })
  expect([second.status, second.json()['refusal'], second.json()['instance']]).toEqual([409, 'changeOpen', two!.instance])
  expect((await act('郑会计', two!.instance, 'approve')).status).toBe(200)
  expect(await get('赵一', record.id)).toMatchObject({ budget: 8000, days: 30 })
  expect((await act('孙主任', one!.instance, 'approve')).status).toBe(200)
  expect(await get('赵一', record.id)).toMatchObject({ budget: 8000, days: 40, version: 3 })
})

test('a record changed meanwhile is shown at the decision and never overruled in silence', async () => {
  const record = await approved()
  const [{ instance }] = (await ask(record.id, { days: 90, place: '湘雅' })).json<[{ instance: string }]>()
  await updateRecordOf(h.kernel, await h.system(), 'study.application', record.id, 1, { days: 45 }, { byModule: true })
  const refused = await act('孙主任', instance, 'approve')
  expect([refused.status, refused.json()['code']]).toEqual([409, 'changeConflict'])
  expect(refused.json()['conflicts']).toEqual([{ field: 'days', label: '天数' }])
  expect((await view('孙主任', instance)).my.task).not.toBeNull()
  expect(await get('赵一', record.id)).toMatchObject({ days: 45, place: '华西' })
  const { baseVersion } = await view('孙主任', instance)
  expect((await act('孙主任', instance, 'approve', { seenBase: baseVersion })).status).toBe(200)
  expect(await get('赵一', record.id)).toMatchObject({ days: 90, place: '湘雅', version: 3 })
})

test('S4 a decider edits the patch, never the row; a returned change is repaired; a refused or withdrawn one leaves the record as it is', async () => {
  const record = await approved()
  const [{ instance }] = (await ask(record.id, { days: 90 })).json<[{ instance: string }]>()
  expect((await act('孙主任', instance, 'return', { opinion: '太长' })).status).toBe(200)
  expect((await act('赵一', instance, 'resubmit', { changes: { days: 70 } })).status).toBe(200)
  expect(await get('赵一', record.id)).toMatchObject({ days: 30, version: 1 })
  expect((await act('孙主任', instance, 'approve', { changes: { days: 65 } })).status).toBe(200)
  expect(await get('赵一', record.id)).toMatchObject({ days: 65, version: 2 })
  const [again] = (await ask(record.id, { days: 10 }, 2)).json<{ instance: string }[]>()
  expect((await act('孙主任', again!.instance, 'reject', { opinion: '不可' })).status).toBe(200)
  const [third] = (await ask(record.id, { days: 20 }, 2)).json<{ instance: string }[]>()
  expect((await act('赵一', third!.instance, 'withdraw')).status).toBe(200)
  expect(await get('赵一', record.id)).toMatchObject({ days: 65, version: 2, changing: [] })
})

test('who asks for a change of what somebody else has changed is shown it as he may see it', async () => {
  const { id } = await approved()
  const stale = { actId: newId(), seenVersion: 7, changes: { days: 31 } }
  const answer = await sessions['周敏']!.call('POST', `/api/flows/change/study.application/${id}`, stale)
  const { code, current } = answer.json<{ code: string; current: Record<string, unknown> }>()
  expect(code).toBe('versionConflict')
  expect(current['days']).toBe(30)
  expect(current['contact']).not.toBe('13800001234')
  expect(answer.text).not.toContain('13800001234')
})

test('what cannot stand in the record is refused at its field when asked for, and once more when it is applied', async () => {
  const [one, two] = [await approved(), await approved()]
  expect((await ask(one.id, { days: 0 })).json()['problems']).toMatchObject([{ field: 'days' }])
  expect((await ask(one.id, { topic: two['topic'] })).json()['problems']).toMatchObject([{ message: expect.stringContaining('已有相同') }])
  expect((await ask(one.id, { days: 30 })).json()['title']).toContain('没有改动')
  expect((await ask(one.id, { days: 31 }, 7)).json()['code']).toBe('versionConflict')
  const [{ instance }] = (await ask(one.id, { topic: '后来被占的内容' })).json<[{ instance: string }]>()
  await updateRecordOf(h.kernel, await h.system(), 'study.application', two.id, 1, { topic: '后来被占的内容' }, { byModule: true })
  const refused = await act('孙主任', instance, 'approve')
  expect([refused.status, refused.json()['code']]).toEqual([409, 'duplicate'])
  expect((await view('孙主任', instance)).my.task).not.toBeNull()
  const actId = newId()
  const [first, repeated] = [await ask(two.id, { days: 33 }, 2, actId), await ask(two.id, { days: 33 }, 2, actId)]
  expect(repeated.json<{ instance: string }[]>()[0]!.instance).toBe(first.json<{ instance: string }[]>()[0]!.instance)
})

test('a record under approval is deleted by a request with its reason', async () => {
  const record = await approved()
  const url = `/api/flows/delete/study.application/${record.id}`
  expect((await sessions['赵一']!.call('DELETE', `/api/records/study.application/${record.id}?version=1`)).json()['code']).toBe(
    'flowRefused',
  )
  expect((await sessions['赵一']!.call('POST', url, { actId: newId(), seenVersion: 1 })).json()['problems']).toMatchObject([
    { field: 'reason' },
  ])
  const { instance } = (await sessions['赵一']!.call('POST', url, { actId: newId(), seenVersion: 1, reason: '重复登记' })).json<{
    instance: string
  }>()
  expect(await view('孙主任', instance)).toMatchObject({ occasion: 'delete', reason: '重复登记' })
  expect((await act('孙主任', instance, 'approve')).status).toBe(200)
  expect((await get('赵一', record.id)).deletedAt).not.toBeNull()
})

test('S4 a returned change says what its applicant may mend: the fields of its own office, of a deletion nothing; with words, pictures and names as any opinion', async () => {
  const { id } = await approved()
  const [request] = (await ask(id, { days: 45 })).json<{ instance: string }[]>()
  const instance = request!.instance
  expect((await view('赵一', instance)).my.acts.mend).toBeNull()
  const decider = (await view('赵一', instance)).path.find(({ state }) => state === 'current')!.people[0]!.name
  expect((await act(decider, instance, 'return', { opinion: '请写明理由' })).status).toBe(200)
  const mend = (await view('赵一', instance)).my.acts.mend!
  expect([mend.includes('days'), mend.includes('budget')]).toEqual([true, false])
  expect((await view(decider, instance)).my.acts.mend).toBeNull()
  const foreign = await act('赵一', instance, 'resubmit', { changes: { budget: 1 } })
  expect(foreign.json()['problems']).toEqual([{ field: 'budget', message: '此项由其他科室审批，请另外申请' }])
  expect((await act('赵一', instance, 'resubmit', { changes: { days: 40 }, opinion: '改为 40 天' })).status).toBe(200)
  const { changes, chain } = await view(decider, instance)
  expect(changes).toMatchObject([{ field: 'days', was: 30, wanted: 40 }])
  expect(chain.at(-1)).toMatchObject({ word: '重新提交', opinion: '改为 40 天' })
})
