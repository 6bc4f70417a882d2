import type { Kernel } from '../kernel.ts'
import { Unreadable } from '../protection/subject-keys.ts'
import { decode } from './columns.ts'
import type { CompiledResource, StoredField } from './compiled.ts'
import { quote, tagsOf } from './naming.ts'
import { partTags } from './part-tags.ts'
import { untagged } from './schema.ts'

const portion = 500

/**
 * Gives their tags to rows that were written before their field was found by parts, in portions, while people work. Nothing of what a record says changes, so
 * neither does its version. Relies on the index of the rows without. Answers how many rows were given tags.
 */
export async function tagAnew(kernel: Kernel): Promise<number> {
  let all = 0
  const tables = new Set<string>()
  for (const { name } of kernel.defs.resources.values()) {
    const c = kernel.resource(name)
    for (const f of c.byPart) {
      const place = `${c.table}.${f.column}`
      if (tables.has(place)) continue
      tables.add(place)
      for (let rows = portion; rows === portion; all += rows) rows = await tagPortion(kernel, c, f)
    }
  }
  return all
}
function tagPortion(kernel: Kernel, c: CompiledResource, f: StoredField): Promise<number> {
  return kernel.db.transaction(async (tx) => {
    const rows = await tx.query<{ id: string; value: Buffer }>(
      `SELECT t.id, t.${quote(f.column)} AS value FROM ${c.table} t WHERE ${untagged(f.column)} ORDER BY t.id LIMIT ${portion} FOR UPDATE SKIP LOCKED`,
    )
    const opener = await kernel.subjectKeys.opener(tx, rows.map(({ value }) => value))
    const tags = rows.map(({ id, value }) => {
      const plain = decode(opener, () => ({ resource: c.r.table, record: id, field: f.id }), f.field, value)
      // What does not open is found by nothing, and not tried again and again.
      return plain instanceof Unreadable ? [] : partTags(kernel.protector, c.r.table, f.id, String(plain))
    })
    if (rows.length)
      await tx.query(
        `UPDATE ${c.table} t SET ${quote(tagsOf(f.column))} = u.tags::integer[] FROM unnest($1::uuid[], $2::text[]) AS u(id, tags) WHERE t.id = u.id`,
        [rows.map(({ id }) => id), tags.map((list) => `{${list.join()}}`)],
      )
    return rows.length
  })
} // prettier-ignore
