import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Automation, AutomationTrial, AutomationValue } from '#model'
import { newActId } from '#app/testing/hospital.ts'
import { Outings } from '#app/testing/outings-hospital.ts'
import { restrictRecord } from '../personal/erasing.ts'
import { setDeleted } from '../records/deletion.ts'
import { takeDue } from './due.ts'

let o: Outings
beforeAll(async () => {
  o = await Outings.open()
})
afterAll(() => o[Symbol.asyncDispose]())

const set = (field: string, value: AutomationValue): Automation['acts'] => [{ kind: 'update', at: null, values: [{ field, value }] }]
const stop = (name: string) => o.call(o.officer, 'POST', `/api/designs/automation/${name}/stop`, { note: '' })
const noteOf = async (id: string) => (await o.refunds()).find((row) => row['id'] === id)!['note']
const newest = async (who: string) => (await o.call(who, 'GET', '/api/messages')).json<{ title: string }[]>()[0]?.title

test('conditions on what its runner may not see keep it from being published and tried, also one that says when', async () => {
  const observer = await o.h.person('郑委员', { roles: ['committeeMember', 'implementer'] })
  const act: Automation['acts'] = [
    { kind: 'message', whom: [{ who: 'people', people: [observer], gathered: false }], title: '见', text: '' },
  ]
  const asks: [Partial<Automation>, string][] = [
    [{ where: { field: 'amount', op: 'gte', value: 1000 } }, '没有查看该字段的权限'],
    [{ where: { field: 'parent.amount', op: 'gte', value: 1000 } }, '没有查看该字段的权限'],
    [{ where: { field: 'note', op: 'contains', value: '诊断' } }, '该字段受保护，不能按部分内容或大小筛选'],
    [{ when: { kind: 'changed', fields: ['amount'] } }, '没有查看该字段的权限'],
    [{ when: { kind: 'changed', fields: [] }, was: { field: 'amount', op: 'eq', value: 1 } }, '没有查看该字段的权限'],
  ]
  for (const [content, words] of asks) {
    const { name } = await o.begin({ label: '探听', acts: act, ...content }, observer)
    const problem = `运行身份“郑委员”不能使用这些条件：${words}`
    expect((await o.publish(name, observer)).json<{ problems: object[] }>().problems, JSON.stringify(content)).toEqual([
      { field: `automation:${name}:runsAs`, message: problem },
    ])
    const whole = { label: '探听', resource: 'outing.refund', when: { kind: 'created' }, acts: act, ...content }
    const tried = await o.call(observer, 'POST', `/api/automations/${name}/try`, { content: whole })
    expect(tried.json<{ problems: object[] }>().problems).toEqual([{ field: 'runsAs', message: problem }])
  }
})

test('what its runner does not see, or sees masked, is taken over into nothing: neither as a value, nor in a formula, nor for another system', async () => {
  const observer = await o.h.person('钱委员', { roles: ['committeeMember', 'implementer'] })
  const one = await o.refund('要抄的', { amount: 800, note: '只给医务处看的话' })
  const copy = (value: AutomationValue): Automation['acts'] => [
    { kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value }] },
  ] // prettier-ignore
  const ways: [Automation['acts'], string][] = [
    [set('amount', { from: 'expression', text: 'amount + 1' }), '金额'],
    [copy({ from: 'field', field: 'note' }), '备注'],
    [copy({ from: 'expression', text: '"照抄：" + note' }), '备注'],
    [set('amount', { from: 'field', field: 'amount' }), '金额'],
    [[{ kind: 'webhook', url: 'https://example.com/hook', fields: ['topic', 'note'] }], '备注'],
  ]
  for (const [acts, label] of ways) {
    const content = {
      label: '抄',
      resource: 'outing.refund',
      when: { kind: 'changed', fields: [] },
      where: null,
      was: null,
      acts,
      runsAs: null,
    }
    const { name } = await o.begin(content as never, observer)
    const answer = await o.call(observer, 'POST', `/api/automations/${name}/try`, { content, record: one.id })
    const { tries } = answer.json<unknown>() as AutomationTrial
    expect(tries[0]?.problem, `${JSON.stringify(acts)} ${answer.text}`).toBe(`第 1 件事没有做成：要用到运行身份看不到的“${label}”`)
  }
})

