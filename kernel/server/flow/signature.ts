import { isUuid, Refusal } from '#model'
import type { Context } from '../context.ts'

/** A signature binds whoever drew it: its picture must be the signer's own upload. */
export async function needOwnSignature(ctx: Context, signer: string, file: string): Promise<void> {
  const [row] = isUuid(file)
    ? await ctx.db.query<{ by: string | null; type: string }>(`SELECT created_by AS by, type FROM kernel.file WHERE id = $1::uuid`, [file])
    : []
  if (!row || row.by !== signer || !row.type.startsWith('image/')) throw new Refusal('invalid', '签名无效，请重新签名')
}
