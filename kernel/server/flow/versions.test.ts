import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { integer, may, module, person, resource, text, unit, where, type ApprovalAnswer, type Definitions, type FlowMoveAnswer, type FlowMovePage, type FlowVersions } from '#model' // prettier-ignore
import { approve, fill, flow, headOf, people, role, when, type Step } from '#kernel/model/flow/index.ts'
import type { Filter } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { openHouse, type House } from '#app/house.ts'
import { hospital, testPassword, type TestHospital } from '#app/testing/hospital.ts'

/** The same hospital's program of two dates: a field may have another name, a step other people, or the flow another step. */
function program(of: { money: 'budget' | 'funds'; accountant: string; more?: Step<Filter>[] }): Definitions {
  const request = resource('trial.request', {
    label: '经费申请',
    title: 'topic',
    owner: { person: 'applicant', department: 'department' },
    approval: 'trial.money',
    fields: {
      applicant: person('申请人', { required: true }),
      department: unit('科室', { required: true, from: 'applicant.unit' }),
      topic: text('事由', { required: true, max: 100 }),
      [of.money]: integer('经费', { min: 0, ...(of.money === 'funds' ? { was: 'budget' } : {}) }),
    },
  })
  const steps: Step<Filter>[] = [
    approve('head', '科主任审核', { by: headOf('department') }),
    fill('money', '财务填经费', { by: people(of.accountant), mayEdit: [of.money], require: [of.money] }),
    when(where(of.money, 'gt', 1000), [approve('office', '医务处审核', { by: role('medicalOffice') })]),
  ]
  return productDefinitions([
    module('trial', {
      label: '经费',
      resources: [request],
      flows: [flow('trial.money', { label: '经费审批', steps: [...steps, ...(of.more ?? [])] })],
      roles: { staffMember: [may.readOwn(request), may.create(request)], departmentHead: [may.read(request, 'myUnits')] },
    }),
  ])
}

let h: TestHospital
const who: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: program({ money: 'budget', accountant: newId() }) })
  for (const [name, more] of Object.entries({
    赵一: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 郑会计: { unit: '财务科' }, 王会计: { unit: '财务科' }, 周干事: { unit: '医务处', roles: ['medicalOffice'] },
    管理员: { unit: '信息科', roles: ['systemOfficer'] },
  })) who[name] = await h.person(name, more) // prettier-ignore
})
afterAll(() => h[Symbol.asyncDispose]())
const opened: House[] = []
afterEach(async () => {
  while (opened.length) await opened.pop()!.close()
})

/** The program starts in another version over the same data. */
async function start(defs: Definitions) {
  const { appUrl, sealerUrl } = h.database
  const house = await openHouse({
    appUrl,
    sealerUrl,
    dataFolder: dirname(h.house.files.folder),
    defs,
    clock: h.clock,
    poolSize: 4,
    profile: h.kernel.protection.profile,
  })
  opened.push(house)
  const { app } = house.server
  const as = async (name: string) => {
    const signedIn = await app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: who[name], password: testPassword } })
    const headers = {
      cookie: String(signedIn.headers['set-cookie']).split(';')[0]!,
      'x-csrf-token': signedIn.json<{ csrf: string }>().csrf,
    }
    return async <T = Record<string, unknown>>(method: 'GET' | 'POST', url: string, body?: object) => {
      const answer = await app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
      return { status: answer.statusCode, body: answer.json<T>() }
    }
  }
  const act = async (name: string, instance: string, kind: string, more: object = {}) => {
    const call = await as(name)
    const { version, my } = (await call<ApprovalAnswer>('GET', `/api/approvals/${instance}`)).body
    const base = { kind, actId: newId(), seenVersion: version, ...(my.task ? { task: my.task.id } : {}) }
    return call('POST', `/api/approvals/${instance}/acts`, { ...base, ...more })
  }
  const apply = async () => {
    const draft = { applicant: who['赵一'], topic: `学术会议 ${newId().slice(-6)}` }
    const made = await (await as('赵一'))<{ instance: string; record: string }>('POST', '/api/flows/submit/trial.request', { draft, actId: newId() }) // prettier-ignore
    expect(made.status).toBe(201)
    expect((await act('孙主任', made.body.instance, 'approve')).status).toBe(200)
    return made.body
  }
  return { kernel: house.kernel, as, act, apply }
}
type Running = Awaited<ReturnType<typeof start>>
async function running(p: Running, instance: string) {
  const admin = await p.as('管理员')
  const [row] = await p.kernel.db.query<{ version: number }>(`SELECT flow_version AS version FROM kernel.flow_instance WHERE id = $1`, [
    instance,
  ])
  const url = `/api/flow-versions/trial.money/${row!.version}`
  const { rows } = (await admin<FlowMovePage>('GET', `${url}/running`)).body
  return { admin, url, version: row!.version, preview: rows.find((one) => one.instance === instance) }
}
const open = async (p: Running, instance: string) =>
  (await p.kernel.db.query<{ person: string }>(`SELECT person FROM kernel.flow_task WHERE instance = $1 AND state = 'open'`, [instance])).map(({ person: id }) => id) // prettier-ignore

