import { addDays } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { takeAbsences } from '#modules/organisation/feed/absences.ts'
import type { DemoPerson } from './people.ts'

/** An OA that tells of two absences: one holds today, one is planned. */
export async function addFeeds(kernel: Kernel, people: readonly DemoPerson[], day: string): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const { record: source } = await createRecord(kernel, ctx, 'organisation.feedSource', { name: '办公系统（演示）', code: 'oa-demo', system: 'OA', tells: ['absences'], adds: false })
  // Others than those whose movements are told.
  const [, first, second] = people.filter((p) => p.category === 'nurse' && p.post === 'member' && !p.account && !p.unit.startsWith('ZY'))
  if (!first || !second) return
  await takeAbsences(kernel, ctx, source, [
    { number: first.staffNumber, name: first.name, key: 'OA-QJ-0107', kind: 'leave', from: addDays(day, -2), until: addDays(day, 4), reason: '年休假' },
    { number: second.staffNumber, name: second.name, key: 'OA-WC-0042', kind: 'outing', from: addDays(day, 5), until: addDays(day, 7), reason: '参加学术会议' },
  ])
} // prettier-ignore
