import { before, group, ledger, may, module, page } from '#model'
import { ruleAsOf } from '#kernel/model/rules/index.ts'
import { application } from './application/application.ts'
import { applicationFlow } from './application/application.flow.ts'
import { admissionRule, renewalRule, reviewRule } from './application/application.limits.rules.ts'
import { titleUses } from './check/title.rules.ts'
import { checkMode, checkRecord, codeMapping } from './check/check.ts'
import { departmentProcedure } from './department-list/department-list.ts'
import { webhook, webhookDelivery } from './feed/feed.ts'
import { grant } from './grant/grant.ts'
import { letter } from './letter/letter.ts'
import { procedure, standardProcedure } from './procedure/procedure.ts'
import { suspension } from './suspension/suspension.ts'

export default module('privileges', {
  label: '资质授权',
  dependsOn: ['organisation', 'staff'],
  resources: [
    standardProcedure,
    procedure,
    departmentProcedure,
    application,
    grant,
    suspension,
    letter,
    checkMode,
    codeMapping,
    checkRecord,
    webhook,
    webhookDelivery,
  ],
  flows: [applicationFlow],
  rules: [reviewRule, admissionRule, renewalRule],
  ruleUses: titleUses,
  rights: {
    'privileges.apply': '申请手术授权',
    'privileges.fillIn': '代填手术授权申请',
    'privileges.manage': '管理手术授权（暂停、取消、导入）',
    'privileges.matrix': '科室授权一览',
    'privileges.departmentList': '维护科室手术目录',
    'privileges.why': '能不能做',
    'privileges.check': '权限校验接口',
    'privileges.feed': '授权变更与快照接口',
  },
  roles: {
    staffMember: [
      may.read(procedure),
      may.read(departmentProcedure),
      may.readOwn(application),
      may.readOwn(grant),
      may.readOwn(letter),
      may.readOwn(suspension),
      may.use('privileges.apply', 'own'),
      may.use('privileges.why', 'own'),
    ],
    departmentSecretary: [
      may.read(application, 'myUnits'),
      may.read(grant, 'myUnits'),
      may.use('privileges.fillIn', 'myUnits'),
      may.use('privileges.matrix', 'myUnits'),
    ],
    departmentHead: [
      may.read(application, 'myUnits'),
      may.read(grant, 'myUnits'),
      may.read(suspension),
      may.all(departmentProcedure, 'myUnits'),
      may.use('privileges.departmentList', 'myUnits'),
      may.use('privileges.matrix', 'myUnits'),
      may.use('privileges.why', 'myUnits'),
    ],
    committeeMember: [may.read(grant), may.use('privileges.why'), may.use('privileges.matrix')],
    hospitalLeader: [may.read(grant), may.use('privileges.matrix'), may.use('privileges.why')],
    medicalOffice: [
      may.all(standardProcedure),
      may.all(procedure),
      may.all(departmentProcedure),
      may.use('privileges.departmentList'),
      may.read(application),
      may.export(application),
      may.read(grant),
      may.export(grant),
      may.all(suspension),
      may.read(letter),
      may.all(checkMode),
      may.all(codeMapping),
      may.read(checkRecord),
      may.export(checkRecord),
      may.use('privileges.manage'),
      may.use('privileges.fillIn'),
      may.use('privileges.matrix'),
      may.use('privileges.why'),
    ],
    systemOfficer: [may.all(webhook), may.read(webhookDelivery)],
  },
  menu: [
    group('资质授权', [
      page('/privileges/application', '申请手术授权', 'privileges.apply', { icon: 'form', phone: true }),
      page('/privileges/why', '能不能做', 'privileges.why', { icon: 'question', phone: true }),
      page('/privileges/matrix', '科室授权一览', 'privileges.matrix', { icon: 'table' }),
      page('/privileges/grant/direct', '直接授权', 'privileges.manage', { icon: 'plus-circle' }),
      ledger(application, { icon: 'file' }),
      ledger(grant, { icon: 'key' }),
      page('/import/privileges.grants', '历史授权转入', 'privileges.manage', { icon: 'file-sync' }),
      ledger(letter, { icon: 'file-done' }),
      ledger(suspension, { icon: 'pause' }),
      ledger(departmentProcedure, { icon: 'unordered-list' }),
      page('/privileges/department-list/pick', '从院内目录选入', 'privileges.departmentList', { icon: 'plus-circle' }),
      ledger(procedure, { icon: 'database' }),
      ledger(standardProcedure, { icon: 'book' }),
      ledger(checkRecord, { icon: 'monitor' }),
      ledger(checkMode, { icon: 'setting' }),
      ledger(codeMapping, { icon: 'swap' }),
      ledger(webhook, { icon: 'notification' }),
      ledger(webhookDelivery, { icon: 'send' }),
    ]),
  ],
  remind: [
    before(grant, 'to', {
      days: [ruleAsOf('privilegeRenewal.notice', 'decision'), 90, 60, 30, 10],
      whom: ['owner', 'medicalOffice'],
      where: { field: 'status', op: 'eq', value: 'active' },
      text: '{practitioner}的“{procedure}”授权（{number}）将于{to}到期，还有{days}天',
    }),
  ],
})
