import type { Filter } from '#model'
import { approve, flow, headOf, notify, role } from '#kernel/model/flow/definition.ts'

/** 本人 → 科主任 → {medicalOffice}. */
export const seatFlow = flow<Filter>('organisation.committeeSeat', {
  label: '委员会任职审批',
  title: '{person}申请{committee}{position}',
  summary: ['{from}', '{to}', '{unit}'],
  steps: [
    approve('head', '科主任审核', { by: headOf('unit') }),
    approve('office', '{medicalOffice}审核', { by: role('medicalOffice') }),
    notify('applicant'),
  ],
})
