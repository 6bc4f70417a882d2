import { Refusal } from '#model'
import { dropIndex, forgetQuestions, orderIndex, readIndexes } from '../../records/query-indexes.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

const isWord = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 100

/** The indexes of large tables, for whoever administers them. What is asked for is named by fields; SQL is made by who builds. */
export function indexRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'indexes.administer' } } } as const
  app.get('/api/indexes', config, () => readIndexes(kernel))
  app.post('/api/indexes', config, async (request, reply) => {
    const { resource, keys, name } = bodyOf(request)
    if (!isWord(resource) || !Array.isArray(keys) || !keys.every(isWord) || (name !== undefined && !isWord(name)))
      throw new Refusal('badRequest', '须为 {resource, keys}')
    await orderIndex(kernel, await contextOf(request), { resource, keys, ...(name === undefined ? {} : { name }) })
    return reply.status(202).send(await readIndexes(kernel))
  })
  app.delete<{ Params: { name: string } }>('/api/indexes/:name', config, async (request) => {
    await dropIndex(kernel, await contextOf(request), request.params.name)
    return readIndexes(kernel)
  })
  app.delete<{ Params: { resource: string } }>('/api/indexes/questions/:resource', config, async (request) => {
    kernel.defs.resource(request.params.resource)
    await forgetQuestions(await contextOf(request), request.params.resource)
    return readIndexes(kernel)
  })
}
