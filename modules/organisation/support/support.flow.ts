import { is, type Filter } from '#model'
import { approve, flow, headOf, notify, remind, role, when, workingDays } from '#kernel/model/flow/definition.ts'

/** 已协商的: 支援科室科主任 → {medicalOffice}; otherwise {medicalOffice} finds the people. Both may put others in. */
export const supportFlow = flow<Filter>('organisation.support', {
  label: '人力支援审批',
  title: '{toUnit}申请人力支援（{from} 至 {to}）',
  summary: ['{people.person}', '{fromUnit}', '{terms}', '{reason}'],
  steps: [
    when<Filter>(is('agreed', 'named'), [
      approve('lender', '支援科室科主任', { by: headOf('fromUnit'), mayEdit: ['people', 'from', 'to'], require: ['people'] }),
    ]),
    approve('office', '{medicalOffice}审核与调配', {
      by: role('medicalOffice'),
      mayEdit: ['people', 'from', 'to'],
      require: ['people'],
      limit: workingDays(2),
      onTimeout: [remind()],
    }),
    notify('applicant'),
  ],
})
