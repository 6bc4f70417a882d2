import type { Context } from '../context.ts'

/** Into which record a deleted one was merged; null where it was not. */
export async function mergedInto(ctx: Pick<Context, 'db'>, record: string): Promise<string | null> {
  const [row] = await ctx.db.query<{ kept: string }>(
    `SELECT m.kept FROM kernel.merge_part p JOIN kernel.merge m ON m.id = p.merge WHERE p.record = $1::uuid AND p.undone_at IS NULL`,
    [record],
  )
  return row?.kept ?? null
}
