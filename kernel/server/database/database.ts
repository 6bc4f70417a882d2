import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { Refusal } from '#model'

/** Anything SQL can be sent to: the pool, or one transaction's connection. */
export interface Queryable {
  /** Runs SQL with parameters. A statement is prepared once per connection and text. */
  query<R extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** Runs SQL without preparing it: DDL, several statements, texts used once. */
  once<R extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** Streams lines of COPY's text format into `COPY … FROM STDIN`. Only within a transaction. */
  copyIn(text: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void>
}
export interface Lists extends Queryable {
  /** Runs `work` on one connection, whose statements are cut off after `ms`. */
  within<T>(ms: number, work: (db: Queryable) => Promise<T>): Promise<T>
}
export interface Database extends Queryable {
  /** One act, one transaction: commits when `work` answers, rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /** Two connections of their own for what transactions wait for: what all share, read when it is first needed, would wait for a connection that those who wait for it hold. */
  readonly aside: Queryable
  /** Where lists of large tables are read: apart from the rest, so that they hold up nobody, and cut off sooner. */
  readonly lists: Lists
  readonly pool: pg.Pool
  close(): Promise<void>
}

// Dates stay text, instants become ISO text, int8 a number: nothing passes through a local-time Date.
const parsers = new Map<number, (text: string) => unknown>([
  [1082, (text) => text],
  [1184, (text) => instantToIso(text)],
  [20, Number],
])
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => parsers.get(oid) ?? pg.types.getTypeParser(oid, format),
}
/** PostgreSQL prints `2026-11-21 08:00:00.12+00` in a UTC session. */
const instantToIso = (text: string): string => {
  const [day, time] = text.replace(/\+00$/, '').split(' ') as [string, string]
  const [whole, part = ''] = time.split('.') as [string, string?]
  return `${day}T${whole}.${part.slice(0, 3).padEnd(3, '0')}Z`
}

// One name per text for the life of the program; texts are built from definitions and filter shapes, so their number is bounded by use.
const names = new Map<string, string>()
const maxNames = 5000
let named = 0
/** Marks a text that is worth no prepared statement: it is hardly asked again. */
export const askedOnce = '/* asked once */'
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known) return known
  if (names.size >= maxNames || text.includes(askedOnce)) return undefined
  const name = `x${named++}`
  names.set(text, name)
  return name
}
/** A statement was prepared before a column that it reads was given another type. */
const isStale = (error: unknown): boolean =>
  (error as { code?: unknown }).code === '0A000' && /cached plan must not change result type/.test((error as Error).message)

