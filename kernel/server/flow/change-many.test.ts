import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, ChangeManyAnswer, RecordAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { updateRecordOf } from '../records/write.ts'
import { kit } from './testing-kit.ts'

let h: TestHospital
let zhao: string
let qian: string
const sessions: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([kit]) })
  zhao = await h.person('赵一')
  qian = await h.person('钱二', { unit: '检验科' })
  const more = [['孙主任', { post: 'head', roles: ['departmentHead'] }], ['李主任', { unit: '检验科', post: 'head', roles: ['departmentHead'] }], ['医务员', { unit: '医务处', roles: ['medicalOffice'] }]] as const // prettier-ignore
  sessions['赵一'] = await h.signIn(zhao)
  for (const [name, what] of more) sessions[name] = await h.signIn(await h.person(name, { ...what, roles: [...what.roles] }))
})
afterAll(() => h[Symbol.asyncDispose]())

let plans = 0
const plan = async (applicant = zhao) => (await h.create('kit.plan', { applicant, name: `计划 ${++plans}`, year: 2026 })).id
const stored = async (id: string) => (await sessions['医务员']!.call('GET', `/api/records/kit.plan/${id}`)).json<RecordAnswer>().record
async function ask(
  ids: readonly string[],
  changes: object,
  more: { who?: string; actId?: string; reason?: string; seenVersion?: number } = {},
) {
  const records = ids.map((id) => ({ id, seenVersion: more.seenVersion ?? 1, changes }))
  const body = { actId: more.actId ?? newId(), reason: more.reason ?? '年度调整', records }
  return sessions[more.who ?? '赵一']!.call('POST', '/api/flows/change-many/kit.plan', body)
}
async function asked(ids: readonly string[], changes: object, who = '赵一'): Promise<string[]> {
  const answer = await ask(ids, changes, { who })
  expect(answer.status, answer.text).toBe(201)
  return [...new Set(answer.json<ChangeManyAnswer>().results.map(({ instance }) => instance!))]
}
const view = async (instance: string, name = '孙主任') =>
  (await sessions[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
async function act(instance: string, kind: string, more: object = {}, name = '孙主任') {
  const { version, my } = await view(instance, name)
  const task = my.task ? { task: my.task.id } : {}
  return sessions[name]!.call('POST', `/api/approvals/${instance}/acts`, { kind, actId: newId(), seenVersion: version, ...task, ...more })
}
const count = async (sql: string, values: unknown[] = []) => (await h.kernel.db.query<{ n: number }>(sql, values))[0]!.n

test('S5 one request over many records: one approval, one task, and all records change together when it is approved', async () => {
  const ids = [await plan(), await plan(), await plan()]
  const [instance, ...more] = await asked(ids, { year: 2027 })
  expect(more).toEqual([])
  const seen = await view(instance!)
  expect(seen.title).toContain('（3 条）')
  expect([seen.occasion, seen.reason, seen.batch.length]).toEqual(['change', '年度调整', 3])
  expect(seen.batch.map((one) => one.changes)).toEqual(ids.map(() => [{ field: 'year', label: '年度', was: 2026, wanted: 2027 }]))
  expect(await count(`SELECT count(*)::int AS n FROM kernel.flow_instance WHERE record = ANY($1::uuid[])`, [ids])).toBe(1)
  // Each record says that it waits, and leads to the same approval.
  for (const id of ids) expect((await stored(id))['changing']).toMatchObject([{ instance, occasion: 'change' }])
  expect((await act(instance!, 'approve')).json()['status']).toBe('approved')
  for (const id of ids) expect(await stored(id)).toMatchObject({ year: 2027, version: 2, changing: [] })
})

test('S5 each record has its result: what cannot be asked for is told and left out, the others go on', async () => {
  const [one, two, changed, foreign, waiting] = [await plan(), await plan(), await plan(), await plan(qian), await plan()]
  await updateRecordOf(h.kernel, await h.system(), 'kit.plan', changed, 1, { remark: '已有人改过' }, { byModule: true })
  await asked([waiting], { year: 2028 })
  const answer = await ask([one, two, changed, foreign, waiting], { year: 2027 })
  const { results } = answer.json<ChangeManyAnswer>()
  expect(results.map(({ record, ok }) => [record, ok])).toEqual([[one, true], [two, true], [changed, false], [foreign, false], [waiting, false]]) // prettier-ignore
  expect(results.map(({ message }) => message)).toEqual([
    '',
    '',
    '这条记录刚被别人修改',
    '记录不存在，或没有查看权限',
    '该记录已有一份变更正在审批',
  ])
  expect(results[0]!.instance).toBe(results[1]!.instance)
  const wrong = (await ask([one, two], { year: 1 })).json<ChangeManyAnswer>()
  expect(wrong.results.map(({ ok }) => ok)).toEqual([false, false])
  expect((await ask([await plan()], { year: 2030 }, { reason: ' ' })).json()['problems']).toMatchObject([{ field: 'reason' }])
})

test('S5 records that other people decide on are other approvals of the same submission: nobody decides for another department', async () => {
  const [mine, also, theirs] = [await plan(), await plan(), await plan(qian)]
  const answer = await ask([mine, also, theirs], { year: 2029 }, { who: '医务员' })
  const [one, two, three] = answer.json<ChangeManyAnswer>().results
  expect([one!.instance === two!.instance, one!.instance === three!.instance]).toEqual([true, false])
  expect((await view(three!.instance!, '李主任')).my.task).not.toBeNull()
  expect((await view(one!.instance!)).my.task).not.toBeNull()
  expect((await act(three!.instance!, 'approve', {}, '李主任')).status).toBe(200)
  expect([(await stored(mine))['year'], (await stored(theirs))['year']]).toEqual([2026, 2029])
})

test('S5 a record of the batch that changed meanwhile stops the decision, and nothing of the batch happens until it is seen', async () => {
  const [one, two] = [await plan(), await plan()]
  const [instance] = await asked([one, two], { year: 2027 })
  await updateRecordOf(h.kernel, await h.system(), 'kit.plan', two, 1, { year: 2025 }, { byModule: true })
  const refused = await act(instance!, 'approve')
  expect([refused.status, refused.json()['code']]).toEqual([409, 'changeConflict'])
  expect((await stored(one))['year']).toBe(2026)
  const { baseVersion, batch } = await view(instance!)
  expect(new Set(batch.flatMap(({ changes }) => changes.map(({ now }) => now ?? null)))).toEqual(new Set([2025, null]))
  expect((await act(instance!, 'approve', { seenBase: baseVersion })).status).toBe(200)
  expect([(await stored(one))['year'], (await stored(two))['year']]).toEqual([2027, 2027])
})

test('S5 refused, withdrawn or edited, a batch is one: no record keeps a request open', async () => {
  const ids = [await plan(), await plan()]
  const [refused] = await asked(ids, { year: 2027 })
  expect((await act(refused!, 'reject', { opinion: '不调整' })).status).toBe(200)
  const [edited] = await asked(ids, { year: 2027 })
  expect((await act(edited!, 'approve', { changes: { year: 2028 } })).status).toBe(200)
  for (const id of ids) expect(await stored(id)).toMatchObject({ year: 2028, version: 2, changing: [] })
  const [instance, again] = [newId(), await ask(ids, { year: 2031 }, { seenVersion: 2 })]
  const taken = again.json<ChangeManyAnswer>().results[0]!.instance!
  expect(instance).not.toBe(taken)
  expect((await act(taken, 'withdraw', {}, '赵一')).status).toBe(200)
  expect(await count(`SELECT count(*)::int AS n FROM kernel.change_request WHERE record = ANY($1::uuid[]) AND state = 'open'`, [ids])).toBe(
    0,
  )
})

test('S5 a submission sent again is answered with the same approval', async () => {
  const [ids, actId] = [[await plan(), await plan()], newId()]
  const [first, second] = [await ask(ids, { year: 2027 }, { actId }), await ask(ids, { year: 2027 }, { actId })]
  const named = (answer: typeof first) => new Map(answer.json<ChangeManyAnswer>().results.map(({ record, instance }) => [record, instance]))
  expect(named(second)).toEqual(named(first))
})

test('S5 writing past the approval is a right of its own, needs a reason, and is audited with it', async () => {
  const id = await plan()
  const url = `/api/records/kit.plan/${id}`
  const directly = (name: string, reason: string, version = 1) => sessions[name]!.call('PATCH', url, { version, changes: { year: 2040 }, directly: reason })
  expect((await sessions['医务员']!.call('PATCH', url, { version: 1, changes: { year: 2040 } })).json()['code']).toBe('flowRefused')
  expect((await directly('赵一', '更正笔误')).status).toBe(403)
  expect((await directly('医务员', '  ')).json()['problems']).toEqual([{ field: 'reason', message: '请填写直接写入的理由' }])
  expect((await stored(id)).may).toMatchObject({ update: false, requestChange: true, writeDirectly: true })
  expect((await directly('医务员', '更正笔误')).status).toBe(200)
  expect(await stored(id)).toMatchObject({ year: 2040, version: 2 })
  const draft = { applicant: zhao, name: '补录的计划' }
  const made = await sessions['医务员']!.call('POST', '/api/records/kit.plan/directly', { draft, reason: '纸质批件补录' })
  expect([made.status, made.json<RecordAnswer>().record.state]).toEqual([201, 'approved'])
  expect((await sessions['医务员']!.call('DELETE', `${url}?version=2&directly=${encodeURIComponent('重复登记')}`)).status).toBe(200)
  const audited = await h.kernel.db.query<{ detail: object }>(`SELECT detail FROM kernel.audit_entry WHERE act = 'writeDirectly' AND detail ? 'reason' ORDER BY seq`)
  expect(audited.map(({ detail }) => detail)).toEqual([
    { action: 'update', reason: '更正笔误' },
    { action: 'create', reason: '纸质批件补录' },
    { action: 'delete', reason: '重复登记' },
  ])
  expect(await count(`SELECT count(*)::int AS n FROM kernel.flow_instance WHERE record = $1`, [id])).toBe(0)
}) // prettier-ignore
