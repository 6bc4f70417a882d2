import { expect, test } from 'vitest'
import type { ReminderItem, ReminderPreview } from '#model'
import { openHouse } from '#app/house.ts'
import { updateRecordOf } from '../records/write.ts'
import { Reminding, runReminders } from './run.ts'
import { heard, Maker, on, owes, talkHospital, talksDefinitions, theirs } from '#app/testing/talks-hospital.ts'

const owner = { who: 'owner', gathered: false } as const
const head = { who: 'headOfUnit', gathered: false } as const
const byDate = (days: number[]) => ({ kind: 'date', date: 'until', days }) as const

test('before, on and after a date people are told once each; of missed days the last is made up for', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const speaker = await h.person('张海涛')
  await maker.change(theirs, { when: byDate([7, 0, -3]), restDays: 'same', text: '{topic}：{when}' })
  await h.create('talks.talk', { speaker, topic: '关节', until: '2026-06-22' })
  for (const day of ['2026-06-15', '2026-06-16', '2026-06-17']) await on(h, day)
  expect(await heard(h, speaker)).toEqual(['讲学即将到期：关节：还有 7 天'])
  // The house is closed on the day itself.
  for (const day of ['2026-06-23', '2026-06-24', '2026-06-25', '2026-06-26']) await on(h, day)
  expect((await heard(h, speaker)).slice(1)).toEqual(['讲学即将到期：关节：已过 1 天', '讲学即将到期：关节：已过 3 天'])
  // Who has come to know of a date long past is not told of it any more.
  await h.create('talks.talk', { speaker, topic: '旧事', until: '2026-05-01' })
  await on(h, '2026-06-29')
  expect(await heard(h, speaker)).toHaveLength(3)
  expect(await owes(h, speaker)).toEqual(['关节：已过 3 天'])
  await on(h, '2026-07-03')
  expect(await owes(h, speaker)).toEqual([])
})

test('a role may be meant whole, of the record’s campus, or of its unit; named people are named', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const east = await h.unit('东院', { kind: 'campus', parent: h.institution })
  await h.unit('东院骨科', { parent: east })
  const speaker = await h.person('张海涛')
  const [near, here, far] = [await h.person('科主任甲', { roles: ['departmentHead', 'medicalOffice'] }), await h.person('科主任乙', { unit: '内科', roles: ['departmentHead', 'medicalOffice'] }), await h.person('科主任丙', { unit: '东院骨科', roles: ['departmentHead', 'medicalOffice'] })]
  await h.create('talks.talk', { speaker, topic: '关节', until: '2026-06-20' })
  const to = (of: 'hospital' | 'campus' | 'unit') => ({ when: byDate([9]), title: of, text: '{topic}', whom: [{ who: 'role', role: 'departmentHead', of, gathered: false }] }) as const
  for (const of of ['hospital', 'campus', 'unit'] as const) await maker.make(to(of))
  await maker.make({ when: byDate([9]), title: '指定', whom: [{ who: 'people', people: [far], gathered: false }] })
  await on(h, '2026-06-15')
  const titles = async (person: string) => (await heard(h, person)).map((one) => one.split('：')[0]!).sort()
  expect([await titles(near), await titles(here), await titles(far)]).toEqual([['campus', 'hospital', 'unit'], ['campus', 'hospital'], ['hospital', '指定']])
}) // prettier-ignore

test('a date may be that of a record referred to, and may be a moment: its day counts', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const [author, speaker] = [await h.person('作者'), await h.person('张海涛')]
  const talk = await h.create('talks.talk', { speaker, topic: '关节', until: '2026-06-20' })
  await h.create('talks.slides', { talk: talk.id, author, name: '一', shownAt: '2026-06-17T23:30:00+08:00' })
  await maker.make({ when: { kind: 'date', date: 'talk.until', days: [4] }, title: '所属讲学', text: '{name} {date}' }, 'talks.slides')
  await maker.make({ when: { kind: 'date', date: 'shownAt', days: [1] }, title: '放映', text: '{name} {when}' }, 'talks.slides')
  await on(h, '2026-06-15')
  expect(await heard(h, author)).toEqual([])
  await on(h, '2026-06-16')
  expect((await heard(h, author)).sort()).toEqual(['所属讲学：一 2026-06-20', '放映：一 还有 1 天'].sort())
})

