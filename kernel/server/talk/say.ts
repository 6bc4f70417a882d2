import {
  formatInstant,
  invalid,
  isUuid,
  longestVoice,
  longestWords,
  mostMentions,
  mostTalkFiles,
  Refusal,
  withdrawMs,
  type FieldProblem,
  type TalkMessage,
} from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { filesToPut } from '../files/reading.ts'
import type { Kernel } from '../kernel.ts'
import { closedFor, isOfUnit, mayNameAll, maySee, memberOf, needTalk, type OpenTalk } from './access.ts'
import { append, noteTalk, type Line } from './append.ts'
import { messagesByNumber } from './messages.ts'

/** Says something: once, however often it comes under the same id. */
export async function say(kernel: Kernel, ctx: Context, id: string, given: Readonly<Record<string, unknown>>): Promise<TalkMessage> {
  const open = await needTalk(kernel, ctx, id)
  const why = await closedFor(ctx, open)
  if (why) throw new Refusal('flowRefused', why)
  const line = await readLine(kernel, ctx, open, given)
  const n = await kernel.transaction(ctx, (tx) => append(kernel, tx, open, line))
  return (await messagesByNumber(kernel, ctx, open, [n]))[0]!
}

async function readLine(kernel: Kernel, ctx: Context, open: OpenTalk, given: Readonly<Record<string, unknown>>): Promise<Line> {
  const problems: FieldProblem[] = []
  const { id, text = '', voice = null, answers = null, everyone = false } = given
  if (!isUuid(id)) throw new Refusal('badRequest', '缺少消息编号')
  const plain = typeof text === 'string' ? text.toWellFormed().replaceAll('\u0000', '').trim() : ''
  if (typeof text !== 'string') problems.push({ field: 'text', message: '请填写文字' })
  if (plain.length > longestWords) problems.push({ field: 'text', message: `一条消息不超过 ${longestWords} 字，现在有 ${plain.length} 字` })
  const files = await readFiles(kernel, ctx, given['files'], problems)
  const seconds = readVoice(voice, files, problems)
  if (!plain && files.length === 0 && problems.length === 0) problems.push({ field: 'text', message: '请填写文字，或附上图片、文件' })
  if (answers !== null && !(Number.isInteger(answers) && (answers as number) > open.since && (answers as number) <= open.talk.last)) problems.push({ field: 'answers', message: '引用的消息不存在' })
  if (everyone === true && !mayNameAll(ctx, open)) problems.push({ field: 'everyone', message: '只有群主或科室负责人可以提到所有人' })
  const mentions = await readMentions(kernel, ctx, open, given['mentions'], problems)
  if (problems.length) throw invalid(problems)
  return { id, words: { text: plain, ...(seconds === null ? {} : { voice: seconds }) }, isNote: false, answers: answers as number | null, mentions, everyone: everyone === true, files: files.map((file) => file.id) }
} // prettier-ignore
/** Files that the writer has uploaded, or may read where they stand; scanned and clean. */
async function readFiles(kernel: Kernel, ctx: Context, given: unknown, problems: FieldProblem[]): Promise<{ id: string; type: string }[]> {
  const ids: unknown[] = Array.isArray(given) ? [...new Set(given as unknown[])] : []
  const say = (message: string) => void problems.push({ field: 'files', message })
  if ((given !== undefined && given !== null && !Array.isArray(given)) || !ids.every(isUuid)) say('附件无法识别，请重新添加')
  else if (ids.length > mostTalkFiles) say(`一条消息最多附 ${mostTalkFiles} 个文件`)
  else if (ids.length) {
    const may = await filesToPut(kernel, ctx, ids)
    if (ids.some((id) => !may.has(id))) say('有附件不存在，请重新上传')
    const [bad] = await ctx.db.query<{ name: string; virus: string | null }>(`SELECT name, virus FROM kernel.file WHERE id = ANY ($1::uuid[]) AND (virus IS NOT NULL OR unscanned_since IS NOT NULL)`, [ids]) // prettier-ignore
    if (bad) say(bad.virus ? `“${bad.name}”含有病毒，不能发送` : `“${bad.name}”还在等待病毒检查，请稍后再发`)
    return ids.flatMap((id) => may.get(id) ?? [])
  }
  return []
}
function readVoice(given: unknown, files: readonly { type: string }[], problems: FieldProblem[]): number | null {
  if (given === null || given === undefined) return null
  const isSound = files.length === 1 && /^(audio|video)\/(webm|mp4|ogg|mpeg|x-m4a|aac|wav)/.test(files[0]!.type)
  if (!isSound) problems.push({ field: 'voice', message: '不是一段录音' })
  if (typeof given !== 'number' || !(given > 0) || given > longestVoice) problems.push({ field: 'voice', message: `语音不超过 ${longestVoice} 秒` })
  return Math.max(1, Math.round(given as number))
} // prettier-ignore
/** Only who can read it is named. */
async function readMentions(kernel: Kernel, ctx: Context, open: OpenTalk, given: unknown, problems: FieldProblem[]): Promise<string[]> {
  const people: unknown[] = Array.isArray(given) ? [...new Set(given as unknown[])] : []
  const say = (message: string) => void problems.push({ field: 'mentions', message })
  if (!people.every(isUuid)) say('提到的人员无法识别')
  else if (people.length > mostMentions) say(`一次最多提到 ${mostMentions} 人`)
  else
    for (const person of people) {
      const name = ctx.directory.nameOf(person) || '此人'
      if (!ctx.directory.isActive(person)) say(`${name}已离职，不能提到`)
      else if (!(await isReader(kernel, ctx, open, person))) say(open.talk.kind === 'record' ? `${name}没有查看这里的权限，不能提到` : `${name}不在这个会话里，不能提到`)
    }
  return problems.length ? [] : (people as string[])
} // prettier-ignore
async function isReader(kernel: Kernel, ctx: Context, { talk }: OpenTalk, person: string): Promise<boolean> {
  if (talk.kind === 'direct') return talk.one === person || talk.other === person
  if (talk.kind === 'record') return maySee(kernel, ctx.db, talk, person)
  if (talk.unit) return isOfUnit(ctx, person, talk.unit)
  const member = await memberOf(ctx.db, talk.id, person)
  return member !== null && member.leftAt === null
}

