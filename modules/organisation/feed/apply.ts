import { today, type ApiRecord } from '#model'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { attempt } from './attempt.ts'
import { readLines } from './match.ts'
import { planOf, wordsOf, type FeedPlan, type Step } from './plan.ts'
import { countsOf, inTurn, noteCounts, noteLines, noteRun, tooMuch, type LineDraft } from './report.ts'
import type { FedField, FeedAnswer, FeedTrial, Outcome } from './feed.rules.ts'
import { loadWorld, type FeedWorld } from './world.ts'

const how = { byModule: true, system: true, act: 'feed' } as const
/**
 * Takes what a source tells of people: all that is sure is done, the doubtful waits, and a run that would change too much waits as a whole.
 * `isTrial`: only what would come of it is told.
 */
export async function takeFeed(kernel: Kernel, given: Context, source: ApiRecord, lines: readonly unknown[], { isFull, isTrial = false }: { isFull: boolean; isTrial?: boolean }): Promise<FeedAnswer | FeedTrial> {
  const read = readLines(lines)
  return inTurn(kernel, given, async (tx) => {
    const world = await loadWorld(kernel, tx, String(source['system']))
    const plan = planOf(read, world, { owns: (source['owns'] ?? []) as FedField[], adds: source['adds'] !== false, isFull })
    const { changed, added, missing } = countsOf(plan.steps)
    const stopped = tooMuch(changed + added + missing, plan.linked, source, '人')
    if (isTrial) return trialOf(tx, plan, world, lines.length, stopped)
    const run = await noteRun(kernel, tx, source, { about: 'people', isFull, total: lines.length, stopped })
    if (!stopped) await carryOut(kernel, tx, source, plan.steps, world)
    await noteLines(kernel, tx, linesOf(tx, plan, world), { source, run: run.id, about: 'people', isStopped: !!stopped })
    return noteCounts(kernel, tx, run, plan.steps)
  })
} // prettier-ignore
const mostShown = 200
function trialOf(ctx: Context, plan: FeedPlan, world: FeedWorld, total: number, stopped: string): FeedTrial {
  const steps = plan.steps.filter(({ outcome }) => outcome !== 'same')
  const order = ['refused', 'doubtful', 'missing', 'added', 'changed']
  const lines = linesOf(ctx, { ...plan, steps: steps.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome)).slice(0, mostShown) }, world)
  return { total, ...countsOf(plan.steps), stopped, lines: lines.map(({ outcome, number, name, message, changes }) => ({ outcome, number, name, message: String(message || changes || '') })) }
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
  const refused = await attempt(ctx, async () => {
    if (Object.keys(facts).length) {
      const file = await loadRecord(kernel, ctx, kernel.resource('directory.person'), stored.id, { lock: true })
      await updateRecordOf(kernel, ctx, 'directory.person', stored.id, file!.version, facts, how)
    }
    if (unit) await createRecord(kernel, ctx, 'organisation.movement', { person: stored.id, kind: 'transfer', from, toUnit: unit, reason: `来自${String(source['name'])}` }, how)
  })
  if (refused === null) return
  step.outcome = 'refused'
  step.message = [step.message, refused].filter(Boolean).join('；').slice(0, 300)
} // prettier-ignore

const messageOf = ({ message, candidates }: Step, nameOf: (id: string) => string): string =>
  [message, candidates.map(({ person, why }) => `${nameOf(person)}（${why}）`).join('、')].filter(Boolean).join('：').slice(0, 300)
function linesOf(ctx: Context, { steps }: FeedPlan, world: FeedWorld): LineDraft[] {
  const told = steps.filter(({ outcome }) => outcome !== 'same')
  return told.map((step) => {
    const { facts = {}, unit = null } = step.given ?? {}
    const person = step.person ?? null
    const stored = person ? world.people.get(person) : undefined
    const { staffNumber, ...others } = facts
    return {
      number: step.number, name: step.name, outcome: step.outcome as Outcome, person,
      message: messageOf(step, (id) => ctx.directory.nameOf(id)), candidates: step.candidates.map((one) => one.person),
      unit: (unit ? world.units.get(unit) : stored?.['unit']) ?? null, unitCode: unit, staffNumber: staffNumber ?? null, ...others,
      changes: wordsOf(step, stored, (id) => ctx.directory.unitName(id)),
    }
  }) // prettier-ignore
}
