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
const patienceMs = 15_000

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
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: patienceMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      maxRequeues: 0,
    })
    // Only the place that was named is spoken to, and what was judged is what is connected to.
    pool.getSocket = connectTo(url.hostname, port, patienceMs)
    this.transport = createTransport(pool)
  }
  /** What became of it; never fails. */
  async send({ id, to, subject, text }: Letter): Promise<Became> {
    const headers = { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' }
    try {
      await this.transport.sendMail({ from: this.from, to: { name: '', address: to }, subject, text, headers, messageId: `<${id}@${this.host}>` })
      return 'taken'
    } catch (error) {
      const { responseCode } = error as { responseCode?: number }
      // A permanent answer to this one letter; who is not let in at all (530, 535) waits until that is mended.
      return responseCode !== undefined && responseCode >= 550 && responseCode <= 559 ? 'refused' : 'away'
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
