import { date, integer, reference, resource, rows, text, unit, type Row } from '#model'

/** 小组快照: a team as it stood on a day, in words; whatever changes afterwards, this does not. */
export const teamSnapshot = resource('organisation.teamSnapshot', {
  label: '小组快照',
  title: 'name',
  owner: { department: 'unit' },
  writtenBy: 'module',
  fields: {
    team: reference('小组', 'organisation.team', { required: true, onDelete: 'restrict' }),
    unit: unit('科室', { required: true }),
    day: date('日期', { required: true }),
    name: text('小组名称', { required: true, max: 80, search: true }),
    kind: text('小组类型', { max: 80 }),
    headRound: text('科主任查房时间', { max: 60 }),
    count: integer('人数', { unit: '人' }),
    members: rows(
      '成员',
      {
        member: text('成员编号', { max: 40 }),
        name: text('姓名', { max: 60 }),
        staffNumber: text('工号', { max: 30 }),
        sex: text('性别', { max: 10 }),
        age: integer('年龄', { unit: '岁' }),
        title: text('职称', { max: 40 }),
        level: text('医师级别', { max: 40 }),
        superior: text('上级医师', { max: 60 }),
        round: text('查房时间', { max: 60 }),
        role: text('小组角色', { max: 30 }),
        duties: text('主要职责', { max: 1000 }),
        from: date('加入日期'),
      },
      { rowTitle: 'name' },
    ),
  },
  unique: [['team', 'day']],
  list: { columns: ['name', 'kind', 'unit', 'day', 'count', 'createdBy'], filters: ['team', 'unit', 'day'], sort: ['-day'] },
})
export type TeamSnapshot = Row<typeof teamSnapshot>
