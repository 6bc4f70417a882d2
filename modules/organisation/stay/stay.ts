import { all, boolean, choice, date, decimal, integer, longText, lookup, person, rating, reference, resource, rollUp, text, unit, is, where, type Row } from '#model' // prettier-ignore

const marks = { words: ['不合格', '较差', '合格', '良好', '优秀'] }

/** 轮转: one stay of one person in a unit, as a published plan says; with its handover, and what the unit says of him. */
export const rotationStay = resource('organisation.rotationStay', {
  label: '轮转安排',
  title: 'label',
  owner: { person: 'person', department: 'unit' },
  chapter: '轮转',
  fields: {
    label: text('轮转', { max: 200, readOnly: true, search: true }),
    person: person('轮转人员', { required: true, readOnly: true }),
    unit: unit('轮转科室', { required: true, readOnly: true }),
    from: date('入科日期', { required: true, readOnly: true }),
    to: date('出科日期', { required: true, readOnly: true }),
    days: integer('天数', { readOnly: true, unit: '天' }),
    mentor: person('带教老师'),
    plan: reference('轮转计划', 'organisation.rotationPlan', { readOnly: true }),
    membership: reference('随轮转的任职', 'directory.membership', { readOnly: true }),
    previous: reference('上一站', 'organisation.rotationStay', { readOnly: true }),
    absentDays: rollUp('缺勤天数', { of: 'organisation.rotationAbsence', by: 'stay', how: 'sum', field: 'days' }),
    tasks: rollUp('任务数', { of: 'organisation.rotationTask', by: 'stay', how: 'count' }),
    tasksDone: rollUp('已完成任务', { of: 'organisation.rotationTask', by: 'stay', how: 'count', where: is('isDone', true) }),
    theory: rating('理论知识', marks),
    skill: rating('操作技能', marks),
    attitude: rating('工作态度', marks),
    score: decimal('综合评分', 1, { readOnly: true }),
    comment: longText('评语', { max: 1000 }),
    ratedBy: person('评价人', { readOnly: true }),
    ratedOn: date('评价日期', { readOnly: true }),
    handover: text('交接说明', { max: 500, width: 4, help: '出科时向下一科室交接：掌握情况、未完成的任务、注意事项' }),
    handedOverBy: person('交出人', { readOnly: true }),
    handedOverOn: date('交出日期', { readOnly: true }),
    previousHandover: lookup('上一站的交接说明', 'previous.handover'),
    receivedBy: person('接收确认人', { readOnly: true }),
    receivedOn: date('接收确认日期', { readOnly: true }),
  },
  // What a head fills in on his phone stands first; whom it is about says the title.
  groups: [
    { label: '科室评价', fields: ['theory', 'skill', 'attitude', 'score', 'comment', 'ratedBy', 'ratedOn'] },
    { label: '交接', fields: ['handover', 'handedOverBy', 'handedOverOn', 'previousHandover', 'receivedBy', 'receivedOn'] },
    { label: '安排', fields: ['person', 'unit', 'from', 'to', 'days', 'mentor', 'plan', 'previous', 'membership', 'label'] },
    { label: '考勤与任务', fields: ['absentDays', 'tasks', 'tasksDone'] },
  ],
  indexes: [['person', 'from'], ['unit', 'from'], ['plan']],
  list: {
    columns: ['person', 'unit', 'from', 'to', 'mentor', 'receivedOn', 'absentDays', 'score'],
    filters: ['unit', 'person', 'from', 'to', 'mentor', 'plan'],
    sort: ['from', 'unit'],
    views: [
      { name: 'running', label: '正在轮转', filter: all(where('from', 'lte', { today: 0 }), where('to', 'gte', { today: 0 })) },
      { name: 'coming', label: '一个月内入科', filter: all(where('from', 'gt', { today: 0 }), where('from', 'lte', { today: 31 })) },
      { name: 'unrated', label: '待评价', filter: all(where('score', 'empty'), where('to', 'lte', { today: 7 })), columns: ['person', 'unit', 'from', 'to', 'mentor', 'score'] },
      { name: 'past', label: '已出科', filter: where('to', 'lt', { today: 0 }) },
    ],
  },
  buttons: [{ name: 'receive', label: '确认接收', when: 'receivedOn == null', confirm: '确认此人已到科报到，上一站的交接说明已阅。', does: { set: { receivedOn: { word: 'today' }, receivedBy: { word: 'me' } } } }],
}) // prettier-ignore
export type RotationStay = Row<typeof rotationStay>

