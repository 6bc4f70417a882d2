import { generateSync } from 'otplib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CasService } from '#app/testing/cas-service.ts'
import { hospital, testPassword, type TestHospital } from '#app/testing/hospital.ts'
import { OidcProvider } from '#app/testing/oidc-provider.ts'
import { WecomService } from '#app/testing/wecom-service.ts'
import type { Refusal } from '#model'
import { readServiceResponse } from './cas.ts'
import { beginErrand, finishErrand, takeErrand } from './errands.ts'
import { waysFromEnvironment } from './from-environment.ts'
import { hasTwoFactors } from './oidc.ts'

let h: TestHospital
const oidc = new OidcProvider()
const wecom = new WecomService()
const cas = new CasService()
beforeAll(async () => {
  await Promise.all([oidc.start(), wecom.start(), cas.start()])
  h = await hospital({
    signIn: waysFromEnvironment({
      XINGLIN_OIDC_ISSUER: oidc.url, XINGLIN_OIDC_CLIENT: oidc.clientId, XINGLIN_OIDC_SECRET: oidc.secret, XINGLIN_OIDC_STAFF_CLAIM: 'employee_number',
      XINGLIN_WECOM_CORP: wecom.corp, XINGLIN_WECOM_AGENT: wecom.agent, XINGLIN_WECOM_SECRET: wecom.secret, XINGLIN_WECOM_BASE: wecom.url,
      XINGLIN_CAS: `${cas.url}/cas`, XINGLIN_URL: 'http://house.example:8080',
    }),
  }) // prettier-ignore
  officer = await h.person('王建国', { roles: ['systemOfficer'] })
})
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await Promise.all([oidc.stop(), wecom.stop(), cas.stop()])
})
let officer: string
beforeEach(() => {
  oidc.fault = null
  oidc.isRefusing = false
  cas.said = null
})

/** A browser with its cookies: in this house, and sent elsewhere and back. */
class Browser {
  readonly jar = new Map<string, string>()
  agent = 'Mozilla/5.0 (Windows NT 10.0) Chrome/147.0'
  async ask(method: 'GET' | 'POST', url: string, payload?: object) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, 'user-agent': this.agent }
    const answer = await h.house.server.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
    for (const { name, value } of answer.cookies) if (value) this.jar.set(name, value)
      else this.jar.delete(name) // prettier-ignore
    return { status: answer.statusCode, location: String(answer.headers.location ?? ''), cookies: answer.cookies, body: answer.headers['content-type']?.toString().includes('json') ? answer.json<Record<string, unknown>>() : {} } // prettier-ignore
  }
  /** To the other system: the address at which it sends the browser back here. */
  async away(provider: string, to = '/'): Promise<string> {
    const { location } = await this.ask('GET', `/api/sign-in/outside/${provider}?to=${encodeURIComponent(to)}`)
    const there = await fetch(location, { redirect: 'manual' })
    const back = new URL(there.headers.get('location')!)
    if (back.origin !== 'http://house.example:8080') throw new Error(`sent back to ${back.origin}`)
    return `${back.pathname}${back.search}`
  }
  back = (path: string) => this.ask('GET', path)
  take = () => this.ask('POST', '/api/sign-in/outside')
  bind = (account: string, password = testPassword) => this.ask('POST', '/api/sign-in/outside/bind', { account, password })
  /** There, back, and in. */
  async through(provider: string) {
    await this.back(await this.away(provider))
    return this.take()
  }
}
const outcomes = (method: string) => h.kernel.db.query<{ outcome: string; person: string | null }>(`SELECT outcome, person FROM security.sign_in WHERE method = $1 ORDER BY at, id`, [method]) // prettier-ignore
const waiting = async (subject: string): Promise<string> => {
  const rows = await h.kernel.db.query<{ id: string }>(`SELECT id FROM security.binding WHERE subject = $1 AND status = 'waiting'`, [
    subject,
  ])
  expect(rows.length).toBe(1)
  return rows[0]!.id
}
const judge = async (id: string, verdict: string, reason?: string) =>
  (await h.signIn(officer)).call('POST', `/api/bindings/${id}/judge`, { verdict, ...(reason === undefined ? {} : { reason }) })
