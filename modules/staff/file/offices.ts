import type { Filter } from '#model'
import { approve, flow, notify, remind, role, workingDays } from '#kernel/model/flow/definition.ts'

/** Which office looks after which part of the file: by default; a hospital that divides it otherwise binds another flow. */
export const offices = {
  personnel: { role: 'personnelOffice', label: '人事处' },
  medical: { role: 'medicalOffice', label: '{medicalOffice}' },
  science: { role: 'scienceOffice', label: '科教处' },
  party: { role: 'partyOffice', label: '党办' },
  discipline: { role: 'disciplineOffice', label: '纪检监察室' },
} as const
export type Office = keyof typeof offices

export const reviewBy = (office: Office) => `staff.${office}Review`
/** 本人 → the office: what somebody adds to his file or changes in it holds when the office that owns that part has agreed. */
export const reviewFlows = (Object.keys(offices) as Office[]).map((office) =>
  flow<Filter>(reviewBy(office), {
    label: `${offices[office].label}档案审核`,
    steps: [
      approve('office', `${offices[office].label}审核`, {
        by: role(offices[office].role),
        limit: workingDays(5),
        onTimeout: [remind()],
      }),
      notify('applicant'),
    ],
  }),
)
