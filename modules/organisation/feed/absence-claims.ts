import { personOf, type Context } from '#kernel/server/context.ts'
import { today, type ApiRecord } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { readAbsences, takeOne } from './absences.ts'
import { giveNumber } from './numbers.ts'

const lineName = 'organisation.feedLine'

/** Somebody says whose number it is: every request that waited for it is done, or says why it cannot be. Answers what becomes of the line that was claimed. */
export async function claimAbsences(kernel: Kernel, tx: Context, line: ApiRecord, source: ApiRecord, person: string): Promise<Readonly<Record<string, unknown>>> {
  await giveNumber(kernel, tx, { system: String(source['system']), number: String(line['number']), person })
  // Index: feed_line (source, number).
  const waiting = await tx.db.query<{ id: string }>(
    `SELECT id FROM organisation.feed_line WHERE source = $1::uuid AND number = $2 AND about = 'absences' AND outcome = 'doubtful' AND status = 'open' AND deleted_at IS NULL ORDER BY "from", id`,
    [source.id, line['number']],
  )
  let own: Readonly<Record<string, unknown>> = {}
  for (const { id } of waiting) {
    const one = (await loadRecord(kernel, tx, kernel.resource(lineName), id, { lock: true }))!
    const became = await settle(kernel, tx, one, person)
    if (id === line.id) own = became
    else await updateRecordOf(kernel, tx, lineName, id, one.version, became, { byModule: true, system: true, act: 'feed.claim' })
  }
  return own
} // prettier-ignore
async function settle(kernel: Kernel, tx: Context, line: ApiRecord, person: string): Promise<Readonly<Record<string, unknown>>> {
  const { number, name, key, absence: kind, from, until, reason, isCancelled: cancelled } = line
  const [told] = readAbsences([{ number, name, key, kind, from, until, reason, cancelled }])
  const { outcome, message } = await takeOne(kernel, tx, { source: String(line['source']), run: String(line['run']) }, told!, {
    kind: 'sure',
    person,
  })
  if (outcome === 'refused') return { person, outcome, message: message.slice(0, 300), status: 'open', handledBy: null, handledOn: null }
  return { person, status: 'done', handledBy: personOf(tx.actor), handledOn: today(tx.clock), note: '认领为已有人员' }
}
