import { invalid, readFindingKinds, Refusal, today, type ReadFindingKind, type ReadVerdict } from '#model'
import { personOf, type Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { tell } from '../../messages/messages.ts'
import { createRecord, updateRecordOf } from '../../records/write.ts'
import { audit } from '../audit.ts'

export const resource = 'security.readFinding'
const mostEntries = 200
interface Found {
  kind: ReadFindingKind
  person: string
  day: string
  reason: string
  reads: readonly { seq: number; at: string }[]
}
interface Row {
  id: string
  version: number
  status: string
  person: string
  kind: ReadFindingKind
  entries: string
  reads: number
  firstAt: string
}
const columns = `id, version, status, person, kind, entries, reads, first_at AS "firstAt"`
export const seqsIn = (entries: string): number[] => entries.split(' ').map(Number)

/** Keeps what was found, one a person, kind and day. One that was reviewed stays as it was reviewed until there is more. */
export async function keepFinding(kernel: Kernel, tx: Context, { kind, person, day, reason, reads }: Found): Promise<void> {
  const [known] = await tx.db.query<Row & object>(
    `SELECT ${columns} FROM security.read_finding WHERE person = $1::uuid AND kind = $2 AND day = $3::date AND deleted_at IS NULL FOR UPDATE`,
    [person, kind, day],
  )
  const seqs = [...new Set([...(known ? seqsIn(known.entries) : []), ...reads.map(({ seq }) => seq)])]
  const before = new Set(known ? seqsIn(known.entries) : [])
  const more = reads.filter(({ seq }) => !before.has(seq)).length
  if (known && (more === 0 || before.size >= mostEntries)) return
  const times = reads.map(({ at }) => at).toSorted()
  const facts = { reason: reason.slice(0, 400), reads: (known?.reads ?? 0) + more, lastAt: times.at(-1)!, entries: seqs.slice(0, mostEntries).join(' '), status: 'open' }
  if (known) {
    await updateRecordOf(kernel, tx, resource, known.id, known.version, facts, { byModule: true })
    return
  }
  const unit = tx.directory.people.get(person)?.unit ?? null
  const { record } = await createRecord(kernel, tx, resource, { ...facts, kind, person, unit, day, firstAt: times[0]! }, { byModule: true })
  await tellOfficers(kernel, tx, record.id, `${tx.directory.nameOf(person)}：${reason}`, kind)
} // prettier-ignore

async function tellOfficers(kernel: Kernel, tx: Context, id: string, body: string, kind: ReadFindingKind): Promise<void> {
  const day = today(tx.clock)
  const roles = [...kernel.defs.roles.values()].filter((role) => role.officer === 'security' || role.officer === 'audit')
  const officers = [...new Set(roles.flatMap((role) => tx.directory.peopleWithRole(role.name, day)))]
  await tell(tx, officers, { kind: 'security', title: `访问异常待复核：${readFindingKinds[kind].label}`, body, link: `/r/${resource}/${id}`, onceKey: `${resource}/${id}` })
} // prettier-ignore

/** The finding that an officer asks for, locked when he is about to judge it. */
export async function findingOf(tx: Context, id: string, lock = ''): Promise<Row> {
  const [row] = await tx.db.query<Row & object>(`SELECT ${columns} FROM security.read_finding WHERE id = $1::uuid AND deleted_at IS NULL ${lock}`, [id]) // prettier-ignore
  if (!row) throw new Refusal('notFound')
  return row
}

/** What an officer says it is, with his reason; never of his own reads. */
export async function reviewFinding(kernel: Kernel, ctx: Context, id: string, verdict: unknown, words: string): Promise<void> {
  const review = words.trim()
  if (verdict !== 'explained' && verdict !== 'escalated') throw new Refusal('badRequest', '请选择复核结论')
  if (!review) throw invalid([{ field: 'review', message: '请写明复核意见' }])
  await kernel.transaction(ctx, async (tx) => {
    const row = await findingOf(tx, id, 'FOR UPDATE')
    if (row.person === personOf(tx.actor)) throw new Refusal('noRight', '关于自己的异常由另一位管理员复核')
    if (row.status !== 'open') throw new Refusal('flowRefused', '已有人复核')
    const changes = { status: verdict satisfies ReadVerdict, review: review.slice(0, 500), reviewer: personOf(tx.actor), reviewedAt: tx.clock.now().toISOString() } // prettier-ignore
    await updateRecordOf(kernel, tx, resource, id, row.version, changes, { byModule: true })
    await audit(tx, { act: 'audit.review', outcome: 'done', resource, record: id, detail: { verdict, reason: review, person: row.person } })
  })
}
