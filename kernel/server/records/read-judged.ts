import { Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { makeCursor, type ListQuery, type listSql } from '../store/list.ts'

export interface Read {
  rows: Record<string, unknown>[]
  page: ReturnType<typeof listSql>
}
/** What is proposed beyond a page's worth is read in portions that grow; so many are judged for one page at most: some tenths of a second. */
const [grownTo, mostJudged] = [5000, 60_000]

/**
 * A page, as `read` reads it, of what the database finds. Where it only proposes (parts of protected values) each row is judged, in the order asked, and more
 * are read until the page is full: as many as `limit` and one, like any page.
 */
export async function readJudged(kernel: Kernel, ctx: Context, asked: ListQuery, read: (query: ListQuery) => Promise<Read>): Promise<Read> {
  // prettier-ignore
  const first = await read(asked)
  const { judge, sortPaths } = first.page
  if (!judge) return first
  const passing = (rows: Read['rows']) => judge.passing(kernel.subjectKeys, ctx.db, rows)
  const passed = await passing(first.rows)
  let [found, most, judged] = [first.rows, first.page.most, first.rows.length]
  while (passed.length <= asked.limit && found.length >= most) {
    if (judged > mostJudged) throw new Refusal('badFilter', '要逐条比对的记录太多，请多输入一个字，或再加一个条件')
    const last = found.at(-1)!
    // As many as are likely to hold what is missing: of a common name nearly all that is proposed passes, of a rare one hardly any.
    const share = Math.max(passed.length / judged, 1 / 50)
    const limit = Math.min(Math.max(Math.ceil((asked.limit + 1 - passed.length) / share), 10), Math.max(most * 20, 1000), grownTo)
    const next = await read({ ...asked, limit, cursor: makeCursor(sortPaths.map((_, i) => last[`k${i}`])) })
    ;[found, most] = [next.rows, next.page.most]
    judged += found.length
    passed.push(...(await passing(found)))
  }
  return { page: first.page, rows: passed.slice(0, asked.limit + 1) }
}
