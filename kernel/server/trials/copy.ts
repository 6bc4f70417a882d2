import { pipeline } from 'node:stream/promises'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { isProtected, kindOf, type Definitions, type Field, type ResolvedResource } from '#model'
import type { Database } from '../database/database.ts'
import { compileResource, envelopeColumns } from '../store/compiled.ts'
import { quote, tableOf } from '../store/naming.ts'

/** What is brought along whole: words, flows and reminders as they are in force, and everything that the hospital has made. */
const settingTables = [
  'setting',
  'flow_definition',
  'flow_design',
  'flow_binding',
  'reminder_version',
  'reminder',
  'release',
  'design_version',
  'design',
]
/** Of a list that is longer nothing is brought along. */
const mostRows = 20_000

const targetOf = (field: Field): string | undefined =>
  'target' in field.options ? (field.options as { target: string }).target : undefined
/** Fields whose values leave the live tables: nothing protected, nothing worked out, no sub-tables. */
const plainFields = (r: ResolvedResource): [string, Field][] =>
  Object.entries(r.fields).filter(([, field]) => !isProtected(field) && field.kind !== 'rows' && !kindOf(field).holdsFiles)

/** What the forms that are tried point at, and the directory: by table, each as the type that owns it. */
function wantedTypes(defs: Definitions, tried: readonly string[]): ResolvedResource[] {
  const owners = new Map<string, ResolvedResource>()
  const want = (name: string): void => {
    const r = defs.resource(defs.resource(name).table)
    if (owners.has(r.name) || tried.includes(r.name)) return
    owners.set(r.name, r)
    // What cannot be without what it points at brings that along.
    for (const [, field] of plainFields(r)) if (field.required && targetOf(field)) want(targetOf(field)!)
  }
  for (const r of defs.resources.values()) if (r.name.startsWith('directory.')) want(r.name)
  for (const name of tried)
    for (const field of Object.values(defs.resources.get(name)?.fields ?? {}))
      for (const one of field.kind === 'rows' ? Object.values((field.options as { fields: Record<string, Field> }).fields) : [field])
        if (targetOf(one)) want(targetOf(one)!)
  return [...owners.values()]
}

/** Brings settings and designs along, from one database into the other. Needs the owner's connections. */
export async function copySettings(live: Database, trial: Database): Promise<void> {
  await trial.once(`TRUNCATE ${settingTables.map((table) => `kernel.${table}`).join(', ')} CASCADE`)
  for (const table of settingTables) await copyTable(live, trial, `kernel.${table}`, await columnsOf(live, `kernel.${table}`))
  await trial.once(`UPDATE kernel.design SET draft = NULL; UPDATE kernel.flow_design SET draft = NULL`)
}
/**
 * Brings people, units, roles, and what the forms point at along, without anything protected. What is too long or cannot be without a protected value stays behind; answers it in words.
 * Foreign keys of these tables are dropped and stand again after the next `migrate`.
 */
export async function copyTypes(live: Database, trial: Database, defs: Definitions, tried: readonly string[]): Promise<string[]> {
  const leftOut: string[] = []
  let wanted = wantedTypes(defs, tried)
  for (const r of wanted) {
    const why = await whyNot(live, r)
    if (why) leftOut.push(`${r.label}（${why}）`)
    if (why) wanted = wanted.filter((one) => one !== r && !requires(one, r.name))
  }
  const brought = new Set(wanted.map(({ name }) => name))
  await dropForeignKeys(trial, wanted)
  for (const r of wanted) {
    const fields = plainFields(r).filter(([, field]) => !targetOf(field) || brought.has(defs.resource(targetOf(field)!).table))
    const keys = new Set(fields.map(([key]) => key))
    const stored = compileResource(defs, r).fields.filter(({ key }) => keys.has(key)).flatMap((one) => one.stored.map(({ name }) => name))
    const known = await columnsOf(trial, tableOf(r.table))
    const columns = [...envelopeColumns, ...stored, 'search_text'].filter((one) => known.includes(one))
    await copyTable(live, trial, tableOf(r.table), columns, `deleted_at IS NULL AND state = 'approved'`)
  }
  return leftOut
} // prettier-ignore
const requires = (r: ResolvedResource, target: string): boolean =>
  plainFields(r).some(([, field]) => field.required && targetOf(field) === target)
async function whyNot(live: Database, r: ResolvedResource): Promise<string | null> {
  if (Object.values(r.fields).some((field) => field.required && isProtected(field) && !field.visibleWhen)) return '含受保护的必填内容'
  const [row] = await live.once<{ many: boolean }>(`SELECT count(*) > ${mostRows} AS many FROM (SELECT 1 FROM ${tableOf(r.table)} LIMIT ${mostRows + 1}) AS first`)
  return row!.many && !r.name.startsWith('directory.') ? `超过 ${mostRows} 条` : null
} // prettier-ignore

async function columnsOf(db: Database, table: string): Promise<string[]> {
  const rows = await db.once<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  )
  return rows.map(({ name }) => name)
}
async function dropForeignKeys(trial: Database, types: readonly ResolvedResource[]): Promise<void> {
  const keys = await trial.once<{ name: string; of: string }>(
    `SELECT conname AS name, conrelid::regclass::text AS of FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY($1::regclass[])`,
    [types.map((r) => tableOf(r.table))],
  )
  for (const { name, of } of keys) await trial.once(`ALTER TABLE ${of} DROP CONSTRAINT ${quote(name)}`)
}
async function copyTable(live: Database, trial: Database, table: string, columns: readonly string[], where = 'true'): Promise<void> {
  const list = columns.map(quote).join(', ')
  const [from, to] = [await live.pool.connect(), await trial.pool.connect()]
  try {
    await pipeline(
      from.query(copyTo(`COPY (SELECT ${list} FROM ${table} WHERE ${where}) TO STDOUT (FORMAT binary)`)),
      to.query(copyFrom(`COPY ${table} (${list}) FROM STDIN (FORMAT binary)`)),
    )
  } finally {
    from.release()
    to.release()
  }
}
