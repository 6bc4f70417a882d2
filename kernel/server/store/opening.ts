import { subjects, type ApiRecord } from '#model'
import type { Kernel } from '../kernel.ts'
import type { Queryable } from '../database/database.ts'
import { alongColumn, type Along, type Opener } from '../protection/subject-keys.ts'
import { readRow, type CompiledResource } from './compiled.ts'

type Row = Readonly<Record<string, unknown>>

/** What opens the protected columns of these rows, and whatever else of theirs is given: their keys are read together. */
export function openerOf(
  kernel: Kernel,
  db: Queryable,
  c: CompiledResource,
  rows: readonly Row[],
  more: Iterable<unknown> = [],
): Promise<Opener> {
  const sealed = rows.flatMap((row) => c.secrets.map((f) => row[f.column]))
  return kernel.subjectKeys.opener(db, buffersIn([...sealed, ...more]), alongIn(rows))
}
/** The keys that came along with these rows (`alongKeys`). */
function alongIn(rows: readonly Row[]): Along[] {
  return rows.flatMap((row) =>
    subjects.flatMap((subject) => {
      const packed = row[alongColumn(subject)]
      return Buffer.isBuffer(packed) ? [{ record: row['id'] as string, subject, packed }] : []
    }),
  )
}
/** Rows of the database as records. */
export async function readRows(kernel: Kernel, db: Queryable, c: CompiledResource, rows: readonly Row[]): Promise<ApiRecord[]> {
  const opener = await openerOf(kernel, db, c, rows)
  return rows.map((row) => readRow(opener, c, row))
}
/** The cipher texts among what was read. */
export const buffersIn = (values: readonly unknown[]): Buffer[] => values.filter((value) => Buffer.isBuffer(value))
