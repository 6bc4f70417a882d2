import { choice, date, decimal, formula, group, integer, ledger, may, module, resource, text, type Fields } from '#model'

const numbers = Array.from({ length: 12 }, (_, n) => `n${n}`)
const times = <T>(many: number, make: (n: number) => readonly [string, T]): Record<string, T> => Object.fromEntries(Array.from({ length: many }, (_, n) => make(n))) // prettier-ignore

/** Sixty fields; twenty rules between them: eight show or hide, eight compute, four judge. */
const fields: Fields = {
  name: text('名称', { required: true, max: 100 }),
  code: text('编号', { max: 40 }),
  kind: choice('类别', { a: '甲', b: '乙', c: '丙' }, { required: true }),
  status: choice('状态', { open: '进行中', done: '完成' }),
  startsOn: date('开始日期'),
  endsOn: date('结束日期'),
  ...Object.fromEntries(numbers.map((key, n) => [key, n % 2 ? integer(`数量${n}`) : decimal(`金额${n}`, 2)])),
  ...times(8, (n) => [`shown${n}`, text(`说明${n}`, { max: 200, visibleWhen: n % 2 ? `name != null && name != "不显示${n}"` : `n${n} == null || n${n} >= 0` })]), // prettier-ignore
  ...times(8, (n) => [`sum${n}`, formula(`合计${n}`, numbers.slice(0, n + 3).map((key) => `(${key} == null ? 0 : ${key})`).join(' + '), 'decimal')]), // prettier-ignore
  ...times(26, (n) => [`more${n}`, n % 3 === 0 ? choice(`选项${n}`, { x: '是', y: '否', z: '不详' }) : n % 3 === 1 ? date(`日期${n}`) : text(`备注${n}`, { max: 200 })]), // prettier-ignore
}
export const card = resource('browser.card', {
  label: '病例卡',
  title: 'name',
  fields,
  rules: [
    { at: 'endsOn', holds: 'startsOn == null || endsOn == null || endsOn >= startsOn', message: '结束不能早于开始' },
    { at: 'n1', holds: 'n1 == null || n3 == null || n1 <= n3', message: '数量1 不能多于数量3' },
    { at: 'n2', holds: 'n2 == null || n4 == null || n2 <= n4 + 100000', message: '金额2 太大' },
    { at: 'code', holds: 'code == null || code != name', message: '编号不能与名称相同' },
  ],
  list: {
    columns: ['name', 'code', 'kind', 'status', 'startsOn', 'endsOn', 'n0', 'n1', 'n2', 'n3', 'sum0', 'createdAt'],
    filters: ['kind', 'status', 'n1'],
    sort: ['n1'],
  },
})
export default module('browser', {
  label: '页面测量',
  resources: [card],
  roles: { medicalOffice: [may.all(card)] },
  menu: [group('测量', [ledger(card, { icon: 'book' })])],
})
