// A thread that writes one workbook: it gets lines block by block, and answers each with the bytes that have come of those before.
import { setPriority } from 'node:os'
import { Writable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import type { Line, TableFile } from '../table-writer.ts'
import { writeXlsx } from './xlsx.ts'

export type WorkbookWork = Pick<TableFile, 'mark' | 'widths'>
/** Lines; null: there are no more. */
export type LinesMessage = readonly Line[] | null
export interface BytesMessage {
  bytes: Uint8Array[]
  isEnd: boolean
}

// On Linux the priority is the thread's own: whoever waits for an answer goes first. Elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(0, 10)

let made: Uint8Array[] = []
const out = new Writable({
  write(chunk: Buffer, _encoding, done) {
    made.push(new Uint8Array(chunk))
    done()
  },
})
function say(isEnd: boolean): void {
  const message: BytesMessage = { bytes: made, isEnd }
  parentPort!.postMessage(message, made.map((one) => one.buffer as ArrayBuffer)) // prettier-ignore
  made = []
}
async function* blocks(): AsyncGenerator<readonly Line[]> {
  for (;;) {
    const next = new Promise<LinesMessage>((done) => parentPort!.once('message', done))
    say(false)
    const block = await next
    if (!block) return
    yield block
  }
}
const { mark, widths } = workerData as WorkbookWork
await writeXlsx(out, { blocks: blocks(), mark, ...(widths ? { widths } : {}) })
say(true)
parentPort!.close()
