import { Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { idsPointing, pointersAt } from '../records/pointing.ts'
import { loadRecord } from '../records/load.ts'
import { updateRecordOf } from '../records/write.ts'
import { titleIn } from '../records/title-in.ts'

/** A reference that went from one record to another; of a sub-table in one row. */
export interface Move {
  resource: string
  record: string
  field: string
  row: string | null
  /** The list held the kept record before the merge: taking back adds, and does not replace. */
  had: boolean
}
type Row = Readonly<Record<string, unknown>>
const most = 5000

const isIt = (value: unknown, id: string): value is string => value === id || value === `person:${id}` || value === `unit:${id}`
const named = (value: string, id: string, to: string): string => value.slice(0, value.length - id.length) + to
/** A value with one record in the place of another; null where it does not name it. A list never names one twice. */
export function exchanged(value: unknown, from: string, to: string): { value: unknown; had: boolean } | null {
  if (Array.isArray(value)) {
    const list = value as unknown[]
    const place = list.find((one) => isIt(one, from))
    if (place === undefined) return null
    const next = named(place, from, to)
    const had = list.includes(next)
    return { value: had ? list.filter((one) => one !== place) : list.map((one) => (one === place ? next : one)), had }
  }
  return isIt(value, from) ? { value: named(value, from, to), had: false } : null
}

/** Makes everything that points at one record point at another; answers what was moved. What merges away along is left as it is. */
export async function moveReferences(
  kernel: Kernel,
  ctx: Context,
  table: string,
  {
    from,
    to,
    gone,
    earlier,
  }: { from: string; to: string; gone: ReadonlySet<string>; /** What the same merge moved for others. */ earlier: readonly Move[] },
): Promise<Move[]> {
  const moves: Move[] = []
  const put = new Set(earlier.filter(({ had }) => !had).map(placeOf))
  for (const pointer of pointersAt(kernel.defs, table)) {
    const ids = await idsPointing(ctx, pointer, from, { limit: most + 1 })
    if (ids.length > most) throw new Refusal('tooMany', `引用它的“${pointer.label}”超过 ${most} 条，不能一次合并`)
    for (const id of ids)
      if (!gone.has(id)) moves.push(...(await moveOne(kernel, ctx, pointer.resource, id, pointer.field, { from, to, put })))
  }
  return moves
}
async function moveOne(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  id: string,
  path: string,
  { from, to, put }: { from: string; to: string; put: ReadonlySet<string> },
): Promise<Move[]> {
  const c = kernel.resource(resource)
  const stored = await loadRecord(kernel, ctx, c, id, { lock: true })
  if (!stored) return []
  const [field, column] = path.split('.') as [string, string | undefined]
  const moves: Move[] = []
  const move = (value: unknown, row: string | null): unknown => {
    const next = exchanged(value, from, to)
    if (!next) return value
    const one = { resource, record: id, field: path, row, had: next.had }
    moves.push({ ...one, had: next.had && !put.has(placeOf(one)) })
    // A record does not become its own superior.
    return id === to && !Array.isArray(next.value) ? null : next.value
  }
  const rows = (stored[field] ?? []) as Row[]
  const value = column ? rows.map((row) => ({ ...row, [column]: move(row[column], row['id'] as string) })) : move(stored[field], null)
  if (moves.length === 0) return []
  const refuse = async (why: string) => {
    const title = (await titleIn(kernel, ctx, resource, id)) ?? ''
    return new Refusal('flowRefused', `引用它的“${c.r.label}”${title ? `“${title}”` : ''}不能改为指向保留的记录：${why}`, { resource, record: id })
  }
  if (stored.state === 'pending' || stored.state === 'returned') throw await refuse('正在审批，请先办结')
  try {
    await updateRecordOf(kernel, ctx, resource, id, stored.version, { [field]: value }, { byModule: true, act: 'merge' })
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'periodClosed' && error.status < 500) throw new Refusal('flowRefused', `引用它的“${c.r.label}”不能改为指向保留的记录：${error.message}`, { resource, record: id })
    throw error
  }
  return moves
} // prettier-ignore

/** Takes references back to a record that returns, where they still are as the merge left them; answers how many. `shared` are moves of others into the same lists. */
export async function takeBack(
  kernel: Kernel,
  ctx: Context,
  moves: readonly Move[],
  { from, kept, shared }: { from: string; kept: string; shared: ReadonlySet<string> },
): Promise<number> {
  let count = 0
  for (const one of moves) {
    const stored = await loadRecord(kernel, ctx, kernel.resource(one.resource), one.record, { lock: true })
    if (!stored || stored.state !== 'approved') continue
    const [field, column] = one.field.split('.') as [string, string | undefined]
    const stays = one.had || shared.has(placeOf(one))
    let isMoved = false
    const back = (value: unknown): unknown => {
      const isOwn = one.record === kept && value === null
      const next = isOwn ? { value: from } : exchanged(value, kept, from)
      if (!next) return value
      isMoved = true
      const list = value as unknown[]
      return Array.isArray(value) && stays ? [...list, named(list.find((item) => isIt(item, kept)) as string, kept, from)] : next.value
    }
    const rows = (stored[field] ?? []) as Row[]
    const value = column ? rows.map((row) => (row['id'] === one.row ? { ...row, [column]: back(row[column]) } : row)) : back(stored[field])
    if (!isMoved) continue
    await updateRecordOf(kernel, ctx, one.resource, one.record, stored.version, { [field]: value }, { byModule: true, act: 'merge.undo' })
    count++
  }
  return count
}
export const placeOf = ({ resource, record, field, row }: Move): string => [resource, record, field, row].join(' ')
