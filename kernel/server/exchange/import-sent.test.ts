import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { where, type ApprovalAnswer, type ImportRowsAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile, undoImport } from '#app/testing/imports.ts'
import { kit } from '../flow/testing-kit.ts'
import { countRecords } from '../records/read.ts'
import { updateRecordOf } from '../records/write.ts'

let h: TestHospital
let officer: Awaited<ReturnType<TestHospital['as']>>
const sessions: Record<string, HttpSession> = {}
const ids: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([kit]) })
  const people = [['赵一', {}], ['医务员', { unit: '医务处', roles: ['medicalOffice'] }], ['同事', { unit: '医务处', roles: ['medicalOffice'] }], ['孙主任', { post: 'head', roles: ['departmentHead'] }], ['李主任', { unit: '检验科', post: 'head', roles: ['departmentHead'] }]] as const // prettier-ignore
  for (const [name, what] of people) {
    const person = await h.person(name, what as never)
    ids[name] = person
    sessions[name] = await h.signIn(person)
    if (name === '医务员') officer = await h.as(person)
  }
})
afterAll(() => h[Symbol.asyncDispose]())

const head = ['申请人', '科室', '名称', '年度']
let nth = 0
const rows = (count: number, unit = '骨科') => Array.from({ length: count }, () => ['赵一', unit, `批量 ${++nth}`, '2026'])
const sent = async (lines: readonly (readonly string[])[], basis = '年度计划汇总') => {
  const work = await importFile(h, officer, 'kit.plan', csv([head, ...lines]), '计划.csv')
  await work.settle({ forApproval: true, basis })
  return work
}
const count = async (where: string, values: unknown[] = []) =>
  (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${where}`, values))[0]!.n
const view = async (instance: string, name = '孙主任') =>
  (await sessions[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
const page = async (instance: string, query: string, name = '孙主任') =>
  sessions[name]!.call('GET', `/api/approvals/${instance}/rows?${query}`)
async function act(instance: string, kind: string, more: object = {}, name = '孙主任') {
  const { version, my } = await view(instance, name)
  const task = my.task ? { task: my.task.id } : {}
  return sessions[name]!.call('POST', `/api/approvals/${instance}/acts`, { kind, actId: newId(), seenVersion: version, ...task, ...more })
} // prettier-ignore
/** How many plans of this name (or beginning) a person finds. */
const listed = async (name: string, begins: string) =>
  (await countRecords(h.kernel, await h.as(ids[name]!), 'kit.plan', { filter: where('name', 'startsWith', begins) })).count

test('S5 an import of thousands of rows is one approval over the batch: unseen until it is decided, in force as one', async () => {
  const known = []
  for (const name of ['已有甲', '已有乙']) known.push((await h.create('kit.plan', { applicant: ids['赵一']!, name, year: 2025 })).id)
  const lines = rows(2100)
  const work = await sent([...lines, ['赵一', '骨科', '已有甲', '2026'], ['赵一', '骨科', '已有乙', '2026']])
  const preview = await work.preview()
  expect([preview.counts.created, preview.counts.changed, preview.counts.refused]).toEqual([2100, 2, 0])
  const done = await work.run()
  expect([done.state, done.approval?.status]).toEqual(['done', 'running'])
  const instance = done.approval!.instance
  expect(await count(`kernel.flow_instance`)).toBe(1)
  expect(await count(`kit.plan WHERE state = 'pending'`)).toBe(2100)
  expect(await count(`kit.plan WHERE name IN ('已有甲', '已有乙') AND year = 2025`)).toBe(2)
  // Who sent it sees what he sent; nobody else sees it in the lists, and no colleague opens a row of it.
  expect([await listed('医务员', '批量'), await listed('同事', '批量')]).toEqual([2100, 0])
  const [row] = await h.kernel.db.query<{ id: string }>(`SELECT id FROM kit.plan WHERE state = 'pending' LIMIT 1`)
  expect((await sessions['同事']!.call('GET', `/api/records/kit.plan/${row!.id}`)).status).toBe(404)
  // The decider has one task, and reads the rows page by page in the order of the file.
  const seen = await view(instance)
  expect(seen).toMatchObject({ title: '批量导入配置计划（2102 条）', occasion: 'import', reason: '年度计划汇总', changes: [], batch: [] })
  expect(seen.import).toMatchObject({ created: 2100, changed: 2, fileName: '计划.csv' })
  const last = (await page(instance, 'kind=created&from=2090&limit=50')).json<ImportRowsAnswer>()
  expect([last.total, last.created.length, last.created.at(-1)!['name']]).toEqual([2100, 10, lines.at(-1)![2]])
  const changed = (await page(instance, 'kind=changed')).json<ImportRowsAnswer>()
  expect(changed.changed.map(({ title, changes }) => [title, changes])).toEqual(
    ['已有甲', '已有乙'].map((title) => [title, [{ field: 'year', label: '年度', was: 2025, wanted: 2026 }]]),
  )
  expect((await page(instance, 'kind=created&from=-1')).status).toBe(400)
  expect((await page(instance, 'kind=created&from=99999999999999999999')).status).toBe(400)
  expect((await page(instance, 'kind=created', '李主任')).status).toBe(404)
  expect((await act(instance, 'approve', { changes: { year: 2030 } })).json()['title']).toContain('不能在审批中修改')
  const messages = await count('kernel.message')
  expect((await act(instance, 'approve')).json()['status']).toBe('approved')
  expect([await count(`kit.plan WHERE state = 'pending'`), await count(`kit.plan WHERE state = 'approved' AND year = 2026`)]).toEqual([0, 2102]) // prettier-ignore
  expect(await listed('同事', '批量')).toBe(2100)
  // One message of the result, one event for all, a line of history each.
  expect((await count('kernel.message')) - messages).toBeLessThanOrEqual(1)
  expect(await count(`kernel.outbox WHERE resource = 'kit.plan' AND topic = 'records.changed'`)).toBe(1)
  expect(await count(`kernel.history WHERE act = 'state.approved' AND resource = 'kit.plan'`)).toBe(2100)
  // Taken back after the decision as any import: new rows to the bin, old values back.
  const undone = await undoImport(h, officer, work.id)
  expect([undone.counts.created, undone.counts.changed]).toEqual([2100, 2])
  expect(await count(`kit.plan WHERE id = ANY($1::uuid[]) AND year = 2025`, [known])).toBe(2)
})

test('S5 an import that is refused or withdrawn leaves nothing in force and holds no key', async () => {
  const lines = rows(20)
  const refused = (await (await sent(lines)).run()).approval!.instance
  expect((await act(refused, 'reject', { opinion: '来源不明' })).status).toBe(200)
  expect(await count(`kit.plan WHERE name = $1 AND state = 'refused'`, [lines[0]![2]])).toBe(1)
  expect(await listed('同事', lines[0]![2]!)).toBe(0)
  // The same file once more: its keys are free, and taking the batch back while it is open withdraws the request.
  const again = await sent(lines)
  expect((await again.run()).counts.created).toBe(20)
  const undone = await undoImport(h, officer, again.id)
  expect(undone).toMatchObject({ state: 'done', counts: { created: 20 } })
  expect((await again.detail()).approval?.status).toBe('withdrawn')
  expect(await count(`kit.plan WHERE name = $1 AND deleted_at IS NULL AND state <> 'refused'`, [lines[0]![2]])).toBe(0)
  await expect(undoImport(h, officer, undone.id)).rejects.toMatchObject({ message: expect.stringContaining('没有获得批准') as string })
})

test('S5 only who sent an import for approval takes it back while it is open', async () => {
  const work = await sent(rows(3))
  await work.run()
  const colleague = await h.as(ids['同事']!)
  await expect(undoImport(h, colleague, work.id)).rejects.toMatchObject({ message: expect.stringContaining('只有申请人医务员') as string })
  expect((await work.detail()).approval?.status).toBe('running')
  await undoImport(h, officer, work.id)
})

test('S5 rows that other people decide on, and records under another change, are told line by line and left out of the request', async () => {
  const busy = await h.create('kit.plan', { applicant: ids['赵一']!, name: '正在变更', year: 2025 })
  const asked = await sessions['赵一']!.call('POST', `/api/flows/change/kit.plan/${busy.id}`, { actId: newId(), seenVersion: 1, changes: { year: 2027 } }) // prettier-ignore
  expect(asked.status).toBe(201)
  const work = await sent([...rows(2), ...rows(1, '检验科'), ['赵一', '骨科', '正在变更', '2026']])
  const preview = await work.preview()
  expect([preview.counts.created, preview.counts.changed, preview.counts.refused]).toEqual([2, 0, 2])
  expect(preview.problems.map(({ row, message }) => [row, message])).toEqual([
    [4, '这一行的审批流程或审批人与前面的行不同，请另行导入送审'],
    [5, '该记录已有一份变更正在审批'],
  ])
  const done = await work.run()
  expect([done.counts.created, (await view(done.approval!.instance)).import?.created]).toEqual([2, 2])
})

test('S5 a record that changed after the file was read stops the decision until the decider has seen it', async () => {
  const { id } = await h.create('kit.plan', { applicant: ids['赵一']!, name: '中途有变', year: 2025 })
  const done = await (await sent([...rows(1), ['赵一', '骨科', '中途有变', '2026']])).run()
  const instance = done.approval!.instance
  await updateRecordOf(h.kernel, await h.system(), 'kit.plan', id, 1, { year: 2024 }, { byModule: true })
  const refused = await act(instance, 'approve')
  expect([refused.status, refused.json()['code']]).toEqual([409, 'changeConflict'])
  expect(await count(`kit.plan WHERE state = 'pending' AND name = $1`, [`批量 ${nth}`])).toBe(1)
  const { baseVersion } = await view(instance)
  expect((await act(instance, 'approve', { seenBase: baseVersion })).status).toBe(200)
  expect(await count(`kit.plan WHERE id = $1 AND year = 2026`, [id])).toBe(1)
})

test('S5 what is sent for approval needs its reason, and a person who asks', async () => {
  const work = await importFile(h, officer, 'kit.plan', csv([head, ...rows(1)]))
  await work.settle({ forApproval: true })
  expect((await work.detail()).remarks).toContainEqual({ level: 'error', text: '送审请先填写申请的理由' })
  const byProgram = await importFile(h, await h.system(), 'kit.plan', csv([head, ...rows(1)]))
  await byProgram.settle({ forApproval: true, basis: '汇总' })
  await expect(byProgram.run()).rejects.toMatchObject({ message: expect.stringContaining('须有申请人') as string })
})
