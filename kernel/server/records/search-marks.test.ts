import { afterAll, beforeAll, expect, test } from 'vitest'
import { longText, may, module, resource, text, type ApiRecord } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile, undoImport } from '#app/testing/imports.ts'
import type { Context } from '../context.ts'
import { bulkCreate } from '../store/bulk.ts'
import { fieldMark, markedSearchText } from '../store/search.ts'
import { updateRecordOf } from './write.ts'

const complaint = resource('tell.complaint', {
  label: '投诉',
  title: 'name',
  fields: {
    name: text('事由', { required: true, search: true }),
    story: longText('经过', { search: true }),
    about: text('被投诉人', { search: true }),
    code: text('编号', { search: true }),
  },
  unique: [['code']],
  list: { columns: ['name', 'code'] },
})
/** The same table with a field of another office. */
const handled = resource('tell.handled', { label: '处理', title: 'name', extends: 'tell.complaint', fields: { verdict: text('结论', { search: true }) } }) // prettier-ignore
const tell = module('tell', {
  label: '投诉',
  resources: [complaint, handled],
  roles: { medicalOffice: [may.all(complaint, 'hospital', { show: 'all' }), may.all(handled, 'hospital', { show: 'all' })] },
})

let h: TestHospital
let officer: Context
let office: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([tell]) })
  const person = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  ;[officer, office] = [await h.as(person), await h.signIn(person)]
})
afterAll(() => h[Symbol.asyncDispose]())

const keys = ['name', 'story', 'about', 'code', 'verdict']
/** How many records there are, once it is seen that the search text of each is that of its values, every field behind its mark. */
async function marked(): Promise<number> {
  const rows = await h.kernel.db.query<Record<string, string | null>>(`SELECT ${keys.join(', ')}, search_text FROM tell.complaint`)
  for (const row of rows) {
    expect(row['search_text']).toBe(markedSearchText(keys.map((id) => ({ id, value: row[id] }))))
    expect(row['search_text']).toContain(fieldMark('code'))
  }
  return rows.length
}
const read = async (id: string) => (await office.call('GET', `/api/records/tell.handled/${id}`)).json<{ record: ApiRecord }>().record
const load = async (lines: readonly (readonly string[])[]): Promise<string> => {
  const work = await importFile(h, officer, 'tell.complaint', csv([['编号', '事由', '被投诉人'], ...lines]))
  await work.settle({})
  expect((await work.run()).state).toBe('done')
  return work.id
}

test('whoever writes a record writes the same search text: one by one, many at once, by import and its undoing, by a merge, in and out of the bin', async () => {
  const one = await h.create('tell.handled', { name: '候诊时间长', about: '张海涛', code: 'TS-01', verdict: '属实', story: '等了两小时' })
  await updateRecordOf(h.kernel, officer, 'tell.complaint', one.id, one.version, { about: '吴静' })
  await updateRecordOf(h.kernel, officer, 'tell.handled', one.id, 2, { verdict: '不属实' })
  expect(await marked()).toBe(1)

  await h.kernel.transaction(officer, (tx) =>
    bulkCreate(h.kernel, tx, 'tell.complaint', [{ name: '收费不明', about: '单凤', code: 'TS-02' }, { name: '夹带', about: `${fieldMark('name')}秘密`, code: 'TS-03' }], { act: 'test', batch: '试验' })) // prettier-ignore
  expect(await marked()).toBe(3)

  await load([['TS-04', '张贴错误', '何秀兰']])
  expect(await marked()).toBe(4)
  // Changes what is there, and must not lose what the other office wrote.
  const batch = await load([['TS-01', '候诊太久', '李卫东'], ['TS-04', '张贴有误', '何秀兰']]) // prettier-ignore
  expect([await marked(), (await read(one.id))['name'], (await read(one.id))['verdict']]).toEqual([4, '候诊太久', '不属实'])
  await undoImport(h, officer, batch)
  expect([await marked(), (await read(one.id))['name']]).toEqual([4, '候诊时间长'])

  const now = await read(one.id)
  const many = await office.call('PATCH', '/api/records/tell.complaint', { records: [{ id: one.id, version: now.version, changes: { story: null } }] }) // prettier-ignore
  expect([many.status, await marked()]).toEqual([200, 4])

  const other = await h.create('tell.handled', { name: '候诊时间很长', about: '方国梁', code: 'TS-05', verdict: '属实' })
  const records = await Promise.all([one.id, other.id].map(async (id) => ({ id, version: (await read(id)).version })))
  const merged = await office.call('POST', '/api/merge/tell.handled', { keep: one.id, records, reason: '重复登记', take: { name: other.id, about: other.id } }) // prettier-ignore
  expect([merged.status, await marked(), (await read(one.id))['about']]).toEqual([200, 5, '方国梁'])

  const { version } = await read(one.id)
  expect((await office.call('DELETE', `/api/records/tell.handled/${one.id}?version=${version}`)).status).toBe(200)
  expect((await office.call('POST', `/api/records/tell.handled/${one.id}/restore`, {})).status).toBe(200)
  expect(await marked()).toBe(5)
})

test('one long text crowds out no other field: each keeps its mark and is found', async () => {
  await h.create('tell.handled', {
    name: '很长的经过',
    story: '说来话长，'.repeat(600),
    about: '欧阳峰',
    code: 'TS-09',
    verdict: '部分属实',
  })
  expect(await marked()).toBe(6)
  for (const search of ['欧阳峰', 'oyf', 'TS-09', 'bufenshushi', '说来话长']) {
    const { rows } = (await office.call('GET', `/api/records/tell.handled?search=${encodeURIComponent(search)}`)).json<{
      rows: ApiRecord[]
    }>()
    expect([search, rows.map((row) => row['name'])]).toEqual([search, ['很长的经过']])
  }
})
