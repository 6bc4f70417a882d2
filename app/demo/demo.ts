import { addDays, addMonths, is, today } from '#model'
import { createAccount } from '#kernel/server/access/accounts.ts'
import { createClient } from '#kernel/server/access/clients/keys.ts'
import { hashPassword } from '#kernel/server/access/passwords.ts'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { listRecords } from '#kernel/server/records/read.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { writeSetting } from '#kernel/server/settings.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { demoHisKey, demoHisKeyId, demoPassword } from './accounts.ts'
import { settleCompleteness } from '#modules/staff/completeness/completeness.service.ts'
import { seniorityOf } from '#modules/staff/seniority/seniority.rules.ts'
import { addBeds } from './beds.ts'
import { addFeeds } from './feeds.ts'
import { addFiles } from './file.ts'
import { addJobs } from './jobs.ts'
import { addMovements } from './movements.ts'
import { demoId, demoPeople, unitId, type DemoPerson } from './people.ts'
import { addPersonal } from './personal.ts'
import { addPolicies } from './policies.ts'
import { demoProcedures } from './procedures.ts'
import { seeded } from './random.ts'
import { addRotation } from './rotation.ts'
import { addTeams } from './teams.ts'
import { demoUnits } from './units.ts'

export type DemoSize = 'none' | 'small' | 'large'
const sizes = { small: { people: 600, grantsEach: 6 }, large: { people: 10_000, grantsEach: 26 } } as const
const batch = { act: 'demo', batch: '演示数据' }

/** Fills an empty database with the demonstration hospital. Answers false when people are there already. */
export async function buildDemo(kernel: Kernel, size: 'small' | 'large'): Promise<boolean> {
  const directory = await kernel.directory()
  if (directory.people.size > 0) return false
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const day = today(kernel.clock)
  const people = demoPeople(sizes[size].people, day)
  await kernel.transaction(ctx, async (tx) => {
    await bulkCreate(kernel, tx, 'directory.unit', demoUnits().map((u, i) => ({ ...u, id: unitId(u.code), parent: u.parent && unitId(u.parent), position: i, from: '2000-01-01' })), batch) // prettier-ignore
    await addPeople(kernel, tx, people, day)
    await addBeds(kernel, tx, day)
    await addProcedures(kernel, tx)
    await addGrants(kernel, tx, people, sizes[size].grantsEach, day)
    await writeSetting(tx.db, 'hospitalName', '杏林医院集团')
  })
  kernel.directoryChanged()
  await addGroups(kernel, people)
  await addTeams(kernel, people)
  await addJobs(kernel, people)
  await addPolicies(kernel, people.find((p) => p.account === 'shenjh')!.id)
  await addPersonal(kernel, people)
  await addRotation(kernel)
  await addFiles(kernel, people, day)
  await addAccounts(kernel, people)
  await addMovements(kernel, people, day)
  await addFeeds(kernel, people, day)
  await settleCompleteness(kernel)
  await kernel.db.once('ANALYZE')
  return true
}

