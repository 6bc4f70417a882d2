import { proposedRule, rule } from '#kernel/model/rules/index.ts'

const basis = { document: '本院手术分级管理制度', number: null, clause: null }
/** How long the steps of an application may take. No national text says so: the hospital's own policy does, once it has adopted these figures. */
export const reviewRule = proposedRule('privilegeReview', {
  label: '手术授权审批时限',
  basis,
  from: '2026-01-01',
  note: '国家文件要求按术式授权，未规定审批各环节的时限；数值为产品建议，本院写入制度并签署后才计时。',
  values: {
    assessment: rule.atMost('科室授权考核', 3, 'workingDays'),
    office: rule.atMost('医务管理部门审核', 5, 'workingDays'),
  },
})
/** Which appointed title a level asks for. Practice, in no national text level by level: off until the hospital has adopted it. */
export const admissionRule = proposedRule('privilegeAdmission', {
  label: '手术授权的职称条件',
  basis,
  from: '2026-01-01',
  note: '行业惯例，未见现行国家文件逐级规定职称；由本院自定，签署后生效。两项方式都不要求时只作提示。',
  values: {
    two: rule.only('二级手术授权的聘任职称', ['中级', '副高级', '正高级']),
    three: rule.only('三级手术授权的聘任职称', ['副高级', '正高级']),
    four: rule.only('四级手术授权的聘任职称', ['副高级', '正高级']),
    explain: { label: '不符合时须说明理由', order: 'flag', flag: false },
    block: { label: '不符合时不得授权', order: 'flag', flag: false },
  },
})
/** How long before a grant ends people hear of it, beyond the days that stand anyway. */
export const renewalRule = proposedRule('privilegeRenewal', {
  label: '手术授权到期提醒',
  basis,
  from: '2026-01-01',
  note: '产品建议：给再授权的考核与审批留出时间；签署后生效。',
  values: { notice: rule.atLeast('到期前提醒', 120, 'days') },
})
