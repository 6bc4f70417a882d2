import { addDays, addMonths } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { unitId, type DemoPerson } from './people.ts'
import { seeded } from './random.ts'

const batch = { act: 'demo', batch: '演示数据' }
const schools = ['中山大学', '华中科技大学', '四川大学', '南方医科大学', '复旦大学', '广州中医药大学']
const journals = ['中华骨科杂志', '中华外科杂志', '中国实用内科杂志', '中华护理杂志', '广东医学', '实用医学杂志']
const topics = ['围手术期管理', '术后感染的危险因素', '早期康复的效果', '护理干预', '影像学评价', '多中心回顾性分析']

/** A chief resident in every fourth department, and a week of duty. */
function addChiefs(people: readonly DemoPerson[], day: string, add: (type: string, row: Record<string, unknown>) => void): void {
  const residents = people.filter((p) => p.category === 'doctor' && p.titleLevel === 'intermediate' && !p.account)
  const units = [...new Set(residents.map(({ unit }) => unit))]
  for (const [at, unit] of units.entries()) {
    const chief = residents.find((p) => p.unit === unit)!
    if (at % 4 === 0) add('chiefResident', { person: chief.id, unit: unitId(unit), kind: 'department', from: addDays(day, -60), to: addDays(day, 300), phone: chief.mobile })
  }
  for (let ahead = 0; ahead < 7; ahead++)
    for (const [at, table] of (['medicine', 'surgery', 'emergency'] as const).entries()) {
      const on = (place: number) => residents[(ahead * 3 + at + place) % residents.length]!
      add('duty', { table, day: addDays(day, ahead), first: on(0).id, second: on(7).id, third: on(13).id, phone: on(0).mobile, isPublished: true })
    }
} // prettier-ignore

/** The files of the demonstration hospital: everybody has a school and a status, doctors have papers and posts besides. */
export async function addFiles(kernel: Kernel, people: readonly DemoPerson[], day: string): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const random = seeded(53)
  const rows: Record<string, Record<string, unknown>[]> = {}
  const add = (section: string, row: Record<string, unknown>) => (rows[section] ??= []).push(row)
  for (const [at, p] of people.entries()) {
    const of = { practitioner: p.id }
    const graduated = addMonths(p.birthDate, 12 * 23 + 6)
    add('education', { ...of, school: random.pick(schools), level: 'bachelor', degree: 'bachelor', major: p.category === 'nurse' ? '护理学' : '临床医学', mode: 'fullTime', from: addMonths(graduated, -60), to: graduated, isFirst: true })
    add('politicalStatus', { ...of, status: at % 3 === 0 ? 'member' : 'masses', from: graduated })
    if (p.category !== 'doctor' || !p.titleLevel) continue
    if (p.titleLevel !== 'junior') {
      add('workHistory', { ...of, employer: random.pick(['市人民医院', '县中医院', '区妇幼保健院']), place: 'hospital', department: '临床科室', position: '住院医师', from: addDays(graduated, 30), to: addMonths(graduated, 60) })
      add('paper', { ...of, name: `${random.pick(topics)}（${at}）`, kind: 'paper', author: random.pick(['first', 'corresponding', 'other']), journal: random.pick(journals), level: random.pick(['core', 'statistics', 'sci']), publishedOn: addDays(day, -random.whole(60, 2500)) })
    }
    if (p.titleLevel === 'senior' || p.titleLevel === 'associateSenior')
      add('societyPost', { ...of, society: '省医学会', branch: `${random.pick(['外科学', '内科学', '骨科学'])}分会`, rank: 'provincial', post: random.pick(['委员', '常务委员']), from: addDays(day, -random.whole(200, 1500)) })
    add('appraisal', { ...of, name: `${Number(day.slice(0, 4)) - 1}年度考核`, kind: 'annual', year: Number(day.slice(0, 4)) - 1, examinedOn: `${Number(day.slice(0, 4)) - 1}-12-20`, result: at % 7 === 0 ? 'excellent' : 'passed' })
  }
  addChiefs(people, day, add)
  await kernel.transaction(ctx, async (tx) => {
    for (const [section, lines] of Object.entries(rows)) await bulkCreate(kernel, tx, `staff.${section}`, lines, batch)
  })
} // prettier-ignore
