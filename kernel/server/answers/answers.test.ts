import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  choice, identityNumber, integer, may, module, plainChart, resource, text, unit,
  type AnswerDetail, type AnswerFound, type AnswerJob, type ChartAnswer, type ChartSpec, type Problem, type ReportAnswer,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { held as heldOf, withoutRole } from '#app/testing/in-the-middle.ts'
import { believe } from '#app/testing/large-table.ts'
import { withClient } from '../database/roles.ts'
import { eraseValues } from '../protection/erase.ts'
import { answerJobs, clearAnswers, findAnswer } from './jobs.ts'
import { startAnswers } from './run.ts'

const file = resource('slow.file', {
  label: '档案',
  title: 'name',
  owner: { department: 'place' },
  fields: {
    name: text('姓名', { required: true, search: true }),
    place: unit('科室'),
    level: choice('级别', { top: '高级', low: '初级' }),
    points: integer('学分'),
    card: identityNumber('证件'),
    note: text('备注'),
  },
  list: { columns: ['name', 'level'] },
})
const slow = module('slow', {
  label: '慢表',
  resources: [file],
  roles: {
    medicalOffice: [may.all(file)],
    departmentHead: [may.read(file, 'myUnits', { hide: ['note'] })],
  },
})

let h: TestHospital
let office: HttpSession, head: HttpSession, colleague: HttpSession
let officeId: string, headId: string
let one: string
let stop: (() => Promise<void>) | null = null
const faults: unknown[] = []
const total = 240
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([slow]) })
  officeId = await h.person('周敏', { unit: '内科', roles: ['medicalOffice'] })
  headId = await h.person('张涛', { unit: '外科', post: 'head', roles: ['departmentHead'] })
  one = (await h.create('slow.file', { name: '吴芳', level: 'low', points: 0, card: '110101199003077715', place: await h.unit('内科') })).id
  const places = [await h.unit('外科'), await h.unit('内科')]
  await withClient(h.database.adminUrl, (client) =>
    client.query(
      `INSERT INTO slow.file (id, version, state, created_at, updated_at, name, place, level, points, note, search_text)
       SELECT gen_random_uuid(), 1, 'approved', now(), now(), '人员' || n, CASE WHEN n % 4 = 0 THEN $1::uuid ELSE $2::uuid END,
         CASE WHEN n % 2 = 0 THEN 'top' ELSE 'low' END, n, '平常', '人员' || n FROM generate_series(1, ${total - 1}) n`,
      places,
    ),
  )
  await withClient(h.database.ownerUrl, (owner) => owner.query(`ANALYZE slow.file`))
  ;[office, head, colleague] = await Promise.all([h.signIn(officeId), h.signIn(headId), h.signIn(await h.person('高璐', { unit: '外科' }))])
})
afterEach(async () => {
  await stop?.()
  stop = null
  await h.kernel.db.query('DELETE FROM kernel.answer_job')
  if (faults.length) throw faults[0] as Error
})
afterAll(() => h[Symbol.asyncDispose]())

const work = (options: { mostMs?: number } = {}) =>
  (stop = startAnswers(h.kernel, (error) => faults.push(error), { everyMs: 20, ...options }))
const held = (part: (release: () => Promise<void>) => Promise<void>) => heldOf(h, 'slow.file', part)
const chart = (more: Partial<ChartSpec> = {}) => ({
  kind: 'block', asks: [],
  block: { kind: 'chart', id: 'one', title: '各级别', place: { x: 0, y: 0, w: 8, h: 6 }, phone: 0, chart: { ...plainChart('slow.file', 'bar'), group: ['level'], ...more } },
}) // prettier-ignore
const spec = {
  base: 'slow.file',
  columns: [
    { kind: 'path', key: 'A', label: '姓名', path: 'name' },
    { kind: 'path', key: 'B', label: '级别', path: 'level' },
    { kind: 'path', key: 'C', label: '学分', path: 'points' },
    { kind: 'path', key: 'D', label: '证件', path: 'card' },
  ],
  group: ['B'], totals: ['sum:C'], sort: ['C'], filter: null, chart: null,
} // prettier-ignore
const report = { kind: 'report', name: '学分', report: spec }
const begin = async (s: HttpSession, ask: object) => {
  const answer = await s.call('POST', '/api/answers', ask)
  expect([answer.status, answer.text]).toEqual([202, expect.anything()])
  return answer.json<AnswerJob>()
}
const look = async (s: HttpSession, id: string) => (await s.call('GET', `/api/answers/${id}`)).json<AnswerDetail & Problem>()
const until = async (s: HttpSession, id: string, state: AnswerJob['state']): Promise<void> =>
  await expect.poll(async () => (await look(s, id)).state, { timeout: 20_000, interval: 20 }).toBe(state)
