import { autoNumber, date, files, integer, resource, text, unit, type Row } from '#model'

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
  },
  rules: [{ at: 'into', holds: 'unit == null || into == null || unit != into', message: '不能并入自己' }],
  list: { columns: ['number', 'unit', 'into', 'from', 'people', 'units', 'basisNumber'], filters: ['from', 'into'], sort: ['-from'] },
})
export type Merger = Row<typeof merger>
