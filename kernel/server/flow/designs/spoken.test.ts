import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  may,
  module,
  person,
  resource,
  rows,
  text,
  unit,
  type FieldProblem,
  type FlowDesign,
  type FlowSimulation,
  type FlowTestResult,
} from '#model'
import { approve, flow, headOf, role } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { drawingHospital, type DrawingHospital } from '#app/testing/drawing-hospital.ts'
import { studyModule } from '../testing.ts'

const order = resource('shop.order', {
  label: '领用申请', title: 'name', owner: { person: 'applicant', department: 'department' }, approval: 'shop.flow', items: 'lines',
  fields: {
    applicant: person('申请人', { required: true }), department: unit('科室', { required: true, from: 'applicant.unit' }), name: text('名称', { required: true, max: 60 }),
    lines: rows('物品', { thing: text('物品', { required: true, max: 60 }) }),
  },
}) // prettier-ignore
const shop = module('shop', {
  label: '领用',
  resources: [order],
  flows: [
    flow('shop.flow', {
      label: '领用审批',
      items: { rows: 'lines' },
      steps: [approve('head', '科主任审核', { by: headOf('department'), items: true }), approve('office', '医务处审核', { by: role('medicalOffice'), items: true })],
    }),
  ],
  roles: { staffMember: [may.readOwn(order), may.create(order)] },
}) // prettier-ignore
let d: DrawingHospital
beforeAll(async () => void (d = await drawingHospital(productDefinitions([studyModule, shop]))))
afterAll(() => d[Symbol.asyncDispose]())

const url = '/api/flow-designs/study.ordinary'
const head = approve('head', '科主任审核', { by: headOf('department') })
const office = approve('office', '医务处审核', { by: role('medicalOffice'), mode: 'allOf', returnTo: { step: 'head' } })
const trying = (words: object, steps: readonly object[] = [head, office]) =>
  d.open('study.ordinary').then(({ definition }) =>
    d.admin.call('POST', `${url}/simulate`, {
      applicant: d.person['赵一'],
      draft: { days: 9 },
      words,
      definition: { ...definition, steps },
    }),
  )
const go = async (words: object, steps?: readonly object[]) => (await trying(words, steps)).json<FlowSimulation>()
const brief = ({ steps }: FlowSimulation) => steps.map(({ step, people, said, passedBy }) => [step, people.map(({ name }) => name).join(), said ?? passedBy]) // prettier-ignore

test('A0819 in a trial a step refuses: the way ends there, as the engine ends it', async () => {
  const refused = await go({ head: { say: 'refuse' } })
  expect([brief(refused), refused.ends]).toEqual([
    [
      ['head', '孙主任', '拒绝'],
      ['office', '', '没有走到这一步'],
    ],
    'refused',
  ])
  expect((await go({})).ends).toBeNull()
})
test('A0819 what is returned goes the way again from where it goes back to; to its applicant it stays', async () => {
  const back = await go({ office: { say: 'return' } })
  expect([brief(back), back.ends]).toEqual([
    [['head', '孙主任', '同意'], ['office', '周干事', '退回到“科主任审核”'], ['head', '孙主任', '同意'], ['office', '周干事', '同意']],
    'approved',
  ])
  const returned = await go({ head: { say: 'return' } })
  expect([brief(returned)[0], returned.ends]).toEqual([['head', '孙主任', '退回申请人'], 'returned'])
}) // prettier-ignore
test('A0819 of lines some are refused: they go no further, the others do; all of them end it', async () => {
  const lines = [{ thing: '纱布' }, { thing: '绷带' }, { thing: '吗啡' }]
  const tried = async (words: object) =>
    (await d.admin.call('POST', '/api/flow-designs/shop.flow/simulate', { applicant: d.person['赵一'], draft: { lines }, words })).json<FlowSimulation>()
  const some = await tried({ head: { say: 'refuse', lines: [2] } })
  expect(some.obstacles).toEqual([])
  expect([brief(some), some.ends]).toEqual([[['head', '孙主任', '第 3 行拒绝，其余同意'], ['office', '周干事', '同意']], 'partly'])
  const all = await tried({ head: { say: 'refuse', lines: [0, 1] }, office: { say: 'refuse', lines: [2] } })
  expect([brief(all), all.ends]).toEqual([[['head', '孙主任', '第 1、2 行拒绝，其余同意'], ['office', '周干事', '第 3 行拒绝，其余同意']], 'refused'])
  expect((await tried({ head: { say: 'refuse', lines: [7] } })).obstacles).toEqual(['“科主任审核”：申请中没有第 8 行'])
}) // prettier-ignore
test('A0819 words that the engine would not hear are told, and what are none are refused at their place', async () => {
  const silent = { ...head, acts: ['approve', 'return'] }
  expect((await go({ head: { say: 'refuse' } }, [silent, office])).obstacles).toEqual([expect.stringMatching(/^“科主任审核”：/)])
  expect((await go({ nowhere: { say: 'refuse' } })).obstacles).toEqual(['没有这个步骤：nowhere'])
  const field = async (words: unknown) => {
    const answer = await trying(words as object)
    return [answer.status, answer.json<{ problems: FieldProblem[] }>().problems[0]?.field]
  }
  expect(await field({ head: { say: 'maybe' } })).toEqual([422, 'words.head.say'])
  expect(await field([])).toEqual([422, 'words'])
  expect(await field({ head: { say: 'refuse', lines: [-1] } })).toEqual([422, 'words.head.lines.0'])
})
test('A0819 a case keeps what is said and how it ends, and stops a drawing at which that has changed', async () => {
  const one = { id: 'a', label: '科主任拒绝', applicant: d.person['赵一']!, draft: { days: 9 }, words: { head: { say: 'refuse' } }, ends: 'refused', expect: [{ step: 'head' }] }
  const saved = await d.draw('study.ordinary', [head, office], { tests: [one] })
  expect(saved.json<FlowDesign>().tests).toEqual([one])
  const differences = async () => (await d.admin.call('POST', `${url}/test`, {})).json<FlowTestResult[]>()[0]!.differences
  expect(await differences()).toEqual([])
  await d.draw('study.ordinary', [{ ...office, returnTo: 'applicant' }, head], { tests: [{ ...one, ends: 'returned' }] })
  expect(await differences()).toEqual(['多经过“医务处审核”', '结果应为“退回申请人”，实际是“不通过”'])
  expect((await d.publish('study.ordinary')).status).toBe(422)
  expect((await d.discard('study.ordinary')).status).toBe(200)
}) // prettier-ignore
