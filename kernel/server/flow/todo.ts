import { Refusal, today, type Counts, type TaskItem, type TaskPage, type TaskView } from '#model'
import { findHandled, planOf, type InstanceState } from '#kernel/model/flow/index.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { isForced } from '../notices/reading.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { definitionOf } from './instances.ts'
import { rulesOfDeputy, type StandIn } from './stand-ins.ts'

interface Row {
  task: string
  step: string
  kind: TaskItem['kind']
  state: TaskItem['state']
  person: string
  opened_at: string
  key_at: string
  due: string | null
  provisional: boolean
  instance: string
  number: string
  flow: string
  flow_version: number
  resource: string
  record: string
  title: string
  summary: string
  applicant: string
  lines: number
  status: InstanceState['status']
  waits: string[] | null
  version: number
}
const pageSize = 30
const kinds: Readonly<Record<Exclude<TaskView, 'mine'>, { kinds: readonly string[]; states: readonly string[] }>> = {
  open: { kinds: ['decide', 'fill', 'seal', 'consult'], states: ['open'] },
  claim: { kinds: ['claim'], states: ['open'] },
  standIn: { kinds: ['decide', 'fill', 'seal'], states: ['open'] },
  done: { kinds: ['decide', 'fill', 'seal', 'consult'], states: ['done'] },
  copied: { kinds: ['copy'], states: ['open', 'done'] },
}
const shown = `f.number, f.flow, f.flow_version, f.resource, f.record, f.title, f.summary, f.applicant, f.lines, f.status, (f.state->>'version')::int AS version`

/** 暂定: the due moment reaches into a year whose holidays are not known. */
const provisional = `(t.due IS NOT NULL AND t.state = 'open' AND f.state->'entries' @> jsonb_build_array(jsonb_build_object('step', t.step, 'provisional', true)))`

export interface TaskQuery {
  view: TaskView
  cursor?: string | undefined
  search?: string | undefined
  flow?: string | undefined
}
/** One page of a person's work, newest first. Read by index, whatever the number of his tasks: for each person and kind its own stretch, merged. */
export async function myWork(kernel: Kernel, ctx: Context, query: TaskQuery): Promise<TaskPage> {
  const me = personOf(ctx.actor)
  if (!me) throw new Refusal('noRight')
  const rules = query.view === 'standIn' ? await rulesOfDeputy(ctx, me) : []
  const cursor = readCursor(query.cursor)
  const rows =
    query.view === 'mine'
      ? await mine(ctx, me, query, cursor)
      : await tasks(ctx, query, cursor, query.view === 'standIn' ? rules : [{ person: me, flows: null }])
  const page = rows.slice(0, pageSize)
  const last = rows.length > pageSize ? page.at(-1)! : null
  return {
    rows: await Promise.all(page.map((row) => itemOf(kernel, ctx, row, me))),
    next: last ? Buffer.from(JSON.stringify([last.key_at, last.instance, last.task])).toString('base64url') : null,
  }
}
type Cursor = readonly [at: string, instance: string, task: string] | null
function readCursor(text: string | undefined): Cursor {
  if (!text) return null
  try {
    const [at, instance, task] = JSON.parse(Buffer.from(text, 'base64url').toString()) as string[]
    if (at && instance && task !== undefined) return [at, instance, task]
  } catch {
    // Said below.
  }
  throw new Refusal('badCursor')
}

