import { isUuid, Refusal } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { answerNone } from '../../campaigns/answering.ts'
import { chase } from '../../campaigns/chase.ts'
import { myLines, progressOf, readAsked, recordsOf } from '../../campaigns/reading.ts'
import { addNewcomers, close, extend, start } from '../../campaigns/running.ts'
import { saveMapping, writable, writeBack } from '../../campaigns/write-back.ts'
import type { Server } from '../server.ts'
import { furtherOf } from '../../flow/read-act.ts'
import { bodyOf, needId } from './records.ts'

interface One {
  Params: { id: string }
}
/** 填报任务 as those asked see it, and what its office does with it. Campaigns and lines are records like any other. */
export function campaignRoutes({ app, kernel, contextOf }: Server): void {
  const asked = { config: { who: { right: 'campaigns.answer' } } } as const
  app.get('/api/campaigns/mine', asked, async (request) => myLines(await contextOf(request)))
  app.get<One>('/api/campaigns/lines/:id', asked, async (request) => readAsked(kernel, await contextOf(request), needId(request.params.id)))
  app.post<One>('/api/campaigns/lines/:id/none', asked, async (request) => {
    await answerNone(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  const seen = { config: { who: { right: 'campaigns.progress' } } } as const
  const managed = { config: { who: { right: 'campaigns.manage' } } } as const
  app.get<One>('/api/campaigns/lines/:id/records', seen, async (request) =>
    recordsOf(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.get<One>('/api/campaigns/:id/progress', seen, async (request) =>
    progressOf(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<One>('/api/campaigns/:id/start', managed, async (request) =>
    start(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['version']),
  )
  app.post<One>('/api/campaigns/:id/add', managed, async (request) =>
    addNewcomers(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<One>('/api/campaigns/:id/chase', managed, async (request) => chase(kernel, await contextOf(request), needId(request.params.id)))
  app.post<One>('/api/campaigns/:id/extend', managed, async (request) => {
    await extend(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)['due'])
    return { done: true }
  })
  app.post<One>('/api/campaigns/:id/close', managed, async (request) => {
    await close(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  app.put<One>('/api/campaigns/:id/mapping', managed, async (request) => {
    await saveMapping(kernel, await contextOf(request), needId(request.params.id), bodyOf(request))
    return { done: true }
  })
  app.get<One>('/api/campaigns/:id/write-back', managed, async (request) =>
    writable(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<One>('/api/campaigns/:id/write-back', managed, async (request) => {
    const { lines, actId, signature, chosen } = bodyOf(request)
    if (lines !== undefined && !(Array.isArray(lines) && lines.every(isUuid))) throw new Refusal('badRequest', 'lines 须为填报名单的编号')
    const how = { actId: isUuid(actId) ? actId : uuidv7(), ...furtherOf(signature, chosen) }
    return writeBack(kernel, await contextOf(request), needId(request.params.id), { lines: lines ?? null, ...how })
  })
}
