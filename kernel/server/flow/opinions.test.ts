import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, Counts, FileValue, MessageItem, PrintAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { noisyPicture } from '#app/testing/pictures.ts'
import { studyModule, visaService } from './testing.ts'

let h: TestHospital
const people: Record<string, string> = {}
const who: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService] })
  for (const [name, more] of Object.entries({ 赵一: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 钱二: { unit: '设备科' }, 李三: { unit: '设备科' }, 王离职: { unit: '设备科', status: 'left' } })) {
    people[name] = await h.person(name, more)
    if (name !== '王离职') who[name] = await h.signIn(people[name])
  } // prettier-ignore
})
afterAll(() => h[Symbol.asyncDispose]())

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
async function upload(name: string, content: Buffer = png, file = '现场.png'): Promise<string> {
  const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="${file}"\r\ncontent-type: image/png\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')])
  const answer = await who[name]!.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })
  return answer.json<FileValue>().id
}
let topics = 0
async function apply(): Promise<string> {
  const draft = { applicant: people['赵一'], topic: `进修 ${++topics}`, place: '协和', days: 30, contact: '13800001234' }
  const answer = await who['赵一']!.call('POST', '/api/flows/submit/study.application', { draft, actId: newId() })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<{ instance: string }>().instance
}
const look = (name: string, instance: string) => who[name]!.call('GET', `/api/approvals/${instance}`)
const view = async (name: string, instance: string) => (await look(name, instance)).json<ApprovalAnswer>()
async function act(name: string, instance: string, kind: string, more: Record<string, unknown> = {}) {
  const { version, my } = await view(name, instance)
  const body = { kind, actId: newId(), seenVersion: version, ...(my.task ? { task: my.task.id } : {}), ...more }
  return who[name]!.call('POST', `/api/approvals/${instance}/acts`, body)
}
const problems = (answer: { json<T>(): T }) => answer.json<{ problems?: { field: string; message: string }[] }>().problems
const messagesOf = async (name: string) => (await who[name]!.call('GET', '/api/messages')).json<MessageItem[]>()

test('an opinion carries pictures and names a colleague: he is told once, may read from then on, and everybody sees it in the chain', async () => {
  const instance = await apply()
  expect((await look('钱二', instance)).status).toBe(404)
  const picture = await upload('孙主任')
  const said = { opinion: '请 @钱二 核对设备是否已到', pictures: [picture], mentions: [people['钱二']] }
  const answer = await act('孙主任', instance, 'approve', said)
  expect(answer.status, answer.text).toBe(200)

  const { chain, copies } = await view('钱二', instance)
  expect(chain.at(-1)).toMatchObject({ name: '孙主任', word: '同意', opinion: said.opinion, pictures: [picture], mentions: ['钱二'] })
  expect(copies).toContainEqual({ person: '钱二', by: '孙主任', at: h.clock.now().toISOString(), readAt: null })
  expect((await messagesOf('钱二'))[0]).toMatchObject({ title: expect.stringMatching(/^孙主任 在意见中提到您：赵一的国内进修申请/), body: said.opinion, link: `/approvals/${instance}` }) // prettier-ignore
  expect((await who['钱二']!.call('GET', '/api/counts')).json<Counts>().copied).toBe(1)
  // Whoever may look at the approval may see the picture, and nobody else.
  expect((await who['钱二']!.call('GET', `/api/files/${picture}`)).status).toBe(200)
  expect((await who['赵一']!.call('GET', `/api/files/${picture}`)).status).toBe(200)
  expect((await who['李三']!.call('GET', `/api/files/${picture}`)).status).toBe(404)
  const [entry] = await h.kernel.db.query<{ detail: object }>(
    `SELECT detail FROM kernel.audit_entry WHERE act = 'flow.approve' AND detail->>'instance' = $1`,
    [instance],
  )
  expect(entry!.detail).toMatchObject({ pictures: [picture], mentions: [people['钱二']] })
})

