import { isUuid, Refusal, today, type ApiRecord } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { loadUnits, planUnits, type FeedUnit, type UnitStep } from './unit-plan.ts'
import { carryOutUnits, keepsUnits, link } from './units.ts'

type Values = Readonly<Record<string, unknown>>
const how = { byModule: true, system: true, act: 'feed.claim' } as const
const text = (value: unknown): string | null => (typeof value === 'string' && value ? value : null)
const toldBy = (line: ApiRecord): FeedUnit => ({ code: String(line['number']), name: String(line['name'] ?? ''), parentCode: text(line['parentCode']), kind: text(line['unitKind']), from: text(line['from']), to: null, problem: '' }) // prettier-ignore

/** Somebody says which unit it is, or that it is a new one; the code means it from today, and what the source looks after is taken over. */
export async function claimUnit(
  kernel: Kernel,
  tx: Context,
  line: ApiRecord,
  source: ApiRecord,
  { unit, kind, parent }: Values,
): Promise<Values> {
  if (line['outcome'] !== 'doubtful') throw new Refusal('flowRefused', '只有待认领的可以认领')
  for (const one of [unit, parent]) if (one !== null && one !== undefined && !isUuid(one)) throw new Refusal('badRequest', '请选择科室')
  const told = toldBy(line)
  const isNew = !isUuid(unit)
  const meant = isUuid(unit) ? await needOpen(kernel, tx, unit) : await open(kernel, tx, source, told, { kind, parent })
  await link(kernel, tx, source, told, meant)
  if (!isNew) {
    const [step] = await settleUnits(kernel, tx, source, [told])
    if (step!.outcome === 'refused') throw new Refusal('flowRefused', step!.message)
  }
  return { unit: meant, note: isNew ? '新建科室' : '认领为已有科室' }
}
async function needOpen(kernel: Kernel, tx: Context, id: string): Promise<string> {
  const found = await loadRecord(kernel, tx, kernel.resource('directory.unit'), id)
  if (!found) throw new Refusal('badRequest', '没有这个科室')
  const ended = found['to'] as string | null
  if (ended && ended < today(tx.clock)) throw new Refusal('flowRefused', `该科室 ${ended} 已停用`)
  return id
}
async function open(kernel: Kernel, tx: Context, source: ApiRecord, told: FeedUnit, { kind, parent }: Values): Promise<string> {
  if (typeof kind !== 'string') throw new Refusal('badRequest', '请选择科室类型')
  const world = await loadUnits(kernel, tx, String(source['system']), [told])
  const above = parent ?? (told.parentCode ? (world.links.get(told.parentCode) ?? null) : null)
  const draft = { code: told.code, name: told.name, kind, parent: above, from: told.from ?? today(tx.clock) }
  return (await createRecord(kernel, tx, 'directory.unit', draft, how)).record.id
}

/** Plans these again against the units as they are by now, and does what is sure. */
async function settleUnits(kernel: Kernel, tx: Context, source: ApiRecord, told: readonly FeedUnit[]): Promise<UnitStep[]> {
  const world = await loadUnits(kernel, tx, String(source['system']), told)
  const steps = planUnits(told, world, { keeps: keepsUnits(source), isFull: false, day: today(tx.clock) })
  await carryOutUnits(kernel, tx, source, steps)
  return steps
}
/** A run that waited, by what was kept of its lines. */
export async function settleStoppedUnits(kernel: Kernel, tx: Context, source: ApiRecord, lines: readonly ApiRecord[]): Promise<Map<string, Values>> {
  const steps = await settleUnits(kernel, tx, source, lines.map(toldBy))
  return new Map(steps.map(({ told, unit, outcome, message }) => [told.code, { outcome, message, unit }]))
} // prettier-ignore
