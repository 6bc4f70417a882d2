// A syslog receiver in a process of its own, so that a test can kill it: writes each whole message as a line of its file before it reads on.
import { appendFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

const [, , port, file, key, cert] = process.argv

function receive(socket: Socket): void {
  let left: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (piece: Buffer) => {
    left = Buffer.concat([left, piece])
    const lines: string[] = []
    for (;;) {
      const space = left.indexOf(32)
      if (space < 0) break
      const length = Number(left.toString('latin1', 0, space))
      if (!Number.isInteger(length)) throw new Error(`no frame: ${left.toString('utf8', 0, 80)}`)
      if (left.length < space + 1 + length) break
      lines.push(`${left.toString('utf8', space + 1, space + 1 + length)}\n`)
      left = left.subarray(space + 1 + length)
    }
    if (lines.length) appendFileSync(file!, lines.join(''))
  })
}

const server = key && cert ? createTlsServer({ key, cert }, receive) : createServer(receive)
server.listen(Number(port), '127.0.0.1', () => process.send?.('listening'))
