import { addDays, today } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { unitId, type DemoPerson } from './people.ts'

const written = [
  {
    name: '临床科室主任', post: 'head', unit: null, reportsTo: null,
    duties: '一、主持本科医疗、教学、科研和管理工作，是医疗质量与安全第一责任人。\n二、每周科主任查房，主持疑难、死亡和四级手术术前讨论。\n三、安排值班与会诊，审核科内授权申请与考核。',
    qualifications: '本专业主任医师，任副主任医师以上职务满五年；近两年度考核合格。',
    authority: '科内人员排班与调配；科内手术授权初审；奖惩建议。',
  },
  {
    name: '科室秘书', post: 'secretary', unit: null, reportsTo: 'head',
    duties: '一、协助科主任处理日常事务，登记小组活动、会议与培训。\n二、整理上报材料，保管科内档案。',
    qualifications: '本科及以上学历，在本科工作满一年。', authority: '以科室名义登记、上报经科主任审定的材料。',
  },
  {
    name: '骨科医护人员', post: 'member', unit: 'ZY-GK', reportsTo: 'head',
    duties: '一、遵守十八项医疗质量安全核心制度。\n二、按授权范围开展手术与操作，术后 24 小时内完成手术记录。',
    qualifications: '取得相应执业资格并注册在本院。', authority: '授权目录内的诊疗活动。',
  },
] // prettier-ignore

/** What a few posts are there for, and that the head of orthopaedics has read his. */
export async function addJobs(kernel: Kernel, people: readonly DemoPerson[]): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const day = today(kernel.clock)
  await kernel.transaction(ctx, async (tx) => {
    for (const { unit, ...text } of written) {
      const draft = { ...text, unit: unit && unitId(unit), from: addDays(day, -500) }
      const { record } = await createRecord(kernel, tx, 'organisation.jobDescription', draft, { act: 'demo' })
      const reader = people.find((p) => p.account === (text.post === 'head' ? 'liwd' : text.post === 'secretary' ? 'hexl' : 'zhengyi'))!
      const reading = { description: record.id, person: reader.id, edition: draft.from, readAt: kernel.clock.now().toISOString() }
      await createRecord(kernel, tx, 'organisation.jobReading', reading, { system: true, act: 'demo' })
    }
  })
}
