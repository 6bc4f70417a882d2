import type { ImportCounts } from '#model'
import type { Context } from '../context.ts'

/** What a batch of an import says of itself. */
export interface ImportFacts {
  batch: string
  number: number
  fileName: string
  created: number
  changed: number
}
/** The batch that a request stands for. */
export async function factsOf(ctx: Pick<Context, 'db'>, batch: string): Promise<ImportFacts> {
  const [row] = await ctx.db.query<{ number: number; fileName: string; counts: ImportCounts }>(
    `SELECT number::int AS number, file_name AS "fileName", counts FROM kernel.import_batch WHERE id = $1::uuid`,
    [batch],
  )
  return { batch, number: row!.number, fileName: row!.fileName, created: row!.counts.created, changed: row!.counts.changed }
}
