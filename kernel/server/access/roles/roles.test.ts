import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem, RecordAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile } from '#app/testing/imports.ts'
import { handleEvents } from '../../jobs/outbox.ts'
import { guardOf } from './guard.ts'

let h: TestHospital
const people: Record<string, string> = {}
const as: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital()
  const officers = { 系统: 'systemOfficer', 安全: 'securityOfficer', 安全二: 'securityOfficer', 审计: 'auditOfficer' }
  for (const [name, role] of Object.entries(officers)) people[name] = await h.person(name, { unit: '信息科', roles: [role] })
  people['张三'] = await h.person('张三')
  for (const name of Object.keys(people)) as[name] = await h.signIn(people[name]!)
  // Where its reader begins.
  await handleEvents(h.kernel)
})
afterAll(() => h[Symbol.asyncDispose]())

const records = '/api/records/directory.roleAssignment'
const give = (values: object, who = '安全') => as[who]!.call('POST', records, values)
const given = async (values: object) => {
  const answer = await give(values)
  expect(answer.status, answer.text).toBe(201)
  return answer.json<RecordAnswer>().record
}
const judge = (id: string, agree: boolean, who = '系统') => as[who]!.call('POST', `/api/role-assignments/${id}/judge`, { agree })
const end = (id: string, reason = '换岗', who = '安全') => as[who]!.call('POST', `/api/role-assignments/${id}/end`, { reason })
const stateOf = async (id: string) => (await as['系统']!.call('GET', `${records}/${id}`)).json<RecordAnswer>().record['status']
const rolesOf = async (person: string) => (await h.kernel.directory()).rolesOf(person, h.clock.now().toISOString().slice(0, 10))
const problemsOf = (answer: { json<T>(): T }) => answer.json<Problem>().problems?.map(({ field, message }) => `${field}: ${message}`)
let names = 0
const newPerson = () => h.person(`职工${++names}`)

test('which roles need a second officer follows from what they reach', () => {
  const defs = productDefinitions()
  const guards = Object.fromEntries([...defs.roles.keys()].map((role) => [role, guardOf(defs, role)]))
  expect(guards).toEqual({
    staffMember: null, departmentHead: null, departmentSecretary: null, medicalOffice: 'wide', committeeMember: 'wide', hospitalLeader: null, implementer: 'wide',
    personnelOffice: 'wide', scienceOffice: 'wide', partyOffice: 'wide', disciplineOffice: 'wide',
    systemOfficer: 'officer', securityOfficer: 'officer', auditOfficer: 'officer',
  }) // prettier-ignore
})

test('a role within departments is given by one officer and holds at once, between its days', async () => {
  const person = await newPerson()
  const record = await given({ role: 'departmentSecretary', person, to: '2026-12-31', reason: '代理' })
  expect(record['status']).toBe('active')
  expect(await rolesOf(person)).toEqual(['departmentSecretary'])
  expect((await h.kernel.directory()).rolesOf(person, '2027-01-01')).toEqual([])
  expect(problemsOf(await give({ role: 'departmentSecretary', person }))).toEqual(['role: 已有相同的角色分配'])
  expect((await end(record.id, ' ')).status).toBe(422)
  expect((await end(record.id)).json()).toEqual({})
  expect([await stateOf(record.id), await rolesOf(person)]).toEqual(['ended', []])
  expect((await end(record.id)).json()).toMatchObject({ code: 'flowRefused' })
  expect((await give({ role: 'departmentSecretary', person })).status).toBe(201)
})

test('a wide role holds when a second officer has agreed: not who gave it, not who gets it, nobody without the right', async () => {
  const person = await newPerson()
  const record = await given({ role: 'medicalOffice', person })
  expect([record['status'], await rolesOf(person)]).toEqual(['waiting', []])
  expect((await judge(record.id, true, '安全')).status).toBe(403)
  expect((await judge(record.id, true, '审计')).status).toBe(403)
  expect((await judge(record.id, true, '张三')).status).toBe(403)
  expect((await judge(record.id, true)).status).toBe(200)
  expect([await stateOf(record.id), await rolesOf(person)]).toEqual(['active', ['medicalOffice']])
  expect((await judge(record.id, true, '安全二')).json()).toMatchObject({ code: 'flowRefused' })
  // Taking it away needs nobody else.
  expect((await end(record.id)).json()).toEqual({})
  expect(await rolesOf(person)).toEqual([])
})

test('what waits is not changed beside the two, whatever is sent', async () => {
  const person = await newPerson()
  expect(problemsOf(await give({ role: 'medicalOffice', person, status: 'active' }))).toEqual([expect.stringMatching(/^status: /)])
  const record = await given({ role: 'medicalOffice', person })
  const patch = (changes: object) => as['安全']!.call('PATCH', `${records}/${record.id}`, { version: record.version, changes })
  for (const changes of [{ status: 'active' }, { confirmedBy: people['安全'] }, { role: 'committeeMember' }, { to: '2027-01-01' }])
    expect((await patch(changes)).status, JSON.stringify(changes)).toBe(422)
  expect((await as['安全']!.call('DELETE', `${records}/${record.id}?version=${record.version}`)).status).toBe(403)
  const plain = await given({ role: 'departmentHead', person: await newPerson() })
  const raised = await as['安全']!.call('PATCH', `${records}/${plain.id}`, { version: plain.version, changes: { role: 'committeeMember' } })
  expect(raised.status).toBe(422)
  expect(problemsOf(await give({ role: 'departmentHead', person: people['安全'] }))).toEqual(['person: 自己的角色由另一位管理员办理'])
  expect((await give({ role: 'departmentHead', person: await newPerson() }, '系统')).status).toBe(403)
  expect((await judge(record.id, false)).status).toBe(200)
  expect([await stateOf(record.id), await rolesOf(person)]).toEqual(['refused', []])
})

