import excel from '@protobi/exceljs'
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { choice, date, decimal, group, integer, ledger, may, module, person, resource, text, unit, where, type ExportJob, type Problem, type SlowDetail } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { held as heldOf, withoutRole as withoutRoleOf } from '#app/testing/in-the-middle.ts'
import { believe as believeOf } from '#app/testing/large-table.ts'
import { withClient } from '../../database/roles.ts'
import { takeJob } from './jobs.ts'
import { runExport } from './run.ts'
import { clearExports, startExports } from './work.ts'

const visit = resource('leave.visit', {
  label: '就诊',
  title: 'name',
  owner: { person: 'doctor', department: 'place' },
  fields: {
    name: text('患者', { required: true, search: true }),
    phone: text('电话', { max: 20 }),
    place: unit('科室'),
    doctor: person('医师'),
    level: choice('级别', { one: '一级', two: '二级' }),
    on: date('日期'),
    age: integer('年龄'),
    fee: decimal('费用', 2),
    note: text('备注', { max: 500 }),
  },
  list: { columns: ['name', 'phone', 'place', 'level', 'on', 'age', 'note'], filters: ['place', 'level'], sort: ['-on'] },
})
const away = module('leave', {
  label: '就诊登记',
  resources: [visit],
  roles: {
    medicalOffice: [may.all(visit)],
    departmentHead: [may.read(visit, 'myUnits', { mask: ['phone'], hide: ['fee'] }), may.export(visit)],
    committeeMember: [may.read(visit)],
  },
  menu: [group('就诊', [ledger(visit)])],
})

let h: TestHospital
let office: HttpSession, head: HttpSession, member: HttpSession
let headId: string
let stop: (() => Promise<void>) | null = null
const faults: unknown[] = []
const total = 12_000
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([away]) })
  const doctor = await h.person('周敏', { unit: '内科', roles: ['medicalOffice'] })
  headId = await h.person('张涛', { unit: '外科', post: 'head', roles: ['departmentHead'] })
  const watcher = await h.person('李静', { roles: ['committeeMember'] })
  const places = [await h.unit('外科'), await h.unit('内科')]
  await withClient(h.database.adminUrl, (client) =>
    client.query(
      `INSERT INTO leave.visit (id, version, state, created_at, updated_at, name, phone, place, doctor, level, "on", age, fee, note, search_text)
       SELECT gen_random_uuid(), 1, 'approved', timestamptz '2026-01-01' + n * interval '1 minute', now(), '患者' || n, '1380013' || lpad(n::text, 4, '0'),
         CASE WHEN n % 4 = 0 THEN $1::uuid ELSE $2::uuid END, $3::uuid, CASE WHEN n % 2 = 0 THEN 'one' ELSE 'two' END, date '2024-01-01' + n % 880, n % 90, n,
         CASE WHEN n = 1 THEN '=1+1' WHEN n % 3 = 0 THEN '备注 <' || n || '> & "甲"' END, '患者' || n FROM generate_series(1, ${total}) n`,
      [...places, doctor],
    ),
  )
  await withClient(h.database.ownerUrl, (owner) => owner.query(`ANALYZE leave.visit`))
  ;[office, head, member] = await Promise.all([h.signIn(doctor), h.signIn(headId), h.signIn(watcher)])
})
afterEach(async () => {
  await stop?.()
  stop = null
  if (faults.length) throw faults[0] as Error
})
afterAll(() => h[Symbol.asyncDispose]())

const work = (options: { mostMs?: number } = {}) =>
  (stop = startExports(h.kernel, h.house.files, (error) => faults.push(error), { everyMs: 20, ...options }))
const begin = async (s: HttpSession, body: object) => {
  const answer = await s.call('POST', '/api/records/leave.visit/export', body)
  expect(answer.status).toBe(202)
  return answer.json<{ job: ExportJob }>().job
}
const look = async (s: HttpSession, id: string) => (await s.call('GET', `/api/exports/${id}`)).json<ExportJob & Record<string, unknown>>()
const until = async (s: HttpSession, id: string, state: ExportJob['state']): Promise<void> =>
  await expect.poll(async () => (await look(s, id)).state, { timeout: 20_000, interval: 20 }).toBe(state)
