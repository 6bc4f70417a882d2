import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { csv, generatedCatalogue, importFile, workbook } from '#app/testing/imports.ts'
import type { Context } from '../context.ts'

const catalogue = 'privileges.standardProcedure'
let h: TestHospital
let officer: Context
beforeAll(async () => {
  h = await hospital()
  officer = await h.as(await h.person('李主任', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

const stored = (version: string) =>
  h.kernel.db.query<{ id: string; code: string; name: string; version: number }>(
    `SELECT id, code, name, version FROM privileges.standard_procedure WHERE code_version = $1 AND deleted_at IS NULL ORDER BY code`,
    [version],
  )
/** An import into a code version of its own, so that tests do not meet. */
async function begin(version: string, content: string | Buffer, name?: string) {
  const work = await importFile(h, officer, catalogue, content, name)
  await work.settle({ constants: { codeSystem: '试验', codeVersion: version } })
  return work
}

describe('an officer imports a catalogue', () => {
  test('of 13,686 rows: all are new, each with one history row, in one batch', async () => {
    const work = await begin('全', generatedCatalogue())
    const preview = await work.preview()
    expect(preview.state).toBe('judged')
    expect((await stored('全')).length).toBe(0)
    const done = await work.run()
    expect([done.state, done.counts.rows, done.counts.created, preview.counts.created]).toEqual([
      'done',
      13_686,
      done.counts.created,
      done.counts.created,
    ])
    const [entry] = await h.kernel.db
      .query(`SELECT count(*)::int AS n, count(DISTINCT h.record)::int AS records, min(h.act) AS act, min(h.origin) AS origin, bool_and(h.actor IS NOT NULL) AS by
      FROM kernel.history h JOIN privileges.standard_procedure p ON p.id = h.record WHERE p.code_version = '全'`)
    expect(entry).toEqual({ n: done.counts.created, records: done.counts.created, act: 'import', origin: 'import', by: true })
    const [told] = await h.kernel.db.query(`SELECT count(*)::int AS n FROM kernel.outbox WHERE payload->>'batch' = $1`, [work.id])
    expect(told).toEqual({ n: 1 })
  })

  test('with headings in another order, spelled otherwise, below a title: the columns are recognised with samples', async () => {
    const work = await importFile(
      h,
      officer,
      catalogue,
      await workbook([
        ['某某医院手术目录'],
        [],
        ['序号', '手术操作名称（必填）', '手 术 编 码*', 'DRG'],
        [1, '阑尾切除术', '47.0901', '是'],
      ]),
      '目录.xlsx',
    )
    const detail = await work.detail()
    expect(detail.headRow).toBe(3)
    expect(detail.columns.map((column) => [column.heading, column.field, column.samples[0]])).toEqual([
      ['序号', null, '1'], ['手术操作名称（必填）', 'name', '阑尾切除术'], ['手 术 编 码*', 'code', '47.0901'], ['DRG', 'drgValid', '是'],
    ]) // prettier-ignore
    expect(detail.remarks.map((remark) => remark.text)).toEqual(['未使用的列：序号'])
  })

  test('whose headings mean nothing: it is refused until she says which column is which', async () => {
    const work = await begin(
      '改',
      csv([
        ['甲', '乙'],
        ['47.0901', '阑尾切除术'],
      ]),
    )
    await expect(work.preview()).rejects.toThrow('没有一列能识别')
    await work.settle({ columns: { 0: 'code', 1: 'name' } })
    await work.run()
    expect((await stored('改')).map((row) => [row.code, row.name])).toEqual([['47.0901', '阑尾切除术']])
  })

  test('without the column of codes: it is refused and says which is missing', async () => {
    const work = await begin(
      '缺',
      csv([
        ['手术名称', 'drg_valid'],
        ['阑尾切除术', '1'],
      ]),
    )
    await expect(work.preview()).rejects.toThrow('没有“手术编码”一列')
  })

  test('in GB18030 and in UTF-16: names arrive whole', async () => {
    const text = csv([['code', 'name'], ['47.0901', '阑尾切除术'], ['03.0900', '椎管减压术䶮']]) // prettier-ignore
    for (const encoding of ['gb18030', 'utf-16le']) await (await begin(encoding, iconv.encode(text, encoding, { addBOM: true }))).run()
    expect((await stored('gb18030')).map((row) => row.name)).toEqual(['椎管减压术䶮', '阑尾切除术'])
    expect((await stored('utf-16le')).map((row) => row.name)).toEqual(['椎管减压术䶮', '阑尾切除术'])
  })

  test('with the same code twice: the later one is refused and names the first', async () => {
    const done = await (
      await begin(
        '重',
        csv([
          ['code', 'name'],
          ['47.0901', '阑尾切除术'],
          ['51.2300', '胆囊切除术'],
          ['47.0901', '阑尾切除术2'],
        ]),
      )
    ).run()
    expect([done.counts.created, done.counts.refused, done.problems]).toEqual([
      2,
      1,
      [{ row: 4, column: 'code', value: '47.0901', message: '与第 2 行重复' }],
    ])
  })

  test('with one broken row among thousands: it alone is refused, and the file of errors brings it back mended', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `${String(10 + Math.floor(i / 100)).padStart(2, '0')}.${String(i).padStart(4, '0')},手术${i},1`,
    )
    lines[1500] = `25.1500,"手术,没有配对,1`
    lines[2000] = `30.2000,手术2000,可能`
    const work = await begin('坏', `code,name,drg_valid\n${lines.join('\n')}\n`)
    const done = await work.run()
    expect([done.counts.created, done.counts.refused, done.problems.map((p) => [p.row, p.column])]).toEqual([2998, 2, [[1502, ''], [2002, 'drg_valid']]]) // prettier-ignore
    const session = await h.signIn(officerId())
    const errors = await session.call('GET', `/api/imports/${work.id}/errors?format=csv`)
    const back = errors.text.replace(/^\uFEFF/, '').trim().split('\r\n') // prettier-ignore
    expect([back.length, back[0], back[2]]).toEqual([
      3,
      'code,name,drg_valid,错误原因',
      '30.2000,手术2000,可能,第 2002 行：drg_valid“可能”：请填写“是”或“否”',
    ])
    const mended = back.map((line) => line.replace('可能', '是').replace(/^.*没有配对.*$/, '25.1500,手术1500,是,'))
    const again = await (await begin('坏', mended.join('\n'))).run()
    expect([again.counts.created, again.counts.refused, (await stored('坏')).length]).toEqual([2, 0, 3000])
  })

  test('with names that lost rare characters: they are taken and flagged', async () => {
    const done = await (
      await begin(
        '字',
        csv([
          ['code', 'name'],
          ['47.0901', '??切除术'],
        ]),
      )
    ).run()
    expect([done.counts.created, done.counts.warned, done.warnings[0]?.row]).toEqual([1, 1, 2])
  })

  test('that says “全部正确才导入”: one wrong row keeps everything out', async () => {
    const work = await begin(
      '严',
      csv([
        ['code', 'name'],
        ['47.0901', '阑尾切除术'],
        ['47.0902', ''],
      ]),
    )
    await work.settle({ strict: true })
    await expect(work.run()).rejects.toThrow('没有写入任何内容')
    expect([(await stored('严')).length, (await work.detail()).state]).toEqual([0, 'failed'])
  })
  test('and stops it half-way: nothing stays, and she may run it again', async () => {
    const work = await begin('停', generatedCatalogue(9000))
    let seen = 0
    const { finished } = await h.house.imports.run(officer, work.id, () => ++seen === 2)
    await expect(finished).rejects.toThrow('已取消')
    expect([(await stored('停')).length, (await work.detail()).state]).toEqual([0, 'cancelled'])
    expect((await work.run()).state).toBe('done')
  })
  const officerId = (): string => (officer.actor as { person: string }).person
})

describe('the same catalogue comes a second time', () => {
  test('unchanged rows stay, changed fields are written with before and after, what is missing is listed and never deleted', async () => {
    const first = csv([['code', 'name', 'drg_valid'], ['47.0900', '阑尾切除术', '1'], ['47.0901', '腹腔镜下阑尾切除术', '1'], ['51.2300', '胆囊切除术', '0']]) // prettier-ignore
    await (await begin('再', first)).run()
    const second = csv([['code', 'name', 'drg_valid'], ['47.0900', '阑尾切除术', '1'], ['47.0901', '腹腔镜阑尾切除术', '1'], ['51.2400', '胆囊部分切除术', '1']]) // prettier-ignore
    const work = await begin('再', second)
    const preview = await work.preview()
    expect(preview.counts).toMatchObject({ created: 1, changed: 1, unchanged: 1, absent: 1 })
    expect(preview.samples.changed[0]?.changes).toEqual([{ label: '手术名称', before: '腹腔镜下阑尾切除术', after: '腹腔镜阑尾切除术' }])
    expect(preview.samples.absent[0]?.title).toBe('胆囊切除术')
    await work.run()
    expect((await stored('再')).map((row) => [row.code, row.name, row.version])).toEqual([
      ['47.0900', '阑尾切除术', 1], ['47.0901', '腹腔镜阑尾切除术', 2], ['51.2300', '胆囊切除术', 1], ['51.2400', '胆囊部分切除术', 1],
    ]) // prettier-ignore
    const [changed] = (await stored('再')).filter((row) => row.code === '47.0901')
    const history = await h.kernel.db.query(`SELECT version, act, changes FROM kernel.history WHERE record = $1 AND version = 2`, [
      changed!.id,
    ])
    expect(history).toEqual([{ version: 2, act: 'import', changes: { name: ['腹腔镜下阑尾切除术', '腹腔镜阑尾切除术'] } }])
    expect((await (await begin('再', second)).run()).counts).toMatchObject({ created: 0, changed: 0, unchanged: 3 })
  })
  test('a blank cell leaves what is there, unless she says that blank means empty', async () => {
    await (
      await begin(
        '空',
        csv([
          ['code', 'name', '类别'],
          ['47.0900', '阑尾切除术', '手术'],
        ]),
      )
    ).run()
    const blank = csv([
      ['code', 'name', '类别'],
      ['47.0900', '阑尾切除术', ''],
    ])
    expect((await (await begin('空', blank)).run()).counts.unchanged).toBe(1)
    const clearing = await begin('空', blank)
    await clearing.settle({ clearBlank: true })
    expect((await clearing.run()).samples.changed[0]?.changes).toEqual([{ label: '操作类型', before: '手术', after: '' }])
  })
})

describe('references and rights', () => {
  test('people are found by number with lost zeros, by number and name, and doubtful ones are picked by hand', async () => {
    const wang = await h.person('王磊', { staffNumber: '00123' })
    const one = await h.person('李芳', { staffNumber: '00200' })
    await h.person('李芳', { staffNumber: '00201' })
    const file = csv([['工号', '姓名', '证书名称', '类型'], ['123', '王 磊', '腔镜培训', '技术培训合格证'], ['', '李芳', '腔镜培训', '其他'], ['00123', '王雷', '放射证', '其他'], ['999', '', '无人', '其他']]) // prettier-ignore
    const work = await importFile(h, officer, 'staff.certificate', file)
    const preview = await work.preview()
    expect(preview.counts).toMatchObject({ created: 1, doubtful: 2, refused: 1, repaired: 1 })
    expect(preview.repairs[0]).toMatchObject({ row: 2, before: '123', after: '00123' })
    expect(preview.problems[0]).toMatchObject({ row: 5, message: '没有工号为 999 的人员' })
    const doubt = preview.doubts.find((d) => d.text === '李芳')!
    expect(doubt.candidates.map((candidate) => candidate.hint)).toEqual(['00200 · 骨科', '00201 · 骨科'])
    await work.choose({ [doubt.key]: one, [preview.doubts.find((d) => d.text !== '李芳')!.key]: null })
    expect((await work.run()).counts).toMatchObject({ created: 2, doubtful: 0 })
    const rows = await h.kernel.db.query<{ practitioner: string }>(
      `SELECT practitioner FROM staff.certificate WHERE name = '腔镜培训' ORDER BY kind DESC`,
    )
    expect(rows.map((row) => row.practitioner)).toEqual([wang, one])
  })
  test('an answer that was not offered is not taken', async () => {
    const work = await importFile(
      h,
      officer,
      'staff.certificate',
      csv([
        ['姓名', '证书名称', '类型'],
        ['李芳', '甲', '其他'],
      ]),
    )
    const { doubts } = await work.preview()
    await work.choose({ [doubts[0]!.key]: h.institution })
    expect((await work.run()).counts).toMatchObject({ created: 0, doubtful: 1 })
  })
  test('a doctor may not import, nor see that a batch exists', async () => {
    const doctor = await h.as(await h.person('赵医生'))
    await expect(importFile(h, doctor, catalogue, 'code,name\n1,a')).rejects.toMatchObject({ code: 'noRight' })
    const work = await begin(
      '权',
      csv([
        ['code', 'name'],
        ['1.1', 'a'],
      ]),
    )
    await expect(h.house.imports.detail(doctor, work.id)).rejects.toMatchObject({ code: 'notFound' })
  })
  test('a head imports for his own department only', async () => {
    const head = await h.person('周主任', { unit: '普外科', roles: ['departmentHead'] })
    await h.unit('泌尿外科')
    await (
      await importFile(
        h,
        await h.system(),
        'privileges.procedure',
        csv([
          ['院内手术级别', '手术编码', '手术名称'],
          ['二级', '47.0901', '阑尾切除术'],
        ]),
      )
    ).settle({})
    await h.create('privileges.procedure', { codeSystem: '医保版', codeVersion: '2.0', code: '47.0901', name: '阑尾切除术', level: 'two' })
    const file = csv([['科室', '手术', '常用'], ['普外科', '47.0901', '是'], ['泌尿外科', '47.0901', '是']]) // prettier-ignore
    const done = await (await importFile(h, await h.as(head), 'privileges.departmentProcedure', file)).run()
    expect([done.counts.created, done.problems.map((p) => [p.row, p.message])]).toEqual([1, [[3, '没有为该人员或科室新增“科室手术目录”的权限']]]) // prettier-ignore
  })
  test('people without a number are new each time, and a number that two people bear is not guessed', async () => {
    const system = await h.system()
    await h.person('孙一', { staffNumber: '00888' })
    await h.person('孙二', { staffNumber: '00888' })
    await h.person('李四', { staffNumber: '00999', status: 'left' })
    const here = await h.person('李五', { staffNumber: '00999' })
    const file = csv([['姓名', '工号', '专业'], ['周七', '', '骨科'], ['吴八', '', '骨科'], ['孙一', '00888', '骨科'], ['李五', '00999', '骨科']]) // prettier-ignore
    const done = await (await importFile(h, system, 'staff.practitioner', file)).run()
    expect(done.counts).toMatchObject({ created: 2, changed: 1, refused: 1 })
    expect(done.problems.map((p) => [p.row, p.message])).toEqual([[4, '系统中有 2 条这样的医务人员，不能确定是哪一条']])
    const [row] = await h.kernel.db.query(`SELECT specialty FROM directory.person WHERE id = $1`, [here])
    expect(row).toEqual({ specialty: '骨科' })
  })
  test('phone and identity numbers are stored sealed and are not found in the batch', async () => {
    const system = await h.system()
    const number = '110101199003074477'
    const done = await (
      await importFile(
        h,
        system,
        'staff.practitioner',
        csv([
          ['姓名', '工号', '证件号码', '手机'],
          ['钱进', '00777', number, '138 0013 8000'],
        ]),
      )
    ).run()
    expect(done.problems).toEqual([])
    const [leak] = await h.kernel.db.query(
      `SELECT (SELECT count(*)::int FROM kernel.import_batch b WHERE b::text LIKE '%' || $1 || '%') + (SELECT count(*)::int FROM kernel.history h WHERE h::text LIKE '%' || $1 || '%') AS n`,
      [number],
    )
    expect([done.counts.created, leak]).toEqual([1, { n: 0 }])
    const again = await (
      await importFile(
        h,
        system,
        'staff.practitioner',
        csv([
          ['姓名', '工号', '证件号码', '手机'],
          ['钱进', '00777', number, '13900139000'],
        ]),
      )
    ).run()
    expect(again.samples.changed[0]?.changes?.map((change) => change.label)).toEqual(['手机'])
  })
})
