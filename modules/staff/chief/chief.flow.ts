import type { Filter } from '#model'
import { approve, flow, headOf, notify, role } from '#kernel/model/flow/definition.ts'

/** 本人 → 科主任 → {medicalOffice}. */
const byHeadAndOffice = (name: string, label: string) =>
  flow<Filter>(name, {
    label,
    steps: [
      approve('head', '科主任审核', { by: headOf() }),
      approve('office', '{medicalOffice}审核', { by: role('medicalOffice') }),
      notify('applicant'),
    ],
  })
export const chiefFlow = byHeadAndOffice('staff.chiefResident', '总住院医师审批')
export const chiefLeaveFlow = byHeadAndOffice('staff.chiefLeave', '总住院请假审批')
