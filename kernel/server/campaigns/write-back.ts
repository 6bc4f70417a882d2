import { fileKey, invalid, misfit, Refusal, type ApiRecord, type FieldProblem, type WriteBackAnswer, type WriteBackLines, type WriteBackState } from '#model' // prettier-ignore
import { isDeepStrictEqual } from 'node:util'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { submitChanges, type RequestOfMany } from '../flow/change-many.ts'
import type { Kernel } from '../kernel.ts'
import { getRecord } from '../records/read.ts'
import { updateRecordOf } from '../records/write.ts'
import { columnOf, quote } from '../store/naming.ts'
import type { Asked } from './asked.ts'
import { writtenFor } from './answering.ts'
import { campaign, lockLines, needManaged, writeCampaign, writeLine } from './managed.ts'

export interface Pair {
  from: string
  to: string
}
/** Fields of the form and the fields of the file that they are written into. */
export const pairsOf = (stored: ApiRecord): Pair[] => ((stored['fileFields'] ?? []) as Pair[]).map(({ from, to }) => ({ from, to }))

/** Says what is written back where. It may be said until everything is written. */
export async function saveMapping(kernel: Kernel, ctx: Context, id: string, given: Readonly<Record<string, unknown>>): Promise<void> {
  const { file, pairs } = given
  if (file !== null && typeof file !== 'string') throw invalid([{ field: 'file', message: '请选择回写到哪种档案' }])
  if (!Array.isArray(pairs) || pairs.length > 50 || !pairs.every(isPair))
    throw invalid([{ field: 'pairs', message: '请选择表单的项和档案的项' }])
  await kernel.transaction(ctx, async (tx) => {
    const stored = await needManaged(kernel, tx, id, true)
    const problems = file === null ? [] : mappingProblems(kernel, tx, stored, file, pairs)
    if (problems.length) throw invalid(problems)
    const fileFields = file === null ? [] : pairs.map(({ from, to }) => ({ from, to }))
    await writeCampaign(kernel, tx, stored, { file, fileFields }, 'campaign.mapping')
  })
}
const isPair = (one: unknown): one is Pair => {
  const { from, to } = (one ?? {}) as Record<string, unknown>
  return typeof from === 'string' && typeof to === 'string'
}
function mappingProblems(kernel: Kernel, ctx: Context, stored: ApiRecord, file: string, pairs: readonly Pair[]): FieldProblem[] {
  const [from, to] = [kernel.defs.resources.get(String(stored['form'])), kernel.defs.resources.get(file)]
  if (!to || !from) return [{ field: 'file', message: '没有这种档案' }]
  if (!kernel.access.can(ctx.actor, 'read', file) || !kernel.access.can(ctx.actor, 'update', file)) return [{ field: 'file', message: `您没有修改“${to.label}”的权限` }]
  if (to.writtenBy === 'module') return [{ field: 'file', message: `“${to.label}”由业务流程产生，不能写入` }]
  if (!fileKey(to, stored['asked'] === 'units')) return [{ field: 'file', message: `“${to.label}”不是按${stored['asked'] === 'units' ? '科室' : '人员'}建立的档案` }]
  if (pairs.length === 0) return [{ field: 'pairs', message: '请至少选择一项' }]
  return pairs.flatMap((pair, at) => {
    const isTwice = pairs.some((other, n) => n < at && other.to === pair.to)
    const why = isTwice ? '档案的同一项只能写一次' : misfit(from.fields[pair.from], to.fields[pair.to])
    return why ? [{ field: `pairs.${at}`, message: why }] : []
  })
} // prettier-ignore

/** So many at once: one request holds no more. */
const most = 500
/** What was written or asked for is not touched again; what was refused only where somebody says so. */
const mayGo = (line: ApiRecord, isChosen: boolean): boolean =>
  [null, 'failed', ...(isChosen ? ['refused'] : [])].includes((line['writeBack'] as string | null) ?? null)
