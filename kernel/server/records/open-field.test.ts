import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityNumber, may, module, password, person, phone, resource, text, unit, type Field, type RecordAnswer } from '#model'
import { newItem } from '../exchange/item.ts'
import { readCell } from '../exchange/interpret.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const dossier = resource('trial.dossier', {
  label: '卷宗',
  title: 'name',
  owner: { person: 'keeper', department: 'unit' },
  fields: {
    name: text('名称', { required: true }),
    keeper: person('保管人'),
    unit: unit('科室'),
    mobile: phone('电话'),
    account: text('银行账号', { class: 'sensitive' }),
    idNumber: identityNumber('证件号码'),
    hotline: phone('科室热线', { class: 'internal' }),
    secret: password('口令'),
  },
})
const trial = module('trial', {
  label: '试用',
  resources: [dossier],
  roles: {
    staffMember: [may.readOwn(dossier)],
    departmentHead: [may.read(dossier, 'myUnits')],
    departmentSecretary: [may.read(dossier, 'myUnits', { open: ['mobile'] })],
    medicalOffice: [may.all(dossier, 'hospital', { show: 'all' })],
  },
})

let h: TestHospital
let asOfficer: HttpSession, asKeeper: HttpSession, asHead: HttpSession, asSecretary: HttpSession
let path: string
const plain = { mobile: '13812345678', account: '6222020200112233', idNumber: 'E12345678', hotline: '01012345678' }
const get = async (session: HttpSession) => (await session.call('GET', path)).json<RecordAnswer>().record
const open = (session: HttpSession, field: string, reason: unknown = '核对身份') => session.call('POST', `${path}/open`, { field, reason })
const kept = () =>
  h.kernel.db.query(`SELECT actor_name, act, outcome, resource, record, detail FROM kernel.audit_entry WHERE act = 'field.open' AND outcome = 'done' ORDER BY at`) // prettier-ignore

beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  const keeper = await h.person('赵一', { unit: '骨科' })
  asKeeper = await h.signIn(keeper)
  asOfficer = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  asHead = await h.signIn(await h.person('李卫东', { unit: '骨科', roles: ['departmentHead'] }))
  asSecretary = await h.signIn(await h.person('秘书', { unit: '骨科', roles: ['departmentSecretary'] }))
  const { id } = await h.create('trial.dossier', { name: '一号卷', keeper, unit: await h.unit('骨科'), ...plain, secret: 'geheim-1' })
  path = `/api/records/trial.dossier/${id}`
})
afterAll(() => h[Symbol.asyncDispose]())

test('E0136 E0138 a field is masked by its class: sensitive for whom no role shows it, highly sensitive for all but its person; a class of its own opens a kind', async () => {
  expect(await get(asOfficer)).toMatchObject({ ...plain, idNumber: 'E*******8', masked: ['idNumber'], openable: ['idNumber'] })
  expect(await get(asKeeper)).toMatchObject(plain)
  expect((await get(asKeeper)).masked).toBeUndefined()
  const head = await get(asHead)
  expect(head).toMatchObject({ mobile: '138****5678', hotline: plain.hotline, openable: [] })
  expect(head.masked).toEqual(['mobile', 'account', 'idNumber', 'secret'])
  expect(await get(asSecretary)).toMatchObject({ mobile: '138****5678', openable: ['mobile'] })
  const { rows } = (await asOfficer.call('GET', '/api/records/trial.dossier')).json<{ rows: object[] }>()
  expect(rows).toMatchObject([{ mobile: plain.mobile, idNumber: 'E*******8' }])
})

test('E0137 one value opens for a reason, and both are kept without the value', async () => {
  const opened = await open(asOfficer, 'idNumber', '  办理执业注册 ')
  expect([opened.status, opened.json()]).toEqual([200, { field: 'idNumber', value: plain.idNumber }])
  expect((await open(asSecretary, 'mobile')).json()).toMatchObject({ value: plain.mobile })
  const record = path.split('/').at(-1)
  expect(await kept()).toEqual([
    { actor_name: '周敏', act: 'field.open', outcome: 'done', resource: 'trial.dossier', record, detail: { field: 'idNumber', reason: '办理执业注册' } },
    { actor_name: '秘书', act: 'field.open', outcome: 'done', resource: 'trial.dossier', record, detail: { field: 'mobile', reason: '核对身份' } },
  ]) // prettier-ignore
})

test('without a reason, without the right, of what nobody opens, nothing is opened', async () => {
  const before = (await kept()).length
  for (const reason of ['', '   ', undefined, 5, '长'.repeat(201)])
    expect([(await open(asOfficer, 'idNumber', reason ?? null)).status, reason]).toEqual([422, reason])
  for (const [session, field] of [[asHead, 'mobile'], [asSecretary, 'account'], [asOfficer, 'secret'], [asOfficer, 'mobile'], [asOfficer, '__proto__'], [asOfficer, 'gone']] as const)
    expect([(await open(session, field)).status, field]).toEqual([403, field]) // prettier-ignore
  const stranger = await h.signIn(await h.person('路人'))
  expect((await open(stranger, 'idNumber')).status).toBe(404)
  expect(await kept()).toHaveLength(before)
})

test('E0139 what is masked on the page is masked in the file that is taken away, in the history and in what a report gathers', async () => {
  const exported = await asOfficer.call('POST', '/api/records/trial.dossier/export', { format: 'csv' })
  expect(exported.text).toContain(plain.mobile)
  expect(exported.text).not.toContain(plain.idNumber)
  expect((await asOfficer.call('GET', `${path}/history`)).text).not.toContain(plain.idNumber)
})

test('a masked cell of such a file says nothing when it is imported again: the value stays, and the person is told', () => {
  const read = (field: Field, cell: string) => {
    const item = newItem(2)
    readCell(item, { key: 'one', field, label: '一' }, cell, true)
    return [item.values, item.problems.length, item.warnings.map(({ message }) => message)]
  }
  const said = '是打码的内容，没有导入，原值不变'
  for (const [field, cell] of [[identityNumber('证件'), 'E*******8'], [identityNumber('证件'), '110***********0291'], [phone('电话'), '138****5678'], [text('账号', { class: 'sensitive' }), '622*********2233']] as const)
    expect(read(field, cell)).toEqual([{}, 0, [said]])
  expect(read(text('账号', { class: 'sensitive' }), '6222')).toEqual([{ one: '6222' }, 0, []])
  expect(read(text('备注'), '**重要**')).toEqual([{ one: '**重要**' }, 0, []])
  expect(read(phone('电话'), '138*')).toEqual([{}, 0, [said]])
}) // prettier-ignore