const fileOf = (s: HttpSession, id: string) => s.call('GET', `/api/exports/${id}/file`)
const bytesOf = async (id: string) => {
  const [row] = await h.kernel.db.query<{ tries: number }>(`SELECT tries FROM kernel.export_job WHERE id = $1::uuid`, [id])
  return readFile(`${h.house.files.folder}/exports/${id}-${row!.tries}`)
}
const sheetOf = async (id: string) => {
  const book = new excel.Workbook()
  await book.xlsx.load((await bytesOf(id)) as unknown as ArrayBuffer)
  return { book, sheet: book.worksheets[0]! }
}
const told = (person: string) =>
  h.kernel.db.query<{ title: string; body: string; link: string }>(`SELECT title, body, link FROM kernel.message WHERE person = $1::uuid ORDER BY at DESC, id DESC LIMIT 1`, [person]) // prettier-ignore

test('of thousands an export goes on by itself: everything in the list’s order, audited with its count, told when it is there, for a week', async () => {
  const job = await begin(office, { format: 'xlsx', columns: ['name', 'age', 'place', 'note'], sort: ['createdAt'] })
  expect([job.state, job.expected, job.resourceLabel, job.mayDownload]).toEqual(['waiting', 10_000, '就诊', false])
  expect((await fileOf(office, job.id)).status).toBe(404)
  work()
  await until(office, job.id, 'done')
  const { book, sheet } = await sheetOf(job.id)
  expect([book.creator, sheet.name, sheet.rowCount]).toEqual(['周敏', '就诊', total + 2])
  expect(sheet.getRow(1).values).toEqual([undefined, '患者', '年龄', '科室', '备注'])
  expect(sheet.getRow(2).values).toEqual([undefined, '患者1', 1, '内科', '=1+1'])
  expect(sheet.getRow(4).values).toEqual([undefined, '患者3', 3, '内科', '备注 <3> & "甲"'])
  expect(sheet.getRow(total + 1).getCell(1).value).toBe(`患者${total}`)
  expect(sheet.getRow(total + 2).getCell(1).value).toMatch(/^导出说明：周敏于 2026-06-15 12:00 从杏林导出“就诊”12000 条/)
  expect(sheet.getCell('A2').numFmt).toBe('@')
  const done = await look(office, job.id)
  expect([done.rows, done.bytes, done.mayDownload, done.until]).toEqual([total, (await bytesOf(job.id)).length, true, '2026-06-22T04:00:00.000Z']) // prettier-ignore
  const [entry] = await h.kernel.db.query(`SELECT outcome, detail FROM kernel.audit_entry WHERE act = 'export' ORDER BY seq DESC LIMIT 1`)
  expect(entry).toMatchObject({ outcome: 'done', detail: { count: total, job: job.id } })
  const [message] = await h.kernel.db.query(
    `SELECT title, body, link FROM kernel.message WHERE link = '/me/exports' ORDER BY id DESC LIMIT 1`,
  )
  expect(message).toEqual({ title: '导出已完成', body: '“就诊”12,000 条已可下载，文件保留到 2026-06-22', link: '/me/exports' })
  const answer = await fileOf(office, job.id)
  expect([answer.status, answer.headers['content-disposition']]).toEqual([200, `attachment; filename*=UTF-8''${encodeURIComponent('就诊-2026-06-15.xlsx')}`]) // prettier-ignore
  h.clock.set('2026-06-23')
  await clearExports(h.kernel, h.house.files)
  h.clock.set('2026-06-15T04:00:00Z')
  expect((await look(office, job.id)).state).toBe('gone')
  await expect(bytesOf(job.id)).rejects.toThrow('ENOENT')
}, 60_000)

test('a head takes away his unit’s records only, masked, without hidden fields; what a spreadsheet would compute is disarmed', async () => {
  expect((await head.call('POST', '/api/records/leave.visit/export', { format: 'csv', columns: ['name', 'fee.x'], job: true })).status).toBe(400) // prettier-ignore
  expect((await head.call('POST', '/api/records/leave.visit/export', { format: 'csv', sort: ['fee'], job: true })).status).toBe(400)
  const job = await begin(head, { format: 'csv', columns: ['name', 'phone', 'fee', 'place'], sort: ['createdAt'], job: true })
  const mine = await begin(office, { format: 'csv', columns: ['name', 'note'], filter: where('name', 'eq', '患者1'), job: true })
  work()
  await until(head, job.id, 'done')
  await until(office, mine.id, 'done')
  const lines = (await bytesOf(job.id)).toString('utf8').split('\r\n')
  expect([lines.length, lines[1]]).toEqual([total / 4 + 3, '患者4,138****0004,,外科'])
  expect((await bytesOf(mine.id)).toString('utf8').split('\r\n').slice(0, 2)).toEqual(['\uFEFF患者,备注', `患者1,'=1+1`])
})

