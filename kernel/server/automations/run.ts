import { automationProblems, hasRecord, Refusal, type ActResult, type ApiRecord, type Automation } from '#model'
import type { Context } from '../context.ts'
import { takeUp } from '../designs/standing.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { present } from '../records/present.ts'
import { isRestricted } from '../records/restriction.ts'
import { reaches } from '../records/rights-over.ts'
import { perform, refusalWords } from './acts.ts'
import { automationsOn, runnerOf, type OnAutomation } from './in-force.ts'
import { pauseAutomation } from './pause.ts'
import { contextOfRunner, lacking, ownRight } from './runner.ts'

interface Waiting {
  id: string
  automation: string
  record: string | null
  input: Buffer | null
}
export type Outcome =
  | { state: 'done'; results: ActResult[] }
  /** `null`: it does not concern the record, and nothing is kept of it. */
  | { state: 'skipped'; problem: string | null }
  | { state: 'failed'; results: ActResult[]; problem: string }

/** Works off what waits, one after the other, each by itself. Answers how many. */
export async function runWaiting(kernel: Kernel, onError: (error: unknown) => void = raise): Promise<number> {
  const waiting = await kernel.db.query<Waiting & object>(
    `SELECT id, automation, record, input FROM kernel.automation_run WHERE state = 'waiting' ORDER BY id LIMIT 100`,
  )
  // Another process may have put them down for what this one has not heard of yet.
  if (waiting.length > 0) await takeUp(kernel)
  for (const run of waiting)
    await kernel.keepDefinitions(() => runOne(kernel, run)).catch((error: unknown) => failed(kernel, run, error, onError))
  return waiting.length
}
export const raise = (error: unknown): never => {
  throw error
}
async function runOne(kernel: Kernel, run: Waiting): Promise<void> {
  const on = (await automationsOn(kernel, [run.automation])).get(run.automation)
  if (!on || on.paused) return settle(kernel, kernel, run.id, { state: 'skipped', problem: on?.paused ?? '自动化已停用' })
  const ready = await readyFor(kernel, on, run.id)
  if (typeof ready === 'string') {
    await settle(kernel, kernel, run.id, { state: 'failed', results: [], problem: ready })
    return pauseAutomation(kernel, kernel.db, on, ready)
  }
  // What it did and that it did it stand or fall together: killed in the middle, it waits as before.
  const outcome = await kernel
    .transaction(ready, async (tx) => {
      const [mine] = await tx.db.query(`SELECT 1 FROM kernel.automation_run WHERE id = $1 AND state = 'waiting' FOR UPDATE SKIP LOCKED`, [run.id])
      if (!mine) return null
      const found = await carryOut(kernel, tx, { name: on.name, automation: on.automation, run: run.id, record: run.record, hook: hookOf(kernel, run) })
      if (found.state === 'failed') throw new Undone(found)
      await settle(kernel, tx, run.id, found)
      return found
    })
    .catch((error: unknown) => {
      if (error instanceof Undone) return error.outcome
      throw error
    })
  if (outcome?.state === 'failed') await settle(kernel, kernel, run.id, outcome)
} // prettier-ignore
/** Takes back what a failed run has written. */
export class Undone extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super('taken back')
    this.outcome = outcome
  }
}
export const hookPlace = (id: string) => ({ resource: 'kernel.automation_run', record: id, field: 'input' })
const hookOf = (kernel: Kernel, { id, input }: Waiting): Readonly<Record<string, unknown>> =>
  input === null ? {} : (JSON.parse(kernel.protector.open(hookPlace(id), input)) as Record<string, unknown>)

/** The context in which it runs, judged anew by today's rights; else why it may not run at all. */
export async function readyFor(kernel: Kernel, on: OnAutomation, run: string): Promise<Context | string> {
  const [problem] = automationProblems(kernel.defs, on.automation)
  if (problem) return `定义已不适用：${problem.message}`
  const runner = await contextOfRunner(kernel, runnerOf(on), on.automation.label, run)
  if (!runner) return '运行身份已离职或账号停用'
  const publisher = runnerOf(on) === on.publishedBy ? runner : await contextOfRunner(kernel, on.publishedBy, on.automation.label, run)
  if (!publisher) return '发布人已离职或账号停用，请由在岗的人重新发布'
  return lacking(kernel, on.automation, runner, publisher) ?? runner
}

