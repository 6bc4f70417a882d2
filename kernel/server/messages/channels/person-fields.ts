import type { Kernel } from '../../kernel.ts'
import { readRows } from '../../store/opening.ts'

/** What stands in a field of these people's files; who has nothing there is left out. */
export async function fieldOfPeople(kernel: Kernel, field: 'mobile' | 'email', people: readonly string[]): Promise<Map<string, string>> {
  const c = kernel.resource('directory.person')
  const stored = await kernel.db.query(`SELECT ${c.select} FROM ${c.table} t WHERE t.id = ANY ($1::uuid[]) AND t.deleted_at IS NULL`, [
    people,
  ])
  const records = await readRows(kernel, kernel.db, c, stored)
  return new Map(records.flatMap((record) => (typeof record[field] === 'string' ? [[record.id, record[field]] as const] : [])))
}
