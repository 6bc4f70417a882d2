import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  emergencyLimits, files, identityNumber, may, module, person, resource, text, unit,
  type EmergencyAnswer, type EmergencyOpened, type RecordAnswer, type RecordGrantItem, type TodoItem,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { handleEvents } from '../jobs/outbox.ts'
import { setDeleted } from '../records/deletion.ts'
import { createRecord, updateRecordOf } from '../records/write.ts'
import { endStopped, sweepEmergencies } from './end.ts'

const dossier = resource('trial.dossier', {
  label: '卷宗',
  title: 'name',
  owner: { person: 'keeper', department: 'unit' },
  indexes: [['number']],
  emergency: { by: ['number'], maxMinutes: 120 },
  fields: {
    name: text('名称', { required: true }),
    number: text('编号'),
    keeper: person('保管人'),
    unit: unit('科室'),
    cost: text('金额'),
    idNumber: identityNumber('证件号码'),
    scans: files('扫描件'),
  },
})
const trial = module('trial', {
  label: '试用',
  resources: [dossier],
  roles: {
    staffMember: [may.readOwn(dossier, { hide: ['cost'] })],
    departmentHead: [may.use('security.emergency')],
    medicalOffice: [may.all(dossier, 'hospital', { show: 'all' })],
  },
})

let h: TestHospital
const ids: Record<string, string> = {}
const sessions = new Map<string, { session: HttpSession; at: number }>()
/** As this person, who signs in again where he would have been signed out for having gone away. */
async function call(who: string, method: string, url: string, body?: unknown) {
  const now = h.clock.now().getTime()
  const known = sessions.get(who)
  const isFresh = known !== undefined && now - known.at < 600_000
  const session = isFresh ? known.session : await h.signIn(ids[who]!)
  sessions.set(who, { session, at: now })
  return session.call(method, url, body)
}
let id: string
let day = 1
/** Each test has a day of its own: what was opened before counts no more. */
const nextDay = async () => {
  h.clock.set(`2026-07-${String(day++).padStart(2, '0')}T01:00:00Z`)
  await sweepEmergencies(h.kernel)
}
const later = (minutes: number) => h.clock.set(new Date(h.clock.now().getTime() + minutes * 60_000).toISOString())
const path = () => `/api/records/trial.dossier/${id}`
const asked = { resource: 'trial.dossier', key: 'number', value: 'N-1', cause: 'onDuty', reason: '夜间值班须核对病历归档', minutes: 30 }
const open = (who = '主任', more: object = {}) => call(who, 'POST', '/api/emergency', { ...asked, ...more })
const opened = async (who = '主任', more: object = {}) => {
  const answer = await open(who, more)
  expect(answer.status, answer.text).toBe(201)
  return answer.json<EmergencyOpened>()
}
const problemsOf = (answer: { json<T>(): T }) => answer.json<{ problems: { field: string }[] }>().problems.map(({ field }) => field)
const access = async (which: string | null, who = '安全') =>
  (await call(who, 'GET', `/api/records/security.emergencyAccess/${which}`)).json<RecordAnswer>().record
const statusOf = async (who: string) => (await call(who, 'GET', path())).status
const messages = async (who: string, link: string) =>
  (await h.kernel.db.query<{ title: string }>(`SELECT title FROM kernel.message WHERE person = $1 AND link = $2 ORDER BY at DESC, id DESC`, [ids[who], link])).map(({ title }) => title) // prettier-ignore
const todos = async (who: string, link: string) =>
  (await call(who, 'GET', '/api/todos')).json<TodoItem[]>().filter((one) => one.link === link) // prettier-ignore
const linkTo = (which: string | null) => `/r/security.emergencyAccess/${which}`
const review = (who: string, which: string | null, verdict: string, words = '已核对值班表') =>
  call(who, 'POST', `/api/emergency/${which}/review`, { verdict, review: words })

beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  const add = async (name: string, more: Parameters<TestHospital['person']>[1] = {}) => void (ids[name] = await h.person(name, more))
  await add('院长', { unit: '总院', post: 'head' })
  await add('主任', { post: 'head', roles: ['departmentHead'] })
  await add('副主任', { roles: ['departmentHead'] })
  await add('保管', { unit: '儿科' })
  await add('职工', { unit: '儿科' })
  await add('办公室', { unit: '医务处', roles: ['medicalOffice'] })
  await add('安全', { unit: '信息科', roles: ['securityOfficer'] })
  await add('安全二', { unit: '信息科', roles: ['securityOfficer'] })
  await add('系统', { unit: '信息科', roles: ['systemOfficer'] })
  await add('审计', { unit: '信息科', roles: ['auditOfficer'] })
  const values = { name: '一号卷', number: 'N-1', keeper: ids['保管'], unit: await h.unit('儿科'), cost: '三万', idNumber: 'E1234567' }
  id = (await h.create('trial.dossier', values)).id
  for (const number of ['N-2', 'N-3', 'N-4']) await h.create('trial.dossier', { name: number, number })
  // From here on events are handed out.
  while (await handleEvents(h.kernel));
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(nextDay)

