import { v7 as uuidv7 } from 'uuid'
import { invalid, Refusal, type ApiRecord } from '#model'
import { recall } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { idsPointing, pointersAt } from '../records/pointing.ts'
import { namesOf } from '../records/titles.ts'
import type { CompiledResource, StoredField } from '../store/compiled.ts'
import { flowEnvironment } from './environment.ts'
import type { Following } from './follow.ts'
import { lockInstance } from './instances.ts'
import { loadSubject, type Subject } from './subject.ts'

/** How another approval that moves because of this one is followed up: given, so that the two files stand in no circle. */
type Follow = (kernel: Kernel, ctx: Context, subject: Subject, what: Following) => Promise<unknown>

/** What the end of one approval means for those that stand on it, and what it stands on itself. Types that refer to no other type under approval are asked nothing. */
export async function followReferences(
  kernel: Kernel,
  ctx: Context,
  subject: Subject,
  { before, state }: Following,
  follow: Follow,
): Promise<void> {
  const { c, stored } = subject
  if (before?.status === state.status || subject.request) return
  if (state.status === 'approved') await needApproved(kernel, ctx, c, stored)
  else if (state.status === 'running' && before?.status === 'returned') await needAlive(kernel, ctx, c, stored)
  else if (state.status !== 'running' && state.status !== 'returned') await returnPointing(kernel, ctx, c, stored.id, follow)
}

interface Standing {
  field: StoredField
  at: string
  id: string
  state: string
}
/** Referred records that are not approved. */
async function unapproved(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<Standing[]> {
  const isGuarded = (f: StoredField) => f.target !== null && kernel.defs.resource(f.target).approval !== undefined
  const named = c.fields.filter(isGuarded).flatMap((field) => [record[field.key]].flat().map((id) => ({ field, at: field.key, id })))
  const inRows = c.rows.flatMap((rows) =>
    rows.fields
      .filter(isGuarded)
      .flatMap((field) =>
        ((record[rows.key] ?? []) as Record<string, unknown>[]).flatMap((row, i) =>
          [row[field.key]].flat().map((id) => ({ field, at: `${rows.key}.${i}.${field.key}`, id })),
        ),
      ),
  )
  const found: Standing[] = []
  for (const one of [...named, ...inRows]) {
    if (typeof one.id !== 'string') continue
    const [row] = await ctx.db.query<{ state: string }>(`SELECT state FROM ${kernel.resource(one.field.target!).table} WHERE id = $1::uuid`, [one.id]) // prettier-ignore
    if (row && row.state !== 'approved') found.push({ ...one, id: one.id, state: row.state })
  }
  return found
}
async function needApproved(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<void> {
  const [first] = await unapproved(kernel, ctx, c, record)
  if (!first) return
  const target = first.field.target!
  const names = await namesOf(kernel, ctx, new Map([[target, new Set([first.id])]]))
  const what = `所引用的${kernel.defs.resource(target).label}“${names[target]?.[first.id] ?? ''}”`
  const message = first.state === 'refused' ? `${what}未通过，本申请不能批准` : `${what}尚未批准，请待其批准后再决定`
  throw new Refusal('flowRefused', message, { refusal: 'referencePending', resource: target, record: first.id })
}
async function needAlive(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<void> {
  const dead = (await unapproved(kernel, ctx, c, record)).filter(({ state }) => state === 'refused')
  if (dead.length) throw invalid(dead.map(({ at, field }) => ({ field: at, message: `所选${field.field.label}未通过审批，请改选` })))
}

/** A refused or withdrawn record sends back to their applicants the requests that point at it. */
async function returnPointing(kernel: Kernel, ctx: Context, c: CompiledResource, id: string, follow: Follow): Promise<void> {
  const pointers = pointersAt(kernel.defs, c.r.table).filter(({ resource }) => kernel.defs.resource(resource).approval)
  for (const pointer of pointers)
    for (const record of await idsPointing(ctx, pointer, id)) await sendBack(kernel, ctx, record, `所引用的${c.r.label}未通过，请修改后重新提交`, follow)
} // prettier-ignore
async function sendBack(kernel: Kernel, ctx: Context, record: string, opinion: string, follow: Follow): Promise<void> {
  const running = await ctx.db.query<{ id: string }>(
    `SELECT id FROM kernel.flow_instance WHERE record = $1::uuid AND request IS NULL AND status = 'running'`,
    [record],
  )
  for (const { id } of running) {
    const { instance } = await lockInstance(kernel, ctx.db, id, null)
    const subject = await loadSubject(kernel, ctx, instance, { lock: true })
    const env = await flowEnvironment(kernel, ctx, subject, instance.state.applicant, { items: Object.keys(instance.state.items) })
    const { events, state } = recall(instance.definition, instance.state, { actId: uuidv7(), actor: 'system', opinion }, env)
    if (events.length) await follow(kernel, ctx, subject, { instance, before: instance.state, state, events })
  }
}
