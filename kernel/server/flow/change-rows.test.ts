import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ApprovalAnswer, RecordAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { updateRecordOf } from '../records/write.ts'
import { kit } from './testing-kit.ts'

interface Item {
  id: string
  device: string
  count: number
  note: string | null
}
let h: TestHospital
let zhao: string
const sessions: Record<string, HttpSession> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([kit]) })
  zhao = await h.person('赵一')
  sessions['赵一'] = await h.signIn(zhao)
  sessions['孙主任'] = await h.signIn(await h.person('孙主任', { post: 'head', roles: ['departmentHead'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

let plans = 0
async function planOf(...devices: string[]) {
  const items = devices.map((device) => ({ device, count: 1 }))
  const record = await h.create('kit.plan', { applicant: zhao, name: `计划 ${++plans}`, items })
  return { id: record.id, rows: record['items'] as Item[] }
}
const stored = async (id: string) => (await sessions['赵一']!.call('GET', `/api/records/kit.plan/${id}`)).json<RecordAnswer>().record
const devicesOf = async (id: string) => ((await stored(id))['items'] as Item[]).map((row) => `${row.device}×${row.count}`)
const ask = (id: string, items: unknown, seenVersion = 1) =>
  sessions['赵一']!.call('POST', `/api/flows/change/kit.plan/${id}`, { actId: newId(), seenVersion, changes: { items } })
async function asked(id: string, items: unknown): Promise<string> {
  const answer = await ask(id, items)
  expect(answer.status, answer.text).toBe(201)
  return answer.json<[{ instance: string }]>()[0].instance
}
const view = async (instance: string, name = '孙主任') =>
  (await sessions[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
async function act(instance: string, kind: string, more: object = {}, name = '孙主任') {
  const { version, my } = await view(instance, name)
  const task = my.task ? { task: my.task.id } : {}
  return sessions[name]!.call('POST', `/api/approvals/${instance}/acts`, { kind, actId: newId(), seenVersion: version, ...task, ...more })
}
/** A colleague's change in the meantime, made by the office that owns the register. */
const meanwhile = async (id: string, items: unknown) =>
  updateRecordOf(h.kernel, await h.system(), 'kit.plan', id, (await stored(id)).version, { items }, { byModule: true })

test('S3 rows are added, changed, removed and moved by their ids, and the decider sees each of it', async () => {
  const { id, rows } = await planOf('监护仪', '呼吸机', '除颤仪')
  const [monitor, ventilator, defibrillator] = rows as [Item, Item, Item]
  const instance = await asked(id, {
    change: { [monitor.id]: { count: 3 } },
    remove: [ventilator.id],
    add: [{ device: '输液泵', count: 2 }],
    move: [{ id: defibrillator.id, after: null }],
  })
  const [items] = (await view(instance)).changes
  expect(items!.rows!.map(({ did, was, wanted }) => [did, was?.['device'], wanted?.['device'], wanted?.['count']])).toEqual([
    ['changed', '监护仪', '监护仪', 3],
    ['removed', '呼吸机', undefined, undefined],
    ['added', undefined, '输液泵', 2],
    ['moved', '除颤仪', '除颤仪', 1],
  ])
  expect(await devicesOf(id)).toEqual(['监护仪×1', '呼吸机×1', '除颤仪×1'])
  expect((await act(instance, 'approve')).json()['status']).toBe('approved')
  expect(await devicesOf(id)).toEqual(['除颤仪×1', '监护仪×3', '输液泵×2'])
  // The rows that stay keep their ids; the parent's version rises, a row has none.
  const after = await stored(id)
  expect((after['items'] as Item[]).slice(0, 2).map((row) => row.id)).toEqual([defibrillator.id, monitor.id])
  expect(after.version).toBe(2)
  expect(Object.keys((after['items'] as Item[])[0]!)).not.toContain('version')
})

test('of a protected column the decider sees no more in the request than in the record', async () => {
  const items = [{ device: '监护仪', count: 1, contact: '13812345678' }]
  const record = await h.create('kit.plan', { applicant: zhao, name: `计划 ${++plans}`, items })
  const [row] = record['items'] as [Item]
  const instance = await asked(record.id, { change: { [row.id]: { contact: '13987654321', count: 2 } } })
  const answer = await view(instance)
  const [change] = answer.changes
  expect(change!.rows!.map(({ was, wanted }) => [was?.['contact'], wanted?.['contact'], wanted?.['count']])).toEqual([['138****5678', '139****4321', 2]])
  expect(JSON.stringify(answer)).not.toMatch(/13812345678|13987654321/)
  expect((await view(instance, '赵一')).changes[0]!.rows![0]!.wanted!['contact']).toBe('13987654321')
}) // prettier-ignore

test('S3 a whole array is refused at its field, in a request and in the repair of one', async () => {
  const { id, rows } = await planOf('监护仪')
  const problems = [{ field: 'items', message: '明细请按行提交新增、修改、删除或移动，不能整表替换' }]
  expect((await ask(id, [...rows, { device: '输液泵', count: 2 }])).json()['problems']).toEqual(problems)
  const instance = await asked(id, { change: { [rows[0]!.id]: { count: 2 } } })
  await act(instance, 'return', { opinion: '请核对' })
  expect((await act(instance, 'resubmit', { changes: { items: rows } }, '赵一')).json()['problems']).toEqual(problems)
})

test('S3 a problem is said at its row; a patch that changes nothing is no request', async () => {
  const { id, rows } = await planOf('监护仪', '呼吸机')
  const wrong = await ask(id, { change: { [rows[1]!.id]: { count: 0 } } })
  expect(wrong.json()['problems']).toMatchObject([{ field: 'items.1.count' }])
  expect((await ask(id, { change: { [rows[1]!.id]: { count: 1 } } })).json()['title']).toContain('没有改动')
})

test('S3 what a colleague added, changed or moved meanwhile in other rows stays when the request is applied', async () => {
  const { id, rows } = await planOf('监护仪', '呼吸机', '除颤仪')
  const [monitor, ventilator, defibrillator] = rows as [Item, Item, Item]
  const instance = await asked(id, { change: { [monitor.id]: { count: 5 } }, add: [{ device: '输液泵', count: 2 }] })
  await meanwhile(id, {
    add: [{ device: '心电图机', count: 1 }],
    change: { [ventilator.id]: { count: 9 } },
    move: [{ id: defibrillator.id, after: null }],
  })
  const [items] = (await view(instance)).changes
  expect(items).not.toHaveProperty('now')
  expect((await act(instance, 'approve')).status).toBe(200)
  expect(await devicesOf(id)).toEqual(['除颤仪×1', '监护仪×5', '呼吸机×9', '心电图机×1', '输液泵×2'])
  expect((await stored(id)).version).toBe(3)
})

test('S3 a conflict on the same row stops the decision and is shown with the row as it is now; what was seen may then be decided', async () => {
  const { id, rows } = await planOf('监护仪', '呼吸机')
  const [monitor, ventilator] = rows as [Item, Item]
  const instance = await asked(id, { change: { [monitor.id]: { count: 5 } }, remove: [ventilator.id] })
  await meanwhile(id, { change: { [monitor.id]: { note: '已有两台' } } })
  const refused = await act(instance, 'approve')
  expect([refused.status, refused.json()['code']]).toEqual([409, 'changeConflict'])
  const { changes, baseVersion, my } = await view(instance)
  expect(my.task).not.toBeNull()
  expect(changes[0]!.rows!.map(({ did, now }) => [did, now])).toEqual([
    ['changed', { id: monitor.id, device: '监护仪', count: 1, note: '已有两台', contact: null }],
    ['removed', undefined],
  ])
  expect(await devicesOf(id)).toEqual(['监护仪×1', '呼吸机×1'])
  expect((await act(instance, 'approve', { seenBase: baseVersion })).status).toBe(200)
  // Only what the request names of the row is put; the colleague's note stays.
  expect((await stored(id))['items']).toEqual([{ id: monitor.id, device: '监护仪', count: 5, note: '已有两台', contact: null }])
})

test('S3 a changed row that a colleague removed is a conflict, and comes back only when the decider has seen it', async () => {
  const { id, rows } = await planOf('监护仪', '呼吸机')
  const instance = await asked(id, { change: { [rows[0]!.id]: { count: 4 } } })
  await meanwhile(id, { remove: [rows[0]!.id] })
  expect((await act(instance, 'approve')).json()['code']).toBe('changeConflict')
  const { changes, baseVersion } = await view(instance)
  expect(changes[0]!.rows).toMatchObject([{ did: 'changed', now: null }])
  expect((await act(instance, 'approve', { seenBase: baseVersion })).status).toBe(200)
  expect((await devicesOf(id)).toSorted()).toEqual(['呼吸机×1', '监护仪×4'])
})

test('S3 a decider edits rows of the patch by their ids: his operations follow those of the applicant, also on rows that came since', async () => {
  const { id, rows } = await planOf('监护仪', '呼吸机')
  const [monitor, ventilator] = rows as [Item, Item]
  const instance = await asked(id, { change: { [monitor.id]: { count: 9 } }, add: [{ device: '输液泵', count: 8 }] })
  await meanwhile(id, { add: [{ device: '心电图机', count: 1 }] })
  const shown = (await view(instance)).record['items'] as Item[]
  const pump = shown.find((row) => row.device === '输液泵')!
  const edit = { change: { [monitor.id]: { count: 6 }, [pump.id]: { count: 7 } }, remove: [ventilator.id] }
  const done = await act(instance, 'approve', { changes: { items: edit } })
  expect(done.status, done.text).toBe(200)
  expect((await devicesOf(id)).toSorted()).toEqual(['心电图机×1', '监护仪×6', '输液泵×7'])
})

test('S3 the stored patch holds operations, sealed like the record, never the array', async () => {
  const { id, rows } = await planOf('监护仪', '呼吸机', '除颤仪')
  await asked(id, { change: { [rows[1]!.id]: { count: 2 } } })
  const [row] = await h.kernel.db.query<{ id: string; patch: Buffer }>(`SELECT id, patch FROM kernel.change_request WHERE record = $1`, [
    id,
  ])
  const patch = JSON.parse(
    h.kernel.protector.open({ resource: 'kernel.change_request', record: row!.id, field: 'patch' }, row!.patch),
  ) as unknown
  expect(patch).toEqual({ items: { change: { [rows[1]!.id]: { count: 2 } } } })
})
