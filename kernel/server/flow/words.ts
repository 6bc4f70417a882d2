import {
  isProtected,
  kindOf,
  plainWords,
  proveWords,
  wordParts,
  type ApiRecord,
  type Field,
  type Fields,
  type Filter,
  type WordPart,
} from '#model'
import type { Flow, InstanceState } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { namesOf } from '../records/titles.ts'
import { currentSettings } from '../settings.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { othersOf, type ChangeRequest } from './change-requests.ts'
import { factsOf } from './import-facts.ts'
import type { Subject } from './subject.ts'

/** How an approval is called, and what it says in a line. */
export interface ApprovalWords {
  title: string
  summary: string
}
const longest = { title: 120, summary: 200 }

/** Title and summary as the flow declares them; for a change what it changes; else who asks for what, and the record's first facts. */
export async function approvalWords(
  kernel: Kernel,
  ctx: Context,
  subject: Subject,
  state: InstanceState,
  { definition, occasion }: { definition: Flow<Filter>; occasion: string },
): Promise<ApprovalWords> {
  const { c, request } = subject
  const templates = templatesOf(kernel, c, definition)
  const fill = await filler(kernel, ctx, subject, state, templates)
  const title = templates.title ? fill(templates.title).text : ''
  if (request?.occasion === 'import') return importWords(ctx, c, request)
  const many = request?.batch ? `（${await sizeOf(kernel, ctx, request)} 条）` : ''
  const pieces = templates.summary.map(fill).filter((piece) => piece.isFilled)
  const summary = pieces.length && !request ? pieces.map(({ text }) => text).join(' · ') : firstFacts(ctx, subject)
  return {
    title:
      clip(title ? `${occasionHeads[occasion] ?? ''}${title}` : plainTitle(ctx, c.r.label, state, occasion), longest.title - many.length) +
      many,
    summary: clip(summary, longest.summary),
  }
}
async function importWords(ctx: Context, c: CompiledResource, { id }: ChangeRequest): Promise<ApprovalWords> {
  const { number, fileName, created, changed } = await factsOf(ctx, id)
  const counts = [created ? `新增 ${created} 条` : '', changed ? `修改 ${changed} 条` : ''].filter(Boolean)
  return { title: clip(`批量导入${c.r.label}（${created + changed} 条）`, longest.title), summary: clip([...counts, `第 ${number} 批：${fileName}`].join(' · '), longest.summary) }
} // prettier-ignore
const sizeOf = async (kernel: Kernel, ctx: Context, request: ChangeRequest): Promise<number> => (await othersOf(kernel, ctx, request)).length + 1 // prettier-ignore
const clip = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
const occasionHeads: Readonly<Record<string, string>> = { change: '变更：', delete: '删除：' }
const occasionWords: Readonly<Record<string, string>> = { change: '变更', delete: '删除' }

function plainTitle(ctx: Pick<Context, 'directory'>, label: string, state: InstanceState, occasion: string): string {
  const lines = Object.keys(state.items).filter((id) => id !== '*').length
  return `${ctx.directory.nameOf(state.applicant)}的${label}${occasionWords[occasion] ?? ''}${lines ? `（${lines} 项）` : ''}`
}
/** Of a change what it touches, of a record its name and its first plain facts. */
function firstFacts(ctx: Pick<Context, 'directory'>, { c, shown, request }: Subject): string {
  const keys = request?.occasion === 'change' ? Object.keys(request.patch) : [c.r.title, ...(c.r.list?.columns ?? [])]
  const facts = [...new Set(keys)].flatMap((key) => {
    const field = c.r.fields[key]
    const value = shown[key]
    if (
      !field ||
      isProtected(field) ||
      value === null ||
      value === undefined ||
      value === '' ||
      !(kindOf(field).isPlainFact || 'target' in field.options)
    )
      return []
    const text = kindOf(field).format(value, field, (target, id) => (target === 'directory.person' ? ctx.directory.nameOf(id) : target === 'directory.unit' ? ctx.directory.unitName(id) : '')) // prettier-ignore
    return text ? [`${field.label} ${text}`] : []
  })
  return facts.slice(0, 3).join(' · ')
}

