import {
  automationProblems,
  isAutomated,
  mayBeWritten,
  Refusal,
  sayAutomation,
  type Automation,
  type AutomationDesk,
  type AutomationItem,
  type AutomationRunItem,
} from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { allDesigns, findDesign, loadDesign } from '../designs/drafts.ts'
import { drawnTypes } from '../flow/designs/types.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { newSecret } from './calls.ts'
import { automationsOn, runnerOf } from './in-force.ts'
import { lastPassed } from './due.ts'
import { contextOfRunner, lacking } from './runner.ts'
import { titlesFor } from './titles.ts'

const day = 86_400_000
interface Counts {
  automation: string
  done: number
  failed: number
  last: string
  state: AutomationRunItem['state']
}
/** Every automation: on, being drawn, stopped; what it means and what it did of late. */
export async function listAutomations(kernel: Kernel, ctx: Context): Promise<AutomationItem[]> {
  const rows = (await allDesigns(ctx, 'automation')).filter(({ draft, content, stopped }) => draft !== null || content !== null || stopped !== null)
  const on = await automationsOn(kernel)
  const since = new Date(ctx.clock.now().getTime() - day).toISOString()
  const counts = await ctx.db.query<Counts & object>(
    `SELECT n.name AS automation, c.done, c.failed, l.at AS last, l.state FROM unnest($1::text[]) AS n(name)
     CROSS JOIN LATERAL (SELECT at, state FROM kernel.automation_run WHERE automation = n.name ORDER BY at DESC, id DESC LIMIT 1) l
     CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'done')::int AS done, count(*) FILTER (WHERE state = 'failed')::int AS failed FROM kernel.automation_run WHERE automation = n.name AND at > $2) c`,
    [rows.map(({ name }) => name), since],
  )
  const settings = await currentSettings(kernel, ctx.db)
  const nameOf = (id: string | null) => (id === null ? null : ctx.directory.nameOf(id) || '已离开的人员')
  return rows.map((row): AutomationItem => {
    const automation = (row.content ?? row.draft ?? row.stopped) as Automation
    const running = on.get(row.name)
    const found = counts.find((one) => one.automation === row.name)
    return {
      name: row.name,
      label: automation.label || '未命名的自动化',
      sentence: fillLabel(sayAutomation(kernel.defs, automation, (id) => nameOf(id) ?? ''), settings),
      version: running?.version ?? null,
      hasDraft: row.draft !== null,
      isStopped: row.content === null && row.stopped !== null,
      runsAs: nameOf(running ? runnerOf(running) : automation.runsAs) ?? '发布人',
      publishedBy: nameOf(running?.publishedBy ?? null),
      paused: running?.paused ?? null,
      done: found?.done ?? 0,
      failed: found?.failed ?? 0,
      last: found ? { at: found.last, state: found.state } : null,
    }
  })
} // prettier-ignore

/** What the designer of one needs beside its content. */
export async function openDesk(kernel: Kernel, ctx: Context, name: string): Promise<AutomationDesk> {
  const { draft, content } = await loadDesign(kernel, ctx, 'automation', name)
  const { acts, runsAs } = (draft ?? content) as Automation
  const people = acts.flatMap((act) => (act.kind === 'message' ? act.whom.flatMap((one) => (one.who === 'people' ? one.people : [])) : []))
  const settings = await currentSettings(kernel, ctx.db)
  const open = [...kernel.defs.resources.values()].filter(isAutomated)
  const [state] = await ctx.db.query<{ secret_at: string | null; paused_why: string | null }>(`SELECT secret_at, paused_why FROM kernel.automation WHERE name = $1`, [name])
  return {
    types: await drawnTypes(kernel, ctx, open),
    tables: Object.fromEntries(open.map((r) => [r.name, r.table])),
    writable: open.filter(mayBeWritten).map((r) => r.name),
    roles: [...kernel.defs.roles.values()].filter(({ everyone }) => !everyone).map((role) => ({ name: role.name, label: fillLabel(role.label, settings) })),
    people: [...new Set([...people, ...(runsAs ? [runsAs] : [])])].map((id) => ({ name: id, label: ctx.directory.nameOf(id) })),
    hasSecret: state?.secret_at != null,
    secretAt: state?.secret_at ?? null,
    paused: state?.paused_why ?? null,
    hookPath: `/api/automation-hooks/${name}`,
  }
} // prettier-ignore

