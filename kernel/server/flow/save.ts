import { v7 as uuidv7 } from 'uuid'
import { isEnded, type FlowEvent, type InstanceState } from '#kernel/model/flow/index.ts'
import type { AuditEntry } from '../audit/audit.ts'
import { type Context, nameOfActor, personOf } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import { Together } from '../database/together.ts'
import type { Kernel } from '../kernel.ts'
import type { Message } from '../messages/messages.ts'
import type { Instance } from './instances.ts'
import { delta, dueOf, workOf, type After, type DueRow, type WorkRow } from './work.ts'

/** Everything that one act leaves behind about its instance. */
export interface Saving {
  instance: Omit<Instance, 'state'>
  /** Null when the instance begins. */
  before: InstanceState | null
  state: InstanceState
  events: readonly FlowEvent[]
  /** How the approval is called in lists and messages, and what it says in a line. */
  title: string
  summary: string
  after: After
  /** The answer that a repetition of the act gets. */
  act?: { id: string; actor: string; answer: unknown }
  audit?: AuditEntry
  messages?: readonly { person: string; message: Message }[]
}

// One statement, however many tables an act touches, and of acts at the same time one for all of them.
const columns = {
  work: 'task text, step text, person uuid, kind text, state text, opened_at timestamptz, closed_at timestamptz, due timestamptz',
  due: 'what text, kind text, at timestamptz',
  message: 'id uuid, person uuid, title text, body text, link text, once_key text, kind text, urgent boolean',
}
const given = `WITH given AS MATERIALIZED (SELECT (g->>'id')::uuid AS id, (g->>'now')::timestamptz AS now, g AS i FROM jsonb_array_elements($1::jsonb) g)`
const instanceNew = `INSERT INTO kernel.flow_instance (id, number, flow, flow_version, resource, record, parent, applicant, status, seq, state, started_at, ended_at, occasion, request, title, summary, lines, stuck_since)
  SELECT id, i->>'number', i->>'flow', (i->>'flowVersion')::int, i->>'resource', (i->>'record')::uuid, (i->>'parent')::uuid, (i->>'applicant')::uuid, i->>'status', (i->>'seq')::int, i->'state',
    now, (i->>'endedAt')::timestamptz, i->>'occasion', (i->>'request')::uuid, i->>'title', i->>'summary', (i->>'lines')::int, (i->>'stuck')::timestamptz FROM given RETURNING id`
const instanceOld = `UPDATE kernel.flow_instance f SET flow_version = (i->>'flowVersion')::int, status = i->>'status', seq = (i->>'seq')::int, state = i->'state', ended_at = (i->>'endedAt')::timestamptz,
    title = i->>'title', summary = i->>'summary', lines = (i->>'lines')::int, stuck_since = CASE WHEN i->>'stuck' IS NULL THEN NULL ELSE coalesce(f.stuck_since, (i->>'stuck')::timestamptz) END
  FROM given WHERE f.id = given.id AND f.seq = (i->>'read')::int RETURNING f.id`
// Each part hangs on the instance's row: when somebody acted since it was read, nothing is written.
const from = 'FROM given JOIN instance USING (id)'
const log = `log AS (INSERT INTO kernel.flow_log (instance, seq, at, act_id, actor, answer, events)
    SELECT id, (i->>'seq')::int, now, (i->'act'->>'id')::uuid, (i->'act'->>'actor')::uuid, i->'act'->'answer', i->'events' ${from})`
/** Whoever has the approval open hears of every act; `people`: of whom lists and counts change. */
const told = `told AS (INSERT INTO kernel.outbox (at, topic, record, payload) SELECT now, 'flow.work', id, jsonb_build_object('people', i->'people') ${from})`
/** What most acts do without is left out of the statement: an empty part costs as much as a small one. */
const parts = {
  work: `work AS (INSERT INTO kernel.flow_task (instance, task, step, person, kind, flow, state, opened_at, closed_at, due)
    SELECT id, r.task, r.step, r.person, r.kind, i->>'flow', r.state, r.opened_at, r.closed_at, r.due ${from}, jsonb_to_recordset(i->'work') AS r(${columns.work})
    ON CONFLICT (instance, task) DO UPDATE SET state = excluded.state, closed_at = excluded.closed_at, due = excluded.due)`,
  // Arrays apart, so that the planner expects few rows and goes by the key.
  dueGone: `due_gone AS (DELETE FROM kernel.flow_due d USING instance, unnest($2::uuid[], $3::text[]) AS gone(id, what) WHERE gone.id = instance.id AND d.instance = gone.id AND d.what = gone.what)`,
  due: `due AS (INSERT INTO kernel.flow_due (instance, what, kind, at) SELECT id, r.what, r.kind, r.at ${from}, jsonb_to_recordset(i->'due') AS r(${columns.due})
    ON CONFLICT (instance, what) DO UPDATE SET at = excluded.at, tries = 0, problem = NULL)`,
  audit: `audited AS (INSERT INTO kernel.audit_entry (at, actor, actor_name, act, outcome, resource, record, address, detail)
    SELECT now, (a->>'actor')::uuid, a->>'name', a->>'act', a->>'outcome', a->>'resource', (a->>'record')::uuid, a->>'address', a->'detail' ${from}, LATERAL (SELECT i->'audit' AS a) x WHERE jsonb_typeof(a) = 'object')`,
  messages: `messages AS (INSERT INTO kernel.message (id, person, at, title, body, link, once_key, kind, urgent)
    SELECT r.id, r.person, now, r.title, r.body, r.link, r.once_key, r.kind, r.urgent ${from}, jsonb_to_recordset(i->'messages') AS r(${columns.message})
    ON CONFLICT (person, once_key) WHERE once_key IS NOT NULL DO NOTHING)`,
} as const
const partNames = Object.keys(parts) as (keyof typeof parts)[]
const isThere = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== null)

