import { invalid, isUuid, Refusal, type FieldProblem } from '#model'
import type { Context } from '../context.ts'

export const mostPictures = 9
const mostMentions = 20
const mostBytes = 10 * 1024 * 1024
const pictureTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])
/** Acts with words of their own, which may carry pictures and name people. */
const speaking: ReadonlySet<unknown> = new Set([
  'approve', 'reject', 'return', 'decideItems', 'seal', 'transfer', 'delegateTask', 'addApprover', 'consult', 'reply', 'resubmit', 'submit',
]) // prettier-ignore

/** Reads what an opinion carries as it came over HTTP; what is not well formed is refused at its place. */
export function readRemark(body: Readonly<Record<string, unknown>>): { pictures?: string[]; mentions?: string[] } {
  const problems: FieldProblem[] = []
  const read = (key: 'pictures' | 'mentions', most: number, tooMany: string, wrong: string): string[] => {
    const given = body[key]
    if (given === undefined || given === null) return []
    if (!Array.isArray(given)) problems.push({ field: key, message: wrong })
    else if (given.length > most) problems.push({ field: key, message: tooMany })
    else if (given.length > 0 && !speaking.has(body['kind'])) problems.push({ field: key, message: '这种操作没有意见' })
    else {
      given.forEach((one, n) => {
        if (!isUuid(one)) problems.push({ field: `${key}.${n}`, message: wrong })
        else if (given.indexOf(one) !== n) problems.push({ field: `${key}.${n}`, message: '重复' })
      })
      return given as string[]
    }
    return []
  }
  const pictures = read('pictures', mostPictures, `最多附 ${mostPictures} 张图片`, '不是已上传的图片')
  const mentions = read('mentions', mostMentions, `一次最多提到 ${mostMentions} 人`, '没有这位在职人员')
  if (problems.length) throw invalid(problems)
  return { ...(pictures.length ? { pictures } : {}), ...(mentions.length ? { mentions } : {}) }
}

interface Said {
  signature?: string
  opinion?: string
  pictures?: readonly string[]
  mentions?: readonly string[]
  meeting?: { readonly scan: string }
}
/** Proves what an act carries: its author's own signature, pictures and scan of the minutes, and people whom everybody sees named in the words. */
export async function needRemark(ctx: Context, instance: string, author: string, said: Said): Promise<void> {
  const { signature, pictures = [], mentions = [], opinion = '', meeting } = said
  const problems: FieldProblem[] = mentions.flatMap((person, n) => {
    const message = wrongMention(ctx, author, person, opinion)
    return message ? [{ field: `mentions.${n}`, message }] : []
  })
  const held = await holdFiles(ctx, instance, author, [...pictures, ...(signature ? [signature] : []), ...(meeting ? [meeting.scan] : [])])
  if (signature && !held.get(signature)?.type.startsWith('image/')) throw new Refusal('invalid', '签名无效，请重新签名')
  pictures.forEach((id, n) => {
    const file = held.get(id)
    if (!file) problems.push({ field: `pictures.${n}`, message: '图片不存在，或不是您上传的' })
    else if (!pictureTypes.has(file.type)) problems.push({ field: `pictures.${n}`, message: '只能附 PNG、JPEG、WebP 或 GIF 图片' })
    else if (file.bytes > mostBytes) problems.push({ field: `pictures.${n}`, message: '图片不能超过 10 MB' })
  })
  if (meeting && !/^(image\/|application\/pdf$)/.test(held.get(meeting.scan)?.type ?? ''))
    problems.push({ field: 'meeting.scan', message: '扫描件须是您上传的图片或 PDF，请重新上传' })
  if (problems.length) throw invalid(problems)
}
function wrongMention({ directory }: Context, author: string, person: string, opinion: string): string | null {
  if (!directory.people.has(person) || !directory.isActive(person)) return '没有这位在职人员'
  if (person === author) return '不必提到自己'
  // Whom nobody sees named would be a reader in secret.
  return opinion.includes(`@${directory.nameOf(person)}`) ? null : `意见中没有写到“@${directory.nameOf(person)}”`
}

/** A signature binds whoever drew it: its picture must be the signer's own upload. */
export async function needOwnSignature(ctx: Context, instance: string, signer: string, file: string): Promise<void> {
  const held = isUuid(file) ? await holdFiles(ctx, instance, signer, [file]) : null
  if (!held?.get(file)?.type.startsWith('image/')) throw new Refusal('invalid', '签名无效，请重新签名')
}

interface Held {
  id: string
  type: string
  bytes: number
}
/** The author's own files among these, noted under the approval: whoever may look at it finds them there. */
async function holdFiles(ctx: Context, instance: string, author: string, ids: readonly string[]): Promise<Map<string, Held>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db.query<Held & object>(
    `WITH own AS (SELECT id, type, bytes FROM kernel.file WHERE id = ANY($1::uuid[]) AND created_by = $2::uuid),
       noted AS (INSERT INTO kernel.flow_file (file, instance) SELECT id, $3::uuid FROM own ON CONFLICT DO NOTHING)
     SELECT id, type, bytes FROM own`,
    [[...new Set(ids)], author, instance],
  )
  return new Map(rows.map((row) => [row.id, { ...row, bytes: Number(row.bytes) }]))
}

/** The approvals in whose log this file stands. */
export async function approvalsWith(ctx: Pick<Context, 'db'>, file: string): Promise<string[]> {
  const rows = await ctx.db.query<{ instance: string }>(
    // Noted before the act was decided: only what was really said counts.
    `SELECT f.instance FROM kernel.flow_file f WHERE f.file = $1::uuid
       AND EXISTS (SELECT 1 FROM kernel.flow_log l WHERE l.instance = f.instance AND l.events::text LIKE '%' || $1::uuid::text || '%') LIMIT 20`,
    [file],
  )
  return rows.map((row) => row.instance)
}
