import type { Writable } from 'node:stream'

/** Writes at the reader's speed; refuses when he has gone. */
export async function send(out: Writable, bytes: Buffer | string): Promise<void> {
  if (out.destroyed) throw new Error('接收方已断开')
  if (out.write(bytes)) return
  await new Promise<void>((done) => {
    const go = () => {
      out.off('drain', go).off('close', go)
      done()
    }
    out.on('drain', go).on('close', go)
  })
}
