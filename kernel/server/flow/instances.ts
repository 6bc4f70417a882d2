import { createHash } from 'node:crypto'
import { Refusal, type Filter } from '#model'
import type { Flow, FlowEvent, InstanceState } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'

/** An instance with the definition that it started under. */
export interface Instance {
  id: string
  resource: string
  record: string
  state: InstanceState
  definition: Flow<Filter>
  /** Number of events stored. */
  seq: number
}
interface Row {
  id: string
  flow: string
  flow_version: number
  resource: string
  record: string
  seq: number
  state: InstanceState
}

const known = new WeakMap<Kernel, Map<string, Flow<Filter>>>()
/** The definition of a version; a running instance keeps the one it began under. */
async function definitionOf(kernel: Kernel, db: Queryable, name: string, version: number): Promise<Flow<Filter>> {
  let cache = known.get(kernel)
  if (!cache) known.set(kernel, (cache = new Map()))
  const key = `${name}@${version}`
  const found = cache.get(key)
  if (found) return found
  const [row] = await db.query<{ definition: Flow<Filter> }>(
    `SELECT definition FROM kernel.flow_definition WHERE name = $1 AND version = $2`,
    [name, version],
  )
  if (!row) throw new Error(`flow ${key} is not stored`)
  cache.set(key, row.definition)
  return row.definition
}

/** The newest version of a flow, stored when the code's definition differs from the last one. */
export async function currentVersion(kernel: Kernel, ctx: Context, name: string): Promise<{ version: number; definition: Flow<Filter> }> {
  const definition = kernel.defs.flow(name)
  const text = JSON.stringify(definition)
  const hash = createHash('sha256').update(text).digest('hex')
  const [last] = await ctx.db.query<{ version: number; hash: string }>(
    `SELECT version, hash FROM kernel.flow_definition WHERE name = $1 ORDER BY version DESC LIMIT 1`,
    [name],
  )
  if (last?.hash === hash) return { version: last.version, definition }
  const version = (last?.version ?? 0) + 1
  await ctx.db.query(`INSERT INTO kernel.flow_definition VALUES ($1, $2, $3, $4::jsonb, $5) ON CONFLICT DO NOTHING`, [
    name,
    version,
    hash,
    text,
    ctx.clock.now().toISOString(),
  ])
  return { version, definition }
}

const columns = 'id, flow, flow_version, resource, record, seq, state'
/** Loads an instance; `lock` holds it until the transaction ends, so that of two simultaneous acts one waits and is then told. */
export async function loadInstance(kernel: Kernel, db: Queryable, id: string, lock = false): Promise<Instance> {
  const [row] = await db.query<Row>(`SELECT ${columns} FROM kernel.flow_instance WHERE id = $1::uuid${lock ? ' FOR UPDATE' : ''}`, [id])
  if (!row) throw new Refusal('notFound', '没有这个审批')
  return {
    id: row.id,
    resource: row.resource,
    record: row.record,
    state: row.state,
    seq: row.seq,
    definition: await definitionOf(kernel, db, row.flow, row.flow_version),
  }
}
/** All instances of a record: the first one and those split off. */
export async function instancesOf(kernel: Kernel, db: Queryable, record: string): Promise<Instance[]> {
  const rows = await db.query<Row>(`SELECT ${columns} FROM kernel.flow_instance WHERE record = $1::uuid ORDER BY started_at, id`, [record])
  return Promise.all(rows.map(async (row) => ({ ...row, definition: await definitionOf(kernel, db, row.flow, row.flow_version) })))
}

/** Stores what an act brought: events, state, and the tasks as people see them. */
export async function saveInstance(
  ctx: Context,
  instance: Pick<Instance, 'id' | 'resource' | 'record' | 'seq'>,
  state: InstanceState,
  events: readonly FlowEvent[],
  isNew: boolean,
): Promise<void> {
  const now = ctx.clock.now().toISOString()
  const ended = state.status === 'approved' || state.status === 'refused' || state.status === 'withdrawn'
  const seq = instance.seq + events.length
  if (isNew)
    await ctx.db.query(
      `INSERT INTO kernel.flow_instance (id, number, flow, flow_version, resource, record, parent, applicant, status, seq, state, started_at, ended_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7::uuid, $8, $9, $10, $11::jsonb, $12, $13)`,
      [
        instance.id,
        state.number,
        state.flow,
        state.flowVersion,
        instance.resource,
        instance.record,
        state.parent?.id ?? null,
        state.applicant,
        state.status,
        seq,
        JSON.stringify(state),
        now,
        ended ? now : null,
      ],
    )
  else
    await ctx.db.query(`UPDATE kernel.flow_instance SET status = $2, seq = $3, state = $4::jsonb, ended_at = $5 WHERE id = $1`, [
      instance.id,
      state.status,
      seq,
      JSON.stringify(state),
      ended ? now : null,
    ])
  await ctx.db.query(
    `INSERT INTO kernel.flow_event (instance, seq, at, type, event) SELECT $1, $2 + u.n, $3, u.event->>'type', u.event FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS u(event, n)`,
    [instance.id, instance.seq, now, JSON.stringify(events)],
  )
  await saveTasks(ctx, instance.id, state)
}

async function saveTasks(ctx: Context, instance: string, state: InstanceState): Promise<void> {
  const rows = state.tasks.map((t) => ({
    task: t.id,
    step: t.step,
    person: t.person,
    state: t.state,
    opened_at: t.openedAt,
    closed_at: t.closedAt ?? null,
  }))
  // Closing before opening: one person never holds two open tasks of a step.
  for (const closing of [true, false])
    await ctx.db.query(
      `INSERT INTO kernel.flow_task (instance, task, step, person, state, opened_at, closed_at)
       SELECT $1, r.task, r.step, r.person, r.state, r.opened_at, r.closed_at FROM jsonb_to_recordset($2::jsonb) AS r(task text, step text, person uuid, state text, opened_at timestamptz, closed_at timestamptz)
       ON CONFLICT (instance, task) DO UPDATE SET state = excluded.state, closed_at = excluded.closed_at WHERE kernel.flow_task.state <> excluded.state`,
      [instance, JSON.stringify(rows.filter((r) => (r.state !== 'open') === closing))],
    )
}
