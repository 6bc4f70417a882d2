import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { is, type FieldProblem, type Filter, type FlowDesign, type FlowDesignItem, type FlowFile } from '#model'
import { approve, flow, headOf, people, role } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { drawingHospital, type DrawingHospital } from '#app/testing/drawing-hospital.ts'
import { studyModule } from '../testing.ts'

let d: DrawingHospital
beforeAll(async () => void (d = await drawingHospital()))
afterAll(() => d[Symbol.asyncDispose]())

const list = async () => (await d.admin.call('GET', '/api/flow-designs')).json<FlowDesignItem[]>()
const item = async (flow: string) => (await list()).find((one) => one.flow === flow)
const discard = (flow: string) => d.discard(flow)
const problemsIn = (answer: { json<T>(): T }) => answer.json<{ problems: FieldProblem[] }>().problems
const head = approve('head', '科主任审核', { by: headOf('department') })

describe('every flow of the product', () => {
  test('is listed without anything being stored for it', async () => {
    const stored = async () => (await d.h.kernel.db.query(`SELECT name FROM kernel.flow_definition`)).length
    const before = await stored()
    expect((await item('study.money'))!.version).toBe(1)
    expect([before, await stored()]).toEqual([0, 0])
  })
  test('opens in the designer without a fault', async () => {
    for (const { flow } of await list()) {
      const design = await d.open(flow)
      expect([flow, design.problems, design.revision]).toEqual([flow, [], 0])
    }
  })
  test('finds every rule that its admissions look at among those that are offered, also one that gives no stretch of time', async () => {
    const { definition, names } = await d.open('privileges.application')
    const asked = (definition.admissions ?? []).flatMap(({ by, explain, block }) =>
      [by.rule, explain, block].filter((rule) => rule !== undefined),
    )
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((rule) => !names.ruleValues.some(({ name }) => name === rule))).toEqual([])
    expect(names.ruleValues.length).toBeGreaterThan(names.rules.length)
  })
  test('is read back as it is, when it comes from outside', async () => {
    for (const flow of d.h.kernel.defs.flows.keys()) {
      const { definition } = await d.open(flow)
      const saved = await d.admin.call('PUT', `/api/flow-designs/${flow}`, { revision: 0, definition, tests: [] })
      expect([flow, saved.status, saved.json<FlowDesign>().definition]).toEqual([flow, 200, definition])
      expect((await discard(flow)).status).toBe(200)
    }
  })
})

describe('a draft', () => {
  test('is kept with its faults, each with what to do, and changes nothing that is in force', async () => {
    const saved = await d.draw('study.ordinary', [{ ...head, by: [role('nobody'), people(newId())] }])
    expect(saved.status, saved.text).toBe(200)
    expect(saved.json<FlowDesign>().problems.map(({ path, code, advice }) => [path, code, advice.length > 5])).toEqual([
      ['steps.0.by.0', 'unknownRole', true],
      ['steps.0.by.1', 'unknownPerson', true],
    ])
    expect(await item('study.ordinary')).toMatchObject({
      from: 'program',
      version: 1,
      draft: { revision: expect.any(Number), by: '管理员' },
    })
    const instance = await d.apply()
    expect((await d.approval('孙主任', instance)).my.task?.step).toBe('head')
    expect((await discard('study.ordinary')).status).toBe(200)
    expect(await item('study.ordinary')).toMatchObject({ draft: null })
  })
  test('that somebody else has saved meanwhile is not written over, also when it was thrown away and begun anew', async () => {
    const { definition } = await d.open('study.money')
    const save = (revision: unknown, label: string) => d.admin.call('PUT', '/api/flow-designs/study.money', { revision, definition, tests: [], label })
    const first = (await save(0, '一')).json<FlowDesign>().revision
    const [one, other] = await Promise.all([save(first, '二'), save(first, '三')])
    expect(new Set([one.status, other.status])).toEqual(new Set([200, 409]))
    const refused = one.status === 409 ? one : other
    expect(refused.json<{ current: { revision: number } }>().current.revision).toBe(first + 1)
    await discard('study.money')
    for (const stale of [first, first + 1, 99, '0', null, undefined]) expect((await save(stale, '旧')).status).toBe(409)
    const again = (await save(0, '四')).json<FlowDesign>()
    expect(again.revision).toBeGreaterThan(first + 1)
    expect(again.definition.label).toBe('四')
    expect((await save(first + 1, '旧')).status).toBe(409)
    await discard('study.money')
  }) // prettier-ignore
  test('that somebody else has saved meanwhile is not thrown away either', async () => {
    const { definition } = await d.open('study.money')
    const save = async (revision: number, label: string) =>
      (await d.admin.call('PUT', '/api/flow-designs/study.money', { revision, definition, tests: [], label })).json<FlowDesign>()
    const seen = await save(0, '我看到的')
    const theirs = await save(seen.revision, '对方刚保存的')
    const gone = (revision: unknown) => d.admin.call('DELETE', `/api/flow-designs/study.money/draft?revision=${String(revision)}`)
    for (const stale of [seen.revision, 0, 'x', '']) expect((await gone(stale)).status).toBe(409)
    expect((await gone(seen.revision)).json<{ current: { revision: number } }>().current.revision).toBe(theirs.revision)
    expect((await d.open('study.money')).definition.label).toBe('对方刚保存的')
    expect((await gone(theirs.revision)).status).toBe(200)
  })
  test('of a structure that is none is refused with its places', async () => {
    const answer = await d.draw('study.money', [{ ...head, by: [{ kind: 'god' }] } as never])
    expect([answer.status, problemsIn(answer)]).toEqual([422, [{ field: 'definition.steps.0.by.0.kind', message: '不认识的种类' }]])
    const cases = await d.draw('study.money', [head], { tests: [{ id: 'a' }] })
    expect([cases.status, problemsIn(cases)[0]!.field]).toEqual([422, 'tests.0.label'])
    expect((await d.admin.call('GET', '/api/flow-designs/no.such')).status).toBe(404)
    expect((await d.admin.call('PUT', '/api/flow-designs/no.such', { revision: 0, definition: {}, tests: [] })).status).toBe(404)
    expect((await discard('study.money')).status).toBe(404)
  })
  test('is nobody else’s business: without the right every door is shut', async () => {
    const other = await d.as('孙主任')
    expect((await other.call('GET', '/api/flow-designs')).status).toBe(403)
    expect((await other.call('PUT', '/api/flow-designs/study.money', {})).status).toBe(403)
    expect((await other.call('POST', '/api/flow-designs/study.money/publish', {})).status).toBe(403)
  })
})