/** A search over titles and numbers reads at most so many of one's tasks. */
const searched = 5000
async function tasks(ctx: Context, query: TaskQuery, cursor: Cursor, rules: readonly Pick<StandIn, 'person' | 'flows'>[]): Promise<Row[]> {
  const view = kinds[query.view as Exclude<TaskView, 'mine'>]
  const search = query.search?.trim() ?? ''
  const text =
    search || query.flow
      ? `WHERE ($8 = '' OR f.title ILIKE $9 OR f.number ILIKE $9 OR f.summary ILIKE $9) AND ($10::text IS NULL OR f.flow = $10)`
      : ''
  const inner = text ? searched : pageSize + 1
  return ctx.db.query<Row & object>(
    `SELECT t.task, t.step, t.kind, t.state, t.person, t.opened_at, t.opened_at::text AS key_at, t.due, ${provisional} AS provisional, t.instance, ${shown}, NULL AS waits FROM (
       SELECT x.* FROM jsonb_to_recordset($1::jsonb) AS p(person uuid, flows text[]) CROSS JOIN unnest($2::text[]) AS k(kind) CROSS JOIN unnest($3::text[]) AS s(state)
       CROSS JOIN LATERAL (SELECT * FROM kernel.flow_task t WHERE t.person = p.person AND t.state = s.state AND t.kind = k.kind AND (p.flows IS NULL OR t.flow = ANY (p.flows))
         AND ($4::timestamptz IS NULL OR (t.opened_at, t.instance, t.task) < ($4::timestamptz, $5::uuid, $6::text))
         ORDER BY t.opened_at DESC, t.instance DESC, t.task DESC LIMIT ${inner}) x
       ORDER BY x.opened_at DESC, x.instance DESC, x.task DESC LIMIT ${inner}) t
     JOIN kernel.flow_instance f ON f.id = t.instance ${text} ORDER BY t.opened_at DESC, t.instance DESC, t.task DESC LIMIT $7`,
    [JSON.stringify(rules.map(({ person, flows }) => ({ person, flows }))), view.kinds, view.states, cursor?.[0] ?? null, cursor?.[1] ?? null, cursor?.[2] ?? null, pageSize + 1,
      ...(text ? [search, `%${search.replace(/[\\%_]/g, '\\$&')}%`, query.flow ?? null] : [])],
  ) // prettier-ignore
}
/** What I asked for and is not ended, with whom it waits for. */
function mine(ctx: Context, me: string, query: TaskQuery, cursor: Cursor): Promise<Row[]> {
  const search = query.search?.trim() ?? ''
  return ctx.db.query<Row & object>(
    `SELECT '' AS task, coalesce((SELECT min(t.step) FROM kernel.flow_task t WHERE t.instance = f.id AND t.state = 'open' AND t.kind IN ('decide', 'fill', 'seal')), '') AS step, 'mine' AS kind,
       CASE WHEN f.ended_at IS NULL THEN 'open' ELSE 'done' END AS state, f.applicant AS person, f.started_at AS opened_at, f.started_at::text AS key_at, NULL AS due, false AS provisional, f.id AS instance, ${shown},
       ARRAY(SELECT DISTINCT t.person FROM kernel.flow_task t WHERE t.instance = f.id AND t.state = 'open' AND t.kind IN ('decide', 'fill', 'seal', 'claim')) AS waits
     FROM kernel.flow_instance f WHERE f.applicant = $1::uuid AND ($2::timestamptz IS NULL OR (f.started_at, f.id) < ($2::timestamptz, $3::uuid))
       AND ($5 = '' OR f.title ILIKE $6 OR f.number ILIKE $6) AND ($7::text IS NULL OR f.flow = $7) ORDER BY f.started_at DESC, f.id DESC LIMIT $4`,
    [me, cursor?.[0] ?? null, cursor?.[1] ?? null, pageSize + 1, search, `%${search.replace(/[\\%_]/g, '\\$&')}%`, query.flow ?? null],
  )
}

async function itemOf(kernel: Kernel, ctx: Context, row: Row, me: string): Promise<TaskItem> {
  const settings = await currentSettings(kernel, ctx.db)
  const definition = await definitionOf(kernel, ctx.db, row.flow, row.flow_version)
  const step = row.step ? findHandled(planOf(definition), row.step) : undefined
  const { directory } = ctx
  return {
    task: row.task, instance: row.instance, kind: row.kind, number: row.number, flow: row.flow, flowLabel: fillLabel(definition.label, settings), step: row.step,
    stepLabel: step ? fillLabel(step.label, settings) : '', resource: row.resource, record: row.record, title: row.title, summary: row.summary, applicant: row.applicant,
    applicantName: directory.nameOf(row.applicant), applicantUnit: directory.unitName(directory.people.get(row.applicant)?.unit ?? null), openedAt: row.opened_at, due: row.due, provisional: row.provisional,
    items: row.lines, version: row.version, state: row.state, status: row.status, insteadOf: row.person !== me && row.kind !== 'mine' ? { id: row.person, name: directory.nameOf(row.person) } : null,
    waitsFor: (row.waits ?? []).map((person) => directory.nameOf(person)), bulk: row.kind === 'decide' && row.state === 'open' && (step?.acts.includes('bulkDecide') ?? false) && !step?.sign,
  } // prettier-ignore
}

/** The badges of a person. Counted by index: five thousand open tasks are read in a millisecond. */
export async function myCounts(ctx: Context): Promise<Omit<Counts, 'talks'>> {
  const me = personOf(ctx.actor)
  const rules = me ? await rulesOfDeputy(ctx, me) : []
  const [row] = await ctx.db.query<Omit<Counts, 'talks'> & object>(
    `SELECT (SELECT count(*)::int FROM kernel.flow_task WHERE person = $1::uuid AND state = 'open' AND kind IN ('decide', 'fill', 'seal', 'consult'))
          + (SELECT count(*)::int FROM kernel.todo WHERE person = $1::uuid AND closed_at IS NULL) AS tasks,
       (SELECT count(*)::int FROM kernel.flow_task WHERE person = $1::uuid AND state = 'open' AND kind = 'claim') AS claim,
       (SELECT count(*)::int FROM jsonb_to_recordset($2::jsonb) AS p(person uuid, flows text[]) JOIN kernel.flow_task t ON t.person = p.person AND t.state = 'open' AND t.kind IN ('decide', 'fill', 'seal')
          AND (p.flows IS NULL OR t.flow = ANY (p.flows))) AS "standIn",
       (SELECT count(*)::int FROM kernel.flow_task WHERE person = $1::uuid AND state = 'open' AND kind = 'copy') AS copied,
       (SELECT count(*)::int FROM kernel.message WHERE person = $1::uuid AND read_at IS NULL) AS messages,
       (SELECT count(*)::int FROM kernel.notice_reader r JOIN notices.notice n ON n.id = r.notice WHERE r.person = $1::uuid AND r.read_at IS NULL AND ${isForced('$3')}) AS "mustRead"`,
    [me, JSON.stringify(rules.map(({ person, flows }) => ({ person, flows }))), today(ctx.clock)],
  )
  return row!
}