interface Templates {
  title: readonly WordPart[] | null
  summary: readonly (readonly WordPart[])[]
}
const none: Templates = { title: null, summary: [] }
const compiled = new WeakMap<Flow<Filter>, Map<string, Templates>>()
/** An older version may name what the record type has no longer, or what is protected by now: such words are not said. */
function templatesOf(kernel: Kernel, { r }: CompiledResource, flow: Flow<Filter>): Templates {
  let known = compiled.get(flow)
  if (!known) compiled.set(flow, (known = new Map()))
  let found = known.get(r.name)
  if (!found) {
    const isFit = proveWords(kernel.defs, r, flow).length === 0
    const said = { title: flow.title ? wordParts(flow.title) : null, summary: (flow.summary ?? []).map(wordParts) }
    known.set(r.name, (found = isFit ? said : none))
  }
  return found
}

type Filled = { text: string; isFilled: boolean }
/** Fills templates of one approval. What they refer to is asked for once; people and units are in memory. */
async function filler(
  kernel: Kernel,
  ctx: Context,
  { c, shown }: Subject,
  state: InstanceState,
  { title, summary }: Templates,
): Promise<(parts: readonly WordPart[]) => Filled> {
  const paths = new Set([...(title ?? []), ...summary.flat()].flatMap((part) => ('path' in part ? [part.path] : [])))
  const valueAt = (path: string) => valuesAt(c, shown, state, path)
  const wanted = new Map<string, Set<string>>()
  for (const path of paths)
    for (const { field, value } of valueAt(path)) {
      const target = 'target' in field.options ? (field.options as { target: string }).target : null
      for (const id of target ? (Array.isArray(value) ? value : [value]) : [])
        if (typeof id === 'string') wanted.set(target!, (wanted.get(target!) ?? new Set()).add(id))
    }
  const names = wanted.size ? await namesOf(kernel, ctx, wanted) : {}
  const office = paths.has('medicalOffice') ? (await currentSettings(kernel, ctx.db)).medicalOffice : ''
  const unit = () => ctx.directory.unitName(ctx.directory.people.get(state.applicant)?.unit ?? null)
  const own: Readonly<Record<string, () => string>> = {
    applicant: () => ctx.directory.nameOf(state.applicant), applicantUnit: unit, number: () => state.number, form: () => c.r.label, medicalOffice: () => office,
  } // prettier-ignore
  const said = (path: string): string => {
    if (!c.byKey.has(path) && plainWords.has(path)) return own[path]!()
    const texts = valueAt(path).map(({ field, value }) => kindOf(field).format(value, field, (target, id) => names[target]?.[id] ?? ''))
    return path.endsWith('.count') ? String(rowsAt(c, shown, state, path.slice(0, -6)).length) : listed(texts.filter(Boolean))
  }
  return (parts) => {
    const texts = parts.map((part) => ('path' in part ? said(part.path) : part.text))
    const isFilled = parts.every((part) => !('path' in part)) || parts.some((part, at) => 'path' in part && texts[at] !== '')
    return { text: isFilled ? texts.join('').trim() : '', isFilled }
  }
}
/** A few of many: `胃癌根治术、疝修补术等 5 项`. */
const listed = (texts: readonly string[]): string =>
  texts.length > 3 ? `${texts.slice(0, 3).join('、')}等 ${texts.length} 项` : texts.join('、')

/** The lines that this approval answers for, or all rows of another sub-table. */
function rowsAt(c: CompiledResource, shown: ApiRecord, state: InstanceState, key: string): Record<string, unknown>[] {
  const rows = (shown[key] ?? []) as ({ id: string } & Record<string, unknown>)[]
  return key === c.r.items ? rows.filter((row) => Object.hasOwn(state.items, row.id)) : rows
}
function valuesAt(c: CompiledResource, shown: ApiRecord, state: InstanceState, path: string): { field: Field; value: unknown }[] {
  const [key = '', inner] = path.split('.')
  const field = c.r.fields[key]
  if (!field || inner === 'count') return []
  if (inner === undefined) return [{ field, value: shown[key] ?? null }]
  const column = (field.options as { fields?: Fields }).fields?.[inner]
  return column ? rowsAt(c, shown, state, key).map((row) => ({ field: column, value: row[inner] ?? null })) : []
}
