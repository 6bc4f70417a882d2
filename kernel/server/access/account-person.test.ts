import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile, undoImport } from '#app/testing/imports.ts'
import type { ImportDetail } from '#model'
import type { Context } from '../context.ts'

const accounts = 'security.account'
const stays = '账号已设过密码或登录过，不能改换人员；请另建账号，并注销这一个'
let h: TestHospital
let officer: Context
let session: HttpSession
let [system, security, doctor] = ['', '', '']
beforeAll(async () => {
  h = await hospital()
  system = await h.person('王建国', { roles: ['systemOfficer'] })
  security = await h.person('许安', { roles: ['securityOfficer'] })
  doctor = await h.person('张海涛')
  officer = await h.as(system)
  session = await h.signIn(system)
})
afterAll(() => h[Symbol.asyncDispose]())

interface Row {
  id: string
  version: number
  name: string
  person: string | null
}
const row = async (name: string): Promise<Row> => (await h.kernel.db.query<Row & object>('SELECT id, version, name, person FROM security.account WHERE name = $1', [name]))[0]! // prettier-ignore
const change = async (name: string, changes: object) => {
  const { id, version } = await row(name)
  return session.call('PATCH', `/api/records/${accounts}/${id}`, { version, changes })
}
const made = (name: string, person: string | null = null) => session.call('POST', `/api/records/${accounts}`, { name, person, validUntil: '2027-06-15' }) // prettier-ignore
const givePassword = async (name: string) => session.call('POST', `/api/accounts/${(await row(name)).id}/reset`, { what: 'password', reason: '新账号' }) // prettier-ignore
/** A person who has no account, as the staff files know him. */
const withoutAccount = async (name: string, roles: string[] = []): Promise<{ id: string; number: string }> => {
  const number = `9${name.charCodeAt(0)}`
  const id = await h.person(name, { staffNumber: number, roles })
  const { id: account } = await row(id)
  await h.kernel.db.query(`DELETE FROM kernel.credential WHERE account = $1`, [account])
  await h.kernel.db.query(`DELETE FROM security.account WHERE id = $1`, [account])
  return { id, number }
}
const load = async (lines: readonly (readonly string[])[]): Promise<ImportDetail> => (await importFile(h, officer, accounts, csv(lines))).run() // prettier-ignore
const refusals = (done: ImportDetail) => done.problems.map(({ column, message }) => `${column}: ${message}`)

test('an account that has a password stays with its person; one that nobody has used yet may be corrected', async () => {
  const audit = await withoutAccount('田审', ['auditOfficer'])
  await made('nobodys')
  expect((await change('nobodys', { person: audit.id })).status).toBe(200)
  expect((await change('nobodys', { person: null })).status).toBe(200)
  expect((await givePassword('nobodys')).json()).toMatchObject({ password: expect.any(String) })
  const refused = await change('nobodys', { person: audit.id })
  expect(refused.json()).toMatchObject({ problems: [{ field: 'person', message: stays }] })
  for (const name of [system, security, doctor]) expect((await change(name, { person: null })).status).toBe(422)
  expect((await change(system, { person: audit.id })).status).toBe(422)
  const { id, version } = await row('nobodys')
  const many = await session.call('PATCH', `/api/records/${accounts}`, { records: [{ id, version, changes: { person: audit.id } }] })
  expect([many.status, (await row('nobodys')).person]).toEqual([200, null])
  expect(many.json()).toMatchObject({ results: [{ ok: false, problems: [{ message: stays }] }] })
})

test('nor by a file, nor by taking an import back', async () => {
  const audit = await withoutAccount('石审', ['auditOfficer'])
  await made('byfile')
  const first = await load([['账号名', '人员工号'], ['byfile', audit.number]]) // prettier-ignore
  expect([first.state, first.counts.changed, (await row('byfile')).person]).toEqual(['done', 1, audit.id])
  const back = await undoImport(h, officer, first.id)
  expect([back.counts.changed, (await row('byfile')).person]).toEqual([1, null])
  await givePassword('byfile')
  const again = await load([['账号名', '人员工号'], ['byfile', audit.number]]) // prettier-ignore
  expect([again.counts.changed, refusals(again)]).toEqual([0, [`人员: ${stays}`]])
  const forth = await undoImport(h, officer, back.id)
  expect([forth.counts.changed, forth.samples.kept.map(({ note }) => note), (await row('byfile')).person]).toEqual([0, [stays], null])
})

test('a file is held against what is asked of an account by hand; what only sign-in writes is no column of it', async () => {
  const own = await row(system)
  const done = await load([
    ['账号名', '状态', '停用或注销原因', '有效期至', '允许登录的地址', '动态口令', '须先改密码', '锁定至'],
    [own.name, '停用', '自己停', '', '', '已绑定', '是', ''],
    ['ab', '启用', '', '2027-06-15', '', '', '', ''],
    ['tolong', '启用', '', '2040-01-01', '10.0.0.0/99', '', '', ''],
    ['goodone', '启用', '', '2027-06-15', '10.0.0.0/8', '已绑定', '是', '2027-01-01 00:00'],
  ])
  expect([done.state, done.counts.created, done.counts.changed]).toEqual(['done', 1, 0])
  expect(refusals(done)).toEqual([
    '状态: 不能停用自己的账号',
    '账号名: 账号名至少 4 位',
    '有效期至: 请填写有效期，最晚 2029-06-15',
    expect.stringContaining('应为地址或网段'),
  ])
  const [written] = await h.kernel.db.query(`SELECT second_factor, must_change, locked_until FROM security.account WHERE name = 'goodone'`)
  expect(written).toEqual({ second_factor: 'none', must_change: false, locked_until: null })
})

test('accounts are not merged, not deleted and not purged: nobody has the right', async () => {
  await made('mergeone')
  await made('mergetwo')
  const [one, two] = [await row('mergeone'), await row('mergetwo')]
  const draft = { keep: one.id, records: [one, two].map(({ id, version }) => ({ id, version })), take: {}, reason: '重复' }
  expect((await session.call('POST', `/api/merge/${accounts}`, draft)).status).toBe(403)
  expect((await session.call('DELETE', `/api/records/${accounts}/${one.id}?version=${one.version}`)).status).toBe(403)
  expect((await session.call('POST', `/api/records/${accounts}/${one.id}/purge`, { reason: 'x' })).status).toBe(403)
})
