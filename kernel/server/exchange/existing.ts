import { kindOf, type ApiRecord } from '#model'
import { otherSearchColumns, textForm } from '../store/bulk-update.ts'
import { encode, textOf } from '../store/columns.ts'
import { readRows } from '../store/opening.ts'
import { blindOf, quote } from '../store/naming.ts'
import type { ImportSession } from './session.ts'

/** By which fields lines find their records: the profile's, else the first unique key that the file fills. */
export function importKey(session: ImportSession): readonly string[] | null {
  const { c, profile, settings } = session
  const given = givenKeys(settings)
  if (profile.key) return typeof profile.key === 'function' ? profile.key(given) : profile.key
  const filled = (key: string) => given.has(key) || c.byKey.get(key)?.field.default !== undefined
  const unique = (c.r.unique ?? []).find((keys) => keys.every(filled)) ?? c.r.unique?.[0]
  if (unique) return unique
  const natural = ['staffNumber', 'code', 'number'].find((key) => c.byKey.get(key)?.field.kind === 'text')
  return natural && given.has(natural) ? [natural] : null
}

const givenKeys = (settings: ImportSession['settings']): Set<string> =>
  new Set(
    [...settings.columns, ...Object.keys(settings.constants).filter((key) => settings.constants[key])].flatMap((key) =>
      key === null ? [] : [key.split('.')[0]!],
    ),
  )

export interface Existing {
  stored: ApiRecord
  search: Record<string, unknown>
  /** How many bear the same key: only where it is no unique one. */
  count: number
}
/** Records that bear the keys of a portion, in one question. Answers by the place in `keys`; a key of which nothing is filled finds nothing. */
export async function findExisting(
  session: ImportSession,
  key: readonly string[],
  keys: readonly (readonly unknown[])[],
): Promise<Map<number, Existing>> {
  const { kernel, ctx, c, profile } = session
  const fields = key.map((name) => c.byKey.get(name)!)
  const values: unknown[] = fields.map((f, i) => keys.map((tuple) => keyText(session, f.key, tuple[i])))
  const arrays = fields.map((_, i) => `$${i + 1}::text[]`).join(', ')
  const joins = fields.map((f, i) => {
    const column = `t.${quote(f.secret ? blindOf(f.column) : f.column)}`
    const equal = `${column} = k.k${i}::${f.secret ? 'bytea' : f.type}`
    return f.field.required ? equal : `(${equal} OR (${column} IS NULL AND k.k${i} IS NULL))`
  })
  const among = Object.entries(profile.among ?? {}).map(([name, value]) => `t.${quote(c.byKey.get(name)!.column)} = $${values.push(value)}`)
  const extra = otherSearchColumns(kernel, c).map((column) => `t.${quote(column)} AS ${quote(`s_${column}`)}`)
  const rows = await ctx.db.once(
    `SELECT ${[c.select, ...extra].join(', ')}, k.i::int AS at FROM unnest(${arrays}) WITH ORDINALITY AS k(${[...fields.map((_, i) => `k${i}`), 'i'].join(', ')})
     JOIN ${c.table} t ON ${[...joins, 't.deleted_at IS NULL', `t.state <> 'refused'`, ...among].join(' AND ')}`,
    values,
  )
  const found = new Map<number, Existing>()
  const records = await readRows(kernel, ctx.db, c, rows)
  for (const [n, row] of rows.entries()) {
    const at = (row['at'] as number) - 1
    if (keys[at]!.every((part) => part === null)) continue
    const stored = records[n]!
    const search = Object.fromEntries(otherSearchColumns(kernel, c).map((column) => [column, row[`s_${column}`]]))
    const before = found.get(at)
    // A number used again belongs to who is here, not to who has left.
    const isGone = (record: ApiRecord) => record['status'] === 'left'
    if (!before || (isGone(before.stored) && !isGone(stored))) found.set(at, { stored, search, count: 1 })
    else if (isGone(stored) === isGone(before.stored)) before.count++
  }
  return found
}
function keyText(session: ImportSession, name: string, value: unknown): string | null {
  const f = session.c.byKey.get(name)!
  if (value === null || value === undefined) return null
  return textForm(f.secret ? session.kernel.protector.blind(session.c.r.table, f.id, textOf(value)) : encode(f.field, value))
}
/** A value as the person reads it. */
export const shown = (session: ImportSession, key: string, value: unknown, nameOf: (target: string, id: string) => string): string => {
  const f = session.c.byKey.get(key)
  return f && value !== null && value !== undefined ? kindOf(f.field).format(value, f.field, nameOf) : ''
}
