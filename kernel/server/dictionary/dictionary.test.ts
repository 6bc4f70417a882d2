import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DictionaryAnswer } from '#model'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { openWord } from '../printing/word/package.ts'

let h: TestHospital
beforeAll(async () => void (h = await hospital()))
afterAll(() => h[Symbol.asyncDispose]())
const officer = async () => h.signIn(await h.person('系统员', { roles: ['systemOfficer'] }))
const read = async () => (await (await officer()).call('GET', '/api/dictionary')).json<DictionaryAnswer>()

test('every column that the database has stands in it, and each says what it is; no table is without words', async () => {
  const { tables } = await read()
  const stored = await h.kernel.db.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name || '.' || column_name AS name FROM information_schema.columns
     JOIN pg_class c ON c.oid = (quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass AND NOT c.relispartition AND c.relkind IN ('r', 'p')
     WHERE table_schema NOT LIKE 'pg\\_%' AND table_schema NOT IN ('information_schema', 'public')`,
  )
  const told = tables.flatMap((table) => table.columns.map((one) => `${table.name}.${one.name}`))
  expect(told.toSorted()).toEqual(stored.map(({ name }) => name).toSorted())
  expect(tables.filter(({ label }) => !label).map(({ name }) => name)).toEqual([])
  const unsaid = tables.filter(({ resources }) => resources.length).flatMap((t) => t.columns.filter(({ label }) => !label || label.includes('不再使用')).map(({ name }) => `${t.name}.${name}`)) // prettier-ignore
  expect(unsaid).toEqual([])
})
test('a column says its kind, choices, reference and protection; a sub-table stands beside its table', async () => {
  const { tables } = await read()
  const column = (table: string, name: string) => tables.find((one) => one.name === table)?.columns.find((one) => one.name === name)
  expect(column('directory.person', 'title_level')).toMatchObject({ label: '职称级别（聘任）', kind: '单选', note: expect.stringContaining('senior 正高级') }) // prettier-ignore
  expect(column('privileges.grant', 'procedure')).toMatchObject({ kind: '引用', refers: 'privileges.procedure', type: 'uuid' })
  expect(column('directory.person', 'deleted_at')).toMatchObject({ label: '删除时间；空 = 未删除', kind: '' })
  expect(column('privileges.grant', 'level')!.note).toContain('four 四级')
  const secret = tables.flatMap((table) => table.columns).filter((one) => one.isProtected)
  expect(secret.length).toBeGreaterThan(0)
  expect(tables.find((one) => one.name === 'rules.card__values')).toMatchObject({ label: '规则卡 · 规定（子表）', module: '规则' })
})
test('it leaves as a file, audited; who has no right is refused', async () => {
  const file = await (await officer()).call('GET', '/api/dictionary/file?format=csv')
  expect(file.status).toBe(200)
  expect(file.text).toContain('directory.person')
  const word = await openWord((await (await officer()).call('GET', '/api/dictionary/file?format=docx')).raw)
  const document = word.get('word/document.xml')!.toString('utf8')
  for (const said of ['数据字典', 'directory.person', '职称级别（聘任）', '导出编号']) expect(document).toContain(said)
  const { tables } = await read()
  expect(document.split('<w:tbl>')).toHaveLength(tables.length + 1)
  expect((await (await officer()).call('GET', '/api/dictionary/file?format=pdf')).status).toBe(400)
  expect((await (await h.signIn(await h.person('职工'))).call('GET', '/api/dictionary')).status).toBe(403)
  const rows = await h.kernel.db.query(`SELECT 1 FROM kernel.audit_entry WHERE act = 'dictionary.download'`)
  expect(rows).toHaveLength(2)
})