export interface Task {
  name: string
  automation: Automation
  run: string
  record: string | null
  hook: Readonly<Record<string, unknown>>
}
/** If – then: all acts of one run, in the transaction of `tx`, as its runner. The same for a real run and a dry one. */
export async function carryOut(kernel: Kernel, tx: Context, task: Task): Promise<Outcome> {
  const { automation, name, run, hook } = task
  const stored = task.record === null ? null : await loadRecord(kernel, tx, kernel.resource(automation.resource), task.record, { deleted: true })
  const sight = hasRecord(automation) ? await seen(kernel, tx, automation, stored) : { shown: null }
  if ('outcome' in sight) return sight.outcome
  const ground = { record: sight.shown, hook }
  const results: ActResult[] = []
  for (const [n, act] of automation.acts.entries()) {
    try {
      results.push(await perform({ kernel, tx, name, automation, run, stored, ground }, act, n))
    } catch (error) {
      if (!(error instanceof Refusal) || error.status >= 500) throw error
      const words = refusalWords(kernel, { automation }, act, error)
      const taken = results.map((one): ActResult => ({ ok: false, words: `${one.words}（已一并撤销）`, link: null }))
      return { state: 'failed', results: [...taken, { ok: false, words, link: null }], problem: `第 ${n + 1} 件事没有做成：${words}` }
    }
  }
  return { state: 'done', results }
} // prettier-ignore
/** The record as its runner sees it, when it passes the conditions; else why not. */
async function seen(
  kernel: Kernel,
  tx: Context,
  automation: Automation,
  stored: ApiRecord | null,
): Promise<{ shown: ApiRecord } | { outcome: Outcome }> {
  const c = kernel.resource(automation.resource)
  const skipped = (problem: string | null) => ({ outcome: { state: 'skipped', problem } as const })
  if (!stored || (stored.deletedAt && automation.when.kind !== 'deleted')) return skipped('记录已被删除')
  // By his roles alone: what a colleague gave him of one record is not compared with the publisher's rights.
  const right = await ownRight(kernel, tx, 'read', c, stored)
  if (!(await reaches(kernel, tx, c, automation.where, stored))) return skipped(null)
  if (await isRestricted(tx, stored.id)) return skipped('这条记录按个人信息请求限制处理，不能使用')
  return right ? { shown: present(tx, c, right, { ...stored }) } : skipped('运行身份无权查看这条记录')
}

/** Writes what became of a run that still waits: what another process has done of it meanwhile stands. What was said is kept as long as it may be run again. */
async function settle(kernel: Kernel, { db }: Pick<Context, 'db'>, id: string, outcome: Outcome): Promise<void> {
  if (outcome.state === 'skipped' && outcome.problem === null) {
    await db.query(`DELETE FROM kernel.automation_run WHERE id = $1 AND state = 'waiting'`, [id])
    return
  }
  const results = 'results' in outcome ? outcome.results : []
  await db.query(
    `UPDATE kernel.automation_run SET state = $2, results = $3::jsonb, problem = $4, ended_at = $5, input = CASE WHEN $2 = 'failed' THEN input END WHERE id = $1 AND state = 'waiting'`,
    [id, outcome.state, JSON.stringify(results), 'problem' in outcome ? outcome.problem : null, kernel.clock.now().toISOString()],
  )
} // prettier-ignore
/** A fault of the program: told to whoever runs it, in the log in plain words. */
async function failed(kernel: Kernel, { id }: Waiting, error: unknown, onError: (error: unknown) => void): Promise<void> {
  await settle(kernel, kernel, id, { state: 'failed', results: [], problem: '系统内部错误，没有写入任何内容；可以重新执行，仍失败请联系维护人员' })
  onError(error)
} // prettier-ignore
