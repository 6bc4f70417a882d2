import { addDays, invalid, Refusal, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { rowsOnDay } from '#kernel/server/store/timeline.ts'

/** Which of the acts that rearrange units: its record, and the field of a movement that names it. */
export type Regrouping = 'merger' | 'split'
export interface Named {
  id: string
  name: string
}

/** What is wrong with a unit that is to be there on a day. */
export function notThere(field: string, unit: ApiRecord | null | undefined, day: string): FieldProblem[] {
  const [opens, ends] = [unit?.['from'], unit?.['to']] as (string | null | undefined)[]
  if (ends && ends < day) return [{ field, message: `该科室 ${ends} 已停用` }]
  return opens && opens > day ? [{ field, message: `该科室 ${opens} 才启用` }] : []
}
/** Who belonged to a unit itself on a day, and has not left. */
export const peopleOf = (kernel: Kernel, ctx: Context, unit: string, day: string): Promise<Named[]> =>
  ctx.db.once<Named>(
    `SELECT p.id, p.name FROM ${rowsOnDay(kernel.defs, 'directory.person', day)} p WHERE p.unit = $1::uuid AND p.status <> 'left' AND p.deleted_at IS NULL ORDER BY p.staff_number, p.id`,
    [unit],
  )
/** What stood directly under a unit on a day. */
export const unitsBelow = (kernel: Kernel, ctx: Context, unit: string, day: string): Promise<Named[]> =>
  ctx.db.once<Named>(
    `SELECT u.id, u.name FROM ${rowsOnDay(kernel.defs, 'directory.unit', day)} u WHERE u.parent = $1::uuid AND u.deleted_at IS NULL ORDER BY u.code`,
    [unit],
  )

interface Move {
  act: Regrouping
  record: ApiRecord
  into: string
  /** Where who cannot be moved is named. */
  at: string
}
/** Moves somebody by a transfer of his own, which names the act it came of; `head`: he leads the other unit. */
export async function movePerson(kernel: Kernel, ctx: Context, person: Named, { act, record, into, at }: Move, head: string | null = null): Promise<void> {
  const from = record['from'] as string
  const toPost = head ?? (await postOf(ctx, person.id, record['unit'] as string, from))
  const draft = { person: person.id, kind: 'transfer', from, toUnit: into, toPost, [act]: record.id, basisNumber: record['basisNumber'] }
  try {
    await createRecord(kernel, ctx, 'organisation.movement', draft, { byModule: true, system: true, act })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw invalid([{ field: at, message: `${person.name}不能转入：${error.message}` }])
  }
} // prettier-ignore
/** Who led the old unit does not lead the other for that: that is for the hospital to say. */
async function postOf(ctx: Context, person: string, unit: string, from: string): Promise<string> {
  const [held] = await ctx.db.query<{ post: string }>(
    `SELECT post FROM directory.membership WHERE person = $1::uuid AND unit = $2::uuid AND deleted_at IS NULL AND ("from" IS NULL OR "from" < $3::date) AND ("to" IS NULL OR "to" >= $3::date) ORDER BY main DESC NULLS LAST, id LIMIT 1`,
    [person, unit, from],
  )
  return held && !['head', 'director'].includes(held.post) ? held.post : 'member'
}
/** From a day on a unit stands under another one. */
export async function moveUnit(kernel: Kernel, ctx: Context, id: string, parent: string, { act, on }: { act: string; on: string }): Promise<void> {
  const unit = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), id, { lock: true })
  await updateRecordOf(kernel, ctx, 'directory.unit', id, unit!.version, { parent }, { byModule: true, act, on })
} // prettier-ignore
/** Closes a unit on the day before; answers when it would have closed otherwise. */
export async function closeUnit(kernel: Kernel, ctx: Context, unit: string, from: string, act: Regrouping): Promise<string | null> {
  const closing = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), unit, { lock: true })
  await updateRecordOf(kernel, ctx, 'directory.unit', unit, closing!.version, { to: addDays(from, -1) }, { byModule: true, act })
  return (closing!['to'] as string | null | undefined) ?? null
}