/** The account gets a second factor; answers its secret. */
const bindFactor = async (person: string): Promise<string> => {
  const { call } = await h.signIn(person)
  const { secret } = (await call('POST', '/api/me/second-factor/start', { password: testPassword })).json<{ secret: string }>()
  await call('POST', '/api/me/second-factor/confirm', { code: codeOf(secret) })
  h.clock.set(new Date(h.clock.now().getTime() + 60_000).toISOString())
  return secret
}
const codeOf = (secret: string): string => generateSync({ secret, epoch: Math.floor(h.clock.now().getTime() / 1000) })

describe('OpenID Connect', () => {
  test('in by the trusted staff number, to the page that was asked for; the log says through what', async () => {
    const person = await h.person('张海涛', { staffNumber: '91001' })
    oidc.user = { sub: 'zhang', name: '张海涛', employee_number: '91001' }
    const browser = new Browser()
    const back = await browser.back(await browser.away('oidc', '/r/privileges.grant?view=mine'))
    expect(back.location).toBe('/r/privileges.grant?view=mine#signing-in')
    expect((await browser.take()).body).toMatchObject({ person: { id: person }, account: { owes: null } })
    expect((await browser.ask('GET', '/api/me')).status).toBe(200)
    // Taken once.
    expect((await browser.take()).body['code']).toBe('outsideRefused')
    expect(await outcomes('oidc')).toEqual([{ outcome: 'done', person }])
  })
  test('a second factor that was proved there is not asked again; one that was not is', async () => {
    const person = await h.person('李一', { staffNumber: '91002' })
    const secret = await bindFactor(person)
    oidc.user = { sub: 'li1', employee_number: '91002', amr: ['pwd', 'otp'] }
    const strong = await new Browser().through('oidc')
    expect(strong.body).toMatchObject({ person: { id: person } })
    expect(strong.cookies.map(({ name }) => name)).toContain('xinglin_device')
    oidc.user = { sub: 'li1', employee_number: '91002', amr: ['pwd'] }
    const browser = new Browser()
    const { ticket } = (await browser.through('oidc')).body
    expect(ticket).toBeTypeOf('string')
    expect((await browser.ask('GET', '/api/me')).status).toBe(401)
    expect((await browser.ask('POST', '/api/sign-in/second', { ticket, code: codeOf(secret) })).body).toMatchObject({
      person: { id: person },
    })
  })
  test('what stands for two factors: mfa, two of different kinds, a context that says so', () => {
    expect([['mfa'], ['pwd', 'sms'], ['pin', 'fpt']].map((amr) => hasTwoFactors(amr, undefined))).toEqual([true, true, true])
    expect([['pwd'], ['pwd', 'pin'], ['otp', 'sms'], 'mfa', undefined].map((amr) => hasTwoFactors(amr, '1'))).toEqual([false, false, false, false, false]) // prettier-ignore
    expect(hasTwoFactors(undefined, 'https://refeds.org/profile/mfa')).toBe(true)
  })
  test.each(['nonce', 'expired', 'audience', 'unsigned', 'key', 'issuer'] as const)('an id token with a wrong %s proves nobody', async (fault) => {
    await h.person('李二', { staffNumber: '91003' }).catch(() => undefined)
    oidc.user = { sub: 'li2', employee_number: '91003' }
    oidc.fault = fault
    const browser = new Browser()
    expect((await browser.through('oidc')).body).toMatchObject({ code: 'outsideRefused', title: '统一身份认证未能确认您的身份，请重试' })
    expect(browser.jar.has('xinglin_session')).toBe(false)
    expect((await outcomes('oidc')).at(-1)).toMatchObject({ outcome: 'identity' })
  }) // prettier-ignore
  test('an answer is good for the browser that was sent, with its state, and once', async () => {
    await h.person('李三', { staffNumber: '91004' })
    oidc.user = { sub: 'li3', employee_number: '91004' }
    const [mine, other] = [new Browser(), new Browser()]
    const answer = await mine.away('oidc')
    await other.away('oidc')
    // Somebody else's browser: signed in as whoever sent him the link, he would not notice.
    expect((await other.back(answer)).location).toBe('/#sign-in-failed')
    expect((await mine.back(answer.replace(/state=[^&]+/, 'state=guess'))).location).toBe('/#sign-in-failed')
    expect((await mine.back(answer)).location).toBe('/#signing-in')
    expect((await mine.back(answer)).location).toBe('/#sign-in-failed')
    expect((await new Browser().take()).body['code']).toBe('outsideRefused')
    expect((await mine.take()).status).toBe(200)
    // The code by itself, under a state of one's own.
    const code = new URL(answer, 'http://x').searchParams.get('code')!
    const fresh = await other.away('oidc')
    await other.back(fresh.replace(/code=[^&]+/, `code=${code}`))
    expect((await other.take()).body['code']).toBe('outsideRefused')
  })
  test('no address but a path of this house is gone to', async () => {
    oidc.user = { sub: 'anybody' }
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/a\nb', '/..//evil.example']) {
      const browser = new Browser()
      expect([to, (await browser.back(await browser.away('oidc', to))).location]).toEqual([to, '/#signing-in'])
    }
  })
  test('who says no there is told so; an account that may not be used stays closed', async () => {
    oidc.isRefusing = true
    expect((await new Browser().through('oidc')).body).toMatchObject({ title: '已在统一身份认证中取消登录' })
    oidc.isRefusing = false
    const person = await h.person('李四', { staffNumber: '91005' })
    oidc.user = { sub: 'li4', employee_number: '91005' }
    await h.kernel.db.query(`UPDATE security.account SET status = 'disabled' WHERE person = $1`, [person])
    expect((await new Browser().through('oidc')).body).toMatchObject({ code: 'accountDisabled' })
  })
  test('while the provider is away the page says so, and works again when it is back', async () => {
    const provider = await new OidcProvider().start()
    await provider.stop()
    await using lone = await hospital({ signIn: waysFromEnvironment({ XINGLIN_OIDC_ISSUER: provider.url, XINGLIN_OIDC_CLIENT: 'xinglin', XINGLIN_OIDC_SECRET: 'x' }) }) // prettier-ignore
    const ask = () => lone.house.server.app.inject({ url: '/api/sign-in/outside/oidc' })
    expect((await ask()).headers.location).toBe('/#sign-in-away=oidc')
    await provider.start()
    expect(String((await ask()).headers.location)).toContain(`${provider.url}/authorize?`)
    await provider.stop()
  })
})

