import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { jsonAnswer, Loopback, type LoopbackAnswer } from './loopback.ts'

type Claims = Record<string, unknown>
/** A small OpenID provider: discovery, authorization code with PKCE, RS256, its keys. Whoever comes is `user`, unless he says no. */
export class OidcProvider extends Loopback {
  readonly clientId = 'xinglin'
  readonly secret = 'oidc secret +/%'
  /** Claims of whoever signs in next. */
  user: Claims = { sub: 'u1', name: '无名' }
  /** What is wrong with the next id tokens. */
  fault: 'nonce' | 'expired' | 'audience' | 'unsigned' | 'key' | 'issuer' | null = null
  isRefusing = false
  private readonly codes = new Map<string, { nonce: string; challenge: string; redirect: string; user: Claims }>()
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  private readonly others = generateKeyPairSync('rsa', { modulusLength: 2048 })

  protected answer(request: IncomingMessage, url: URL, body: string): LoopbackAnswer {
    if (url.pathname === '/.well-known/openid-configuration') return jsonAnswer(this.discovery())
    if (url.pathname === '/jwks') return jsonAnswer({ keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] }) // prettier-ignore
    if (url.pathname === '/authorize') return this.authorize(url.searchParams)
    if (url.pathname === '/token') return this.token(request, new URLSearchParams(body))
    return { status: 404 }
  }
  private discovery = () => ({
    issuer: this.url, authorization_endpoint: `${this.url}/authorize`, token_endpoint: `${this.url}/token`, jwks_uri: `${this.url}/jwks`, response_types_supported: ['code'],
    subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  }) // prettier-ignore
  private authorize(query: URLSearchParams): LoopbackAnswer {
    const isKnown = query.get('client_id') === this.clientId && query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256'
    if (!isKnown || !query.get('scope')?.split(' ').includes('openid')) return { status: 400, body: 'invalid_request' }
    const back = new URL(query.get('redirect_uri')!)
    back.searchParams.set('state', query.get('state')!)
    if (this.isRefusing) back.searchParams.set('error', 'access_denied')
    else {
      const code = randomUUID()
      this.codes.set(code, { nonce: query.get('nonce')!, challenge: query.get('code_challenge')!, redirect: query.get('redirect_uri')!, user: this.user })
      back.searchParams.set('code', code)
    }
    return { status: 302, headers: { location: back.href } }
  } // prettier-ignore
  private token(request: IncomingMessage, form: URLSearchParams): LoopbackAnswer {
    const given = this.codes.get(form.get('code') ?? '')
    this.codes.delete(form.get('code') ?? '')
    if (!this.isClient(request, form)) return jsonAnswer({ error: 'invalid_client' }, 401)
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') // prettier-ignore
    if (!given || given.challenge !== challenge || given.redirect !== form.get('redirect_uri'))
      return jsonAnswer({ error: 'invalid_grant' }, 400)
    const idToken = this.idToken(given.user, given.nonce)
    return jsonAnswer({ access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken })
  }
  private isClient(request: IncomingMessage, form: URLSearchParams): boolean {
    const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ')
    const basic = scheme === 'Basic' ? Buffer.from(value, 'base64').toString('utf8').split(':').map((one) => decodeURIComponent(one.replaceAll('+', ' '))) : null // prettier-ignore
    const [id, secret] = basic ?? [form.get('client_id'), form.get('client_secret')]
    return id === this.clientId && secret === this.secret
  }
  private idToken(user: Claims, nonce: string): string {
    const now = Math.floor(Date.now() / 1000)
    const { fault } = this
    const claims = {
      iss: fault === 'issuer' ? 'https://elsewhere.example' : this.url,
      aud: fault === 'audience' ? 'somebody-else' : this.clientId,
      iat: fault === 'expired' ? now - 7200 : now,
      exp: fault === 'expired' ? now - 3600 : now + 300,
      nonce: fault === 'nonce' ? 'another' : nonce,
      ...user,
    }
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const text = `${part(fault === 'unsigned' ? { alg: 'none' } : { alg: 'RS256', kid: 'k1' })}.${part(claims)}`
    const { privateKey } = fault === 'key' ? this.others : this.keys
    return `${text}.${fault === 'unsigned' ? '' : sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  }
}
