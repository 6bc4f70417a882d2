import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { Clock } from '#model'
import { signedHeaders, type RequestToSign } from './signature.ts'

/** What went over the wire. */
export interface WireAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  // The tests know what they asked for.
  json<T = Record<string, unknown>>(): T
}
export interface WireCall {
  method: string
  target: string
  headers?: Record<string, string | string[]>
  body?: string | Uint8Array
}
/** Sends one request as it stands: header by header, byte by byte. */
export function send(url: string, { method, target, headers = {}, body }: WireCall): Promise<WireAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((done, failed) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
    const sent = request({ hostname, port, method, path: target, headers: { ...json, ...headers }, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', failed)
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString()
        done({ status: answer.statusCode!, headers: answer.headers, text, json: <T>() => JSON.parse(text) as T })
      })
    })
    sent.on('error', failed)
    sent.end(body)
  })
}

export const newNonce = (): string => randomBytes(12).toString('hex')
export type ToSign = WireCall & Partial<Pick<RequestToSign, 'requestId' | 'algorithm' | 'nonce' | 'at'>>
/** A program that signs what it sends. `change` spoils a request after it was signed. */
export interface Signer {
  signed(call: ToSign): WireCall
  call(call: ToSign, change?: (call: WireCall) => WireCall): Promise<WireAnswer>
}
export function signer(url: string, clock: Clock, { key, secret }: { key: string; secret: string }): Signer {
  const signed = ({ requestId, algorithm, nonce = newNonce(), at = clock.now(), ...call }: ToSign): WireCall => {
    const made = signedHeaders({
      key,
      secret,
      method: call.method,
      target: call.target,
      nonce,
      at,
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(algorithm === undefined ? {} : { algorithm }),
    })
    return { ...call, headers: { ...call.headers, ...made } }
  }
  return { signed, call: (call, change = (one) => one) => send(url, change(signed(call))) }
}
