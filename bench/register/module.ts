import { choice, date, decimal, may, module, person, resource, text, unit } from '#model'

/** A plain register with what most registers have: what list and create are measured on. */
export const entry = resource('bench.entry', {
  label: '登记',
  title: 'name',
  owner: { person: 'practitioner', department: 'department' },
  fields: {
    practitioner: person('人员', { required: true }),
    department: unit('科室', { required: true }),
    name: text('名称', { required: true, max: 200 }),
    level: choice('级别', { national: '国家级', provincial: '省级', municipal: '市级', hospital: '院级' }, { required: true }),
    status: choice('状态', { open: '进行中', done: '完成', dropped: '取消' }, { required: true, default: 'open' }),
    happenedOn: date('日期', { required: true }),
    amount: decimal('金额', 2),
    note: text('备注', { max: 500 }),
  },
  indexes: [['department', 'level', '-createdAt']],
  list: { columns: ['practitioner', 'name', 'level', 'status', 'happenedOn', 'amount'], sort: ['-createdAt'] },
})
export default module('bench', {
  label: '测量',
  resources: [entry],
  roles: { staffMember: [may.create(entry)], departmentHead: [may.read(entry, 'myUnits'), may.create(entry, 'myUnits')] },
})