/** The answers that may be written back, those that wait for it first. */
export async function writable(kernel: Kernel, ctx: Context, id: string): Promise<WriteBackLines> {
  await needManaged(kernel, ctx, id)
  const rows = await ctx.db.query<WriteBackLines['rows'][number] & { unit: string | null; count: number }>(
    `SELECT id AS line, name, unit, write_back AS outcome, coalesce(write_back_said, '') AS said, count(*) OVER ()::int AS count FROM campaigns.line
     WHERE campaign = $1::uuid AND status = 'has' AND coalesce(write_back, 'failed') IN ('failed', 'refused') AND deleted_at IS NULL ORDER BY coalesce(write_back, '') = 'refused', unit, name, id LIMIT ${most}`,
    [id],
  )
  return {
    rows: rows.map(({ line, name, unit, outcome, said }) => ({ line, name, unitName: ctx.directory.unitName(unit), outcome, said })),
    left: Math.max((rows[0]?.count ?? 0) - most, 0),
  }
}
/** What its approval may want of the applicant, and which answers are meant; none named: all that wait. */
export interface WritingBack extends Pick<RequestOfMany, 'actId' | 'signature' | 'chosen'> {
  lines: readonly string[] | null
}
interface Judged {
  line: ApiRecord
  target: ApiRecord
  changes: Record<string, unknown>
}
type Outcome = WriteBackAnswer['results'][number]
/**
 * Writes answers into the files of those who gave them, as the officer who asks for it may: under an approval one request for all of the same way, else directly. Each line
 * says what came of it; what is written or asked for once is not touched again.
 */
export async function writeBack(kernel: Kernel, ctx: Context, id: string, { lines: chosen, ...how }: WritingBack): Promise<WriteBackAnswer> {
  return kernel.transaction(ctx, async (tx) => {
    const stored = await needManaged(kernel, tx, id, true)
    const file = stored['file'] as string | null
    const pairs = pairsOf(stored)
    if (stored['status'] === 'draft') throw new Refusal('flowRefused', '填报任务还没有开始')
    if (!file || pairs.length === 0) throw invalid([{ field: 'file', message: '请先设置回写到哪种档案的哪些项' }])
    const problems = mappingProblems(kernel, tx, stored, file, pairs)
    if (problems.length) throw invalid(problems)
    const lines = (await lockLines(kernel, tx, id, ['has'], chosen)).filter((one) => mayGo(one, chosen !== null))
    const results: Outcome[] = []
    const judged: Judged[] = []
    for (const line of lines.slice(0, most)) {
      const answer = await judge(kernel, tx, stored, line).catch(failed)
      if (typeof answer === 'object' && 'target' in answer) judged.push(answer)
      else results.push(outcomeOf(line, answer.outcome, answer.said))
    }
    if (judged.length) results.push(...(await write(kernel, tx, stored, judged, how)))
    const byId = new Map(lines.map((one) => [one.id, one]))
    await noteApprovals(tx, results)
    for (const { line, outcome, said } of results) await writeLine(kernel, tx, byId.get(line)!, { writeBack: outcome, writeBackSaid: said.slice(0, 300) }, 'campaign.writeBack')
    await audit(tx, { act: 'campaign.writeBack', outcome: 'done', resource: campaign, record: id, detail: { file, results: results.length, failed: results.filter(({ outcome }) => outcome === 'failed').length } })
    return { results, left: Math.max(lines.length - most, 0) }
  })
} // prettier-ignore
/** By which approval a line's change was asked for: what becomes of it the line says. */
async function noteApprovals(tx: Context, results: readonly Outcome[]): Promise<void> {
  const asked = results.filter(({ instance }) => instance !== null)
  if (asked.length)
    await tx.db.query(
      `INSERT INTO kernel.campaign_request (line, instance) SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT (line) DO UPDATE SET instance = excluded.instance`,
      [asked.map(({ line }) => line), asked.map(({ instance }) => instance)],
    )
}
/** The approval that a line's write-back asked for last. */
export async function approvalOf(ctx: Pick<Context, 'db'>, line: string): Promise<string | null> {
  const [row] = await ctx.db.query<{ instance: string }>(`SELECT instance FROM kernel.campaign_request WHERE line = $1::uuid`, [line])
  return row?.instance ?? null
}
const outcomeOf = (line: ApiRecord, outcome: WriteBackState, said: string, instance: string | null = null): Outcome => ({ line: line.id, name: String(line['name']), outcome, said, instance }) // prettier-ignore
/** A refusal in words, before anything was written; a fault is none. */
function failed(error: unknown): { outcome: 'failed'; said: string } {
  if (!(error instanceof Refusal) || error.status >= 500) throw error
  const problems = (error.detail['problems'] as { message: string }[] | undefined) ?? []
  return { outcome: 'failed', said: problems.map(({ message }) => message).join('；') || error.message }
}
const fail = (said: string) => ({ outcome: 'failed' as const, said })

