// Answers written into the files of those who gave them: what the approval wants is asked for, who is chosen is written back, and the line says what became of it.
import { afterAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { RecordAnswer, WriteBackAnswer, WriteBackLines } from '#model'
import { handleEvents } from '../jobs/outbox.ts'
import { Campaigns, form, said } from '#app/testing/campaigns-hospital.ts'

const all = await Campaigns.open()
afterAll(() => all[Symbol.asyncDispose]())
const { h, bone, people, by, started, lineOf, fill, progress, decide, line } = all

const map = (id: string, file: string) =>
  by('医务处长', 'PUT', `/api/campaigns/${id}/mapping`, { file, pairs: [{ from: 'post', to: 'post' }] })
const write = (id: string, body: object = {}) => by('医务处长', 'POST', `/api/campaigns/${id}/write-back`, body)
const writable = async (id: string) => (await by('医务处长', 'GET', `/api/campaigns/${id}/write-back`)).json<WriteBackLines>()
const postOf = async (file: string, id: string) =>
  (await by('医务处长', 'GET', `/api/records/${file}/${id}`)).json<RecordAnswer>().record['post']
const approvalOf = async (id: string) =>
  (await by('医务处长', 'GET', `/api/campaigns/lines/${id}/records`)).json<{ approval: string }>().approval

test('an approval that wants its deciders chosen asks for them before anything is written, and has them then', async () => {
  const id = await started('须选审批人')
  const file = await h.create('probe.chosen', { person: people['甲医生'], post: '旧' })
  const his = await lineOf('甲医生', '须选审批人')
  await fill('甲医生', his, { post: '新' })
  await map(id, 'probe.chosen')
  const wanted = (await write(id)).json<{ status: number; refusal: string; choose: { step: string }[] }>()
  expect(wanted).toMatchObject({ status: 409, refusal: 'chooseDeciders', choose: [{}] })
  expect(await line(his)).toMatchObject({ writeBack: null })
  const { results } = (await write(id, { chosen: { [wanted.choose[0]!.step]: [people['院长']] } })).json<WriteBackAnswer>()
  expect(results).toMatchObject([{ name: '甲医生', outcome: 'asked' }])
  expect(await approvalOf(his)).toBe(results[0]!.instance)
  await decide('院长', results[0]!.instance!, 'approve')
  await handleEvents(h.kernel)
  expect(await line(his)).toMatchObject({ writeBack: 'written', writeBackSaid: '变更申请已批准' })
  expect(await postOf('probe.chosen', file.id)).toBe('新')
})

test('a refused change leaves its line 变更未批准: not written back again by itself, but when it is chosen', async () => {
  const id = await started('未批准')
  for (const name of ['甲医生', '乙医生']) {
    await h.create('probe.dossier', { person: people[name], post: '旧' })
    await fill(name, await lineOf(name, '未批准'), { post: `${name}的新职` })
  }
  await map(id, 'probe.dossier')
  const [one, two] = [await lineOf('甲医生', '未批准'), await lineOf('乙医生', '未批准')]
  expect((await writable(id)).rows).toMatchObject([
    { name: '乙医生', unitName: '骨科', outcome: null },
    { name: '甲医生', outcome: null },
  ])
  const [first] = (await write(id, { lines: [one] })).json<WriteBackAnswer>().results
  expect((await writable(id)).rows.map(({ line: left }) => left)).toEqual([two])
  await decide('院长', first!.instance!, 'reject')
  await handleEvents(h.kernel)
  expect(await line(one)).toMatchObject({ writeBack: 'refused', writeBackSaid: '变更申请未批准' })
  expect((await progress(id)).toWriteBack).toBe(1)
  expect((await writable(id)).rows.map(({ name, outcome }) => [name, outcome])).toEqual([['乙医生', null], ['甲医生', 'refused']])
  expect((await write(id)).json<WriteBackAnswer>().results).toMatchObject([{ name: '乙医生', outcome: 'asked' }])
  expect((await write(id, { lines: [one] })).json<WriteBackAnswer>().results).toMatchObject([{ name: '甲医生', outcome: 'asked' }])
}) // prettier-ignore

test('an answer given anew is written back anew, also where the one before was', async () => {
  const file = (await h.create('probe.dossier', { person: people['丙医生'], post: '旧' })).id
  const id = await started('改了再写', { to: [`person:${people['丙医生']}`] })
  const his = await lineOf('丙医生', '改了再写')
  const answer = (await fill('丙医生', his, { post: '一' })).json<RecordAnswer>().record
  await map(id, 'probe.dossier')
  const [asked] = (await write(id)).json<WriteBackAnswer>().results
  await decide('院长', asked!.instance!, 'approve')
  await handleEvents(h.kernel)
  expect(await postOf('probe.dossier', file)).toBe('一')
  await by('医务处长', 'DELETE', `/api/records/${form.name}/${answer.id}?version=${answer.version}`)
  await handleEvents(h.kernel)
  expect(await line(his)).toMatchObject({ status: 'open', writeBack: null })
  await fill('丙医生', his, { post: '二' })
  expect((await progress(id)).toWriteBack).toBe(1)
  expect((await write(id)).json<WriteBackAnswer>().results).toMatchObject([{ outcome: 'asked' }])
})

test('what a unit answers is written into the file of the unit', async () => {
  const id = await started('科室方向', { asked: 'units' })
  const file = await h.create('probe.unitFile', { unit: bone, post: '创伤' })
  await fill('骨科主任', await lineOf('骨科主任', '科室方向'), { post: '关节' })
  expect(said(await map(id, 'probe.dossier'))).toEqual([422, '“廉洁档案”不是按科室建立的档案'])
  expect((await map(id, 'probe.unitFile')).status).toBe(200)
  expect((await write(id)).json<WriteBackAnswer>().results).toMatchObject([{ name: '骨科', outcome: 'written' }])
  expect(await postOf('probe.unitFile', file.id)).toBe('关节')
})

test('who has no file, or whose answers may not be seen here, is told so at his line; another office gets nothing', async () => {
  const id = await started('没有档案', { to: [`person:${people['骨科主任']}`] })
  await fill('骨科主任', await lineOf('骨科主任', '没有档案'), { post: '新' })
  await map(id, 'probe.dossier')
  expect((await write(id)).json<WriteBackAnswer>().results).toMatchObject([{ outcome: 'failed', said: '没有对应的档案' }])
  expect((await writable(id)).rows).toMatchObject([{ outcome: 'failed', said: '没有对应的档案' }])
  expect((await by('外院处长', 'GET', `/api/campaigns/${id}/write-back`)).status).toBe(404)
  expect(said(await write(id, { lines: ['x'] }))).toEqual([400, 'lines 须为填报名单的编号'])
  expect((await write(id, { lines: [newId()] })).json<WriteBackAnswer>()).toEqual({ results: [], left: 0 })
})
