import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { mayType, mayUse } from '#app/testing/policy.ts'
import type { Field, Fields } from '#model'
import { updateRecordOf } from '../../records/write.ts'
import { routeCases, type RouteCase, type Stated } from './routes.ts'

/** Types by which the routes of records are asked: one that a single role keeps, one that everybody has some of, one that is written by departments too. */
const types = ['privileges.codeMapping', 'staff.title', 'rules.card']
const id = '018f0000-0000-7000-8000-000000000001'

let h: TestHospital
interface Caller {
  name: string
  roles: readonly string[]
  call: HttpSession['call']
}
const callers: Caller[] = []
const nobody: HttpSession['call'] = (method, url, body, headers) => raw(method, url, body, headers)
let owing: HttpSession['call']
let disabled: HttpSession['call']
let colleague: string
let program: HttpSession['call']
beforeAll(async () => {
  h = await hospital()
  for (const { name, everyone } of [{ name: 'nobody in particular', everyone: false }, ...h.kernel.defs.roles.values()]) {
    if (everyone) continue
    const roles = h.kernel.defs.roles.has(name) ? [name] : []
    callers.push({ name, roles, call: (await h.signIn(await h.person(`甲${callers.length}`, { roles }))).call })
  }
  const [owes, left] = [await h.person('乙一', { roles: ['medicalOffice'] }), await h.person('乙二', { roles: ['medicalOffice'] })]
  ;[owing, disabled] = [(await h.signIn(owes)).call, (await h.signIn(left)).call]
  await changeAccount(owes, { mustChange: true })
  await changeAccount(left, { status: 'disabled', reason: '离职' })
  colleague = await h.person('乙三')
  // A session that was read a moment ago is believed for two seconds.
  h.clock.set(new Date(h.clock.now().getTime() + 3000).toISOString())
  const client = await h.client('手麻', [])
  program = (method, url, body) => client(method, url, body)
}, 60_000)
afterAll(() => h[Symbol.asyncDispose]())

async function changeAccount(person: string, changes: Record<string, unknown>): Promise<void> {
  const [account] = await h.kernel.db.query<{ id: string; version: number }>(
    `SELECT id, version FROM security.account WHERE person = $1::uuid`,
    [person],
  )
  await updateRecordOf(h.kernel, await h.system(), 'security.account', account!.id, account!.version, changes, { byModule: true })
}
async function raw(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  const answer = await h.house.server.app.inject({ method: method as 'GET', url, headers, ...(body === undefined ? {} : { payload: body as object }) })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, raw: answer.rawPayload, json: () => answer.json() }
} // prettier-ignore
/** Method and address of every route that the server has. */
function registered(): string[] {
  const methods = (method: string | readonly string[]) => [method].flat().filter((one) => one !== 'HEAD' && one !== 'OPTIONS')
  return [...new Set(h.house.server.routes.flatMap(({ method, url }) => methods(method).map((one) => `${one} ${url}`)))].sort()
}
/** The route as it is called: with a type where its address names one. */
function* callsOf(route: string): Generator<{ type: string; method: string; url: string; one: RouteCase; body: unknown; headers: Record<string, string> }> {
  const one = routeCases[route]!
  const [method, path] = route.split(' ') as [string, string]
  const needsType = one.stated.kind === 'type' || one.stated.kind === 'naming'
  for (const type of needsType ? types : [types[0]!]) {
    const filled = path.replace(/:(resource|name|base)\b/, type).replace(/:version\b/, '1').replace(':ending', 'withdraw').replace(/:(id|token)\b/, id).replace('*', 'x/new').replace(/:\w+/g, 'x')
    const query = one.query ? `?${encodeURI(one.query.replace('TYPE', type))}` : ''
    const sent = one.file ? file : (one.body ?? (method === 'GET' || method === 'DELETE' ? undefined : {}))
    const body = typeof sent === 'string' || sent === undefined ? sent : (JSON.parse(JSON.stringify(sent).replaceAll('TYPE', type).replaceAll('COLLEAGUE', colleague)) as unknown)
    yield { type, method, url: filled + query, one, body, headers: one.file ? { 'content-type': 'multipart/form-data; boundary=xx' } : {} }
  }
} // prettier-ignore
const file =
  '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n编码,名称\r\n1,甲\r\n--xx--\r\n'

