import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkedHospital, gallbladder, type CheckedHospital } from '#app/testing/checked-hospital.ts'
import type { QuestionAnswer } from './answer.ts'
import { keeperOf } from './keeper.ts'

let h: CheckedHospital
beforeAll(async () => void (h = await checkedHospital()))
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => h.clock.set('2026-06-15'))

const codes = (answer: { reasons: { code: string }[] }) => answer.reasons.map((r) => r.code)
const recordOf = async (id: string) =>
  (await h.kernel.db.query<Record<string, unknown>>(`SELECT * FROM privileges.check_record WHERE id = $1`, [id]))[0]!

describe('the HIS asks', () => {
  test('and hears yes, by staff number, with a durable record behind it', async () => {
    const answer = await h.ask({ caseId: 'ZY001', campus: 'C1' })
    expect(answer).toMatchObject({ practitioner: { id: h.surgeon, name: '王磊', note: null }, result: 'allowed', campus: { id: h.campus } })
    expect(answer.answers[0]).toMatchObject({
      result: 'allowed',
      sentence: '王磊可以担任术者“腹腔镜胆囊切除术”。',
      reasons: [],
      mode: 'block',
    })
    expect(await recordOf(answer.answers[0]!.record)).toMatchObject({
      asker: 'HIS', practitioner: h.surgeon, procedure: h.procedure, code: '51.2300', result: 'allowed', case_id: 'ZY001', role: 'operator', would: null,
    }) // prettier-ignore
  })
  test('by our id, by a number of its own with dates, and by a number that lost its zeros, which is said', async () => {
    await h.create('directory.identifier', { person: h.surgeon, system: 'HIS', value: '0088', from: '2026-01-01', to: '2026-06-15' })
    await h.create('directory.identifier', { person: h.senior, system: 'HIS', value: '0088', from: '2026-06-16' })
    const nameBy = async (practitioner: unknown, at?: string) => (await h.ask({ practitioner, ...(at ? { at } : {}) })).practitioner
    expect(await nameBy({ id: h.surgeon })).toMatchObject({ name: '王磊' })
    expect(await nameBy({ system: 'HIS', value: '0088' }, '2026-06-15T23:59:00+08:00')).toMatchObject({ name: '王磊' })
    expect(await nameBy({ system: 'HIS', value: '0088' }, '2026-06-16T00:00:00+08:00')).toMatchObject({ name: '李敏' })
    expect(await nameBy({ staffNumber: '123' })).toMatchObject({ name: '王磊', note: '工号“123”按补足前导零识别为王磊（00123）' })
    expect(await nameBy({ system: 'HIS', value: '88' })).toMatchObject({ name: '王磊' })
  })
  test('in a list: two hundred questions in one call, each with its own answer and record', async () => {
    const one = { practitioner: { id: h.surgeon }, procedures: [gallbladder] }
    const answer = await h.his('POST', '/api/privileges/check', { questions: Array.from({ length: 200 }, () => one) })
    const { answers } = answer.json<{ answers: QuestionAnswer[] }>()
    expect([answer.status, answers.length, new Set(answers.map((a) => a.answers[0]!.record)).size]).toEqual([200, 200, 200])
  })
  test('about several procedures of one operation: each is answered, and the strictest counts', async () => {
    await h.procedureNamed('肝叶切除术', '50.3x00', { level: 'four' })
    const answer = await h.ask({ procedures: [gallbladder, { codeSystem: '医保版', code: '50.3x00', version: '2.0' }] })
    expect([answer.result, answer.answers.map((a) => a.result)]).toEqual(['denied', ['allowed', 'denied']])
  })
  test('with codes of its own dictionary: both codes are shown, and a mapping that nobody confirmed says so', async () => {
    await h.create('privileges.codeMapping', { codeSystem: 'HIS手术字典', code: '10086', procedure: h.procedure })
    const asked = { codeSystem: 'HIS手术字典', code: '10086' }
    const answer = await h.askOne({ procedures: [asked] })
    expect(answer).toMatchObject({
      asked,
      procedures: [{ code: '51.2300', codeSystem: '医保版', by: 'mapping', confirmed: false }],
      result: 'allowed',
    })
    expect(answer.sentence).toContain('对照尚未确认')
    const { id } = await h.create('privileges.codeMapping', {
      codeSystem: 'HIS手术字典',
      code: '10087',
      procedure: h.procedure,
      confirmedOn: '2026-06-01',
      confirmedBy: h.senior,
    })
    expect(id && (await h.askOne({ procedures: [{ codeSystem: 'HIS手术字典', code: '10087' }] })).notices).toEqual([])
  })
  test('about a title that the hospital’s rule card asks for: obeyed from its day on, for the unit it binds, in the words of its basis', async () => {
    const { id } = await h.surgeonNamed('周正', { titleLevel: 'intermediate' })
    const ask = (at: string) => h.askOne({ practitioner: { id }, at: `${at}T09:00:00+08:00` })
    expect(await ask('2026-06-15')).toMatchObject({ result: 'allowed', notices: [{ code: 'titleHint' }] })
    const values = [
      { name: 'three', label: '三级手术授权的聘任职称', order: 'subset', members: '副高级、正高级' },
      { name: 'block', label: '不符合时不得授权', order: 'flag', flag: true },
    ]
    const card = { key: 'privilegeAdmission', label: '手术授权的职称条件', document: '手术分级管理制度', certainty: 'A', values }
    const made = await h.create('rules.card', { ...card, layer: 'hospital', from: '2026-06-20' })
    expect((await ask('2026-06-19')).result).toBe('allowed')
    expect(await ask('2026-06-20')).toMatchObject({
      result: 'denied',
      reasons: [{ code: 'titleBlocked', text: expect.stringContaining('医院《手术分级管理制度》 · 2026-06-20 起施行') }],
    })
    await h.remove('rules.card', made.id)
    expect((await ask('2026-06-20')).result).toBe('allowed')
  })
  test('late, after a time-out: the question keeps its original time', async () => {
    h.clock.set('2027-01-15')
    expect((await h.askOne()).result).toBe('denied')
    const late = await h.ask({ replayOf: 'REQ-7', askedAt: '2026-06-30T08:00:00+08:00' })
    expect([late.result, late.day, late.at]).toEqual(['allowed', '2026-06-30', '2026-06-30T00:00:00.000Z'])
    expect(await recordOf(late.answers[0]!.record)).toMatchObject({
      replay_of: 'REQ-7',
      asked_at: '2026-06-30T00:00:00.000Z',
      created_at: '2027-01-15T04:00:00.000Z',
    })
  })
})

