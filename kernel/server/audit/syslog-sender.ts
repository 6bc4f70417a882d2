import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { framed } from './syslog-message.ts'
import type { SyslogTarget } from './outside.ts'

const patience = 10_000

/**
 * Sends messages and resolves when the receiver has taken them all. Syslog over TCP has no receipt: a connection is opened for each batch, closed on our side,
 * and only a receiver that has read to this end closes its own side in order; one that dies before answers with a reset, or not at all.
 */
export function sendSyslog(target: SyslogTarget, messages: readonly string[]): Promise<void> {
  return target.protocol === 'udp' ? sendDatagrams(target, messages) : sendStream(target, messages)
}

function sendStream(target: SyslogTarget, messages: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = open(target)
    let isSent = false
    let isTaken = false
    let fault: Error | null = null
    socket.setTimeout(patience, () => socket.destroy(new Error('接收方没有回应')))
    // Nothing is expected back, but the end is seen only by reading.
    socket.resume()
    socket.once('finish', () => (isSent = true))
    socket.once('end', () => (isTaken = isSent))
    socket.once('error', (error) => (fault = error))
    socket.once('close', (hadError) => {
      if (isTaken && !hadError) resolve()
      else reject(fault ?? new Error('接收方中途断开'))
    })
    socket.once(target.protocol === 'tls' ? 'secureConnect' : 'connect', () => {
      // On one machine, with nobody listening, TCP may connect a socket to itself: it would take its own words for received.
      if (socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress)
        socket.destroy(new Error('接收方没有开启该端口'))
      else socket.end(Buffer.concat(messages.map(framed)))
    })
  })
}

function open(target: SyslogTarget): Socket {
  const { host, port, protocol, ca, cert, key } = target
  if (protocol === 'tcp') return connect({ host, port })
  return connectTls({ host, port, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) })
}

// Nobody says whether a datagram arrived: for receivers that know nothing else.
async function sendDatagrams(target: SyslogTarget, messages: readonly string[]): Promise<void> {
  const socket = createSocket(target.host.includes(':') ? 'udp6' : 'udp4')
  try {
    for (const message of messages)
      await new Promise<void>((resolve, reject) =>
        socket.send(message, target.port, target.host, (error) => (error ? reject(error) : resolve())),
      )
  } finally {
    socket.close()
  }
}