test('L1 form field renamed under a running instance: nothing is lost, it is moved, and goes on under the new name', async () => {
  const before = await start(program({ money: 'budget', accountant: who['郑会计']! }))
  const { instance, record } = await before.apply()
  const p = await start(program({ money: 'funds', accountant: who['郑会计']! }))
  // Under the old version nobody knows the field any more: the step says what is missing, and nothing is decided.
  expect((await p.act('郑会计', instance, 'approve', { changes: { funds: 2000 } })).status).toBe(409)
  const { admin, url, version, preview } = await running(p, instance)
  expect(preview).toMatchObject({
    obstacles: [],
    renamed: [{ from: 'budget', to: '经费' }],
    steps: [],
    losesTask: [],
    getsTask: [],
    applicantName: '赵一',
  })
  expect((await open(p, instance))[0]).toBe(who['郑会计'])
  const { results } = (await admin<FlowMoveAnswer>('POST', `${url}/move`, { instances: [instance] })).body
  expect(results).toMatchObject([{ ok: true, message: '已移到最新版本' }])
  const newest = (await admin<FlowVersions[]>('GET', '/api/flow-versions')).body.find((one) => one.flow === 'trial.money')!
  expect(newest).toMatchObject({ label: '经费审批', newest: version + 1, versions: [{ version: version + 1, running: 1 }, { version }] })
  const [entry] = await p.kernel.db.query<{ detail: object; actor: string }>(
    `SELECT detail, actor FROM kernel.audit_entry WHERE act = 'flow.migrate'`,
  )
  expect(entry).toMatchObject({ actor: who['管理员'], detail: { instance, from: version, to: version + 1 } })
  // The condition behind the step reads the field by its new name, too.
  expect((await p.act('郑会计', instance, 'approve', { changes: { funds: 2000 } })).status).toBe(200)
  expect(await open(p, instance)).toEqual([who['周干事']])
  const [stored] = await p.kernel.db.query(`SELECT budget FROM trial.request WHERE id = $1`, [record])
  expect(stored).toEqual({ budget: 2000 })
  const again = (await admin<FlowMoveAnswer>('POST', `${url}/move`, { instances: [instance] })).body.results
  expect(again).toMatchObject([{ ok: false, message: expect.stringContaining('已不在这个版本') }])
})

test('L1 what a larger change leaves behind says why at its place; it is ended and its applicant gets a copy', async () => {
  const before = await start(program({ money: 'budget', accountant: who['郑会计']! }))
  const { instance, record } = await before.apply()
  const p = await start(
    program({
      money: 'budget',
      accountant: who['郑会计']!,
      more: [approve('dean', '院长审批', { by: role('systemOfficer') })],
    }),
  )
  const { admin, url, preview } = await running(p, instance)
  expect(preview?.obstacles).toMatchObject([{ place: '院长审批', message: expect.stringContaining('增加了步骤') }])
  expect((await admin<FlowMoveAnswer>('POST', `${url}/move`, { instances: [instance] })).body.results).toMatchObject([{ ok: false }])
  expect(await open(p, instance)).toEqual([who['郑会计']])
  expect((await admin('POST', `${url}/terminate`, { instances: [instance] })).status).toBe(422)
  const ended = await admin<FlowMoveAnswer>('POST', `${url}/terminate`, { instances: [instance], reason: '增加院长审批' })
  expect(ended.body.results).toMatchObject([{ ok: true }])
  const applicant = await p.as('赵一')
  expect((await applicant<ApprovalAnswer>('GET', `/api/approvals/${instance}`)).body.status).toBe('terminated')
  const messages = (await applicant<{ title: string; link: string }[]>('GET', '/api/messages')).body
  expect(messages.find((one) => one.title.startsWith('请重新提交'))?.link).toBe(`/r/trial.request/new?copy=${record}`)
  expect((await applicant('GET', `/api/records/trial.request/${record}`)).status).toBe(200)
})

test('L1 one person takes the place of another in all definitions: what runs follows, what begins later too, the code stays', async () => {
  const defs = program({ money: 'budget', accountant: who['郑会计']! })
  const p = await start(defs)
  const { instance } = await p.apply()
  const admin = await p.as('管理员')
  const change = (body: object) => admin<FlowMoveAnswer & { problems: { field: string }[] }>('POST', '/api/flow-replacements', body)
  expect((await change({ from: who['赵一'], to: who['王会计'], reason: '离职' })).body.problems).toMatchObject([{ field: 'from' }])
  expect((await change({ from: who['郑会计'], to: who['郑会计'] })).body.problems.map((one) => one.field)).toEqual(['to', 'reason'])
  expect((await (await p.as('赵一'))('POST', '/api/flow-replacements', {})).status).toBe(403)
  const { results } = (await change({ from: who['郑会计'], to: who['王会计'], reason: '离职' })).body
  expect(results.find((one) => one.instance === instance)).toMatchObject({ ok: true })
  expect(await open(p, instance)).toEqual([who['王会计']])
  const next = await p.apply()
  expect(await open(p, next.instance)).toEqual([who['王会计']])
  expect(JSON.stringify(defs.flow('trial.money'))).toContain(who['郑会计'])
  const [item] = (await admin<{ id: string; endedAt: string | null }[]>('GET', '/api/flow-replacements')).body
  expect(item).toMatchObject({ from: { name: '郑会计' }, to: { name: '王会计' }, byName: '管理员', endedAt: null })
  expect((await admin('POST', `/api/flow-replacements/${item!.id}/end`, {})).status).toBe(200)
  expect(await open(p, (await p.apply()).instance)).toEqual([who['郑会计']])
  expect(await open(p, next.instance)).toEqual([who['王会计']])
})