describe('what changes, changes the next answer', () => {
  test('a suspended registration refuses with the chain, and its end gives the right back by itself', async () => {
    const { id, registration } = await h.surgeonNamed('赵强')
    const ask = () => h.askOne({ practitioner: { id } })
    expect((await ask()).result).toBe('allowed')
    await h.change('staff.registration', registration, { status: 'suspended', suspendedFrom: '2026-06-10', suspendedTo: '2026-06-20' })
    expect(await ask()).toMatchObject({
      result: 'denied',
      reasons: [{ code: 'registrationSuspended', record: registration, on: '2026-06-10' }],
      cure: { act: 'liftRegistrationSuspension', link: `/r/staff.registration/${registration}` },
    })
    h.clock.set('2026-06-21')
    expect((await ask()).result).toBe('allowed')
    h.clock.set('2026-06-15')
    await h.change('staff.registration', registration, { status: 'active' })
    expect((await ask()).result).toBe('allowed')
  })
  test('a suspension by order stays although everything else is cured, until somebody lifts it', async () => {
    const { id } = await h.surgeonNamed('孙丽')
    const order = await h.create('privileges.suspension', {
      practitioner: id,
      from: '2026-06-01',
      reason: '事件调查',
      kind: 'investigation',
    })
    const ask = () => h.askOne({ practitioner: { id } })
    expect(codes(await ask())).toEqual(['suspendedByOrder'])
    h.clock.set('2026-12-01')
    expect(codes(await ask())).toEqual(['suspendedByOrder'])
    await h.change('privileges.suspension', order.id, { liftedOn: '2026-12-01' })
    expect((await ask()).result).toBe('allowed')
  })
  test('a grant taken away while the answer is on its way: the answer is no', async () => {
    const { id, grant } = await h.surgeonNamed('周平')
    expect((await h.askOne({ practitioner: { id } })).result).toBe('allowed')
    const keeper = keeperOf(h.kernel)
    // Behind the memory's back: what it holds still says yes, and its lease runs.
    await h.kernel.db.query(`UPDATE privileges."grant" SET status = 'revoked', ended_on = '2026-06-15' WHERE id = $1`, [grant])
    expect([keeper.ready(), keeper.memory.people.get(id)!.grants[0]!.status]).toEqual([null, 'active'])
    const answer = await h.askOne({ practitioner: { id } })
    expect([answer.result, codes(answer)]).toEqual(['denied', ['grantRevoked']])
    expect((await recordOf(answer.record))['result']).toBe('denied')
  })
  test('while many ask, no answer after the withdrawal has committed says yes', async () => {
    const { id, grant } = await h.surgeonNamed('吴昊')
    let isWithdrawn = false
    const late: string[] = []
    const asking = Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 25; i++) {
        const after = isWithdrawn
        const { result } = await h.askOne({ practitioner: { id } })
        if (after) late.push(result)
      }
    })
    await h.change('privileges.grant', grant, { status: 'withdrawn', endedOn: '2026-06-15' })
    isWithdrawn = true
    await Promise.all(asking)
    expect([late.length > 0, new Set(late)]).toEqual([true, new Set(['denied'])])
  })
  test('a change committed by another while a long transaction stays open is not missed', async () => {
    const { id, grant } = await h.surgeonNamed('郑伟')
    await h.askOne({ practitioner: { id } })
    await h.kernel.db.transaction(async (slow) => {
      // This one takes its place in the order of changes first and commits last.
      await slow.query(`UPDATE privileges."grant" SET status = 'suspended', ended_on = NULL WHERE id = $1`, [grant])
      await h.change('privileges.procedure', h.procedure, { alias: 'LC' })
      expect((await h.askOne({ practitioner: { id } })).result).toBe('allowed')
    })
    expect(codes(await h.askOne({ practitioner: { id } }))).toEqual(['grantSuspended'])
  })
  test('a new person, a new procedure, a moved number and a removed grant are known at once', async () => {
    const made = await h.surgeonNamed('钱进')
    expect((await h.askOne({ practitioner: { id: made.id } })).result).toBe('allowed')
    await h.procedureNamed('阑尾切除术', '47.0900')
    expect(codes(await h.askOne({ procedures: [{ codeSystem: '医保版', code: '47.0900' }] }))).toEqual(['noGrant'])
    await h.remove('privileges.grant', made.grant)
    expect(codes(await h.askOne({ practitioner: { id: made.id } }))).toEqual(['noGrant'])
  })
})

