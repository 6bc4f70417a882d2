import { v7 as uuidv7 } from 'uuid'
import { forgetAnswers } from '../answers/forget.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { sealPatch } from '../flow/change-requests.ts'
import type { CompiledResource, StoredField } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { bindRecords, sealedTables } from './seal-anew.ts'
import { subjectKeyTable } from './subject-keys.ts'

/** What was erased of one record. `subject` person: only what goes with the person whose row it is. `isGone`: the row itself went, too. */
export interface Erasure {
  id: string
  at: string
  /** The record's table. */
  resource: string
  record: string
  subject: 'person' | null
  isGone: boolean
}

/**
 * Makes protected values of a record unreadable for good, in its row, its history and in every copy of the database to which the ledger is applied: their keys
 * are destroyed, blind indexes, search text, drafts and requests over it are emptied. Within the caller's transaction, which holds the row.
 */
export async function eraseValues(kernel: Kernel, ctx: Context, c: CompiledResource, record: string, of: { subject?: 'person'; isGone: boolean }): Promise<void> {
  const erasure: Erasure = { id: uuidv7(), at: ctx.clock.now().toISOString(), resource: c.r.table, record, subject: of.subject ?? null, isGone: of.isGone }
  await applyErasure(kernel, ctx, c, erasure)
} // prettier-ignore

/** The same for what the ledger has noted; the row itself is the caller's matter. */
export async function applyErasure(kernel: Kernel, ctx: Context, c: CompiledResource, erasure: Erasure): Promise<void> {
  const { resource, record, subject, isGone } = erasure
  if (!isGone) {
    // What stood under the hospital's key must first have one that can be destroyed.
    await bindRecords(kernel, ctx.db, resource, [record])
    await emptyIndexes(kernel, ctx, c, record, subject)
  }
  await emptyTraces(kernel, ctx, record)
  await noteDestroyed(kernel, ctx, erasure)
} // prettier-ignore

/** Destroys the keys of what belongs to no record type: the program's own rows, each known by its table. Within the caller's transaction. */
export const destroyKeys = (kernel: Kernel, ctx: Context, of: Omit<Erasure, 'id' | 'at'>): Promise<void> =>
  noteDestroyed(kernel, ctx, { ...of, id: uuidv7(), at: ctx.clock.now().toISOString() })
/** The keys are gone, and it is known that they are: to the ledger, and to all processes. */
export async function noteDestroyed(kernel: Kernel, ctx: Context, { id, at, resource, record, subject, isGone }: Erasure): Promise<void> {
  await ctx.db.query(
    `UPDATE kernel.subject_key SET wrapped = NULL, destroyed_at = $2 WHERE record = $1::uuid AND wrapped IS NOT NULL AND ($3::text IS NULL OR subject = $3)`,
    [record, at, subject],
  )
  await ctx.db.query(`INSERT INTO kernel.erasure (id, at, resource, record, subject, is_gone) VALUES ($1, $2, $3, $4, $5, $6)`, [id, at, resource, record, subject, isGone])
  await ctx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'record.updated', $2, '{}')`, [at, subjectKeyTable])
  ctx.afterCommit.push(
    () => kernel.changed(subjectKeyTable),
    () => kernel.ledger?.write(kernel),
  )
} // prettier-ignore

/** By what is found: blind indexes, and the text and pinyin of the search. */
async function emptyIndexes(kernel: Kernel, ctx: Context, c: CompiledResource, record: string, subject: 'person' | null): Promise<void> {
  const blinds = (secrets: readonly StoredField[]) =>
    secrets
      .filter((f) => subject === null || f.subject === subject)
      .flatMap(({ stored }) => stored.slice(1).map(({ name }) => `${quote(name)} = NULL`))
  for (const { rows, table, secrets } of sealedTables(kernel).filter((one) => one.c.r.table === c.r.table)) {
    const sets = blinds(secrets)
    if (sets.length) await ctx.db.query(`UPDATE ${table} SET ${sets.join(', ')} WHERE ${rows ? 'parent' : 'id'} = $1::uuid`, [record])
  }
  if (c.hasSearch && subject === null) await ctx.db.query(`UPDATE ${c.table} SET search_text = NULL WHERE id = $1::uuid`, [record])
}
/** What was answered in the background, what was typed and not sent, what requests over the record ask for, and what other systems have not been told of it yet. */
async function emptyTraces(kernel: Kernel, ctx: Context, record: string): Promise<void> {
  await forgetAnswers(ctx.db)
  await ctx.db.query(`DELETE FROM kernel.autosave WHERE strpos(form, $1) > 0`, [record])
  for (const { id } of await ctx.db.query<{ id: string }>(`SELECT id FROM kernel.change_request WHERE record = $1::uuid`, [record]))
    await ctx.db.query(`UPDATE kernel.change_request SET base = $2, patch = $3 WHERE id = $1::uuid`, [id, sealPatch(kernel, id, 'base', {}), sealPatch(kernel, id, 'patch', {})]) // prettier-ignore
  await ctx.db.query(
    `UPDATE kernel.automation_call c SET state = 'failed', problem = '记录的内容已删除', body = '' FROM kernel.automation_run r WHERE r.id = c.run AND c.state = 'waiting' AND r.record = $1::uuid`,
    [record],
  )
}
