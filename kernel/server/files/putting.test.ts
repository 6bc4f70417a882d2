import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { files, may, module, person, resource, rows, signature, text, unit, type ApprovalAnswer, type FileValue } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const owner = { person: person('本人', { required: true }), ward: unit('科室', { from: 'person.unit' }) }
const folder = resource('drawer.folder', {
  label: '卷宗', title: 'name', owner: { person: 'person', department: 'ward' },
  fields: { ...owner, name: text('名称', { required: true }), papers: files('材料'), secret: files('密件'), small: files('小件', { maxBytes: 50 }), lines: rows('页', { page: files('页') }), sign: signature('签名') },
}) // prettier-ignore
const plan = resource('drawer.plan', {
  label: '计划', title: 'name', owner: { person: 'person', department: 'ward' }, approval: 'drawer.usual',
  fields: { ...owner, name: text('名称', { required: true }), papers: files('材料') },
}) // prettier-ignore
const drawer = module('drawer', {
  label: '抽屉',
  resources: [folder, plan],
  flows: [flow('drawer.usual', { label: '审批', steps: [approve('head', '主任', { by: headOf('ward'), mayEdit: ['papers'] })] })],
  roles: {
    staffMember: [may.readOwn(folder, { hide: ['secret'] }), may.create(folder, 'own'), may.update(folder, 'own'), may.readOwn(plan), may.create(plan), may.update(plan)],
    departmentHead: [may.read(folder, 'myUnits', { hide: ['secret'] })],
  },
}) // prettier-ignore

let h: TestHospital
const people: Record<string, string> = {}
const who: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([drawer]) })
  for (const [name, more] of Object.entries({
    赵一: {}, 钱二: { unit: '设备科' }, 孙主任: { post: 'head', roles: ['departmentHead'] }, 周秘书: { unit: '办公室', roles: ['medicalOffice'] },
  })) {
    people[name] = await h.person(name, more)
    who[name] = await h.signIn(people[name])
  } // prettier-ignore
})
afterAll(() => h[Symbol.asyncDispose]())

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
async function upload(name: string): Promise<string> {
  const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), png, Buffer.from('\r\n--x--\r\n')])
  const answer = await who[name]!.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })
  return answer.json<FileValue>().id
}
const read = async (name: string, file: string) => (await who[name]!.call('GET', `/api/files/${file}`)).status
const create = (name: string, draft: object, of = name) =>
  who[name]!.call('POST', '/api/records/drawer.folder', { name: '卷', person: people[of], ...draft })
