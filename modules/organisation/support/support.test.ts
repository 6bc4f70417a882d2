import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApprovalAnswer, FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let office: HttpSession, asker: HttpSession, lender: HttpSession
let surgery: string, medicine: string, zhang: string, wu: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  medicine = await h.unit('心内科')
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  asker = await h.signIn(await h.person('钱主任', { unit: '心内科', post: 'head', roles: ['departmentHead'] }))
  lender = await h.signIn(await h.person('李主任', { unit: '普外科', post: 'head', roles: ['departmentHead'] }))
  zhang = await h.person('张海涛', { unit: '普外科' })
  wu = await h.person('吴静', { unit: '普外科' })
})
afterAll(() => h[Symbol.asyncDispose]())
const ask = (draft: object) =>
  asker.call('POST', '/api/flows/submit/organisation.support', {
    draft: { toUnit: medicine, from: '2026-03-05', to: '2026-03-31', reason: '两名医师休产假', ...draft },
    actId: newId(),
  })
const instanceOf = (answer: HttpAnswer) => {
  expect(answer.status, answer.text).toBe(201)
  return answer.json<{ instance: string; record: string }>()
}
async function decide(who: HttpSession, instance: string, more: object = {}): Promise<HttpAnswer> {
  const { version, my } = (await who.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  return who.call('POST', `/api/approvals/${instance}/acts`, {
    kind: 'approve',
    actId: newId(),
    seenVersion: version,
    task: my.task!.id,
    ...more,
  })
}
const problems = (answer: HttpAnswer) => answer.json<{ problems?: FieldProblem[] }>().problems
const lentFor = async (request: string) => {
  const filter = encodeURIComponent(JSON.stringify({ field: 'request', op: 'eq', value: request }))
  return (await office.call('GET', `/api/records/organisation.secondment?filter=${filter}`)).json<ListAnswer>().rows
}

test('agreed beforehand: the lending head puts another in, the office agrees, and he is lent for the time', async () => {
  const { instance, record } = instanceOf(await ask({ agreed: 'named', fromUnit: surgery, people: [{ person: zhang }] }))
  const other = await decide(lender, instance, { changes: { people: [{ person: wu }] } })
  expect(other.status, other.text).toBe(200)
  const last = await decide(office, instance)
  expect(last.status, last.text).toBe(200)
  expect(await lentFor(record)).toMatchObject([{ person: wu, fromUnit: surgery, toUnit: medicine, from: '2026-03-05', to: '2026-03-31', kind: 'support' }])
  // Both heads look their unit's lending up.
  const seen = (await lender.call('GET', '/api/records/organisation.secondment')).json<ListAnswer>()
  expect(seen.rows.map(({ person }) => person)).toEqual([wu])
}) // prettier-ignore

test('asked by what is needed: the office finds the people; whoever cannot be lent stops the decision, with his name', async () => {
  const { instance, record } = instanceOf(await ask({ agreed: 'terms', needed: 1, level: 'attending', from: '2026-02-20' }))
  const { record: asked } = (await office.call('GET', `/api/records/organisation.support/${record}`)).json<RecordAnswer>()
  expect(asked).toMatchObject({ backfilled: true, people: [] })
  const without = await decide(office, instance)
  expect(without.json()).toMatchObject({ title: '请先补全必填内容', detail: { fields: ['people'] } })
  const busy = await decide(office, instance, { changes: { people: [{ person: wu }] } })
  expect([busy.status, problems(busy)]).toEqual([422, [{ field: 'people', message: expect.stringContaining('吴静不能支援') as string }]])
  expect(await lentFor(record)).toEqual([])
  expect((await decide(office, instance, { changes: { people: [{ person: zhang }] } })).status).toBe(200)
  expect(await lentFor(record)).toMatchObject([{ person: zhang, from: '2026-02-20' }])
})

test('what does not fit is said at the field', async () => {
  const asked: [object, FieldProblem][] = [
    [
      { agreed: 'named', fromUnit: surgery },
      { field: 'people', message: '请填写协商好的支援人员' },
    ],
    [
      { agreed: 'named', fromUnit: surgery, people: [{ person: zhang }, { person: zhang }] },
      { field: 'people', message: '同一个人填了两次' },
    ],
    [
      { agreed: 'named', fromUnit: await h.unit('康复科'), people: [{ person: zhang }] },
      { field: 'people', message: '张海涛不在支援科室' },
    ],
    [
      { agreed: 'named', fromUnit: medicine },
      { field: 'fromUnit', message: '不能是申请科室自己' },
    ],
  ]
  for (const [draft, problem] of asked) expect(problems(await ask(draft))).toContainEqual(problem)
})
