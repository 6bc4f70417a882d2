import { afterAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ChaseAnswer, MessageItem, RecordAnswer, WriteBackAnswer } from '#model'
import { handleEvents } from '../jobs/outbox.ts'
import { bulkCreate } from '../store/bulk.ts'
import { closeDue } from './running.ts'
import { Campaigns, form, said } from '#app/testing/campaigns-hospital.ts'

const all = await Campaigns.open()
afterAll(() => all[Symbol.asyncDispose]())
const { h, bone, people, by, go, due, draft, started, mine, lineOf, asked, fill, none, progress, todos, close } = all

test('whoever is asked finds it among his to-dos, answers with the form or with nothing; the office counts 有, 无 and 未报 by unit', async () => {
  const id = await started('自查一')
  expect((await todos('甲医生')).includes('自查一')).toBe(true)
  expect((await by('甲医生', 'GET', '/api/messages')).json<MessageItem[]>()[0]).toMatchObject({ kind: 'task', title: '请填报：自查一' })
  expect(await mine('丙医生')).toEqual([])
  const line = await lineOf('甲医生', '自查一')
  expect(await asked('甲医生', line)).toMatchObject({
    form: form.name,
    formLabel: form.label,
    status: 'open',
    problem: null,
    noneProblem: null,
    forUnit: null,
    unitName: '医务处',
  })
  expect((await fill('甲医生', line)).status).toBe(201)
  expect((await none('乙医生', await lineOf('乙医生', '自查一'))).status).toBe(200)
  expect(await todos('甲医生')).toEqual([])
  expect(await asked('甲医生', line)).toMatchObject({ status: 'has', written: [{ title: '在某公司兼职', by: '甲医生' }] })
  expect(await progress(id)).toMatchObject({ has: 1, none: 1, open: 1, units: [{ unitName: '骨科', has: 1, none: 1, open: 1 }] })
})

test('one sending sent again is one record; a second one is refused unless several may be filled in', async () => {
  await started('只填一份')
  const line = await lineOf('甲医生', '只填一份')
  const act = newId()
  const answers = await Promise.all([fill('甲医生', line, {}, act), fill('甲医生', line, {}, act)])
  expect(answers.map(({ status }) => status)).toEqual([201, 201])
  expect(new Set(answers.map((one) => one.json<RecordAnswer>().record.id)).size).toBe(1)
  expect(said(await fill('甲医生', line))).toEqual([409, '这项填报只填一份，请修改已填的'])
  await started('可填多份', { several: true })
  const many = await lineOf('甲医生', '可填多份')
  for (let n = 0; n < 2; n++) expect((await fill('甲医生', many)).status).toBe(201)
  expect((await asked('甲医生', many)).records).toBe(2)
})

test('two different answers at once: both stand one after the other, and the line says the later', async () => {
  await started('同时')
  const line = await lineOf('甲医生', '同时')
  const answers = await Promise.all([fill('甲医生', line), none('甲医生', line)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 201])
  const { status, records } = await asked('甲医生', line)
  expect([['has', 1], ['none', 0]]).toContainEqual([status, records])
}) // prettier-ignore

test('until the deadline he may change his answer; what he had filled in goes to the bin; after it only who has not answered comes, late; after the closing nobody', async () => {
  const id = await started('改答', { closesAtDue: false })
  const [one, two, head] = [await lineOf('甲医生', '改答'), await lineOf('乙医生', '改答'), await lineOf('骨科主任', '改答')]
  const record = (await fill('甲医生', one)).json<RecordAnswer>().record
  expect((await none('甲医生', one)).status).toBe(200)
  expect((await by('甲医生', 'GET', `/api/records/${form.name}/${record.id}`)).json<RecordAnswer>().record.deletedAt).not.toBeNull()
  expect((await fill('甲医生', one)).status).toBe(201)
  go('2026-11-28T10:00:00+08:00')
  expect(await closeDue(h.kernel)).toBeGreaterThan(0)
  expect(said(await none('甲医生', one))).toEqual([409, '已过截止时间，不能再修改'])
  expect((await none('乙医生', two)).status).toBe(200)
  expect(await progress(id)).toMatchObject({ has: 1, none: 1, open: 1, late: 1 })
  expect((await close(id)).status).toBe(200)
  expect(said(await none('骨科主任', head))).toEqual([409, '填报任务已截止，不能再填报或修改'])
  expect(said(await fill('骨科主任', head))).toEqual([409, '填报任务已截止，不能再填报或修改'])
  expect(said(await close(id))).toEqual([409, '填报任务已截止'])
  expect((await by('医务处长', 'GET', '/api/messages')).json<MessageItem[]>()[0]).toMatchObject({
    title: '填报任务已截止：改答',
    body: '有 1，无 1，未报 1',
  })
})

