import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  choice, date, Definitions, identityNumber, may, module, person, resource, rows, text, unit,
  type PublicShareContent, type ShareItem, type ShareMade,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, newActId, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const course = resource('trial.course', {
  label: '培训班',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('名称', { required: true }),
    unit: unit('科室'),
    level: choice('级别', { national: '国家级', city: '市级' }),
    budget: text('预算'),
    teacherId: identityNumber('讲师证件'),
    days: rows('日程', { on: date('日期'), topic: text('内容'), phone: text('电话', { class: 'sensitive' }) }),
  },
  list: { columns: ['name', 'level'] },
})
const wish = resource('trial.wish', {
  label: '意见',
  title: 'topic',
  owner: { department: 'unit' },
  publicForm: { fields: ['topic', 'level'], note: '欢迎提出意见' },
  fields: {
    topic: text('内容', { required: true, max: 20 }),
    unit: unit('科室', { required: true }),
    level: choice('急缓', { now: '急', later: '缓' }),
    inner: text('处理意见'),
  },
})
const claim = resource('trial.claim', {
  label: '投诉登记',
  title: 'topic',
  owner: { person: 'keeper', department: 'unit' },
  approval: 'trial.claim',
  publicForm: { fields: ['topic'] },
  fields: { keeper: person('受理人', { required: true }), unit: unit('科室', { required: true }), topic: text('事由', { required: true }) },
})
const trial = module('trial', {
  label: '试用',
  resources: [course, wish, claim],
  flows: [flow('trial.claim', { label: '投诉受理', steps: [approve('head', '科主任', { by: headOf('unit') })] })],
  roles: {
    medicalOffice: [may.all(course, 'hospital', { hide: ['budget'] }), may.all(wish), may.create(claim, 'hospital'), may.read(claim)],
    staffMember: [may.read(course, 'myUnits', { hide: ['budget'] }), may.read(claim, 'own'), may.create(claim)],
  },
})

let h: TestHospital
let officer: string
let asOfficer: HttpSession, asDoctor: HttpSession, asAdmin: HttpSession
let one: string
const made = { kind: 'records', audience: 'public', resource: 'trial.course', fields: ['name', 'level', 'days'], days: 7, password: null, maxUses: null } // prettier-ignore
const share = async (more: object, session = asOfficer) => session.call('POST', '/api/shares', { ...made, records: [one], ...more })
const tokenOf = (answer: HttpAnswer): string => {
  expect(answer.status, answer.text).toBe(201)
  return answer.json<ShareMade>().path.split('/').at(-1)!
}
/** Each stranger has an address of his own, so that the limit of one is not another's. */
let stranger = 1
async function ask(method: 'GET' | 'POST', url: string, payload?: object, address = `10.0.${stranger++ % 250}.7`): Promise<HttpAnswer> {
  const answer = await h.house.server.app.inject({ method, url, remoteAddress: address, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, raw: answer.rawPayload, json: () => answer.json() }
}
const statuses = (answers: readonly HttpAnswer[]): number[] => answers.map(({ status }) => status).sort((a, b) => a - b)
const open = (token: string, password?: string) => ask('POST', `/api/s/${token}/open`, { password })

beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  await h.person('处长', { unit: '医务处', post: 'head' })
  ;[asOfficer, asDoctor] = [await h.signIn(officer), await h.signIn(await h.person('赵一', { unit: '骨科' }))]
  asAdmin = await h.signIn(await h.person('管理员', { unit: '信息科', roles: ['systemOfficer'] }))
  const days = [{ on: '2026-07-01', topic: '<b>开班</b>', phone: '13900000000' }]
  one = (
    await h.create('trial.course', { name: '<script>alert(1)</script>急救', level: 'city', budget: '三万', teacherId: 'E1234567', days })
  ).id
})
afterAll(() => h[Symbol.asyncDispose]())
const allow = async (publicSharing: boolean) => {
  const seen = (await asAdmin.call('GET', '/api/settings')).json()
  expect((await asAdmin.call('PUT', '/api/settings', { settings: { ...seen, publicSharing }, seen })).status).toBe(200)
}

