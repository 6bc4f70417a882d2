import { createServer as createTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { selfSigned } from '#app/testing/certificate.ts'
import { Loopback, jsonAnswer, type LoopbackAnswer } from '#app/testing/loopback.ts'
import { OidcWay } from './access/outside/oidc.ts'
import { SmsGateway } from './access/sms/gateway.ts'
import { S3Store } from './files/s3-store.ts'
import { wayTo } from './outgoing-named.ts'

/** A system that answers what a test says, and remembers by what it was asked. */
class Named extends Loopback {
  readonly asked: string[] = []
  says: (url: URL) => LoopbackAnswer = () => ({ body: '收到' })
  protected answer(_request: unknown, url: URL): LoopbackAnswer {
    this.asked.push(url.pathname)
    return this.says(url)
  }
}
const [own, other] = [new Named(), new Named()]
beforeAll(async () => void (await Promise.all([own.start(), other.start()])))
afterAll(async () => void (await Promise.all([own.stop(), other.stop()])))
afterEach(() => {
  own.says = () => ({ body: '收到' })
  own.asked.length = other.asked.length = 0
})
const reason = (work: Promise<unknown>) => work.then(() => 'no reason', (error: Error) => `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`) // prettier-ignore

test('what was named is asked, also inside; nothing else is, and no answer sends anybody elsewhere', async () => {
  const way = wayTo(new URL(own.url))
  expect(await (await way(`${own.url}/send`)).text()).toBe('收到')
  expect(await reason(way(`${other.url}/send`))).toContain('不在配置的地址之列')
  own.says = () => ({ status: 302, headers: { location: `${other.url}/stolen` } })
  expect(await reason(way(`${own.url}/send`))).toContain('redirect')
  expect([own.asked, other.asked]).toEqual([['/send', '/send'], []])
})
test('nobody names the addresses under which a cloud tells a machine its keys, nor what is no machine; a name that stands for one is refused as it is resolved', async () => {
  for (const host of ['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200', '0.0.0.0', '[::]', '224.0.0.1', '2852039166', '[::ffff:169.254.169.254]'])
    expect(() => wayTo(new URL(`http://${host}/`)), host).toThrow('不能连接地址')
  expect(() => new SmsGateway(new URL('https://169.254.169.254/latest'), 'x'.repeat(16))).toThrow('不能连接地址')
  expect(() => new S3Store({ endpoint: 'http://169.254.169.254', bucket: 'b', id: 'a', secret: 'b', region: 'c' })).toThrow('不能连接地址')
}) // prettier-ignore
test('the store of files and the gateway for messages follow no answer elsewhere', async () => {
  own.says = () => ({ status: 307, headers: { location: `${other.url}/stolen` } })
  expect(await new SmsGateway(new URL(`${own.url}/send`), 'x'.repeat(16)).send({ id: '1', mobile: '13800000000', text: '验证码' })).toBe('away') // prettier-ignore
  const store = new S3Store({ endpoint: own.url, bucket: 'files', id: 'a', secret: 'b', region: 'c' })
  expect(await reason(store.remove('ab/one'))).toContain('S3 does not answer')
  expect(other.asked).toEqual([])
})
test('a provider of identities that keeps its tokens elsewhere is not followed there, unless that was named too', async () => {
  const discovery = () => ({ issuer: own.url, authorization_endpoint: `${own.url}/authorize`, token_endpoint: `${other.url}/token`, jwks_uri: `${other.url}/jwks`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] }) // prettier-ignore
  own.says = () => jsonAnswer(discovery())
  const place = { issuer: new URL(own.url), clientId: 'xinglin', secret: 's', label: 'x', staffClaim: null }
  const errand = { callback: 'http://house.example/back', state: 'state', nonce: 'nonce', verifier: 'v'.repeat(50) }
  const back = new URL('http://house.example/back?code=abc&state=state')
  const ask = (hosts: URL[]) => reason(new OidcWay({ ...place, hosts }).finish(errand, back))
  await ask([])
  expect([own.asked, other.asked]).toEqual([['/.well-known/openid-configuration'], []])
  await ask([new URL(other.url)])
  expect(other.asked).toEqual(['/token'])
})
test('TLS is proved, whatever the environment says of it', async () => {
  const server = createTls(selfSigned('localhost'), (_request, response) => void response.end('falsch'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  try {
    const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}/`)
    expect(await reason(wayTo(url)(url))).toContain('self-signed')
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    server.close()
  }
})