test('what falls on a rest day is told on the working day before or after it, never on the day itself; nothing before its hour', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const speaker = await h.person('张海涛')
  // Seven days before: a Saturday.
  await h.create('talks.talk', { speaker, topic: '周六', until: '2026-06-27' })
  await maker.change(theirs, { when: byDate([7]), restDays: 'before', text: '{topic}' })
  const earlier = await maker.make({ when: byDate([7]), restDays: 'after', title: '后', at: 600 })
  await on(h, '2026-06-17')
  expect(await heard(h, speaker)).toEqual([])
  await on(h, '2026-06-18')
  // The Dragon Boat holiday of 2026 is Friday the 19th to Sunday the 21st: told on the Thursday before.
  const calendar = (await maker.ask<ReminderItem[]>('GET', '')).find(({ name }) => name === earlier.name)!.next
  expect(calendar).toMatch(/^2026-06-\d\d 10:00$/)
  const days = ['2026-06-19', '2026-06-20', '2026-06-21']
  for (const day of days) await on(h, day)
  const rest = await heard(h, speaker)
  await on(h, '2026-06-22', '09:00')
  const early = await heard(h, speaker)
  await on(h, '2026-06-22', '10:00')
  expect([rest.length, early.length, (await heard(h, speaker)).length]).toEqual([1, 1, 2])
  expect((await heard(h, speaker))[1]).toBe('后：周六')
})

test('until done people are told again and again, and who heads them is told as well; done, it is silent and nothing is left to do', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const speaker = await h.person('张海涛')
  const chief = await h.person('李卫东', { post: 'head', roles: ['departmentHead'] })
  await maker.change(theirs, { when: byDate([1]), repeat: 7, restDays: 'same', text: '{topic} {when}', done: { field: 'grade', op: 'eq', value: 'high' }, escalate: [{ after: 2, repeat: 3, whom: [head] }] }) // prettier-ignore
  const made = await h.create('talks.talk', { speaker, topic: '关节', until: '2026-06-16', grade: 'low' })
  for (let day = 15; day <= 30; day++) await on(h, `2026-06-${day}`)
  expect(await heard(h, speaker)).toEqual(['还有 1 天', '已过 6 天', '已过 13 天'].map((when) => `讲学即将到期：关节 ${when}`))
  expect(await heard(h, chief)).toEqual(
    ['已过 2 天', '已过 5 天', '已过 8 天', '已过 11 天', '已过 14 天'].map((when) => `讲学即将到期：关节 ${when}`),
  )
  expect([(await owes(h, speaker)).length, (await owes(h, chief)).length]).toEqual([1, 1])
  const reminding = new Reminding(h.kernel)
  await updateRecordOf(h.kernel, await h.system(), 'talks.talk', made.id, made.version, { grade: 'high' })
  reminding.note([{ seq: 1, at: '', topic: 'record.updated', resource: 'talks.talk', record: made.id, payload: {} }])
  await reminding.cure()
  expect([await owes(h, speaker), await owes(h, chief)]).toEqual([[], []])
  await on(h, '2026-07-06')
  expect([(await heard(h, speaker)).length, (await heard(h, chief)).length]).toEqual([3, 5])
})