describe('public links', () => {
  test('B0041 are off until the hospital allows them, and need the right even then', async () => {
    expect((await share({})).json()['title']).toBe('本院没有开启对外公开分享，请联系系统管理员')
    await allow(true)
    expect((await share({}, asDoctor)).status).toBe(403)
    const content = (await open(tokenOf(await share({})))).json<PublicShareContent>()
    expect(content).toMatchObject({ label: '培训班', by: '周敏', kind: 'records' })
    expect(content.kind === 'records' && content.records).toEqual([
      {
        title: '<script>alert(1)</script>急救',
        values: [
          { label: '级别', text: '市级' },
          { label: '日程', head: ['日期', '内容'], rows: [['2026-07-01', '<b>开班</b>']] },
        ],
      },
    ])
  })

  test('B0041 never show a protected field, nor what their maker may not see; nor records beyond his rights', async () => {
    for (const key of ['teacherId', 'budget', 'nothing'])
      expect((await share({ fields: ['name', key] })).json()['problems']).toMatchObject([{ field: 'fields' }])
    const inside = { audience: 'inside' }
    expect((await share(inside, asDoctor)).json()['problems']).toMatchObject([{ field: 'records' }])
    expect((await share({ ...inside, fields: [] })).json()['problems']).toMatchObject([{ field: 'fields' }])
    expect((await share({ days: 400 })).json()['problems']).toMatchObject([{ field: 'days' }])
    expect((await share({ records: ['x'] })).json()['problems']).toMatchObject([{ field: 'records' }])
  })

  test('guessed, replayed, expired, withdrawn and inside links answer alike', async () => {
    const once = tokenOf(await share({ maxUses: 1 }))
    expect((await open(once)).status).toBe(200)
    const late = tokenOf(await share({ days: 1 }))
    const withdrawn = await share({})
    const gone = tokenOf(withdrawn)
    const { id } = withdrawn.json<ShareMade>().share
    expect((await asDoctor.call('POST', `/api/shares/${id}/withdraw`)).status).toBe(404)
    expect((await asOfficer.call('POST', `/api/shares/${id}/withdraw`)).status).toBe(200)
    const inside = tokenOf(await share({ audience: 'inside' }))
    const before = h.clock.now().toISOString()
    h.clock.set('2026-06-17T04:00:01Z')
    const answers = [once, late, gone, inside, 'x'.repeat(32), '../../x', '<b>'].map((token) => open(encodeURIComponent(token)))
    const said = (await Promise.all(answers)).map(({ status, text: body }) => [status, (JSON.parse(body) as { title: string }).title])
    h.clock.set(before)
    expect(new Set(said.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify([404, '链接无效，或已失效'])]))
  })

  test('two who open the last use at once: one is too late', async () => {
    const token = tokenOf(await share({ maxUses: 1 }))
    const answers = await Promise.all([open(token), open(token), open(token)])
    expect(statuses(answers)).toEqual([200, 404, 404])
  })

  test('a password is kept as a hash; five wrong tries lock it for a quarter of an hour, the right one then too', async () => {
    const answer = await share({ password: 'geheim' })
    const token = tokenOf(answer)
    const [row] = await h.kernel.db.query<{ password: string; token_hash: Buffer }>(`SELECT password, token_hash FROM kernel.share WHERE id = $1`, [answer.json<ShareMade>().share.id]) // prettier-ignore
    expect([row!.password.startsWith('$argon2id$'), row!.token_hash.toString('utf8').includes(token)]).toEqual([true, false])
    expect((await ask('GET', `/api/s/${token}`)).json()).toMatchObject({ needsPassword: true, kind: 'records' })
    expect((await open(token, 'geheim')).status).toBe(200)
    const tries = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((word) => open(token, word.repeat(5))))
    expect(statuses(tries)).toEqual([401, 401, 401, 401, 401, 423, 423])
    expect((await open(token, 'geheim')).status).toBe(423)
    const before = h.clock.now()
    h.clock.set(new Date(before.getTime() + 16 * 60_000).toISOString())
    expect((await open(token, 'geheim')).status).toBe(200)
    h.clock.set(before.toISOString())
    const log = await asOfficer.call('GET', `/api/shares/${answer.json<ShareMade>().share.id}/log`)
    const acts = log.json<{ entries: { act: string; outcome: string }[] }>().entries.map(({ act, outcome }) => `${act} ${outcome}`)
    expect(acts.toSorted()).toEqual([...Array<string>(2).fill('share.open done'), ...Array<string>(5).fill('share.open refused'), 'share.make done'].toSorted()) // prettier-ignore
  })

  test('what was deleted since, or what the maker may read no more, is not shown; a link of nothing is dead', async () => {
    const { id } = await h.create('trial.course', { name: '短班', unit: await h.unit('医务处') })
    const clerk = await h.person('钱二', { unit: '医务处' })
    const role = await h.create('directory.roleAssignment', { role: 'medicalOffice', person: clerk })
    const both = tokenOf(await share({ records: [one, id] }, await h.signIn(clerk)))
    const shown = async () => {
      const content = (await open(both)).json<PublicShareContent>()
      return content.kind === 'records' ? content.records.length : content
    }
    expect(await shown()).toBe(2)
    const version = (await asOfficer.call('GET', `/api/records/trial.course/${id}`)).json<{ record: { version: number } }>().record.version
    expect((await asOfficer.call('DELETE', `/api/records/trial.course/${id}?version=${version}`)).status).toBe(200)
    expect(await shown()).toBe(1)
    const { setDeleted } = await import('../records/deletion.ts')
    await setDeleted(h.kernel, await h.system(), 'directory.roleAssignment', role.id, true, null)
    expect((await open(both)).status).toBe(404)
    const other = tokenOf(await share({}))
    await allow(false)
    expect((await open(other)).status).toBe(404)
    await allow(true)
    expect((await open(other)).status).toBe(200)
  })

  test('an address that asks too often is slowed down', async () => {
    const answers = []
    for (let i = 0; i < 61; i++) answers.push((await ask('GET', `/api/s/${'y'.repeat(32)}`, undefined, '10.9.9.9')).status)
    expect([answers[0], answers[59], answers[60]]).toEqual([404, 404, 429])
  })
})

