import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { placeOf, takeBack, type Move } from './moves.ts'

/** A merged record that is restored gets back the references that nobody has touched since. Relies on merge_part_record. */
export async function undoMerge(kernel: Kernel, ctx: Context, record: string): Promise<void> {
  const [part] = await ctx.db.query<{ merge: string; kept: string; moves: Move[] }>(
    `SELECT p.merge, m.kept, p.moves FROM kernel.merge_part p JOIN kernel.merge m ON m.id = p.merge WHERE p.record = $1::uuid AND p.undone_at IS NULL FOR UPDATE OF p`,
    [record],
  )
  if (!part) return
  const others = await ctx.db.query<{ moves: Move[] }>(
    `SELECT moves FROM kernel.merge_part WHERE merge = $1::uuid AND record <> $2::uuid AND undone_at IS NULL`,
    [part.merge, record],
  )
  const shared = new Set(others.flatMap(({ moves }) => moves.map(placeOf)))
  await ctx.db.query(`UPDATE kernel.merge_part SET undone_at = $3 WHERE merge = $1::uuid AND record = $2::uuid`, [
    part.merge,
    record,
    ctx.clock.now().toISOString(),
  ])
  await takeBack(kernel, ctx, part.moves, { from: record, kept: part.kept, shared })
}