describe('the past', () => {
  test('is answered by what was valid then, and on request by what was known then', async () => {
    h.clock.set('2026-06-20')
    const { id, grant } = await h.surgeonNamed('冯雪')
    h.clock.set('2026-07-10')
    await h.change('privileges.grant', grant, { status: 'revoked', endedOn: '2026-07-01' })
    h.clock.set('2026-07-20')
    const ask = async (at: string, knownAt?: string) =>
      (await h.askOne({ practitioner: { id }, at: `${at}T09:00:00+08:00`, ...(knownAt ? { knownAt: `${knownAt}T09:00:00+08:00` } : {}) }))
        .result
    expect(await ask('2026-06-30')).toBe('allowed')
    expect(await ask('2026-07-05')).toBe('denied')
    // On the fifth nobody knew yet that it would be revoked from the first.
    expect(await ask('2026-07-05', '2026-07-05')).toBe('allowed')
    expect(await ask('2026-07-05', '2026-07-11')).toBe('denied')
    // And before the file was entered nobody knew him.
    expect(codes(await h.askOne({ practitioner: { id }, at: '2026-07-05T09:00:00+08:00', knownAt: '2026-06-19T09:00:00+08:00' }))).toEqual([
      'unknownPractitioner',
    ])
  })
  test('known before a record was removed still counts it, and after does not', async () => {
    const { id, grant } = await h.surgeonNamed('陈晨')
    h.clock.set('2026-06-25')
    await h.remove('privileges.grant', grant)
    h.clock.set('2026-06-26')
    const known = async (knownAt: string) => (await h.askOne({ practitioner: { id }, knownAt })).result
    expect([await known('2026-06-20T00:00:00Z'), await known('2026-06-25T05:00:00Z')]).toEqual(['allowed', 'denied'])
  })
})

