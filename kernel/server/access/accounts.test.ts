import { generateSync } from 'otplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, testPassword, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '../jobs/schedule.ts'
import { givePassword } from './given-password.ts'

let h: TestHospital
let [system, security, doctor] = ['', '', '']
beforeAll(async () => {
  h = await hospital()
  system = await h.person('王建国', { roles: ['systemOfficer'] })
  security = await h.person('许安', { roles: ['securityOfficer'] })
  doctor = await h.person('张海涛')
})
afterAll(() => h[Symbol.asyncDispose]())

interface Record_ {
  id: string
  version: number
}
const accountOf = async (person: string): Promise<Record_> => (await h.kernel.db.query<Record_>('SELECT id, version FROM security.account WHERE person = $1', [person]))[0]! // prettier-ignore
const problemsOf = (answer: { json: <T>() => T }) => (answer.json<{ problems?: { field: string; message: string }[] }>().problems ?? []).map(({ field, message }) => `${field}: ${message}`) // prettier-ignore
const change = async (by: HttpSession, person: string, changes: object) => {
  const { id, version } = await accountOf(person)
  return by.call('PATCH', `/api/records/security.account/${id}`, { version, changes })
}

test('the system officer keeps accounts as records; what is wrong is said at its field; sign-in’s own fields are not his', async () => {
  const officer = await h.signIn(system)
  const made = await officer.call('POST', '/api/records/security.account', { name: 'newdoctor', validUntil: '2027-06-15' })
  expect(made.status).toBe(201)
  const refused = await officer.call('POST', '/api/records/security.account', { name: 'NewDoctor', person: doctor, validUntil: '2040-01-01', accessNetworks: ['10.0.0.0/99'], accessFrom: '08:00' }) // prettier-ignore
  expect(problemsOf(refused)).toEqual(['accessFrom: 起止时间请一并填写'])
  const again = await officer.call('POST', '/api/records/security.account', { name: 'NewDoctor', person: doctor, validUntil: '2040-01-01', accessNetworks: ['10.0.0.0/99'] }) // prettier-ignore
  expect(problemsOf(again)).toEqual([
    'name: 已有这个账号名（不分大小写）',
    expect.stringMatching(/^person: 这个人已有账号/),
    'validUntil: 请填写有效期，最晚 2029-06-15',
    expect.stringMatching(/^accessNetworks: “10\.0\.0\.0\/99”应为地址或网段/),
  ])
  expect(problemsOf(await change(officer, doctor, { name: 'abc' }))).toEqual(['name: 账号名至少 4 位'])
  await change(officer, doctor, { secondFactor: 'totp', mustChange: true })
  expect((await h.kernel.db.query('SELECT second_factor, must_change FROM security.account WHERE person = $1', [doctor]))[0]).toEqual({ second_factor: 'none', must_change: false }) // prettier-ignore
  const { id } = await accountOf(doctor)
  expect((await officer.call('DELETE', `/api/records/security.account/${id}?version=1`)).status).toBe(403)
  for (const other of [security, doctor]) expect((await change(await h.signIn(other), doctor, { status: 'closed', reason: 'x' })).status).not.toBe(200) // prettier-ignore
})

test('whoever is disabled is out within seconds; nobody disables himself', async () => {
  const officer = await h.signIn(system)
  const there = await h.signIn(doctor)
  expect(problemsOf(await change(officer, doctor, { status: 'disabled' }))).toEqual(['reason: 请写明停用或注销的原因'])
  expect((await change(officer, doctor, { status: 'disabled', reason: '长期病假' })).status).toBe(200)
  h.clock.set(new Date(h.clock.now().getTime() + 3000).toISOString())
  expect((await there.call('GET', '/api/me')).status).toBe(401)
  expect((await change(officer, doctor, { status: 'active' })).status).toBe(200)
  expect(problemsOf(await change(officer, system, { status: 'disabled', reason: 'x' }))).toEqual(['status: 不能停用自己的账号'])
  expect(problemsOf(await change(officer, system, { name: 'anothername' }))).toEqual(['name: 自己的账号由其他管理员设定'])
  expect(problemsOf(await change(officer, system, { accessNetworks: ['10.0.0.0/8'] }))).toEqual([
    'accessNetworks: 自己的账号由其他管理员设定',
  ])
})

