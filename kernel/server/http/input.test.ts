import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let officer: HttpSession
let port: number
beforeAll(async () => {
  h = await hospital()
  officer = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
  await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
  port = (h.house.server.app.server.address() as AddressInfo).port
})
afterAll(() => h[Symbol.asyncDispose]())

/** What is sent byte by byte, past every client that would send it right; the answer to its end. */
async function send(text: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data: Buffer) => (answer += data.toString())).on('error', () => undefined)
  socket.write(text)
  await once(socket, 'close')
  return answer
}
const json = { 'content-type': 'application/json' }
const post = (body: string | Buffer, headers: Record<string, string> = json) => officer.call('POST', '/api/messages/read', body, headers)
const said = async (answer: ReturnType<HttpSession['call']>) => {
  const { status, text } = await answer
  return [status, text ? (JSON.parse(text) as { title?: string }).title : '']
}

test('JSON that means two things, reaches into programs, nests without end or is no text is refused, and told why', async () => {
  expect(await said(post('{"all":true}'))).toEqual([200, undefined])
  expect(await said(post('{"all":true,"all":false}'))).toEqual([400, '“all”出现了两次'])
  expect(await said(post('{"__proto__":{"isAdmin":true},"all":true}'))).toEqual([400, '不接受名为“__proto__”的内容'])
  expect(await said(post('{"constructor":{"prototype":{"isAdmin":true}},"all":true}'))).toEqual([400, '不接受名为“constructor”的内容'])
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  expect(await said(post('{"a":'.repeat(5000) + '1' + '}'.repeat(5000)))).toEqual([400, '嵌套超过 40 层'])
  expect(await said(post(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])))).toEqual([400, '内容不是 UTF-8 文本'])
  expect(await said(post('{"all":true'))).toEqual([400, '内容不是 JSON'])
  for (const shape of ['[]', '"x"', 'null', '1']) expect([shape, (await post(shape))['status']]).toEqual([shape, 400])
})
test('a body of another kind than it says, or of none that is read here, is refused', async () => {
  expect((await post('all=true', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
  expect((await post('{"all":true}', { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await post('<a/>', { 'content-type': 'application/xml' })).status).toBe(415)
  expect((await post('{"all":true}', { 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(415)
  expect((await officer.call('POST', '/api/files', '{}', json)).status).toBe(400)
})
test('a parameter said twice, a NUL and what is no character are refused in the address; half an escape is no fault', async () => {
  expect(await said(officer.call('GET', '/api/search?q=a&q=b'))).toEqual([400, '参数“q”出现了多次'])
  expect(await said(officer.call('GET', '/api/search?q=a%00b'))).toEqual([400, '地址中含有无法识别的字符'])
  expect(await said(officer.call('GET', '/api/records/staff.title/used/a%00b'))).toEqual([400, '地址中含有无法识别的字符'])
  expect((await officer.call('GET', '/api/search?q=%ed%a0%80')).status).toBeLessThan(500)
  expect((await officer.call('GET', '/api/records/%zz')).status).toBe(400)
  expect((await officer.call('GET', `/api/search?q=${'a'.repeat(17_000)}`)).status).toBe(400)
})
test('a text that no database holds is told where it was filled in, and nowhere breaks the program', async () => {
  const answer = await officer.call('POST', '/api/records/privileges.codeMapping', { local: 'a\u0000b', procedure: 'x\ud800' })
  expect(answer.status).toBeLessThan(500)
  expect(await said(officer.call('PUT', '/api/phrases', { phrases: ['a\u0000b'] }))).toEqual([400, '含有无法保存的字符'])
  expect(await said(officer.call('POST', '/api/tasks/bulk', { tasks: [null] }))).toEqual([400, '没有选择待办'])
})
test('no header makes another method of a request, another address of its sender or another house of this one', async () => {
  const override = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-forwarded-for': '1.2.3.4', 'x-forwarded-host': 'evil.example', 'x-original-url': '/api/audit', host: 'evil.example' } // prettier-ignore
  const answer = await officer.call('GET', '/api/me?_method=DELETE', undefined, override)
  expect([answer.status, answer.text.includes('evil.example'), answer.headers['set-cookie']]).toEqual([200, false, undefined])
  const failed = await h.house.server.app.inject({ method: 'POST', url: '/api/sign-in', headers: override, payload: { account: 'x', password: 'y' } }) // prettier-ignore
  expect(failed.statusCode).toBe(401)
  expect(await h.kernel.db.query(`SELECT 1 FROM kernel.audit_entry WHERE address = '1.2.3.4'`)).toEqual([])
})
test('what is no HTTP is answered like everything else: in Chinese, under the headers of the house, naming no product', async () => {
  const answers = [
    await send('NONSENSE\r\n\r\n'),
    await send('GET / HTTP/9.9\r\n\r\n'),
    await send('GET /api/me HTTP/1.1\r\nhost: a\r\nx a: 1\r\n\r\n'),
    await send('POST /api/sign-in HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    await send('POST /api/sign-in HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcd'),
  ]
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).toContain('请求的格式不对')
    expect(answer).toContain("default-src 'none'")
    expect(answer).not.toMatch(/node|fastify|HPE_|x-powered-by|server:/i)
  }
  expect(await send(`GET /api/me HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 [\s\S]*请求头过大/)
  expect(await send('GET /%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 [\s\S]*default-src 'none'[\s\S]*地址无法识别/,
  )
})
test('whoever sends a body without an end is cut off', async () => {
  const { server } = h.house.server.app
  const { requestTimeout: usual, headersTimeout } = server
  Object.assign(server, { requestTimeout: 300, headersTimeout: 300 })
  try {
    const began = performance.now()
    expect(await send('POST /api/sign-in HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{')).toMatch(/^HTTP\/1\.1 408 [\s\S]*请求发送得太慢/) // prettier-ignore
    expect(performance.now() - began).toBeLessThan(9000)
  } finally {
    Object.assign(server, { requestTimeout: usual, headersTimeout })
  }
  expect(usual).toBe(600_000)
})
