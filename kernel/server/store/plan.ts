import type { Definitions } from '#model'
import type { Queryable } from '../database/database.ts'
import { appRole } from '../database/roles.ts'
import { quote } from './naming.ts'
import { targetSchema, type TargetTable } from './schema.ts'

/** One change of the schema. */
export interface PlanStep {
  /** For engineers; people read what `stepWords` makes of the rest. */
  what: string
  kind: 'schema' | 'table' | 'column' | 'optional' | 'widen' | 'index' | 'dropIndex' | 'foreignKey' | 'validate'
  /** `schema.table`; the schema alone where it is made. */
  table: string
  column?: string
  sql: string
  /** Runs outside a transaction, beside the work of others. */
  concurrent?: boolean
  /** Takes away what a failure leaves half done: an invalid unique key would refuse what people write. */
  undo?: string
  /** Of a column that becomes wider: from and to which type. */
  types?: readonly [string, string]
}
/** A column is there with a type that cannot become the one declared without losing what it holds. */
export class SchemaConflict extends Error {
  readonly table: string
  readonly column: string
  constructor(table: string, column: string, from: string, to: string) {
    super(`column ${table}.${column} is ${from}, declared as ${to}: this change needs a new field`)
    this.table = table
    this.column = column
  }
}
interface ActualTable {
  columns: Map<string, { type: string; notNull: boolean }>
  indexes: Map<string, boolean>
  constraints: Set<string>
  /** Nothing in it yet: changes need no caution. */
  empty: boolean
}

/**
 * The difference between the schema asked for and the one there. It never drops data: a column no longer declared is kept aside. `only`: the resources
 * whose tables are compared, where nothing else can have changed.
 */
export async function planSchema(db: Queryable, defs: Definitions, only?: ReadonlySet<string>): Promise<PlanStep[]> {
  const target = targetSchema(defs, only)
  const actual = await readActual(db, target)
  const schemas = [...new Set(target.map((t) => t.schema))].filter((s) => !actual.schemas.has(s))
  return [
    ...schemas.map((s): PlanStep => ({
      what: `schema ${s}`,
      kind: 'schema',
      table: s,
      sql: `CREATE SCHEMA ${quote(s)}; GRANT USAGE ON SCHEMA ${quote(s)} TO ${appRole}`,
    })),
    ...target.flatMap((t) => planTable(t, actual.tables.get(`${t.schema}.${t.name}`))),
    // Foreign keys last: tables may point at each other.
    ...target.flatMap((t) => planForeignKeys(t, actual.tables.get(`${t.schema}.${t.name}`))),
  ]
}

const nameOf = (t: Pick<TargetTable, 'schema' | 'name'>): string => `${quote(t.schema)}.${quote(t.name)}`

const placeOf = (t: Pick<TargetTable, 'schema' | 'name'>): string => `${t.schema}.${t.name}`
type Target = Pick<TargetTable, 'schema' | 'name'>
const step = (t: Target, kind: PlanStep['kind'], what: string, sql: string, more: Partial<PlanStep> = {}): PlanStep => ({ what: `${kind} ${what}`, kind, table: placeOf(t), sql, ...more }) // prettier-ignore

function planTable(t: TargetTable, actual: ActualTable | undefined): PlanStep[] {
  if (!actual) {
    const lines = t.columns.map((c) => `${quote(c.name)} ${c.type}${c.notNull ? ' NOT NULL' : ''}`)
    return [
      // A table that the serving role cannot read yet is never seen, whenever its making is interrupted.
      step(t, 'table', placeOf(t), `CREATE TABLE ${nameOf(t)} (${[...lines, `PRIMARY KEY (${(t.key ?? ['id']).map(quote).join(', ')})`].join(', ')}); GRANT SELECT, INSERT, UPDATE, DELETE ON ${nameOf(t)} TO ${appRole}`), // prettier-ignore
      ...t.indexes.map((i) =>
        step(t, 'index', i.name, `CREATE ${i.unique ? 'UNIQUE ' : ''}INDEX ${quote(i.name)} ON ${nameOf(t)} ${i.body}`),
      ),
    ]
  }
  return [...t.columns.flatMap((c) => planColumn(t, c, actual)), ...planIndexes(t, actual)]
}

function planColumn(t: TargetTable, c: TargetTable['columns'][number], actual: ActualTable): PlanStep[] {
  const there = actual.columns.get(c.name)
  const change = (kind: PlanStep['kind'], sql: string, more: Partial<PlanStep> = {}) => [
    step(t, kind, `${t.name}.${c.name}`, `ALTER TABLE ${nameOf(t)} ${sql}`, { column: c.name, ...more }),
  ]
  if (!there) return change('column', `ADD COLUMN ${quote(c.name)} ${c.type}${c.notNull && actual.empty ? ' NOT NULL' : ''}`)
  if (there.type !== c.type) {
    if (!widens(there.type, c.type)) throw new SchemaConflict(placeOf(t), c.name, there.type, c.type)
    return change('widen', `ALTER COLUMN ${quote(c.name)} TYPE ${c.type}`, { types: [there.type, c.type] })
  }
  // A field made required binds new writes at once; the column follows when no old row is empty.
  return there.notNull && !c.notNull ? change('optional', `ALTER COLUMN ${quote(c.name)} DROP NOT NULL`) : []
}
const widens = (from: string, to: string): boolean =>
  (from === 'integer' && (to === 'bigint' || to.startsWith('numeric'))) ||
  (from.startsWith('numeric') && to.startsWith('numeric') && scaleOf(to) >= scaleOf(from))
