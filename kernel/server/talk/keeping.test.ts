import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { MessageItem, PersonalAnswer, TalkExcerpt } from '#model'
import { erasePerson } from '../personal/erasing.ts'
import { deleteOld, endPlaces } from './retention.ts'
import { tellDue } from './telling.ts'
import { Talkers } from '#app/testing/talkers.ts'

let t: Talkers
beforeAll(async () => {
  t = await Talkers.open({
    赵一: { roles: ['departmentHead'], post: 'head' }, 钱二: { roles: ['departmentSecretary'] }, 孙三: { unit: '内科' }, 李四: { unit: '内科' }, 周处: { unit: '医务处', roles: ['medicalOffice'] },
    安全员: { unit: '信息科', roles: ['securityOfficer'] },
  }) // prettier-ignore
})
afterAll(() => t[Symbol.asyncDispose]())
const later = (seconds: number) => t.h.clock.set(new Date(t.h.clock.now().getTime() + seconds * 1000).toISOString())
const told = async (name: string) => (await t.need<MessageItem[]>(name, 'GET', '/api/messages')).filter(({ kind }) => kind === 'conversation').map(({ title }) => title) // prettier-ignore
const audited = async (act: string) => t.h.kernel.db.query<{ detail: Record<string, unknown> }>(`SELECT detail FROM kernel.audit_entry WHERE act = $1`, [act]) // prettier-ignore

test('who is written to is told once until he reads, ten seconds later, and never what; who looks is not told; a muted conversation tells only of what names him', async () => {
  const talk = await t.direct('赵一', '孙三')
  await t.say('赵一', talk, '3 床张某某的病理出来了')
  expect(await tellDue(t.h.kernel)).toBe(0)
  later(11)
  await tellDue(t.h.kernel)
  await t.say('赵一', talk, '第二句')
  later(11)
  await tellDue(t.h.kernel)
  const messages = await t.need<MessageItem[]>('孙三', 'GET', '/api/messages')
  expect(messages.map(({ kind, title, body, link }) => ({ kind, title, body, link }))).toEqual([{ kind: 'conversation', title: '赵一 给您发了消息', body: '', link: `/talk?id=${talk}` }])
  await t.need('孙三', 'PUT', `/api/talks/${talk}/read`, { n: 2 })
  expect((await t.need<MessageItem[]>('孙三', 'GET', '/api/messages'))[0]!.readAt).not.toBeNull()
  // Read before the ten seconds are over: nothing to tell.
  await t.say('赵一', talk, '第三句')
  await t.need('孙三', 'PUT', `/api/talks/${talk}/read`, { n: 3 })
  later(11)
  await tellDue(t.h.kernel)
  expect(await told('孙三')).toHaveLength(1)
  await t.say('赵一', talk, '第四句')
  later(11)
  await tellDue(t.h.kernel)
  expect(await told('孙三')).toHaveLength(2)

  const group = await t.group('赵一', '质控', ['李四'])
  await t.say('赵一', group, '大家好')
  await t.need('李四', 'PUT', `/api/talks/${group}/muted`, { muted: true })
  expect(await t.unread('李四')).toBe(0)
  later(11)
  await tellDue(t.h.kernel)
  expect(await told('李四')).toEqual([])
  await t.say('赵一', group, '@李四 请看', { mentions: [t.people['李四']] })
  later(11)
  await tellDue(t.h.kernel)
  expect(await told('李四')).toEqual(['赵一 在“质控”中提到了您'])
  expect(await t.unread('李四')).toBe(1)
}) // prettier-ignore

test('who follows a record, or has written of it, is told; its title does not leave with it, and who may read it no more is told nothing', async () => {
  const record = await t.entry('赵一', '患者王某跌倒')
  await t.need('周处', 'PUT', `/api/records/ward.entry/${record}/follow`, {})
  await t.need('赵一', 'POST', `/api/records/ward.entry/${record}/grants`, { person: t.people['孙三'], level: 'read', until: '2026-07-01' })
  const talk = await t.about('钱二', 'ward.entry', record)
  await t.say('孙三', talk, '我看到了')
  await t.say('钱二', talk, '请核对')
  expect(await t.unread('周处')).toBe(2)
  const { grants } = await t.need<{ grants: { id: string }[] }>('赵一', 'GET', `/api/records/ward.entry/${record}/grants`)
  await t.need('赵一', 'POST', `/api/record-grants/${grants[0]!.id}/withdraw`, {})
  const before = (await told('孙三')).length
  later(11)
  await tellDue(t.h.kernel)
  expect(await told('周处')).toEqual(['孙三 在“登记”的沟通中发了消息'])
  expect(await told('孙三')).toHaveLength(before)
  expect((await t.list('孙三')).some(({ id }) => id === talk)).toBe(false)
})

