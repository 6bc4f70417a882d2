import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FieldProblem, FlowFile, FlowSimulation, FlowTestResult } from '#model'
import {
  approve,
  earlier,
  headOf,
  notify,
  parallel,
  people,
  role,
  timer,
  upper,
  when,
  workingDays,
  workingHours,
} from '#kernel/model/flow/index.ts'
import { drawingHospital, type DrawingHospital } from '#app/testing/drawing-hospital.ts'

let d: DrawingHospital
beforeAll(async () => void (d = await drawingHospital()))
afterAll(() => d[Symbol.asyncDispose]())

const url = '/api/flow-designs/study.ordinary'
const head = approve('head', '科主任审核', { by: headOf('department'), limit: workingHours(8) })
const office = approve('office', '医务处审核', { by: role('medicalOffice'), mode: 'allOf' })
const tables = ['flow_instance', 'flow_task', 'flow_log', 'flow_definition', 'flow_design', 'outbox', 'message', 'audit_entry', 'history']
const counts = async () => {
  const found: Record<string, unknown> = {}
  for (const table of tables) [found[table]] = await d.h.kernel.db.once(`SELECT count(*) AS n FROM kernel.${table}`)
  return found
}
const trying = (body: object) => d.admin.call('POST', `${url}/simulate`, body)
const go = async (applicant: string, draft: object, steps?: readonly object[]) => {
  const { definition } = await d.open('study.ordinary')
  const answer = await trying({ applicant: d.person[applicant], draft, ...(steps ? { definition: { ...definition, steps } } : {}) })
  expect(answer.status, answer.text).toBe(200)
  return answer.json<FlowSimulation>()
}
const brief = ({ steps }: FlowSimulation) => steps.map(({ step, people: who, passedBy }) => [step, who.map(({ name }) => name).join(), passedBy]) // prettier-ignore

describe('a trial', () => {
  test('tells who would decide for this applicant, by which mode and until when, and writes nothing', async () => {
    const now = await go('赵一', { days: 100 })
    const before = await counts()
    expect(await go('赵一', { days: 100 })).toEqual(now)
    expect(await counts()).toEqual(before)
    expect(now.obstacles).toEqual([])
    expect(now.steps).toEqual([
      expect.objectContaining({ step: 'head', label: '科主任审核', kind: 'approve', mode: '任一人通过即可', passedBy: null, people: [{ id: d.person['孙主任'], name: '孙主任', replaced: null }], due: expect.stringMatching(/^2026-06-1[56] \d\d:\d\d$/) }),
      expect.objectContaining({ step: 'office', mode: '须全部通过', passedBy: null, people: [expect.objectContaining({ name: '周干事' })], due: null }),
      expect.objectContaining({ kind: 'notify', people: [expect.objectContaining({ name: '赵一' })] }),
    ])
    expect(brief(await go('赵一', { days: 9 }))[1]).toEqual(['office', '', '条件不成立，不经过这一步'])
  }) // prettier-ignore
  test('says by which rule somebody stands in for another, is passed over, or cannot be found', async () => {
    const own = await go('孙主任', { days: 9 })
    expect(own.steps[0]!.people).toEqual([{ id: d.person['管理员'], name: '管理员', replaced: '孙主任 申请人本人，改由上级办理' }])
    expect(brief(await go('孙主任', {}, [{ ...head, onApplicant: 'pass' }, office]))).toEqual([
      ['head', '', '孙主任 申请人本人，视为同意'],
      ['office', '周干事', null],
    ])
    expect(brief(await go('赵一', {}, [{ ...head, by: [upper(5)], onNobody: 'skip' }, office]))[0]).toEqual([
      'head',
      '',
      '找不到审批人，跳过这一步',
    ])
    const refused = await go('赵一', {}, [{ ...head, by: [upper(5)], onNobody: 'refuse' }, office])
    expect(refused.obstacles).toEqual(['“科主任审核”找不到审批人，不能提交'])
  })
  test('remembers who has consented before, but not what is said in a branch beside', async () => {
    const boss = people(d.person['周干事']!)
    const again = (id: string, options: object = {}) => approve(id, id, { by: boss, ...options })
    expect(brief(await go('赵一', {}, [office, again('again', { onSamePerson: 'pass' }), again('third', { by: [earlier('office')] })]))).toEqual([
      ['office', '周干事', null],
      ['again', '', '周干事 此前已同意，视为同意'],
      ['third', '周干事', null],
    ])
    const beside = parallel('p', [[again('one')], [again('two', { onSamePerson: 'pass' })]])
    expect(brief(await go('赵一', {}, [beside])).map(([step, who]) => [step, who])).toEqual([['one', '周干事'], ['two', '周干事']])
    const either = { ...head, by: [headOf('department'), boss] }
    expect(brief(await go('赵一', {}, [either, again('again', { onSamePerson: 'pass' })]))[1]).toEqual(['again', '周干事', null])
  }) // prettier-ignore
  test('goes the way of a definition that is not saved yet; what comes after a wait is due later', async () => {
    const steps = [timer('show', '公示', workingDays(5)), when({ field: 'kind', op: 'eq', value: 'abroad' }, [head], [office]), notify(role('medicalOffice'))] // prettier-ignore
    const abroad = await go('赵一', { kind: 'abroad' }, steps)
    expect(brief(abroad)).toEqual([
      ['show', '', null],
      ['head', '孙主任', null],
      ['office', '', '条件不成立，不经过这一步'],
      ['steps.2', '周干事', null],
    ])
    expect(abroad.steps[0]!.due!.slice(0, 10)).toBe('2026-06-23')
    expect(abroad.steps[1]!.due! > abroad.steps[0]!.due!).toBe(true)
    expect(brief(await go('赵一', { kind: 'domestic' }))[0]).toEqual(['head', '孙主任', null])
  })
  test('goes the way of what is in force when that is asked, whatever is being drawn', async () => {
    const { definition, revision } = await d.open('study.ordinary')
    await d.admin.call('PUT', url, { revision, definition: { ...definition, steps: [office] }, tests: [] })
    const counts = (await d.admin.call('GET', `${url}/export`)).json<FlowFile>()
    const trial = { applicant: d.person['赵一'], draft: { days: 9 } }
    const [drawn, counting] = [await trying(trial), await trying({ ...trial, definition: counts.definition })].map((answer) => brief(answer.json<FlowSimulation>())[0]![0]) // prettier-ignore
    expect([drawn, counting]).toEqual(['office', 'head'])
    expect((await d.discard('study.ordinary')).status).toBe(200)
  })
  test('tells what keeps the request from being submitted, and nothing else of a drawing with faults', async () => {
    const { definition } = await d.open('study.ordinary')
    const demanding = { ...definition, start: { sign: false, require: ['place'] } }
    const answer = await trying({ applicant: d.person['赵一'], draft: { nonsense: 1 }, definition: demanding })
    expect(answer.json<FlowSimulation>().obstacles).toEqual(['表单中没有这个字段：nonsense', '提交前须填写“进修单位”'])
    expect(await go('赵一', {}, [{ ...head, by: [] }])).toEqual({ steps: [], obstacles: ['“科主任审核”没有指定审批人'], ends: null })
    const nobody = (await trying({ applicant: newId(), draft: {} })).json<FlowSimulation>()
    expect(nobody.obstacles).toContain('申请人不在岗')
  })
  test('of what is no request is refused at its place', async () => {
    const field = (body: object) => trying(body).then((answer) => [answer.status, answer.json<{ problems: FieldProblem[] }>().problems[0]?.field])
    expect(await field({ applicant: 'li', draft: {} })).toEqual([422, 'applicant'])
    expect(await field({ applicant: d.person['赵一'], draft: [] })).toEqual([422, 'draft'])
    expect(await field({ applicant: d.person['赵一'], draft: {}, definition: { label: 'x' } })).toEqual([422, 'definition.steps'])
    expect(await field({ applicant: d.person['赵一'], draft: { topic: '\u0000' } })).toEqual([422, 'draft'])
    for (const value of [[], {}, { a: { b: 1 } }, 1e308, null, [['x']]])
      expect((await trying({ applicant: d.person['赵一'], draft: { days: value, department: value, kind: value, applicant: value } })).status).toBe(200)
  }) // prettier-ignore
})

