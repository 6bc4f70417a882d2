import { emergencyRight, Refusal, type EmergencyVerdict } from '#model'
import { deviceName } from '../../access/device-name.ts'
import { endOwnEmergency, reviewEmergency } from '../../emergency/end.ts'
import { openEmergency, ownEmergencies } from '../../emergency/open.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

interface One {
  Params: { id: string }
}
/** 应急访问: opened and ended by whoever needs it, reviewed by the officers of security. */
export function emergencyRoutes({ app, kernel, contextOf }: Server): void {
  const may = { config: { who: { right: emergencyRight } } } as const
  app.get('/api/emergency', may, async (request) => ownEmergencies(kernel, await contextOf(request)))
  app.post('/api/emergency', may, async (request, reply) => {
    const device = deviceName(request.headers['user-agent'] ?? '').slice(0, 80)
    reply.status(201)
    return openEmergency(kernel, await contextOf(request), bodyOf(request), device)
  })
  // Who has lost the right meanwhile may still end what he has open.
  app.post<One>('/api/emergency/:id/end', { config: { who: 'signedIn' } }, async (request) => {
    await endOwnEmergency(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  const verdicts = new Set<unknown>(['justified', 'unjustified'] satisfies EmergencyVerdict[])
  app.post<One>('/api/emergency/:id/review', { config: { who: { right: 'security.reviewEmergency' } } }, async (request) => {
    const { verdict, review } = bodyOf(request)
    if (!verdicts.has(verdict)) throw new Refusal('badRequest', '请选择理由是否成立')
    const words = typeof review === 'string' ? review.slice(0, 500) : ''
    await reviewEmergency(kernel, await contextOf(request), needId(request.params.id), verdict as EmergencyVerdict, words)
    return { done: true }
  })
}