test('B0037 attached on purpose it stands beside the record, frozen, with who and when and files; what is not attached is in no answer, history or export of it', async () => {
  const record = await t.entry('赵一', '设备故障')
  const talk = await t.about('赵一', 'ward.entry', record)
  const file = await t.sent('钱二')
  await t.say('钱二', talk, '监护仪黑屏，型号 MX450', { files: [file] })
  await t.say('赵一', talk, '中午吃什么')
  const attach = (name: string, more: object) => t.by(name, 'POST', `/api/talks/${talk}/excerpts`, { messages: [1], resource: 'ward.entry', record, ...more })
  // The secretary reads and creates, and changes nothing.
  expect((await attach('钱二', {})).status).toBe(403)
  expect(t.problems(await attach('赵一', { messages: [] }))).toMatchObject([{ field: 'messages' }])
  expect(t.problems(await attach('赵一', { record: newId() })) ?? (await attach('赵一', { record: newId() })).status).toBe(404)
  expect((await attach('赵一', { note: '报修依据' })).status).toBe(201)
  const { excerpts } = await t.need<{ excerpts: TalkExcerpt[] }>('钱二', 'GET', `/api/excerpts/ward.entry/${record}`)
  expect(excerpts).toMatchObject([{ byName: '赵一', note: '报修依据', lines: [{ personName: '钱二', text: '监护仪黑屏，型号 MX450', files: [{ id: file }] }] }])
  expect((await t.by('孙三', 'GET', `/api/excerpts/ward.entry/${record}`)).status).toBe(403)
  // Sealed where it lies, with a history of its own; by its own name nobody reads it.
  const rows = await t.h.kernel.db.query(`SELECT 1 FROM kernel.history WHERE record = $1 AND resource = 'talk.excerpt' AND act = 'create'`, [excerpts[0]!.id])
  expect(rows).toHaveLength(1)
  expect((await t.by('赵一', 'GET', `/api/records/talk.excerpt/${excerpts[0]!.id}`)).status).toBe(403)
  const stored = await t.h.kernel.db.query<{ row: string }>(`SELECT t::text AS row FROM talk.excerpt__lines t WHERE parent = $1`, [excerpts[0]!.id])
  expect(stored[0]!.row).not.toContain('MX450')
  const answers = [
    await t.by('赵一', 'GET', `/api/records/ward.entry/${record}`),
    await t.by('赵一', 'GET', `/api/records/ward.entry/${record}/history`),
    await t.by('周处', 'POST', '/api/records/ward.entry/export', { format: 'csv', reason: '核对', columns: ['name'] }),
    await t.by('周处', 'GET', '/api/search?q=吃什么'),
  ]
  for (const answer of answers) {
    expect(answer.status).toBeLessThan(300)
    expect(answer.text).not.toMatch(/吃什么|MX450/)
  }
  // The original goes by retention; what was attached stays with its record, file and all.
  t.h.clock.set(new Date(t.h.clock.now().getTime() + 1096 * 86_400_000).toISOString())
  await deleteOld(t.h.kernel)
  expect((await t.h.kernel.db.query(`SELECT 1 FROM kernel.talk_message WHERE talk = $1`, [talk])).length).toBe(0)
  const again = await t.h.as(t.people['钱二']!)
  const { excerptsOf } = await import('./excerpts.ts')
  expect(await excerptsOf(t.h.kernel, again, 'ward.entry', record)).toMatchObject([{ lines: [{ files: [{ id: file }] }] }])
  expect(await audited('talk.attach')).toHaveLength(1)
}, 30_000) // prettier-ignore

test('what is older than the hospital keeps it goes, kind by kind, in batches; what is held stays', async () => {
  t = await freshly()
  const [plain, held, spoken] = [await t.direct('甲', '乙'), await t.direct('甲', '丙'), await t.group('甲', '群', ['乙', '丙'])]
  const record = await t.entry('丁', '争议事件')
  const about = await t.about('丁', 'ward.entry', record)
  const file = await t.sent('甲')
  for (const talk of [plain, held, spoken]) await t.say('甲', talk, '旧消息', talk === plain ? { files: [file] } : {})
  await t.say('丁', about, '与争议有关')
  await t.h.kernel.db.query(`INSERT INTO kernel.talk_message (id, talk, n, at, person) SELECT gen_random_uuid(), $1, n, '2020-01-01', $2 FROM generate_series(100, 2600) n`, [spoken, t.people['甲']])
  const hold = { matter: '某某诉本院', basis: '调取函', from: '2026-01-01' }
  await t.h.create('personal.hold', { ...hold, register: 'ward.entry', record })
  await t.h.create('personal.hold', { ...hold, person: t.people['丙'] })
  await t.need('系统员', 'PUT', '/api/settings', await settings({ talkDirectDays: 40, talkRecordDays: 40 }))
  expect(t.problems(await t.by('系统员', 'PUT', '/api/settings', await settings({ talkGroupDays: 29 })))).toMatchObject([{ field: 'talkGroupDays' }])
  t.h.clock.set(new Date(t.h.clock.now().getTime() + 41 * 86_400_000).toISOString())
  expect(await deleteOld(t.h.kernel)).toBe(2502)
  const left = await t.h.kernel.db.query<{ talk: string }>(`SELECT DISTINCT talk FROM kernel.talk_message`)
  expect(left.map(({ talk }) => talk).sort()).toEqual([held, spoken, about].sort())
  // The file hangs on nothing now, and goes the way of such files.
  expect(await t.h.kernel.db.query(`SELECT 1 FROM kernel.file WHERE id = $1 AND orphan_since IS NOT NULL`, [file])).toHaveLength(1)
  expect((await audited('talk.retention')).map(({ detail }) => Number(detail['messages'])).sort((a, b) => a - b)).toEqual([1, 2501])
}, 30_000) // prettier-ignore
async function freshly(): Promise<Talkers> {
  await t[Symbol.asyncDispose]()
  return Talkers.open({ 甲: {}, 乙: {}, 丙: {}, 丁: { roles: ['departmentHead'] }, 系统员: { roles: ['systemOfficer'] } })
}
async function settings(change: object): Promise<object> {
  const seen = await t.need<object>('系统员', 'GET', '/api/settings')
  return { settings: { ...seen, ...change }, seen }
}

