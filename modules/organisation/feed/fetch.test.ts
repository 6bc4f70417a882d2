import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { all, is, type ApiRecord, type ListAnswer } from '#model'
import { freshDatabase, type TestDatabase } from '#app/testing/database.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { WecomService } from '#app/testing/wecom-service.ts'
import { waysFromEnvironment } from '#kernel/server/access/outside/from-environment.ts'
import { fetchDue } from './fetch.ts'
import { slotsAround, type FetchAnswer, type FetchState } from './fetch.rules.ts'

const wecom = new WecomService()
let h: TestHospital, officer: HttpSession, keeper: string
let hrp: TestDatabase, there: pg.Client
let surgery: string, medicine: string
beforeAll(async () => {
  hrp = await freshDatabase()
  there = new pg.Client(hrp.adminUrl)
  await there.connect()
  await there.query(`CREATE SCHEMA hr; CREATE TABLE hr.staff ("工号" char(8), "姓名" text, dept text, birth_date timestamp, mobile text, gone boolean DEFAULT false);
    CREATE VIEW hr.v_people AS SELECT "工号", "姓名", dept AS "部门", birth_date, mobile FROM hr.staff WHERE NOT gone;
    CREATE VIEW hr.v_nameless AS SELECT "工号" FROM hr.staff;
    CREATE TABLE hr.leaves (key text, number text, name text, kind text, "from" date, until date, cancelled boolean);
    CREATE TABLE hr.depts (code text, name text, parent_code text);
    CREATE ROLE ${hrp.name}_reader LOGIN PASSWORD 'only-reads'; GRANT USAGE ON SCHEMA hr TO ${hrp.name}_reader; GRANT SELECT ON hr.v_people, hr.v_nameless, hr.leaves, hr.depts TO ${hrp.name}_reader`)
  await wecom.start()
  const address = new URL(hrp.adminUrl)
  Object.assign(address, { username: `${hrp.name}_reader`, password: 'only-reads', search: '' })
  const [wrong, away] = [new URL(address), new URL(address)]
  wrong.password = 'guessed'
  away.port = '1'
  h = await hospital({
    at: '2026-03-02',
    signIn: waysFromEnvironment({
      XINGLIN_FEED_HR_DATABASE: address.href, XINGLIN_FEED_HR_WRONG_DATABASE: wrong.href, XINGLIN_FEED_AWAY_DATABASE: away.href,
      XINGLIN_WECOM_CORP: wecom.corp, XINGLIN_WECOM_AGENT: wecom.agent, XINGLIN_WECOM_SECRET: wecom.secret, XINGLIN_WECOM_BASE: wecom.url,
    }),
  })
  surgery = await h.unit('普外科', { code: 'PW' })
  medicine = await h.unit('心内科', { code: 'XN' })
  keeper = await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] })
  officer = await h.signIn(keeper)
}) // prettier-ignore
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await wecom.stop()
  await there.query(`DROP OWNED BY ${hrp.name}_reader; DROP ROLE ${hrp.name}_reader`)
  await there.end()
  await hrp.drop()
})
beforeEach(async () => void (await there.query(`TRUNCATE hr.staff, hr.leaves, hr.depts`)))

async function source(code: string, more: object = {}): Promise<ApiRecord> {
  const draft = { name: `来源 ${code}`, code, system: code.toUpperCase(), way: 'view', peopleView: 'hr.v_people', rhythm: 'day', readAt: '05:00', contact: keeper, ...more }
  const answer = await officer.call('POST', '/api/records/organisation.feedSource', draft)
  expect(answer.status, answer.text).toBe(201)
  return answer.json<{ record: ApiRecord }>().record
} // prettier-ignore
async function readNow(code: string): Promise<FetchAnswer> {
  const answer = await officer.call('POST', `/api/organisation/feeds/${code}/fetch`, {})
  expect(answer.status, answer.text).toBe(200)
  return answer.json<FetchAnswer>()
}
async function put(...people: readonly (readonly [number: string, name: string, birth?: string])[]): Promise<void> {
  for (const [number, name, birth = null] of people) await there.query(`INSERT INTO hr.staff VALUES ($1, $2, 'PW', $3)`, [number, name, birth])
} // prettier-ignore
async function rows(resource: string, ...filters: Parameters<typeof all>): Promise<ApiRecord[]> {
  const query = new URLSearchParams({ filter: JSON.stringify(all(...filters)), limit: '200' })
  return (await officer.call('GET', `/api/records/${resource}?${query.toString()}`)).json<ListAnswer>().rows
}
const told = (): Promise<{ title: string }[]> =>
  h.kernel.db.query(`SELECT title FROM kernel.message WHERE person = $1 ORDER BY at, id`, [keeper])

