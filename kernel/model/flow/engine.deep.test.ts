import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import type { Seen } from './testing-coverage.ts'
import { median, missing, missingPairs, print, strange, together } from './testing-coverage.ts'

/** What a thread does: covers its share, with seeds of its own, and sends what it has seen. */
const share = `
const { parentPort, workerData: { coverage, least, most, from } } = require('node:worker_threads')
import(coverage).then(({ cover }) => parentPort.postMessage(cover(least, most, from)))`

/** Covers in several threads, each with its own part of `least`; what one sees depends on its seeds and on nothing else. */
async function coverIn(threads: number, least: number, most: number): Promise<Seen> {
  const coverage = new URL('./testing-coverage.ts', import.meta.url).href
  const workers = Array.from({ length: threads }, (_, nth) => {
    const workerData = { coverage, least: Math.ceil(least / threads), most, from: 1 + nth * 1_000_000 }
    return new Worker(share, { eval: true, workerData })
  })
  const answers = workers.map((worker) => new Promise<Seen>((resolve, reject) => void worker.on('message', resolve).on('error', reject)))
  try {
    return together(await Promise.all(answers))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

// Two million and more acts: some ten minutes where two cores are free.
test('random histories break no invariant and agree with the slow reading; each legal pair of acts was told in each mode in a hundred of them', async () => {
  const seen = await coverIn(2, 100, 6000)
  print(seen)
  expect(seen.failures).toEqual([])
  expect(missing(seen, 100)).toEqual([])
  expect(missingPairs(seen, 100)).toEqual([])
  expect(strange(seen)).toEqual([])
  expect(median(seen.lengths)).toBeGreaterThanOrEqual(15)
  expect(median(seen.ends)).toBeGreaterThanOrEqual(15)
}, 3_000_000)
