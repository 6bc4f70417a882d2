// The ways in which an answer comes: by oneself, filled in by another and signed, about oneself only.
import { afterAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { Campaigns, memo, pledge, said } from '#app/testing/campaigns-hospital.ts'

const all = await Campaigns.open()
afterAll(() => all[Symbol.asyncDispose]())
const { people, by, started, lineOf, fill, asked, progress } = all

test('who is asked about himself answers about himself: what he fills in about another is refused at its place, and nothing is kept', async () => {
  const id = await started('只填本人', { form: memo.name })
  const his = await lineOf('甲医生', '只填本人')
  expect(said(await fill('甲医生', his, { person: people['乙医生'] }, newId(), memo.name))).toEqual([422, '填报任务须填写您本人的内容'])
  expect((await progress(id)).has).toBe(0)
  expect((await by('甲医生', 'GET', `/api/records/${memo.name}`)).json<{ rows: unknown[] }>().rows).toEqual([])
  expect((await fill('甲医生', his, { person: people['甲医生'] }, newId(), memo.name)).status).toBe(201)
})

test('what somebody else has filled in, and he signs for the campaign, is his answer', async () => {
  await started('代填', { form: pledge.name })
  const his = await lineOf('甲医生', '代填')
  const whole = { person: people['甲医生'], matter: '在外会诊' }
  const made = await by('医务处长', 'POST', `/api/prepared/${pledge.name}`, { draft: whole })
  expect([made.status, made.text]).toEqual([201, expect.any(String)])
  const body = { draft: whole, actId: newId(), prepared: made.json<{ id: string }>().id }
  for (const _ of [1, 2]) expect((await by('甲医生', 'POST', `/api/flows/submit/${pledge.name}?campaign=${his}`, body)).status).toBe(201)
  expect(await asked('甲医生', his)).toMatchObject({ status: 'has', records: 1, problem: '只填一份，需要时请修改已填的' })
})
