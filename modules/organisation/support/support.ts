import { autoNumber, boolean, choice, date, integer, is, person, resource, rows, text, unit, type Row } from '#model'

const isNamed = 'agreed == "named"'
/** 人力支援申请: a unit asks for help by name, once it has agreed with the other, or by what it needs. What is approved becomes one secondment each. */
export const support = resource('organisation.support', {
  label: '人力支援申请',
  title: 'number',
  owner: { person: 'applicant', department: 'toUnit' },
  chapter: '任职与异动',
  approval: 'organisation.support',
  fields: {
    number: autoNumber('申请编号', 'ZY'),
    applicant: person('申请人', { required: true, readOnly: true, default: 'me' }),
    toUnit: unit('申请科室', { required: true, from: 'applicant.unit', help: '需要支援的科室' }),
    agreed: choice('申请方式', { named: '已协商，指定人员', terms: '未协商，按条件申请' }, { required: true, default: 'named' }),
    fromUnit: unit('支援科室', { visibleWhen: isNamed, requiredWhen: isNamed }),
    people: rows('支援人员', { person: person('人员', { required: true }) }, { max: 50, rowTitle: 'person', help: '按条件申请的由医务管理部门在审批时填写' }),
    level: choice(
      '级别要求',
      { resident: '住院医师及以上', attending: '主治医师及以上', associate: '副主任医师及以上', chief: '主任医师' },
      { visibleWhen: 'agreed == "terms"' },
    ),
    needed: integer('需要人数', { min: 1, max: 50, unit: '人', visibleWhen: 'agreed == "terms"', requiredWhen: 'agreed == "terms"' }),
    terms: text('人员条件', { max: 200, visibleWhen: 'agreed == "terms"', help: '如：能独立值夜班、会床旁血滤' }),
    from: date('支援起', { required: true, default: 'today', help: '可以早于今天，作为事后补录' }),
    to: date('支援止', { required: true }),
    reason: text('事由', { required: true, max: 300 }),
    backfilled: boolean('事后补录', { readOnly: true, default: false }),
  },
  rules: [
    { at: 'to', holds: 'to == null || from == null || to >= from', message: '不能早于开始日期' },
    { at: 'fromUnit', holds: 'fromUnit == null || toUnit == null || fromUnit != toUnit', message: '不能是申请科室自己' },
  ],
  list: {
    columns: ['number', 'toUnit', 'fromUnit', 'people', 'from', 'to', 'backfilled', 'state'],
    filters: ['toUnit', 'fromUnit', 'state', 'from'],
    sort: ['-from'],
    views: [
      { name: 'waiting', label: '审批中', filter: is('state', 'pending') },
      { name: 'approved', label: '已同意', filter: is('state', 'approved') },
      { name: 'backfilled', label: '事后补录', filter: is('backfilled', true) },
    ],
  },
}) // prettier-ignore
export type Support = Row<typeof support>
