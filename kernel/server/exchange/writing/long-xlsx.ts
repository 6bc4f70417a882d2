import type { Writable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import type { TableFile } from '../table-writer.ts'
import { send } from './send.ts'
import type { BytesMessage, LinesMessage, WorkbookWork } from './xlsx-thread.ts'

/** A workbook of very many lines, written by a thread of its own, so that this one has only to read them. At most two blocks are on their way. */
export async function writeLongXlsx(out: Writable, { blocks, mark, widths }: Omit<TableFile, 'format'>): Promise<void> {
  const work: WorkbookWork = { mark, ...(widths ? { widths } : {}) }
  const thread = new Worker(new URL('./xlsx-thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
  })
  const answers = new Answers(thread)
  try {
    const pass = async (message: LinesMessage) => {
      await take(await answers.next())
      thread.postMessage(message)
    }
    const take = async ({ bytes }: BytesMessage) => {
      for (const one of bytes) await send(out, Buffer.from(one.buffer as ArrayBuffer, one.byteOffset, one.byteLength))
    }
    for await (const block of blocks) await pass(block)
    await pass(null)
    await take(await answers.next())
    out.end()
  } finally {
    await thread.terminate()
  }
}

/** What the thread says, one after the other; its end is a fault to whoever still waits. */
class Answers {
  private readonly said: BytesMessage[] = []
  private fault: Error | null = null
  private wake: (() => void) | null = null
  constructor(thread: Worker) {
    thread.on('message', (message: BytesMessage) => {
      this.said.push(message)
      this.wake?.()
    })
    const end = (fault: Error) => {
      this.fault ??= fault
      this.wake?.()
    }
    thread.once('error', end)
    thread.once('exit', () => end(new Error('the thread that writes a workbook ended early')))
  }
  async next(): Promise<BytesMessage> {
    while (this.said.length === 0) {
      if (this.fault) throw this.fault
      await new Promise<void>((done) => (this.wake = done))
    }
    return this.said.shift()!
  }
}
