import type { Kernel } from '#kernel/server/kernel.ts'
import { today } from '#model'
import { createRecord } from '#kernel/server/records/write.ts'
import { unitId } from './people.ts'

const office = ['mon', 'tue', 'wed', 'thu', 'fri']
const everyDay = [...office, 'sat', 'sun']
const value = (name: string, label: string, amount: string, unit: string) => ({ name, label, order: 'max', amount, unit })

/** The hospital's hours, a campus and a department that differ, a few limits that the house has tightened, and the proposals that `signer` has answered for. */
export async function addPolicies(kernel: Kernel, signer: string): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const create = (resource: string, draft: Record<string, unknown>) => createRecord(kernel, ctx, resource, draft)
  const year = kernel.clock.now().getUTCFullYear()
  await create('clock.calendar', {
    name: '全院', holidays: 'national',
    periods: [{ label: '上午', weekdays: office, start: '08:00', end: '12:00' }, { label: '下午', weekdays: office, start: '14:00', end: '17:30' }],
  }) // prettier-ignore
  await create('clock.calendar', { name: '东院区', unit: unitId('DY'), days: [{ from: `${year}-12-07`, to: `${year}-12-08`, kind: 'off', reason: '配电检修' }] }) // prettier-ignore
  await create('clock.calendar', {
    name: '急诊科', unit: unitId('ZY-JZ'), holidays: 'none',
    periods: [{ label: '白班', weekdays: everyDay, start: '08:00', end: '20:00' }, { label: '夜班', weekdays: everyDay, start: '20:00', end: '次日08:00' }],
  }) // prettier-ignore
  const house = { certainty: 'A', from: `${year}-01-01` }
  await create('rules.card', {
    ...house, key: 'consultation', label: '会诊时限', layer: 'hospital', document: '会诊管理规定', documentNumber: `杏医〔${year}〕6号`, clause: '第七条',
    values: [value('ordinary', '普通会诊完成', '12', 'hours')],
  }) // prettier-ignore
  await create('rules.card', {
    ...house, key: 'consultation', label: '会诊时限', layer: 'department', unit: unitId('ZY-GK'), document: '骨科会诊约定', values: [value('emergency', '急会诊到场', '5', 'minutes')],
  }) // prettier-ignore
  await create('rules.card', {
    ...house, key: 'complaints', label: '投诉办理', layer: 'hospital', document: '投诉接待与处理办法', documentNumber: `杏医〔${year}〕11号`,
    values: [value('single', '需调查核实的答复', '3', 'workingDays'), value('several', '涉及多科室或须专家意见的答复', '7', 'workingDays')],
  }) // prettier-ignore
  await signProposals(kernel, signer)
}

/** What the product only proposes counts once somebody of the hospital answers for it: here the head of the office does. */
async function signProposals(kernel: Kernel, by: string): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  for (const key of ['privilegeReview', 'privilegeAdmission', 'privilegeRenewal']) {
    const draft = { card: `proposal/${key}@2026-01-01`, key, by, on: today(kernel.clock), opinion: '已写入本院手术分级管理制度，同意施行' }
    await createRecord(kernel, ctx, 'rules.signature', draft, { byModule: true, act: 'sign' })
  }
}