const resultOf = (s: HttpSession, id: string, part: object = {}) => s.call('POST', `/api/answers/${id}/result`, part)
const found = async (s: HttpSession, ask: object) => (await s.call('POST', '/api/answers/find', ask)).json<AnswerFound>().job
const figures = (answer: ChartAnswer) => Object.fromEntries(answer.groups.map(({ keys, count }) => [String(keys[0]), count]))
const told = async (person: string) =>
  (await h.kernel.db.query(`SELECT title, body, link FROM kernel.message WHERE person = $1::uuid ORDER BY at DESC, id DESC LIMIT 1`, [person]))[0] // prettier-ignore

test('a report that the database cut off is answered in the background: all its rows, sealed, told to whoever asked, shown with the moment it is of', async () => {
  let id = ''
  await held(async (release) => {
    const cut = await office.call('POST', '/api/reports/run', { report: spec })
    expect([cut.status, cut.json<Problem>().code]).toEqual([422, 'slowQuery'])
    expect(await found(office, report)).toBeNull()
    const job = await begin(office, report)
    ;({ id } = job)
    expect([job.state, job.label, job.at]).toEqual(['waiting', '学分', null])
    expect((await resultOf(office, id)).status).toBe(404)
    work()
    await until(office, id, 'running')
    await release()
  })
  await until(office, id, 'done')
  const job = await look(office, id)
  expect([job.at, job.until]).toEqual(['2026-06-15T04:00:00.000Z', '2026-06-16T04:00:00.000Z'])
  expect(await found(office, { ...report, name: '另一个名字' })).toMatchObject({ id })
  for (const part of [{}, { offset: 50, limit: 20 }, { within: ['top'] }, { sort: ['-C'] }]) {
    const live = (
      await office.call('POST', '/api/reports/run', { report: { ...spec, ...('sort' in part ? part : {}) }, ...part })
    ).json<ReportAnswer>()
    expect((await resultOf(office, id, part)).json()).toEqual(live)
    expect(live.count).toBe('within' in part ? total / 2 - 1 : total)
  }
  const [stored] = await h.kernel.db.query<{ answer: Buffer; asked: Buffer }>(`SELECT answer, asked FROM kernel.answer_job WHERE id = $1::uuid`, [id]) // prettier-ignore
  expect([stored!.answer.includes('吴芳'), stored!.asked.includes('slow.file')]).toEqual([false, false])
  expect(await told(officeId)).toEqual({
    title: '后台计算已完成',
    body: '“学分”可以查看了，结果保留到 2026-06-16 12:00',
    link: `/answers/${id}`,
  })
}, 60_000)

test('a chart that is refused as too slow is counted in the background, for each under his own rights', async () => {
  await believe(h, 'slow.file', 3_000_000_000)
  const asked = chart({ filter: { field: 'note', op: 'contains', value: '平' } })
  const refused = await office.call('POST', '/api/pages/run', asked)
  expect([refused.status, refused.json<Problem>().code]).toEqual([422, 'slowQuery'])
  work()
  const job = await begin(office, asked)
  await until(office, job.id, 'done')
  const answer = (await resultOf(office, job.id)).json<ChartAnswer>()
  expect([figures(answer), answer.whole.count, answer.at]).toEqual([{ top: 119, low: 120 }, 239, '2026-06-15T04:00:00.000Z'])
  const own = await begin(head, chart())
  await until(head, own.id, 'done')
  expect(figures((await resultOf(head, own.id)).json<ChartAnswer>())).toEqual({ top: 59 })
  await believe(h, 'slow.file', total)
}, 60_000)

test('the same question is one job; asked anew it takes the place of the one before', async () => {
  const first = await begin(office, chart())
  const again = chart()
  expect((await begin(office, { ...again, block: { ...again.block, title: '改了名', place: { x: 8, y: 0, w: 4, h: 4 } } })).id).toBe(
    first.id,
  )
  expect((await begin(office, chart({ top: 3 }))).id).not.toBe(first.id)
  work()
  await until(office, first.id, 'done')
  const anew = await begin(office, chart())
  expect([anew.id === first.id, (await look(office, first.id)).status]).toEqual([false, 404])
  expect((await found(office, chart()))?.id).toBe(anew.id)
})

test('nobody else sees it, stops it or reads it; who may less than before finds it gone', async () => {
  const job = await begin(head, chart())
  work()
  await until(head, job.id, 'done')
  for (const [method, part] of [['GET', ''], ['POST', '/cancel'], ['POST', '/result']] as const)
    expect([part, (await office.call(method, `/api/answers/${job.id}${part}`, method === 'POST' ? {} : undefined)).status]).toEqual([part, 404]) // prettier-ignore
  expect(await found(office, chart())).toBeNull()
  expect((await resultOf(head, job.id)).status).toBe(200)
  await withoutRole(h, headId, 'departmentHead', async () => {
    const refused = await resultOf(head, job.id)
    expect([refused.status, refused.json<Problem>().title]).toEqual([404, '您的权限有变化，原来的结果已删除；请重新计算'])
  })
  expect((await look(head, job.id)).status).toBe(404)
})

