import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { hospital, newActId, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { TeamsAnswer } from '../teams/teams.rules.ts'

let h: TestHospital
let office: HttpSession, secretary: HttpSession
let clerk: string, scribe: string, head: string
let bones: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  bones = await h.unit('骨科')
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  scribe = await h.person('何秀兰', { unit: '骨科', post: 'secretary' })
  head = await h.person('李卫东', { unit: '骨科', post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  await h.create('directory.roleAssignment', { role: 'departmentSecretary', post: 'secretary' })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => at('2026-03-02'))
async function at(day: string): Promise<void> {
  h.clock.set(day)
  office = await h.signIn(clerk)
  secretary = await h.signIn(scribe)
}
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems?: FieldProblem[] }>().problems ?? answer.json<{ title: string }>().title
const base = '/api/records/organisation'
let made = 0
const newTeam = async (more: object = {}) =>
  record(
    await secretary.call('POST', `${base}.team`, { kind: 'tiered', name: `关节${++made}组`, unit: bones, from: '2026-01-01', ...more }),
  )
const join = (team: string, person: string, more: object = {}) =>
  secretary.call('POST', `${base}.teamMember`, { team, person, level: 'three', from: '2026-01-01', ...more })
const change = (of: RecordAnswer['record'], changes: object, who = secretary) =>
  who.call('PATCH', `${base}.teamMember/${of.id}`, { version: of.version, changes })
const snapshot = (team: string, who = secretary) => who.call('POST', `/api/organisation/teams/${team}/snapshot`)
const tree = async (team: string, asOf: string, who = secretary) =>
  (await who.call('GET', `/api/organisation/teams?team=${team}&asOf=${asOf}`)).json<TeamsAnswer>()

test('a tiered team is a tree: nobody twice at once, nobody under a lower level, in a circle or in another team; who leads stays until others lead', async () => {
  const [a, b, c] = [await h.person('郑毅'), await h.person('张海涛'), await h.person('孙宁')]
  const { id: team } = await newTeam()
  const top = record(await join(team, a, { round: '周一 8:00' }))
  expect(top).toMatchObject({ isTiered: true, unit: bones, name: '郑毅' })
  const middle = record(await join(team, b, { level: 'two', superior: top.id }))
  const low = record(await join(team, c, { level: 'one', superior: middle.id }))
  expect(problems(await join(team, b, { level: 'two', from: '2026-02-01' }))).toEqual([
    { field: 'person', message: '该人员 2026-01-01 至 今 已在本组' },
  ])
  expect(problems(await change(top, { superior: low.id }))).toEqual([{ field: 'superior', message: '上级医师的级别不能低于本人' }])
  expect(problems(await change(low, { level: 'three' }))).toEqual([{ field: 'superior', message: '上级医师的级别不能低于本人' }])
  const equal = record(await change(low, { level: 'two' }))
  expect(problems(await change(middle, { superior: low.id }))).toEqual([
    { field: 'superior', message: '他由本人（直接或间接）带，不能又是本人的上级' },
  ])
  expect(problems(await change(top, { level: 'one' }))).toEqual([{ field: 'level', message: '张海涛由他带，级别却更高，请先调整' }])
  expect(problems(await change(middle, { to: '2026-02-28' }))).toEqual([{ field: 'to', message: '他还带着孙宁，请先改由别人带' }])
  const other = await newTeam()
  expect(problems(await join(other.id, c, { level: 'one', superior: top.id }))).toEqual([
    { field: 'superior', message: '所选上级医师与“小组”不符，请重新选择' },
  ])
  expect(problems(await join(other.id, c, { level: 'one', from: '2025-12-31' }))).toEqual([
    { field: 'from', message: '小组 2026-01-01 才成立' },
  ])
  expect(problems(await join(other.id, c, { level: null }))).toEqual([{ field: 'level', message: expect.any(String) }])
  expect(problems(await change(equal, { person: a }))).toEqual([{ field: 'person', message: '不能换人：请填离组日期，再加入新的成员' }])
  const seen = await tree(team, '2026-03-02')
  expect(seen.members.map(({ name, parent }) => [name, parent])).toEqual([
    ['郑毅', null],
    ['张海涛', top.id],
    ['孙宁', middle.id],
  ])
})

test('a team of another kind has roles and duties; who left is there on the days before, and may come back', async () => {
  const person = await h.person('马超', { mobile: '13900001234', sex: 'male', appointedTitle: '主治医师' })
  const { id: team } = await newTeam({ kind: 'vte', name: 'VTE 防治小组' })
  expect(problems(await join(team, person, { level: null }))).toEqual([{ field: 'role', message: expect.any(String) }])
  const member = record(await join(team, person, { level: null, role: '组长', duties: '评估与上报' }))
  expect((await change(member, { to: '2026-02-10' })).status).toBe(200)
  expect((await join(team, person, { level: null, role: '组员', from: '2026-02-20' })).status).toBe(201)
  const rolesOn = async (day: string) => (await tree(team, day)).members.map(({ role }) => role)
  expect([await rolesOn('2025-12-31'), await rolesOn('2026-01-31'), await rolesOn('2026-02-15'), await rolesOn('2026-03-02')]).toEqual([
    [],
    ['组长'],
    [],
    ['组员'],
  ])
  // Of a file nobody sees more in a tree than in the file.
  const [everything, title] = [await tree(team, '2026-03-02', office), await tree(team, '2026-03-02')]
  expect(everything.members[0]).toMatchObject({ title: '主治医师', sex: 'male' })
  expect(title.members[0]).toMatchObject({ title: '主治医师', sex: null, birthDate: null })
  const foreign = await h.signIn(await h.person('外科秘书', { unit: '普外科', post: 'secretary' }))
  const surgeon = await h.person('外科医师', { unit: '普外科' })
  expect((await foreign.call('POST', `${base}.teamMember`, { team, person: surgeon, role: '组员', from: '2026-03-01' })).status).toBe(403)
})

test('a change of level holds from its day; the team of an earlier day is as it was', async () => {
  const { id: team } = await newTeam()
  const member = record(await join(team, await h.person('高璐'), { level: 'one' }))
  await secretary.call('PATCH', `${base}.teamMember/${member.id}`, { version: member.version, changes: { level: 'two' }, on: '2026-02-15' })
  const levelOn = async (day: string) => (await tree(team, day)).members.map(({ level }) => level)
  expect([await levelOn('2026-02-14'), await levelOn('2026-02-15')]).toEqual([['one'], ['two']])
})

test('a snapshot is taken once a day, also when two click at once, and stays as it was', async () => {
  const person = await h.person('孙建', { appointedTitle: '副主任医师', birthDate: '1980-03-03', sex: 'male' })
  const { id: team } = await newTeam({ headRound: '周四 8:00' })
  const member = record(await join(team, person, { level: 'two', round: '每日 8:00' }))
  const answers = await Promise.all([snapshot(team), snapshot(team, office), snapshot(team)])
  expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409', '409'])
  expect(problems(answers.find(({ status }) => status === 409)!)).toBe('今天已经做过快照，每个小组每天一个')
  const kept = record(answers.find(({ status }) => status === 200)!)
  const line = { name: '孙建', sex: '男', age: 45, title: '副主任医师', level: '二级（主治医师）', round: '每日 8:00', superior: null }
  expect(kept).toMatchObject({ day: '2026-03-02', kind: '三级诊疗小组', headRound: '周四 8:00', count: 1, members: [line] })
  await change(member, { level: 'three', round: '隔日' })
  await h.kernel.db.query(`UPDATE directory.person SET appointed_title = '主任医师' WHERE id = $1::uuid`, [person])
  const again = async () => record(await secretary.call('GET', `${base}.teamSnapshot/${kept.id}`))
  expect(await again()).toMatchObject({ version: 1, members: [line] })
  for (const who of [secretary, office]) {
    expect((await who.call('PATCH', `${base}.teamSnapshot/${kept.id}`, { version: 1, changes: { count: 9 } })).status).toBe(403)
    expect((await who.call('DELETE', `${base}.teamSnapshot/${kept.id}?version=1`)).status).toBe(403)
  }
  await at('2026-03-03')
  expect(record(await snapshot(team))).toMatchObject({ members: [{ age: 46, level: '三级（主任、副主任医师，组长）' }] })
  const stranger = await h.signIn(await h.person('普外秘书', { unit: '普外科', post: 'secretary' }))
  expect((await snapshot(team, stranger)).status).toBe(403)
})

test('an activity of a department is reviewed by its head and archived by its secretary; then nobody changes it', async () => {
  const { id: team } = await newTeam({ kind: 'quality', name: '骨科质量管理小组' })
  const draft = { team, day: '2026-03-01', kind: 'meeting', topic: '三月质控会', content: '通报二月病历质量' }
  const doctor = await h.signIn(await h.person('林医生'))
  const submit = (who: HttpSession, given: object) => who.call('POST', `${base}.teamActivity`, given)
  expect((await submit(doctor, draft)).status).toBe(403)
  expect(problems(await submit(secretary, { ...draft, day: '2025-12-01' }))).toEqual([{ field: 'day', message: '小组 2026-01-01 才成立' }])
  const sent = await submit(secretary, draft)
  const { instance } = record(sent).flow!
  const approve = async (who: HttpSession) => {
    const { my, record: seen } = (await who.call('GET', `/api/approvals/${instance}`)).json<{
      my: { task: { id: string } }
      record: { version: number }
    }>()
    return (
      await who.call('POST', `/api/approvals/${instance}/acts`, {
        kind: 'approve',
        actId: newActId(),
        task: my.task.id,
        seenVersion: seen.version,
      })
    ).status
  }
  expect([await approve(await h.signIn(head)), await approve(secretary)]).toEqual([200, 200])
  const row = (await office.call('GET', `${base}.teamActivity`)).json<ListAnswer>().rows.find(({ topic }) => topic === '三月质控会')!
  expect(row).toMatchObject({ state: 'approved', archivedOn: '2026-03-02', category: 'department' })
  for (const who of [secretary, office]) {
    expect((await who.call('PATCH', `${base}.teamActivity/${row.id}`, { version: row.version, changes: { topic: '改' } })).status).toBe(403)
    expect(
      (
        await who.call('POST', `/api/flows/change/organisation.teamActivity/${row.id}`, {
          actId: newActId(),
          seenVersion: row.version,
          changes: { topic: '改' },
          reason: '改',
        })
      ).status,
    ).toBe(403)
  }
})
