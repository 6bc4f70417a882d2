import { Refusal, type ApiRecord, type ChangedField, type ImportRowsAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Permission } from '../access/access.ts'
import { maskedOf, present } from '../records/present.ts'
import { titlesOf } from '../records/titles.ts'
import { mask, type CompiledResource } from '../store/compiled.ts'
import { readRows } from '../store/opening.ts'
import { changedFields, requestsOf } from './change-requests.ts'
import { factsOf } from './import-facts.ts'
import { withoutCells, withoutColumns } from './without-columns.ts'

const most = 100
/** No import has more rows, and no integer of the database either. */
const mostRows = 2_147_483_647
export interface ImportPage {
  kind: 'created' | 'changed'
  from: number
  limit: number
}
/** A page of what an import sent for approval brings: its new rows, or before and after of what it changes; in the order of the file. */
export async function importRows(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  { batch, permission, page }: { batch: string; permission: Permission; page: ImportPage },
): Promise<ImportRowsAnswer> {
  if (!Number.isInteger(page.from) || page.from < 0 || page.from > mostRows || !Number.isInteger(page.limit) || page.limit < 1)
    throw new Refusal('badRequest', '页码不对')
  const limit = Math.min(page.limit, most)
  const facts = await factsOf(ctx, batch)
  const seen = { kernel, ctx, c, permission }
  return page.kind === 'created'
    ? { total: facts.created, ...(await createdRows(seen, batch, page.from, limit)) }
    : { total: facts.changed, ...(await changedRows(seen, batch, page.from, limit)) }
}

interface Seen {
  kernel: Kernel
  ctx: Context
  c: CompiledResource
  permission: Permission
}
/** Relies on the key of import_change (batch, seq). */
async function createdRows({ kernel, ctx, c, permission }: Seen, batch: string, from: number, limit: number) {
  const found = await ctx.db.once(
    `SELECT ${c.select} FROM (SELECT r.id, b.seq, r.n FROM kernel.import_change b, unnest(b.records) WITH ORDINALITY AS r(id, n)
       WHERE b.batch = $1::uuid AND b.kind = 'created' ORDER BY b.seq, r.n OFFSET $2::int LIMIT $3::int) page JOIN ${c.table} t ON t.id = page.id ORDER BY page.seq, page.n`,
    [batch, from, limit],
  )
  const rows = (await readRows(kernel, ctx.db, c, found)).map((record) => withoutHidden(c, permission, present(ctx, c, permission, record)))
  return { created: rows, changed: [], titles: await titlesOf(kernel, ctx, c, rows, []) }
}
async function changedRows({ kernel, ctx, c, permission }: Seen, batch: string, from: number, limit: number) {
  const requests = await requestsOf(kernel, ctx, batch, { from, limit })
  const found = await ctx.db.once(`SELECT ${c.select} FROM ${c.table} t WHERE t.id = ANY($1::uuid[])`, [
    requests.map(({ record }) => record),
  ])
  const stored = new Map((await readRows(kernel, ctx.db, c, found)).map((record) => [record.id, record]))
  const named: ApiRecord[] = []
  const changed = requests.map((request) => {
    const record = stored.get(request.record)
    if (!record) return { record: request.record, title: '（已彻底删除）', changes: [] }
    const fields = changedFields(c, record, request).filter(({ field }) => !permission.hidden.has(field)).map((one) => withoutColumns(one, permission.hidden)) // prettier-ignore
    const masked = maskedOf(ctx, c, permission, record)
    named.push({ ...record, ...request.base }, { ...record, ...request.patch })
    const title = permission.hidden.has(c.r.title) ? '' : String((record[c.r.title] as string | null) ?? '')
    return { record: record.id, title, changes: fields.map((one) => (masked.has(one.field) ? part(c, one) : one)) }
  })
  const rows = named.map((record) => present(ctx, c, permission, record))
  return { created: [], changed, titles: await titlesOf(kernel, ctx, c, rows, []) }
}
function withoutHidden(c: CompiledResource, { hidden }: Permission, record: ApiRecord): ApiRecord {
  for (const { key } of c.rows) if (key in record) record[key] = withoutCells(key, record[key], hidden)
  return record
}
/** Of a protected field its reader sees no more here than in the record. */
function part(c: CompiledResource, one: ChangedField): ChangedField {
  const shown = (value: unknown) => mask(c.r.fields[one.field]!, value)
  return { ...one, was: shown(one.was), wanted: shown(one.wanted), ...('now' in one ? { now: shown(one.now) } : {}) }
}
