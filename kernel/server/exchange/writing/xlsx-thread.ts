// A thread that writes one workbook: it gets lines block by block, and answers each with the bytes that have come of those before.
import { Writable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import type { Cell, TableFile } from '../table-writer.ts'
import { writeXlsx } from './xlsx.ts'

export type WorkbookWork = Pick<TableFile, 'mark' | 'widths'>
/** Lines; null: there are no more. */
export type LinesMessage = readonly (readonly Cell[])[] | null
export interface BytesMessage {
  bytes: Uint8Array[]
  isEnd: boolean
}

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
async function* lines(): AsyncGenerator<readonly Cell[]> {
  for (;;) {
    const next = new Promise<LinesMessage>((done) => parentPort!.once('message', done))
    say(false)
    const block = await next
    if (!block) return
    yield* block
  }
}
const { mark, widths } = workerData as WorkbookWork
await writeXlsx(out, { lines: lines(), mark, ...(widths ? { widths } : {}) })
say(true)
parentPort!.close()
