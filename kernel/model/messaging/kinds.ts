/** What people are told, by what it is about: the rows of what each way is used for. */
export const messageKinds = {
  task: '待我处理',
  urge: '催办与超时',
  result: '办理结果',
  copy: '抄送与知会',
  reminder: '到期提醒',
  notice: '通知公告',
  conversation: '会话',
  security: '账号与安全',
  other: '其他',
} as const
export type MessageKind = keyof typeof messageKinds
export const messageKindNames = Object.keys(messageKinds) as MessageKind[]

/** The ways out of the page. In the page itself everything is told, always. */
export const messageChannels = { wecom: '企业微信', sms: '短信', email: '邮件', push: '浏览器推送' } as const
export type MessageChannel = keyof typeof messageChannels
export const messageChannelNames = Object.keys(messageChannels) as MessageChannel[]

/** How the hospital uses a way for a kind; between 可选 and 默认发 each person decides for himself. */
export const channelUses = { never: '不用', offered: '可选，默认不发', on: '默认发，可关', always: '必发' } as const
export type ChannelUse = keyof typeof channelUses
export const channelUseNames = Object.keys(channelUses) as ChannelUse[]
