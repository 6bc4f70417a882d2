import { readFileSync } from 'node:fs'
import pg from 'pg'
import { Refusal } from '#model'
import { isLoopback } from './access/outside/address.ts'
import { namedSocket } from './outgoing-named.ts'

type Environment = Readonly<Record<string, string | undefined>>
const connectMs = 10_000
/** All views of one reading together. */
const patienceMs = 60_000
const viewName = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/

/** A view as it was read; every value as text, days as `2020-05-01`. */
export interface ViewRead {
  columns: string[]
  rows: (string | null)[][]
}
/** Another system's PostgreSQL that the administrator has named at the start, under TLS unless it is on this machine: only read, and only whole views. */
export class NamedDatabase {
  private readonly config: pg.ClientConfig
  constructor(url: URL, ca?: string) {
    const tls = { rejectUnauthorized: true, servername: url.hostname, ...(ca ? { ca } : {}) }
    this.config = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || 5432,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
      ssl: isLoopback(url) ? false : tls,
      stream: namedSocket,
      connectionTimeoutMillis: connectMs,
      query_timeout: patienceMs + 5000,
      options: `-c statement_timeout=${patienceMs} -c timezone=Asia/Shanghai -c datestyle=ISO`,
      application_name: 'xinglin',
      types: { getTypeParser: (oid) => asText(oid) },
    }
  }
  /** Reads these views as of one moment. `most`: rows of one view. @throws {Refusal} `otherFailed`, with what whoever looks after the source can do about it. */
  async read(views: readonly string[], most: number): Promise<ViewRead[]> {
    const wrong = views.find((view) => !viewName.test(view))
    if (wrong !== undefined) throw new Refusal('otherFailed', `视图名“${wrong.slice(0, 60)}”不对`)
    const client = new pg.Client(this.config)
    // A connection that breaks afterwards must not end the program.
    client.on('error', () => undefined)
    let at = ''
    try {
      await client.connect()
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const read: ViewRead[] = []
      for (const view of views) {
        at = view
        const from = view.split('.').map((part) => pg.escapeIdentifier(part)).join('.')
        const { fields, rows } = await client.query<(string | null)[]>({ text: `SELECT * FROM ${from} LIMIT ${most + 1}`, rowMode: 'array' })
        if (rows.length > most) throw new Refusal('otherFailed', `视图 ${view} 超过 ${most} 行`)
        read.push({ columns: fields.map(({ name }) => name), rows })
      }
      return read
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal('otherFailed', reasonOf(error as Error & { code?: string }, at))
    } finally {
      await client.end().catch(() => undefined)
    }
  } // prettier-ignore
}
/** `timestamp` is a day to us. */
const asText = (oid: number) => (text: string) => (oid === 1114 || oid === 1184 ? text.slice(0, 10) : text)

/** Of PostgreSQL's states (appendix A) those that somebody can do something about. */
const states: Readonly<Record<string, (view: string) => string>> = {
  '28P01': () => '数据库不接受配置的用户名或密码',
  '28000': () => '数据库不允许本机以配置的用户登录',
  '3D000': () => '没有配置的那个数据库',
  '42P01': (view) => `没有视图 ${view}`,
  '3F000': (view) => `没有视图 ${view}`,
  '42501': (view) => `没有读取 ${view} 的权限`,
  '57014': (view) => `视图 ${view} 在 ${patienceMs / 1000} 秒内没有读完`,
  '53300': () => '数据库的连接已用完',
}
function reasonOf({ code = '', message }: Error & { code?: string }, view: string): string {
  const known = states[code]
  if (known) return known(view)
  if (/^[0-9A-Z]{5}$/.test(code)) return `读取 ${view || '数据库'} 出错（${code}）：${message.slice(0, 150)}`
  return /certificate|self-signed|SSL/i.test(`${code} ${message}`) ? '数据库没有可信的 TLS 证书' : '连不上数据库'
}

const named = /^XINGLIN_FEED_([A-Z][A-Z0-9_]*)_DATABASE$/
/** Databases of sources by the source's code, from `XINGLIN_FEED_<CODE>_DATABASE` (and `…_DATABASE_CA`, a file); what cannot work is told before anything is started. */
export function databasesFromEnvironment(env: Environment): ReadonlyMap<string, NamedDatabase> {
  const found = new Map<string, NamedDatabase>()
  for (const [name, value] of Object.entries(env)) {
    const code = named.exec(name)?.[1]
    if (!code || !value) continue
    const url = URL.canParse(value) ? new URL(value) : null
    if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || !url.username || url.pathname.length < 2 || url.search || url.hash)
      // The value holds a password: it is not told.
      throw new Error(`${name} 不对，应为 postgres://用户:密码@主机[:端口]/数据库`)
    const ca = env[`${name}_CA`]
    found.set(code.toLowerCase().replaceAll('_', '-'), new NamedDatabase(url, ca ? readFileSync(ca, 'utf8') : undefined))
  }
  return found
} // prettier-ignore
