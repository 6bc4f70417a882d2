import { addDays, awayKinds, halfWidth, kindOf, today, type ApiRecord, type Field } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { absence } from '../absence/absence.ts'
import { absenceOf, cancel, change, enter } from '../absence/keep.ts'
import { attempt } from './attempt.ts'
import { matchOf, withoutZeros, type Match } from './match.ts'
import { inTurn, noteCounts, noteLines, noteRun, supersede, type LineDraft } from './report.ts'
import type { FeedAnswer, Outcome } from './feed.rules.ts'
import { loadWorld, type FeedWorld } from './world.ts'

type AwayKind = keyof typeof awayKinds
/** How other systems call what keeps somebody away; anything else is read as the house calls it. */
const words: Readonly<Record<string, AwayKind>> = {
  请假: 'leave',
  外出学习: 'training',
  培训: 'training',
  因公外出: 'outing',
  出差: 'outing',
  外派: 'seconded',
}

/** One request as it can be stored; `problem`: why it cannot. */
export interface FeedAbsence {
  number: string
  name: string
  key: string
  kind: AwayKind | null
  from: string | null
  until: string | null
  reason: string | null
  isCancelled: boolean
  problem: string
}
const plainText = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '').trim()

/** Reads requests as other systems send them, days in the spellings that people use; of a number of a request that comes twice the last counts. */
export function readAbsences(given: readonly unknown[]): FeedAbsence[] {
  const read = given.map(readAbsence)
  const last = new Map(read.map((one, i) => [one.key, i]))
  return read.filter((one, i) => !one.key || last.get(one.key) === i)
}
function readAbsence(one: unknown): FeedAbsence {
  const record = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
  const said = Object.fromEntries(['number', 'name', 'key', 'kind', 'from', 'until', 'reason'].map((key) => [key, plainText(record[key])])) as Record<'number' | 'name' | 'key' | 'kind' | 'from' | 'until' | 'reason', string>
  const problems: string[] = []
  const valueOf = (key: 'from' | 'until' | 'kind', label: string): string | null => {
    const field = absence.fields[key] as Field
    const text = key === 'kind' ? (words[halfWidth(said[key])] ?? said[key]) : said[key]
    const parsed = text ? kindOf(field).parse(text, field) : { problem: '没有填写' }
    if ('problem' in parsed) problems.push(`${label}“${said[key].slice(0, 20)}”：${parsed.problem}`)
    return 'problem' in parsed ? null : (parsed.value as string)
  }
  if (!said.number || said.number.length > 30) problems.push('缺少工号，或工号超过 30 位')
  if (!said.key || said.key.length > 80) problems.push('缺少单号，或单号超过 80 位')
  const [kind, from, until] = [valueOf('kind', '类型') as AwayKind | null, valueOf('from', '起'), valueOf('until', '止')]
  if (from && until && until < from) problems.push(`止日 ${until} 早于起日 ${from}`)
  const isCancelled = record['cancelled'] === true || record['cancelled'] === 'true'
  return {
    number: said.number.normalize('NFKC').slice(0, 30), name: said.name.slice(0, 60), key: said.key.slice(0, 80), kind, from, until, reason: said.reason.slice(0, 200) || null, isCancelled,
    problem: problems.join('；').slice(0, 300),
  }
} // prettier-ignore

