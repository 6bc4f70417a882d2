import { timingSafeEqual } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { auditAlone } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { removeRow } from '../records/purge.ts'
import { applyErasure, noteDestroyed, type Erasure } from './erase.ts'

const lock = `SELECT pg_advisory_xact_lock(hashtextextended('deletion ledger', 7013))`
const columns = `id, at, resource, record, subject, is_gone AS "isGone"`

/**
 * What was erased, outside the database: a file to which lines are added, each with a MAC under the hospital's index key. At every start, database and file
 * are brought to the same: a copy that was restored loses again what was erased since it was made, and a line that a crash kept from the file is added.
 */
export class DeletionLedger {
  private readonly file: string
  private readonly onError: (error: unknown) => void
  constructor(file: string, onError: (error: unknown) => void = () => undefined) {
    this.file = file
    this.onError = onError
  }
  /** Adds to the file what it lacks. What fails is told, and done at the next erasure or start. */
  async write(kernel: Kernel): Promise<void> {
    try {
      await kernel.db.transaction(async (tx) => {
        await tx.query(lock)
        await this.add(kernel, tx, new Set((await this.read(kernel)).known.map(({ id }) => id)))
      })
    } catch (error) {
      this.onError(error)
    }
  }
  /** Brings both to the same; answers how many erasures were carried out again. Before anybody is served. */
  async replay(kernel: Kernel): Promise<number> {
    const { known, foreign } = await this.read(kernel)
    if (foreign) {
      this.onError(new Error(`${this.file}: ${foreign} lines were not written by this hospital's program, or were changed; they are not carried out`))
      await note(kernel, 'failed', { lines: foreign })
    }
    const stored = await kernel.db.query<{ id: string }>(`SELECT id FROM kernel.erasure WHERE id = ANY ($1::uuid[])`, [known.map(({ id }) => id)])
    const done = new Set(stored.map(({ id }) => id))
    const missing = known.filter(({ id }) => !done.has(id))
    for (const erasure of missing) await carryOutAgain(kernel, erasure)
    if (missing.length) await note(kernel, 'done', { count: missing.length })
    await this.write(kernel)
    return missing.length
  } // prettier-ignore

  private async read(kernel: Kernel): Promise<{ known: Erasure[]; foreign: number }> {
    const text = await readFile(this.file, 'utf8').catch((error: { code?: string }) => {
      if (error.code === 'ENOENT') return ''
      throw error as Error
    })
    const lines = text.split('\n').filter(Boolean)
    const known = lines.flatMap((line) => erasureIn(kernel, line) ?? [])
    return { known, foreign: lines.length - known.length }
  }
  private async add(kernel: Kernel, db: Queryable, known: ReadonlySet<string>): Promise<void> {
    const all = await db.query<Erasure & object>(`SELECT ${columns} FROM kernel.erasure ORDER BY id`)
    const lines = all.filter(({ id }) => !known.has(id)).map((erasure) => lineOf(kernel, erasure))
    if (lines.length === 0) return
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 })
    const file = await open(this.file, 'a', 0o600)
    try {
      // A line that a crash has cut off is ended first, so that it spoils no other.
      await file.appendFile(`\n${lines.join('\n')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  }
}

const macOf = (kernel: Kernel, text: string): Buffer => kernel.protector.blind('kernel.erasure', 'line', text)
function lineOf(kernel: Kernel, { id, at, resource, record, subject, isGone }: Erasure): string {
  const text = JSON.stringify({ id, at, resource, record, subject, isGone })
  return `${macOf(kernel, text).toString('hex')} ${text}`
}
function erasureIn(kernel: Kernel, line: string): Erasure | null {
  const [mac, text] = [line.slice(0, 64), line.slice(65)]
  const given = Buffer.from(mac, 'hex')
  const right = macOf(kernel, text)
  return given.length === right.length && timingSafeEqual(given, right) ? (JSON.parse(text) as Erasure) : null
}

async function carryOutAgain(kernel: Kernel, erasure: Erasure): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '删除台账' }, 'system')
  // The program's own rows are no records: with their keys all is done.
  if (erasure.resource.startsWith('kernel.')) return kernel.transaction(ctx, (tx) => noteDestroyed(kernel, tx, erasure))
  if (!kernel.defs.tables.has(erasure.resource)) return
  const c = kernel.resource(erasure.resource)
  const reason = '按删除台账再次删除（从备份恢复后）'
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(lock)
    const [row] = await tx.db.query(`SELECT 1 FROM ${c.table} WHERE id = $1::uuid FOR UPDATE`, [erasure.record])
    const isLeft = row !== undefined && erasure.isGone && !(await removed(kernel, tx, erasure, reason))
    await applyErasure(kernel, tx, c, isLeft ? { ...erasure, isGone: false } : erasure)
    // What others point at stays as an empty shell in the bin.
    if (isLeft) await tx.db.query(`UPDATE ${c.table} SET deleted_at = coalesce(deleted_at, $2::timestamptz) WHERE id = $1::uuid`, [erasure.record, erasure.at])
  })
} // prettier-ignore
/** Takes the row away; false where something in the restored copy still points at it. */
async function removed(kernel: Kernel, tx: Context, { resource, record }: Erasure, reason: string): Promise<boolean> {
  await tx.db.query('SAVEPOINT removal')
  try {
    await removeRow(kernel, tx, kernel.resource(resource), record, reason, '')
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code !== '23503') throw error
    await tx.db.query('ROLLBACK TO SAVEPOINT removal')
    return false
  }
}
const note = (kernel: Kernel, outcome: 'done' | 'failed', detail: Record<string, unknown>): Promise<void> =>
  auditAlone(kernel.db, kernel.clock.now(), { actor: null, name: '删除台账', address: null }, { act: 'erasure.replay', outcome, detail })
