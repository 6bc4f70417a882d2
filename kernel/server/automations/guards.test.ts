import { expect, test } from 'vitest'
import type { Automation, AutomationTrial } from '#model'
import { Outings } from '#app/testing/outings-hospital.ts'
import { openDatabase } from '../database/database.ts'
import { standingDefinitions } from '../designs/standing.ts'
import { runWaiting } from './run.ts'
import { takeDue } from './due.ts'
import { takeEvents } from './feed.ts'
import { forgetRuns } from './work.ts'

const note = (text: string): Automation['acts'] => [
  { kind: 'update', at: null, values: [{ field: 'note', value: { from: 'expression', text } }] },
]
const another = (topic: string): Automation['acts'] => [
  { kind: 'create', resource: 'outing.refund', values: [{ field: 'whose', value: { from: 'runner' } }, { field: 'topic', value: { from: 'expression', text: topic } }] },
] // prettier-ignore
const told = async (o: Outings, who: string) =>
  (await o.call(who, 'GET', '/api/messages')).json<{ title: string }[]>().map(({ title }) => title)

test('an automation that triggers itself is stopped, directly or through others, and the log says so', async () => {
  await using o = await Outings.open()
  const alone = await o.on({ label: '自己', when: { kind: 'changed', fields: [] }, acts: note('note + "一"'), where: { field: 'topic', op: 'eq', value: '独' } })
  const there = await o.on({ label: '去', when: { kind: 'changed', fields: ['amount', 'note'] }, acts: note('note + "二"'), where: { field: 'topic', op: 'eq', value: '双' } })
  const back = await o.on({ label: '回', when: { kind: 'changed', fields: ['note'] }, acts: [{ kind: 'update', at: null, values: [{ field: 'amount', value: { from: 'expression', text: 'amount + 1' } }] }], where: { field: 'topic', op: 'eq', value: '双' } })
  const one = await o.refund('独', { note: '零' })
  const two = await o.refund('双', { note: '零', amount: 1 })
  await o.change(one.id, one.version, { amount: 1 })
  await o.change(two.id, two.version, { amount: 2 })
  await o.work()
  const rows = await o.refunds()
  expect(rows.find(({ id }) => id === one.id)).toMatchObject({ note: '零一' })
  expect(rows.find(({ id }) => id === two.id)).toMatchObject({ note: '零二', amount: 3 })
  expect((await o.runs(alone)).map(({ state, problem, depth }) => [state, problem, depth])).toEqual([
    ['skipped', '这条记录已由同一个自动化处理过，再执行会循环，已停止', 1],
    ['done', null, 0],
  ])
  expect((await o.runs(there)).map(({ state, depth }) => [state, depth])).toEqual([['skipped', 2], ['skipped', 1], ['done', 0]])
  expect(await o.runs(back)).toMatchObject([{ state: 'done', depth: 1 }])
}, 60_000) // prettier-ignore

test('one record leading to the next ends after five', async () => {
  await using o = await Outings.open()
  const name = await o.on({ label: '越生越多', where: { field: 'topic', op: 'startsWith', value: '生' }, acts: another('topic + "生"') })
  await o.refund('生')
  await o.work()
  expect((await o.refunds()).map(({ topic }) => topic)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => '生'.repeat(n)))
  expect((await o.runs(name)).map(({ state, depth }) => [state, depth])).toEqual([['skipped', 6], ['done', 5], ['done', 4], ['done', 3], ['done', 2], ['done', 1], ['done', 0]])
  expect((await o.runs(name))[0]!.problem).toBe('由自动化一个接一个引起，已超过 5 层，已停止')
}, 60_000) // prettier-ignore

test('more than a thousand runs within an hour pause it, its publisher is told, and it goes on when somebody says so', async () => {
  await using o = await Outings.open()
  const name = await o.on({ label: '太多', acts: note('"满"') })
  await o.h.kernel.db.query(
    `INSERT INTO kernel.automation_run (id, automation, label, version, at, key, cause, state) SELECT gen_random_uuid(), $1, '', 1, $2, 'old' || n, '', 'done' FROM generate_series(1, 1000) n`,
    [name, new Date(o.h.clock.now().getTime() - 600_000).toISOString()],
  )
  await o.refund('第一千零一')
  await o.work()
  expect((await o.runs(name))[0]).toMatchObject({ state: 'skipped', problem: '一小时内执行超过 1000 次，已暂停' })
  expect(await told(o, o.officer)).toEqual(['自动化“太多”已暂停：一小时内执行超过 1000 次，已暂停'])
  await o.refund('暂停中')
  await o.work()
  expect((await o.runs(name)).filter(({ state }) => state !== 'done')).toHaveLength(1)
  o.h.clock.set('2026-06-15T06:00:00Z')
  expect((await o.call(o.officer, 'POST', `/api/automations/${name}/resume`)).status).toBe(200)
  await o.refund('又一条')
  await o.work()
  expect((await o.runs(name))[0]).toMatchObject({ state: 'done' })
  // Kept for 180 days.
  o.h.clock.set('2026-12-25')
  await forgetRuns(o.h.kernel)
  expect(await o.h.kernel.db.query(`SELECT 1 FROM kernel.automation_run`)).toEqual([])
}, 60_000)

