import { group, may, module, page } from './module.ts'

/** What the administration of approvals shows: which flow a record takes, and what is stuck. Deciding itself needs no right but a task. */
export const approvalsModule = module('flows', {
  label: '审批',
  rights: {
    'flows.administer': '流程管理：流程设计、流程搭配、版本与审批人更换、停滞处理、跳转与终止',
    'flows.fillIn': '代他人填写申请，由本人签名提交',
  },
  roles: {
    systemOfficer: [may.use('flows.administer')],
    departmentSecretary: [may.use('flows.fillIn', 'myUnits')],
    medicalOffice: [may.use('flows.fillIn')],
  },
  menu: [
    group('流程管理', [
      page('/flows/design', '流程设计', 'flows.administer', { icon: 'partition' }),
      page('/flows/bindings', '流程搭配', 'flows.administer', { icon: 'branches' }),
      page('/flows/versions', '流程版本', 'flows.administer', { icon: 'history' }),
      page('/flows/incidents', '流程异常', 'flows.administer', { icon: 'warning' }),
      page('/flows/seals', '用印登记', 'flows.administer', { icon: 'safety' }),
    ]),
  ],
})
