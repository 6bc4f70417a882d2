import { createReadStream } from 'node:fs'
import { connect, type Socket } from 'node:net'

/** Looks for viruses. */
export interface Scanner {
  /** The virus that was found in a local file; null: none. Fails where nobody answers. */
  scan(path: string): Promise<string | null>
}
const chunkBytes = 64 * 1024
const patienceMs = 120_000

/** ClamAV's daemon over TCP, by its command INSTREAM: pieces with their length before them, an empty one at the end. */
export class ClamAv implements Scanner {
  private readonly host: string
  private readonly port: number
  constructor(host: string, port: number) {
    this.host = host
    this.port = port
  }
  async scan(path: string): Promise<string | null> {
    const socket = connect({ host: this.host, port: this.port })
    try {
      // Sending may fail where the daemon refuses midway: its answer tells why.
      void sendFile(socket, path).catch(() => undefined)
      const reply = await answerOf(socket)
      const found = /^stream: (.+) FOUND$/.exec(reply)
      if (found) return found[1]!
      if (reply === 'stream: OK') return null
      throw new Error(`ClamAV: ${reply || 'no answer'}`)
    } finally {
      socket.destroy()
    }
  }
}
async function sendFile(socket: Socket, path: string): Promise<void> {
  await write(socket, Buffer.from('zINSTREAM\0'))
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE((chunk as Buffer).length)
    await write(socket, Buffer.concat([length, chunk as Buffer]))
  }
  await write(socket, Buffer.alloc(4))
}
const write = (socket: Socket, data: Buffer): Promise<void> =>
  new Promise((resolve, reject) => socket.write(data, (error) => (error ? reject(error) : resolve())))
/** What the daemon says, to its closing zero or the end of the connection. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('ClamAV does not answer')))
    socket.on('data', (data: Buffer) => {
      text += data.toString()
      if (text.includes('\0')) resolve(text.slice(0, text.indexOf('\0')).trim())
    })
    socket.on('error', reject)
    for (const over of ['end', 'close']) socket.on(over, () => resolve(text.trim()))
  })
}

/** The scanner that the environment names, and what becomes of files while it does not answer; null: files are not scanned. */
export function scannerFromEnvironment(env: Readonly<Record<string, string | undefined>>): Scanning | null {
  const address = env['XINGLIN_CLAMAV']
  if (!address) return null
  const found = /^([^:\s]+|\[[^\]]+\]):(\d{1,5})$/.exec(address)
  if (!found || Number(found[2]) > 65_535) throw new Error('XINGLIN_CLAMAV 应为 主机:端口，如 127.0.0.1:3310')
  const away = env['XINGLIN_CLAMAV_AWAY'] ?? 'refuse'
  if (away !== 'refuse' && away !== 'hold') throw new Error('XINGLIN_CLAMAV_AWAY 应为 refuse（拒收）或 hold（先收下，查过才能打开）')
  return { scanner: new ClamAv(found[1]!.replace(/^\[|\]$/g, ''), Number(found[2])), away }
}
export interface Scanning {
  scanner: Scanner
  /** While the scanner is away: `refuse` files, or `hold` them: they are taken, and nobody opens them before they were scanned. */
  away: 'refuse' | 'hold'
}
