import { readFileSync } from 'node:fs'
import { createTransport } from 'nodemailer'
import SmtpPool from 'nodemailer/lib/smtp-pool'
import { isLoopback } from '../../access/outside/address.ts'
import { connectTo } from '../../outgoing-named.ts'
import type { Became } from './channel.ts'

export interface Letter {
  /** The same however often it is sent: a mailbox that has it shows it once. */
  id: string
  to: string
  subject: string
  text: string
}
type Environment = Readonly<Record<string, string | undefined>>
/** To be let in. */
const connectMs = 10_000
/** A server may think this long over what it was given, to look for viruses (RFC 5321 4.5.3.2.6 asks for ten minutes). */
const answerMs = 600_000
export const patienceMs = answerMs + 60_000

/** The hospital's mail server, by SMTP under TLS: from the first byte (`smtps:`) or from STARTTLS on; only on this machine itself without. */
export class MailServer {
  readonly from: string
  private readonly host: string
  private readonly transport
  constructor(url: URL, from: string, ca?: string) {
    this.from = from
    this.host = /@([^\s>]+)/.exec(from)?.[1] ?? url.hostname
    const secure = url.protocol === 'smtps:'
    const port = Number(url.port) || (secure ? 465 : 587)
    const user = decodeURIComponent(url.username)
    const pool = new SmtpPool({
      host: url.hostname,
      port,
      secure,
      maxConnections: 4,
      requireTLS: !secure && !isLoopback(url),
      ignoreTLS: !secure && isLoopback(url),
      tls: { rejectUnauthorized: true, servername: url.hostname, ...(ca ? { ca } : {}) },
      ...(user ? { auth: { user, pass: decodeURIComponent(url.password) } } : {}),
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: answerMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      maxRequeues: 0,
    })
    // Only the place that was named is spoken to, and what was judged is what is connected to.
    pool.getSocket = connectTo(url.hostname, port, connectMs)
    this.transport = createTransport(pool)
  }
  /** What became of it; never fails. */
  async send({ id, to, subject, text }: Letter): Promise<Became> {
    const headers = { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' }
    try {
      await this.transport.sendMail({ from: this.from, to: { name: '', address: to }, subject, text, headers, messageId: `<${id}@${this.host}>` })
      return 'taken'
    } catch (error) {
      const { responseCode = 0, command, message } = error as Error & { responseCode?: number; command?: string }
      // Sent again, a letter that is only long in being looked at would come many times.
      if (message === 'Timeout') return 'unsure'
      // A permanent answer to this one letter. Who is not let in (530, 535), or may not send in this name, waits until that is mended.
      const isOfLetter = command === 'RCPT TO' || command === 'DATA'
      return isOfLetter && responseCode >= 550 && responseCode <= 559 ? 'refused' : 'away'
    }
  }
  close(): void {
    this.transport.close()
  }
} // prettier-ignore

/** The mail server that the environment names; null: there is none. */
export function mailFromEnvironment(env: Environment): MailServer | null {
  const given = env['XINGLIN_SMTP_URL']
  if (!given) return null
  const from = env['XINGLIN_SMTP_FROM'] ?? ''
  if (!URL.canParse(given) || !/^smtps?:\/\/[^/]+\/?$/.test(given)) throw new Error('XINGLIN_SMTP_URL 应为 smtps://账号:密码@主机:端口')
  if (!/^[^\r\n]*[^\s@<]+@[^\s@>]+>?$/.test(from)) throw new Error('XINGLIN_SMTP_FROM 应为发件地址，如 杏林医院 <xinglin@hospital.cn>')
  const ca = env['XINGLIN_SMTP_CA']
  return new MailServer(new URL(given), from, ca ? readFileSync(ca, 'utf8') : undefined)
}
