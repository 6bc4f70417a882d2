import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Loopback, type LoopbackAnswer } from './loopback.ts'

/** A CAS 3.0 server: whoever comes is `user`. */
export class CasService extends Loopback {
  user = 'nobody'
  attributes: Record<string, string> = {}
  /** Answered in place of what is true. */
  said: string | null = null
  private readonly tickets = new Map<string, { service: string; user: string }>()

  protected answer(_request: IncomingMessage, url: URL): LoopbackAnswer {
    const service = url.searchParams.get('service') ?? ''
    if (url.pathname === '/cas/login') {
      const ticket = `ST-${randomUUID()}`
      this.tickets.set(ticket, { service, user: this.user })
      const back = new URL(service)
      back.searchParams.set('ticket', ticket)
      return { status: 302, headers: { location: back.href } }
    }
    if (url.pathname !== '/cas/p3/serviceValidate') return { status: 404 }
    const ticket = url.searchParams.get('ticket') ?? ''
    const given = this.tickets.get(ticket)
    this.tickets.delete(ticket)
    const inner =
      given?.service === service
        ? `<cas:authenticationSuccess><cas:user>${given.user}</cas:user><cas:attributes>${Object.entries(this.attributes).map(([key, value]) => `<cas:${key}>${value}</cas:${key}>`).join('')}</cas:attributes></cas:authenticationSuccess>`
        : `<cas:authenticationFailure code="${given ? 'INVALID_SERVICE' : 'INVALID_TICKET'}">Ticket ${ticket} not recognized</cas:authenticationFailure>`
    return { headers: { 'content-type': 'application/xml' }, body: this.said ?? `<?xml version="1.0"?><cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inner}</cas:serviceResponse>` }
  } // prettier-ignore
}
