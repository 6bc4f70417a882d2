import { isUuid, type PrivacyAnswer } from '#model'
import type { FastifyRequest } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { deviceName } from '../../access/device-name.ts'
import { tableTypes } from '../../exchange/table-writer.ts'
import { changeConsent, ownPrivacy, readNotice } from '../../personal/consent.ts'
import { personalAnswer, personalFile } from '../../personal/holdings.ts'
import { policyInForce } from '../../personal/policy.ts'
import { noteCarriedOut, requestOwn } from '../../personal/requests.ts'
import { readSettings } from '../../settings.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const from = (request: FastifyRequest) => ({ device: deviceName(request.headers['user-agent'] ?? '') })
/** What the hospital tells of personal information, what its people agree to, and what they may ask of it. */
export function privacyRoutes({ app, kernel, contextOf }: Server): void {
  const mine = { config: { who: 'signedIn' } } as const
  app.get('/api/privacy', { config: { who: 'public' } }, async (): Promise<PrivacyAnswer> => {
    const [settings, policy] = await Promise.all([readSettings(kernel.db), policyInForce(kernel, kernel.db)])
    return { hospital: settings.hospitalName, policy }
  })
  app.get('/api/me/privacy', mine, async (request) => ownPrivacy(kernel, await contextOf(request)))
  app.post('/api/me/privacy', mine, async (request) => {
    const { policy, answers } = bodyOf(request)
    const ctx = await contextOf(request)
    await readNotice(kernel, ctx, { policy, answers }, from(request))
    return ownPrivacy(kernel, ctx)
  })
  app.post<{ Params: { code: string } }>('/api/me/privacy/:code', mine, async (request) => {
    const ctx = await contextOf(request)
    await changeConsent(kernel, ctx, request.params.code, bodyOf(request)['given'] === true, from(request))
    return ownPrivacy(kernel, ctx)
  })
  app.get('/api/me/personal', mine, async (request) => personalAnswer(kernel, await contextOf(request)))
  app.get('/api/me/personal/file', { config: { who: 'signedIn', lane: 'files' } }, async (request, reply) => {
    const { stream, fileName } = await personalFile(kernel, await contextOf(request))
    return reply.type(tableTypes.xlsx).header('content-disposition', namedFile(fileName)).send(stream) // prettier-ignore
  })
  app.post('/api/me/personal/requests', mine, async (request, reply) => {
    const given = request.headers['x-act-id']
    reply.status(201)
    return requestOwn(kernel, await contextOf(request), bodyOf(request), isUuid(given) ? given : uuidv7())
  })
  app.post<{ Params: { id: string } }>('/api/personal-requests/:id/carried-out', { config: { who: { right: 'personal.carryOut' } } }, async (request) => {
    await noteCarriedOut(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
} // prettier-ignore
