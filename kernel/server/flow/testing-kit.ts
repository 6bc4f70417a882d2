import { integer, longText, may, module, person, phone, reference, references, resource, rows, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

/** 配置计划: a register under approval with a sub-table, for tests of change requests. */
export const plan = resource('kit.plan', {
  label: '配置计划',
  title: 'name',
  owner: { person: 'applicant', department: 'department' },
  approval: 'kit.ordinary',
  fields: {
    applicant: person('申请人', { required: true }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    name: text('名称', { required: true, max: 100 }),
    year: integer('年度', { min: 2000, max: 2100 }),
    remark: longText('备注'),
    items: rows('设备', {
      device: text('设备', { required: true, max: 60 }),
      count: integer('台数', { required: true, min: 1, max: 99 }),
      note: text('说明', { max: 100 }),
      contact: phone('厂家电话'),
    }),
  },
  unique: [['name']],
  list: { columns: ['name', 'department', 'year'], filters: ['department', 'year'] },
})
/** 采购需求: under approval too, and points at a plan. */
export const need = resource('kit.need', {
  label: '采购需求',
  title: 'name',
  owner: { person: 'applicant', department: 'department' },
  approval: 'kit.ordinary',
  fields: {
    applicant: person('申请人', { required: true }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    name: text('名称', { required: true, max: 100 }),
    plan: reference('配置计划', 'kit.plan'),
  },
})
/** 库房 and what points at it in each of the declared ways. */
export const room = resource('kit.room', { label: '库房', title: 'name', fields: { name: text('名称', { required: true, max: 60 }) } })
export const device = resource('kit.device', {
  label: '在库设备',
  title: 'name',
  fields: { name: text('名称', { required: true, max: 60 }), room: reference('库房', 'kit.room') },
})
export const lease = resource('kit.lease', {
  label: '租约',
  title: 'name',
  fields: { name: text('名称', { required: true, max: 60 }), room: reference('库房', 'kit.room', { onDelete: 'restrict' }) },
})
export const label = resource('kit.label', {
  label: '标签',
  title: 'name',
  fields: { name: text('名称', { required: true, max: 60 }), room: reference('库房', 'kit.room', { onDelete: 'clear' }) },
})
export const shelf = resource('kit.shelf', {
  label: '货架',
  title: 'name',
  fields: {
    name: text('名称', { required: true, max: 60 }),
    room: reference('库房', 'kit.room', { required: true, onDelete: 'withParent' }),
  },
})
export const tour = resource('kit.tour', {
  label: '巡查',
  title: 'name',
  fields: { name: text('名称', { required: true, max: 60 }), rooms: references('库房', 'kit.room') },
})

export const kit = module('kit', {
  label: '配置',
  resources: [plan, need, room, device, lease, label, shelf, tour],
  flows: [
    flow('kit.ordinary', { label: '配置审批', steps: [approve('head', '科主任审核', { by: headOf('department'), mayEdit: ['items', 'year'] })] }),
  ],
  roles: {
    staffMember: [may.readOwn(plan), may.create(plan), may.update(plan), may.delete(plan), may.readOwn(need), may.create(need)],
    medicalOffice: [may.all(plan), may.writeDirectly(plan), ...[room, device, lease, label, shelf, tour].flatMap((one) => [may.all(one), may.purge(one)])],
  },
}) // prettier-ignore
