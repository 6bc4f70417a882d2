import type { Action, ClientDefinitions, ClientResource, ListSpec, ResolvedResource } from '#model'
import type { Actor } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { readSettings } from '../../settings.ts'
import { etagOf, type Server } from '../server.ts'

/** The effective definitions, cut to the asker's rights; the page knows nothing else of record types. */
export function definitionRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/definitions', { config: { who: 'signedIn' } }, async (request, reply) => {
    const ctx = await contextOf(request)
    const settings = await readSettings(kernel.db)
    const answer: ClientDefinitions = {
      version: '',
      resources: resourcesFor(kernel, ctx.actor),
      menu: menuFor(kernel, ctx.actor),
      units: [...ctx.directory.units.values()].map((u) => ({ id: u.id, name: u.name, kind: u.kind, parent: u.parent })),
    }
    const text = JSON.stringify(answer).replaceAll('{medicalOffice}', settings.medicalOffice)
    const etag = etagOf(text)
    reply.header('etag', etag).header('cache-control', 'private, no-cache')
    if (request.headers['if-none-match'] === etag) return reply.status(304).send()
    return reply.type('application/json').send(text.replace('"version":""', `"version":${JSON.stringify(etag.slice(1, -1))}`))
  })
}

const actions = ['read', 'create', 'update', 'delete', 'import', 'export'] as const satisfies readonly Action[]
function resourcesFor(kernel: Kernel, actor: Actor): ClientResource[] {
  return [...kernel.defs.resources.values()].flatMap((r) => {
    const read = kernel.access.can(actor, 'read', r.name)
    const write = kernel.access.can(actor, 'update', r.name) ?? kernel.access.can(actor, 'create', r.name)
    if (!read && !write) return []
    const visible = Object.fromEntries(Object.entries(r.fields).filter(([key]) => !read?.hidden.has(key)))
    const byModule = r.writtenBy === 'module'
    const may = Object.fromEntries(
      actions.map((a) => [
        a,
        kernel.access.can(actor, a, r.name) !== null && !(byModule && ['create', 'update', 'delete', 'import'].includes(a)),
      ]),
    )
    return [
      {
        name: r.name,
        module: r.name.split('.')[0]!,
        moduleLabel: kernel.defs.modules.find((m) => m.name === r.name.split('.')[0])?.label ?? '',
        label: r.label,
        title: r.title,
        fields: visible,
        owner: r.owner,
        groups: r.groups ?? [],
        list: listSpec(r, new Set(Object.keys(visible))),
        ...(r.items ? { items: r.items } : {}),
        ...(r.approval ? { approval: r.approval } : {}),
        ...(r.writtenBy ? { writtenBy: r.writtenBy } : {}),
        ...(r.form ? { form: r.form } : {}),
        ...(r.rules ? { rules: r.rules } : {}),
        may: may as ClientResource['may'],
        masked: [...(read?.masked ?? [])],
        readOnly: [...(write?.readOnly ?? [])],
      },
    ]
  })
}
function listSpec(r: ResolvedResource, visible: ReadonlySet<string>): ListSpec {
  const kept = (path: string) =>
    visible.has(path.replace(/^-/, '').split('.')[0]!) || !Object.hasOwn(r.fields, path.replace(/^-/, '').split('.')[0]!)
  const columns = r.list?.columns ?? Object.keys(r.fields).slice(0, 6)
  return {
    filters: [],
    ...r.list,
    columns: columns.filter(kept),
    ...(r.list?.filters ? { filters: r.list.filters.filter(kept) } : {}),
    views: r.list?.views ?? [],
  }
}
function menuFor(kernel: Kernel, actor: Actor): ClientDefinitions['menu'] {
  const groups = new Map<string, ClientDefinitions['menu'][number]['entries'][number][]>()
  for (const g of kernel.defs.modules.flatMap((m) => m.menu ?? [])) {
    const entries = g.entries.filter((e) =>
      e.kind === 'list' ? kernel.access.can(actor, 'read', e.resource) !== null : kernel.access.mayUse(actor, e.right),
    )
    if (entries.length) groups.set(g.label, [...(groups.get(g.label) ?? []), ...entries])
  }
  return [...groups].map(([label, entries]) => ({ label, entries }))
}