test('closing while somebody answers: he is either counted or told', async () => {
  const id = await started('边答边截')
  const line = await lineOf('甲医生', '边答边截')
  const [answer, closed] = await Promise.all([fill('甲医生', line), close(id)])
  expect(closed.status).toBe(200)
  const { has } = await progress(id)
  expect([[201, 1], [409, 0]]).toContainEqual([answer.status, has])
}) // prettier-ignore

test('the office chases all who have not answered, each once a day; whoever has left is not told but named', async () => {
  const id = await started('催报')
  await none('甲医生', await lineOf('甲医生', '催报'))
  const leaving = await h.person('要走的', { unit: '骨科' })
  people['要走的'] = leaving
  expect((await by('医务处长', 'POST', `/api/campaigns/${id}/add`)).json()).toEqual({ asked: 1 })
  expect((await by('医务处长', 'POST', `/api/campaigns/${id}/add`)).json()).toEqual({ asked: 0 })
  const { record } = (await by('医务处长', 'GET', `/api/records/staff.practitioner/${leaving}`)).json<RecordAnswer>()
  expect(
    (await by('医务处长', 'PATCH', `/api/records/staff.practitioner/${leaving}`, { version: record.version, changes: { status: 'left' } }))
      .status,
  ).toBe(200)
  await handleEvents(h.kernel)
  expect(await h.kernel.db.query(`SELECT 1 FROM kernel.todo WHERE person = $1::uuid AND closed_at IS NULL`, [leaving])).toEqual([])
  const chase = async () => (await by('医务处长', 'POST', `/api/campaigns/${id}/chase`)).json<ChaseAnswer>()
  expect(await chase()).toEqual({ people: 2, lines: 2, already: 0, gone: 1 })
  expect(await chase()).toEqual({ people: 0, lines: 0, already: 2, gone: 1 })
  const urged = async () =>
    (await by('乙医生', 'GET', '/api/messages')).json<MessageItem[]>().filter(({ title }) => title === '催报：催报').length
  expect(await urged()).toBe(1)
  go('2026-11-29T10:00:00+08:00')
  expect(await chase()).toEqual({ people: 2, lines: 2, already: 0, gone: 1 })
  expect([await urged(), (await progress(id)).gone]).toEqual([2, 1])
  await close(id)
})

test('a unit answers by its head; when the head changes the to-do goes to the new one, and the old one sees the line no more', async () => {
  const id = await started('科室自评', { asked: 'units', to: [`unit:${bone}`] })
  expect(await mine('骨科主任')).toContainEqual(expect.objectContaining({ title: '科室自评', forUnit: '骨科' }))
  expect(await mine('甲医生')).not.toContainEqual(expect.objectContaining({ title: '科室自评' }))
  const line = await lineOf('骨科主任', '科室自评')
  const [old] = await h.kernel.db.query<{ id: string }>(`SELECT id FROM directory.membership WHERE person = $1::uuid`, [people['骨科主任']])
  await h.create('directory.membership', { person: people['乙医生'], unit: bone, post: 'head', main: false })
  await h.kernel.db.query(`UPDATE directory.membership SET post = 'member' WHERE id = $1::uuid`, [old!.id])
  await handleEvents(h.kernel)
  h.kernel.directoryChanged()
  expect(await todos('乙医生')).toContain('科室自评（骨科）')
  expect(await todos('骨科主任')).not.toContain('科室自评（骨科）')
  expect((await none('骨科主任', line)).status).toBe(404)
  expect((await fill('乙医生', line)).status).toBe(201)
  expect(await progress(id)).toMatchObject({ has: 1, none: 0, open: 0 })
  const wrong = await by('医务处长', 'POST', '/api/records/campaigns.campaign', {
    title: '错',
    form: form.name,
    due: due(7),
    asked: 'units',
    to: [`person:${people['甲医生']}`],
  })
  expect(said(wrong)).toEqual([422, '按科室填报时，范围只能选科室'])
})

