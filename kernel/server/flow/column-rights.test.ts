import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  integer,
  may,
  module,
  person,
  phone,
  resource,
  rows,
  text,
  unit,
  type ApprovalAnswer,
  type FlowDesign,
  type FlowDifference,
  type FlowFile,
  type RecordAnswer,
} from '#model'
import { approve, fill, flow, headOf, role } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

/** 采购: its lines have columns that are one office's to fill, and others that it does not see. */
const purchase = resource('buy.request', {
  label: '采购申请',
  title: 'name',
  owner: { person: 'applicant', department: 'department' },
  approval: 'buy.flow',
  fields: {
    applicant: person('申请人', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    name: text('名称', { required: true, max: 100 }),
    items: rows('设备', {
      device: text('设备', { required: true, max: 60 }),
      count: integer('台数', { required: true, min: 1 }),
      price: integer('单价', { min: 0 }),
      contact: phone('厂家电话'),
    }),
  },
})
const buy = module('buy', {
  label: '采购',
  resources: [purchase],
  flows: [
    flow('buy.flow', {
      label: '采购审批',
      steps: [
        approve('head', '科主任审核', { by: headOf('department'), hide: ['items.contact'], mayEdit: ['items.count'] }),
        fill('value', '评估价格', {
          by: role('medicalOffice'),
          mayEdit: ['items.price'],
          require: ['items.price'],
          hide: ['items.contact'],
        }),
        approve('director', '院长审批', { by: role('hospitalLeader'), mayEdit: ['items'], hide: ['items.contact'] }),
      ],
    }),
  ],
  roles: { staffMember: [may.readOwn(purchase), may.create(purchase), may.update(purchase)] },
})
let h: TestHospital
const who: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([buy]) })
  const people = { 赵一: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 医务员: { unit: '医务处', roles: ['medicalOffice'] }, 院长: { unit: '院办', roles: ['hospitalLeader'] }, 管理员: { unit: '信息科', roles: ['systemOfficer'] } } // prettier-ignore
  for (const [name, more] of Object.entries(people)) who[name] = await h.signIn(await h.person(name, more))
})
afterAll(() => h[Symbol.asyncDispose]())
type Row = { id: string } & Record<string, unknown>
const view = async (name: string, instance: string) => (await who[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
const linesSeen = async (name: string, instance: string) => (await view(name, instance)).record['items'] as Row[]
async function act(name: string, instance: string, more: object = {}) {
  const { version, my } = await view(name, instance)
  const task = { task: my.task?.id }
  return who[name]!.call('POST', `/api/approvals/${instance}/acts`, {
    kind: 'approve',
    actId: newId(),
    seenVersion: version,
    ...task,
    ...more,
  })
}
async function asked(name: string) {
  const items = [{ device: '监护仪', count: 2, contact: '13800001234' }, { device: '输液泵', count: 5, contact: '13800005678' }] // prettier-ignore
  const sent = await who['赵一']!.call('POST', '/api/flows/submit/buy.request', { draft: { name, items }, actId: newId() })
  return sent.json<{ instance: string; record: string }>()
}
const stored = async (record: string) => (await who['赵一']!.call('GET', `/api/records/buy.request/${record}`)).json<RecordAnswer>().record
const rowsOf = async (record: string) => (await stored(record))['items'] as Row[]

test('A0819 a column of the lines is hidden from a step, or alone its to fill: on the server, whatever is sent', async () => {
  const { instance, record } = await asked('监护设备')
  const seen = await view('孙主任', instance)
  expect(seen.hiddenColumns).toEqual(['items.contact'])
  expect(Object.keys((seen.record['items'] as Row[])[0]!).toSorted()).toEqual(['count', 'device', 'id', 'price'])
  expect(JSON.stringify(seen)).not.toContain('1234')
  const [one, two] = seen.record['items'] as [Row, Row]
  const refusedTo = async (items: object) => {
    const answer = await act('孙主任', instance, { changes: { items } })
    return [answer.status, answer.json()['refusal'], (answer.json()['detail'] as { fields?: unknown } | undefined)?.fields]
  }
  expect(await refusedTo({ change: { [one.id]: { device: '呼吸机' } } })).toEqual([409, 'mayNotEdit', ['items.device']])
  expect(await refusedTo({ change: { [one.id]: { contact: '13900000000' } } })).toEqual([409, 'mayNotEdit', ['items.contact']])
  expect(await refusedTo({ remove: [two.id] })).toEqual([409, 'mayNotEdit', ['items']])
  expect(await refusedTo({ add: [{ device: '床', count: 1 }] })).toEqual([409, 'mayNotEdit', ['items', 'items.device']])
  expect(await refusedTo({ move: [{ id: two.id, after: null }] })).toEqual([409, 'mayNotEdit', ['items']])
  // The whole table in place of what is done to its rows would empty what is not seen.
  expect((await refusedTo([{ ...one, count: 3 }, two]))[2]).toEqual(['items.contact'])
  expect((await act('孙主任', instance, { changes: { items: { change: { [one.id]: { count: 3 } } } } })).status).toBe(200)
  expect((await rowsOf(record)).map(({ count, contact }) => [count, contact])).toEqual([[3, '13800001234'], [5, '13800005678']])

  // The office fills its column in every row.
  expect((await act('医务员', instance)).json()['refusal']).toBe('fieldMissing')
  const price = (value: number, ...ids: string[]) => ({ changes: { items: { change: Object.fromEntries(ids.map((id) => [id, { price: value }])) } } })
  expect((await act('医务员', instance, price(800, one.id))).json()['refusal']).toBe('fieldMissing')
  expect((await act('医务员', instance, price(800, one.id, two.id))).status).toBe(200)

  // Whoever may change the table adds rows, and does not reach what is hidden from him either.
  const added = (row: object) => act('院长', instance, { changes: { items: { add: [{ device: '推车', count: 1, ...row }] } } })
  expect((await added({ contact: '13900000000' })).json()['refusal']).toBe('mayNotEdit')
  expect((await added({})).json()['status']).toBe('approved')
  expect((await rowsOf(record)).map(({ device, contact }) => [device, contact ?? null])).toEqual([['监护仪', '13800001234'], ['输液泵', '13800005678'], ['推车', null]])
}) // prettier-ignore

test('A0819 of a change of rows a decider is told no more than his step shows, also where he comes too late', async () => {
  const { instance, record } = await asked('抢救设备')
  const [one, two] = await linesSeen('孙主任', instance)
  await act('孙主任', instance)
  await act('医务员', instance, { changes: { items: { change: { [one!.id]: { price: 1 }, [two!.id]: { price: 2 } } } } })
  await act('院长', instance)
  const changes = { items: { change: { [one!.id]: { contact: '13900000000' }, [two!.id]: { contact: '13900000001', count: 9 } } } }
  const { version } = await stored(record)
  const [asking] = (await who['赵一']!.call('POST', `/api/flows/change/buy.request/${record}`, { actId: newId(), seenVersion: version, changes })).json<{ instance: string }[]>()
  const told = await view('孙主任', asking!.instance)
  expect(told.changes[0]!.rows!.map(({ id, was, wanted }) => [id, was!['count'], wanted!['count'], 'contact' in was! || 'contact' in wanted!])).toEqual([[two!.id, 5, 9, false]])
  const late = await act('孙主任', asking!.instance, { seenVersion: 77 })
  expect([late.status, late.json()['code']]).toEqual([409, 'versionConflict'])
  for (const text of [JSON.stringify(told), late.text]) expect(text).not.toMatch(/1380000|1390000/)
}) // prettier-ignore

test('A0819 rights on columns are drawn: faults at their step, told in words, and taken along in a file', async () => {
  const url = '/api/flow-designs/buy.flow'
  const admin = (method: string, path = '', body?: object) => who['管理员']!.call(method, `${url}${path}`, body)
  const { definition } = (await admin('GET')).json<FlowDesign>()
  const [head, ...others] = definition.steps
  const drawn = (rights: object) => ({ ...definition, steps: [{ ...head, hide: [], mayEdit: [], ...rights }, ...others] })
  let revision = 0
  const save = async (rights: object) => {
    const answer = await admin('PUT', '', { revision, definition: drawn(rights), tests: [] })
    const design = answer.json<FlowDesign>()
    revision = design.revision
    return design.problems.map(({ path, message }) => `${path} ${message}`)
  }
  expect(await save({ mayEdit: ['items.colour', 'applicant.name'] })).toEqual(['steps.0 没有这一列：items.colour', 'steps.0 没有这一列：applicant.name'])
  expect(await save({ hide: ['items'], mayEdit: ['items.count'] })).toEqual(['steps.0 隐藏的字段不能又要求查看或填写：items.count'])
  expect(await save({ hide: ['items.device'], mayEdit: ['items'] })).toEqual(['steps.0 可以增加行，就不能隐藏行中必填的列：items.device'])
  expect(await save({ hide: ['items.contact', 'items.price'], mayEdit: ['items.device', 'items.count'] })).toEqual([])
  const words = (await admin('GET', '/difference?from=program&to=draft')).json<FlowDifference[]>().map((one) => one.words)
  expect(words).toEqual(['可修改的字段：增加 设备·设备', '隐藏字段：增加 设备·单价'])
  const file = (await admin('GET', '/export?of=draft')).json<FlowFile>()
  expect((await admin('DELETE', `/draft?revision=${revision}`)).status).toBe(200)
  const imported = await who['管理员']!.call('POST', '/api/flow-designs/import', { file })
  expect([imported.status, imported.json<FlowDesign>().definition.steps[0]]).toMatchObject([201, { hide: ['items.contact', 'items.price'], mayEdit: ['items.device', 'items.count'] }])
}) // prettier-ignore
