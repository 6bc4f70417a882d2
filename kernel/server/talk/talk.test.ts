import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { HttpAnswer } from '#app/testing/hospital.ts'
import type { TalkFound } from '#model'
import { updateRecordOf } from '../records/write.ts'
import { Talkers } from '#app/testing/talkers.ts'

let t: Talkers
beforeAll(async () => {
  t = await Talkers.open({
    赵一: { roles: ['departmentHead'], post: 'head' }, 钱二: { roles: ['departmentSecretary'] }, 孙三: { unit: '内科' }, 李四: { unit: '内科' }, 周处: { unit: '医务处', roles: ['medicalOffice'] },
    安全员: { unit: '信息科', roles: ['securityOfficer'] }, 系统员: { unit: '信息科', roles: ['systemOfficer'] }, 审计员: { unit: '信息科', roles: ['auditOfficer'] },
  }) // prettier-ignore
})
afterAll(() => t[Symbol.asyncDispose]())
const codeOf = (answer: HttpAnswer): string => (answer.status < 300 ? 'yes' : answer.json<{ code: string }>().code)
const everyAct = (talk: string): [string, string, unknown?][] => [
  ['GET', `/api/talks/${talk}`],
  ['GET', `/api/talks/${talk}/messages`],
  ['GET', `/api/talks/${talk}/files`],
  ['GET', `/api/talks/search?q=会诊&talk=${talk}`],
  ['POST', `/api/talks/${talk}/messages`, { id: newId(), text: '我也看看' }],
  ['PUT', `/api/talks/${talk}/read`, { n: 1 }],
  ['PUT', `/api/talks/${talk}/muted`, { muted: true }],
  ['POST', `/api/talks/${talk}/members`, { add: [] }],
  ['PUT', `/api/talks/${talk}/name`, { name: '改' }],
  ['POST', `/api/talks/${talk}/leave`, {}],
  ['POST', `/api/talks/${talk}/excerpts`, { messages: [1] }],
]
/** Which of all acts somebody is let into. */
async function letIn(name: string, talk: string): Promise<string[]> {
  const yes: string[] = []
  for (const [method, url, body] of everyAct(talk))
    if (codeOf(await t.by(name, method, url, body)) !== 'notFound') yes.push(`${method} ${url}`)
  return yes
}

test('B0037 two people: one conversation whoever begins it, words in their order, quoted, read marks, and nobody else is let in, officers least of all', async () => {
  const talk = await t.direct('赵一', '孙三')
  expect(await t.direct('孙三', '赵一')).toBe(talk)
  expect(await t.list('孙三')).toEqual([])
  const first = await t.say('赵一', talk, '3 床会诊\n<b>请看</b> https://example.cn/a。')
  expect(first).toMatchObject({ n: 1, personName: '赵一', text: '3 床会诊\n<b>请看</b> https://example.cn/a。' })
  expect(await t.unread('孙三')).toBe(1)
  expect(await t.list('孙三')).toMatchObject([{ title: '赵一', unread: 1, line: '3 床会诊 <b>请看</b> https://example.cn/a。' }])
  const answer = await t.say('孙三', talk, '下午到', { answers: 1 })
  expect(answer.answers).toMatchObject({ n: 1, personName: '赵一' })
  // Whoever writes has read: his own number goes along.
  expect(await t.unread('孙三')).toBe(0)
  expect((await t.talk('赵一', talk)).members.map(({ personName, read }) => `${personName} ${read}`).sort()).toEqual(['孙三 2', '赵一 1'])
  await t.need('赵一', 'PUT', `/api/talks/${talk}/read`, { n: 2 })
  expect(await t.unread('赵一')).toBe(0)
  for (const name of ['李四', '周处', '安全员', '系统员', '审计员']) expect([name, await letIn(name, talk)]).toEqual([name, []])
  // Sealed at rest.
  const rows = await t.h.kernel.db.query<{ words: Buffer }>(`SELECT words FROM kernel.talk_message WHERE talk = $1`, [talk])
  expect(rows.some(({ words }) => words.includes('会诊'))).toBe(false)
})

