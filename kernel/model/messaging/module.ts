import { group, may, module, page } from '../module.ts'

export const messagingModule = module('messages', {
  label: '消息',
  rights: { 'messages.administer': '消息设置：发送方式、模板、外发记录' },
  roles: { systemOfficer: [may.use('messages.administer')] },
  menu: [group('系统', [page('/messaging', '消息设置', 'messages.administer', { icon: 'notification' })])],
})
