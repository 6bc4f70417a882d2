import { v7 as uuidv7 } from 'uuid'
import { replanDues } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { service, type OutboxEvent } from '../service.ts'
import { settingsTable } from '../settings.ts'
import { flowEnvironment } from './environment.ts'
import { follow } from './follow.ts'
import { lockInstance } from './instances.ts'
import { limitsFor } from './limits.ts'
import { loadSubject } from './subject.ts'
import { dueOf, type DueRow } from './work.ts'

const name = 'flows.replan'
const tables = ['clock.calendar', 'clock.holidayYear', 'rules.card', 'rules.signature', settingsTable]

/** Open due moments follow the calendar and the rules (semantics 13). */
export const replanService = service({ name, on: Object.fromEntries(tables.map((table) => [table, replanAll])) })

const page = 200
/** Counts every open due moment again, instance by instance, each under its own lock. */
async function replanAll(kernel: Kernel, event: OutboxEvent): Promise<void> {
  // Of a year's holidays entered row by row only the last change walks: it sees them all.
  const [later] = await kernel.db.query(
    `SELECT 1 FROM kernel.outbox o WHERE o.seq > $1 AND o.resource = ANY ($2) AND NOT EXISTS (SELECT 1 FROM kernel.event_handled h WHERE h.seq = o.seq AND h.handler = $3) LIMIT 1`,
    [event.seq, tables, name],
  )
  if (later) return
  // This process may not have heard of the change yet.
  kernel.changed(event.resource ?? '')
  const ctx = await kernel.context({ kind: 'system', reason: '日历或规则变动' }, 'system')
  for (let after = ''; ;) {
    const rows = await kernel.db.query<{ id: string }>(
      `SELECT f.id FROM kernel.flow_instance f WHERE f.ended_at IS NULL AND ($1 = '' OR f.id > $1::uuid)
         AND (EXISTS (SELECT 1 FROM kernel.flow_due d WHERE d.instance = f.id AND d.kind <> 'service')
           OR EXISTS (SELECT 1 FROM kernel.flow_task t WHERE t.instance = f.id AND t.state = 'open' AND t.due IS NOT NULL))
       ORDER BY f.id LIMIT ${page}`,
      [after],
    )
    for (const { id } of rows) await kernel.transaction(ctx, (tx) => replanOne(kernel, tx, id))
    if (rows.length < page) return
    after = rows.at(-1)!.id
  }
}

async function replanOne(kernel: Kernel, tx: Context, id: string): Promise<void> {
  const { instance } = await lockInstance(kernel, tx.db, id, null)
  const subject = await loadSubject(kernel, tx, instance, { lock: true, deleted: true })
  const env = await flowEnvironment(kernel, tx, subject, instance.state.applicant, { items: Object.keys(instance.state.items) })
  const stored = await tx.db.query<DueRow & object>(
    `SELECT what, kind, at FROM kernel.flow_due WHERE instance = $1::uuid AND kind <> 'service'`,
    [id],
  )
  const { events, state } = replanDues(instance.definition, instance.state, { actId: uuidv7(), actor: 'system' }, env)
  if (events.length) await follow(kernel, tx, subject, { instance, before: instance.state, state, events })
  // Reminders are counted from the due moment by the same calendar: they may move where it stays.
  const { after } = await limitsFor(kernel, tx, subject, state.applicant)
  await moveStages(tx, id, stored, dueOf(instance, state, after))
}

/** What was to happen later moves with the calendar, but not into the past; what is due now is due, whatever the calendar says since. */
async function moveStages(tx: Context, id: string, stored: readonly DueRow[], fresh: ReadonlyMap<string, DueRow>): Promise<void> {
  const now = tx.clock.now().getTime()
  const rows = stored.flatMap(({ what, at }) => {
    const then = Date.parse(at)
    const next = fresh.get(what)
    return next ? [{ what, at: new Date(then <= now ? then : Math.max(now, Date.parse(next.at))).toISOString() }] : []
  })
  if (rows.length === 0) return
  await tx.db.query(
    `UPDATE kernel.flow_due d SET at = r.at FROM jsonb_to_recordset($2::jsonb) AS r(what text, at timestamptz) WHERE d.instance = $1::uuid AND d.what = r.what AND d.at <> r.at`,
    [id, JSON.stringify(rows)],
  )
}
