import { group, may, module, page } from './module.ts'

/** Rights over the kernel itself. */
export const security = module('security', {
  label: '系统安全',
  rights: { 'security.audit': '审计日志' },
  roles: { auditOfficer: [may.use('security.audit')] },
  menu: [group('系统安全', [page('/audit', '审计日志', 'security.audit', { icon: 'file-search' })])],
})
