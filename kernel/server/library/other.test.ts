import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LibraryHospital } from '#app/testing/libraries.ts'
import { jsonAnswer, Loopback, type LoopbackAnswer } from '#app/testing/loopback.ts'
import type { LibraryHead } from '#model'

const id = '018f0000-0000-7000-8000-000000000001'
const item = {
  id,
  name: '登记',
  purpose: '用途',
  category: 'other',
  hospital: '某院',
  version: 1,
  status: 'shared',
  takings: 0,
  words: '',
  at: '2026-06-01T00:00:00.000Z',
}
const key = { key: 'ak_0123456789', secret: 'xl_secret_of_the_library' }

/** A library that answers whatever a test lets it. */
class OddLibrary extends Loopback {
  says: (request: IncomingMessage) => LoopbackAnswer | Promise<LoopbackAnswer> = () => jsonAnswer({ rows: [item], next: null })
  asked: string[] = []
  protected answer(request: IncomingMessage): LoopbackAnswer | Promise<LoopbackAnswer> {
    this.asked.push(request.url!)
    return this.says(request)
  }
}
let h: LibraryHospital
let odd: OddLibrary
beforeAll(async () => {
  h = await LibraryHospital.open()
  odd = await new OddLibrary().start()
}, 60_000)
afterAll(async () => {
  await odd.stop()
  await h[Symbol.asyncDispose]()
})
const list = async (says?: OddLibrary['says']) => {
  if (says) odd.says = says
  const answer = await h.call('GET', '/api/library?place=other')
  return [answer.status, answer.json<{ title?: string }>().title ?? '']
}
const look = async (file: unknown) => {
  odd.says = () => jsonAnswer({ item, file })
  const answer = await h.call('GET', `/api/library/other/${id}`)
  return [answer.status, answer.json<{ title?: string }>().title ?? '']
}

test('a library is asked under an address, a number and a key that work; the key is shown to nobody again', async () => {
  const head = async () => (await h.call('GET', '/api/library/head')).json<LibraryHead & object>()
  expect(await list()).toEqual([404, '还没有连接其他医院的表单库'])
  const put = async (more: object) => {
    const answer = await h.call('PUT', '/api/library/connection', { url: odd.url, ...key, ...more })
    const { title, problems } = answer.json<{ title: string; problems?: { field: string; message: string }[] }>()
    return problems?.map(({ field, message }) => `${field}: ${message}`) ?? title
  }
  expect(await put({ url: '', key: '', secret: '' })).toEqual(['url: 请填写表单库的地址', 'key: 请填写密钥编号，以 ak_ 开头', 'secret: 请填写密钥'])
  expect(await put({ url: 'ftp://x' })).toEqual(['url: 地址须以 http:// 或 https:// 开头'])
  expect(await put({ url: `${odd.url}/?a=1` })).toEqual(['url: 地址不对，应为 https://主机/路径'])
  expect(await put({ url: 'http://10.0.0.8' })).toEqual([expect.stringContaining('不能连接内部地址 10.0.0.8')])
  odd.says = () => jsonAnswer({ title: '签名不对' }, 401)
  expect(await put({})).toBe('表单库不认这把密钥：签名不对')
  expect(await head()).toMatchObject({ connection: null })
  odd.says = () => jsonAnswer({ rows: [item], next: null })
  expect((await h.call('PUT', '/api/library/connection', { url: `${odd.url}/`, ...key })).status).toBe(200)
  expect(await head()).toMatchObject({ connection: { url: odd.url, key: key.key, by: '实施员' } })
  // The key stays where only the number changes, and goes to no other address.
  expect((await h.call('PUT', '/api/library/connection', { url: odd.url, key: 'ak_other', secret: '' })).status).toBe(200)
  expect(await put({ url: 'http://127.0.0.1:9', secret: '' })).toEqual(['secret: 请填写密钥'])
  const [stored] = await h.h.kernel.db.query<{ secret: Buffer }>(`SELECT secret FROM kernel.library_connection`)
  expect(stored!.secret.toString('latin1')).not.toContain(key.secret)
  const told = await h.h.kernel.db.query(`SELECT detail FROM kernel.audit_entry WHERE act = 'library.connect'`)
  expect([told.length, JSON.stringify(told).includes(key.secret)]).toEqual([2, false])
  expect((await h.call('GET', '/api/library/head')).text).not.toContain(key.secret)
}, 60_000) // prettier-ignore

