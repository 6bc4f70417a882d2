import * as client from 'openid-client'
import { Refusal } from '#model'
import { wayTo } from '../../outgoing-named.ts'
import { isLoopback } from './address.ts'
import type { Errand, OutsideIdentity, OutsideWay } from './way.ts'

export interface OidcPlace {
  issuer: URL
  clientId: string
  secret: string
  label: string
  /** The claim that holds our staff number, where the provider is trusted with it. */
  staffClaim: string | null
  /** Where else the provider may keep its tokens and keys. */
  hosts: readonly URL[]
}
const patienceSeconds = 8
/** Contexts that stand for two factors: OpenID EAP (phishing-resistant), PAPE, REFEDS. */
const strongContexts = new Set([
  'phr',
  'phrh',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
  'https://refeds.org/profile/mfa',
])
/** RFC 8176: what one knows, what one has, what one is. */
const factors: Readonly<Record<string, 'knows' | 'has' | 'is'>> = {
  pwd: 'knows', pin: 'knows', kba: 'knows', otp: 'has', sms: 'has', tel: 'has', hwk: 'has', swk: 'has', sc: 'has', face: 'is', fpt: 'is', iris: 'is', retina: 'is', vbm: 'is',
} // prettier-ignore

/** OpenID Connect: authorization code with PKCE, state and nonce; the id token's signature is proved although it comes straight from the provider. */
export class OidcWay implements OutsideWay {
  readonly provider = 'oidc'
  readonly label: string
  private readonly place: OidcPlace
  private readonly way: client.CustomFetch
  private found: Promise<client.Configuration> | null = null
  constructor(place: OidcPlace) {
    this.place = place
    this.label = place.label
    const way = wayTo(place.issuer, ...place.hosts)
    this.way = (url, { body, ...init }) => way(url, { ...init, ...(body === undefined ? {} : { body }) } as RequestInit)
  }
  async start(errand: Errand): Promise<string> {
    const url = client.buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: errand.callback,
      scope: 'openid profile',
      state: errand.state,
      nonce: errand.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(errand.verifier),
      code_challenge_method: 'S256',
    })
    return url.href
  }
  async finish(errand: Errand, url: URL): Promise<OutsideIdentity> {
    const configuration = await this.configuration()
    const claims = await client
      .authorizationCodeGrant(configuration, url, {
        expectedState: errand.state,
        expectedNonce: errand.nonce,
        pkceCodeVerifier: errand.verifier,
        idTokenExpected: true,
      }) // prettier-ignore
      .then((tokens) => tokens.claims()!, refuse)
    const staff = this.place.staffClaim === null ? null : claims[this.place.staffClaim]
    const name = claims['name'] ?? claims['preferred_username']
    return {
      subject: claims.sub,
      name: typeof name === 'string' && name ? name : claims.sub,
      staffNumber: typeof staff === 'string' || typeof staff === 'number' ? String(staff) : null,
      twoFactors: hasTwoFactors(claims['amr'], claims['acr']),
    }
  }
  /** Found once; a provider that was away is asked again. */
  private configuration(): Promise<client.Configuration> {
    const { issuer, clientId, secret } = this.place
    this.found ??= client
      .discovery(issuer, clientId, secret, undefined, {
        timeout: patienceSeconds,
        // Where to ask for tokens and keys the provider says itself: only within its own house, or that of `hosts`.
        [client.customFetch]: this.way,
        execute: [client.enableNonRepudiationChecks, ...(isLoopback(issuer) ? [client.allowInsecureRequests] : [])],
      })
      .catch(() => {
        this.found = null
        throw new Refusal('outsideRefused', '连不上统一身份认证，请稍后再试，或用账号密码登录')
      })
    return this.found
  }
}
/** What the library found wrong is for the log, not for whoever stands before the page. */
function refuse(error: unknown): never {
  if (error instanceof client.AuthorizationResponseError && error.error === 'access_denied')
    throw new Refusal('outsideRefused', '已在统一身份认证中取消登录')
  throw new Refusal('outsideRefused', '统一身份认证未能确认您的身份，请重试', { cause: error instanceof Error ? error.message : '' })
}
/** Does the id token say that more than one factor was proved? */
export function hasTwoFactors(amr: unknown, acr: unknown): boolean {
  if (typeof acr === 'string' && strongContexts.has(acr)) return true
  const methods = Array.isArray(amr) ? amr.filter((one): one is string => typeof one === 'string') : []
  return methods.includes('mfa') || new Set(methods.flatMap((one) => factors[one] ?? [])).size > 1
}
