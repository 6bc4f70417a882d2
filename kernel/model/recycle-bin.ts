import { group, may, module, page } from './module.ts'

/** One page over what was deleted of all kinds; each kind's own rights say what of it is shown. */
export const recycleBinModule = module('bin', {
  label: '回收站',
  rights: { 'bin.read': '回收站：查询和恢复各类已删除的记录（仍按各类记录的删除权限）' },
  roles: { medicalOffice: [may.use('bin.read')], systemOfficer: [may.use('bin.read')] },
  menu: [group('系统', [page('/bin', '回收站', 'bin.read', { icon: 'delete' })])],
})