test('by a condition and a rhythm: weekly until it passes no more, escalated some days after it was first told; who heads a unit is headed by the next above', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const chief = await h.person('李卫东', { post: 'head', roles: ['departmentHead'] })
  const above = await h.person('院长', { unit: '总院', post: 'head', roles: ['departmentHead', 'medicalOffice'] })
  const made = await h.create('talks.talk', { speaker: chief, topic: '综述', grade: 'low' })
  await maker.make({
    when: { kind: 'rhythm', rhythm: { every: 'week', on: [3] } }, where: { field: 'grade', op: 'eq', value: 'low' }, whom: [owner], title: '待评', escalate: [{ after: 10, repeat: null, whom: [head] }],
  }) // prettier-ignore
  for (let day = 15; day <= 30; day++) await on(h, `2026-06-${day}`)
  // Of the week before the last day is made up for; then each Wednesday.
  expect(await heard(h, chief)).toEqual(Array(3).fill('待评：综述'))
  expect(await heard(h, above)).toEqual(['待评：综述'])
  await updateRecordOf(h.kernel, await h.system(), 'talks.talk', made.id, made.version, { grade: 'high' })
  await on(h, '2026-07-01')
  expect([(await heard(h, chief)).length, await owes(h, chief), await owes(h, above)]).toEqual([3, [], []])
})

test('the hospital’s version counts in place of the product’s, is switched off and on, and gives way to the product’s own again', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const speaker = await h.person('张海涛')
  await h.create('talks.talk', { speaker, topic: '关节', until: '2026-06-25' })
  const changed = await maker.change(theirs, { title: '本院：{topic}', restDays: 'same' })
  expect([changed.from, changed.version, changed.sentence]).toEqual(['changed', 1, '讲学的截止前 30、7 天，08:00 提醒本人。'])
  await on(h, '2026-06-15')
  expect(await heard(h, speaker)).toEqual(['本院：关节：《关节》还有 10 天截止'])
  await maker.ask('POST', `/${theirs}/switch`, { isOn: false })
  expect(await owes(h, speaker)).toEqual([])
  await on(h, '2026-06-18')
  expect(await heard(h, speaker)).toHaveLength(1)
  const back = await maker.ask('POST', `/${theirs}/back`, { to: 'program', version: 1 })
  expect([back.from, back.version, back.isOn]).toEqual(['program', 0, false])
  await maker.ask('POST', `/${theirs}/switch`, { isOn: true })
  await on(h, '2026-06-23')
  expect((await heard(h, speaker))[1]).toBe('讲学即将到期：《关节》还有 2 天截止')
  await maker.ask('POST', `/${theirs}/back`, { to: 1, version: 0 })
  expect((await maker.ask<{ version: number; inForce: boolean; by: string }[]>('GET', `/${theirs}/versions`)).map(({ version, inForce, by }) => [version, inForce, by])).toEqual([[2, true, '周敏'], [1, false, '周敏']]) // prettier-ignore
  const acts = await h.kernel.db.query<{ act: string }>(`SELECT act FROM kernel.audit_entry WHERE act LIKE 'reminder.%' `)
  expect(acts.map(({ act }) => act).sort()).toEqual(['back', 'back', 'change', 'off', 'on', 'on'].map((act) => `reminder.${act}`))
})

test('after a change nobody is told again of what he was told, nor of thresholds that have passed; new ones count from then on', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const speaker = await h.person('张海涛')
  await h.create('talks.talk', { speaker, topic: '关节', until: '2026-06-25' })
  await maker.change(theirs, { when: byDate([20]), restDays: 'same' })
  await on(h, '2026-06-15')
  expect(await heard(h, speaker)).toHaveLength(1)
  // Ten days are left: 20 was told, 15 has passed, 9 comes tomorrow.
  await maker.change(theirs, { when: byDate([21, 20, 15, 11, 9]) })
  await maker.ask('POST', `/${theirs}/run`)
  await on(h, '2026-06-15', '11:00')
  expect(await heard(h, speaker)).toHaveLength(1)
  await on(h, '2026-06-16')
  expect(await heard(h, speaker)).toHaveLength(2)
  await maker.ask('POST', `/${theirs}/run`)
  await on(h, '2026-06-16', '12:00')
  expect(await heard(h, speaker)).toHaveLength(2)
})

