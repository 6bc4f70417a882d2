import { createServer, type AddressInfo, type Server } from 'node:net'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { MessageItem } from '#model'
import { hospital, type HttpAnswer, type HttpSession } from '#app/testing/hospital.ts'
import { scanWaiting } from './scan-later.ts'
import { ClamAv, scannerFromEnvironment } from './scanner.ts'

// In two parts, so that no scanner takes this test itself for infected.
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

/** The daemon's side of INSTREAM, as its manual tells it: the command, pieces with a length of four bytes, a zero; over the limit it says so and hangs up. */
function daemon(limit = 1_000_000): Server {
  return createServer((socket) => {
    let received = Buffer.alloc(0)
    const content: Buffer[] = []
    let isCommand = true
    const reply = (text: string): undefined => void socket.end(`${text}\0`)
    socket.on('error', () => socket.destroy())
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data])
      if (isCommand) {
        const end = received.indexOf(0)
        if (end < 0) return undefined
        if (received.subarray(0, end).toString() !== 'zINSTREAM') return reply('UNKNOWN COMMAND')
        received = received.subarray(end + 1)
        isCommand = false
      }
      while (received.length >= 4) {
        const length = received.readUInt32BE(0)
        if (length === 0) return reply(Buffer.concat(content).includes(eicar) ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK')
        if (received.length < 4 + length) return undefined
        content.push(received.subarray(4, 4 + length))
        received = received.subarray(4 + length)
        if (content.reduce((sum, { length: n }) => sum + n, 0) > limit) return reply('INSTREAM size limit exceeded. ERROR')
      }
      return undefined
    })
  })
}
const listen = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve))

const send = (who: HttpSession, name: string, content: string): Promise<HttpAnswer> => {
  const body = `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n--x--\r\n`
  return who.call('POST', '/api/files', Buffer.from(body), { 'content-type': 'multipart/form-data; boundary=x' })
}
const said = (answer: HttpAnswer) => [answer.status, answer.json()['title'] ?? null]

/** A hospital with a scanner that a test may send away and bring back. */
async function scanned(away: 'refuse' | 'hold') {
  let server = daemon()
  const port = await listen(server)
  const h = await hospital({ scanning: { scanner: new ClamAv('127.0.0.1', port), away } })
  return {
    h,
    zhao: await h.signIn(await h.person('赵一')),
    goAway: () => close(server),
    async comeBack() {
      server = daemon()
      await listen(server, port)
    },
    async [Symbol.asyncDispose]() {
      await h[Symbol.asyncDispose]()
      await close(server)
    },
  }
}

describe('with a scanner', () => {
  test('what is clean is kept; what is infected is refused with its name, and stands in the audit', async () => {
    await using house = await scanned('hold')
    const { h, zhao } = house
    expect((await send(zhao, '干净.txt', '一'.repeat(100_000))).status).toBe(201)
    expect(said(await send(zhao, '账单.txt', eicar))).toEqual([422, '“账单.txt”含有病毒（Eicar-Test-Signature），没有保存'])
    expect(await h.kernel.db.query(`SELECT outcome, detail FROM kernel.audit_entry WHERE act = 'file.virus'`)).toEqual([
      { outcome: 'refused', detail: { name: '账单.txt', virus: 'Eicar-Test-Signature' } },
    ])
    expect(await h.kernel.db.query(`SELECT 1 FROM kernel.file WHERE name = '账单.txt'`)).toEqual([])
  })

  test('nothing is taken while it is away', async () => {
    await using house = await scanned('refuse')
    await house.goAway()
    for (const content of ['二', eicar])
      expect(said(await send(house.zhao, '后来.txt', content))).toEqual([503, '病毒检查服务没有应答，暂时不能上传文件，请稍后再试'])
    await house.comeBack()
    expect((await send(house.zhao, '后来.txt', '二')).status).toBe(201)
  })

  test('files wait while it is away, where the hospital wants it so: nobody opens them before they were scanned, infected ones never', async () => {
    await using house = await scanned('hold')
    const { h, zhao } = house
    const open = (answer: HttpAnswer) => zhao.call('GET', `/api/files/${answer.json()['id'] as string}`)
    await house.goAway()
    const [clean, ill] = [await send(zhao, '后来.txt', '二'), await send(zhao, '后来的病毒.txt', eicar)]
    expect(await scanWaiting(h.kernel, h.house.files)).toBe(0)
    for (const answer of [clean, ill]) expect((await open(answer)).status).toBe(503)
    await house.comeBack()
    expect([await scanWaiting(h.kernel, h.house.files), await scanWaiting(h.kernel, h.house.files)]).toEqual([2, 0])
    expect((await open(clean)).text).toBe('二')
    expect(said(await open(ill))).toEqual([422, '“后来的病毒.txt”含有病毒（Eicar-Test-Signature），已隔离，不能打开'])
    const messages = (await zhao.call('GET', '/api/messages')).json<MessageItem[]>()
    expect(messages.map(({ title }) => title)).toEqual(['您上传的“后来的病毒.txt”含有病毒，已隔离'])
  })
})

test('a daemon that refuses, or is none, is no clean answer', async () => {
  await using h = await hospital()
  const file = await h.house.files.put(await h.system(), '大.txt', Readable.from([Buffer.alloc(300_000, 'x')]), 1_000_000)
  const [known] = await h.house.files.info(await h.system(), [file.id])
  const path = await h.house.files.local(known!)
  const small = daemon(1000)
  await expect(new ClamAv('127.0.0.1', await listen(small)).scan(path)).rejects.toThrow('size limit exceeded')
  await close(small)
  const silent = createServer(
    (socket) =>
      void socket
        .on('error', () => undefined)
        .resume()
        .end(),
  )
  await expect(new ClamAv('127.0.0.1', await listen(silent)).scan(path)).rejects.toThrow()
  await close(silent)
})

test('the environment names it, or it is told what is wrong', () => {
  expect(scannerFromEnvironment({})).toBeNull()
  expect(scannerFromEnvironment({ XINGLIN_CLAMAV: '10.0.0.5:3310' })?.away).toBe('refuse')
  expect(scannerFromEnvironment({ XINGLIN_CLAMAV: '[::1]:3310', XINGLIN_CLAMAV_AWAY: 'hold' })?.away).toBe('hold')
  expect(() => scannerFromEnvironment({ XINGLIN_CLAMAV: 'clamav' })).toThrow('主机:端口')
  expect(() => scannerFromEnvironment({ XINGLIN_CLAMAV: 'a:1', XINGLIN_CLAMAV_AWAY: 'pass' })).toThrow('refuse')
})
