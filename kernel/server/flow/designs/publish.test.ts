import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditItem, FieldProblem, Filter, FlowApiAnswer, FlowDesign, FlowDesignItem, FlowDifference, FlowPublishPreview, FlowTestCase, FlowVersionItem } from '#model' // prettier-ignore
import { is } from '#model'
import { approve, headOf, people, role, type Flow } from '#kernel/model/flow/index.ts'
import { drawingHospital, study, type DrawingHospital } from '#app/testing/drawing-hospital.ts'
import { productDefinitions } from '#app/definitions.ts'
import { openHouse, type House } from '#app/house.ts'
import { newActId } from '#app/testing/hospital.ts'
import { watchChanges } from '../../jobs/outbox.ts'
import { currentVersion, flowsInForce } from '../in-force.ts'
import { previewPath } from '../preview.ts'
import { ordinary, studyModule, visaService } from '../testing.ts'
import { listDesigns } from './list.ts'

let d: DrawingHospital
const flow = 'study.ordinary'
const url = `/api/flow-designs/${flow}`
const closing: (() => Promise<void>)[] = []
beforeAll(async () => void (d = await drawingHospital()))
afterAll(async () => {
  for (const close of closing) await close()
  await d[Symbol.asyncDispose]()
})

const head = approve('head', '科主任审核', { by: headOf('department') })
const office = approve('office', '医务处审核', { by: role('medicalOffice') })
const versions = async () => (await d.admin.call('GET', `${url}/versions`)).json<FlowVersionItem[]>()
const item = async (name = flow) =>
  (await d.admin.call('GET', '/api/flow-designs')).json<FlowDesignItem[]>().find((one) => one.flow === name)!
const problemsIn = (answer: { json<T>(): T }) => answer.json<{ problems: FieldProblem[] }>().problems
const rollBack = async (version: number | 'program', seen?: number) =>
  d.admin.call('POST', `${url}/roll-back`, { version, seen: seen ?? (await item()).version, note: '恢复' })
const steps = async (instance: string) =>
  (await d.approval('赵一', instance)).path.flatMap(({ key, kind }) => (kind === 'approve' ? [key] : []))

/** The product with another definition of one of its flows. */
const withFlow = (changed: Flow<Filter>) =>
  productDefinitions([{ ...studyModule, flows: studyModule.flows!.map((one) => (one.name === changed.name ? changed : one)) }])
/** Another process over the same database, perhaps of another version of the product. */
async function another(defs = study()): Promise<House> {
  const { h } = d
  const house = await openHouse({ appUrl: h.database.appUrl, dataFolder: h.dataFolder, defs, clock: h.clock, poolSize: 3, services: [visaService], profile: h.kernel.protection.profile }) // prettier-ignore
  closing.push(() => house.close())
  return house
}

