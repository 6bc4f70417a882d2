import { choice, date, dateTime, integer, person, reference, resource, text, unit } from '#model'

export const checkModes = { record: '仅记录', warn: '提醒', block: '拦截' } as const
const urgencies = { elective: '择期', emergency: '急诊' } as const

/** How strict the answer to the HIS is: by kind, unit and urgency; the most specific rule wins, 仅记录 when none does. */
export const checkMode = resource('privileges.checkMode', {
  label: '校验方式',
  title: 'mode',
  owner: { department: 'unit' },
  fields: {
    kind: choice('范围', { procedure: '手术授权' }, { required: true, default: 'procedure' }),
    unit: unit('科室', { help: '空 = 全院' }),
    urgency: choice('急择期', urgencies, { help: '空 = 不分' }),
    mode: choice('方式', checkModes, { required: true, default: 'record' }),
  },
  unique: [['kind', 'unit', 'urgency']],
  list: { columns: ['kind', 'unit', 'urgency', 'mode'] },
})

/** What another system's code means here: 1:1, 1:n or n:1, confirmed by a person or not yet. */
export const codeMapping = resource('privileges.codeMapping', {
  label: '手术编码对照',
  title: 'code',
  fields: {
    codeSystem: text('来源编码体系', { required: true, max: 40, help: '如 HIS、手麻、国临版' }),
    codeVersion: text('版本', { max: 20 }),
    code: text('来源编码', { required: true, max: 60, search: true }),
    name: text('来源名称', { max: 300, search: true }),
    procedure: reference('院内手术', 'privileges.procedure', { required: true, onDelete: 'restrict' }),
    confirmedBy: person('确认人'),
    confirmedOn: date('确认日期', { max: 'today', help: '空 = 尚未确认' }),
  },
  unique: [['codeSystem', 'codeVersion', 'code', 'procedure']],
  indexes: [['code']],
  list: {
    columns: ['codeSystem', 'code', 'name', 'procedure', 'procedure.code', 'confirmedBy', 'confirmedOn'],
    filters: ['codeSystem', 'confirmedOn'],
    sort: ['code'],
  },
})

/** The durable record of every answer, written before it leaves (by group commit, not row by row). */
export const checkRecord = resource('privileges.checkRecord', {
  label: '权限校验记录',
  title: 'sentence',
  owner: { person: 'practitioner', department: 'unit' },
  chapter: '授权',
  writtenBy: 'module',
  log: true,
  fields: {
    asker: text('询问系统', { max: 80 }),
    askedAt: dateTime('询问时间', { required: true }),
    actAt: dateTime('手术时间', { required: true }),
    practitioner: reference('医务人员', 'staff.practitioner'),
    unit: unit('科室'),
    identifier: text('送来的标识', { max: 120 }),
    codeSystem: text('编码体系', { max: 40 }),
    code: text('手术编码', { max: 60 }),
    procedure: reference('手术', 'privileges.procedure'),
    role: choice('角色', { operator: '术者', firstAssistant: '一助', supervisor: '指导' }),
    urgency: choice('急择期', urgencies),
    caseId: text('病例号', { max: 80 }),
    replayOf: text('补传的询问', { max: 80, help: 'HIS 超时放行后补传：询问时间是当时的时间' }),
    result: choice(
      '结果',
      { allowed: { label: '可以', tone: 'good' }, allowedUnderSupervision: { label: '须上级在场', tone: 'warn' }, denied: { label: '不可以', tone: 'bad' }, recorded: { label: '仅记录', tone: 'info' } },
      { required: true },
    ), // prettier-ignore
    would: choice('若拦截', { allowed: '可以', allowedUnderSupervision: '须上级在场', denied: '不可以' }),
    mode: choice('方式', checkModes),
    sentence: text('答复', { max: 1000 }),
    reasons: text('原因代码', { max: 500 }),
    explanation: text('说明的理由', { max: 200 }),
    latencyMicros: integer('耗时（微秒）'),
  },
  list: {
    columns: ['askedAt', 'practitioner', 'unit', 'procedure', 'code', 'role', 'result', 'would', 'sentence'],
    filters: ['result', 'would', 'askedAt', 'unit'],
    sort: ['-createdAt'],
  },
})