test('nobody else sees, stops or downloads it; who may no longer export cannot download what he had prepared', async () => {
  const job = await begin(head, { format: 'csv', columns: ['name'], job: true })
  for (const [method, part] of [['GET', ''], ['GET', '/file'], ['POST', '/cancel']] as const)
    expect([part, (await office.call(method, `/api/exports/${job.id}${part}`)).status]).toEqual([part, 404]) // prettier-ignore
  expect((await office.call('GET', '/api/exports')).json<{ jobs: ExportJob[] }>().jobs.map(({ id }) => id)).not.toContain(job.id)
  expect((await member.call('POST', '/api/records/leave.visit/export', { format: 'csv', job: true })).status).toBe(403)
  work()
  await until(head, job.id, 'done')
  expect((await fileOf(head, job.id)).status).toBe(200)
  // No attachment either: files are looked up by id.
  expect((await head.call('GET', `/api/files/${job.id}`)).status).toBe(404)
  await withoutRole(headId, 'departmentHead', async () => {
    expect((await look(head, job.id)).mayDownload).toBe(false)
    expect((await fileOf(head, job.id)).status).toBe(403)
  })
  expect((await fileOf(head, job.id)).status).toBe(200)
})
test('rights are those at the time it runs: taken away before it begins it fails with words, taken away in the middle it stops', async () => {
  const job = await begin(head, { format: 'csv', columns: ['name'], job: true })
  await withoutRole(headId, 'departmentHead', async () => {
    work()
    await until(head, job.id, 'failed')
    expect((await look(head, job.id)).note).toBe('没有导出“就诊”的权限')
  })
  await stop!()
  const second = await begin(head, { format: 'xlsx', columns: ['name'], job: true })
  await held(async (release) => {
    work()
    await until(head, second.id, 'running')
    await withoutRole(headId, 'departmentHead', () => until(head, second.id, 'failed'))
    await release()
  })
  expect((await look(head, second.id)).note).toBe('导出期间您的权限有变化，已停止；请重新导出')
  expect((await told(headId))[0]).toMatchObject({ title: '导出没有完成', link: '/me/exports' })
})
const held = (part: (release: () => Promise<void>) => Promise<void>) => heldOf(h, 'leave.visit', part)
const withoutRole = (person: string, role: string, part: () => Promise<void>) => withoutRoleOf(h, person, role, part)

test('it can be cancelled while it waits and while the database reads for it, and then leaves no file', async () => {
  const waiting = await begin(office, { format: 'csv', job: true })
  expect((await office.call('POST', `/api/exports/${waiting.id}/cancel`)).json<{ state: string }>().state).toBe('cancelled')
  expect((await office.call('POST', `/api/exports/${waiting.id}/cancel`)).status).toBe(409)
  const job = await begin(office, { format: 'csv', job: true })
  await held(async (release) => {
    work()
    await until(office, job.id, 'running')
    await office.call('POST', `/api/exports/${job.id}/cancel`)
    await until(office, job.id, 'cancelled')
    await release()
  })
  await expect(bytesOf(job.id)).rejects.toThrow('ENOENT')
  expect((await fileOf(office, job.id)).status).toBe(404)
})

test('what takes longer than the bound is stopped with words', async () => {
  const job = await begin(office, { format: 'csv', job: true })
  await held(async (release) => {
    work({ mostMs: 300 })
    await until(office, job.id, 'failed')
    await release()
  })
  expect((await look(office, job.id)).note).toMatch(/超过时间上限，已停止/)
})

test('a process that stops gives its export back, one that is killed is found out; both are begun anew, and what kills three is given up', async () => {
  const job = await begin(office, { format: 'csv', columns: ['name'], job: true })
  await held(async (release) => {
    work()
    await until(office, job.id, 'running')
    await stop!()
    expect((await look(office, job.id)).state).toBe('waiting')
    await release()
  })
  // Killed: it says nothing any more, and stays as it was.
  const killed = () => h.kernel.db.query(`UPDATE kernel.export_job SET heartbeat = clock_timestamp() - interval '1 minute' WHERE id = $1::uuid AND state = 'running'`, [job.id]) // prettier-ignore
  const first = (await takeJob(h.kernel))!
  expect([first.id, first.tries, await takeJob(h.kernel)]).toEqual([job.id, 1, null])
  await killed()
  work()
  await until(office, job.id, 'done')
  expect((await bytesOf(job.id)).toString('utf8').split('\r\n')).toHaveLength(total + 3)
  await stop!()
  // The first, waking up again, writes nothing over what the other has done.
  await runExport(h.kernel, h.house.files, first, { mostMs: 60_000, signal: new AbortController().signal })
  expect((await look(office, job.id)).state).toBe('done')
  expect((await bytesOf(job.id)).length).toBeGreaterThan(100_000)
  const poison = await begin(office, { format: 'csv', job: true })
  for (let i = 0; i < 3; i++) {
    expect((await takeJob(h.kernel))?.id).toBe(poison.id)
    await h.kernel.db.query(`UPDATE kernel.export_job SET heartbeat = clock_timestamp() - interval '1 minute' WHERE id = $1::uuid`, [poison.id]) // prettier-ignore
  }
  work()
  await until(office, poison.id, 'failed')
  expect((await look(office, poison.id)).note).toMatch(/多次中断/)
}, 60_000)

