import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile, undoImport } from '#app/testing/imports.ts'
import type { Context } from '../context.ts'
import { updateRecordOf } from '../records/write.ts'

const catalogue = 'privileges.standardProcedure'
let h: TestHospital
let officer: Context
beforeAll(async () => {
  h = await hospital()
  officer = await h.as(await h.person('李主任', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

interface Row {
  id: string
  code: string
  name: string
  version: number
  deleted: boolean
}
const rows = (version: string): Promise<Row[]> =>
  h.kernel.db.query<Row & object>(
    `SELECT id, code, name, version, deleted_at IS NOT NULL AS deleted FROM privileges.standard_procedure WHERE code_version = $1 ORDER BY code`,
    [version],
  )
const living = async (version: string) => (await rows(version)).filter((row) => !row.deleted).map((row) => [row.code, row.name])
async function load(version: string, lines: readonly (readonly string[])[]): Promise<string> {
  const work = await importFile(h, officer, catalogue, csv([['code', 'name', '类别'], ...lines]))
  await work.settle({ constants: { codeSystem: '试验', codeVersion: version } })
  expect((await work.run()).state).toBe('done')
  return work.id
}
async function edit(version: string, code: string, changes: Record<string, unknown>): Promise<void> {
  const row = (await rows(version)).find((one) => one.code === code)!
  await updateRecordOf(h.kernel, officer, catalogue, row.id, row.version, changes)
}
const three = [['47.0900', '阑尾切除术'], ['47.0901', '腹腔镜下阑尾切除术'], ['51.2300', '胆囊切除术']] // prettier-ignore

describe('an import is taken back', () => {
  test('created rows that nobody touched go to the recycle bin, with a history row each', async () => {
    const undo = await undoImport(h, officer, await load('一', three))
    expect([undo.kind, undo.state, undo.counts.created, undo.counts.kept, await living('一')]).toEqual(['undo', 'done', 3, 0, []])
    const history = await h.kernel.db.query(
      `SELECT DISTINCT act, version FROM kernel.history WHERE record = ANY($1::uuid[]) ORDER BY version`,
      [(await rows('一')).map((row) => row.id)],
    )
    expect(history).toEqual([{ act: 'import', version: 1 }, { act: 'import.undo', version: 2 }]) // prettier-ignore
  })
  test('a created row that somebody edited since is kept and listed', async () => {
    const batch = await load('二', three)
    await edit('二', '47.0901', { name: '腹腔镜阑尾切除术' })
    const undo = await undoImport(h, officer, batch)
    expect([undo.counts.created, undo.counts.kept, undo.samples.kept.map((kept) => [kept.title, kept.note])]).toEqual([2, 1, [['腹腔镜阑尾切除术', '导入后有人修改过']]]) // prettier-ignore
    expect(await living('二')).toEqual([['47.0901', '腹腔镜阑尾切除术']])
  })
  test('a created row that something refers to is kept and listed', async () => {
    const batch = await load('三', three)
    const used = (await rows('三')).find((row) => row.code === '51.2300')!
    await h.create('privileges.procedure', {
      standard: used.id,
      codeSystem: '试验',
      codeVersion: '三',
      code: '51.2300',
      name: '胆囊切除术',
    })
    const undo = await undoImport(h, officer, batch)
    expect(undo.samples.kept.map((kept) => [kept.title, kept.note])).toEqual([['胆囊切除术', '被“院内手术目录”引用']])
    expect(await living('三')).toEqual([['51.2300', '胆囊切除术']])
  })
  test('changed fields that still hold the imported value get the old one back; the others keep what they hold and are listed', async () => {
    await load('四', [['47.0900', '阑尾切除术', '手术'], ['51.2300', '胆囊切除术', '手术']]) // prettier-ignore
    const batch = await load('四', [['47.0900', '阑尾全切除术', '诊断性操作'], ['51.2300', '胆囊全切除术', '手术']]) // prettier-ignore
    await edit('四', '47.0900', { operationType: 'therapeutic' })
    const undo = await undoImport(h, officer, batch)
    expect(await living('四')).toEqual([['47.0900', '阑尾切除术'], ['51.2300', '胆囊切除术']]) // prettier-ignore
    expect([undo.counts.changed, undo.samples.kept.map((kept) => kept.note)]).toEqual([2, ['操作类型在导入后有人修改过，保留现在的值']])
    const [kind] = await h.kernel.db.query(
      `SELECT operation_type AS kind FROM privileges.standard_procedure WHERE code_version = '四' AND code = '47.0900'`,
    )
    expect(kind).toEqual({ kind: 'therapeutic' })
  })
  test('rows that the batch created and changed are each treated by their own rule', async () => {
    await load('五', [['47.0900', '阑尾切除术']])
    const batch = await load('五', [['47.0900', '阑尾切除'], ['51.2300', '胆囊切除术']]) // prettier-ignore
    await undoImport(h, officer, batch)
    expect(await living('五')).toEqual([['47.0900', '阑尾切除术']])
  })
  test('once only; and the undo is a batch that can itself be undone', async () => {
    await load('六', [['47.0900', '阑尾切除术']])
    const batch = await load('六', [['47.0900', '阑尾切除'], ['51.2300', '胆囊切除术']]) // prettier-ignore
    const undo = await undoImport(h, officer, batch)
    await expect(undoImport(h, officer, batch)).rejects.toThrow('已经撤销')
    await undoImport(h, officer, undo.id)
    expect(await living('六')).toEqual([['47.0900', '阑尾切除'], ['51.2300', '胆囊切除术']]) // prettier-ignore
    const list = await h.house.imports.list(officer, catalogue)
    expect(list.slice(0, 3).map((one) => [one.kind, one.mayUndo])).toEqual([['undo', true], ['undo', false], ['import', false]]) // prettier-ignore
  })
  test('by two officers at the same moment: one does it, the other is told', async () => {
    const batch = await load('七', three)
    const both = await Promise.allSettled([undoImport(h, officer, batch), undoImport(h, officer, batch)])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await living('七')).toEqual([])
  })
  test('a row that has been given its key again since keeps the undo of the undo from half happening', async () => {
    const undo = await undoImport(h, officer, await load('八', three))
    await load('八', [['51.2300', '胆囊切除术（新）']])
    await expect(undoImport(h, officer, undo.id)).rejects.toThrow('唯一键')
    expect(await living('八')).toEqual([['51.2300', '胆囊切除术（新）']])
  })
})

test('a row that several record types look at keeps what the others are searched by', async () => {
  const person = await h.person('欧阳修文', { specialty: '脊柱外科' })
  const found = async () =>
    (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM directory.person WHERE id = $1 AND search_text LIKE '%脊柱%'`, [person]))[0]!.n // prettier-ignore
  expect(await found()).toBe(1)
  const { staffNumber } = (await h.kernel.directory()).people.get(person)!
  const system = await h.system()
  const work = await importFile(
    h,
    system,
    'directory.person',
    csv([
      ['工号', '姓名'],
      [staffNumber!, '欧阳修'],
    ]),
  )
  expect((await work.run()).counts.changed).toBe(1)
  expect(await found()).toBe(1)
  await undoImport(h, system, work.id)
  expect(await found()).toBe(1)
})
