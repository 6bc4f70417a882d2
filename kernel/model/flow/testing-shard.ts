import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Seen } from './testing-coverage.ts'
import { cover, together } from './testing-coverage.ts'

/** One share of a run: histories from this seed on, until each pair was told so often, at most so many. */
interface Share {
  readonly least: number
  readonly most: number
  readonly from: number
}

/** Covers in several threads, each with seeds of its own and its own share of `least`; what one sees depends on nothing else. */
export async function coverIn(threads: number, least: number, most: number): Promise<Seen> {
  const share = (nth: number): Share => ({ least: Math.ceil(least / threads), most, from: 1 + nth * 1_000_000 })
  const workers = Array.from({ length: threads }, (_, nth) => new Worker(new URL(import.meta.url), { workerData: share(nth) }))
  try {
    return together(await Promise.all(workers.map(answerOf)))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
function answerOf(worker: Worker): Promise<Seen> {
  return new Promise((resolve, reject) => {
    worker.on('message', resolve)
    worker.on('error', reject)
  })
}

if (!isMainThread && isShare(workerData)) {
  const { least, most, from } = workerData
  parentPort?.postMessage(cover(least, most, from))
}
function isShare(data: unknown): data is Share {
  return typeof data === 'object' && data !== null && 'least' in data && 'from' in data
}