async function addPeople(kernel: Kernel, ctx: Context, people: readonly DemoPerson[], day: string): Promise<void> {
  const random = seeded(7)
  await bulkCreate(
    kernel,
    ctx,
    'staff.practitioner',
    people.map((p) => withYears(day, {
      id: p.id, name: p.name, staffNumber: p.staffNumber, sex: p.sex, birthDate: p.birthDate, identityNumber: p.identityNumber, mobile: p.mobile, unit: unitId(p.unit), status: 'active',
      category: p.category, appointedTitle: p.title, titleLevel: p.titleLevel, appointedOn: p.appointedOn, traineeKind: 'employee', education: random.pick(['doctor', 'master', 'bachelor']),
      employment: employmentOf(p), joinedOn: addDays(day, -random.whole(400, 8000)), workedSince: addMonths(p.birthDate, 12 * 24), ethnicity: '汉族', engagement: 'fullTime', adminPost: p.post === 'head' ? '科主任' : null, specialty: demoUnits().find((u) => u.code === p.unit)?.name ?? null,
    })),
    batch,
  ) // prettier-ignore
  await bulkCreate(kernel, ctx, 'directory.membership', people.map((p) => ({ person: p.id, unit: unitId(p.unit), post: p.post, main: true, from: '2015-01-01' })), batch) // prettier-ignore
  await bulkCreate(kernel, ctx, 'directory.identifier', people.map((p) => ({ person: p.id, system: 'HIS', value: `H${p.staffNumber}`, from: '2015-01-01' })), batch) // prettier-ignore
  const assignments = people.flatMap((p) => (p.roles ?? []).map((role) => ({ role, person: p.id, status: 'active' })))
  const byPost = [{ role: 'departmentHead', post: 'head' }, { role: 'departmentHead', post: 'director' }, { role: 'departmentSecretary', post: 'secretary' }].map((one) => ({ ...one, status: 'active' })) // prettier-ignore
  await bulkCreate(kernel, ctx, 'directory.roleAssignment', [...assignments, ...byPost], batch)
  const practising = people.filter((p) => p.category === 'doctor' || p.category === 'nurse')
  await bulkCreate(kernel, ctx, 'staff.registration', practising.map((p) => registrationOf(p, random, day)), batch) // prettier-ignore
  const titled = people.filter((p) => p.titleLevel && p.title)
  await bulkCreate(kernel, ctx, 'staff.title', titled.map((p) => ({ practitioner: p.id, name: p.title, level: p.titleLevel, obtainedOn: addDays(p.appointedOn!, -120), appointedOn: p.appointedOn })), batch) // prettier-ignore
}
const withYears = <F extends Record<string, unknown>>(day: string, file: F) => ({ ...file, ...seniorityOf(file, day) })
/** Told from the number, so that nothing else of the demonstration changes with it. */
const employmentOf = ({ staffNumber }: DemoPerson): string =>
  (['established', 'established', 'contract', 'contract', 'contract', 'agency', 'dispatched'] as const)[Number(staffNumber) % 7]!
function registrationOf(p: DemoPerson, random: ReturnType<typeof seeded>, day: string): Record<string, unknown> {
  const from = addDays(day, -random.whole(300, 1700))
  const isNurse = p.category === 'nurse'
  return {
    practitioner: p.id, kind: isNurse ? 'nurse' : 'doctor', certificateNumber: `${isNurse ? '2020' : '110'}${p.identityNumber.slice(0, 6)}${p.staffNumber}0`, practiceCategory: 'clinical',
    scope: isNurse ? null : p.unit.endsWith('FK') ? '妇产科专业' : /-(GK|PW|SJ|XW|MN)$/.test(p.unit) ? '外科专业' : '内科专业',
    institution: unitId(p.unit.startsWith('FY') ? 'XL2' : 'XL1'), status: 'active', from, to: isNurse ? addMonths(from, 60) : null,
  } // prettier-ignore
}

const levelNames = ['one', 'two', 'three', 'four'] as const
async function addProcedures(kernel: Kernel, ctx: Context): Promise<void> {
  const list = demoProcedures.map(([code, name, level, , alias, marks]) => ({
    id: demoId(`procedure ${code}`), codeSystem: '医保版', codeVersion: '2.0', code, name, alias: alias || null, level: levelNames[level - 1], operationType: marks?.includes('i') ? 'interventional' : 'surgery',
    restricted: marks?.includes('r') ?? false, minimallyInvasive: marks?.includes('m') ?? false, interventional: marks?.includes('i') ?? false, daySurgery: level <= 2, enabled: true,
  })) // prettier-ignore
  await bulkCreate(kernel, ctx, 'privileges.procedure', list, batch)
  const departments = demoUnits().filter((u) => u.kind === 'department')
  const lines = departments.flatMap((u) =>
    demoProcedures
      .filter(([, , , code]) => u.code.endsWith(code))
      .map(([code], i) => ({ unit: unitId(u.code), procedure: demoId(`procedure ${code}`), often: i < 4, enabled: true })),
  )
  await bulkCreate(kernel, ctx, 'privileges.departmentProcedure', lines, batch)
}

