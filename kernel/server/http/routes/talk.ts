import { isUuid, Refusal } from '#model'
import { attach, excerptsOf } from '../../talk/excerpts.ts'
import { changeMembers, handOver, leaveGroup, renameGroup } from '../../talk/groups.ts'
import { messagesOf, type MessagesAsked } from '../../talk/messages.ts'
import { beginTalk, findTalk, type Wanted } from '../../talk/opening.ts'
import { myTalks, readTalk, talkFiles, type TalksAsked } from '../../talk/reading.ts'
import { mute, noteRead, say, takeBack } from '../../talk/say.ts'
import { searchTalks, type SearchAsked } from '../../talk/search.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

interface One {
  Params: { id: string }
}
/** Conversations: each route asks anew to whom it is open. */
export function talkRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get<{ Querystring: TalksAsked }>('/api/talks', config, async (request) => myTalks(kernel, await contextOf(request), request.query))
  app.get<{ Querystring: Wanted }>('/api/talks/find', config, async (request) => findTalk(kernel, await contextOf(request), request.query))
  app.get<{ Querystring: SearchAsked }>('/api/talks/search', config, async (request) => {
    const { talk } = request.query
    if (talk !== undefined && !isUuid(talk)) throw new Refusal('badRequest')
    return searchTalks(kernel, await contextOf(request), request.query)
  })
  app.post('/api/talks', config, async (request, reply) => {
    reply.status(201)
    return beginTalk(kernel, await contextOf(request), bodyOf(request))
  })
  app.get<One>('/api/talks/:id', config, async (request) => readTalk(kernel, await contextOf(request), needId(request.params.id)))
  app.get<One & { Querystring: MessagesAsked }>('/api/talks/:id/messages', config, async (request) =>
    messagesOf(kernel, await contextOf(request), needId(request.params.id), request.query),
  )
  app.post<One>('/api/talks/:id/messages', config, async (request, reply) => {
    reply.status(201)
    return say(kernel, await contextOf(request), needId(request.params.id), bodyOf(request))
  })
  app.delete<{ Params: { id: string; message: string } }>('/api/talks/:id/messages/:message', config, async (request) => {
    await takeBack(kernel, await contextOf(request), needId(request.params.id), needId(request.params.message))
    return { done: true }
  })
  app.get<One & { Querystring: { before?: string } }>('/api/talks/:id/files', config, async (request) =>
    talkFiles(kernel, await contextOf(request), needId(request.params.id), request.query.before),
  )
  app.put<One>('/api/talks/:id/read', config, async (request) => {
    await noteRead(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['n'])
    return { done: true }
  })
  app.put<One>('/api/talks/:id/muted', config, async (request) => {
    await mute(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['muted'])
    return { done: true }
  })
  app.put<One>('/api/talks/:id/name', config, async (request) =>
    renameGroup(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['name']),
  )
  app.post<One>('/api/talks/:id/members', config, async (request) =>
    changeMembers(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)),
  )
  app.put<One>('/api/talks/:id/owner', config, async (request) =>
    handOver(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['person']),
  )
  app.post<One>('/api/talks/:id/leave', config, async (request) => {
    await leaveGroup(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  app.post<One>('/api/talks/:id/excerpts', config, async (request, reply) => {
    reply.status(201)
    return attach(kernel, await contextOf(request), needId(request.params.id), bodyOf(request))
  })
  app.get<{ Params: { resource: string; id: string } }>('/api/excerpts/:resource/:id', config, async (request) => ({
    excerpts: await excerptsOf(kernel, await contextOf(request), request.params.resource, needId(request.params.id)),
  }))
}
