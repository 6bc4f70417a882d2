import type { AnswerDetail, AnswerFound, AnswerJob } from '#model'
import { bodyOf, needId } from '../http/routes/records.ts'
import { readPart } from '../http/routes/reports.ts'
import type { Server } from '../http/server.ts'
import { asOwner } from '../jobs/own-work.ts'
import { judgeAsk, partOfKept, readAsk } from './ask.ts'
import { answerJobs, answerTo, beginAnswer, findAnswer, presentAnswer, readAnswer } from './jobs.ts'

/** Questions that were too slow to wait for, answered in the background: each for whoever asked, alone. */
export function answerRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.post('/api/answers', config, async (request, reply): Promise<AnswerJob> => {
    const job = await beginAnswer(kernel, await contextOf(request), readAsk(bodyOf(request)))
    reply.status(202)
    return presentAnswer(job)
  })
  // POST, because a question is long, and what is asked must not stand in logs of addresses.
  app.post('/api/answers/find', config, async (request): Promise<AnswerFound> => {
    const job = await answerTo(kernel, await contextOf(request), readAsk(bodyOf(request)))
    return { job: job && presentAnswer(job) }
  })
  app.get<{ Params: { id: string } }>('/api/answers/:id', config, async (request): Promise<AnswerDetail> => {
    const job = await findAnswer(kernel, await contextOf(request), needId(request.params.id))
    return { ...presentAnswer(job), ask: job.ask }
  })
  app.post<{ Params: { id: string } }>('/api/answers/:id/cancel', config, async (request): Promise<AnswerJob> => {
    const ctx = await contextOf(request)
    const { id } = await findAnswer(kernel, ctx, needId(request.params.id))
    await answerJobs.cancel(ctx, id)
    return presentAnswer(await findAnswer(kernel, ctx, id))
  })
  app.post<{ Params: { id: string } }>('/api/answers/:id/result', config, async (request) => {
    const ctx = await contextOf(request)
    const body = bodyOf(request)
    const part = { ...readPart(body), sort: body['sort'] }
    const job = await findAnswer(kernel, ctx, needId(request.params.id))
    const kept = await readAnswer(kernel, ctx, job, await asOwner(kernel, job))
    // Under this very session, too: it may be allowed less than its person.
    await judgeAsk(kernel, ctx, job.ask)
    return partOfKept(kernel, ctx, job.ask, kept, part)
  })
}
