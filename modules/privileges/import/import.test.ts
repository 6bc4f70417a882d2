import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { catalogueFile, csv, importFile, undoImport, workbook } from '#app/testing/imports.ts'
import type { Context } from '#kernel/server/context.ts'

let h: TestHospital
let officer: Context
const standard = [
  ['47.0900', '阑尾切除术（其他）'], ['47.0901', '阑尾切除术'], ['51.2200', '胆囊切除术'], ['51.2300', '腹腔镜下胆囊切除术'], ['00.0100', '头和颈部血管治疗性超声'],
  ['06.2x00', '单侧甲状腺叶切除术'], ['06.2x00x001', '单侧甲状腺次全切除术'], ['74.1x00', '低位子宫下段剖宫产'], ['51.4100x001', '胆囊切除、胆总管探查术'],
] as const // prettier-ignore
beforeAll(async () => {
  h = await hospital()
  officer = await h.as(await h.person('李主任', { unit: '医务处', roles: ['medicalOffice'] }))
  await (await importFile(h, officer, 'privileges.standardProcedure', csv([['code', 'name'], ...standard]))).run()
})
afterAll(() => h[Symbol.asyncDispose]())

describe('the standard catalogue', () => {
  test('codes eaten by a spreadsheet are mended by a version stored already, and each is shown with before and after', async () => {
    const eaten = await importFile(h, officer, 'privileges.catalogue', await workbook([['手术编码', '手术名称'], [51.22, '胆囊切除术'], [0.01, '头和颈部血管治疗性超声'], ['06.2x00', '单侧甲状腺叶切除术']]), '目录.xlsx') // prettier-ignore
    await eaten.settle({ constants: { codeSystem: '医保版', codeVersion: '3.0' } })
    const done = await eaten.run()
    expect([done.counts.created, done.counts.repaired, done.repairs.map((r) => [r.row, r.before, r.after])]).toEqual([3, 2, [[2, '51.22', '51.2200'], [3, '0.01', '00.0100']]]) // prettier-ignore
    const rows = await h.kernel.db.query(`SELECT code FROM privileges.standard_procedure WHERE code_version = '3.0' ORDER BY code`)
    expect(rows).toEqual([{ code: '00.0100' }, { code: '06.2x00' }, { code: '51.2200' }]) // prettier-ignore
  })
  test('an eaten code that nothing is known of is asked, not guessed', async () => {
    const work = await importFile(h, officer, 'privileges.catalogue', csv([['手术编码', '手术名称'], ['99.5', '新技术']])) // prettier-ignore
    const { counts, doubts } = await work.preview()
    expect([counts.doubtful, doubts[0]?.candidates.map((candidate) => candidate.id)]).toEqual([1, ['99.5000', '99.5']])
    await work.choose({ '*': 'first' })
    expect((await work.run()).counts.created).toBe(1)
  })
  test('from upload to done it takes seconds, and twice the same changes nothing', async () => {
    const text = catalogueFile()
    const begun = performance.now()
    const work = await importFile(h, officer, 'privileges.standardProcedure', text)
    await work.settle({ constants: { codeSystem: '医保版', codeVersion: '全本' } })
    const preview = await work.preview()
    const done = await work.run()
    const seconds = (performance.now() - begun) / 1000
    expect([done.counts.rows, done.counts.created + done.counts.refused, preview.counts.created]).toEqual([
      13_686,
      13_686,
      done.counts.created,
    ])
    expect(done.counts.warned).toBeGreaterThanOrEqual(8)
    expect(seconds).toBeLessThan(15)
    const again = await importFile(h, officer, 'privileges.standardProcedure', text)
    await again.settle({ constants: { codeSystem: '医保版', codeVersion: '全本' } })
    expect((await again.run()).counts).toMatchObject({ created: 0, changed: 0, unchanged: done.counts.created, absent: 0 })
  })
  test('chosen procedures are copied into the hospital’s own list once, as a batch that can be taken back', async () => {
    const ids = (await h.kernel.db.query<{ id: string }>(`SELECT id FROM privileges.standard_procedure WHERE code_version = '3.0'`)).map(
      (row) => row.id,
    )
    const session = await h.signIn((officer.actor as { person: string }).person)
    const first = (await session.call('POST', '/api/privileges/procedures/copy', { ids })).json<{
      batch: string
      created: number
      already: number
    }>()
    const second = (await session.call('POST', '/api/privileges/procedures/copy', { ids })).json()
    expect([first.created, second]).toMatchObject([3, { created: 0, already: 3 }])
    const [row] = await h.kernel.db.query(
      `SELECT code, name, operation_type FROM privileges.procedure WHERE code_version = '3.0' AND code = '51.2200' AND deleted_at IS NULL`,
    )
    expect(row).toEqual({ code: '51.2200', name: '胆囊切除术', operation_type: 'surgery' })
    expect((await undoImport(h, officer, first.batch)).counts.created).toBe(3)
  })
})