const lostConnection = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
])
/** True when the database cannot be reached or has just gone away. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as { code?: unknown }).code
  return (
    (typeof code === 'string' && lostConnection.has(code)) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(error.message)
  )
}
const fullDisk = new Set(['53100', 'ENOSPC'])
function translate(error: unknown): unknown {
  if (isUnavailable(error)) return new Refusal('unavailable', undefined, { retryAfter: 2 })
  if ((error as { code?: unknown }).code === '57014') return new Refusal('slowQuery')
  // Within a transaction nothing more can be asked; the same request finds it prepared anew.
  if (isStale(error)) return new Refusal('unavailable', '系统刚刚更新，请重试', { retryAfter: 1 })
  // A full disk is mended outside; until then the same request may be sent again.
  if (fullDisk.has(String((error as { code?: unknown }).code)))
    return new Refusal('unavailable', '磁盘空间不足，没有保存；请联系管理员，稍后可重试', { retryAfter: 30 })
  return error
}

const queryable = (send: (config: pg.QueryConfig) => Promise<{ rows: unknown[] }>, client?: pg.PoolClient): Queryable => {
  const run = async <R extends object>(config: pg.QueryConfig): Promise<R[]> => {
    try {
      return (await send(config)).rows as R[]
    } catch (error) {
      if (config.name && isStale(error)) {
        if (names.get(config.text) === config.name) names.delete(config.text)
        if (!client) return run({ ...config, name: nameOf(config.text) } as pg.QueryConfig)
      }
      throw translate(error)
    }
  }
  return {
    query: (text, values = []) => run({ name: nameOf(text), text, values: values as unknown[] } as pg.QueryConfig),
    once: (text, values) => run(values ? { text, values: values as unknown[] } : { text }),
    async copyIn(text, lines) {
      if (!client) throw new Error('COPY needs a transaction')
      await pipeline(Readable.from(lines, { objectMode: false, highWaterMark: 1 << 20 }), client.query(copyFrom(text))).catch(
        (error: unknown) => {
          throw translate(error)
        },
      )
    },
  }
}

async function within<T>(pool: pg.Pool, ms: number, work: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw translate(error)
  })
  const set = (timeout: number) => client.query(`SET statement_timeout = ${timeout}`)
  try {
    await set(ms)
    return await work(queryable((config) => client.query(config), client))
  } finally {
    await set(listTimeout).then(
      () => client.release(),
      (fault: Error) => client.release(fault),
    )
  }
}
const listTimeout = 5000
// Pages come from memory or solid disks, where the place of a page costs little; compiling a plan costs more than it saves; where there is no room for the
// places of all that an index found, whole pages are looked through again (measured: 140,000 of a search took 56 s).
const forLists = '-c random_page_cost=1.1 -c jit=off -c work_mem=64MB'
/** Begins a transaction that sees one moment and takes as long as it takes: also while nothing is asked of it, because others work on what it holds. */
export const beginLong =
  'BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0'
/** Opens a pool. `options.max` connections; statements are cut off after 15 s, idle transactions after 60 s. */
export function openDatabase(url: string, options: { max?: number; name?: string } = {}): Database {
  const address = new URL(url)
  // What the address asks of its sessions (another role) is kept: given in the address, it would displace ours.
  const asked = address.searchParams.get('options') ?? ''
  address.searchParams.delete('options')
  const open = (max: number, statementTimeout = 15_000, more = ''): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: address.href,
      max,
      connectionTimeoutMillis: 5000,
      idleTimeoutMillis: 60_000,
      application_name: options.name ?? 'xinglin',
      types: types,
      options:
        `-c timezone=UTC -c statement_timeout=${statementTimeout} -c idle_in_transaction_session_timeout=60000 ${more} ${asked}`.trim(),
    })
    // A connection lost while idle, or between two statements of a transaction, is replaced at the next use; without listeners it would end the process.
    pool.on('error', () => undefined)
    pool.on('connect', (client) => client.on('error', () => undefined))
    return pool
  }
  const max = options.max ?? 20
  const [pool, aside, lists] = [open(max), open(2), open(Math.ceil(max / 2), listTimeout, forLists)]
  return {
    ...queryable((config) => pool.query(config)),
    aside: queryable((config) => aside.query(config)),
    lists: { ...queryable((config) => lists.query(config)), within: (ms, work) => within(lists, ms, work) },
    pool,
    async transaction(work) {
      let client: pg.PoolClient
      try {
        client = await pool.connect()
      } catch (error) {
        throw translate(error)
      }
      const tx = queryable((config) => client.query(config), client)
      try {
        await tx.once('BEGIN')
        const answer = await work(tx)
        await tx.once('COMMIT')
        client.release()
        return answer
      } catch (error) {
        await client.query('ROLLBACK').then(
          () => client.release(),
          (fault: Error) => client.release(fault),
        )
        throw error
      }
    },
    close: async () => void (await Promise.all([pool.end(), aside.end(), lists.end()])),
  }
}

/** The constraint that a write broke, when that is why it failed. */
export function brokenConstraint(error: unknown): { kind: 'unique' | 'reference' | 'exclusion'; name: string } | null {
  const { code, constraint } = error as { code?: string; constraint?: string }
  const kind = code === '23505' ? 'unique' : code === '23503' ? 'reference' : code === '23P01' ? 'exclusion' : null
  return kind && constraint ? { kind, name: constraint } : null
}
