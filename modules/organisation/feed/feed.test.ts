import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, is, type ApiRecord, type FieldProblem, type ListAnswer, type RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { FeedAnswer } from './feed.rules.ts'

let h: TestHospital
let office: HttpSession, officer: HttpSession
let surgery: string, medicine: string
const ids: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科', { code: 'PW' })
  medicine = await h.unit('心内科', { code: 'XN' })
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  officer = await h.signIn(await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] }))
  await need(officer.call('POST', '/api/records/organisation.feedSource', { name: '人力系统', code: 'hr', system: 'HR', owns: ['name', 'mobile', 'unit', 'birthDate'] }))
  await need(office.call('POST', '/api/records/organisation.unitCode', { system: 'HR', code: '0301', name: '普通外科', unit: surgery }))
  for (const [name, number, more] of [
    ['张海涛', '00123', { birthDate: '1980-05-01' }], ['王磊', '00200', {}], ['王磊', '00201', {}], ['李梅', '00300', { birthDate: '1990-01-01' }], ['阿卜杜拉·买买提', '00400', {}], ['陈芳', '00500', { status: 'left' }],
  ] as const) ids[number] = await h.person(name, { unit: '普外科', staffNumber: number, ...more })
}) // prettier-ignore
afterAll(() => h[Symbol.asyncDispose]())
async function need(answer: Promise<HttpAnswer>): Promise<HttpAnswer> {
  const { status, text } = await answer
  if (status !== 201) throw new Error(text)
  return answer
}
const send = (people: object[], full = false, code = 'hr') =>
  officer.call('POST', `/api/organisation/feeds/${code}/people`, { people, full })
const feed = async (people: object[], full = false) => {
  const answer = await send(people, full)
  expect(answer.status, answer.text).toBe(200)
  return answer.json<FeedAnswer>()
}
async function linesOf(run: string): Promise<ApiRecord[]> {
  const query = new URLSearchParams({ filter: JSON.stringify(all(is('run', run))), sort: 'number', limit: '200' })
  return (await office.call('GET', `/api/records/organisation.feedLine?${query.toString()}`)).json<ListAnswer>().rows
}
const file = async (id: string) => (await office.call('GET', `/api/records/directory.person/${id}`)).json<RecordAnswer>().record
const act = (line: ApiRecord, verb: string, body: object = {}) =>
  office.call('POST', `/api/organisation/feed-lines/${line.id}/${verb}`, { version: line.version, ...body })
const runOf = async (id: string) => (await office.call('GET', `/api/records/organisation.feedRun/${id}`)).json<RecordAnswer>().record
const decideOn = async (id: string, apply: boolean, reason: string) =>
  office.call('POST', `/api/organisation/feed-runs/${id}/decide`, { version: (await runOf(id)).version, apply, reason })
const numbersOf = (person: string) =>
  h.kernel.db.query<{ value: string; to: string | null }>(
    `SELECT value, "to" FROM directory.identifier WHERE person = $1 AND system = 'HR' ORDER BY "from", value`,
    [person],
  )

test('what is sure is done: numbers are linked, what the source looks after follows, a unit changes by a movement; what it does not own stays', async () => {
  const answer = await feed([
    { number: '00123', name: '张 海涛', birthDate: '1980.5.1', mobile: '13800001234', email: 'z@h.cn', unit: 'XN' },
    { number: '00400', name: '阿卜杜拉•买买提', unit: '0301' },
    { number: '00900', name: '新来的', sex: '男', birthDate: '1998年7月2日', unit: '0301' },
  ])
  expect(answer).toMatchObject({ status: 'applied', total: 3, changed: 2, added: 1, doubtful: 0, refused: 0 })
  expect(await file(ids['00123']!)).toMatchObject({ name: '张 海涛', unit: medicine, email: null })
  expect(await numbersOf(ids['00123']!)).toEqual([{ value: '00123', to: null }])
  const lines = await linesOf(answer.run)
  expect(lines.map(({ number, outcome, status }) => [number, outcome, status])).toEqual([['00123', 'changed', 'done'], ['00400', 'changed', 'done'], ['00900', 'added', 'done']])
  expect(lines[0]!['changes']).toContain('所在科室：普外科 → 心内科')
  expect(lines[0]!['changes']).not.toContain('13800001234')
  expect(await file(String(lines[2]!['person']))).toMatchObject({ name: '新来的', staffNumber: '00900', sex: 'male', birthDate: '1998-07-02', unit: surgery, status: 'active' })
  const moved = await h.kernel.db.query(`SELECT 1 FROM organisation.movement WHERE person = $1 AND kind = 'transfer'`, [ids['00123']])
  expect(moved).toHaveLength(1)
  // The same again changes nothing.
  expect(await feed([{ number: '00900', name: '新来的', sex: '男', birthDate: '1998-07-02', unit: '0301' }])).toMatchObject({ same: 1, changed: 0, added: 0 })
}) // prettier-ignore