const targets = (fields: Fields): unknown[] =>
  Object.values(fields).flatMap((field: Field) => {
    const { target, fields: inner } = field.options as { target?: string; fields?: Fields }
    return inner ? targets(inner) : [target]
  })
/** Does the policy open the route to somebody of these roles? */
function isOpen(stated: Stated, roles: readonly string[], type: string): boolean {
  const { defs } = h.kernel
  if (stated.kind === 'right') return stated.rights.some((right) => mayUse(defs, roles, right))
  if (stated.kind === 'type') return stated.actions.every((action) => mayType(defs, roles, action, type))
  if (stated.kind === 'naming')
    return [...defs.resources.values()].some(
      (r) =>
        (r.name === type && mayType(defs, roles, 'read', type)) ||
        (targets(r.fields).includes(type) &&
          (['read', 'create', 'update'] as const).some((action) => mayType(defs, roles, action, r.name))),
    )
  return stated.kind === 'public' || stated.kind === 'mine'
}
const codeOf = (answer: HttpAnswer): string =>
  answer.status < 400 ? String(answer.status) : (answer.json<{ code?: string }>().code ?? String(answer.status))
/** Last what ends the session that asks. */
const inOrder = (): string[] =>
  Object.keys(routeCases).sort((a, b) => Number(routeCases[a]!.last ?? false) - Number(routeCases[b]!.last ?? false))

test('every route is stated, and nothing is stated that is no route', () => {
  expect(registered()).toEqual(Object.keys(routeCases).sort())
})

test('nobody gets in but where strangers may; nor whose account is disabled; and whoever owes a password gives it first', async () => {
  const problems: string[] = []
  for (const route of inOrder())
    for (const { method, url, one, body, headers } of callsOf(route)) {
      const say = (who: string, got: string, expected: string) => got !== expected && problems.push(`${who}: ${route} answers ${got}, not ${expected}`)
      const isPublic = one.stated.kind === 'public'
      const stranger = codeOf(await nobody(method, url, body, headers))
      if (isPublic && ['notSignedIn', 'noRight', 'csrf'].includes(stranger)) problems.push(`a stranger: ${route} answers ${stranger}`)
      if (!isPublic) say('a stranger', stranger, one.stated.kind === 'program' ? 'badKey' : 'notSignedIn')
      if (isPublic) continue
      say('a disabled account', codeOf(await disabled(method, url, body, headers)), one.stated.kind === 'program' ? 'badKey' : 'notSignedIn')
      const mayOwe = one.stated.kind === 'mine' && one.stated.owing
      if (mayOwe && one.last) continue
      const owed = codeOf(await owing(method, url, body, headers))
      if (mayOwe && owed === 'passwordMustChange') problems.push(`who owes a password: ${route} is closed`)
      if (!mayOwe) say('who owes a password', owed, one.stated.kind === 'program' ? 'badKey' : 'passwordMustChange')
    }
  expect(problems).toEqual([])
}, 90_000) // prettier-ignore

test('every role is let in where the policy says so, and told that it has no right where not', async () => {
  const problems: string[] = []
  let [yes, no] = [0, 0]
  for (const route of inOrder())
    for (const { type, method, url, one, body, headers } of callsOf(route))
      for (const { name, roles, call } of callers) {
        if (one.endless || one.stated.kind === 'public') continue
        const expected = isOpen(one.stated, roles, type)
        const got = codeOf(await call(method, url, body, headers))
        const isRefused = one.stated.kind === 'program' ? got === 'badKey' : got === 'noRight'
        if (expected) yes++
        else no++
        if (isRefused === expected || got === 'notSignedIn' || got === 'fault' || got === 'csrf')
          problems.push(`${name}: ${route} (${type}) answers ${got} where the policy says ${expected ? 'yes' : 'no'}`)
      }
  expect(problems).toEqual([])
  expect(yes).toBeGreaterThan(1000)
  expect(no).toBeGreaterThan(500)
}, 90_000)

test('a program without rights is let in nowhere', async () => {
  const problems: string[] = []
  for (const route of inOrder())
    for (const { method, url, one, body, headers } of callsOf(route)) {
      if (one.stated.kind === 'public') continue
      const got = codeOf(await program(method, url, one.file ? undefined : body, headers))
      // Of a flow that is not there it is told no more than that.
      if (got !== 'noRight' && !(one.stated.kind === 'program' && got === 'notFound')) problems.push(`${route} answers ${got}`)
    }
  expect(problems).toEqual([])
}, 60_000)
