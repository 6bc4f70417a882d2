import { autoNumber, choice, date, files, integer, person, references, resource, text, unit, type Row } from '#model'

/** How merging and splitting stand, and what taking them back needs and says. */
export const takenBack = {
  status: choice('状态', { active: { label: '有效', tone: 'good' }, revoked: { label: '已撤销', tone: 'neutral' } }, { required: true, readOnly: true, default: 'active' }),
  until: date('原科室原定停用日期', { readOnly: true, visibleWhen: 'until != null' }),
  revokedOn: date('撤销日期', { readOnly: true, visibleWhen: 'status == "revoked"' }),
  revokedBy: person('撤销人', { readOnly: true, visibleWhen: 'status == "revoked"' }),
  revokedReason: text('撤销原因', { max: 200, readOnly: true, visibleWhen: 'status == "revoked"' }),
} as const // prettier-ignore

/** 科室合并: from a day on one unit is part of another, with its people, posts and what stood under it; what was before stays as it was. */
export const merger = resource('organisation.merger', {
  label: '科室合并',
  title: 'number',
  owner: { department: 'into' },
  fields: {
    number: autoNumber('编号', 'HB'),
    unit: unit('撤并的科室', { required: true, help: '生效前一天停用，以前的统计仍按原科室' }),
    into: unit('并入的科室', { required: true }),
    from: date('生效日期', { required: true, default: 'today' }),
    reason: text('事由', { max: 200 }),
    basisNumber: text('依据文号', { required: true, max: 100 }),
    basisScan: files('依据扫描件', { accept: ['image/*', 'application/pdf'] }),
    people: integer('转入人员', { readOnly: true, unit: '人' }),
    units: integer('转入下级科室', { readOnly: true, unit: '个' }),
    below: references('转入的下级科室', 'directory.unit', { readOnly: true, visibleWhen: 'units > 0' }),
    ...takenBack,
  },
  rules: [{ at: 'into', holds: 'unit == null || into == null || unit != into', message: '不能并入自己' }],
  list: {
    columns: ['number', 'unit', 'into', 'from', 'people', 'units', 'basisNumber', 'status'],
    filters: ['from', 'into', 'status'],
    sort: ['-from'],
  },
})
export type Merger = Row<typeof merger>