test('已阅: who has read his copy, and when, stands in the chain and beside his name', async () => {
  const instance = await apply()
  const opinion = '@钱二 请知悉'
  expect((await act('孙主任', instance, 'approve', { opinion, mentions: [people['钱二']] })).status).toBe(200)
  expect((await act('钱二', instance, 'markRead')).status).toBe(200)
  const { chain, copies } = await view('赵一', instance)
  expect(chain.at(-1)).toMatchObject({ name: '钱二', word: '已阅', at: h.clock.now().toISOString() })
  expect(copies).toContainEqual(expect.objectContaining({ person: '钱二', readAt: h.clock.now().toISOString() }))
})

test('somebody named twice has one copy; the applicant and the deciders, who read it anyway, are only told', async () => {
  const instance = await apply()
  const asked = await act('孙主任', instance, 'consult', {
    people: [people['钱二']],
    opinion: '@钱二 @赵一 设备到了吗',
    mentions: [people['钱二'], people['赵一']],
  })
  expect(asked.status, asked.text).toBe(200)
  expect((await view('孙主任', instance)).copies).toEqual([])
  const told = await messagesOf('赵一')
  expect(told[0]!.title).toContain('孙主任 在意见中提到您')
  const picture = await upload('钱二')
  const question = (await view('钱二', instance)).my.acts.reply!.consultation
  const reply = { consultation: question, opinion: '到了，@李三 可作证', pictures: [picture], mentions: [people['李三']] }
  expect((await act('钱二', instance, 'reply', reply)).status).toBe(200)
  const { consultations, copies } = await view('李三', instance)
  expect(consultations).toMatchObject([{ pictures: [], reply: reply.opinion, replyPictures: [picture] }])
  expect((await act('孙主任', instance, 'return', { opinion: '@李三 谢谢', mentions: [people['李三']] })).status).toBe(200)
  expect((await view('李三', instance)).copies).toEqual(copies)
})

test('the same act sent again neither tells nor copies a second time', async () => {
  const instance = await apply()
  const { version, my } = await view('孙主任', instance)
  const body = {
    kind: 'approve',
    actId: newId(),
    seenVersion: version,
    task: my.task!.id,
    opinion: '@李三 请看',
    mentions: [people['李三']],
  }
  const before = (await messagesOf('李三')).length
  for (const _ of [1, 2]) expect((await who['孙主任']!.call('POST', `/api/approvals/${instance}/acts`, body)).status).toBe(200)
  expect(await messagesOf('李三')).toHaveLength(before + 1)
})

test('what does not belong in an opinion is refused at its place, and nothing happens', async () => {
  const instance = await apply()
  const own = await upload('孙主任')
  const foreign = await upload('赵一')
  const text = await upload('孙主任', Buffer.from('<svg onload="alert(1)"/>'), '图.txt')
  const big = await upload('孙主任', await noisyPicture(1950))
  const refused = async (said: Record<string, unknown>) => {
    const answer = await act('孙主任', instance, 'approve', said)
    expect(answer.status, answer.text).toBe(422)
    return problems(answer)
  }
  expect(await refused({ pictures: 'x' })).toEqual([{ field: 'pictures', message: '不是已上传的图片' }])
  expect(await refused({ pictures: Array.from({ length: 10 }, () => newId()) })).toEqual([
    { field: 'pictures', message: '最多附 9 张图片' },
  ])
  expect(await refused({ pictures: [own, "'; DROP TABLE", own] })).toEqual([
    { field: 'pictures.1', message: '不是已上传的图片' },
    { field: 'pictures.2', message: '重复' },
  ])
  expect(await refused({ pictures: [own, foreign, newId(), text, big] })).toEqual([
    { field: 'pictures.1', message: '图片不存在，或不是您上传的' },
    { field: 'pictures.2', message: '图片不存在，或不是您上传的' },
    { field: 'pictures.3', message: '只能附 PNG、JPEG、WebP 或 GIF 图片' },
    { field: 'pictures.4', message: '图片不能超过 10 MB' },
  ])
  expect(await refused({ opinion: '@钱二', mentions: Array.from({ length: 21 }, () => newId()) })).toEqual([{ field: 'mentions', message: '一次最多提到 20 人' }]) // prettier-ignore
  const mentions = [people['钱二'], newId(), people['王离职'], people['孙主任'], people['李三']]
  expect(await refused({ opinion: '@钱二 @王离职 @孙主任', mentions })).toEqual([
    { field: 'mentions.1', message: '没有这位在职人员' },
    { field: 'mentions.2', message: '没有这位在职人员' },
    { field: 'mentions.3', message: '不必提到自己' },
    { field: 'mentions.4', message: '意见中没有写到“@李三”' },
  ])
  expect(problems(await act('赵一', instance, 'withdraw', { pictures: [foreign] }))).toEqual([
    { field: 'pictures', message: '这种操作没有意见' },
  ])
  expect((await view('孙主任', instance)).my.task).not.toBeNull()
  // A picture that was refused stays its owner's alone.
  expect((await who['赵一']!.call('GET', `/api/files/${own}`)).status).toBe(404)
})

