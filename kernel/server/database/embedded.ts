// The embedded database: a real PostgreSQL of our own, started below a data directory and kept alive.
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries, serverUser, type Binaries, type ServerUser } from './binaries.ts'
import {
  adminRole,
  claim,
  ensureCluster,
  ensureSocketFolder,
  isDiskFull,
  placesIn,
  readPostmaster,
  readSecrets,
  refuseCopyOfRunning,
  release,
  serverEnvironment,
  type Places,
} from './cluster.ts'
import { EmbeddedError } from './embedded-error.ts'
import { isAlive, isGoneWithin, isPostgres } from './processes.ts'
import { appRole, ownerRole, prepareRoles, sealerRole, trialAddress, withClient, withLogin, type Roles } from './roles.ts'

export interface EmbeddedOptions {
  /** Holds the cluster, its log and its passwords; made when missing. */
  dataDir: string
  /** A free one when not given. */
  port?: number
  /** For tests: nothing is flushed to disk, a crash of the machine loses the data. */
  fast?: boolean
  /** Folder with bin/postgres of another version than the packaged one. */
  binaries?: string
  /** Further server settings; they win. */
  settings?: Record<string, string>
  database?: string
  /** The server died by itself and is being started again. */
  onDown?: (reason: string) => void
  /** It answers again. */
  onUp?: (afterMs: number) => void
}

export interface Embedded extends Roles {
  /** The serving role's address (`appUrl`). */
  url: string
  /** Superuser: backups and tests only. */
  adminUrl: string
  port: number
  /** Directory of the Unix socket, where there is one. */
  socketDir: string | undefined
  dataDir: string
  /** started by us · adopted from a killed process · joined: another living process owns it, `stop` leaves it alone. */
  origin: 'started' | 'adopted' | 'joined'
  /** Process number of the server; changes when it was restarted. */
  pid: () => number | undefined
  stop: () => Promise<void>
}

