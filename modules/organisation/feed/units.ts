import { isDay, kindOf, today, units as unitType, type ApiRecord, type Field } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { attempt } from './attempt.ts'
import { countsOf, inTurn, noteCounts, noteLines, noteRun, supersede, tooMuch, type LineDraft } from './report.ts'
import type { FeedAnswer, Outcome } from './feed.rules.ts'
import { loadUnits, planUnits, type FeedUnit, type UnitStep } from './unit-plan.ts'

const how = { byModule: true, system: true, act: 'feed' } as const
const plainText = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '').trim()

/** Reads units as other systems send them; a code that comes twice counts the first time. */
export function readUnits(given: readonly unknown[]): FeedUnit[] {
  const first = new Set<string>()
  return given.map((one) => {
    const told = readUnit((typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>)
    const isAgain = told.code !== '' && first.has(told.code)
    first.add(told.code)
    return isAgain ? { ...told, problem: '这个编码在本批中出现过' } : told
  })
}
function readUnit(record: Readonly<Record<string, unknown>>): FeedUnit {
  const [code, name, parentCode, said] = ['code', 'name', 'parentCode', 'kind'].map((key) => plainText(record[key])) as [string, string, string, string]
  const problems: string[] = []
  if (!code || code.length > 40) problems.push('缺少编码，或编码超过 40 位')
  if (!name || name.length > 80) problems.push('缺少名称，或名称超过 80 字')
  const dayOf = (key: 'from' | 'to'): string | null => {
    const text = plainText(record[key])
    const field = unitType.fields[key] as Field
    const parsed = text ? kindOf(field).parse(text, field) : { value: null }
    if ('problem' in parsed) problems.push(`日期“${text.slice(0, 20)}”：${parsed.problem}`)
    return 'value' in parsed && isDay(parsed.value) ? parsed.value : null
  }
  const [from, to] = [dayOf('from'), dayOf('to')]
  // How another system sorts its units is only a proposal for a new one.
  const sort = said ? kindOf(unitType.fields.kind).parse(said, unitType.fields.kind) : null
  const kind = sort && 'value' in sort && typeof sort.value === 'string' ? sort.value : null
  return { code: code.slice(0, 80), name: name.slice(0, 80), parentCode: parentCode.slice(0, 80) || null, kind, from, to, problem: problems.join('；') }
} // prettier-ignore

/** Takes what a source tells of units: names and places of those that are known follow if it looks after them; a new one is claimed, none is ever closed. */
export function takeUnits(kernel: Kernel, ctx: Context, source: ApiRecord, given: readonly unknown[], isFull: boolean): Promise<FeedAnswer> {
  const told = readUnits(given)
  return inTurn(kernel, ctx, async (tx) => {
    const world = await loadUnits(kernel, tx, String(source['system']), told)
    const steps = planUnits(told, world, { keeps: keepsUnits(source), isFull, day: today(tx.clock) })
    const { changed, missing } = countsOf(steps)
    const stopped = tooMuch(changed + missing, world.links.size, source, '个')
    const run = await noteRun(kernel, tx, source, { about: 'units', isFull, total: given.length, stopped })
    if (!stopped) await carryOutUnits(kernel, tx, source, steps)
    const lines = steps.filter(({ outcome }) => outcome !== 'same').map((step) => lineOf(step, tx))
    const fresh = stopped ? lines : await supersede(kernel, tx, source.id, 'units', { told: told.map(({ code }) => code), lines })
    await noteLines(kernel, tx, fresh, { source, run: run.id, about: 'units', isStopped: !!stopped })
    return noteCounts(kernel, tx, run, steps)
  })
} // prettier-ignore
export const keepsUnits = (source: ApiRecord): boolean => ((source['tells'] ?? []) as string[]).includes('unitFacts')

/** Notes the codes that were recognised, and changes units from the day that is told; what the records refuse becomes a refused line. */
export async function carryOutUnits(kernel: Kernel, ctx: Context, source: ApiRecord, steps: readonly UnitStep[]): Promise<void> {
  for (const step of steps.filter(({ outcome }) => outcome === 'changed')) {
    const refused = await attempt(ctx, async () => {
      const unit = step.unit!
      if (!step.isLinked) await link(kernel, ctx, source, step.told, unit)
      if (Object.keys(step.changes).length === 0) return
      const stored = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), unit, { lock: true })
      await updateRecordOf(kernel, ctx, 'directory.unit', unit, stored!.version, step.changes, { ...how, on: step.told.from ?? today(ctx.clock) })
    })
    if (refused !== null) Object.assign(step, { outcome: 'refused', message: refused.slice(0, 300) })
  }
} // prettier-ignore
/** From today the source's code means this unit. */
export async function link(kernel: Kernel, ctx: Context, source: ApiRecord, { code, name }: FeedUnit, unit: string): Promise<void> {
  const draft = { system: source['system'], code, name, unit, from: today(ctx.clock) }
  await createRecord(kernel, ctx, 'organisation.unitCode', draft, how)
}

function lineOf({ outcome, told, unit, changes, candidates, message, before }: UnitStep, ctx: Context): LineDraft {
  const { code, name, parentCode, kind, from } = told
  const names = candidates.map((id) => ctx.directory.unitName(id)).join('、')
  const words = [
    changes.name === undefined ? '' : `名称：${before} → ${changes.name}`,
    changes.parent === undefined ? '' : `上级：${ctx.directory.unitName(changes.parent)}`,
    outcome === 'changed' ? (Object.keys(changes).length ? `${from ?? today(ctx.clock)} 起` : '已对照') : '',
  ]
  return {
    outcome: outcome as Outcome, number: code || '无', name, unit, from, parentCode, unitKind: kind, likeUnits: candidates,
    message: [message, names].filter(Boolean).join('：').slice(0, 300), changes: words.filter(Boolean).join('；'),
  }
} // prettier-ignore
