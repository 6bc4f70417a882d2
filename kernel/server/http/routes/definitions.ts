import type { ClientDefinitions, ClientResource, PageItem } from '#model'
import { clientResource } from '../../access/client-resource.ts'
import { grantedTypes } from '../../access/record-grants.ts'
import type { Actor } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { pagesFor } from '../../pages/shown.ts'
import { fillAll, readSettings } from '../../settings.ts'
import { etagOf, type Server } from '../server.ts'

/** The effective definitions, cut to the asker's rights; the page knows nothing else of record types. */
export function definitionRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/definitions', { config: { who: 'signedIn' } }, async (request, reply) => {
    const ctx = await contextOf(request)
    const answer: ClientDefinitions = {
      version: '',
      resources: resourcesFor(kernel, ctx.actor, await grantedTypes(ctx)),
      menu: menuFor(kernel, ctx.actor, pagesFor(kernel, ctx)),
      units: [...ctx.directory.units.values()].map((u) => ({ id: u.id, name: u.name, kind: u.kind, parent: u.parent })),
    }
    const text = fillAll(answer, await readSettings(kernel.db))
    const etag = etagOf(text)
    reply.header('etag', etag).header('cache-control', 'private, no-cache')
    if (request.headers['if-none-match'] === etag) return reply.status(304).send()
    return reply.type('application/json').send(text.replace('"version":""', `"version":${JSON.stringify(etag.slice(1, -1))}`))
  })
}

/** Of what he was only given a record the page learns how it looks, too. */
function resourcesFor(kernel: Kernel, actor: Actor, given: ReadonlySet<string>): ClientResource[] {
  const byGrant = (name: string) => (given.has(name) ? kernel.access.strictest(name) : undefined)
  return [...kernel.defs.resources.values()].flatMap((r) => clientResource(kernel, actor, r, byGrant(r.name)) ?? [])
}
function menuFor(kernel: Kernel, actor: Actor, pages: readonly PageItem[]): ClientDefinitions['menu'] {
  const groups = new Map<string, ClientDefinitions['menu'][number]['entries'][number][]>()
  for (const g of kernel.defs.modules.flatMap((m) => m.menu ?? [])) {
    const entries = g.entries.filter((e) => {
      if (e.kind === 'page') return kernel.access.mayUse(actor, e.right)
      return (
        e.kind === 'list' &&
        (e.ofOthers ? kernel.access.reachesOthers(actor, 'read', e.resource) : kernel.access.can(actor, 'read', e.resource) !== null)
      )
    })
    if (entries.length) groups.set(g.label, [...(groups.get(g.label) ?? []), ...entries])
  }
  for (const { menu, name, label, icon } of pages)
    if (menu !== null) groups.set(menu, [...(groups.get(menu) ?? []), { kind: 'drawn', name, label, icon }])
  return [...groups].map(([label, entries]) => ({ label, entries }))
}
