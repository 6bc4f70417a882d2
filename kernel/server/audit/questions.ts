import { addDays, auditViews, isAuditView, isDay, isUuid, Refusal, type AuditLine, type AuditSelection } from '#model'
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
export interface AuditRow extends AuditLine {
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
  const most = limit * 2
  const one = ({ each, where }: Branch): string => {
    const page = `SELECT ${columns} FROM kernel.audit_entry e WHERE ${[...where, ...common].join(' AND ') || 'true'} ORDER BY e.at DESC, e.seq DESC LIMIT ${limit}`
    // Planned once for all of them: apart, each would be planned for every month.
    return each ? `(SELECT x.* FROM unnest(${each}) w(one) CROSS JOIN LATERAL (${page}) x)` : `(${page})`
  }
  const isOne = branches.length === 1 && !branches[0]!.each
  const text = isOne ? one(branches[0]!) : `SELECT * FROM (${branches.map(one).join(' UNION ALL ')}) u ORDER BY at DESC, seq DESC LIMIT ${most}`
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

/** Conditions that hold together; with `each`, once for every value of the list, which the conditions call `w.one`. */
interface Branch {
  each?: string
  where: string[]
}
/** What may hold one or the other. */
function branchesOf(q: AuditQuestion, values: Values): Branch[] {
  const [only, another] = q.outcomes ?? []
  // One by itself comes in its index's order, several would have to be sorted.
  const common = another ? [`e.outcome = ANY(${values.of(q.outcomes, 'text[]')})`] : only ? [`e.outcome = ${values.of(only, 'text')}`] : []
  // The partial index is only taken where its condition stands in the question.
  if (q.outcomes?.length && !q.outcomes.includes('done')) common.push(`e.outcome <> 'done'`)
  const eachOf = (list: readonly string[], type: 'text' | 'uuid', ...where: string[]): Branch[] =>
    list.length ? [{ each: values.of(list, `${type}[]`), where: [...where, ...common] }] : []
  if (q.about)
    return [
      { where: [`e.actor = ${values.of(q.about.person, 'uuid')}`, ...common] },
      ...eachOf(q.about.records, 'uuid', 'e.record = w.one'),
    ]
  if (q.timelineOf) {
    const { record, resource } = q.timelineOf
    const exports = eachOf(['export', 'export.download'], 'text', 'e.act = w.one', `e.resource = ${values.of(resource, 'text')}`)
    return [{ where: [`e.record = ${values.of(record, 'uuid')}`, ...common] }, ...exports]
  }
  const any = [
    ...eachOf(q.acts ?? [], 'text', 'e.act = w.one'),
    // Reading such a record is no maintenance.
    ...eachOf(q.resources ?? [], 'text', 'e.resource = w.one', `e.act <> 'read'`),
  ]
  return any.length ? any : [{ where: common }]
}

/** Entries by their numbers, newest first; index audit_seq. */
export const entriesBySeq = (db: Queryable, seqs: readonly number[]): Promise<AuditRow[]> =>
  db.query<AuditRow & object>(
    `SELECT ${columns} FROM kernel.audit_entry WHERE seq = ANY($1::bigint[]) ORDER BY at DESC, seq DESC LIMIT 500`,
    [seqs],
  )