test('nobody does through an automation what he may not do himself: refused at publishing and in a dry run, judged anew at every run', async () => {
  await using o = await Outings.open()
  const content: Partial<Automation> = { label: '借权', acts: note('"写"') }
  // Whoever only builds has no right over the records, be it as himself or as somebody else.
  for (const [runsAs, words] of [[null, '运行身份“实施员”没有修改“报销待办”的权限'], [o.officer, '运行身份“周敏”查看“报销待办”的权限超出发布人“实施员”的权限']] as const) {
    const { name } = await o.begin({ ...content, runsAs }, o.builder)
    const answer = await o.publish(name, o.builder)
    expect(answer.status).toBe(422)
    expect(answer.json<{ problems: object[] }>().problems).toEqual([{ field: `automation:${name}:runsAs`, message: words }])
    const tried = await o.call(o.builder, 'POST', `/api/automations/${name}/try`, { content: { ...content, resource: 'outing.refund', when: { kind: 'created' }, runsAs } })
    expect(tried.json<{ problems: object[] }>().problems).toEqual([{ field: 'runsAs', message: words }])
  }
  // Somebody whose rights are within: a colleague of the same office.
  const colleague = await o.h.person('吴科员', { unit: '医务处', roles: ['medicalOffice'] })
  const name = await o.on({ ...content, runsAs: colleague })
  const one = await o.refund('一')
  await o.work()
  expect((await o.refunds()).find(({ id }) => id === one.id)).toMatchObject({ note: '写', updatedBy: colleague })
  // He leaves: it pauses, its publisher is told once, nothing is written.
  await o.leaves(colleague)
  const two = await o.refund('二')
  await o.work()
  expect((await o.runs(name))[0]).toMatchObject({ state: 'failed', problem: '运行身份已离职或账号停用' })
  expect((await o.refunds()).find(({ id }) => id === two.id)).toMatchObject({ note: null })
  expect(await told(o, o.officer)).toEqual(['自动化“借权”已暂停：运行身份已离职或账号停用'])
}, 60_000) // prettier-ignore

test('two processes at the same events do each of them once', async () => {
  await using o = await Outings.open()
  const name = await o.on({ label: '一次', acts: [{ kind: 'update', at: null, values: [{ field: 'amount', value: { from: 'expression', text: 'amount + 1' } }] }] })
  const made = await Promise.all([1, 2, 3, 4].map((n) => o.refund(`第 ${n} 条`, { amount: 0 })))
  const twice = async (work: () => Promise<unknown>) => void (await Promise.all([work(), work()]))
  await twice(() => takeEvents(o.h.kernel))
  await takeEvents(o.h.kernel)
  await twice(() => runWaiting(o.h.kernel))
  await o.work()
  expect(await o.runs(name)).toHaveLength(made.length)
  expect((await o.refunds()).map(({ amount }) => amount)).toEqual([1, 1, 1, 1])
}, 60_000) // prettier-ignore

test('a dry run shows act by act what would happen, by the very runner, and leaves nothing', async () => {
  await using o = await Outings.open()
  const content = {
    label: '试试',
    resource: 'outing.refund',
    when: { kind: 'created' },
    where: { field: 'amount', op: 'gte', value: 100 },
    acts: [
      ...note('"试"'),
      { kind: 'message', whom: [{ who: 'owner', gathered: false }], title: '“{topic}”', text: '' },
      { kind: 'webhook', url: 'https://example.com/hook', fields: ['topic'] },
      ...another('topic'),
    ],
  }
  const { name } = await o.begin(content as never)
  await o.refund('小', { amount: 1 })
  const large = await o.refund('大', { amount: 100 })
  const count = async () =>
    (await o.h.kernel.db.query<{ n: number }>(`SELECT ((SELECT count(*) FROM kernel.message) + (SELECT count(*) FROM kernel.automation_run) + (SELECT count(*) FROM kernel.automation_call) + (SELECT count(*) FROM kernel.history))::int AS n`))[0]!.n
  const before = await count()
  const trial = (await o.call(o.officer, 'POST', `/api/automations/${name}/try`, { content })).json<unknown>() as AutomationTrial
  expect(trial.tries).toMatchObject([
    { record: { title: '大' }, passes: true, problem: null, results: [{ words: '修改“报销待办”' }, { words: '发消息给 1 人' }, { words: '通知其他系统 example.com' }, { words: '新建“报销待办”' }] },
    { record: { title: '小' }, passes: false, problem: '不符合条件，不会执行', results: [] },
  ])
  const one = (await o.call(o.officer, 'POST', `/api/automations/${name}/try`, { content, record: large.id })).json<unknown>() as AutomationTrial
  expect(one.tries).toHaveLength(1)
  expect(await count()).toBe(before)
  expect(await o.refunds()).toHaveLength(2)
  const wrong = await o.call(o.officer, 'POST', `/api/automations/${name}/try`, { content: { ...content, acts: [] } })
  expect(wrong.json<{ problems: object[] }>().problems).toEqual([{ field: 'acts', message: '请添加要做的事' }])
}, 60_000) // prettier-ignore

