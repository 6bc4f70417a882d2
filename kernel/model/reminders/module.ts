import { may, module, page } from '../module.ts'

/** Reminders say what records hold and whom they concern: they belong to whoever knows the records, and to whoever sets up the system. */
export const reminderRight = 'reminders.administer'
export const remindersModule = module('reminders', {
  label: '提醒',
  rights: { [reminderRight]: '提醒设置：新建、修改、试看、开关提醒' },
  roles: { medicalOffice: [may.use(reminderRight)], systemOfficer: [may.use(reminderRight)] },
  menu: [{ label: '系统', entries: [page('/reminders', '提醒设置', reminderRight, { icon: 'schedule' })] }],
})
