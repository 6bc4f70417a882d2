import { Refusal } from '#model'
import type { Writable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import { send } from './send.ts'

interface Entry {
  name: Buffer
  crc: number
  packed: number
  unpacked: number
  offset: number
}
// Without the 64-bit form, which not every spreadsheet reads from a stream.
const most = 0xffff_0000
// UTF-8 names; sizes follow the content.
const flags = 0x0808
// 1980-01-01: when it was made stands in the workbook.
const dosDate = 33

/**
 * Writes a zip while its contents come, at the speed of whoever reads `out`. Deflating runs on the threads of the runtime, so that this one goes on answering.
 * Refuses what grows beyond 4 GB.
 */
export class ZipWriter {
  private readonly entries: Entry[] = []
  private readonly out: Writable
  private written = 0
  constructor(out: Writable) {
    this.out = out
  }

  /** One file of the zip from texts that come one by one; each should be some ten kilobytes. */
  async add(name: string, texts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>): Promise<void> {
    const entry: Entry = { name: Buffer.from(name), crc: 0, packed: 0, unpacked: 0, offset: this.written }
    await this.send(Buffer.concat([localHead(entry), entry.name]))
    const deflate = createDeflateRaw({ level: 1, chunkSize: 64 * 1024 })
    // Told by the pump, and by whoever writes; nobody else listens.
    deflate.on('error', () => undefined)
    let fault: unknown = null
    const pump = (async () => {
      for await (const packed of deflate as AsyncIterable<Buffer>) {
        entry.packed += packed.length
        await this.send(packed)
      }
    })()
    pump.catch((error: unknown) => {
      fault = error
      deflate.destroy()
    })
    try {
      for await (const text of texts) {
        const bytes = Buffer.from(text)
        entry.crc = crc32(bytes, entry.crc)
        entry.unpacked += bytes.length
        if (entry.unpacked > most) throw tooBig()
        await send(deflate, bytes)
      }
      deflate.end()
      await pump
    } catch (error) {
      // Where the reader's side broke first, that is why the other could not write.
      const cause = fault ?? error
      deflate.destroy()
      throw cause
    }
    await this.send(sizesAfter(entry))
    this.entries.push(entry)
  }
  /** The directory, after which nothing may follow. */
  async end(): Promise<void> {
    const start = this.written
    for (const entry of this.entries) await this.send(Buffer.concat([centralHead(entry), entry.name]))
    const tail = Buffer.alloc(22)
    tail.writeUInt32LE(0x0605_4b50, 0)
    tail.writeUInt16LE(this.entries.length, 8)
    tail.writeUInt16LE(this.entries.length, 10)
    tail.writeUInt32LE(this.written - start, 12)
    tail.writeUInt32LE(start, 16)
    await this.send(tail)
    this.out.end()
  }
  private async send(bytes: Buffer): Promise<void> {
    if (this.written > most) throw tooBig()
    this.written += bytes.length
    await send(this.out, bytes)
  }
}
const tooBig = (): Refusal => new Refusal('tooLarge', '表格超过 4 GB，请减少列，或增加条件分几次导出')

function localHead({ name }: Entry): Buffer {
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x0403_4b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(flags, 6)
  head.writeUInt16LE(8, 8)
  head.writeUInt16LE(dosDate, 12)
  head.writeUInt16LE(name.length, 26)
  return head
}
function sizesAfter({ crc, packed, unpacked }: Entry): Buffer {
  const sizes = Buffer.alloc(16)
  sizes.writeUInt32LE(0x0807_4b50, 0)
  sizes.writeUInt32LE(crc, 4)
  sizes.writeUInt32LE(packed, 8)
  sizes.writeUInt32LE(unpacked, 12)
  return sizes
}
function centralHead({ name, crc, packed, unpacked, offset }: Entry): Buffer {
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x0201_4b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(20, 6)
  head.writeUInt16LE(flags, 8)
  head.writeUInt16LE(8, 10)
  head.writeUInt16LE(dosDate, 14)
  head.writeUInt32LE(crc, 16)
  head.writeUInt32LE(packed, 20)
  head.writeUInt32LE(unpacked, 24)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt32LE(offset, 42)
  return head
}
