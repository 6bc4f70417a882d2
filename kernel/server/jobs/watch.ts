import { setTimeout as pause } from 'node:timers/promises'
import type { Kernel } from '../kernel.ts'
import type { Reading } from '../records/read-all.ts'

/** cancelled: by its owner · rights: they have changed · tooLong · interrupted: this process stops · lost: another process has it. */
export type StopReason = 'cancelled' | 'rights' | 'tooLong' | 'interrupted' | 'lost'
export class Stopped extends Error {
  readonly reason: StopReason
  constructor(reason: StopReason) {
    super(reason)
    this.reason = reason
  }
}
const betweenSigns = 1000
// Milliseconds of work after which whoever else asks this process is let through, and the part of them that a job then rests.
const slice = 4
const rest = 0.5
/** Milliseconds that this thread has worked, for whomever. */
const worked = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

interface Options {
  mostMs: number
  /** Says that it is alive and how far, and learns what is wanted of it. */
  beat(rows: number): Promise<'on' | 'cancel' | 'lost'>
  mayGoOn(): Promise<boolean>
}
/** Watches over one job at work: says that it is alive and how far, learns that it is to stop, cuts off what the database reads then, and lets others go first. */
export class Watch implements Reading {
  rows = 0
  reason: StopReason | null = null
  private pid: number | null = null
  private cutting: Promise<unknown> = Promise.resolve()
  private since = worked()
  private isSigning = false
  private readonly timer: NodeJS.Timeout
  private readonly deadline: number
  private readonly kernel: Kernel
  private readonly options: Options

  constructor(kernel: Kernel, options: Options) {
    this.kernel = kernel
    this.options = options
    this.deadline = performance.now() + options.mostMs
    this.timer = setInterval(() => void this.sign(), Math.min(betweenSigns, options.mostMs))
  }
  /** Says how far it is. A database that is away now is asked again in a second. */
  async sign(): Promise<void> {
    if (this.isSigning) return
    this.isSigning = true
    try {
      if (performance.now() > this.deadline) this.stop('tooLong')
      const answer = await this.options.beat(this.rows)
      if (answer !== 'on') this.stop(answer === 'cancel' ? 'cancelled' : 'lost')
      else if (!(await this.options.mayGoOn())) this.stop('rights')
    } catch {
      // The reading meets the same fault, and ends the job.
    } finally {
      this.isSigning = false
    }
  }
  stop(reason: StopReason): void {
    if (this.reason) return
    this.reason = reason
    // Its reader waits for this before anything else is asked over the same connection.
    if (this.pid !== null) this.cutting = this.kernel.db.aside.query('SELECT pg_cancel_backend($1)', [this.pid]).catch(() => undefined)
  }
  end(): void {
    clearInterval(this.timer)
  }

  check(): void {
    if (performance.now() > this.deadline) this.stop('tooLong')
    if (this.reason) throw new Stopped(this.reason)
  }
  begun(pid: number): void {
    this.pid = pid
    this.check()
  }
  async settled(): Promise<void> {
    this.pid = null
    await this.cutting
  }
  /** Counts rows; after some milliseconds of work rests, the longer the more others have this process do. */
  async passed(rows: number): Promise<void> {
    this.rows += rows
    const since = worked() - this.since
    if (since < slice) return
    await pause(Math.min(50, since * rest))
    this.since = worked()
  }
}
