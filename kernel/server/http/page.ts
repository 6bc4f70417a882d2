import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asPage } from './headers.ts'

/** What the built page says where the number of its answer is to stand (vite.config.ts). */
const nonceMark = /XINGLIN-NONCE/g

/** The built page. Files with a hash in their name never change. Answers how the page itself is sent, at whatever address it was asked for. */
export async function servePage(app: FastifyInstance, folder: string): Promise<(reply: FastifyReply) => Promise<string>> {
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    index: false,
    // Files, not folders; and not the page itself: without the number of its answer it would have no styles.
    allowedPath: (path) => /\.\w+$/.test(path) && !path.startsWith('/index.html'),
    setHeaders: (reply, path) =>
      void reply.header('cache-control', /\/assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  return async (reply) => {
    const nonce = randomBytes(16).toString('base64')
    const text = await readFile(join(folder, 'index.html'), 'utf8')
    asPage(reply, nonce)
    return text.replace(nonceMark, nonce)
  }
}
