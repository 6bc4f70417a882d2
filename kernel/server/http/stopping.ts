import type { FastifyInstance } from 'fastify'
import type { Socket } from 'node:net'

/** So long a stop waits for what is being answered, ms. */
const patience = 5000

/** A stop waits for answers on their way, not for browsers: they connect before they ask anything, and Node would wait for such a connection without an end. */
export function stopPromptly(app: FastifyInstance): void {
  const open = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  app.addHook('preClose', (done) => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    setTimeout(() => app.server.closeAllConnections(), patience).unref()
    done()
  })
}
