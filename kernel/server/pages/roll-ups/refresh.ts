import type { RollUp } from '#model'
import type { Context } from '../../context.ts'
import { repeatEvery } from '../../jobs/outbox.ts'
import type { Kernel } from '../../kernel.ts'
import { columnOf, idOf, quote } from '../../store/naming.ts'
import { largeFrom } from '../../store/estimates.ts'
import { cellsSql } from '../../store/roll-up.ts'
import { rollUpsIn } from './read.ts'

/** More cells than this are no shortcut. */
const mostCells = 500_000
/** Units counted in one transaction. */
const unitsAtOnce = 5
const roundsEvery = 5000

interface Kept {
  name: string
  snapshot: string | null
  problem: string | null
}
/** Builds what is missing, brings what there is up to what was written since, and drops what no page asks for any more. One process at a time. */
export async function refreshRollUps(kernel: Kernel, least = largeFrom): Promise<void> {
  const wanted: RollUp[] = []
  for (const one of rollUpsIn(kernel.defs)) if ((await kernel.estimates.rowsOf(kernel.resource(one.resource).table)) >= least) wanted.push(one) // prettier-ignore
  await dropOthers(kernel, wanted)
  if (wanted.length === 0) return
  const system = await kernel.context({ kind: 'system', reason: '图表预先汇总' }, 'job')
  for (const one of wanted) await refreshOne(kernel, system, one)
}
const last = new WeakMap<Kernel, string>()
/** Only when others are wanted than in the round before is there anything to drop. */
async function dropOthers(kernel: Kernel, wanted: readonly RollUp[]): Promise<void> {
  const names = wanted.map(({ name }) => name)
  if (last.get(kernel) === names.join('\n')) return
  await kernel.db.query(`DELETE FROM kernel.roll_up WHERE NOT name = ANY($1::text[])`, [names])
  last.set(kernel, names.join('\n'))
}
export const startRollUps = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(roundsEvery, () => refreshRollUps(kernel), onError)

async function refreshOne(kernel: Kernel, system: Context, rollUp: RollUp): Promise<void> {
  await kernel.db.query(`INSERT INTO kernel.roll_up (name, resource) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    rollUp.name,
    rollUp.resource,
  ])
  const begun = kernel.clock.now().toISOString()
  if (!(await note(kernel, system, rollUp))) return
  while (await countSome(kernel, system, rollUp)) continue
  // Whatever was written before this round began is counted now.
  await kernel.db.query(
    `UPDATE kernel.roll_up SET fresh_at = $2 WHERE name = $1 AND snapshot IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kernel.roll_up_dirty WHERE roll_up = $1)`,
    [rollUp.name, begun],
  )
}
/** Held by one process until its transaction ends; null where another has it. */
async function held(tx: Context, { name }: RollUp): Promise<Kept | null> {
  const [row] = await tx.db.query<Kept & object>(
    `SELECT name, snapshot::text, problem FROM kernel.roll_up WHERE name = $1 FOR UPDATE SKIP LOCKED`,
    [name],
  )
  return row ?? null
}
/** Notes which units were written to since; a roll-up that is new is counted whole. Answers whether it is kept. */
async function note(kernel: Kernel, system: Context, rollUp: RollUp): Promise<boolean> {
  return kernel.transaction(system, async (tx) => {
    await tx.db.once(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`)
    await tx.db.once(`SET LOCAL statement_timeout = 0`)
    const kept = await held(tx, rollUp)
    if (!kept || kept.problem !== null) return false
    const c = kernel.resource(rollUp.resource)
    if (kept.snapshot === null) return build(kernel, tx, rollUp)
    const field = c.r.fields[rollUp.unit]!
    // History names every record that was written, the unit that one has left, and of one that is gone – deleted and gone since, perhaps – where it was last.
    await tx.db.query(
      `WITH written AS (
         SELECT record, changes -> $3 ->> 0 AS before, version > 1 AND changes ? $3 AS moved FROM kernel.history
         WHERE resource = $2 AND tx >= pg_snapshot_xmin($4::pg_snapshot) AND NOT pg_visible_in_snapshot(tx, $4::pg_snapshot))
       INSERT INTO kernel.roll_up_dirty (roll_up, unit)
       SELECT $1, unit FROM (
         SELECT DISTINCT t.${quote(columnOf(rollUp.unit, field))} AS unit FROM ${c.table} t WHERE t.id IN (SELECT record FROM written)
         UNION SELECT before::uuid FROM written WHERE moved
         UNION SELECT (SELECT (h.changes -> $3 ->> 1)::uuid FROM kernel.history h WHERE h.resource = $2 AND h.record = w.record AND h.changes ? $3 ORDER BY h.version DESC, h.seq DESC LIMIT 1)
         FROM written w WHERE NOT EXISTS (SELECT 1 FROM ${c.table} t WHERE t.id = w.record)) u
       ON CONFLICT DO NOTHING`,
      [rollUp.name, c.r.table, idOf(rollUp.unit, field), kept.snapshot],
    )
    await tx.db.query(`UPDATE kernel.roll_up SET snapshot = pg_current_snapshot() WHERE name = $1`, [rollUp.name])
    return true
  })
} // prettier-ignore
async function build(kernel: Kernel, tx: Context, rollUp: RollUp): Promise<boolean> {
  const c = kernel.resource(rollUp.resource)
  const { text, values } = cellsSql(kernel.defs, c, kernel.world(tx), rollUp, null)
  await tx.db.query(`DELETE FROM kernel.roll_up_cell WHERE roll_up = $1`, [rollUp.name])
  await tx.db.once(text, values)
  const [row] = await tx.db.query<{ cells: number }>(`SELECT count(*)::int AS cells FROM kernel.roll_up_cell WHERE roll_up = $1`, [rollUp.name])
  const isSmall = row!.cells <= mostCells
  if (!isSmall) await tx.db.query(`DELETE FROM kernel.roll_up_cell WHERE roll_up = $1`, [rollUp.name])
  await tx.db.query(
    `UPDATE kernel.roll_up SET snapshot = CASE WHEN $2::boolean THEN pg_current_snapshot() END, problem = $3 WHERE name = $1`,
    [rollUp.name, isSmall, isSmall ? null : `分组太多：${row!.cells} 格`],
  )
  return isSmall
} // prettier-ignore

/** Counts some units anew, together with taking them off the list: what is written meanwhile puts them there again. Answers whether there was any. */
async function countSome(kernel: Kernel, system: Context, rollUp: RollUp): Promise<boolean> {
  return kernel.transaction(system, async (tx) => {
    await tx.db.once(`SET LOCAL statement_timeout = 0`)
    if (!(await held(tx, rollUp))) return false
    const dirty = await tx.db.query<{ unit: string | null }>(
      `DELETE FROM kernel.roll_up_dirty WHERE ctid IN (SELECT ctid FROM kernel.roll_up_dirty WHERE roll_up = $1 LIMIT ${unitsAtOnce}) RETURNING unit`,
      [rollUp.name],
    )
    if (dirty.length === 0) return false
    const units = dirty.map(({ unit }) => unit)
    const ids = units.filter((unit) => unit !== null)
    await tx.db.query(
      `DELETE FROM kernel.roll_up_cell WHERE roll_up = $1 AND (unit = ANY($2::uuid[])${units.includes(null) ? ' OR unit IS NULL' : ''})`,
      [rollUp.name, ids],
    )
    const { text, values } = cellsSql(kernel.defs, kernel.resource(rollUp.resource), kernel.world(tx), rollUp, units)
    await tx.db.query(text, values)
    return true
  })
}
