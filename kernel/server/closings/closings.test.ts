import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { date, dateTime, Definitions, may, module, person, reference, resource, text, unit, type ApprovalAnswer, type ClosingItem, type RecordAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile, undoImport } from '#app/testing/imports.ts'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'
import { setDeleted } from '../records/deletion.ts'
import { createRecord } from '../records/write.ts'

const bill = resource('trial.bill', {
  label: '工作量',
  title: 'name',
  closing: { date: 'on' },
  fields: { name: text('名称', { required: true }), on: date('日期'), maker: person('填报人'), room: reference('诊室', 'trial.room', { onDelete: 'clear' }) },
  unique: [['name']],
  list: { columns: ['name', 'on'] },
}) // prettier-ignore
const room = resource('trial.room', { label: '诊室', title: 'name', fields: { name: text('名称', { required: true }) } })
const leave = resource('trial.leave', {
  label: '请假',
  title: 'why',
  approval: 'trial.leave',
  owner: { person: 'who', department: 'unit' },
  closing: { date: 'at' },
  fields: { who: person('申请人', { required: true }), unit: unit('科室', { from: 'who.unit' }), why: text('事由', { required: true }), at: dateTime('开始') },
}) // prettier-ignore
const trial = module('trial', {
  label: '试用',
  resources: [bill, room, leave],
  flows: [flow('trial.leave', { label: '请假', steps: [approve('head', '科主任', { by: headOf('unit') })] })],
  roles: {
    staffMember: [may.readOwn(leave), may.create(leave), may.update(leave), may.delete(leave)],
    departmentHead: [may.read(leave, 'myUnits')],
    medicalOffice: [may.all(bill), may.purge(bill), may.close(bill), may.close(leave), may.all(room)],
  },
})

let h: TestHospital
let officer: string, doctor: string
let asOfficer: HttpSession, asDoctor: HttpSession, asHead: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  doctor = await h.person('赵一')
  const head = await h.person('李主任', { post: 'head', roles: ['departmentHead'] })
  ;[asOfficer, asDoctor, asHead] = [await h.signIn(officer), await h.signIn(doctor), await h.signIn(head)]
})
afterAll(() => h[Symbol.asyncDispose]())
const move = (type: string, body: object, session = asOfficer) =>
  session.call('POST', `/api/closings/trial.${type}`, { reason: '月结', ...body })
const close = (through: string, type = 'bill') => move(type, { act: 'close', through })
const reopen = (through: string | null, type = 'bill') => move(type, { act: 'reopen', through })
const closings = async () => (await asOfficer.call('GET', '/api/closings')).json<{ closings: ClosingItem[] }>().closings
const stateOf = async (type: string) => (await closings()).find(({ resource: name }) => name === `trial.${type}`)!
const titleOf = ({ text: body }: HttpAnswer) => (JSON.parse(body) as { title: string }).title
let nth = 0
const make = async (on: string | null, more: object = {}) => (await h.create('trial.bill', { name: `第 ${++nth} 笔`, on, ...more })).id
const get = async (id: string, noun = 'bill') =>
  (await asOfficer.call('GET', `/api/records/trial.${noun}/${id}`)).json<RecordAnswer>().record
const said = (day: string) => `“工作量”截至 2026-05-31 已封账（周敏于 2026-06-15 封账），${day} 的记录不能新增、修改、删除或恢复`
beforeEach(async () => {
  for (const type of ['bill', 'leave']) if ((await stateOf(type)).closed) await reopen(null, type)
})

