import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** What an answer of the API is not: a page, a frame, another type than it says, anything that a browser keeps. */
export const answerHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
/** Scripts and styles of our own files alone; style elements that the component library writes carry the number of their answer. */
const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
const pageHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), autoplay=(self), camera=(self), clipboard-read=(), display-capture=(), fullscreen=(self), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), usb=()',
}
/** What whoever has once come by TLS is to do for a year: never come without. */
const onlyByTls = 'max-age=31536000; includeSubDomains'

/** Every answer has them: set before all else, so that refusals have them too and a route may say otherwise. */
export function standardHeaders(app: FastifyInstance, { mayBeTls }: { mayBeTls: boolean }): void {
  // In callback form, because every answer passes here.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(isOfApi(request) ? answerHeaders : pageHeaders)
    if (mayBeTls && request.protocol === 'https') reply.header('strict-transport-security', onlyByTls)
    done()
  })
}
const isOfApi = ({ url }: FastifyRequest): boolean => url.startsWith('/api')

/** What allows the page itself what it needs; `nonce`: of this one answer. */
export const asPage = (reply: FastifyReply, nonce: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').headers({ 'content-security-policy': pagePolicy(nonce), 'cache-control': 'no-store' })

/** What says under which name a file is kept (RFC 6266, RFC 8187), and whether it is shown or kept. */
export const namedFile = (name: string, place: 'attachment' | 'inline' = 'attachment'): string =>
  `${place}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.codePointAt(0)!.toString(16).toUpperCase()}`)}`

/**
 * A file that somebody has put here: opened from its address it is in nobody's origin and runs nothing. Our own page may frame it; a PDF is shown by the
 * browser's own viewer, which a sandbox would shut out.
 */
export const asGivenFile = (reply: FastifyReply, type: string): FastifyReply =>
  reply.type(type).header(
    'content-security-policy',
    type === 'application/pdf' ? "default-src 'none'; object-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'" : "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  ) // prettier-ignore