test('two at once and no more, first of those who have none; five of one person at most', async () => {
  const mine = [await begin(office, { format: 'csv', job: true })]
  for (let i = 0; i < 4; i++) mine.push(await begin(office, { format: 'csv', job: true }))
  const sixth = await office.call('POST', '/api/records/leave.visit/export', { format: 'csv', job: true })
  expect([sixth.status, sixth.json<Problem & Record<string, unknown>>().title]).toEqual([413, '您已有 5 个导出没有完成，请等它们完成，或先取消']) // prettier-ignore
  const other = await begin(head, { format: 'csv', job: true })
  expect([(await takeJob(h.kernel))?.id, (await takeJob(h.kernel))?.id, await takeJob(h.kernel)]).toEqual([mine[0]!.id, other.id, null])
  await h.kernel.db.query(`UPDATE kernel.export_job SET state = 'waiting', heartbeat = NULL, tries = 0 WHERE state = 'running'`)
  work()
  for (const { id } of mine) await until(office, id, 'done')
}, 60_000)

test('pdf: a table on paper with the heading on every page, in our letters; too much for paper is refused with a number', async () => {
  const few = await office.call('POST', '/api/records/leave.visit/export', { format: 'pdf', filter: where('age', 'eq', 7), columns: ['name', 'note'] }) // prettier-ignore
  expect([few.status, few.headers['content-type'], few.text.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-'])
  const job = await begin(office, { format: 'pdf', filter: where('age', 'lt', 8), job: true })
  work()
  await until(office, job.id, 'done')
  const bytes = await bytesOf(job.id)
  const pages = Number(/\/Count (\d+)/.exec(bytes.toString('latin1'))?.[1])
  expect([bytes.subarray(0, 5).toString(), pages > 10]).toEqual(['%PDF-', true])
  const many = await office.call('POST', '/api/records/leave.visit/export', { format: 'pdf' })
  expect([many.status, many.json<Problem & Record<string, unknown>>().title]).toEqual([413, 'PDF 一次最多导出 3000 条（7 列），请增加条件，或改用 Excel']) // prettier-ignore
}, 60_000)

test('a list that refused a slow question says where its answer can be ordered, to whom may take it away; there no question is too slow', async () => {
  await believe(300_000_000)
  const slow = { filter: where('note', 'contains', '<9'), sort: ['fee'] }
  const query = new URLSearchParams({ filter: JSON.stringify(slow.filter), sort: 'fee' }).toString()
  const problemOf = async (s: HttpSession, part: string) =>
    (await s.call('GET', `/api/records/leave.visit${part}`)).json<Problem & SlowDetail>()
  const refused = await problemOf(office, `?${query}`)
  expect([refused.code, refused.job]).toEqual(['slowQuery', '/api/records/leave.visit/export'])
  const grouped = await problemOf(office, '/summary?group=level&totals=sum:fee')
  expect([grouped.code, grouped.job]).toEqual(['slowQuery', '/api/records/leave.visit/export'])
  expect(await problemOf(member, `?${query}`)).toMatchObject({ code: 'slowQuery', job: null })
  const answer = await office.call('POST', refused.job!, { ...slow, columns: ['name'], format: 'csv', job: true })
  const { job } = answer.json<{ job: ExportJob }>()
  work()
  await until(office, job.id, 'done')
  const lines = (await bytesOf(job.id)).toString('utf8').split('\r\n')
  expect(lines.slice(0, 3)).toEqual(['\uFEFF患者', '患者9', '患者90'])
  await believe(total)
})
const believe = (rows: number) => believeOf(h, 'leave.visit', rows)