describe('a period that is closed', () => {
  test('takes no new record, no change, no deletion, no restoring and no purge, and says who closed what; what lies outside goes on', async () => {
    const [old, gone, open, endless] = [await make('2026-05-31'), await make('2026-05-02'), await make('2026-06-01'), await make(null)]
    const put = async (id: string, changes: object) =>
      asOfficer.call('PATCH', `/api/records/trial.bill/${id}`, { version: (await get(id)).version, changes })
    const remove = async (id: string) => asOfficer.call('DELETE', `/api/records/trial.bill/${id}?version=${(await get(id)).version}`)
    expect((await remove(gone)).status).toBe(200)
    expect((await close('2026-05-31')).status).toBe(200)
    const refused = await asOfficer.call('POST', '/api/records/trial.bill', { name: '补记', on: '2026-05-20' })
    expect([refused.status, refused.json()['code'], titleOf(refused)]).toEqual([409, 'periodClosed', said('2026-05-20')])
    expect(titleOf(await put(old, { name: '改' }))).toBe(said('2026-05-31'))
    expect(titleOf(await put(old, { on: '2026-06-02' }))).toBe(said('2026-05-31'))
    expect(titleOf(await put(open, { on: '2026-05-03' }))).toBe(said('2026-05-03'))
    expect(titleOf(await remove(old))).toBe(said('2026-05-31'))
    expect(titleOf(await asOfficer.call('POST', `/api/records/trial.bill/${gone}/restore`, {}))).toBe(said('2026-05-02'))
    expect(titleOf(await asOfficer.call('POST', `/api/records/trial.bill/${gone}/purge`, { reason: '误' }))).toBe(said('2026-05-02'))
    expect(await get(old)).toMatchObject({ closed: { through: '2026-05-31', byName: '周敏' }, may: { update: false, delete: false } })
    expect([
      (await put(open, { name: '照常' })).status,
      (await put(endless, { name: '无期' })).status,
      (await remove(open)).status,
    ]).toEqual([200, 200, 200])
    expect((await asOfficer.call('POST', '/api/records/trial.bill', { name: '新记', on: '2026-06-03' })).status).toBe(201)
    // Also the program itself keeps to it.
    await expect(createRecord(h.kernel, await h.system(), 'trial.bill', { name: '作业', on: '2026-01-01' })).rejects.toThrow(
      said('2026-01-01'),
    )
  })

  test('is not touched by what is deleted beside it: the whole act is refused', async () => {
    const shared = (await h.create('trial.room', { name: '一诊室' })).id
    const inside = await make('2026-05-05', { room: shared })
    expect((await close('2026-05-31')).status).toBe(200)
    await expect(setDeleted(h.kernel, await h.as(officer), 'trial.room', shared, true, null)).rejects.toThrow(said('2026-05-05'))
    expect([(await get(shared, 'room')).deletedAt, (await get(inside))['room']]).toEqual([null, shared])
  })

  test('refuses lines of an import one by one, and the undoing of an import as a whole', async () => {
    const ctx = await h.as(officer)
    const early = await importFile(
      h,
      ctx,
      'trial.bill',
      csv([
        ['名称', '日期'],
        ['进一', '2026-05-01'],
        ['进二', '2026-06-01'],
      ]),
      '旧.csv',
    )
    await early.settle({})
    expect((await early.run()).counts.created).toBe(2)
    expect((await close('2026-05-31')).status).toBe(200)
    const late = await importFile(
      h,
      ctx,
      'trial.bill',
      csv([
        ['名称', '日期'],
        ['进一', '2026-06-09'],
        ['进三', '2026-05-09'],
        ['进四', '2026-06-09'],
      ]),
      '新.csv',
    )
    await late.settle({})
    expect((await late.run()).counts).toMatchObject({ created: 1, changed: 0, refused: 2 })
    await expect(undoImport(h, ctx, early.id)).rejects.toThrow(said('2026-05-01'))
    expect((await h.kernel.db.query(`SELECT 1 FROM trial.bill WHERE name LIKE '进%' AND deleted_at IS NULL`)).length).toBe(3)
  })

  test('stands still while approvals run in it, and takes no request; what was decided before it closed stays', async () => {
    const ask = async (at: string) => asDoctor.call('POST', '/api/records/trial.leave', { who: doctor, why: `事由 ${++nth}`, at })
    const first = (await ask('2026-05-20T01:00:00Z')).json<RecordAnswer>().record
    expect(titleOf(await close('2026-05-31', 'leave'))).toBe('2026-05-31 以前还有1 条记录正在审批，请先办结再封账')
    const decide = async (instance: string, kind: string, more: object = {}) => {
      const { version, my } = (await asHead.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
      return asHead.call('POST', `/api/approvals/${instance}/acts`, {
        kind,
        actId: newId(),
        seenVersion: version,
        task: my.task!.id,
        ...more,
      })
    }
    expect((await decide(first.flow!.instance, 'approve')).status).toBe(200)
    const change = () =>
      asDoctor.call('POST', `/api/flows/change/trial.leave/${first.id}`, { actId: newId(), seenVersion: 1, changes: { why: '改期' } })
    const asked = await change()
    expect(asked.status, asked.text).toBe(201)
    expect(titleOf(await close('2026-05-31', 'leave'))).toBe('2026-05-31 以前还有1 条记录的变更正在审批，请先办结再封账')
    expect((await decide(asked.json<{ instance: string }[]>()[0]!.instance, 'reject', { opinion: '不改' })).status).toBe(200)
    // Eight hours before midnight in Greenwich is the next day here.
    const returned = (await ask('2026-05-31T15:59:00Z')).json<RecordAnswer>().record
    expect((await decide(returned.flow!.instance, 'return', { opinion: '写明', to: 'applicant' })).status).toBe(200)
    expect((await close('2026-05-31', 'leave')).status).toBe(200)
    expect((await change()).status).toBe(409)
    expect((await ask('2026-05-31T15:59:00Z')).json()['code']).toBe('periodClosed')
    expect((await ask('2026-05-31T16:00:00Z')).status).toBe(201)
    const withdrawn = await asDoctor.call('POST', `/api/approvals/${returned.flow!.instance}/acts`, {
      kind: 'withdraw',
      actId: newId(),
      seenVersion: 1,
    })
    expect(withdrawn.status, withdrawn.text).toBe(200)
  })
})

describe('closing and opening again', () => {
  test('needs the right, a reason and a day that has been; each act stands with who, when and why', async () => {
    expect((await move('bill', { act: 'close', through: '2026-05-31' }, asDoctor)).status).toBe(403)
    expect((await asDoctor.call('GET', '/api/closings')).status).toBe(403)
    const wrong = await move('bill', { act: 'close', through: '2026-07-01', reason: ' ' })
    expect(wrong.json()['problems']).toMatchObject([{ field: 'reason' }, { field: 'through', message: '还没到的日子不能封账' }])
    expect((await move('room', { act: 'close', through: '2026-05-31' })).status).toBe(403)
    expect((await reopen('2026-04-30')).status).toBe(409)
    expect((await close('2026-05-31')).status).toBe(200)
    expect((await close('2026-05-31')).json()['problems']).toMatchObject([{ field: 'through', message: '已封账到 2026-05-31，请选择更晚的日期' }])
    expect((await reopen('2026-05-31')).json()['problems']).toMatchObject([{ field: 'through' }])
    expect((await move('bill', { act: 'reopen', through: '2026-04-30', reason: '补录 <五月>' })).status).toBe(200)
    const item = await stateOf('bill')
    expect([item.closed?.through, item.dateLabel, item.mayClose]).toEqual(['2026-04-30', '日期', true])
    expect(item.acts.slice(0, 2)).toMatchObject([
      { act: 'reopen', through: '2026-04-30', reason: '补录 <五月>', byName: '周敏' },
      { act: 'close', through: '2026-05-31' },
    ])
    expect((await asOfficer.call('POST', '/api/records/trial.bill', { name: `补 ${++nth}`, on: '2026-05-20' })).status).toBe(201)
    const [audited] = await h.kernel.db.query(`SELECT detail FROM kernel.audit_entry WHERE act = 'closing.reopen' ORDER BY seq DESC LIMIT 1`)
    expect(audited).toMatchObject({ detail: { through: '2026-04-30', before: '2026-05-31' } })
  })

  test('waits for writes on their way: none slips into a period that has just been closed', async () => {
    let closed: Promise<HttpAnswer> | undefined
    await h.kernel.transaction(await h.as(officer), async (tx) => {
      await createRecord(h.kernel, tx, 'trial.bill', { name: '在途', on: '2026-05-18' })
      closed = close('2026-05-31')
      const waits = () => h.kernel.db.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
      await vi.waitFor(async () => expect((await waits()).length).toBe(1))
    })
    expect((await closed!).status).toBe(200)
    expect((await h.kernel.db.query(`SELECT 1 FROM trial.bill WHERE name = '在途'`)).length).toBe(1)
    expect((await asOfficer.call('POST', '/api/records/trial.bill', { name: '之后', on: '2026-05-18' })).status).toBe(409)
  })

  test('a declaration that names no plain day is found at the start', () => {
    const odd = resource('odd.thing', { label: '物品', title: 'name', closing: { date: 'name' }, fields: { name: text('名称', { required: true }) } })
    const more = resource('odd.more', { label: '扩展', extends: 'odd.thing', title: 'name', closing: { date: 'on' }, fields: { on: date('日期') } })
    expect(new Definitions([module('odd', { label: '奇', resources: [odd, more] })], []).prove()).toEqual([
      'odd.thing: closing: "name" is no plain day',
      'odd.more: closing: belongs to the type that it extends',
    ])
  })
}) // prettier-ignore