test('a view is read as what its source would have sent: files are made, nothing happens twice, what changed there changes here, who is gone there awaits a confirmed leaving', async () => {
  const { id } = await source('hr', { owns: ['name', 'unit', 'birthDate'], tells: ['absences', 'units'], absencesView: 'hr.leaves', unitsView: 'hr.depts' })
  await put(['00101', '赵一', '1980-05-01'], ['00102', '钱二'], ['00103', '孙三'])
  await there.query(`INSERT INTO hr.leaves VALUES ('QJ-1', '00102', '钱二', '请假', '2026-03-02', '2026-03-05', false)`)
  await there.query(`INSERT INTO hr.depts VALUES ('PW', '普外科', NULL), ('K9', '疼痛科', 'PW')`)
  expect(await officer.call('GET', '/api/organisation/feeds/hr/fetch').then((answer) => answer.json<FetchState>())).toEqual({ way: 'view', next: '2026-03-02T21:00:00.000Z', lacks: null, last: null })
  const trial = await officer.call('POST', '/api/organisation/feeds/hr/fetch', { trial: true })
  expect(trial.json()).toMatchObject({ total: 3, added: 3 })
  expect(await rows('organisation.feedRun', is('source', id))).toEqual([])
  const { answers, fault } = await readNow('hr')
  expect(fault).toBeNull()
  expect(answers).toMatchObject([{ total: 2, changed: 1, doubtful: 1 }, { total: 3, added: 3 }, { total: 1, added: 1 }])
  const [one] = await rows('directory.person', is('name', '赵一'))
  expect(one).toMatchObject({ staffNumber: '00101', birthDate: '1980-05-01', unit: surgery })
  expect((await readNow('hr')).answers.slice(1)).toMatchObject([{ same: 3, changed: 0, added: 0 }, { same: 1 }])
  await there.query(`UPDATE hr.staff SET dept = 'XN' WHERE "工号" = '00101'; UPDATE hr.staff SET gone = true WHERE "工号" = '00103'`)
  expect((await readNow('hr')).answers[1]).toMatchObject({ changed: 1, missing: 1, status: 'applied' })
  expect((await rows('directory.person', is('name', '赵一')))[0]).toMatchObject({ unit: medicine })
  expect(await rows('organisation.feedLine', is('source', id), is('outcome', 'missing'))).toMatchObject([{ name: '孙三', status: 'open' }])
  expect((await rows('directory.person', is('name', '孙三')))[0]).toMatchObject({ status: 'active' })
}) // prettier-ignore