describe('people beside', () => {
  test('a trainee may only with a senior, who is named', async () => {
    const trainee = await h.person('实习生甲', { unit: '普外科', traineeKind: 'furtherTraining' })
    const answer = await h.askOne({ practitioner: { id: trainee } })
    expect([answer.result, answer.seniors.length > 0]).toEqual(['allowedUnderSupervision', true])
    expect(answer.sentence).toContain('李敏（主任医师）')
  })
  test('at another legal entity the registration does not hold', async () => {
    const other = await h.unit('第二医院', { kind: 'institution', code: 'H2', licence: 'L2', parent: null })
    await h.unit('南院', { kind: 'campus', code: 'C2', parent: h.institution })
    expect((await h.askOne({ campus: 'C2' })).result).toBe('allowed')
    expect(codes(await h.askOne({ campus: 'H2' }))).toEqual(['registrationElsewhere'])
    await h.change('staff.registration', h.registration, { filedInstitutions: [other] })
    expect((await h.askOne({ campus: 'H2' })).result).toBe('allowed')
  })
})

describe('modes', () => {
  test('仅记录 says only that it was recorded and what it would have been; 提醒 warns; the most specific rule counts', async () => {
    const unit = await h.unit('骨科')
    const id = await h.person('骨科医生', { unit: '骨科' })
    const ask = (urgency: string) => h.askOne({ practitioner: { id }, urgency })
    await h.mode('warn', { unit })
    expect(await ask('elective')).toMatchObject({ mode: 'warn', result: 'denied', warning: true, would: null })
    await h.mode('record', { unit, urgency: 'emergency' })
    const recorded = await ask('emergency')
    expect(recorded).toMatchObject({ mode: 'record', result: 'recorded', would: 'denied' })
    expect(await recordOf(recorded.record)).toMatchObject({ result: 'recorded', would: 'denied', mode: 'record' })
  })
})

