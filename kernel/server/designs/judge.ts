import {
  kindOf,
  pathsOf,
  type Definitions,
  type DesignProblem,
  type Field,
  type Filter,
  type PublishPreview,
  type PublishStep,
} from '#model'
import { designKinds, kindOfDesign, type DesignInForce, type DesignKindName } from '#kernel/model/designs/index.ts'
import type { Context } from '../context.ts'
import { automationFaults } from '../automations/judge.ts'
import { problemsOf } from '../flow/designs/prove.ts'
import { flowsInForce } from '../flow/in-force.ts'
import type { Kernel } from '../kernel.ts'
import { problemsOf as problemsOfReminder, remindersInForce } from '../reminders/in-force.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { columnOf, quote, tableOf } from '../store/naming.ts'
import { planSchema, SchemaConflict, type PlanStep } from '../store/plan.ts'
import type { Along } from './along.ts'
import type { Standing } from '../definition-set.ts'
import { effectiveDefinitions, standingAsOf } from './standing.ts'

/** A piece that is to be put in force; a null content takes it out. */
export interface PublishItem {
  kind: DesignKindName
  name: string
  /** Of the draft; null where none is published. */
  revision: number | null
  content: unknown
}
/** The pieces themselves under what would be in force. */
export interface Examined {
  standing: Standing
  next: Definitions
  /** What would be in force. */
  after: readonly DesignInForce[]
  problems: DesignProblem[]
  plan: PlanStep[]
}
export interface Judged extends Examined {
  pieces: { kind: DesignKindName; name: string; label: string; words: string[] }[]
  notes: string[]
}

/** What is wrong with the pieces themselves, and how their tables would change: all that an editor has to hear while it is drawn. */
export async function examine(kernel: Kernel, ctx: Context, items: readonly PublishItem[]): Promise<Examined> {
  const standing = await standingAsOf(kernel, ctx.db)
  const isReplaced = (one: DesignInForce) => items.some(({ kind, name }) => one.kind === kind && one.name === name)
  const after = [
    ...standing.designs.filter((one) => !isReplaced(one)),
    ...items.filter(({ content }) => content !== null).map(({ kind, name, content }) => ({ kind, name, content, version: 0 })),
  ].sort((a, b) => (a.kind + a.name < b.kind + b.name ? -1 : 1))
  const next = effectiveDefinitions(kernel.product, after)
  const problems = items.flatMap((item): DesignProblem[] => {
    const { kind, name, content } = item
    if (content === null) return []
    return kindOfDesign(kind)
      .prove(next, name, content, kernel.product)
      .map((one) => ({ kind, name, ...one }))
  })
  if (problems.length === 0) problems.push(...proveRest(next, items))
  const isSound = problems.length === 0
  const plan = isSound ? await planOf(ctx, next, items, problems) : []
  if (isSound) problems.push(...(await lostChoices(ctx, standing.defs, next, items)))
  return { standing, next, after, problems, plan }
}
/** What putting these pieces in force would do, and all that speaks against it. What changes `along` proves itself as it does. */
export async function judge(kernel: Kernel, ctx: Context, items: readonly PublishItem[], along: readonly Along[] = []): Promise<Judged> {
  const examined = await examine(kernel, ctx, items)
  const { standing, next, problems } = examined
  const isSound = problems.length === 0
  if (isSound)
    problems.push(
      ...(await usersOf(kernel, ctx, next, along)),
      ...misfitsOf(kernel, standing, next, items),
      ...(await kernel.under(next, () => automationFaults(kernel, ctx, items))),
      ...(await openApprovals(ctx, standing.defs, next, items)),
    )
  const settings = await currentSettings(kernel, ctx.db)
  const pieces = items.map(({ kind, name, content }) => {
    const old = standing.designs.find((one) => one.kind === kind && one.name === name)?.content ?? null
    const model = kindOfDesign(kind)
    const words = model.words(next, name, old, content).map((one) => fillLabel(one, settings))
    return { kind, name, label: fillLabel(model.label(next, name, content ?? old), settings), words }
  })
  return { ...examined, pieces, notes: isSound ? await notesOf(ctx, standing.defs, next) : [] }
}
/** Where nothing of the pieces themselves is wrong, something that names them may be: what is taken out is still pointed at. */
function proveRest(next: Definitions, items: readonly PublishItem[]): DesignProblem[] {
  const [first] = items
  return next.prove().map((line) => ({ kind: first!.kind, name: first!.name, field: '', message: line }))
}
async function planOf(ctx: Context, next: Definitions, items: readonly PublishItem[], problems: DesignProblem[]): Promise<PlanStep[]> {
  try {
    return await planSchema(ctx.db, next, new Set(items.map(({ name }) => name)))
  } catch (error) {
    if (!(error instanceof SchemaConflict)) throw error
    const owner = [...next.resources.values()].find((r) => tableOf(r.table).replaceAll('"', '') === error.table.split('__')[0])
    const [key, field] = Object.entries(owner?.fields ?? {}).find(([one, of]) => columnOf(one, of) === error.column) ?? []
    const { kind, name } = items.find((one) => one.name === owner?.name) ?? items[0]!
    problems.push({
      kind,
      name,
      field: key ?? '',
      message: `“${field?.label ?? error.column}”已按另一种类保存了内容，直接改种类会丢失：请新增一个字段从它填入，再停用它`,
    })
    return []
  }
}

