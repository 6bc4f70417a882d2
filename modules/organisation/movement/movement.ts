import { awayKinds, choice, date, files, is, person, posts, reference, resource, rows, text, unit, type Row } from '#model'
import { leavingKinds } from './movement.rules.ts'

export const movementKinds = {
  transfer: { label: '调科', tone: 'info' },
  permanent: { label: '转正', tone: 'good' },
  away: { label: '离岗', tone: 'warn' },
  back: { label: '返岗', tone: 'good' },
  leave: { label: '离职', tone: 'neutral' },
  rehire: { label: '复职（返聘）', tone: 'good' },
} as const
const goes = 'kind == "transfer" || kind == "rehire"'
const comes = `${goes} || kind == "permanent"`

/** 人员异动: what moves a person, from which day; it changes his file, his posts and with them his rights. Never edited: what was wrong is taken back, within three days of its day. */
export const movement = resource('organisation.movement', {
  label: '人员异动',
  title: 'kind',
  owner: { person: 'person', department: 'fromUnit' },
  chapter: '任职与异动',
  fields: {
    person: person('人员', { required: true }),
    kind: choice('异动类型', movementKinds, { required: true, default: 'transfer' }),
    from: date('生效日期', { required: true, default: 'today', help: '可以是以后的日期，到当天自动生效；生效后三天内可以反悔' }),
    fromUnit: unit('原科室', { from: 'person.unit', readOnly: true }),
    toUnit: unit('调入科室', { visibleWhen: comes, requiredWhen: goes }),
    toPost: choice('任职', posts, { default: 'member', visibleWhen: comes }),
    leaving: choice(
      '离职类型',
      leavingKinds,
      { visibleWhen: 'kind == "leave"', requiredWhen: 'kind == "leave"' },
    ),
    away: choice('离岗类型', awayKinds, { visibleWhen: 'kind == "away"', requiredWhen: 'kind == "away"' }),
    until: date('预计返岗', { visibleWhen: 'kind == "away"' }),
    successor: person('工作交接给', { visibleWhen: 'kind == "leave"', help: '离职人员未办的审批任务由其接着办理；空 = 由本岗位的其他人员办理，没有时转系统管理员' }),
    reason: text('事由', { max: 200 }),
    basisNumber: text('依据文号', { max: 100 }),
    basisScan: files('依据扫描件', { accept: ['image/*', 'application/pdf'] }),
    status: choice('状态', { active: { label: '有效', tone: 'good' }, revoked: { label: '已撤销', tone: 'neutral' } }, { required: true, readOnly: true, default: 'active' }),
    fromStatus: text('原在职状态', { max: 20, readOnly: true }),
    fromAway: choice('原离岗类型', awayKinds, { readOnly: true }),
    merger: reference('科室合并', 'organisation.merger', { readOnly: true }),
    split: reference('科室拆分', 'organisation.split', { readOnly: true }),
    revokedOn: date('撤销日期', { readOnly: true }),
    revokedBy: person('撤销人', { readOnly: true }),
    revokedReason: text('撤销原因', { max: 200, readOnly: true }),
    posts: rows(
      '任职的变动',
      { membership: reference('任职', 'directory.membership'), what: choice('变动', { opened: '新任', closed: '卸任', dropped: '未到任' }), to: date('原定止于') },
      { readOnly: true },
    ),
    parts: rows(
      '随离职结束的小组与轮转',
      { member: reference('小组成员', 'organisation.teamMember'), stay: reference('轮转安排', 'organisation.rotationStay'), what: choice('变动', { ended: '结束', dropped: '未开始' }), to: date('原定止于') },
      { readOnly: true },
    ),
    lent: rows('随离职结束的支援', { secondment: reference('支援', 'organisation.secondment'), to: date('原定止于') }, { readOnly: true }),
  },
  indexes: [['person', 'from'], ['merger'], ['split']],
  rules: [{ at: 'until', holds: 'until == null || from == null || until >= from', message: '不能早于生效日期' }],
  list: {
    columns: ['person', 'kind', 'from', 'fromUnit', 'toUnit', 'leaving', 'status', 'reason'],
    filters: ['kind', 'from', 'fromUnit', 'toUnit', 'status'],
    sort: ['-from'],
    views: [
      { name: 'planned', label: '计划中', filter: { and: [is('status', 'active'), { field: 'from', op: 'gt', value: { today: 0 } }] } },
      { name: 'recent', label: '近三十天', filter: { and: [is('status', 'active'), { field: 'from', op: 'gte', value: { today: -30 } }, { field: 'from', op: 'lte', value: { today: 0 } }] } },
      { name: 'leavers', label: '离职', filter: { and: [is('status', 'active'), is('kind', 'leave')] } },
    ],
  },
}) // prettier-ignore
export type Movement = Row<typeof movement>
