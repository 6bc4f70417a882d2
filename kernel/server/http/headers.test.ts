import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileValue } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let officer: HttpSession
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinglin-page-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><meta property="csp-nonce" nonce="XINGLIN-NONCE"><script type="module" src="/assets/a-1.js" nonce="XINGLIN-NONCE"></script>')
  await writeFile(join(folder, 'assets', 'a-1.js'), 'export {}')
  h = await hospital({ pageFolder: folder, proxies: ['127.0.0.1'] })
  officer = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
}) // prettier-ignore
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
const ask = (method: string, url: string, headers: Record<string, string> = {}) =>
  h.house.server.app.inject({ method: method as 'GET', url, headers })
const policyOf = (headers: Record<string, unknown>) =>
  new Map(
    String(headers['content-security-policy'])
      .split('; ')
      .map((line) => [line.split(' ')[0]!, line.split(' ').slice(1)]),
  )

test('every route answers with the headers of the house, whoever asks and however he is answered, and none says what serves it', async () => {
  const { routes } = h.house.server
  const problems: string[] = []
  for (const { method, url } of routes)
    for (const one of [method].flat())
      for (const cookie of ['', officer.cookie]) {
        // The stream of counts has no end.
        if (url === '/api/live' && cookie) continue
        const answer = await ask(one, url.replace(/:\w+|\*/g, 'x'), cookie ? { cookie } : {})
        const policy = policyOf(answer.headers)
        const say = (isRight: boolean, what: string) => isRight || problems.push(`${one} ${url} ${answer.statusCode}: ${what}`)
        say(answer.headers['x-content-type-options'] === 'nosniff', 'nosniff')
        say(policy.get('frame-ancestors')?.join() === "'none'", 'frame-ancestors')
        say(policy.get('default-src')?.join() === "'none'", 'default-src')
        say(policy.get('base-uri')?.join() === "'none'", 'base-uri')
        say(!/unsafe|\*/.test(String(answer.headers['content-security-policy'])), 'a policy with a hole')
        say(answer.headers['referrer-policy'] !== undefined, 'referrer-policy')
        say(answer.headers['cross-origin-resource-policy'] === 'same-origin', 'cross-origin-resource-policy')
        say(answer.headers['server'] === undefined && answer.headers['x-powered-by'] === undefined, 'banner')
        if (url.startsWith('/api')) say(/no-store|no-cache/.test(String(answer.headers['cache-control'])), 'cache-control')
      }
  expect(routes.length).toBeGreaterThan(150)
  expect(problems).toEqual([])
})

test('the page carries a number of its own in each answer; its policy knows no other style element, and no script but our files', async () => {
  const [one, other] = [await ask('GET', '/'), await ask('GET', '/r/staff.practitioner')]
  const nonces = [one, other].map(({ body, headers }) => {
    const nonce = /nonce="([^"]+)"/.exec(body)![1]!
    expect(body).not.toContain('XINGLIN-NONCE')
    const policy = policyOf(headers)
    expect(policy.get('script-src')).toEqual(["'self'"])
    expect(policy.get('style-src')).toEqual(["'self'", `'nonce-${nonce}'`])
    expect([policy.get('object-src'), policy.get('form-action'), policy.get('frame-ancestors')]).toEqual([
      ["'none'"],
      ["'self'"],
      ["'none'"],
    ])
    expect([headers['cross-origin-opener-policy'], headers['cache-control'], headers['x-frame-options']]).toEqual([
      'same-origin',
      'no-store',
      'DENY',
    ])
    expect(headers['permissions-policy']).toContain('microphone=(self)')
    return nonce
  })
  expect(nonces[0]).not.toBe(nonces[1])
  expect((await ask('GET', '/index.html')).body).not.toContain('XINGLIN-NONCE')
  expect((await ask('GET', '/assets/a-1.js')).headers['cache-control']).toContain('immutable')
})

test('folders are not listed, and nothing outside the page’s folder is served', async () => {
  for (const url of [
    '/assets/',
    '/assets',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/.hash',
    '/%00',
  ]) {
    const { body } = await ask('GET', url)
    expect([url, /"dependencies"|a-1\.js<\/a>|Index of/.test(body)]).toEqual([url, false])
  }
})

test('whoever comes by TLS is told to come by nothing else for a year; whoever does not is told nothing', async () => {
  const tls = await ask('GET', '/', { 'x-forwarded-proto': 'https' })
  expect(tls.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
  expect((await ask('GET', '/api/sign-in', { 'x-forwarded-proto': 'https' })).headers['strict-transport-security']).toBeDefined()
  expect((await ask('GET', '/')).headers['strict-transport-security']).toBeUndefined()
})

test('a file that somebody sent is shown under a policy of its own; a drawing with a script and a page are not taken at all', async () => {
  const send = async (name: string, content: Buffer | string) => {
    const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: image/png\r\n\r\n`
    const body = Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from('\r\n--x--\r\n')])
    const taken = await officer.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })
    if (taken.status === 422) return null
    return (await officer.call('GET', `/api/files/${taken.json<FileValue & object>().id}`)).headers
  }
  for (const [name, content] of [['a.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'], ['a.html', '<!doctype html><script>alert(1)</script>']] as const)
    expect([name, await send(name, content)]).toEqual([name, null])
  const page = (await send('a.txt', '<!doctype html><script>alert(1)</script>'))!
  expect(policyOf(page).has('sandbox')).toBe(true)
  expect([String(page['content-disposition']).split(';')[0], page['x-content-type-options'], page['cache-control']]).toEqual(['attachment', 'nosniff', 'no-store'])
  const pdf = (await send('a.pdf', '%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF'))!
  expect([String(pdf['content-disposition']).split(';')[0], policyOf(pdf).get('frame-ancestors')]).toEqual(['inline', ["'self'"]])
}) // prettier-ignore
