import { isProtected, fieldOrColumn, isCondition, Refusal, type Condition, type Filter } from '#model'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'

const [minute, day] = [60_000, 86_400_000]
/** So many different values of masked fields one asker may try: a mask of a telephone number leaves ten thousand. */
export const [mostAMinute, mostADay] = [30, 300]

/**
 * What is asked by its whole value of fields that the asker sees masked: each value once, kept as its HMAC, in the memory of this process. It slows guessing
 * down; that it was tried stands in the audit.
 */
class Guesses {
  private readonly byAsker = new Map<string, Map<string, number>>()
  /** Counts those that were not asked within a day; answers how many there were. @throws {Refusal} `tooManyRequests`, counting nothing. */
  take(asker: string, guesses: readonly string[], now: number): number {
    const known = this.byAsker.get(asker) ?? new Map<string, number>()
    this.byAsker.set(asker, known)
    for (const [guess, at] of known) if (now - at >= day || at > now) known.delete(guess)
    const fresh = [...new Set(guesses)].filter((guess) => !known.has(guess))
    if (fresh.length === 0) return 0
    const times = [...known.values()]
    const lately = times.filter((at) => now - at < minute)
    const over = known.size + fresh.length > mostADay ? { since: Math.min(...times), span: day } : lately.length + fresh.length > mostAMinute ? { since: Math.min(...lately), span: minute } : null
    if (over)
      throw new Refusal('tooManyRequests', '按完整内容查找受保护字段的次数过多，请稍后再试', { retryAfter: Number.isFinite(over.since) ? Math.ceil((over.since + over.span - now) / 1000) : 60 })
    for (const guess of fresh) known.set(guess, now)
    return fresh.length
  }
} // prettier-ignore
const meters = new WeakMap<Kernel, Guesses>()

/** Before such a question is answered: counted, and kept as a read of these fields. The values are not. */
export async function noteAskedWhole(kernel: Kernel, ctx: Context, name: string, filters: readonly (Filter | null | undefined)[]): Promise<void> {
  const { actor } = ctx
  if (actor.kind === 'system') return
  const asked = filters.flatMap((filter) => (filter ? conditionsOf(filter) : [])).flatMap((condition) => guessesOf(kernel, ctx, name, condition))
  if (asked.length === 0) return
  let meter = meters.get(kernel)
  if (!meter) meters.set(kernel, (meter = new Guesses()))
  const guesses = asked.map(({ guess }) => guess)
  // A program matches whole registers; how often it calls is limited where it is registered.
  const person = personOf(actor)
  const fresh = person ? meter.take(person, guesses, ctx.clock.now().getTime()) : new Set(guesses).size
  if (fresh) await audit(ctx, { act: 'field.match', outcome: 'done', resource: name, detail: { fields: [...new Set(asked.map(({ path }) => path))], values: fresh } })
} // prettier-ignore

function conditionsOf(filter: Filter): Condition[] {
  if (isCondition(filter)) return [filter]
  if ('not' in filter) return conditionsOf(filter.not)
  if ('some' in filter) return conditionsOf(filter.where).map((one) => ({ ...one, field: `${filter.some}.${one.field}` }))
  return ('and' in filter ? filter.and : filter.or).flatMap(conditionsOf)
}
function guessesOf(kernel: Kernel, { actor }: Context, name: string, { field: path, value }: Condition): { path: string; guess: string }[] {
  const found = kernel.defs.path(name, path) ?? columnAt(kernel, name, path)
  if (!found?.field || !isProtected(found.field) || value === undefined) return []
  const permission = kernel.access.can(actor, 'read', found.resource)
  if (permission && !permission.masked.has(found.key)) return []
  const { table } = kernel.defs.resource(found.resource)
  return [value].flat().map((one) => ({ path, guess: `${table}.${found.key} ${kernel.protector.blind(table, found.key, typeof one === 'string' ? one : JSON.stringify(one)).toString('base64')}` }))
} // prettier-ignore
/** A column of a sub-table is known by both keys. */
const columnAt = (kernel: Kernel, name: string, path: string) => ({
  field: fieldOrColumn(kernel.defs.resource(name).fields, path),
  key: path,
  resource: name,
})
