import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApprovalAnswer, Automation, HistoryEntry, PublishPreview } from '#model'
import { newActId } from '#app/testing/hospital.ts'
import { csv, importFile } from '#app/testing/imports.ts'
import { createRecord } from '../records/write.ts'
import { Outings } from '#app/testing/outings-hospital.ts'

let o: Outings
let head: string
beforeAll(async () => {
  o = await Outings.open()
  head = await o.h.person('李主任', { post: 'head', roles: ['departmentHead'] })
})
afterAll(() => o[Symbol.asyncDispose]())

async function approve(instance: string): Promise<void> {
  const { version, my } = (await o.call(head, 'GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  const answer = await o.call(head, 'POST', `/api/approvals/${instance}/acts`, { kind: 'approve', actId: newActId(), seenVersion: version, task: my.task!.id })
  expect(answer.status, answer.text).toBe(200)
} // prettier-ignore
const stop = async (name: string) => void (await o.call(o.officer, 'POST', `/api/designs/automation/${name}/stop`, { note: '' }))
const told = async (who: string) =>
  (await o.call(who, 'GET', '/api/messages')).json<{ title: string; body: string }[]>().map(({ title, body }) => `${title}：${body}`)

test('once an outing is approved, a refund is left to do, as the person who published it, readable in the history', async () => {
  const name = await o.on({
    label: '外出后报销',
    resource: 'outing.trip',
    when: { kind: 'approved' },
    where: { field: 'days', op: 'gte', value: 2 },
    acts: [
      {
        kind: 'create',
        resource: 'outing.refund',
        values: [
          { field: 'whose', value: { from: 'field', field: 'applicant' } },
          { field: 'topic', value: { from: 'expression', text: '"报销：" + topic' } },
          { field: 'trip', value: { from: 'field', field: 'id' } },
          { field: 'due', value: { from: 'today' } },
          { field: 'note', value: { from: 'constant', value: '请附发票' } },
        ],
      },
      { kind: 'message', whom: [{ who: 'owner', gathered: false }], title: '请报销“{topic}”', text: '' },
    ],
  })
  const { instance, record } = await o.submit('全国骨科年会', { days: 3 })
  const short = await o.submit('市里开会', { days: 1 })
  await o.work()
  expect(await o.refunds()).toEqual([])
  await approve(instance)
  await approve(short.instance)
  await o.work()
  expect(await o.refunds()).toMatchObject([
    { topic: '报销：全国骨科年会', whose: o.doctor, trip: record, due: '2026-06-15', note: '请附发票', createdBy: o.officer },
  ])
  expect(await told(o.doctor)).toContain('请报销“全国骨科年会”：')
  const runs = await o.runs(name)
  expect(runs).toMatchObject([{ state: 'done', problem: null, results: [{ words: '新建“报销待办”' }, { words: '发消息给 1 人' }] }])
  const [made] = await o.refunds()
  const history = (await o.call(o.officer, 'GET', `/api/records/outing.refund/${String(made!['id'])}/history`)).json<HistoryEntry[]>()
  expect(history.map(({ automation, actorName }) => [automation, actorName])).toEqual([['外出后报销', '周敏']])
  const [entry] = await o.h.kernel.db.query<{ actor_name: string }>(
    `SELECT actor_name FROM kernel.audit_entry WHERE record = $1::uuid AND act = 'create'`,
    [made!['id']],
  )
  expect(entry!.actor_name).toBe('周敏（自动化：外出后报销）')
  // The same events, however often they are looked at, do nothing more.
  await o.h.kernel.db.query(`UPDATE kernel.outbox_reader SET snapshot = '1:1:' WHERE name = 'automations'`)
  await o.work()
  expect(await o.refunds()).toHaveLength(1)
  await stop(name)
})

test('a change of the fields it asks for, from what they were, changes the record or the one it points at', async () => {
  const name = await o.on({
    label: '报完',
    when: { kind: 'changed', fields: ['status'] },
    was: { field: 'status', op: 'eq', value: 'open' },
    where: { field: 'status', op: 'eq', value: 'done' },
    acts: [
      { kind: 'update', at: null, values: [{ field: 'note', value: { from: 'constant', value: '已办结' } }] },
      { kind: 'update', at: 'parent', values: [{ field: 'amount', value: { from: 'expression', text: 'amount * 2' } }] },
    ],
  })
  const parent = await o.refund('上一条')
  const one = await o.refund('机票', { parent: parent.id, amount: 300 })
  await o.change(one.id, one.version, { topic: '机票两张' })
  await o.work()
  expect(await o.runs(name)).toEqual([])
  await o.change(one.id, one.version + 1, { status: 'done' })
  await o.work()
  const rows = await o.refunds()
  expect(rows.find(({ id }) => id === one.id)).toMatchObject({ note: '已办结' })
  expect(rows.find(({ id }) => id === parent.id)).toMatchObject({ amount: 600 })
  expect((await o.runs(name))[0]).toMatchObject({ state: 'done', results: [{ words: '修改“报销待办”' }, { words: '修改“报销待办”' }] })
  await stop(name)
})

test('what is guarded by an approval is asked for, never written past it, and each is told by itself', async () => {
  const name = await o.on({
    label: '改外出',
    when: { kind: 'created' },
    acts: [{ kind: 'update', at: 'trip', values: [{ field: 'days', value: { from: 'constant', value: 9 } }] }],
  })
  const trip = await o.h.create('outing.trip', { applicant: o.doctor, topic: '进修', days: 4 })
  await o.refund('进修费', { trip: trip.id })
  await o.work()
  expect((await o.call(o.officer, 'GET', `/api/records/outing.trip/${trip.id}`)).json<{ record: object }>().record).toMatchObject({
    days: 4,
    state: 'approved',
  })
  const [run] = await o.runs(name)
  expect(run).toMatchObject({ state: 'done', results: [{ ok: true, words: '申请变更“外出登记”，进入审批' }] })
  expect(run!.results[0]!.link).toMatch(/^\/approvals\//)
  // While it waits a second one is refused, and what came before in the same run is taken back.
  await o.refund('住宿费', { trip: trip.id })
  await o.work()
  expect((await o.runs(name))[0]).toMatchObject({ state: 'failed', problem: expect.stringContaining('已有一份变更正在审批') as string })
  await stop(name)
  // A new record of such a type is submitted, in the name of whoever runs it: of nobody else.
  const submits = await o.on({
    label: '代人外出',
    acts: [{ kind: 'create', resource: 'outing.trip', values: [{ field: 'applicant', value: { from: 'field', field: 'whose' } }, { field: 'topic', value: { from: 'constant', value: '代办' } }] }],
  }) // prettier-ignore
  await o.refund('他人的')
  await o.refund('自己的', { whose: o.officer })
  await o.work()
  expect((await o.runs(submits)).map(({ state, problem, results }) => [state, problem ?? results[0]!.words])).toEqual([
    ['done', '提交“外出登记”，进入审批'],
    ['failed', '第 1 件事没有做成：只有本人可以签名提交'],
  ])
  await stop(submits)
}, 60_000)

test('a failed run has written nothing, says why, and can be run again once', async () => {
  const name = await o.on({
    label: '会失败',
    acts: [
      { kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'constant', value: '先做的' } }] },
      { kind: 'update', at: null, values: [{ field: 'amount', value: { from: 'expression', text: 'amount - 100' } }] },
    ],
    where: { field: 'topic', op: 'eq', value: '要扣款' },
  }) // prettier-ignore
  const one = await o.refund('要扣款', { amount: 50 })
  await o.work()
  const [failed] = await o.runs(name)
  expect(failed).toMatchObject({ state: 'failed', problem: expect.stringContaining('金额：') as string })
  expect(failed!.results.map(({ ok, words }) => [ok, words.slice(0, 20)])).toEqual([
    [false, '新建“报销待办”（已一并撤销）'],
    [false, expect.stringContaining('金额') as string],
  ])
  expect((await o.refunds()).some(({ topic }) => topic === '先做的')).toBe(false)
  await o.change(one.id, one.version, { amount: 500 })
  expect((await o.call(o.officer, 'POST', `/api/automation-runs/${failed!.id}/again`)).status).toBe(200)
  await o.work()
  expect((await o.runs(name))[0]).toMatchObject({ id: failed!.id, state: 'done' })
  expect((await o.refunds()).find(({ id }) => id === one.id)).toMatchObject({ amount: 400 })
  expect((await o.call(o.officer, 'POST', `/api/automation-runs/${failed!.id}/again`)).json<{ title: string }>().title).toContain(
    '只有失败的执行',
  )
  await stop(name)
})