describe('questions that cannot be answered', () => {
  test('an unknown person, code system, code or campus is answered clearly, item by item, and recorded', async () => {
    const list = [
      { practitioner: { staffNumber: '99999' } },
      { procedures: [{ codeSystem: '未知体系', code: '51.2300' }] },
      { procedures: [{ codeSystem: '医保版', code: '51.23' }] },
      { campus: 'C9' },
      {},
    ].map((more) => ({ practitioner: { id: h.senior }, procedures: [gallbladder], ...more }))
    const answer = await h.his('POST', '/api/privileges/check', { questions: list })
    const { answers } = answer.json<{ answers: QuestionAnswer[] }>()
    expect(answers.map((a) => [a.result, ...codes(a.answers[0]!)])).toEqual([
      ['denied', 'unknownPractitioner'],
      ['denied', 'unknownCodeSystem'],
      ['denied', 'unmappedCode'],
      ['denied', 'unknownCampus'],
      ['allowed'],
    ])
    expect(answers[1]!.answers[0]!.sentence).toContain('医保版')
    expect(await recordOf(answers[0]!.answers[0]!.record)).toMatchObject({
      practitioner: null,
      identifier: '工号 99999',
      reasons: 'unknownPractitioner',
    })
  })
  test('one number of two people is not guessed', async () => {
    await h.person('重号甲', { staffNumber: '0777' })
    await h.person('重号乙', { staffNumber: '00777' })
    expect(codes(await h.askOne({ practitioner: { staffNumber: '777' } }))).toEqual(['ambiguousPractitioner'])
  })
  test.each([
    [{ at: '2026-06-30T08:00:00' }, 'at', '须为带时区的时间'],
    [{ at: '2026-06-30' }, 'at', '须为带时区的时间'],
    [{ role: 'nurse' }, 'role', '术者'],
    [{ practitioner: '00123' }, 'practitioner', 'staffNumber'],
    [{ practitioner: { staffNumber: 123 } }, 'practitioner', '前导零'],
    [{ procedures: [{ codeSystem: '医保版', code: 51.23 }] }, 'procedures.0.code', '编码须为文字'],
    [{ procedures: [] }, 'procedures', '至少一项'],
    [{ urgency: 'soon' }, 'urgency', '急诊'],
    [{ caseId: 'a\u0000b' }, 'caseId', '文字'],
    [{ opertor: true }, 'opertor', '没有这个字段'],
    [{ askedAt: '2036-01-01T00:00:00Z' }, 'askedAt', '不能晚于现在'],
  ])('%j is refused with the field and a sentence', async (more, field, message) => {
    const body = { practitioner: { id: h.surgeon }, procedures: [gallbladder], ...more }
    const single = await h.his('POST', '/api/privileges/check', body)
    expect([single.status, single.json<{ problems: unknown[] }>().problems]).toEqual([
      422,
      [{ field, message: expect.stringContaining(message) as string }],
    ])
    const list = await h.his('POST', '/api/privileges/check', { questions: [{ ...body, ...blank(more) }, body] })
    expect(list.json<{ problems: { field: string }[] }>().problems[0]!.field).toBe(`questions.1.${field}`)
  })
  test('ten thousand at once are refused, with the limit', async () => {
    const one = { practitioner: { id: h.surgeon }, procedures: [gallbladder] }
    const answer = await h.his('POST', '/api/privileges/check', { questions: Array.from({ length: 10_000 }, () => one) })
    expect([answer.status, answer.json()]).toEqual([413, expect.objectContaining({ code: 'tooMany', limit: 1000, given: 10_000 })])
    const wide = await h.his('POST', '/api/privileges/check', { ...one, procedures: Array.from({ length: 1001 }, () => gallbladder) })
    expect(wide.status).toBe(413)
  })
  test('without a key, with a wrong one, or with one that lacks the right nobody is answered', async () => {
    const body = { practitioner: { id: h.surgeon }, procedures: [gallbladder] }
    const other = await h.client('LIS', ['privileges.feed'])
    const call = (headers: Record<string, string>) =>
      h.house.server.app.inject({ method: 'POST', url: '/api/privileges/check', headers, payload: body })
    expect([
      (await call({})).statusCode,
      (await call({ authorization: 'Bearer xl_wrongwrongwrong' })).statusCode,
      (await other('POST', '/api/privileges/check', body)).status,
    ]).toEqual([401, 401, 403])
  })
})
// The same question without what is wrong with it.
const blank = (more: Record<string, unknown>): Record<string, unknown> => ({
  ...Object.fromEntries(Object.keys(more).map((key) => [key, undefined])),
  practitioner: { id: h.surgeon },
  procedures: [gallbladder],
})

describe('why', () => {
  test('the surgeon sees his whole chain and who else can; another’s is not there for him', async () => {
    const me = await h.signIn(h.surgeon)
    const mine = await me.call('GET', `/api/privileges/why?procedure=${h.procedure}`)
    const answer = mine.json<{ chain: { code: string; ok: boolean }[]; others: { name: string }[]; word: string }>()
    expect([mine.status, answer.word, answer.chain.map((l) => l.code)]).toEqual([
      200,
      '可以',
      ['person', 'standing', 'registration', 'institution', 'procedure', 'suspension', 'grant', 'scope', 'title'],
    ])
    expect(answer.others.map((o) => o.name)).toContain('李敏')
    expect((await me.call('GET', `/api/privileges/why?procedure=${h.procedure}&practitioner=${h.senior}`)).status).toBe(404)
  })
  test('the head of the department may ask about his people only; it is audited, and is no question of the HIS', async () => {
    const head = await h.person('科主任', { unit: '普外科', post: 'head', roles: ['departmentHead'] })
    const stranger = await h.person('别科医生', { unit: '妇科' })
    const session = await h.signIn(head)
    const count = async () => (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM privileges.check_record`))[0]!.n
    const before = await count()
    const url = (who: string) => `/api/privileges/why?procedure=${h.procedure}&practitioner=${who}&day=2027-02-01`
    expect((await session.call('GET', url(h.surgeon))).json()).toMatchObject({ word: '不可以', day: '2027-02-01', cure: { act: 'renew' } })
    expect((await session.call('GET', url(stranger))).status).toBe(404)
    expect(await count()).toBe(before)
    const entries = await h.kernel.db.query(
      `SELECT 1 FROM kernel.audit_entry WHERE act = 'privileges.why' AND actor = $1 AND record = $2`,
      [head, h.surgeon],
    )
    expect(entries).toHaveLength(1)
  })
})