describe('the hospital’s grading file', () => {
  const head = ['手术编码', '手术名称', '院内手术级别', '限制类', '别名']
  const grade = (...lines: (string | number | null)[][]) =>
    workbook([['某某医院手术分级管理目录（2026版）'], head, ...lines]).then((file) =>
      importFile(h, officer, 'privileges.grading', file, '分级.xlsx'),
    )
  const procedures = () =>
    h.kernel.db.query<{ code: string; name: string; level: string; restricted: boolean; alias: string | null; joined: boolean }>(
      `SELECT code, name, level, restricted, alias, standard IS NOT NULL AS joined FROM privileges.procedure WHERE code_version = '2.0' AND deleted_at IS NULL ORDER BY code`,
    )

  test('is joined by code, then by name; levels and marks are read however they are written', async () => {
    const work = await grade(
      ['51.2300', '腹腔镜下胆囊切除术', 'Ⅲ级', '', 'LC、腹腔镜胆囊'],
      [51.22, '胆囊切除术', '二', '非限制类', ''],
      ['', '单侧甲状腺叶切除术', '三级手术', '国家限制类', ''],
      ['74.1', '低位子宫下段剖宫产', 3, '', ''],
      ['47.0901', '阑尾切除术', '五级', '', ''],
    )
    const done = await work.run()
    expect(done.counts).toMatchObject({ created: 4, refused: 1, repaired: 3 })
    expect(done.problems[0]).toMatchObject({ row: 7, column: '院内手术级别', value: '五级' })
    expect(await procedures()).toEqual([
      { code: '06.2x00', name: '单侧甲状腺叶切除术', level: 'three', restricted: true, alias: null, joined: true },
      { code: '51.2200', name: '胆囊切除术', level: 'two', restricted: false, alias: null, joined: true },
      { code: '51.2300', name: '腹腔镜下胆囊切除术', level: 'three', restricted: false, alias: 'LC、腹腔镜胆囊', joined: true },
      { code: '74.1x00', name: '低位子宫下段剖宫产', level: 'three', restricted: false, alias: null, joined: true },
    ])
  })
  test('a name that says something else than its code is asked with candidates, and what the person picks is taken', async () => {
    const work = await grade(
      ['47.0900', '阑尾切除术', '二级', '', ''],
      ['51.9999', '本院保胆取石术', '三级', '', ''],
      ['', '甲状腺叶切除术', '三级', '', ''],
    )
    const { doubts, counts } = await work.preview()
    expect(counts).toMatchObject({ doubtful: 3, created: 0 })
    const [byName, own, near] = ['47.0900', '51.9999', '甲状腺叶'].map((text) => doubts.find((doubt) => doubt.text.includes(text))!)
    expect(byName!.candidates.map((candidate) => candidate.hint)).toEqual(['47.0901', '47.0900'])
    expect(near!.candidates[0]?.hint).toBe('06.2x00')
    await work.choose({ [byName!.key]: byName!.candidates[0]!.id, [own!.key]: 'own', [near!.key]: null })
    expect((await work.run()).counts).toMatchObject({ created: 2, doubtful: 0, refused: 1 })
    expect((await procedures()).filter((row) => /^(47|51.99)/.test(row.code)).map((row) => [row.code, row.name, row.joined])).toEqual([['47.0901', '阑尾切除术', true], ['51.9999', '本院保胆取石术', false]]) // prettier-ignore
  })
  test('next year’s file changes only the levels that moved', async () => {
    const done = await (await grade(['51.2200', '胆囊切除术', '三级', '', ''], ['51.2300', '腹腔镜下胆囊切除术', '三', '', ''])).run()
    expect(done.counts).toMatchObject({ changed: 1, unchanged: 1, created: 0 })
    expect(done.samples.changed[0]?.changes).toEqual([{ label: '院内手术级别', before: '二级', after: '三级' }])
  })
})