test('the 审批单 shows what its reader may see, and each printing is audited', async () => {
  const instance = await apply()
  const signature = await upload('孙主任')
  expect((await act('孙主任', instance, 'approve', { opinion: '@钱二 请知悉', mentions: [people['钱二']], signature })).status).toBe(200)
  const print = (name: string) => who[name]!.call('POST', `/api/approvals/${instance}/print`)
  expect((await print('李三')).status).toBe(404)
  const { approval, hospital: name, seals, printed } = (await print('钱二')).json<PrintAnswer>()
  expect([name, seals, printed.by]).toEqual(['杏林医院', [], '钱二'])
  // Who reads it by a copy alone sees protected fields masked.
  expect(approval.record['contact']).toBe('138****1234')
  expect(approval.chain.find((one) => one.word === '同意')).toMatchObject({ step: '科主任审核', name: '孙主任', signature })
  expect((await who['钱二']!.call('GET', `/api/files/${signature}`)).status).toBe(200)
  const audited = await h.kernel.db.query<{ actor_name: string }>(
    `SELECT actor_name FROM kernel.audit_entry WHERE act = 'flow.print' AND detail->>'instance' = $1`,
    [instance],
  )
  expect(audited).toEqual([{ actor_name: '钱二' }])
})

test('what the applicant says as he asks carries pictures and names a colleague, too: told, readable, in the chain; a wrong one is refused at its place', async () => {
  const draft = { applicant: people['赵一'], topic: `进修 ${++topics}`, place: '协和', days: 30, contact: '13800001234' }
  const submit = (said: object) => who['赵一']!.call('POST', '/api/flows/submit/study.application', { draft, actId: newId(), ...said })
  const picture = await upload('赵一')
  const opinion = '邀请函见图，@钱二 已知情'
  expect(problems(await submit({ opinion: '见图', mentions: [people['钱二']] }))).toEqual([
    { field: 'mentions.0', message: '意见中没有写到“@钱二”' },
  ])
  expect(problems(await submit({ opinion, pictures: [newId()] }))).toEqual([{ field: 'pictures.0', message: '图片不存在，或不是您上传的' }])
  const answer = await submit({ opinion, pictures: [picture], mentions: [people['钱二']] })
  const { instance } = answer.json<{ instance: string }>()
  const { chain } = await view('钱二', instance)
  expect(chain[0]).toMatchObject({ name: '赵一', word: '提交', opinion, pictures: [picture], mentions: ['钱二'] })
  expect((await messagesOf('钱二'))[0]).toMatchObject({
    title: expect.stringMatching(/^赵一 在意见中提到您/) as string,
    body: opinion,
  })
  expect((await who['孙主任']!.call('GET', `/api/files/${picture}`)).status).toBe(200)
})
