import { expression, Refusal, readsOf, type ActionButton, type ButtonValue, type RecordAnswer } from '#model'
import type { Context } from '../context.ts'
import { submitChange } from '../flow/submit.ts'
import type { Kernel } from '../kernel.ts'
import { momentValue } from '../records/fill-in.ts'
import { getRecord } from '../records/read.ts'
import { updateRecordOf } from '../records/write.ts'
import type { CompiledResource } from '../store/compiled.ts'

export interface Pressed {
  record: RecordAnswer['record']
  /** The requests that it began, of a type under approval. */
  instances: string[]
}
/**
 * Presses a button that sets fields, by the rights of whoever presses: on the record as he saw it, where the button's condition holds for it as he sees it.
 * Fields that a form does not offer are written too; what his role may not write stays refused. Under approval it asks for the change.
 */
export async function press(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  id: string,
  name: string,
  given: { version: number; actId: string },
): Promise<Pressed> {
  kernel.access.need(ctx.actor, 'update', resource)
  const c = kernel.resource(resource)
  const button = c.r.buttons?.find((one) => one.name === name)
  if (!button || !('set' in button.does)) throw new Refusal('notFound', '没有这个按钮')
  const { record } = await getRecord(kernel, ctx, resource, id)
  if (button.when && expression(button.when, c.r.fields).evaluate(record) !== true)
    throw new Refusal('badRequest', `现在不能“${button.label}”`)
  const changes = Object.fromEntries(Object.entries(button.does.set).map(([key, value]) => [key, valueOf(kernel, ctx, c, button, value, record)]))
  if (!c.r.approval) {
    const answer = await updateRecordOf(kernel, ctx, resource, id, given.version, changes, { system: true })
    return { record: answer.record, instances: [] }
  }
  const asked = await submitChange(kernel, ctx, resource, id, changes, { actId: given.actId, seenVersion: given.version, reason: button.label, system: true })
  return { record: (await getRecord(kernel, ctx, resource, id)).record, instances: asked.map(({ instance }) => instance) }
} // prettier-ignore

function valueOf(kernel: Kernel, ctx: Context, c: CompiledResource, { label }: ActionButton, given: ButtonValue, record: RecordAnswer['record']): unknown {
  if ('value' in given) return given.value
  if ('expression' in given) {
    // A mask is no value to work with.
    const masked = kernel.access.can(ctx.actor, 'read', c.r.name)?.masked
    const unseen = readsOf(given.expression, c.r.fields).find((key) => masked?.has(key) || !(key in record))
    if (unseen && c.r.fields[unseen]) throw new Refusal('noRight', `“${label}”要用到您看不到的“${c.r.fields[unseen].label}”`)
    return expression(given.expression, c.r.fields).evaluate(record) ?? null
  }
  return given.word === 'empty' ? null : momentValue(kernel, ctx, given.word)
} // prettier-ignore
