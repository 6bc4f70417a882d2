import type { Action, ClientResource, Fields, ListSpec, ResolvedResource } from '#model'
import type { Actor } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Permission } from './access.ts'

const actions = ['read', 'create', 'update', 'delete', 'import', 'export', 'writeDirectly'] as const satisfies readonly Action[]
/** A record type as the page of this person knows it: cut to his rights, null when he has none. `byTask` says what his task lets him read where no right does. */
export function clientResource(kernel: Kernel, actor: Actor, r: ResolvedResource, byTask?: Permission): ClientResource | null {
  const read = kernel.access.can(actor, 'read', r.name) ?? byTask
  const write = kernel.access.can(actor, 'update', r.name) ?? kernel.access.can(actor, 'create', r.name)
  if (!read && !write) return null
  const visible = Object.fromEntries(Object.entries(r.fields).filter(([key]) => !read || !isClosed(read, 'hidden', key)))
  const byModule = r.writtenBy === 'module'
  const may = Object.fromEntries(
    actions.map((a) => [
      a,
      kernel.access.can(actor, a, r.name) !== null && !(byModule && ['create', 'update', 'delete', 'import', 'writeDirectly'].includes(a)),
    ]),
  )
  const ownOnly = (['read', 'create'] as const).filter((a) => may[a] && !kernel.access.reachesOthers(actor, a, r.name))
  return {
    name: r.name,
    module: r.name.split('.')[0]!,
    moduleLabel: kernel.defs.modules.find((m) => m.name === r.name.split('.')[0])?.label ?? '',
    label: r.label,
    title: r.title,
    fields: write?.required ? withRequired(visible, write.required) : visible,
    owner: r.owner,
    ...(r.chapter ? { chapter: r.chapter } : {}),
    groups: r.groups ?? [],
    list: listSpec(r, new Set(Object.keys(visible))),
    ...(r.items ? { items: r.items } : {}),
    ...(r.approval ? { approval: r.approval } : {}),
    ...(r.writtenBy ? { writtenBy: r.writtenBy } : {}),
    ...(r.form ? { form: r.form } : {}),
    ...(r.rules ? { rules: r.rules } : {}),
    ...(r.limits ? { isLimited: true as const } : {}),
    ...(r.buttons?.length ? { buttons: r.buttons } : {}),
    ...timelineOf(kernel, r, visible),
    ...(r.publicForm ? { hasPublicForm: true as const } : {}),
    may: may as ClientResource['may'],
    ...(ownOnly.length ? { ownOnly } : {}),
    masked: [...(read?.masked ?? [])],
    openable: [...(read?.openable ?? [])],
    readOnly: write ? [...write.readOnly].filter((key) => isClosed(write, 'readOnly', key)) : [],
  }
}
function timelineOf(kernel: Kernel, r: ResolvedResource, visible: Fields): Pick<ClientResource, 'timeline'> {
  const timeline = kernel.defs.timelines.get(r.table)?.fields.filter((key) => Object.hasOwn(visible, key)) ?? []
  return timeline.length ? { timeline } : {}
}
/** What this person must fill in is asked for by the form. */
const withRequired = (fields: Fields, required: ReadonlySet<string>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, required.has(key) ? { ...field, required: true } : field]))
/** Closed in all records: what is so in his own or in others' only is told by each record. */
const isClosed = (permission: Permission, how: 'hidden' | 'readOnly', key: string): boolean =>
  [permission.inOwn ?? permission, permission.inOthers ?? permission].every((one) => one[how].has(key))
function listSpec(r: ResolvedResource, visible: ReadonlySet<string>): ListSpec {
  const kept = (path: string) =>
    visible.has(path.replace(/^-/, '').split('.')[0]!) || !Object.hasOwn(r.fields, path.replace(/^-/, '').split('.')[0]!)
  const columns = r.list?.columns ?? Object.keys(r.fields).slice(0, 6)
  return {
    filters: [],
    ...r.list,
    columns: columns.filter(kept),
    ...(r.list?.filters ? { filters: r.list.filters.filter(kept) } : {}),
    views: (r.list?.views ?? []).map((view) => ({ ...view, ...(view.columns ? { columns: view.columns.filter(kept) } : {}) })),
  }
}
