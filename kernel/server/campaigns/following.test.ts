// What a line says follows the records that were filled in for it; who is asked and who answers follows the directory.
import { afterAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { MessageItem, RecordAnswer } from '#model'
import { updateRecordOf } from '../records/write.ts'
import { noteBatch } from '../store/bulk.ts'
import { handleEvents } from '../jobs/outbox.ts'
import { Campaigns, form, pledge, said } from '#app/testing/campaigns-hospital.ts'

const all = await Campaigns.open()
afterAll(() => all[Symbol.asyncDispose]())
const { h, bone, people, by, started, mine, lineOf, fill, none, progress, todos, close, decide, line } = all
const follow = () => handleEvents(h.kernel)

test('a record that is deleted leaves its line 未报 and asks again; restored, the line says 有 with who filled it in and when', async () => {
  const id = await started('删了')
  const his = await lineOf('甲医生', '删了')
  const { record } = (await fill('甲医生', his)).json<RecordAnswer>()
  const before = await line(his)
  expect((await by('医务处长', 'DELETE', `/api/records/${form.name}/${record.id}?version=${record.version}`)).status).toBe(200)
  await follow()
  expect(await line(his)).toMatchObject({ status: 'open', records: 0, answeredAt: null, answeredBy: null })
  expect(await progress(id)).toMatchObject({ has: 0, open: 3 })
  expect(await todos('甲医生')).toContain('删了')
  expect((await by('甲医生', 'GET', '/api/messages')).json<MessageItem[]>()[0]).toMatchObject({ title: '请重新填报：删了' })
  expect((await by('医务处长', 'POST', `/api/records/${form.name}/${record.id}/restore`, {})).status).toBe(200)
  await follow()
  const { status, records, answeredAt, answeredBy } = before
  expect(await line(his)).toMatchObject({ status, records, answeredAt, answeredBy })
  expect(await todos('甲医生')).not.toContain('删了')
})

test('nothing to report stays so when what was filled in before is in the bin', async () => {
  await started('先有后无')
  const his = await lineOf('甲医生', '先有后无')
  await fill('甲医生', his)
  await none('甲医生', his)
  await follow()
  expect(await line(his)).toMatchObject({ status: 'none', records: 0 })
})

test('a form under approval counts while it waits; refused, its line is 未报 again and another may be filled in; approved, it stays 有', async () => {
  const id = await started('兼职申请', { form: pledge.name })
  const his = await lineOf('甲医生', '兼职申请')
  const submit = async () =>
    (
      await by('甲医生', 'POST', `/api/flows/submit/${pledge.name}?campaign=${his}`, {
        draft: { person: people['甲医生'], matter: '在外坐诊' },
        actId: newId(),
      })
    ).json<{ instance: string }>().instance
  const first = await submit()
  expect(await progress(id)).toMatchObject({ has: 1 })
  expect(said(await none('甲医生', his))).toEqual([409, '已填的内容已提交审批，请先在审批中撤回，再报“无”'])
  await decide('骨科主任', first, 'reject')
  await follow()
  expect(await line(his)).toMatchObject({ status: 'open', records: 0 })
  expect(await todos('甲医生')).toContain('兼职申请')
  await decide('骨科主任', await submit(), 'approve')
  await follow()
  expect(await line(his)).toMatchObject({ status: 'has', records: 1 })
  expect(said(await none('甲医生', his))).toEqual([409, '已填的内容已经批准，不能改报“无”'])
})

test('after the closing the line still tells what there is, and asks nobody', async () => {
  const id = await started('截止以后')
  const his = await lineOf('甲医生', '截止以后')
  const { record } = (await fill('甲医生', his)).json<RecordAnswer>()
  await close(id)
  await by('医务处长', 'DELETE', `/api/records/${form.name}/${record.id}?version=${record.version}`)
  await follow()
  expect(await progress(id)).toMatchObject({ has: 0, open: 3 })
  expect(await todos('甲医生')).not.toContain('截止以后')
})

test('a withdrawn form leaves its line 未报, and nothing may be reported then', async () => {
  await started('撤回了', { form: pledge.name })
  const his = await lineOf('甲医生', '撤回了')
  const draft = { person: people['甲医生'], matter: '在外讲课' }
  const { instance } = (await by('甲医生', 'POST', `/api/flows/submit/${pledge.name}?campaign=${his}`, { draft, actId: newId() })).json<{
    instance: string
  }>()
  const { version } = (await by('甲医生', 'GET', `/api/approvals/${instance}`)).json<{ version: number }>()
  const act = { kind: 'withdraw', actId: newId(), seenVersion: version }
  expect((await by('甲医生', 'POST', `/api/approvals/${instance}/acts`, act)).status).toBe(200)
  await follow()
  expect(await line(his)).toMatchObject({ status: 'open', records: 0 })
  expect((await none('甲医生', his)).status).toBe(200)
})

test('a unit answers by its secretary; who becomes head and secretary again has the to-do again', async () => {
  const post = async (name: string, as: string) =>
    (await h.create('directory.membership', { person: people[name], unit: bone, post: as, main: false })).id
  const secretary = await post('乙医生', 'secretary')
  await follow()
  await started('科室台账', { asked: 'units', answerer: 'secretary' })
  const title = '科室台账（骨科）'
  expect(await todos('乙医生')).toContain(title)
  expect(await todos('骨科主任')).not.toContain(title)
  const its = await lineOf('乙医生', '科室台账')
  expect((await none('骨科主任', its)).status).toBe(404)
  const become = async (as: string) => {
    const { record } = (await by('医务处长', 'GET', `/api/records/directory.membership/${secretary}`)).json<RecordAnswer>()
    await updateRecordOf(h.kernel, await h.system(), 'directory.membership', secretary, record.version, { post: as }, { byModule: true })
    await follow()
  }
  await become('member')
  expect(await todos('乙医生')).not.toContain(title)
  expect(await todos('骨科主任')).toContain(title)
  await become('secretary')
  expect(await todos('乙医生')).toContain(title)
  expect(await todos('骨科主任')).not.toContain(title)
  expect((await fill('乙医生', its)).status).toBe(201)
  expect(await todos('乙医生')).not.toContain(title)
})

test('a group and a role are asked: each member and holder once, nobody else', async () => {
  const group = await h.create('directory.group', {
    name: '廉洁小组',
    kind: 'honesty',
    members: [{ person: people['丙医生'] }, { person: people['骨科主任'] }],
  })
  h.kernel.directoryChanged()
  const id = await started('小组与角色', { to: [], groups: [group.id], role: 'departmentHead' })
  expect(await progress(id)).toMatchObject({ open: 2 })
  expect(await mine('骨科主任')).toContainEqual(expect.objectContaining({ title: '小组与角色', forUnit: null }))
  expect(await mine('丙医生')).toContainEqual(expect.objectContaining({ title: '小组与角色' }))
  expect(await mine('甲医生')).not.toContainEqual(expect.objectContaining({ title: '小组与角色' }))
})

test('people who leave all at once, as an import does it, are no longer asked', async () => {
  const leaving = await h.person('批量离职', { unit: '骨科' })
  await follow()
  await started('批量')
  const open = async () =>
    (await h.kernel.db.query(`SELECT 1 FROM kernel.todo WHERE person = $1::uuid AND closed_at IS NULL`, [leaving])).length
  expect(await open()).toBeGreaterThan(0)
  await h.kernel.db.query(`UPDATE directory.person SET status = 'left' WHERE id = $1::uuid`, [leaving])
  await noteBatch(await h.system(), h.kernel.resource('directory.person'), { act: 'import', batch: newId() }, 1)
  await follow()
  expect(await open()).toBe(0)
})
