import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApprovalAnswer, PreparedItem, PreparedSigned, TaskPage } from '#model'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
const people: Record<string, string> = {}
const sessions: Record<string, HttpSession> = {}
const procedures: Record<string, string> = {}

beforeAll(async () => {
  h = await hospital()
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentSecretary', post: 'secretary' })
  const staff: [string, Record<string, string | string[]>][] = [
    ['张海涛', { titleLevel: 'associateSenior', appointedTitle: '副主任医师' }], ['李卫东', { post: 'head', titleLevel: 'senior' }], ['郑毅', { titleLevel: 'senior' }], ['何秀兰', { post: 'secretary', category: 'other' }],
    ['周敏', { unit: '医务处', roles: ['medicalOffice'], category: 'other' }], ['方国梁', { unit: '院办', roles: ['committeeMember'] }], ['吴静', { unit: '普外科', roles: ['committeeMember'] }], ['陈立', { unit: '神经外科', roles: ['committeeMember'] }],
  ] // prettier-ignore
  for (const [name, more] of staff) people[name] = await h.person(name, more)
  for (const name of Object.keys(people)) sessions[name] = await h.signIn(people[name]!)
  const bone = await h.unit('骨科')
  for (const [code, name, level] of [
    ['81.5100', '全髋关节置换', 'four'],
    ['81.5400', '全膝关节置换', 'four'],
    ['79.3603', '踝关节骨折内固定', 'two'],
    ['80.5100', '椎间盘切除术', 'three'],
  ] as const) {
    procedures[name] = (await h.create('privileges.procedure', { code, name, level, codeSystem: '医保版', codeVersion: '2.0' })).id
    await h.create('privileges.departmentProcedure', { unit: bone, procedure: procedures[name] })
  }
  await h.create('directory.group', {
    name: '骨科授权考核小组',
    kind: 'privilegeAssessment',
    unit: bone,
    members: [{ person: people['李卫东'], chair: true }, { person: people['郑毅'] }],
  })
  await h.create('directory.group', {
    name: '委员会',
    kind: 'technologyCommittee',
    members: ['方国梁', '吴静', '陈立'].map((n) => ({ person: people[n], chair: n === '方国梁' })),
  })
})
afterAll(() => h[Symbol.asyncDispose]())

