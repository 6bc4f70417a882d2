import { v7 as uuidv7 } from 'uuid'
import {
  approvalSubject,
  invalid,
  isUuid,
  mostMembers,
  mostStaff,
  Refusal,
  type FieldProblem,
  type TalkAnswer,
  type TalkFound,
} from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import {
  closedFor,
  isOfUnit,
  needPerson,
  openTalk,
  seeSubject,
  staffOf,
  talkColumns,
  unreachable,
  type OpenTalk,
  type Talk,
} from './access.ts'
import { answerOf, titleOf } from './reading.ts'
import { note } from './notes.ts'

/** With whom, about what, in which unit. */
export interface Wanted {
  direct?: unknown
  resource?: unknown
  record?: unknown
  unit?: unknown
  name?: unknown
  members?: unknown
}
type Kind = { direct: string } | { subject: string; resource: string; record: string } | { unit: string }

/** What is wanted, where the asker may have it. @throws {Refusal} where not. */
async function readWanted(kernel: Kernel, ctx: Context, { direct, resource, record, unit }: Wanted): Promise<Kind> {
  const me = needPerson(ctx)
  if (direct !== undefined) {
    if (!isUuid(direct) || !ctx.directory.people.has(direct)) throw new Refusal('notFound', '没有这位人员')
    if (direct === me) throw new Refusal('badRequest', '不能给自己发消息')
    return { direct }
  }
  if (unit !== undefined) {
    if (!isUuid(unit) || !isOfUnit(ctx, me, unit)) throw new Refusal('notFound', '没有这个科室，或您不在其中')
    return { unit }
  }
  if (typeof resource !== 'string' || !isUuid(record)) throw new Refusal('badRequest')
  const subject = resource === approvalSubject ? approvalSubject : kernel.defs.resources.get(resource)?.table
  const seen = subject && (await seeSubject(kernel, ctx, subject, record))
  if (!subject || !seen) throw new Refusal('notFound')
  return { subject, resource: seen.resource, record }
}
async function stored(ctx: Context, me: string, kind: Kind): Promise<Talk | undefined> {
  const [where, values] =
    'direct' in kind
      ? [`kind = 'direct' AND t.one = $1::uuid AND t.other = $2::uuid`, pairOf(me, kind.direct)]
      : 'unit' in kind
        ? ['t.unit = $1::uuid', [kind.unit]]
        : [`kind = 'record' AND t.subject_id = $1::uuid`, [kind.record]]
  const [talk] = await ctx.db.query<Talk & object>(`SELECT ${talkColumns('t')} FROM kernel.talk t WHERE ${where}`, values)
  return talk
}
const pairOf = (one: string, other: string): [string, string] => (one < other ? [one, other] : [other, one])
const fresh = (id: string, kind: Kind, me: string, at: string): Talk => {
  const [one, other] = 'direct' in kind ? pairOf(me, kind.direct) : [null, null]
  const about = 'record' in kind ? { subject: kind.subject, subjectId: kind.record } : { subject: null, subjectId: null }
  const unit = 'unit' in kind ? kind.unit : null
  return { id, kind: 'direct' in kind ? 'direct' : unit ? 'group' : 'record', ...about, one, other, unit, name: null, owner: null, last: 0, lastAt: at } // prettier-ignore
}

/** The conversation that is wanted, as far as there is one. */
export async function findTalk(kernel: Kernel, ctx: Context, wanted: Wanted): Promise<TalkFound> {
  const me = needPerson(ctx)
  const kind = await readWanted(kernel, ctx, wanted)
  const known = await stored(ctx, me, kind)
  const open = await openTalk(kernel, ctx, known ?? fresh(uuidv7(), kind, me, ''), known ? undefined : null)
  if (!open) throw new Refusal('notFound')
  return { talk: known ? await answerOf(kernel, ctx, open) : null, title: await titleOf(kernel, ctx, open), closed: await closedFor(ctx, open) }
} // prettier-ignore
/** The same; made where there is none. Asked twice at once it is made once. */
export async function beginTalk(kernel: Kernel, ctx: Context, wanted: Wanted): Promise<TalkAnswer> {
  if (wanted.name !== undefined || wanted.members !== undefined) return beginGroup(kernel, ctx, wanted)
  const me = needPerson(ctx)
  const kind = await readWanted(kernel, ctx, wanted)
  const staff = 'unit' in kind ? staffOf(ctx, kind.unit) : []
  if (staff.length > mostStaff) throw new Refusal('flowRefused', `${ctx.directory.unitName((kind as { unit: string }).unit)}超过 ${mostStaff} 人，不设群；请用通知`) // prettier-ignore
  if ('direct' in kind) {
    const why = (await unreachable(ctx, [kind.direct])).get(kind.direct)
    if (why && !(await stored(ctx, me, kind))) throw new Refusal('flowRefused', why)
  }
  return kernel.transaction(ctx, async (tx) => {
    const talk = fresh(uuidv7(), kind, me, tx.clock.now().toISOString())
    const [made] = await store(tx, talk, me)
    const known = (await stored(tx, me, kind))!
    if (made) {
      await addMembers(tx, known.id, 'direct' in kind ? [me, kind.direct] : staff, 0)
      if ('unit' in kind) await audit(tx, { act: 'talk.group', outcome: 'done', detail: { talk: known.id, unit: kind.unit } })
    }
    return answerOf(kernel, tx, (await openTalk(kernel, tx, known))!)
  })
}
const store = (tx: Context, t: Talk, me: string) =>
  tx.db.query(
    `INSERT INTO kernel.talk (id, kind, subject, subject_id, one, other, unit, name, owner, made_at, made_by, last_at) VALUES ($1, $2, $3, $4::uuid, $5::uuid, $6::uuid, $7::uuid, $8, $9::uuid, $10, $11::uuid, $10) ON CONFLICT DO NOTHING RETURNING 1`,
    [t.id, t.kind, t.subject, t.subjectId, t.one, t.other, t.unit, t.name, t.owner, t.lastAt, me],
  ) // prettier-ignore