export interface AbsenceStep {
  outcome: Outcome | 'same'
  told: FeedAbsence
  person: string | null
  candidates: string[]
  message: string
}
/** Takes what a source tells of absences: each request as a whole, whatever is doubtful or cannot be so waits. */
export function takeAbsences(kernel: Kernel, ctx: Context, source: ApiRecord, given: readonly unknown[]): Promise<FeedAnswer> {
  const told = readAbsences(given)
  return inTurn(kernel, ctx, async (tx) => {
    const world = await loadWorld(kernel, tx, String(source['system']), await peopleMeant(tx, String(source['system']), told))
    const run = await noteRun(kernel, tx, source, { about: 'absences', total: given.length })
    const steps: AbsenceStep[] = []
    for (const one of told) steps.push(await takeOne(kernel, tx, { source: source.id, run: run.id }, one, whoIs(one, world)))
    const lines = steps.filter(({ outcome }) => outcome !== 'same').map((step) => lineOf(step, tx))
    const fresh = await supersede(kernel, tx, source.id, 'absences', { told: told.map(({ key }) => key), lines })
    await noteLines(kernel, tx, fresh, { source, run: run.id, about: 'absences' })
    return noteCounts(kernel, tx, run, steps)
  })
} // prettier-ignore
/** Everybody whom these lines might mean: a request tells of few people, so that not everybody is read for it. */
async function peopleMeant(ctx: Context, system: string, told: readonly FeedAbsence[]): Promise<string[]> {
  const numbers = [...new Set(told.map(({ number }) => withoutZeros(number)))]
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT id FROM directory.person WHERE deleted_at IS NULL AND (ltrim(staff_number, '0') = ANY ($1::text[]) OR name = ANY ($2::text[]))
     UNION SELECT person FROM directory.identifier WHERE deleted_at IS NULL AND system = $3 AND ltrim(value, '0') = ANY ($1::text[])`,
    [numbers, told.map(({ name }) => name).filter(Boolean), system],
  )
  return rows.map(({ id }) => id)
}
/** By number and name as people are; a request that brings no name is somebody only by a number that the source is known to use. */
function whoIs(one: FeedAbsence, { known }: FeedWorld): Match {
  const name = one.name || known.byNumber.get(one.number)?.name || ''
  return matchOf({ line: 0, number: one.number, name, unit: null, facts: {}, unread: [] }, known)
}
/** Does what one request says of somebody, wholly or not at all. */
export async function takeOne(kernel: Kernel, tx: Context, { source, run }: { source: string; run: string }, told: FeedAbsence, who: Match): Promise<AbsenceStep> {
  const base: AbsenceStep = { outcome: 'refused', told, person: who.kind === 'sure' ? who.person : null, candidates: [], message: told.problem }
  if (told.problem) return base
  if (await isIgnored(tx, source, told)) return { ...base, outcome: 'same' }
  if (who.kind !== 'sure')
    return { ...base, outcome: 'doubtful', ...(who.kind === 'new' ? { message: '没有对得上的人员' } : { message: who.message, candidates: who.candidates.map((one) => one.person) }) }
  const held = await absenceOf(kernel, tx, source, told.key)
  const { key, kind, from, until, reason } = told as FeedAbsence & { kind: AwayKind; from: string; until: string }
  let outcome: AbsenceStep['outcome'] = 'same'
  const refused = await attempt(tx, async () => {
    if (told.isCancelled) {
      if (held?.['status'] !== 'active') return
      await cancel(kernel, tx, held)
      outcome = 'changed'
    } else if (held?.['status'] === 'active') outcome = (await change(kernel, tx, held, { person: who.person, source, run, key, kind, from, until, reason })) ? 'changed' : 'same'
    else {
      await enter(kernel, tx, { person: who.person, source, run, key, kind, from, until, reason })
      outcome = 'added'
    }
  })
  return refused === null ? { ...base, outcome } : { ...base, message: refused }
} // prettier-ignore
/** Somebody has said of the same words that nothing need be done. */
async function isIgnored(ctx: Context, source: string, { key, from, until, isCancelled }: FeedAbsence): Promise<boolean> {
  const found = await ctx.db.query(
    `SELECT 1 FROM organisation.feed_line WHERE source = $1::uuid AND key = $2 AND status = 'ignored' AND handled_by IS NOT NULL AND deleted_at IS NULL
       AND "from" = $3::date AND until = $4::date AND coalesce(is_cancelled, FALSE) = $5`,
    [source, key, from, until, isCancelled],
  )
  return found.length > 0
}
function lineOf({ outcome, told, person, candidates, message }: AbsenceStep, ctx: Context): LineDraft {
  const { number, name, key, kind, from, until, reason, isCancelled } = told
  const names = candidates.map((id) => ctx.directory.nameOf(id)).join('、')
  const days = from && until ? (until === from ? from : `${from} 至 ${until}`) : ''
  return {
    outcome: outcome as Outcome, number: number || key || '无', name: name || (person ? ctx.directory.nameOf(person) : ''), person, unit: person ? (ctx.directory.unitsOf(person, today(ctx.clock))[0] ?? null) : null,
    key: key || null, absence: kind, from, until, reason, isCancelled, candidates, message: [message, names].filter(Boolean).join('：').slice(0, 300),
    changes: person && !message ? `${isCancelled ? '取消' : ''}${kind ? awayKinds[kind] : ''} ${days}，${until ? `${addDays(until, 1)} 返岗` : ''}` : '',
  }
} // prettier-ignore
