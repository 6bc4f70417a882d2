import { lookup as lookUp } from 'node:dns'
import { connect, isIP, Socket, type LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { plainAddress, within } from './access/networks.ts'

/**
 * Where no system of a hospital is, whoever names it: what is no single machine, and the addresses under which clouds tell a machine its own keys
 * (169.254.169.254, fd00:ec2::254, 100.100.100.200, 192.0.0.192).
 */
const never = within(['0.0.0.0/8', '169.254.0.0/16', '100.100.100.200', '192.0.0.192', '224.0.0.0/4', '240.0.0.0/4', '::', 'fe80::/10', 'fd00:ec2::254', 'ff00::/8']) // prettier-ignore
const closed = (address: string): Error | null => (never(address) ? new Error(`不能连接地址 ${address}`) : null)

export type NamedFetch = (url: URL | string, init?: RequestInit) => Promise<Response>

/**
 * The way to systems whose addresses the administrator has named at the start: sign-in elsewhere, short messages, the store of files. They may stand inside, as
 * they do in a hospital, so what is judged is not where they are but that it is they: only origins that were named are spoken to, whatever an answer says; no
 * answer sends us elsewhere; the name is resolved here, and the connection goes to what was judged; TLS is proved, whatever the environment says of it.
 */
export function wayTo(...places: readonly URL[]): NamedFetch {
  const origins = new Set(places.map(({ origin }) => origin))
  for (const { hostname } of places) {
    const host = plainAddress(hostname.replace(/^\[|\]$/g, ''))
    const problem = isIP(host) ? closed(host) : null
    if (problem) throw problem
  }
  const agent = new Agent({ connect: { lookup: judged, rejectUnauthorized: true }, keepAliveTimeout: 10_000 })
  return async (url, init = {}) => {
    const { origin } = new URL(url)
    if (!origins.has(origin)) throw new Error(`${origin} 不在配置的地址之列`)
    // What Node's own fetch is built on takes the agent; its types do not say so.
    return fetch(url, { ...init, redirect: 'error', dispatcher: agent } as RequestInit)
  }
}
const judged: LookupFunction = (host, options, done) =>
  lookUp(host, { ...options, all: true, verbatim: true }, (error, found) => {
    const problem = error ?? found.map(({ address }) => closed(address)).find((one) => one !== null)
    if (problem) done(problem, '')
    else if (options.all) done(null, found)
    else done(null, found[0]!.address, found[0]!.family)
  })

type TakeSocket = (error: Error | null, socket?: { connection: Socket }) => void
/** The same for what speaks no HTTP: opens a connection to the one place that was named, judged as it is resolved. TLS upon it is the caller's. */
export const connectTo =
  (host: string, port: number, patienceMs: number) =>
  (_options: unknown, done: TakeSocket): void => {
    const address = plainAddress(host.replace(/^\[|\]$/g, ''))
    const problem = isIP(address) ? closed(address) : null
    if (problem) return done(problem)
    const socket = connect({ host: address, port, lookup: judged, timeout: patienceMs })
    const fail = (error: Error) => {
      socket.destroy()
      done(error)
    }
    const slow = () => fail(new Error(`${host}:${port} 没有应答`))
    socket.once('error', fail).once('timeout', slow)
    socket.once('connect', () => {
      socket.off('error', fail).off('timeout', slow).setTimeout(0)
      done(null, { connection: socket })
    })
  }

/** The same for a driver that connects a socket by itself: names are judged as they are resolved, and so is a bare address. */
export function namedSocket(): Socket {
  const socket = new Socket()
  const open = socket.connect.bind(socket)
  const judgedConnect = (port: number, host: string): Socket => {
    const problem = isIP(host) ? closed(plainAddress(host)) : null
    return problem ? socket.destroy(problem) : open({ port, host, lookup: judged })
  }
  return Object.assign(socket, { connect: judgedConnect })
}
