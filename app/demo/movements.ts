import { addDays } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { unitId, type DemoPerson } from './people.ts'

const told: readonly [daysAgo: number, movement: Readonly<Record<string, string>>][] = [
  [300, { kind: 'leave', leaving: 'retired', reason: '到龄退休' }], [214, { kind: 'leave', leaving: 'resigned', reason: '个人原因' }], [160, { kind: 'leave', leaving: 'ended', reason: '合同期满不续签' }], [47, { kind: 'leave', leaving: 'resigned', reason: '随配偶异地就业' }],
  [120, { kind: 'away', away: 'training', reason: '上级医院进修' }], [75, { kind: 'away', away: 'leave', reason: '产假' }], [40, { kind: 'away', away: 'seconded', reason: '对口支援' }], [18, { kind: 'away', away: 'training', reason: '专科护士培训' }], [6, { kind: 'away', away: 'leave', reason: '病假' }],
] // prettier-ignore
/** Some nurses of the other campuses who are away or have left, as their movements tell; a unit that was divided. */
export async function addMovements(kernel: Kernel, people: readonly DemoPerson[], day: string): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const nurses = people.filter((p) => p.category === 'nurse' && p.post === 'member' && !p.account && !p.unit.startsWith('ZY'))
  for (const [i, [daysAgo, movement]] of told.entries()) {
    const person = nurses[i * 3]?.id
    if (person) await createRecord(kernel, ctx, 'organisation.movement', { person, from: addDays(day, -daysAgo), ...movement })
  }
  const moved = nurses.filter((p, i) => p.unit === 'DY-JZ' && i % 3 !== 0).slice(0, 3)
  const from = addDays(day, -200)
  const parts = [{ name: '东院急诊重症医学科', code: 'DY-JZ-ICU', people: moved.map(({ id }) => id) }]
  const split = { unit: unitId('DY-JZ'), from, parts, reason: '急诊重症单独建科', basisNumber: `院发〔${from.slice(0, 4)}〕7号` }
  await createRecord(kernel, await kernel.context(ctx.actor, 'demo'), 'organisation.split', split, { act: 'demo' })
}
