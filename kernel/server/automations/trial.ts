import { v7 as uuidv7 } from 'uuid'
import { automationProblems, both, hasRecord, invalid, isUuid, Refusal, type Automation, type AutomationTrial } from '#model'
import { kindOfDesign } from '#kernel/model/designs/index.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords } from '../records/read.ts'
import { carryOut, Undone, type Outcome } from './run.ts'
import { titleFor } from './titles.ts'
import { contextOfRunner, lacking } from './runner.ts'

const newest = 10
interface Asked {
  content: unknown
  /** This record; else the newest ones. */
  record?: unknown
  /** What another system would say. */
  hook?: unknown
}
/** Shows what an automation would do, by the very code that does it, in transactions that are taken back: nothing stays, nothing leaves. */
export async function tryAutomation(kernel: Kernel, ctx: Context, name: string, asked: Asked): Promise<AutomationTrial> {
  const automation = kindOfDesign('automation').read(asked.content) as Automation
  const problems = automationProblems(kernel.defs, automation)
  if (problems.length > 0) throw invalid(problems)
  const runner = await contextOfRunner(kernel, automation.runsAs ?? personOf(ctx.actor), automation.label, name)
  // Nobody learns by trying what he might not have done himself.
  const lacks = runner ? lacking(kernel, automation, runner, ctx) : '运行身份已离职或账号停用'
  if (lacks || !runner) throw invalid([{ field: 'runsAs', message: lacks ?? '' }])
  const tries: AutomationTrial['tries'] = []
  for (const record of await recordsFor(kernel, ctx, automation, asked.record)) {
    const found = await tryOne(kernel, runner, { name, automation, record, hook: hookOf(asked.hook) })
    const passes = found.state !== 'skipped'
    tries.push({
      at: ctx.clock.now().toISOString(),
      cause: record === null ? '试运行一次' : '试运行',
      record: record === null ? null : await titleFor(kernel, ctx, automation.resource, record),
      passes,
      results: 'results' in found ? found.results : [],
      problem: 'problem' in found ? (found.problem ?? '不符合条件，不会执行') : null,
    })
  }
  return { tries, automation }
}
async function tryOne(kernel: Kernel, runner: Context, task: { name: string; automation: Automation; record: string | null; hook: Readonly<Record<string, unknown>> }): Promise<Outcome> {
  const run = uuidv7()
  try {
    return await kernel.transaction(runner, async (tx) => {
      // Calls hang on a run.
      await tx.db.query(
        `INSERT INTO kernel.automation_run (id, automation, label, version, at, key, cause, state) VALUES ($1, $2, $3, 0, $4, $5, '', 'done')`,
        [run, task.name, task.automation.label, tx.clock.now().toISOString(), `trial:${run}`],
      )
      throw new Undone(await carryOut(kernel, tx, { ...task, run }))
    })
  } catch (error) {
    if (error instanceof Undone) return error.outcome
    throw error
  }
} // prettier-ignore
/** The record that was asked for, else the newest that the asker may see. */
async function recordsFor(kernel: Kernel, ctx: Context, automation: Automation, record: unknown): Promise<(string | null)[]> {
  if (!hasRecord(automation)) return [null]
  if (typeof record === 'string' && record !== '') {
    if (!isUuid(record)) throw new Refusal('notFound')
    return [record]
  }
  const { rows } = await listRecords(kernel, ctx, automation.resource, {
    limit: newest,
    sort: [automation.when.kind === 'changed' ? '-updatedAt' : '-createdAt'],
    filter: automation.when.kind === 'approved' ? { field: 'state', op: 'eq', value: 'approved' } : both(null),
    ...(automation.when.kind === 'deleted' ? { deleted: true } : {}),
  })
  return rows.map(({ id }) => id)
}
function hookOf(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined || given === null || given === '') return {}
  if (typeof given === 'object' && !Array.isArray(given)) return given as Record<string, unknown>
  throw invalid([{ field: 'hook', message: '示例内容应为 JSON 对象，例如 {"name": "张三"}' }])
}
