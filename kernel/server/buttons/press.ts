import { expression, Refusal, readsOf, type ActionButton, type ButtonValue, type RecordAnswer } from '#model'
import { ownKey } from '#kernel/model/designs/index.ts'
import type { Context } from '../context.ts'
import { submitChange, type ChangeOptions } from '../flow/submit.ts'
import type { Kernel } from '../kernel.ts'
import { momentValue } from '../records/fill-in.ts'
import { needPlain } from '../records/plain.ts'
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
  { version, ...further }: { version: number } & Pick<ChangeOptions, 'actId' | 'signature' | 'chosen'>,
): Promise<Pressed> {
  kernel.access.need(ctx.actor, 'update', resource)
  const c = kernel.resource(resource)
  const button = c.r.buttons?.find((one) => one.name === name)
  if (!button || !('set' in button.does)) throw new Refusal('notFound', '没有这个按钮')
  const { record } = await getRecord(kernel, ctx, resource, id)
  if (button.when && expression(button.when, c.r.fields).evaluate(record) !== true)
    throw new Refusal('badRequest', `现在不能“${button.label}”`)
  const changes = Object.fromEntries(Object.entries(button.does.set).map(([key, value]) => [key, valueOf(kernel, ctx, c, button, value, record)]))
  // What the product writes by itself only a button of the product writes.
  const isProducts = kernel.product.resources.get(resource)?.buttons?.some((one) => one.name === name) ?? false
  const system = isProducts || Object.keys(changes).every((key) => ownKey.test(key))
  if (!c.r.approval) {
    const answer = await updateRecordOf(kernel, ctx, resource, id, version, changes, { system })
    return { record: answer.record, instances: [] }
  }
  const asked = await submitChange(kernel, ctx, resource, id, changes, { ...further, seenVersion: version, reason: button.label, system })
  return { record: (await getRecord(kernel, ctx, resource, id)).record, instances: asked.map(({ instance }) => instance) }
} // prettier-ignore

function valueOf(kernel: Kernel, ctx: Context, c: CompiledResource, { label }: ActionButton, given: ButtonValue, record: RecordAnswer['record']): unknown {
  if ('value' in given) return given.value
  if ('expression' in given) {
    needPlain(ctx, c, kernel.access.need(ctx.actor, 'read', c.r.name), record, readsOf(given.expression, c.r.fields), `“${label}”要用到您`)
    return expression(given.expression, c.r.fields).evaluate(record) ?? null
  }
  return given.word === 'empty' ? null : momentValue(kernel, ctx, given.word)
} // prettier-ignore
