import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from '../flow/testing.ts'
import { tell } from '../messages/messages.ts'
import { setDeleted } from '../records/deletion.ts'
import { updateRecordOf } from '../records/write.ts'
import { newsFor } from './live.ts'

let h: TestHospital
let url = ''
const who: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService] })
  for (const [name, more] of Object.entries({ 赵一: {}, 钱二: {}, 冯代理: {}, 孙主任: { post: 'head', roles: ['departmentHead'] } }))
    who[name] = await h.person(name, more)
  url = await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
  await h.house.startWork()
})
afterAll(() => h[Symbol.asyncDispose]())

/** A page that is open: what its stream has said so far. */
async function open(session: HttpSession) {
  const ended = new AbortController()
  const answer = await fetch(`${url}/api/live`, { headers: { cookie: session.cookie }, signal: ended.signal })
  let text = ''
  const done = (async () => {
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) text += piece
  })().catch(() => undefined)
  await expect.poll(() => text).toContain('event: open')
  return {
    answer,
    told: () => text.split('data: {"counts":true}').length - 1,
    changed: () =>
      [...text.matchAll(/data: (\{"records":.*\})/g)].flatMap(([, line]) =>
        (JSON.parse(line!) as { records: { id: string }[] }).records.map(({ id }) => id),
      ),
    text: () => text,
    stream: /"stream":"([^"]+)"/.exec(text)![1]!,
    close: () => ended.abort(),
    done,
  }
}
async function apply(session: HttpSession) {
  const draft = { applicant: who['赵一'], topic: `腔镜进修 ${newId().slice(-6)}`, place: '协和', days: 30 }
  const made = await session.call('POST', '/api/flows/submit/study.application', { draft, actId: newId() })
  expect(made.status, made.text).toBe(201)
  return made.json<{ instance: string }>().instance
}

test('whoever is concerned hears of an act within a second, his stand-in too, and nobody else', async () => {
  const sessions = await Promise.all(['赵一', '孙主任', '冯代理', '钱二'].map((name) => h.signIn(who[name]!)))
  const [applicant, head] = sessions as [HttpSession, HttpSession]
  const rule = { deputy: who['冯代理'], from: '2026-06-01', to: '2026-06-30', flows: null }
  expect((await head.call('POST', '/api/stand-ins', rule)).status).toBe(201)
  const pages = await Promise.all(sessions.map(open))
  expect(pages[0]!.answer.headers.get('content-type')).toBe('text/event-stream')
  const before = pages.map((page) => page.told())
  const instance = await apply(applicant)
  const news = () => pages.map((page, n) => page.told() - before[n]!)
  await expect.poll(() => news()[1], { timeout: 1000, interval: 20 }).toBeGreaterThan(0)
  await expect.poll(() => news()[2], { timeout: 1000, interval: 20 }).toBeGreaterThan(0)
  const seen = news()
  const { version, my } = (await head.call('GET', `/api/approvals/${instance}`)).json<{ version: number; my: { task: { id: string } } }>()
  const approve = { kind: 'approve', actId: newId(), seenVersion: version, task: my.task.id }
  expect((await head.call('POST', `/api/approvals/${instance}/acts`, approve)).status).toBe(200)
  await expect.poll(() => news()[0], { timeout: 1000, interval: 20 }).toBeGreaterThan(seen[0]!)
  // A message to the colleague comes after all that: it is the first thing he hears.
  expect(news()[3]).toBe(0)
  await tell(await h.system(), [who['钱二']!], { kind: 'other', title: '通知', body: '', link: null })
  await expect.poll(() => news()[3], { timeout: 1000, interval: 20 }).toBe(1)
  for (const page of pages) page.close()
  await Promise.all(pages.map((page) => page.done))
})

test('a page hears that the record it shows has changed; whoever may see it no more hears nothing, and whoever is shut out has no stream', async () => {
  const names = ['赵一', '孙主任', '钱二'] as const
  const sessions = await Promise.all(names.map((name) => h.signIn(who[name]!)))
  await apply(sessions[0]!)
  const [{ record, version }] = (await h.kernel.db.query<{ record: string; version: number }>('SELECT id AS record, version FROM study.application ORDER BY created_at DESC LIMIT 1')) as [{ record: string; version: number }]
  const pages = await Promise.all(sessions.map(open))
  const watch = (n: number, records: unknown) => sessions[n]!.call('PUT', `/api/live/${pages[n]!.stream}`, { records })
  for (const n of [0, 1, 2]) expect((await watch(n, [{ resource: 'study.application', id: record }])).json()).toEqual({ isWatching: true })
  expect((await watch(0, [{ resource: 'study.nothing', id: record }])).status).toBe(400)
  // A stream is its session's own.
  expect((await sessions[2]!.call('PUT', `/api/live/${pages[1]!.stream}`, { records: [] })).json()).toEqual({ isWatching: false })
  const heard = () => pages.map((page) => page.changed().length)
  const change = async (n: number) => updateRecordOf(h.kernel, await h.system(), 'study.application', record, version + n, { budget: 1000 + n }, { system: true })
  await change(0)
  await expect.poll(heard, { timeout: 1000, interval: 20 }).toEqual([1, 1, 0])
  const [held] = await h.kernel.db.query<{ id: string; version: number }>(`SELECT id, version FROM directory.role_assignment WHERE person = $1::uuid AND role = 'departmentHead'`, [who['孙主任']])
  await setDeleted(h.kernel, await h.system(), 'directory.roleAssignment', held!.id, true, held!.version, { byModule: true })
  await change(1)
  await expect.poll(() => heard()[0], { timeout: 1000, interval: 20 }).toBe(2)
  expect(heard()).toEqual([2, 1, 0])
  expect((await watch(0, [])).json()).toEqual({ isWatching: true })
  await change(2)
  await sessions[1]!.call('POST', '/api/sign-out')
  await pages[1]!.done
  await tell(await h.system(), [who['赵一']!], { kind: 'other', title: '通知', body: '', link: null })
  await expect.poll(() => pages[0]!.told(), { timeout: 1000, interval: 20 }).toBeGreaterThan(0)
  expect(heard()).toEqual([2, 1, 0])
  for (const page of pages) page.close()
}) // prettier-ignore

