import { addDays, addMonths, identityCheckDigit } from '#model'
import { v5 as uuidv5 } from 'uuid'
import { demoUnits } from './units.ts'
import { makeName, seeded } from './random.ts'

const namespace = '6f1e7a52-6f0b-4f0e-9a53-0d6f5d3b7a10'
/** The same name gives the same id on every machine. */
export const demoId = (name: string): string => uuidv5(name, namespace)
export const unitId = (code: string): string => demoId(`unit ${code}`)

export interface DemoPerson {
  id: string
  staffNumber: string
  name: string
  unit: string
  sex: 'male' | 'female'
  birthDate: string
  identityNumber: string
  mobile: string
  category: 'doctor' | 'nurse' | 'pharmacist' | 'technician' | 'other'
  title: string | null
  titleLevel: 'junior' | 'intermediate' | 'associateSenior' | 'senior' | null
  appointedOn: string | null
  post: 'head' | 'director' | 'secretary' | 'member'
  account?: string
  roles?: readonly string[]
}
const doctorTitles = { junior: '住院医师', intermediate: '主治医师', associateSenior: '副主任医师', senior: '主任医师' } as const
const nurseTitles = { junior: '护师', intermediate: '主管护师', associateSenior: '副主任护师', senior: '主任护师' } as const

type Named = Partial<DemoPerson> & Pick<DemoPerson, 'name' | 'unit' | 'category'>
/** The people of the story, each with an account; everybody else comes from the generator. */
const named: readonly Named[] = [
  { name: '周敏', unit: 'ZY-YW', category: 'other', post: 'member', account: 'zhoumin', roles: ['medicalOffice'], sex: 'female' },
  { name: '沈建华', unit: 'ZY-YW', category: 'other', post: 'director', account: 'shenjh', roles: ['medicalOffice'], sex: 'male' },
  { name: '李卫东', unit: 'ZY-GK', category: 'doctor', titleLevel: 'senior', post: 'head', account: 'liwd', sex: 'male' },
  { name: '郑毅', unit: 'ZY-GK', category: 'doctor', titleLevel: 'senior', post: 'member', account: 'zhengyi', sex: 'male' },
  { name: '张海涛', unit: 'ZY-GK', category: 'doctor', titleLevel: 'associateSenior', post: 'member', account: 'zhanght', sex: 'male' },
  { name: '孙宁', unit: 'ZY-GK', category: 'doctor', titleLevel: 'intermediate', post: 'member', account: 'sunning', sex: 'male' },
  { name: '马超', unit: 'ZY-GK', category: 'doctor', titleLevel: 'intermediate', post: 'member', account: 'machao', sex: 'male' },
  { name: '高璐', unit: 'ZY-GK', category: 'doctor', titleLevel: 'junior', post: 'member', account: 'gaolu', sex: 'female' },
  { name: '何秀兰', unit: 'ZY-GK', category: 'other', post: 'secretary', account: 'hexl', sex: 'female' },
  { name: '吴静', unit: 'ZY-PW', category: 'doctor', titleLevel: 'associateSenior', post: 'head', account: 'wujing', roles: ['committeeMember'], sex: 'female' },
  { name: '陈立', unit: 'ZY-SJ', category: 'doctor', titleLevel: 'senior', post: 'head', account: 'chenli', roles: ['committeeMember'], sex: 'male' },
  { name: '林佩华', unit: 'ZY-FK', category: 'doctor', titleLevel: 'senior', post: 'head', account: 'linph', roles: ['committeeMember'], sex: 'female' },
  { name: '曹永康', unit: 'ZY-XN', category: 'doctor', titleLevel: 'senior', post: 'head', account: 'caoyk', roles: ['committeeMember'], sex: 'male' },
  { name: '方国梁', unit: 'ZY-YB', category: 'doctor', titleLevel: 'senior', post: 'director', account: 'fanggl', roles: ['committeeMember', 'hospitalLeader'], sex: 'male' },
  { name: '王建国', unit: 'ZY-XX', category: 'other', post: 'member', account: 'sysadmin', roles: ['systemOfficer'], sex: 'male' },
  { name: '许安', unit: 'ZY-XX', category: 'other', post: 'member', account: 'secadmin', roles: ['securityOfficer'], sex: 'male' },
  { name: '田审', unit: 'ZY-JJ', category: 'other', post: 'member', account: 'auditor', roles: ['auditOfficer'], sex: 'female' },
] // prettier-ignore

