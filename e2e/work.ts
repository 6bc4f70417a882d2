import { expect } from 'vitest'
import type { ApiRecord } from '#model'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'

/** A module of tasks and contracts, for what lists look like: dates, states, a tree, an approval. */
export const work = `
import { choice, date, dateRange, dateTime, group, integer, ledger, may, module, person, reference, resource, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const status = { todo: { label: '未开始', tone: 'neutral' }, doing: { label: '进行中', tone: 'info' }, done: { label: '已完成', tone: 'good' } }
const task = resource('work.task', {
  label: '任务',
  title: 'name',
  fields: {
    name: text('任务', { required: true, search: true, max: 60 }),
    status: choice('进度', status, { required: true }),
    unit: unit('科室'),
    parent: reference('上级任务', 'work.task'),
    on: date('截止', { max: '2026-12-31' }),
    at: dateTime('会议时间'),
    span: dateRange('起止', { isOpen: true }),
    cost: integer('费用'),
  },
  list: { columns: ['name', 'status', 'unit', 'on', 'span', 'cost'], filters: ['status', 'unit'], sort: ['name'] },
})
const contract = resource('work.contract', {
  label: '合同',
  title: 'name',
  owner: { person: 'keeper', department: 'department' },
  approval: 'work.ordinary',
  fields: {
    keeper: person('经办人', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'keeper.unit' }),
    name: text('名称', { required: true }),
    stage: choice('阶段', { draft: '拟订', signed: '已签' }),
  },
  list: { columns: ['name', 'stage', 'department'] },
})
export default module('work', {
  label: '工作',
  dependsOn: ['organisation', 'staff'],
  resources: [task, contract],
  flows: [flow('work.ordinary', { label: '合同审批', steps: [approve('head', '科主任审核', { by: headOf('department') })] })],
  roles: {
    staffMember: [may.read(task), may.readOwn(contract), may.create(contract), may.update(contract)],
    medicalOffice: [may.all(task), may.all(contract), may.writeDirectly(contract)],
  },
  menu: [group('工作', [ledger(task), ledger(contract)])],
})
`.trim()
export const tasks = '/api/records/work.task'
/** As long as a busy machine needs. */
export const soon = { timeout: 10_000 }

export const add = async (v: Visitor, draft: object): Promise<string> => {
  const made = await call<{ record: ApiRecord }>(v, 'POST', tasks, draft)
  expect(made.status).toBe(201)
  return made.body.record.id
}
/** Four tasks of a plan, and sixty more that are only begun. */
export const fill = async (v: Visitor) => {
  const plan = await add(v, { name: '年度质量计划', status: 'doing', span: { from: '2026-03-01', to: null } })
  const hands = await add(v, { name: '手卫生改进', status: 'todo', parent: plan, on: '2026-03-12', span: { from: '2026-03-05', to: '2026-03-24' }, cost: 900 }) // prettier-ignore
  await add(v, { name: '洗手液采购', status: 'done', parent: hands, on: '2026-03-12', at: '2026-03-12T02:00:00Z' })
  await add(v, { name: '跌倒预防培训', status: 'todo', parent: plan, on: '2026-03-20', at: '2026-03-12T02:20:00Z', span: { from: '2026-03-16', to: '2026-04-10' } }) // prettier-ignore
  for (let i = 1; i <= 60; i++) await add(v, { name: `巡查 ${String(i).padStart(2, '0')}`, status: 'doing', on: '2026-03-18' })
}

/** What the page asks from now on, by a part of the address. */
export const requests = (v: Visitor, part: string): string[] => {
  const list: string[] = []
  v.page.on('request', (request) => request.url().includes(part) && list.push(request.url()))
  return list
}
/** Waits until what the page knows has been drawn, and what the drawing asks for has been asked. */
export const drawn = (v: Visitor): Promise<unknown> =>
  v.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