test('fifty who write at once get one order without gaps; what is sent again is said once', async () => {
  const names = Array.from({ length: 10 }, (_, n) => `群员${n}`)
  for (const name of names) await t.add(name)
  const talk = await t.group('赵一', '并发', names)
  await Promise.all(names.map((name) => t.session(name)))
  await Promise.all(Array.from({ length: 50 }, (_, n) => t.say(names[n % 10]!, talk, `第${n}句`)))
  const seen = async (name: string) => {
    const [late, early] = [await t.read(name, talk), await t.read(name, talk, '?before=22')]
    return [...early.rows, ...late.rows].map(({ n, text }) => `${n} ${text}`)
  }
  const one = await seen('群员0')
  expect(one.map((line) => Number(line.split(' ')[0]))).toEqual(Array.from({ length: 51 }, (_, n) => n + 1))
  expect(await seen('群员7')).toEqual(one)
  const id = newId()
  const again = await Promise.all(Array.from({ length: 5 }, () => t.say('群员1', talk, '只说一次', { id })))
  expect(new Set(again.map(({ n }) => n)).size).toBe(1)
  expect((await t.talk('群员1', talk)).last).toBe(52)
  // The number of another's message opens nothing.
  expect((await t.trySaying('群员2', talk, '冒用', { id })).status).toBe(400)
}, 30_000)

test('B0037 a group: its owner adds, removes, renames and hands over; who comes sees what is said from then on, who was removed or left sees nothing', async () => {
  const talk = await t.group('赵一', '骨科读片', ['钱二', '孙三'])
  await t.say('赵一', talk, '旧话')
  expect((await t.by('钱二', 'POST', `/api/talks/${talk}/members`, { add: [t.people['李四']] })).status).toBe(403)
  await t.need('赵一', 'POST', `/api/talks/${talk}/members`, { add: [t.people['李四']] })
  await t.say('钱二', talk, '新话')
  expect(await t.texts('李四', talk)).toEqual(['新话'])
  expect((await t.read('李四', talk)).rows[0]).toMatchObject({ isNote: true, text: '邀请了 李四' })
  expect((await t.trySaying('李四', talk, '看到了', { answers: 2 })).status).toBe(422)
  expect((await t.need<{ rows: unknown[] }>('李四', 'GET', `/api/talks/search?q=旧话`)).rows).toEqual([])
  await t.need('赵一', 'POST', `/api/talks/${talk}/members`, { remove: [t.people['孙三']] })
  expect(await letIn('孙三', talk)).toEqual([])
  expect((await t.list('孙三')).some(({ id }) => id === talk)).toBe(false)
  expect((await t.by('赵一', 'POST', `/api/talks/${talk}/leave`, {})).text).toContain('请先转让群主')
  expect((await t.by('赵一', 'PUT', `/api/talks/${talk}/owner`, { person: t.people['孙三'] })).status).toBe(422)
  await t.need('赵一', 'PUT', `/api/talks/${talk}/owner`, { person: t.people['钱二'] })
  await t.need('赵一', 'POST', `/api/talks/${talk}/leave`, {})
  expect(await letIn('赵一', talk)).toEqual([])
  await t.need('钱二', 'PUT', `/api/talks/${talk}/name`, { name: '骨科读片二组' })
  expect((await t.talk('李四', talk)).title).toBe('骨科读片二组')
  // Two at once: somebody is removed while he writes. He is in before, or not at all.
  const [, late] = await Promise.all([t.need('钱二', 'POST', `/api/talks/${talk}/members`, { remove: [t.people['李四']] }), t.trySaying('李四', talk, '最后一句')])
  expect([201, 404]).toContain(late.status)
  expect(await letIn('李四', talk)).toEqual([])
  const acts = await t.h.kernel.db.query<{ act: string }>(`SELECT act FROM kernel.audit_entry WHERE detail->>'talk' = $1 ORDER BY seq`, [talk])
  expect(acts.map(({ act }) => act).sort()).toEqual(['talk.group', 'talk.group', 'talk.members', 'talk.members', 'talk.members', 'talk.members', 'talk.members'])
}) // prettier-ignore

