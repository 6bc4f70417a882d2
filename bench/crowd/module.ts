import { choice, date, decimal, may, module, person, resource, text, unit } from '#model'

/** What most registers are, many times over: with the large one they make fifty types. */
export const registers = Array.from({ length: 49 }, (_, n) =>
  resource(`crowd.register${n}`, {
    label: `登记${n}`,
    title: 'name',
    owner: { person: 'practitioner', department: 'department' },
    fields: {
      practitioner: person('人员', { required: true }),
      department: unit('科室', { required: true }),
      name: text('名称', { required: true, max: 200 }),
      level: choice('级别', { national: '国家级', provincial: '省级', hospital: '院级' }, { required: true }),
      status: choice('状态', { open: '进行中', done: '完成', dropped: '取消' }, { required: true, default: 'open' }),
      happenedOn: date('日期', { required: true }),
      amount: decimal('金额', 2),
      note: text('备注', { max: 500 }),
    },
    list: {
      columns: ['practitioner', 'name', 'level', 'status', 'happenedOn', 'amount'],
      filters: ['level', 'status'],
      sort: ['-createdAt'],
    },
  }),
)
export default module('crowd', {
  label: '人群测量',
  resources: registers,
  roles: {
    staffMember: registers.flatMap((one) => [may.readOwn(one), may.create(one)]),
    departmentHead: registers.map((one) => may.read(one, 'myUnits')),
    medicalOffice: registers.map((one) => may.all(one)),
  },
})
