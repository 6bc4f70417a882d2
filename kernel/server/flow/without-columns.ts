import type { ChangedField, RowChange, RowValues } from '#model'

const without = (table: string, row: RowValues, hidden: ReadonlySet<string>): RowValues =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !hidden.has(`${table}.${column}`)))

/** The rows of a sub-table without the columns that their reader does not see, named as `items.level`. What is no list of rows stays. */
export const withoutCells = (table: string, rows: unknown, hidden: ReadonlySet<string>): unknown =>
  Array.isArray(rows) ? (rows as RowValues[]).map((row) => without(table, row, hidden)) : rows

/** A change of a sub-table likewise: of a row in which nothing that he sees has changed nothing is told. */
export function withoutColumns(one: ChangedField, hidden: ReadonlySet<string>): ChangedField {
  if (![...hidden].some((path) => path.startsWith(`${one.field}.`))) return one
  const cut = (rows: unknown) => withoutCells(one.field, rows, hidden)
  const row = (values: RowValues | null) => values && without(one.field, values, hidden)
  const rows = one.rows?.map((change): RowChange => ({ ...change, was: row(change.was), wanted: row(change.wanted), ...('now' in change ? { now: row(change.now ?? null) } : {}) }))
  const told = rows?.filter(({ did, was, wanted }) => did !== 'changed' || JSON.stringify(was) !== JSON.stringify(wanted))
  return { ...one, was: cut(one.was), wanted: cut(one.wanted), ...('now' in one ? { now: cut(one.now) } : {}), ...(told ? { rows: told } : {}) }
} // prettier-ignore