test('B0037 the group of a unit follows its staff: nobody is added or removed; who comes to work there is in it, who left the hospital is out at once and stays by name', async () => {
  const unit = await t.h.unit('急诊科')
  for (const name of ['急一', '急二', '急三']) await t.add(name, { unit: '急诊科', ...(name === '急一' ? { post: 'head' } : {}) })
  expect((await t.by('赵一', 'GET', `/api/talks/find?unit=${unit}`)).status).toBe(404)
  const { id: talk } = await t.need<{ id: string }>('急一', 'POST', '/api/talks', { unit })
  expect((await t.need<{ id: string }>('急二', 'POST', '/api/talks', { unit })).id).toBe(talk)
  await t.say('急三', talk, '今晚我值班')
  expect((await t.by('急一', 'POST', `/api/talks/${talk}/members`, { add: [t.people['赵一']] })).text).toContain('随科室人员变动')
  expect(await letIn('赵一', talk)).toEqual([])
  await t.add('急四', { unit: '急诊科' })
  await t.say('急二', talk, '收到 @所有人', { everyone: false })
  expect(await t.unread('急四')).toBe(1)
  expect((await t.talk('急四', talk)).members.map(({ personName }) => personName)).toContain('急四')
  expect(t.problems(await t.trySaying('急二', talk, '@所有人 交班', { everyone: true }))).toMatchObject([{ field: 'everyone' }])
  await t.say('急一', talk, '@所有人 交班', { everyone: true })
  expect((await t.list('急四'))[0]).toMatchObject({ isMentioned: true })
  const session = await t.session('急三')
  await t.leaves('急三')
  expect((await session.call('GET', `/api/talks/${talk}/messages`)).status).toBe(403)
  expect((await t.talk('急一', talk)).members.map(({ personName }) => personName).sort()).toEqual(['急一', '急二', '急四'])
  expect((await t.read('急一', talk)).rows[0]).toMatchObject({ personName: '急三', text: '今晚我值班' })
  expect(t.problems(await t.trySaying('急一', talk, '@急三', { mentions: [t.people['急三']] }))).toEqual([{ field: 'mentions', message: '急三已离职，不能提到' }])
}) // prettier-ignore

test('nobody writes to one who left, or whose account is stopped, and is told why; what was said stays', async () => {
  await t.add('离职者')
  await t.add('停用者')
  const [left, stopped] = [await t.direct('赵一', '离职者'), await t.direct('赵一', '停用者')]
  await t.say('赵一', left, '再见')
  await t.leaves('离职者')
  const answer = await t.trySaying('赵一', left, '在吗')
  expect([answer.status, answer.json<{ title: string }>().title]).toEqual([409, '离职者已离职，不能再发消息'])
  expect(await t.texts('赵一', left)).toEqual(['再见'])
  expect(await t.talk('赵一', left)).toMatchObject({ title: '离职者', may: { write: false }, closed: '离职者已离职，不能再发消息' })
  const [account] = await t.h.kernel.db.query<{ id: string; version: number }>(`SELECT id, version FROM security.account WHERE person = $1`, [t.people['停用者']])
  await updateRecordOf(t.h.kernel, await t.h.system(), 'security.account', account!.id, account!.version, { status: 'disabled', reason: '借调' }, { byModule: true })
  expect((await t.trySaying('赵一', stopped, '在吗')).text).toContain('停用者没有可用的账号')
  expect((await t.by('周处', 'POST', '/api/talks', { direct: t.people['停用者'] })).status).toBe(409)
  expect(t.problems(await t.by('赵一', 'POST', '/api/talks', { name: '群', members: [t.people['离职者']] }))).toMatchObject([{ field: 'members', message: '离职者已离职，不能再发消息' }])
  expect((await t.by('赵一', 'POST', '/api/talks', { direct: t.people['赵一'] })).text).toContain('不能给自己发消息')
}) // prettier-ignore