describe('a record opened in an emergency', () => {
  test('is read by whoever opened it, as the strictest of all roles would, and by nothing else; in no list, no change, no sharing', async () => {
    expect(await statusOf('主任')).toBe(404)
    const { record, access: which } = await opened()
    expect([record, typeof which]).toEqual([id, 'string'])
    const seen = (await call('主任', 'GET', path())).json<RecordAnswer>().record
    expect(seen).toMatchObject({ name: '一号卷', idNumber: 'E******7', may: { update: false, delete: false, share: false }, emergency: { id: which } })
    expect('cost' in seen).toBe(false)
    expect((await call('主任', 'GET', `${path()}/history`)).text).not.toContain('三万')
    expect((await call('主任', 'GET', '/api/records/trial.dossier')).json<{ rows?: unknown[] }>().rows ?? []).toEqual([])
    expect((await call('主任', 'PATCH', path(), { version: 1, changes: { name: '改名' } })).status).toBe(403)
    expect((await call('主任', 'POST', `${path()}/grants`, { person: ids['职工'], level: 'read', until: '2026-07-20' })).status).toBe(403)
    expect([await statusOf('副主任'), await statusOf('职工')]).toEqual([404, 404])
    // Neither among what colleagues gave, nor taken back as such.
    expect((await call('主任', 'GET', '/api/given-records')).json()).toEqual({ records: [] })
  }) // prettier-ignore

  test('every reading is counted, and stands in the audit with the access; of the history too', async () => {
    const { access: which } = await opened()
    for (const url of [path(), `${path()}/history`]) expect((await call('主任', 'GET', url)).status).toBe(200)
    const read = await h.kernel.db.query<{ detail: { access: string } }>(`SELECT detail FROM kernel.audit_entry WHERE act = 'emergency.read' AND detail->>'access' = $1`, [which]) // prettier-ignore
    expect(read.length).toBe(2)
    expect((await call('主任', 'POST', `/api/emergency/${which}/end`)).status).toBe(200)
    expect(await access(which)).toMatchObject({ reads: 2, status: 'ended', end: 'byHand' })
    expect((await call('主任', 'POST', `/api/emergency/${which}/end`)).json()).toMatchObject({ code: 'flowRefused' })
  })

  test('opens the files that the record shows, and closes them with it', async () => {
    const part =
      '--x\r\ncontent-disposition: form-data; name="file"; filename="一号卷.txt"\r\ncontent-type: text/plain\r\n\r\n内容\r\n--x--\r\n'
    const session = await h.signIn(ids['办公室']!)
    const sent = await session.call('POST', '/api/files', part, { 'content-type': 'multipart/form-data; boundary=x' })
    const paper = sent.json<{ id: string }>().id
    await createRecord(h.kernel, await h.as(ids['办公室']!), 'trial.dossier', { name: '附件卷', number: 'N-5', scans: [paper] })
    const fileStatus = async () => (await call('主任', 'GET', `/api/files/${paper}`)).status
    expect(await fileStatus()).toBe(404)
    const { access: which } = await opened('主任', { value: 'N-5' })
    expect(await fileStatus()).toBe(200)
    await call('主任', 'POST', `/api/emergency/${which}/end`)
    expect([await fileStatus(), (await access(which))['reads']]).toEqual([404, 1])
  })

  test('ends at its minute, by itself; what is written down is the minute that was promised', async () => {
    const { access: which } = await opened('主任', { minutes: 15 })
    later(14.9)
    expect(await statusOf('主任')).toBe(200)
    later(0.1)
    expect(await statusOf('主任')).toBe(404)
    expect((await call('主任', 'GET', '/api/emergency')).json<EmergencyAnswer>().open).toEqual([])
    later(3)
    await sweepEmergencies(h.kernel)
    const ended = await access(which)
    expect([ended['status'], ended['end'], ended['endedAt']]).toEqual(['ended', 'expired', ended['until']])
  })

  test('ends by hand at once, by nobody else’s', async () => {
    const { access: which } = await opened()
    for (const who of ['副主任', '安全']) expect((await call(who, 'POST', `/api/emergency/${which}/end`)).status).toBe(404)
    expect(await statusOf('主任')).toBe(200)
    await call('主任', 'POST', `/api/emergency/${which}/end`)
    expect(await statusOf('主任')).toBe(404)
  })

  test('ends when the account is stopped, and when the right is taken away; it does not come back with them', async () => {
    const { access: which } = await opened('副主任')
    const [account] = await h.kernel.db.query<{ id: string }>(`SELECT id FROM security.account WHERE person = $1`, [ids['副主任']])
    const version = async () => (await h.kernel.db.query<{ version: number }>(`SELECT version FROM security.account WHERE id = $1`, [account!.id]))[0]!.version // prettier-ignore
    const set = async (changes: object) => updateRecordOf(h.kernel, await h.system(), 'security.account', account!.id, await version(), changes as never, { byModule: true }) // prettier-ignore
    await set({ status: 'disabled', reason: '调查' })
    while (await handleEvents(h.kernel));
    expect(await access(which)).toMatchObject({ status: 'ended', end: 'stopped' })
    await set({ status: 'active', reason: null })
    sessions.delete('副主任')
    expect(await statusOf('副主任')).toBe(404)

    const second = await opened('副主任')
    const [role] = await h.kernel.db.query<{ id: string; version: number }>(`SELECT id, version FROM directory.role_assignment WHERE person = $1`, [ids['副主任']]) // prettier-ignore
    await h.kernel.db.query(`UPDATE directory.role_assignment SET status = 'ended' WHERE id = $1`, [role!.id])
    h.kernel.directoryChanged()
    await endStopped(h.kernel)
    expect(await access(second.access)).toMatchObject({ end: 'stopped' })
    await h.kernel.db.query(`UPDATE directory.role_assignment SET status = 'active' WHERE id = $1`, [role!.id])
    h.kernel.directoryChanged()
  })

  test('counts for nothing where a colleague opens the record meanwhile; what he gave stays when it ends', async () => {
    const { access: which } = await opened()
    const until = h.clock.now().toISOString().slice(0, 10)
    expect((await call('保管', 'POST', `${path()}/grants`, { person: ids['主任'], level: 'read', until })).status).toBe(201)
    expect((await call('主任', 'GET', path())).json<RecordAnswer>().record.emergency).toBeUndefined()
    const { grants } = (await call('保管', 'GET', `${path()}/grants`)).json<{ grants: RecordGrantItem[] }>()
    expect(grants).toHaveLength(1)
    await call('主任', 'POST', `/api/emergency/${which}/end`)
    expect([await statusOf('主任'), (await access(which))['reads']]).toEqual([200, 0])
    expect((await call('保管', 'POST', `/api/record-grants/${grants[0]!.id}/withdraw`)).status).toBe(200)
    expect(await statusOf('主任')).toBe(404)
  })

  test('is no way to what was deleted', async () => {
    await opened()
    await setDeleted(h.kernel, await h.as(ids['办公室']!), 'trial.dossier', id, true, null)
    expect(await statusOf('主任')).toBe(404)
    expect((await open('副主任')).status).toBe(404)
    await setDeleted(h.kernel, await h.as(ids['办公室']!), 'trial.dossier', id, false, null)
    expect(await statusOf('主任')).toBe(200)
  })
})

