import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Refusal } from '#model'
import { answerNoHttp } from './input.ts'
import type { Who } from './server.ts'

/** Rights of whoever administers, secures and audits: what they open is the management of this installation. */
const officersRights = /^(?:security|settings|indexes|dictionary)\./
/** Record types that only officers keep: accounts, roles, programs, reset requests. */
const officersTypes = /^(?:security\.|directory\.roleAssignment$)/
/** Pages of theirs. */
const officersPages =
  /^\/(?:protection|rights|watermark|export-mark|audit|settings|indexes|dictionary)(?:[/?#]|$)|^\/r\/(?:security\.|directory\.roleAssignment(?:[/?#]|$))/
/** Emergency access is opened by whoever treats a patient, wherever he is. */
const everybodys = new Set(['security.emergency'])

/**
 * A listener of its own for the management (带外管理): bound to an address that only the management's network reaches. As soon as it is there, the ordinary
 * listener knows nothing of what officers do, whoever asks.
 */
export class AdminListener {
  private readonly app: FastifyInstance
  private readonly throughIt = new WeakSet<IncomingMessage>()
  /** Is it there, so that the ordinary listener knows nothing of the management? */
  isOpen = false
  constructor(app: FastifyInstance) {
    this.app = app
    app.addHook('onRequest', (request, _reply, done) =>
      done(this.isHidden(request, isOfficers(request)) ? new Refusal('unknownRoute') : undefined),
    )
  }
  /** Is this the address of a page of theirs, asked for where they are not? */
  hidesPage = (request: FastifyRequest): boolean => this.isHidden(request, officersPages.test(request.url))
  private isHidden = (request: FastifyRequest, isTheirs: boolean): boolean => this.isOpen && isTheirs && !this.throughIt.has(request.raw)

  /** Begins to listen; ends with the server. Answers the port. */
  async listen({ host, port }: { host: string; port: number }): Promise<number> {
    await this.app.ready()
    const { app } = this
    const server = createServer((request, response) => {
      this.throughIt.add(request)
      app.routing(request, response)
    })
    server.requestTimeout = app.server.requestTimeout
    server.on('clientError', (error, socket) => answerNoHttp(error, socket as Socket))
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
    this.isOpen = true
    this.close = () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    return (server.address() as AddressInfo).port
  }
  /** Stops to listen; nothing where it never began. */
  close: () => Promise<void> = () => Promise.resolve()
}
function isOfficers({ routeOptions, params }: FastifyRequest): boolean {
  const who: Who | undefined = routeOptions.config.who
  if (typeof who === 'object' && officersRights.test(who.right) && !everybodys.has(who.right)) return true
  const { resource, name, base } = (params ?? {}) as Record<string, string | undefined>
  return officersTypes.test(resource ?? name ?? base ?? '')
}
