import { isDay, Refusal } from '#model'
import { noticePath, publish, withdraw } from '../../notices/publish.ts'
import { mustRead, myNotices, noteNoticeRead, readNotice, type NoticeQuestion } from '../../notices/reading.ts'
import { addComment, commentsOf, noticeStatistics, readersOf, removeComment, type ReadersQuestion } from '../../notices/readers.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

interface One {
  Params: { id: string }
}
/** Notices as their readers see them; publishing, and who read what. Drafts are records like any other. */
export function noticeRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'notices.read' } } } as const
  app.get<{ Querystring: NoticeQuestion }>('/api/notices', config, async (request) => myNotices(await contextOf(request), request.query))
  app.get('/api/notices/must-read', config, async (request) => mustRead(await contextOf(request)))
  app.get<{ Querystring: { from?: string; to?: string } }>(
    '/api/notices/statistics',
    { config: { who: { right: 'notices.statistics' } } },
    async (request) => {
      const { from, to } = request.query
      if (!isDay(from) || !isDay(to) || from > to) throw new Refusal('badRequest', '请选择起止日期')
      return noticeStatistics(kernel, await contextOf(request), { from, to })
    },
  )
  app.get<One>('/api/notices/:id', config, async (request) => readNotice(kernel, await contextOf(request), needId(request.params.id)))
  app.post<One>('/api/notices/:id/read', config, async (request) => {
    const id = needId(request.params.id)
    await noteNoticeRead(await contextOf(request), id, noticePath(id))
    return { done: true }
  })
  app.post<One>('/api/notices/:id/publish', config, async (request) =>
    publish(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['version']),
  )
  app.post<One>('/api/notices/:id/withdraw', config, async (request) => {
    await withdraw(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['reason'])
    return { done: true }
  })
  app.get<One & { Querystring: ReadersQuestion }>('/api/notices/:id/readers', config, async (request) =>
    readersOf(kernel, await contextOf(request), needId(request.params.id), request.query),
  )
  app.get<One & { Querystring: { before?: string } }>('/api/notices/:id/comments', config, async (request) =>
    commentsOf(kernel, await contextOf(request), needId(request.params.id), request.query.before),
  )
  app.post<One>('/api/notices/:id/comments', config, async (request, reply) => {
    reply.status(201)
    return addComment(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['text'])
  })
  app.delete<{ Params: { id: string; comment: string } }>('/api/notices/:id/comments/:comment', config, async (request) => {
    const { id, comment } = request.params
    await removeComment(kernel, await contextOf(request), needId(id), needId(comment))
    return { done: true }
  })
}
