import type { FastifyRequest } from 'fastify'

/** What the log holds of a request: no query and no token, which prove somebody on his way back from another system or open what was shared. */
export const loggedRequest = ({ method, url, ip }: Pick<FastifyRequest, 'method' | 'url' | 'ip'>): Record<string, string> => ({
  method,
  url: url.replace(/[?#].*$/, '').replace(/^(\/api)?\/s\/[^/]+/, '$1/s/…'),
  remoteAddress: ip,
})