test('a password is never the present one nor one of the last; changing it ends the other sessions', async () => {
  const person = await h.person('李梅')
  const [here, there] = [await h.signIn(person), await h.signIn(person)]
  const to = (current: string, next: string) => here.call('POST', '/api/password', { current, next })
  expect(problemsOf(await to(testPassword, testPassword))).toEqual(['next: 不能与当前密码或最近 3 个密码相同'])
  expect(problemsOf(await to('wrong', 'Gu-shan#81x'))).toEqual(['current: 当前密码不对'])
  expect(problemsOf(await to(testPassword, 'Qwerty!2345'))).toEqual([expect.stringContaining('密码太常见')])
  expect((await to(testPassword, 'Gu-shan#81x')).status).toBe(200)
  expect((await there.call('GET', '/api/me')).status).toBe(401)
  expect((await here.call('GET', '/api/me')).status).toBe(200)
  expect(problemsOf(await to('Gu-shan#81x', testPassword))).toEqual(['next: 不能与当前密码或最近 3 个密码相同'])
})

test('a password too old must be changed; what ends soon is told beforehand; an account past its end is disabled by the day’s job', async () => {
  await using other = await hospital()
  const person = await other.person('周一')
  const me = async () => (await (await other.signIn(person)).call('GET', '/api/me')).json<{ account: { owes: string | null; endsSoon: object } }>().account // prettier-ignore
  expect(await me()).toMatchObject({ owes: null, endsSoon: {} })
  other.clock.set('2027-06-10')
  expect(await me()).toMatchObject({ owes: null, endsSoon: { password: '2027-06-15' } })
  other.clock.set('2027-06-16')
  expect(await me()).toMatchObject({ owes: 'password' })
  other.clock.set('2029-05-20')
  expect(await me()).toMatchObject({ endsSoon: { account: '2029-06-15' } })
  other.clock.set('2029-06-16')
  expect(await runDailyJobs(other.kernel)).toContain('security.account.ended')
  expect((await other.kernel.db.query('SELECT status, reason FROM security.account WHERE person = $1', [person]))[0]).toEqual({ status: 'disabled', reason: '有效期至 2029-06-15，到期停用' }) // prettier-ignore
})

test('a weak password of before is found as one signs in, and must be changed', async () => {
  const person = await h.person('吴旧')
  await h.kernel.db.query(`UPDATE kernel.credential c SET judged = NULL, password = $2 FROM security.account a WHERE a.id = c.account AND a.person = $1`, [person, await (await import('./passwords.ts')).hashPassword('Qwerty!2345')]) // prettier-ignore
  const answer = await h.house.server.app.inject({
    method: 'POST',
    url: '/api/sign-in',
    payload: { account: person, password: 'Qwerty!2345' },
  })
  expect(answer.json()).toMatchObject({ account: { owes: 'password' } })
})

const ask = async (by: HttpSession, person: string, what: string, reason = '手机丢失，持工牌到场') => by.call('POST', `/api/accounts/${(await accountOf(person)).id}/reset`, { what, reason }) // prettier-ignore
const openReset = async (by: HttpSession, person: string) => (await by.call('GET', `/api/accounts/${(await accountOf(person)).id}/sign-in`)).json<{ resets: { id: string; may: object }[] }>().resets[0]! // prettier-ignore

test('a one-time password for somebody who is no officer is given at once; it must be changed and unlocks', async () => {
  const officer = await h.signIn(system)
  expect(problemsOf(await ask(officer, doctor, 'password', '  '))).toEqual(['reason: 请写明原因'])
  const { password } = (await ask(officer, doctor, 'password')).json<{ password: string }>()
  expect(password).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{6}$/)
  const answer = await h.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: doctor, password } })
  expect(answer.json()).toMatchObject({ account: { owes: 'password' } })
  expect((await ask(await h.signIn(security), doctor, 'password')).status).toBe(403)
})

