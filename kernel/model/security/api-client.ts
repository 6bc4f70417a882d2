import { choice, choices, date, dateTime, integer, longText, person, reference, rows, text } from '../fields/factories.ts'
import { tags } from '../fields/factories-more.ts'
import { namesOf } from '../names-of.ts'
import { is } from '../filter/filter.ts'
import { refusals } from '../refusals.ts'
import { resource } from '../resource.ts'

/** What another program may do with records. Purging, auditing and closing stay with people. */
export const clientActions = { read: '查看', create: '新增', update: '修改', delete: '删除' } as const
export type ClientAction = keyof typeof clientActions
/** Which of its keys a client holds for ready: so many are valid at once, the old one while the new one is brought in. */
export const maxKeys = 2
/** The longest time for which an old key stays valid beside the new one, days. */
export const longestOverlap = 90

/** Another program that calls ours. Its keys stand apart (`kernel.api_key`) and are never part of a record. */
export const apiClients = resource('security.apiClient', {
  label: '接口调用方',
  title: 'name',
  groups: [
    { label: '调用方', fields: ['name', 'purpose', 'contact', 'vendor', 'status', 'reason', 'validUntil'] },
    { label: '怎样验证', fields: ['proof', 'networks', 'perMinute'] },
    { label: '可以做什么', fields: [{ note: '没有列出的都不可以' }, 'rights', 'records'] },
    { label: '使用情况', fields: ['lastUsedAt'] },
  ],
  fields: {
    name: text('系统名称', { required: true, max: 60, search: true, help: '如 HIS、手麻系统；会出现在审计日志和记录历史中' }),
    purpose: longText('用途', { max: 500 }),
    contact: person('院内联系人'),
    vendor: text('厂商与联系方式', { max: 200 }),
    status: choice('状态', { active: { label: '启用', tone: 'good' }, disabled: { label: '停用', tone: 'warn' } }, { required: true, default: 'active' }),
    reason: text('停用原因', { max: 200, visibleWhen: "status == 'disabled'", requiredWhen: "status == 'disabled'" }),
    validUntil: date('有效期至', { help: '含当天；留空为长期' }),
    proof: choice('身份验证', { signed: '必须签名', bearer: '签名，或固定密钥' }, { required: true, default: 'signed', help: '防护策略要求签名时，固定密钥一律不接受' }),
    networks: tags('允许的来源地址', { max: 50, longest: 50, help: '地址或网段，如 10.1.2.3、10.1.0.0/16、2001:db8::/32；留空为不限' }),
    perMinute: integer('每分钟最多请求', { required: true, min: 1, max: 1_000_000, default: 6000, unit: '次', help: '每个服务进程各自计数；短时可连续用完一分钟的量' }),
    rights: namesOf('rights', '接口与功能'),
    records: rows('可用的记录', {
      resource: namesOf('resource', '记录类型', { required: true }),
      actions: choices('可以', clientActions, { required: true }),
      plain: tags('可见原文的敏感项', { max: 100, longest: 60, help: '填字段名；不列出的敏感项只给掩码' }),
      hidden: tags('不给的字段', { max: 100, longest: 60, help: '填字段名；不出现在答复中，也不能按它筛选' }),
    }, { rowTitle: 'resource', max: 100 }),
    lastUsedAt: dateTime('最近使用', { readOnly: true }),
  },
  unique: [['name']],
  list: {
    columns: ['name', 'status', 'proof', 'networks', 'perMinute', 'validUntil', 'contact', 'lastUsedAt'],
    filters: ['status', 'proof', 'contact', 'validUntil'],
    sort: ['name'],
    views: [
      { name: 'active', label: '启用', filter: is('status', 'active') },
      { name: 'disabled', label: '停用', filter: is('status', 'disabled') },
    ],
  },
}) // prettier-ignore

export const useOutcomes = {
  done: { label: '成功', tone: 'good' },
  refused: { label: '拒绝', tone: 'warn' },
  failed: { label: '出错', tone: 'bad' },
} as const

const reasons = Object.fromEntries(Object.entries(refusals).map(([code, [, message]]) => [code, message]))
/** How a client used its rights: one row an hour, route, outcome and address. Written in bulk; refusals stand in the audit log, too. */
export const apiUses = resource('security.apiUse', {
  label: '接口使用日志',
  title: 'route',
  writtenBy: 'module',
  log: true,
  fields: {
    hour: dateTime('时段', { required: true, help: '该小时的开始' }),
    client: reference('调用方', 'security.apiClient', { required: true }),
    key: text('密钥编号', { max: 40 }),
    route: text('接口', { required: true, max: 200, search: true }),
    outcome: choice('结果', useOutcomes, { required: true }),
    code: choice('拒绝原因', reasons),
    address: text('来源地址', { max: 60, search: true }),
    count: integer('次数', { required: true }),
    lastAt: dateTime('最近一次', { required: true }),
  },
  indexes: [['client', 'hour'], ['hour']],
  list: {
    columns: ['hour', 'client', 'route', 'outcome', 'code', 'address', 'count', 'lastAt', 'key'],
    filters: ['hour', 'client', 'outcome', 'code', 'route', 'address'],
    sort: ['-hour'],
  },
}) // prettier-ignore

/** GET /api/clients/:id/keys */
export interface ApiKeysAnswer {
  keys: ApiKeyItem[]
  /** The policy accepts no key without a signature. */
  signatureRequired: boolean
}
/** A key of a client, without what proves it. */
export interface ApiKeyItem {
  id: string
  /** Only its hash was kept: good without a signature only. */
  canSign: boolean
  createdAt: string
  endsAt: string | null
  lastUsedAt: string | null
  isLive: boolean
}
/** A new key, with the secret that is shown this once. */
export interface IssuedKey {
  key: string
  secret: string
}
