import { choice, date, files, longText, lookup, reference, resource, whereOwn } from '#model'

/** 任职期间的特殊情况请假: with its proof, agreed to by head and office. */
export const chiefLeave = resource('staff.chiefLeave', {
  label: '总住院请假',
  title: 'name',
  owner: { person: 'chief' },
  chapter: '任职与异动',
  approval: 'staff.chiefLeave',
  fields: {
    chief: reference('医师', 'staff.practitioner', { required: true, default: 'me' }),
    name: lookup('姓名', 'chief.name'),
    term: reference('总住院任职', 'staff.chiefResident', { required: true, among: whereOwn('person', 'eq', 'chief') }),
    kind: choice('事由', { illness: '病假', family: '家事', maternity: '孕产', official: '公派', other: '其他' }, { required: true }),
    from: date('开始日期', { required: true }),
    to: date('结束日期', { required: true }),
    reason: longText('情况说明', { required: true, max: 1000 }),
    evidence: files('佐证材料', { requiredWhen: 'from != null', accept: ['image/*', 'application/pdf'] }),
    cover: reference('期间代任', 'staff.practitioner'),
  },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '结束日期不能早于开始日期' }],
  list: { columns: ['chief', 'chief.unit', 'kind', 'from', 'to', 'cover', 'state'], filters: ['chief.unit', 'kind', 'from', 'state'], sort: ['-from'] },
}) // prettier-ignore
