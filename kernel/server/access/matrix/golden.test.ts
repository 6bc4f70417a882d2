import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordAnswer } from '#model'
import { goldenRights, type GoldenCase, type Who, type Whose } from '#app/testing/golden-rights.ts'
import type { HttpAnswer, HttpSession } from '#app/testing/hospital.ts'
import { matrixHospital, type MatrixHospital } from '#app/testing/matrix-hospital.ts'
import type { Stored } from '#app/testing/policy.ts'
import { routeCases } from './routes.ts'

const roles: Readonly<Record<Who, string>> = {
  staff: 'nobody in particular', head: 'departmentHead', secretary: 'departmentSecretary', office: 'medicalOffice', committee: 'committeeMember', leader: 'hospitalLeader',
  system: 'systemOfficer', security: 'securityOfficer', audit: 'auditOfficer',
} // prettier-ignore
const places: Partial<Record<Whose, string>> = { unit: '骨科', below: '骨科一病区', beside: '普外科', far: '东院骨科' }

let h: MatrixHospital
const sessions = new Map<Who, HttpSession>()
beforeAll(async () => {
  h = await matrixHospital()
  for (const who of Object.keys(roles) as Who[]) sessions.set(who, await h.signIn(personOf(who)))
}, 60_000)
afterAll(() => h[Symbol.asyncDispose]())

const personOf = (who: Who): string => h.readers.find(({ name }) => name === roles[who])!.person
/** A record that belongs to whom the case says. */
function rowOf(who: Who, type: string, whose: Whose): Stored {
  const rows = h.rows.get(type) ?? []
  const { owner } = h.kernel.defs.resource(type)
  const place = places[whose]
  const { person, unit } = place ? h.colleagues.get(place)! : { person: personOf(who), unit: null }
  const isHis = (row: Stored): boolean =>
    whose === 'any' || (owner.person ? row[owner.person] === person : owner.department ? row[owner.department] === unit : true)
  const found = rows.find(isHis)
  if (!found) throw new Error(`no record of ${type} is ${whose}`)
  return found
}
function draftOf(type: string, row: Stored): Record<string, unknown> {
  const { fields, owner } = h.kernel.defs.resource(type)
  const given = Object.entries(fields).filter(
    ([, { derived, readOnly, kind }]) => !derived && !readOnly && kind !== 'rows' && kind !== 'formula',
  )
  const owners = [owner.person, owner.department].flatMap((key) => (key && key !== 'id' ? [[key, row[key] ?? null] as const] : []))
  return Object.fromEntries([...given.map(([key, field]) => [key, h.valueFor(field)] as const), ...owners])
}
const said = ({ status }: HttpAnswer): string => {
  if (status === 401 || status >= 500) return String(status)
  return status === 403 ? 'no' : status === 404 ? 'hidden' : 'yes'
}

async function outcomeOf([who, act, what, whose]: GoldenCase): Promise<string> {
  const { call } = sessions.get(who)!
  if (act === 'call') {
    const [method, path] = what.split(' ') as [string, string]
    const answer = await call(method, path.replace(/:id\b/, personOf(who)), routeCases[what]!.body ?? (method === 'GET' ? undefined : {}))
    // The address is made up: what is not found there was looked for.
    return said(answer) === 'hidden' ? 'yes' : said(answer)
  }
  const [type, key] = [what.split('.').slice(0, 2).join('.'), what.split('.')[2] ?? '']
  const list = `/api/records/${type}`
  if (act === 'export') return said(await call('POST', `${list}/export`, { format: 'csv' }))
  if (act === 'import') return said(await call('GET', `/api/imports/profiles/${type}`))
  if (act === 'sort') return (await call('GET', `${list}?sort=${key}`)).status === 200 ? 'yes' : 'no'
  const row = rowOf(who, type, whose)
  const one = `${list}/${row.id}`
  if (act === 'create') return said(await call('POST', list, draftOf(type, row)))
  if (act === 'update') return said(await call('PATCH', one, { version: row['version'], changes: {} }))
  // Of another version: what he may do is told, nothing is done.
  if (act === 'delete') return said(await call('DELETE', `${one}?version=9999`))
  if (act === 'purge') return said(await call('POST', `${one}/purge`, { reason: '重复录入' }))
  const answer = await call('GET', one)
  if (act === 'read' || said(answer) !== 'yes') return said(answer)
  const { record } = answer.json<RecordAnswer>()
  if (row[key] === null || row[key] === undefined) throw new Error(`${what} of the record that is ${whose} is empty`)
  return !(key in record) ? 'absent' : JSON.stringify(record[key]) === JSON.stringify(row[key]) ? 'plain' : 'masked'
}

test('what a hospital wants of rights, case by case, is what the program does', async () => {
  const wrong: string[] = []
  for (const one of goldenRights) {
    const [who, act, what, whose, expected, why] = one
    const got = await outcomeOf(one)
    if (got !== expected) wrong.push(`${who} ${act} ${what} (${whose}): ${got}, not ${expected}, because ${why}`)
  }
  expect(wrong).toEqual([])
}, 60_000)

test('the table is one: two hundred cases at least, none twice, every role, every way of looking, and more than half refusals', () => {
  const keys = goldenRights.map(([who, act, what, whose]) => [who, act, what, whose].join(' '))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBeGreaterThanOrEqual(200)
  expect(new Set(goldenRights.map(([who]) => who)).size).toBe(Object.keys(roles).length)
  expect(goldenRights.filter(([, , , , expected]) => expected !== 'yes' && expected !== 'plain').length).toBeGreaterThan(keys.length / 2)
})
