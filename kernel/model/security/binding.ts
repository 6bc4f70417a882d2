import { choice, dateTime, person, reference, text } from '../fields/factories.ts'
import { is } from '../filter/filter.ts'
import { resource } from '../resource.ts'

/** Systems that prove for us who somebody is. */
export const outsideProviders = { oidc: '统一身份认证', wecom: '企业微信', cas: 'CAS 单点登录' } as const
export type OutsideProvider = keyof typeof outsideProviders

/** Who comes from another system, and which account that is: applied for with account and password, decided by an officer (A0766). */
export const bindings = resource('security.binding', {
  label: '账号绑定',
  title: 'name',
  owner: { person: 'person' },
  chapter: '账号与标识',
  writtenBy: 'module',
  fields: {
    account: reference('账号', 'security.account', { required: true }),
    person: person('人员'),
    provider: choice('登录方式', outsideProviders, { required: true }),
    name: text('对方显示名', { required: true, max: 100, search: true }),
    subject: text('对方标识', { required: true, max: 255, search: true, help: '在对方系统中的唯一标识' }),
    device: text('申请设备', { max: 80 }),
    address: text('申请地址', { max: 60 }),
    status: choice(
      '状态',
      {
        waiting: { label: '待审批', tone: 'warn' },
        active: { label: '已绑定', tone: 'good' },
        refused: { label: '已驳回', tone: 'bad' },
        ended: { label: '已解除', tone: 'neutral' },
      },
      { required: true },
    ),
    decidedBy: person('办理人'),
    decidedAt: dateTime('办理时间'),
    reason: text('驳回或解除原因', { max: 200 }),
  },
  indexes: [['account', 'status'], ['provider', 'subject']],
  list: {
    columns: ['person', 'account', 'provider', 'name', 'device', 'createdAt', 'status', 'decidedBy', 'decidedAt', 'reason'],
    filters: ['status', 'provider', 'person', 'account', 'createdAt'],
    sort: ['-createdAt'],
    views: [
      { name: 'waiting', label: '待审批', filter: is('status', 'waiting') },
      { name: 'active', label: '已绑定', filter: is('status', 'active') },
    ],
  },
}) // prettier-ignore
