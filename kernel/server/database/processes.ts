// Which processes live, and which of them this is: process numbers are used again, so a number alone proves nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Does a process of this number live? (A zombie does not.) */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return statOf(pid)?.[0] !== 'Z'
}

/** Something that only this run of this process has: its number, its moment of start and the machine's boot. */
export function identityOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined
  const stat = statOf(pid)
  if (stat) return `${pid} ${stat[19]} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return `${pid} ${(stdout ?? '').trim()}`
}

/** Is this process a postgres server? */
export function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false
  if (!existsSync('/proc/self'))
    return /postgres/.test(spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '')
  try {
    return /\/postgres( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`))
  } catch {
    return /postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  }
}

/** Waits until the process is gone; false when it still lives after `ms`. */
export async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; isAlive(pid); await sleep(10)) if (Date.now() > end) return false
  return true
}

// The fields of /proc/<pid>/stat after the command's name (which may hold blanks): state, parent, …
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
