import { is, type Filter } from '#model'
import { approve, flow, headOf, notify, post, role, when } from '#kernel/model/flow/definition.ts'

const office = role('medicalOffice')
/** 录入 → 审核 → 归档: a department's by its head and its secretary, the hospital's by {medicalOffice}. */
export const activityFlow = flow<Filter>('organisation.teamActivity', {
  label: '小组活动审核归档',
  title: '{team}：{topic}',
  summary: ['{day}', '{kind}', '{unit}'],
  steps: [
    when(
      is('category', 'hospital'),
      [approve('officeReview', '{medicalOffice}审核', { by: office }), approve('officeArchive', '{medicalOffice}归档', { by: office })],
      [
        approve('review', '科主任审核', { by: headOf('unit') }),
        approve('archive', '科室秘书归档', { by: post('secretary', 'unit'), onNobody: 'superior', onApplicant: 'ask' }),
      ],
    ),
    notify('applicant'),
  ],
  effect: 'organisation.archiveActivity',
})
