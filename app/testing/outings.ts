// People who go out, and what is left to do afterwards: what tests of automations are about, in one process and in the browser.
import { choice, date, group, integer, ledger, longText, may, module, person, phone, reference, resource, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

/** 外出登记: passes an approval. */
const trip = resource('outing.trip', {
  label: '外出登记',
  title: 'topic',
  owner: { person: 'applicant', department: 'department' },
  approval: 'outing.ordinary',
  fields: {
    applicant: person('申请人', { required: true, default: 'me' }),
    department: unit('科室', { from: 'applicant.unit' }),
    topic: text('事由', { required: true, max: 100 }),
    until: date('返回日期'),
    days: integer('天数', { min: 1, max: 90 }),
    mobile: phone('联系电话'),
  },
})
/** 报销待办: what is left to do afterwards; nobody approves it. */
const refund = resource('outing.refund', {
  label: '报销待办',
  title: 'topic',
  owner: { person: 'whose' },
  fields: {
    whose: person('报销人', { required: true }),
    topic: text('事由', { required: true, max: 100 }),
    trip: reference('外出登记', 'outing.trip'),
    amount: integer('金额', { min: 0 }),
    due: date('报销截止'),
    status: choice('状态', { open: '未报', done: '已报' }, { default: 'open' }),
    note: longText('备注'),
    parent: reference('上一条', 'outing.refund'),
  },
  list: { columns: ['topic', 'whose', 'trip', 'amount'] },
})
export default module('outing', {
  label: '外出',
  dependsOn: ['organisation', 'staff'],
  resources: [trip, refund],
  flows: [flow('outing.ordinary', { label: '外出审批', steps: [approve('head', '科主任审核', { by: headOf('department') })] })],
  roles: {
    staffMember: [may.readOwn(trip), may.create(trip), may.update(trip), may.readOwn(refund)],
    departmentHead: [may.read(trip, 'myUnits')],
    medicalOffice: [may.all(trip), may.all(refund), may.use('designs.administer')],
    // Sees neither sums nor, but for their beginning, remarks.
    committeeMember: [
      may.read(refund, 'hospital', { hide: ['amount'], mask: ['note'] }),
      may.create(refund),
      may.update(refund, 'hospital'),
    ],
  },
  menu: [group('外出', [ledger(trip), ledger(refund)])],
})
