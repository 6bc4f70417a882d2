import { is, type Filter } from '#model'
import { admission, approve, byRule, flow, group, notify, remind, role } from '#kernel/model/flow/definition.ts'
import { ruleAsOf } from '#kernel/model/rules/index.ts'

const levels = [
  ['two', '二级'],
  ['three', '三级'],
  ['four', '四级'],
] as const
/** Who is granted a level must be appointed to a title that the hospital's rule names; the title as it is on the day of the decision. */
const titleConditions = levels.map(([level, label]) =>
  admission<Filter>(level, `${label}手术的职称条件`, {
    by: ruleAsOf(`privilegeAdmission.${level}`, 'decision'),
    fact: 'practitioner.titleLevel',
    lines: is('level', level),
    explain: 'privilegeAdmission.explain',
    block: 'privilegeAdmission.block',
  }),
)

/** 本人 → 科室授权考核小组 → {medicalOffice} → 医疗技术临床应用管理委员会. Order and members are this data, not code. */
export const applicationFlow = flow<Filter>('privileges.application', {
  label: '手术授权审批',
  title: '{practitioner}的手术授权申请（{kind}，{items.count} 项）',
  summary: ['{items.procedure}', '{title}', '{unit}'],
  items: { rows: 'items', narrow: 'grantFor' },
  start: { sign: true, require: [] },
  steps: [
    approve('assessment', '科室授权考核小组', {
      by: group('privilegeAssessment', 'unit'),
      mode: 'anyOf',
      items: true,
      sign: true,
      limit: byRule('privilegeReview.assessment'),
      onTimeout: [remind()],
      onNobody: 'superior',
    }),
    approve('office', '{medicalOffice}审核', {
      by: role('medicalOffice'),
      mode: 'anyOf',
      items: true,
      limit: byRule('privilegeReview.office'),
      onTimeout: [remind()],
    }),
    approve('committee', '医疗技术临床应用管理委员会', {
      by: group('technologyCommittee'),
      mode: { vote: { quorum: [2, 3], share: { moreThan: [1, 2] }, tie: 'refuse' } },
      items: true,
      sign: false,
      meeting: { recorder: role('medicalOffice') },
    }),
    notify('applicant'),
  ],
  admissions: titleConditions,
  effect: 'privileges.grantItems',
})