/** Starts the embedded PostgreSQL of a data directory, or takes over one that a killed process left running. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const places = placesIn(resolve(options.dataDir))
  mkdirSync(places.dataDir, { recursive: true })
  refuseCopyOfRunning(places)
  if (!claim(places)) return join(places, options)
  try {
    const user = serverUser(places.cluster)
    const binaries = findBinaries(user, options.binaries)
    const secrets = ensureCluster(places, binaries, user)
    const server = new Server(places, options, binaries, user)
    const origin = await server.begin(secrets.admin)
    const handle = await handleOf(places, server.port, options.database)
    return { ...handle, origin, socketDir: server.socketDir, pid: () => server.pid, stop: () => server.stop() }
  } catch (error) {
    release(places)
    throw error
  }
}

// Keeps one postmaster running: ours, or an adopted one that is not our child.
class Server {
  port = 0
  pid: number | undefined
  readonly socketDir: string | undefined
  private readonly places: Places
  private readonly options: EmbeddedOptions
  private readonly binaries: Binaries
  private readonly user: ServerUser | undefined
  private isStopping = false

  constructor(places: Places, options: EmbeddedOptions, binaries: Binaries, user: ServerUser | undefined) {
    this.places = places
    this.options = options
    this.binaries = binaries
    this.user = user
    this.socketDir = ensureSocketFolder(places, user)
  }

  async begin(adminPassword: string): Promise<'started' | 'adopted'> {
    const orphan = readPostmaster(this.places)
    if (orphan && isPostgres(orphan.pid)) {
      const isWanted = !this.options.port || this.options.port === orphan.port
      if (isWanted && (await answers(adminUrlOf(orphan.port, adminPassword)))) {
        this.port = orphan.port
        this.pid = orphan.pid
        void this.watch(orphan.pid)
        return 'adopted'
      }
      await end(orphan.pid)
    }
    await this.start()
    return 'started'
  }

  async stop(): Promise<void> {
    this.isStopping = true
    if (this.pid) await end(this.pid)
    this.pid = undefined
    rmSync(this.places.sockets, { recursive: true, force: true })
    release(this.places)
  }

  private async start(): Promise<void> {
    // Once addresses have been given out the port stays.
    const mayMove = !this.options.port && !this.pid
    this.port ||= this.options.port ?? 0
    for (const end = Date.now() + 10_000; ; await sleep(50)) {
      if (mayMove) this.port = await freePort()
      try {
        return await this.startOnce()
      } catch (error) {
        const code = error instanceof EmbeddedError ? error.code : undefined
        const mayRetry = code === 'still-in-use' || (code === 'port-in-use' && mayMove)
        if (!mayRetry || Date.now() > end) throw error
      }
    }
  }

  private async startOnce(): Promise<void> {
    const { places, binaries, user } = this
    dropForeignPidFile(places)
    rotate(places.log)
    const logFrom = existsSync(places.log) ? statSync(places.log).size : 0
    const log = openSync(places.log, 'a', 0o600)
    // In a session of its own, so that Ctrl-C in the terminal ends it only after we have finished our work.
    const child = spawn(binaries.postgres, ['-D', realpathSync(places.cluster), ...this.settings()], {
      ...user,
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    child.unref()
    const exited = new Promise<string>((done) => {
      child.once('exit', (code, signal) => done(signal ?? `code ${code}`))
      child.once('error', (error) => done(error.message))
    })
    await this.untilReady(child, exited, logFrom)
    this.pid = child.pid
    void this.watch(child.pid ?? 0, exited)
  }

  private async untilReady(child: ChildProcess, exited: Promise<string>, logFrom: number): Promise<void> {
    let end: string | undefined
    void exited.then((reason) => (end = reason))
    // Recovery after a crash may take minutes: as long as the process lives, it is on its way.
    for (;;) {
      const postmaster = readPostmaster(this.places)
      if (postmaster && postmaster.pid === child.pid && postmaster.isReady) return
      if (end !== undefined) throw startFailure(this.places, this.port, end, readFileSync(this.places.log, 'utf8').slice(logFrom))
      await sleep(10)
    }
  }

  // An adopted server is nobody's child: it can only be looked at.
  private async watch(pid: number, exited?: Promise<string>): Promise<void> {
    let reason = 'gone'
    if (exited) reason = await exited
    else while (!this.isStopping && isAlive(pid)) await sleep(250, undefined, { ref: false })
    if (this.isStopping) return
    const downSince = Date.now()
    this.options.onDown?.(reason)
    for (let wait = 250; !this.isStopping; wait = Math.min(wait * 2, 10_000)) {
      try {
        await this.start()
        // stop() may have run while it came up, and then knew only the dead one.
        if (this.isStopping && this.pid) await end(this.pid)
        else this.options.onUp?.(Date.now() - downSince)
        return
      } catch (error) {
        this.options.onDown?.((error as Error).message)
        await sleep(wait, undefined, { ref: false })
      }
    }
  }

  private settings(): string[] {
    const { fast, settings } = this.options
    const quarterOfMemory = Math.floor(totalmem() / 4 / 2 ** 20)
    const values: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: this.socketDir ?? '',
      max_connections: '200',
      shared_buffers: `${Math.min(512, quarterOfMemory)}MB`,
      max_wal_size: '2GB',
      timezone: 'UTC',
      log_timezone: 'UTC',
      log_line_prefix: '%m [%p] %u@%d ',
      // Statements may hold people's data: they stay out of the log even when they fail.
      log_min_error_statement: 'panic',
      log_parameter_max_length_on_error: '0',
      ...(fast && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' }),
      ...settings,
    }
    return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  }
}

// Another living process has the data directory: wait until its server is ready and use that.
async function join(places: Places, options: EmbeddedOptions): Promise<Embedded> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const postmaster = readPostmaster(places)
    if (!postmaster?.isReady || !isPostgres(postmaster.pid) || !existsSync(places.secrets)) continue
    const handle = await handleOf(places, postmaster.port, options.database)
    const socketDir = existsSync(places.sockets) ? places.sockets : undefined
    return { ...handle, origin: 'joined', socketDir, pid: () => readPostmaster(places)?.pid, stop: () => Promise.resolve() }
  }
  throw new EmbeddedError('start-failed', `数据目录 ${places.dataDir} 正被另一个进程使用，而它的数据库在一分钟内没有就绪。`)
}

async function handleOf(places: Places, port: number, database = 'xinglin') {
  const secrets = readSecrets(places)
  const adminUrl = adminUrlOf(port, secrets.admin)
  const appUrl = withLogin(adminUrl, appRole, secrets.app, database)
  const ownerUrl = withLogin(adminUrl, ownerRole, secrets.owner, database)
  const sealerUrl = withLogin(adminUrl, sealerRole, secrets.sealer, database)
  if (!((await answers(appUrl)) && (await answers(ownerUrl)) && (await answers(sealerUrl)) && (await answers(trialAddress(ownerUrl)))))
    await prepareRoles(adminUrl, { database, ownerPassword: secrets.owner, appPassword: secrets.app, sealerPassword: secrets.sealer })
  return { url: appUrl, appUrl, ownerUrl, sealerUrl, adminUrl, port, dataDir: places.dataDir }
}

function adminUrlOf(port: number, password: string): string {
  return `postgres://${adminRole}:${password}@127.0.0.1:${port}/postgres`
}

async function answers(url: string): Promise<boolean> {
  return withClient(url, (client) => client.query('select 1')).then(
    () => true,
    () => false,
  )
}

// Fast shutdown first (sessions are ended, everything is flushed); then harder.
async function end(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    if (await isGoneWithin(pid, patience)) return
  }
}

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

// PostgreSQL refuses to start while a process with the number in postmaster.pid exists: even one that took the number later,
// or a zombie that nobody collects. Sessions of the dead server that still live are found by their shared memory.
function dropForeignPidFile(places: Places): void {
  const left = readPostmaster(places)
  if (left && !isPostgres(left.pid)) rmSync(`${places.cluster}/postmaster.pid`, { force: true })
}

function rotate(log: string): void {
  if (existsSync(log) && statSync(log).size > 10 * 2 ** 20) renameSync(log, `${log}.1`)
}

function startFailure(places: Places, port: number, end: string, log: string): EmbeddedError {
  if (/Address already in use|could not bind/i.test(log))
    return new EmbeddedError('port-in-use', `端口 ${port} 已被其他程序占用，内置数据库无法启动。`)
  if (isDiskFull(places.dataDir, log)) return new EmbeddedError('disk-full', `磁盘已满，内置数据库无法启动（${places.dataDir}）。`)
  if (/pre-existing shared memory|postmaster\.pid" already exists/i.test(log))
    return new EmbeddedError('still-in-use', `上一个数据库进程尚未完全退出（${places.dataDir}），请稍后再试。`)
  const last = log.trim().split('\n').slice(-5).join('\n')
  return new EmbeddedError('start-failed', `内置数据库无法启动（${end}），日志在 ${places.log}：\n${last}`)
}
