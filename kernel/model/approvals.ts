import { group, may, module, page } from './module.ts'

/** What the administration of approvals shows: which flow a record takes, and what is stuck. Deciding itself needs no right but a task. */
export const approvalsModule = module('flows', {
  label: '审批',
  rights: {
    'flows.administer': '流程管理：流程设计、流程搭配、版本与审批人更换、停滞处理、跳转与终止',
    'flows.insight': '流程分析：各步骤和人员的等待时间、退回率（不含申请内容）',
    'flows.fillIn': '代他人填写申请，由本人签名提交',
  },
  roles: {
    systemOfficer: [may.use('flows.administer'), may.use('flows.insight')],
    departmentSecretary: [may.use('flows.fillIn', 'myUnits')],
    medicalOffice: [may.use('flows.fillIn'), may.use('flows.insight')],
    hospitalLeader: [may.use('flows.insight')],
  },
  menu: [
    group('流程管理', [
      page('/flows/design', '流程设计', 'flows.administer', { icon: 'partition' }),
      page('/flows/bindings', '流程搭配', 'flows.administer', { icon: 'branches' }),
      page('/flows/versions', '流程版本', 'flows.administer', { icon: 'history' }),
      page('/flows/incidents', '流程异常', 'flows.administer', { icon: 'warning' }),
      page('/flows/insight', '流程分析', 'flows.insight', { icon: 'rise', phone: true }),
      page('/flows/seals', '用印登记', 'flows.administer', { icon: 'safety' }),
    ]),
  ],
})