describe('cases', () => {
  const run = async (expected: object[], more: object = {}) => {
    const one = { id: 'a', label: '百天', applicant: d.person['赵一'], draft: { days: 100 }, expect: expected, ...more }
    return (await d.admin.call('POST', `${url}/test`, { tests: [one] })).json<FlowTestResult[]>()[0]!.differences
  }
  test('say in words how the way differs from the one it must go', async () => {
    expect(await run([{ step: 'head' }, { step: 'office' }])).toEqual([])
    expect(
      await run([
        { step: 'head', people: [d.person['孙主任']!] },
        { step: 'office', people: [d.person['周干事']!] },
      ]),
    ).toEqual([])
    expect(await run([{ step: 'office' }, { step: 'head' }])).toEqual([
      '顺序不同：应为 医务处审核 → 科主任审核，实际是 科主任审核 → 医务处审核',
    ])
    expect(await run([{ step: 'head', people: [] }])).toEqual(['多经过“医务处审核”', '“科主任审核”应由 无人 办理，实际是 孙主任'])
    expect(await run([{ step: 'head' }, { step: 'office' }, { step: 'gone' }])).toEqual(['没有经过“gone”'])
    expect(await run([{ step: 'head' }, { step: 'office' }], { draft: { days: 1 } })).toEqual(['没有经过“医务处审核”'])
    expect(await run([{ step: 'head' }], { draft: { no: 1 } })).toEqual(['表单中没有这个字段：no'])
  })
  test('fail on a drawing with faults', async () => {
    const { definition } = await d.open('study.ordinary')
    const one = { id: 'a', label: '百天', applicant: d.person['赵一'], draft: {}, expect: [] }
    const broken = { ...definition, steps: [approve('x', '审核', { by: people(newId()) })] }
    expect((await d.admin.call('POST', `${url}/test`, { definition: broken, tests: [one] })).json<FlowTestResult[]>()).toEqual([
      { id: 'a', passed: false, differences: ['流程还有错误，无法试运行'] },
    ])
  })
})
