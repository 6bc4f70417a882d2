import { Refusal } from '#model'
import type { Context } from '../context.ts'

/** It may be kept, but is not used: nobody is shown it. */
export const isRestricted = async (ctx: Context, record: string): Promise<boolean> =>
  (await ctx.db.query(`SELECT 1 FROM kernel.restriction WHERE record = $1::uuid`, [record])).length > 0

/** What may be kept but not used stays where it lies: neither taken out of the bin nor destroyed from there. */
export async function refuseRestricted(ctx: Context, record: string): Promise<void> {
  if (await isRestricted(ctx, record))
    throw new Refusal('flowRefused', '这条记录按个人信息请求限制处理，不能恢复或彻底删除；请先办结该请求')
}