test('rights are those at the time it runs: taken away before it begins it fails with words, taken away in the middle it stops', async () => {
  const job = await begin(head, chart())
  await withoutRole(h, headId, 'departmentHead', async () => {
    work()
    await until(head, job.id, 'failed')
  })
  expect((await look(head, job.id)).note).toBe('没有查看“档案”的权限')
  await stop!()
  const second = await begin(head, chart())
  await held(async (release) => {
    work()
    await until(head, second.id, 'running')
    await withoutRole(h, headId, 'departmentHead', () => until(head, second.id, 'failed'))
    await release()
  })
  expect((await look(head, second.id)).note).toBe('计算期间您的权限有变化，已停止；请重新计算')
  expect(await told(headId)).toMatchObject({ title: '后台计算没有完成', link: `/answers/${second.id}` })
})

test('it is cancelled while it waits and while the database works for it; what takes longer than the bound is stopped with words', async () => {
  const waiting = await begin(office, chart())
  expect((await office.call('POST', `/api/answers/${waiting.id}/cancel`)).json<AnswerJob>().state).toBe('cancelled')
  expect((await office.call('POST', `/api/answers/${waiting.id}/cancel`)).status).toBe(409)
  const job = await begin(office, chart())
  await held(async (release) => {
    work()
    await until(office, job.id, 'running')
    await office.call('POST', `/api/answers/${job.id}/cancel`)
    await until(office, job.id, 'cancelled')
    await stop!()
    const long = await begin(office, chart())
    work({ mostMs: 300 })
    await until(office, long.id, 'failed')
    expect((await look(office, long.id)).note).toBe('超过 10 分钟，已停止；请增加条件，例如限定科室或日期')
    await release()
  })
})

test('one of a person and two in all are at work; five of a person wait at most', async () => {
  for (let top = 1; top <= 5; top++) await begin(office, chart({ top }))
  const sixth = await office.call('POST', '/api/answers', chart({ top: 6 }))
  expect([sixth.status, sixth.json<Problem>().title]).toEqual([413, '您已有 5 个后台计算没有完成，请等它们完成，或先取消'])
  const take = async () => (await answerJobs.take(h.kernel))?.person ?? null
  expect([await take(), await take()]).toEqual([officeId, null])
  await begin(head, chart())
  const third = await h.signIn(await h.person('何静', { unit: '内科', roles: ['medicalOffice'] }))
  await begin(third, chart())
  expect([await take(), await take()]).toEqual([headId, null])
})

test('an answer is kept for a day; what is erased in it meanwhile takes it away at once, and what is being answered begins anew', async () => {
  work()
  const job = await begin(office, report)
  await until(office, job.id, 'done')
  h.clock.set('2026-06-16T04:00:01Z')
  await expect(findAnswer(h.kernel, await h.as(officeId), job.id)).rejects.toThrow('结果已删除（保留 24 小时）')
  await clearAnswers(h.kernel)
  expect(await h.kernel.db.query('SELECT id FROM kernel.answer_job')).toEqual([])
  h.clock.set('2026-06-15T04:00:00Z')

  const kept = await begin(office, report)
  await until(office, kept.id, 'done')
  await stop!()
  await begin(head, chart())
  const first = (await answerJobs.take(h.kernel))!
  const ctx = await h.as(officeId)
  await h.kernel.transaction(ctx, (tx) => eraseValues(h.kernel, tx, h.kernel.resource('slow.file'), one, { isGone: false }))
  expect((await look(office, kept.id)).status).toBe(404)
  expect((await look(head, first.id)).state).toBe('waiting')
  work()
  await until(head, first.id, 'done')
})

test('what cannot be asked is refused with words before it waits', async () => {
  const refused = async (s: HttpSession, ask: object) => {
    const answer = await s.call('POST', '/api/answers', ask)
    return [answer.status, answer.json<Problem>().title]
  }
  expect(await refused(office, {})).toEqual([400, '只有页面的图表、列表和报表可以在后台计算'])
  expect(await refused(office, { kind: 'block', block: { kind: 'text', id: 'a', title: '', place: { x: 0, y: 0, w: 4, h: 4 }, phone: 0, text: '说明' } })).toEqual([400, '这个区块没有数据']) // prettier-ignore
  expect((await refused(office, chart({ resource: 'slow.gone' })))[0]).toBe(404)
  expect((await refused(head, chart({ group: ['note'] })))[0]).toBe(400)
  expect((await refused(head, { ...report, report: { ...spec, columns: [{ kind: 'path', key: 'A', label: '备注', path: 'note' }], group: [], totals: [], sort: [] } }))[0]).toBe(400) // prettier-ignore
  expect(await refused(colleague, chart())).toEqual([403, '没有查看“档案”的权限'])
  expect((await resultOf(office, 'x')).status).toBe(404)
  const job = await begin(office, chart())
  expect((await resultOf(office, job.id, { limit: 1e9 })).status).toBe(400)
})
