import {
  all,
  among,
  autoNumber,
  choice,
  date,
  decimal,
  files,
  is,
  longText,
  lookup,
  person,
  reference,
  resource,
  text,
  unit,
  type Filter,
  type Row,
} from '#model'

export const positions = {
  chair: '主任委员',
  viceChair: '副主任委员',
  standing: '常务委员',
  member: '委员',
  youth: '青年委员',
  secretary: '秘书',
  other: '其他',
} as const
const approved = is('state', 'approved')
const begun: Filter = { field: 'from', op: 'lte', value: { today: 0 } }
const notOver: Filter = {
  or: [
    { field: 'to', op: 'empty' },
    { field: 'to', op: 'gte', value: { today: 0 } },
  ],
}
/** 任职中: approved, begun and not over. */
export const sitting: Filter = all(approved, begun, notOver)

/** 委员会任职: who sits on which committee, from when to when; asked for by himself or entered by {medicalOffice}. */
export const seat = resource('organisation.committeeSeat', {
  label: '委员会任职',
  title: 'name',
  owner: { person: 'person', department: 'unit' },
  chapter: '小组与委员会',
  approval: 'organisation.committeeSeat',
  fields: {
    number: autoNumber('编号', 'WY'),
    person: person('申请人', { required: true, default: 'me' }),
    unit: unit('科室', { from: 'person.unit', readOnly: true }),
    committee: reference('委员会', 'organisation.committee', { required: true, onDelete: 'restrict' }),
    position: choice('任职职务', positions, { required: true, default: 'member' }),
    from: date('任职起', { required: true, default: 'today' }),
    to: date('任职止', { help: '空 = 没有约定届满' }),
    years: decimal('任职年限', 1, { readOnly: true, unit: '年' }),
    level: lookup('级别', 'committee.level'),
    issuer: text('发证单位', { max: 100, from: 'committee.issuer' }),
    reason: longText('申请理由', { max: 1000 }),
    scan: files('聘书、证书扫描件', { accept: ['image/*', 'application/pdf'] }),
    entry: choice('登记方式', { applied: '本人申请', entered: '管理登记' }, { readOnly: true }),
    name: text('姓名', { max: 60, readOnly: true, search: true }),
    staffNumber: text('工号', { max: 30, readOnly: true, search: true }),
  },
  groups: [
    { label: '任职', fields: ['person', 'name', 'staffNumber', 'unit', 'committee', 'position', 'from', 'to', 'years'] },
    { label: '依据', fields: ['level', 'issuer', 'scan', 'reason', 'number', 'entry'] },
  ],
  indexes: [['committee', 'from'], ['person']],
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '不能早于任职起' }],
  list: {
    columns: ['person', 'staffNumber', 'unit', 'committee', 'position', 'level', 'issuer', 'from', 'to', 'years', 'state'],
    filters: ['person', 'committee', 'position', 'level', 'unit', 'to', 'state'],
    sort: ['committee', 'position', 'staffNumber'],
    views: [
      { name: 'sitting', label: '任职中', filter: sitting },
      { name: 'over', label: '期满', filter: all(approved, { field: 'to', op: 'lt', value: { today: 0 } }) },
      { name: 'asked', label: '申请中', filter: among('state', ['pending', 'returned']) },
      { name: 'coming', label: '尚未到任', filter: all(approved, { field: 'from', op: 'gt', value: { today: 0 } }) },
    ],
  },
}) // prettier-ignore
export type CommitteeSeat = Row<typeof seat>
