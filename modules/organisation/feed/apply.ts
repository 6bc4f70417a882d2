import { Refusal, today, type ApiRecord } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { personOf, type Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { isTooMuch, readLines } from './match.ts'
import { planOf, wordsOf, type FeedPlan, type Step } from './plan.ts'
import type { FedField } from './source.ts'
import { loadWorld, type FeedWorld } from './world.ts'

const how = { byModule: true, system: true, act: 'feed' } as const
/** Answer of POST /api/organisation/feeds/:code/people. */
export interface FeedAnswer {
  run: string
  number: string
  status: 'applied' | 'stopped'
  total: number
  same: number
  changed: number
  added: number
  missing: number
  doubtful: number
  refused: number
}
/** Takes what a source tells: all that is sure is done, the doubtful waits, and a run that would change too much waits as a whole. One run of a source at a time. */
export async function takeFeed(kernel: Kernel, given: Context, source: ApiRecord, lines: readonly unknown[], isFull: boolean): Promise<FeedAnswer> {
  const read = readLines(lines)
  return kernel.transaction(given, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('organisation.feed', 0))`)
    const world = await loadWorld(kernel, tx, String(source['system']))
    const plan = planOf(read, world, { owns: (source['owns'] ?? []) as FedField[], adds: source['adds'] !== false, isFull })
    const count = (outcome: Step['outcome']) => plan.steps.filter((step) => step.outcome === outcome).length
    const moved = count('changed') + count('added') + count('missing')
    const isStopped = isTooMuch(moved, plan.linked, Number(source['most'] ?? 2))
    const run = await noteRun(kernel, tx, source, { isFull, plan, isStopped, total: lines.length, moved })
    if (!isStopped) await carryOut(kernel, tx, source, plan.steps, world)
    await noteLines(kernel, tx, { source, run: run.id, plan, world, isStopped })
    const counts = { same: count('same'), changed: count('changed'), added: count('added'), missing: count('missing'), doubtful: count('doubtful'), refused: count('refused') }
    return { run: run.id, number: String(run['number']), status: isStopped ? 'stopped' : 'applied', total: lines.length, ...counts }
  })
} // prettier-ignore
interface Noted {
  isFull: boolean
  plan: FeedPlan
  isStopped: boolean
  total: number
  moved: number
}
async function noteRun(kernel: Kernel, ctx: Context, source: ApiRecord, { isFull, plan, isStopped, total, moved }: Noted): Promise<ApiRecord> {
  const counts = Object.fromEntries((['same', 'changed', 'added', 'missing', 'doubtful', 'refused'] as const).map((key) => [key, plan.steps.filter(({ outcome }) => outcome === key).length]))
  const message = isStopped ? `${moved} 人有变动，占 ${plan.linked} 人的 ${((moved / plan.linked) * 100).toFixed(1)}%，超过上限 ${String(source['most'])}%` : ''
  const draft = { source: source.id, at: ctx.clock.now().toISOString(), isFull, status: isStopped ? 'stopped' : 'applied', total, ...counts, message }
  return (await createRecord(kernel, ctx, 'organisation.feedRun', draft, how)).record
} // prettier-ignore

/** Does what is sure. What the records refuse becomes a refused line with their words. */
export async function carryOut(kernel: Kernel, ctx: Context, source: ApiRecord, steps: readonly Step[], world: FeedWorld): Promise<void> {
  const added = steps.filter(({ outcome }) => outcome === 'added')
  const day = today(ctx.clock)
  if (added.length) {
    const fresh = added.map((step) => ({ step, id: uuidv7() }))
    const batch = { act: 'feed', batch: String(source['name']) }
    await bulkCreate(kernel, ctx, 'directory.person', fresh.map(({ step, id }) => ({ ...step.changes, id })), batch)
    await bulkCreate(kernel, ctx, 'directory.identifier', fresh.map(({ step, id }) => ({ person: id, system: source['system'], value: step.number, from: day })), batch)
    const placed = fresh.filter(({ step }) => step.changes['unit'])
    await bulkCreate(kernel, ctx, 'directory.membership', placed.map(({ step, id }) => ({ person: id, unit: step.changes['unit'], post: 'member', main: true, from: step.changes['joinedOn'] ?? null })), batch)
    for (const { step, id } of fresh) step.person = id
    ctx.afterCommit.push(() => kernel.changed('directory.person'))
  }
  const known = steps.filter(({ outcome }) => outcome === 'changed')
  const unlinked = known.filter(({ isLinked }) => !isLinked).map(({ person, number }) => ({ person, system: source['system'], value: number, from: day }))
  if (unlinked.length) await bulkCreate(kernel, ctx, 'directory.identifier', unlinked, { act: 'feed', batch: String(source['name']) })
  for (const step of known) if (Object.keys(step.changes).length) await change(kernel, ctx, source, step, world.people.get(step.person!)!)
} // prettier-ignore
/** A unit changes by a movement, so that posts and rights follow; everything else in the file. */
async function change(kernel: Kernel, ctx: Context, source: ApiRecord, step: Step, stored: ApiRecord): Promise<void> {
  const { unit, ...facts } = step.changes
  const from = today(ctx.clock)
  try {
    await kernel.transaction(ctx, async (tx) => {
      if (Object.keys(facts).length) {
        const file = await loadRecord(kernel, tx, kernel.resource('directory.person'), stored.id, { lock: true })
        await updateRecordOf(kernel, tx, 'directory.person', stored.id, file!.version, facts, how)
      }
      if (unit) await createRecord(kernel, tx, 'organisation.movement', { person: stored.id, kind: 'transfer', from, toUnit: unit, reason: `来自${String(source['name'])}` }, how)
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    step.outcome = 'refused'
    step.message = [step.message, error.message].filter(Boolean).join('；').slice(0, 300)
  }
} // prettier-ignore

const messageOf = ({ message, candidates }: Step, nameOf: (id: string) => string): string =>
  [message, candidates.map(({ person, why }) => `${nameOf(person)}（${why}）`).join('、')].filter(Boolean).join('：').slice(0, 300)
interface LinesOf {
  source: ApiRecord
  run: string
  plan: FeedPlan
  world: FeedWorld
  isStopped: boolean
}
async function noteLines(kernel: Kernel, ctx: Context, { source, run, plan, world, isStopped }: LinesOf): Promise<void> {
  const told = plan.steps.filter(({ outcome }) => outcome !== 'same')
  const lines = told.map((step) => {
    const isDone = !isStopped && (step.outcome === 'changed' || step.outcome === 'added')
    const { facts = {}, unit = null } = step.given ?? {}
    const person = step.person ?? null
    const stored = person ? world.people.get(person) : undefined
    const { staffNumber, ...others } = facts
    return {
      id: uuidv7(), run, source: source.id, number: step.number, name: step.name, outcome: step.outcome, status: isDone ? 'done' : 'open', person,
      message: messageOf(step, (id) => ctx.directory.nameOf(id)), candidates: step.candidates.map((one) => one.person),
      unit: (unit ? world.units.get(unit) : stored?.['unit']) ?? null, unitCode: unit, staffNumber: staffNumber ?? null, ...others,
      changes: wordsOf(step, stored, (id) => ctx.directory.unitName(id)), handledBy: isDone ? personOf(ctx.actor) : null,
    }
  }) // prettier-ignore
  await bulkCreate(kernel, ctx, 'organisation.feedLine', lines, { act: 'feed', batch: String(source['name']) })
}
