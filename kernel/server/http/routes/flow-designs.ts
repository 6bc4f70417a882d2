import { createDesign, discardDraft, openDesign, saveDraft } from '../../flow/designs/drafts.ts'
import { listDesigns } from '../../flow/designs/list.ts'
import { problemsOf } from '../../flow/designs/prove.ts'
import { loadDrawn } from '../../flow/designs/drafts.ts'
import { needFlow } from '../../flow/designs/read.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

type OfFlow = { Params: { flow: string } }

/** Flows as the hospital draws them: drafts, trials, versions. */
export function flowDesignRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'flows.administer' } } } as const
  app.get('/api/flow-designs', config, async (request) => listDesigns(kernel, await contextOf(request)))
  app.post('/api/flow-designs', config, async (request, reply) => {
    reply.status(201)
    return createDesign(kernel, await contextOf(request), bodyOf(request))
  })
  app.get<OfFlow>('/api/flow-designs/:flow', config, async (request) => openDesign(kernel, await contextOf(request), request.params.flow))
  app.put<OfFlow>('/api/flow-designs/:flow', config, async (request) =>
    saveDraft(kernel, await contextOf(request), request.params.flow, bodyOf(request)),
  )
  app.delete<OfFlow>('/api/flow-designs/:flow/draft', config, async (request) => {
    await discardDraft(kernel, await contextOf(request), request.params.flow)
    return { done: true }
  })
  app.post<OfFlow>('/api/flow-designs/:flow/prove', config, async (request) => {
    const ctx = await contextOf(request)
    const { flow, resource } = await loadDrawn(kernel, ctx, request.params.flow)
    return { problems: await problemsOf(kernel, ctx, needFlow(bodyOf(request)['definition'], flow), resource) }
  })
}
