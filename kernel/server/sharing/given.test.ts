import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  choice, files, identityNumber, may, module, person, resource, text, unit,
  type ClientDefinitions, type FollowItem, type GrantedRecord, type MessageItem, type RecordAnswer, type RecordGrantItem,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { handleEvents } from '../jobs/outbox.ts'
import { setDeleted } from '../records/deletion.ts'

const dossier = resource('trial.dossier', {
  label: '卷宗',
  title: 'name',
  owner: { person: 'keeper', department: 'unit' },
  fields: {
    name: text('名称', { required: true }),
    keeper: person('保管人'),
    unit: unit('科室'),
    level: choice('级别', { low: '一般', high: '重要' }),
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
    departmentSecretary: [may.read(dossier, 'hospital', { hide: ['cost'] })],
    departmentHead: [may.read(dossier, 'myUnits'), may.update(dossier, 'myUnits')],
    medicalOffice: [may.all(dossier, 'hospital', { show: 'all' })],
  },
})

let h: TestHospital
let officer: string, nurse: string, keeper: string, secretary: string
let asOfficer: HttpSession, asNurse: HttpSession, asKeeper: HttpSession, asSecretary: HttpSession
let id: string
const path = () => `/api/records/trial.dossier/${id}`
const get = async (session: HttpSession) => (await session.call('GET', path())).json<RecordAnswer>().record
const give = (session: HttpSession, more: object = {}) =>
  session.call('POST', `${path()}/grants`, { person: nurse, level: 'read', until: '2026-06-20', reason: '协查', ...more })
const put = async (session: HttpSession, changes: object) =>
  session.call('PATCH', path(), { version: (await get(session)).version ?? 1, changes })
const messages = async (session: HttpSession) => (await session.call('GET', '/api/messages')).json<MessageItem[]>()

beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  nurse = await h.person('吴静', { unit: '儿科' })
  keeper = await h.person('赵一')
  secretary = await h.person('秘书', { roles: ['departmentSecretary'] })
  ;[asOfficer, asNurse, asKeeper, asSecretary] = [await h.signIn(officer), await h.signIn(nurse), await h.signIn(keeper), await h.signIn(secretary)] // prettier-ignore
  const values = { name: '一号卷', keeper, unit: await h.unit('骨科'), level: 'low', cost: '三万', idNumber: 'E1234567' }
  id = (await h.create('trial.dossier', values)).id
})
afterAll(() => h[Symbol.asyncDispose]())

describe('one record opened to one colleague', () => {
  test('he reads that one and no other, as the strictest of all roles would, not in lists; he finds it under 分享给我的', async () => {
    expect((await asNurse.call('GET', path())).status).toBe(404)
    expect((await give(asKeeper)).status).toBe(201)
    const record = await get(asNurse)
    expect(record).toMatchObject({ name: '一号卷', idNumber: 'E******7', may: { update: false, share: false } })
    expect('cost' in record).toBe(false)
    expect((await asNurse.call('GET', '/api/records/trial.dossier')).json<{ rows: unknown[] }>().rows).toEqual([])
    expect((await asNurse.call('GET', `${path()}/history`)).text).not.toContain('三万')
    const mine = (await asNurse.call('GET', '/api/given-records')).json<{ records: GrantedRecord[] }>().records
    expect(mine).toMatchObject([{ record: id, title: '一号卷', byName: '赵一', level: 'read', until: '2026-06-20' }])
    expect(await messages(asNurse)).toMatchObject([{ title: '赵一 与您分享了一条卷宗', link: `/r/trial.dossier/${id}` }])
    expect((await put(asNurse, { name: '改名' })).status).toBe(403)
    const [audited] = await h.kernel.db.query(`SELECT detail FROM kernel.audit_entry WHERE act = 'record.give' AND record = $1`, [id])
    expect(audited).toMatchObject({ detail: { person: nurse, level: 'read' } })
  })

  test('who was only given it gives it to nobody; a mere reader neither; wrong wishes are named at their place', async () => {
    expect((await give(asNurse, { person: secretary })).status).toBe(403)
    expect((await give(asSecretary)).status).toBe(403)
    expect((await give(asKeeper, { level: 'update' })).status).toBe(201)
    const wrong = await give(asKeeper, { person: keeper, level: 'all', until: '2026-06-01' })
    expect(wrong.json<{ problems: { field: string }[] }>().problems.map(({ field }) => field)).toEqual(['person', 'level', 'until'])
    expect((await give(asKeeper, { until: '2028-01-01' })).json()['problems']).toMatchObject([{ field: 'until' }])
  })

  test('to change means what no role locks, hides or masks', async () => {
    expect((await give(asOfficer, { level: 'update' })).status).toBe(201)
    expect((await put(asNurse, { level: 'high' })).json()).toMatchObject({ record: { level: 'high' } })
    expect((await put(asNurse, { cost: '一元' })).json()['problems']).toMatchObject([{ field: 'cost', message: '此项不能修改' }])
    expect((await put(asNurse, { idNumber: 'E7654321' })).json()['problems']).toMatchObject([{ field: 'idNumber' }])
    const { version } = await get(asNurse)
    expect((await asNurse.call('DELETE', `${path()}?version=${version}`)).status).toBe(403)
  })

  test('the page learns how the type looks, and nothing he may do with others', async () => {
    const types = (session: HttpSession) => session.call('GET', '/api/definitions').then((a) => a.json<ClientDefinitions>().resources)
    const type = (await types(asNurse)).find(({ name }) => name === 'trial.dossier')!
    expect([Object.keys(type.fields).includes('cost'), type.masked, type.may.update]).toEqual([false, ['idNumber'], false])
  })

  test('it ends with its day, when it is taken back, and with the record; at once', async () => {
    const grants = async () => (await asKeeper.call('GET', `${path()}/grants`)).json<{ grants: RecordGrantItem[] }>().grants
    const [one] = await grants()
    expect(one).toMatchObject({ personName: '吴静', level: 'update', byName: '周敏' })
    expect((await asNurse.call('POST', `/api/record-grants/${one!.id}/withdraw`)).status).toBe(403)
    expect((await asKeeper.call('POST', `/api/record-grants/${one!.id}/withdraw`)).status).toBe(200)
    expect((await asNurse.call('GET', path())).status).toBe(404)
    expect((await asKeeper.call('POST', `/api/record-grants/${one!.id}/withdraw`)).status).toBe(404)
    expect((await give(asKeeper)).status).toBe(201)
    const before = h.clock.now().toISOString()
    h.clock.set('2026-06-20')
    const asLate = await h.signIn(nurse)
    expect((await asLate.call('GET', path())).status).toBe(200)
    h.clock.set('2026-06-21')
    const asLater = await h.signIn(nurse)
    expect((await asLater.call('GET', path())).status).toBe(404)
    h.clock.set(before)
    await setDeleted(h.kernel, await h.as(officer), 'trial.dossier', id, true, null)
    expect((await asNurse.call('GET', path())).status).toBe(404)
    expect((await asNurse.call('GET', '/api/given-records')).json<{ records: GrantedRecord[] }>().records).toEqual([])
    await setDeleted(h.kernel, await h.as(officer), 'trial.dossier', id, false, null)
    expect((await asNurse.call('GET', path())).status).toBe(200)
  })
})

