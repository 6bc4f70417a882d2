import type { Kernel } from '../kernel.ts'
import type { StoredField } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { keyIdOf } from './cipher.ts'

/** A table with columns that hold cipher text: what they are sealed for is the first part of their place. */
interface SealedTable {
  table: string
  place: string
  columns: { column: string; field: string }[]
}
const batch = 500

/** The tables of all record types and their sub-tables that hold protected columns, and those of the kernel in which a secret stays for long. */
export function sealedTables(kernel: Kernel): SealedTable[] {
  const found = new Map<string, SealedTable>()
  const add = (table: string, place: string, fields: readonly StoredField[]) => {
    const secret = fields.filter((f) => f.secret)
    if (secret.length === 0) return
    const known = found.get(table) ?? { table, place, columns: [] }
    for (const { column, key } of secret)
      if (!known.columns.some((one) => one.column === column)) known.columns.push({ column, field: key })
    found.set(table, known)
  }
  for (const { name } of kernel.defs.resources.values()) {
    const c = kernel.resource(name)
    add(c.table, c.r.table, c.fields)
    for (const rows of c.rows) add(rows.table, `${c.r.table}.${rows.key}`, rows.fields)
  }
  return [...found.values()]
}

/**
 * Seals under the current key whatever of the records stands under an older one, in portions, while people work: a row that is written meanwhile is left as it
 * was written. Neither version nor history change, for no value does. History keeps the key under which it was written. Answers how many rows were sealed anew.
 */
export async function sealAnew(kernel: Kernel, onProgress: (table: string, rows: number) => void = () => undefined): Promise<number> {
  let all = 0
  for (const sealed of sealedTables(kernel)) {
    let rows = 0
    for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
      const portion = await sealPortion(kernel, sealed, last)
      if (portion === null) break
      last = portion.last
      rows += portion.rows
      onProgress(sealed.table, rows)
    }
    all += rows
  }
  return all
}

async function sealPortion(kernel: Kernel, { table, place, columns }: SealedTable, after: string): Promise<{ last: string; rows: number } | null> {
  const current = kernel.protector.current
  const head = Buffer.alloc(4)
  head.writeUInt32BE(current)
  const isOld = columns.map(({ column }) => `(t.${quote(column)} IS NOT NULL AND substring(t.${quote(column)} FROM 2 FOR 4) <> $2)`).join(' OR ')
  const names = columns.map(({ column }) => `t.${quote(column)}`).join(', ')
  return kernel.db.transaction(async (tx) => {
    const rows = await tx.query<Record<string, Buffer | string | null>>(
      `SELECT t.id, ${names} FROM ${table} t WHERE t.id > $1::uuid AND (${isOld}) ORDER BY t.id LIMIT ${batch} FOR UPDATE`,
      [after, head],
    )
    if (rows.length === 0) return null
    const anew = (column: string, field: string) =>
      rows.map((row) => {
        const stored = row[column] as Buffer | null
        return !stored || keyIdOf(stored) === current ? stored : kernel.protector.seal(place, field, kernel.protector.open(place, field, stored))
      })
    const arrays = columns.map(({ column, field }) => anew(column, field))
    await tx.query(
      `UPDATE ${table} t SET ${columns.map(({ column }, i) => `${quote(column)} = u.c${i}`).join(', ')}
       FROM unnest($1::uuid[], ${columns.map((_, i) => `$${i + 2}::bytea[]`).join(', ')}) AS u(id, ${columns.map((_, i) => `c${i}`).join(', ')}) WHERE t.id = u.id`,
      [rows.map((row) => row['id']), ...arrays],
    )
    return { last: rows.at(-1)!['id'] as string, rows: rows.length }
  })
} // prettier-ignore
