import type { FastifyReply, FastifyRequest } from 'fastify'

const untilClosed = 2000
/** A refused upload is still being sent: the answer goes out, then the connection ends instead of taking in the rest. */
export function stopReceiving(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('connection', 'close')
  reply.raw.once('finish', () => {
    // Closing at once would lose the answer under the unread bytes.
    request.raw.resume()
    setTimeout(() => request.raw.destroy(), untilClosed).unref()
  })
}