describe('WeCom', () => {
  test('the first time account and password, then an officer, then in; refused with a reason, applied for again', async () => {
    const person = await h.person('何秀兰')
    wecom.user = 'HeXiuLan'
    const browser = new Browser()
    browser.agent = 'Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger'
    expect((await browser.through('wecom')).body).toEqual({ binding: 'needed', provider: 'wecom', name: 'HeXiuLan' })
    expect(await browser.bind(person, 'wrong')).toMatchObject({ status: 401, body: { code: 'wrongPassword', captcha: true } })
    await h.kernel.db.query('DELETE FROM kernel.sign_in_failure')
    const [applied, again] = [await browser.bind(person), await browser.bind(person)]
    expect([applied.body, again.body].map((one) => one['binding'])).toEqual(['waiting', 'waiting'])
    expect(browser.jar.has('xinglin_session')).toBe(false)
    expect((await new Browser().through('wecom')).body).toMatchObject({ binding: 'waiting' })
    const first = await waiting('HeXiuLan')
    expect((await judge(first, 'refuse', ' ')).json()).toMatchObject({ code: 'invalid', problems: [{ field: 'reason', message: '请写明驳回原因' }] }) // prettier-ignore
    expect((await judge(first, 'refuse', '请本人到信息中心核对')).status).toBe(200)
    expect((await judge(first, 'approve')).json()).toMatchObject({ code: 'flowRefused', title: '已有人处理' })
    const retry = new Browser()
    expect((await retry.through('wecom')).body).toMatchObject({ binding: 'needed', refused: '请本人到信息中心核对' })
    await retry.bind(person)
    expect((await judge(await waiting('HeXiuLan'), 'approve')).status).toBe(200)
    expect((await retry.take()).body).toMatchObject({ person: { id: person } })
    const told = await h.kernel.db.query(`SELECT title FROM kernel.message WHERE person = $1 ORDER BY at, id`, [person])
    expect(told.map((one) => one['title'])).toEqual(['企业微信绑定被驳回', '企业微信绑定已通过'])
    const acts = await h.kernel.db.query<{ act: string }>(
      `SELECT act FROM kernel.audit_entry WHERE act LIKE 'binding.%' AND outcome = 'done'`,
    )
    expect(acts.map(({ act }) => act).sort()).toEqual(['binding.apply', 'binding.apply', 'binding.approve', 'binding.refuse'])
  })
  test('one subject is one account; a new telephone takes the place of the old; ended is ended; nobody decides on his own', async () => {
    const [one, two] = [await h.person('孙宁'), await h.person('马超')]
    wecom.user = 'SunNing'
    const browser = new Browser()
    await browser.through('wecom')
    await browser.bind(one)
    expect(await browser.bind(two)).toMatchObject({ status: 409, body: { code: 'flowRefused' } })
    await judge(await waiting('SunNing'), 'approve')
    wecom.user = 'SunNing-new'
    const other = new Browser()
    await other.through('wecom')
    await other.bind(one)
    await judge(await waiting('SunNing-new'), 'approve')
    expect((await other.take()).status).toBe(200)
    const rows = () => h.kernel.db.query(`SELECT subject, status, reason FROM security.binding WHERE account = (SELECT id FROM security.account WHERE person = $1) ORDER BY subject`, [one]) // prettier-ignore
    expect(await rows()).toEqual([{ subject: 'SunNing', status: 'ended', reason: '换绑' }, { subject: 'SunNing-new', status: 'active', reason: null }]) // prettier-ignore
    const own = await h.signIn(one)
    const list = (await own.call('GET', '/api/records/security.binding')).json<{ rows: { id: string; status: string }[] }>().rows
    expect(list.length).toBe(2)
    expect((await own.call('POST', `/api/bindings/${list[0]!.id}/judge`, { verdict: 'end', reason: 'x' })).status).toBe(403)
    const foreign = await h.signIn(two)
    const active = list.find(({ status }) => status === 'active')!.id
    expect((await foreign.call('POST', `/api/me/bindings/${active}/end`)).status).toBe(404)
    expect((await own.call('POST', `/api/me/bindings/${active}/end`)).status).toBe(200)
    expect((await new Browser().through('wecom')).body).toMatchObject({ binding: 'needed' })
    wecom.user = 'WangJianguo'
    const officers = new Browser()
    await officers.through('wecom')
    await officers.bind(officer)
    expect((await judge(await waiting('WangJianguo'), 'approve')).json()).toMatchObject({ code: 'noRight', title: '自己的绑定由另一位管理员办理' }) // prettier-ignore
  })
  test('a token that ended is fetched once more, a used code is refused, a stranger to the firm too; the second factor stays', async () => {
    const person = await h.person('高璐')
    wecom.user = 'GaoLu'
    const browser = new Browser()
    await browser.through('wecom')
    const before = wecom.tokens
    await browser.bind(person)
    await judge(await waiting('GaoLu'), 'approve')
    wecom.endToken()
    expect((await new Browser().through('wecom')).body).toMatchObject({ person: { id: person } })
    expect(wecom.tokens).toBe(before + 1)
    const used = await browser.away('wecom')
    const late = await new Browser().away('wecom')
    await browser.back(used)
    const third = new Browser()
    const fresh = await third.away('wecom')
    await third.back(fresh.replace(/code=[^&]+/, `code=${new URL(used, 'http://x').searchParams.get('code')}`))
    expect((await third.take()).body).toMatchObject({ title: '企业微信的登录码已失效，请重新登录' })
    expect(late).not.toBe(used)
    wecom.user = null
    expect((await new Browser().through('wecom')).body).toMatchObject({ title: '您不是本单位企业微信的成员，不能用它登录' })
    wecom.user = 'GaoLu'
    const secret = await bindFactor(person)
    const last = new Browser()
    const { ticket } = (await last.through('wecom')).body
    expect((await last.ask('POST', '/api/sign-in/second', { ticket, code: codeOf(secret) })).body).toMatchObject({ person: { id: person } })
    expect((await outcomes('wecom')).at(-1)).toEqual({ outcome: 'done', person })
  })
})

