import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  chartAt, choice, date, drawnPage, emptyAt, identityNumber, integer, is, may, module, person, plainChart, resource, text, unit,
  type ChartAnswer, type ChartSpec, type PageItem, type ShownPage,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const file = resource('trial.file', {
  label: '档案',
  title: 'name',
  owner: { person: 'practitioner', department: 'department' },
  fields: {
    name: text('名称', { required: true, search: true }),
    practitioner: person('人员'),
    department: unit('科室'),
    level: choice('级别', { top: '高级', middle: '中级', low: '初级' }),
    since: date('入职'),
    points: integer('学分'),
    secret: identityNumber('证件'),
    note: text('备注'),
  },
  list: { columns: ['name', 'level'], views: [{ name: 'tops', label: '高级', filter: is('level', 'top') }] },
})
const verdict = resource('trial.verdict', { label: '结论', title: 'name', fields: { name: text('名称', { required: true }) } })
const page = drawnPage('trial.figures', {
  label: '学科概况',
  icon: 'dashboard',
  who: ['departmentHead', 'medicalOffice'],
  menu: '统计',
  home: ['departmentHead'],
  filters: [{ key: 'unit', label: '科室', paths: ['department'], resource: 'trial.file' }],
  blocks: [
    chartAt('levels', '级别', [0, 0, 8, 6], file, 'pie', { group: ['level'], detail: 'department' }),
    chartAt('notes', '绝密备注', [8, 0, 8, 6], file, 'bar', { group: ['note'], filter: is('note', '绝密') }),
    chartAt('verdicts', '结论', [16, 0, 8, 6], verdict, 'number'),
    emptyAt('later', '以后', [0, 6, 8, 4], '接入后显示'),
  ],
})
const trial = module('trial', {
  label: '试用',
  resources: [file, verdict],
  pages: [page],
  roles: {
    departmentHead: [may.read(file, 'myUnits', { hide: ['note'] })],
    medicalOffice: [may.all(file), may.all(verdict)],
  },
})
let h: TestHospital
let surgery: string
let asOfficer: HttpSession, asHead: HttpSession, asColleague: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  h.clock.set('2026-06-15')
  surgery = await h.unit('外科')
  const medicine = await h.unit('内科')
  asOfficer = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice', 'implementer'] }))
  asHead = await h.signIn(await h.person('李卫东', { unit: '外科', roles: ['departmentHead'] }))
  asColleague = await h.signIn(await h.person('高璐', { unit: '外科' }))
  for (let i = 0; i < 24; i++)
    await h.create('trial.file', {
      name: `档案${i}`,
      department: i % 3 ? medicine : surgery,
      level: ['top', 'middle', 'low', null][i % 4],
      since: `20${10 + (i % 12)}-0${1 + (i % 6)}-10`,
      points: i,
      note: i === 3 ? '绝密' : '平常',
    })
})
afterAll(() => h[Symbol.asyncDispose]())

const blockOf = (chart: Partial<ChartSpec>) => ({
  kind: 'chart', id: 'one', title: '一', place: { x: 0, y: 0, w: 8, h: 6 }, phone: 0, chart: { ...plainChart('trial.file', 'bar'), ...chart },
}) // prettier-ignore
const run = (session: HttpSession, chart: Partial<ChartSpec>, asks: object[] = []) =>
  session.call('POST', '/api/pages/run', { block: blockOf(chart), asks })
const answered = async (session: HttpSession, chart: Partial<ChartSpec>, asks: object[] = []): Promise<ChartAnswer> => {
  const answer = await run(session, chart, asks)
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.anything()])
  return answer.json<ChartAnswer>()
}
const figures = ({ groups }: ChartAnswer) => Object.fromEntries(groups.map(({ keys, count }) => [String(keys[0]), count]))

test('a chart counts what its reader may see: the office the hospital, a head his own unit', async () => {
  expect(figures(await answered(asOfficer, { group: ['level'] }))).toEqual({ top: 6, middle: 6, low: 6, null: 6 })
  const own = await answered(asHead, { group: ['level'] })
  expect([figures(own), own.whole.count]).toEqual([{ top: 2, middle: 2, low: 2, null: 2 }, 8])
  expect(figures(await answered(asOfficer, { group: ['level'], view: 'tops' }))).toEqual({ top: 6 })
})

test('what the reader sets for the whole page narrows each block whose type has the field, and no other', async () => {
  const asks = [{ paths: ['unit', 'department'], op: 'eq', value: surgery }]
  const narrowed = await answered(asOfficer, { group: ['level'] }, asks)
  expect([narrowed.whole.count, narrowed.filter]).toEqual([8, { field: 'department', op: 'eq', value: surgery }])
  const other = await answered(asOfficer, { resource: 'trial.verdict', kind: 'number' }, asks)
  expect([other.whole.count, other.filter]).toEqual([0, null])
  expect((await run(asOfficer, { group: ['level'] }, [{ paths: 'x', op: 'eq' }])).status).toBe(400)
})

