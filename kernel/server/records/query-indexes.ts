import {
  kindOf,
  Refusal,
  operators,
  type IndexesAnswer,
  type LargeTable,
  type Operator,
  type QueryIndex,
  type QueryIndexState,
  type SlowQuestion,
} from '#model'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { largeFrom } from '../store/estimates.ts'
import { declaredWishes, wishOf, wishPrefix, type IndexWish } from '../store/index-plan.ts'
import { labelOf } from './large-lists.ts'

interface Row {
  name: string
  resource: string
  keys: string[]
  origin: 'declared' | 'asked'
  wanted: boolean
  problem: string | null
  progress: number | null
  is_building: boolean
}
interface Present {
  valid: boolean
  bytes: number
  used: number
}
interface QuestionRow {
  resource: string
  conditions: string[]
  sort: string[]
  scope: string
  keys: string[] | null
  asked: number
  refused: number
  longest_ms: number
  last_at: string
}

/** What an administrator sees of large tables: their indexes, wanted and there, and the questions that were slow. */
export async function readIndexes(kernel: Kernel): Promise<IndexesAnswer> {
  const rows = await kernel.db.query<Row>(
    `SELECT name, resource, keys, origin, wanted, problem, progress, coalesce(seen_at > statement_timestamp() - interval '15 seconds', false) AS is_building FROM kernel.query_index ORDER BY at, name`,
  )
  const questions = await kernel.db.query<QuestionRow>(`SELECT * FROM kernel.slow_question ORDER BY last_at DESC LIMIT 200`)
  const present = await readPresent(kernel)
  const declared = new Map(declaredWishes(kernel.defs).map((wish) => [wish.name, wish]))
  const states = new Map(rows.map((row) => [row.name, stateOf(row, present.get(row.name), isCurrent(kernel, declared, row))]))
  const known = (name: string) => states.get(name) ?? 'none'
  const found: LargeTable[] = []
  for (const table of kernel.defs.tables.keys()) {
    const size = await kernel.estimates.rowsOf(kernel.resource(table).table)
    const names = new Set([...kernel.defs.resources.values()].filter((r) => r.table === table).map((r) => r.name))
    // One that was ordered once and taken away again is no more than it was before.
    const here = rows.filter((row) => names.has(row.resource) && !(states.get(row.name) === 'none' && row.origin === 'asked'))
    const asked = questions.filter((q) => names.has(q.resource))
    if (size < largeFrom && here.length === 0 && asked.length === 0) continue
    const noted = new Set(here.map((row) => row.name))
    const coming = [...declared.values()].filter((wish) => size >= largeFrom && names.has(wish.resource) && !noted.has(wish.name))
    found.push({
      resource: table,
      label: kernel.defs.resource(table).label,
      rows: Math.round(size),
      bytes: 0,
      indexes: [
        ...here.map((row) => indexOf(kernel, row, states.get(row.name)!, present.get(row.name), declared.get(row.name))),
        ...coming.map((wish) =>
          indexOf(kernel, { ...wish, origin: 'declared', problem: null, progress: null }, 'waiting', undefined, wish),
        ),
      ],
      questions: asked.map((q) => questionOf(kernel, q, known)),
    })
  }
  const bytes = await readBytes(kernel, found.map((t) => kernel.resource(t.resource).table)) // prettier-ignore
  const tables = found.map((t) => ({ ...t, bytes: bytes.get(kernel.resource(t.resource).table) ?? 0 }))
  return { tables: tables.sort((a, b) => b.rows - a.rows), from: largeFrom }
}

async function readPresent(kernel: Kernel): Promise<Map<string, Present>> {
  const found = await kernel.db.query<Present & { name: string }>(
    `SELECT i.relname AS name, x.indisvalid AS valid, pg_relation_size(i.oid) AS bytes, coalesce(s.idx_scan, 0) AS used
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.oid WHERE i.relname LIKE '${wishPrefix}\\_%'`,
  )
  return new Map(found.map((one) => [one.name, one]))
}
/** Bytes of tables with all that hangs on them, by name. */
async function readBytes(kernel: Kernel, tables: readonly string[]): Promise<Map<string, number>> {
  const sizes = await kernel.db.query<{ name: string; bytes: number }>(
    `SELECT name, pg_total_relation_size(to_regclass(name)) AS bytes FROM unnest($1::text[]) name`,
    [tables],
  )
  return new Map(sizes.map((one) => [one.name, one.bytes]))
}

/** Is it still what the definitions make of it? */
function isCurrent(kernel: Kernel, declared: ReadonlyMap<string, IndexWish>, row: Row): boolean {
  if (row.origin === 'declared') return declared.has(row.name)
  try {
    return wishOf(kernel.defs, row.resource, row.keys).name === row.name
  } catch {
    return false
  }
}
function stateOf(row: Row, present: Present | undefined, isKnown: boolean): QueryIndexState {
  if (!row.wanted) return present ? (row.problem ? 'failed' : 'dropping') : 'none'
  if (present?.valid) return isKnown ? 'ready' : 'stale'
  if (row.is_building) return 'building'
  return row.problem ? 'failed' : 'waiting'
}