test('a right over one record that a colleague gave opens nothing to an automation', async () => {
  await using o = await Outings.open()
  const { name } = await o.begin({ label: '本人的', runsAs: null, acts: [{ kind: 'message', whom: [{ who: 'people', people: [o.officer], gathered: false }], title: '见“{topic}”', text: '' }] }, o.builder)
  expect((await o.publish(name, o.builder)).status).toBe(200)
  const one = await o.refund('别人的')
  const given = await o.call(o.officer, 'POST', `/api/records/outing.refund/${one.id}/grants`, { person: o.builder, level: 'read', until: '2026-06-20', reason: '协助' })
  expect(given.status, given.text).toBe(201)
  await o.work()
  expect(await o.runs(name)).toMatchObject([{ state: 'skipped', problem: '运行身份无权查看这条记录' }])
}, 60_000) // prettier-ignore

test('where no automation is on the reader of events rests, and moves on once an hour; what is published later hears of what comes after it', async () => {
  await using o = await Outings.open()
  const { kernel } = o.h
  const place = async () => (await kernel.db.query<{ snapshot: string }>(`SELECT snapshot::text FROM kernel.outbox_reader WHERE name = 'automations'`))[0]!.snapshot
  const begun = await place()
  await o.refund('之前')
  await o.work()
  expect(await place()).toBe(begun)
  o.h.clock.set('2026-06-15T05:01:00Z')
  await o.work()
  const later = await place()
  expect(later).not.toBe(begun)
  await o.refund('之前的另一条')
  o.h.clock.set('2026-06-15T05:02:00Z')
  const name = await o.on({ label: '开始了', acts: note('"写"') })
  await o.refund('之后')
  await o.work()
  expect((await o.refunds()).map(({ topic, note: said }) => [topic, said])).toEqual([['之前', null], ['之前的另一条', null], ['之后', '写']])
  // A process that has not heard of a publish yet passes nothing over.
  const { standing } = kernel
  const second = await o.on({ label: '又一个', acts: note('"又"'), where: { field: 'topic', op: 'eq', value: '最后' } })
  kernel.take(standing)
  await o.refund('最后')
  await o.work()
  expect(await o.runs(second)).toMatchObject([{ state: 'done' }])
  expect(await o.runs(name)).toHaveLength(2)
}, 60_000) // prettier-ignore

test('one that no longer fits after an upgrade pauses and says why, and holds up nobody else', async () => {
  await using o = await Outings.open()
  const content = { label: '旧的', when: { kind: 'changed', fields: [] }, was: { field: 'status', op: 'eq', value: 'open' }, acts: note('"旧"') } as const
  const old = await o.on(content)
  const dated = await o.on({ label: '旧的日期', when: { kind: 'date', date: 'due', days: 0, at: 0 }, acts: note('"日"') })
  const other = await o.on({ label: '别的', when: { kind: 'changed', fields: ['topic'] }, acts: note('"新"') })
  const owner = openDatabase(o.h.database.ownerUrl, { max: 1 })
  await owner.query(`UPDATE kernel.design_version SET content = jsonb_set(content::jsonb, '{was,field}', '"gone"')::json WHERE kind = 'automation' AND name = $1`, [old])
  await owner.query(`UPDATE kernel.design_version SET content = jsonb_set(content::jsonb, '{when,date}', '"gone"')::json WHERE kind = 'automation' AND name = $1`, [dated])
  await owner.close()
  o.h.kernel.take(await standingDefinitions(o.h.kernel.db, o.h.kernel.product))
  const one = await o.refund('一')
  await o.change(one.id, one.version, { topic: '一，改过' })
  o.h.clock.set('2026-06-16T09:00:00+08:00')
  await takeDue(o.h.kernel)
  await o.work()
  expect((await o.runs(other))[0]).toMatchObject({ state: 'done' })
  expect((await o.runs(old))[0]).toMatchObject({ state: 'failed', problem: '定义已不适用：“gone”这个字段已经不存在' })
  expect((await told(o, o.officer)).toSorted()).toEqual(['自动化“旧的”已暂停：定义已不适用：“gone”这个字段已经不存在', '自动化“旧的日期”已暂停：定义已不适用：请选择这条记录自己的日期字段'].toSorted())
}, 60_000) // prettier-ignore