test('nobody is two officers, and no officer holds another role, by whatever way it comes', async () => {
  const person = await newPerson()
  const first = await given({ role: 'auditOfficer', person })
  const clash = 'person: 已担任“安全审计员”：系统管理员、安全管理员、安全审计员由不同的人担任，不兼任其他角色'
  expect(problemsOf(await give({ role: 'securityOfficer', person }))).toEqual([clash])
  expect(problemsOf(await give({ role: 'departmentSecretary', person }))).toEqual([clash])
  const message = 'person: 三员只能授予到人，不能按科室或职务授予'
  expect(problemsOf(await give({ role: 'auditOfficer', post: 'head' }))).toEqual([message])
  expect(problemsOf(await give({ role: 'auditOfficer', person, unit: await h.unit('骨科') }))).toEqual([message])
  await judge(first.id, true)
  expect(await rolesOf(person)).toEqual(['auditOfficer'])
  // What his unit or his post would give him does not reach him.
  await h.create('directory.roleAssignment', { role: 'medicalOffice', unit: await h.unit('骨科') })
  expect(await rolesOf(person)).toEqual(['auditOfficer'])
  expect(await rolesOf(await newPerson())).toEqual(['medicalOffice'])
  // Written past the program: two officers in one are none.
  const admin = `INSERT INTO directory.role_assignment (id, version, state, created_at, updated_at, role, person, status) VALUES (gen_random_uuid(), 1, 'approved', now(), now(), 'systemOfficer', '${person}', 'active')`
  await h.kernel.db.query(admin)
  h.kernel.directoryChanged()
  expect(await rolesOf(person)).toEqual([])
  expect((await h.kernel.directory()).peopleWithRole('systemOfficer', '2026-01-01')).not.toContain(person)
})

test('an officer is one no more only when another agrees, and never the last of a kind', async () => {
  const [row] = await h.kernel.db.query<{ id: string }>(`SELECT id FROM directory.role_assignment WHERE person = $1`, [people['安全二']])
  expect((await end(row!.id)).json()).toEqual({ waits: true })
  expect([await stateOf(row!.id), await rolesOf(people['安全二']!)]).toEqual(['ending', ['securityOfficer']])
  expect((await judge(row!.id, true, '安全二')).status).toBe(403)
  expect((await judge(row!.id, false)).status).toBe(200)
  expect(await stateOf(row!.id)).toBe('active')
  await end(row!.id)
  expect((await judge(row!.id, true)).status).toBe(200)
  expect([await stateOf(row!.id), await rolesOf(people['安全二']!)]).toEqual(['ended', []])
  const [last] = await h.kernel.db.query<{ id: string }>(`SELECT id FROM directory.role_assignment WHERE person = $1`, [people['安全']])
  expect((await end(last!.id)).json()).toMatchObject({ code: 'flowRefused', title: '这是最后一位安全管理员，请先授予另一人' })
})

test('who may agree is told, and then who asked and whom it is about; everything is in the audit', async () => {
  const person = await newPerson()
  const record = await given({ role: 'committeeMember', person })
  const messages = async (name: string) =>
    (await as[name]!.call('GET', '/api/messages')).json<{ title: string; body: string; link: string }[]>()
  while (await handleEvents(h.kernel));
  const name = (await h.kernel.directory()).nameOf(person)
  expect(await messages('系统')).toContainEqual(expect.objectContaining({ title: '角色授予待同意', body: `安全提出授予${name}的“委员会成员”，须由您同意后生效`, link: `/r/directory.roleAssignment/${record.id}` })) // prettier-ignore
  await judge(record.id, true)
  expect(await messages('安全')).toContainEqual(expect.objectContaining({ title: '角色已授予', body: `${name}的“委员会成员”已授予` }))
  const acts = await h.kernel.db.query<{ act: string }>(`SELECT act FROM kernel.audit_entry WHERE record = $1 ORDER BY seq`, [record.id])
  expect(acts.map(({ act }) => act)).toEqual(['create', 'role.agree'])
})

test('an import gives no guarded role', async () => {
  const [person, staffNumber] = [await h.person('孙九', { unit: '信息科', staffNumber: '80001' }), '80001']
  const file = csv([['角色', '人员', '科室（其全部人员）'], ['委员会成员', staffNumber, ''], ['科室秘书', staffNumber, '']]) // prettier-ignore
  const done = await (await importFile(h, await h.as(people['安全']!), 'directory.roleAssignment', file)).run()
  expect([done.counts.created, done.problems.map(({ row, message }) => [row, message])]).toEqual([1, [[2, '该角色须由另一位管理员同意后生效，请逐个新增']]]) // prettier-ignore
  h.kernel.directoryChanged()
  expect(await rolesOf(person)).toEqual(['departmentSecretary'])
})
