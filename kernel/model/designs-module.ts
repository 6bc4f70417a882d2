import { group, may, module, page } from './module.ts'

/** Who makes and changes what the hospital has of its own. */
export const designsModule = module('designs', {
  label: '应用搭建',
  rights: { 'designs.administer': '搭建应用：新建和调整记录类型、表单，发布和恢复版本' },
  roles: {
    systemOfficer: [may.use('designs.administer')],
    implementer: [may.use('designs.administer'), may.use('flows.administer'), may.use('reminders.administer')],
  },
  menu: [group('应用搭建', [page('/designs', '应用搭建', 'designs.administer', { icon: 'appstore' })])],
})
