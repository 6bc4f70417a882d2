import { boolean, chartAt, choice, date, dateTime, decimal, drawnPage, integer, may, module, person, resource, text, unit } from '#model'

/** A register of twenty columns as hospitals fill them for ten years: what ten million rows are measured on. */
export const cases = resource('large.case', {
  label: '病例登记',
  title: 'name',
  owner: { person: 'doctor', department: 'department' },
  fields: {
    name: text('患者', { required: true, max: 60, search: true }),
    code: text('登记号', { max: 20 }),
    department: unit('科室', { required: true }),
    doctor: person('主管医师', { required: true }),
    reviewer: person('审核人'),
    status: choice('状态', { open: '进行中', waiting: '待审核', done: '完成', dropped: '取消', disputed: '争议' }, { required: true }),
    level: choice('级别', { first: '一级', second: '二级', third: '三级', fourth: '四级' }, { required: true }),
    kind: choice('类别', {
      k0: '手术', k1: '介入', k2: '内镜', k3: '放疗', k4: '化疗', k5: '透析', k6: '输血', k7: '会诊', k8: '转科', k9: '抢救', k10: '麻醉', k11: '其他',
    }), // prettier-ignore
    source: choice('来源', { clinic: '门诊', ward: '住院', emergency: '急诊', outside: '外院' }),
    sex: choice('性别', { m: '男', f: '女' }),
    urgent: boolean('加急'),
    happenedOn: date('发生日期', { required: true }),
    dueOn: date('到期日期'),
    reportedAt: dateTime('上报时间'),
    age: integer('年龄'),
    days: integer('住院天数'),
    score: integer('评分'),
    amount: decimal('金额', 2),
    place: text('地点', { max: 60 }),
    note: text('备注', { max: 500 }),
  },
  list: {
    columns: ['name', 'department', 'doctor', 'status', 'level', 'kind', 'happenedOn', 'dueOn', 'score', 'amount'],
    filters: ['department', 'doctor', 'status', 'level', 'kind', 'source', 'urgent', 'happenedOn', 'dueOn', 'amount'],
    sort: ['-happenedOn'],
  },
})
/** What `chart10m` asks: two keys, and a filter of the whole page. */
const figures = drawnPage('large.figures', {
  label: '病例统计',
  icon: 'dashboard',
  who: [],
  filters: [{ key: 'kind', label: '类别', paths: ['kind'], resource: 'large.case' }],
  blocks: [chartAt('levels', '级别与状态', [0, 0, 12, 8], cases, 'stacked', { group: ['level', 'status'] })],
})
export default module('large', {
  label: '大表测量',
  resources: [cases],
  pages: [figures],
  roles: {
    staffMember: [may.readOwn(cases, { mask: ['name', 'code'] })],
    departmentHead: [may.read(cases, 'myUnits'), may.export(cases, 'myUnits')],
    medicalOffice: [may.all(cases)],
    hospitalLeader: [may.read(cases, 'hospital', { mask: ['name', 'code'] }), may.export(cases)],
  },
})
