import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Outgoing, outgoingFromEnvironment } from './outgoing.ts'

/** Two neighbours on this machine: the hospital lets the first be spoken to, never the second. */
const [open, closed] = ['127.0.0.1', '127.0.0.2']
let answer: RequestListener
const asked: string[] = []
const servers: Server[] = []
let port: number
beforeAll(async () => {
  const listen = async (host: string, at: number): Promise<number> => {
    const server = createServer((request, response) => {
      asked.push(`${host} ${request.method} ${request.headers.host?.split(':')[0]}`)
      answer(request, response)
    })
    servers.push(server)
    await new Promise<void>((done) => server.listen(at, host, done))
    return (server.address() as AddressInfo).port
  }
  port = await listen(open, 0)
  await listen(closed, port)
})
beforeEach(() => {
  asked.length = 0
  answer = (_, response) => void response.end('收到')
})
afterAll(() => servers.forEach((server) => void server.close()))

const found = (...addresses: string[]) => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
const post = { method: 'POST', body: '{}', patienceMs: 3000 } as const
const reason = (work: Promise<unknown>) => work.then(() => 'no reason', (error: Error) => error.message) // prettier-ignore
const refused = (address: string) => new RegExp(`^不能连接内部地址 ${address.replaceAll('.', '\\.')}；`)

describe('a name', () => {
  test('is resolved once for a connection, and what was judged is what is connected to', async () => {
    let times = 0
    const way = new Outgoing({ allowed: [open], lookup: () => Promise.resolve(found(times++ ? closed : open)) })
    const url = `http://his.example:${port}/hook`
    expect(await way.ask(url, post)).toEqual({ status: 200, text: '收到' })
    // The same name leads inside a moment later.
    expect(await reason(way.ask(url, post))).toMatch(refused(closed))
    expect([times, asked]).toEqual([2, [`${open} POST his.example`]])
  })
  test('that also stands for a closed address is refused whole', async () => {
    const way = new Outgoing({ allowed: [open], lookup: () => Promise.resolve(found(open, closed)) })
    expect(await reason(way.ask(`http://his.example:${port}/`, post))).toMatch(refused(closed))
    expect(asked).toEqual([])
  })
  test('that stands for nothing, and one that nobody knows, say so', async () => {
    expect(await reason(new Outgoing({ lookup: () => Promise.resolve([]) }).ask('http://his.example/', post))).toBe(
      '找不到主机 his.example',
    )
    expect(await reason(new Outgoing({ lookup: () => Promise.reject(new Error('x')) }).ask('http://his.example/', post))).toBe(
      '找不到主机 his.example',
    )
  })
})

test('every inner address is refused as it stands, in each of its disguises, and nothing is sent', async () => {
  const way = new Outgoing()
  for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::]', 'localhost', 'LOCALHOST.', 'a.localhost', '10.1.2.3', '172.16.0.9', '192.168.1.1',
    '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '[fe80::1]', '[fd00::1]', '[ff02::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '127。0。0。1', '①②⑦.0.0.1'])
    expect([host, await reason(way.ask(`http://${host}:${port}/`, post))]).toEqual([host, expect.stringContaining('不能连接内部地址')])
  for (const text of ['file:///etc/passwd', 'gopher://a/', 'ftp://a/', 'javascript:1', 'unix:/run/x', '//a', 'http://a:b@c/', 'http://'])
    expect([text, way.problemOf(text)]).toEqual([text, expect.stringMatching(/^地址/)])
  expect(way.problemOf('https://his.example/hook')).toBeNull()
  expect(asked).toEqual([])
}) // prettier-ignore

test('an answer that sends elsewhere is an answer: nobody follows it', async () => {
  answer = (_, response) => void response.writeHead(302, { location: `http://${closed}:${port}/` }).end()
  expect(await new Outgoing({ allowed: [open] }).ask(`http://${open}:${port}/`, post)).toEqual({ status: 302, text: '' })
  expect(asked).toEqual([`${open} POST ${open}`])
})
test('an answer without an end, and one that never comes, are given up', async () => {
  const way = new Outgoing({ allowed: ['127.0.0.0/30'] })
  answer = (_, response) => {
    const more = () => response.write('x'.repeat(64 * 1024), () => !response.destroyed && more())
    more()
  }
  expect(await reason(way.ask(`http://${open}:${port}/`, post))).toBe('对方的应答过长')
  answer = () => undefined
  expect(await reason(way.ask(`http://${open}:${port}/`, { ...post, patienceMs: 200 }))).toBe('对方没有及时应答')
  answer = (_, response) => void response.writeHead(200).write('a')
  expect(await reason(way.ask(`http://${open}:${port}/`, { ...post, patienceMs: 200 }))).toBe('对方没有及时应答')
})
test('a name that takes too long to resolve is given up too', async () => {
  const way = new Outgoing({ lookup: () => new Promise(() => undefined) })
  expect(await reason(way.ask('http://his.example/', { ...post, patienceMs: 200 }))).toBe('对方没有及时应答')
})
test('the networks that may be spoken to come from the environment; a wrong one stops the start', () => {
  expect(outgoingFromEnvironment({ XINGLIN_OUTGOING: ' 10.1.0.0/16, 192.168.3.4 ' })).toEqual(['10.1.0.0/16', '192.168.3.4'])
  expect(outgoingFromEnvironment({})).toEqual([])
  expect(() => outgoingFromEnvironment({ XINGLIN_OUTGOING: '10.1' })).toThrow('XINGLIN_OUTGOING 中的“10.1”不对')
})
