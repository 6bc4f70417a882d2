import { date, resource, text, unit, where, any, type Row } from '#model'

/** 科室对照: what other systems call a unit, from day to day; one unit has several codes, one code may have meant another unit before. */
export const unitCode = resource('organisation.unitCode', {
  label: '科室对照',
  title: 'code',
  owner: { department: 'unit' },
  fields: {
    system: text('系统', { required: true, max: 40, help: '如 HIS、HR、核算' }),
    code: text('对方编码', { required: true, max: 80, search: true }),
    name: text('对方名称', { max: 80, search: true }),
    unit: unit('本院科室', { required: true }),
    from: date('起'),
    to: date('止'),
  },
  unique: [['system', 'code', 'from']],
  indexes: [['code']],
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '不能早于“起”' }],
  list: {
    columns: ['system', 'code', 'name', 'unit', 'from', 'to'],
    filters: ['system', 'unit'],
    sort: ['system', 'code'],
    views: [{ name: 'now', label: '现行', filter: any(where('to', 'empty'), where('to', 'gte', { today: 0 })) }],
  },
})
export type UnitCode = Row<typeof unitCode>