describe('CAS', () => {
  test('the first time a binding, then in; a ticket is good for its service and once', async () => {
    const person = await h.person('郑毅')
    cas.user = 'zhengyi'
    const browser = new Browser()
    const answer = await browser.away('cas')
    await browser.back(answer)
    expect((await browser.take()).body).toMatchObject({ binding: 'needed', provider: 'cas', name: 'zhengyi' })
    await browser.bind(person)
    await judge(await waiting('zhengyi'), 'approve')
    expect((await browser.take()).body).toMatchObject({ person: { id: person } })
    const ticket = new URL(answer, 'http://x').searchParams.get('ticket')!
    const other = new Browser()
    await other.back((await other.away('cas')).replace(/ticket=[^&]+/, `ticket=${ticket}`))
    expect((await other.take()).body).toMatchObject({ title: '单点登录的凭据已失效，请重新登录' })
  })
  test('who begins and comes back with nothing, again and again, is one row a minute with its number', async () => {
    const rows = () => h.kernel.db.query<{ times: number }>(`SELECT times FROM security.sign_in WHERE method = 'cas' AND outcome = 'identity' AND at >= $1 ORDER BY at`, [began]) // prettier-ignore
    const later = () => h.clock.set(new Date(h.clock.now().getTime() + 61_000).toISOString())
    const audited = async () => (await h.kernel.db.query(`SELECT 1 FROM kernel.audit_entry WHERE act = 'signIn' AND outcome = 'refused' AND at >= $1`, [began])).length // prettier-ignore
    later()
    const began = h.clock.now().toISOString()
    const empty = async () => {
      const browser = new Browser()
      await browser.back((await browser.away('cas')).replace(/ticket=[^&]+/, 'ticket='))
      expect((await browser.take()).body).toMatchObject({ title: '已在单点登录中取消登录' })
    }
    for (let n = 0; n < 20; n++) await empty()
    expect([(await rows()).length, await audited()]).toEqual([1, 1])
    later()
    await empty()
    expect([(await rows()).map(({ times }) => times).slice(1), await audited()]).toEqual([[20], 2])
  })
  test('why nobody was proved is told to those who set it up, not to whoever stands before the page', async () => {
    const [way] = waysFromEnvironment({ XINGLIN_CAS: `${cas.url}/cas` }).ways
    const { url, token } = await beginErrand(h.kernel, way!, { callback: 'http://house.example:8080/back', goesTo: '/', agent: '' })
    cas.said = '<html>502</html>'
    const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location')!)
    const causes: unknown[] = []
    const from = { address: '10.9.9.9', agent: '', onRefused: ({ detail }: Refusal) => void causes.push(detail['cause']) }
    expect(await finishErrand(h.kernel, way!, token, back.search, from)).toBe('/')
    expect(causes).toEqual(['hostile'])
    await expect(takeErrand(h.kernel, token, from)).rejects.toThrow(/^单点登录未能确认您的身份，请重试$/)
  })
  test('an attribute or the name itself may be our staff number, where the server is trusted with it', async () => {
    const person = await h.person('吴静', { staffNumber: '92001' })
    await using trusting = await new CasService().start()
    trusting.user = 'wj'
    trusting.attributes = { employeeNumber: '92001', displayName: '吴静' }
    const [way] = waysFromEnvironment({ XINGLIN_CAS: `${trusting.url}/cas/`, XINGLIN_CAS_STAFF_CLAIM: 'employeeNumber' }).ways
    const errand = { state: 's', nonce: '', verifier: '', callback: 'http://house.example/back' }
    const back = await fetch(await way!.start(errand, ''), { redirect: 'manual' })
    expect(await way!.finish(errand, new URL(back.headers.get('location')!))).toEqual({ subject: 'wj', name: '吴静', staffNumber: '92001', twoFactors: false }) // prettier-ignore
    expect(person).toBeTypeOf('string')
  })
  const wrap = (inner: string) => `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess>${inner}</cas:authenticationSuccess></cas:serviceResponse>` // prettier-ignore
  test.each([
    ['a declaration', `<!DOCTYPE x [<!ENTITY a "admin">]>${wrap('<cas:user>&a;</cas:user>')}`],
    ['a comment within the name', wrap('<cas:user>admin<!-- -->.evil</cas:user>')],
    ['character data', wrap('<cas:user><![CDATA[admin]]></cas:user>')],
    ['two names', wrap('<cas:user>a</cas:user><cas:user>admin</cas:user>')],
    ['a name elsewhere', wrap('<cas:attributes><cas:user>admin</cas:user></cas:attributes>')],
    ['no root', '<cas:authenticationSuccess><cas:user>admin</cas:user></cas:authenticationSuccess>'],
    ['an endless depth', wrap(`${'<a>'.repeat(100_000)}`)],
    ['a failure beside it', wrap('<cas:user>admin</cas:user>').replace('<cas:authenticationSuccess>', '<cas:authenticationFailure code="X"/><cas:authenticationSuccess>')],
    ['a page', '<html><body>502</body></html>'],
    ['nothing', ''],
  ])('a response with %s proves nobody', (_what, text) => {
    expect(() => readServiceResponse(text)).toThrow('未能确认您的身份')
  }) // prettier-ignore
})