test('a template with an unknown field is refused at its place with what may stand there; so is everything else that is wrong', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const wrong = (part: object) => maker.wrong(theirs, part)
  expect(await wrong({ text: '{topic}：{patient}' })).toEqual({ 'definition.text': '没有字段 {patient}；可用：{type} {date} {days} {when} {speaker} {department} {topic} {until} {helper} {grade}' })
  expect(await wrong({ title: '{phone}', summary: '{topic}' })).toMatchObject({ 'definition.title': expect.stringContaining('没有字段 {phone}') as string, 'definition.summary': '没有字段 {topic}；可用：{count} {type} {date}' })
  expect(await wrong({ title: '{topic', label: '' })).toEqual({ 'definition.label': '请填写' })
  expect(await wrong({ when: { kind: 'date', date: 'topic', days: [] }, whom: [{ who: 'role', role: 'nobody', of: 'hospital' }], repeat: 0, at: 1440 })).toEqual({ 'definition.when.days': '请填写提前几天，最多 20 个', 'definition.repeat': '请填写 1 至 365 天', 'definition.at': '请填写时间' })
  expect(await wrong({ when: { kind: 'date', date: 'topic', days: [1] }, whom: [{ who: 'role', role: 'nobody', of: 'hospital' }, { who: 'field', field: 'topic' }] })).toEqual({ 'definition.when.date': '请选择日期字段', 'definition.whom.0': '这个角色已经不存在', 'definition.whom.1': '这个人员字段已经不存在' })
  expect(await wrong({ where: { field: 'phone', op: 'eq', value: '1' } })).toEqual({ 'definition.where': '条件里有受保护的字段，不能用于提醒：请移除这个条件' })
  expect(await wrong({ where: { field: 'speaker', op: 'eq', value: { my: 'person' } } })).toEqual({ 'definition.where': '提醒的条件里不能有“我”或“我的科室”：提醒到谁由接收人决定' })
  expect(await wrong({ done: { field: 'gone', op: 'empty' } })).toEqual({ 'definition.done': '“gone”这个字段已经不存在' })
  expect(await wrong({ when: { kind: 'rhythm', rhythm: { every: 'week', on: [9] } } })).toEqual({ 'definition.when.rhythm': '请选择星期几' })
  expect(await wrong({ at: 180 })).toMatchObject({ 'definition.at': expect.stringContaining('免打扰时段') as string })
  expect(await wrong({ whom: [{ who: 'people', people: ['018f0000-0000-7000-8000-000000000001'] }] })).toEqual({ 'definition.whom.0': '名单里有人员已经不存在' })
  const { definition } = await maker.change(theirs, {})
  const stale = await (await h.signIn(maker.person)).call('PUT', `/api/reminders/${theirs}`, { version: 0, definition })
  expect([stale.status, stale.json()['title']]).toEqual([409, '提醒已由 周敏 修改，请核对后重新保存'])
}) // prettier-ignore

