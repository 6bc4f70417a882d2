import { all, awayKinds, choice, date, is, person, reference, resource, text, unit, type Row } from '#model'

const holds = is('status', 'active')

/** 请假与外出: a request of another system that somebody be away, one record a request; from its first day on it is a movement of his. */
export const absence = resource('organisation.absence', {
  label: '请假与外出',
  title: 'kind',
  writtenBy: 'module',
  owner: { person: 'person', department: 'unit' },
  chapter: '任职与异动',
  fields: {
    person: person('人员', { required: true }),
    unit: unit('所在科室', { from: 'person.unit', readOnly: true }),
    kind: choice('类型', awayKinds, { required: true }),
    from: date('起', { required: true }),
    until: date('止', { required: true, help: '最后一天；次日自动返岗，除非另有登记' }),
    reason: text('事由', { max: 200 }),
    status: choice('状态', { active: { label: '有效', tone: 'good' }, cancelled: { label: '已取消', tone: 'neutral' }, refused: { label: '未能登记', tone: 'bad' } }, { required: true, default: 'active' }),
    source: reference('来源', 'organisation.feedSource', { required: true }),
    key: text('来源单号', { required: true, max: 80, search: true }),
    run: reference('批次', 'organisation.feedRun', { required: true }),
    movement: reference('离岗登记', 'organisation.movement'),
  },
  indexes: [['source', 'key'], ['person', 'from'], ['movement']],
  rules: [{ at: 'until', holds: 'until == null || from == null || until >= from', message: '不能早于开始日期' }],
  list: {
    columns: ['person', 'unit', 'kind', 'from', 'until', 'reason', 'status', 'source'],
    filters: ['unit', 'kind', 'from', 'until', 'status', 'source'],
    sort: ['-from'],
    views: [
      { name: 'now', label: '进行中', filter: all(holds, { field: 'from', op: 'lte', value: { today: 0 } }, { field: 'until', op: 'gte', value: { today: 0 } }) },
      { name: 'planned', label: '将开始', filter: all(holds, { field: 'from', op: 'gt', value: { today: 0 } }) },
      { name: 'refused', label: '未能登记', filter: is('status', 'refused') },
    ],
  },
}) // prettier-ignore
export type Absence = Row<typeof absence>
