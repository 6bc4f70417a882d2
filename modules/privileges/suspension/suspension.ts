import { choice, date, files, reference, resource, text, type Row } from '#model'

/** 暂停令: an order over a person's privileges, or one of them. It stays until a person lifts it; nothing else revives what it suspends. */
export const suspension = resource('privileges.suspension', {
  label: '暂停授权',
  title: 'reason',
  owner: { person: 'practitioner' },
  chapter: '授权',
  fields: {
    practitioner: reference('医务人员', 'staff.practitioner', { required: true }),
    procedure: reference('手术', 'privileges.procedure', { help: '空 = 暂停全部手术授权' }),
    from: date('暂停自', { required: true, default: 'today' }),
    liftedOn: date('解除日期', { help: '空 = 至解除为止' }),
    reason: text('原因', { required: true, max: 500 }),
    kind: choice(
      '性质',
      { safety: '医疗安全', investigation: '事件调查', assessment: '考核不合格', other: '其他' },
      { required: true, default: 'safety' },
    ),
    basisNumber: text('依据文号', { max: 100 }),
    basisScan: files('依据扫描件', { accept: ['image/*', 'application/pdf'] }),
  },
  rules: [{ at: 'liftedOn', holds: 'liftedOn == null || from == null || liftedOn >= from', message: '解除日期不能早于暂停日期' }],
  list: {
    columns: ['practitioner', 'practitioner.unit', 'procedure', 'kind', 'from', 'liftedOn', 'reason'],
    filters: ['kind', 'from', 'liftedOn'],
  },
})
export type Suspension = Row<typeof suspension>