test('what is doubtful waits for whoever knows: lost zeros, one name twice, another birthday; claimed, it is done and never asked again', async () => {
  const answer = await feed([
    { number: '300', name: '李梅', birthDate: '1990-01-01', unit: '0301' },
    { number: '7001', name: '王磊' },
    { number: '00201', name: '王雷' },
    { number: '00500', name: '陈芳' },
    { number: '8001', name: '李梅', birthDate: '1971-01-01', unit: '9999' },
    { number: '8002', name: '赵敏', birthDate: '1990-02-30' },
    { number: '8002', name: '赵敏' },
    { name: '没有工号' },
  ])
  expect(answer).toMatchObject({ doubtful: 4, added: 1, refused: 3, changed: 0 })
  const lines = await linesOf(answer.run)
  const line = (number: string) => lines.find((one) => one['number'] === number)!
  expect(line('300')).toMatchObject({
    outcome: 'doubtful',
    candidates: [ids['00300']],
    message: '可能是已有的人员：李梅（去掉前面的零后工号相同）',
  })
  expect(new Set(line('7001')['candidates'] as string[])).toEqual(new Set([ids['00200'], ids['00201']]))
  expect(line('00500')).toMatchObject({ outcome: 'doubtful', message: expect.stringContaining('已离职的人员又出现') as string })
  expect(line('8001')).toMatchObject({ outcome: 'refused', message: '没有对照的科室“9999”' })
  expect(line('00201')).toMatchObject({ outcome: 'doubtful' })
  expect((await act(line('300'), 'claim', { person: ids['00300'] })).status).toBe(200)
  expect(await numbersOf(ids['00300']!)).toEqual([{ value: '300', to: null }])
  expect((await act(line('300'), 'claim', { person: ids['00300'] })).text).toContain('这一条已经处理')
  expect(await feed([{ number: '300', name: '李梅', birthDate: '1990-01-01', unit: '0301' }])).toMatchObject({ same: 1, doubtful: 0 })
  // Nobody of the two: a third 王磊 gets his own file.
  expect((await act(line('7001'), 'claim', { person: null })).status).toBe(200)
  expect(await feed([{ number: '7001', name: '王磊' }])).toMatchObject({ same: 1, doubtful: 0 })
  expect((await act(line('00500'), 'claim', { person: ids['00500'] })).text).toContain('请先办理复职')
  expect((await act(line('00500'), 'ignore', { reason: ' ' })).text).toContain('请写明原因')
  expect((await act(line('00500'), 'ignore', { reason: '人力系统未清理' })).status).toBe(200)
})

