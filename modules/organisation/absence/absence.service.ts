import { today } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { attempt } from '../feed/attempt.ts'
import { noteLines } from '../feed/report.ts'
import { begin } from './keep.ts'
import { bringBack } from './return.ts'

const name = 'organisation.absence'

/** What was told for today becomes a movement; what can no longer be so waits for somebody who knows. */
async function beginDue(kernel: Kernel): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '请假开始' }, 'job')
  const due = await ctx.db.query<{ id: string }>(
    `SELECT id FROM organisation.absence WHERE status = 'active' AND movement IS NULL AND deleted_at IS NULL AND "from" <= $1::date ORDER BY "from", id`,
    [today(ctx.clock)],
  )
  for (const { id } of due)
    await kernel.transaction(ctx, async (tx) => {
      const held = await loadRecord(kernel, tx, kernel.resource(name), id, { lock: true })
      if (held?.['status'] !== 'active' || held['movement']) return
      const refused = await attempt(tx, () => begin(kernel, tx, held))
      if (refused === null) return
      await updateRecordOf(kernel, tx, name, id, held.version, { status: 'refused' }, { byModule: true, system: true, act: 'absence' })
      const source = (await loadRecord(kernel, tx, kernel.resource('organisation.feedSource'), String(held['source'])))!
      const person = String(held['person'])
      const { key, kind: absence, from, until, reason, unit } = held
      const line = { outcome: 'refused', number: String(key), name: tx.directory.nameOf(person), person, unit, key, absence, from, until, reason, isCancelled: false, message: refused } as const
      await noteLines(kernel, tx, [line], { source, run: String(held['run']), about: 'absences' })
    })
} // prettier-ignore

export default service({
  name,
  daily: {
    // What follows without a day between begins first: then nobody comes back for no day.
    turn: async (kernel) => {
      await beginDue(kernel)
      await bringBack(kernel)
    },
  },
})