test('what cannot be read changes nothing and says why, its keeper hears of it once; an empty view never means that all have left', async () => {
  const reasonOf = async (code: string, more: object = {}): Promise<string | null> => {
    const { id, version } = await source(code, more)
    const { fault } = await readNow(code)
    expect(await rows('organisation.feedRun', is('source', id))).toMatchObject([{ status: 'failed', message: fault }])
    await officer.call('PATCH', `/api/records/organisation.feedSource/${id}`, { version, changes: { isStopped: true } })
    return fault
  }
  expect(await reasonOf('hr-wrong')).toBe('数据库不接受配置的用户名或密码')
  expect(await reasonOf('away')).toBe('连不上数据库')
  expect(await reasonOf('nowhere')).toBe('服务器上没有配置 XINGLIN_FEED_NOWHERE_DATABASE')
  const [{ id, version } = { id: '', version: 0 }] = await rows('organisation.feedSource', is('code', 'hr'))
  const change = async (changes: object) => {
    const current = (await rows('organisation.feedSource', is('id', id)))[0]!
    const answer = await officer.call('PATCH', `/api/records/organisation.feedSource/${id}`, { version: current.version, changes })
    expect(answer.status, answer.text).toBe(200)
  }
  expect(version).toBeGreaterThan(0)
  const before = (await told()).length
  expect((await readNow('hr')).fault).toBe('视图 hr.depts 没有一行：科室不会是空的')
  await change({ unitsView: null, absencesView: null })
  expect((await readNow('hr')).fault).toBe('视图 hr.v_people 没有一行：人员不会是空的')
  await change({ peopleView: 'hr.v_gone' })
  expect((await readNow('hr')).fault).toBe('没有视图 hr.v_gone')
  await change({ peopleView: 'hr.staff' })
  expect((await readNow('hr')).fault).toBe('没有读取 hr.staff 的权限')
  await change({ peopleView: 'hr.v_nameless' })
  await put(['00101', '赵一'])
  expect((await readNow('hr')).fault).toBe('视图 hr.v_nameless 缺少列 name')
  expect((await told()).slice(before)).toEqual([{ title: '没有读到来源 hr' }])
  expect((await rows('directory.person', is('name', '钱二')))[0]).toMatchObject({ status: 'away' })
  expect((await officer.call('GET', '/api/organisation/feeds/hr/fetch')).json<FetchState>().last).toMatchObject({ fault: '视图 hr.v_nameless 缺少列 name' })
  // What was read again may be told of again.
  await change({ peopleView: 'hr.v_people' })
  expect((await readNow('hr')).fault).toBeNull()
  await change({ peopleView: 'hr.v_gone' })
  await readNow('hr')
  expect((await told()).slice(before)).toHaveLength(2)
  const wrong = await officer.call('POST', '/api/records/organisation.feedSource', { name: '错', code: 'bad', system: 'BAD', way: 'view', peopleView: 'hr.v; DROP TABLE x', contact: keeper })
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('写法为 视图名 或 模式.视图名')])
  const nothing = await officer.call('POST', '/api/records/organisation.feedSource', { name: '错', code: 'bad', system: 'BAD', way: 'view', contact: keeper })
  expect([nothing.status, nothing.text]).toEqual([422, expect.stringContaining('至少填写一个视图')])
}) // prettier-ignore

test('too many changes at once stop the run, and its keeper hears of it once', async () => {
  const [{ id } = { id: '' }] = await rows('organisation.feedSource', is('code', 'hr'))
  const { version } = (await rows('organisation.feedSource', is('id', id)))[0]!
  await officer.call('PATCH', `/api/records/organisation.feedSource/${id}`, { version, changes: { peopleView: 'hr.v_people' } })
  await put(...Array.from({ length: 20 }, (_, i) => [`008${String(i).padStart(2, '0')}`, `新人${i}`] as const))
  const before = (await told()).length
  expect((await readNow('hr')).answers).toMatchObject([{ status: 'stopped', added: 20 }])
  expect((await readNow('hr')).answers).toMatchObject([{ status: 'stopped' }])
  expect((await told()).slice(before)).toEqual([{ title: '来源 hr变动过多，等待确认' }])
  expect(await rows('directory.person', is('name', '新人1'))).toEqual([])
})

