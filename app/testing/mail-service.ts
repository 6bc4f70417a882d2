import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Mail {
  id: string
  to: string
  subject: string
  text: string
}
/** A mail server that speaks SMTP: asks for a password, keeps what it takes, shows a Message-ID that it has once. */
export class MailService {
  readonly user = 'xinglin'
  readonly password = 'smtp-secret'
  /** As mailboxes show them. */
  readonly shown: Mail[] = []
  /** What it says to the next letters before it takes one: a code; `lost`: takes it, and its answer never arrives. */
  readonly faults: (number | 'lost')[] = []
  asked = 0
  port = 0
  private server: SMTPServer | null = null

  get url(): string {
    return `smtp://${this.user}:${this.password}@127.0.0.1:${this.port}`
  }
  /** On the port that it had before, if it had one. */
  async start(options: SMTPServerOptions = {}): Promise<this> {
    this.server = new SMTPServer({
      authOptional: false,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      // As a machine that goes away: nobody is waited for.
      closeTimeout: 1,
      ...options,
      onAuth: ({ username, password }, _session, done) =>
        username === this.user && password === this.password ? done(null, { user: username }) : done(new Error('535 5.7.8 wrong password')),
      onData: (stream, session, done) => {
        const pieces: Buffer[] = []
        stream.on('data', (piece: Buffer) => pieces.push(piece))
        stream.on('end', () => this.take(Buffer.concat(pieces).toString(), session.envelope.rcptTo[0]?.address ?? '', session, done))
      },
    })
    this.server.on('error', () => undefined)
    const listener = this.server.listen(this.port, '127.0.0.1')
    if (!listener.listening) await once(listener, 'listening')
    this.port = (listener.address() as { port: number }).port
    return this
  }
  async stop(): Promise<void> {
    const { server } = this
    if (server) await new Promise<void>((done) => server.close(() => done()))
    this.server = null
  }
  private take(raw: string, to: string, session: { id: string }, done: (error?: Error | null) => void): void {
    this.asked++
    const fault = this.faults.shift()
    if (typeof fault === 'number') return done(Object.assign(new Error('no'), { responseCode: fault }))
    const mail = parse(raw, to)
    if (!this.shown.some(({ id }) => id === mail.id)) this.shown.push(mail)
    if (fault === 'lost') {
      const all = this.server!.connections as unknown as Set<{ id: string; _socket: { destroy(): void } }>
      for (const connection of all) if (connection.id === session.id) connection._socket.destroy()
      return
    }
    done()
  }
}
function parse(raw: string, to: string): Mail {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const header = (name: string) => new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'im').exec(head)?.[1]?.replaceAll(/\r\n[ \t]/g, ' ') ?? ''
  const body = rest.join('\r\n\r\n')
  const encoding = header('content-transfer-encoding')
  const text = encoding === 'base64' ? Buffer.from(body, 'base64').toString() : encoding === 'quoted-printable' ? unquoted(body) : body
  const subject = header('subject').replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, kind: string, word: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString() : unquoted(word.replaceAll('_', ' ')),
  )
  return { id: header('message-id'), to, subject, text: text.replaceAll('\r\n', '\n').trim() }
} // prettier-ignore
function unquoted(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
