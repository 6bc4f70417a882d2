import { choice, date, dateTime, integer, longText, person, text, unit } from '../fields/factories.ts'
import { is } from '../filter/filter.ts'
import { resource } from '../resource.ts'

/** What a read of somebody's record may be, and why it is looked at. */
export const readFindingKinds = {
  own: { label: '本人记录', tone: 'warn' },
  colleague: { label: '同科室同事', tone: 'warn' },
  family: { label: '同姓人员', tone: 'warn' },
  volume: { label: '查看量', tone: 'bad' },
  night: { label: '夜间', tone: 'warn' },
} as const
export type ReadFindingKind = keyof typeof readFindingKinds
export const readFindingStates = {
  open: { label: '待复核', tone: 'warn' },
  explained: { label: '已说明，正常', tone: 'good' },
  escalated: { label: '移交处理', tone: 'bad' },
} as const
export type ReadVerdict = Exclude<keyof typeof readFindingStates, 'open'>
/** The right to see the entries behind a finding and to say what it is. */
export const reviewReadsRight = 'security.reviewReads'

/** Reads that an officer should look at: one for each person, kind and day, with the reason in words and the log's entries behind it. */
export const readFindings = resource('security.readFinding', {
  label: '访问异常',
  title: 'reason',
  writtenBy: 'module',
  log: true,
  groups: [
    { label: '异常', fields: ['reason', 'kind', 'person', 'unit', 'day', 'reads', 'firstAt', 'lastAt'] },
    { label: '复核', fields: ['status', 'reviewer', 'reviewedAt', 'review', 'entries'] },
  ],
  fields: {
    reason: text('为什么提示', { required: true, max: 400, search: true }),
    kind: choice('类别', readFindingKinds, { required: true }),
    person: person('查看的人', { required: true }),
    unit: unit('所在科室'),
    day: date('日期', { required: true }),
    reads: integer('查看次数', { required: true }),
    firstAt: dateTime('第一次', { required: true }),
    lastAt: dateTime('最后一次', { required: true }),
    entries: longText('日志序号', { required: true, max: 4000 }),
    status: choice('状态', readFindingStates, { required: true }),
    reviewer: person('复核人'),
    review: longText('复核意见', { max: 500 }),
    reviewedAt: dateTime('复核时间'),
  },
  unique: [['person', 'kind', 'day']],
  indexes: [['status', 'day']],
  list: {
    columns: ['day', 'status', 'kind', 'person', 'unit', 'reason', 'reads', 'lastAt', 'reviewer'],
    filters: ['status', 'kind', 'person', 'unit', 'day'],
    sort: ['-day'],
    views: [
      { name: 'waiting', label: '待复核', filter: is('status', 'open') },
      { name: 'escalated', label: '移交处理', filter: is('status', 'escalated') },
    ],
  },
}) // prettier-ignore
