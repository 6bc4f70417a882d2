import { addDays, addMonths, all, identityCheckDigit, is, today, where } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { listRecords } from '#kernel/server/records/read.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { publish } from '#modules/organisation/rotation/publish.ts'
import { fill } from '#modules/organisation/rotation/rotation.service.ts'
import { unitId } from './people.ts'

const people: readonly [name: string, kind: string, unit: string, source: string][] = [
  ['林若溪', 'residentTrainee', 'ZY-KJ', '杏林医学院'], ['顾一鸣', 'residentTrainee', 'ZY-KJ', '杏林医学院'], ['沈知微', 'residentTrainee', 'ZY-KJ', '南方医科大学'], ['程予安', 'residentTrainee', 'ZY-KJ', '南方医科大学'],
  ['白秋实', 'furtherTrainee', 'ZY-KJ', '青山县人民医院'], ['池晓舟', 'probation', 'ZY-KJ', '人才市场'], ['季春兰', 'caregiver', 'ZY-HL', '安心护理服务公司'], ['贺大勇', 'caregiver', 'ZY-HL', '安心护理服务公司'],
] // prettier-ignore
const units = ['ZY-MN', 'ZY-HX', 'ZY-XH', 'ZY-JZ']

/** Who works here for a time, and a rotation that runs: in units whose heads are not of the story. */
export async function addRotation(kernel: Kernel): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const day = today(kernel.clock)
  await kernel.transaction(ctx, async (tx) => {
    const trainees: string[] = []
    for (const [n, [name, kind, unit, sourceInstitution]] of people.entries()) {
      const first17 = `440301${1996 + (n % 4)}0${n + 1}1${n}0${n + 10}`
      const draft = { name, temporaryKind: kind, unit: unitId(unit), sourceInstitution, identityNumber: first17 + identityCheckDigit(first17), mobile: `13700000${100 + n}`, height: 160 + n * 2, temporaryFrom: addDays(day, -75), temporaryTo: addMonths(day, 10) }
      const { record } = await createRecord(kernel, tx, 'organisation.temporary', draft, { act: 'demo' })
      if (kind === 'residentTrainee') trainees.push(record.id)
    }
    const draft = { name: '规培生内外科轮转', from: addDays(day, -45), step: 'month', order: 'free', people: trainees.map((person) => ({ person })), units: units.map((code) => ({ unit: unitId(code), periods: 1, capacity: 2, kind: 'must', mentor: tx.directory.headsOf(unitId(code), day)[0] ?? null })) }
    const { record } = await createRecord(kernel, tx, 'organisation.rotationPlan', draft, { act: 'demo' })
    const plan = async () => (await loadRecord(kernel, tx, kernel.resource('organisation.rotationPlan'), record.id))!
    await fill(kernel, tx, await plan())
    await publish(kernel, tx, await plan(), '')
    await rateFirst(kernel, tx, record.id, day)
  })
} // prettier-ignore
/** The stays that are over have been rated, and somebody missed a day. */
async function rateFirst(kernel: Kernel, tx: Context, plan: string, day: string): Promise<void> {
  const filter = all(is('plan', plan), where('to', 'lt', day))
  const { rows } = await listRecords(kernel, tx, 'organisation.rotationStay', { filter })
  for (const [n, { id, version }] of rows.entries())
    await updateRecordOf(kernel, tx, 'organisation.rotationStay', id, version, { theory: 4, skill: 3 + (n % 3), attitude: 5, comment: '按时完成轮转任务', handover: '已完成本科室要求的操作' }, { byModule: true, act: 'demo' })
  const [first] = rows
  if (first) await createRecord(kernel, tx, 'organisation.rotationAbsence', { stay: first.id, day: first['from'], kind: 'sick', days: '1.0' }, { act: 'demo' })
} // prettier-ignore