describe('publishing', () => {
  test('what is asked for from now on goes the new way, what runs goes on as it began, and going back is a new version', async () => {
    const old = await d.apply()
    expect((await d.draw(flow, [head, office])).status).toBe(200)
    const preview = (await d.admin.call('GET', `${url}/preview`)).json<FlowPublishPreview>()
    expect([preview.problems, preview.tests, preview.running]).toEqual([[], [], 1])
    expect(preview.differences.map(({ words }) => words)).toEqual(expect.arrayContaining(['移到“科主任审核”之后', '去掉知会：申请人']))
    const published = await d.publish(flow, '试行两级审批')
    expect([published.status, published.json<FlowDesignItem>()]).toEqual([
      200,
      expect.objectContaining({ from: 'hospital', version: 2, publishedBy: '管理员', draft: null, running: 1, programChanged: false }),
    ])
    expect(await d.open(flow)).toMatchObject({ revision: 0, base: 2, definition: { steps: [{ id: 'head' }, { id: 'office' }] } })
    const fresh = await d.apply()
    expect([await steps(old), await steps(fresh)]).toEqual([['head'], ['head', 'office']].map((one) => expect.arrayContaining(one)))
    expect((await d.act('孙主任', old, 'approve')).status).toBe(200)
    expect((await d.approval('赵一', old)).status).toBe('approved')
    expect((await d.act('孙主任', fresh, 'approve')).status).toBe(200)
    expect((await d.approval('赵一', fresh)).status).toBe('running')
    expect((await d.approval('周干事', fresh)).my.task?.step).toBe('office')

    expect((await rollBack(2)).status).toBe(400)
    expect((await rollBack(99)).status).toBe(404)
    const back = await rollBack('program')
    expect([back.status, back.json<FlowDesignItem>()]).toEqual([200, expect.objectContaining({ from: 'program', version: 3 })])
    expect(await steps(await d.apply())).toEqual(await steps(old))
    expect((await rollBack('program')).status).toBe(400)
    expect((await rollBack(2)).json<FlowDesignItem>()).toMatchObject({ from: 'hospital', version: 4 })
    const again = await d.apply()
    expect(await steps(again)).toEqual(['head', 'office'])
    expect((await d.act('周干事', fresh, 'approve')).status).toBe(200)
    expect((await d.approval('赵一', fresh)).status).toBe('approved')
    expect((await versions()).map(({ version, from, note, by, inForce, running }) => [version, from, note, by, inForce, running])).toEqual([
      [4, 'hospital', '恢复', '管理员', true, 1],
      [3, 'program', '恢复', '管理员', false, 1],
      [2, 'hospital', '试行两级审批', '管理员', false, 0],
      [1, 'program', '', null, false, 0],
    ])
    const between = async (from: string, to: string) => (await d.admin.call('GET', `${url}/difference?from=${from}&to=${to}`)).json<FlowDifference[]>()
    expect(await between('2', '4')).toEqual([])
    expect(await between('program', '3')).toEqual([])
    expect((await between('1', '2')).length).toBeGreaterThan(0)
    for (const [from, to, status] of [['1', 'draft', 404], ['1', '99', 404], ['0', '1', 400], ['1', 'x', 400]] as const)
      expect((await d.admin.call('GET', `${url}/difference?from=${from}&to=${to}`)).status).toBe(status)
  }) // prettier-ignore
  test('is audited with its differences in words', async () => {
    const rows = await d.h.kernel.db.query<{ detail: { version: number; differences: string[] } }>(
      `SELECT detail FROM kernel.audit_entry WHERE act = 'flow.publish' ORDER BY seq`,
    )
    expect(rows[0]!.detail).toMatchObject({ flow, version: 2, note: '试行两级审批' })
    expect(rows[0]!.detail.differences).toContain('知会：去掉知会：申请人')
    const auditor = await d.h.signIn(await d.h.person('吴审计', { unit: '审计处', roles: ['auditOfficer'] }))
    const page = (await auditor.call('GET', '/api/audit')).json<{ rows: AuditItem[] }>()
    expect(page.rows.some(({ actLabel }) => actLabel === '发布流程')).toBe(true)
  })
  test('is refused while a fault stands, each named with what to do, and without a reason', async () => {
    await d.draw(flow, [
      { ...head, by: [role('nobody')] },
      { ...office, limit: { unit: 'days', amount: 0.5 } },
    ])
    const refused = await d.publish(flow)
    expect([refused.status, problemsIn(refused)]).toEqual([
      422,
      [
        { field: 'definition.steps.0.by.0', message: expect.stringMatching(/^没有这个角色：nobody。从列表中另选/) },
        { field: 'definition.steps.1', message: expect.stringMatching(/^天数须为整数。/) },
      ],
    ])
    expect(problemsIn(await d.publish(flow, ' '))).toEqual([{ field: 'note', message: '请填写说明' }])
    expect((await item()).version).toBe(4)
  })
  test('is refused while a case fails, each named', async () => {
    const way = (id: string, label: string, days: number, expected: FlowTestCase['expect']): FlowTestCase => ({ id, label, applicant: d.person['赵一']!, draft: { days }, expect: expected }) // prettier-ignore
    const tests = [
      way('short', '十天', 10, [{ step: 'head', people: [d.person['孙主任']!] }]),
      way('long', '百天', 100, [{ step: 'head' }, { step: 'office', people: [d.person['孙主任']!] }]),
    ]
    const saved = await d.draw(flow, ordinary.steps, { tests })
    expect([saved.status, saved.json<FlowDesign>().problems]).toEqual([200, []])
    const refused = await d.publish(flow)
    expect([refused.status, problemsIn(refused)]).toEqual([
      422,
      [{ field: 'tests.long', message: '用例“百天”没有通过：“医务处审核”应由 孙主任 办理，实际是 周干事' }],
    ])
    const preview = (await d.admin.call('GET', `${url}/preview`)).json<FlowPublishPreview>()
    expect(preview.tests.map(({ id, passed }) => [id, passed])).toEqual([['short', true], ['long', false]]) // prettier-ignore
    await d.draw(flow, ordinary.steps, { tests: [tests[0], { ...tests[1], expect: [{ step: 'head' }, { step: 'office', people: [d.person['周干事']!] }] }] })
    expect((await d.publish(flow)).status).toBe(200)
    // They stay with the version, and hold the next draft to it.
    expect((await d.open(flow)).tests.map(({ id }) => id)).toEqual(['short', 'long'])
    await d.draw(flow, [office, head])
    expect(problemsIn(await d.publish(flow)).map(({ field }) => field)).toEqual(['tests.short', 'tests.long'])
    await d.discard(flow)
  }) // prettier-ignore
  test('by two at once happens once; the other is told', async () => {
    await d.draw(flow, [head, office], { tests: [] })
    const { revision } = await d.open(flow)
    const before = (await versions()).length
    const answers = await Promise.all([1, 2, 3].map(() => d.admin.call('POST', `${url}/publish`, { revision, note: '同时' })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
    expect((await versions()).length).toBe(before + 1)
    expect((await d.publish(flow)).status).toBe(409)
  })
  test('publishes what was previewed, or nothing', async () => {
    await d.draw(flow, [head], { tests: [] })
    const { revision } = (await d.admin.call('GET', `${url}/preview`)).json<FlowPublishPreview>()
    await d.draw(flow, [office], { tests: [] })
    expect((await d.admin.call('POST', `${url}/publish`, { revision, note: '看过的' })).status).toBe(409)
    await d.discard(flow)
  })
})

describe('going back', () => {
  test('happens once of two at once, and never over what was published after one looked', async () => {
    const seen = (await item()).version!
    const [old] = (await versions()).filter(({ inForce }) => !inForce)
    const both = await Promise.all([rollBack(old!.version, seen), rollBack(old!.version, seen)])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    await d.draw(flow, [office, head], { tests: [] })
    expect((await d.publish(flow, '刚刚发布')).status).toBe(200)
    const stale = await rollBack('program', seen + 1)
    expect([stale.status, stale.json<{ title: string }>().title]).toEqual([409, `第 ${seen + 2} 版刚刚生效，请核对后再决定是否回退`])
    expect((await d.open(flow)).definition.steps.map((one) => 'id' in one && one.id)).toEqual(['office', 'head'])
  })
  test('happens once also where nobody has drawn anything yet', async () => {
    const money = 'study.money'
    const { version } = await currentVersion(d.h.kernel, await d.h.system(), money)
    const text = JSON.stringify({ ...(await d.open(money)).definition, label: '从前的经费变更' })
    await d.h.kernel.db.query(`INSERT INTO kernel.flow_definition (name, version, hash, definition, at) VALUES ($1, $2, 'old', $3::jsonb, now())`, [money, version + 1, text]) // prettier-ignore
    const seen = (await currentVersion(d.h.kernel, await d.h.system(), money)).version
    const back = () => d.admin.call('POST', `/api/flow-designs/${money}/roll-back`, { version: version + 1, seen, note: '恢复' })
    const both = await Promise.all([back(), back()])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect((await item(money)).label).toBe('从前的经费变更')
    const again = await d.admin.call('POST', `/api/flow-designs/${money}/roll-back`, { version: 'program', seen: seen + 1, note: '恢复' })
    expect(again.status, again.text).toBe(200)
  })
  test('goes back to the cases of that version, too; a draft that stands keeps its own', async () => {
    const before = (await item()).version!
    const oneCase = { id: 'later', label: '后来的用例', applicant: d.person['赵一']!, draft: { days: 10 }, expect: [{ step: 'head' }] }
    await d.draw(flow, [head], { tests: [oneCase] })
    expect((await d.publish(flow)).status).toBe(200)
    expect((await rollBack(before)).status).toBe(200)
    expect((await d.open(flow)).tests).toEqual([])
    await d.draw(flow, [head], { tests: [oneCase] })
    expect((await rollBack(before + 1)).status).toBe(200)
    await d.draw(flow, [head], { tests: [] })
    expect((await rollBack(before)).status).toBe(200)
    expect((await d.open(flow)).tests).toEqual([])
    expect((await d.discard(flow)).status).toBe(200)
    expect((await d.open(flow)).tests).toEqual([])
  })
})

describe('a flow of the hospital’s own', () => {
  const bind = (type: string, name: string) =>
    d.admin.call('PUT', `/api/flow-bindings/${type}/new`, { bindings: [{ label: '其余', filter: is(type === 'study.application' ? 'applicant' : 'practitioner', d.person['赵一']!), flow: name, enabled: true }] }) // prettier-ignore
  const own = async (resource: string) =>
    (await d.admin.call('POST', '/api/flow-designs', { resource, label: '本院流程' })).json<FlowDesign>().flow
  test('is bound only to types whose fields it names and whose approvals it brings into force, and only once it is published', async () => {
    const study = await own('study.application')
    await d.draw(study, [{ ...office, mayEdit: ['budget'] }])
    expect(problemsIn(await bind('study.application', study))).toEqual([{ field: '0.flow', message: '请选择流程' }])
    expect((await d.publish(study)).status).toBe(200)
    expect((await bind('study.application', study)).status).toBe(200)
    expect(problemsIn(await bind('privileges.application', study))[0]!.message).toBe(
      '“本院流程”不能用于“手术授权申请”：没有这个字段：budget',
    )
    const granting = await own('privileges.application')
    await d.draw(granting, [{ ...office, items: true }])
    const { definition, revision } = await d.open(granting)
    const { effect: _, ...rest } = definition
    await d.admin.call('PUT', `/api/flow-designs/${granting}`, { revision, definition: rest, tests: [] })
    expect((await d.publish(granting)).status).toBe(200)
    expect(problemsIn(await bind('privileges.application', granting))[0]!.message).toContain('批准后的处理与')
    await d.draw(granting, definition.steps, { definition })
    expect((await d.publish(granting)).status).toBe(200)
    const bound = await bind('privileges.application', granting)
    expect(bound.status, bound.text).toBe(200)
    await d.admin.call('PUT', '/api/flow-bindings/study.application/new', { bindings: [] })
  })
})

test('another program decides in a flow of the hospital’s own with its right to the one that the type declares, and with no other', async () => {
  const { flow: own } = (await d.admin.call('POST', '/api/flow-designs', { resource: 'study.application', label: '接口进修' })).json<FlowDesign>() // prettier-ignore
  await d.draw(own, [office])
  expect((await d.publish(own)).status).toBe(200)
  const binding = { label: '国外', filter: is('kind', 'abroad'), flow: own, enabled: true }
  expect((await d.admin.call('PUT', '/api/flow-bindings/study.application/new', { bindings: [binding] })).status).toBe(200)
  const number = async (name: string) => (await d.h.kernel.directory()).people.get(d.person[name]!)!.staffNumber
  const [program, stranger] = [await d.h.client('外事系统', ['flows.start:study.ordinary', 'flows.act:study.ordinary']), await d.h.client('别的系统', ['flows.act:study.money'])] // prettier-ignore
  const draft = { topic: '访学', place: '境外医院', kind: 'abroad', days: 30 }
  const started = await program('POST', '/api/flow-api/study.ordinary', { actId: newActId(), applicant: await number('赵一'), draft })
  expect(started.status, started.text).toBe(201)
  const { instance } = started.json<{ instance: string }>()
  const seen = (await program('GET', `/api/flow-api/instances/${instance}`)).json<FlowApiAnswer>()
  expect([seen.flow, seen.waitsFor.map(({ name }) => name)]).toEqual([own, ['周干事']])
  const decision = { actId: newActId(), person: await number('周干事'), kind: 'approve', task: seen.waitsFor[0]!.tasks[0]!.task, seenVersion: seen.version } // prettier-ignore
  expect((await stranger('POST', `/api/flow-api/instances/${instance}/acts`, decision)).status).toBe(403)
  const decided = await program('POST', `/api/flow-api/instances/${instance}/acts`, decision)
  expect([decided.status, decided.json<{ status: string }>().status]).toEqual([200, 'approved'])
  await d.admin.call('PUT', '/api/flow-bindings/study.application/new', { bindings: [] })
})

describe('another process', () => {
  test('that wants the same number for another version takes the next one, and never another’s text for its own', async () => {
    const money = studyModule.flows!.find(({ name }) => name === 'study.money')!
    const later = await another(withFlow({ ...money, label: '经费变更审批（新）' }))
    const ctx = await later.kernel.context({ kind: 'system', reason: '测试' }, 'test')
    const { version } = await currentVersion(d.h.kernel, await d.h.system(), money.name)
    const { asked } = await d.h.kernel.db.transaction(async (tx) => {
      await tx.query(`INSERT INTO kernel.flow_definition (name, version, hash, definition, at) SELECT name, version + 1, 'x', definition, at FROM kernel.flow_definition WHERE name = $1 AND version = $2`, [money.name, version])
      const begun = currentVersion(later.kernel, ctx, money.name)
      const waiting = () => d.h.kernel.db.once(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO kernel.flow_definition%'`)
      await expect.poll(async () => (await waiting()).length).toBe(1)
      return { asked: begun }
    })
    expect(await asked).toMatchObject({ version: version + 2, definition: { label: '经费变更审批（新）' } })
  }) // prettier-ignore
  test('begins requests under what was published here at once, and knows its name within a moment', async () => {
    const [told, untold] = [await another(), await another()]
    closing.unshift(await watchChanges(told.kernel))
    const labels = async ({ kernel }: House) => [...(await flowsInForce(kernel)).values()].map(({ label }) => label)
    for (const process of [told, untold]) expect(await labels(process)).not.toContain('本院进修')
    const { flow: own } = (await d.admin.call('POST', '/api/flow-designs', { resource: 'study.application', label: '本院进修' })).json<FlowDesign>()
    await d.draw(own, [office])
    expect((await d.publish(own)).status).toBe(200)
    const binding = { label: '国内', filter: is('kind', 'domestic'), flow: own, enabled: true }
    const bound = await d.admin.call('PUT', '/api/flow-bindings/study.application/new', { bindings: [binding] })
    expect(bound.status, bound.text).toBe(200)
    // Whatever a process has in memory, what it begins asks the database.
    const asked = { kind: 'person', person: d.person['赵一']!, account: '', name: '赵一', roles: [] } as const
    const ctx = await untold.kernel.context(asked, 'test')
    const { path } = await previewPath(untold.kernel, ctx, 'study.application', { kind: 'domestic', days: 3 })
    expect(path.map(({ key }) => key)).toEqual(['start', 'office'])
    await expect.poll(() => labels(told)).toContain('本院进修')
    const instance = await d.apply()
    expect((await d.approval('周干事', instance)).label).toBe('本院进修')
    expect(await item(own)).toMatchObject({ from: 'hospital', version: 1, running: 1, programChanged: false })
    expect((await d.admin.call('GET', '/api/flows')).json<{ name: string }[]>().map(({ name }) => name)).toContain(own)
    expect((await d.discard(own)).status).toBe(404)
    await d.admin.call('PUT', '/api/flow-bindings/study.application/new', { bindings: [] })
  }) // prettier-ignore
  test('of a later version of the product leaves the hospital’s in force, and says that the product’s own has changed', async () => {
    expect(await item()).toMatchObject({ from: 'hospital', programChanged: false })
    const newer = { ...ordinary, steps: [approve('dean', '院领导审批', { by: role('hospitalLeader') }), ...ordinary.steps] }
    const later = await another(withFlow(newer))
    const seen = (await listDesigns(later.kernel, await later.kernel.context({ kind: 'system', reason: '测试' }, 'test'))).find((one) => one.flow === flow)! // prettier-ignore
    expect(seen).toMatchObject({ from: 'hospital', programChanged: true, version: (await item()).version })
  })
  test('and one person in place of another holds in what the hospital published, too', async () => {
    await d.draw(flow, [{ ...head, by: [people(d.person['孙主任']!)] }])
    expect((await d.publish(flow)).status).toBe(200)
    const { version } = await item()
    const moved = await d.admin.call('POST', '/api/flow-replacements', { from: d.person['孙主任'], to: d.person['周干事'], reason: '调离' })
    expect(moved.status, moved.text).toBe(200)
    expect(await item()).toMatchObject({ from: 'hospital', version: version! + 1 })
    const instance = await d.apply()
    expect((await d.approval('周干事', instance)).my.task?.step).toBe('head')
  })
})
