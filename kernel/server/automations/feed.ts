import { v7 as uuidv7 } from 'uuid'
import { automationProblems, mostDepth, mostRunsAnHour, type ApiRecord, type AutomationWhen } from '#model'
import type { Queryable } from '../database/database.ts'
import { takeUp } from '../designs/standing.ts'
import { eventsBetween } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { reaches } from '../records/rights-over.ts'
import type { OutboxEvent } from '../service.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { automationsOn, type OnAutomation } from './in-force.ts'
import { pauseAutomation } from './pause.ts'
import { runIn } from './origin.ts'

const reader = 'automations'
const page = 500
const restMs = 3_600_000
/** Where no automation is on, the reader rests: it writes once an hour, so that events that nobody waits for can be forgotten. */
async function isAtRest(kernel: Kernel, now: Date): Promise<boolean> {
  const [place] = await kernel.db.query<{ at: string }>(`SELECT at FROM kernel.outbox_reader WHERE name = $1`, [reader])
  // It begins with the program: what was before it concerns no automation.
  if (!place) await kernel.db.query(`INSERT INTO kernel.outbox_reader VALUES ($1, pg_current_snapshot(), $2) ON CONFLICT DO NOTHING`, [reader, now.toISOString()])
  const isOld = place !== undefined && Date.parse(place.at) < now.getTime() - restMs
  return kernel.designsOf('automation').size === 0 && !isOld
} // prettier-ignore
/** Puts down a run for every event that an automation waits for, once each. Answers how many. */
export async function takeEvents(kernel: Kernel): Promise<number> {
  const now = kernel.clock.now()
  if (await isAtRest(kernel, now)) return 0
  return kernel.db.transaction(async (tx) => {
    // One statement reads the place and the snapshot up to which it moves; another process at it has it to itself.
    const [place] = await tx.query<{ last: string; now: string }>(
      `SELECT snapshot::text AS last, pg_current_snapshot()::text AS now FROM kernel.outbox_reader WHERE name = $1 FOR UPDATE SKIP LOCKED`,
      [reader],
    )
    if (!place || place.last === place.now) return 0
    // Only now, or what happened right after a publish would be passed over by a process that has not heard of it.
    await takeUp(kernel)
    const on = await automationsOn(kernel)
    let [count, after] = [0, 0]
    for (;;) {
      const events = await eventsBetween(tx, [place.last, place.now], after)
      if (on.size > 0) for (const event of events) count += await takeOne(kernel, tx, on, event)
      if (events.length < page) break
      after = events.at(-1)!.seq
    }
    await tx.query(`UPDATE kernel.outbox_reader SET snapshot = $2::pg_snapshot, at = $3 WHERE name = $1`, [
      reader,
      place.now,
      now.toISOString(),
    ])
    return count
  })
}
async function takeOne(kernel: Kernel, tx: Queryable, on: ReadonlyMap<string, OnAutomation>, event: OutboxEvent): Promise<number> {
  if (event.topic === 'records.changed' && event.payload['act'] === 'import') return takeImport(kernel, tx, on, event)
  const kind = kindOfEvent(event)
  if (kind === null || !event.resource || !event.record) return 0
  const asked = [...on.values()].filter(({ automation: { when, resource }, since, paused }) =>
    when.kind === kind && !paused && event.at >= since && kernel.defs.resources.get(resource)?.table === event.resource) // prettier-ignore
  if (asked.length === 0) return 0
  const write = await writeOf(tx, event)
  if (!write) return 0
  const cause = await causeOf(tx, write.origin)
  let count = 0
  for (const one of asked)
    // What a file brings in begins nothing, unless it was said.
    if (write.origin === 'import' && !one.automation.onImport) continue
    else if (kind !== 'changed' || (await isAsked(kernel, one, event.record, write.changes)))
      count += await noteRun(kernel, tx, one, { key: `event:${event.seq}`, cause: causeWords[kind], record: event.record, after: cause })
  return count
}
/** What a file has brought in, where an automation wants to know: record by record out of the history of that transaction, until it pauses. Relies on history_tx. */
async function takeImport(kernel: Kernel, tx: Queryable, on: ReadonlyMap<string, OnAutomation>, event: OutboxEvent): Promise<number> {
  const asked = [...on.values()].filter(({ automation: { onImport, resource }, since }) => onImport && event.at >= since && kernel.defs.resources.get(resource)?.table === event.resource)
  let [count, after] = [0, 0]
  while (asked.some(({ paused }) => !paused)) {
    const rows = await tx.query<Imported & { seq: number }>(
      `SELECT h.seq::float8 AS seq, h.record, h.act, h.version, h.changes FROM kernel.outbox o JOIN kernel.history h ON h.tx = o.tx AND h.resource = o.resource
       WHERE o.seq = $1 AND h.seq > $2 ORDER BY h.seq LIMIT ${page}`,
      [event.seq, after],
    )
    for (const row of rows)
      for (const one of asked)
        if (!one.paused && (await isBroughtAbout(kernel, one, row)))
          count += await noteRun(kernel, tx, one, { key: `event:${event.seq}:${row.record}`, cause: `导入${causeWords[one.automation.when.kind as EventKind]}`, record: row.record })
    if (rows.length < page) break
    after = rows.at(-1)!.seq
  }
  return count
} // prettier-ignore
interface Imported {
  record: string
  act: string
  version: number
  changes: Write['changes']
}
/** Is it what the automation waits for? What is new comes into force with its file: made and approved in one. */
async function isBroughtAbout(kernel: Kernel, one: OnAutomation, { record, act, version, changes }: Imported): Promise<boolean> {
  const isNew = act === 'state.approved' || (act === 'import' && version === 1)
  return one.automation.when.kind === 'changed' ? !isNew && isAsked(kernel, one, record, changes) : isNew
}
const causeWords = { created: '新建', changed: '修改', approved: '审批通过', deleted: '删除' } as const
type EventKind = keyof typeof causeWords
function kindOfEvent({ topic, payload }: OutboxEvent): EventKind | null {
  if (topic === 'record.created') return 'created'
  if (topic === 'record.updated') return 'changed'
  if (topic === 'record.deleted') return 'deleted'
  return topic === 'record.state' && payload['state'] === 'approved' ? 'approved' : null
}

