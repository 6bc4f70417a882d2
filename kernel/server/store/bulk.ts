import { v7 as uuidv7 } from 'uuid'
import { type Context, nameOfActor, personOf } from '../context.ts'
import { derive } from '../derived/derive.ts'
import type { Kernel } from '../kernel.ts'
import { refuseClosed } from './closing.ts'
import { columnValues, searchValue, type CompiledResource } from './compiled.ts'
import { toHistory } from './history-values.ts'
import { RecordSeals, storeMade } from './sealing.ts'

/** One field of COPY's text format. */
export function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`
  if (Array.isArray(value)) return escape(`{${value.map((v) => `"${String(v).replace(/["\\]/g, (c) => `\\${c}`)}"`).join(',')}}`)
  return escape(typeof value === 'object' ? JSON.stringify(value) : String(value))
}
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const needsEscape = /[\\\t\n\r]/
const escape = (text: string): string => (needsEscape.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => escapes[c]!) : text)

export interface BulkOptions {
  act: string
  /** Told once for the whole batch, in the outbox and the audit. */
  batch: string
}
/**
 * Creates many records that the caller has validated: COPY for the rows, COPY for one history row each, one event and one audit entry for the batch.
 * Records may carry their `id`; sub-tables are not written here. Answers the ids in order. Runs in the caller's transaction.
 */
export async function bulkCreate(
  kernel: Kernel,
  ctx: Context,
  name: string,
  records: readonly Readonly<Record<string, unknown>>[],
  options: BulkOptions,
): Promise<string[]> {
  const c = kernel.resource(name)
  const ids = await copyRecords(kernel, ctx, c, records, options.act)
  await derive(kernel, ctx, { table: c.r.table, ids, isNew: true })
  await noteBatch(ctx, c, options, records.length)
  return ids
}

/** The rows and their history alone: for a batch written in portions, which is told once at its end. In force at once, or waiting for an approval of the batch. */
export async function copyRecords(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  records: readonly Readonly<Record<string, unknown>>[],
  act: string,
  state: 'approved' | 'pending' = 'approved',
): Promise<string[]> {
  await refuseClosed(ctx, c, records)
  const at = ctx.clock.now().toISOString()
  const actor = personOf(ctx.actor)
  const ids = records.map((record) => (typeof record['id'] === 'string' ? record['id'] : uuidv7()))
  const seals = ids.map((id) => new RecordSeals(kernel.subjectKeys, c, id))
  await ctx.db.copyIn(`COPY ${c.table} (${c.insertHead}) FROM STDIN`, rowLines(kernel, c, records, ids, seals, { at, actor, state }))
  await ctx.db.copyIn(
    `COPY kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes) FROM STDIN`,
    historyLines(c, records, ids, seals, { at, actor, origin: ctx.origin, act }),
  )
  await storeMade(kernel.subjectKeys, ctx.db, seals)
  return ids
}

function* rowLines(
  kernel: Kernel,
  c: CompiledResource,
  records: readonly Readonly<Record<string, unknown>>[],
  ids: readonly string[],
  seals: readonly RecordSeals[],
  { at, actor, state }: { at: string; actor: string | null; state: string },
): Generator<string> {
  let chunk = ''
  for (const [i, record] of records.entries()) {
    const parts = [ids[i], '1', state, at, copyText(actor), at, copyText(actor), '\\N']
    for (const f of c.fields) for (const value of columnValues(seals[i]!, f, record[f.key])) parts.push(copyText(value))
    if (c.hasSearch) parts.push(copyText(searchValue(kernel.defs, c, record)))
    chunk += `${parts.join('\t')}\n`
    if (chunk.length > 65_536) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk) yield chunk
}
function* historyLines(
  c: CompiledResource,
  records: readonly Readonly<Record<string, unknown>>[],
  ids: readonly string[],
  seals: readonly RecordSeals[],
  hand: { at: string; actor: string | null; origin: string; act: string },
): Generator<string> {
  const fixed = `${copyText(hand.actor)}\t\\N\t${escape(hand.origin)}\t${escape(hand.act)}`
  let chunk = ''
  for (const [i, record] of records.entries()) {
    const changes: Record<string, unknown> = {}
    for (const f of c.fields) {
      const value = record[f.key]
      if (value === null || value === undefined) continue
      changes[f.id] = [null, toHistory(seals[i]!, f, value)]
    }
    chunk += `${hand.at}\t${c.r.table}\t${ids[i]}\t1\t${fixed}\t${escape(JSON.stringify(changes))}\n`
    if (chunk.length > 65_536) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk) yield chunk
}

/** One event and one audit entry for a whole batch. */
export async function noteBatch(ctx: Context, c: CompiledResource, options: BulkOptions, count: number): Promise<void> {
  const at = ctx.clock.now().toISOString()
  await ctx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'records.changed', $2, $3::jsonb)`, [
    at, c.r.table, JSON.stringify({ act: options.act, batch: options.batch, count, actor: personOf(ctx.actor) }),
  ]) // prettier-ignore
  await ctx.db.query(`INSERT INTO kernel.audit_entry (at, actor, actor_name, act, outcome, resource, address, detail) VALUES ($1, $2::uuid, $3, $4, 'done', $5, $6, $7::jsonb)`, [
    at, personOf(ctx.actor), nameOfActor(ctx.actor), options.act, c.r.table, ctx.address, JSON.stringify({ batch: options.batch, count }),
  ]) // prettier-ignore
}
