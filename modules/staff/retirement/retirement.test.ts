import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, type FieldProblem, type ListAnswer, type RecordAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { retirementGroups, retirementOf, usualGroup, type RetirementGroup } from './retirement.rules.ts'
import { settleRetirements } from './retirement.service.ts'

test.each([
  // As the annexed tables of the decision count: born in, retires at, in.
  ['men60', '1964-12-31', '60/0', '2024-12-31'],
  ['men60', '1965-01-01', '60/1', '2025-02-01'],
  ['men60', '1965-04-30', '60/1', '2025-05-30'],
  ['men60', '1965-05-01', '60/2', '2025-07-01'],
  ['men60', '1976-08-15', '62/11', '2039-07-15'],
  ['men60', '1976-09-15', '63/0', '2039-09-15'],
  ['men60', '1990-01-31', '63/0', '2053-01-31'],
  ['women55', '1970-01-20', '55/1', '2025-02-20'],
  ['women55', '1981-08-20', '57/11', '2039-07-20'],
  ['women55', '1981-09-20', '58/0', '2039-09-20'],
  ['women50', '1974-12-01', '50/0', '2024-12-01'],
  ['women50', '1975-02-28', '50/1', '2025-03-28'],
  ['women50', '1975-03-01', '50/2', '2025-05-01'],
  ['women50', '1984-10-01', '54/11', '2039-09-01'],
  ['women50', '1984-11-01', '55/0', '2039-11-01'],
  ['women60', '1965-01-01', '60/1', '2025-02-01'],
] as const)('%s born %s retires at %s on %s', (group, birth, age, on) => {
  const found = retirementOf(birth, group)
  expect([`${Math.floor(found.age / 12)}/${found.age % 12}`, found.on]).toEqual([age, on])
}) // prettier-ignore

test('nobody born later retires sooner, and whoever chooses chooses around the day, never below the original age', () => {
  const original = { men60: 60, women60: 60, women55: 55, women50: 50 }
  const groups = fc.constantFrom(...(Object.keys(retirementGroups) as RetirementGroup[]))
  fc.assert(
    fc.property(groups, fc.integer({ min: 0, max: 25_000 }), fc.integer({ min: 1, max: 400 }), (group, n, later) => {
      const birth = addDays('1940-01-01', n)
      const [one, other] = [retirementOf(birth, group), retirementOf(addDays(birth, later), group)]
      expect(other.on >= one.on).toBe(true)
      expect(one.earliest <= one.on && one.on <= one.latest).toBe(true)
      expect(Number(one.earliest.slice(0, 4)) - Number(birth.slice(0, 4))).toBeGreaterThanOrEqual(original[group])
    }),
    { seed: 9 },
  )
})

let h: TestHospital
let office: HttpSession
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())
const base = '/api/records/staff.practitioner'

test('the file says when somebody retires; another day is chosen within the rule, and the list shows who retires in the years ahead', async () => {
  const made = await office.call('POST', base, { name: '王秀英', sex: 'female', birthDate: '1971-02-10', category: 'nurse', titleLevel: 'intermediate', status: 'active' })
  const { record } = made.json<RecordAnswer>()
  expect(record['retiresOn']).toBe('2026-06-10')
  const choose = (version: number, changes: object) => office.call('PATCH', `${base}/${record.id}`, { version, changes })
  const refused = await choose(1, { retirementChosen: '2029-06-11' })
  expect(refused.json<{ problems: FieldProblem[] }>().problems).toEqual([{ field: 'retirementChosen', message: '可选 2026-02-10 至 2029-06-10' }])
  const chosen = (await choose(1, { retirementChosen: '2027-06-10' })).json<RecordAnswer>().record
  expect(chosen['retiresOn']).toBe('2027-06-10')
  expect((await choose(2, { retirementChosen: null, titleLevel: 'senior' })).json<RecordAnswer>().record['retiresOn']).toBe('2032-09-10')
  // Whoever is entered under the person's own name is settled with the day.
  const li = (await h.create('directory.person', { name: '李建军', status: 'active', sex: 'male', birthDate: '1966-05-05' })).id
  expect(await settleRetirements(h.kernel)).toBe(1)
  expect(await settleRetirements(h.kernel)).toBe(0)
  const filter = encodeURIComponent(JSON.stringify({ field: 'retiresOn', op: 'lte', value: { today: 365 } }))
  const { rows } = (await office.call('GET', `${base}?filter=${filter}`)).json<ListAnswer>()
  expect(rows.map(({ id }) => id)).toEqual([li])
  expect([usualGroup({ sex: 'female', category: 'other' }), usualGroup({})]).toEqual([null, null])
}) // prettier-ignore