/** Officers of other offices: whoever stands there anyway, called so. */
const officers = [
  { unit: 'ZY-RS', name: '罗雯', account: 'luowen', roles: ['personnelOffice'] },
  { unit: 'ZY-KJ', name: '江帆', account: 'jiangfan', roles: ['scienceOffice'] },
  { unit: 'ZY-YB', name: '严芳', account: 'yanfang', roles: ['partyOffice'] },
  { unit: 'ZY-JJ', name: '程正', account: 'chengzheng', roles: ['disciplineOffice'] },
] as const

/** About `count` people over all units, the named ones first; deterministic, dates relative to today. */
export function demoPeople(count: number, today: string): DemoPerson[] {
  const random = seeded(20_260_101)
  const units = demoUnits().filter((u) => u.kind === 'department' || u.kind === 'laboratory' || u.kind === 'office')
  const people = named.map((person, i) => complete(person, i, random, today))
  const hasHead = new Set(people.filter((p) => p.post === 'head' || p.post === 'director').map((p) => p.unit))
  for (let i = people.length; i < count; i++) {
    const unit = units[i % units.length]!
    const isClinical = unit.kind === 'department'
    const category =
      unit.kind === 'office'
        ? 'other'
        : unit.kind === 'laboratory'
          ? unit.code.endsWith('YX')
            ? 'pharmacist'
            : 'technician'
          : random.chance(0.55)
            ? 'doctor'
            : 'nurse'
    const leads = !hasHead.has(unit.code) && (category === 'doctor' || !isClinical)
    if (leads) hasHead.add(unit.code)
    const titleLevel =
      category === 'other'
        ? null
        : leads
          ? 'senior'
          : random.pick([
              'junior',
              'junior',
              'intermediate',
              'intermediate',
              'intermediate',
              'associateSenior',
              'associateSenior',
              'senior',
            ] as const)
    people.push(
      complete(
        {
          name: makeName(random),
          unit: unit.code,
          category,
          titleLevel,
          post: leads ? (isClinical || unit.kind === 'laboratory' ? 'head' : 'director') : 'member',
        },
        i,
        random,
        today,
      ),
    )
  }
  for (const { unit, ...officer } of officers) Object.assign(people.find((p) => p.unit === unit && !p.account) ?? {}, officer)
  return people
}

const ages = { junior: 28, intermediate: 35, associateSenior: 44, senior: 52 } as const
function complete(given: Named, index: number, random: ReturnType<typeof seeded>, today: string): DemoPerson {
  const staffNumber = String(10_001 + index)
  const level = given.titleLevel ?? null
  const sex = given.sex ?? (random.chance(given.category === 'nurse' ? 0.05 : 0.55) ? 'male' : 'female')
  const birthDate = addDays(addMonths(today, -12 * ((level ? ages[level] : 38) + random.whole(-3, 5))), -random.whole(0, 364))
  const first17 = `440301${birthDate.replaceAll('-', '')}${String((index * 7 + (sex === 'male' ? 1 : 0)) % 1000).padStart(3, '0')}`
  const titles = given.category === 'nurse' ? nurseTitles : doctorTitles
  return {
    id: demoId(`person ${staffNumber}`),
    staffNumber,
    sex,
    birthDate,
    identityNumber: first17 + identityCheckDigit(first17),
    mobile: `139${String(10_000_000 + index * 37).slice(-8)}`,
    title: level
      ? given.category === 'doctor' || given.category === 'nurse'
        ? titles[level]
        : `${{ junior: '', intermediate: '主管', associateSenior: '副主任', senior: '主任' }[level]}${given.category === 'pharmacist' ? '药师' : '技师'}`
      : null,
    titleLevel: level,
    appointedOn: level ? addDays(today, -random.whole(200, 3000)) : null,
    post: 'member',
    ...given,
  }
}