describe('a record that is followed', () => {
  const told = async (session: HttpSession) => {
    await handleEvents(h.kernel)
    return (await messages(session)).filter(({ title }) => title.includes('关注')).map(({ title, body }) => `${title} ${body}`)
  }
  test('tells each change of others once, in words, only of fields that the follower sees; never his own', async () => {
    await handleEvents(h.kernel)
    for (const session of [asSecretary, asKeeper, asOfficer]) expect((await session.call('PUT', `${path()}/follow`)).status).toBe(200)
    expect((await get(asSecretary)).followed).toBe(true)
    await put(asOfficer, { level: 'low', cost: '五万', name: '<b>一号</b>' })
    const said = '周敏 修改了您关注的“<b>一号</b>”'
    expect(await told(asKeeper)).toEqual([`${said} 名称：一号卷 → <b>一号</b>；级别：重要 → 一般`])
    expect((await told(asOfficer)).length).toBe(0)
    await put(asOfficer, { cost: '六万', idNumber: 'E7654321' })
    const secrets = await told(asSecretary)
    expect(secrets.join()).not.toMatch(/E7654321|六万/)
    await handleEvents(h.kernel)
    // Messages stand in the clear and leave the house: of what is protected they say only that it changed.
    expect((await told(asKeeper))[0]).toBe(`${said} 证件号码：已修改`)
  })
  test('a change of nothing that he sees is no news; a deletion is', async () => {
    const before = (await told(asSecretary)).length
    await put(asOfficer, { cost: '七万' })
    expect((await told(asSecretary)).length).toBe(before)
    await setDeleted(h.kernel, await h.as(officer), 'trial.dossier', id, true, null)
    expect((await told(asSecretary))[0]).toBe('周敏 删除了您关注的“<b>一号</b>” ')
    await setDeleted(h.kernel, await h.as(officer), 'trial.dossier', id, false, null)
    await handleEvents(h.kernel)
  })
  test('loses its effect with the right, and ends when asked to', async () => {
    const [role] = await h.kernel.db.query<{ id: string }>(`SELECT id FROM directory.role_assignment WHERE person = $1`, [secretary])
    await setDeleted(h.kernel, await h.system(), 'directory.roleAssignment', role!.id, true, null)
    const before = (await told(asSecretary)).length
    await put(asOfficer, { level: 'high' })
    expect((await told(asSecretary)).length).toBe(before)
    const follows = (await asSecretary.call('GET', '/api/follows')).json<{ follows: FollowItem[] }>().follows
    expect(follows).toMatchObject([{ record: id, title: null }])
    expect((await asSecretary.call('PUT', `${path()}/follow`)).status).toBe(404)
    expect((await asSecretary.call('DELETE', `${path()}/follow`)).status).toBe(200)
    const mine = (await told(asKeeper)).length
    expect((await asKeeper.call('DELETE', `${path()}/follow`)).status).toBe(200)
    await put(asOfficer, { level: 'low' })
    expect((await told(asKeeper)).length).toBe(mine)
  })
})
