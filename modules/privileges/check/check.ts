import { choice, dateTime, integer, reference, resource, text, unit } from '#model'

export const checkModes = { record: '仅记录', warn: '提醒', block: '拦截' } as const

/** How strict the answer to the HIS is: by kind, unit and urgency; the most specific rule wins, 仅记录 when none does. */
export const checkMode = resource('privileges.checkMode', {
  label: '校验方式',
  title: 'mode',
  owner: { department: 'unit' },
  fields: {
    kind: choice('范围', { procedure: '手术授权' }, { required: true, default: 'procedure' }),
    unit: unit('科室', { help: '空 = 全院' }),
    urgency: choice('急择期', { elective: '择期', emergency: '急诊' }, { help: '空 = 不分' }),
    mode: choice('方式', checkModes, { required: true, default: 'record' }),
  },
  unique: [['kind', 'unit', 'urgency']],
  list: { columns: ['kind', 'unit', 'urgency', 'mode'] },
})

/** The durable record of every answer, written before it leaves (by group commit, not row by row). */
export const checkRecord = resource('privileges.checkRecord', {
  label: '权限校验记录',
  title: 'sentence',
  owner: { person: 'practitioner', department: 'unit' },
  writtenBy: 'module',
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
    result: choice(
      '结果',
      { allowed: { label: '可以', tone: 'good' }, allowedUnderSupervision: { label: '须上级在场', tone: 'warn' }, denied: { label: '不可以', tone: 'bad' }, recorded: { label: '仅记录', tone: 'info' } },
      { required: true },
    ),
    would: choice('若拦截', { allowed: '可以', allowedUnderSupervision: '须上级在场', denied: '不可以' }),
    mode: choice('方式', checkModes),
    sentence: text('答复', { max: 500 }),
    reasons: text('原因代码', { max: 300 }),
    latencyMicros: integer('耗时（微秒）'),
  },
  list: { columns: ['askedAt', 'practitioner', 'unit', 'procedure', 'code', 'role', 'result', 'would', 'sentence'], filters: ['result', 'would', 'askedAt', 'unit'], sort: ['-createdAt'] },
})
