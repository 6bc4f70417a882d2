import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { files, may, module, person, resource, rows, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { setDeleted } from '../records/deletion.ts'
import { purgeRecord } from '../records/purge.ts'
import { updateRecordOf } from '../records/write.ts'
import { removeOrphans } from './cleaning.ts'

const fields = { person: person('本人', { required: true }), ward: unit('科室', { from: 'person.unit' }), name: text('名称', { required: true }), papers: files('材料'), lines: rows('页', { page: files('页') }) } // prettier-ignore
const owner = { person: 'person', department: 'ward' } as const
const folder = resource('drawer.folder', { label: '卷宗', title: 'name', owner, fields })
const plan = resource('drawer.plan', { label: '计划', title: 'name', owner, approval: 'drawer.usual', fields })
const drawer = module('drawer', {
  label: '抽屉',
  resources: [folder, plan],
  flows: [flow('drawer.usual', { label: '审批', steps: [approve('head', '主任', { by: headOf('ward') })] })],
  roles: {
    staffMember: [may.readOwn(folder), may.create(folder, 'own'), may.readOwn(plan), may.create(plan), may.update(plan)],
    medicalOffice: [may.all(folder), may.purge(folder)],
  },
}) // prettier-ignore

let h: TestHospital
let me: string
let zhao: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([drawer]) })
  await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  me = await h.person('赵一')
  zhao = await h.signIn(me)
})
afterAll(() => h[Symbol.asyncDispose]())

let numbers = 0
const put = async (content = `${++numbers}`) =>
  (await h.house.files.put(await h.as(me), '件.txt', Readable.from([Buffer.from(content)]), 1000)).id
const left = async (ids: readonly string[]) => {
  const rows = await h.kernel.db.query<{ id: string; hash: string }>(`SELECT id, hash FROM kernel.file WHERE id = ANY($1::uuid[])`, [ids])
  return rows.filter((row) => existsSync(join(h.house.files.folder, row.hash.slice(0, 2), row.hash))).map(({ id }) => id)
}
const clean = async (day: string) => {
  h.clock.set(day)
  return removeOrphans(h.kernel, await h.system(), h.house.files)
}

test('nothing goes that is still named; what nothing names goes after a month, with its content unless another file has the same', async () => {
  const ok = async (answer: Promise<{ status: number; text: string }>) =>
    expect((await answer).status, (await answer).text).toBeLessThan(300)
  const system = await h.system()
  const [field, line, binned, before, purged, asked, pending, draft, filled, said, sealed, imported, loose, same, twin] = [await put(), await put(), await put(), await put(), await put(), await put(), await put(), await put(), await put(), await put(), await put(), await put(), await put(), await put('双'), await put('双')] // prettier-ignore
  await h.create('drawer.folder', { name: '一', person: me, papers: [field], lines: [{ page: [line] }] })
  const bin = await h.create('drawer.folder', { name: '二', person: me, papers: [binned] })
  await setDeleted(h.kernel, system, 'drawer.folder', bin.id, true, null)
  const changed = await h.create('drawer.folder', { name: '三', person: me, papers: [before, twin] })
  await updateRecordOf(h.kernel, system, 'drawer.folder', changed.id, 1, { papers: [twin] })
  const gone = await h.create('drawer.folder', { name: '四', person: me, papers: [purged] })
  await setDeleted(h.kernel, system, 'drawer.folder', gone.id, true, null)
  await purgeRecord(h.kernel, system, 'drawer.folder', gone.id, '重复')
  const made = await h.create('drawer.plan', { name: '五', person: me })
  await ok(zhao.call('POST', `/api/flows/change/drawer.plan/${made.id}`, { actId: newId(), seenVersion: 1, changes: { papers: [asked] } }))
  await ok(zhao.call('POST', '/api/flows/submit/drawer.plan', { draft: { name: '六', person: me, papers: [pending] }, actId: newId() }))
  await ok(zhao.call('PUT', '/api/autosave/x', { value: { papers: [draft] } }))
  const form = newId()
  await h.kernel.db.query(`INSERT INTO kernel.prepared_form (id, resource, for_person, by_person, value, at) VALUES ($1, 'drawer.plan', $2, $2, $3, now())`, [form, me, h.kernel.protector.seal({ resource: 'kernel.prepared_form', record: form, field: 'value' }, JSON.stringify({ papers: [filled] }))]) // prettier-ignore
  await h.kernel.db.query(`INSERT INTO kernel.flow_file (file, instance) VALUES ($1, $2)`, [said, newId()])
  await h.kernel.db.query(`INSERT INTO kernel.seal_use (id, at, seal, copies, files, person, actor, instance, number, title) VALUES ($1, now(), '院章', 1, $2, $3, $3, $1, '1', '件')`, [newId(), [sealed], me]) // prettier-ignore
  await h.kernel.db.query(`INSERT INTO kernel.import_batch (id, kind, profile, resource, file, file_name, state, by_name, created_at, counts, settings) VALUES ($1, 'import', 'drawer.folder', 'drawer.folder', $2, '件', 'done', '测', now(), '{}', '{}')`, [newId(), imported]) // prettier-ignore
  const kept = [field, line, binned, before, asked, pending, draft, filled, said, sealed, imported, twin]
  const loosened = [purged, loose, same]
  const all = [...kept, ...loosened]

  expect([await clean('2026-06-20'), await clean('2026-06-25'), await clean('2026-07-10')]).toEqual([0, 0, 0])
  expect((await left(all)).toSorted()).toEqual(all.toSorted())
  // Taken up again in the meantime.
  await h.create('drawer.folder', { name: '七', person: me, papers: [loose] })
  expect([await clean('2026-07-19'), await clean('2026-07-20')]).toEqual([2, 0])
  expect((await left(all)).toSorted()).toEqual([...kept, loose].toSorted())
  // What is gone is said to be gone.
  const late = await (await h.signIn(me)).call('POST', '/api/records/drawer.folder', { name: '八', person: me, papers: [same] })
  expect(late.json()['problems']).toEqual([{ field: 'papers', message: '材料中有文件不存在，请重新上传' }])
})
