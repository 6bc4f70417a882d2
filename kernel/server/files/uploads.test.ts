import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { partBytes, type FileValue, type UploadState } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { openHouse } from '#app/house.ts'
import { runDailyJobs } from '../jobs/schedule.ts'

let h: TestHospital
let zhao: HttpSession
let qian: HttpSession
beforeAll(async () => {
  h = await hospital()
  zhao = await h.signIn(await h.person('赵一'))
  qian = await h.signIn(await h.person('钱二'))
})
afterAll(() => h[Symbol.asyncDispose]())

const hex = (bytes: Buffer) => crc32(bytes).toString(16).padStart(8, '0')
/** Words, which are kept byte for byte. */
const content = (bytes: number): Buffer => Buffer.concat([Buffer.from('0000'), Buffer.alloc(bytes - 4, `${bytes}。`)])
const partOf = (whole: Buffer, part: number) => whole.subarray(part * partBytes, (part + 1) * partBytes)
const begin = (who: HttpSession, whole: Buffer, more: object = {}) =>
  who.call('POST', '/api/uploads', { name: '手术录像.txt', bytes: whole.length, mark: '1', ...more })
const send = (who: HttpSession, id: string, part: number, body: Buffer, crc = hex(body)) =>
  who.call('PUT', `/api/uploads/${id}/parts/${part}`, body, { 'content-type': 'application/octet-stream', 'x-crc32': crc })
const finish = (who: HttpSession, id: string, whole: Buffer) => who.call('POST', `/api/uploads/${id}/finish`, { crc32: hex(whole) })
/** Whatever stands in the store under this upload, folders too. */
const partsLeft = async (id: string) =>
  (await readdir(join(h.house.files.folder, 'parts')).catch(() => [])).filter((name) => name.startsWith(id)).length