const session = (name: string): HttpSession => sessions[name]!
/** Uploads a picture as this person; its id is a signature or a scan. */
async function upload(name: string): Promise<string> {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
  const body = Buffer.concat([
    Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="sign.png"\r\ncontent-type: image/png\r\n\r\n'),
    png,
    Buffer.from('\r\n--x--\r\n'),
  ])
  const answer = await session(name).call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })
  return answer.json<{ id: string }>().id
}
async function apply(items: string[], name = '张海涛', more: object = {}) {
  const draft = { items: items.map((item) => ({ procedure: procedures[item] })), signature: await upload(name), ...more }
  const answer = await session(name).call('POST', '/api/privileges/applications', { draft, actId: newActId() })
  return { ...answer, instance: answer.json<{ instance: string }>().instance }
}
const view = async (name: string, instance: string) =>
  (await session(name).call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
const lineOf = (a: ApprovalAnswer, item: string) =>
  (a.record['items'] as { id: string; procedure: string }[]).find((row) => row.procedure === procedures[item])!.id
/** Looks at the request and signs; answers how to send the decision. */
async function ready(name: string, instance: string, verdicts: Record<string, object>, more: object = {}) {
  const a = await view(name, instance)
  const task = a.my.task!
  const byLine = Object.fromEntries(Object.entries(verdicts).map(([item, v]) => [lineOf(a, item), v]))
  const signature = task.sign ? { signature: await upload(name) } : {}
  const act = { kind: 'decideItems', actId: newActId(), task: task.id, seenVersion: a.record.version, verdicts: byLine }
  return () => session(name).call('POST', `/api/approvals/${instance}/acts`, { ...act, ...signature, ...more })
}
const decide = async (...decision: Parameters<typeof ready>) => (await ready(...decision))()
const pass = { say: 'pass' }
const grantsOf = (person: string) =>
  h.kernel.db.query<{ name: string; supervised: number; narrowed: string | null; basis: string; scan: string[] | null; to: string }>(
    `SELECT p.name, g.supervised_cases AS supervised, g.narrowed_to AS narrowed, g.basis_number AS basis, g.basis_scan AS scan, g."to" FROM privileges.grant g JOIN privileges.procedure p ON p.id = g.procedure WHERE g.practitioner = $1 ORDER BY g.number`,
    [person],
  )

test('before he submits a surgeon sees his list with its marks, and who will decide', async () => {
  const list = (await session('张海涛').call('GET', '/api/privileges/applicable')).json<
    { name: string; overLevel: boolean; search: string }[]
  >()
  expect(list.map((l) => l.name).sort()).toEqual(Object.keys(procedures).sort())
  expect(list.find((l) => l.name === '全髋关节置换')!.search).toContain('qkgjzh')
  const path = (
    await session('张海涛').call('POST', '/api/flows/preview', {
      resource: 'privileges.application',
      draft: { practitioner: people['张海涛'] },
    })
  ).json<{ path: { label: string; people: { name: string }[] }[] }>().path
  expect(path.map((s) => [s.label, s.people.map((p) => p.name).join()])).toEqual([
    ['提交申请', '张海涛'], ['科室授权考核小组', '李卫东,郑毅'], ['医务处审核', '周敏'], ['医疗技术临床应用管理委员会', '方国梁,吴静,陈立'], ['知会', '张海涛'],
  ]) // prettier-ignore
})

test('a mixed result makes exactly the passed grants, with their conditions, basis and scan', async () => {
  const { instance, status } = await apply(['全髋关节置换', '全膝关节置换', '踝关节骨折内固定', '椎间盘切除术'])
  expect(status).toBe(201)
  const tasks = (await session('李卫东').call('GET', '/api/tasks')).json<TaskPage>().rows
  expect(tasks).toMatchObject([{ instance, applicantName: '张海涛', items: 4, title: '张海涛的手术授权申请（首次授权，4 项）' }])
  const first = await decide('李卫东', instance, {
    全髋关节置换: pass,
    全膝关节置换: pass,
    踝关节骨折内固定: pass,
    椎间盘切除术: { say: 'refuse', reason: '助手例数不足' },
  })
  expect(first.json()).toMatchObject({ status: 'running' })
  await decide('周敏', instance, {
    全髋关节置换: pass,
    全膝关节置换: { say: 'pass', supervisedCases: 5 },
    踝关节骨折内固定: { say: 'narrow', to: 'assistant' },
  })
  const a = await view('周敏', instance)
  expect(a.my.minutes!.members.map((m) => m.name)).toEqual(['方国梁', '吴静', '陈立'])
  const all = a.my.minutes!.members.map((m) => m.id)
  const line = (item: string, yes: number, no: number, say: string, reason?: string) => ({
    item: lineOf(a, item),
    recused: [],
    for: yes,
    against: no,
    abstain: 0,
    result: { say, ...(reason ? { reason } : {}) },
  })
  const scan = await upload('周敏')
  const minutes = {
    kind: 'enterMinutes', actId: newActId(), seenVersion: a.record.version, step: a.my.minutes!.step,
    meeting: { date: '2026-06-12', members: all, present: all, scan, lines: [line('全髋关节置换', 3, 0, 'pass'), line('全膝关节置换', 2, 1, 'pass'), line('踝关节骨折内固定', 1, 2, 'refuse', '未过半数')] },
  } // prettier-ignore
  const done = await session('周敏').call('POST', `/api/approvals/${instance}/acts`, minutes)
  expect(done.json(), done.text).toMatchObject({ status: 'approved' })
  expect(await grantsOf(people['张海涛']!)).toMatchObject([
    { name: '全髋关节置换', supervised: 0, narrowed: null, scan: [scan], to: '2028-06-14' },
    { name: '全膝关节置换', supervised: 5, narrowed: null },
  ])
  const messages = (await session('张海涛').call('GET', '/api/messages')).json<{ title: string; body: string }[]>()
  expect(messages.map((m) => m.title)).toContain('已批准：张海涛的手术授权申请（首次授权，4 项）')
  expect((await session('周敏').call('POST', `/api/approvals/${instance}/acts`, minutes)).json()).toMatchObject({ status: 'approved' })
  expect(await grantsOf(people['张海涛']!)).toHaveLength(2)
})

test('what is granted or waiting cannot be applied for again, and says so at its line', async () => {
  const answer = await apply(['全髋关节置换', '椎间盘切除术'])
  expect(answer.status).toBe(422)
  expect(answer.json()).toMatchObject({ problems: [{ field: 'items.0.procedure', message: '已有授权' }] })
})

test('two members of the group deciding at the same instant: one wins, the other is told', async () => {
  const { instance } = await apply(['椎间盘切除术'])
  const both = await Promise.all(['李卫东', '郑毅'].map((name) => ready(name, instance, { 椎间盘切除术: pass })))
  const answers = await Promise.all(both.map((send) => send()))
  expect(answers.map((a) => a.status).toSorted((a, b) => a - b)).toEqual([200, 409])
  expect(answers.find((a) => a.status === 409)!.json()).toMatchObject({ code: 'flowRefused', refusal: 'taskClosed' })
  const withdrawn = await session('张海涛').call('POST', `/api/approvals/${instance}/acts`, {
    kind: 'withdraw',
    actId: newActId(),
    seenVersion: 1,
  })
  expect(withdrawn.json()).toMatchObject({ status: 'withdrawn' })
})

test('a returned line goes back to the surgeon while the rest goes on; repaired it runs on its own', async () => {
  const { instance } = await apply(['踝关节骨折内固定', '椎间盘切除术'])
  await decide('郑毅', instance, { 踝关节骨折内固定: pass, 椎间盘切除术: { say: 'return', reason: '请补充例数' } })
  const a = await view('张海涛', instance)
  expect([a.status, Object.keys(a.items)]).toEqual(['running', [lineOf(a, '踝关节骨折内固定')]])
  const child = a.related[0]!
  expect(child).toMatchObject({ number: `${a.number}-1`, status: 'returned' })
  const c = await view('张海涛', child.instance)
  expect(c.my.acts.resubmit).toBe(true)
  const answer = await session('张海涛').call('POST', `/api/approvals/${child.instance}/acts`, {
    kind: 'resubmit', actId: newActId(), seenVersion: c.record.version, signature: await upload('张海涛'), changes: { items: { change: { [lineOf(c, '椎间盘切除术')]: { casesAsAssistant: 30 } } } },
  }) // prettier-ignore
  expect(answer.json()).toMatchObject({ status: 'running' })
  expect((await view('李卫东', child.instance)).my.task).not.toBeNull()
})

test('on-line votes decide each line as soon as the rest cannot change it; a member under 回避 does not count', async () => {
  const bone = await h.unit('骨科')
  const extra = (
    await h.create('privileges.procedure', {
      code: '81.8300x008',
      name: '肩袖修补',
      level: 'three',
      codeSystem: '医保版',
      codeVersion: '2.0',
    })
  ).id
  await h.create('privileges.departmentProcedure', { unit: bone, procedure: extra })
  procedures['肩袖修补'] = extra
  const { instance } = await apply(['肩袖修补'])
  await decide('李卫东', instance, { 肩袖修补: pass })
  await decide('周敏', instance, { 肩袖修补: pass })
  await decide('方国梁', instance, { 肩袖修补: { say: 'recuse', reason: '亲属' } })
  const one = await decide('吴静', instance, { 肩袖修补: pass })
  expect(one.json()).toMatchObject({ status: 'running' })
  const last = await decide('陈立', instance, { 肩袖修补: pass })
  expect(last.json(), last.text).toMatchObject({ status: 'approved' })
  expect((await grantsOf(people['张海涛']!)).map((g) => g.name)).toContain('肩袖修补')
})

test('a secretary fills it in, the surgeon alone signs; both names stay', async () => {
  const draft = { items: [{ procedure: procedures['全髋关节置换'] }], kind: 'renewal' as const }
  const prepared = await session('何秀兰').call('POST', '/api/privileges/applications/prepare', { practitioner: people['张海涛'], draft })
  expect(prepared.status).toBe(201)
  const refused = await session('何秀兰').call('POST', '/api/privileges/applications/prepare', { practitioner: people['吴静'], draft })
  expect(refused.status).toBe(403)
  const unsigned = await session('张海涛').call('POST', '/api/privileges/applications', {
    draft,
    actId: newActId(),
    prepared: prepared.json().id,
  })
  expect(unsigned.json()).toMatchObject({ problems: [{ field: 'signature' }] })
  const stolen = await session('张海涛').call('POST', '/api/privileges/applications', {
    draft: { ...draft, signature: await upload('何秀兰') },
    actId: newActId(),
    prepared: prepared.json().id,
  })
  expect(stolen.status).toBe(422)
  const done = await session('张海涛').call('POST', '/api/privileges/applications', {
    draft: { ...draft, signature: await upload('张海涛') },
    actId: newActId(),
    prepared: prepared.json().id,
  })
  const a = await view('张海涛', done.json<{ instance: string }>().instance)
  expect([a.applicant.name, a.filledBy?.name]).toEqual(['张海涛', '何秀兰'])
})

test('several prepared requests are signed with one signature; one that no longer holds says why, and the others go on', async () => {
  const unit = await h.unit('骨科')
  for (const [code, name] of [['80.2600', '膝关节镜检查'], ['79.3900', '锁骨骨折内固定']] as const) {
    procedures[name] = (await h.create('privileges.procedure', { code, name, level: 'two', codeSystem: '医保版', codeVersion: '2.0' })).id
    await h.create('privileges.departmentProcedure', { unit, procedure: procedures[name] })
  } // prettier-ignore
  const prepare = async (item: string, kind = 'first') => {
    const draft = { items: [{ procedure: procedures[item] }], kind }
    const answer = await session('何秀兰').call('POST', '/api/privileges/applications/prepare', { practitioner: people['张海涛'], draft })
    expect(answer.status, answer.text).toBe(201)
    return answer.json<{ id: string }>().id
  }
  const ids = [await prepare('膝关节镜检查'), await prepare('膝关节镜检查'), await prepare('锁骨骨折内固定')]
  const mine = (await session('张海涛').call('GET', '/api/prepared')).json<PreparedItem[]>()
  expect(mine.map((one) => one.id).sort()).toEqual([...ids].sort())
  expect(mine.find((one) => one.id === ids[0])).toMatchObject({
    title: '张海涛的手术授权申请（首次授权，1 项）',
    summary: '膝关节镜检查',
    byName: '何秀兰',
    isMine: true,
  })
  const sign = (body: object, name = '张海涛') => session(name).call('POST', '/api/prepared/sign', body)
  expect((await sign({ ids })).json()).toMatchObject({ problems: [{ field: 'signature' }] })
  // Nobody signs for him, and nobody's signature is his.
  const foreign = await sign({ ids: [ids[0]], signature: await upload('何秀兰') }, '何秀兰')
  expect(foreign.json<PreparedSigned>().results).toMatchObject([{ ok: false, message: '代填的申请已被撤销' }])
  expect((await sign({ ids: [ids[0]], signature: await upload('何秀兰') })).json<PreparedSigned>().results).toMatchObject([
    { ok: false, message: '签名无效，请重新签名' },
  ])
  const signature = await upload('张海涛')
  const signed = (await sign({ ids: [...ids, newActId()], signature })).json<PreparedSigned>().results
  expect(signed.map((one) => one.ok)).toEqual([true, false, true, false])
  expect(signed[1]!.message).toMatch(/^已在申请 SQ-2026-\d+ 中$/)
  const a = await view('张海涛', signed[0]!.instance!)
  expect([a.applicant.name, a.filledBy?.name, a.record['signature']]).toEqual(['张海涛', '何秀兰', signature])
  // Signed again it is the same submission; what was not submitted still waits.
  expect((await sign({ ids: [ids[0]], signature })).json<PreparedSigned>().results).toEqual([signed[0]])
  expect((await session('张海涛').call('GET', '/api/prepared')).json<PreparedItem[]>().map((one) => one.id)).toEqual([ids[1]])
  expect((await session('张海涛').call('DELETE', `/api/prepared/${ids[1]}`)).status).toBe(200)
  expect((await session('何秀兰').call('GET', '/api/prepared')).json()).toEqual([])
})

test('somebody who is no party to an approval does not see it', async () => {
  const { instance } = await apply(['踝关节骨折内固定'], '郑毅')
  const stranger = await h.signIn(await h.person('路人', { unit: '眼科' }))
  expect((await stranger.call('GET', `/api/approvals/${instance}`)).status).toBe(404)
  expect(
    (
      await stranger.call('POST', `/api/approvals/${instance}/acts`, {
        kind: 'approve',
        actId: newActId(),
        task: 'assessment#1/1',
        seenVersion: 1,
      })
    ).status,
  ).toBe(409)
})
