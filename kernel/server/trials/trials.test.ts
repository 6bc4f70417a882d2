import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { DesignAnswer, MessageItem, RecordAnswer, TrialItem } from '#model'
import { workPublishing } from '../designs/publisher.ts'
import { workTrials } from './work.ts'

let h: TestHospital
let drawer: HttpSession
let chosen: HttpSession
let other: HttpSession
const people: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital()
  await h.database.makeTrial()
  for (const [name, roles] of [
    ['实施员', ['implementer']],
    ['试用人', []],
    ['别人', []],
    ['科主任', ['departmentHead']],
  ] as const)
    people[name] = await h.person(name, {
      unit: '骨科',
      roles: [...roles],
      ...(name === '科主任' ? { post: 'head', mobile: '13800000001' } : {}),
    })
  drawer = await h.signIn(people['实施员']!)
  chosen = await h.signIn(people['试用人']!)
  other = await h.signIn(people['别人']!)
})
afterAll(() => h[Symbol.asyncDispose]())

const content = (label: string, more: object[] = []) => ({
  label,
  title: 'xname01',
  fields: [
    { key: 'xname01', kind: 'text', label: '设备', required: true, options: { max: 50 } },
    { key: 'xwho001', kind: 'reference', label: '借用人', options: { target: 'directory.person' } },
    ...more,
  ],
  grants: [{ role: 'staffMember', actions: ['read', 'create'], scope: 'hospital' }],
})
const draft = async (label: string) =>
  (await drawer.call('POST', '/api/designs/type', { content: content(label) })).json<unknown>() as DesignAnswer
const items = (...all: DesignAnswer[]) => all.map(({ kind, name, revision }) => ({ kind, name, revision }))
const begin = (of: object[], more: object = {}) =>
  drawer.call('POST', '/api/trial', { items: of, people: [people['试用人']], until: '2026-06-20', ...more })
const work = async () => {
  while (await workTrials(h.kernel, h.database.ownerUrl, 0));
}
const trialOf = async (who: HttpSession) => (await who.call('GET', '/api/trial')).json<{ trial: TrialItem | null }>().trial
/** Within the space: its page has learned its own mark against forged requests. */
async function within(who: HttpSession, method: string, url: string, body?: unknown): Promise<HttpAnswer> {
  const { csrf } = (await who.call('GET', '/trial/api/me')).json<{ csrf: string }>()
  return who.call(method, `/trial${url}`, body, { 'x-csrf-token': csrf })
}
test('B0024 a draft is tried by those who were chosen, in a space of its own; the hospital itself has nothing of it, and the space is emptied as the draft is published', async () => {
  const design = await draft('设备借用登记')
  const started = await begin(items(design))
  expect(started.status, started.text).toBe(201)
  await work()
  expect(await trialOf(chosen)).toMatchObject({
    state: 'open',
    problem: null,
    label: '设备借用登记',
    isInvited: true,
    isMine: false,
    leftOut: [],
  })
  expect(await trialOf(other)).toBeNull()
  const [told] = (await chosen.call('GET', '/api/messages')).json<MessageItem[]>()
  expect(told).toMatchObject({ title: '请试用：设备借用登记', link: '/try' })
  const made = await within(chosen, 'POST', `/api/records/${design.name}`, { xname01: '监护仪', xwho001: people['科主任'] })
  expect(made.status, made.text).toBe(201)
  const { record } = made.json<unknown>() as RecordAnswer
  expect((await within(chosen, 'GET', `/api/records/${design.name}/${record.id}`)).json<RecordAnswer>().record).toMatchObject({
    xname01: '监护仪',
  })
  expect((await within(chosen, 'GET', '/api/me')).json()).toMatchObject({
    person: { name: '试用人' },
    trial: { label: '设备借用登记', until: '2026-06-20' },
  })
  expect((await chosen.call('GET', '/api/me')).json()).toMatchObject({ trial: null })
  // What the hospital protects was not brought along.
  const directory = await within(drawer, 'GET', `/api/records/staff.practitioner/${people['科主任']!}`)
  expect(directory.text).not.toContain('13800000001')
  // Nothing of it is in the hospital.
  expect((await chosen.call('GET', `/api/records/${design.name}`)).status).toBe(404)
  expect((await h.kernel.db.query(`SELECT to_regclass($1) AS found`, [design.name]))[0]).toEqual({ found: null })
  // Only who was chosen comes in; accounts and publishing are not there.
  expect((await other.call('GET', '/trial/api/me')).json()).toMatchObject({ status: 403, title: '您不在这次试用的名单中' })
  expect((await h.house.server.app.inject({ method: 'GET', url: '/trial/api/me' })).statusCode).toBe(401)
  expect((await within(drawer, 'POST', '/api/publishings', { items: items(design) })).status).toBe(403)
  expect((await within(drawer, 'GET', '/api/settings')).status).toBe(403)
  expect((await within(drawer, 'POST', '/api/password', { current: 'a', next: 'b' })).status).toBe(403)
  // Published: the space is over.
  await drawer.call('POST', '/api/publishings', { items: items(design) })
  while (await workPublishing(h.kernel, h.database.ownerUrl));
  expect(await trialOf(chosen)).toBeNull()
  await work()
  expect((await chosen.call('GET', '/trial/api/me')).json()).toMatchObject({ status: 404, title: '试用已经结束，其中的内容已清空' })
  expect((await chosen.call('GET', `/api/records/${design.name}`)).json()).toMatchObject({ rows: [] })
  const [gone] = await h.kernel.db.query<{ emptied: boolean }>(`SELECT emptied_at IS NOT NULL AS emptied FROM kernel.trial`)
  expect(gone).toEqual({ emptied: true })
})

