import { fork, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A syslog receiver that can be killed and comes back on the same port with the same file. */
export class SyslogReceiver implements AsyncDisposable {
  port = 0
  readonly file: string
  private readonly identity: { key: string; cert: string } | undefined
  private child: ChildProcess | undefined

  constructor(file: string, identity?: { key: string; cert: string }) {
    this.file = file
    this.identity = identity
  }
  async begin(): Promise<void> {
    const identity = this.identity ? [this.identity.key, this.identity.cert] : []
    // Not one that the system gives to connections: while the receiver is away somebody else would get it.
    this.port ||= randomInt(20_000, 30_000)
    this.child = fork(join(import.meta.dirname, 'syslog-process.ts'), [String(this.port), this.file, ...identity])
    const child = this.child
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`the receiver ended with ${code}`)))
    })
  }
  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    if (!this.child) return
    const gone = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await gone
    this.child = undefined
  }
  lines(): string[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n').slice(0, -1) : []
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}
