import { isUuid } from '#model'
import { followedBy, followRecord, unfollowRecord } from '../../records/follow.ts'
import { AddressMeter } from '../address-meter.ts'
import { newCaptcha } from '../../access/captcha.ts'
import { needOpen } from '../../sharing/link.ts'
import { openInside, openPublic, publicHead } from '../../sharing/open.ts'
import { takeEntry } from '../../sharing/public-form.ts'
import { givenOf, givenToMe, giveRecord, takeRecord } from '../../sharing/record-grants.ts'
import { listShares, makeShare, shareLog, withdrawShare } from '../../sharing/shares.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const mostAMinute = 60
interface Token {
  Params: { token: string }
}
/** Links: made and looked after by who signed in; opened by colleagues, or by whoever holds a public one. */
export function sharingRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.post('/api/shares', config, async (request, reply) => {
    reply.status(201)
    return makeShare(kernel, await contextOf(request), bodyOf(request))
  })
  app.get<{ Querystring: { all?: string; before?: string } }>('/api/shares', config, async (request) => {
    const { all, before } = request.query
    return { shares: await listShares(kernel, await contextOf(request), all === '1' ? 'all' : 'mine', isUuid(before) ? before : null) }
  })
  app.get<{ Params: { id: string } }>('/api/shares/:id/log', config, async (request) => ({
    entries: await shareLog(kernel, await contextOf(request), needId(request.params.id)),
  }))
  app.post<{ Params: { id: string } }>('/api/shares/:id/withdraw', config, async (request) => {
    await withdrawShare(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  app.post<Token>('/api/shared/:token', config, async (request) =>
    openInside(kernel, await contextOf(request), request.params.token, bodyOf(request)['password']),
  )

  interface Record {
    Params: { resource: string; id: string }
  }
  const grants = '/api/records/:resource/:id/grants'
  app.get<Record>(grants, config, async (request) => {
    const { resource, id } = request.params
    return { grants: await givenOf(kernel, await contextOf(request), resource, needId(id)) }
  })
  app.post<Record>(grants, config, async (request, reply) => {
    const { resource, id } = request.params
    await giveRecord(kernel, await contextOf(request), resource, needId(id), bodyOf(request))
    return reply.status(201).send({ done: true })
  })
  app.post<{ Params: { id: string } }>('/api/record-grants/:id/withdraw', config, async (request) => {
    await takeRecord(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  app.get('/api/given-records', config, async (request) => ({ records: await givenToMe(kernel, await contextOf(request)) }))
  app.put<Record>('/api/records/:resource/:id/follow', config, async (request) => {
    const { resource, id } = request.params
    await followRecord(kernel, await contextOf(request), resource, needId(id))
    return { done: true }
  })
  app.delete<Record>('/api/records/:resource/:id/follow', config, async (request) => {
    await unfollowRecord(await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  app.get('/api/follows', config, async (request) => ({ follows: await followedBy(kernel, await contextOf(request)) }))

  const open = { config: { who: 'public' } } as const
  const meter = new AddressMeter(mostAMinute)
  const slowly = (address: string) => meter.take(address, kernel.clock.now().getTime())
  app.get<Token>('/api/s/:token', open, async ({ ip, params }) => {
    slowly(ip)
    return publicHead(kernel, params.token, ip)
  })
  app.post<Token>('/api/s/:token/open', { config: { who: 'public', lane: 'passwords' } }, async (request) => {
    slowly(request.ip)
    return openPublic(kernel, request.params.token, bodyOf(request)['password'], request.ip)
  })
  app.post<Token>('/api/s/:token/captcha', open, async ({ ip, params }) => {
    slowly(ip)
    await needOpen(kernel, params.token, 'public', ip)
    return newCaptcha(kernel.db, kernel.clock.now())
  })
  app.post<Token>('/api/s/:token/entries', open, async (request, reply) => {
    slowly(request.ip)
    const { password, captcha, values, actId } = bodyOf(request)
    const { id, answer } = (typeof captcha === 'object' && captcha !== null ? captcha : {}) as { id?: unknown; answer?: unknown }
    await takeEntry(kernel, request.params.token, { password, captcha: { id, answer }, values, actId }, request.ip)
    return reply.status(201).send({ done: true })
  })
}
