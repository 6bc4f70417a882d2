import { boolean, choice, date, dateTime, identityNumber, integer, person, phone, rows, text, unit } from './fields/factories.ts'
import { email, tags } from './fields/factories-more.ts'
import { among, is } from './filter/filter.ts'
import { module } from './module.ts'
import { namesOf } from './names-of.ts'
import { posts } from './posts.ts'
import { resource } from './resource.ts'

/** People and units, as access and approvals ask for them. Modules extend these by declaration. */
export const unitKinds = {
  group: '集团',
  institution: '医疗机构',
  campus: '院区',
  department: '科室',
  ward: '病区',
  office: '职能处室',
  laboratory: '医技科室',
} as const

/** Why somebody of the house is not at his place. */
export const awayKinds = { training: '进修', leave: '休假', outing: '外出', seconded: '外派支援', other: '其他' } as const

export const units = resource('directory.unit', {
  label: '组织机构',
  title: 'name',
  owner: { department: 'id' },
  fields: {
    code: text('编码', { required: true, max: 40, search: true }),
    name: text('名称', { required: true, max: 80, search: true }),
    kind: choice('类型', unitKinds, { required: true }),
    parent: unit('上级'),
    zone: text('片区', { max: 40 }),
    alsoZones: tags('其他片区', { help: '同时属于的片区；按片区授权的人，任一片区的都包括' }),
    licence: text('医疗机构登记号', { max: 40, help: '院区与其所属机构共用一个登记号；执业注册对机构，不对院区' }),
    position: integer('排序', { default: 0 }),
    from: date('启用日期'),
    to: date('停用日期'),
  },
  unique: [['code']],
  timeline: { fields: ['code', 'name', 'kind', 'parent', 'zone', 'alsoZones', 'licence', 'position'], from: 'from', to: 'to' },
  list: { columns: ['code', 'name', 'kind', 'parent', 'zone', 'licence'], filters: ['kind', 'parent'], sort: ['code'] },
})

export const people = resource('directory.person', {
  label: '人员',
  title: 'name',
  owner: { person: 'id', department: 'unit' },
  fields: {
    name: text('姓名', { required: true, max: 60, search: true }),
    staffNumber: text('工号', { max: 30, search: true }),
    sex: choice('性别', { male: '男', female: '女', unknown: '未说明' }),
    birthDate: date('出生日期', { max: 'today' }),
    identityNumber: identityNumber('证件号码'),
    mobile: phone('手机', { mobileOnly: true }),
    email: email('邮箱'),
    unit: unit('所在科室'),
    status: choice(
      '在职状态',
      {
        active: { label: '在岗', tone: 'good' },
        away: { label: '离岗', tone: 'warn' },
        left: { label: '离职', tone: 'neutral' },
        external: { label: '外部人员', tone: 'info' },
      },
      { required: true, default: 'active' },
    ),
    awayAs: choice('离岗类型', awayKinds, { visibleWhen: 'status == "away"' }),
    joinedOn: date('来院日期'),
    successor: person('工作交接给', { readOnly: true, visibleWhen: 'status == "left"', help: '离职时未办的审批任务由其接着办理' }),
  },
  timeline: { fields: ['unit', 'status', 'awayAs', 'successor'], from: 'joinedOn' },
  unique: [],
  indexes: [['staffNumber'], ['unit', 'name']],
  list: {
    columns: ['name', 'staffNumber', 'unit', 'sex', 'status'],
    filters: ['unit', 'status'],
    sort: ['staffNumber'],
    // Who is here and who has left are looked after apart.
    views: [
      { name: 'serving', label: '在职', filter: among('status', ['active', 'away']) },
      { name: 'external', label: '外部人员', filter: is('status', 'external') },
      { name: 'left', label: '离职', filter: is('status', 'left') },
    ],
  },
})

