import { isUuid, parseInstant, Refusal } from '#model'
import { deletedRecords, type BinQuery } from '../../records/bin.ts'
import type { Server } from '../server.ts'

/** What was deleted, over all kinds of record. */
export function binRoutes({ app, kernel, contextOf }: Server): void {
  app.get<{ Querystring: { resource?: string; by?: string; after?: string } }>(
    '/api/bin',
    { config: { who: { right: 'bin.read' } } },
    async (request) => {
      const { resource, by, after } = request.query
      const query: BinQuery = { ...(resource ? { resource } : {}), ...(by ? { by } : {}), ...(after ? { after: readPlace(after) } : {}) }
      if (by && !isUuid(by)) throw new Refusal('badRequest')
      return deletedRecords(kernel, await contextOf(request), query)
    },
  )
}
function readPlace(text: string): { at: string; id: string } {
  const [at, id] = text.split(',')
  if (!parseInstant(at) || !isUuid(id)) throw new Refusal('badRequest')
  return { at: at!, id }
}
