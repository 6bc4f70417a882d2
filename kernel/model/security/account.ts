import { boolean, choice, choices, date, dateTime, integer, longText, person, reference, text } from '../fields/factories.ts'
import { rollUp, tags, time } from '../fields/factories-more.ts'
import { among, is } from '../filter/filter.ts'
import { resource } from '../resource.ts'

const weekdays = { '1': '周一', '2': '周二', '3': '周三', '4': '周四', '5': '周五', '6': '周六', '7': '周日' } as const

/** Written by sign-in itself, never by hand. */
const bySignIn = { readOnly: true } as const

/** Who may sign in, and within which bounds. What proves it — password, second factor — stands apart and is never part of a record. */
export const accounts = resource('security.account', {
  label: '账号',
  title: 'name',
  owner: { person: 'person' },
  chapter: '账号与标识',
  groups: [
    { label: '账号', fields: ['name', 'person', 'status', 'reason', 'stoppedAt', 'stoppedBy', 'validUntil'] },
    { label: '允许登录的时段与网络', fields: [{ note: '都留空为不限' }, 'accessDays', 'accessFrom', 'accessTo', 'accessNetworks'] },
    { label: '登录情况', fields: ['secondFactor', 'mustChange', 'passwordAt', 'lockedUntil', 'signIns', 'lastSignInAt'] },
  ],
  fields: {
    name: text('账号名', { required: true, max: 60, search: true, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', patternMessage: '只能用字母、数字和 . _ -，以字母或数字开头', help: '工号也可用来登录' }),
    person: person('人员'),
    status: choice('状态', { active: { label: '启用', tone: 'good' }, disabled: { label: '停用', tone: 'warn' }, closed: { label: '已注销', tone: 'neutral' } }, { required: true, default: 'active' }),
    reason: text('停用或注销原因', { max: 200 }),
    stoppedAt: dateTime('停用或注销于', { ...bySignIn, visibleWhen: "status != 'active'" }),
    stoppedBy: person('停用或注销人', { ...bySignIn, visibleWhen: "status != 'active'", help: '到期自动停用的为空' }),
    validUntil: date('有效期至', { help: '含当天；到期自动停用' }),
    accessDays: choices('允许登录的星期', weekdays),
    accessFrom: time('自'),
    accessTo: time('至', { help: '早于“自”时为次日' }),
    accessNetworks: tags('允许登录的地址', { help: '地址或网段，如 10.1.2.3、10.1.0.0/16' }),
    secondFactor: choice('动态口令', { none: { label: '未绑定', tone: 'neutral' }, totp: { label: '已绑定', tone: 'good' } }, { required: true, default: 'none', ...bySignIn }),
    mustChange: boolean('须先改密码', { default: false, ...bySignIn }),
    passwordAt: dateTime('密码设置于', bySignIn),
    lockedUntil: dateTime('锁定至', bySignIn),
    signIns: rollUp('登录次数', { of: 'security.signIn', by: 'account', how: 'count', where: is('outcome', 'done') }),
    lastSignInAt: rollUp<string>('末次登录', { of: 'security.signIn', by: 'account', how: 'max', field: 'at', where: is('outcome', 'done') }),
  },
  unique: [['name']],
  indexes: [['person']],
  rules: [
    { at: 'accessFrom', holds: '(accessFrom == null) == (accessTo == null)', message: '起止时间请一并填写' },
    { at: 'reason', holds: "status == 'active' || reason != null", message: '请写明停用或注销的原因' },
  ],
  list: {
    columns: ['name', 'person', 'person.unit', 'status', 'validUntil', 'secondFactor', 'signIns', 'lastSignInAt', 'createdAt', 'updatedAt'],
    filters: ['status', 'secondFactor', 'person', 'validUntil', 'lastSignInAt', 'createdAt'],
    sort: ['name'],
    views: [
      { name: 'active', label: '启用', filter: is('status', 'active') },
      { name: 'disabled', label: '停用', filter: is('status', 'disabled') },
      { name: 'closed', label: '已注销', filter: is('status', 'closed') },
      { name: 'stopped', label: '停用用户报表', filter: among('status', ['disabled', 'closed']), columns: ['name', 'person', 'person.unit', 'status', 'stoppedAt', 'stoppedBy', 'reason', 'lastSignInAt', 'signIns'] },
    ],
  },
}) // prettier-ignore

export const signInOutcomes = {
  done: { label: '成功', tone: 'good' }, wrong: { label: '账号或密码不对', tone: 'bad' }, captcha: { label: '图形验证码不对', tone: 'bad' }, secondFactor: { label: '动态口令不对', tone: 'bad' },
  locked: { label: '账号锁定中', tone: 'bad' }, disabled: { label: '账号停用', tone: 'warn' }, expired: { label: '账号已过有效期', tone: 'warn' }, outside: { label: '不在允许的时段或网络', tone: 'warn' },
  tooMany: { label: '过于频繁', tone: 'bad' }, identity: { label: '外部身份未通过', tone: 'bad' },
} as const // prettier-ignore
export type SignInOutcome = keyof typeof signInOutcomes
export const signInMethods = { password: '密码', totp: '密码和动态口令', recovery: '密码和恢复码', oidc: '统一身份认证', cas: 'CAS 单点登录', wecom: '企业微信' } as const // prettier-ignore
export type SignInMethod = keyof typeof signInMethods
export const sessionEnds = { signOut: '本人退出', idle: '无操作退出', expired: '时长已满', replaced: '在别处登录', ended: '被强制退出', changed: '改密或停用' } as const // prettier-ignore
export type SessionEnd = keyof typeof sessionEnds

/** Every attempt to sign in, and how long each successful one lasted: A0756, E0165–E0168. The audit log has each too; this is what one looks through. */
export const signIns = resource('security.signIn', {
  label: '登录日志',
  title: 'name',
  owner: { person: 'person' },
  chapter: '账号与标识',
  writtenBy: 'module',
  log: true,
  fields: {
    at: dateTime('登录时间', { required: true }),
    name: text('账号', { required: true, max: 60, search: true, help: '登录时填写的账号名' }),
    account: reference('所属账号', 'security.account'),
    person: person('人员'),
    outcome: choice('结果', signInOutcomes, { required: true }),
    times: integer('次数', { required: true, default: 1, help: '同一地址连续被拒绝的合记一条' }),
    method: choice('方式', signInMethods),
    address: text('IP 地址', { max: 60, search: true }),
    place: text('登录地点', { max: 80 }),
    device: text('设备', { max: 80 }),
    agent: text('浏览器标识', { max: 300 }),
    endedAt: dateTime('退出时间'),
    end: choice('退出方式', sessionEnds),
    minutes: integer('在线时长（分钟）'),
  },
  indexes: [['account', 'at'], ['at']],
  list: {
    columns: ['at', 'name', 'person', 'outcome', 'method', 'address', 'place', 'device', 'endedAt', 'end', 'minutes'],
    filters: ['at', 'name', 'person', 'outcome', 'address', 'method'],
    sort: ['-at'],
  },
}) // prettier-ignore

/** What an officer gives back to somebody who has lost it. Of a second factor, and of an officer's own password, only when a second officer agrees. */
export const accountResets = resource('security.accountReset', {
  label: '账号重置',
  title: 'reason',
  writtenBy: 'module',
  fields: {
    account: reference('账号', 'security.account', { required: true }),
    what: choice('重置', { password: '密码', secondFactor: '动态口令' }, { required: true }),
    reason: longText('原因', { required: true, max: 200 }),
    status: choice(
      '进度',
      {
        waiting: { label: '待另一管理员同意', tone: 'warn' },
        confirmed: { label: '已同意，待执行', tone: 'info' },
        done: { label: '已执行', tone: 'good' },
        refused: { label: '不同意', tone: 'bad' },
        expired: { label: '已过期', tone: 'neutral' },
      },
      { required: true },
    ),
    confirmedBy: person('同意或不同意'),
    until: dateTime('过期时间', { required: true }),
  },
  indexes: [['account', 'status']],
  list: { columns: ['account', 'what', 'reason', 'createdBy', 'createdAt', 'status', 'confirmedBy'], filters: ['status', 'what', 'account'], sort: ['-createdAt'] },
}) // prettier-ignore