export { posts, postsOf } from './posts.ts'
export const memberships = resource('directory.membership', {
  label: '任职',
  title: 'post',
  owner: { person: 'person', department: 'unit' },
  chapter: '任职与异动',
  fields: {
    person: person('人员', { required: true }),
    unit: unit('科室', { required: true }),
    post: choice('职务', posts, { required: true, default: 'member' }),
    main: boolean('主岗', { default: true }),
    reportsTo: person('汇报对象', { help: '流程里的“上级”；空 = 科室负责人，负责人的上级是上一级科室的负责人' }),
    from: date('起'),
    to: date('止'),
  },
  rules: [{ at: 'reportsTo', holds: 'reportsTo == null || person == null || reportsTo != person', message: '不能是本人' }],
  list: { columns: ['person', 'unit', 'post', 'main', 'reportsTo', 'from', 'to'], filters: ['unit', 'post'] },
})

export const identifiers = resource('directory.identifier', {
  label: '外部标识',
  title: 'value',
  owner: { person: 'person' },
  chapter: '账号与标识',
  fields: {
    person: person('人员', { required: true }),
    system: text('系统', { required: true, max: 40, help: '如 HIS、HR、手麻' }),
    value: text('标识', { required: true, max: 80 }),
    from: date('起'),
    to: date('止'),
  },
  // Numbers are used again after somebody left, so the same one may stand twice with different periods.
  unique: [['system', 'value', 'from']],
  indexes: [['value']],
  list: { columns: ['person', 'system', 'value', 'from', 'to'], filters: ['system'] },
})

/** Expert groups and committees: a named group of one unit, or of the hospital. */
export const groups = resource('directory.group', {
  label: '小组与委员会',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('名称', { required: true, max: 80, search: true }),
    kind: text('类别', { required: true, max: 60, help: '审批流程按类别找人，如 privilegeAssessment、technologyCommittee' }),
    unit: unit('所属科室'),
    members: rows(
      '成员',
      { person: person('人员', { required: true }), chair: boolean('主任委员', { default: false }) },
      { rowTitle: 'person' },
    ),
  },
  unique: [['kind', 'unit']],
  list: { columns: ['name', 'kind', 'unit', 'members'], filters: ['kind', 'unit'] },
})

/** How a role that somebody was given stands. `ending`: it holds until a second officer agrees that it ends. */
export const assignmentStates = {
  waiting: { label: '待另一管理员同意', tone: 'warn' },
  active: { label: '生效', tone: 'good' },
  ending: { label: '待同意收回', tone: 'warn' },
  ended: { label: '已收回', tone: 'neutral' },
  refused: { label: '未同意', tone: 'bad' },
} as const
export type AssignmentState = keyof typeof assignmentStates
/** Who holds which role: given to a person, to all of a unit, to all holders of a post. Officers' roles and wide ones hold when a second officer has agreed. */
export const roleAssignments = resource('directory.roleAssignment', {
  label: '角色分配',
  title: 'role',
  fields: {
    role: namesOf('role', '角色', { required: true, help: '三员，以及范围超出科室的角色，由另一位管理员（安全管理员）同意后生效' }),
    person: person('人员'),
    unit: unit('科室（其全部人员）'),
    post: choice('职务（其全部担任者）', posts),
    from: date('起'),
    to: date('止'),
    reason: text('事由', { max: 200 }),
    status: choice('状态', assignmentStates, { required: true, readOnly: true, default: 'active' }),
    confirmedBy: person('同意人', { readOnly: true }),
    confirmedAt: dateTime('同意时间', { readOnly: true }),
    endAskedBy: person('提出收回', { readOnly: true }),
    endReason: text('收回原因', { max: 200, readOnly: true }),
  },
  indexes: [['person'], ['role', 'status']],
  rules: [
    { at: 'person', holds: 'person != null || unit != null || post != null', message: '请至少选择人员、科室、职务之一' },
    { at: 'to', holds: 'from == null || to == null || to >= from', message: '不能早于“起”' },
  ],
  list: {
    columns: ['role', 'person', 'unit', 'post', 'from', 'to', 'status', 'confirmedBy', 'reason'],
    filters: ['role', 'status', 'person', 'unit'],
    views: [
      { name: 'waiting', label: '待同意', filter: among('status', ['waiting', 'ending']) },
      { name: 'active', label: '生效中', filter: among('status', ['active', 'ending']) },
    ],
  },
})

export const directory = module('directory', {
  label: '人员与机构',
  resources: [units, people, memberships, identifiers, groups, roleAssignments],
})
