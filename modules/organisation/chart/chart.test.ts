import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { nobody, totalOf, treeOf, type ChartUnit, type OrganisationChart } from './chart.rules.ts'

let h: TestHospital
let office: HttpSession, nurse: HttpSession
let admin: string, surgery: string, ward: string, other: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  other = await h.unit('心内科')
  ward = await h.unit('普外科一病区', { kind: 'ward', parent: surgery, from: '2024-01-01' })
  admin = await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] })
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  nurse = await h.signIn(await h.person('赵敏', { unit: '普外科一病区', joinedOn: '2025-07-01' }))
  for (const name of ['甲', '乙', '丙']) await h.person(name, { unit: '普外科', joinedOn: '2020-01-01' })
})
afterAll(() => h[Symbol.asyncDispose]())
const chart = async (asOf: string, who = office) =>
  (await who.call('GET', `/api/organisation/chart?asOf=${asOf}`)).json<OrganisationChart>()
const find = ({ units }: OrganisationChart, id: string) => units.find((one) => one.id === id)

test('the hospital of a day: what stood under what, and how many were where', async () => {
  const session = await h.signIn(admin)
  const { record } = (await session.call('GET', `/api/records/directory.unit/${ward}`)).json<RecordAnswer>()
  const moved = await session.call('PATCH', `/api/records/directory.unit/${ward}`, { version: record.version, changes: { parent: other, name: '心内科二病区' }, on: '2026-01-01' })
  expect(moved.status).toBe(200)
  expect(find(await chart('2023-12-31'), ward)).toBeUndefined()
  expect(find(await chart('2025-06-30'), ward)).toMatchObject({ name: '普外科一病区', parent: surgery, own: nobody() })
  expect(find(await chart('2025-12-31'), ward)).toMatchObject({ name: '普外科一病区', parent: surgery, own: { active: 1, away: 0, external: 0 } })
  const now = await chart('2026-03-02')
  expect(find(now, ward)).toMatchObject({ name: '心内科二病区', parent: other })
  const all = (id: string) => treeOf(now.units).flatMap(function flat(node): typeof node[] { return [node, ...node.below.flatMap(flat)] }).find((one) => one.id === id)!.all
  expect([all(surgery), all(other)]).toEqual([{ active: 3, away: 0, external: 0 }, { active: 1, away: 0, external: 0 }])
}) // prettier-ignore

test('whoever sees few people counts these few; a wrong day is refused', async () => {
  const seen = await chart('2026-03-02', nurse)
  expect(seen.units.reduce((sum, { own }) => sum + (own ? totalOf(own) : 0), 0)).toBe(1)
  expect((await office.call('GET', '/api/organisation/chart?asOf=2026-13-01')).status).toBe(400)
})

test('no unit is lost in the tree and none stands in it twice, whatever points at what', () => {
  const units = fc.array(fc.option(fc.nat(11), { nil: null }), { minLength: 1, maxLength: 12 }).map((parents) =>
    parents.map((parent, i): ChartUnit => ({ id: `${i}`, code: '', name: '', kind: 'ward', zone: null, parent: parent !== null && parent < parents.length ? `${parent}` : null, own: { active: 1, away: 0, external: 0 } })),
  )
  fc.assert(
    fc.property(units, (given) => {
      const flat = (nodes: ReturnType<typeof treeOf>): string[] => nodes.flatMap((node) => [node.id, ...flat(node.below)])
      const tree = treeOf(given)
      expect(flat(tree).toSorted()).toEqual(given.map(({ id }) => id).toSorted())
      expect(tree.reduce((sum, { all }) => sum + all!.active, 0)).toBe(given.length)
    }),
    { seed: 9 },
  )
}) // prettier-ignore
