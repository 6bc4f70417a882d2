/** A register that journeys fill with more records than a list is read through for. */
export const spells = `
import { chartAt, choice, date, decimal, drawnPage, group, integer, ledger, may, module, resource, text, unit } from '#model'
const spell = resource('large.spell', {
  label: '病程登记',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('患者', { required: true, search: true }),
    unit: unit('科室'),
    level: choice('级别', { first: '一级', second: '二级' }),
    on: date('发生日期'),
    days: integer('住院天数'),
    fee: decimal('费用', 2),
    note: text('备注', { max: 500 }),
    code: text('编号'),
  },
  list: { columns: ['name', 'unit', 'level', 'on', 'days', 'fee', 'note'], filters: ['level', 'unit', 'on', 'days'], sort: ['-on'] },
})
const severe = { field: 'note', op: 'contains', value: '重症' }
const page = drawnPage('large.figures', {
  label: '病程统计',
  icon: 'dashboard',
  who: [],
  menu: '大表',
  blocks: [
    chartAt('severe', '重症人次', [0, 0, 6, 2], spell, 'number', { filter: severe }),
    chartAt('levels', '重症各级别', [6, 0, 10, 6], spell, 'bar', { group: ['level'], filter: severe, order: 'most' }),
  ],
})
export default module('large', {
  label: '大表',
  dependsOn: ['organisation', 'staff'],
  resources: [spell],
  pages: [page],
  roles: { staffMember: [may.read(spell)], medicalOffice: [may.all(spell)] },
  menu: [group('大表', [ledger(spell, { icon: 'book' })])],
})
`.trim()

/** What makes the planner believe that there are so many of them; undone by the next ANALYZE. */
export const believeSpells = (rows: number): string =>
  `SET allow_system_table_mods = on; UPDATE pg_class SET reltuples = ${rows} WHERE oid = 'large.spell'::regclass`
