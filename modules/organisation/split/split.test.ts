import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FieldProblem, ListAnswer, RecordAnswer, SummaryAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import type { OrganisationChart } from '../chart/chart.rules.ts'

let h: TestHospital
let office: HttpSession
let clerk: string
beforeAll(async () => {
  h = await hospital({ at: '2025-12-20' })
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2025-12-20'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
}
const make = (type: 'split' | 'merger', draft: object) =>
  office.call('POST', `/api/records/organisation.${type}`, { basisNumber: '院发〔2025〕20号', from: '2026-01-01', ...draft })
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems?: FieldProblem[] }>().problems ?? answer.json<{ title: string }>().title
const revoke = (type: 'split' | 'merger', { id, version }: RecordAnswer['record'], reason = '文件有变') =>
  office.call('POST', `/api/organisation/${type}s/${id}/revoke`, { version, reason })
const move = (person: string, toUnit: string, from: string) =>
  office.call('POST', '/api/records/organisation.movement', { person, kind: 'transfer', from, toUnit })
const counts = async (asOf: string) => {
  const answer = await office.call('GET', `/api/records/directory.person/summary?group=unit&asOf=${asOf}`)
  const { groups, titles } = answer.json<SummaryAnswer>()
  return Object.fromEntries(groups.map(({ keys, count }) => [titles['directory.unit']?.[String(keys[0])] ?? '', count]))
}
const chart = async (asOf: string) => (await office.call('GET', `/api/organisation/chart?asOf=${asOf}`)).json<OrganisationChart>().units
const unitOf = async (id: string) => (await h.kernel.directory()).people.get(id)!.unit

test('a split that cannot be is refused at its fields, and nothing of it is done', async () => {
  const old = await h.unit('皮肤科')
  const [one, two] = [await h.person('丙', { unit: '皮肤科' }), await h.person('丁', { unit: '皮肤科' })]
  const burns = await h.unit('烧伤科', { code: 'SS' })
  const stranger = await h.person('戊', { unit: '烧伤科' })
  const part = (more: object) => ({ name: '激光科', code: 'JG', people: [one], ...more })
  const asked: [object, FieldProblem[]][] = [
    [{ parts: [] }, [{ field: 'parts', message: '至少填写 1 行' }]],
    [{ parts: [part({ name: null })] }, [{ field: 'parts.0.name', message: '请填写新设科室的名称，或选择已有科室' }]],
    [{ parts: [part({ code: 'SS' })] }, [{ field: 'parts.0.code', message: '已有科室用这个编码' }]],
    [{ parts: [part({ into: burns })] }, [{ field: 'parts.0.into', message: '新设科室与已有科室只能填一种' }]],
    [{ parts: [{ into: old, people: [one] }] }, [{ field: 'parts.0.into', message: '不能是拆分的科室自己' }]],
    [{ parts: [{ into: burns }] }, [{ field: 'parts.0.people', message: '请选择转入这个科室的人员或下级科室' }]],
    [{ closes: true, parts: [part({})] }, [{ field: 'parts', message: '原科室停用，还没有安排：丁' }]],
    [{ parts: [part({}), part({ name: '美容科', code: 'MR' })] }, [{ field: 'parts.1.people', message: '丙已在前面安排' }]],
    [{ parts: [part({}), part({ people: [two] })] }, [{ field: 'parts.1.code', message: '与前面一行重复' }]],
  ]
  for (const [draft, wrong] of asked) expect(problems(await make('split', { unit: old, ...draft }))).toEqual(wrong)
  expect((await make('split', { unit: old, parts: [part({ people: [stranger] })] })).status).toBe(422)
  expect((await make('split', { unit: old, parts: [part({ head: two })] })).status).toBe(422)
  await move(two, burns, '2026-02-01')
  expect(problems(await make('split', { unit: old, parts: [part({ people: [one, two] })] }))).toEqual([
    { field: 'parts.0.people', message: '丁不能转入：2026-02-01 已有异动，请先撤销，或选择其后的日期' },
  ])
  const units = (await office.call('GET', `/api/records/directory.unit?search=${encodeURIComponent('激光')}`)).json<ListAnswer>().rows
  expect([units, await unitOf(one)]).toEqual([[], old])
})

test('a unit is divided in January into a new one and one that is there, and closes: people and what stood below go where they were put, and last year still adds up', async () => {
  const old = await h.unit('心血管科')
  const other = await h.unit('胸外科')
  const ward = await h.unit('心血管二病区', { kind: 'ward', parent: old })
  const [head, doctor, surgeon] = [await h.person('方岚', { unit: '心血管科', post: 'head' }), await h.person('许宁', { unit: '心血管科' }), await h.person('郭强', { unit: '心血管科', post: 'secretary' })]
  await h.person('胸外主任', { unit: '胸外科', post: 'head' })
  const part = { name: '心内介入科', code: 'XNJR', people: [head, doctor], head: doctor, units: [ward] }
  const made = record(await make('split', { unit: old, closes: true, parts: [part, { into: other, people: [surgeon] }] }))
  expect(made).toMatchObject({ number: 'CF-2025-00001', people: 3, units: 1, status: 'active' })
  const fresh = (made['parts'] as { into: string }[])[0]!
  expect(made['became']).toBe('心内介入科、胸外科')

  await at('2026-01-01')
  const directory = await h.kernel.directory()
  expect(directory.units.get(fresh.into)).toMatchObject({ name: '心内介入科', kind: 'department', parent: directory.units.get(old)!.parent })
  expect([directory.units.get(ward)!.parent, await unitOf(head), await unitOf(doctor), await unitOf(surgeon)]).toEqual([fresh.into, fresh.into, fresh.into, other])
  expect(directory.headsOf(ward, '2026-01-01')).toEqual([doctor])
  expect(directory.membershipsOf(head, '2026-01-01').map(({ unit, post }) => [unit, post])).toEqual([[fresh.into, 'member']])
  expect(directory.membershipsOf(surgeon, '2026-01-01').map(({ unit, post }) => [unit, post])).toEqual([[other, 'secretary']])
  expect(await counts('2025-12-31')).toMatchObject({ 心血管科: 3, 胸外科: 1 })
  expect(await counts('2026-01-01')).toMatchObject({ 心内介入科: 2, 胸外科: 2 })
  const [before, after] = [await chart('2025-12-31'), await chart('2026-01-01')]
  const total = (units: typeof before) => units.reduce((sum, { own }) => sum + own!.active, 0)
  expect([before.some(({ id }) => id === old), before.some(({ id }) => id === fresh.into), after.some(({ id }) => id === old)]).toEqual([true, false, false])
  expect([before.find(({ id }) => id === ward)!.parent, total(before)]).toEqual([old, total(after)])
}) // prettier-ignore

