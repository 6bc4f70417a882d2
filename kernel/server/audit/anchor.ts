import { open } from 'node:fs/promises'
import { dayOf, type Clock } from '#model'
import type { Database } from '../database/database.ts'
import { streamNames } from './entries.ts'
import type { SealWitness } from './syslog-elements.ts'
import type { Outside } from './outside.ts'

const lockKey = 7_013_003

/**
 * Puts the last seal of each stream outside once a day: whoever rewrites the whole history, with the key, cannot rewrite what left before.
 * A line in the file, on its disk before it counts; by syslog it leaves with the next batch. Answers whether it was due and done.
 */
export async function anchorOnce(db: Database, clock: Clock, outside: Outside): Promise<boolean> {
  if (!outside.syslog && !outside.anchorFile) return false
  return db.transaction(async (tx) => {
    const [free] = await tx.query<{ ok: boolean }>(`SELECT pg_try_advisory_xact_lock(${lockKey}) AS ok`)
    if (!free?.ok) return false
    const [last] = await tx.query<{ number: number; at: string; file: string | null }>(
      `SELECT number, at, file FROM kernel.audit_anchor ORDER BY number DESC LIMIT 1`,
    )
    const now = clock.now()
    // A file that is named from now on does not wait until tomorrow.
    const isNewFile = outside.anchorFile !== null && last?.file !== outside.anchorFile
    if (last && dayOf(new Date(last.at)) === dayOf(now) && !isNewFile) return false
    const seals = await tx.query<SealWitness>(
      `SELECT DISTINCT ON (stream) stream, epoch, number, sealed_at AS "sealedAt", encode(hash, 'hex') AS hash, encode(mac, 'hex') AS mac FROM kernel.seal ORDER BY stream, epoch DESC, number DESC`,
    )
    // Just begun: the other stream's first seal is seconds away, and should not wait until tomorrow.
    if (seals.length < streamNames.length) return false
    const anchor = { number: (last?.number ?? 0) + 1, at: now.toISOString(), seals }
    if (outside.anchorFile) await appendLine(outside.anchorFile, JSON.stringify(anchor))
    await tx.query(`INSERT INTO kernel.audit_anchor (number, at, seals, file) VALUES ($1, $2, $3::jsonb, $4)`, [
      anchor.number,
      anchor.at,
      JSON.stringify(seals),
      outside.anchorFile,
    ])
    return true
  })
}

async function appendLine(file: string, line: string): Promise<void> {
  const handle = await open(file, 'a', 0o640)
  try {
    // A line that a crash cut off stays by itself.
    const { size } = await handle.stat()
    await handle.write(size > 0 && !(await endsInNewline(file, size)) ? `\n${line}\n` : `${line}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
async function endsInNewline(file: string, size: number): Promise<boolean> {
  const handle = await open(file, 'r')
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
    return buffer[0] === 10
  } finally {
    await handle.close()
  }
}