test('answers are written back: directly where the file has no approval, as one request where it has; each line says what came of it, once', async () => {
  const id = await started('兼职登记')
  const [one, two] = [await lineOf('甲医生', '兼职登记'), await lineOf('乙医生', '兼职登记')]
  await fill('甲医生', one, { post: '脊柱外科' })
  await fill('乙医生', two, { post: '关节外科' })
  const map = (body: object) => by('医务处长', 'PUT', `/api/campaigns/${id}/mapping`, body)
  const write = async (lines?: string[]) =>
    (await by('医务处长', 'POST', `/api/campaigns/${id}/write-back`, lines ? { lines } : {})).json<WriteBackAnswer>()
  expect(said(await by('医务处长', 'POST', `/api/campaigns/${id}/write-back`, {}))).toEqual([422, '请先设置回写到哪种档案的哪些项'])
  expect(said(await map({ file: 'staff.practitioner', pairs: [{ from: 'post', to: 'joinedOn' }] }))).toEqual([422, '两项的类型不同'])
  expect(said(await map({ file: 'security.account', pairs: [{ from: 'post', to: 'name' }] }))[0]).toBe(422)
  await map({ file: 'staff.practitioner', pairs: [{ from: 'post', to: 'specialty' }] })
  expect((await write([one])).results).toMatchObject([{ name: '甲医生', outcome: 'written' }])
  const { record } = (await by('医务处长', 'GET', `/api/records/staff.practitioner/${people['甲医生']}`)).json<RecordAnswer>()
  expect(record['specialty']).toBe('脊柱外科')
  expect((await write([one])).results).toEqual([])
  const held = await h.create('probe.dossier', { person: people['乙医生'], post: '无' })
  await map({ file: 'probe.dossier', pairs: [{ from: 'post', to: 'post' }] })
  const [answer] = (await write()).results
  expect(answer).toMatchObject({ name: '乙医生', outcome: 'asked' })
  const dossierOf = async () => (await by('医务处长', 'GET', `/api/records/probe.dossier/${held.id}`)).json<RecordAnswer>().record
  // Never past the approval: the file changes when it is approved, and not before.
  expect([(await dossierOf())['post'], (await dossierOf()).changing?.length]).toEqual(['无', 1])
  const approval = (await by('院长', 'GET', `/api/approvals/${answer!.instance}`)).json<{ version: number; my: { task: { id: string } } }>()
  const acted = await by('院长', 'POST', `/api/approvals/${answer!.instance}/acts`, {
    kind: 'approve',
    actId: newId(),
    seenVersion: approval.version,
    task: approval.my.task.id,
  })
  expect([acted.status, (await dossierOf())['post']]).toEqual([200, '关节外科'])
  await none('骨科主任', await lineOf('骨科主任', '兼职登记'))
  expect((await progress(id)).toWriteBack).toBe(0)
})

