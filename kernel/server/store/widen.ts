import { createHash } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { givingWay } from '../jobs/give-way.ts'
import { aside, inShort } from './beside.ts'
import { quote, shortName } from './naming.ts'
import type { PlanStep } from './plan.ts'

const portion = 5000

/**
 * Gives a column a wider type while people work: a second column beside it that a trigger keeps up with, filled in portions, its indexes built beside the work
 * of others; then the two change places in one short transaction. Nothing is read twice with another meaning: a value and its wider form are equal. Taken up
 * again after a kill at any point.
 */
export async function widenColumn(db: Database, { table, column, types }: PlanStep, patienceMs?: number): Promise<void> {
  const place = table.split('.').map(quote).join('.')
  const [old, wide] = [quote(column!), quote(wideOf(column!))]
  const guard = quote(shortName('widen', createHash('sha256').update(`${table}.${column!}`).digest('hex').slice(0, 16)))
  await inShort(db, [
    `ALTER TABLE ${place} ADD COLUMN IF NOT EXISTS ${wide} ${types![1]}`,
    `CREATE OR REPLACE FUNCTION kernel.${guard}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.${wide} := NEW.${old}; RETURN NEW; END $$`,
    `CREATE OR REPLACE TRIGGER ${guard} BEFORE INSERT OR UPDATE ON ${place} FOR EACH ROW EXECUTE FUNCTION kernel.${guard}()`,
  ], patienceMs) // prettier-ignore
  for await (const _ of givingWay(fill(db, place, old, wide)));
  const indexes = await indexesOver(db, table, column!)
  for (const { name, definition, isValid } of indexes.filter(({ isCopied }) => !isCopied)) {
    const copy = quote(wideOf(name))
    if (isValid === false) await aside(db, `DROP INDEX CONCURRENTLY IF EXISTS ${quote(table.split('.')[0]!)}.${copy}`)
    await aside(db, definition.replace(/^CREATE (UNIQUE )?INDEX (?:"[^"]+"|\S+)/, (_, unique: string | undefined) => `CREATE ${unique ?? ''}INDEX CONCURRENTLY ${copy}`).replaceAll(columnIn(column!), wide)) // prettier-ignore
  }
  const [{ not_null: isNeeded } = { not_null: false }] = await db.once<{ not_null: boolean }>(
    `SELECT attnotnull AS not_null FROM pg_attribute WHERE attrelid = '${place}'::regclass AND attname = $1`,
    [column],
  )
  const check = quote(shortName('widened', table, column!))
  if (isNeeded) {
    await inShort(db, [`ALTER TABLE ${place} DROP CONSTRAINT IF EXISTS ${check}`, `ALTER TABLE ${place} ADD CONSTRAINT ${check} CHECK (${wide} IS NOT NULL) NOT VALID`], patienceMs) // prettier-ignore
    await aside(db, `ALTER TABLE ${place} VALIDATE CONSTRAINT ${check}`)
  }
  await inShort(db, [
    `DROP TRIGGER ${guard} ON ${place}`,
    ...(isNeeded ? [`ALTER TABLE ${place} ALTER COLUMN ${wide} SET NOT NULL`, `ALTER TABLE ${place} DROP CONSTRAINT ${check}`] : []),
    `ALTER TABLE ${place} DROP COLUMN ${old}`,
    `ALTER TABLE ${place} RENAME COLUMN ${wide} TO ${old}`,
    ...indexes.map(({ name }) => `ALTER INDEX ${quote(table.split('.')[0]!)}.${quote(wideOf(name))} RENAME TO ${quote(name)}`),
    `DROP FUNCTION kernel.${guard}()`,
  ], patienceMs) // prettier-ignore
}
const wideOf = (name: string): string => shortName(name, '_wide')
/** As PostgreSQL writes a column in an index's definition. */
const columnIn = (column: string): RegExp => new RegExp(`(?<![\\w"])(?:"${column}"|${column})(?![\\w"])`, 'g')

/**
 * Portions as they lie in the table, each a transaction of its own; what is equal already is passed over. What moves behind the reader's place was written
 * meanwhile, and so by the trigger.
 */
async function* fill(db: Database, place: string, old: string, wide: string): AsyncGenerator<void> {
  const [{ rows } = { rows: 1 }] = await db.once<{ rows: number }>(
    `SELECT greatest(reltuples / greatest(relpages, 1), 1) AS rows FROM pg_class WHERE oid = '${place}'::regclass`,
  )
  const pages = Math.max(Math.round(portion / rows), 1)
  for (let from = 0; ; from += pages) {
    const [{ size } = { size: 0 }] = await db.once<{ size: number }>(`SELECT (pg_relation_size('${place}'::regclass) / 8192)::int AS size`)
    if (from >= size) return
    await db.once(
      `UPDATE ${place} SET ${wide} = ${old} WHERE ctid >= '(${from},0)' AND ctid < '(${from + pages},0)' AND ${wide} IS DISTINCT FROM ${old}`,
    )
    yield
  }
}

interface Index {
  name: string
  definition: string
  /** Of its copy; null where there is none. */
  isValid: boolean | null
  isCopied: boolean
}
async function indexesOver(db: Database, table: string, column: string): Promise<Index[]> {
  const rows = await db.once<{ name: string; definition: string }>(
    `SELECT i.relname AS name, pg_get_indexdef(i.oid) AS definition FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
     WHERE x.indrelid = '${table.split('.').map(quote).join('.')}'::regclass ORDER BY i.relname`,
  )
  const copies = await db.once<{ name: string; valid: boolean }>(
    `SELECT i.relname AS name, x.indisvalid AS valid FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = '${table.split('.').map(quote).join('.')}'::regclass`,
  )
  return rows
    .filter(({ definition }) => columnIn(column).test(definition.slice(definition.indexOf(' USING '))))
    .map((one) => {
      const copy = copies.find(({ name }) => name === wideOf(one.name))
      return { ...one, isValid: copy?.valid ?? null, isCopied: copy?.valid === true }
    })
}
