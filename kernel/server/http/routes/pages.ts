import { pageRights, readBlock, readPage, Refusal, type Page, type PageNames } from '#model'
import { exportChart } from '../../pages/export.ts'
import { runBlock } from '../../pages/run.ts'
import { openPage, pagesFor, shownTo } from '../../pages/shown.ts'
import { readAsks } from '../../pages/source.ts'
import { asRole } from '../../pages/as-role.ts'
import { drawnTypes } from '../../flow/designs/types.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

/** Pages of figures: each block is evaluated as its reader, whether it stands on a page or is being drawn. */
export function pageRoutes({ app, kernel, contextOf }: Server): void {
  const use = { config: { who: { right: pageRights.use } } } as const
  const design = { config: { who: { right: pageRights.design } } } as const
  app.get('/api/pages', use, async (request) => ({ pages: pagesFor(kernel, await contextOf(request)) }))
  app.get<{ Params: { name: string } }>('/api/pages/:name', use, async (request) =>
    openPage(kernel, await contextOf(request), request.params.name),
  )
  // POST, because a block is long, and what is asked must not stand in logs of addresses.
  app.post('/api/pages/run', use, async (request) => {
    const { block, asks } = bodyOf(request)
    return runBlock(kernel, await contextOf(request), readBlock(block), readAsks(asks))
  })
  app.post('/api/pages/export', { config: { ...use.config, lane: 'files' } }, async (request, reply) => {
    const { block, asks, format = 'xlsx' } = bodyOf(request)
    if (format !== 'xlsx' && format !== 'csv') throw new Refusal('badRequest', '可导出为 xlsx 或 csv')
    const { stream, fileName, type } = await exportChart(kernel, await contextOf(request), readBlock(block), readAsks(asks), format)
    return reply.type(type).header('content-disposition', namedFile(fileName)).send(stream)
  })
  app.get('/api/pages/names', design, async (request): Promise<PageNames> => {
    const ctx = await contextOf(request)
    const settings = await currentSettings(kernel, ctx.db)
    const unread = [...kernel.defs.resources.values()].filter((r) => !r.log && !r.name.startsWith('security.') && !kernel.access.can(ctx.actor, 'read', r.name)) // prettier-ignore
    const menus = kernel.defs.modules.flatMap((m) => (m.menu ?? []).map(({ label }) => label))
    return {
      roles: [...kernel.defs.roles.values()].map(({ name, label }) => ({ name, label: fillLabel(label, settings) })),
      menus: [...new Set(menus)],
      types: await drawnTypes(kernel, ctx, unread),
    }
  })
  // What another role would be refused of a page; figures stay the designer's own.
  app.post('/api/pages/preview', design, async (request) => {
    const { page: given, role = null } = bodyOf(request)
    const page: Page = readPage(given)
    const ctx = await contextOf(request)
    return shownTo(kernel, role === null ? ctx : asRole(kernel, ctx, role), '', page)
  })
}