test('a split is taken back within three days, whole: people, posts, what stood below, the old unit; the new one is gone', async () => {
  const old = await h.unit('内镜科')
  const ward = await h.unit('内镜病区', { kind: 'ward', parent: old })
  const person = await h.person('钱进', { unit: '内镜科', post: 'head' })
  await at('2026-01-02')
  const parts = [{ name: '消化内镜中心', code: 'NJ2', people: [person], units: [ward] }]
  const made = record(await make('split', { unit: old, closes: true, from: '2026-01-02', parts }))
  const { into } = (made['parts'] as { into: string }[])[0]!
  expect((await h.kernel.directory()).units.has(into)).toBe(true)
  const filter = encodeURIComponent(JSON.stringify({ field: 'person', op: 'eq', value: person }))
  const [moved] = (await office.call('GET', `/api/records/organisation.movement?filter=${filter}`)).json<ListAnswer>().rows
  const single = await office.call('POST', `/api/organisation/movements/${moved!.id}/revoke`, {
    version: moved!['version'],
    reason: '只撤他',
  })
  expect(problems(single)).toBe('原科室 2026-01-01 已停用，不能单独撤销；请撤销那次科室合并或拆分')
  expect(problems(await revoke('split', made, ' '))).toBe('请填写撤销的原因')

  await at('2026-01-05')
  // Who came to the new unit since has to be somewhere first.
  const newcomer = record(await move(await h.person('新来者', { unit: '急诊科' }), into, '2026-01-05'))
  expect(problems(await revoke('split', made))).toBe('消化内镜中心此后又有新来者，请先转出')
  expect(await unitOf(person)).toBe(into)
  await office.call('POST', `/api/organisation/movements/${newcomer.id}/revoke`, { version: newcomer.version, reason: '登记有误' })
  expect(record(await revoke('split', made))).toMatchObject({ status: 'revoked', revokedReason: '文件有变', revokedOn: '2026-01-05' })
  const directory = await h.kernel.directory()
  expect([directory.units.has(into), directory.units.get(ward)!.parent, directory.people.get(person)!.unit]).toEqual([false, old, old])
  expect(directory.headsOf(ward, '2026-01-05')).toEqual([person])
  expect((await chart('2026-01-03')).find(({ id }) => id === old)).toBeDefined()
  expect(problems(await revoke('split', record(await office.call('GET', `/api/records/organisation.split/${made.id}`))))).toBe(
    '这次科室拆分已经撤销',
  )
})

test('a merger is taken back: whoever has moved on is named first; after three days it is too late', async () => {
  const [first, second, third] = [await h.unit('肾内科'), await h.unit('血透室'), await h.unit('风湿科')]
  const below = await h.unit('血透病区', { kind: 'ward', parent: second })
  const [stays, goes] = [await h.person('乔安', { unit: '血透室', post: 'head' }), await h.person('葛兰', { unit: '血透室' })]
  await at('2026-01-01')
  const made = record(await make('merger', { unit: second, into: first }))
  const gone = record(await move(goes, third, '2026-01-02'))
  await at('2026-01-02')
  expect(problems(await revoke('merger', made))).toBe('葛兰（2026-01-02）此后另有异动，请先撤销那些异动')
  expect(await unitOf(stays)).toBe(first)
  await office.call('POST', `/api/organisation/movements/${gone.id}/revoke`, { version: gone.version, reason: '登记有误' })
  const nurse = await h.signIn(stays)
  expect((await nurse.call('POST', `/api/organisation/mergers/${made.id}/revoke`, { version: made.version, reason: '试试' })).status).toBe(
    403,
  )
  expect(record(await revoke('merger', made))).toMatchObject({ status: 'revoked' })
  const directory = await h.kernel.directory()
  expect([directory.people.get(stays)!.unit, directory.people.get(goes)!.unit, directory.units.get(below)!.parent]).toEqual([
    second,
    second,
    second,
  ])
  expect(directory.headsOf(below, '2026-01-02')).toEqual([stays])
  const unit = record(await office.call('GET', `/api/records/directory.unit/${second}`))
  expect(unit['to']).toBeNull()
  expect(await counts('2026-01-02')).toMatchObject({ 血透室: 2 })
  const again = record(await make('merger', { unit: second, into: first, from: '2026-01-02' }))
  await at('2026-01-06')
  expect(problems(await revoke('merger', again))).toBe('2026-01-05 之后不能反悔，请办理新的合并或拆分')
})
