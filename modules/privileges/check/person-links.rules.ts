import type { RegistrationFact } from './facts.rules.ts'
import { dayText, runs, type Judgement } from './judgement.rules.ts'

export const traineeKinds: ReadonlySet<string> = new Set(['standardTraining', 'furtherTraining', 'student'])
const traineeLabels: Record<string, string> = { standardTraining: '规培', furtherTraining: '进修', student: '学生' }
const operations = new Set<string | null>(['surgery', 'interventional', null])

/** The person, his standing in the house, his registration and its institution. */
export function personLinks(j: Judgement): void {
  judgePerson(j)
  judgeStanding(j)
  judgeRegistration(j)
}

function judgePerson(j: Judgement): void {
  const { practitioner: p } = j.facts
  const ground = { record: p.id, resource: 'staff.practitioner' }
  if (p.status === 'left' && (!p.leftOn || j.question.day >= p.leftOn))
    j.fail('personLeft', 'person', { ...ground, on: p.leftOn, text: p.leftOn ? `已于${dayText(p.leftOn)}离院` : '已离院' })
  else if (p.status === 'away') j.fail('personAway', 'person', { ...ground, text: '目前离岗' })
  else
    j.link(
      'person',
      true,
      () => `${p.name}${p.staffNumber ? `（${p.staffNumber}）` : ''}${p.status === 'left' ? '，当日在院' : ''}`,
      ground,
    )
}

function judgeStanding(j: Judgement): void {
  const { practitioner: p, procedure } = j.facts
  const ground = { record: p.id, resource: 'staff.practitioner' }
  const kind = p.traineeKind ?? 'employee'
  if (traineeKinds.has(kind)) j.fail('trainee', 'standing', { ...ground, text: `${traineeLabels[kind]}人员须由有权限的上级医师在场指导` })
  else if (p.category && p.category !== 'doctor' && operations.has(procedure.operationType))
    j.fail('notADoctor', 'standing', { ...ground, text: '不是医师，不能担任该角色' })
  else j.link('standing', true, kind === 'visitingExpert' ? '外请专家' : '本院职工', ground)
}

/** A doctor's certificate, or a nurse's for what nurses do. */
const kindNeeded = (j: Judgement): 'doctor' | 'nurse' =>
  j.facts.practitioner.category === 'nurse' && !operations.has(j.facts.procedure.operationType) ? 'nurse' : 'doctor'

function judgeRegistration(j: Judgement): void {
  const { practitioner, registrations } = j.facts
  const kind = practitioner.traineeKind ?? 'employee'
  const best = bestRegistration(registrations, j)
  if (!best) return withoutRegistration(j, kind)
  const { registration, faults, fits } = best
  const ground = { record: registration.id, resource: 'staff.registration' }
  for (const fault of faults) j.fail(fault.code, 'registration', { ...ground, on: fault.on, text: fault.text })
  if (faults.length === 0)
    j.link('registration', true, () => `执业注册有效，${registration.to ? `至${dayText(registration.to)}` : '长期'}`, {
      ...ground,
      on: registration.to,
    })
  judgeInstitution(j, registration, kind, fits)
  j.hasRegistration = faults.length === 0 && fits !== false
}
interface Judged {
  registration: RegistrationFact
  faults: readonly Fault[]
  /** For the campus's institution? Null when no campus was named. */
  fits: boolean | null
}
/** A valid one for this institution, else a valid one, else the latest. */
function bestRegistration(list: readonly RegistrationFact[], j: Judgement): Judged | null {
  const needed = kindNeeded(j)
  let best: Judged | null = null
  for (const registration of list) {
    if (registration.kind !== needed) continue
    const judged = { registration, faults: faultsOf(registration, j), fits: isFor(registration, j) }
    if (!best || isBetter(judged, best)) best = judged
  }
  return best
}
function isBetter(a: Judged, b: Judged): boolean {
  const [validA, validB] = [a.faults.length === 0, b.faults.length === 0]
  if (validA !== validB) return validA
  if (validA && a.fits !== b.fits) return a.fits === true
  return !validA && a.registration.from > b.registration.from
}
/** Trainees and guests come without a registration here; what is missing to one of the house is said. */
function withoutRegistration(j: Judgement, kind: string): void {
  if (traineeKinds.has(kind)) j.link('registration', null, '学员，不核对本院执业注册')
  else if (kind === 'visitingExpert')
    j.fail('visitingExpert', 'registration', { text: '外请专家，未在本机构注册或备案，由本院有权限的医师陪同' })
  else j.fail('registrationMissing', 'registration', { text: '没有登记执业注册' })
  j.link('institution', null, '没有执业注册可核对')
}

