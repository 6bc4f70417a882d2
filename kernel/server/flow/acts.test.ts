import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, BulkAnswer, Counts, TaskPage } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { handleEvents } from '../jobs/outbox.ts'
import { updateRecordOf } from '../records/write.ts'
import { callServices, runDue } from './due.ts'
import { abroadOnly, studyModule, visa, visaService } from './testing.ts'

let h: TestHospital
const people: Record<string, string> = {}
const sessions = new Map<string, HttpSession>()
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService] })
  await h.unit('医务处')
  for (const [name, more] of Object.entries({
    赵一: {}, 钱二: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 李院长: { unit: '院部', post: 'head' }, 周干事: { unit: '医务处', roles: ['medicalOffice'] },
    吴科长: { unit: '医务处', roles: ['medicalOffice'] }, 郑会计: { unit: '财务科' }, 王会计: { unit: '财务科' }, 管理员: { unit: '信息科', roles: ['systemOfficer'] }, 冯代理: {},
  })) people[name] = await h.person(name, more) // prettier-ignore
  await h.create('directory.group', {
    name: '财务审核组',
    kind: 'finance',
    members: [{ person: people['郑会计'] }, { person: people['王会计'] }],
  })
})
afterAll(() => h[Symbol.asyncDispose]())

async function call(name: string, method: string, url: string, body?: unknown): Promise<HttpAnswer> {
  let session = sessions.get(name)
  if (!session) sessions.set(name, (session = await h.signIn(people[name]!)))
  const answer = await session.call(method, url, body)
  // Hours pass between the steps of a story: who is away so long signs in again.
  return answer.status === 401 && sessions.delete(name) ? call(name, method, url, body) : answer
}
let topics = 0
async function apply(more: Record<string, unknown> = {}, name = '赵一') {
  const draft = { applicant: people[name], topic: `腔镜进修 ${++topics}`, place: '协和', days: 30, contact: '13800001234', ...more }
  const answer = await call(name, 'POST', '/api/flows/submit/study.application', { draft, actId: newId() })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<{ instance: string; record: string }>()
}
const view = async (name: string, instance: string) => (await call(name, 'GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
async function act(name: string, instance: string, kind: string, more: Record<string, unknown> = {}) {
  const { version, my } = await view(name, instance)
  return call(name, 'POST', `/api/approvals/${instance}/acts`, {
    kind,
    actId: newId(),
    seenVersion: version,
    ...(my.task ? { task: my.task.id } : {}),
    ...more,
  })
}
async function ok(name: string, instance: string, kind: string, more: Record<string, unknown> = {}) {
  const answer = await act(name, instance, kind, more)
  expect(answer.status, answer.text).toBe(200)
  return answer.json<{ status: string; version: number }>()
}
const work = async (name: string, query = 'view=open') => (await call(name, 'GET', `/api/tasks?${query}`)).json<TaskPage>()
const titles = async (name: string, query?: string) => (await work(name, query)).rows.map((row) => row.record)
const told = async (name: string) => (await call(name, 'GET', '/api/messages')).json<{ title: string }[]>().map((m) => m.title)
const stored = async (record: string) =>
  (await h.kernel.db.query<Record<string, unknown>>(`SELECT * FROM study.application WHERE id = $1`, [record]))[0]!

test('a request is returned, resumed, delegated, counter-signed, taken back and approved', async () => {
  const { instance, record } = await apply({ days: 100 })
  await ok('孙主任', instance, 'return', { opinion: '请写明导师' })
  expect((await stored(record))['state']).toBe('returned')
  expect(await told('赵一')).toContainEqual(expect.stringContaining('已退回'))
  await ok('赵一', instance, 'resubmit', { changes: { place: '协和（导师张某）' }, to: 'returner' })
  await ok('孙主任', instance, 'delegateTask', { to: people['钱二'] })
  expect((await view('孙主任', instance)).my.task).toBeNull()
  await ok('钱二', instance, 'approve', { opinion: '同意' })
  // Delegated comes back: the head decides in the end.
  await ok('孙主任', instance, 'addApprover', { people: [people['冯代理']], where: 'before' })
  await ok('冯代理', instance, 'approve')
  await ok('孙主任', instance, 'approve', { changes: { days: 95 }, opinion: '减五天' })
  expect((await stored(record))['days']).toBe(95)
  const { my } = await view('孙主任', instance)
  expect(my.acts.takeBack?.label).toBe('同意')
  await ok('孙主任', instance, 'takeBack', { undo: my.acts.takeBack!.undo })
  await ok('孙主任', instance, 'approve')
  await ok('周干事', instance, 'approve')
  expect((await ok('吴科长', instance, 'approve')).status).toBe('approved')
  expect((await stored(record))['state']).toBe('approved')
  expect(await told('赵一')).toContainEqual(expect.stringContaining('已批准'))
})

test('an act sent twice is done once; an old page is told; somebody else cannot use its id', async () => {
  const { instance } = await apply()
  const { version, my } = await view('孙主任', instance)
  const body = { kind: 'approve', actId: newId(), seenVersion: version, task: my.task!.id }
  const [one, two] = await Promise.all([call('孙主任', 'POST', `/api/approvals/${instance}/acts`, body), call('孙主任', 'POST', `/api/approvals/${instance}/acts`, body)]) // prettier-ignore
  expect([one.status, two.status]).toEqual([200, 200])
  expect(one.json()).toEqual(two.json())
  const decided = await h.kernel.db.query(`SELECT 1 FROM kernel.flow_event WHERE instance = $1 AND type = 'decided'`, [instance])
  expect(decided).toHaveLength(1)
  const late = await call('孙主任', 'POST', `/api/approvals/${instance}/acts`, { ...body, actId: newId() })
  expect([late.status, late.json()['refusal']]).toEqual([409, 'taskClosed'])
  expect((await call('赵一', 'POST', `/api/approvals/${instance}/acts`, { ...body, kind: 'urge' })).json()['refusal']).toBe('actIdReused')
})

test('who has only a task reads that record without what is protected; who has nothing finds nothing', async () => {
  const { instance } = await apply({ days: 200 })
  expect((await view('赵一', instance)).record['contact']).toBe('13800001234')
  await ok('孙主任', instance, 'approve')
  const seen = await view('周干事', instance)
  expect(seen.record['topic']).toContain('腔镜进修')
  expect(seen.record['contact']).not.toBe('13800001234')
  expect((await call('郑会计', 'GET', `/api/approvals/${instance}`)).status).toBe(404)
  await ok('周干事', instance, 'consult', { people: [people['郑会计']], opinion: '经费够吗？' })
  expect((await view('郑会计', instance)).my.acts.reply?.question).toBe('经费够吗？')
  expect(await titles('郑会计')).toHaveLength(1)
  await ok('郑会计', instance, 'reply', { consultation: (await view('郑会计', instance)).my.acts.reply!.consultation, opinion: '够' })
  expect((await view('周干事', instance)).consultations).toMatchObject([{ reply: '够', person: '郑会计' }])
})

test('copies are given once, wait to be read, and are counted apart', async () => {
  const { instance } = await apply()
  await ok('赵一', instance, 'copyTo', { people: [people['钱二']] })
  expect((await act('赵一', instance, 'copyTo', { people: [people['钱二']] })).json()['refusal']).toBe('copiedAlready')
  const counts = async () => (await call('钱二', 'GET', '/api/counts')).json<Counts>().copied
  expect(await counts()).toBe(1)
  await ok('钱二', instance, 'markRead')
  expect(await counts()).toBe(0)
  expect((await work('钱二', 'view=copied')).rows.some((row) => row.instance === instance)).toBe(true)
  expect((await view('赵一', instance)).copies[0]).toMatchObject({ person: '钱二', readAt: expect.any(String) })
})

test('W9 a stand-in decides in the name of who is away, both named; circles and second deputies are refused at their place', async () => {
  const rule = (deputy: string, more: object = {}) => ({
    deputy: people[deputy],
    from: '2026-06-10',
    to: '2026-06-20',
    flows: ['study.ordinary'],
    ...more,
  })
  const { instance } = await apply()
  const made = await call('孙主任', 'POST', '/api/stand-ins', rule('冯代理'))
  expect(made.status, made.text).toBe(201)
  expect((await call('孙主任', 'POST', '/api/stand-ins', rule('钱二'))).json()['problems']).toMatchObject([{ field: 'from' }])
  expect((await call('冯代理', 'POST', '/api/stand-ins', rule('孙主任'))).json()['problems']).toMatchObject([{ field: 'deputy', message: expect.stringContaining('不能互相委托') }]) // prettier-ignore
  expect((await call('冯代理', 'POST', '/api/stand-ins', rule('孙主任', { flows: ['study.money'] }))).status).toBe(201)
  // Tasks that were open before the rule are his as well.
  const mine = (await work('冯代理', 'view=standIn')).rows.find((row) => row.instance === instance)
  expect(mine).toMatchObject({ insteadOf: { name: '孙主任' } })
  const seen = await view('冯代理', instance)
  expect(seen.my.task?.insteadOf?.name).toBe('孙主任')
  const answer = await call('冯代理', 'POST', `/api/approvals/${instance}/acts`, {
    kind: 'approve',
    actId: newId(),
    seenVersion: seen.version,
    task: seen.my.task!.id,
    onBehalfOf: people['孙主任'],
  })
  expect(answer.status, answer.text).toBe(200)
  const [event] = await h.kernel.db.query<{ event: { decision: { person: string; actor: string } } }>(
    `SELECT event FROM kernel.flow_event WHERE instance = $1 AND type = 'decided'`,
    [instance],
  )
  expect(event!.event.decision).toMatchObject({ person: people['孙主任'], actor: people['冯代理'] })
  // His own request he may not approve.
  const own = await apply({}, '冯代理')
  expect((await view('冯代理', own.instance)).my.task).toBeNull()
  await call('孙主任', 'POST', `/api/stand-ins/${made.json()['id'] as string}/end`, {})
  const next = await apply()
  expect((await call('冯代理', 'GET', `/api/approvals/${next.instance}`)).status).toBe(404)
})

test('S14 a binding leads a record to its flow; a section is claimed and filled, a seal is logged, a call outside is tried again', async () => {
  const bindings = (filter: unknown, flow = 'study.abroad') => ({ bindings: [{ label: '国外', filter, flow, enabled: true }] })
  const url = '/api/flow-bindings/study.application/new'
  expect((await call('赵一', 'PUT', url, bindings(abroadOnly))).status).toBe(403)
  expect((await call('管理员', 'PUT', url, bindings({ field: 'nonsense', op: 'eq', value: 1 }))).json()['problems']).toMatchObject([
    { field: '0.filter' },
  ])
  expect((await call('管理员', 'PUT', url, bindings(abroadOnly))).status).toBe(200)
  const { instance, record } = await apply({ kind: 'abroad' })
  await ok('孙主任', instance, 'approve')
  expect(await titles('郑会计', 'view=claim')).toContain(record)
  expect(await titles('王会计', 'view=claim')).toContain(record)
  const entry = (await view('郑会计', instance)).my.acts.claim!.entry
  const claims = await Promise.all(['郑会计', '王会计'].map((name) => act(name, instance, 'claim', { entry })))
  expect(claims.map((c) => c.status).toSorted((a, b) => a - b)).toEqual([200, 409])
  const [holder, other] = claims[0]!.status === 200 ? ['郑会计', '王会计'] : ['王会计', '郑会计']
  // Taken by one it is nobody else's to take; given back it is again.
  expect(await titles(other, 'view=claim')).not.toContain(record)
  await ok(holder, instance, 'release')
  expect(await titles(other, 'view=claim')).toContain(record)
  await ok(holder, instance, 'claim', { entry })
  expect((await act(holder, instance, 'approve')).json()['refusal']).toBe('fieldMissing')
  await ok(holder, instance, 'approve', { changes: { budget: 20_000 } })
  await ok('周干事', instance, 'seal', { copies: 2 })
  const uses = (await call('管理员', 'GET', '/api/seal-uses')).json<{ seal: string; copies: number; personName: string }[]>()
  expect(uses[0]).toMatchObject({ seal: '院章', copies: 2, personName: '周干事' })
  visa.problem = '外事系统无应答'
  for (let attempt = 1; attempt <= 3; attempt++) {
    expect(await callServices(h.kernel)).toBe(1)
    h.clock.set(new Date(h.clock.now().getTime() + 2 * 3_600_000).toISOString())
  }
  expect(new Set(visa.calls).size).toBe(1)
  expect(visa.calls).toHaveLength(3)
  const incidents = (await call('管理员', 'GET', '/api/incidents')).json<{ instance: string; why: string; entry: string }[]>()
  expect(incidents).toMatchObject([{ instance, why: 'serviceFailed' }])
  visa.problem = null
  await ok('管理员', instance, 'repair', { entry: incidents[0]!.entry, how: 'retry', opinion: '外事系统已恢复' })
  expect(await callServices(h.kernel)).toBe(1)
  expect((await view('赵一', instance)).status).toBe('approved')
  expect((await call('管理员', 'GET', '/api/incidents')).json()).toEqual([])
  await call('管理员', 'PUT', url, { bindings: [] })
})

test('W21 what is not decided in working time is reminded before and escalated after, once, and not in the night', async () => {
  h.clock.set('2026-06-15T10:00:00+08:00')
  const { instance } = await apply()
  const dues = () =>
    h.kernel.db.query<{ what: string; at: string }>(`SELECT what, at FROM kernel.flow_due WHERE instance = $1 ORDER BY at`, [instance])
  expect((await dues()).map((d) => d.what)).toEqual(['stage:head#1:0', 'stage:head#1:1'])
  while (await runDue(h.kernel));
  expect(await dues()).toHaveLength(2)
  h.clock.set((await dues())[0]!.at)
  expect(await runDue(h.kernel)).toBeGreaterThan(0)
  expect(await told('孙主任')).toContainEqual(expect.stringContaining('请尽快处理'))
  h.clock.set((await dues())[0]!.at)
  while (await runDue(h.kernel));
  expect((await h.kernel.db.query(`SELECT 1 FROM kernel.flow_event WHERE instance = $1 AND type = 'timedOut'`, [instance])).length).toBe(2)
  await ok('孙主任', instance, 'approve')
  expect(await dues()).toEqual([])
  h.clock.set('2026-06-15T12:00:00+08:00')
})

test('W16 the applicant may urge, not twice in a row; W17 only the administrator jumps and terminates, with a reason', async () => {
  h.clock.set('2026-06-16T10:00:00+08:00')
  const { instance } = await apply({ days: 100 })
  await ok('赵一', instance, 'urge', { opinion: '周五要报名' })
  expect((await act('赵一', instance, 'urge')).json()['refusal']).toBe('urgeTooSoon')
  expect((await act('孙主任', instance, 'terminate', { opinion: '试' })).json()['refusal']).toBe('administratorOnly')
  expect((await act('管理员', instance, 'jump', { to: 'office' })).json()['refusal']).toBe('reasonNeeded')
  await ok('管理员', instance, 'jump', { to: 'office', opinion: '科主任在国外' })
  expect(await titles('周干事')).toContain((await view('周干事', instance)).record.id)
  await ok('管理员', instance, 'terminate', { opinion: '重复申请' })
  expect((await view('赵一', instance)).status).toBe('terminated')
  const acts = await h.kernel.db.query<{ act: string }>(`SELECT act FROM kernel.audit_entry WHERE detail->>'instance' = $1 ORDER BY seq`, [
    instance,
  ])
  expect(acts.map((a) => a.act)).toEqual(expect.arrayContaining(['flow.jump', 'flow.terminate']))
})

test('W22 many are decided at once, each for itself, and what cannot be says why', async () => {
  const [one, two, three] = [await apply(), await apply(), await apply()]
  await ok('孙主任', three.instance, 'reject', { opinion: '名额已满' })
  const rows = (await work('孙主任')).rows.filter((row) => [one.instance, two.instance].includes(row.instance))
  expect(rows.every((row) => row.bulk)).toBe(true)
  const tasks = [
    ...rows.map((row) => ({ instance: row.instance, task: row.task, version: row.version, actId: newId() })),
    { instance: three.instance, task: 'head#1/1', version: 1, actId: newId() },
  ]
  const { results } = (await call('孙主任', 'POST', '/api/tasks/bulk', { tasks })).json<BulkAnswer>()
  expect(results.map((r) => r.ok)).toEqual([true, true, false])
  expect(results[2]!.message).toContain('已经结束')
})

test('S11 a decider who leaves, or loses his role, holds nothing up; whom nobody follows is an incident', async () => {
  const mover = await h.person('离任主任', { unit: '眼科', post: 'head' })
  people['眼科医师'] = await h.person('眼科医师', { unit: '眼科' })
  people['离任主任'] = mover
  const { instance } = await apply({}, '眼科医师')
  expect((await view('离任主任', instance)).my.task).not.toBeNull()
  while (await handleEvents(h.kernel));
  const [row] = await h.kernel.db.query<{ version: number }>(`SELECT version FROM directory.person WHERE id = $1`, [mover])
  await updateRecordOf(h.kernel, await h.system(), 'staff.practitioner', mover, row!.version, { status: 'left' }, { byModule: true })
  while (await handleEvents(h.kernel));
  // Nobody heads the department now: the step goes where its policy says, in sight of the administrator.
  const tasks = await h.kernel.db.query<{ person: string; state: string }>(
    `SELECT person, state FROM kernel.flow_task WHERE instance = $1 AND kind = 'decide' ORDER BY opened_at, task`,
    [instance],
  )
  expect(tasks).toEqual([
    { person: mover, state: 'cancelled' },
    { person: people['管理员'], state: 'open' },
  ])
})
