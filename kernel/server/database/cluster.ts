// A data directory of the embedded server: making it, checking its version, its passwords, its lock, what runs on it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isReachable, type Binaries, type ServerUser } from './binaries.ts'
import { EmbeddedError } from './embedded-error.ts'
import { identityOf, isPostgres } from './processes.ts'
import { makePassword } from './roles.ts'

export const adminRole = 'xinglin_admin'

/** Where things stand below the data directory. */
export interface Places {
  dataDir: string
  /** PostgreSQL's own directory; a link where the server's user cannot reach the data directory. */
  cluster: string
  secrets: string
  log: string
  owner: string
  /** For Unix sockets; short, because their paths may have no more than 107 bytes. */
  sockets: string
}

export interface Secrets {
  admin: string
  owner: string
  app: string
  sealer: string
}

/** What postmaster.pid says. */
export interface Postmaster {
  pid: number
  port: number
  isReady: boolean
  /** The directory it serves: another one than this, when this is a copy made while it ran. */
  folder: string
}

export function placesIn(dataDir: string): Places {
  const inside = (name: string) => join(dataDir, name)
  const sockets = join(tmpdir().length > 60 ? '/tmp' : tmpdir(), `xinglin-${digest(dataDir)}`)
  return {
    dataDir,
    cluster: inside('cluster'),
    secrets: inside('secrets.json'),
    log: inside('postgres.log'),
    owner: inside('owner'),
    sockets,
  }
}