test('what somebody said is in the copy of his personal information, and unreadable everywhere once he is erased; what others said to him stays', async () => {
  t = await freshly()
  const talk = await t.direct('甲', '乙')
  await t.say('甲', talk, '我的身份证放在你那里了')
  await t.say('乙', talk, '好的')
  const holdings = (await t.need<PersonalAnswer>('甲', 'GET', '/api/me/personal')).holdings
  expect(holdings).toContainEqual(expect.objectContaining({ label: '沟通中的消息', count: 1 }))
  expect((await t.by('甲', 'GET', '/api/me/personal/file')).status).toBe(200)
  const ctx = await t.h.system()
  await t.h.kernel.transaction(ctx, (tx) => erasePerson(t.h.kernel, tx, { id: newId(), person: t.people['甲'] } as never))
  const { rows } = await t.read('乙', talk)
  expect(rows.map(({ text, unreadable }) => [text, unreadable])).toEqual([['', 'erased'], ['好的', null]])
  const erased = await t.h.kernel.db.query(`SELECT 1 FROM kernel.erasure WHERE resource = 'kernel.talk_member'`)
  expect(erased).toHaveLength(1)
  // A hold keeps it.
  const later = await t.direct('丙', '乙')
  await t.say('丙', later, '证词')
  await t.h.create('personal.hold', { matter: '某案', basis: '调取函', from: '2026-01-01', person: t.people['丙'] })
  await expect(t.h.kernel.transaction(ctx, (tx) => erasePerson(t.h.kernel, tx, { id: newId(), person: t.people['丙'] } as never))).rejects.toThrow('某案')
}) // prettier-ignore

test('who left is not back in his groups when he returns; his own group is taken over', async () => {
  t = await freshly()
  const talk = await t.group('甲', '群', ['乙', '丙'])
  await t.leaves('甲')
  await endPlaces(t.h.kernel)
  expect(await t.talk('乙', talk)).toMatchObject({ owner: expect.stringMatching(new RegExp(`${t.people['乙']}|${t.people['丙']}`)) })
  await t.h.kernel.db.query(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [t.people['甲']])
  t.h.kernel.directoryChanged()
  expect((await t.by('甲', 'GET', `/api/talks/${talk}`)).status).toBe(404)
})

test('an open page hears within a second that something was said where it belongs, and of nothing else', async () => {
  t = await freshly()
  const url = await t.h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
  await t.h.house.startWork()
  await t.add('文秘', { roles: ['departmentSecretary'] })
  const heard: Record<string, string> = { 乙: '', 丙: '', 文秘: '' }
  const gone = new AbortController()
  for (const name of Object.keys(heard)) {
    const { cookie } = await t.session(name)
    const stream = await fetch(`${url}/api/live`, { headers: { cookie }, signal: gone.signal })
    void (async () => {
      for await (const piece of stream.body!.pipeThrough(new TextDecoderStream())) heard[name] += piece
    })().catch(() => undefined)
  }
  await expect.poll(() => Object.values(heard).every((text) => text.includes('event: open'))).toBe(true)
  const talk = await t.direct('甲', '乙')
  await t.say('甲', talk, '在吗')
  await expect.poll(() => heard['乙'], { timeout: 1000, interval: 20 }).toContain(`data: {"talks":["${talk}"]}`)
  expect(heard['丙']).not.toContain(talk)
  // Who only looks at a record hears of the first word beside it; who may not look hears nothing.
  const record = await t.entry('丁', '开着的登记')
  const beside = await t.about('丁', 'ward.entry', record)
  for (const name of ['文秘', '丙']) {
    const stream = /"stream":"([^"]+)"/.exec(heard[name]!)![1]!
    expect(await t.need(name, 'PUT', `/api/live/${stream}`, { records: [{ resource: 'ward.entry', id: record }] })).toEqual({
      isWatching: true,
    })
  }
  await t.say('丁', beside, '请看这一条')
  await expect
    .poll(() => heard['文秘'], { timeout: 1000, interval: 20 })
    .toContain(`data: {"beside":[{"resource":"ward.entry","id":"${record}"}]}`)
  expect(heard['丙']).not.toContain(record)
  gone.abort()
})