test('a deletion begins one; what was before it was published, and what a file brings in, begins none', async () => {
  const before = await o.refund('发布之前的')
  o.h.clock.set('2026-06-15T04:01:00Z')
  const name = await o.on({
    label: '删除留痕',
    when: { kind: 'deleted' },
    acts: [{ kind: 'message', whom: [{ who: 'people', people: [o.officer], gathered: false }], title: '删除了“{topic}”', text: '' }],
  })
  const made = await o.on({ label: '新建留痕', acts: [{ kind: 'message', whom: [{ who: 'people', people: [o.officer], gathered: false }], title: '新建了“{topic}”', text: '' }] }) // prettier-ignore
  await o.work()
  const system = await o.h.system()
  await createRecord(o.h.kernel, { ...system, origin: 'import' }, 'outing.refund', { whose: o.doctor, topic: '文件里来的' })
  await o.work()
  expect(await o.runs(made)).toEqual([])
  await o.refund('一条')
  await o.work()
  expect(await o.runs(made)).toMatchObject([{ state: 'done' }])
  expect((await o.call(o.officer, 'DELETE', `/api/records/outing.refund/${before.id}?version=${before.version}`)).status).toBe(200)
  await o.work()
  expect(await o.runs(name)).toMatchObject([{ state: 'done' }])
  await stop(name)
  await stop(made)
})