const maxLevel = { junior: 1, intermediate: 2, associateSenior: 3, senior: 4 } as const
/** Day-one grants: each doctor's department list up to his title's level, some ending soon. */
async function addGrants(kernel: Kernel, ctx: Context, people: readonly DemoPerson[], each: number, day: string): Promise<void> {
  const random = seeded(99)
  const grants: Record<string, unknown>[] = []
  for (const p of people) {
    if (p.category !== 'doctor' || !p.titleLevel) continue
    const own = demoProcedures.filter(([, , level, code]) => p.unit.endsWith(code) && level <= maxLevel[p.titleLevel!])
    const more = each > 10 ? demoProcedures.filter(([, , level]) => level <= maxLevel[p.titleLevel!]) : []
    const list = [...own, ...more.filter((line) => !own.includes(line))].slice(0, each)
    // The story's surgeon lacks what he will apply for.
    for (const [code, , level] of p.account === 'zhanght' ? list.filter(([c]) => !['80.5100', '81.8300x008'].includes(c)) : list) {
      const from = addDays(day, -random.whole(60, 1000))
      const to = random.chance(0.04) ? addDays(day, random.whole(3, 80)) : addDays(day, random.whole(120, 1000))
      grants.push({
        number: `LS-${String(grants.length + 1).padStart(6, '0')}`, practitioner: p.id, unit: unitId(p.unit), procedure: demoId(`procedure ${code}`), level: levelNames[level - 1],
        mode: level <= 2 ? 'level' : 'transferred', from, to, supervisedCases: 0, supervisedDone: 0, status: 'active', basisNumber: `医务〔${from.slice(0, 4)}〕${random.whole(11, 99)}号`, basisDate: from, renewal: false,
      }) // prettier-ignore
    }
  }
  await bulkCreate(kernel, ctx, 'privileges.grant', grants, batch)
}

async function addGroups(kernel: Kernel, people: readonly DemoPerson[]): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const present = await listRecords(kernel, ctx, 'directory.group', { filter: is('kind', 'technologyCommittee'), limit: 1 })
  if (present.rows.length) return
  for (const unit of demoUnits().filter((u) => u.kind === 'department')) {
    const seniors = people
      .filter((p) => p.unit === unit.code && p.category === 'doctor' && (p.post === 'head' || p.titleLevel === 'senior'))
      .slice(0, 3)
    if (seniors.length === 0) continue
    const members = seniors.map((p) => ({ person: p.id, chair: p.post === 'head' }))
    await createRecord(kernel, ctx, 'directory.group', {
      name: `${unit.name}授权考核小组`,
      kind: 'privilegeAssessment',
      unit: unitId(unit.code),
      members,
    })
  }
  const committee = people.filter((p) => p.roles?.includes('committeeMember'))
  const members = committee.map((p) => ({ person: p.id, chair: p.account === 'fanggl' }))
  await createRecord(kernel, ctx, 'directory.group', { name: '医疗技术临床应用管理委员会', kind: 'technologyCommittee', members })
}

async function addAccounts(kernel: Kernel, people: readonly DemoPerson[]): Promise<void> {
  const passwordHash = await hashPassword(demoPassword)
  for (const p of people.filter((person) => person.account))
    await createAccount(kernel, { name: p.account!, person: p.id, passwordHash, mustChange: false })
  await createClient(kernel, {
    name: 'HIS（演示）',
    rights: ['privileges.check', 'privileges.feed', 'organisation.bedNews'],
    key: demoHisKeyId,
    secret: demoHisKey,
  })
}