test('a staff number opens no officer’s account, nor one of whoever got it just now', async () => {
  const security = await h.person('许安', { staffNumber: '91010', roles: ['securityOfficer'] })
  oidc.user = { sub: 'xuan', name: '许安', employee_number: '91010' }
  const browser = new Browser()
  expect((await browser.through('oidc')).body).toEqual({ binding: 'needed', provider: 'oidc', name: '许安' })
  await browser.bind(security)
  await judge(await waiting('xuan'), 'approve')
  expect((await browser.take()).body).toMatchObject({ person: { id: security } })
  const victim = await h.person('马超然', { staffNumber: '91011' })
  const keeper = await h.signIn(officer)
  const { record } = (await keeper.call('GET', `/api/records/directory.person/${victim}`)).json<{ record: { version: number } }>()
  const moved = await keeper.call('PATCH', `/api/records/directory.person/${victim}`, { version: record.version, changes: { staffNumber: '91012' } }) // prettier-ignore
  expect(moved.status).toBe(200)
  oidc.user = { sub: 'keeper', name: '自己', employee_number: '91012' }
  expect((await new Browser().through('oidc')).body).toMatchObject({ binding: 'needed' })
  h.clock.set(new Date(h.clock.now().getTime() + 3 * 86_400_000 + 1000).toISOString())
  expect((await new Browser().through('oidc')).body).toMatchObject({ person: { id: victim } })
})

