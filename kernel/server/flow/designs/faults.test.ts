import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlowDesign, FlowProblem } from '#model'
import {
  approve, chosenByApplicant, earlier, fill, group, headOf, office, parallel, people, post, problemAdvice, remind, role, seal, service, timer, upper, when, workingHours,
} from '#kernel/model/flow/index.ts' // prettier-ignore
import { drawingHospital, type DrawingHospital } from '#app/testing/drawing-hospital.ts'

let d: DrawingHospital
beforeAll(async () => void (d = await drawingHospital()))
afterAll(() => d[Symbol.asyncDispose]())

const by = role('medicalOffice')
const step = (options: object = {}, id = 'x') => approve(id, '审核', { by, ...options })
const days = { field: 'days', op: 'gt', value: 90 } as const
const vote = { vote: { quorum: [2, 3], share: { moreThan: [1, 2] }, tie: 'refuse' } } as const
const back = (id: string, more: object = {}) => step({ returnTo: { step: id }, ...more }, 'y')
const items = { items: { rows: 'topic', narrow: 'kind' } }
type Drawn = { flow?: string; steps?: readonly object[]; more?: object; at: string }
const admission = { id: 'a', label: '资质', by: { rule: 'no.no', asOf: 'decision' }, fact: 'days', block: 'other.block' }

/** One drawing for every fault, and the place at which it is named. */
const drawings: Record<keyof typeof problemAdvice, Drawn> = {
  noDecider: { steps: [step({ by: [] })], at: 'steps.0' },
  unknownRole: { steps: [step(), step({ by: [by, role('no')] }, 'y')], at: 'steps.1.by.1' },
  unknownPost: { steps: [when(days, [step({ by: [post('no')] })])], at: 'steps.0.then.0.by.0' },
  unknownGroup: { steps: [step({ by: [group('no')] })], at: 'steps.0.by.0' },
  unknownOffice: { steps: [parallel('p', [[step()], [step({ by: [office('no')] }, 'y')]])], at: 'steps.0.branches.1.0.by.0' },
  unknownPerson: { steps: [step({ by: [people(newId())] })], at: 'steps.0.by.0' },
  unknownField: { steps: [step({ mayEdit: ['no'] })], at: 'steps.0' },
  noLabel: { steps: [approve('x', ' ', { by })], at: 'steps.0' },
  noSeal: { steps: [step(), seal('s', '盖章', { by, seal: '' })], at: 'steps.1' },
  unknownService: { steps: [step(), service('s', 'no.no')], at: 'steps.1' },
  unknownEffect: { steps: [step()], more: { effect: 'no.no' }, at: 'effect' },
  unknownRule: { steps: [step({ limit: { rule: 'no.no' } })], at: 'steps.0' },
  unlooked: { steps: [step({ onApplicant: 'pass' })], more: { admissions: [admission] }, at: 'admissions' },
  otherRule: { steps: [step()], more: { admissions: [admission] }, at: 'admissions.0' },
  noItems: { steps: [step({ items: true })], at: 'steps.0' },
  badLimit: { steps: [step({ onTimeout: [remind()] })], at: 'steps.0' },
  badLevel: { steps: [step({ by: [upper(0)] })], at: 'steps.0.by.0' },
  badId: { steps: [step({}, '一')], at: 'steps.0' },
  duplicateId: { steps: [step(), timer('x', '公示', workingHours(8))], at: 'steps.1' },
  badRetry: { steps: [step(), service('s', 'study.visa', { attempts: 0 })], at: 'steps.1' },
  badCondition: { steps: [when({ ...days, value: 'many' }, [step()])], at: 'steps.0' },
  emptyBranch: { steps: [step(), when(days, [])], at: 'steps.1' },
  unreachable: { steps: [when(days, [step(), when(days, [], [step({}, 'y')])])], at: 'steps.0.then.1' },
  notEarlier: { steps: [step({ by: [earlier('y')] }), step({}, 'y')], at: 'steps.0.by.0' },
  siblingBranch: { steps: [parallel('p', [[step()], [back('x')]])], at: 'steps.0.branches.1.0.returnTo' },
  notOnPath: { steps: [when(days, [step()]), back('x')], at: 'steps.1.returnTo' },
  inBranch: { steps: [parallel('p', [[step(), back('x', { items: true })], [step({}, 'z')]])], more: items, at: 'steps.0.branches.0.1.returnTo' },
  incomparable: { steps: [parallel('p', [[step({ items: true })], [step({ items: true }, 'y')]])], more: items, at: 'steps.0' },
  badMode: { steps: [step({ claim: true, mode: 'allOf' })], at: 'steps.0' },
  badVote: { steps: [step({ mode: vote, acts: ['approve', 'return'] })], at: 'steps.0' },
  circle: { steps: [step({ acts: ['return'] })], at: 'steps.0' },
  deadEnd: { steps: [step({ acts: ['copyTo'] })], at: 'steps.0' },
  undecidable: { steps: [fill('x', '填写', { by })], at: 'steps.0' },
  badWords: { steps: [step()], more: { title: '{contact}的申请' }, at: 'title' },
  otherEffect: { flow: 'privileges.application', more: { effect: 'study.none' }, at: 'effect' },
  otherItems: { flow: 'privileges.application', more: { items: { rows: 'items' } }, at: 'items' },
  lostAdmission: { flow: 'privileges.application', more: { admissions: [] }, at: 'admissions' },
} // prettier-ignore