test('a runner whose account is stopped pauses it, on its date as well, and its publisher is told', async () => {
  const colleague = await o.h.person('孙科员', { unit: '医务处', roles: ['medicalOffice'] })
  const name = await o.on({ label: '停号', runsAs: colleague, when: { kind: 'date', date: 'due', days: 0, at: 0 }, acts: set('note', { from: 'constant', value: '写' }) })
  const one = await o.refund('到期的', { due: '2026-06-16' })
  await o.h.kernel.db.query(`UPDATE security.account SET status = 'disabled' WHERE person = $1::uuid`, [colleague])
  o.h.clock.set('2026-06-16T09:00:00+08:00')
  await takeDue(o.h.kernel)
  await o.work()
  expect(await noteOf(one.id)).toBe(null)
  expect(await newest(o.officer)).toBe('自动化“停号”已暂停：运行身份已离职或账号停用')
  await stop(name)
}, 60_000) // prettier-ignore

test('when whoever published it has left it pauses, and those who may build are told; published by somebody else it goes on', async () => {
  const colleague = await o.h.person('王科员', { unit: '医务处', roles: ['medicalOffice', 'implementer'] })
  const { name } = await o.begin({ label: '留下的', acts: set('note', { from: 'constant', value: '写' }), runsAs: o.officer }, colleague)
  expect((await o.publish(name, colleague)).status).toBe(200)
  const before = await o.refund('在职时')
  await o.work()
  expect(await noteOf(before.id)).toBe('写')
  await o.leaves(colleague)
  const after = await o.refund('离职后')
  await o.work()
  expect(await noteOf(after.id)).toBe(null)
  expect((await o.runs(name))[0]).toMatchObject({ state: 'failed', problem: '发布人已离职或账号停用，请由在岗的人重新发布' })
  for (const who of [o.officer, o.builder])
    expect(await newest(who)).toBe('自动化“留下的”已暂停：发布人已离职或账号停用，请由在岗的人重新发布')
  await stop(name)
}, 60_000)

test('a record whose use is restricted is neither taken up nor written', async () => {
  const name = await o.on({ label: '删了', when: { kind: 'deleted' }, acts: [{ kind: 'message', whom: [{ who: 'people', people: [o.officer], gathered: false }], title: '删了“{topic}”', text: '' }] }) // prettier-ignore
  const up = await o.on({ label: '改上一条', acts: [{ kind: 'update', at: 'parent', values: [{ field: 'note', value: { from: 'constant', value: '写' } }] }] }) // prettier-ignore
  const one = await o.refund('限制处理的')
  await o.refund('指向它', { parent: one.id })
  await o.h.kernel.transaction(await o.h.system(), async (tx) => {
    await setDeleted(o.h.kernel, tx, 'outing.refund', one.id, true, null)
    await restrictRecord(tx, 'outing.refund', one.id, newActId())
  })
  await o.work()
  expect(await o.runs(name)).toMatchObject([{ state: 'skipped', problem: '这条记录按个人信息请求限制处理，不能使用', record: null }])
  expect((await o.runs(up))[0]).toMatchObject({ state: 'failed', problem: '第 1 件事没有做成：所指的“报销待办”已不存在' })
  expect(await newest(o.officer)).not.toContain('删了')
  await stop(name)
  await stop(up)
}, 60_000)

test('conditions look through references, as the runner may', async () => {
  const name = await o.on({
    label: '跟着外出',
    where: { and: [{ field: 'trip.days', op: 'gte', value: 3 }, { field: 'trip.department.name', op: 'eq', value: '骨科' }] },
    acts: set('note', { from: 'constant', value: '长途' }),
  }) // prettier-ignore
  const [long, short] = [await o.h.create('outing.trip', { applicant: o.doctor, topic: '进修', days: 4 }), await o.h.create('outing.trip', { applicant: o.doctor, topic: '开会', days: 1 })] // prettier-ignore
  const rows = [await o.refund('长', { trip: long.id }), await o.refund('短', { trip: short.id }), await o.refund('无')]
  await o.work()
  expect(await Promise.all(rows.map(({ id }) => noteOf(id)))).toEqual(['长途', null, null])
  expect(await o.runs(name)).toHaveLength(1)
  await stop(name)
}, 60_000)

test('the secret of one that is on is changed only by whoever might have published it', async () => {
  const { name } = await o.begin({ label: '来单', resource: '', when: { kind: 'webhook' }, acts: [{ kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'constant', value: '来单' } }] }] }) // prettier-ignore
  const renew = (who: string) => o.call(who, 'POST', `/api/automations/${name}/secret`)
  expect((await renew(o.officer)).status).toBe(200)
  expect((await o.publish(name)).status).toBe(200)
  const refused = await renew(o.builder)
  expect([refused.status, refused.json<{ title: string }>().title]).toEqual([
    403,
    '不能更换密钥：运行身份“周敏”新增“报销待办”的权限超出发布人“实施员”的权限',
  ])
  expect((await renew(o.officer)).status).toBe(200)
  await stop(name)
})