/** Print templates and automations in force that would no longer fit, and are not changed along. */
const misfitsOf = (...given: [Kernel, Standing, Definitions, readonly PublishItem[]]): DesignProblem[] =>
  (['print', 'automation'] as const).flatMap((kind) => misfitsOfKind(kind, ...given))
function misfitsOfKind(kind: 'print' | 'automation', kernel: Kernel, standing: Standing, next: Definitions, items: readonly PublishItem[]): DesignProblem[] {
  const model = kindOfDesign(kind)
  const rest = standing.designs.filter((one) => one.kind === kind && !items.some((item) => item.kind === kind && item.name === one.name))
  return rest.flatMap(({ name, content }) => {
    const known = new Set(model.prove(standing.defs, name, content, kernel.product).map((one) => one.message))
    const fresh = model.prove(next, name, content, kernel.product).filter((one) => !known.has(one.message))
    return fresh.map((one): DesignProblem => ({ kind, name, field: one.field, message: `${designKinds[kind]}“${model.label(next, name, content)}”：${one.message}` }))
  })
} // prettier-ignore
/** Flows and reminders of the hospital that would no longer fit. */
async function usersOf(kernel: Kernel, ctx: Context, next: Definitions, along: readonly Along[]): Promise<DesignProblem[]> {
  const now = new Set((await misfits(kernel, ctx, along)).map((one) => one.message))
  return (await kernel.under(next, () => misfits(kernel, ctx, along))).filter((one) => !now.has(one.message))
}
async function misfits(kernel: Kernel, ctx: Context, along: readonly Along[]): Promise<DesignProblem[]> {
  const changes = (kind: Along['kind'], name: string) => along.some((one) => one.kind === kind && one.name === name)
  const found: DesignProblem[] = []
  const say = (message: string) => found.push({ kind: 'type', name: '', field: '', message })
  for (const flow of (await flowsInForce(kernel)).values()) {
    if (kernel.defs.guardedBy(flow.name).length === 0 || changes('flow', flow.name)) continue
    for (const { message } of await problemsOf(kernel, ctx, flow, '')) say(`流程“${flow.label}”：${message}`)
  }
  for (const reminder of [...(await remindersInForce(kernel)).values()].filter(({ name }) => !changes('reminder', name)))
    for (const { message } of await problemsOfReminder(kernel, reminder)) say(`提醒“${reminder.label}”：${message}`)
  return found
}

/** Approvals on their way whose type would be there no more, or would pass none: nobody could end them. */
async function openApprovals(ctx: Context, now: Definitions, next: Definitions, items: readonly PublishItem[]): Promise<DesignProblem[]> {
  const freed = items.filter(({ name }) => now.resources.get(name)?.approval && !next.resources.get(name)?.approval)
  if (freed.length === 0) return []
  const open = await ctx.db.query<{ resource: string; count: number }>(
    `SELECT resource, count(*)::int AS count FROM kernel.flow_instance WHERE status = 'running' AND resource = ANY($1::text[]) GROUP BY resource`,
    [freed.map(({ name }) => name)],
  )
  return open.map(({ resource, count }) => ({ kind: 'type', name: resource, field: 'approval', message: `还有 ${count} 件审批没有办完，请先办结或终止` }))
} // prettier-ignore

