import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import { actAsSystem } from './act.ts'
import { definitionOf, lockInstance, type Instance } from './instances.ts'

interface Taken {
  instance: string
  what: string
  kind: 'stage' | 'timer' | 'service'
}
const batch = 25
const retryMinutes = 5

/**
 * Runs what is due: stages of limits and ends of timers. The instance is locked, its effect and the removal of the moment are one transaction: a worker
 * that is killed leaves its batch to the next, and nothing happens twice. Answers how many moments were dealt with.
 */
export async function runDue(kernel: Kernel): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '到时处理' }, 'system')
  let due: Taken[] = []
  try {
    await kernel.transaction(ctx, async (tx) => {
      due = await take(tx, `d.kind <> 'service'`)
      for (const one of due) await runOne(kernel, tx, one)
    })
  } catch (error) {
    if (due.length === 0) throw error
    // One that cannot be run must not hold up the others: each for itself, and what fails stays in sight with its problem.
    for (const one of due)
      await kernel
        .transaction(ctx, (tx) => runOne(kernel, tx, one))
        .catch((problem: unknown) => putOff(ctx, one.instance, one.what, problem))
  }
  return due.length
}
/** Locks the instances first, as every act does, and leaves those that somebody acts on to the next round. In the order of the index: a minute in which thousands run out is not sorted anew for each batch. */
const take = (tx: Context, which: string): Promise<Taken[]> =>
  tx.db.query<Taken>(
    `SELECT d.instance, d.what, d.kind FROM kernel.flow_due d JOIN kernel.flow_instance f ON f.id = d.instance
     WHERE d.at <= $1 AND ${which} ORDER BY d.at LIMIT ${batch} FOR UPDATE OF f SKIP LOCKED`,
    [tx.clock.now().toISOString()],
  )
async function runOne(kernel: Kernel, tx: Context, { instance: id, what, kind }: Taken): Promise<void> {
  const { instance } = await lockInstance(kernel, tx.db, id, null)
  const isDone = await actAsSystem(kernel, tx, instance, kind === 'timer' ? elapse(what) : timeOut(what))
  // What was done took its moment away; what no longer applies is taken away here.
  if (!isDone) await tx.db.query(`DELETE FROM kernel.flow_due WHERE instance = $1::uuid AND what = $2`, [id, what])
}
const putOff = (tx: Context, instance: string, what: string, error: unknown): Promise<unknown> =>
  tx.db.query(`UPDATE kernel.flow_due SET at = $3, tries = tries + 1, problem = $4 WHERE instance = $1::uuid AND what = $2`, [
    instance,
    what,
    new Date(tx.clock.now().getTime() + retryMinutes * 60_000).toISOString(),
    String(error).slice(0, 500),
  ])
const elapse = (what: string) => ({ kind: 'elapse', actId: uuidv7(), entry: what.slice('timer:'.length) }) as const
function timeOut(what: string) {
  const [, entry, stage] = /^stage:(.+):(\d+)$/.exec(what)!
  // One id a stage: told twice, the engine knows the answer.
  return { kind: 'timeOut', actId: uuidv7(), entry: entry!, stage: Number(stage) } as const
}

/**
 * Calls the services that steps wait for, outside any transaction, with a key by which the called one knows a repetition. The moment is put off before the
 * call, so that another worker calls again only when this one has died.
 */
export async function callServices(kernel: Kernel): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '流程调用' }, 'system')
  const calls = await kernel.transaction(ctx, async (tx) => {
    const due = await take(tx, `d.kind = 'service'`)
    for (const one of due) await putOff(tx, one.instance, one.what, '正在调用')
    return due
  })
  for (const call of calls) await callOne(kernel, ctx, call)
  return calls.length
}
async function callOne(kernel: Kernel, ctx: Context, { instance: id, what }: Taken): Promise<void> {
  const entry = /^service:(.+):\d+$/.exec(what)![1]!
  const problem = await outcomeOf(kernel, ctx, id, entry)
  await kernel.transaction(ctx, async (tx) => {
    const { instance } = await lockInstance(kernel, tx.db, id, null)
    const told = { actId: uuidv7(), entry }
    await actAsSystem(
      kernel,
      tx,
      instance,
      problem === null ? { kind: 'serviceDone', ...told } : { kind: 'serviceFailed', ...told, why: problem },
    )
    await tx.db.query(`DELETE FROM kernel.flow_due WHERE instance = $1::uuid AND what = $2`, [id, what])
  })
}
/** Null when the service did it; else why not. */
async function outcomeOf(kernel: Kernel, ctx: Context, id: string, entryId: string): Promise<string | null> {
  const [row] = await ctx.db.query<{ resource: string; record: string; state: Instance['state']; flow: string; version: number }>(
    `SELECT resource, record, state, flow, flow_version AS version FROM kernel.flow_instance WHERE id = $1::uuid`,
    [id],
  )
  const entry = row?.state.entries.find((one) => one.id === entryId)
  if (!row || !entry) return '该步骤已不在进行'
  const definition = await definitionOf(kernel, ctx.db, row.flow, row.version)
  const step = servicesOf(definition.steps).find((one) => one.id === entry.step)
  const run = kernel.services.map((s) => s.calls?.[step?.service ?? '']).find((f) => f !== undefined)
  if (!run) return `系统中没有“${step?.service ?? entry.step}”这项服务`
  try {
    await run(kernel, { key: `${id}/${entryId}`, instance: id, number: row.state.number, resource: row.resource, record: row.record })
    return null
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : String(error)
  }
}
type Steps = Instance['definition']['steps']
function servicesOf(steps: Steps): Extract<Steps[number], { kind: 'service' }>[] {
  return steps.flatMap((s) => {
    if (s.kind === 'service') return [s]
    return s.kind === 'when' ? servicesOf([...s.then, ...s.otherwise]) : s.kind === 'parallel' ? servicesOf(s.branches.flat()) : []
  })
}

/** Looks each second what is due, and goes on at once while there is more. */
export const startDue = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(
    1000,
    async () => {
      while ((await runDue(kernel)) === batch);
      while ((await callServices(kernel)) === batch);
    },
    onError,
  )