test('what a file brings in begins one where it says so, record by record, and no other', async () => {
  const file = (...topics: string[]) => csv([['报销人', '事由', '金额'], ...topics.map((topic) => ['张海涛', topic, 5])])
  const load = async (...topics: string[]) => {
    expect(await (await importFile(o.h, await o.h.as(o.officer), 'outing.refund', file(...topics))).run()).toMatchObject({ state: 'done', counts: { created: topics.length } })
    await o.work()
  }
  const acts: Automation['acts'] = [{ kind: 'update', at: null, values: [{ field: 'note', value: { from: 'constant', value: '导入的' } }] }]
  const where = { field: 'amount', op: 'eq', value: 5 } as const
  const plain = await o.on({ label: '不管导入', acts, where })
  await load('文件一')
  expect(await o.runs(plain)).toEqual([])
  await stop(plain)
  const name = await o.on({ label: '也管导入', acts, where, onImport: true })
  const [item] = (await o.call(o.officer, 'GET', '/api/automations')).json<{ name: string; sentence: string }[]>().filter((one) => one.name === name)
  expect(item!.sentence).toContain('报销待办新建时（含导入），如果')
  await load('文件二', '文件三')
  expect((await o.runs(name)).map(({ state, cause }) => [state, cause])).toEqual([['done', '导入新建'], ['done', '导入新建']])
  const notes = (await o.refunds()).filter(({ topic }) => /^文件[一二三]$/.test(String(topic)))
  expect(Object.fromEntries(notes.map(({ topic, note }) => [topic, note]))).toEqual({ 文件一: null, 文件二: '导入的', 文件三: '导入的' })
  await stop(name)
  const wrong = await o.begin({ label: '删除', when: { kind: 'deleted' }, acts: [{ kind: 'message', whom: [{ who: 'owner', gathered: false }], title: '删了', text: '' }], onImport: true })
  expect(wrong.problems.map(({ field, message }) => [field, message])).toEqual([['onImport', '这种时机与导入无关']])
}) // prettier-ignore

