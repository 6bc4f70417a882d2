import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, is, type ApiRecord, type ListAnswer, type RecordAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { FeedAnswer } from './feed.rules.ts'

let h: TestHospital
let office: HttpSession, officer: HttpSession
const ids: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  for (const [code, name, more] of [['W', '外科', {}], ['PW', '普外科', {}], ['GK', '骨科', {}], ['N', '内科', {}], ['OLD', '老年科', { to: '2026-01-31' }]] as const)
    ids[code] = await h.unit(name, { code, ...more })
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  officer = await h.signIn(await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] }))
  await officer.call('POST', '/api/records/organisation.feedSource', { name: '运营系统', code: 'hrp', system: 'HRP', tells: ['unitFacts'] })
  await officer.call('POST', '/api/records/organisation.feedSource', { name: '医院信息系统', code: 'his', system: 'HIS', tells: ['units'] })
}) // prettier-ignore
afterAll(() => h[Symbol.asyncDispose]())
async function tell(units: object[], { full = false, code = 'hrp' } = {}): Promise<FeedAnswer> {
  const answer = await officer.call('POST', `/api/organisation/feeds/${code}/units`, { units, full })
  expect(answer.status, answer.text).toBe(200)
  return answer.json<FeedAnswer>()
}
async function rowsOf(type: string, ...conditions: Parameters<typeof all>): Promise<ApiRecord[]> {
  const query = new URLSearchParams({ filter: JSON.stringify(all(...conditions)), sort: '-createdAt', limit: '200' })
  return (await office.call('GET', `/api/records/${type}?${query.toString()}`)).json<ListAnswer>().rows
}
const waiting = async (number: string) => (await rowsOf('organisation.feedLine', is('number', number), is('status', 'open')))[0]!
const unit = async (code: string) => (await rowsOf('directory.unit', is('code', code)))[0]!
const claim = (line: ApiRecord, body: object) =>
  office.call('POST', `/api/organisation/feed-lines/${line.id}/claim`, { version: line.version, ...body })

test('known by its code, a unit follows its source from the day that is told; the same again changes nothing', async () => {
  const told = [
    { code: 'W', name: '外科' },
    { code: 'PW', name: '普外科', parentCode: 'W' },
    { code: 'GK', name: '骨 科', parentCode: 'W', from: '2026.3.15' },
  ]
  expect(await tell(told)).toMatchObject({ status: 'applied', total: 3, changed: 3, doubtful: 0, refused: 0 })
  expect((await unit('PW'))['parent']).toBe(ids['W'])
  expect(await rowsOf('organisation.unitCode', is('system', 'HRP'))).toHaveLength(3)
  const renamed = [{ code: 'PW', name: '普通外科', parentCode: 'W', from: '2026-02-01' }, { code: 'GK', name: '骨科中心', from: '2026-04-01' }]
  expect(await tell(renamed)).toMatchObject({ changed: 2 })
  expect((await unit('PW'))['name']).toBe('普通外科')
  // 骨 科 on the 15th and 骨科中心 in April are planned; today it is what it was.
  expect((await unit('GK'))['name']).toBe('骨科')
  const track = (await office.call('GET', `/api/records/directory.unit/${ids['GK']}/timeline`)).text
  expect(track).toContain('2026-04-01')
  expect(await tell([{ code: 'PW', name: '普通外科', parentCode: 'W' }, renamed[1]!])).toMatchObject({ same: 2, changed: 0 })
}) // prettier-ignore

test('what cannot be stands as a line with its reason: under its own child, an unknown parent, closed, no name', async () => {
  const answer = await tell([
    { code: 'W', name: '外科', parentCode: 'PW' },
    { code: 'PW', name: '普通外科', parentCode: '9999' },
    { code: 'OLD', name: '老年科' },
    { code: 'X' },
    { code: 'GK', name: '骨科', to: '2026-02-01' },
  ])
  expect(answer).toMatchObject({ refused: 4, missing: 1, changed: 0 })
  const words = await Promise.all(['W', 'PW', 'OLD', 'X', 'GK'].map(async (code) => (await waiting(code))['message']))
  expect(words).toEqual(['上级是它自己，或在它之下', '没有对照的上级“9999”', '该科室 2026-01-31 已停用', '缺少名称，或名称超过 80 字', '来源里 2026-02-01 停用'])
  expect((await unit('GK'))['to']).toBeNull()
}) // prettier-ignore