test('B0041 a link to colleagues needs them to sign in and shows nothing beyond their own rights', async () => {
  const answer = await share({ audience: 'inside', maxUses: 2 })
  const token = tokenOf(answer)
  expect((await ask('POST', `/api/shared/${token}`, {})).status).toBe(401)
  expect((await asDoctor.call('POST', `/api/shared/${token}`, {})).json()).toMatchObject({ kind: 'records', records: [one], by: '周敏' })
  expect((await asDoctor.call('GET', `/api/records/trial.course/${one}`)).status).toBe(404)
  const mine = (await asOfficer.call('GET', '/api/shares')).json<{ shares: ShareItem[] }>().shares
  expect(mine.find(({ id }) => id === answer.json<ShareMade>().share.id)).toMatchObject({ uses: 1, state: 'open', maxUses: 2 })
  expect((await asDoctor.call('GET', '/api/shares')).json<{ shares: ShareItem[] }>().shares).toEqual([])
  expect((await asDoctor.call('GET', '/api/shares?all=1')).status).toBe(403)
  expect((await asAdmin.call('GET', '/api/shares?all=1')).json<{ shares: ShareItem[] }>().shares.length).toBeGreaterThan(5)
})

describe('public forms', () => {
  const form = { kind: 'form', resource: 'trial.wish', records: [], fields: [] }
  async function captcha(token: string): Promise<{ id: string; answer: string }> {
    const { id, svg } = (await ask('POST', `/api/s/${token}/captcha`, {})).json<{ id: string; svg: string }>()
    expect(svg).toMatch(/^<svg /)
    expect(svg).not.toContain('<text')
    const [row] = await h.kernel.db.query<{ answer: string }>(`SELECT answer FROM kernel.captcha WHERE id = $1`, [id])
    return { id, answer: row!.answer }
  }
  const send = async (token: string, values: object, more: object = {}) =>
    ask('POST', `/api/s/${token}/entries`, { values, captcha: await captcha(token), actId: newActId(), ...more })
  const wishes = async () => h.kernel.db.query<{ topic: string; created_by: string | null; unit: string }>(`SELECT topic, created_by, unit FROM trial.wish ORDER BY id`) // prettier-ignore

  test('B0041 a stranger’s entry becomes an ordinary record, made by the system for the unit that handed the form out', async () => {
    const token = tokenOf(await share(form))
    const content = (await open(token)).json<PublicShareContent>()
    expect(content).toMatchObject({ kind: 'form', note: '欢迎提出意见' })
    expect(content.kind === 'form' && content.fields.map(({ key, required }) => [key, required])).toEqual([['topic', true], ['level', false]]) // prettier-ignore
    const actId = newActId()
    expect((await send(token, { topic: '<img src=x>加床', level: 'now' }, { actId })).status).toBe(201)
    // The same entry sent again is taken once, without another picture.
    expect((await ask('POST', `/api/s/${token}/entries`, { values: {}, actId })).status).toBe(201)
    expect(await wishes()).toEqual([{ topic: '<img src=x>加床', created_by: null, unit: await h.unit('医务处') }])
    const { record } = (await asOfficer.call('GET', `/api/records/trial.wish/${actId}`)).json<{ record: Record<string, unknown> }>()
    expect(record['fromPublicForm']).toBe(true)
    const [entry] = await h.kernel.db.query(`SELECT actor_name, act, address FROM kernel.audit_entry WHERE record = $1 ORDER BY seq LIMIT 1`, [actId]) // prettier-ignore
    expect(entry).toMatchObject({ actor_name: '系统（公开填写）', act: 'create' })
    const [message] = await h.kernel.db.query(`SELECT title, link FROM kernel.message WHERE person = $1`, [officer])
    expect(message).toMatchObject({ title: '收到一份公开填写的意见', link: `/r/trial.wish/${actId}` })
  })

  test('a wrong or used picture, a field that is not asked, a missing value: nothing is stored, and each is said at its place', async () => {
    const token = tokenOf(await share(form))
    const before = (await wishes()).length
    const used = await captcha(token)
    const wrong = await ask('POST', `/api/s/${token}/entries`, { values: { topic: '甲' }, captcha: { id: used.id, answer: 'x' } })
    expect(wrong.json()['problems']).toMatchObject([{ field: 'captcha', message: '验证码不对，请按新图片重新填写' }])
    const again = await ask('POST', `/api/s/${token}/entries`, { values: { topic: '甲' }, captcha: used })
    expect(again.json()['problems']).toMatchObject([{ field: 'captcha', message: '验证码已过期，请按新图片重新填写' }])
    expect((await send(token, { topic: '甲', inner: '同意' })).status).toBe(400)
    expect((await send(token, { topic: '甲', unit: await h.unit('骨科') })).status).toBe(400)
    expect((await send(token, {})).json()['problems']).toMatchObject([{ field: 'topic', message: '请填写内容' }])
    expect((await send(token, { topic: '长'.repeat(21) })).json()['problems']).toMatchObject([{ field: 'topic' }])
    expect((await send(token, { topic: '甲', level: 'other' })).json()['problems']).toMatchObject([{ field: 'level' }])
    expect((await wishes()).length).toBe(before)
  })

  test('as many entries as the link allows, never one more, whoever comes at once', async () => {
    const token = tokenOf(await share({ ...form, maxUses: 2 }))
    const before = (await wishes()).length
    // All have their picture before the first has taken a place.
    const topics = ['一', '二', '三', '四']
    const pictures = await Promise.all(topics.map(() => captcha(token)))
    const answers = await Promise.all(
      topics.map((topic, at) => ask('POST', `/api/s/${token}/entries`, { values: { topic }, captcha: pictures[at], actId: newActId() })),
    )
    expect(statuses(answers)).toEqual([201, 201, 404, 404])
    expect((await wishes()).length).toBe(before + 2)
  })

  test('B0041 where an approval is bound, the entry begins it in the name of whoever handed the form out', async () => {
    const token = tokenOf(await share({ ...form, resource: 'trial.claim' }))
    expect((await send(token, { topic: '等候太久' })).status).toBe(201)
    const [row] = await h.kernel.db.query(`SELECT c.state, c.created_by, c.keeper, f.applicant, f.status FROM trial.claim c JOIN kernel.flow_instance f ON f.record = c.id`) // prettier-ignore
    expect(row).toEqual({ state: 'pending', created_by: null, keeper: officer, applicant: officer, status: 'running' })
  })

  test('a form that a stranger could not fill in is found at the start; a type without one cannot be handed out', async () => {
    const odd = resource('odd.thing', {
      label: '物品',
      title: 'name',
      publicForm: { fields: ['holder', 'gone'] },
      fields: { name: text('名称', { required: true }), holder: person('保管人') },
    })
    expect(new Definitions([module('odd', { label: '奇', resources: [odd] })], []).prove().filter((one) => one.includes('publicForm'))).toEqual([
      'odd.thing: publicForm.holder: a stranger cannot fill in a person',
      'odd.thing: publicForm: no field "gone"',
      'odd.thing: publicForm.name: is required, and nobody would fill it in',
    ])
    expect((await share({ ...form, resource: 'trial.course' })).status).toBe(400)
  }) // prettier-ignore
})