describe('asking for it', () => {
  test('takes the right, a person, and no officer', async () => {
    for (const who of ['职工', '安全', '系统', '审计']) expect((await open(who)).status, who).toBe(403)
    expect((await call('职工', 'GET', '/api/emergency')).status).toBe(403)
    expect((await call('主任', 'GET', '/api/emergency')).json<EmergencyAnswer>()).toMatchObject({
      leftToday: 10,
      types: expect.arrayContaining([
        { name: 'trial.dossier', label: '卷宗', maxMinutes: 120, keys: [{ key: 'number', label: '编号' }] },
        { name: 'staff.practitioner', label: '医务人员', maxMinutes: 120, keys: [{ key: 'staffNumber', label: '工号' }] },
      ]) as unknown,
    })
  })

  test('names what is wrong at its place', async () => {
    const wrong = { resource: 'trial.dossier', key: 'cost', value: ' ', cause: 'constructor', reason: '急 ', minutes: 14 }
    expect(problemsOf(await open('主任', wrong))).toEqual(['key', 'value', 'cause', 'reason', 'minutes'])
    expect(problemsOf(await open('主任', { minutes: 121 }))).toEqual(['minutes'])
    expect(problemsOf(await open('主任', { resource: 'directory.unit' }))).toEqual(['resource'])
    for (const more of [{ minutes: '30' }, { minutes: 20.5 }]) expect(problemsOf(await open('主任', more))).toEqual(['minutes'])
    const { access: which } = await opened('主任', { minutes: undefined })
    const { from, until } = await access(which)
    expect(Date.parse(until as string) - Date.parse(from as string)).toBe(60 * 60_000)
  })

  test('a key is exact; what names nothing is refused alike, counted, and audited', async () => {
    for (const value of ['N', 'N-', 'n-1', 'N%', 'N-9']) expect((await open('主任', { value })).json()).toMatchObject({ code: 'notFound', title: '无此记录，请核对后重填' }) // prettier-ignore
    // Locked: the right key neither.
    expect((await open()).json()).toMatchObject({ code: 'flowRefused' })
    expect(await statusOf('主任')).toBe(404)
    expect((await open('副主任')).status).toBe(201)
    const audited = await h.kernel.db.query(`SELECT 1 FROM kernel.audit_entry WHERE act = 'emergency.try' AND outcome = 'refused' AND actor = $1 AND at > $2`, [ids['主任'], new Date(h.clock.now().getTime() - 1000).toISOString()]) // prettier-ignore
    expect(audited.length).toBe(6)
    later(61)
    await opened()
  })

  test('many wrong keys at the same instant are no way round', async () => {
    await call('副主任', 'GET', '/api/emergency')
    const answers = await Promise.all(Array.from({ length: 12 }, () => open('副主任', { value: 'X' })))
    expect(answers.filter(({ status }) => status === 404).length).toBe(emergencyLimits.wrongKeys)
  })

  test('right keys are no wrong tries; of a key that two records use neither is opened', async () => {
    const twin = await h.create('trial.dossier', { name: '又一卷', number: 'N-1' })
    expect((await open()).json()).toMatchObject({ code: 'flowRefused' })
    await setDeleted(h.kernel, await h.system(), 'trial.dossier', twin.id, true, null)
    await opened()
  })

  test('three at once, ten a day; who may see it anyhow opens nothing', async () => {
    for (const value of ['N-1', 'N-2', 'N-3']) await opened('主任', { value })
    expect((await open('主任', { value: 'N-4' })).json()).toMatchObject({ code: 'flowRefused' })
    later(30)
    const began = async (count: number) => {
      for (let n = 0; n < count; n++) {
        const { access: which } = await opened('主任', { value: 'N-4', minutes: 15 })
        await call('主任', 'POST', `/api/emergency/${which}/end`)
      }
    }
    await began(7)
    expect((await open()).json()).toMatchObject({ code: 'flowRefused', title: '每天最多 10 次应急访问，今天已用完' })
    expect((await call('主任', 'GET', '/api/emergency')).json()).toMatchObject({ leftToday: 0 })
    expect(await opened('办公室')).toMatchObject({ record: id, access: null })
    await opened('副主任')
    expect(await opened('副主任')).toMatchObject({ record: id, access: null })
  })

  test('four at the same instant are three', async () => {
    await call('副主任', 'GET', '/api/emergency')
    const answers = await Promise.all(['N-1', 'N-2', 'N-3', 'N-4'].map((value) => open('副主任', { value })))
    expect([201, 409].map((wanted) => answers.filter(({ status }) => status === wanted).length)).toEqual([3, 1])
  })
})

