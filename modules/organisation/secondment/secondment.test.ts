import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'

let h: TestHospital
let office: HttpSession
let clerk: string, surgery: string, medicine: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  medicine = await h.unit('心内科')
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
}
const base = '/api/records/organisation.secondment'
const lend = (draft: object) => office.call('POST', base, { toUnit: medicine, from: '2026-03-02', to: '2026-04-30', ...draft })
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems?: FieldProblem[] }>().problems ?? answer.json<{ title: string }>().title
const read = async (type: string, id: unknown) => record(await office.call('GET', `/api/records/${type}/${String(id)}`))
const term = async (id: string, to: string | null) => {
  const { version } = await read('organisation.secondment', id)
  return office.call('POST', `/api/organisation/secondments/${id}/term`, { version, to, reason: '人手恢复' })
}

test('lent within the house: he keeps his unit and has a post in the other for the time; the last day moves, what has not begun is taken back', async () => {
  const zhang = await h.person('张海涛', { unit: '普外科' })
  const lent = record(await lend({ person: zhang }))
  expect(lent).toMatchObject({ fromUnit: surgery, status: 'active' })
  expect(await read('directory.person', zhang)).toMatchObject({ unit: surgery, status: 'active' })
  expect(await read('directory.membership', lent['membership'])).toMatchObject({ unit: medicine, from: '2026-03-02', to: '2026-04-30', main: false })
  expect(problems(await lend({ person: zhang, from: '2026-04-30', to: '2026-05-01' }))).toEqual([
    { field: 'from', message: `与 ${String(lent['number'])}（2026-03-02 至 2026-04-30）重叠` },
  ])
  expect((await term(lent.id, '2026-03-20')).status).toBe(200)
  expect(await read('directory.membership', lent['membership'])).toMatchObject({ to: '2026-03-20' })
  expect(problems(await term(lent.id, '2026-03-01'))).toBe('不能早于开始日期 2026-03-02')
  expect(problems(await term(lent.id, null))).toBe('已经开始，不能撤销；请提前结束')
  const planned = record(await lend({ person: zhang, from: '2026-05-01', to: '2026-05-31' }))
  expect(problems(await term(lent.id, '2026-05-01'))).toBe(`与 ${String(planned['number'])}（2026-05-01 至 2026-05-31）重叠`)
  expect(record(await term(planned.id, null))).toMatchObject({ status: 'revoked', termReason: '人手恢复' })
  expect((await office.call('GET', `/api/records/directory.membership/${String(planned['membership'])}`)).json<RecordAnswer>().record.deletedAt).not.toBeNull()
}) // prettier-ignore

test('lent to another house he is away, and back on the day after', async () => {
  const wu = await h.person('吴静', { unit: '普外科' })
  const lent = record(
    await lend({ person: wu, direction: 'outside', toUnit: null, institution: '县人民医院', from: '2026-03-03', to: '2026-03-20' }),
  )
  await at('2026-03-03')
  expect(await read('directory.person', wu)).toMatchObject({ status: 'away', awayAs: 'seconded' })
  expect((await term(lent.id, '2026-03-10')).status).toBe(200)
  expect(await read('organisation.movement', lent['movement'])).toMatchObject({ until: '2026-03-10' })
  await at('2026-03-11')
  expect(await read('directory.person', wu)).toMatchObject({ status: 'active', awayAs: null })
  const then = (await office.call('GET', '/api/records/directory.person?asOf=2026-03-05&limit=200')).json<ListAnswer>()
  expect(then.rows.find(({ id }) => id === wu)).toMatchObject({ status: 'away', awayAs: 'seconded' })
})

test('what cannot be is refused at its field', async () => {
  const li = await h.person('李梅', { unit: '普外科' })
  const gone = await h.person('陈芳', { unit: '普外科', status: 'left' })
  const asked: [object, FieldProblem][] = [
    [{ toUnit: surgery }, { field: 'toUnit', message: '就是他那时所在的科室' }],
    [{ toUnit: await h.unit('康复科', { to: '2026-04-01' }) }, { field: 'toUnit', message: '该科室 2026-04-01 停用' }],
    [{ to: '2026-03-01' }, { field: 'to', message: '不能早于开始日期' }],
    [{ person: gone }, { field: 'person', message: '该人员那时已离职' }],
  ]
  for (const [draft, problem] of asked) expect(problems(await lend({ person: li, ...draft }))).toEqual([problem])
  const own = await h.signIn(li)
  expect((await own.call('POST', base, { person: li, toUnit: medicine, from: '2026-03-02', to: '2026-03-05' })).status).toBe(403)
})

test('whoever leaves is lent to nobody any more: what runs ends with him, what is planned is taken back; with the leaving taken back both hold again', async () => {
  const sun = await h.person('孙立', { unit: '普外科' })
  const runs = record(await lend({ person: sun, from: '2026-03-02', to: '2026-03-20' }))
  const planned = record(await lend({ person: sun, from: '2026-04-01', to: '2026-04-30' }))
  await at('2026-03-10')
  const asked = { person: sun, kind: 'leave', leaving: 'resigned', from: '2026-03-10' }
  const answer = await office.call('POST', '/api/records/organisation.movement', asked)
  expect([answer.status, answer.text.slice(0, 600)]).toEqual([201, expect.any(String)])
  const left = record(answer)
  const both = async () => {
    const [one, other] = [await read('organisation.secondment', runs.id), await read('organisation.secondment', planned.id)]
    const post = await read('directory.membership', planned['membership'])
    return [one['to'], one['status'], other['to'], other['status'], post.deletedAt === null]
  }
  expect(await both()).toEqual(['2026-03-09', 'active', '2026-04-30', 'revoked', false])
  await office.call('POST', `/api/organisation/movements/${left.id}/revoke`, { version: left.version, reason: '登记有误' })
  expect(await both()).toEqual(['2026-03-20', 'active', '2026-04-30', 'active', true])
  expect(await read('directory.membership', runs['membership'])).toMatchObject({ to: '2026-03-20', deletedAt: null })
}) // prettier-ignore
