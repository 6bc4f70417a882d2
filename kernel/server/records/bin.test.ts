import { afterAll, beforeAll, expect, test } from 'vitest'
import { may, module, person, resource, text, type BinAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { setDeleted } from './deletion.ts'

const note = resource('trial.note', {
  label: '便笺',
  title: 'name',
  owner: { person: 'writer' },
  fields: { name: text('标题', { required: true }), writer: person('作者') },
})
const paper = resource('trial.paper', { label: '论文', title: 'name', fields: { name: text('题目', { required: true }) } })
const trial = module('trial', {
  label: '试用',
  resources: [note, paper],
  roles: {
    staffMember: [may.readOwn(note), may.create(note), may.delete(note, 'own'), may.use('bin.read')],
    departmentHead: [may.read(paper)],
    medicalOffice: [may.all(note), may.all(paper)],
  },
})

let h: TestHospital
let nurse: string, officer: string
let asNurse: HttpSession, asOfficer: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  nurse = await h.person('吴静')
  officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  ;[asNurse, asOfficer] = [await h.signIn(nurse), await h.signIn(officer)]
})
afterAll(() => h[Symbol.asyncDispose]())
const bin = async (session: HttpSession, query = '') => (await session.call('GET', `/api/bin?${query}`)).json<BinAnswer>()

test('B0030 what was deleted of all kinds is found with who deleted it, page by page, and brought back', async () => {
  for (let i = 0; i < 60; i++) {
    // Several at the same instant, as a batch leaves them.
    const { id } = await h.create('trial.note', { name: `便笺 ${i}`, writer: nurse })
    if (i % 20 === 0 || i > 57) h.clock.set(new Date(h.clock.now().getTime() + 1000).toISOString())
    await setDeleted(h.kernel, await h.as(i % 2 ? nurse : officer), 'trial.note', id, true, null)
  }
  const { id } = await h.create('trial.paper', { name: '髋关节置换' })
  h.clock.set(new Date(h.clock.now().getTime() + 1000).toISOString())
  await setDeleted(h.kernel, await h.as(officer), 'trial.paper', id, true, null)
  const first = await bin(asOfficer)
  expect(first.items.slice(0, 3)).toMatchObject([
    { label: '论文', title: '髋关节置换', deletedBy: '周敏' },
    { label: '便笺', title: '便笺 59', deletedBy: '吴静' },
    { title: '便笺 58', deletedBy: '周敏' },
  ])
  const rest = await bin(asOfficer, `after=${encodeURIComponent(first.next!)}`)
  expect([first.items.length, rest.items.length, rest.next]).toEqual([50, 11, null])
  expect(new Set([...first.items, ...rest.items].map((item) => item.id)).size).toBe(61)
  expect((await bin(asOfficer, `by=${nurse}`)).items.length).toBe(30)
  expect((await bin(asOfficer, 'resource=trial.paper')).items.length).toBe(1)
  const { resource: kind, version } = first.items[0]!
  expect((await asOfficer.call('POST', `/api/records/${kind}/${id}/restore`, { version })).status).toBe(200)
  expect((await bin(asOfficer)).items[0]).toMatchObject({ title: '便笺 59' })
})

test('only what one may delete oneself is shown; a kind beyond one’s rights is refused', async () => {
  const other = await h.create('trial.note', { name: '别人的', writer: officer })
  await setDeleted(h.kernel, await h.as(officer), 'trial.note', other.id, true, null)
  const { items, kinds } = await bin(asNurse)
  expect([items.every(({ title }) => title !== '别人的'), kinds.some(({ name }) => name === 'trial.paper')]).toEqual([true, false])
  expect((await asNurse.call('GET', '/api/bin?resource=trial.paper')).status).toBe(403)
  expect((await asOfficer.call('GET', '/api/bin?after=yesterday')).status).toBe(400)
})
