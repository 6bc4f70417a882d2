import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, testPassword, type TestHospital } from '#app/testing/hospital.ts'
import { givePassword } from './given-password.ts'
import { hashPassword } from './passwords.ts'

let h: TestHospital
let officer: string
beforeAll(async () => {
  h = await hospital()
  officer = await h.person('王建国', { roles: ['systemOfficer'] })
  const [account] = await h.kernel.db.query<{ id: string }>('SELECT id FROM security.account WHERE person = $1', [officer])
  await givePassword(h.kernel, await h.system(), { id: account!.id, person: officer }, await hashPassword(testPassword), {
    mustChange: true,
  })
})
afterAll(() => h[Symbol.asyncDispose]())

test('whoever has an initial password may ask who he is and choose his own, and nothing else', async () => {
  const { call } = await h.signIn(officer)
  expect((await call('GET', '/api/me')).json()).toMatchObject({ account: { owes: 'password' } })
  expect((await call('GET', '/api/records/directory.person')).json()).toMatchObject({ status: 403, code: 'passwordMustChange' })
  expect((await call('POST', '/api/records/directory.unit', { code: 'X', name: '新科室', kind: 'department' })).status).toBe(403)
})

test('choosing his own opens everything, and ends every other session of the account', async () => {
  const [here, elsewhere] = [await h.signIn(officer), await h.signIn(officer)]
  expect((await here.call('POST', '/api/password', { current: testPassword, next: 'Ziji#2026-gai' })).status).toBe(200)
  expect((await here.call('GET', '/api/records/directory.person')).status).toBe(200)
  expect((await elsewhere.call('GET', '/api/me')).status).toBe(401)
})
