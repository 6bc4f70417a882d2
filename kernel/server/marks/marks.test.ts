import excel from '@protobi/exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { date, identityNumber, may, module, resource, text, watermarkPlaceOf, type ExportTrace, type OwnWatermark, type Problem, type WatermarkAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { traceOf } from './read-mark.ts'

const guest = resource('guest.guest', {
  label: '访客',
  title: 'name',
  fields: { name: text('姓名', { required: true }), number: identityNumber('证件号码'), on: date('日期') },
  list: { columns: ['name', 'on'] },
})
const guests = module('guest', { label: '访客', resources: [guest], roles: { medicalOffice: [may.all(guest)] } })

let h: TestHospital
let office: HttpSession, system: HttpSession, security: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([guests]) })
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'], staffNumber: '90001' }))
  system = await h.signIn(await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] }))
  security = await h.signIn(await h.person('许安', { unit: '保卫科', roles: ['securityOfficer'] }))
  for (const name of ['甲', '乙', '丙']) await h.create('guest.guest', { name, on: '2026-06-01' })
})
afterAll(() => h[Symbol.asyncDispose]())

const exported = async (format: string) => {
  const answer = await h.house.server.app.inject({
    method: 'POST',
    url: '/api/records/guest.guest/export',
    headers: { cookie: office.cookie, 'x-csrf-token': office.csrf },
    payload: { format, columns: ['name', 'on'] },
  })
  expect(answer.statusCode).toBe(200)
  return answer.rawPayload
}
/** What a file tells once its export is in the audit: the entry is written when the last byte has left. */
const traced = async (file: Buffer) => {
  const ctx = await h.system()
  await expect.poll(async () => (await traceOf(h.kernel, ctx, file))?.entry?.act).toBe('export')
  return (await traceOf(h.kernel, ctx, file))!
}
const pattern = /DC20260615-[0-9A-Z]{8}/

test('a workbook says who took it, when and under which number: in its last line, at head and foot of each page, and sealed in its properties', async () => {
  const file = await exported('xlsx')
  const book = new excel.Workbook()
  await book.xlsx.load(file as unknown as ArrayBuffer)
  const sheet = book.worksheets[0]!
  const last = String(sheet.getRow(sheet.rowCount).getCell(1).value)
  expect(last).toMatch(/^导出说明：周敏于 2026-06-15 12:00 从杏林导出“访客”3 条，编号 DC20260615-/)
  const number = pattern.exec(last)![0]
  expect(sheet.headerFooter.oddHeader).toContain(number)
  expect(sheet.headerFooter.oddFooter).toContain(`周敏 90001 · 2026-06-15 12:00 · ${number}`)
  const trace = await traced(file)
  expect(trace).toMatchObject({ number, by: '周敏', staffNumber: '90001', title: '访客', isProved: true, entry: { act: 'export', detail: { count: 3 } } })
}) // prettier-ignore

test('a PDF carries the same in its properties; a table of text says its number', async () => {
  const paper = await traced(await exported('pdf'))
  expect(paper).toMatchObject({ by: '周敏', staffNumber: '90001', isProved: true, entry: { act: 'export' } })
  const plain = await traced(await exported('csv'))
  expect(plain).toMatchObject({ by: '周敏', isProved: false, entry: { detail: { format: 'csv' } } })
  expect(paper.number).not.toBe(plain.number)
})

test('what a stranger wrote into a file proves nothing; a file without a mark is told apart', async () => {
  const ctx = await h.system()
  const file = (await exported('pdf')).toString('latin1')
  const sealed = /\(([\w-]{100,})\)/.exec(file)![1]!
  const forged = Buffer.from(file.replace(sealed, sealed.replace(/.{20}$/, 'A'.repeat(20))).replaceAll(new RegExp(pattern, 'g'), 'DC20260615-ZZZZZZZZ'), 'latin1')
  expect(await traceOf(h.kernel, ctx, forged)).toBeNull()
  for (const other of [Buffer.alloc(0), Buffer.from('PK\u0003\u0004'), Buffer.from('姓名,日期')]) expect(await traceOf(h.kernel, ctx, other)).toBeNull()
}) // prettier-ignore

test('officers trace a number that stood on paper; nobody else may', async () => {
  const { number } = await traced(await exported('csv'))
  const found = await security.call('POST', '/api/export-mark/number', { number: ` ${number.toLowerCase()} ` })
  expect(found.json<ExportTrace>()).toMatchObject({ by: '周敏', number, isProved: false })
  expect((await security.call('POST', '/api/export-mark/number', { number: 'DC20260615-00000000' })).status).toBe(404)
  expect((await security.call('POST', '/api/export-mark/number', { number: '12' })).json<Problem>().title).toMatch(/导出编号形如/)
  expect((await office.call('POST', '/api/export-mark/number', { number })).status).toBe(403)
})

test('pages with protected fields show the mark until the hospital says otherwise, each place by itself', async () => {
  const own = async () => (await office.call('GET', '/api/me/watermark')).json<OwnWatermark>()
  const shows = ({ usual, others }: OwnWatermark, path: string) => others.includes(watermarkPlaceOf(path, new Set(others))) !== usual
  const first = await own()
  expect(first.words).toBe('周敏 90001')
  expect(['/r/guest.guest', '/r/guest.guest/1/edit', '/r/staff.practitioner', '/approvals/1', '/r/directory.unit', '/', '/tasks'].map((path) => shows(first, path))).toEqual([true, true, true, true, false, false, false]) // prettier-ignore
  const { setting: seen } = (await system.call('GET', '/api/watermark')).json<WatermarkAnswer>()
  const wanted = { where: 'everywhere', unit: true, places: { 'guest.guest': false, '/rights': false } }
  expect((await system.call('PUT', '/api/watermark', { setting: wanted, seen })).status).toBe(200)
  const next = await own()
  expect(next.words).toBe('周敏 90001 医务处')
  expect(['/r/guest.guest', '/r/directory.unit', '/', '/rights'].map((path) => shows(next, path))).toEqual([false, true, true, false])
  // Of two who change it the second is told.
  expect((await security.call('PUT', '/api/watermark', { setting: { ...wanted, where: 'nowhere' }, seen })).status).toBe(409)
  const bad = { where: 'somewhere', places: { 'no.such': true } }
  const refused = await security.call('PUT', '/api/watermark', { setting: bad, seen: wanted })
  expect([refused.status, refused.json<Problem>().problems?.map(({ field }) => field)]).toEqual([422, ['where', 'places']])
  expect((await office.call('PUT', '/api/watermark', { setting: wanted, seen: wanted })).status).toBe(403)
})
