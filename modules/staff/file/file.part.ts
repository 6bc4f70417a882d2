import { group, ledger, may, type Grant, type ModulePart, type Resource } from '#model'
import { practitioner } from '../practitioner/practitioner.ts'
import { academicActivity } from './academic-activity.ts'
import { appraisal } from './appraisal.ts'
import { competition } from './competition.ts'
import { conduct } from './conduct.ts'
import { education } from './education.ts'
import { family } from './family.ts'
import { furtherStudy } from './further-study.ts'
import { honour } from './honour.ts'
import { medicalActivity } from './medical-activity.ts'
import { newTechnology } from './new-technology.ts'
import { offices, reviewBy, reviewFlows, type Office } from './offices.ts'
import { paper } from './paper.ts'
import { partTimePost } from './part-time-post.ts'
import { politicalStatus } from './political-status.ts'
import { research } from './research.ts'
import { societyPost } from './society-post.ts'
import { training } from './training.ts'
import { workHistory } from './work-history.ts'

/** In the order of the file. */
export const sections: readonly Resource[] = [
  education, furtherStudy, training, workHistory, societyPost, partTimePost, medicalActivity, paper, research, newTechnology, academicActivity,
  honour, competition, appraisal, conduct, politicalStatus, family,
] // prettier-ignore

const each = (of: readonly Resource[], grants: (one: Resource) => readonly Grant[]): Grant[] => of.flatMap((one) => grants(one))
const owning = (of: readonly Resource[]) => each(of, (one) => [may.all(one), may.writeDirectly(one), may.purge(one)])
const byOffice = (Object.keys(offices) as Office[]).filter((office) => office !== 'medical')
/** Who may do what with these parts of the file. */
export function rightsOver(parts: readonly Resource[]): NonNullable<ModulePart['roles']> {
  const ofOffice = (office: Office) => parts.filter(({ approval }) => approval === reviewBy(office))
  // What colleagues write of family and faith in a party is not the department's business.
  const open = parts.filter((one) => one !== family && one !== politicalStatus)
  const ofDepartment = (of: readonly Resource[]) => each(of, (one) => [may.read(one, 'myUnits'), may.export(one, 'myUnits')])
  return {
    // Everybody writes his own file; what that adds or changes waits for the office that owns the part.
    staffMember: each(parts, (one) => [may.readOwn(one), may.create(one), may.update(one), may.delete(one)]),
    departmentHead: ofDepartment(open),
    // Who was reproved is the head's to know.
    departmentSecretary: ofDepartment(open.filter((one) => one !== conduct)),
    // The whole file is what it is asked for; it enters its own parts.
    medicalOffice: [...each(open, (one) => [may.read(one), may.export(one)]), ...owning(ofOffice('medical'))],
    ...Object.fromEntries(byOffice.map((office) => [offices[office].role, [may.read(practitioner), ...owning(ofOffice(office))]])),
  }
}

/** The parts of the staff file that somebody adds line by line, each with the office that owns it. */
export const filePart: ModulePart = {
  resources: sections,
  flows: reviewFlows,
  roles: rightsOver(sections),
  menu: [
    group(
      '技术档案分项',
      sections.map((one) => ledger(one, { ofOthers: true })),
    ),
  ],
}