describe('the grants of day one', () => {
  let surgeons: string[]
  beforeAll(async () => {
    surgeons = [
      await h.person('王磊', { staffNumber: '00123', unit: '普外科' }),
      await h.person('阿卜杜拉·买买提', { staffNumber: '00456', unit: '普外科' }),
    ]
    await (
      await importFile(
        h,
        officer,
        'privileges.grading',
        csv([
          ['手术编码', '级别'],
          ['51.4100x001', '四级'],
        ]),
      )
    ).run()
  })
  const grants = () =>
    h.kernel.db.query<{
      number: string
      name: string
      code: string
      level: string
      mode: string
      from: string
      to: string | null
      unit: string
      basis: string | null
      batch: string
    }>(
      `SELECT g.number, p.name, r.code, g.level, g.mode, g."from", g."to", u.name AS unit, g.basis_number AS basis, g.batch FROM privileges.grant g JOIN directory.person p ON p.id = g.practitioner
       JOIN privileges.procedure r ON r.id = g.procedure LEFT JOIN directory.unit u ON u.id = g.unit WHERE g.deleted_at IS NULL ORDER BY p.staff_number, r.code`,
    )
  test('as a list: several procedures in one cell, dates as people write them, 历史授权转入 with number and batch', async () => {
    const work = await importFile(h, officer, 'privileges.grants', await workbook([
      ['工号', '姓名', '授权手术', '级别', '授权日期', '有效期至', '文号'],
      [123, '王磊', '51.2300、胆囊切除术、胆囊切除、胆总管探查术', '', '2024.5.1', '2027年4月30日', '医〔2024〕5号'],
      ['00456', '阿卜杜拉•买买提', '腹腔镜下胆囊切除术', '三级', '2024/5/1', '长期', '医〔2024〕5号'],
      ['00456', '买买提', '51.2300', '', '2024-05-01', '', ''],
    ]), '授权.xlsx') // prettier-ignore
    const preview = await work.preview()
    expect([preview.problems, preview.counts.created, preview.counts.doubtful]).toEqual([[], 4, 1])
    const done = await work.run()
    const { number } = done
    expect(await grants()).toEqual([
      {
        number: `LS-${number}-0002`,
        name: '王磊',
        code: '51.2200',
        level: 'three',
        mode: 'transferred',
        from: '2024-05-01',
        to: '2027-04-30',
        unit: '普外科',
        basis: '医〔2024〕5号',
        batch: `LS-${number}`,
      },
      {
        number: `LS-${number}-0001`,
        name: '王磊',
        code: '51.2300',
        level: 'three',
        mode: 'transferred',
        from: '2024-05-01',
        to: '2027-04-30',
        unit: '普外科',
        basis: '医〔2024〕5号',
        batch: `LS-${number}`,
      },
      {
        number: `LS-${number}-0003`,
        name: '王磊',
        code: '51.4100x001',
        level: 'four',
        mode: 'transferred',
        from: '2024-05-01',
        to: '2027-04-30',
        unit: '普外科',
        basis: '医〔2024〕5号',
        batch: `LS-${number}`,
      },
      {
        number: `LS-${number}-0004`,
        name: '阿卜杜拉·买买提',
        code: '51.2300',
        level: 'three',
        mode: 'transferred',
        from: '2024-05-01',
        to: null,
        unit: '普外科',
        basis: '医〔2024〕5号',
        batch: `LS-${number}`,
      },
    ])
    const undo = await undoImport(h, officer, work.id)
    expect([undo.counts.created, await grants()]).toEqual([4, []])
  })
  test('as a matrix people × procedures with √: the head is codes over names, one grant a √, taken back whole', async () => {
    const matrix = await workbook(
      [
        ['普外科手术授权一览表'],
        ['序号', '工号', '姓名', '职称', '胆道', null, '51.2200', '74.1x00'],
        [null, null, null, null, '腹腔镜下胆囊切除术', '胆囊切除、胆总管探查术', '胆囊切除术', '低位子宫下段剖宫产'],
        [1, '00123', '王 磊', '主任医师', '√', '四级', '√', null],
        [2, '456', '阿卜杜拉·买买提', '主治医师', '√', '×', '2026-12-31', '？'],
      ],
      (sheet) => sheet.mergeCells('E2:F2'),
    )
    const work = await importFile(h, officer, 'privileges.grants', matrix, '授权表.xlsx')
    await work.settle({ constants: { from: '2025-01-01', basisNumber: '医〔2025〕1号' } })
    const preview = await work.preview()
    expect(preview.columns.map((column) => column.field)).toEqual([
      null,
      'practitioner.staffNumber',
      'practitioner.name',
      null,
      '*procedure',
      '*procedure',
      '*procedure',
      '*procedure',
    ])
    expect([preview.headLines, preview.problems.map((p) => [p.row, p.value, p.message])]).toEqual([
      2,
      [[5, '？', '看不懂，有此授权请打 √']],
    ])
    const done = await work.run()
    expect(done.counts).toMatchObject({ created: 5, refused: 1 })
    expect((await grants()).map((g) => [g.name, g.code, g.level, g.from, g.to])).toEqual([
      ['王磊', '51.2200', 'three', '2025-01-01', null], ['王磊', '51.2300', 'three', '2025-01-01', null], ['王磊', '51.4100x001', 'four', '2025-01-01', null],
      ['阿卜杜拉·买买提', '51.2200', 'three', '2025-01-01', '2026-12-31'], ['阿卜杜拉·买买提', '51.2300', 'three', '2025-01-01', null],
    ]) // prettier-ignore
    const again = await importFile(h, officer, 'privileges.grants', matrix, '授权表.xlsx')
    await again.settle({ constants: { from: '2025-01-01', basisNumber: '医〔2025〕1号' } })
    expect((await again.run()).counts).toMatchObject({ created: 0, changed: 0, unchanged: 5 })
    const undo = await undoImport(h, officer, work.id)
    expect([undo.counts.created, await grants()]).toEqual([5, []])
    expect(surgeons.length).toBe(2)
  })
  test('a grant that somebody has suspended since is kept when the batch is taken back', async () => {
    const work = await importFile(h, officer, 'privileges.grants', csv([['工号', '手术', '授权日期'], ['00123', '51.2300', '2025-01-01'], ['00123', '51.2200', '2025-01-01']])) // prettier-ignore
    await work.run()
    const [touched] = await h.kernel.db.query<{ id: string; version: number }>(
      `SELECT g.id, g.version FROM privileges.grant g JOIN privileges.procedure p ON p.id = g.procedure WHERE p.code = '51.2200' AND g.deleted_at IS NULL`,
    )
    const { updateRecordOf } = await import('#kernel/server/records/write.ts')
    await updateRecordOf(
      h.kernel,
      officer,
      'privileges.grant',
      touched!.id,
      touched!.version,
      { status: 'suspended', reason: '核查' },
      { byModule: true },
    )
    const undo = await undoImport(h, officer, work.id)
    expect([undo.counts.created, undo.counts.kept, (await grants()).map((g) => g.code)]).toEqual([1, 1, ['51.2200']])
  })
  test('only who manages grants may transfer them', async () => {
    const secretary = await h.as(await h.person('秘书', { unit: '普外科', roles: ['departmentSecretary'] }))
    await expect(importFile(h, secretary, 'privileges.grants', 'a,b')).rejects.toMatchObject({ code: 'noRight' })
  })
})