const page = 50
interface RunRow extends Omit<AutomationRunItem, 'record' | 'endedAt'> {
  resource: string | null
  record: string | null
  ended_at: string | null
}
/** What it did, newest first; `before`: the id of the last one seen. Relies on automation_run_of. */
export async function runsOf(kernel: Kernel, ctx: Context, name: string, before: string | null): Promise<{ runs: AutomationRunItem[]; next: string | null }> {
  const rows = await ctx.db.query<RunRow & object>(
    `SELECT r.id, r.at, r.ended_at, r.state, r.version, r.cause, r.resource, r.record, r.results, r.problem, r.depth FROM kernel.automation_run r
     WHERE r.automation = $1 AND ($2::uuid IS NULL OR (r.at, r.id) < (SELECT b.at, b.id FROM kernel.automation_run b WHERE b.id = $2::uuid)) ORDER BY r.at DESC, r.id DESC LIMIT ${page + 1}`,
    [name, before],
  )
  const shown = rows.slice(0, page)
  const titles = await titlesFor(kernel, ctx, shown)
  const sent = await callsOf(ctx, shown.map(({ id }) => id))
  return {
    runs: shown.map(({ id, at, state, version, cause, record, ended_at: endedAt, results, problem, depth }) => ({
      id,
      at,
      state,
      version,
      cause,
      problem,
      depth,
      endedAt,
      record: record === null ? null : (titles.get(record) ?? null),
      results: results.map((one, n) => ({ ...one, words: `${one.words}${sent.get(`${id} ${n}`) ?? ''}` })),
    })),
    next: rows.length > page ? shown.at(-1)!.id : null,
  }
} // prettier-ignore
/** How it stands with what was sent to other systems. */
async function callsOf(ctx: Context, runs: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.db.query<{ run: string; act: number; state: string; attempts: number; problem: string | null }>(
    `SELECT run, act, state, attempts, problem FROM kernel.automation_call WHERE run = ANY($1::uuid[])`,
    [runs],
  )
  const said = ({ state, attempts, problem }: (typeof rows)[number]) =>
    state === 'sent' ? '：已送达' : state === 'failed' ? `：没有送达（${problem}）` : attempts ? `：第 ${attempts} 次没有送达（${problem}），稍后再试` : '：等待发送'
  return new Map(rows.map((row) => [`${row.run} ${row.act}`, said(row)]))
} // prettier-ignore

/** A failed run begins again; what it would do is judged anew. */
export async function runAgain(ctx: Context, id: string): Promise<void> {
  const [row] = await ctx.db.query(`UPDATE kernel.automation_run SET state = 'waiting', problem = NULL, results = '[]', ended_at = NULL WHERE id = $1::uuid AND state = 'failed' RETURNING 1`, [id]) // prettier-ignore
  if (!row) throw new Refusal('badRequest', '只有失败的执行可以重新执行')
}
/** One that pauses goes on from now: what happened meanwhile is not made up for. */
export async function resume(kernel: Kernel, ctx: Context, name: string): Promise<void> {
  const when = (await automationsOn(kernel, [name])).get(name)?.automation.when
  const settled = when && 'at' in when ? lastPassed(kernel, when.at) : null
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query(`UPDATE kernel.automation SET paused_at = NULL, paused_why = NULL, settled = greatest(settled, $2::date) WHERE name = $1 AND paused_at IS NOT NULL RETURNING 1`, [name, settled])
    if (!row) throw new Refusal('badRequest', '这个自动化没有暂停')
    await audit(tx, { act: 'automation.resume', outcome: 'done', detail: { automation: name } })
  })
} // prettier-ignore
/** A new secret, shown this once. Whoever holds it speaks for the other side: of what is on only to those who might have put it in force. */
export async function renewSecret(kernel: Kernel, ctx: Context, name: string): Promise<{ secret: string }> {
  const on = (await automationsOn(kernel, [name])).get(name)
  const runner =
    on && automationProblems(kernel.defs, on.automation).length === 0
      ? await contextOfRunner(kernel, runnerOf(on), on.automation.label, name)
      : null
  const lacks = runner && lacking(kernel, on!.automation, runner, ctx)
  if (lacks) throw new Refusal('noRight', `不能更换密钥：${lacks}`)
  return kernel.transaction(ctx, async (tx) => {
    if (!(await findDesign(tx, 'automation', name))) throw new Refusal('notFound', '没有这个自动化')
    const secret = await newSecret(kernel, tx.db, name)
    await audit(tx, { act: 'automation.secret', outcome: 'done', detail: { automation: name } })
    return { secret }
  })
}
