import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, among, type ListAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import { figures, sinceOf, type Dynamics } from './dynamics.rules.ts'

let h: TestHospital
let office: HttpSession, head: HttpSession
let surgery: string, ward: string, medicine: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  ward = await h.unit('普外科一病区', { kind: 'ward', parent: surgery })
  medicine = await h.unit('心内科')
  const clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  const chief = await h.person('李主任', { unit: '普外科', post: 'head', roles: ['departmentHead'], joinedOn: '2010-01-01' })
  const people: Record<string, string> = {}
  for (const [name, unit, employment, titleLevel] of [
    ['甲', '普外科一病区', 'established', 'senior'],
    ['乙', '普外科一病区', 'contract', 'junior'],
    ['丙', '普外科', 'established', 'intermediate'],
    ['丁', '心内科', 'agency', 'associateSenior'],
  ] as const) {
    people[name] = await h.person(name, { unit, joinedOn: '2020-01-01' })
    await fill(people[name], { category: 'doctor', employment, titleLevel })
  }
  await h.person('规培生', { unit: '普外科', status: 'external', joinedOn: '2025-09-01' })
  office = await h.signIn(clerk)
  for (const draft of [
    { person: people['甲'], kind: 'away', away: 'leave', from: '2026-03-03', until: '2026-03-09' },
    { person: people['丙'], kind: 'transfer', toUnit: medicine, from: '2026-03-05' },
    { person: people['丁'], kind: 'leave', leaving: 'resigned', from: '2026-03-06' },
  ]) need(await office.call('POST', '/api/records/organisation.movement', draft)) // prettier-ignore
  const lent = { person: people['乙'], toUnit: medicine, from: '2026-03-04', to: '2026-03-20' }
  need(await office.call('POST', '/api/records/organisation.secondment', lent))
  h.clock.set('2026-03-10')
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
  head = await h.signIn(chief)
})
afterAll(() => h[Symbol.asyncDispose]())
const need = ({ status, text }: HttpAnswer): void => {
  if (status !== 201) throw new Error(text)
}
async function fill(id: string, values: object): Promise<void> {
  const keys = Object.entries({ category: 'category', employment: 'employment', titleLevel: 'title_level' })
  const set = keys.map(([, column], i) => `${column} = $${i + 2}`).join(', ')
  await h.kernel.db.query(`UPDATE directory.person SET ${set} WHERE id = $1::uuid`, [id, ...keys.map(([key]) => values[key as never])])
}
const read = async (who: HttpSession, asOf: string, since = '2026-01-01') =>
  (await who.call('GET', `/api/staff/dynamics?asOf=${asOf}&since=${since}`)).json<Dynamics>()
const of = ({ units }: Dynamics, id: string) => units.find((one) => one.id === id)!.counts

test('the figures of each unit on a day, with what stands below it; those of another day are others', async () => {
  const before = await read(office, '2026-03-02')
  expect(of(before, surgery)).toEqual({ total: 5, heads: 1, doctors: 5, established: 2, contract: 1, temporary: 1, onDuty: 4, 'title.senior': 1, 'title.junior': 1, 'title.intermediate': 1 })
  expect(of(before, medicine)).toEqual({ total: 1, doctors: 1, contract: 1, onDuty: 1, 'title.associateSenior': 1 })
  const now = await read(office, '2026-03-10')
  expect(of(now, surgery)).toEqual({ total: 4, heads: 1, doctors: 4, established: 1, contract: 1, temporary: 1, onDuty: 2, onLeave: 1, lentOut: 1, transferred: 1, 'title.senior': 1, 'title.junior': 1 })
  expect(of(now, ward)).toMatchObject({ total: 2, onLeave: 1, lentOut: 1 })
  expect(of(now, medicine)).toEqual({ total: 1, doctors: 1, established: 1, onDuty: 1, lentIn: 1, resigned: 1, 'title.intermediate': 1 })
  expect(now.whole).toMatchObject({ transferred: 1, resigned: 1, lentIn: 1, lentOut: 1 })
  // What moved is counted within the period only.
  expect(of(await read(office, '2026-03-10', '2026-03-06'), surgery)).not.toHaveProperty('transferred')
}) // prettier-ignore

test('each figure is as long as the list that it opens', async () => {
  for (const day of ['2026-03-02', '2026-03-10']) {
    const { units, shown } = await read(office, day)
    expect(shown).toEqual(figures.map(({ key }) => key))
    for (const { id, counts } of units)
      for (const figure of figures) {
        const below = units.filter((one) => isUnder(units, one.id, id)).map((one) => one.id)
        const filter = all(figure.filter(day, '2026-01-01'), figure.isDated ? { field: figure.unit, op: 'under', value: id } : among(figure.unit, below))
        const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '200', ...(figure.isDated ? { asOf: day } : {}) })
        const { rows } = (await office.call('GET', `/api/records/${figure.resource}?${query.toString()}`)).json<ListAnswer>()
        expect([figure.key, rows.length]).toEqual([figure.key, counts[figure.key] ?? 0])
      }
  }
}) // prettier-ignore
function isUnder(units: Dynamics['units'], id: string, top: string): boolean {
  for (let up: string | null = id; up; up = units.find((one) => one.id === up)?.parent ?? null) if (up === top) return true
  return false
}

test('a head counts his own unit; nobody else without the right; a wrong day is refused; the table is taken away as it stands', async () => {
  const own = await read(head, '2026-03-10')
  expect([own.whole['total'], of(own, medicine), own.mayExport]).toEqual([4, { lentIn: 1 }, false])
  expect((await head.call('GET', '/api/staff/dynamics/export')).status).toBe(403)
  expect((await office.call('GET', '/api/staff/dynamics?asOf=2026-02-30')).status).toBe(400)
  const { text } = await office.call('GET', '/api/staff/dynamics/export?asOf=2026-03-10&since=2026-01-01&format=csv')
  expect(text).toContain('普外科,4,1,4,1,1,1,2,1')
  expect(text).toContain('编号')
  const nurse = await h.signIn(await h.person('赵敏', { unit: '普外科' }))
  expect((await nurse.call('GET', '/api/staff/dynamics')).status).toBe(403)
})

test('periods end on the day that is looked at', () => {
  expect([sinceOf('year', '2026-03-10'), sinceOf('month', '2026-03-31'), sinceOf('twelve', '2026-02-28'), sinceOf('ever', '2026-03-10')]).toEqual(['2026-01-01', '2026-03-01', '2025-03-01', null])
}) // prettier-ignore
