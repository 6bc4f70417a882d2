import { Parser } from 'htmlparser2'
import { Refusal } from '#model'
import { under } from './address.ts'
import { wayTo, type NamedFetch } from '../../outgoing-named.ts'
import { askOutside } from './asking.ts'
import type { Errand, OutsideIdentity, OutsideWay } from './way.ts'

export interface CasPlace {
  base: URL
  label: string
  /** The attribute that holds our staff number, or `user`: the name he signs in with there. Null: not trusted with it. */
  staffClaim: string | null
}
/** CAS 3.0. Proves one factor: what more was asked there is no part of the protocol. */
export class CasWay implements OutsideWay {
  readonly provider = 'cas'
  readonly label: string
  private readonly place: CasPlace
  private readonly way: NamedFetch
  constructor(place: CasPlace) {
    this.place = place
    this.way = wayTo(place.base)
    this.label = place.label
  }
  start(errand: Errand): Promise<string> {
    return Promise.resolve(under(this.place.base, '/login', { service: serviceOf(errand) }).href)
  }
  async finish(errand: Errand, url: URL): Promise<OutsideIdentity> {
    const ticket = url.searchParams.get('ticket')
    if (!ticket) throw new Refusal('outsideRefused', '已在单点登录中取消登录')
    const text = await askOutside(
      this.way,
      under(this.place.base, '/p3/serviceValidate', { service: serviceOf(errand), ticket }),
      '单点登录',
    )
    const { user, attributes } = readServiceResponse(text)
    const { staffClaim } = this.place
    return {
      subject: user,
      name: attributes.get('displayName') ?? attributes.get('name') ?? user,
      staffNumber: staffClaim === null ? null : staffClaim === 'user' ? user : (attributes.get(staffClaim) ?? null),
      twoFactors: false,
    }
  }
}
/** CAS knows no state: it stands in the address that it sends back to. */
const serviceOf = ({ callback, state }: Errand): string => `${callback}?state=${encodeURIComponent(state)}`

const deepest = 8
const success = 'serviceResponse/authenticationSuccess'
/** Whom a service response proves; refuses everything else. Only plain elements are taken: no declarations, no comments within which a name could be cut. */
export function readServiceResponse(text: string): { user: string; attributes: ReadonlyMap<string, string> } {
  const path: string[] = []
  const users: string[] = []
  const attributes = new Map<string, string>()
  let failure: string | null = null
  const parser = new Parser(
    {
      onopentag(name, of) {
        path.push(name.replace(/^[^:]*:/, ''))
        const at = path.join('/')
        // At once: what is nested without an end is not read to its end.
        if (path.length > deepest || (path.length === 1 && at !== 'serviceResponse')) refuse('hostile')
        if (at === 'serviceResponse/authenticationFailure') failure = of['code'] ?? ''
        if (at === `${success}/user`) users.push('')
      },
      ontext(piece) {
        const at = path.join('/')
        if (at === `${success}/user`) users[users.length - 1] += piece
        const [, key] = at.split(`${success}/attributes/`)
        if (key && !key.includes('/')) attributes.set(key, `${attributes.get(key) ?? ''}${piece}`)
      },
      onclosetag: () => void path.pop(),
      onprocessinginstruction: (name) => void (name.startsWith('!') && refuse('hostile')),
      oncomment: () => refuse('hostile'),
      oncdatastart: () => refuse('hostile'),
    },
    { xmlMode: true },
  )
  parser.end(text)
  const [user, ...others] = users.map((one) => one.trim())
  if (failure === 'INVALID_TICKET') throw new Refusal('outsideRefused', '单点登录的凭据已失效，请重新登录')
  if (failure !== null || !user || others.length || user.length > 255) return refuse(failure ?? 'unreadable')
  return { user, attributes }
}
function refuse(cause: string): never {
  throw new Refusal('outsideRefused', '单点登录未能确认您的身份，请重试', { cause })
}