test('what is wrong with one is told at its place, and keeps it from being published', async () => {
  const { name, problems } = await o.begin({
    label: '',
    when: { kind: 'approved' },
    where: { field: 'gone', op: 'eq', value: 'x' },
    acts: [
      { kind: 'create', resource: 'outing.refund', values: [{ field: 'amount', value: { from: 'constant', value: -5 } }] },
      { kind: 'create', resource: 'outing.trip', values: [{ field: 'mobile', value: { from: 'field', field: 'topic' } }, { field: 'applicant', value: { from: 'field', field: 'topic' } }, { field: 'topic', value: { from: 'expression', text: 'nothing + 1' } }] },
      { kind: 'message', whom: [], title: '{unknown}', text: '' },
      { kind: 'webhook', url: 'nowhere', fields: [] },
    ],
  }) // prettier-ignore
  const said = Object.fromEntries(problems.map(({ field, message }) => [field, message]))
  expect(said).toMatchObject({
    label: '请填写名称',
    'when.kind': '“报销待办”不需要审批，没有“审批通过时”',
    where: '“gone”这个字段已经不存在',
    'acts.0.values': '还要填写“报销人”、“事由”',
    'acts.0.values.0': expect.stringContaining('金额：') as string,
    'acts.1.values.1': '申请人：不能填入“事由”',
    'acts.1.values.2': expect.stringContaining('“nothing”不是本类记录的字段') as string,
    'acts.2.whom': '请选择告诉谁',
    'acts.2.title': expect.stringContaining('没有字段 {unknown}') as string,
    'acts.3.url': '请填写地址，例如 https://主机/路径',
  })
  expect((await o.publish(name)).status).toBe(422)
  for (const content of [{ when: { kind: 'nonsense' } }, { acts: [{ kind: 'x' }] }, { where: 'true' }, { acts: Array.from({ length: 11 }, () => ({ kind: 'webhook', url: '', fields: [] })) }])
    expect((await o.call(o.officer, 'POST', '/api/designs/automation', { content })).status).toBe(422)
  // A sealed field goes nowhere.
  const sealed = await o.begin({ resource: 'outing.trip', acts: [{ kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'field', field: 'mobile' } }] }] })
  expect(sealed.problems.map(({ message }) => message)).toEqual(['事由：“联系电话”受保护，不能带到别的记录里'])
  // One that would trigger itself without end.
  const itself = await o.begin({ acts: [{ kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'constant', value: '又一条' } }] }] })
  expect(itself.problems).toMatchObject([{ field: 'acts.0.resource', message: expect.stringContaining('会不断触发自己') as string }])
}) // prettier-ignore

test('a type in use by an automation is not taken out from under it', async () => {
  const name = await o.on({ label: '用到金额', acts: [{ kind: 'update', at: null, values: [{ field: 'amount', value: { from: 'constant', value: 1 } }] }] })
  const overlay = '/api/designs/overlay/outing.refund'
  const { revision } = (await o.call(o.officer, 'GET', overlay)).json<{ revision: number }>()
  const patches = [{ field: 'amount', property: 'hidden', value: true, base: false }]
  const saved = await o.call(o.officer, 'PUT', overlay, { revision, content: { fields: [], patches, rules: [], roles: [] } })
  expect(saved.status, saved.text).toBe(200)
  const preview = (await o.call(o.officer, 'POST', '/api/publishings/preview', { items: [{ kind: 'overlay', name: 'outing.refund' }] })).json<unknown>() as PublishPreview
  expect(preview.problems).toMatchObject([{ kind: 'automation', name, message: expect.stringContaining('自动化“用到金额”') as string }])
  await stop(name)
}) // prettier-ignore
