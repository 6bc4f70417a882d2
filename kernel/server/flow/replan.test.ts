import { afterEach, beforeEach, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, Filter, TaskPage } from '#model'
import { approve, byRule, flow, headOf, replay, timer, workingDays, type FlowEvent, type Step } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { handleEvents } from '../jobs/outbox.ts'
import { runDue } from './due.ts'
import { ordinary, studyModule, visaService } from './testing.ts'

let h: TestHospital
let applicant = ''
let decider = ''
beforeEach(() => begin(ordinary.steps))
/** A hospital whose 进修审批 goes these steps, on the last afternoon of the year. */
async function begin(steps: readonly Step<Filter>[]) {
  const flows = studyModule.flows!.map((one) =>
    one.name === 'study.ordinary' ? flow('study.ordinary', { label: '进修审批', steps }) : one,
  )
  const defs = productDefinitions([{ ...studyModule, flows }])
  h = await hospital({ defs, services: [visaService], at: '2026-12-31T16:00:00+08:00' })
  applicant = await h.person('赵一')
  decider = await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  await h.person('李院长', { unit: '院部', post: 'head' })
}
afterEach(() => h[Symbol.asyncDispose]())

async function apply(): Promise<string> {
  const draft = { applicant, topic: '腔镜进修', place: '协和', days: 30, begins: '2027-03-01' }
  const answer = await (await h.signIn(applicant)).call('POST', '/api/flows/submit/study.application', { draft, actId: newId() })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<{ instance: string }>().instance
}
const shown = (at: string) => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
const stages = async (instance: string) =>
  (await h.kernel.db.query<{ at: string }>(`SELECT at FROM kernel.flow_due WHERE instance = $1 ORDER BY at`, [instance])).map(({ at }) =>
    shown(at),
  )
async function where(instance: string) {
  // Days pass between the steps of a story: a session does not last so long.
  const head = await h.signIn(decider)
  const { path } = (await head.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  const step = path.find((one) => one.key === 'head')!
  const row = (await head.call('GET', '/api/tasks?view=open')).json<TaskPage>().rows.find((one) => one.instance === instance)!
  return { path: [shown(step.due!), step.provisional ?? false], row: [shown(row.due!), row.provisional], stages: await stages(instance) }
}
const enterYear = () =>
  h.create('clock.holidayYear', {
    year: 2027,
    source: '国务院办公厅关于2027年部分节假日安排的通知',
    days: [{ name: '元旦', kind: 'off', from: '2027-01-01', to: '2027-01-03' }],
  })
const settled = async () => {
  while (await handleEvents(h.kernel));
}

test('S13 holidays announced later move what is open, on the path, in the to-do and in what will happen by itself', async () => {
  const instance = await apply()
  await settled()
  // New Year's Day passes for a working day as long as nobody knows better, and says so.
  expect(await where(instance)).toEqual({
    path: ['2027-01-01 16:30', true],
    row: ['2027-01-01 16:30', true],
    stages: ['2027-01-01 14:29', '2027-01-01 16:30'],
  })
  await enterYear()
  await settled()
  expect(await where(instance)).toEqual({
    path: ['2027-01-04 16:30', false],
    row: ['2027-01-04 16:30', false],
    stages: ['2027-01-04 14:29', '2027-01-04 16:30'],
  })
  const [row] = await h.kernel.db.query<{ state: unknown }>(`SELECT state FROM kernel.flow_instance WHERE id = $1`, [instance])
  const events = await h.kernel.db.query<{ event: FlowEvent }>(`SELECT event FROM kernel.flow_event WHERE instance = $1 ORDER BY seq`, [
    instance,
  ])
  expect(JSON.parse(JSON.stringify(replay(events.map((one) => one.event))))).toEqual(row!.state)
  // The same change told once more moves nothing and says nothing.
  await h.kernel.db.query(`DELETE FROM kernel.event_handled`)
  await h.create('clock.calendar', { name: '东院区', unit: await h.unit('东院区', { kind: 'campus', parent: h.institution }) })
  await settled()
  expect((await h.kernel.db.query(`SELECT 1 FROM kernel.flow_event WHERE instance = $1`, [instance])).length).toBe(events.length)
})

test('S13 what has passed stays passed: no holiday brings a missed moment back', async () => {
  const instance = await apply()
  await settled()
  h.clock.set('2027-01-01T16:35:00+08:00')
  await enterYear()
  await settled()
  expect((await where(instance)).path[0]).toBe('2027-01-01 16:30')
  expect(await stages(instance)).toEqual(['2027-01-01 14:29', '2027-01-01 16:30'])
  while (await runDue(h.kernel));
  const timedOut = () => h.kernel.db.query(`SELECT 1 FROM kernel.flow_event WHERE instance = $1 AND type = 'timedOut'`, [instance])
  expect((await timedOut()).length).toBeGreaterThan(0)
})

test('S13 shorter hours bring a moment nearer, but never before now', async () => {
  await enterYear()
  const instance = await apply()
  await settled()
  expect(await stages(instance)).toEqual(['2027-01-04 14:29', '2027-01-04 16:30'])
  h.clock.set('2027-01-04T13:00:00+08:00')
  // The department worked through New Year, as is entered only now: the eight hours were over long ago.
  await h.create('clock.calendar', {
    name: '骨科',
    unit: await h.unit('骨科'),
    days: [{ from: '2027-01-01', to: '2027-01-03', kind: 'on', reason: '值守' }],
  })
  await settled()
  expect((await where(instance)).path[0]).toBe('2027-01-04 13:00')
  expect(await stages(instance)).toEqual(['2027-01-04 13:00', '2027-01-04 13:00'])
})

test('S13 a rule card that the hospital tightens moves the limit that refers to it, where nothing else would happen as well', async () => {
  await h[Symbol.asyncDispose]()
  await begin([approve('head', '科主任审核', { by: headOf('department'), limit: byRule('consultation.ordinary') })])
  const instance = await apply()
  await settled()
  expect(await where(instance)).toMatchObject({ path: ['2027-01-01 16:00', false], stages: [] })
  const hours = { name: 'ordinary', label: '普通会诊完成', order: 'max', amount: '12', unit: 'hours' }
  await h.create('rules.card', { key: 'consultation', label: '会诊时限', layer: 'hospital', document: '本院会诊管理规定', certainty: 'A', from: '2026-06-01', values: [hours] }) // prettier-ignore
  await settled()
  expect(await where(instance)).toEqual({ path: ['2027-01-01 04:00', false], row: ['2027-01-01 04:00', false], stages: [] })
})

test('S13 a timer waits for the day that the announced holidays make of it', async () => {
  await h[Symbol.asyncDispose]()
  await begin([timer('notice', '公示', workingDays(1)), approve('head', '科主任审核', { by: headOf('department') })])
  const instance = await apply()
  await settled()
  const [before] = await stages(instance)
  expect(before).toMatch(/^2027-01-01 /)
  await enterYear()
  await settled()
  const [after, ...others] = await stages(instance)
  expect([after, others]).toEqual([before!.replace('2027-01-01', '2027-01-04'), []])
  const open = () => h.kernel.db.query(`SELECT 1 FROM kernel.flow_task WHERE instance = $1 AND step = 'head'`, [instance])
  h.clock.set('2027-01-04T07:00:00+08:00')
  while (await runDue(h.kernel));
  expect(await open()).toEqual([])
  h.clock.set('2027-01-05T07:00:00+08:00')
  while (await runDue(h.kernel));
  expect(await open()).toHaveLength(1)
})
