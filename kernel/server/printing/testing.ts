import { boolean, choice, date, group, images, integer, ledger, longText, may, module, money, person, phone, reference, resource, rows, signature, text, unit } from '#model' // prettier-ignore
import { approve, flow, role, seal } from '#kernel/model/flow/index.ts'

export const supplier = resource('buy.supplier', {
  label: '供应商',
  title: 'name',
  fields: { name: text('名称', { required: true }), city: text('城市') },
})
export const purchase = resource('buy.purchase', {
  label: '采购申请',
  title: 'topic',
  owner: { person: 'applicant', department: 'department' },
  approval: 'buy.purchase',
  groups: [
    { label: '基本情况', fields: ['topic', 'applicant', 'department', 'supplier', 'on', 'urgent'] },
    { label: '说明', fields: ['reason', 'photos', 'signed'] },
  ],
  fields: {
    topic: text('品名', { required: true, max: 100 }),
    applicant: person('申请人', { required: true }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    supplier: reference('供应商', 'buy.supplier'),
    on: date('需用日期'),
    urgent: boolean('是否急用'),
    why: text('急用理由', { visibleWhen: 'urgent == true' }),
    budget: money('预算', { inWords: true }),
    contact: phone('联系电话'),
    reason: longText('申请理由', { max: 5000 }),
    photos: images('照片'),
    signed: signature('申请人签名'),
    secret: text('底价'),
    lines: rows('明细', { name: text('名称', { max: 2000 }), amount: integer('数量'), price: money('单价') }, { totals: { amount: 'sum', price: 'sum' } }),
  },
}) // prettier-ignore
export const asset = resource('buy.asset', {
  label: '资产',
  title: 'name',
  owner: { department: 'department' },
  fields: {
    name: text('名称', { required: true, search: true }),
    department: unit('科室'),
    number: text('编号'),
    state1: choice('状况', { good: '完好', broken: '损坏' }),
    lines: rows('部件', { name: text('名称'), amount: integer('数量'), note: text('备注', { max: 500 }) }, { max: 20_000 }),
  },
  list: { columns: ['name', 'department', 'number'] },
})
/** A hospital's buying: what is printed of it, with an approval that is signed and sealed, and a plain register. */
export const buying = module('buy', {
  label: '采购',
  resources: [supplier, purchase, asset],
  flows: [
    flow('buy.purchase', {
      label: '采购审批',
      steps: [
        approve('office', '职能部门', { by: role('medicalOffice') }),
        approve('leader', '院领导', { by: role('hospitalLeader'), sign: true }),
        seal('seal', '盖章', { seal: '院章', by: role('medicalOffice') }),
      ],
    }),
  ],
  roles: {
    staffMember: [may.readOwn(purchase), may.create(purchase), may.read(supplier)],
    medicalOffice: [may.all(supplier), may.all(purchase, 'hospital', { show: 'all' }), may.writeDirectly(purchase), may.all(asset)],
    departmentHead: [may.read(purchase, 'myUnits', { hide: ['secret'] }), may.read(asset, 'myUnits'), may.export(asset, 'myUnits')],
    hospitalLeader: [may.read(purchase)],
  },
  menu: [group('采购', [ledger(purchase), ledger(asset)])],
})