describe('an upload in parts', () => {
  test('arrives in any order, parts sent again are harmless, and what is put together is the file, byte for byte', async () => {
    const whole = content(2 * partBytes + 1234)
    const { id } = (await begin(zhao, whole, { sha256: createHash('sha256').update(whole).digest('hex') })).json<UploadState>()
    for (const part of [2, 0, 2]) expect((await send(zhao, id, part, partOf(whole, part))).status).toBe(204)
    expect((await finish(zhao, id, whole)).json()).toMatchObject({ title: '还有 1 段没有传到', refusal: 'incomplete' })
    expect((await send(zhao, id, 1, partOf(whole, 1))).status).toBe(204)
    // Asked several times at the same moment it is one file, also when the first has just taken its parts away.
    const answers = await Promise.all(Array.from({ length: 6 }, () => finish(zhao, id, whole)))
    expect(
      answers.map(({ status }) => status),
      answers.map(({ text }) => text).join(),
    ).toEqual(Array.from({ length: 6 }, () => 200))
    const [one, ...others] = answers.map((answer) => answer.json<FileValue>())
    expect(one!.bytes).toBe(whole.length)
    for (const other of others) expect(other.id).toBe(one!.id)
    const [{ n }] = (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.file WHERE name = '手术录像.txt'`)) as [
      { n: number },
    ]
    expect(n).toBe(1)
    expect((await finish(zhao, id, whole)).json<FileValue>().id).toBe(one!.id)
    expect((await zhao.call('GET', `/api/files/${one!.id}`, undefined, { range: `bytes=${partBytes - 2}-${partBytes + 1}` })).text).toBe(whole.subarray(partBytes - 2, partBytes + 2).toString()) // prettier-ignore
    expect(await partsLeft(id)).toBe(0)
  })

  test('finished by several at the same moment is one file for all, also when the first has just taken the parts away', async () => {
    const said: string[] = []
    for (let round = 0; round < 20; round++) {
      const whole = content(100 + round)
      const { id } = (await begin(zhao, whole)).json<UploadState>()
      await send(zhao, id, 0, whole)
      const answers = await Promise.all(Array.from({ length: 8 }, () => finish(zhao, id, whole)))
      said.push([...new Set(answers.map((answer) => (answer.status === 200 ? 'one file' : answer.text)))].join())
      expect(new Set(answers.flatMap((answer) => (answer.status === 200 ? [answer.json<FileValue>().id] : []))).size).toBe(1)
    }
    expect(said).toEqual(said.map(() => 'one file'))
  })

  test('goes on after a restart of the server: what is there is told with its checksums, to its owner only', async () => {
    const whole = content(partBytes + 77)
    const { id } = (await begin(zhao, whole)).json<UploadState>()
    await send(zhao, id, 0, partOf(whole, 0))
    // Another process over the same database and folder.
    const other = await openHouse({ appUrl: h.database.appUrl, dataFolder: join(h.house.files.folder, '..'), clock: h.clock, poolSize: 2, profile: h.kernel.protection.profile })
    try {
      const headers = { cookie: zhao.cookie, 'x-csrf-token': zhao.csrf }
      const payload = { name: '手术录像.txt', bytes: whole.length, mark: '1' }
      const state = (await other.server.app.inject({ method: 'POST', url: '/api/uploads', headers, payload })).json<UploadState>()
      expect(state).toEqual({ id, parts: [{ part: 0, crc32: hex(partOf(whole, 0)) }] })
    } finally {
      await other.close()
    }
    expect((await zhao.call('GET', `/api/uploads/${id}`)).json()).toMatchObject({ id })
    for (const answer of [await qian.call('GET', `/api/uploads/${id}`), await send(qian, id, 1, partOf(whole, 1)), await finish(qian, id, whole), await qian.call('DELETE', `/api/uploads/${id}`)])
      expect(answer.status).toBe(404)
    // Another file of that size is another upload.
    expect((await begin(zhao, whole, { mark: '2' })).json<UploadState>().id).not.toBe(id)
    expect((await zhao.call('DELETE', `/api/uploads/${id}`)).status).toBe(204)
    expect([(await zhao.call('GET', `/api/uploads/${id}`)).status, await partsLeft(id)]).toEqual([404, 0])
  }) // prettier-ignore

  test('refuses what was damaged on the way, too long, too short, or another whole than was said', async () => {
    const whole = content(partBytes + 10)
    const { id } = (await begin(zhao, whole, { mark: '3' })).json<UploadState>()
    const damaged = await send(zhao, id, 1, Buffer.alloc(10), hex(partOf(whole, 1)))
    expect([damaged.status, damaged.json()['refusal']]).toEqual([400, 'damaged'])
    expect((await send(zhao, id, 1, partOf(whole, 1).subarray(1))).json()['refusal']).toBe('damaged')
    expect((await send(zhao, id, 1, Buffer.alloc(11))).json()['refusal']).toBe('damaged')
    for (const part of [2, 999]) expect((await send(zhao, id, part, Buffer.alloc(10))).status).toBe(400)
    expect((await send(zhao, id, 0, partOf(whole, 0), 'zz')).status).toBe(400)
    await send(zhao, id, 0, partOf(whole, 0))
    await send(zhao, id, 1, Buffer.alloc(10))
    const other = await finish(zhao, id, whole)
    expect([other.status, other.json()['title']]).toEqual([422, '文件校验不一致，请重新上传'])
    expect((await zhao.call('GET', `/api/uploads/${id}`)).status).toBe(404)
  })

  test('a program is told by its content and by its name, whole or in parts', async () => {
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)])
    const { id } = (await begin(zhao, program, { name: '报告.jpg' })).json<UploadState>()
    await send(zhao, id, 0, program)
    const answer = await finish(zhao, id, program)
    expect([answer.status, answer.json()['title']]).toEqual([422, '“报告.jpg”是可执行程序，不能上传'])
    const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="安装.bat"\r\n\r\ndir\r\n--x--\r\n`
    expect((await zhao.call('POST', '/api/files', Buffer.from(head), { 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(
      422,
    )
    expect(await h.kernel.db.query(`SELECT 1 FROM kernel.file WHERE name IN ('报告.jpg', '安装.bat')`)).toEqual([])
  })

  test('sizes and the number of unfinished ones have limits, said in words; what nobody comes back to goes after a day', async () => {
    for (const [more, title] of [[{ bytes: 3 * 1024 ** 3 }, '文件超过 2 GB 的限制'], [{ bytes: 0 }, '文件是空的'], [{ bytes: -1 }, '缺少文件大小'], [{ name: ' ' }, '缺少文件名']] as const)
      expect((await begin(qian, content(10), more)).json()['title']).toBe(title)
    const whole = content(10)
    const first = (await begin(qian, whole, { mark: 'n0' })).json<UploadState>()
    await send(qian, first.id, 0, whole)
    for (let n = 1; n < 20; n++) expect((await begin(qian, whole, { mark: `n${n}` })).status).toBe(201)
    const over = await begin(qian, whole, { mark: 'n20' })
    expect([over.status, over.json()['title']]).toEqual([413, '您有 20 个文件还没有传完，请先传完或取消'])
    expect((await begin(qian, whole, { mark: 'n0' })).json<UploadState>().id).toBe(first.id)
    await runDailyJobs(h.kernel)
    expect(await partsLeft(first.id)).toBe(1)
    h.clock.set('2026-06-17')
    await runDailyJobs(h.kernel)
    const later = await h.signIn((await h.kernel.db.query<{ person: string }>(`SELECT person FROM kernel.upload UNION SELECT id FROM directory.person WHERE name = '钱二'`))[0]!.person)
    expect([await partsLeft(first.id), (await later.call('GET', `/api/uploads/${first.id}`)).status]).toEqual([0, 404])
    expect((await begin(later, whole, { mark: 'n20' })).status).toBe(201)
  }) // prettier-ignore
})
