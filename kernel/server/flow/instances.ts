import { Refusal, type Filter } from '#model'
import type { Flow, InstanceState } from '#kernel/model/flow/index.ts'
import type { Queryable } from '../database/database.ts'
import { Together } from '../database/together.ts'
import type { Kernel } from '../kernel.ts'

/** An instance with the definition that it started under. */
export interface Instance {
  id: string
  resource: string
  record: string
  /** What it is about: a new record, or a request to change or delete an approved one. */
  occasion: string
  request: string | null
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
  occasion: string
  request: string | null
  seq: number
  state: InstanceState
}

const known = new WeakMap<Kernel, Map<string, Flow<Filter>>>()
/** The definition of a version; a running instance keeps the one it began under. */
export async function definitionOf(kernel: Kernel, db: Queryable, name: string, version: number): Promise<Flow<Filter>> {
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

const columns = 'id, flow, flow_version, resource, record, occasion, request, seq, state'
const instanceOf = async (kernel: Kernel, db: Queryable, { flow, flow_version, ...row }: Row): Promise<Instance> => ({
  ...row,
  definition: await definitionOf(kernel, db, flow, flow_version),
})
/** Loads an instance. */
export async function loadInstance(kernel: Kernel, db: Queryable, id: string): Promise<Instance> {
  const [row] = await db.query<Row>(`SELECT ${columns} FROM kernel.flow_instance WHERE id = $1::uuid`, [id])
  if (!row) throw new Refusal('notFound', '没有这个审批')
  return instanceOf(kernel, db, row)
}
interface ToAct {
  instance: Instance
  /** The answer that this very act got before. */
  first: { answer: unknown; actor: string } | null
}
type RowToAct = Row & { answer: unknown; act_actor: string | null }
const columnsToAct = `f.${columns.replaceAll(', ', ', f.')}, a.answer, a.actor AS act_actor`
/** Loads an instance to act on it: held until the transaction ends, so that of two simultaneous acts one waits and is then told. */
export async function lockInstance(kernel: Kernel, db: Queryable, id: string, actId: string | null): Promise<ToAct> {
  const [row] = await db.query<RowToAct>(
    `SELECT ${columnsToAct} FROM (SELECT * FROM kernel.flow_instance WHERE id = $1::uuid FOR UPDATE) f LEFT JOIN kernel.flow_log a ON a.instance = f.id AND a.act_id = $2::uuid`,
    [id, actId],
  )
  return toAct(kernel, db, row)
}
const peekers = new WeakMap<Kernel, Together<{ id: string; actId: string }, RowToAct | undefined>>()
/** Loads an instance to act on it when nobody else does: `save` refuses what was read before another's act. */
export async function peekInstance(kernel: Kernel, id: string, actId: string): Promise<ToAct> {
  let peeker = peekers.get(kernel)
  if (!peeker) peekers.set(kernel, (peeker = new Together((list) => peek(kernel.db, list), { atOnce: 2, most: 50 })))
  return toAct(kernel, kernel.db, await peeker.ask({ id, actId }))
}
async function peek(db: Queryable, list: readonly { id: string; actId: string }[]): Promise<(RowToAct | undefined)[]> {
  const rows = await db.query<RowToAct & { n: number }>(
    `SELECT g.n, ${columnsToAct} FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS g(id, act, n) JOIN kernel.flow_instance f ON f.id = g.id LEFT JOIN kernel.flow_log a ON a.instance = f.id AND a.act_id = g.act`,
    [list.map(({ id }) => id), list.map(({ actId }) => actId)],
  )
  const byPlace = new Map(rows.map(({ n, ...row }) => [n, row]))
  return list.map((_, at) => byPlace.get(at + 1))
}
async function toAct(kernel: Kernel, db: Queryable, row: RowToAct | undefined): Promise<ToAct> {
  if (!row) throw new Refusal('notFound', '没有这个审批')
  const { answer, act_actor: actor, ...stored } = row
  return { instance: await instanceOf(kernel, db, stored), first: actor ? { answer, actor } : null }
}
/** All instances of a record: the first one, those split off, and those of its changes. */
export async function instancesOf(kernel: Kernel, db: Queryable, record: string): Promise<Instance[]> {
  const rows = await db.query<Row>(`SELECT ${columns} FROM kernel.flow_instance WHERE record = $1::uuid ORDER BY started_at, id`, [record])
  return Promise.all(rows.map((row) => instanceOf(kernel, db, row)))
}
