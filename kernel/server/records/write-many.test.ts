import { afterAll, beforeAll, expect, test } from 'vitest'
import { choice, integer, may, module, person, resource, text, type ApiRecord, type WriteManyAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const supply = resource('trial.supply', {
  label: '物资',
  title: 'name',
  owner: { person: 'keeper' },
  fields: {
    name: text('名称', { required: true, max: 20 }),
    keeper: person('保管人'),
    kind: choice('类别', { device: '器械', drug: '药品' }),
    count: integer('数量', { min: 0 }),
  },
  list: { columns: ['name', 'kind', 'count'] },
})
const trial = module('trial', {
  label: '试用',
  resources: [supply],
  roles: { staffMember: [may.readOwn(supply), may.update(supply, 'own')], medicalOffice: [may.all(supply)] },
})

let h: TestHospital
let nurse: string
let asOfficer: HttpSession, asColleague: HttpSession, asNurse: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  nurse = await h.person('吴静')
  const officer = async (name: string) => h.signIn(await h.person(name, { unit: '医务处', roles: ['medicalOffice'] }))
  ;[asOfficer, asColleague, asNurse] = [await officer('周敏'), await officer('何静'), await h.signIn(nurse)]
})
afterAll(() => h[Symbol.asyncDispose]())
const write = async (session: HttpSession, records: object[]) => {
  const answer = await session.call('PATCH', '/api/records/trial.supply', { records })
  return { status: answer.status, ...answer.json<Partial<WriteManyAnswer> & { title?: string }>() }
}
const read = async (id: string) => (await asOfficer.call('GET', `/api/records/trial.supply/${id}`)).json<{ record: ApiRecord }>().record

test('many records are changed at once, each with its answer: ten wrong ones keep nothing from the others', async () => {
  const made: ApiRecord[] = []
  for (let i = 0; i < 40; i++) made.push(await h.create('trial.supply', { name: `物资 ${i}`, count: i }))
  const { results } = await write(asOfficer, made.map(({ id, version }, i) => ({ id, version, changes: { count: i % 4 ? i + 100 : -1 } }))) // prettier-ignore
  expect(results!.filter(({ ok }) => !ok).length).toBe(10)
  expect(results![0]).toMatchObject({ ok: false, problems: [{ field: 'count', message: expect.stringContaining('0') as string }] })
  expect([(await read(made[1]!.id))['count'], (await read(made[0]!.id))['count']]).toEqual([101, 0])
})

test('two people editing the same cell: the second is told what stands there now, and nothing is written over; a repeated request does no harm', async () => {
  const { id, version } = await h.create('trial.supply', { name: '监护仪', kind: 'device', count: 1 })
  const mine = [{ id, version, changes: { count: 5 } }]
  expect((await write(asColleague, mine)).results).toMatchObject([{ ok: true, version: 2 }])
  expect((await write(asOfficer, [{ id, version, changes: { count: 7 } }])).results).toMatchObject([
    { ok: false, message: '这条记录刚被别人修改', current: { count: 5, version: 2 } },
  ])
  expect((await write(asColleague, mine)).results).toMatchObject([{ ok: true, version: 2 }])
  expect(await read(id)).toMatchObject({ count: 5, version: 2 })
})

test('one may change only what one may reach; no more than 500 at once; what is no change is refused whole', async () => {
  const own = await h.create('trial.supply', { name: '听诊器', keeper: nurse })
  const other = await h.create('trial.supply', { name: '血压计' })
  const { results } = await write(asNurse, [own, other].map(({ id, version }) => ({ id, version, changes: { count: 2 } }))) // prettier-ignore
  expect(results).toMatchObject([{ ok: true }, { ok: false, message: '记录不存在，或没有查看权限' }])
  expect(
    await write(
      asOfficer,
      Array.from({ length: 501 }, () => ({ id: own.id, version: 1, changes: {} })),
    ),
  ).toMatchObject({ status: 413, title: '一次可修改 1 至 500 条' })
  expect(await write(asOfficer, [{ id: 'x', version: 1, changes: {} }])).toMatchObject({ status: 400 })
  const guarded = await asOfficer.call('PATCH', '/api/records/privileges.grant', { records: [{ id: own.id, version: 1, changes: {} }] })
  expect([400, 403]).toContain(guarded.status)
})
