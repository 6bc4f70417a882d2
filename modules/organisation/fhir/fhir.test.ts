import type { Bundle, CapabilityStatement, Location, OperationOutcome, Organization, Practitioner, PractitionerRole } from 'fhir/r4'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let officer: HttpSession
let surgery: string, ward: string, zhang: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  ward = await h.unit('普外科一病区', { kind: 'ward', parent: surgery })
  zhang = await h.person('张海涛', { unit: '普外科', post: 'head', staffNumber: '00123', sex: 'male' })
  await h.create('directory.identifier', { person: zhang, system: 'HIS', value: 'D8841', from: '2020-01-01' })
  await h.person('陈芳', { unit: '普外科一病区', status: 'left' })
  for (const name of ['甲', '乙', '丙']) await h.person(name, { unit: '普外科一病区' })
  officer = await h.signIn(await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] }))
})
afterAll(() => h[Symbol.asyncDispose]())
async function get<T>(path: string): Promise<T> {
  const answer = await officer.call('GET', `/api/fhir/R4/${path}`)
  expect(answer.headers['content-type']).toContain('application/fhir+json')
  return answer.json<T>()
}
const matches = <T>({ entry = [] }: Bundle) => entry.map(({ resource }) => resource as T)

test('a person, his post, his unit and its ward are told as R4 names them; nothing protected is among them', async () => {
  const person = await get<Practitioner>(`Practitioner/${zhang}`)
  expect(person).toMatchObject({ resourceType: 'Practitioner', active: true, gender: 'male', name: [{ text: '张海涛' }] })
  expect(person.identifier).toEqual([
    { use: 'official', system: 'urn:xinglin/identifier/staff-number', value: '00123' },
    { use: 'secondary', system: 'urn:xinglin/identifier/HIS', value: 'D8841', period: { start: '2020-01-01' } },
  ])
  expect(JSON.stringify(person)).not.toMatch(/identityNumber|mobile|\*/)
  expect(matches<PractitionerRole>(await get(`PractitionerRole?practitioner=${zhang}`))).toMatchObject([
    { practitioner: { reference: `Practitioner/${zhang}`, display: '张海涛' }, organization: { reference: `Organization/${surgery}`, display: '普外科' }, code: [{ text: '科主任' }], active: true },
  ])
  expect(await get<Organization>(`Organization/${surgery}`)).toMatchObject({ name: '普外科', active: true, type: [{ text: '科室' }] })
  expect(await get<Location>(`Location/${ward}`)).toMatchObject({ name: '普外科一病区', status: 'active', managingOrganization: { reference: `Organization/${surgery}` } })
}) // prettier-ignore

test('searches answer what was asked for, page by page; what is not understood is refused as an OperationOutcome', async () => {
  const named = async (query: string) => matches<Practitioner>(await get<Bundle>(`Practitioner?${query}`)).map(({ name }) => name?.[0]?.text)
  expect(await named('identifier=urn:xinglin/identifier/HIS|D8841')).toEqual(['张海涛'])
  expect(await named('identifier=00123')).toEqual(['张海涛'])
  expect(await named(`name=${encodeURIComponent('陈')}&active=false`)).toEqual(['陈芳'])
  expect(await named(`name=${encodeURIComponent('陈')}&active=true`)).toEqual([])
  expect(await named('_lastUpdated=gt2100-01-01')).toEqual([])
  const seen: string[] = []
  let next: string | undefined = 'PractitionerRole?_count=2'
  while (next) {
    const page: Bundle = await get<Bundle>(next)
    seen.push(...matches<PractitionerRole>(page).map(({ id }) => id!))
    next = page.link?.find(({ relation }) => relation === 'next')?.url.replace('/api/fhir/R4/', '')
  }
  const [{ count } = { count: 0 }] = await h.kernel.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM directory.membership WHERE deleted_at IS NULL`)
  expect([seen.length, new Set(seen).size]).toEqual([count, count])
  const refused = async (path: string) => {
    const answer = await officer.call('GET', `/api/fhir/R4/${path}`)
    return [answer.status, answer.json<OperationOutcome>().issue[0]?.details?.text]
  }
  expect(await refused('Practitioner?birthdate=1980-01-01')).toEqual([400, 'Practitioner 不支持查询参数 birthdate'])
  expect(await refused('Location?constructor=0')).toEqual([400, 'Location 不支持查询参数 constructor'])
  expect(await refused('PractitionerRole?practitioner=x')).toEqual([400, '“x”不是 Practitioner 的编号'])
  expect(await refused(`Organization/${ward}`)).toEqual([404, `没有 Organization/${ward}`])
  const nurse = await h.signIn(await h.person('赵敏', { unit: '普外科' }))
  expect((await nurse.call('GET', '/api/fhir/R4/Practitioner')).status).toBe(403)
}) // prettier-ignore

test('every element is one that HL7’s own R4 examples or its types know', async () => {
  const told = [
    await get<Practitioner>(`Practitioner/${zhang}`),
    matches<PractitionerRole>(await get('PractitionerRole?_count=1'))[0]!,
    await get<Organization>(`Organization/${surgery}`),
    await get<Location>(`Location/${ward}`),
    await get<CapabilityStatement>('metadata'),
  ]
  expect(told.map(({ resourceType }) => resourceType)).toEqual(['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'CapabilityStatement'])
  const folder = join(import.meta.dirname, '../../../../shared/data/fhir-r4/examples')
  const examples = existsSync(folder) ? readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { resourceType: string }) : told
  const known = new Map<string, Set<string>>()
  for (const one of [...examples, told.at(-1)!]) known.set(one.resourceType, new Set([...(known.get(one.resourceType) ?? ['meta', 'mode', 'partOf', 'location']), ...Object.keys(one)]))
  for (const one of told) expect(Object.keys(one).filter((key) => !known.get(one.resourceType)?.has(key))).toEqual([])
}) // prettier-ignore
