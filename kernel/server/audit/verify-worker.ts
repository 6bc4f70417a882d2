// A thread of the verification: its parts, one after the other, over a connection of its own.
import { parentPort, workerData } from 'node:worker_threads'
import { beginLong, openDatabase } from '../database/database.ts'
import { verifyPart, type Part, type PartResult } from './verify-part.ts'

export interface PartsWork {
  url: string
  key: string
  parts: Part[]
}
export type PartsMessage = { entries: number } | { results: PartResult[] }

const { url, key, parts } = workerData as PartsWork
const say = (message: PartsMessage) => parentPort!.postMessage(message)
const db = openDatabase(url, { max: 1, name: 'xinglin-verify' })
const client = await db.pool.connect()
try {
  await client.query(`${beginLong}; SET TRANSACTION READ ONLY`)
  const results: PartResult[] = []
  for (const part of parts) results.push(await verifyPart(client, Buffer.from(key, 'base64'), part, (entries) => say({ entries })))
  say({ results })
} finally {
  client.release()
  await db.close()
}