/** Takes one's own message back, for two minutes: its words and files are gone, its place stays. */
export async function takeBack(kernel: Kernel, ctx: Context, id: string, message: string): Promise<void> {
  const { me, talk } = await needTalk(kernel, ctx, id)
  await kernel.transaction(ctx, async (tx) => {
    const now = tx.clock.now()
    const [row] = await tx.db.query<{ at: string; person: string; note: boolean; withdrawnAt: string | null }>(
      `SELECT at, person, note, withdrawn_at AS "withdrawnAt" FROM kernel.talk_message WHERE id = $1::uuid AND talk = $2::uuid FOR UPDATE`,
      [message, talk.id],
    )
    if (!row || row.note || row.person !== me) throw new Refusal('notFound', '没有这条消息，或不是您发的')
    if (row.withdrawnAt) return
    if (now.getTime() - Date.parse(row.at) > withdrawMs) throw new Refusal('flowRefused', '发出超过 2 分钟，不能撤回')
    await tx.db.query(`UPDATE kernel.talk_message SET words = NULL, files = '{}', mentions = '{}', everyone = false, answers = NULL, withdrawn_at = $2 WHERE id = $1::uuid`, [message, now.toISOString()])
    await audit(tx, { act: 'talk.withdraw', outcome: 'done', detail: { talk: talk.id, message, saidAt: formatInstant(row.at) } })
    await noteTalk(tx, talk.id)
  })
} // prettier-ignore
/** He has read so far; what told him of it is read as well. Between two the other's page hears of it. */
export async function noteRead(kernel: Kernel, ctx: Context, id: string, given: unknown): Promise<void> {
  const { talk, me } = await needTalk(kernel, ctx, id)
  if (!Number.isInteger(given) || (given as number) < 0) throw new Refusal('badRequest')
  const n = Math.min(given as number, talk.last)
  await ctx.db.query(
    `WITH r AS (UPDATE kernel.talk_member SET read = $3 WHERE talk = $1::uuid AND person = $2::uuid AND read < $3 RETURNING talk),
       o AS (INSERT INTO kernel.outbox (at, topic, payload) SELECT $4::timestamptz, 'talk', jsonb_build_object('talk', talk) FROM r WHERE $5)
     UPDATE kernel.message SET read_at = $4 WHERE person = $2::uuid AND link = $6 AND kind = 'conversation' AND read_at IS NULL AND $3 >= (SELECT last FROM kernel.talk WHERE id = $1::uuid)`,
    [talk.id, me, n, ctx.clock.now().toISOString(), talk.kind === 'direct', talkPath(talk.id)],
  )
} // prettier-ignore
/** Where a conversation is. */
export const talkPath = (id: string): string => `/talk?id=${id}`
/** Only what names him counts for him. */
export async function mute(kernel: Kernel, ctx: Context, id: string, muted: unknown): Promise<void> {
  const { talk, me } = await needTalk(kernel, ctx, id)
  if (typeof muted !== 'boolean') throw new Refusal('badRequest')
  await ctx.db.query(`UPDATE kernel.talk_member SET muted = $3 WHERE talk = $1::uuid AND person = $2::uuid`, [talk.id, me, muted])
}
