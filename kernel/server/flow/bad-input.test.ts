import { expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, Filter } from '#model'
import { where } from '#model'
import { approve, flow, group, headOf, role, service, when, type Step } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { dueAt } from '../clock/planning.ts'
import { handleEvents } from '../jobs/outbox.ts'
import { setDeleted } from '../records/deletion.ts'
import { updateRecordOf } from '../records/write.ts'
import { callServices } from './due.ts'
import { studyModule, visa, visaService } from './testing.ts'

/** The product with a 进修审批 of these steps. */
const product = (...steps: Step<Filter>[]) =>
  productDefinitions([
    {
      ...studyModule,
      flows: studyModule.flows!.map((one) =>
        one.name === 'study.ordinary' ? flow<Filter>('study.ordinary', { label: '进修审批', steps }) : one,
      ),
    },
  ])
const head = approve('head', '科主任审核', { by: headOf('department') })

async function begin(...steps: Step<Filter>[]) {
  const h = await hospital({ defs: product(...steps), services: [visaService] })
  const applicant = await h.person('赵一')
  const call = async (person: string, method: string, url: string, body?: unknown) => (await h.signIn(person)).call(method, url, body)
  const draft = { applicant, topic: '腔镜进修', place: '协和', days: 30 }
  const apply = async () => {
    const answer = await call(applicant, 'POST', '/api/flows/submit/study.application', { draft, actId: newId() })
    expect(answer.status, answer.text).toBe(201)
    return answer.json<{ instance: string }>().instance
  }
  const look = async (person: string, instance: string) => (await call(person, 'GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  return { h, applicant, call, apply, look }
}
const asked = async (h: TestHospital, instance: string) =>
  (await h.kernel.db.query<{ person: string }>(`SELECT person FROM kernel.flow_task WHERE instance = $1 AND state = 'open' AND kind = 'decide'`, [instance])).map((one) => one.person) // prettier-ignore
const settled = async (h: TestHospital) => {
  while (await handleEvents(h.kernel));
}

test('a definition with a dead end, an unreachable step, a condition on an unknown field, a circle without exit or a step nobody can decide is refused, its step marked', () => {
  const problem = (...steps: Step<Filter>[]): string => {
    try {
      product(...steps)
    } catch (error) {
      return String(error).split('\n').slice(1).join('\n').trim()
    }
    return 'accepted'
  }
  const step = (options: object, id = 'x') => approve(id, '审批', { by: role('medicalOffice'), ...options })
  const far = where('days', 'gt', 90)
  expect([
    problem(head),
    problem(head, step({ acts: ['copyTo'] })),
    problem(when(far, [head, when(far, [], [step({})])])),
    problem(when(where('gone', 'gt', 90), [head])),
    problem(head, step({ acts: ['return'] })),
    problem(head, step({ by: [] })),
    problem(head, step({ by: role('nobody') })),
  ]).toEqual([
    'accepted',
    'flow study.ordinary: steps.1: “审批”没有任何可以办结的操作',
    'flow study.ordinary: steps.0.then.1: 外层条件已经决定了这里，一侧分支永远走不到',
    'flow study.ordinary: steps.0: 没有这个字段：gone',
    'flow study.ordinary: steps.1: “审批”只能退回，申请永远走不出去',
    'flow study.ordinary: steps.1: “审批”没有指定审批人',
    expect.stringContaining('flow study.ordinary: steps.1.by.0: '),
  ])
})

test('a decider who changes unit in the middle loses the task to whom the unit has now', async () => {
  const { h, apply } = await begin(head)
  await using _ = h
  const ward = await h.unit('骨科')
  const other = await h.unit('眼科')
  const mover = await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  const instance = await apply()
  expect(await asked(h, instance)).toEqual([mover])
  await settled(h)
  const next = await h.person('钱主任')
  const posts = await h.kernel.db.query<{ id: string; version: number; person: string }>(`SELECT id, version, person FROM directory.membership WHERE person = ANY ($1)`, [[mover, next]]) // prettier-ignore
  const change = (person: string, patch: object) => {
    const post = posts.find((one) => one.person === person)!
    return h
      .system()
      .then((ctx) => updateRecordOf(h.kernel, ctx, 'directory.membership', post.id, post.version, patch as never, { system: true }))
  }
  await change(mover, { unit: other })
  await change(next, { unit: ward, post: 'head' })
  await settled(h)
  expect(await asked(h, instance)).toEqual([next])
})

test('a decider who loses the role in the middle is asked no more; the others of the role decide', async () => {
  const { h, apply, call, look } = await begin(approve('office', '医务处审核', { by: role('medicalOffice'), mode: 'allOf' }))
  await using _ = h
  const [zhou, wu] = [await h.person('周干事', { roles: ['medicalOffice'] }), await h.person('吴科长', { roles: ['medicalOffice'] })]
  const instance = await apply()
  expect((await asked(h, instance)).toSorted()).toEqual([zhou, wu].toSorted())
  await settled(h)
  const [held] = await h.kernel.db.query<{ id: string; version: number }>(
    `SELECT id, version FROM directory.role_assignment WHERE person = $1`,
    [wu],
  )
  await setDeleted(h.kernel, await h.system(), 'directory.roleAssignment', held!.id, true, held!.version, { byModule: true })
  await settled(h)
  const { my, version } = await look(zhou, instance)
  const body = { kind: 'approve', actId: newId(), seenVersion: version, task: my.task!.id }
  expect((await call(zhou, 'POST', `/api/approvals/${instance}/acts`, body)).json()['status']).toBe('approved')
})

test('an act on a closed task, twice, and from an old page: 409, in plain Chinese, and nothing is done', async () => {
  const { h, apply, call, look } = await begin(head, approve('office', '医务处审核', { by: role('medicalOffice') }))
  await using _ = h
  const sun = await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  const office = await h.person('周干事', { roles: ['medicalOffice'] })
  const instance = await apply()
  const { my, version } = await look(sun, instance)
  const body = { kind: 'approve', actId: newId(), seenVersion: version, task: my.task!.id }
  const act = (person: string, more: object = {}) => call(person, 'POST', `/api/approvals/${instance}/acts`, { ...body, ...more })
  const old = await act(sun, { seenVersion: version + 1 })
  expect([old.status, old.json()['title']]).toEqual([409, '内容在您查看之后已被修改，请核对差异后再操作'])
  expect([(await act(sun)).status, (await act(sun)).status]).toEqual([200, 200])
  const events = () => h.kernel.db.query(`SELECT 1 FROM kernel.flow_event WHERE instance = $1`, [instance])
  const before = (await events()).length
  const closed = await act(sun, { actId: newId() })
  expect([closed.status, closed.json()['title']]).toEqual([409, '这条待办已经结束，可能已由他人处理'])
  const foreign = await act(office, { actId: newId() })
  expect(foreign.status).toBe(409)
  expect((await events()).length).toBe(before)
})

test('a service step that fails five times waits for repair with its cause, and undoes nothing', async () => {
  const { h, apply, call, look, applicant } = await begin(head, service('visa', 'study.visa', { label: '外事登记' }))
  await using _ = h
  const sun = await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  const admin = await h.person('管理员', { roles: ['systemOfficer'] })
  const instance = await apply()
  const { my, version } = await look(sun, instance)
  visa.problem = '外事系统无应答'
  visa.calls.length = 0
  await call(sun, 'POST', `/api/approvals/${instance}/acts`, { kind: 'approve', actId: newId(), seenVersion: version, task: my.task!.id })
  for (let attempt = 1; attempt <= 5; attempt++) {
    expect(await callServices(h.kernel)).toBe(1)
    h.clock.set(new Date(h.clock.now().getTime() + 2 * 3_600_000).toISOString())
  }
  expect([await callServices(h.kernel), visa.calls.length, new Set(visa.calls).size]).toEqual([0, 5, 1])
  const incidents = (await call(admin, 'GET', '/api/incidents')).json<{ why: string; entry: string }[]>()
  expect(incidents).toMatchObject([{ instance, why: 'serviceFailed' }])
  const { path, status } = await look(applicant, instance)
  expect([status, path.find((one) => one.key === 'head')?.state]).toEqual(['running', 'done'])
  visa.problem = null
})

test('a clock without any calendar runs by the hours of the settings; in a year without holidays it says 暂定', async () => {
  await using h = await hospital()
  expect(await h.kernel.db.query(`SELECT 1 FROM clock.calendar`)).toEqual([])
  const due = async (from: string) => (await dueAt(h.kernel, { unit: 'workingHours', amount: 2 }, new Date(from), null))!
  expect(await due('2026-03-02T08:30:00+08:00')).toMatchObject({ at: new Date('2026-03-02T10:30:00+08:00'), provisional: false })
  expect(await due('2031-03-03T08:30:00+08:00')).toMatchObject({ provisional: true, missing: [2031] })
})

test('a group that has nobody is no dead end: the step waits for the administrator, in sight', async () => {
  const { h, apply, call } = await begin(approve('finance', '财务审核', { by: group('finance') }))
  await using _ = h
  const admin = await h.person('管理员', { roles: ['systemOfficer'] })
  const instance = await apply()
  expect(await asked(h, instance)).toEqual([admin])
  expect((await call(admin, 'GET', '/api/tasks?view=open')).json()['rows']).toMatchObject([{ instance }])
})

test('what should be a name and is an object that calls itself one is refused like any other', async () => {
  const { h, applicant, call } = await begin(head)
  await using _ = h
  const odd = { toString: 'x' }
  const deputy = await h.person('代办人')
  const standIn = await call(applicant, 'POST', '/api/stand-ins', { deputy, from: '2026-06-16', to: '2026-06-17', flows: [odd] })
  expect([standIn.status, standIn.json()['problems']]).toEqual([422, [{ field: 'flows', message: '请选择委托的审批' }]])
  const officer = await h.person('管理员', { unit: '信息科', roles: ['systemOfficer'] })
  for (const body of [
    { resource: odd, label: '新流程' },
    { resource: 'study.application', label: '新流程', copyOf: odd },
  ])
    expect([400, 404]).toContain((await call(officer, 'POST', '/api/flow-designs', body)).status)
  const filter = encodeURIComponent(JSON.stringify({ field: 'contact', op: 'eq', value: odd }))
  expect((await call(applicant, 'GET', `/api/records/study.application?filter=${filter}`)).status).toBeLessThan(500)
})

test('the same submission sent twice at once is one request; under somebody else’s act nothing is submitted', async () => {
  const { h, applicant } = await begin(head)
  await using _ = h
  await h.person('李主任', { post: 'head' })
  const colleague = await h.person('钱二')
  const [mine, theirs] = [await h.signIn(applicant), await h.signIn(colleague)]
  const actId = newId()
  const send = (who: HttpSession, person: string) =>
    who.call('POST', '/api/flows/submit/study.application', { draft: { applicant: person, topic: '腔镜进修', place: '协和', days: 30 }, actId }) // prettier-ignore
  const twice = await Promise.all([send(mine, applicant), send(mine, applicant)])
  expect(twice.map(({ status }) => status)).toEqual([201, 201])
  expect(new Set(twice.map((answer) => answer.json<{ instance: string }>().instance))).toEqual(new Set([actId]))
  expect((await send(theirs, colleague)).status).toBe(409)
  expect(await h.kernel.db.query('SELECT 1 FROM study.application')).toHaveLength(1)
})