describe('who is told, and who reviews', () => {
  test('the person concerned, the head, the officers of security, each at once; for a head those above him', async () => {
    const { access: which } = await opened('副主任')
    const link = linkTo(which)
    expect(await messages('保管', link)).toEqual(['副主任（骨科）应急查看了您的卷宗记录'])
    expect(await messages('主任', link)).toEqual(['副主任（骨科）发起了应急访问'])
    for (const who of ['安全', '安全二']) {
      expect(await messages(who, link)).toEqual(['副主任（骨科）发起了应急访问，待复核'])
      expect(await todos(who, link)).toHaveLength(1)
    }
    expect([await messages('副主任', link), await messages('院长', link), await messages('职工', link)]).toEqual([[], [], []])
    const own = linkTo((await opened('主任')).access)
    expect([await messages('院长', own), await messages('主任', own)]).toEqual([['主任（骨科）发起了应急访问'], []])
  })

  test('it is read by who looked, by those who were told, and by the three officers; from where is the officers’ matter', async () => {
    const { access: which } = await opened('副主任')
    const statuses = async (...who: string[]) => Promise.all(who.map(async (one) => (await call(one, 'GET', `/api/records/security.emergencyAccess/${which}`)).status)) // prettier-ignore
    expect(await statuses('副主任', '保管', '主任', '安全', '系统', '审计')).toEqual([200, 200, 200, 200, 200, 200])
    expect(await statuses('职工', '办公室', '院长')).toEqual([404, 404, 404])
    expect(await access(which)).toMatchObject({ address: '127.0.0.1', reason: asked.reason, cause: 'onDuty', recordTitle: '一号卷' })
    for (const who of ['副主任', '保管']) expect(Object.keys(await access(which, who))).not.toContain('address')
    const rows = async (who: string) => (await call(who, 'GET', '/api/records/security.emergencyAccess')).json<{ rows: { id: string }[] }>().rows.map((row) => row.id) // prettier-ignore
    expect(await rows('保管')).toContain(which)
    expect(await rows('职工')).toEqual([])
    expect((await call('副主任', 'DELETE', `/api/records/security.emergencyAccess/${which}?version=1`)).status).toBe(403)
  })

  test('an officer of security finds it justified once it has ended; who looked is told, and nobody judges twice', async () => {
    const { access: which } = await opened('副主任')
    expect((await review('副主任', which, 'justified')).status).toBe(403)
    expect((await review('审计', which, 'justified')).status).toBe(403)
    expect((await review('安全', which, 'justified')).json()).toMatchObject({ code: 'flowRefused' })
    later(31)
    expect((await review('安全', which, 'justified', ' ')).json()['problems']).toMatchObject([{ field: 'review' }])
    expect((await review('安全', which, 'perhaps')).status).toBe(400)
    expect((await review('安全', which, 'justified')).status).toBe(200)
    expect(await access(which)).toMatchObject({ status: 'justified', end: 'expired', review: '已核对值班表', reviewer: ids['安全'] })
    expect((await review('安全二', which, 'unjustified')).json()).toMatchObject({ code: 'flowRefused', title: '已有人复核' })
    expect([await messages('副主任', linkTo(which)), await messages('主任', linkTo(which))]).toEqual([['您的应急访问已复核：理由成立'], ['副主任（骨科）发起了应急访问']]) // prettier-ignore
    for (const who of ['安全', '安全二']) expect(await todos(who, linkTo(which))).toEqual([])
  })

  test('found unjustified while it is open it ends at once; the person and his head are told', async () => {
    const { access: which } = await opened('副主任')
    expect((await review('安全', which, 'unjustified', '当日没有值班')).status).toBe(200)
    expect(await statusOf('副主任')).toBe(404)
    expect(await access(which)).toMatchObject({ status: 'unjustified', end: 'review' })
    expect((await messages('副主任', linkTo(which)))[0]).toBe('您的应急访问经复核，理由不成立')
    expect((await messages('主任', linkTo(which)))[0]).toBe('副主任的应急访问经复核，理由不成立')
  })

  test('whoever looked never reviews it, also when he has become an officer', async () => {
    const { access: which } = await opened('副主任')
    later(31)
    await h.kernel.db.query(`UPDATE security.emergency_access SET person = $2 WHERE id = $1`, [which, ids['安全']])
    expect((await review('安全', which, 'justified')).status).toBe(403)
    expect((await review('安全二', which, 'justified')).status).toBe(200)
  })

  test('what nobody has reviewed in 24 hours is told again once a day, also to audit, and back among the to-dos', async () => {
    const { access: which } = await opened('副主任')
    const link = linkTo(which)
    for (const { id: one } of await todos('安全', link)) await call('安全', 'POST', `/api/todos/${one}/close`)
    const overdue = '应急访问超过 24 小时没有复核'
    const told = async (who: string) => (await messages(who, link)).filter((title) => title === overdue).length // prettier-ignore
    later(24 * 60 - 1)
    await sweepEmergencies(h.kernel)
    expect([await told('安全'), (await todos('安全', link)).length]).toEqual([0, 0])
    later(2)
    for (let n = 0; n < 2; n++) await sweepEmergencies(h.kernel)
    expect([await told('安全'), await told('审计'), await told('系统'), (await todos('安全', link)).length]).toEqual([1, 1, 0, 1])
    later(24 * 60)
    await sweepEmergencies(h.kernel)
    expect([await told('安全'), await told('审计')]).toEqual([2, 2])
    expect((await review('安全', which, 'justified')).status).toBe(200)
    later(24 * 60)
    await sweepEmergencies(h.kernel)
    expect(await told('安全')).toBe(2)
    day += 3
  })
})
