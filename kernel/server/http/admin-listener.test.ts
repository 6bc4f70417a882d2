import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProtectionAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let folder: string
let officer: HttpSession, system: HttpSession, doctor: HttpSession
let [ordinary, apart] = ['', '']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinglin-page-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>')
  h = await hospital({ pageFolder: folder })
  officer = await h.signIn(await h.person('田审', { roles: ['securityOfficer'] }))
  system = await h.signIn(await h.person('管理员', { roles: ['systemOfficer'] }))
  doctor = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
  await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
  ordinary = `http://127.0.0.1:${(h.house.server.app.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
const ask = (base: string, path: string, { cookie, csrf }: HttpSession, method = 'GET') =>
  fetch(base + path, { method, headers: { cookie, 'x-csrf-token': csrf } })
const statuses = async (base: string, who: HttpSession, paths: readonly string[]) =>
  Promise.all(paths.map(async (path) => (await ask(base, path, who)).status))

const ofSecurity = [
  '/api/protection',
  '/api/rights',
  '/api/rights/versions',
  '/api/records/security.account',
  '/protection',
  '/rights',
  '/r/security.account',
]
const ofSystem = ['/api/settings', '/api/indexes', '/api/dictionary', '/settings']
const ofAll = ['/api/me', '/api/counts', '/api/definitions', '/api/messages', '/', '/r/staff.practitioner']

test('as long as there is no other listener, officers work where everybody does, and are told so', async () => {
  expect(new Set(await statuses(ordinary, officer, ofSecurity))).toEqual(new Set([200]))
  expect(((await (await ask(ordinary, '/api/protection', officer)).json()) as ProtectionAnswer).isManagementApart).toBe(false)
})
test('as soon as there is one, the ordinary one knows nothing of the management, whoever asks; there it is, and everything else too', async () => {
  apart = `http://127.0.0.1:${await h.house.server.management.listen({ host: '127.0.0.1', port: 0 })}`
  expect(new Set(await statuses(ordinary, officer, ofSecurity))).toEqual(new Set([404]))
  expect(new Set(await statuses(ordinary, system, ofSystem))).toEqual(new Set([404]))
  expect(new Set(await statuses(ordinary, doctor, ofAll))).toEqual(new Set([200]))
  expect(new Set(await statuses(apart, officer, [...ofSecurity, ...ofAll]))).toEqual(new Set([200]))
  expect(new Set(await statuses(apart, system, ofSystem))).toEqual(new Set([200]))
  expect(((await (await ask(apart, '/api/protection', officer)).json()) as ProtectionAnswer).isManagementApart).toBe(true)
  // Neither an address said otherwise nor another method leads there.
  const ways = ['/api//protection', '/api/%70rotection', '/api/protection/', '/api/protection?x=1', '/API/protection', '/%70rotection', '//protection']
  for (const way of ways) expect([way, (await (await ask(ordinary, way, officer)).text()).includes('isManagementApart')]).toEqual([way, false])
  expect((await ask(ordinary, '/api/protection', officer, 'HEAD')).status).toBe(404)
  expect((await fetch(`${ordinary}/api/protection`, { headers: { cookie: officer.cookie, host: new URL(apart).host, 'x-forwarded-port': new URL(apart).port } })).status).toBe(404)
}) // prettier-ignore
test('a stranger is told on the ordinary one that there is no such address, not that he has to sign in', async () => {
  const answer = await fetch(`${ordinary}/api/audit`)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'unknownRoute'])
  expect((await fetch(`${apart}/api/audit`)).status).toBe(401)
})
test('rights are the same there: who may not, may not', async () => {
  expect((await ask(apart, '/api/protection', doctor)).status).toBe(403)
})
