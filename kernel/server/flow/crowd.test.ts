import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from './testing.ts'

const crowd = 6
let h: TestHospital
type Session = Awaited<ReturnType<TestHospital['signIn']>>
const sessions: Session[] = []
const people = { head: '', officer: '' }
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService], poolSize: 2 })
  people.head = await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  people.officer = await h.person('周干事', { unit: '医务处', roles: ['medicalOffice'] })
  for (let n = 0; n < crowd; n++) sessions.push(await h.signIn(await h.person(`申请人${n}`)))
})
afterAll(() => h[Symbol.asyncDispose]())

test('more people than connections submit at the same moment, nothing being in memory yet: all go through', async () => {
  const answers = await Promise.all(
    sessions.map((session, n) =>
      session.call('POST', '/api/flows/submit/study.application', {
        draft: { topic: `腔镜进修 ${n}`, place: '协和', days: 30, contact: '13800001234' },
        actId: newId(),
      }),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: crowd }, () => 201))
})

test('six who must all consent do so at the same instant, one of them twice over: each counts once', async () => {
  const [applicant] = sessions
  const draft = { topic: '达芬奇机器人进修', place: '协和', days: 120, contact: '13800001234' }
  const submitted = await applicant!.call('POST', '/api/flows/submit/study.application', { draft, actId: newId() })
  const { instance } = submitted.json<{ instance: string }>()
  const act = (kind: string, task: string) => ({ kind, actId: newId(), seenVersion: 1, task })
  const url = `/api/approvals/${instance}/acts`
  const office = await Promise.all(Array.from({ length: crowd }, async (_, n) => h.signIn(await h.person(`干事${n}`, { unit: '医务处', roles: ['medicalOffice'] })))) // prettier-ignore
  expect((await (await h.signIn(people.head)).call('POST', url, act('approve', 'head#1/1'))).status).toBe(200)
  const taskOf = async (session: Session) => (await session.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>().my.task!.id
  const acts = await Promise.all(office.map(async (session) => ({ session, body: act('approve', await taskOf(session)) })))
  const answers = await Promise.all([...acts, acts[0]!].map(({ session, body }) => session.call('POST', url, body)))
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: crowd + 1 }, () => 200))
  // One more of the office decides; the six are in the chain once each.
  expect((await h.signIn(people.officer).then((last) => taskOf(last).then((task) => last.call('POST', url, act('approve', task))))).json()).toMatchObject({ status: 'approved' }) // prettier-ignore
  const decided = await h.kernel.db.query(`SELECT event->'decision'->>'person' AS person FROM kernel.flow_event WHERE instance = $1 AND type = 'decided'`, [instance]) // prettier-ignore
  expect(new Set(decided.map((row) => row['person'])).size).toBe(crowd + 2)
  expect(decided).toHaveLength(crowd + 2)
})
