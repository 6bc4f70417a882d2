import type { TrialItem } from '#model'
import { personOf, type Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentTrial, endTrial, isInvited, startTrial, trialItem, type Trial } from '../../trials/trials.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const config = { config: { who: { right: 'designs.administer' } } } as const

/** Drafts that are tried. The space itself is served under an address of its own: `trials/serving.ts`. */
export function trialRoutes({ app, kernel, contextOf }: Server): void {
  // Whoever was chosen hears of it, and whoever draws; nobody else.
  app.get('/api/trial', { config: { who: 'signedIn' } }, async (request): Promise<{ trial: TrialItem | null }> => {
    const ctx = await contextOf(request)
    const trial = await currentTrial(ctx.db)
    return { trial: trial && maySee(kernel, ctx, trial) ? await trialItem(kernel, ctx, trial) : null }
  })
  app.post('/api/trial', config, async (request, reply) => {
    const ctx = await contextOf(request)
    const trial = await startTrial(kernel, ctx, bodyOf(request))
    reply.status(201)
    return { trial: await trialItem(kernel, ctx, trial) }
  })
  app.post<{ Params: { id: string } }>('/api/trial/:id/end', config, async (request) => {
    await endTrial(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
}
const maySee = (kernel: Kernel, ctx: Context, trial: Trial): boolean =>
  isInvited(trial, personOf(ctx.actor)) || kernel.access.mayUse(ctx.actor, 'designs.administer')
