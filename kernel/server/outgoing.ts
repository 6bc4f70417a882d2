import { lookup as lookUp } from 'node:dns'
import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { networkProblem, plainAddress, within } from './access/networks.ts'

/** Where nothing is that this house has to tell the outside: this machine, its neighbours, what is no single machine, and what leads to these in disguise. */
const inner = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15',
  '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8',
] // prettier-ignore
const isInner = within(inner)

/** What a name stands for, every address of it. */
export type Lookup = (host: string) => Promise<readonly { address: string; family: number }[]>
export interface OutgoingOptions {
  /** Networks of the hospital that may be spoken to, by address or range: all else inside is refused. */
  allowed?: readonly string[]
  /** Nothing goes out at all, for this reason, in Chinese. */
  closed?: string | undefined
  /** How names are resolved; the system's way when absent. */
  lookup?: Lookup
}
export interface OutgoingRequest {
  method: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string | Buffer
  /** From the first look-up to the last byte, ms. */
  patienceMs: number
  /** Bytes of an answer; a longer one is cut off and told as a fault. */
  mostBytes?: number
}
export interface OutgoingAnswer {
  status: number
  text: string
}
const usualBytes = 256 * 1024

/**
 * Every connection to an address that somebody has filled in goes this way. The name is resolved here, every address it stands for is judged, and the connection
 * goes to an address that was judged: a name that answers otherwise the next moment leads nowhere. No answer sends us elsewhere.
 */
export class Outgoing {
  private readonly isAllowed: (address: string) => boolean
  private readonly lookup: Lookup
  private readonly closed: string | null
  constructor({ allowed = [], lookup = systemLookup, closed }: OutgoingOptions = {}) {
    this.closed = closed ?? null
    this.isAllowed = within(allowed)
    this.lookup = lookup
  }

  /** Why nothing is sent to this address, in Chinese; null when nothing speaks against it. Judges what can be told without asking anybody. */
  problemOf(text: string): string | null {
    if (this.closed) return this.closed
    if (!URL.canParse(text)) return '地址不对，应为 https://主机/路径'
    const url = new URL(text)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return '地址须以 http:// 或 https:// 开头'
    if (url.username || url.password) return '地址中不能带账号和密码'
    const host = hostOf(url)
    if (isIP(host)) return this.addressProblem(host)
    return /(^|\.)localhost\.?$/i.test(host) ? this.addressProblem('127.0.0.1') : null
  }
  private addressProblem(address: string): string | null {
    return isInner(address) && !this.isAllowed(address) ? `不能连接内部地址 ${address}；确需连接时由系统管理员在 XINGLIN_OUTGOING 中列出所在网段` : null
  } // prettier-ignore

  /** Asks; throws an error with a Chinese reason where the address is refused, and whatever the line says where it breaks. */
  async ask(text: string, request: OutgoingRequest): Promise<OutgoingAnswer> {
    const problem = this.problemOf(text)
    if (problem) throw new Error(problem)
    const url = new URL(text)
    const signal = AbortSignal.timeout(request.patienceMs)
    try {
      const answer = await this.send(url, request, signal)
      return { status: answer.statusCode ?? 0, text: await textOf(answer, request.mostBytes ?? usualBytes) }
    } catch (error) {
      throw signal.aborted ? new Error('对方没有及时应答', { cause: error }) : error
    }
  }
  private send(url: URL, { method, headers = {}, body }: OutgoingRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const open = url.protocol === 'https:' ? tlsRequest : plainRequest
    return new Promise((resolve, reject) => {
      // A connection of its own: one that is kept would have been judged for another name.
      const sending = open(
        url,
        { method, headers: { ...headers, connection: 'close' }, agent: false, lookup: this.judged, signal },
        resolve,
      )
      sending.on('error', reject)
      sending.end(body)
    })
  }
  /** Resolves for the connection itself, so that what was judged is what is connected to. */
  private readonly judged: LookupFunction = (host, options, done) => void this.resolve(host, options.all === true, done)
  private async resolve(host: string, wantsAll: boolean, done: Parameters<LookupFunction>[2]): Promise<void> {
    const found = await this.lookup(host).catch(() => [])
    const problem = found.length ? found.map(({ address }) => this.addressProblem(address)).find((one) => one !== null) : `找不到主机 ${host}`
    if (problem) done(new Error(problem), '')
    else if (wantsAll) done(null, found.map(({ address, family }) => ({ address, family })))
    else done(null, found[0]!.address, found[0]!.family)
  } // prettier-ignore
}
const hostOf = (url: URL): string => plainAddress(url.hostname.replace(/^\[|\]$/g, ''))
const systemLookup: Lookup = (host) =>
  new Promise((resolve, reject) => lookUp(host, { all: true, verbatim: true }, (error, found) => (error ? reject(error) : resolve(found))))

async function textOf(answer: IncomingMessage, mostBytes: number): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer) {
    bytes += (piece as Buffer).length
    if (bytes > mostBytes) {
      answer.destroy()
      throw new Error('对方的应答过长')
    }
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** `10.1.0.0/16,192.168.3.4` in XINGLIN_OUTGOING: networks of the hospital that may be spoken to. */
export function outgoingFromEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  const networks = (env['XINGLIN_OUTGOING'] ?? '').split(',').map((one) => one.trim()).filter(Boolean) // prettier-ignore
  const wrong = networks.find((one) => networkProblem(one))
  if (wrong) throw new Error(`XINGLIN_OUTGOING 中的“${wrong}”不对，应为允许连接的内部地址或网段，以逗号分开`)
  return networks
}
