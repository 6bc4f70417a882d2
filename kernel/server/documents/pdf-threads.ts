import { Worker } from 'node:worker_threads'

let last: Promise<unknown> = Promise.resolve()
/** Sets something on paper in a thread of its own, one after the other: each takes seconds of a core and hundreds of megabytes. */
export function setInThread(thread: URL, work: unknown): Promise<Uint8Array> {
  const made = last.then(() => runThread(thread, work))
  last = made.catch(() => undefined)
  return made
}
async function runThread(url: URL, workerData: unknown): Promise<Uint8Array> {
  const thread = new Worker(url, { workerData, resourceLimits: { maxOldGenerationSizeMb: 1024 } })
  try {
    return await new Promise<Uint8Array>((done, failed) => {
      thread.once('message', done).once('error', failed)
      thread.once('exit', (code) => failed(new Error(`the thread that sets paper ended early (${code})`)))
    })
  } finally {
    await thread.terminate()
  }
}
