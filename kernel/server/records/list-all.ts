import type { ApiRecord, ListAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords, type ReadQuery } from './read.ts'

const page = 500

/** Every page of what the actor may see, one after another, each with its titles; nothing is read before it is asked for. */
export async function* listPages(kernel: Kernel, ctx: Context, name: string, query: ReadQuery): AsyncGenerator<ListAnswer> {
  for (let cursor: string | null | undefined = null; cursor !== undefined;) {
    const answer: ListAnswer = await listRecords(kernel, ctx, name, { limit: page, ...query, cursor })
    yield answer
    cursor = answer.next ?? undefined
  }
}
/** All of it at once; no page is read beyond `most` rows, and `isMore` says that there were some. */
export async function listAll(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: ReadQuery,
  most = Infinity,
): Promise<{ rows: ApiRecord[]; isMore: boolean }> {
  const rows: ApiRecord[] = []
  for await (const answer of listPages(kernel, ctx, name, query)) {
    rows.push(...answer.rows)
    if (rows.length >= most) return { rows, isMore: answer.next !== null }
  }
  return { rows, isMore: false }
}
