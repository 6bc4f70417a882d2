import { isDay, isUuid, Refusal, today, type ApiRecord } from '#model'
import { personOf, type Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { claimAbsences } from './absence-claims.ts'
import { carryOut } from './apply.ts'
import { readLines, type Match } from './match.ts'
import { endOthers } from './numbers.ts'
import { planOf } from './plan.ts'
import type { FedField } from './feed.rules.ts'
import { settleStoppedUnits } from './unit-claims.ts'
import { loadWorld, type FeedWorld } from './world.ts'

const lineName = 'organisation.feedLine'
const how = { byModule: true, system: true, act: 'feed.claim' } as const
type Values = Readonly<Record<string, unknown>>

/** Runs an act on a line that waits, as it was seen; whoever was quicker is told of. */
export async function onLine(kernel: Kernel, ctx: Context, id: string, version: unknown, work: (tx: Context, line: ApiRecord, source: ApiRecord) => Promise<Values>): Promise<void> {
  if (typeof version !== 'number') throw new Refusal('badRequest', '缺少 version')
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('organisation.feed', 0))`)
    const line = await loadRecord(kernel, tx, kernel.resource(lineName), id, { lock: true })
    if (!line) throw new Refusal('notFound')
    if (line['status'] !== 'open') throw new Refusal('flowRefused', '这一条已经处理')
    const run = await loadRecord(kernel, tx, kernel.resource('organisation.feedRun'), String(line['run']))
    if (run?.['status'] !== 'applied') throw new Refusal('flowRefused', '这一批还没有确认执行，请先处理批次')
    const source = await loadRecord(kernel, tx, kernel.resource('organisation.feedSource'), String(line['source']))
    const changes = await work(tx, line, source!)
    const handled = { status: 'done', handledBy: personOf(tx.actor), handledOn: today(tx.clock), ...changes }
    await updateRecordOf(kernel, tx, lineName, id, version, handled, how)
  })
} // prettier-ignore

/** The line as the source told it, out of what was kept of it. */
const toldBy = (line: ApiRecord): Record<string, unknown> => ({
  ...Object.fromEntries(['number', 'name', 'staffNumber', 'sex', 'birthDate', 'identityNumber', 'mobile', 'email', 'joinedOn'].map((key) => [key, line[key]])),
  unit: line['unitCode'],
}) // prettier-ignore

/** Somebody says who it is: the number is his from today, and what the source looks after is taken over; without a person a new file is made. */
export async function claim(kernel: Kernel, tx: Context, line: ApiRecord, source: ApiRecord, person: unknown): Promise<Values> {
  if (line['outcome'] !== 'doubtful') throw new Refusal('flowRefused', '只有待认领的可以认领')
  if (person !== null && !isUuid(person)) throw new Refusal('badRequest', '请选择人员')
  if (line['about'] === 'absences' && person === null) throw new Refusal('flowRefused', '请假只能认领为已有人员')
  const system = String(source['system'])
  const world = await loadWorld(kernel, tx, system, person === null ? [] : [person])
  if (line['about'] === 'absences') return claimAbsences(kernel, tx, line, source, needServing(world, person).id)
  const { people } = readLines([toldBy(line)])
  if (!people[0]) throw new Refusal('flowRefused', '这一条缺少工号或姓名')
  const meant = person === null ? undefined : needServing(world, person)
  if (meant) await endOthers(kernel, tx, { system, number: people[0].number, person: meant.id })
  const match = (): Match => (meant ? { kind: 'sure', person: meant.id } : { kind: 'new' })
  const { steps } = planOf({ people, wrong: [] }, world, { owns: ownedBy(source), adds: true, isFull: false, match })
  const [step] = steps
  await carryOut(kernel, tx, source, steps, world)
  if (step!.outcome === 'refused') throw new Refusal('flowRefused', step!.message)
  return { person: step!.person ?? meant?.id ?? null, note: meant ? '认领为已有人员' : '新建档案' }
} // prettier-ignore
const ownedBy = (source: ApiRecord): FedField[] => (source['owns'] ?? []) as FedField[]
/** Who is meant by his id: somebody who is here. */
function needServing(world: FeedWorld, person: string | null): ApiRecord {
  const meant = person === null ? undefined : world.people.get(person)
  if (!meant) throw new Refusal('badRequest', '没有这个人员')
  if (meant['status'] === 'left') throw new Refusal('flowRefused', '该人员已离职，请先办理复职')
  return meant
}

/** Whom the source left out has left, since a day and in a way that somebody knows. */
export async function confirmLeaving(kernel: Kernel, tx: Context, line: ApiRecord, { from, leaving }: Values): Promise<Values> {
  if (line['outcome'] !== 'missing' || !line['person']) throw new Refusal('flowRefused', '只有来源里没有的人员可以确认离职')
  const day: unknown = from
  if (!isDay(day)) throw new Refusal('badRequest', '请填写离职日期')
  await createRecord(kernel, tx, 'organisation.movement', { person: line['person'], kind: 'leave', leaving, from: day, reason: '来源里没有了' }, how)
  return { note: '确认离职' }
} // prettier-ignore

/** A run that stopped is carried out after all, for a reason, or dropped. */
export async function decideRun(kernel: Kernel, ctx: Context, id: string, given: Values): Promise<void> {
  const { version, apply, reason } = given
  if (typeof version !== 'number' || typeof apply !== 'boolean') throw new Refusal('badRequest', '缺少 version 或 apply')
  if (typeof reason !== 'string' || !reason.trim()) throw new Refusal('badRequest', '请写明原因')
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('organisation.feed', 0))`)
    const run = await loadRecord(kernel, tx, kernel.resource('organisation.feedRun'), id, { lock: true })
    if (!run) throw new Refusal('notFound')
    if (run['status'] !== 'stopped') throw new Refusal('flowRefused', '这一批已经处理')
    if (apply) await applyStopped(kernel, tx, run)
    const kept = { status: apply ? 'applied' : 'dropped', decidedBy: personOf(tx.actor), decidedReason: reason.trim().slice(0, 200) }
    await updateRecordOf(kernel, tx, 'organisation.feedRun', id, version, kept, { ...how, act: 'feed.decide' })
  })
}
/** By what was kept of its lines, against the people as they are by now. */
async function applyStopped(kernel: Kernel, tx: Context, run: ApiRecord): Promise<void> {
  const source = (await loadRecord(kernel, tx, kernel.resource('organisation.feedSource'), String(run['source'])))!
  const rows = await tx.db.query<{ id: string }>(
    `SELECT id FROM organisation.feed_line WHERE run = $1::uuid AND outcome IN ('changed', 'added') AND status = 'open' AND deleted_at IS NULL ORDER BY number`,
    [run.id],
  )
  const lines: ApiRecord[] = []
  for (const { id } of rows) lines.push((await loadRecord(kernel, tx, kernel.resource(lineName), id))!)
  const became = run['about'] === 'units' ? await settleStoppedUnits(kernel, tx, source, lines) : await settleStopped(kernel, tx, source, lines)
  for (const line of lines) {
    const { outcome, ...kept } = became.get(String(line['number']))!
    const isDone = outcome === 'changed' || outcome === 'added' || outcome === 'same'
    await updateRecordOf(kernel, tx, lineName, line.id, line.version, { ...kept, outcome: outcome === 'same' ? line['outcome'] : outcome, status: isDone ? 'done' : 'open' }, how)
  }
} // prettier-ignore
async function settleStopped(kernel: Kernel, tx: Context, source: ApiRecord, lines: readonly ApiRecord[]): Promise<Map<string, Values>> {
  const world = await loadWorld(kernel, tx, String(source['system']))
  const { steps } = planOf(readLines(lines.map(toldBy)), world, { owns: ownedBy(source), adds: source['adds'] !== false, isFull: false })
  await carryOut(kernel, tx, source, steps, world)
  return new Map(steps.map(({ number, outcome, message, person, candidates }) => [number, { outcome, message, person, candidates: candidates.map((one) => one.person) }]))
} // prettier-ignore