/** What an answer changes in the file, both as the officer sees them: a mask is no value, and what he does not see he does not pass on. */
async function judge(kernel: Kernel, tx: Context, stored: ApiRecord, line: ApiRecord): Promise<Judged | { outcome: WriteBackState; said: string }> {
  const [form, file] = [stored['form'] as string, stored['file'] as string]
  const pairs = pairsOf(stored)
  const [written] = await writtenFor(kernel, tx, line.id, form)
  if (!written) return fail('没有填报的内容')
  const source = (await getRecord(kernel, tx, form, written.record)).record
  if (source.state !== 'approved') return fail('填报的内容还在审批')
  const read = kernel.access.need(tx.actor, 'read', form)
  const unseen = pairs.find(({ from }) => read.masked.has(from) || read.hidden.has(from))
  if (unseen) return fail(`您看不到“${kernel.defs.resource(form).fields[unseen.from]?.label ?? ''}”的内容`)
  const found = await fileOf(kernel, tx, file, line as unknown as Asked)
  if (found.length !== 1) return fail(found.length ? '有多份档案，不能确定写到哪一份' : '没有对应的档案')
  const target = (await getRecord(kernel, tx, file, found[0]!)).record
  if (target.state !== 'approved') return fail('档案还在审批')
  const given = pairs.filter(({ from }) => source[from] !== null && source[from] !== undefined)
  const changes = Object.fromEntries(given.filter(({ from, to }) => !isDeepStrictEqual(source[from], target[to] ?? null)).map(({ from, to }) => [to, source[from]]))
  return Object.keys(changes).length ? { line, target, changes } : { outcome: 'same', said: '' }
} // prettier-ignore
/** The records of a file that belong to who was asked; two are one too many. */
async function fileOf(kernel: Kernel, tx: Context, file: string, { person, unit }: Asked): Promise<string[]> {
  const c = kernel.resource(file)
  const [key, whose] = [fileKey(c.r, !person)!, person ?? unit]
  if (key === 'id') return whose ? [whose] : []
  const rows = await tx.db.query<{ id: string }>(
    `SELECT t.id FROM ${c.table} t WHERE t.${quote(columnOf(key, c.r.fields[key]!))} = $1::uuid AND t.deleted_at IS NULL AND t.state = 'approved' LIMIT 2`,
    [whose],
  )
  return rows.map(({ id }) => id)
}
async function write(kernel: Kernel, tx: Context, stored: ApiRecord, judged: readonly Judged[], how: Omit<WritingBack, 'lines'>): Promise<Outcome[]> {
  const file = stored['file'] as string
  if (kernel.resource(file).r.approval) {
    const asked = judged.map(({ target, changes }) => ({ id: target.id, seenVersion: target.version, changes }))
    const { results } = await submitChanges(kernel, tx, file, asked, { ...how, reason: `填报任务“${String(stored['title'])}”回写` })
    const byRecord = new Map(results.map((one) => [one.record, one]))
    return judged.map(({ line, target }) => {
      const { ok, instance, message } = byRecord.get(target.id)!
      return outcomeOf(line, ok ? 'asked' : 'failed', message, instance)
    })
  }
  const outcomes: Outcome[] = []
  for (const { line, target, changes } of judged) {
    // What the database refuses undoes this one alone.
    await tx.db.query('SAVEPOINT one_file')
    try {
      await updateRecordOf(kernel, tx, file, target.id, target.version, changes)
      await tx.db.query('RELEASE SAVEPOINT one_file')
      outcomes.push(outcomeOf(line, 'written', ''))
    } catch (error) {
      await tx.db.query('ROLLBACK TO SAVEPOINT one_file')
      const { outcome, said } = failed(error)
      outcomes.push(outcomeOf(line, outcome, said))
    }
  }
  return outcomes
} // prettier-ignore