describe('a flow of the hospital’s own', () => {
  test('begins empty with what the type’s own flow does, or as a copy; thrown away before it was published it is gone', async () => {
    const empty = (await d.admin.call('POST', '/api/flow-designs', { resource: 'privileges.application', label: '简易授权' })).json<FlowDesign>()
    expect(empty).toMatchObject({ resource: 'privileges.application', revision: 1, base: null, definition: { effect: 'privileges.grantItems', steps: [] } })
    expect(empty.problems.map(({ code }) => code)).toEqual(['noDecider'])
    const copy = (await d.admin.call('POST', '/api/flow-designs', { resource: 'study.application', label: '短期进修', copyOf: 'study.ordinary' })).json<FlowDesign>()
    expect(copy.definition).toEqual({ ...(await d.open('study.ordinary')).definition, name: copy.flow, label: '短期进修' })
    expect(await item(copy.flow)).toMatchObject({ label: '短期进修', from: 'hospital', version: null, resources: [{ name: 'study.application', label: '进修申请' }] })
    for (const { flow } of [empty, copy]) expect((await discard(flow)).status).toBe(200)
    expect(await item(copy.flow)).toBeUndefined()
    for (const copyOf of [copy.flow, 'no.such', 1]) expect((await d.admin.call('POST', '/api/flow-designs', { resource: 'study.application', label: '副本', copyOf })).status).toBe(404)
    expect((await d.admin.call('POST', '/api/flow-designs', { resource: 'directory.unit', label: '单位' })).status).toBe(400)
    expect((await d.admin.call('POST', '/api/flow-designs', { resource: 'study.application', label: '' })).status).toBe(422)
  }) // prettier-ignore
  test('as a copy, and as a file, is of what is in force, never of what somebody is still drawing', async () => {
    const before = (await d.open('study.ordinary')).definition
    await d.draw('study.ordinary', [{ ...head, label: '还没画完' }])
    const copy = (await d.admin.call('POST', '/api/flow-designs', { resource: 'study.application', label: '副本', copyOf: 'study.ordinary' })).json<FlowDesign>()
    expect(copy.definition.steps).toEqual(before.steps)
    const exported = (flow: string, of = '') => d.admin.call('GET', `/api/flow-designs/${flow}/export${of}`)
    expect((await exported('study.ordinary')).json<FlowFile>().definition).toEqual(before)
    expect((await exported('study.ordinary', '?of=draft')).json<FlowFile>().definition.steps).toMatchObject([{ label: '还没画完' }])
    for (const flow of ['study.ordinary', copy.flow]) expect((await discard(flow)).status).toBe(200)
    expect([(await exported('study.ordinary', '?of=draft')).status, (await exported('no.such')).status]).toEqual([404, 404])
  }) // prettier-ignore
  test('says so of itself; the product’s cannot be gone back to before the hospital published another', async () => {
    const own = (await d.admin.call('POST', '/api/flow-designs', { resource: 'study.application', label: '本院' })).json<FlowDesign>()
    const seen = [own, await d.open('study.ordinary')].map(({ isOwn, mayReturnToProgram, choices }) => [isOwn, mayReturnToProgram, choices])
    expect(seen).toEqual([[true, false, []], [false, false, []]]) // prettier-ignore
    await discard(own.flow)
  })
  test('may not lose what the product makes of an approval', async () => {
    const { definition, revision } = await d.open('privileges.application')
    const { effect: _, admissions: __, items: ___, ...rest } = definition
    const answer = await d.admin.call('PUT', '/api/flow-designs/privileges.application', { revision, definition: rest, tests: [] })
    const codes = new Set(answer.json<FlowDesign>().problems.map(({ code }) => code))
    expect([...codes]).toEqual(expect.arrayContaining(['otherEffect', 'otherItems', 'lostAdmission']))
    await discard('privileges.application')
  })
})

