import { autoNumber, choice, date, files, longText, reference, references, resource, text, unit, whereOwn, type Row } from '#model'
import { teamCategories } from './team.ts'

/** 小组活动: entered, reviewed, archived; what is archived nobody changes. */
export const teamActivity = resource('organisation.teamActivity', {
  label: '小组活动',
  title: 'topic',
  owner: { department: 'unit' },
  approval: 'organisation.teamActivity',
  fields: {
    number: autoNumber('编号', 'XZ'),
    team: reference('小组', 'organisation.team', { required: true, onDelete: 'restrict' }),
    category: choice('小组类别', teamCategories, { from: 'team.category', readOnly: true }),
    unit: unit('科室', { from: 'team.unit', readOnly: true }),
    day: date('活动日期', { required: true, max: 'today', default: 'today' }),
    kind: choice(
      '活动形式',
      { meeting: '会议', round: '查房', inspection: '督查', discussion: '病例讨论', training: '培训', other: '其他' },
      { required: true, default: 'meeting' },
    ),
    topic: text('主题', { required: true, max: 100, search: true }),
    host: reference('主持人', 'organisation.teamMember', { among: whereOwn('team', 'eq', 'team') }),
    participants: references('参加人员', 'staff.practitioner'),
    content: longText('活动内容', { required: true, max: 5000 }),
    conclusion: longText('结论与改进措施', { max: 2000 }),
    evidence: files('签到表、照片、材料', { accept: ['image/*', 'application/pdf'], maxFiles: 20 }),
    archivedOn: date('归档日期', { readOnly: true }),
  },
  indexes: [['team', 'day']],
  list: {
    columns: ['number', 'day', 'team', 'kind', 'topic', 'participants', 'state', 'archivedOn'],
    filters: ['team', 'category', 'unit', 'kind', 'day', 'state'],
    sort: ['-day'],
    views: [
      { name: 'waiting', label: '待审核、归档', filter: { field: 'archivedOn', op: 'empty' } },
      { name: 'archived', label: '已归档', filter: { field: 'archivedOn', op: 'notEmpty' } },
    ],
  },
})
export type TeamActivity = Row<typeof teamActivity>