test('the largest groups are found where they are counted; the whole tells what the others are together', async () => {
  const answer = await answered(asOfficer, { group: ['name'], measures: ['sum:points'], order: 'most', top: 3 })
  expect(answer.groups.map(({ totals }) => Number(totals[0]))).toEqual([23, 22, 21])
  expect([answer.more, Number(answer.whole.totals[0]), answer.whole.count]).toEqual([true, 276, 24])
})

test('a period stands beside the one before it, as far as today or whole', async () => {
  h.clock.set('2026-06-15')
  for (const since of ['2026-06-01', '2026-06-15', '2026-06-20', '2026-05-02', '2026-05-15', '2026-05-16'])
    await h.create('trial.file', { name: since, since, level: 'top' })
  const compare = { date: 'since', period: 'month', upTo: 'today' } as const
  const same = await answered(asOfficer, { kind: 'number', compare })
  expect([same.whole.count, same.before!.whole.count]).toEqual([2, 2])
  const whole = await answered(asOfficer, { kind: 'number', compare: { ...compare, upTo: 'whole' } })
  expect([whole.whole.count, whole.before!.whole.count]).toEqual([3, 3])
})

test('a block on what its reader may not see is refused and tells nothing of itself, the others stand', async () => {
  const opened = (await asHead.call('GET', '/api/pages/trial.figures')).json<ShownPage>()
  expect(opened.blocks.map((block) => [block.id, block.kind, 'problem' in block ? block.problem : null])).toEqual([
    ['levels', 'chart', null],
    ['notes', 'refused', '没有查看该字段的权限'],
    ['verdicts', 'refused', '没有查看这项数据的权限'],
    ['later', 'empty', null],
  ])
  expect(JSON.stringify(opened.blocks[1])).not.toContain('绝密"')
  expect((await run(asHead, { group: ['note'] })).json()).toMatchObject({ status: 400, title: '没有查看该字段的权限' })
  expect((await run(asHead, { resource: 'trial.verdict', kind: 'number' })).status).toBe(403)
  expect((await run(asOfficer, { group: ['secret'] })).status).toBe(400)
  // Whoever it is not for does not learn that it is there.
  expect((await asColleague.call('GET', '/api/pages/trial.figures')).status).toBe(404)
  expect((await asOfficer.call('GET', '/api/pages/nothing')).status).toBe(404)
})

test('a page stands in the menu and on the workplace of those whom it is for', async () => {
  const listed = async (session: HttpSession) =>
    (await session.call('GET', '/api/pages')).json<{ pages: PageItem[] }>().pages.find(({ name }) => name === 'trial.figures')
  expect(await listed(asHead)).toEqual({ name: 'trial.figures', label: '学科概况', icon: 'dashboard', menu: '统计', isHome: true })
  expect((await listed(asOfficer))!.isHome).toBe(false)
  expect(await listed(asColleague)).toBeUndefined()
  const menu = async (session: HttpSession) => (await session.call('GET', '/api/definitions')).text
  expect(await menu(asHead)).toContain('"kind":"drawn","name":"trial.figures"')
  expect(await menu(asColleague)).not.toContain('trial.figures')
})

test('figures are taken away by those who may export the records, and the file says by whom', async () => {
  const block = blockOf({ group: ['level'], measures: ['count', 'sum:points'], filter: is('level', 'top') })
  const answer = await asOfficer.call('POST', '/api/pages/export', { block, asks: [], format: 'csv' })
  const lines = answer.text.replace('\uFEFF', '').trim().split('\r\n')
  expect(lines.slice(0, 3)).toEqual(['级别,条数,学分合计', '高级,12,60', '合计,12,60'])
  expect(lines.at(-1)).toContain('周敏')
  expect((await asHead.call('POST', '/api/pages/export', { block, asks: [], format: 'csv' })).status).toBe(403)
})

test('whoever draws a page sees what a role would be refused; what is wrong with it is told at its place', async () => {
  const drawn = { label: '试', blocks: [blockOf({ group: ['note'] })] }
  const preview = (role: string | null, given: object = drawn) => asOfficer.call('POST', '/api/pages/preview', { page: given, role })
  expect((await preview(null)).json<ShownPage>().blocks[0]!.kind).toBe('chart')
  expect((await preview('departmentHead')).json<ShownPage>().blocks[0]).toMatchObject({ problem: '没有查看该字段的权限' })
  expect((await preview('systemOfficer')).json<ShownPage>().blocks[0]).toMatchObject({ problem: '没有查看这项数据的权限' })
  expect((await preview('nobody')).status).toBe(400)
  const problems = (await preview(null, { label: '', blocks: [{ ...blockOf({ kind: 'axes' }), place: { x: 20, y: 0, w: 8, h: 2 } }] })).json<{ problems: object[] }>().problems // prettier-ignore
  expect(problems).toEqual([
    { field: 'label', message: '请填写' },
    { field: 'blocks.one.place', message: '位置不对：共 24 列，不能超出页面' },
    { field: 'blocks.one.group', message: '双轴图要有 1 层分组' },
    { field: 'blocks.one.measures', message: '双轴图要有 2 个度量' },
  ])
  expect((await asHead.call('POST', '/api/pages/preview', { page: drawn, role: null })).status).toBe(403)
})