test('one trial at a time; wrong wishes are told at their place; what cannot be published cannot be tried; it ends on its day', async () => {
  const design = await draft('会议室预约')
  const said = (answer: HttpAnswer) => (answer.json()['problems'] as { field: string; message: string }[])[0]
  expect(said(await begin(items(design), { people: [] }))).toEqual({ field: 'people', message: '请选择由谁试用' })
  expect(said(await begin(items(design), { until: '2027-06-20' }))).toMatchObject({ field: 'until' })
  expect((await chosen.call('POST', '/api/trial', { items: items(design) })).status).toBe(403)
  const wrong = (
    await drawer.call('POST', '/api/designs/type', { content: { ...content('错的'), title: 'xnobody' } })
  ).json<unknown>() as DesignAnswer
  expect((await begin(items(wrong))).status).toBe(422)
  expect((await begin(items(design))).status).toBe(201)
  expect((await begin(items(design))).json()).toMatchObject({
    status: 409,
    title: '试用空间正由 实施员 使用（会议室预约），结束后才能再开',
  })
  await work()
  const { revision } = (await drawer.call('GET', `/api/designs/type/${design.name}`)).json<{ revision: number }>()
  await drawer.call('PUT', `/api/designs/type/${design.name}`, {
    content: content('会议室预约', [{ key: 'xmore01', kind: 'text', label: '又加的', options: {} }]),
    revision,
  })
  expect(await trialOf(drawer)).toMatchObject({ pieces: [{ label: '会议室预约', isStale: true }] })
  // An upgraded program does not work on tables that were made for another.
  const { program } = (
    await h.kernel.db.query<{ program: string }>(
      `UPDATE kernel.trial SET program = 'before' WHERE state = 'open' RETURNING (SELECT program FROM kernel.trial WHERE state = 'open') AS program`,
    )
  )[0]!
  expect((await chosen.call('GET', '/trial/api/me')).json()).toMatchObject({ status: 404 })
  await h.kernel.db.query(`UPDATE kernel.trial SET program = $1 WHERE state = 'open'`, [program])
  expect((await chosen.call('GET', '/trial/api/me')).status).toBe(200)
  h.clock.set('2026-06-21')
  await work()
  drawer = await h.signIn(people['实施员']!)
  expect(await trialOf(drawer)).toBeNull()
})

test('a space that cannot be prepared says why to whoever asked for it, and is ended by him', async () => {
  await using bare = await hospital()
  const implementer = await bare.person('实施员', { roles: ['implementer'] })
  const who = await bare.signIn(implementer)
  const { kind, name, revision } = (
    await who.call('POST', '/api/designs/type', { content: content('随访') })
  ).json<unknown>() as DesignAnswer
  await who.call('POST', '/api/trial', { items: [{ kind, name, revision }], people: [implementer], until: '2026-06-25' })
  while (await workTrials(bare.kernel, bare.database.ownerUrl, 0));
  const trial = (await trialOf(who))!
  expect(trial).toMatchObject({ state: 'failed', problem: '没有试用库：请数据库管理员按部署说明建立“库名_trial”，归属同一账号' })
  expect((await who.call('POST', `/api/trial/${trial.id}/end`)).status).toBe(200)
  expect(await trialOf(who)).toBeNull()
})
