import { boolean, choice, date, longText, resource, text, unit, type Row } from '#model'

/** The hospital adds kinds of its own as further choices, in the form designer. */
export const teamKinds = {
  tiered: '三级诊疗小组',
  quality: '科室医疗质量管理小组',
  technology: '医疗技术管理小组',
  vte: 'VTE防治小组',
} as const
export const teamCategories = { hospital: '院级', department: '科级' } as const

/** 专业小组: who treats, or looks after something, together; its members are records of their own. */
export const team = resource('organisation.team', {
  label: '专业小组',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    kind: choice('小组类型', teamKinds, { required: true }),
    name: text('小组名称', { required: true, max: 80, search: true }),
    category: choice('小组类别', teamCategories, { required: true, default: 'department' }),
    unit: unit('科室', { required: true, default: 'myUnit', help: '院级小组填牵头科室' }),
    headRound: text('科主任查房时间', { max: 60, placeholder: '如：每周一、周四 8:00', visibleWhen: 'kind == "tiered"' }),
    from: date('成立日期', { required: true, default: 'today' }),
    to: date('撤销日期', { help: '空 = 仍在运行；成员随小组一并结束' }),
    duties: longText('小组职责', { max: 2000 }),
    isTiered: boolean('三级诊疗', { readOnly: true }),
  },
  groups: [
    { label: '小组', fields: ['kind', 'name', 'category', 'unit', 'headRound', 'from', 'to', 'isTiered'] },
    { label: '职责', fields: ['duties'] },
  ],
  unique: [['unit', 'kind', 'name']],
  timeline: { fields: ['name', 'category', 'headRound'], from: 'from', to: 'to' },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '不能早于成立日期' }],
  list: {
    columns: ['name', 'kind', 'category', 'unit', 'headRound', 'from', 'to'],
    filters: ['kind', 'category', 'unit'],
    sort: ['unit', 'kind', 'name'],
    views: [
      { name: 'running', label: '运行中', filter: { or: [{ field: 'to', op: 'empty' }, { field: 'to', op: 'gte', value: { today: 0 } }] } },
      { name: 'ended', label: '已撤销', filter: { field: 'to', op: 'lt', value: { today: 0 } } },
    ],
  },
}) // prettier-ignore
export type Team = Row<typeof team>
