import { v7 as uuidv7 } from 'uuid'
import { Refusal } from '#model'
import type { Kernel } from '../kernel.ts'
import { isSigned } from './calls.ts'
import { noteRun } from './feed.ts'
import { automationsOn } from './in-force.ts'
import { hookPlace } from './run.ts'

/** So far the sender's clock may be off, in seconds. */
const mostSkew = 300
/** Bytes that it may say. */
export const mostHookBytes = 64 * 1024
export interface Call {
  timestamp: string
  signature: string
  /** The sender's own number of it: sent again it does nothing more. */
  delivery: string
  body: Buffer
}
/** Takes what another system says: signed under the automation's secret, a few minutes old at most, each delivery once. */
export async function takeHook(kernel: Kernel, name: string, call: Call): Promise<{ accepted: boolean; repeated: boolean }> {
  if (!(await isSigned(kernel, name, call))) throw new Refusal('badSignature')
  if (Math.abs(kernel.clock.now().getTime() / 1000 - Number(call.timestamp)) > mostSkew || !/^\d{1,12}$/.test(call.timestamp)) throw new Refusal('clockSkew')
  if (!/^[\w.:-]{1,100}$/.test(call.delivery)) throw new Refusal('badRequest', '请在 x-xinglin-delivery 中给出这次通知的编号（字母、数字，不超过 100 位）')
  const on = (await automationsOn(kernel, [name])).get(name)
  if (!on || on.automation.when.kind !== 'webhook') throw new Refusal('notFound', '这个自动化没有启用')
  if (on.paused) throw new Refusal('notFound', '这个自动化已暂停')
  const id = uuidv7()
  const input = kernel.protector.seal(hookPlace(id), call.body.toString('utf8'))
  const count = await kernel.db.transaction((tx) => noteRun(kernel, tx, on, { id, key: `hook:${call.delivery}`, cause: '其他系统通知', record: null, input }))
  return { accepted: count > 0, repeated: count === 0 }
} // prettier-ignore
