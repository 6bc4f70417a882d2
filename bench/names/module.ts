import { choice, date, may, module, resource, text, unit } from '#model'

/** A register of patients whose names are encrypted and found by two letters all the same. */
export const patients = resource('names.patient', {
  label: '患者',
  title: 'name',
  owner: { department: 'department' },
  fields: {
    name: text('姓名', { required: true, max: 60, class: 'sensitive', search: true }),
    code: text('登记号', { max: 20 }),
    sex: choice('性别', { m: '男', f: '女' }),
    bornOn: date('出生日期'),
    department: unit('科室', { required: true }),
  },
  list: { columns: ['name', 'code', 'sex', 'bornOn', 'department'], filters: ['department', 'sex', 'bornOn'], sort: ['-createdAt'] },
})
export default module('names', {
  label: '姓名查找测量',
  resources: [patients],
  roles: { staffMember: [may.read(patients)], medicalOffice: [may.all(patients, 'hospital', { show: ['name'] })] },
})
