import { addDays, addMonths, today } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { keepTeam } from '#modules/organisation/team/snapshot.service.ts'
import { unitId, type DemoPerson } from './people.ts'

type People = readonly DemoPerson[]
const named = (people: People, name: string): DemoPerson => people.find((p) => p.name === name && p.account)!
const write = async (kernel: Kernel, ctx: Context, type: string, draft: Record<string, unknown>): Promise<string> =>
  (await createRecord(kernel, ctx, `organisation.${type}`, draft, { system: true, act: 'demo' })).record.id

/** Teams of a few departments with who leads whom, what they do, and the committees with who sits on them. */
export async function addTeams(kernel: Kernel, people: People): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  await kernel.transaction(ctx, async (tx) => {
    await addTiered(kernel, tx, people)
    await addOthers(kernel, tx, people)
    await addCommittees(kernel, tx, people)
  })
}

const physicians = { senior: 'three', associateSenior: 'three', intermediate: 'two', junior: 'one' } as const
async function addTiered(kernel: Kernel, ctx: Context, people: People): Promise<void> {
  const day = today(kernel.clock)
  const from = addDays(day, -400)
  const doctors = (unit: string) => people.filter((p) => p.unit === unit && p.category === 'doctor' && p.titleLevel).toSorted((a, b) => Number(Boolean(b.account)) - Number(Boolean(a.account)))
  for (const [unit, name] of [['ZY-GK', '关节外科'], ['ZY-PW', '胃肠外科'], ['ZY-XN', '冠心病']] as const) {
    const team = await write(kernel, ctx, 'team', { kind: 'tiered', name: `${name}三级诊疗小组`, category: 'department', unit: unitId(unit), headRound: '每周二、周五 8:00', from })
    const [top, ...others] = doctors(unit).filter((p) => p.titleLevel === 'senior' || p.titleLevel === 'associateSenior').slice(0, 2)
    const below = doctors(unit).filter((p) => p.titleLevel === 'intermediate' || p.titleLevel === 'junior').slice(0, 4)
    const join = (p: DemoPerson, more: Record<string, unknown>) => write(kernel, ctx, 'teamMember', { team, person: p.id, level: physicians[p.titleLevel!], from, ...more })
    if (!top) continue
    const first = await join(top, { round: '每周一、周四 8:00' })
    const led = [first]
    for (const p of others) led.push(await join(p, { superior: first, round: '每周三 8:00' }))
    let middle: string | null = null
    for (const [at, p] of below.entries()) {
      const made: string = await join(p, { superior: p.titleLevel === 'junior' && middle ? middle : led[at % led.length], round: '每日 8:00、16:00' })
      if (p.titleLevel === 'intermediate') middle = made
    }
    if (unit !== 'ZY-GK') continue
    await keepTeam(kernel, ctx, team, addDays(day, -120))
    // Since then its second has another round.
    if (led[1]) await updateRecordOf(kernel, ctx, 'organisation.teamMember', led[1], 1, { round: '每周三、周六 8:00' }, { act: 'demo' })
  }
} // prettier-ignore

async function addOthers(kernel: Kernel, ctx: Context, people: People): Promise<void> {
  const day = today(kernel.clock)
  const from = addDays(day, -300)
  const bones = ['李卫东', '郑毅', '孙宁', '何秀兰'].map((name) => named(people, name))
  const roles = [['组长', '全面负责，每月主持质量分析'], ['副组长', '病历、手术质量检查'], ['质控员', '指标收集与上报'], ['秘书', '会议记录与资料归档']] as const
  const kinds = [['quality', '骨科医疗质量管理小组', 'department', 'ZY-GK'], ['technology', '骨科医疗技术管理小组', 'department', 'ZY-GK'], ['vte', '院级VTE防治小组', 'hospital', 'ZY-YW']] as const
  for (const [kind, name, category, unit] of kinds) {
    const team = await write(kernel, ctx, 'team', { kind, name, category, unit: unitId(unit), from })
    for (const [at, [role, duties]] of roles.entries()) await write(kernel, ctx, 'teamMember', { team, person: bones[at]!.id, role, duties, from })
    if (kind === 'technology') continue
    const participants = bones.map(({ id }) => id)
    await write(kernel, ctx, 'teamActivity', { team, day: addDays(day, -40), kind: 'meeting', topic: `${name}月度例会`, participants, content: '通报上月指标，讨论两例非计划再次手术。', conclusion: '术前讨论记录不完整的病例一周内整改。', archivedOn: addDays(day, -35) })
    await write(kernel, ctx, 'teamActivity', { team, day: addDays(day, -75), kind: 'inspection', topic: '运行病历抽查', participants: participants.slice(1), content: '抽查运行病历20份。', archivedOn: addDays(day, -70) })
  }
} // prettier-ignore

async function addCommittees(kernel: Kernel, ctx: Context, people: People): Promise<void> {
  const day = today(kernel.clock)
  const list = [
    ['医疗质量与安全管理委员会', 'hospital', '杏林市第一人民医院', ['方国梁', '吴静', '李卫东', '陈立']],
    ['病案管理委员会', 'hospital', '杏林市第一人民医院', ['沈建华', '林佩华', '曹永康']],
    ['省医学会骨科学分会', 'provincial', '省医学会', ['李卫东', '郑毅']],
  ] as const
  for (const [name, level, issuer, sitting] of list) {
    const committee = await write(kernel, ctx, 'committee', { name, level, issuer, foundedOn: '2015-01-01' })
    const from = addDays(day, -500)
    for (const [at, person] of sitting.entries())
      await write(kernel, ctx, 'committeeSeat', { committee, person: named(people, person).id, position: at === 0 && level === 'hospital' ? 'chair' : at === 1 ? 'viceChair' : 'member', from, to: addDays(addMonths(from, 36), -1) })
    await write(kernel, ctx, 'committeeSeat', { committee, person: named(people, '郑毅').id, position: 'member', from: addDays(day, -1600), to: addDays(day, -505) })
  }
} // prettier-ignore
