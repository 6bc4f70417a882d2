import { Refusal } from '#model'
import { brokenConstraint } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { beat, endBatch, stayAlive } from './batches.ts'

export interface Progress {
  stage: string
  done: number
  total: number
}
/** Told while work goes on; answering true stops it. */
export type OnProgress = (progress: Progress) => boolean | undefined
class Cancelled extends Error {}

const betweenBeats = 400
const betweenSigns = 5000
/** Says in the batch how far the work is, now and then; throws when somebody wants it to stop. */
export function progressOf(
  kernel: Kernel,
  id: string,
  stage: string,
  onProgress?: OnProgress,
): (done: number, total: number) => Promise<void> {
  let last = 0
  return async (done, total) => {
    if (onProgress?.({ stage, done, total })) throw new Cancelled()
    if (Date.now() - last < betweenBeats) return
    last = Date.now()
    if (await beat(kernel.db.aside, id, { stage, done, total })) throw new Cancelled()
  }
}
/** However the work ends, the batch says so; the refusal is passed on. */
export async function guarded(kernel: Kernel, id: string, work: () => Promise<void>): Promise<void> {
  // Also while it waits for another import, or the database takes long over a portion.
  let isSigning = false
  const signs = setInterval(() => {
    if (isSigning) return
    isSigning = true
    stayAlive(kernel.db.aside, id)
      .catch(() => undefined)
      .finally(() => (isSigning = false))
  }, betweenSigns)
  try {
    await work()
  } catch (error) {
    const state = error instanceof Cancelled ? 'cancelled' : 'failed'
    const note = error instanceof Cancelled ? '已取消，没有写入任何内容' : noteOf(error)
    await endBatch(kernel.db, id, state, note).catch(() => undefined)
    if (error instanceof Cancelled) throw new Refusal('flowRefused', note)
    throw brokenConstraint(error) ? new Refusal('importRefused', note) : error
  } finally {
    clearInterval(signs)
  }
}
function noteOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  return brokenConstraint(error)
    ? '有记录与系统中的唯一键相同（可能刚被别人新增，或文件中另有一行），没有写入任何内容'
    : '系统出错，没有写入任何内容'
}