test('an office sees its own campaigns only; nobody answers for another; hostile input is refused at its place', async () => {
  const id = await started('别人的')
  const line = await lineOf('甲医生', '别人的')
  expect((await none('丙医生', line)).status).toBe(404)
  expect((await fill('丙医生', line)).status).toBe(404)
  expect(((await asked('丙医生', line)) as unknown as { status: number }).status).toBe(404)
  for (const path of ['progress']) expect((await by('外院处长', 'GET', `/api/campaigns/${id}/${path}`)).status).toBe(404)
  for (const path of ['chase', 'close', 'add', 'write-back'])
    expect((await by('外院处长', 'POST', `/api/campaigns/${id}/${path}`, {})).status).toBe(404)
  expect((await by('甲医生', 'GET', `/api/campaigns/${id}/progress`)).status).toBe(403)
  // The leader looks at every office's, and does nothing with it.
  expect(await progress(id, '院长')).toMatchObject({ open: 3, mayManage: false })
  expect((await by('院长', 'GET', `/api/campaigns/lines/${line}/records`)).json()).toMatchObject({ rows: [] })
  expect((await by('院长', 'GET', '/api/records/campaigns.line')).json<{ rows: unknown[] }>().rows.length).toBeGreaterThan(0)
  for (const path of ['chase', 'close', 'add', 'write-back'])
    expect((await by('院长', 'POST', `/api/campaigns/${id}/${path}`, {})).status).toBe(403)
  expect((await by('院长', 'DELETE', `/api/records/campaigns.campaign/${id}?version=1`)).status).toBe(403)
  expect((await by('甲医生', 'GET', '/api/records/campaigns.line')).status).toBe(403)
  expect((await by('外院处长', 'GET', '/api/records/campaigns.line')).json<{ rows: unknown[] }>().rows).toEqual([])
  for (const bad of ['x', '%27', newId()]) expect((await fill('甲医生', bad)).status).toBe(404)
  expect(
    said(await by('甲医生', 'POST', `/api/records/${form.name}?campaign=${line}&campaign=${line}`, { matter: '二' }))[0],
  ).toBeGreaterThanOrEqual(400)
  const past = await by('医务处长', 'POST', '/api/records/campaigns.campaign', { title: '晚了', form: form.name, due: due(-1) })
  expect(said(past)).toEqual([422, '截止时间须晚于现在'])
  const own = await by('医务处长', 'POST', '/api/records/campaigns.campaign', { title: '套', form: 'campaigns.campaign', due: due(1) })
  expect(said(own)).toEqual([422, '这种记录不是由人员填写的表单'])
  const closed = await draft('填不了', { form: 'staff.certificate' })
  expect(said(await by('医务处长', 'POST', `/api/campaigns/${closed.id}/start`, { version: closed.version }))[1]).toMatch(
    /没有新增“.+”的权限，无法填报$/,
  )
  const { record } = (await by('医务处长', 'GET', `/api/records/campaigns.campaign/${id}`)).json<RecordAnswer>()
  const change = await by('医务处长', 'PATCH', `/api/records/campaigns.campaign/${id}`, {
    version: record.version,
    changes: { form: 'staff.certificate' },
  })
  expect(said(change)).toEqual([422, '已经开始，不能再改这一项'])
  expect(said(await by('医务处长', 'POST', `/api/campaigns/${id}/extend`, { due: due(1) }))).toEqual([422, '须晚于现在，也晚于原截止时间'])
  expect((await by('医务处长', 'POST', `/api/campaigns/${id}/extend`, { due: due(30) })).status).toBe(200)
  const kept = (await by('医务处长', 'GET', `/api/records/campaigns.campaign/${id}`)).json<RecordAnswer>().record
  expect((await by('医务处长', 'DELETE', `/api/records/campaigns.campaign/${id}?version=${kept.version}`)).json()['title']).toBe(
    '已经开始的填报任务不能删除',
  )
})

test('five thousand are asked, chased and closed within seconds', async () => {
  const ctx = await h.system()
  const crowd = Array.from({ length: 5000 }, (_, n) => ({
    name: `众${n}`,
    staffNumber: `Z${n}`,
    unit: bone,
    status: 'active',
    traineeKind: 'employee',
  }))
  await h.kernel.transaction(ctx, (tx) => bulkCreate(h.kernel, tx, 'staff.practitioner', crowd, { act: 'demo', batch: '众' }))
  h.kernel.directoryChanged()
  const took: Record<string, number> = {}
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    const answer = await work()
    took[name] = Math.round(performance.now() - from)
    return answer
  }
  const id = await timed('start', () => started('五千人'))
  expect((await timed('progress', () => progress(id))).open).toBeGreaterThan(5000)
  expect(
    (await timed('chase', async () => (await by('医务处长', 'POST', `/api/campaigns/${id}/chase`)).json<ChaseAnswer>())).lines,
  ).toBeGreaterThan(5000)
  await timed('close', () => close(id))
  console.log(took)
  for (const ms of Object.values(took)) expect(ms).toBeLessThan(8000)
})
