import { dayOf, type ReadFindingKind } from '#model'
import type { Actor, Context } from '../../context.ts'
import type { Queryable } from '../../database/database.ts'
import { currentSnapshot } from '../../jobs/outbox.ts'
import type { Kernel } from '../../kernel.ts'
import { columnOf, quote } from '../../store/naming.ts'
import { asActor } from '../../access/rights/holders.ts'
import { habitOf, readsOn } from './habits.ts'
import { keepFinding } from './keep.ts'
import { isNight, nightReason, suspicionsOf, volumeReason, type ReadFact } from './rules.ts'

const reader = 'audit.reads'
const page = 2000
interface ReadRow {
  seq: number
  at: string
  actor: string
  resource: string
  record: string
}

/**
 * Looks at the reads that the log has got since the last look, one process at a time, and keeps what an officer should see. Between two snapshots lies a fixed set: none is
 * forgotten, none looked at twice. Answers how many reads there were.
 */
export async function detectReads(kernel: Kernel): Promise<number> {
  await kernel.db.query(`INSERT INTO kernel.outbox_reader VALUES ($1, pg_current_snapshot(), $2) ON CONFLICT DO NOTHING`, [reader, kernel.clock.now().toISOString()]) // prettier-ignore
  const ctx = await kernel.context({ kind: 'system', reason: '访问异常' }, 'system')
  return kernel.transaction(ctx, async (tx) => {
    const [place] = await tx.db.query<{ snapshot: string }>(`SELECT snapshot::text AS snapshot FROM kernel.outbox_reader WHERE name = $1 FOR UPDATE SKIP LOCKED`, [reader]) // prettier-ignore
    if (!place) return 0
    const snapshot = await currentSnapshot(tx.db)
    let [count, after] = [0, 0]
    for (;;) {
      const rows = await readsBetween(tx.db, place.snapshot, snapshot, after)
      if (rows.length) await judge(kernel, tx, rows)
      count += rows.length
      if (rows.length < page) break
      after = rows.at(-1)!.seq
    }
    await tx.db.query(`UPDATE kernel.outbox_reader SET snapshot = $2::pg_snapshot, at = $3 WHERE name = $1`, [reader, snapshot, tx.clock.now().toISOString()]) // prettier-ignore
    return count
  })
}
// Index audit_tx, as the sealer.
const readsBetween = (db: Queryable, last: string, now: string, after: number): Promise<ReadRow[]> =>
  db.query<ReadRow & object>(
    `SELECT seq, at, actor, resource, record FROM kernel.audit_entry
     WHERE tx >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(tx, $1::pg_snapshot) AND pg_visible_in_snapshot(tx, $2::pg_snapshot)
       AND seq > $3 AND act IN ('read', 'emergency.read') AND outcome = 'done' AND actor IS NOT NULL AND record IS NOT NULL ORDER BY seq LIMIT ${page}`,
    [last, now, after],
  )

async function judge(kernel: Kernel, tx: Context, rows: readonly ReadRow[]): Promise<void> {
  const facts = await factsOf(kernel, tx, rows)
  for (const [day, reads] of Map.groupBy(facts, (read) => dayOf(new Date(read.at))))
    for (const { kind, person, reason, reads: own } of suspicionsOf(reads)) await keepFinding(kernel, tx, { kind, person, day, reason, reads: own }) // prettier-ignore
  for (const [person, reads] of Map.groupBy(facts, (read) => read.person))
    for (const day of new Set(reads.map((read) => dayOf(new Date(read.at))))) await judgeDay(kernel, tx, person, day)
}

/** Of a whole day: what was read before in it counts, too. */
async function judgeDay(kernel: Kernel, tx: Context, person: string, day: string): Promise<void> {
  const reads = await readsOn(tx.db, person, day)
  const nightly = reads.filter(({ at }) => isNight(at))
  const habit = await habitOf(tx, person, day, reads.length)
  if (!habit) return
  const found: [ReadFindingKind, string | null, typeof reads][] = [
    ['volume', volumeReason(reads.length, habit), reads],
    ['night', nightReason(nightly.length, habit), nightly],
  ]
  for (const [kind, reason, some] of found) if (reason) await keepFinding(kernel, tx, { kind, person, day, reason, reads: some })
}

async function factsOf(kernel: Kernel, tx: Context, rows: readonly ReadRow[]): Promise<ReadFact[]> {
  const subjects = new Map<string, string>()
  for (const [resource, some] of Map.groupBy(rows, (row) => row.resource))
    for (const [record, subject] of await subjectsOf(kernel, tx, resource, some.map((row) => row.record))) subjects.set(record, subject) // prettier-ignore
  const nobody: Actor = { kind: 'person', person: '', account: '', name: '', roles: [] }
  const { people } = tx.directory
  // Whoever writes such records, and who leads the unit: both read by duty.
  const isKeeper = (actor: Actor & { kind: 'person' }, row: ReadRow, unit: string | null): boolean =>
    kernel.access.can(actor, 'update', row.resource) !== null ||
    (unit !== null && tx.directory.headsOf(unit, dayOf(new Date(row.at))).includes(actor.person))
  return rows.flatMap((row) => {
    if (!kernel.defs.resources.has(row.resource)) return []
    const subject = subjects.get(row.record) ?? null
    const about = subject ? people.get(subject) : undefined
    const actor = asActor(tx.directory, row.actor, dayOf(new Date(row.at)))
    return {
      seq: row.seq, at: row.at, person: row.actor, resourceLabel: kernel.defs.resource(row.resource).label, subject, subjectName: about?.name ?? null, subjectUnit: about?.unit ?? null,
      unit: people.get(row.actor)?.unit ?? null, readerName: people.get(row.actor)?.name ?? '', isKeeper: isKeeper(actor, row, about?.unit ?? null), isOwnUsual: kernel.access.can(nobody, 'read', row.resource) !== null,
    }
  }) // prettier-ignore
}

/** Whom records of a type are about: the person himself, or whom the declaration names as their owner. */
async function subjectsOf(kernel: Kernel, tx: Context, name: string, ids: readonly string[]): Promise<[string, string][]> {
  const declared = kernel.defs.resources.get(name)
  if (!declared) return []
  if (declared.table === 'directory.person') return ids.map((id) => [id, id])
  const owner = declared.owner.person
  const field = owner ? declared.fields[owner] : undefined
  if (!owner || !field) return []
  const rows = await tx.db.query<{ id: string; person: string | null }>(
    `SELECT id, ${quote(columnOf(owner, field))} AS person FROM ${kernel.resource(name).table} WHERE id = ANY($1::uuid[])`,
    [[...new Set(ids)]],
  )
  return rows.flatMap(({ id, person }) => (person ? [[id, person] as [string, string]] : []))
}