/** 轮转考勤: a day on which somebody was not there, or not whole; without an entry he was. */
export const rotationAbsence = resource('organisation.rotationAbsence', {
  label: '轮转考勤',
  title: 'day',
  owner: { person: 'person', department: 'unit' },
  chapter: '轮转',
  fields: {
    stay: reference('轮转安排', 'organisation.rotationStay', { required: true }),
    person: person('轮转人员', { from: 'stay.person', readOnly: true }),
    unit: unit('轮转科室', { from: 'stay.unit', readOnly: true }),
    day: date('日期', { required: true, default: 'today', max: 'today' }),
    kind: choice('情况', { sick: '病假', personal: '事假', late: '迟到早退', absent: { label: '旷工', tone: 'bad' }, training: '外出学习', other: '其他' }, { required: true, default: 'personal' }),
    days: decimal('缺勤天数', 1, { required: true, min: '0', max: '1', default: '1', help: '半天填 0.5；迟到早退填 0' }),
    note: text('说明', { max: 200 }),
  },
  unique: [['stay', 'day']],
  list: { columns: ['person', 'unit', 'day', 'kind', 'days', 'note'], filters: ['unit', 'person', 'day', 'kind'], sort: ['-day'] },
}) // prettier-ignore

/** 轮转任务: what somebody has to do during a stay, and how far he is. */
export const rotationTask = resource('organisation.rotationTask', {
  label: '轮转任务',
  title: 'name',
  owner: { person: 'person', department: 'unit' },
  chapter: '轮转',
  fields: {
    stay: reference('轮转安排', 'organisation.rotationStay', { required: true }),
    person: person('轮转人员', { from: 'stay.person', readOnly: true }),
    unit: unit('轮转科室', { from: 'stay.unit', readOnly: true }),
    name: text('任务', { required: true, max: 100, placeholder: '如 独立完成病历 20 份' }),
    target: integer('要求数量', { required: true, min: 1, max: 9999, default: 1 }),
    done: integer('已完成', { required: true, min: 0, max: 9999, default: 0 }),
    isDone: boolean('完成', { readOnly: true, default: false }),
    note: text('说明', { max: 200 }),
  },
  unique: [['stay', 'name']],
  list: { columns: ['person', 'unit', 'name', 'target', 'done', 'isDone'], filters: ['unit', 'person', 'isDone'] },
})

/** 轮转反馈: what the trainee says of unit and teacher; the unit sees figures only. */
export const rotationFeedback = resource('organisation.rotationFeedback', {
  label: '轮转反馈',
  title: 'unit',
  owner: { person: 'person' },
  chapter: '轮转',
  fields: {
    stay: reference('轮转安排', 'organisation.rotationStay', { required: true }),
    person: person('反馈人', { from: 'stay.person', readOnly: true }),
    unit: unit('轮转科室', { from: 'stay.unit', readOnly: true }),
    mentor: person('带教老师', { from: 'stay.mentor', readOnly: true }),
    unitMark: rating('科室带教安排', { required: true, ...marks }),
    mentorMark: rating('带教老师', marks),
    comment: longText('意见和建议', { max: 1000 }),
  },
  unique: [['stay']],
  list: { columns: ['unit', 'mentor', 'unitMark', 'mentorMark', 'comment', 'createdAt'], filters: ['unit', 'mentor', 'unitMark'] },
})
