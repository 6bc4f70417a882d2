import { choice, date, dateTime, longText, person, text } from '../fields/factories.ts'
import { is } from '../filter/filter.ts'
import { namesOf } from '../names-of.ts'
import { resource } from '../resource.ts'

export const requestOutcomes = {
  done: { label: '已按请求办理', tone: 'good' },
  erase: { label: '同意删除', tone: 'good' },
  eraseAll: { label: '同意删除本人全部受保护的信息', tone: 'warn' },
  restrict: { label: '保存期未满，限制处理', tone: 'warn' },
  refuse: { label: '不予办理', tone: 'bad' },
} as const
/** How far it is after the decision. */
export const requestStates = {
  open: { label: '办理中', tone: 'info' },
  waiting: { label: '待执行', tone: 'warn' },
  restricted: { label: '已限制处理', tone: 'warn' },
  closed: { label: '已办结', tone: 'good' },
} as const

/** What somebody asks of the hospital about his own information (个人信息保护法 art. 44–50): to be mended, deleted or explained. */
export const personalRequests = resource('personal.request', {
  label: '个人信息请求',
  title: 'what',
  owner: { person: 'person' },
  chapter: '个人信息',
  approval: 'personal.request',
  writtenBy: 'module',
  form: '/me/personal',
  groups: [
    { label: '请求', fields: ['kind', 'person', 'register', 'record', 'what', 'reason'] },
    { label: '办理', fields: ['outcome', 'basis', 'answer', 'progress', 'carriedOutAt', 'backupsUntil'] },
  ],
  fields: {
    kind: choice('请求', { correct: '更正、补充', delete: '删除', explain: '解释说明', copy: '转移副本' }, { required: true, default: 'explain' }),
    person: person('本人', { required: true, readOnly: true }),
    register: namesOf('resource', '信息类别', { help: '不清楚时可不选' }),
    record: text('相关记录', { max: 40, readOnly: true, idOf: 'register', help: '从“我的个人信息”发起时自动带入' }),
    what: text('要求', { required: true, max: 200, search: true, help: '如：手机号改为……；删除 2019 年的证件照片' }),
    reason: longText('理由', { max: 1000 }),
    outcome: choice('决定', requestOutcomes),
    basis: text('不删除或不予办理的依据', { max: 300, help: '保存期限的规定（名称、条款、到何时），或正在进行的诉讼、调查' }),
    answer: longText('给本人的答复', { max: 1000 }),
    progress: choice('进度', requestStates, { readOnly: true, default: 'open' }),
    carriedOutAt: dateTime('执行时间', { readOnly: true }),
    backupsUntil: date('备份中最迟保留至', { readOnly: true, help: '此前制作的备份到这一天全部到期；从备份恢复时，已删除的内容会自动再次删除' }),
  },
  rules: [{ at: 'basis', holds: "(outcome != 'restrict' && outcome != 'refuse') || basis != null", message: '请写明依据的规定及期限' }],
  indexes: [['person', 'createdAt']],
  list: {
    columns: ['createdAt', 'person', 'kind', 'what', 'register', 'state', 'outcome', 'progress', 'carriedOutAt'],
    filters: ['kind', 'state', 'progress', 'person', 'createdAt'],
    sort: ['-createdAt'],
    views: [
      { name: 'open', label: '办理中', filter: is('progress', 'open') },
      { name: 'waiting', label: '待执行', filter: is('progress', 'waiting') },
      { name: 'restricted', label: '限制处理', filter: is('progress', 'restricted') },
    ],
  },
}) // prettier-ignore

/** One kind of record that the hospital holds of somebody. */
export interface Holding {
  resource: string
  label: string
  group: string
  count: number
  fields: string[]
  /** By whom these records are written: himself, others, another system. */
  sources: string[]
  /** He may open them. */
  isOpen: boolean
  lastAt: string | null
}
/** GET /api/me/personal */
export interface PersonalAnswer {
  holdings: Holding[]
  /** Who has opened a record of his within 90 days: by unit. */
  readers: { unit: string; people: number; times: number; lastAt: string }[]
}
