import { choice, date, dateTime, decimal, integer, longText, may, module, person, resource, rows, text, unit, type Filter } from '#model'
import { approve, flow, naturalDays, people, remind, role } from '#kernel/model/flow/index.ts'

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
/** Who decides in the benches: the one who is signed in, and the others of his five. */
export const decider = idOf(1)
export const five = [1, 2, 3, 4, 5].map(idOf)

const fields = {
  applicant: person('申请人', { required: true }),
  department: unit('科室', { required: true }),
  title: text('标题', { required: true, max: 200 }),
  kind: choice('类别', { a: '甲', b: '乙', c: '丙' }, { required: true }),
  urgency: choice('缓急', { plain: '一般', urgent: '紧急' }, { required: true }),
  from: date('起'),
  to: date('止'),
  at: dateTime('时间'),
  place: text('地点', { max: 100 }),
  host: text('单位', { max: 100 }),
  days: integer('天数', { min: 0 }),
  people: integer('人数', { min: 0 }),
  fee: decimal('费用', 2),
  source: choice('经费来源', { hospital: '医院', project: '课题' }),
  leader: person('带队'),
  subject: text('专业', { max: 60 }),
  reason: longText('理由', { max: 1000 }),
  plan: longText('安排', { max: 1000 }),
  note: text('备注', { max: 300 }),
}
/** A request of twenty fields; `bench.batch` has lines that are decided one by one. */
export const request = resource('bench.request', {
  label: '申请',
  title: 'title',
  owner: { person: 'applicant', department: 'department' },
  approval: 'bench.one',
  fields: { ...fields, contact: text('联系人', { max: 40 }) },
})
export const batch = resource('bench.batch', {
  label: '批量申请', title: 'title', owner: { person: 'applicant', department: 'department' }, approval: 'bench.lines', items: 'lines',
  fields: { ...fields, lines: rows('项目', { name: text('名称', { required: true, max: 100 }), count: integer('数量', { min: 1 }) }, { required: true, min: 1, max: 200, rowTitle: 'name' }) },
}) // prettier-ignore
const later = () => [approve('office', '职能科室', { by: role('medicalOffice') }), approve('leader', '分管领导', { by: people(idOf(9)) })]
export default module('bench', {
  label: '测量',
  resources: [request, batch],
  flows: [
    flow<Filter>('bench.one', { label: '三级审批', steps: [approve('head', '科主任', { by: people(decider), mayEdit: ['note'], limit: naturalDays(3), onTimeout: [remind()] }), ...later()] }),
    flow<Filter>('bench.all', { label: '会签', steps: [approve('all', '会签', { by: people(...five), mode: 'allOf' }), ...later()] }),
    flow<Filter>('bench.lines', { label: '逐项审批', items: 'lines', steps: [approve('head', '科主任', { by: people(decider), items: true }), ...later()] }),
  ],
  roles: { staffMember: [may.readOwn(request), may.create(request), may.readOwn(batch), may.create(batch)], departmentHead: [may.read(request, 'myUnits'), may.read(batch, 'myUnits')] },
}) // prettier-ignore
