import { choice, date, dateTime, files, longText, person, posts, reference, resource, text, unit, type Row } from '#model'

/** 岗位说明书: what a post is there for, since when; each change holds from its day, and whoever holds the post confirms that he has read it. */
export const jobDescription = resource('organisation.jobDescription', {
  label: '岗位说明书',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('岗位名称', { required: true, max: 80, search: true, placeholder: '如：临床科室主任' }),
    post: choice('职务', posts, { required: true }),
    unit: unit('适用科室', { help: '空 = 全院通用；下级科室没有自己的，也按这一份' }),
    reportsTo: choice('直接上级', posts),
    duties: longText('岗位职责', { required: true, max: 5000 }),
    qualifications: longText('任职条件', { required: true, max: 3000 }),
    authority: longText('工作权限', { max: 3000 }),
    text: files('说明书正文', { accept: ['image/*', 'application/pdf'] }),
    from: date('生效日期', { required: true, default: 'today' }),
    to: date('停用日期'),
  },
  groups: [
    { label: '岗位', fields: ['name', 'post', 'unit', 'reportsTo', 'from', 'to', 'text'] },
    { label: '说明', fields: ['duties', 'qualifications', 'authority'] },
  ],
  indexes: [['post', 'unit']],
  timeline: { fields: ['name', 'reportsTo', 'duties', 'qualifications', 'authority'], from: 'from', to: 'to' },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '不能早于生效日期' }],
  list: {
    columns: ['name', 'post', 'unit', 'reportsTo', 'from', 'to'],
    filters: ['post', 'unit'],
    sort: ['post', 'unit'],
    views: [
      { name: 'running', label: '使用中', filter: { or: [{ field: 'to', op: 'empty' }, { field: 'to', op: 'gte', value: { today: 0 } }] } },
      { name: 'ended', label: '已停用', filter: { field: 'to', op: 'lt', value: { today: 0 } } },
    ],
  },
}) // prettier-ignore
export type JobDescription = Row<typeof jobDescription>

/** Who has read which edition, and when: written as he confirms, never changed. */
export const jobReading = resource('organisation.jobReading', {
  label: '岗位说明书确认',
  title: 'edition',
  owner: { person: 'person', department: 'unit' },
  chapter: '任职与异动',
  writtenBy: 'module',
  fields: {
    description: reference('岗位说明书', 'organisation.jobDescription', { required: true, onDelete: 'withParent' }),
    person: person('确认人', { required: true }),
    unit: unit('所在科室', { from: 'person.unit' }),
    edition: date('版本', { required: true, help: '该版内容从这一天起执行' }),
    readAt: dateTime('确认时间', { required: true }),
  },
  indexes: [['description', 'person']],
  list: { columns: ['person', 'unit', 'description', 'edition', 'readAt'], filters: ['description', 'unit', 'readAt'], sort: ['-readAt'] },
})
export type JobReading = Row<typeof jobReading>