interface Write {
  origin: string
  /** Field id → before and after. */
  changes: Readonly<Record<string, readonly [unknown, unknown]>>
}
/** The write behind an event, as history has it: of the same transaction, thus of the same moment. Relies on history_record. */
async function writeOf(tx: Queryable, { resource, record, at, payload }: OutboxEvent): Promise<Write | null> {
  const act = typeof payload['act'] === 'string' ? payload['act'] : `state.${String(payload['state'])}`
  const [found] = await tx.query<Write & object>(
    `SELECT origin, changes FROM kernel.history WHERE resource = $1 AND record = $2::uuid AND at = $3::timestamptz AND act = $4 ORDER BY seq DESC LIMIT 1`,
    [resource, record, at, act],
  )
  return found ?? null
}
/** Has one of the fields changed that it asks for, and was the record before as it says? */
async function isAsked(kernel: Kernel, { automation }: OnAutomation, id: string, changes: Write['changes']): Promise<boolean> {
  const { fields } = automation.when as Extract<AutomationWhen, { kind: 'changed' }>
  const c = kernel.resource(automation.resource)
  const changed = [...c.fields, ...c.rows].filter((f) => Object.hasOwn(changes, f.id))
  if (changed.length === 0 || (fields.length > 0 && !changed.some(({ key }) => fields.includes(key)))) return false
  // One that no longer fits is noted all the same: its run says so and pauses it, and holds up nobody else.
  if (!automation.was || automationProblems(kernel.defs, automation).length > 0) return true
  const system = await kernel.context({ kind: 'system', reason: '自动化' }, 'system')
  const now = await loadRecord(kernel, system, c, id)
  return now !== null && reaches(kernel, system, c, automation.was, before(c, now, changes))
}
const before = (c: CompiledResource, now: ApiRecord, changes: Write['changes']): ApiRecord => ({
  ...now,
  ...Object.fromEntries(c.fields.filter((f) => Object.hasOwn(changes, f.id)).map((f) => [f.key, changes[f.id]![0] ?? null])),
})

interface Link {
  automation: string
  record: string | null
}
interface Cause {
  chain: readonly Link[]
  depth: number
}
/** The automations that led to a write, the last one with its record at the end. */
async function causeOf(tx: Queryable, origin: string): Promise<Cause | null> {
  const run = runIn(origin)
  if (run === null) return null
  const [found] = await tx.query<{ automation: string; record: string | null; chain: Link[]; depth: number }>(
    `SELECT automation, record, chain, depth FROM kernel.automation_run WHERE id = $1::uuid`,
    [run],
  )
  return found ? { chain: [...found.chain, { automation: found.automation, record: found.record }], depth: found.depth + 1 } : null
}
export interface Led {
  key: string
  cause: string
  record: string | null
  after?: Cause | null
  input?: Buffer | null
  id?: string
}
/** Puts down one run, unless there is one for the same reason; one that would go round in a circle is put down as stopped, with the reason. Answers whether it waits. */
export async function noteRun(kernel: Kernel, tx: Queryable, on: OnAutomation, led: Led): Promise<number> {
  const chain = led.after?.chain ?? []
  const depth = led.after?.depth ?? 0
  const stopped = chain.some(({ automation, record }) => automation === on.name && record === led.record)
    ? '这条记录已由同一个自动化处理过，再执行会循环，已停止'
    : depth > mostDepth ? `由自动化一个接一个引起，已超过 ${mostDepth} 层，已停止` : null // prettier-ignore
  const now = kernel.clock.now().toISOString()
  const rows = await tx.query(
    `INSERT INTO kernel.automation_run (id, automation, label, version, at, key, cause, resource, record, depth, chain, input, state, problem, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::uuid, $10, $11::jsonb, $12, $13, $14, $15) ON CONFLICT (automation, key) DO NOTHING RETURNING 1`,
    [
      led.id ?? uuidv7(), on.name, on.automation.label, on.version, now, led.key, led.cause, on.automation.resource || null, led.record, depth, JSON.stringify(chain),
      led.input ?? null, stopped ? 'skipped' : 'waiting', stopped, stopped ? now : null,
    ],
  ) // prettier-ignore
  if (rows.length === 0 || stopped) return 0
  await refuseFlood(kernel, tx, on)
  return 1
}
/** Too many within an hour is a fault in how it was made: it pauses before it does more. Relies on automation_run_of. */
async function refuseFlood(kernel: Kernel, tx: Queryable, on: OnAutomation): Promise<void> {
  if (on.paused) return
  const since = new Date(kernel.clock.now().getTime() - 3_600_000).toISOString()
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT 1 FROM kernel.automation_run WHERE automation = $1 AND at > $2 AND state <> 'skipped' LIMIT ${mostRunsAnHour + 1}) r`,
    [on.name, since],
  )
  if (row!.n > mostRunsAnHour) await pauseAutomation(kernel, tx, on, `一小时内执行超过 ${mostRunsAnHour} 次，已暂停`)
}