const told = (answer: HttpAnswer) => answer.json<{ problems?: { field: string; message: string }[] }>().problems
const recordOf = (answer: HttpAnswer) => answer.json<{ record: { id: string; version: number } }>().record
const act = async (name: string, instance: string, kind: string, more: object = {}) => {
  const { version, my } = (await who[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
  return who[name]!.call('POST', `/api/approvals/${instance}/acts`, {
    kind,
    actId: newId(),
    seenVersion: version,
    ...(my.task ? { task: my.task.id } : {}),
    ...more,
  })
}

describe('a file may be put into a record', () => {
  test('by its uploader, and not by somebody who only knows its id: not into a field, a line, a change or a form for another', async () => {
    const theirs = await upload('赵一')
    expect((await create('赵一', { papers: [theirs] })).status).toBe(201)
    const gone = [{ field: 'papers', message: '材料中有文件不存在，请重新上传' }]
    const stolen = await create('钱二', { papers: [theirs] })
    expect([stolen.status, told(stolen)]).toEqual([422, gone])
    expect(told(await create('钱二', { lines: [{ page: [theirs] }] }))).toMatchObject([{ field: 'lines.0.page' }])
    const own = recordOf(await create('钱二', {}))
    const changed = await who['钱二']!.call('PATCH', `/api/records/drawer.folder/${own.id}`, {
      version: own.version,
      changes: { papers: [theirs] },
    })
    expect(told(changed)).toEqual(gone)
    expect(await read('钱二', theirs)).toBe(404)
    // What is not there and what is another's are told alike.
    expect(told(await create('钱二', { papers: [newId()] }))).toEqual(gone)
  })

  test('by who may read it where it stands, in a field that he sees, lines included', async () => {
    const [open, hidden, line] = [await upload('赵一'), await upload('赵一'), await upload('赵一')]
    expect((await create('赵一', { papers: [open], secret: [hidden], lines: [{ page: [line] }] })).status).toBe(201)
    expect([await read('孙主任', open), await read('孙主任', line), await read('孙主任', hidden)]).toEqual([200, 200, 404])
    expect((await create('孙主任', { papers: [open], lines: [{ page: [line] }] })).status).toBe(201)
    expect(told(await create('孙主任', { papers: [hidden] }))).toMatchObject([{ field: 'papers' }])
  })

  test('up to the size that its field takes', async () => {
    expect(told(await create('赵一', { small: [await upload('赵一')] }))).toEqual([{ field: 'small', message: '“a.png”超过 50 B' }])
  })

  test('a signature only by who drew it', async () => {
    const drawn = await upload('赵一')
    expect((await create('赵一', { sign: drawn })).status).toBe(201)
    expect(await read('孙主任', drawn)).toBe(200)
    expect(told(await create('孙主任', { sign: drawn }))).toEqual([{ field: 'sign', message: '签名无效，请重新签名' }])
  })
})

describe('what goes through several hands', () => {
  test('a change that is asked for: its decider sees the file, may edit beside it, and it comes into the record at his approval', async () => {
    const made = await h.create('drawer.plan', { name: '计划一', person: people['赵一'] })
    const ask = async (name: string, file: string) =>
      who[name]!.call('POST', `/api/flows/change/drawer.plan/${made.id}`, { actId: newId(), seenVersion: 1, changes: { papers: [file] } })
    const foreign = await upload('钱二')
    expect(told(await ask('赵一', foreign))).toMatchObject([{ field: 'papers' }])
    const [file, more] = [await upload('赵一'), await upload('孙主任')]
    const asked = await ask('赵一', file)
    expect(asked.status, asked.text).toBe(201)
    const [{ instance }] = asked.json<[{ instance: string }]>()
    expect([await read('孙主任', file), await read('钱二', file), await read('周秘书', file)]).toEqual([200, 404, 404])
    expect(told(await act('孙主任', instance, 'approve', { changes: { papers: [file, foreign] } }))).toMatchObject([{ field: 'papers' }])
    const approved = await act('孙主任', instance, 'approve', { changes: { papers: [file, more] } })
    expect(approved.status, approved.text).toBe(200)
    const stands = await who['赵一']!.call('GET', `/api/records/drawer.plan/${made.id}`)
    expect(recordOf(stands)).toMatchObject({ papers: [file, more] })
    expect([await read('赵一', more), await read('钱二', more)]).toEqual([200, 404])
  })

  test('a form filled in for another: he sees what the secretary added and submits it; a stranger’s file is no way to read it', async () => {
    const prepare = (file: string) => who['周秘书']!.call('POST', '/api/prepared/drawer.plan', { draft: { name: '代填', person: people['赵一'], papers: [file] } })
    const foreign = await upload('钱二')
    expect((await prepare(foreign)).status).toBe(422)
    const file = await upload('周秘书')
    expect(await read('赵一', file)).toBe(404)
    const prepared = await prepare(file)
    expect(prepared.status, prepared.text).toBe(201)
    expect([await read('赵一', file), await read('钱二', file)]).toEqual([200, 404])
    const draft = { name: '代填', person: people['赵一'], papers: [file] }
    const submitted = await who['赵一']!.call('POST', '/api/flows/submit/drawer.plan', { draft, actId: newId(), prepared: prepared.json<{ id: string }>().id })
    expect(submitted.status, submitted.text).toBe(201)
    expect([await read('赵一', file), await read('孙主任', file), await read('钱二', file)]).toEqual([200, 200, 404])
  }) // prettier-ignore
})
