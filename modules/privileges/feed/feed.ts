import { boolean, choice, dateTime, integer, longText, reference, resource, text } from '#model'

/** Whom we tell of changes by ourselves: an address, and the secret that our signature is made with. */
export const webhook = resource('privileges.webhook', {
  label: '授权变更推送',
  title: 'name',
  fields: {
    name: text('接收系统', { required: true, max: 60 }),
    url: text('地址', { required: true, max: 500, pattern: '^https?://[^\\s]+$', patternMessage: '须以 http:// 或 https:// 开头' }),
    secret: text('签名密钥', { required: true, max: 200, class: 'sensitive', help: '至少 16 位，双方保存；用于 HMAC-SHA256 签名' }),
    active: boolean('启用', { default: true }),
  },
  unique: [['name']],
  list: { columns: ['name', 'url', 'active'], filters: ['active'], sort: ['name'] },
})

/** One message to one receiver, and what became of it. */
export const webhookDelivery = resource('privileges.webhookDelivery', {
  label: '推送日志',
  title: 'problem',
  writtenBy: 'module',
  fields: {
    webhook: reference('接收系统', 'privileges.webhook', { required: true }),
    status: choice(
      '状态',
      { waiting: { label: '待送', tone: 'info' }, delivered: { label: '已送达', tone: 'good' }, failed: { label: '未送达', tone: 'bad' } },
      { required: true },
    ),
    place: integer('序号', { required: true, help: '同一接收系统按此顺序逐条送' }),
    changes: integer('变更条数', { required: true }),
    body: longText('内容', { required: true }),
    attempts: integer('次数', { required: true }),
    dueAt: dateTime('下次时间'),
    deliveredAt: dateTime('送达时间'),
    httpStatus: integer('对方答复'),
    problem: text('问题', { max: 300 }),
  },
  indexes: [
    ['status', 'dueAt'],
    ['webhook', 'place'],
  ],
  list: {
    columns: ['webhook', 'createdAt', 'status', 'changes', 'attempts', 'httpStatus', 'problem', 'deliveredAt'],
    filters: ['status', 'webhook'],
    sort: ['-createdAt'],
  },
})
