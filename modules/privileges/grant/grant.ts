import { boolean, choice, date, files, integer, reference, resource, text, unit, type Row } from '#model'
import { levels } from '../procedure/procedure.ts'

/** 个人手术授权. It belongs to person and hospital, not to a unit code; written by verbs only (grant, suspend, withdraw …). Valid time is from/to, known time is the history. */
export const grant = resource('privileges.grant', {
  label: '手术授权',
  title: 'number',
  owner: { person: 'practitioner', department: 'unit' },
  chapter: '授权',
  writtenBy: 'module',
  fields: {
    number: text('授权编号', { required: true, max: 40, search: true }),
    practitioner: reference('医务人员', 'staff.practitioner', { required: true }),
    unit: unit('授权时科室'),
    procedure: reference('手术', 'privileges.procedure', { required: true, onDelete: 'keep' }),
    level: choice('授权时院内级别', levels),
    mode: choice(
      '授权方式',
      { item: '逐项', level: '按级别', temporary: '临时', emergency: '紧急', transferred: '历史授权转入' },
      { required: true, default: 'item' },
    ),
    from: date('授权开始', { required: true }),
    to: date('授权结束', { help: '含当天；空 = 未定' }),
    narrowedTo: choice('限定范围', { assistant: '仅限助手', supervised: '须上级在场', elective: '仅限择期' }),
    supervisedCases: integer('须带教例数', { min: 0, max: 999, default: 0 }),
    supervisedDone: integer('已带教例数', { min: 0, default: 0 }),
    status: choice(
      '状态',
      {
        active: { label: '有效', tone: 'good' }, suspended: { label: '暂停', tone: 'bad' }, withdrawn: { label: '已取消', tone: 'neutral' },
        revoked: { label: '已吊销', tone: 'bad' }, resigned: { label: '自主退出', tone: 'neutral' },
      },
      { required: true, default: 'active' },
    ), // prettier-ignore
    endedOn: date('终止日期'),
    reason: text('暂停或终止原因', { max: 500 }),
    basisNumber: text('依据文号', { max: 100 }),
    basisDate: date('依据日期'),
    basisScan: files('依据扫描件', { accept: ['image/*', 'application/pdf'] }),
    application: reference('来自申请', 'privileges.application'),
    batch: text('导入批次', { max: 40 }),
    renewal: boolean('再授权', { default: false }),
  },
  groups: [
    {
      label: '授权',
      fields: [
        'number',
        'practitioner',
        'unit',
        'procedure',
        'level',
        'mode',
        'from',
        'to',
        'narrowedTo',
        'supervisedCases',
        'supervisedDone',
      ],
    },
    {
      label: '状态与依据',
      fields: ['status', 'endedOn', 'reason', 'basisNumber', 'basisDate', 'basisScan', 'application', 'batch', 'renewal'],
    },
  ],
  indexes: [['practitioner', 'procedure'], ['unit', 'to'], ['to'], ['batch']],
  list: {
    columns: [
      'practitioner',
      'practitioner.appointedTitle',
      'unit',
      'procedure',
      'procedure.code',
      'level',
      'mode',
      'from',
      'to',
      'status',
    ],
    filters: ['unit', 'level', 'status', 'to', 'mode'],
    sort: ['-createdAt'],
    views: [
      {
        name: 'ending',
        label: '30 天内到期',
        filter: {
          and: [
            { field: 'status', op: 'eq', value: 'active' },
            { field: 'to', op: 'between', value: [{ today: 0 }, { today: 30 }] },
          ],
        },
      },
      { name: 'active', label: '全部有效', filter: { field: 'status', op: 'eq', value: 'active' } },
      { name: 'four', label: '四级手术', filter: { field: 'level', op: 'eq', value: 'four' } },
    ],
  },
})
export type Grant = Row<typeof grant>
