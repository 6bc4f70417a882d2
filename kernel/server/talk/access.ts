import { approvalSubject, Refusal, today, type TalkKind } from '#model'
import { contextOfPerson } from '../access/person-context.ts'
import { personOf, type Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { DirectorySnapshot } from '../directory/snapshot.ts'
import { refused } from '../files/reading.ts'
import { maySeeOneOf } from '../flow/reading.ts'
import type { Kernel } from '../kernel.ts'
import { needReadable } from '../records/read.ts'

export interface Talk {
  id: string
  kind: TalkKind
  /** The table of the record that it is about, or `approval`. */
  subject: string | null
  subjectId: string | null
  one: string | null
  other: string | null
  unit: string | null
  name: string | null
  owner: string | null
  last: number
  lastAt: string
}
export interface Member {
  id: string
  person: string
  since: number
  read: number
  mentioned: number
  muted: boolean
  listens: boolean
  leftAt: string | null
}
/** A conversation that is open to whoever asks, and since which number. */
export interface OpenTalk {
  talk: Talk
  me: string
  member: Member | null
  since: number
  /** Under which name of a record type he reads what it is about. */
  resource: string | null
  /** What it is about lies in the bin. */
  isBinned: boolean
}
export const talkColumns = (t: string): string =>
  `${t}.id, ${t}.kind, ${t}.subject, ${t}.subject_id AS "subjectId", ${t}.one, ${t}.other, ${t}.unit, ${t}.name, ${t}.owner, ${t}.last, ${t}.last_at AS "lastAt"`
export const memberColumns = (m: string): string =>
  `${m}.id, ${m}.person, ${m}.since, ${m}.read, ${m}.mentioned, ${m}.muted, ${m}.listens, ${m}.left_at AS "leftAt"`
/** A conversation with the place of somebody in it, as one row. */
export type SeatRow = Talk & Omit<Member, 'id'> & { seat: string | null }
export const seatColumns = `${talkColumns('t')}, m.id AS seat, m.person, m.since, m.read, m.mentioned, m.muted, m.listens, m.left_at AS "leftAt"`
export function seatOf({ seat, person, since, read, mentioned, muted, listens, leftAt, ...talk }: SeatRow): { talk: Talk; member: Member | null } {
  return { talk, member: seat === null ? null : { id: seat, person, since, read, mentioned, muted, listens, leftAt } }
} // prettier-ignore
const gone = () => new Refusal('notFound', '没有这个会话，或您不在其中')

export function needPerson(ctx: Context): string {
  const me = personOf(ctx.actor)
  if (!me) throw new Refusal('noRight')
  return me
}
/** The conversation, for whom it is open now. @throws {Refusal} 404 for all others. */
export async function needTalk(kernel: Kernel, ctx: Context, id: string): Promise<OpenTalk> {
  const [row] = await ctx.db.query<SeatRow & object>(
    `SELECT ${seatColumns} FROM kernel.talk t LEFT JOIN kernel.talk_member m ON m.talk = t.id AND m.person = $2::uuid WHERE t.id = $1::uuid`,
    [id, needPerson(ctx)],
  )
  const known = row && seatOf(row)
  const open = known && (await openTalk(kernel, ctx, known.talk, known.member))
  if (!open) throw gone()
  return open
}
/** The same of a conversation that is known; null where it is not open to him. */
export async function openTalk(kernel: Kernel, ctx: Context, talk: Talk, known?: Member | null): Promise<OpenTalk | null> {
  const me = needPerson(ctx)
  const member = known === undefined ? await memberOf(ctx.db, talk.id, me) : known
  const open = { talk, me, member, since: 0, resource: null, isBinned: false }
  if (talk.kind === 'direct') return talk.one === me || talk.other === me ? open : null
  if (talk.kind === 'record') {
    const seen = await seeSubject(kernel, ctx, talk.subject!, talk.subjectId!)
    return seen && { ...open, ...seen }
  }
  if (talk.unit) return isOfUnit(ctx, me, talk.unit) ? open : null
  return member && member.leftAt === null ? { ...open, since: member.since } : null
}
export async function memberOf(db: Queryable, talk: string, person: string): Promise<Member | null> {
  const [row] = await db.query<Member & object>(`SELECT ${memberColumns('m')} FROM kernel.talk_member m WHERE m.talk = $1::uuid AND m.person = $2::uuid`, [talk, person]) // prettier-ignore
  return row ?? null
}

/** May he see what is spoken of, and under which name? Judged by the records path, or that of approvals, each time. */
export async function seeSubject(kernel: Kernel, ctx: Context, subject: string, id: string): Promise<{ resource: string; isBinned: boolean } | null> {
  if (subject === approvalSubject) return (await maySeeOneOf(kernel, ctx, [id], true)) ? { resource: approvalSubject, isBinned: false } : null
  const names = [...kernel.defs.resources.values()].filter(({ table }) => table === subject).map(({ name }) => name)
  for (const resource of names) {
    const found = await needReadable(kernel, ctx, resource, id).catch(refused)
    if (found) return { resource, isBinned: found.record.deletedAt !== null }
  }
  return null
} // prettier-ignore
/** Is it open to this colleague, under his rights of today? */
export async function maySee(kernel: Kernel, db: Queryable, talk: Talk, person: string): Promise<boolean> {
  const ctx = await contextOfPerson(kernel, person, 'talk')
  return ctx !== null && (await openTalk(kernel, { ...ctx, db }, talk)) !== null
}

type Now = Pick<Context, 'directory' | 'clock'>
/** Of many people the day is asked for once. */
export const isOfUnit = ({ directory, clock }: Now, person: string, unit: string, day = today(clock)): boolean =>
  directory.isActive(person) && directory.unitsOf(person, day).includes(unit)
/** Who works in a unit today. */
export function staffOf(ctx: Now, unit: string): string[] {
  const day = today(ctx.clock)
  return [...ctx.directory.people.keys()].filter((person) => isOfUnit(ctx, person, unit, day))
}
/** Whom a line can reach that names everybody: its owner's word, or a head's in the group of his unit. */
export const mayNameAll = ({ directory, clock }: Context, { talk, me }: OpenTalk): boolean =>
  talk.kind === 'group' && (talk.unit ? directory.headsOf(talk.unit, today(clock)).includes(me) : talk.owner === me)
/** Who belongs to it now; of a record whoever takes part. */
export async function membersNow(ctx: Context, talk: Talk): Promise<Member[]> {
  const rows = await ctx.db.query<Member & object>(
    `SELECT ${memberColumns('m')} FROM kernel.talk_member m WHERE m.talk = $1::uuid AND m.left_at IS NULL AND m.listens ORDER BY m.joined_at, m.person`,
    [talk.id],
  )
  if (talk.kind === 'direct') return rows
  const day = today(ctx.clock)
  return rows.filter(({ person }) => (talk.unit ? isOfUnit(ctx, person, talk.unit, day) : ctx.directory.isActive(person)))
}

/** Why nobody can be written to, in words; null: he can. */
export async function unreachable(ctx: Pick<Context, 'db' | 'directory'>, people: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.db.query<{ person: string }>(`SELECT person FROM security.account WHERE person = ANY ($1::uuid[]) AND status = 'active' AND deleted_at IS NULL`, [people]) // prettier-ignore
  const open = new Set(rows.map(({ person }) => person))
  return new Map(people.flatMap((person) => {
    const why = obstacleOf(ctx.directory, person, open.has(person))
    return why ? [[person, why]] : []
  })) // prettier-ignore
}
function obstacleOf(directory: DirectorySnapshot, person: string, hasAccount: boolean): string | null {
  const name = directory.nameOf(person) || '此人'
  if (!directory.isActive(person)) return `${name}已离职，不能再发消息`
  return hasAccount ? null : `${name}没有可用的账号，收不到消息`
}
/** Why nothing can be said here, in words; null: it can. */
export async function closedFor(ctx: Context, { talk, me, isBinned }: OpenTalk): Promise<string | null> {
  if (talk.kind === 'record') return isBinned ? '记录已在回收站，不能再发消息' : null
  if (talk.kind === 'group') return null
  const other = talk.one === me ? talk.other! : talk.one!
  return (await unreachable(ctx, [other])).get(other) ?? null
}
