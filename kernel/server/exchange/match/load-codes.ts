import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { quote } from '../../store/naming.ts'
import { CodeIndex, type Coded } from './codes.ts'

export interface CodesWanted {
  where?: Readonly<Record<string, string>>
  /** Field that holds other names. */
  alias?: string | undefined
  /** Only what one of these texts names exactly; null: all. */
  texts: readonly string[] | null
}
/** Approved records of a type by code (its field `code`, else the id) and name. */
export async function loadCodes(kernel: Kernel, { db }: Context, target: string, { where, alias, texts }: CodesWanted): Promise<CodeIndex> {
  const c = kernel.resource(target)
  const column = (name: string | undefined) => (name && c.byKey.has(name) ? `t.${quote(c.byKey.get(name)!.column)}` : null)
  const code = column('code') ?? 't.id'
  const title = column(c.r.title)!
  const values: unknown[] = []
  const conditions = Object.entries(where ?? {}).map(([name, value]) => `${column(name)} = $${values.push(value)}::text`)
  if (texts) conditions.push(`(${code}::text = ANY($${values.push(texts)}::text[]) OR ${title}::text = ANY($${values.length}::text[]))`)
  const rows = await db.query<Coded>(
    `SELECT t.id, ${code}::text AS code, coalesce(${title}::text, '') AS name, ${column(alias) ?? 'NULL'} AS alias
     FROM ${c.table} t WHERE ${['t.deleted_at IS NULL', `t.state = 'approved'`, ...conditions].join(' AND ')} ORDER BY 2, 1`,
    values,
  )
  return new CodeIndex(rows, c.r.label)
}