test('S19 everybody is told as a reader: not of what he may not see, in no words that are hidden from him, by no condition on them; who has left or is stopped, and restricted records, are silent', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const [speaker, helper, left, stopped] = [await h.person('张海涛'), await h.person('助手甲'), await h.person('离职者'), await h.person('停用者')]
  const leader = await h.person('院领导', { unit: '院办', roles: ['hospitalLeader'] })
  const talk = await h.create('talks.talk', { speaker, helper, topic: '关节', until: '2026-06-20', grade: 'high', phone: '13900000000' })
  await h.create('talks.talk', { speaker: left, topic: '离', until: '2026-06-20', grade: 'high' })
  await h.create('talks.talk', { speaker: stopped, topic: '停', until: '2026-06-20', grade: 'high' })
  const kept = await h.create('talks.talk', { speaker, topic: '限', until: '2026-06-20', grade: 'high' })
  await h.kernel.db.query(`INSERT INTO kernel.restriction SELECT * FROM (SELECT (jsonb_populate_record(NULL::kernel.restriction, jsonb_build_object('record', $1::text, 'resource', 'talks.talk', 'at', now(), 'request', $1::text))).*) r`, [kept.id])
  await h.kernel.db.query(`UPDATE directory.person SET status = 'left' WHERE id = $1`, [left])
  await h.kernel.db.query(`UPDATE security.account SET status = 'disabled', reason = '停用' WHERE person = $1`, [stopped])
  h.kernel.directoryChanged()
  const whom = [owner, { who: 'field', field: 'helper', gathered: false }, { who: 'role', role: 'hospitalLeader', of: 'hospital', gathered: false }] as const
  await maker.change(theirs, { whom, restDays: 'same', text: '{topic}：{grade}' })
  const { definition } = await maker.ask('GET', `/${theirs}`)
  const preview = await maker.ask<ReminderPreview>('POST', `/${theirs}/preview`, { definition })
  expect([preview.people, preview.messages, preview.records, preview.withheld]).toEqual([2, 4, 3, { unseen: 1, gone: 2 }])
  await on(h, '2026-06-15')
  expect(await heard(h, speaker)).toEqual(['讲学即将到期：关节：高'])
  expect([await heard(h, helper), await heard(h, left), await heard(h, stopped)]).toEqual([[], [], []])
  expect((await heard(h, leader)).sort()).toEqual(['讲学即将到期：停：…', '讲学即将到期：关节：…', '讲学即将到期：离：…'])
  // A condition on what he may not see tells him nothing at all.
  const other = await maker.make({ when: byDate([9]), whom: [owner, { who: 'role', role: 'hospitalLeader', of: 'hospital', gathered: true }], where: { field: 'grade', op: 'eq', value: 'high' } })
  await on(h, '2026-06-15', '11:00')
  expect([(await heard(h, speaker)).length, (await heard(h, leader)).length]).toEqual([2, 3])
  const system = await h.person('系统管理员', { unit: '信息科', roles: ['systemOfficer'] })
  const blind = (await (await h.signIn(system)).call('POST', `/api/reminders/${other.name}/preview`, { definition: other.definition })).json<ReminderPreview>()
  expect([blind.isPartial, blind.records, blind.rows]).toEqual([true, 0, []])
  const seen = await (await h.signIn(speaker)).call('GET', `/api/records/talks.talk/${talk.id}/reminded`)
  expect(seen.json<{ reminder: string; people: string[] }[]>().map(({ reminder }) => reminder)).toEqual(['讲学提醒', '讲学到期提醒'])
  expect((await (await h.signIn(helper)).call('GET', `/api/records/talks.talk/${talk.id}/reminded`)).status).toBe(404)
}) // prettier-ignore

test('a preview shows what the run then does: people, messages, words; gathered lines count what is new', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const speakers: string[] = []
  for (const n of [1, 2, 3]) speakers.push(await h.person(`讲者${n}`))
  for (const [n, speaker] of speakers.entries()) await h.create('talks.talk', { speaker, topic: `题${n}`, until: `2026-06-${18 + n}` })
  await maker.change(theirs, { whom: [owner, { who: 'role', role: 'medicalOffice', of: 'hospital', gathered: true }], restDays: 'same' })
  const look = async () => maker.ask<ReminderPreview>('POST', `/${theirs}/preview`, { definition: (await maker.ask('GET', `/${theirs}`)).definition })
  const before = await look()
  expect([before.isNow, before.people, before.messages, before.rows[0]]).toEqual([true, 4, 4, expect.objectContaining({ person: '周敏', title: '3 项讲学将到期' })])
  expect(await heard(h, maker.person)).toEqual([])
  await on(h, '2026-06-15')
  expect((await Promise.all([...speakers, maker.person].map((one) => heard(h, one)))).map((one) => one.length)).toEqual([1, 1, 1, 1])
  const item = (await maker.ask<ReminderItem[]>('GET', '')).find(({ name }) => name === theirs)!
  expect(item.last).toMatchObject({ state: 'done', records: 3, told: before.messages, people: before.people })
  const after = await look()
  expect([after.isToday, after.day, after.people, after.told]).toEqual([false, '2026-06-16', 0, 4 + 2])
  await h.create('talks.talk', { speaker: speakers[0]!, topic: '新', until: '2026-06-30' })
  await on(h, '2026-06-16')
  expect(await heard(h, maker.person)).toEqual(['3 项讲学将到期', '4 项讲学将到期：其中新增 1 项'])
  expect(await owes(h, maker.person)).toEqual(['4 项讲学将到期'])
}) // prettier-ignore

