import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { kindOf } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { service, type Service } from '../service.ts'
import type { FileStore } from './files.ts'
import { idsIn, placesOfFiles } from './reading.ts'
import type { Uploads } from './uploads.ts'

const dayMs = 86_400_000
/** Days after which a new file that nothing names counts as an orphan, and after which an orphan goes. */
export const orphanAfterDays = 7
export const removedAfterDays = 23

/** What nobody finished and what nothing names any more is cleared away at night. */
export const cleaningService = (uploads: Uploads): Service =>
  service({
    name: 'files.cleaning',
    daily: {
      uploads: async (kernel) => {
        await uploads.clean(await kernel.context({ kind: 'system', reason: '清理未传完的文件' }, 'system'))
        await clearIncoming(uploads.files)
      },
      orphans: async (kernel) => {
        await removeOrphans(kernel, await kernel.context({ kind: 'system', reason: '清理无主文件' }, 'system'), uploads.files)
      },
    },
  })

/** What a killed process left half received, by this machine's own clock. */
async function clearIncoming({ incoming }: FileStore): Promise<void> {
  for (const name of await readdir(incoming).catch(() => [])) {
    const path = join(incoming, name)
    const known = await stat(path).catch(() => null)
    if (known && known.mtimeMs < Date.now() - dayMs) await rm(path, { force: true })
  }
}

/**
 * In two steps, so that nothing goes that is being taken up meanwhile: a file that nothing names is marked; what is still marked weeks later, and still
 * unnamed, is removed. Whoever puts a marked file somewhere takes the mark away first. Answers how many went.
 */
export async function removeOrphans(kernel: Kernel, ctx: Context, files: FileStore): Promise<number> {
  const named = await namedFiles(kernel, ctx)
  const now = ctx.clock.now().getTime()
  const old = new Date(now - orphanAfterDays * dayMs).toISOString()
  const due = new Date(now - removedAfterDays * dayMs)
  let removed = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const page = await ctx.db.query<{ id: string; hash: string; orphan_since: string | null }>(
      `SELECT id, hash, orphan_since FROM kernel.file WHERE id > $1::uuid AND created_at < $2 ORDER BY id LIMIT 1000`,
      [after, old],
    )
    const loose = page.filter(({ id }) => !named.has(id))
    const again = page.filter(({ id, orphan_since }) => orphan_since && named.has(id)).map(({ id }) => id)
    const fresh = loose.filter(({ orphan_since }) => !orphan_since).map(({ id }) => id)
    if (again.length) await ctx.db.query(`UPDATE kernel.file SET orphan_since = NULL WHERE id = ANY($1::uuid[])`, [again])
    if (fresh.length)
      await ctx.db.query(`UPDATE kernel.file SET orphan_since = $2 WHERE id = ANY($1::uuid[])`, [fresh, new Date(now).toISOString()])
    for (const one of loose)
      if (one.orphan_since && new Date(one.orphan_since) < due && (await files.removeOrphan(ctx, one, due))) removed++
    if (page.length < 1000) return removed
    after = page.at(-1)!.id
  }
}

/** Ids of all files that anything names: records (also those in the bin), their history unless the record is gone for good, approvals and what is asked for in them, drafts, forms filled in for others, imports, seals, messages, conversations. */
export async function namedFiles(kernel: Kernel, ctx: Context): Promise<ReadonlySet<string>> {
  const named = new Set<string>()
  const add = async (sql: string, values: unknown[] = []) => {
    for (const { id } of await ctx.db.query<{ id: string }>(sql, values)) named.add(id)
  }
  for (const name of kernel.defs.resources.keys()) {
    const c = kernel.resource(name)
    const places = placesOfFiles(c)
    for (const { table, fields } of places)
      for (const { column, many } of fields)
        await add(`SELECT DISTINCT ${many ? `unnest("${column}")` : `"${column}"`} AS id FROM ${table} WHERE "${column}" IS NOT NULL`)
    const keys = [...c.fields, ...c.rows].filter(({ field }) => kindOf(field).holdsFiles || field.kind === 'rows').map(({ id }) => id)
    // A record that was purged leaves a history that names nothing any more.
    if (places.length) await add(inText('kernel.history', 'changes', `t.resource = ANY($1) AND t.changes ?| $2 AND NOT EXISTS (SELECT 1 FROM kernel.tombstone s WHERE s.id = t.record)`), [[c.r.table, name], keys]) // prettier-ignore
  }
  for (const [table, column] of texts) await add(inText(table, column))
  await add(`SELECT unnest(files) AS id FROM kernel.seal_use UNION SELECT file FROM kernel.flow_file UNION SELECT file FROM kernel.change_file UNION SELECT file FROM kernel.import_batch WHERE file IS NOT NULL UNION SELECT file FROM kernel.upload WHERE file IS NOT NULL UNION SELECT unnest(files) FROM kernel.talk_message`) // prettier-ignore
  for (const [table, column, record] of sealed) await addSealed(kernel, ctx, named, { table, column, record })
  return named
}
/** Where files stand in plain text. */
const texts = [['kernel.flow_log', 'events'], ['kernel.flow_instance', 'state'], ['kernel.message', 'body'], ['kernel.message', 'link'], ['kernel.setting', 'value'], ['kernel.preference', 'value'], ['kernel.saved_view', 'state']] as const // prettier-ignore
const inText = (table: string, column: string, where = 'true'): string =>
  `SELECT DISTINCT m[1] AS id FROM ${table} t, regexp_matches(t.${column}::text, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') AS m WHERE ${where}`
/** Where they stand under a seal, to be opened one by one: table, column, and what the seal is bound to. */
const sealed = [
  ['kernel.autosave', 'value', `account || ' ' || form`],
  ['kernel.prepared_form', 'value', 'id::text'],
  ['kernel.change_request', 'patch', 'id::text'],
  ['kernel.change_request', 'base', 'id::text'],
] as const
async function addSealed(
  kernel: Kernel,
  ctx: Context,
  named: Set<string>,
  { table, column, record }: { table: string; column: string; record: string },
): Promise<void> {
  for (let place = '(0,0)'; ;) {
    const rows = await ctx.db.query<{ place: string; record: string; value: Buffer }>(
      `SELECT ctid::text AS place, ${record} AS record, ${column} AS value FROM ${table} WHERE ctid > $1::tid ORDER BY ctid LIMIT 500`,
      [place],
    )
    for (const { record: of, value } of rows)
      for (const id of idsIn(kernel.protector.open({ resource: table, record: of, field: column }, value))) named.add(id)
    if (rows.length < 500) return
    place = rows.at(-1)!.place
  }
}