test('a source is read when its time comes, by one process, and not for having been changed after it; stopped it rests', async () => {
  const [{ id } = { id: '' }] = await rows('organisation.feedSource', is('code', 'hr'))
  const runs = async () => (await rows('organisation.feedRun', is('source', id))).length
  await put(['00101', '赵一'])
  const before = await runs()
  await fetchDue(h.kernel)
  expect(await runs()).toBe(before)
  h.clock.set('2026-03-03T05:01:00+08:00')
  officer = await h.signIn(keeper)
  await Promise.all([fetchDue(h.kernel), fetchDue(h.kernel)])
  await fetchDue(h.kernel)
  expect(await runs()).toBe(before + 1)
  const { version } = (await rows('organisation.feedSource', is('id', id)))[0]!
  await officer.call('PATCH', `/api/records/organisation.feedSource/${id}`, { version, changes: { isStopped: true } })
  h.clock.set('2026-03-04T05:01:00+08:00')
  officer = await h.signIn(keeper)
  await fetchDue(h.kernel)
  expect(await runs()).toBe(before + 1)
})

test('WeCom’s address book: departments are units, members people, whoever has left is missing; an address that it does not trust is said', async () => {
  wecom.departments = [{ id: 1, name: '第一医院', parentid: 0 }, { id: 12, name: '普外科', parentid: 1 }]
  wecom.people.push(
    { userid: 'LiMing', name: '李明', department: [1, 12], main_department: 12, status: 1, gender: '1' },
    { userid: 'WuDi', name: '吴迪', department: [12], main_department: 12, status: 1 },
    { userid: 'Left', name: '走了的', department: [12], main_department: 12, status: 5 },
  )
  const { id } = await source('wecom', { way: 'wecom', peopleView: null, rhythm: 'hour', tells: ['units'] })
  await h.create('organisation.unitCode', { system: 'WECOM', code: '12', name: '普外科', unit: surgery })
  const { answers } = await readNow('wecom')
  expect(answers[1]).toMatchObject({ total: 2, added: 2 })
  expect((await rows('directory.person', is('name', '李明')))[0]).toMatchObject({ staffNumber: 'LiMing', sex: 'male', unit: surgery })
  expect(await rows('directory.person', is('name', '走了的'))).toEqual([])
  wecom.people[1]!.status = 5
  expect((await readNow('wecom')).answers[1]).toMatchObject({ same: 1, missing: 1 })
  wecom.fault = 'setup'
  expect((await readNow('wecom')).fault).toBe('企业微信没有给出通讯录（60020，本机地址不在应用的可信 IP 中）')
  wecom.fault = 'away'
  expect((await readNow('wecom')).fault).toBe('连不上企业微信')
  expect(await rows('organisation.feedRun', is('source', id), is('status', 'failed'))).toHaveLength(2)
}) // prettier-ignore

test('times of reading lie on the hospital’s wall', () => {
  const now = new Date('2026-03-02T04:30:00Z')
  const at = (rhythm: 'hour' | 'fourHours' | 'day', time = '05:00') => Object.values(slotsAround(rhythm, time, now)!).map((one) => one.toISOString())
  expect(at('hour')).toEqual(['2026-03-02T04:00:00.000Z', '2026-03-02T05:00:00.000Z'])
  expect(at('fourHours')).toEqual(['2026-03-02T04:00:00.000Z', '2026-03-02T08:00:00.000Z'])
  expect(at('day')).toEqual(['2026-03-01T21:00:00.000Z', '2026-03-02T21:00:00.000Z'])
  expect(at('day', '13:00')).toEqual(['2026-03-01T05:00:00.000Z', '2026-03-02T05:00:00.000Z'])
  expect(slotsAround('asked', '05:00', now)).toBeNull()
}) // prettier-ignore

test('an address that cannot be read is refused at the start, and never shown', () => {
  const start = (value: string) => () => waysFromEnvironment({ XINGLIN_FEED_HR_DATABASE: value })
  for (const wrong of ['hr:geheim@db', 'mysql://hr:geheim@db/hr', 'postgres://hr:geheim@db', 'postgres://hr:geheim@db/hr?sslmode=disable'])
    expect(start(wrong), wrong).toThrow(/^XINGLIN_FEED_HR_DATABASE 不对，应为 postgres:\/\/用户:密码@主机\[:端口\]\/数据库$/)
  expect(waysFromEnvironment({ XINGLIN_FEED_HR_2_DATABASE: 'postgres://hr:geheim@db/hr' }).databases.has('hr-2')).toBe(true)
})
