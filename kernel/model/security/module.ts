import { group, ledger, may, module, page } from '../module.ts'
import { accountResets, accounts, signIns } from './account.ts'
import { apiClients, apiUses } from './api-client.ts'
import { bindings } from './binding.ts'
import { emergencyAccesses, emergencyRight } from './emergency.ts'
import { readFindings, reviewReadsRight } from './read-finding.ts'
import { where } from '../filter/filter.ts'

const looks = [
  may.read(accounts),
  may.export(accounts),
  may.read(signIns),
  may.export(signIns),
  may.read(accountResets),
  may.read(bindings),
  may.export(bindings),
  may.read(emergencyAccesses),
  may.export(emergencyAccesses),
  may.read(readFindings),
  may.export(readFindings),
  may.read(apiClients),
  may.read(apiUses),
  may.export(apiUses),
]
/** Where somebody sat, and by which key the record is found in the audit, is the officers' matter. */
const fromWhere = { hide: ['address', 'device', 'recordType', 'record'] }
/** Rights over the kernel itself, and who may sign in. */
export const security = module('security', {
  label: '系统安全',
  resources: [accounts, bindings, signIns, accountResets, emergencyAccesses, readFindings, apiClients, apiUses],
  rights: {
    'security.audit': '审计日志',
    'security.accounts': '账号：发一次性密码、解锁、强制退出',
    'security.bindings': '账号绑定：通过、驳回、解除',
    'security.confirmResets': '账号：同意他人提出的重置',
    'security.roles': '角色：收回',
    'security.confirmRoles': '角色：同意他人提出的授予与收回',
    'security.protection': '防护策略',
    'security.rights': '权限查询',
    [emergencyRight]: '应急访问：写明原因后短时查看无权查看的记录',
    'security.reviewEmergency': '应急访问：复核',
    [reviewReadsRight]: '访问异常：复核',
    'security.clients': '接口调用方：发放、轮换、停用密钥',
    'security.watermark': '水印',
    'security.exportMark': '查验导出文件的来源',
  },
  roles: {
    systemOfficer: [
      may.keep(accounts),
      may.read(accountResets),
      may.read(bindings),
      may.export(bindings),
      may.read(emergencyAccesses),
      may.export(emergencyAccesses),
      may.use('security.accounts'),
      may.use('security.bindings'),
      may.use('security.confirmRoles'),
      may.keep(apiClients),
      may.read(apiUses),
      may.use('security.clients'),
      may.use('security.rights'),
      may.use('security.watermark'),
    ],
    securityOfficer: [
      ...looks,
      may.use('security.bindings'),
      may.use('security.confirmResets'),
      may.use('security.roles'),
      may.use('security.confirmRoles'),
      may.use('security.protection'),
      may.use('security.rights'),
      may.use('security.reviewEmergency'),
      may.use('security.watermark'),
      may.use('security.exportMark'),
      may.use(reviewReadsRight),
    ],
    auditOfficer: [
      may.use('security.audit'),
      may.use(reviewReadsRight),
      may.use('security.rights'),
      may.use('security.exportMark'),
      ...looks,
    ],
    staffMember: [
      may.readOwn(signIns),
      may.readOwn(bindings),
      // Whoever looked, whose record it was, and who else was told.
      may.readOwn(emergencyAccesses, fromWhere),
      may.read(emergencyAccesses, where('told', 'hasAny', { my: 'person' }), fromWhere),
    ],
  },
  menu: [
    group('系统安全', [
      ledger(accounts, { icon: 'user' }),
      ledger(bindings, { icon: 'link' }),
      ledger(signIns, { icon: 'login' }),
      ledger(accountResets, { icon: 'key' }),
      page('/emergency', '发起应急访问', emergencyRight, { icon: 'alert', phone: true }),
      ledger(emergencyAccesses, { label: '应急访问记录', icon: 'alert' }),
      ledger(apiClients, { icon: 'deployment-unit' }),
      ledger(apiUses, { icon: 'history' }),
      page('/rights', '权限一览', 'security.rights', { icon: 'safety-certificate' }),
      page('/protection', '防护策略', 'security.protection', { icon: 'safety' }),
      page('/watermark', '水印', 'security.watermark', { icon: 'file-protect' }),
      page('/export-mark', '导出文件溯源', 'security.exportMark', { icon: 'file-search' }),
      ledger(readFindings, { icon: 'eye' }),
      page('/audit', '审计日志', 'security.audit', { icon: 'file-search' }),
    ]),
  ],
})
