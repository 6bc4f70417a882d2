import { Readable } from 'node:stream'
import excel from '@protobi/exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportBatch, ImportDetail } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, generatedCatalogue } from '#app/testing/imports.ts'

let h: TestHospital
let officer: HttpSession
let doctor: HttpSession
let doctorId: string
let address: string
beforeAll(async () => {
  h = await hospital()
  officer = await h.signIn(await h.person('李主任', { unit: '医务处', roles: ['medicalOffice'] }))
  doctorId = await h.person('赵医生', { mobile: '13800138000' })
  doctor = await h.signIn(doctorId)
  address = await h.house.server.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => h[Symbol.asyncDispose]())

async function upload(
  session: HttpSession,
  resource: string,
  name: string,
  content: string | AsyncIterable<Uint8Array>,
): Promise<Response> {
  const headers = { cookie: session.cookie, 'x-csrf-token': session.csrf }
  if (typeof content === 'string') {
    const form = new FormData()
    form.append('resource', resource)
    form.append('file', new Blob([content]), name)
    return fetch(`${address}/api/imports`, { method: 'POST', headers, body: form })
  }
  const boundary = 'xinglin-boundary'
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n`)
    yield* content as AsyncIterable<Uint8Array>
    yield Buffer.from(`\r\n--${boundary}--\r\n`)
  }
  const init = {
    method: 'POST',
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Readable.toWeb(Readable.from(body())),
    duplex: 'half',
  }
  return fetch(`${address}/api/imports?resource=${resource}`, init as RequestInit)
}
async function settled(id: string, state: string): Promise<ImportDetail> {
  for (let i = 0; i < 300; i++) {
    const detail = (await officer.call('GET', `/api/imports/${id}`)).json<ImportDetail & Record<string, unknown>>()
    if (detail.state === state || detail.state === 'failed') return detail
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`never ${state}`)
}

describe('over HTTP', () => {
  test('upload, mapping, preview, run, errors, history and undo', async () => {
    const answer = await upload(officer, 'privileges.standardProcedure', '目录.csv', csv([['代码', '手术'], ['47.0901', '阑尾切除术'], ['51.2300', '']])) // prettier-ignore
    const begun = (await answer.json()) as ImportDetail
    expect([answer.status, begun.state, begun.columns.map((column) => column.field)]).toEqual([201, 'uploaded', ['code', 'name']])
    const mapped = await officer.call('PUT', `/api/imports/${begun.id}/mapping`, {
      columns: { 1: 'name' },
      constants: { codeSystem: '试验', codeVersion: '1' },
    })
    expect(mapped.json<{ constants: object }>().constants).toEqual({ codeSystem: '试验', codeVersion: '1' })
    expect((await officer.call('POST', `/api/imports/${begun.id}/preview`)).status).toBe(202)
    expect((await settled(begun.id, 'judged')).counts).toMatchObject({ created: 1, refused: 1 })
    expect((await officer.call('POST', `/api/imports/${begun.id}/run`)).status).toBe(202)
    expect((await settled(begun.id, 'done')).counts).toMatchObject({ created: 1, refused: 1 })
    const errors = await fetch(`${address}/api/imports/${begun.id}/errors`, { headers: { cookie: officer.cookie } })
    const book = new excel.Workbook()
    await book.xlsx.load(await errors.arrayBuffer())
    expect(book.worksheets[0]?.getSheetValues().slice(1)).toEqual([
      [undefined, '代码', '手术', '错误原因'],
      [undefined, '51.2300', undefined, '第 3 行：手术：请填写手术名称'],
    ])
    expect((await officer.call('POST', `/api/imports/${begun.id}/run`)).status).toBe(409)
    const undo = (await officer.call('POST', `/api/imports/${begun.id}/undo`)).json<{ id: string }>()
    expect((await settled(undo.id, 'done')).counts.created).toBe(1)
    const { batches } = (await officer.call('GET', '/api/imports?resource=privileges.standardProcedure')).json<{ batches: ImportBatch[] }>()
    expect(batches.map((batch) => [batch.kind, batch.state, batch.byName, batch.undoneBy !== null])).toEqual([['undo', 'done', '李主任', false], ['import', 'done', '李主任', true]]) // prettier-ignore
  })
  test('a doctor may neither upload nor see; what he tried is audited', async () => {
    expect((await upload(doctor, 'privileges.standardProcedure', 'a.csv', 'code,name')).status).toBe(403)
    const { batches } = (await officer.call('GET', '/api/imports')).json<{ batches: ImportBatch[] }>()
    expect((await doctor.call('GET', `/api/imports/${batches[0]!.id}`)).status).toBe(404)
    expect((await doctor.call('GET', '/api/imports')).json()).toEqual({ batches: [] })
    const [entry] = await h.kernel.db.query(
      `SELECT count(*)::int AS n FROM kernel.audit_entry WHERE outcome = 'refused' AND actor = $1::uuid`,
      [doctorId],
    )
    expect(entry).toEqual({ n: 2 })
  })
  test('a running import shows how far it is and can be stopped', async () => {
    const begun = (await (
      await upload(officer, 'privileges.standardProcedure', 'a.csv', generatedCatalogue(40_000))
    ).json()) as ImportDetail
    await officer.call('POST', `/api/imports/${begun.id}/run`)
    await officer.call('POST', `/api/imports/${begun.id}/cancel`)
    const stopped = await settled(begun.id, 'cancelled')
    expect([stopped.state, stopped.note]).toEqual(['cancelled', '已取消，没有写入任何内容'])
  })
  test('a file over 200 MB is refused while it streams, in bounded memory, and leaves nothing behind', async () => {
    const megabyte = Buffer.from(`47.0901,${'阑尾切除术'.repeat(20)}\n`.repeat(3400)).subarray(0, 1024 * 1024)
    let most = 0
    let sent = 0
    async function* large(): AsyncGenerator<Uint8Array> {
      for (; sent < 400; sent++) {
        yield megabyte
        most = Math.max(most, process.memoryUsage().rss)
      }
    }
    const before = process.memoryUsage().rss
    const answer = await upload(officer, 'privileges.standardProcedure', '大.csv', large()).then(
      async (response) => [response.status, ((await response.json()) as { title: string }).title],
      // A client that is still sending may meet the closed connection before it reads the answer.
      (error: Error) => [413, error.name],
    )
    expect(answer[0]).toBe(413)
    expect(sent).toBeLessThan(330)
    expect((most - before) / 1024 / 1024).toBeLessThan(400)
    const [left] = await h.kernel.db.query(`SELECT count(*)::int AS n FROM kernel.file WHERE name = '大.csv'`)
    expect(left).toEqual({ n: 0 })
  }, 60_000)
})

describe('export', () => {
  const ask = async (session: HttpSession, resource: string, body: object) => session.call('POST', `/api/records/${resource}/export`, body)
  test('csv: labels for headings, names for references, what a spreadsheet would compute is disarmed, and who took it when', async () => {
    const standard = await h.create('privileges.standardProcedure', {
      codeSystem: '医保版',
      codeVersion: '2.0',
      code: '47.0901',
      name: '=HYPERLINK("http://x")',
      operationType: 'surgery',
    })
    await h.create('privileges.procedure', {
      standard: standard.id,
      codeSystem: '医保版',
      codeVersion: '2.0',
      code: '47.0901',
      name: '阑尾切除术, 开腹',
      level: 'two',
      restricted: true,
    })
    const answer = await ask(officer, 'privileges.procedure', {
      format: 'csv',
      columns: ['code', 'name', 'level', 'restricted', 'standard', 'standard.name', 'createdAt'],
    })
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent('院内手术目录-2026-06-15.csv'))
    expect(answer.text.split('\r\n').slice(0, 3)).toEqual([
      '\uFEFF手术编码,手术名称,院内手术级别,限制类技术,对照标准目录,对照标准目录·手术名称,创建时间',
      `47.0901,"阑尾切除术, 开腹",二级,是,"'=HYPERLINK(""http://x"")","'=HYPERLINK(""http://x"")",2026-06-15 12:00`,
      expect.stringMatching(
        /^导出说明：李主任于 2026-06-15 12:00 从杏林导出“院内手术目录”1 条，编号 DC20260615-[0-9A-Z]{8}，仅供工作使用$/,
      ),
    ])
  })
  test('xlsx of thousands of rows comes whole, codes stay text, and the export is audited with its count', async () => {
    const begun = (await (await upload(officer, 'privileges.standardProcedure', 'a.csv', generatedCatalogue(2500))).json()) as ImportDetail
    await officer.call('PUT', `/api/imports/${begun.id}/mapping`, { constants: { codeSystem: '试验', codeVersion: '导出' } })
    await officer.call('POST', `/api/imports/${begun.id}/run`)
    const { counts } = await settled(begun.id, 'done')
    const response = await fetch(`${address}/api/records/privileges.standardProcedure/export`, {
      method: 'POST',
      headers: { cookie: officer.cookie, 'x-csrf-token': officer.csrf, 'content-type': 'application/json' },
      body: JSON.stringify({
        format: 'xlsx',
        filter: { field: 'codeVersion', op: 'eq', value: '导出' },
        sort: ['code'],
        columns: ['code', 'name'],
      }),
    })
    const book = new excel.Workbook()
    await book.xlsx.load(await response.arrayBuffer())
    const sheet = book.worksheets[0]!
    expect([book.creator, sheet.rowCount, sheet.getCell('A2').value]).toEqual(['李主任', counts.created + 2, '00.0000'])
    const [entry] = await h.kernel.db.query(
      `SELECT detail->'count' AS count FROM kernel.audit_entry WHERE act = 'export' ORDER BY seq DESC LIMIT 1`,
    )
    expect(entry).toEqual({ count: counts.created })
  })
  test('comes back through the import unchanged', async () => {
    const text = (
      await ask(officer, 'privileges.standardProcedure', {
        format: 'csv',
        filter: { field: 'codeVersion', op: 'eq', value: '导出' },
        columns: ['code', 'name', 'codeSystem', 'codeVersion', 'drgValid'],
      })
    ).text
    const begun = (await (await upload(officer, 'privileges.standardProcedure', 'b.csv', text)).json()) as ImportDetail
    await officer.call('POST', `/api/imports/${begun.id}/preview`)
    expect((await settled(begun.id, 'judged')).counts).toMatchObject({ created: 0, changed: 0, refused: 0 })
  })
  test('protected values stay masked for who sees them masked, and no right is no file', async () => {
    expect((await ask(doctor, 'privileges.standardProcedure', { format: 'csv' })).status).toBe(403)
    const people = await ask(officer, 'staff.practitioner', {
      format: 'csv',
      columns: ['name', 'identityNumber', 'mobile'],
      search: '赵医生',
    })
    expect(people.text).toContain('13800138000')
    expect((await ask(officer, 'staff.practitioner', { format: 'doc' })).status).toBe(400)
    expect((await ask(officer, 'staff.practitioner', { format: 'csv', columns: ['nothing'] })).status).toBe(400)
  })
})