test('a library that is away, refuses, leads elsewhere, answers nonsense or without an end is told of in words', async () => {
  expect(await list(() => jsonAnswer({ rows: [item], next: null }))).toEqual([200, ''])
  expect(await list(() => jsonAnswer({ title: '没有权限' }, 403))).toEqual([424, '表单库没有给本院这项权限：没有权限'])
  expect(await list(() => jsonAnswer({ title: '一'.repeat(5000) }, 429))).toEqual([424, `表单库拒绝了：${'一'.repeat(200)}`])
  expect(await list(() => ({ status: 500, body: '<html>' }))).toEqual([424, '表单库的应答不对（500）'])
  odd.asked = []
  expect(await list(() => ({ status: 302, headers: { location: `${odd.url}/inside` } }))).toEqual([424, '表单库要转到别的地址，没有跟随；请核对地址'])
  expect(odd.asked).toEqual(['/api/library-api/forms'])
  const nonsense = [424, '表单库的应答无法识别，请核对地址']
  for (const body of ['<html>', '[]', '{"rows":[{}],"next":null}', '{"rows":[],"next":7}', '{"rows":[],"rows":[],"next":null}', '{"__proto__":{},"rows":[],"next":null}', '['.repeat(100_000)])
    expect(await list(() => ({ body })), body.slice(0, 40)).toEqual(nonsense)
  expect(await list(() => jsonAnswer({ rows: [{ ...item, name: 7 }], next: null }))).toEqual(nonsense)
  expect(await list(() => ({ body: ' '.repeat(3_000_000) }))).toEqual([424, '连不上表单库：对方的应答过长'])
  await odd.stop()
  expect(await list()).toEqual([424, '连不上表单库：对方没有应答，请核对地址或稍后再试'])
  await odd.start()
}, 60_000) // prettier-ignore

test('a library that does not answer is waited for ten seconds, no longer', async () => {
  let release: () => void = () => undefined
  odd.says = () => new Promise((resolve) => (release = () => resolve({ status: 200 })))
  const began = performance.now()
  expect(await list()).toEqual([424, '连不上表单库：对方没有及时应答'])
  expect(performance.now() - began).toBeLessThan(14_000)
  release()
}, 30_000)

test('a file of a library is as strange as one that somebody uploads', async () => {
  expect(await look({ xinglin: 'designs', format: 2, pieces: [] })).toEqual([424, '这个表单不能取用：文件来自更新版本的系统，请先升级本系统'])
  for (const file of [undefined, null, 7, [], {}, { xinglin: 'designs', format: 1 }])
    expect(await look(file)).toEqual([424, '这个表单不能取用：这不是本系统导出的定义文件'])
  const piece = { kind: 'type', name: 'custom.tzzzz01', label: '登记', content: {} }
  const of = (...pieces: object[]) => ({ xinglin: 'designs', format: 1, at: '', pieces })
  expect(await look(of({ ...piece, name: 'staff.practitioner' }))).toEqual([424, expect.stringContaining('这个表单不能取用')])
  expect(await look(of({ ...piece, kind: 'magic' }))).toEqual([424, '这个表单不能取用：文件中有无法识别的定义'])
  expect(await look(of(...Array.from({ length: 501 }, () => piece)))).toEqual([424, '这个表单不能取用：一个文件最多 500 个定义'])
  odd.says = () => jsonAnswer({ item: { ...item, id: '../../etc' }, file: of() })
  expect((await h.call('GET', `/api/library/other/${id}`)).status).toBe(424)
  expect((await h.call('GET', '/api/library/other/..%2F..%2Fsign-in')).status).toBe(404)
  expect((await h.call('GET', '/api/library/elsewhere/018f0000-0000-7000-8000-000000000001')).status).toBe(404)
  // Whoever disconnects is asked for the key again.
  expect((await h.call('DELETE', '/api/library/connection')).status).toBe(200)
  expect(await list()).toEqual([404, '还没有连接其他医院的表单库'])
}, 60_000) // prettier-ignore
