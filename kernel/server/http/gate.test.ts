import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { Service } from '../service.ts'
import { loggedRequest } from './logged.ts'

/** Work that goes on until the test lets it end. */
const open: (() => void)[] = []
const hold = () => new Promise<{ done: boolean }>((end) => void open.push(() => end({ done: true })))
const slow: Service = {
  name: 'test.slow',
  routes({ app }) {
    app.get('/api/test/slow', { config: { who: 'signedIn' } }, hold)
    app.post('/api/test/slow', { config: { who: 'signedIn' } }, hold)
    app.get('/api/test/programs', { config: { who: 'signedIn', lane: 'programs' } }, () => ({ done: true }))
  },
}
let h: TestHospital
let url = ''
let session: HttpSession
beforeAll(async () => {
  h = await hospital({
    services: [slow],
    bounds: { people: { atOnce: 2, waiting: 1, waitMs: 20_000 }, passwords: { atOnce: 2, waiting: 20, waitMs: 20_000 } },
  })
  session = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
  url = await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => h[Symbol.asyncDispose]())

const ask = (path: string, init: RequestInit = {}) =>
  fetch(url + path, { ...init, headers: { cookie: session.cookie, 'x-csrf-token': session.csrf } })
/** So many are worked on, so many wait. */
async function load(inside: number, waiting = 0): Promise<void> {
  await expect.poll(() => h.house.server.lanes.get('people')!.load).toEqual({ inside, waiting })
}
const endAll = () => open.splice(0).forEach((end) => end())

describe('the gate', () => {
  test('refuses what is beyond its bounds in words, with the seconds to wait, whoever asks; what waits is answered in its turn', async () => {
    const first = [ask('/api/test/slow'), ask('/api/test/slow')]
    await load(2)
    const third = ask('/api/me')
    await load(2, 1)
    // Refused before anybody is asked who he is.
    expect((await fetch(`${url}/api/me`)).status).toBe(503)
    const refused = await ask('/api/me')
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('content-type')]).toEqual([503, '20', 'application/problem+json; charset=utf-8']) // prettier-ignore
    expect(await refused.json()).toMatchObject({ code: 'busy', title: '系统繁忙，请稍后再试' })
    const write = await ask('/api/test/slow', { method: 'POST' })
    expect([write.status, open.length]).toEqual([503, 2])
    endAll()
    expect((await Promise.all([...first, third])).map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await ask('/api/me')).status).toBe(200)
  })

  test('lets programs, streams and pages by while people wait', async () => {
    const first = [ask('/api/test/slow'), ask('/api/test/slow')]
    await load(2)
    first.push(ask('/api/me'))
    await load(2, 1)
    expect((await ask('/api/me')).status).toBe(503)
    expect((await ask('/api/test/programs')).status).toBe(200)
    expect((await ask('/no-such-page')).status).toBe(404)
    const stream = new AbortController()
    expect((await ask('/api/live', { signal: stream.signal })).status).toBe(200)
    stream.abort()
    endAll()
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200])
  })

  test('lets nobody wait behind the many who sign in', async () => {
    const many = Array.from({ length: 12 }, (_, n) => fetch(`${url}/api/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: `nobody${n}`, password: 'x' }) })) // prettier-ignore
    await expect.poll(() => h.house.server.lanes.get('passwords')!.load.waiting).toBeGreaterThan(0)
    expect((await ask('/api/me')).status).toBe(200)
    expect(h.house.server.lanes.get('passwords')!.load.waiting).toBeGreaterThan(0)
    expect((await Promise.all(many)).map(({ status }) => status)).toEqual(Array(12).fill(401))
  })

  test('takes whoever has gone out of the queue; work begun for one who has gone keeps its place until it ends', async () => {
    const leaving = new AbortController()
    const gone = [ask('/api/test/slow', { signal: leaving.signal }), ask('/api/test/slow', { method: 'POST', signal: leaving.signal })]
    await load(2)
    const waiting = ask('/api/me', { signal: leaving.signal })
    await load(2, 1)
    leaving.abort()
    for (const one of [...gone, waiting]) await expect(one).rejects.toThrow()
    // Nobody waits any more, both places are still taken: the next one waits.
    await load(2)
    const later: { answer?: Response } = {}
    const next = (async () => void (later.answer = await ask('/api/me')))()
    await load(2, 1)
    expect(later.answer).toBeUndefined()
    endAll()
    await next
    expect(later.answer?.status).toBe(200)
    expect((await ask('/api/me')).status).toBe(200)
  })

  test('gives its place to nobody who is still sending', async () => {
    const body = new TransformStream<Uint8Array, Uint8Array>()
    const writer = body.writable.getWriter()
    const sending = Array.from({ length: 2 }, () => new AbortController())
    const slowly = sending.map((one, n) =>
      fetch(`${url}/api/test/slow`, {
        method: 'POST',
        headers: { cookie: session.cookie, 'x-csrf-token': session.csrf, 'content-type': 'application/json' },
        body: n === 0 ? body.readable : new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode('{')) }),
        duplex: 'half',
        signal: one.signal,
      } as RequestInit),
    )
    await writer.write(new TextEncoder().encode('{'))
    const first = [ask('/api/test/slow'), ask('/api/test/slow')]
    await load(2)
    await expect.poll(() => open.length).toBe(2)
    endAll()
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200])
    for (const one of sending) one.abort()
    for (const one of slowly) await expect(one).rejects.toThrow()
  })
})

test('a stranger’s body is no larger than a form, and the log keeps nothing that proves somebody', async () => {
  const tooLong = { account: 'x'.repeat(300_000), password: 'x' }
  const answer = await fetch(`${url}/api/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(tooLong) }) // prettier-ignore
  expect(await answer.json()).toMatchObject({ status: 413, code: 'tooLarge' })
  const logged = (address: string) => loggedRequest({ method: 'GET', url: address, ip: '10.0.0.1' })
  expect([logged('/api/sign-in/outside/oidc/back?code=abc&state=def'), logged('/api/s/token123/open'), logged('/s/token123')]).toEqual([
    { method: 'GET', url: '/api/sign-in/outside/oidc/back', remoteAddress: '10.0.0.1' },
    { method: 'GET', url: '/api/s/…/open', remoteAddress: '10.0.0.1' },
    { method: 'GET', url: '/s/…', remoteAddress: '10.0.0.1' },
  ])
})

test('a stop does not wait for a browser that has connected and asked nothing', async () => {
  await using other = await hospital()
  const { port } = new URL(await other.house.server.app.listen({ port: 0, host: '127.0.0.1' }))
  const silent = connect(Number(port), '127.0.0.1')
  await new Promise((resolve) => silent.once('connect', resolve))
  await other.house.server.app.inject('/api/me')
  const gone = new Promise((resolve) => silent.once('close', resolve))
  silent.on('error', () => undefined)
  await Promise.all([other.house.server.app.close(), gone])
  expect(silent.destroyed).toBe(true)
})