async function prove({ flow = 'study.ordinary', steps, more }: Drawn): Promise<FlowProblem[]> {
  const { definition, revision } = await d.open(flow)
  const drawn = { ...definition, ...(steps ? { steps } : {}), ...more }
  const answer = await d.admin.call('PUT', `/api/flow-designs/${flow}`, { revision, definition: drawn, tests: [] })
  expect(answer.status, answer.text).toBe(200)
  await d.discard(flow)
  return answer.json<FlowDesign>().problems
}

describe('every fault of a drawing', () => {
  test.each(Object.entries(drawings))('%s is named at its step, with what to do', async (code, drawn) => {
    const problems = await prove(drawn)
    const found = problems.filter((one) => one.code === code)
    expect([found.map(({ path }) => path), problems]).toEqual([expect.arrayContaining([drawn.at]), expect.anything()])
    for (const { message, advice } of found) for (const words of [message, advice]) expect(words).toMatch(/[\u4e00-\u9fff]{4}/)
  })
  test('that the program can find has its advice, and no advice is for nothing', () => {
    const folder = join(import.meta.dirname, '../../../model/flow')
    const sources = readdirSync(folder).filter((name) => /^prove.*\.ts$/.test(name) && !name.endsWith('.test.ts')).map((name) => readFileSync(join(folder, name), 'utf8')) // prettier-ignore
    const told = new Set(sources.flatMap((text) => [...text.matchAll(/'([a-z]+[A-Za-z]*)'/g)].map(([, word]) => word!)))
    const { badWords: _, ...proved } = problemAdvice
    expect(Object.keys(proved).filter((code) => !told.has(code))).toEqual([])
  })
  test('is found in what a step names, not in what it does not: a right drawing has none', async () => {
    const steps = [
      step({ by: [headOf('department'), post('head', 'department'), office('medicalOffice', 'department'), chosenByApplicant(by, 2)], mayEdit: ['days'], limit: workingHours(8) }),
      when({ or: [days, { field: 'kind', op: 'in', value: ['abroad'] }, { not: { field: 'begins', op: 'lt', value: { today: 30 } } }] }, [step({ by: [people(d.person['周干事']!)] }, 'y')]),
    ] // prettier-ignore
    expect(await prove({ steps, at: '' })).toEqual([])
  })
  test('of a branching that nobody has set is named, whatever its condition is empty of, and whatever the flow decides on', async () => {
    const left = step({}, 'y')
    for (const condition of [{ and: [] }, { or: [] }, { not: { and: [] } }, { and: [{ or: [] }] }])
      for (const flow of ['study.ordinary', 'study.money'])
        expect(await prove({ flow, steps: [step(), when(condition, [left])], at: '' })).toEqual([
          { path: 'steps.1', code: 'badCondition', message: '还没有设置条件', advice: problemAdvice.badCondition },
        ])
  })
  test('of a condition is said in words: a field that is not there, a comparison it cannot be put to, a value it cannot have', async () => {
    const said = async (condition: object) => (await prove({ steps: [when(condition, [step()])], at: '' })).map(({ message }) => message)
    expect(await said({ field: 'no', op: 'eq', value: 1 })).toEqual(['没有这个字段：no'])
    expect(await said({ field: 'applicant.unit', op: 'eq', value: newId() })).toEqual(['没有这个字段：applicant.unit'])
    expect(await said({ field: 'days', op: 'contains', value: '9' })).toEqual(['“天数”不能这样比较'])
    expect(await said({ field: 'kind', op: 'eq', value: 'elsewhere' })).toEqual(['“类别”没有这样的值'])
    expect(await said({ field: 'days', op: 'gt' })).toEqual(['“天数”没有填写比较的值'])
    expect(await said({ field: 'applicant', op: 'eq', value: { my: 'person' } })).toEqual([
      '“申请人”不能与“我”比较：条件由系统判断，不知道是谁在看',
    ])
    expect(await said({ some: 'topic', where: days })).toEqual(['“进修内容”不是明细'])
  })
})
