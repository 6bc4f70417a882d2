import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityNumber, may, module, person, phone, resource, rows, text, unit, type HistoryEntry, type RecordAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const contacts = rows('联系人', {
  who: text('称呼', { required: true }),
  mobile: phone('电话', { required: true }),
  card: identityNumber('证件'),
  remark: text('备注', { class: 'sensitive' }),
})
const complaint = resource('trial.complaint', {
  label: '投诉',
  title: 'name',
  owner: { person: 'by', department: 'unit' },
  fields: { name: text('事由', { required: true }), by: person('投诉人'), unit: unit('科室'), contacts },
})
const trial = module('trial', {
  label: '试用',
  resources: [complaint],
  roles: {
    staffMember: [may.readOwn(complaint)],
    departmentHead: [may.all(complaint, 'myUnits', { open: ['contacts.card'] })],
    departmentSecretary: [may.all(complaint, 'myUnits', { mask: ['contacts.who'], show: ['contacts.mobile'] })],
    medicalOffice: [may.all(complaint, 'hospital', { show: ['contacts'] })],
  },
})

type Line = Record<string, unknown> & { id: string }
let h: TestHospital
let office: HttpSession, head: HttpSession, secretary: HttpSession, owner: HttpSession
let path: string
const plain = [
  { who: '张母', mobile: '13812345678', card: 'E12345678', remark: '住院期间联系' },
  { who: '张父', mobile: '13987654321', card: null, remark: null },
]
const read = async (who: HttpSession) => (await who.call('GET', path)).json<RecordAnswer>().record
const linesOf = async (who: HttpSession) => (await read(who))['contacts'] as Line[]
const without = (lines: readonly Line[]) => lines.map((line) => Object.fromEntries(Object.entries(line).filter(([key]) => key !== 'id')))
const save = async (who: HttpSession, changes: object) => {
  const { version } = await read(who)
  return who.call('PATCH', path, { version, changes })
}

beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  const by = await h.person('赵一', { unit: '骨科' })
  owner = await h.signIn(by)
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  head = await h.signIn(await h.person('李卫东', { unit: '骨科', roles: ['departmentHead'] }))
  secretary = await h.signIn(await h.person('钱芳', { unit: '骨科', roles: ['departmentSecretary'] }))
  const { id } = await h.create('trial.complaint', { name: '候诊', by, unit: await h.unit('骨科'), contacts: plain })
  path = `/api/records/trial.complaint/${id}`
})
afterAll(() => h[Symbol.asyncDispose]())

test('each column of a sub-table is masked by its own class and by what the role says of it; his own record he sees whole', async () => {
  expect(without(await linesOf(office))).toEqual([{ ...plain[0], card: 'E*******8' }, plain[1]])
  expect(without(await linesOf(head))).toEqual([
    { who: '张母', mobile: '138****5678', card: 'E*******8', remark: '住****系' },
    { who: '张父', mobile: '139****4321', card: null, remark: null },
  ])
  expect(without(await linesOf(secretary))[0]).toEqual({ who: '张*', mobile: '13812345678', card: 'E*******8', remark: '住****系' })
  expect(without(await linesOf(owner))).toEqual(plain)
  const { masked, openable } = await read(head)
  expect([masked?.toSorted(), openable]).toEqual([['contacts.card', 'contacts.mobile', 'contacts.remark'], ['contacts.card']])
  expect((await read(owner)).masked).toBeUndefined()
})

test('one cell is opened for a reason, which is kept with its row and without its value', async () => {
  const [mother, father] = await linesOf(head)
  const open = (who: HttpSession, field: string, row: string | undefined, reason = '核对身份') => who.call('POST', `${path}/open`, { field, row, reason }) // prettier-ignore
  expect((await open(head, 'contacts.card', mother!.id)).json()).toEqual({ field: 'contacts.card', value: 'E12345678' })
  expect((await open(head, 'contacts.card', father!.id)).json()).toEqual({ field: 'contacts.card', value: null })
  expect((await open(head, 'contacts.mobile', mother!.id)).status).toBe(403)
  expect((await open(secretary, 'contacts.card', mother!.id)).status).toBe(403)
  expect((await open(head, 'contacts.card', undefined)).status).toBe(404)
  expect((await open(head, 'contacts.card', mother!.id, ' ')).status).toBe(422)
  const kept = await h.kernel.db.query<{ detail: object }>(`SELECT detail FROM kernel.audit_entry WHERE act = 'field.open' AND outcome = 'done' ORDER BY seq`) // prettier-ignore
  expect(kept.map(({ detail }) => detail)).toEqual([mother, father].map((line) => ({ field: 'contacts.card', row: line!.id, reason: '核对身份' }))) // prettier-ignore
})

test('a mask that is sent back leaves what is stored, by operations and by whole lines; a new value replaces it', async () => {
  const [mother, father] = await linesOf(head)
  const whole = await save(head, { contacts: [{ ...mother, who: '张母亲' }, father] })
  expect(whole.status, whole.text).toBe(200)
  const byRow = await save(head, { contacts: { change: { [mother!.id]: { remark: '住****系', mobile: '13700001111' } } } })
  expect(byRow.status, byRow.text).toBe(200)
  expect(without(await linesOf(owner))).toEqual([{ ...plain[0], who: '张母亲', mobile: '13700001111' }, plain[1]])
  // A mask is no value for a line that has none yet.
  expect((await save(head, { contacts: [mother, father, { who: '张姨', mobile: '138****5678' }] })).status).toBe(422)
  // What he sees whole he may write as he likes, be it like a mask.
  expect((await save(office, { contacts: { change: { [mother!.id]: { remark: '住****系' } } } })).status).toBe(200)
  expect((await linesOf(owner))[0]!['remark']).toBe('住****系')
})

test('history tells of a sub-table how many lines it had, and no cell of it', async () => {
  const entries = (await head.call('GET', `${path}/history`)).json<HistoryEntry[]>()
  const told = JSON.stringify(entries)
  expect(entries[0]!.changes.map(({ field }) => field)).toEqual(['contacts'])
  expect(['13812345678', 'E12345678', '住院期间'].filter((value) => told.includes(value))).toEqual([])
})

test('in parts nobody asks about what he sees masked in a sub-table; by its whole value it counts as a read', async () => {
  const ask = (who: HttpSession, where: object) => who.call('GET', `/api/records/trial.complaint?filter=${encodeURIComponent(JSON.stringify({ some: 'contacts', where }))}`) // prettier-ignore
  expect((await ask(secretary, { field: 'who', op: 'contains', value: '张' })).status).toBe(400)
  expect((await ask(head, { field: 'mobile', op: 'startsWith', value: '137' })).status).toBe(400)
  expect((await ask(head, { field: 'mobile', op: 'eq', value: '13700001111' })).json<{ rows: unknown[] }>().rows.length).toBe(1)
  const kept = await h.kernel.db.query<{ detail: object }>(`SELECT detail FROM kernel.audit_entry WHERE act = 'field.match'`)
  expect(kept.map(({ detail }) => detail)).toEqual([{ fields: ['contacts.mobile'], values: 1 }])
})

test('the page of rights names the columns as the role meets them', () => {
  const permission = h.kernel.access.derive(['departmentSecretary'], 'read', h.kernel.defs.resource('trial.complaint'))!
  expect([...permission.masked].toSorted()).toEqual(['contacts.card', 'contacts.remark', 'contacts.who'])
  expect([...h.kernel.access.strictest('trial.complaint').masked].toSorted()).toEqual(['contacts.card', 'contacts.mobile', 'contacts.remark', 'contacts.who']) // prettier-ignore
})
