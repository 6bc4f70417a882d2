import { addDays, auditViews, isAuditView, isDay, isUuid, Refusal, type AuditSelection } from '#model'
import type { Queryable } from '../database/database.ts'

/** What is asked of the log, read from an address. */
export interface AuditQuestion extends AuditSelection {
  actor?: string
  record?: string
  resource?: string
  address?: string
  from?: string
  to?: string
  /** A person's timeline: what he did, and what was done to these records: he himself, his accounts, his roles. */
  about?: { person: string; records: readonly string[] }
  /** A record's timeline: what was done to it, and exports of its type. */
  timelineOf?: { record: string; resource: string }
}
export interface AuditRow {
  seq: number
  at: string
  actor: string | null
  actorName: string | null
  act: string
  outcome: 'done' | 'refused' | 'failed'
  resource: string | null
  record: string | null
  address: string | null
  detail: Record<string, unknown>
  /** Where the next page goes on. */
  place: string
}
export type AskedOf = Partial<Record<'view' | 'act' | 'outcome' | 'actor' | 'record' | 'resource' | 'address' | 'from' | 'to', string>>

/** Reads what was asked; refuses what is no question, at its place. */
export function readQuestion(asked: AskedOf): AuditQuestion {
  const { view, act, outcome, actor, record, resource, address, from, to } = asked
  for (const [name, id] of [['人员', actor], ['记录', record]] as const) if (id && !isUuid(id)) throw new Refusal('badFilter', `${name}不对`) // prettier-ignore
  for (const day of [from, to]) if (day && !isDay(day)) throw new Refusal('badFilter', '日期不对，应为 2026-01-31 这样的形式')
  if (from && to && from > to) throw new Refusal('badFilter', '开始日期晚于结束日期')
  if (view && !isAuditView(view)) throw new Refusal('badFilter', '没有这种报表')
  if (outcome && !['done', 'refused', 'failed'].includes(outcome)) throw new Refusal('badFilter', '没有这种结果')
  const ready: AuditSelection = view && isAuditView(view) ? (auditViews[view] as AuditSelection) : {}
  return {
    ...(ready.acts ? { acts: ready.acts } : {}),
    ...(ready.resources ? { resources: ready.resources } : {}),
    ...(ready.outcomes ? { outcomes: ready.outcomes } : {}),
    // What is chosen by name narrows the report.
    ...(act ? { acts: [act.slice(0, 100)], resources: [] } : {}),
    ...(outcome ? { outcomes: [outcome] } : {}),
    ...(actor ? { actor } : {}),
    ...(record ? { record } : {}),
    ...(resource ? { resource: resource.slice(0, 100) } : {}),
    ...(address ? { address: address.trim().slice(0, 60) } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  }
}

/** Values of a statement as they are named. */
class Values {
  readonly list: unknown[] = []
  of = (value: unknown, cast: string): string => `$${this.list.push(value)}::${cast}`
}

const columns = `seq, at, actor, actor_name AS "actorName", act, outcome, resource, record, address, detail, (extract(epoch FROM at) * 1000000)::bigint::text || '.' || seq AS place`
const midnight = (day: string) => `${day}T00:00:00+08:00`

/**
 * A page of the log, newest first. What is asked for as "any of these" is asked for one by one, each in the order of its own index, and merged:
 * the work is that of the pages read, however long the log is. Indexes: 074-audit-questions.sql.
 */
export async function askAudit(db: Queryable, question: AuditQuestion, before: string | null, limit: number): Promise<AuditRow[]> {
  const values = new Values()
  const common = commonOf(question, before, values)
  const branches = branchesOf(question, values)
  // A row may stand in two branches.
  const most = branches.length > 1 ? limit * 2 : limit
  const one = (branch: string) =>
    `(SELECT ${columns} FROM kernel.audit_entry e WHERE ${[branch, ...common].filter(Boolean).join(' AND ') || 'true'} ORDER BY e.at DESC, e.seq DESC LIMIT ${limit})`
  const text =
    branches.length === 1 ? one(branches[0]!) : `SELECT * FROM (${branches.map(one).join(' UNION ALL ')}) u ORDER BY at DESC, seq DESC LIMIT ${most}`
  const rows = await db.query<AuditRow & object>(text, values.list)
  return [...new Map(rows.map((row) => [row.seq, row])).values()].slice(0, limit)
} // prettier-ignore

function commonOf(q: AuditQuestion, before: string | null, values: Values): string[] {
  const common: string[] = []
  if (q.actor) common.push(`e.actor = ${values.of(q.actor, 'uuid')}`)
  if (q.record) common.push(`e.record = ${values.of(q.record, 'uuid')}`)
  if (q.resource) common.push(`e.resource = ${values.of(q.resource, 'text')}`)
  if (q.address) common.push(`e.address = ${values.of(q.address, 'text')}`)
  if (q.from) common.push(`e.at >= ${values.of(midnight(q.from), 'timestamptz')}`)
  if (q.to) common.push(`e.at < ${values.of(midnight(addDays(q.to, 1)), 'timestamptz')}`)
  if (before) {
    const [micros, seq] = /^(-?\d{1,17})\.(\d{1,15})$/.exec(before)?.slice(1) ?? []
    if (!micros || !seq) throw new Refusal('badCursor')
    const at = `'epoch'::timestamptz + ${values.of(micros, 'bigint')} * interval '1 microsecond'`
    // The second says the same again; by the first, months that are younger are not looked at.
    common.push(`e.at <= ${at}`, `(e.at, e.seq) < (${at}, ${values.of(seq, 'bigint')})`)
  }
  return common
}

/** Conditions of which any may hold; one that is empty when there is none. */
function branchesOf(q: AuditQuestion, values: Values): string[] {
  const outcomes = q.outcomes?.length ? [`e.outcome = ANY(${values.of(q.outcomes, 'text[]')})`] : []
  // The partial index is only taken where its condition stands in the question.
  const isRefused = q.outcomes?.length && !q.outcomes.includes('done') ? [`e.outcome <> 'done'`] : []
  const with_ = (branch: string) => [branch, ...outcomes, ...isRefused].filter(Boolean).join(' AND ')
  if (q.about)
    return [
      with_(`e.actor = ${values.of(q.about.person, 'uuid')}`),
      ...q.about.records.map((id) => with_(`e.record = ${values.of(id, 'uuid')}`)),
    ]
  if (q.timelineOf) {
    const resource = values.of(q.timelineOf.resource, 'text')
    return [
      with_(`e.record = ${values.of(q.timelineOf.record, 'uuid')}`),
      ...['export', 'export.download'].map((act) => with_(`e.act = ${values.of(act, 'text')} AND e.resource = ${resource}`)),
    ]
  }
  const any = [
    ...(q.acts ?? []).map((act) => with_(`e.act = ${values.of(act, 'text')}`)),
    ...(q.resources ?? []).map((resource) =>
      // Reading such a record is no maintenance.
      with_(`e.resource = ${values.of(resource, 'text')} AND e.act <> 'read'`),
    ),
  ]
  return any.length ? any : [with_('')]
}

/** Entries by their numbers, newest first; index audit_seq. */
export const entriesBySeq = (db: Queryable, seqs: readonly number[]): Promise<AuditRow[]> =>
  db.query<AuditRow & object>(
    `SELECT ${columns} FROM kernel.audit_entry WHERE seq = ANY($1::bigint[]) ORDER BY at DESC, seq DESC LIMIT 500`,
    [seqs],
  )
