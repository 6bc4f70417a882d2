import { proposedRule, rule } from '#kernel/model/rules/index.ts'

/** How long the steps of an application may take. No national text says so: the hospital's own policy does, once it has adopted these figures. */
export const reviewRule = proposedRule('privilegeReview', {
  label: '手术授权审批时限',
  basis: { document: '本院手术分级管理制度', number: null, clause: null },
  from: '2026-01-01',
  note: '国家文件要求按术式授权，未规定审批各环节的时限；数值为产品建议，本院写入制度并签署后才计时。',
  values: {
    assessment: rule.atMost('科室授权考核', 3, 'workingDays'),
    office: rule.atMost('医务管理部门审核', 5, 'workingDays'),
  },
})