/** Makes the cluster if there is none, and refuses one of another major version. */
export function ensureCluster(places: Places, binaries: Binaries, user: ServerUser | undefined): Secrets {
  const version = join(places.cluster, 'PG_VERSION')
  if (existsSync(version)) {
    refuseOtherVersion(places, readFileSync(version, 'utf8').trim(), binaries.major)
    return readSecrets(places)
  }
  const secrets = existsSync(places.secrets) ? readSecrets(places) : writeSecrets(places)
  const real = realCluster(places, user)
  // A killed initdb leaves half a cluster: made aside and renamed, it is whole or absent.
  const half = `${real}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { mode: 0o700 })
  if (user) chownSync(half, user.uid, user.gid)
  initialise(half, secrets, binaries, user)
  renameSync(half, real)
  return secrets
}

/** A directory for the Unix sockets that only the server's user may write to; undefined where somebody else holds it. */
export function ensureSocketFolder(places: Places, user: ServerUser | undefined): string | undefined {
  if (process.platform === 'win32') return undefined
  try {
    mkdirSync(places.sockets, { mode: 0o700 })
    if (user) chownSync(places.sockets, user.uid, user.gid)
    return places.sockets
  } catch {
    const stat = spawnSync('stat', ['-c', '%u %F', places.sockets], { encoding: 'utf8' }).stdout.trim()
    return stat === `${user?.uid ?? process.getuid?.()} directory` ? places.sockets : undefined
  }
}

/** The server that runs, or ran last, on this cluster. */
export function readPostmaster(places: Places): Postmaster | undefined {
  try {
    const lines = readFileSync(join(places.cluster, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    return pid > 0 && port > 0 ? { pid, port, isReady: lines[7]?.trim() === 'ready', folder: lines[1] ?? '' } : undefined
  } catch {
    return undefined
  }
}

/**
 * A copied folder brings along the file that says where its original's server is found: whoever followed it would write there.
 * @throws {EmbeddedError} `copy-of-running`, as long as that server lives; what was copied under its hands is not to be relied on.
 */
export function refuseCopyOfRunning(places: Places): void {
  const found = readPostmaster(places)
  if (!found || !isPostgres(found.pid) || found.folder === realpathSync(places.cluster)) return
  throw new EmbeddedError(
    'copy-of-running',
    `数据目录 ${places.dataDir} 是从 ${found.folder} 拷贝来的，而那里的数据库正在运行：运行中拷贝的目录不完整，不能使用。` +
      `请先停止那里的程序再拷贝，或用 npm run xinglin -- backup 备份、restore 恢复。`,
  )
}

/** Takes the data directory for this process; false when another living process has it. */
export function claim(places: Places): boolean {
  const me = identityOf(process.pid) ?? String(process.pid)
  const mine = `${places.owner}.${process.pid}`
  for (;;) {
    writeFileSync(mine, me)
    try {
      // link() fails when the name exists, and the file appears with its content: no moment in between.
      linkSync(mine, places.owner)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = readText(places.owner)
      if (holder && identityOf(Number.parseInt(holder)) === holder) return false
      rmSync(places.owner, { force: true })
    } finally {
      unlinkSync(mine)
    }
  }
}

/** Gives the data directory back. */
export function release(places: Places): void {
  if (readText(places.owner) === identityOf(process.pid)) rmSync(places.owner, { force: true })
}

export function readSecrets(places: Places): Secrets {
  const text = readText(places.secrets)
  if (text) return withSealer(places, JSON.parse(text) as Omit<Secrets, 'sealer'> & Partial<Secrets>)
  throw new EmbeddedError(
    'secrets-missing',
    `数据目录 ${places.dataDir} 中的 secrets.json 不见了：没有其中的口令无法连接数据库，请从备份恢复该文件。`,
  )
}

function writeSecrets(places: Places, known: Partial<Secrets> = {}): Secrets {
  const secrets = { admin: makePassword(), owner: makePassword(), app: makePassword(), sealer: makePassword(), ...known }
  // Whole or not at all: without its passwords a cluster cannot be opened.
  const half = `${places.secrets}.${process.pid}`
  writeFileSync(half, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  renameSync(half, places.secrets)
  return secrets
}

// Data directories made before the sealer had a login get a password for it.
function withSealer(places: Places, found: Omit<Secrets, 'sealer'> & Partial<Secrets>): Secrets {
  return found.sealer === undefined ? writeSecrets(places, found) : { ...found, sealer: found.sealer }
}

function refuseOtherVersion({ dataDir }: Places, found: string, ours: number): void {
  if (Number.parseInt(found) === ours) return
  throw new EmbeddedError(
    'other-major-version',
    `数据目录 ${dataDir} 由 PostgreSQL ${found} 建立，本程序内置 PostgreSQL ${ours}，不能直接打开（数据未作任何改动）。` +
      `请用当时的程序版本备份（npm run xinglin -- backup），再用本版本恢复到新的目录（npm run xinglin -- restore）。`,
  )
}

function realCluster(places: Places, user: ServerUser | undefined): string {
  if (!user || isReachable(places.dataDir, user)) return places.cluster
  const aside = `/var/lib/xinglin/${digest(places.dataDir)}`
  mkdirSync(aside, { recursive: true, mode: 0o755 })
  const real = join(aside, 'cluster')
  rmSync(places.cluster, { force: true })
  symlinkSync(real, places.cluster)
  return real
}

function initialise(folder: string, secrets: Secrets, { initdb, major }: Binaries, user: ServerUser | undefined): void {
  const passwordFile = `${folder}.password`
  writeFileSync(passwordFile, secrets.admin, { mode: 0o600 })
  if (user) chownSync(passwordFile, user.uid, user.gid)
  // pg_trgm asks the C library what a letter is: with ctype C no Chinese character would be one.
  const locale = ['--locale=C', '--lc-ctype=C.UTF-8', ...(major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [])]
  const how = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-instructions', '--data-checksums', '--no-sync']
  const { status, stderr, error } = spawnSync(initdb, ['-D', folder, '-U', adminRole, ...how, ...locale], {
    ...user,
    cwd: '/',
    env: serverEnvironment(),
    encoding: 'utf8',
  })
  rmSync(passwordFile)
  if (status !== 0 && isDiskFull(folder, stderr)) throw new EmbeddedError('disk-full', `磁盘空间不足，无法建立内置数据库（${folder}）。`)
  if (status !== 0) throw new EmbeddedError('init-failed', `建立内置数据库失败（${folder}）：${(stderr || error?.message || '').trim()}`)
  chmodSync(folder, 0o700)
}

/** Did the disk's end cause this? A full disk has no room for the log line that says so. */
export function isDiskFull(folder: string, log: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  return /No space left on device/i.test(log) || bavail * bsize < 2 ** 20
}

/** The environment of initdb and postgres: nothing of ours leaks into it. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, TZ: 'UTC', LC_ALL: 'C', NODE_ENV: undefined }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