interface Fault {
  code: 'registrationNotYet' | 'registrationEnded' | 'registrationSuspended' | 'registrationCancelled'
  on: string | null
  text: string
}
const noFaults: readonly Fault[] = []
/** What keeps a registration from being valid on the day. Derived, never stored: when the cause ends, so does this. */
function faultsOf(r: RegistrationFact, j: Judgement): readonly Fault[] {
  const { day } = j.question
  if (r.status === 'active' && r.from <= day && (!r.to || r.to >= day) && !r.suspendedFrom) return noFaults
  const faults: Fault[] = []
  if (r.from > day) faults.push({ code: 'registrationNotYet', on: r.from, text: `执业注册自${dayText(r.from)}起有效` })
  if (r.to && r.to < day) faults.push({ code: 'registrationEnded', on: r.to, text: `执业注册已于${dayText(r.to)}到期` })
  if (wasSuspended(r, day, j.question.today))
    faults.push({
      code: 'registrationSuspended',
      on: r.suspendedFrom,
      text: `执业注册${r.suspendedFrom ? `自${dayText(r.suspendedFrom)}` : ''}暂停执业${r.suspendedTo ? `至${dayText(r.suspendedTo)}` : ''}`,
    })
  if (r.status === 'cancelled' && (!r.cancelledOn || r.cancelledOn <= day))
    faults.push({
      code: 'registrationCancelled',
      on: r.cancelledOn,
      text: `执业注册${r.cancelledOn ? `已于${dayText(r.cancelledOn)}` : '已'}注销`,
    })
  return faults
}
/** A lifted suspension keeps its dates: it counts for its days, once they are over. */
function wasSuspended(r: RegistrationFact, day: string, today: string): boolean {
  if (r.status === 'suspended') return runs(r.suspendedFrom, r.suspendedTo, day)
  return r.suspendedFrom !== null && r.suspendedTo !== null && r.suspendedTo < today && runs(r.suspendedFrom, r.suspendedTo, day)
}
/** Is the registration for the campus's institution: the same, one under the same licence, or one filed? Null when no campus was named. */
function isFor(r: RegistrationFact, { facts: { site, institution } }: Judgement): boolean | null {
  if (!site) return null
  return [r.institution, ...(r.filedInstitutions ?? [])].some(
    (id) => id === site.id || (site.licence !== null && institution(id)?.licence === site.licence),
  )
}
function judgeInstitution(j: Judgement, r: RegistrationFact, kind: string, right: boolean | null): void {
  const { site, institution } = j.facts
  const ground = { record: r.id, resource: 'staff.registration' }
  const name = institution(r.institution)?.name ?? '其他机构'
  if (right === null) return j.link('institution', null, () => `注册于${name}；未说明院区，未核对`, ground)
  if (right)
    return j.link('institution', true, () => (site!.id === r.institution ? `注册于${name}` : `已备案或同一许可证：${site!.name}`), ground)
  if (traineeKinds.has(kind)) return j.link('institution', null, `学员，注册于${name}`, ground)
  const text = `执业注册在${name}，未在${site!.name}备案`
  if (kind === 'visitingExpert') return j.fail('visitingExpert', 'institution', { ...ground, text: `${text}，由本院有权限的医师陪同` })
  j.fail('registrationElsewhere', 'institution', { ...ground, text })
}