test('an approval that stands open hears of every act on it and of the first word beside it, as long as its reader may look at it', async () => {
  const names = ['赵一', '孙主任', '钱二', '冯代理'] as const
  const [applicant, head, other, copied] = (await Promise.all(names.map((name) => h.signIn(who[name]!)))) as [HttpSession, HttpSession, HttpSession, HttpSession]
  const instance = await apply(applicant)
  const pages = await Promise.all([applicant, head, other, copied].map(open))
  for (const [n, session] of [applicant, head, other, copied].entries())
    expect((await session.call('PUT', `/api/live/${pages[n]!.stream}`, { records: [{ resource: 'approval', id: instance }] })).json()).toEqual({ isWatching: true })
  const heard = () => pages.map((page) => page.changed().filter((id) => id === instance).length)
  const act = async (session: HttpSession, more: object) => {
    const { version, my } = (await head.call('GET', `/api/approvals/${instance}`)).json<{ version: number; my: { task: { id: string } | null } }>()
    const answer = await session.call('POST', `/api/approvals/${instance}/acts`, { actId: newId(), seenVersion: version, ...(my.task ? { task: my.task.id } : {}), ...more })
    expect(answer.status, answer.text).toBe(200)
  }
  // Who stands in for the head on these days looks on as well; a colleague never does.
  await act(head, { kind: 'addApprover', people: [who['冯代理']], where: 'before' })
  await expect.poll(heard, { timeout: 2000, interval: 20 }).toEqual([1, 1, 0, 1])
  const said = await applicant.call('POST', '/api/talks', { resource: 'approval', record: instance })
  const talk = said.json<{ id: string }>().id
  expect((await applicant.call('POST', `/api/talks/${talk}/messages`, { id: newId(), text: '请看', files: [], mentions: [], everyone: false, answers: null, voice: null })).status).toBeLessThan(300)
  const beside = () => pages.map((page) => page.text().split('"beside":[{"resource":"approval"').length - 1)
  await expect.poll(beside, { timeout: 2000, interval: 20 }).toEqual([1, 1, 0, 1])
  const { version } = (await applicant.call('GET', `/api/approvals/${instance}`)).json<{ version: number }>()
  expect((await applicant.call('POST', `/api/approvals/${instance}/acts`, { kind: 'withdraw', actId: newId(), seenVersion: version })).status).toBe(200)
  await expect.poll(heard, { timeout: 2000, interval: 20 }).toEqual([2, 2, 0, 2])
  for (const page of pages) page.close()
  await Promise.all(pages.map((page) => page.done))
}) // prettier-ignore

test('the stream is for who is signed in; a page too many takes the place of the oldest; all end with the server', async () => {
  const stranger = await fetch(`${url}/api/live`)
  expect([stranger.status, stranger.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8'])
  const session = await h.signIn(who['钱二']!)
  const pages: Awaited<ReturnType<typeof open>>[] = []
  for (let n = 0; n < 9; n++) pages.push(await open(session))
  await pages[0]!.done
  await tell(await h.system(), [who['钱二']!], { kind: 'other', title: '通知', body: '', link: null })
  await expect.poll(() => pages.slice(1).every((page) => page.told() === 1)).toBe(true)
  expect(pages[0]!.told()).toBe(0)
  await h.house.server.app.close()
  await Promise.all(pages.map((page) => page.done))
})

test('many pages that are told at once are asked to come one after another, few come at once', () => {
  expect(newsFor(1)).toEqual({ counts: true })
  expect(newsFor(100)).toEqual({ counts: true })
  expect(newsFor(2100)).toEqual({ counts: true, within: 2000 })
  // The last badge is right within ten seconds, however many there are.
  expect(newsFor(1_000_000).within).toBe(8000)
})
