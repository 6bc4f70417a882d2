import { autoNumber, choice, files, integer, longText, reference, resource, rows, signature, text, unit, type Row } from '#model'
import { levels } from '../procedure/procedure.ts'

/** 个人手术授权申请: several procedures in one, each decided on its own. */
export const application = resource('privileges.application', {
  label: '手术授权申请',
  title: 'number',
  owner: { person: 'practitioner', department: 'unit' },
  chapter: '授权',
  writtenBy: 'module',
  form: '/privileges/application',
  approval: 'privileges.application',
  items: 'items',
  fields: {
    number: autoNumber('申请编号', 'SQ'),
    practitioner: reference('申请医师', 'staff.practitioner', { required: true }),
    unit: unit('申请科室', { required: true, from: 'practitioner.unit' }),
    kind: choice('申请形式', { first: '首次授权', renewal: '再授权', upgrade: '提高级别' }, { required: true, default: 'first' }),
    title: text('现聘职称', { max: 40, from: 'practitioner.appointedTitle', readOnly: true }),
    items: rows(
      '申请手术',
      {
        procedure: reference('手术', 'privileges.procedure', { required: true }),
        level: choice('院内级别', levels, { readOnly: true }),
        casesAsOperator: integer('近一年主刀例数', { min: 0, max: 9999 }),
        casesAsAssistant: integer('近一年助手例数', { min: 0, max: 9999 }),
        note: text('说明', { max: 200 }),
        grantFor: choice('限定范围', { assistant: '仅限助手', supervised: '须上级在场', elective: '仅限择期' }, { readOnly: true }),
      },
      { required: true, min: 1, max: 200, rowTitle: 'procedure' },
    ),
    reason: longText('申请理由', { max: 2000 }),
    evidence: files('证明材料', { accept: ['image/*', 'application/pdf'], maxFiles: 20 }),
    signature: signature('本人签名'),
  },
  list: {
    columns: ['number', 'practitioner', 'unit', 'kind', 'items', 'state', 'createdAt'],
    filters: ['unit', 'state', 'kind'],
    sort: ['-createdAt'],
  },
})
export type Application = Row<typeof application>