const labelsOf = (kernel: Kernel, resource: string, keys: readonly string[]): string[] =>
  keys.map((key) => labelOf(kernel.resource(resource), key))
function indexOf(
  kernel: Kernel,
  row: Omit<Row, 'keys' | 'wanted' | 'is_building'> & { keys: readonly string[] },
  state: QueryIndexState,
  present: Present | undefined,
  wish: IndexWish | undefined,
): QueryIndex {
  return {
    name: row.name,
    resource: row.resource,
    keys: row.keys,
    labels: labelsOf(kernel, row.resource, row.keys),
    carries: labelsOf(kernel, row.resource, wish?.include ?? []),
    origin: row.origin,
    state,
    progress: state === 'building' ? row.progress : null,
    bytes: present?.bytes ?? null,
    used: present?.used ?? null,
    problem: row.problem,
  }
}
function questionOf(kernel: Kernel, q: QuestionRow, known: (name: string) => QueryIndexState): SlowQuestion {
  const c = kernel.resource(q.resource)
  const word = (shape: string): string => {
    if (shape === 'search') return '快速查找'
    const [path = '', op] = shape.split(' ')
    const field = kernel.defs.path(c.r.name, path)?.field
    const said = op && (field ? (kindOf(field).words?.[op as Operator] ?? operators[op as Operator]) : operators[op as Operator])
    return op ? `${labelOf(c, path)} ${said ?? op}` : `一组条件（${path.split('|').map((one) => labelOf(c, one)).join('、')}）` // prettier-ignore
  }
  const keys = q.keys ?? []
  return {
    resource: q.resource,
    conditions: [...(q.scope ? [`范围：${labelOf(c, q.scope)}`] : []), ...q.conditions.map(word)],
    sort: q.sort.map((key) => `${labelOf(c, key.replace(/^-/, ''))} ${key.startsWith('-') ? '↓' : '↑'}`),
    asked: q.asked,
    refused: q.refused,
    longestMs: q.longest_ms,
    lastAt: q.last_at,
    index: keys.length ? { keys, labels: labelsOf(kernel, q.resource, keys), state: knownState(kernel, q.resource, keys, known) } : null,
  }
}
function knownState(kernel: Kernel, resource: string, keys: readonly string[], known: (name: string) => QueryIndexState): QueryIndexState {
  try {
    const declared = declaredWishes(kernel.defs).find((wish) => wish.resource === resource && wish.keys.join() === keys.join())
    return known((declared ?? wishOf(kernel.defs, resource, keys)).name)
  } catch {
    return 'stale'
  }
}

/** Orders an index: by its name where it is known, or by the fields it shall have. Who has the owner's address builds it. */
export async function orderIndex(kernel: Kernel, ctx: Context, order: { name?: string; resource: string; keys: readonly string[] }): Promise<void> {
  const declared = declaredWishes(kernel.defs).find((wish) => wish.name === order.name)
  const wish = declared ?? wishOf(kernel.defs, order.resource, order.keys)
  await ctx.db.query(
    `INSERT INTO kernel.query_index (name, resource, keys, origin, wanted, by, at) VALUES ($1, $2, $3, $4, true, $5::uuid, $6)
     ON CONFLICT (name) DO UPDATE SET wanted = true, by = excluded.by, attempts = 0, next_at = NULL, problem = NULL`,
    [wish.name, wish.resource, [...wish.keys], declared ? 'declared' : 'asked', personOf(ctx.actor), kernel.clock.now().toISOString()],
  )
  await audit(ctx, { act: 'index.order', outcome: 'done', resource: wish.resource, detail: { index: wish.name, keys: wish.keys } })
} // prettier-ignore

/** Takes an index away; it is not made again by itself. Refused for what is none of ours. */
export async function dropIndex(kernel: Kernel, ctx: Context, name: string): Promise<void> {
  const declared = declaredWishes(kernel.defs).find((wish) => wish.name === name)
  // One that waits for the table to be looked at has no row yet.
  const [row] = await ctx.db.query<{ resource: string }>(
    declared
      ? `INSERT INTO kernel.query_index (name, resource, keys, origin, wanted, by, at) VALUES ($1, $2, $3, 'declared', false, $4::uuid, $5)
         ON CONFLICT (name) DO UPDATE SET wanted = false, by = excluded.by, attempts = 0, next_at = NULL, problem = NULL RETURNING resource`
      : `UPDATE kernel.query_index SET wanted = false, by = $2::uuid, attempts = 0, next_at = NULL, problem = NULL WHERE name = $1 RETURNING resource`,
    declared
      ? [name, declared.resource, [...declared.keys], personOf(ctx.actor), kernel.clock.now().toISOString()]
      : [name, personOf(ctx.actor)],
  )
  if (!row) throw new Refusal('notFound', '没有这个索引')
  await audit(ctx, { act: 'index.drop', outcome: 'done', resource: row.resource, detail: { index: name } })
}

/** Forgets the questions that were slow: after what was done about them. */
export async function forgetQuestions(ctx: Context, resource: string): Promise<void> {
  await ctx.db.query(`DELETE FROM kernel.slow_question WHERE resource = $1`, [resource])
}
