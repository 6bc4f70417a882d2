import { choice, date, longText, reference, resource, text, unit, boolean, lookup, whereOwn, type Row } from '#model'

/** Levels of a 三级诊疗小组, the highest last. */
export const physicianLevels = { one: '一级（住院医师）', two: '二级（主治医师）', three: '三级（主任、副主任医师，组长）' } as const

/** Who belongs to a team, since when and until when; what the staff file knows of him is shown from there. */
export const teamMember = resource('organisation.teamMember', {
  label: '小组成员',
  title: 'name',
  owner: { person: 'person', department: 'unit' },
  chapter: '小组与委员会',
  fields: {
    team: reference('小组', 'organisation.team', { required: true, onDelete: 'restrict' }),
    isTiered: boolean('三级诊疗', { from: 'team.isTiered', readOnly: true }),
    unit: unit('小组所在科室', { from: 'team.unit', readOnly: true }),
    person: reference('成员', 'staff.practitioner', { required: true }),
    level: choice('医师级别', physicianLevels, { visibleWhen: 'isTiered == true', requiredWhen: 'isTiered == true' }),
    superior: reference('上级医师', 'organisation.teamMember', {
      onDelete: 'restrict',
      among: whereOwn('team', 'eq', 'team'),
      visibleWhen: 'isTiered == true',
      help: '本组中带他的人；空 = 直接由科主任带',
    }),
    round: text('查房时间', { max: 60, placeholder: '如：每日 8:00', visibleWhen: 'isTiered == true' }),
    role: text('小组角色', {
      max: 30,
      suggest: ['组长', '副组长', '秘书', '质控员', '组员'],
      visibleWhen: 'isTiered != true',
      requiredWhen: 'isTiered == false',
    }),
    duties: longText('主要职责', { max: 1000, visibleWhen: 'isTiered != true' }),
    from: date('加入日期', { required: true, default: 'today' }),
    to: date('离组日期', { help: '空 = 在组' }),
    name: lookup('姓名', 'person.name'),
    staffNumber: lookup('工号', 'person.staffNumber'),
  },
  groups: [
    { label: '成员', fields: ['team', 'isTiered', 'unit', 'person', 'name', 'staffNumber', 'level', 'superior', 'round', 'role', 'duties'] },
    { label: '起止', fields: ['from', 'to'] },
  ],
  indexes: [['team', 'from'], ['superior']],
  timeline: { fields: ['level', 'superior', 'round', 'role'], from: 'from', to: 'to' },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '不能早于加入日期' }],
  list: {
    columns: ['team', 'person', 'staffNumber', 'person.appointedTitle', 'level', 'role', 'superior', 'round', 'from', 'to'],
    filters: ['team', 'unit', 'level', 'role'],
    sort: ['team', '-level', 'staffNumber'],
    views: [
      { name: 'present', label: '在组', filter: { and: [{ field: 'from', op: 'lte', value: { today: 0 } }, { or: [{ field: 'to', op: 'empty' }, { field: 'to', op: 'gte', value: { today: 0 } }] }] } },
      { name: 'gone', label: '已离组', filter: { field: 'to', op: 'lt', value: { today: 0 } } },
    ],
  },
}) // prettier-ignore
export type TeamMember = Row<typeof teamMember>
