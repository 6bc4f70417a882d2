import { createHash } from 'node:crypto'
import type { Filter } from '#model'
import { replacePerson, type Flow } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import { releaseTable } from '../designs/standing.ts'
import type { Kernel } from '../kernel.ts'
import { definitionOf } from './instances.ts'

/** The name under which a change of what is in force is told to whoever holds flows in memory. */
export const flowTable = 'kernel.flow_design'
/** One person in place of another wherever a definition names him. */
export interface Replacement {
  from: string
  to: string
}
/** Whose definition it is. */
export type FlowSource = 'program' | 'hospital'
interface Known {
  definition: Flow<Filter>
  text: string
  hash: string
}
export interface InForce extends Known {
  source: FlowSource
  /** Of what the hospital published: when, and by whom. */
  published: { at: string; by: string | null } | null
  /** Null: not stored yet. */
  version: number | null
  newest: number
}

/** What a definition is recognised by. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
/** A definition with the hospital's replacements of people. */
export const withReplacements = (definition: Flow<Filter>, replacements: readonly Replacement[]): Flow<Filter> =>
  replacements.reduce((flow, { from, to }) => replacePerson(flow, from, to), definition)

const knownOf = new WeakMap<Kernel, Map<string, { key: string; known: Known }>>()
/** A definition with its replacements, its text and hash; the same object as long as none of them changes. */
function knownAs(kernel: Kernel, definition: Flow<Filter>, place: string, replacements: readonly Replacement[]): Known {
  let cache = knownOf.get(kernel)
  if (!cache) knownOf.set(kernel, (cache = new Map()))
  const key = `${place} ${JSON.stringify(replacements)}`
  const found = cache.get(definition.name)
  if (found?.key === key) return found.known
  const made = withReplacements(definition, replacements)
  const text = JSON.stringify(made)
  const known = { definition: made, text, hash: hashOf(text) }
  cache.set(definition.name, { key, known })
  return known
}

const replacementsSql = `SELECT coalesce(json_agg(json_build_object('from', from_person, 'to', to_person) ORDER BY at, id), '[]') AS replacements
  FROM kernel.flow_replacement WHERE ended_at IS NULL`
/** The replacements of people that stand. */
export async function replacementsOf(db: Queryable): Promise<Replacement[]> {
  const [row] = await db.query<{ replacements: Replacement[] }>(replacementsSql)
  return row!.replacements
}

/** What is in force under a name, as the database says it now: the hospital's published version, else the program's. Stores nothing; a fault when there is neither. */
export const inForce = async (kernel: Kernel, ctx: Pick<Context, 'db'>, name: string): Promise<InForce> =>
  (await allInForce(kernel, ctx, [name]))[0]!
/** The same of several, in their order, asked at once. */
export async function allInForce(kernel: Kernel, ctx: Pick<Context, 'db'>, names: readonly string[]): Promise<InForce[]> {
  const rows = await ctx.db.query<Stands & object>(
    `SELECT n.name, d.version, d.hash, f.drawn, f.drawn_hash, f.at, f.by, r.replacements FROM (${replacementsSql}) r, unnest($1::text[]) WITH ORDINALITY n (name, nth)
     LEFT JOIN LATERAL (SELECT version, hash FROM kernel.flow_definition WHERE name = n.name ORDER BY version DESC LIMIT 1) d ON true
     LEFT JOIN LATERAL (SELECT v.version AS drawn, v.hash AS drawn_hash, v.at, v.by FROM kernel.flow_design s
       JOIN kernel.flow_definition v ON v.name = s.flow AND v.version = s.in_force WHERE s.flow = n.name) f ON true ORDER BY n.nth`,
    [names],
  )
  return Promise.all(rows.map((row) => standing(kernel, ctx, row)))
}
interface Stands {
  name: string
  version: number | null
  hash: string | null
  drawn: number | null
  drawn_hash: string | null
  at: string | null
  by: string | null
  replacements: Replacement[]
}
async function standing(kernel: Kernel, ctx: Pick<Context, 'db'>, row: Stands): Promise<InForce> {
  const { name, version, hash, drawn, drawn_hash: drawnHash, at, by, replacements } = row
  const newest = version ?? 0
  const base = drawn === null ? kernel.defs.flow(name) : await definitionOf(kernel, ctx.db, name, drawn)
  const known = knownAs(kernel, base, String(drawn), replacements)
  // What went through the database comes back with its keys in another order: where nobody is replaced it is the very version that was published.
  const own = drawn !== null && known.text === JSON.stringify(base) ? { ...known, hash: drawnHash! } : known
  const published = drawn === null ? null : { at: at!, by }
  return { ...own, source: published ? 'hospital' : 'program', published, newest, version: own.hash === hash ? newest : null }
}

/** What is in force, as a stored version: what it differs from the last one in is stored now, for good, whatever becomes of the act that asked. */
export async function currentVersion(kernel: Kernel, ctx: Context, name: string): Promise<{ version: number; definition: Flow<Filter> }> {
  for (;;) {
    const { definition, version, newest, hash, text, source } = await inForce(kernel, ctx, name)
    if (version !== null) return { version, definition }
    // Another may have taken the number for something else: then it is asked again.
    await kernel.db.aside.query(
      `INSERT INTO kernel.flow_definition (name, version, hash, definition, at, source) VALUES ($1, $2, $3, $4::jsonb, $5, $6) ON CONFLICT DO NOTHING`,
      [name, newest + 1, hash, text, ctx.clock.now().toISOString(), source],
    )
  }
}

const held = new WeakMap<Kernel, { flows: Promise<ReadonlyMap<string, Flow<Filter>>> | null }>()
/** Every flow that is in force, by name: the program's, and those that the hospital published. In memory, for lists, labels and choices. */
export function flowsInForce(kernel: Kernel): Promise<ReadonlyMap<string, Flow<Filter>>> {
  let mine = held.get(kernel)
  if (!mine) {
    const fresh = { flows: null as Promise<ReadonlyMap<string, Flow<Filter>>> | null }
    kernel.whenChanged([flowTable, releaseTable], () => void (fresh.flows = null))
    held.set(kernel, (mine = fresh))
  }
  const place = mine
  place.flows ??= load(kernel).catch((error: unknown) => {
    place.flows = null
    throw error
  })
  return place.flows
}
async function load(kernel: Kernel): Promise<ReadonlyMap<string, Flow<Filter>>> {
  const drawn = await kernel.db.aside.query<{ name: string; definition: Flow<Filter> }>(
    `SELECT v.name, v.definition FROM kernel.flow_design s JOIN kernel.flow_definition v ON v.name = s.flow AND v.version = s.in_force ORDER BY v.name`,
  )
  return new Map([...kernel.defs.flows, ...drawn.map(({ name, definition }) => [name, definition] as const)])
}