test('whoever a full feed leaves out waits for a confirmed leaving; a third of the people at once stops the whole run until somebody decides', async () => {
  const many = Array.from({ length: 60 }, (_, i) => ({ number: `9${String(i).padStart(3, '0')}`, name: `员工${i}`, unit: 'XN' }))
  const whole = await feed(many)
  expect(whole).toMatchObject({ status: 'stopped', added: 60 })
  expect((await decideOn(whole.run, true, '新院区并入')).status).toBe(200)
  expect((await linesOf(whole.run)).every(({ status, person }) => status === 'done' && person !== null)).toBe(true)
  const told = (await h.kernel.db.query<{ value: string; name: string }>(`SELECT i.value, p.name FROM directory.identifier i JOIN directory.person p ON p.id = i.person WHERE i.system = 'HR' AND i."to" IS NULL ORDER BY i.value`)).map(({ value, name }) => ({ number: value, name }))
  const one = await feed(told.filter(({ number }) => number !== '9000'), true)
  expect(one).toMatchObject({ status: 'applied', missing: 1, changed: 0 })
  const [missing] = await linesOf(one.run)
  expect(missing).toMatchObject({ outcome: 'missing', status: 'open', name: '员工0' })
  expect(await file(String(missing!['person']))).toMatchObject({ status: 'active' })
  expect((await act(missing!, 'leave', { from: '2026-03-02', leaving: 'resigned' })).status).toBe(200)
  expect(await file(String(missing!['person']))).toMatchObject({ status: 'left' })

  const cut = await feed(told.filter(({ number }) => !number.startsWith('90') || number < '9040'), true)
  expect(cut).toMatchObject({ status: 'stopped' })
  expect(cut.missing).toBeGreaterThan(15)
  const [waiting] = await linesOf(cut.run)
  expect((await act(waiting!, 'leave', { from: '2026-03-02', leaving: 'resigned' })).text).toContain('请先处理批次')
  expect((await runOf(cut.run))['message']).toMatch(/超过上限 2(\.0)?%/)
  expect((await decideOn(cut.run, false, '')).text).toContain('请写明原因')
  expect((await decideOn(cut.run, false, '人力系统导出不全')).status).toBe(200)
  expect((await decideOn(cut.run, true, '再来')).text).toContain('这一批已经处理')
  const changes = await feed(many.slice(1, 41).map((line) => ({ ...line, unit: '0301' })))
  expect(changes).toMatchObject({ status: 'stopped', changed: 40 })
  expect(await file(String((await linesOf(changes.run))[0]!['person']))).toMatchObject({ unit: medicine })
  expect((await decideOn(changes.run, true, '科室调整')).status).toBe(200)
  expect(await file(String((await linesOf(changes.run))[0]!['person']))).toMatchObject({ unit: surgery })
  expect((await linesOf(changes.run)).every(({ status }) => status === 'done')).toBe(true)
}) // prettier-ignore

test('each fact has one source; who may not is refused, and so is what is no feed', async () => {
  const second = await officer.call('POST', '/api/records/organisation.feedSource', {
    name: 'OA',
    code: 'oa',
    system: 'OA',
    owns: ['mobile', 'email'],
  })
  expect(second.json<{ problems: FieldProblem[] }>().problems).toEqual([{ field: 'owns', message: '“手机”已由人力系统维护' }])
  expect((await office.call('POST', '/api/organisation/feeds/hr/people', { people: [{ number: '1', name: '甲' }] })).status).toBe(403)
  expect((await send([], false)).text).toContain('缺少 people')
  expect((await send([{ number: '1', name: '甲' }], false, 'none')).status).toBe(404)
})

test('a trial tells what would come of it and does nothing; a file names units as people do; the template has the columns of the source', async () => {
  const before = (await office.call('GET', '/api/records/organisation.feedRun?limit=200')).json<ListAnswer>().rows.length
  const people = [
    { number: '8100', name: '试算的', unit: '心内科', birthDate: '43952' },
    { number: '400', name: '阿卜杜拉·买买提' },
    { number: '8101', name: '某某', unit: '没有这个科' },
  ]
  const trial = await officer.call('POST', '/api/organisation/feeds/hr/people', { people, trial: true })
  expect(trial.json()).toMatchObject({ total: 3, added: 1, doubtful: 1, refused: 1, stopped: '', lines: [
    { outcome: 'refused', number: '8101', message: '没有对照的科室“没有这个科”' },
    { outcome: 'doubtful', number: '400' },
    { outcome: 'added', number: '8100' },
  ] })
  expect((await office.call('GET', '/api/records/organisation.feedRun?limit=200')).json<ListAnswer>().rows).toHaveLength(before)
  const done = await feed(people)
  expect(done).toMatchObject({ added: 1, doubtful: 1, refused: 1 })
  const made = (await linesOf(done.run)).find((one) => one['number'] === '8100')!
  expect(await file(String(made['person']))).toMatchObject({ unit: medicine, birthDate: '2020-05-01' })
  const template = await officer.call('GET', '/api/organisation/feeds/hr/template')
  expect([template.status, template.headers['content-type']]).toEqual([200, expect.stringContaining('spreadsheetml')])
}) // prettier-ignore
