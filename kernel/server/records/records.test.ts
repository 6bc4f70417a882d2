import { afterAll, beforeAll, expect, test } from 'vitest'
import { choice, date, is, may, module, person, phone, resource, rows, text, unit, type ListAnswer, type RecordAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const honour = resource('trial.honour', {
  label: '荣誉',
  title: 'name',
  owner: { person: 'practitioner', department: 'department' },
  fields: {
    practitioner: person('获奖人', { required: true }),
    department: unit('科室', { from: 'practitioner.unit' }),
    name: text('荣誉名称', { required: true, max: 20, search: true }),
    level: choice('级别', { national: '国家级', hospital: '院级' }),
    awardedOn: date('获奖日期', { max: 'today' }),
    contact: phone('联系电话'),
    sharers: rows('共同获奖人', { who: text('姓名', { required: true }), share: text('贡献') }),
  },
  unique: [['practitioner', 'name']],
  list: { columns: ['practitioner.name', 'name', 'level'], sort: ['name'] },
})
const trial = module('trial', {
  label: '试用',
  resources: [honour],
  roles: {
    staffMember: [may.readOwn(honour), may.create(honour), may.update(honour, 'own', { readOnly: ['level'] })],
    departmentHead: [may.read(honour, 'myUnits')],
    medicalOffice: [may.all(honour)],
  },
})

let h: TestHospital
let surgeon: string, other: string, head: string, officer: string
let asSurgeon: HttpSession, asOther: HttpSession, asHead: HttpSession, asOfficer: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  surgeon = await h.person('张海涛')
  other = await h.person('吴静', { unit: '普外科' })
  head = await h.person('李卫东', { post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  ;[asSurgeon, asOther, asHead, asOfficer] = (await Promise.all([surgeon, other, head, officer].map((p) => h.signIn(p)))) as [
    HttpSession,
    HttpSession,
    HttpSession,
    HttpSession,
  ]
})
afterAll(() => h[Symbol.asyncDispose]())

const base = '/api/records/trial.honour'
const create = async (session: HttpSession, draft: object, headers?: Record<string, string>) => {
  const answer = await session.call('POST', base, draft, headers)
  return { ...answer, record: answer.json<RecordAnswer>().record }
}

test('a doctor enters his own honour: unit copied from his file, history and audit written, numbers shown masked to others', async () => {
  const made = await create(asSurgeon, { name: '五一奖章', awardedOn: '2026-05-01', contact: '13800001111' })
  expect(made.status).toBe(201)
  expect(made.record).toMatchObject({
    practitioner: surgeon,
    department: await h.unit('骨科'),
    version: 1,
    state: 'approved',
    contact: '13800001111',
  })
  const seenByOffice = (await asOfficer.call('GET', `${base}/${made.record.id}`)).json<RecordAnswer>()
  expect(seenByOffice.record['contact']).toBe('138****1111')
  const history = (await asSurgeon.call('GET', `${base}/${made.record.id}/history`)).json<
    { act: string; changes: { label: string; after: string }[] }[]
  >()
  expect(history).toMatchObject([{ act: 'create', version: 1, actorName: '张海涛' }])
  expect(history[0]!.changes).toContainEqual({ field: 'contact', label: '联系电话', before: '', after: '13800001111' })
  const raw = await h.kernel.db.query<{ changes: unknown }>(`SELECT changes FROM kernel.history WHERE record = $1`, [made.record.id])
  expect(JSON.stringify(raw)).not.toContain('13800001111')
  const audited = await h.kernel.db.query(`SELECT act, outcome FROM kernel.audit_entry WHERE record = $1 ORDER BY seq`, [made.record.id])
  expect(audited).toContainEqual({ act: 'create', outcome: 'done' })
})

test('wrong input gets a message at its field and nothing is stored', async () => {
  const before = await h.kernel.db.query(`SELECT count(*) FROM trial.honour`)
  const answer = await asSurgeon.call('POST', base, {
    name: '很'.repeat(21),
    level: 'galactic',
    awardedOn: '2026-02-30',
    contact: '12',
    sharers: [{ share: 'x' }],
    colour: 'red',
  })
  expect(answer.status).toBe(422)
  const problems = answer
    .json<{ problems: { field: string }[] }>()
    .problems.map((p) => p.field)
    .sort()
  expect(problems).toEqual(['awardedOn', 'colour', 'contact', 'level', 'name', 'sharers.0.who'])
  expect(await h.kernel.db.query(`SELECT count(*) FROM trial.honour`)).toEqual(before)
})

test('a doctor cannot enter an honour for somebody else, nor see or change another’s', async () => {
  expect((await asSurgeon.call('POST', base, { name: '越权', practitioner: other })).status).toBe(403)
  const theirs = await create(asOther, { name: '先进个人' })
  expect((await asSurgeon.call('GET', `${base}/${theirs.record.id}`)).status).toBe(404)
  expect((await asSurgeon.call('PATCH', `${base}/${theirs.record.id}`, { version: 1, changes: { name: '改名' } })).status).toBe(404)
  expect((await asSurgeon.call('DELETE', `${base}/${theirs.record.id}?version=1`)).status).toBe(403)
  const refused = await h.kernel.db.query(
    `SELECT outcome, detail->>'code' AS code FROM kernel.audit_entry WHERE actor = $1 AND record = $2`,
    [surgeon, theirs.record.id],
  )
  expect(refused).toContainEqual({ outcome: 'refused', code: 'notFound' })
})

test('a head sees his unit’s, the office sees all, each by the same list', async () => {
  const names = async (s: HttpSession) => (await s.call('GET', `${base}?columns=name`)).json<ListAnswer>().rows.map((r) => r['name'])
  expect(await names(asHead)).toEqual(['五一奖章'])
  expect(await names(asOther)).toEqual(['先进个人'])
  expect(new Set(await names(asOfficer))).toEqual(new Set(['五一奖章', '先进个人']))
})

test('two people editing one record: the second gets 409 with the stored version, and only fields he may write', async () => {
  const made = await create(asSurgeon, { name: '科技进步奖', level: 'hospital' })
  const url = `${base}/${made.record.id}`
  const first = await asOfficer.call('PATCH', url, { version: 1, changes: { level: 'national' } })
  expect(first.json<RecordAnswer>().record).toMatchObject({ version: 2, level: 'national' })
  const second = await asSurgeon.call('PATCH', url, { version: 1, changes: { name: '科技进步一等奖' } })
  expect(second.status).toBe(409)
  expect(second.json()).toMatchObject({ code: 'versionConflict', current: { version: 2, level: 'national' } })
  const locked = await asSurgeon.call('PATCH', url, { version: 2, changes: { level: 'hospital' } })
  expect(locked.json()).toMatchObject({ status: 422, problems: [{ field: 'level' }] })
})

test('a retried create with the same act id makes one record; a second honour of the same name is refused', async () => {
  const actId = newActId()
  const one = await create(asSurgeon, { name: '优秀教师' }, { 'x-act-id': actId })
  const again = await create(asSurgeon, { name: '优秀教师' }, { 'x-act-id': actId })
  expect([again.status, again.record.id]).toEqual([201, one.record.id])
  expect((await asSurgeon.call('POST', base, { name: '优秀教师' })).json()).toMatchObject({ code: 'duplicate', status: 409 })
})

test('rows of a sub-table are changed by id, and raise the version of their parent', async () => {
  const made = await create(asSurgeon, { name: '团队奖', sharers: [{ who: '甲' }, { who: '乙' }] })
  const [a, b] = made.record['sharers'] as { id: string }[]
  const stored = (await asSurgeon.call('GET', `${base}/${made.record.id}`)).json<RecordAnswer>().record
  const ids = (stored['sharers'] as { id: string; who: string }[]).map((r) => r.id)
  expect([a, b]).toHaveLength(2)
  const answer = await asSurgeon.call('PATCH', `${base}/${made.record.id}`, {
    version: 1,
    changes: { sharers: { remove: [ids[0]], change: { [ids[1]!]: { share: '三成' } }, add: [{ who: '丙' }] } },
  })
  expect(answer.json<RecordAnswer>().record['version']).toBe(2)
  const after = (await asSurgeon.call('GET', `${base}/${made.record.id}`)).json<RecordAnswer>().record
  expect(after['sharers']).toMatchObject([{ id: ids[1], who: '乙', share: '三成' }, { who: '丙' }])
})

test('deleted goes to the recycle bin and comes back; its name is free meanwhile and its return then refused', async () => {
  const made = await create(asOfficer, { name: '误录', practitioner: other })
  expect((await asOfficer.call('DELETE', `${base}/${made.record.id}?version=1`)).status).toBe(200)
  const bin = (await asOfficer.call('GET', `${base}?deleted=1`)).json<ListAnswer>().rows
  expect(bin.map((r) => r.id)).toContain(made.record.id)
  await create(asOfficer, { name: '误录', practitioner: other })
  expect((await asOfficer.call('POST', `${base}/${made.record.id}/restore`)).json()).toMatchObject({ code: 'duplicate' })
})

test('pages by key hold their order, also over empty values and after an insert', async () => {
  for (let i = 0; i < 7; i++)
    await h.create('trial.honour', { name: `分页${i}`, practitioner: other, awardedOn: i % 3 ? `2026-01-0${i}` : null })
  const seen: string[] = []
  let cursor = ''
  const filter = encodeURIComponent(JSON.stringify({ field: 'name', op: 'startsWith', value: '分页' }))
  for (let page = 0; page < 5; page++) {
    const answer = (
      await asOfficer.call('GET', `${base}?limit=2&sort=-awardedOn&filter=${filter}${cursor ? `&cursor=${cursor}` : ''}`)
    ).json<ListAnswer>()
    seen.push(...answer.rows.map((r) => String(r['name'])))
    if (page === 0) await h.create('trial.honour', { name: '分页新', practitioner: other, awardedOn: '2026-06-01' })
    if (!answer.next) break
    cursor = answer.next
  }
  expect(seen.slice(0, 4)).toEqual(['分页5', '分页4', '分页2', '分页1'])
  expect(new Set(seen).size).toBe(7)
})

test('search finds by character, initials and pinyin of every reading', async () => {
  const found = async (q: string) =>
    (await asOfficer.call('GET', `${base}?search=${encodeURIComponent(q)}&columns=name`)).json<ListAnswer>().rows.map((r) => r['name'])
  expect(await found('奖章')).toEqual(['五一奖章'])
  expect(await found('wyjz')).toEqual(['五一奖章'])
  expect(await found('wuyi')).toEqual(['五一奖章'])
})

test('a protected field is found by its whole value only, and never sorted by', async () => {
  const by = async (filter: object) => asOfficer.call('GET', `${base}?filter=${encodeURIComponent(JSON.stringify(filter))}`)
  expect((await by(is('contact', '13800001111'))).json<ListAnswer>().rows).toHaveLength(1)
  expect((await by({ field: 'contact', op: 'contains', value: '1380' })).status).toBe(400)
  expect((await asOfficer.call('GET', `${base}?sort=contact`)).status).toBe(400)
})
