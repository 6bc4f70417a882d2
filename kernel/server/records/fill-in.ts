import { isMomentWord, isUuid, today, type MomentWord } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { loadRecord } from './load.ts'

/** Defaults, and the owner: a person who may write only his own rows need not name himself. */
export function fillIn(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  draft: Readonly<Record<string, unknown>>,
): { values: Record<string, unknown>; keys: Set<string> } {
  const values: Record<string, unknown> = { ...draft }
  const keys = new Set<string>()
  for (const [key, field] of Object.entries(c.r.fields)) {
    if (values[key] !== undefined && values[key] !== null) continue
    if (field.default === undefined) continue
    values[key] = isMomentWord(field, field.default) ? momentValue(kernel, ctx, field.default) : field.default
    keys.add(key)
  }
  const owner = c.r.owner.person
  const me = personOf(ctx.actor)
  if (owner && owner !== 'id' && me && values[owner] == null && c.byKey.get(owner)?.field.required) {
    values[owner] = me
    keys.add(owner)
  }
  return { values, keys }
}

/** What a word of the moment stands for now, for whoever acts. */
export function momentValue(kernel: Kernel, ctx: Context, word: MomentWord): string | null {
  if (word === 'today') return today(kernel.clock)
  if (word === 'now') return kernel.clock.now().toISOString()
  const me = personOf(ctx.actor)
  return word === 'me' || me === null ? me : (ctx.directory.unitsOf(me, today(kernel.clock))[0] ?? null)
}

/** `from: 'practitioner.unit'` copies at creation what the other record holds now. */
export async function copyFrom(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  filled: { values: Record<string, unknown>; keys: Set<string> },
): Promise<void> {
  for (const [key, field] of Object.entries(c.r.fields)) {
    if (!field.from || (filled.values[key] !== undefined && filled.values[key] !== null)) continue
    const [through, source] = field.from.split('.') as [string, string]
    const target = c.byKey.get(through)?.target
    const id = filled.values[through]
    if (!target || !isUuid(id)) continue
    filled.values[key] = (await loadRecord(kernel, ctx, kernel.resource(target), id))?.[source] ?? null
    filled.keys.add(key)
  }
}

/** Numbers come from a counter row: no gaps after a roll-back, one writer at a time per series. */
export async function giveNumbers(ctx: Context, c: CompiledResource, values: Record<string, unknown>): Promise<void> {
  for (const f of c.fields) {
    if (f.field.kind !== 'autoNumber' || values[f.key]) continue
    const { prefix, digits, perYear } = f.field.options as { prefix: string; digits: number; perYear?: boolean }
    const year = today(ctx.clock).slice(0, 4)
    const series = `${c.r.name}.${f.id}${perYear ? `.${year}` : ''}`
    const [row] = await ctx.db.query<{ value: number }>(
      `INSERT INTO kernel.counter VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = kernel.counter.value + 1 RETURNING value`,
      [series],
    )
    values[f.key] = `${prefix}-${perYear ? `${year}-` : ''}${String(row!.value).padStart(digits, '0')}`
  }
}

/** New rows of sub-tables get their ids here, so that the answer, history and flow name them alike. */
export function nameRows(c: CompiledResource, values: Record<string, unknown>): void {
  for (const rows of c.rows)
    values[rows.key] = ((values[rows.key] ?? []) as Record<string, unknown>[]).map((row) =>
      isUuid(row['id']) ? row : { ...row, id: uuidv7() },
    )
}