test('a definition that stops fitting does not run, is marked, and whoever made it is told once', async () => {
  await using h = await talkHospital()
  const maker = await Maker.of(h)
  const speaker = await h.person('张海涛')
  await h.create('talks.talk', { speaker, topic: '关节', until: '2026-06-20' })
  const made = await maker.make({ when: byDate([10]), whom: [owner] })
  await maker.ask('POST', `/${theirs}/switch`, { isOn: false })
  // As an upgrade leaves it that has taken the field away.
  await h.kernel.db.query(
    `UPDATE kernel.reminder_version SET definition = jsonb_set(definition, '{when,date}', '"ended"') WHERE name = $1`,
    [made.name],
  )
  h.kernel.changed('kernel.reminder')
  await on(h, '2026-06-15')
  await on(h, '2026-06-16')
  expect(await heard(h, speaker)).toEqual([])
  const told = await h.kernel.db.query<{ title: string }>(`SELECT title FROM kernel.message WHERE person = $1`, [maker.person])
  expect(told.map(({ title }) => title)).toEqual(['提醒“讲学提醒”已停止：“ended”这个字段已经不存在'])
  const item = (await maker.ask<ReminderItem[]>('GET', '')).find(({ name }) => name === made.name)!
  expect([item.next, item.problems.length]).toEqual([null, 1])
})

test('two processes at once, one of them killed in the middle, tell everybody exactly once', async () => {
  await using h = await talkHospital({ poolSize: 4 })
  const speaker = await h.person('张海涛')
  await h.kernel.db.query(
    `INSERT INTO talks.talk (id, version, state, created_at, updated_at, speaker, department, topic, until)
     SELECT gen_random_uuid(), 1, 'approved', now() + n * interval '1 ms', now(), $1, $2, '第' || n, '2026-06-20' FROM generate_series(1, 3000) n`,
    [speaker, await h.unit('骨科')],
  )
  const open = () => openHouse({ appUrl: h.database.appUrl, dataFolder: h.dataFolder, defs: talksDefinitions(), clock: h.clock, poolSize: 2, profile: { level: 'level2', exposure: 'intranet' } }) // prettier-ignore
  const victim = await open()
  const count = async () =>
    (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.message WHERE kind = 'reminder'`))[0]!.n
  const dying = runReminders(victim.kernel).catch((error: unknown) => error)
  await expect.poll(count, { interval: 5 }).toBeGreaterThan(0)
  await victim.kernel.db.pool.end().catch(() => undefined)
  await dying
  const told = await count()
  expect(told).toBeLessThan(3000)
  // While it might still be at it nobody takes its place.
  expect(await runReminders(h.kernel)).not.toContain(theirs)
  h.clock.set('2026-06-15T10:10:00+08:00')
  const other = await open()
  await Promise.all([runReminders(h.kernel), runReminders(other.kernel)])
  await other.close()
  expect([await count(), (await owes(h, speaker)).length]).toEqual([3000, 3000])
  const [twice] = await h.kernel.db.query(`SELECT link FROM kernel.message WHERE kind = 'reminder' GROUP BY link HAVING count(*) > 1`)
  expect(twice).toBeUndefined()
  await victim.close().catch(() => undefined)
})