/** People who belong to it from now on; who was there before comes back. */
export async function addMembers(tx: Context, talk: string, people: readonly string[], since: number): Promise<void> {
  if (people.length === 0) return
  await tx.db.query(
    `INSERT INTO kernel.talk_member (id, talk, person, since, read, joined_at) SELECT u.id, $1::uuid, u.person, $4::bigint, $4::bigint, $5::timestamptz FROM unnest($2::uuid[], $3::uuid[]) AS u(id, person)
     ON CONFLICT (talk, person) DO UPDATE SET since = excluded.since, read = greatest(kernel.talk_member.read, excluded.read), joined_at = excluded.joined_at, left_at = NULL, listens = true`,
    [talk, people.map(() => uuidv7()), people, since, tx.clock.now().toISOString()],
  )
} // prettier-ignore

const longestName = 40
export function readName(given: unknown, problems: FieldProblem[]): string {
  const name = typeof given === 'string' ? given.toWellFormed().replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim() : '' // prettier-ignore
  if (!name || name.length > longestName) problems.push({ field: 'name', message: `请填写群名称，不超过 ${longestName} 字` })
  return name
}
/** Colleagues to be taken in, each of whom can be reached. */
export async function readPeople(ctx: Context, given: unknown, problems: FieldProblem[], field: string): Promise<string[]> {
  const people = [...new Set(Array.isArray(given) ? (given as unknown[]) : [])]
  if (!people.every(isUuid)) problems.push({ field, message: '请选择在职的同事' })
  else if (people.length > mostMembers) problems.push({ field, message: `一个群最多 ${mostMembers} 人` })
  else {
    const why = [...(await unreachable(ctx, people)).values()]
    if (why.length) problems.push({ field, message: why.slice(0, 3).join('；') })
  }
  return problems.length ? [] : (people as string[])
}
async function beginGroup(kernel: Kernel, ctx: Context, wanted: Wanted): Promise<TalkAnswer> {
  const me = needPerson(ctx)
  const problems: FieldProblem[] = []
  const name = readName(wanted.name, problems)
  const people = (await readPeople(ctx, wanted.members, problems, 'members')).filter((person) => person !== me)
  if (problems.length === 0 && people.length === 0) problems.push({ field: 'members', message: '请至少选择一位同事' })
  if (people.length >= mostMembers) problems.push({ field: 'members', message: `一个群最多 ${mostMembers} 人` })
  if (problems.length) throw invalid(problems)
  return kernel.transaction(ctx, async (tx) => {
    const at = tx.clock.now().toISOString()
    const talk: Talk = { id: uuidv7(), kind: 'group', subject: null, subjectId: null, one: null, other: null, unit: null, name, owner: me, last: 0, lastAt: at } // prettier-ignore
    await store(tx, talk, me)
    await addMembers(tx, talk.id, [me, ...people], 0)
    await audit(tx, { act: 'talk.group', outcome: 'done', detail: { talk: talk.id, name, members: people } })
    const open = (await openTalk(kernel, tx, talk)) as OpenTalk
    await note(kernel, tx, open, `建立了群，邀请了${namesOf(tx, people)}`)
    return answerOf(kernel, tx, (await openTalk(kernel, tx, { ...talk, last: 1 }))!)
  })
}
export const namesOf = ({ directory }: Context, people: readonly string[]): string =>
  ` ${people.slice(0, 10).map((one) => directory.nameOf(one)).join('、')}${people.length > 10 ? `等 ${people.length} 人` : ''}` // prettier-ignore
