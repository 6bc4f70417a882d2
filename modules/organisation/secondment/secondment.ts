import { all, autoNumber, choice, date, files, is, person, reference, resource, text, unit, type Row } from '#model'

const isInside = 'direction == "inside"'
const isOutside = 'direction == "outside"'
const holds = [is('status', 'active'), { field: 'from', op: 'lte', value: { today: 0 } } as const]

/** 支援与借调: somebody works elsewhere for a time and belongs to his unit all the while. */
export const secondment = resource('organisation.secondment', {
  label: '支援与借调',
  title: 'number',
  owner: { person: 'person', department: 'fromUnit' },
  chapter: '任职与异动',
  fields: {
    number: autoNumber('编号', 'JD'),
    person: person('人员', { required: true }),
    direction: choice('去向', { inside: '院内科室', outside: '院外机构' }, { required: true, default: 'inside' }),
    kind: choice(
      '性质',
      { support: '人力支援', secondment: '借调', aid: '对口支援', abroad: '援外医疗', other: '其他' },
      { required: true, default: 'secondment' },
    ),
    fromUnit: unit('所在科室', { from: 'person.unit', readOnly: true }),
    toUnit: unit('支援科室', { visibleWhen: isInside, requiredWhen: isInside }),
    institution: text('支援机构', { max: 100, visibleWhen: isOutside, requiredWhen: isOutside }),
    from: date('起', { required: true, default: 'today' }),
    to: date('止', { required: true }),
    reason: text('事由', { max: 300 }),
    basisNumber: text('依据文号', { max: 100 }),
    basisScan: files('依据扫描件', { accept: ['image/*', 'application/pdf'] }),
    status: choice('状态', { active: { label: '有效', tone: 'good' }, revoked: { label: '已撤销', tone: 'neutral' } }, { required: true, readOnly: true, default: 'active' }),
    request: reference('申请', 'organisation.support', { readOnly: true }),
    termReason: text('调整期限的原因', { max: 200, readOnly: true }),
    membership: reference('支援期间的任职', 'directory.membership', { readOnly: true }),
    movement: reference('离岗登记', 'organisation.movement', { readOnly: true }),
  },
  indexes: [['person', 'from'], ['toUnit', 'from']],
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '不能早于开始日期' }],
  list: {
    columns: ['person', 'kind', 'fromUnit', 'toUnit', 'institution', 'from', 'to', 'status', 'reason'],
    filters: ['fromUnit', 'toUnit', 'direction', 'kind', 'from', 'status'],
    sort: ['-from'],
    views: [
      { name: 'now', label: '进行中', filter: all(...holds, { field: 'to', op: 'gte', value: { today: 0 } }) },
      { name: 'planned', label: '计划中', filter: all(is('status', 'active'), { field: 'from', op: 'gt', value: { today: 0 } }) },
      { name: 'over', label: '已结束', filter: all(is('status', 'active'), { field: 'to', op: 'lt', value: { today: 0 } }) },
    ],
  },
}) // prettier-ignore
export type Secondment = Row<typeof secondment>
