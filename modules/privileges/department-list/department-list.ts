import { boolean, choice, reference, resource, unit } from '#model'
import { levels } from '../procedure/procedure.ts'

/** 科级手术授权目录: what a department has taken out of the hospital's list. A department may set a level of its own, only higher. */
export const departmentProcedure = resource('privileges.departmentProcedure', {
  label: '科室手术目录',
  title: 'procedure',
  owner: { department: 'unit' },
  fields: {
    unit: unit('科室', { required: true }),
    procedure: reference('手术', 'privileges.procedure', { required: true, onDelete: 'restrict' }),
    level: choice('科内级别', levels, { help: '空 = 同院内级别；只能更高' }),
    often: boolean('常用', { default: false }),
    enabled: boolean('启用', { default: true }),
  },
  unique: [['unit', 'procedure']],
  list: {
    columns: ['unit', 'procedure.code', 'procedure', 'procedure.level', 'level', 'procedure.restricted', 'often', 'enabled'],
    filters: ['unit', 'enabled'],
    sort: ['unit', 'procedure.code'],
  },
})
