import { date, may, module, person, resource, text, unit } from '#model'

const values = ['phone', 'idNumber', 'address', 'contact'] as const
const fieldsOf = (isProtected: boolean) => {
  const more = { max: 60, ...(isProtected ? { class: 'sensitive' as const } : {}) }
  return {
    practitioner: person('人员', { required: true }),
    department: unit('科室', { required: true }),
    name: text('名称', { required: true, max: 200 }),
    happenedOn: date('日期', { required: true }),
    phone: text('电话', more),
    idNumber: text('证件号码', more),
    address: text('住址', more),
    contact: text('联系人', more),
  }
}
/** The same register twice: with four protected fields, and without. */
export const open = resource('bench.open', {
  label: '登记（不加密）',
  title: 'name',
  owner: { person: 'practitioner', department: 'department' },
  fields: fieldsOf(false),
  // What is protected is found by its blind index: the plain one is found, too.
  indexes: values.map((key) => [key]),
  list: { columns: ['name', 'happenedOn', ...values], sort: ['-createdAt'] },
})
export const sealed = resource('bench.sealed', {
  label: '登记（加密）',
  title: 'name',
  owner: { person: 'practitioner', department: 'department' },
  fields: fieldsOf(true),
  list: { columns: ['name', 'happenedOn', ...values], sort: ['-createdAt'] },
})
const rights = [open, sealed].flatMap((one) => [may.read(one, 'hospital', { show: 'all' }), may.create(one, 'hospital')])
export default module('bench', { label: '测量', resources: [open, sealed], roles: { departmentHead: rights } })
