import { autoNumber, choice, date, integer, is, longText, person, resource, rows, text, unit, type Row } from '#model'

/** 轮转计划: who goes through which units from when; its table is made by one key, mended by hand, and published as stays. */
export const rotationPlan = resource('organisation.rotationPlan', {
  label: '轮转计划',
  title: 'name',
  fields: {
    number: autoNumber('编号', 'LZ'),
    name: text('计划名称', { required: true, max: 80, search: true, placeholder: '如 2026 级规培生轮转' }),
    from: date('开始日期', { required: true, default: 'today' }),
    step: choice('每期', { month: '一个月', week: '一周' }, { required: true, default: 'month' }),
    periods: integer('总期数', { min: 1, max: 60, unit: '期', help: '空 = 各科室期数之和；多出的期数用于错开' }),
    order: choice('轮转次序', { free: '系统编排', fixed: '按科室列表的次序' }, { required: true, default: 'free' }),
    electives: integer('选轮科室数', { min: 0, max: 30, default: 0, help: '每人从“选轮”科室中轮转几个' }),
    units: rows(
      '轮转科室',
      {
        unit: unit('科室', { required: true }),
        periods: integer('期数', { required: true, min: 1, max: 24, default: 1 }),
        capacity: integer('同时容纳', { required: true, min: 1, max: 300, default: 2, unit: '人' }),
        kind: choice('要求', { must: '必轮', choice: '选轮' }, { required: true, default: 'must' }),
        mentor: person('带教老师'),
      },
      { rowTitle: 'unit', max: 30 },
    ),
    people: rows('轮转人员', { person: person('人员', { required: true }) }, { rowTitle: 'person', max: 300 }),
    status: choice(
      '状态',
      { draft: { label: '编排中', tone: 'warn' }, published: { label: '已发布', tone: 'good' }, ended: { label: '已结束', tone: 'neutral' } },
      { required: true, readOnly: true, default: 'draft' },
    ),
    publishedOn: date('发布日期', { readOnly: true }),
    publishedBy: person('发布人', { readOnly: true }),
    despite: text('仍有冲突时发布的原因', { max: 200, readOnly: true }),
    note: longText('说明', { max: 2000 }),
    cells: rows(
      '轮转表',
      { person: person('人员', { required: true }), unit: unit('科室', { required: true }), at: integer('自第几期（从 0 起）', { required: true }), periods: integer('期数', { required: true }) },
      { readOnly: true, rowTitle: 'person' },
    ),
  },
  groups: [
    { label: '计划', fields: ['number', 'name', 'from', 'step', 'periods', 'order', 'electives', 'status', 'note'] },
    { label: '科室与人员', fields: ['units', 'people'] },
    { label: '发布', fields: ['publishedOn', 'publishedBy', 'despite'] },
    { label: '轮转表', fields: ['cells'], tab: '轮转表（底稿）' },
  ],
  list: {
    columns: ['number', 'name', 'from', 'step', 'status', 'publishedOn'],
    filters: ['status', 'from'],
    sort: ['-from'],
    views: [
      { name: 'draft', label: '编排中', filter: is('status', 'draft') },
      { name: 'published', label: '已发布', filter: is('status', 'published') },
      { name: 'ended', label: '已结束', filter: is('status', 'ended') },
    ],
  },
  buttons: [
    { name: 'table', label: '轮转表', does: { open: '/organisation/rotation/{id}' } },
    { name: 'end', label: '结束计划', when: 'status == "published"', confirm: '结束后归入“已结束”，已安排的轮转、考勤和评价保留。', does: { set: { status: { value: 'ended' } } } },
  ],
}) // prettier-ignore
export type RotationPlan = Row<typeof rotationPlan>
