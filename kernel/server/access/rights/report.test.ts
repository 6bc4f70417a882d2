import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import ExcelJS from '@protobi/exceljs'
import { csv, importFile, undoImport } from '#app/testing/imports.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let officer: HttpSession
let keeper: string
let folder: string
beforeAll(async () => {
  h = await hospital()
  folder = await mkdtemp(join(tmpdir(), 'xinglin-rights-'))
  keeper = await h.person('王建国', { roles: ['systemOfficer'], unit: '信息科' })
  officer = await h.signIn(keeper)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await h[Symbol.asyncDispose]()
})
/** The workbook as a spreadsheet reads it: sheet → lines of texts. */
async function workbook(): Promise<Map<string, string[][]>> {
  const answer = await h.house.server.app.inject({ method: 'GET', url: '/api/rights/file', headers: { cookie: officer.cookie } })
  expect(answer.statusCode, answer.body.slice(0, 200)).toBe(200)
  await writeFile(join(folder, 'table.xlsx'), answer.rawPayload)
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(join(folder, 'table.xlsx'))
  return new Map(book.worksheets.map((sheet) => [sheet.name, sheet.getSheetValues().slice(1).map((row) => Array.from((row as unknown[]).slice(1), (cell) => String(cell ?? '')))])) // prettier-ignore
}

test('E0080 E0192 the table of rights says who has which role from where, and what each role may do; it is audited as an export', async () => {
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  const head = await h.person('李卫东', { post: 'head' })
  const left = await h.person('老何', { unit: '内科' })
  const { id, version } = await account(left)
  await officer.call('PATCH', `/api/records/security.account/${id}`, { version, changes: { status: 'closed', reason: '退休' } })
  await h.kernel.db.query(`UPDATE directory.person SET status = 'left' WHERE id = $1`, [left])
  h.kernel.directoryChanged()
  const book = await workbook()
  expect([...book.keys()]).toEqual(['人员角色', '角色权限'])
  const people = book.get('人员角色')!
  expect(people[0]).toEqual(['姓名', '工号', '科室', '账号', '账号状态', '角色', '来源', '自'])
  const of = (name: string) => people.filter((line) => line[0] === name).map((line) => line.slice(3))
  expect(of('李卫东')).toEqual([[head, '启用', '职工', '所有职工都有'], [head, '启用', '科主任', '因职务“科主任”', '2026-06-15']]) // prettier-ignore
  expect(of('老何（离职）')).toEqual([[left, '已注销', '职工', '所有职工都有']])
  expect(people.at(-1)![0]).toMatch(/^导出说明：王建国于 2026-06-15/)
  const rights = book.get('角色权限')!
  expect(rights[0]).toEqual(['角色', '模块', '记录类型或功能', '操作', '范围', '字段'])
  expect(rights).toContainEqual(['科主任', '人员与机构', '人员', '查看', '本科室及下级', '打码：证件号码、手机'])
  expect(rights).toContainEqual(['医务处', '人员与机构', '人员', '查看', '全院', '打码：证件号码；逐个查看：证件号码；敏感项明文：手机'])
  const exported = () => h.kernel.db.query(`SELECT outcome, detail FROM kernel.audit_entry WHERE act = 'export' ORDER BY seq DESC LIMIT 1`)
  await expect.poll(exported).toEqual([
    {
      outcome: 'done',
      detail: {
        mark: expect.stringMatching(/^DC20260615-[0-9A-Z]{8}$/) as string,
        count: people.length - 2,
        format: 'xlsx',
        report: '用户权限明细表',
      },
    },
  ])
})

test('E0080 E0192 an account that is stopped keeps since when and by whom, forgets it when it is used again, and stands in the view of stopped ones', async () => {
  const person = await h.person('张海涛')
  const { id, version } = await account(person)
  const change = async (seen: number, changes: object) => {
    const answer = await officer.call('PATCH', `/api/records/security.account/${id}`, { version: seen, changes })
    expect(answer.status, answer.text).toBe(200)
    return answer.json<{ record: Record<string, unknown> }>().record
  }
  h.clock.set('2026-06-15T04:05:00Z')
  const stopped = await change(version, { status: 'disabled', reason: '进修' })
  expect([stopped['stoppedAt'], stopped['stoppedBy']]).toEqual(['2026-06-15T04:05:00.000Z', stopped['updatedBy']])
  // What else is changed of it later does not make it stopped anew, and nobody writes it by hand.
  h.clock.set('2026-06-15T04:08:00Z')
  const kept = await change(Number(stopped['version']), { reason: '进修一年' })
  expect(kept['stoppedAt']).toBe('2026-06-15T04:05:00.000Z')
  expect((await officer.call('PATCH', `/api/records/security.account/${id}`, { version: kept['version'], changes: { stoppedAt: '2026-01-01T00:00:00Z' } })).status).toBe(422) // prettier-ignore
  const list = async () => (await officer.call('GET', `/api/records/security.account?filter=${encodeURIComponent(JSON.stringify({ field: 'status', op: 'in', value: ['disabled', 'closed'] }))}&columns=name,stoppedAt,stoppedBy,reason`)).json<{ rows: Record<string, unknown>[] }>().rows // prettier-ignore
  expect((await list()).map((row) => [row['name'], row['reason']])).toContainEqual([person, '进修一年'])
  const again = await change(Number(kept['version']), { status: 'active' })
  expect([again['stoppedAt'], again['stoppedBy']]).toEqual([null, null])
  expect((await list()).map((row) => row['name'])).not.toContain(person)
})
test('also when a file stops it, and no more when that import is taken back', async () => {
  const person = await h.person('何秀兰')
  await account(person)
  const by = await h.as(keeper)
  const stopped = async () => (await h.kernel.db.query(`SELECT status, stopped_at AS at, stopped_by AS by FROM security.account WHERE person = $1`, [person]))[0] // prettier-ignore
  const file = csv([['账号名', '状态', '停用或注销原因'], [person, '停用', '长假']]) // prettier-ignore
  const done = await (await importFile(h, by, 'security.account', file)).run()
  expect([done.state, done.counts.changed]).toEqual(['done', 1])
  expect(await stopped()).toEqual({ status: 'disabled', at: h.clock.now().toISOString(), by: keeper })
  await undoImport(h, by, done.id)
  expect(await stopped()).toEqual({ status: 'active', at: null, by: null })
})
async function account(person: string): Promise<{ id: string; version: number }> {
  const [found] = await h.kernel.db.query<{ id: string; version: number }>('SELECT id, version FROM security.account WHERE person = $1', [person]) // prettier-ignore
  return found!
}