type Facts = Readonly<Record<keyof typeof parts, unknown>> & { id: string; dueGone: readonly string[]; people: readonly string[] }
/** Stores some, all of them new or none; answers of each whether it was still as it had been read. Few texts come up, each prepared once a connection. */
async function store(db: Queryable, list: readonly Facts[], isNew: boolean): Promise<boolean[]> {
  // All who store together take their rows in one order.
  const sorted = list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const some = partNames.filter((name) => list.some((facts) => isThere(facts[name])))
  const text = `${given}, instance AS (${isNew ? instanceNew : instanceOld}), ${[log, told, ...some.map((name) => parts[name])].join(', ')} SELECT id FROM instance`
  const gone = sorted.flatMap(({ id, dueGone }) => dueGone.map((what) => [id, what] as const))
  const arrays = some.includes('dueGone') ? [gone.map(([id]) => id), gone.map(([, what]) => what)] : []
  const stored = new Set((await db.query<{ id: string }>(text, [JSON.stringify(sorted), ...arrays])).map((row) => row.id))
  return list.map(({ id }) => stored.has(id))
}
const stores = new WeakMap<Kernel, Together<Facts, boolean>>()
function storeTogether(kernel: Kernel, facts: Facts): Promise<boolean> {
  let together = stores.get(kernel)
  if (!together)
    stores.set(kernel, (together = new Together((list) => store(kernel.db, list, false), { atOnce: 3, most: 30, keyOf: ({ id }) => id })))
  return together.ask(facts)
}

/**
 * Stores what an act brought: state, events, the tasks as people see them, what is due by itself, the answer, the audit entry and the messages.
 * False, and nothing stored, when the instance is no longer as it was read. Outside a transaction acts of the same moment share a statement.
 */
export async function save(kernel: Kernel, ctx: Context, saving: Saving): Promise<boolean> {
  const { instance, before, state, events } = saving
  const now = ctx.clock.now().toISOString()
  const work = delta(workOf(instance, before), workOf(instance, state))
  const due = delta(dueOf(instance, before, saving.after), dueOf(instance, state, saving.after))
  const rows = inOrder(work.put, goneWork(work.gone, before, instance, now))
  const facts = {
    id: instance.id, now, ...factsOf(saving, now), seq: instance.seq + events.length, read: instance.seq, act: saving.act ?? null, state, events,
    work: rows, dueGone: due.gone, due: [...due.put, ...calls(events, now)], people: concerned(saving, rows), audit: saving.audit ? auditOf(ctx, saving.audit) : null,
    messages: (saving.messages ?? []).map(({ person, message: m }) => ({ id: uuidv7(), person, title: m.title, body: m.body, link: m.link, once_key: m.onceKey ?? null, kind: m.kind, urgent: m.isUrgent ?? false })),
  } // prettier-ignore
  if (before && ctx.db === kernel.db) return storeTogether(kernel, facts)
  return (await store(ctx.db, [facts], !before))[0]!
}
function factsOf({ instance, state, title, summary }: Saving, now: string): Record<string, unknown> {
  return {
    number: state.number, flow: state.flow, flowVersion: state.flowVersion, resource: instance.resource, record: instance.record, parent: state.parent?.id ?? null, applicant: state.applicant,
    status: state.status, endedAt: isEnded(state) ? now : null, occasion: instance.occasion, request: instance.request, title, summary,
    lines: Object.keys(state.items).filter((id) => id !== '*').length, stuck: state.entries.some((e) => e.stuck) ? now : null,
  } // prettier-ignore
}
const auditOf = (ctx: Context, entry: AuditEntry): Record<string, unknown> => ({
  ...entry,
  actor: personOf(ctx.actor),
  name: nameOfActor(ctx.actor),
  address: ctx.address,
  detail: entry.detail ?? {},
})
/** Whose lists and badges are others now; their open pages are told. */
const concerned = ({ before, state, messages }: Saving, rows: readonly WorkRow[]): string[] => [
  ...new Set([
    ...rows.map((row) => row.person),
    ...(messages ?? []).map(({ person }) => person),
    ...(before?.status === state.status ? [] : [state.applicant]),
  ]),
]
/** Closed before opened: one person never holds two open tasks of a step. */
const inOrder = (...lists: WorkRow[][]): WorkRow[] => lists.flat().toSorted((a, b) => Number(a.state === 'open') - Number(b.state === 'open')) // prettier-ignore
/** What nobody can claim any more, or nobody has to read. */
function goneWork(gone: readonly string[], before: InstanceState | null, instance: Pick<Instance, 'definition'>, now: string): WorkRow[] {
  const known = workOf(instance, before)
  return gone.map((task) => ({ ...known.get(task)!, state: 'cancelled', closed_at: now }))
}
const backOffMinutes = [0, 1, 5, 15, 60]
function calls(events: readonly FlowEvent[], now: string): DueRow[] {
  return events.flatMap((e) => {
    if (e.type !== 'serviceCalled') return []
    // Somebody who has repaired the cause wants to see it go on now.
    const isRepaired = events.some((one) => one.type === 'repaired' && one.entry === e.entry)
    const wait = isRepaired ? 0 : backOffMinutes[Math.min(e.attempt - 1, backOffMinutes.length - 1)]! * 60_000
    return [{ what: `service:${e.entry}:${e.attempt}`, kind: 'service' as const, at: new Date(Date.parse(now) + wait).toISOString() }]
  })
}