test('a new unit is claimed as one of the house or made, never guessed; told again it waits once', async () => {
  const told = [{ code: 'N', name: '心血管内科' }, { code: '0401', name: '内科' }, { code: '0402', name: '疼痛科', parentCode: 'W', kind: '科室' }]
  expect(await tell(told)).toMatchObject({ doubtful: 3 })
  expect(await tell(told)).toMatchObject({ doubtful: 3 })
  expect(await rowsOf('organisation.feedLine', is('number', '0401'), is('status', 'open'))).toHaveLength(1)
  expect(await waiting('N')).toMatchObject({ likeUnits: [ids['N']], message: '可能是已有的科室：内科' })
  expect((await claim(await waiting('0401'), { unit: ids['OLD'] })).text).toContain('已停用')
  expect((await claim(await waiting('0401'), { unit: ids['N'] })).status).toBe(200)
  expect((await claim(await waiting('0402'), { unit: null })).text).toContain('请选择科室类型')
  expect((await claim(await waiting('0402'), { unit: null, kind: 'department' })).status).toBe(200)
  expect(await unit('0402')).toMatchObject({ name: '疼痛科', parent: ids['W'], kind: 'department' })
  expect(await tell(told.slice(1))).toMatchObject({ same: 2, doubtful: 0 })
}) // prettier-ignore

test('what a full feed leaves out waits and is never closed; where several codes mean one unit none of their names counts; only one source looks after units', async () => {
  expect(await tell([{ code: 'W', name: '外科' }, { code: 'PW', name: '普通外科' }, { code: '0401', name: '内科' }, { code: '0402', name: '疼痛科' }], { full: true })).toMatchObject({ missing: 1 })
  expect(await waiting('GK')).toMatchObject({ outcome: 'missing', message: '来源里没有了', unit: ids['GK'] })
  expect((await unit('GK'))['to']).toBeNull()
  for (const code of ['N-MZ', 'N-ZY']) await office.call('POST', '/api/records/organisation.unitCode', { system: 'HRP', code, unit: ids['N'] })
  expect(await tell([{ code: 'N-MZ', name: '内科门诊' }, { code: 'N-ZY', name: '内科住院' }])).toMatchObject({ same: 2 })
  await office.call('POST', '/api/records/organisation.unitCode', { system: 'HIS', code: '77', unit: ids['PW'] })
  expect(await tell([{ code: '77', name: '普外' }], { code: 'his' })).toMatchObject({ same: 1, changed: 0 })
  const second = await officer.call('POST', '/api/records/organisation.feedSource', { name: '另一个', code: 'other', system: 'O', tells: ['unitFacts'] })
  expect(second.text).toContain('科室已由运营系统维护')
}) // prettier-ignore

test('too many changes at once wait as a whole until somebody decides', async () => {
  const many = Array.from({ length: 12 }, (_, i) => ({ code: `M${i}`, name: `门诊${i}` }))
  for (const { code, name } of many) await office.call('POST', '/api/records/organisation.unitCode', { system: 'HRP', code, unit: await h.unit(name, { code }) })
  const run = await tell(many.map((one) => ({ ...one, name: `${one.name}部` })))
  expect(run).toMatchObject({ status: 'stopped', changed: 12 })
  expect((await unit('M0'))['name']).toBe('门诊0')
  const { version } = (await office.call('GET', `/api/records/organisation.feedRun/${run.run}`)).json<RecordAnswer>().record
  expect((await office.call('POST', `/api/organisation/feed-runs/${run.run}/decide`, { version, apply: true, reason: '年度更名' })).status).toBe(200)
  expect((await unit('M0'))['name']).toBe('门诊0部')
  expect((await rowsOf('organisation.feedLine', is('run', run.run))).every((one) => one['status'] === 'done')).toBe(true)
}) // prettier-ignore