test('B0037 about a record: whoever may read it at that moment reads and writes, and nobody else; a right that is lost is lost here too', async () => {
  const record = await t.entry('赵一', '跌倒一例')
  const about = `resource=ward.entry&record=${record}`
  expect(await t.find('钱二', about)).toEqual({ talk: null, title: '登记 · 跌倒一例', closed: null } satisfies TalkFound)
  expect((await t.by('孙三', 'GET', `/api/talks/find?${about}`)).status).toBe(404)
  const talk = await t.about('赵一', 'ward.entry', record)
  await t.say('赵一', talk, '请补现场照片')
  await t.say('钱二', talk, '已补')
  expect(await t.texts('周处', talk)).toEqual(['请补现场照片', '已补'])
  // Who only looked is not counted for; who writes is.
  expect([await t.unread('周处'), (await t.list('赵一'))[0]!.unread]).toEqual([0, 1])
  for (const name of ['孙三', '安全员', '系统员', '审计员']) expect([name, await letIn(name, talk)]).toEqual([name, []])
  expect(t.problems(await t.trySaying('赵一', talk, '@孙三', { mentions: [t.people['孙三']] }))).toEqual([{ field: 'mentions', message: '孙三没有查看这里的权限，不能提到' }])
  await t.say('赵一', talk, '@周处 请看', { mentions: [t.people['周处']] })
  expect(await t.list('周处')).toMatchObject([{ id: talk, title: '登记 · 跌倒一例', isMentioned: true, unread: 1 }])
  // Given to a colleague, then taken back.
  const until = '2026-07-01'
  await t.need('赵一', 'POST', `/api/records/ward.entry/${record}/grants`, { person: t.people['孙三'], level: 'read', until })
  await t.say('孙三', talk, '我来处理')
  const { grants } = await t.need<{ grants: { id: string }[] }>('赵一', 'GET', `/api/records/ward.entry/${record}/grants`)
  await t.need('赵一', 'POST', `/api/record-grants/${grants[0]!.id}/withdraw`, {})
  await t.say('钱二', talk, '谢谢')
  expect(await letIn('孙三', talk)).toEqual([])
  expect(await t.list('孙三')).not.toContainEqual(expect.objectContaining({ id: talk }))
  const { record: stored } = await t.need<{ record: { version: number } }>('赵一', 'GET', `/api/records/ward.entry/${record}`)
  await t.need('赵一', 'DELETE', `/api/records/ward.entry/${record}?version=${stored.version}`)
  expect((await t.trySaying('赵一', talk, '还能说吗')).text).toContain('回收站')
}) // prettier-ignore

test('B0037 about an approval: its parties speak beside it, whoever may not look at it does not; it is apart from what the flow asks and answers', async () => {
  const draft = { applicant: t.people['钱二'], topic: '腔镜进修', place: '协和', days: 30, contact: '13800001234' }
  const made = await t.by('钱二', 'POST', '/api/flows/submit/study.application', { draft, actId: newId() })
  const instance = made.json<{ instance: string }>().instance
  const talk = await t.about('钱二', 'approval', instance)
  await t.say('钱二', talk, '主任，请尽快')
  await t.say('赵一', talk, '材料齐了就批')
  expect(await t.talk('赵一', talk)).toMatchObject({ kind: 'record', about: { resource: 'approval', id: instance, label: '审批' }, attachTo: { resource: 'study.application' } })
  for (const name of ['孙三', '安全员', '系统员', '审计员']) expect([name, await letIn(name, talk)]).toEqual([name, []])
  expect((await t.by('赵一', 'GET', `/api/approvals/${instance}`)).text).not.toContain('材料齐了就批')
  expect((await t.by('赵一', 'GET', `/api/approvals/${instance}/print`)).text).not.toContain('材料齐了就批')
}) // prettier-ignore