test('a second factor goes only when a second officer agrees, and the first carries it out; once', async () => {
  const person = await h.person('郑七')
  const { call } = await h.signIn(person)
  const { secret } = (await call('POST', '/api/me/second-factor/start', { password: testPassword })).json<{ secret: string }>()
  await call('POST', '/api/me/second-factor/confirm', { code: generateSync({ secret, epoch: Math.floor(h.clock.now().getTime() / 1000) }) })
  const [first, second] = [await h.signIn(system), await h.signIn(security)]
  expect((await ask(first, person, 'secondFactor')).json()).toEqual({ waits: true })
  expect((await ask(first, person, 'secondFactor')).status).toBe(409)
  const { id, may } = await openReset(second, person)
  expect(may).toEqual({ confirm: true, carryOut: false })
  expect((await first.call('POST', `/api/account-resets/${id}/carry-out`)).json()).toMatchObject({ code: 'flowRefused' })
  expect((await first.call('POST', `/api/account-resets/${id}/judge`, { agree: true })).status).toBe(403)
  expect((await second.call('POST', `/api/account-resets/${id}/judge`, { agree: true })).status).toBe(200)
  expect((await second.call('POST', `/api/account-resets/${id}/carry-out`)).status).toBe(403)
  expect((await first.call('POST', `/api/account-resets/${id}/carry-out`)).status).toBe(200)
  expect((await first.call('POST', `/api/account-resets/${id}/carry-out`)).status).toBe(404)
  expect((await call('GET', '/api/me')).status).toBe(401)
  expect((await (await h.signIn(person)).call('GET', '/api/me/sign-in')).json()).toMatchObject({
    secondFactor: 'none',
    recoveryCodesLeft: 0,
  })
})

test('an officer’s own password needs a second officer, never the officer himself; a reset that nobody takes up ends', async () => {
  const audit = await h.person('田审', { roles: ['auditOfficer'] })
  const officer = await h.signIn(system)
  expect((await ask(officer, audit, 'password')).json()).toEqual({ waits: true })
  expect((await ask(officer, security, 'password')).json()).toEqual({ waits: true })
  expect((await ask(officer, system, 'password')).status).toBe(403)
  const { id, may } = await openReset(await h.signIn(security), security)
  expect(may).toEqual({ confirm: false, carryOut: false })
  expect((await (await h.signIn(security)).call('POST', `/api/account-resets/${id}/judge`, { agree: true })).status).toBe(403)
  h.clock.set(new Date(h.clock.now().getTime() + 25 * 3_600_000).toISOString())
  await runDailyJobs(h.kernel)
  const states = await h.kernel.db.query<{ status: string }>(`SELECT DISTINCT status FROM security.account_reset WHERE what = 'password'`)
  expect(states).toEqual([{ status: 'expired' }])
})

test('a password goes to the person it was judged for, who is told, and nobody else', async () => {
  const [clerk, leader] = [await h.person('孔九'), await h.person('严十', { roles: ['medicalOffice'] })]
  const keeper = await h.signIn(system)
  const reset = async (person: string) =>
    keeper.call('POST', `/api/accounts/${(await accountOf(person)).id}/reset`, { what: 'password', reason: '忘记密码' })
  expect((await reset(clerk)).json()).toMatchObject({ password: expect.any(String) as string })
  const told = (person: string, title: string) =>
    h.kernel.db.query(`SELECT 1 FROM kernel.message WHERE person = $1 AND title = $2`, [person, title])
  expect((await told(clerk, '您的登录密码已被重置')).length).toBe(1)
  expect((await told(security, '重要账号的密码已被重置')).length).toBe(0)
  await reset(leader)
  expect((await told(security, '重要账号的密码已被重置')).length).toBe(1)
  // The account has become another's between judging and giving.
  const stale = givePassword(h.kernel, await h.system(), { id: (await accountOf(clerk)).id, person: leader }, 'x', { mustChange: true })
  await expect(stale).rejects.toMatchObject({ code: 'versionConflict' })
})

test('the policy is the security officer’s: what he tightens holds at once, two who change it at a time are told', async () => {
  const [officer, person] = [await h.signIn(security), await h.person('冯八')]
  const put = (own: object, seen: object, networks: object[] = []) =>
    officer.call('PUT', '/api/protection', { own, networks, seen: { own: seen, networks: [] } })
  expect((await (await h.signIn(system)).call('GET', '/api/protection')).status).toBe(403)
  expect((await put({ passwordLength: 12 }, {})).json()).toMatchObject({
    policy: { passwordLength: 12 },
    layer: { passwordLength: 'hospital' },
  })
  expect((await put({ passwordLength: 14 }, {})).status).toBe(409)
  const { call } = await h.signIn(person)
  expect(problemsOf(await call('POST', '/api/password', { current: testPassword, next: 'Gu-shan#81x' }))).toEqual([
    'next: 密码须：12–200 位',
  ])
  expect((await put({}, { passwordLength: 12 }, [{ name: '内网', range: '10.0.0.0/8' }])).status).toBe(200)
  // Somebody has named a network meanwhile.
  expect((await put({}, {})).status).toBe(409)
  expect((await officer.call('GET', '/api/settings')).status).toBe(403)
})