test('above what one address may begin within a minute the page of sign-in says so, not a window with a refusal in it', async () => {
  const browser = new Browser()
  for (let n = 0; n < 600; n++) await browser.back('/api/sign-in/outside/oidc/back?state=none')
  expect(await browser.ask('GET', '/api/sign-in/outside/oidc')).toMatchObject({ status: 302, location: '/#sign-in-away=oidc' })
  expect(await browser.back('/api/sign-in/outside/oidc/back?state=none')).toMatchObject({ status: 302, location: '/#sign-in-failed' })
  h.clock.set(new Date(h.clock.now().getTime() + 60_000).toISOString())
  expect((await browser.ask('GET', '/api/sign-in/outside/oidc')).location).toContain(oidc.url)
})
test('what cannot work is told before anything starts', () => {
  expect(() => waysFromEnvironment({ XINGLIN_OIDC_ISSUER: 'http://sso.hospital', XINGLIN_OIDC_CLIENT: 'a', XINGLIN_OIDC_SECRET: 'b' })).toThrow('须用 https') // prettier-ignore
  expect(() => waysFromEnvironment({ XINGLIN_OIDC_ISSUER: 'https://sso.hospital' })).toThrow('缺少 XINGLIN_OIDC_CLIENT')
  expect(() => waysFromEnvironment({ XINGLIN_CAS: 'sso' })).toThrow('XINGLIN_CAS“sso”不对')
  expect(() => waysFromEnvironment({ XINGLIN_URL: 'https://house/app' })).toThrow('XINGLIN_URL')
  expect(waysFromEnvironment({}).ways).toEqual([])
})
