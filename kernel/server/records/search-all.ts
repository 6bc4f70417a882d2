import { isProtected, kindOf, Refusal, type FoundGroup, type SearchAnswer, type Titles } from '#model'
import { openParts } from '../access/open-search.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { searchKeys } from '../store/schema.ts'
import { listRecords } from './read.ts'

const each = 4
const atOnce = 4
/** Longer than this nobody waits while he types: what has not answered by then is asked in its own list. */
const patience = 1200
/** People and units are found by their names elsewhere. */
const foundElsewhere = new Set(['directory.person', 'directory.unit'])

/** Records of every type that the asker may read, by what its list is searched by: a few of each. What a type hides from him is not searched either. */
export async function searchAll(kernel: Kernel, ctx: Context, typed: string): Promise<SearchAnswer> {
  const search = typed.trim()
  if (search.length < 2 || search.length > 60) throw new Refusal('badRequest', '请输入 2 到 60 个字')
  const types = searched(kernel, ctx)
  const groups: FoundGroup[] = []
  const end = Date.now() + patience
  const worker = async (): Promise<void> => {
    for (let c = types.shift(); c; c = types.shift()) groups.push(await within(end - Date.now(), c, () => find(kernel, ctx, c, search)))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return {
    groups: groups.filter(({ records, isLate }) => records.length > 0 || isLate).sort((a, b) => b.records.length - a.records.length),
  }
}

function searched(kernel: Kernel, ctx: Context): CompiledResource[] {
  return [...kernel.defs.resources.values()].flatMap((r) => {
    if (foundElsewhere.has(r.table) || r.log) return []
    const permission = kernel.access.can(ctx.actor, 'read', r.name)
    const keys = searchKeys(kernel.defs.tables.get(r.table) ?? {})
    const isOpen = (key: string) => Object.hasOwn(r.fields, key) && !permission!.hidden.has(key) && !permission!.masked.has(key)
    const isSearched = keys.length > 0 || openParts(kernel.access, ctx.actor, r.name).length > 0
    return permission && isSearched && keys.every(isOpen) ? [kernel.resource(r.name)] : []
  })
}

async function find(kernel: Kernel, ctx: Context, c: CompiledResource, search: string): Promise<FoundGroup> {
  const beside = (c.r.list?.columns ?? []).filter((key) => key !== c.r.title && isHint(c, key)).slice(0, 2)
  const { rows, titles, next } = await listRecords(kernel, ctx, c.r.name, { search, limit: each, columns: [c.r.title, ...beside] })
  const records = rows.map((row) => ({
    id: row.id,
    title: wordOf(c, c.r.title, row[c.r.title], titles) || c.r.label,
    hint: beside
      .map((key) => wordOf(c, key, row[key], titles))
      .filter(Boolean)
      .join(' · '),
  }))
  return { resource: c.r.name, label: c.r.label, records, more: next !== null, isLate: false }
}
const isHint = (c: CompiledResource, key: string): boolean => {
  const stored = c.byKey.get(key)
  return stored !== undefined && !isProtected(stored.field) && !kindOf(stored.field).isLong && !kindOf(stored.field).holdsFiles
}
const wordOf = (c: CompiledResource, key: string, value: unknown, titles: Titles): string =>
  value === null || value === undefined
    ? ''
    : kindOf(c.r.fields[key]!).format(value, c.r.fields[key]!, (target, id) => titles[target]?.[id] ?? '')

/** What is too slow is told so, and keeps nothing else waiting. */
async function within(ms: number, { r: { name, label } }: CompiledResource, work: () => Promise<FoundGroup>): Promise<FoundGroup> {
  const late: FoundGroup = { resource: name, label, records: [], more: true, isLate: true }
  if (ms <= 0) return late
  let timer: NodeJS.Timeout | undefined
  const waited = new Promise<FoundGroup>((resolve) => void (timer = setTimeout(() => resolve(late), ms)))
  const asked = work().catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'slowQuery') return late
    throw error
  })
  return Promise.race([asked, waited]).finally(() => clearTimeout(timer))
}