test('taken back within two minutes by its author only: its words and files are gone, its place stays', async () => {
  const talk = await t.direct('赵一', '周处')
  const file = await t.sent('赵一')
  const said = await t.say('赵一', talk, '发错了', { files: [file] })
  expect((await t.by('周处', 'GET', `/api/files/${file}`)).status).toBe(200)
  expect((await t.by('周处', 'DELETE', `/api/talks/${talk}/messages/${said.id}`)).status).toBe(404)
  await t.need('赵一', 'DELETE', `/api/talks/${talk}/messages/${said.id}`)
  expect((await t.read('周处', talk)).rows).toMatchObject([{ n: 1, text: '', files: [], isWithdrawn: true }])
  expect((await t.by('周处', 'GET', `/api/files/${file}`)).status).toBe(404)
  expect((await t.list('周处'))[0]!.line).toBe('已撤回')
  const late = await t.say('赵一', talk, '太晚')
  t.h.clock.set(new Date(t.h.clock.now().getTime() + 121_000).toISOString())
  expect((await t.by('赵一', 'DELETE', `/api/talks/${talk}/messages/${late.id}`)).text).toContain('超过 2 分钟')
})

test('pictures and files: seen by who belongs to it, by nobody else; a picture that is no picture, another\'s file and too many are refused at their place', async () => {
  const talk = await t.group('赵一', '影像', ['钱二'])
  const [mine, foreign] = [await t.sent('赵一'), await t.sent('孙三')]
  const fake = await t.upload('赵一', '这不是图片，是文字', '现场.png')
  expect([fake.status, fake.json<{ title: string }>().title]).toEqual([422, '“现场.png”的内容与扩展名不符，不能上传'])
  const said = await t.say('赵一', talk, '', { files: [mine] })
  expect(said.files).toMatchObject([{ id: mine, name: '现场.png', type: 'image/png' }])
  expect([(await t.by('钱二', 'GET', `/api/files/${mine}`)).status, (await t.by('孙三', 'GET', `/api/files/${mine}`)).status]).toEqual([200, 404])
  expect(t.problems(await t.trySaying('赵一', talk, '', { files: [foreign] }))).toEqual([{ field: 'files', message: '有附件不存在，请重新上传' }])
  expect(t.problems(await t.trySaying('赵一', talk, ' \n'))).toEqual([{ field: 'text', message: '请填写文字，或附上图片、文件' }])
  expect(t.problems(await t.trySaying('赵一', talk, '长'.repeat(5001)))).toMatchObject([{ field: 'text' }])
  expect(t.problems(await t.trySaying('赵一', talk, '', { files: [mine], voice: 3 }))).toEqual([{ field: 'voice', message: '不是一段录音' }])
  expect(t.problems(await t.trySaying('赵一', talk, '', { files: Array.from({ length: 10 }, () => newId()) }))).toMatchObject([{ field: 'files' }])
  const { rows } = await t.need<{ rows: { file: { id: string } }[] }>('钱二', 'GET', `/api/talks/${talk}/files`)
  expect(rows.map(({ file }) => file.id)).toEqual([mine])
  await t.need('赵一', 'POST', `/api/talks/${talk}/members`, { remove: [t.people['钱二']] })
  expect((await t.by('钱二', 'GET', `/api/files/${mine}`)).status).toBe(404)
}) // prettier-ignore

test('found by its words in one\'s own conversations only; how far it looked is said', async () => {
  const [own, other] = [await t.direct('李四', '孙三'), await t.direct('赵一', '李四')]
  await t.say('李四', own, '蓝色文件夹里有抗凝方案')
  await t.say('赵一', other, '方案我看过了')
  const search = (name: string, q: string) => t.need<{ rows: { line: string; talk: string }[]; isWhole: boolean }>(name, 'GET', `/api/talks/search?q=${encodeURIComponent(q)}`)
  expect((await search('李四', '方案')).rows.map(({ talk }) => talk)).toEqual([other, own])
  expect(await search('赵一', '抗凝')).toMatchObject({ rows: [], isWhole: true })
  expect(t.problems(await t.by('李四', 'GET', '/api/talks/search?q=x'))).toMatchObject([{ field: 'q' }])
}) // prettier-ignore
