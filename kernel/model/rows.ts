/** A row of a sub-table as it travels: its id and its values. */
export type RowValues = Readonly<Record<string, unknown>>
/** Operations on a sub-table, by row id: never the whole array, so that what a colleague did to other rows meanwhile stays. */
export interface RowsPatch {
  /** New rows, put at the end unless moved. */
  add?: readonly RowValues[]
  /** Row id → the values that change. */
  change?: Readonly<Record<string, RowValues>>
  remove?: readonly string[]
  /** One after the other: this row behind that one, or first of all. */
  move?: readonly { id: string; after: string | null }[]
}
/** What a patch does to one row, for who decides on it. */
export interface RowChange {
  id: string
  did: 'added' | 'changed' | 'removed' | 'moved'
  was: RowValues | null
  wanted: RowValues | null
  /** What the row is meanwhile, where that is neither; null when it is gone. */
  now?: RowValues | null
}

const operations = ['add', 'change', 'remove', 'move']
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
/** Is this a patch by row id, and nothing else? */
export function isRowsPatch(value: unknown): value is RowsPatch {
  if (!isObject(value) || !Object.keys(value).every((key) => operations.includes(key))) return false
  const { add = [], change = {}, remove = [], move = [] } = value
  return (
    Array.isArray(add) && add.every(isObject) &&
    isObject(change) && Object.values(change).every(isObject) &&
    Array.isArray(remove) && remove.every((id) => typeof id === 'string') &&
    Array.isArray(move) && move.every((one) => isObject(one) && typeof one['id'] === 'string' && (one['after'] === null || typeof one['after'] === 'string'))
  ) // prettier-ignore
}
/** Does the patch do nothing? */
export const isEmptyPatch = ({ add, change, remove, move }: RowsPatch): boolean =>
  !add?.length && !remove?.length && !move?.length && Object.keys(change ?? {}).length === 0

const idOf = (row: RowValues): string => row['id'] as string
const byId = (rows: readonly RowValues[]): Map<string, RowValues> => new Map(rows.map((row) => [idOf(row), row]))
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
/** The values of a row that differ from before. */
function changedValues(was: RowValues, row: RowValues): RowValues {
  return Object.fromEntries(Object.entries(row).filter(([key, value]) => key !== 'id' && !isSame(value, was[key])))
}
const sameRow = (one: RowValues | null, other: RowValues | null): boolean =>
  one === null || other === null
    ? one === other
    : Object.keys(changedValues(one, other)).length + Object.keys(changedValues(other, one)).length === 0

/** What changed between two states of a sub-table, as operations by row id. */
export function diffRows(before: readonly RowValues[], after: readonly RowValues[]): RowsPatch {
  const old = byId(before)
  const kept = new Set(after.map(idOf).filter((id) => old.has(id)))
  const added = after.filter((row) => !kept.has(idOf(row)))
  const changes = after.flatMap((row) => {
    const was = old.get(idOf(row))
    const values = was ? changedValues(was, row) : {}
    return Object.keys(values).length ? [[idOf(row), values] as const] : []
  })
  const remove = before.map(idOf).filter((id) => !kept.has(id))
  // A new row without id goes to the end: nothing can name its place.
  const named = (rows: readonly RowValues[]) => rows.map(idOf).filter(Boolean)
  const move = moves([...named(before).filter((id) => kept.has(id)), ...named(added)], named(after))
  return {
    ...(added.length ? { add: added } : {}),
    ...(changes.length ? { change: Object.fromEntries(changes) } : {}),
    ...(remove.length ? { remove } : {}),
    ...(move.length ? { move } : {}),
  }
}
/** Few moves from one order of the same ids to another: a row dragged down is one, and so is a row dragged up. */
function moves(from: readonly string[], to: readonly string[]): { id: string; after: string | null }[] {
  const order = [...from]
  const done: { id: string; after: string | null }[] = []
  for (const [at, id] of to.entries()) {
    if (order[at] === id) continue
    const moved = order[at + 1] === id && to[at + 1] !== order[at] ? order[at]! : id
    const after = to[to.indexOf(moved) - 1] ?? null
    place(order, (one) => one, moved, after)
    done.push({ id: moved, after })
  }
  return done
}
/** Puts the element of this id behind another; it stays where it is when that other is gone. */
function place<T>(list: T[], name: (one: T) => string, id: string, after: string | null): void {
  const from = list.findIndex((one) => name(one) === id)
  if (from < 0 || (after !== null && !list.some((one) => name(one) === after))) return
  const [moved] = list.splice(from, 1)
  list.splice(after === null ? 0 : list.findIndex((one) => name(one) === after) + 1, 0, moved!)
}

/**
 * Applies operations to a sub-table. Rows that the patch does not name stay as they are. A changed row that somebody removed meanwhile comes back
 * when `base` still knows it: who applies the patch has seen that conflict; without `base` it stays removed.
 */
export function patchRows(before: readonly RowValues[], patch: RowsPatch, base: readonly RowValues[] = []): RowValues[] {
  const there = new Set(before.map(idOf))
  const back = base.filter((row) => patch.change?.[idOf(row)] && !there.has(idOf(row)))
  const gone = new Set(patch.remove)
  const kept = [...before, ...back].filter((row) => !gone.has(idOf(row)))
  const rows = [...kept.map((row) => ({ ...row, ...patch.change?.[idOf(row)], ...(row['id'] ? { id: row['id'] } : {}) })), ...(patch.add ?? []).filter((row) => !row['id'] || !there.has(idOf(row)))] // prettier-ignore
  for (const { id, after } of patch.move ?? []) place(rows, idOf, id, after)
  return rows
}

/** What the patch does, row by row, and which of the rows it names became something else meanwhile. */
export function rowChanges(base: readonly RowValues[], patch: RowsPatch, now: readonly RowValues[]): RowChange[] {
  const [old, current] = [byId(base), byId(now)]
  const judged = (id: string, did: RowChange['did'], wanted: RowValues | null): RowChange => {
    const [was, is] = [old.get(id) ?? null, current.get(id) ?? null]
    return { id, did, was, wanted, ...(did === 'added' || sameRow(is, was) || sameRow(is, wanted) ? {} : { now: is }) }
  }
  const changed = Object.entries(patch.change ?? {}).map(([id, values]) => judged(id, 'changed', { ...old.get(id), ...values, id }))
  const removed = (patch.remove ?? []).map((id) => judged(id, 'removed', null))
  const added = (patch.add ?? []).map((row) => judged(idOf(row), 'added', row))
  const named = new Set([...changed, ...removed, ...added].map((one) => one.id))
  const moved = (patch.move ?? []).flatMap(({ id }): RowChange[] =>
    named.has(id) ? [] : [{ id, did: 'moved', was: old.get(id) ?? null, wanted: current.get(id) ?? old.get(id) ?? null }],
  )
  return [...changed, ...removed, ...added, ...moved]
}