/** Names of the definitions themselves are no list that somebody keeps. */
const optionsOf = (field: Field | undefined): Readonly<Record<string, unknown>> | null => {
  if (field?.kind !== 'choice' && field?.kind !== 'choices') return null
  const { choices, of } = field.options as { choices?: Readonly<Record<string, unknown>>; of?: string }
  return of ? null : (choices ?? {})
}
/** Choices that are taken away although records have them. */
async function lostChoices(ctx: Context, now: Definitions, next: Definitions, items: readonly PublishItem[]): Promise<DesignProblem[]> {
  const problems: DesignProblem[] = []
  // A list that several types share may be changed where one of them is.
  for (const [name, was] of now.resources) {
    const is = next.resources.get(name)
    const { kind } = items.find((one) => one.name === name) ?? items[0]!
    for (const [key, field] of Object.entries(was.ownFields)) {
      const [old, fresh] = [optionsOf(field), optionsOf(is?.fields[key])]
      const lost = old && fresh ? Object.keys(old).filter((one) => !Object.hasOwn(fresh, one)) : []
      if (lost.length === 0) continue
      const column = `t.${quote(columnOf(key, field))}`
      const [used] = await ctx.db.once<{ value: string }>(
        `SELECT v AS value FROM ${tableOf(was.table)} t, unnest(${field.kind === 'choice' ? `ARRAY[${column}]` : column}) v WHERE v = ANY($1::text[]) LIMIT 1`,
        [lost],
      )
      const label = used && kindOf(field).format(field.kind === 'choice' ? used.value : [used.value], field, () => '')
      if (label)
        problems.push({
          kind,
          name,
          field: key,
          message: `“${field.label}”的选项“${label}”还有记录在用，不能去掉：可以改名，或先修改这些记录`,
        })
    }
  }
  return problems
}

/** What does not keep from publishing, and is better known before. */
async function notesOf(ctx: Context, now: Definitions, next: Definitions): Promise<string[]> {
  const notes: string[] = []
  for (const r of next.resources.values()) {
    const was = now.resources.get(r.name)
    if (!was) continue
    const become = Object.entries(r.ownFields).filter(
      ([key, field]) => field.required && !was.fields[key]?.required && !field.derived && field.kind !== 'formula',
    )
    const gone = Object.keys(was.ownFields).filter((key) => !r.fields[key])
    if (become.length) {
      const [row] = await ctx.db.once<{ rows: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM ${tableOf(r.table)} WHERE deleted_at IS NULL) AS rows`,
      )
      if (row?.rows)
        notes.push(`“${r.label}”已有的记录可能没有填${become.map(([, field]) => `“${field.label}”`).join('、')}：下次修改时才要求补填`)
    }
    if (gone.length) notes.push(...(await viewsAsking(ctx, r.name, r.label, gone)))
  }
  return notes
}
async function viewsAsking(ctx: Context, resource: string, label: string, gone: readonly string[]): Promise<string[]> {
  const views = await ctx.db.query<{ name: string; filter: Filter | null }>(
    `SELECT name, state->'filter' AS filter FROM kernel.saved_view WHERE resource = $1`,
    [resource],
  )
  const hit = views.filter(({ filter }) => filter && pathsOf(filter).some((path) => gone.includes(path.split('.')[0]!)))
  return hit.length ? [`“${label}”有 ${hit.length} 个保存的视图用到停用的字段，将不能显示：${hit.slice(0, 5).map(({ name }) => name).join('、')}`] : [] // prettier-ignore
}

/** A plan in words; what only engineers tell apart is one line. */
export function stepWords(defs: Definitions, plan: readonly PlanStep[]): PublishStep[] {
  const lines = plan.map(({ kind, table, column, types, concurrent }): PublishStep => {
    const r = [...defs.resources.values()].find((one) => tableOf(one.table).replaceAll('"', '') === table.split('__')[0])
    const field = r && Object.entries(r.fields).find(([key, of]) => columnOf(key, of) === column)?.[1]
    const of = `“${r?.label ?? table}”`
    const on = field ? `${of}的“${field.label}”` : of
    const words: Record<PlanStep['kind'], string> = {
      schema: '建立存放自建记录的区域',
      table: table.includes('__') ? `建立${of}的子表` : `建立${of}的数据表`,
      column: `${of}增加一列：${field?.label ?? column ?? ''}`,
      optional: `${on}改为可空`,
      widen: `${on}由 ${types?.[0] ?? ''} 加宽为 ${types?.[1] ?? ''}，逐批转换，不影响使用`,
      index: `${of}建立索引${concurrent ? '，不影响使用' : ''}`,
      dropIndex: `${of}去掉不再需要的索引`,
      foreignKey: `${on}建立引用约束`,
      validate: `核对${on}已有的引用，不影响使用`,
    }
    return { words: words[kind], isLong: concurrent === true || kind === 'widen' }
  })
  return lines.filter(({ words }, n) => lines.findIndex((one) => one.words === words) === n)
}
/** The preview of what publishing these drafts would do. */
export async function previewOf(
  kernel: Kernel,
  ctx: Context,
  items: readonly PublishItem[],
  along: readonly Along[] = [],
): Promise<PublishPreview> {
  const { pieces, problems, plan, next, notes } = await judge(kernel, ctx, items, along)
  return {
    pieces: pieces.map((one, n) => ({ ...one, revision: items[n]!.revision ?? 0 })),
    problems,
    steps: stepWords(next, plan),
    notes,
  }
}
