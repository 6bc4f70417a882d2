import { searchAll } from '../../records/search-all.ts'
import type { Server } from '../server.ts'

/** One box for all records: each type answers for what the asker may read of it. */
export function searchRoutes({ app, kernel, contextOf }: Server): void {
  app.get<{ Querystring: { q?: string } }>('/api/search', { config: { who: 'signedIn' } }, async (request) =>
    searchAll(kernel, await contextOf(request), request.query.q ?? ''),
  )
}