test('a flow that no type declares is drawn for the one that it is bound to, else for the one that is chosen', async () => {
  const loose = flow<Filter>('study.loose', { label: '通用审批', steps: [head] })
  await using e = await drawingHospital(productDefinitions([{ ...studyModule, flows: [...studyModule.flows!, loose] }]))
  const opened = await e.open('study.loose')
  expect([opened.resource, opened.types]).toEqual(['', []])
  expect(opened.choices).toEqual(expect.arrayContaining([{ name: 'study.application', label: '进修申请' }]))
  const trial = await e.admin.call('POST', '/api/flow-designs/study.loose/simulate', { applicant: e.person['赵一'], draft: {} })
  expect([trial.status, trial.json<{ title: string }>().title]).toEqual([400, '这个流程没有对应的表单，不能试运行'])
  const { revision, definition } = opened
  const save = (resource: string) => e.admin.call('PUT', '/api/flow-designs/study.loose', { revision, definition, tests: [], resource })
  expect((await save('directory.unit')).status).toBe(400)
  const chosen = (await save('privileges.application')).json<FlowDesign>()
  expect([chosen.resource, chosen.choices]).toEqual(['privileges.application', []])
  expect((await e.discard('study.loose')).status).toBe(200)
  expect((await e.open('study.loose')).resource).toBe('privileges.application')

  const bindings = [{ label: '国外', filter: is('kind', 'abroad'), flow: 'study.money', enabled: true }]
  expect((await e.admin.call('PUT', '/api/flow-bindings/study.application/new', { bindings })).status).toBe(200)
  expect((await e.open('study.money')).resource).toBe('study.application')
})

describe('a flow as a file', () => {
  const take = (file: unknown, resource?: string) =>
    d.admin.call('POST', '/api/flow-designs/import', { file, ...(resource ? { resource } : {}) })
  test('comes back as the same definition, here as a draft of the same flow', async () => {
    const answer = await d.admin.call('GET', '/api/flow-designs/study.ordinary/export')
    expect(answer.headers['content-disposition']).toMatch(/^attachment/)
    const file = answer.json<FlowFile>()
    const taken = await take(file)
    expect([taken.status, taken.json<FlowDesign>().flow, taken.json<FlowDesign>().problems]).toEqual([201, 'study.ordinary', []])
    expect(taken.json<FlowDesign>().definition).toEqual(file.definition)
    const again = await take(file)
    expect([again.status, problemsIn(again)[0]!.message]).toEqual([422, '“进修审批”已有草稿，请先发布或放弃'])
    await discard('study.ordinary')
  })
  test('of another hospital becomes a flow of one’s own; what is unknown here is told', async () => {
    const { definition } = await d.open('study.ordinary')
    const steps = [{ ...head, by: [role('theirRole'), people(newId())], mayEdit: ['theirField'] }]
    const file = { format: 'xinglin.flow', version: 1, flow: 'other.flow', resource: 'other.type', definition: { ...definition, steps } }
    const nowhere = await take(file)
    expect([nowhere.status, problemsIn(nowhere)]).toEqual([422, [{ field: 'resource', message: '请选择这个流程用于哪种须经审批的表单' }]])
    const taken = (await take(file, 'study.application')).json<FlowDesign>()
    expect(taken.flow).toMatch(/^custom\.f[0-9a-f]+$/)
    expect(taken.problems.map(({ code }) => code).sort()).toEqual(['unknownField', 'unknownPerson', 'unknownRole'])
    await discard(taken.flow)
  })
  test('that is none is refused', async () => {
    const file = { format: 'xinglin.flow', version: 1, flow: 'study.ordinary', resource: 'study.application', definition: { label: 'x', steps: [{ kind: 'script' }] } }
    expect(problemsIn(await take(file))).toEqual([{ field: 'file.definition.steps.0.kind', message: '不认识的种类' }])
    for (const wrong of [1, [], 'x', { ...file, format: 'x' }, { ...file, more: 1 }, { ...file, version: 2 }, { ...file, flow: 1 }])
      expect([(await take(wrong)).status, problemsIn(await take(wrong))[0]!.field]).toEqual([422, 'file'])
    expect((await d.admin.call('POST', '/api/flow-designs/import', {})).status).toBe(400)
  }) // prettier-ignore
})