const scaleOf = (type: string): number => Number(/,(\d+)\)/.exec(type)?.[1] ?? 0)

function planIndexes(t: TargetTable, actual: ActualTable): PlanStep[] {
  const missing = t.indexes.filter((i) => actual.indexes.get(i.name) !== true)
  const wanted = new Set(t.indexes.map((i) => i.name))
  const stale = [...actual.indexes.keys()].filter((name) => /^(ix|uq)_/.test(name) && !wanted.has(name))
  const aside = { concurrent: true }
  const dropping = (name: string) => `DROP INDEX CONCURRENTLY IF EXISTS ${quote(t.schema)}.${quote(name)}`
  const drop = (name: string) => step(t, 'dropIndex', name, dropping(name), aside)
  return [
    ...missing.flatMap((i) => [
      // An invalid leftover of an interrupted build is dropped and built again.
      ...(actual.indexes.get(i.name) === false ? [drop(i.name)] : []),
      step(t, 'index', i.name, `CREATE ${i.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${quote(i.name)} ON ${nameOf(t)} ${i.body}`, {
        ...aside,
        undo: dropping(i.name),
      }),
    ]),
    ...stale.map(drop),
  ]
}

function planForeignKeys(t: TargetTable, actual: ActualTable | undefined): PlanStep[] {
  return t.foreignKeys
    .filter((f) => !actual?.constraints.has(f.name))
    .flatMap((f) => {
      const add = `ALTER TABLE ${nameOf(t)} ADD CONSTRAINT ${quote(f.name)} FOREIGN KEY (${quote(f.column)}) REFERENCES ${quote(f.schema)}.${quote(f.table)} (id) ON DELETE ${f.onDelete}`
      const of = { column: f.column }
      if (!actual || actual.empty) return [step(t, 'foreignKey', f.name, add, of)]
      const validate = `ALTER TABLE ${nameOf(t)} VALIDATE CONSTRAINT ${quote(f.name)}`
      return [step(t, 'foreignKey', f.name, `${add} NOT VALID`, of), step(t, 'validate', f.name, validate, { ...of, concurrent: true })]
    })
}

async function readActual(
  db: Queryable,
  target: readonly TargetTable[],
): Promise<{ schemas: Set<string>; tables: Map<string, ActualTable> }> {
  const tables = new Map<string, ActualTable>()
  const wanted = target.map(placeOf)
  const schemas = await db.once<{ name: string }>(`SELECT nspname AS name FROM pg_namespace`)
  const columns = await db.once<{ schema: string; table: string; column: string; type: string; not_null: boolean; rows: number }>(
    `SELECT n.nspname AS schema, c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, c.reltuples AS rows
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND n.nspname || '.' || c.relname = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped`,
    [wanted],
  )
  for (const c of columns) {
    const key = `${c.schema}.${c.table}`
    if (!tables.has(key)) tables.set(key, { columns: new Map(), indexes: new Map(), constraints: new Set(), empty: true })
    tables.get(key)!.columns.set(c.column, { type: normalType(c.type), notNull: c.not_null })
  }
  const indexes = await db.once<{ key: string; name: string; valid: boolean }>(
    `SELECT n.nspname || '.' || t.relname AS key, i.relname AS name, x.indisvalid AS valid
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname || '.' || t.relname = ANY($1)`,
    [wanted],
  )
  for (const i of indexes) tables.get(i.key)?.indexes.set(i.name, i.valid)
  const constraints = await db.once<{ key: string; name: string }>(
    `SELECT n.nspname || '.' || t.relname AS key, k.conname AS name FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname || '.' || t.relname = ANY($1)`,
    [wanted],
  )
  for (const k of constraints) tables.get(k.key)?.constraints.add(k.name)
  for (const [key, table] of tables) {
    const [schema, name] = key.split('.') as [string, string]
    const [row] = await db.once<{ filled: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${quote(schema)}.${quote(name)}) AS filled`)
    table.empty = row?.filled !== true
  }
  return { schemas: new Set(schemas.map((s) => s.name)), tables }
}
const normalType = (type: string): string =>
  type.replace('timestamp with time zone', 'timestamptz').replace(/^numeric\((\d+), ?(\d+)\)$/, 'numeric($1,$2)')
