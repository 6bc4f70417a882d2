import type { Queryable } from '../database/database.ts'

/** What the planner expects. Cost is in its own units: some 500 of them take a millisecond where lists are read. */
export interface Estimate {
  cost: number
  /** Rows of the statement, or of what it gathers before it sorts. */
  rows: number
}
interface PlanNode {
  'Total Cost': number
  'Plan Rows': number
  'Subplan Name'?: string
  Plans?: PlanNode[]
}

/** Tables from so many rows on are large: below, no question is ever asked about a question. */
export const largeFrom = 100_000
const sizesFor = 30_000
const rememberedFor = 60_000
const mostKnown = 5000

/** Sizes of tables and costs of statements, as the database guesses them. */
export class Estimates {
  private sizes: Promise<ReadonlyMap<string, number>> | null = null
  private sizesAt = 0
  private readonly known = new Map<string, { at: number; found: Promise<unknown> }>()
  private shares: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map()
  private readonly db: Queryable
  constructor(db: Queryable) {
    this.db = db
  }

  /** About how many rows a table (`"schema"."name"`) has; known for half a minute. */
  async rowsOf(table: string): Promise<number> {
    if (!this.sizes || performance.now() - this.sizesAt > sizesFor) {
      this.sizesAt = performance.now()
      const sizes = this.readSizes()
      this.sizes = sizes
      sizes.catch(() => (this.sizes = null))
    }
    return (await this.sizes).get(table) ?? 0
  }
  async isLarge(table: string): Promise<boolean> {
    return (await this.rowsOf(table)) >= largeFrom
  }
  /** In how large a part of the searchable texts of a large table each pair of letters stands; a pair that is not named is rare. Undefined where nothing is known. */
  pairShares = (table: string): ReadonlyMap<string, number> | undefined => this.shares.get(table)
  /** Sizes and what was chosen by them are found anew at the next question: after an index came or went. */
  forget(): void {
    this.sizes = null
    this.known.clear()
  }
  /** What `work` found for this key within the last minute. */
  remember<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = this.known.get(key)
    if (known && performance.now() - known.at < rememberedFor) return known.found as Promise<T>
    if (this.known.size >= mostKnown) this.known.delete(this.known.keys().next().value!)
    const found = work()
    this.known.delete(key)
    this.known.set(key, { at: performance.now(), found })
    found.catch(() => this.known.delete(key))
    return found
  }
  /** What `remember` is to say of this key from now on. */
  learn(key: string, found: unknown): void {
    this.known.set(key, { at: performance.now(), found: Promise.resolve(found) })
  }
  private async readSizes(): Promise<ReadonlyMap<string, number>> {
    // Never analysed: by its pages.
    const tables = await this.db.query<{ name: string; rows: number }>(
      `SELECT format('"%s"."%s"', n.nspname, c.relname) AS name, CASE WHEN c.reltuples >= 0 THEN c.reltuples ELSE pg_relation_size(c.oid) / 200 END::float8 AS rows
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
    )
    if (tables.some(({ rows }) => rows >= largeFrom)) this.shares = await this.readShares()
    return new Map(tables.map(({ name, rows }) => [name, rows]))
  }
  private async readShares(): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
    const found = await this.db.query<{ name: string; pair: string; share: number }>(
      `SELECT name, pair, share FROM kernel.pair_shares($1)`,
      [largeFrom],
    )
    const byTable = Map.groupBy(found, ({ name }) => name)
    return new Map([...byTable].map(([name, list]) => [name, new Map(list.map(({ pair, share }) => [pair, share]))]))
  }

  /** What this statement would cost with these values. Nothing is run. */
  async of({ text, values }: { text: string; values: readonly unknown[] }): Promise<Estimate> {
    const [answer] = await this.db.once<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values)
    const plan = answer!['QUERY PLAN'][0].Plan
    return { cost: plan['Total Cost'], rows: (gathered(plan) ?? plan)['Plan Rows'] }
  }
}
function gathered(node: PlanNode): PlanNode | undefined {
  if (node['Subplan Name'] === 'CTE m') return node
  for (const inner of node.Plans ?? []) {
    const found = gathered(inner)
    if (found) return found
  }
  return undefined
}
