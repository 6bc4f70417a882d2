import { expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, Filter, TaskPage } from '#model'
import { approve, flow, headOf, remind, workingHours } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital } from '#app/testing/hospital.ts'
import { runDue } from './due.ts'
import { studyModule, visaService } from './testing.ts'

const shown = (at: string | null | undefined) => at && new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

test('W19 a question stops the clock of a step that says so: nothing is due until the answer, then later by the working time it rested', async () => {
  const steps = [
    approve('head', '科主任审核', { by: headOf('department'), limit: workingHours(4), onTimeout: [remind()], consultPauses: true }),
  ]
  const flows = studyModule.flows!.map((one) =>
    one.name === 'study.ordinary' ? flow<Filter>('study.ordinary', { label: '进修审批', steps }) : one,
  )
  await using h = await hospital({
    defs: productDefinitions([{ ...studyModule, flows }]),
    services: [visaService],
    at: '2026-03-02T08:30:00+08:00',
  })
  const applicant = await h.person('赵一')
  const head = await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  const asked = await h.person('钱二')
  const draft = { applicant, topic: '腔镜进修', place: '协和', days: 30 }
  const submitted = await (await h.signIn(applicant)).call('POST', '/api/flows/submit/study.application', { draft, actId: newId() })
  const { instance } = submitted.json<{ instance: string }>()
  const look = async () => {
    const session = await h.signIn(head)
    const view = (await session.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
    const step = view.path.find((one) => one.key === 'head')!
    const row = (await session.call('GET', '/api/tasks?view=open')).json<TaskPage>().rows.find((one) => one.instance === instance)
    const stages = await h.kernel.db.query<{ at: string }>(`SELECT at FROM kernel.flow_due WHERE instance = $1`, [instance])
    return { path: shown(step.due), rests: shown(step.restsSince), row: shown(row?.due), stages: stages.map(({ at }) => shown(at)), view }
  }
  const act = async (person: string, body: object) => {
    const answer = await (await h.signIn(person)).call('POST', `/api/approvals/${instance}/acts`, { actId: newId(), ...body })
    expect(answer.status, answer.text).toBe(200)
  }
  const { view, ...before } = await look()
  expect(before).toEqual({ path: '2026-03-02 14:30', rests: undefined, row: '2026-03-02 14:30', stages: ['2026-03-02 14:30'] })
  h.clock.set('2026-03-02T09:30:00+08:00')
  await act(head, { kind: 'consult', task: view.my.task!.id, people: [asked], opinion: '是否符合？', seenVersion: view.version })
  expect(await look()).toMatchObject({ path: undefined, rests: '2026-03-02 09:30', row: null, stages: [] })
  // Days later nothing has run out.
  h.clock.set('2026-03-04T10:30:00+08:00')
  while (await runDue(h.kernel));
  expect(await h.kernel.db.query(`SELECT 1 FROM kernel.flow_event WHERE instance = $1 AND type = 'timedOut'`, [instance])).toEqual([])
  const [question] = (await look()).view.consultations
  await act(asked, { kind: 'reply', consultation: question!.id, opinion: '符合', seenVersion: view.version })
  // One of four hours was used; the other three begin at half past ten.
  const after = await look()
  expect(after).toMatchObject({ path: after.row, rests: undefined, stages: [after.row] })
  expect(after.row).toBe('2026-03-04 15:30')
  h.clock.set('2026-03-04T15:30:00+08:00')
  while (await runDue(h.kernel));
  expect(await h.kernel.db.query(`SELECT 1 FROM kernel.flow_event WHERE instance = $1 AND type = 'timedOut'`, [instance])).toHaveLength(1)
})
