import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { may, module, person, phone, resource, rows, text, type ImportDetail, type RecordAnswer } from '#model' // prettier-ignore
import { approve, flow, role } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { csv } from '#app/testing/imports.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { withClient } from '../database/roles.ts'
import { runExport } from '../exchange/exporting/run.ts'
import { beginExport, takeJob } from '../exchange/exporting/jobs.ts'
import { handleEvents } from '../jobs/outbox.ts'
import { createRecord } from '../records/write.ts'

// No two are alike in any eight letters: what is found names the way by which it came.
const planted = {
  created: '13790817263', changed: '13655443322', inRows: '13512349876', drafted: '13488776655', asked: '13399887711', submitted: '13211223344',
  imported: '13100998877', constant: '13055667788', filtered: '15912340987', refused: '15865432109', failed: '15778901234', prepared: '15243218765',
} as const // prettier-ignore
type Way = keyof typeof planted

const fields = {
  name: text('名称', { required: true }),
  mobile: phone('电话'),
  contacts: rows('联系人', { who: text('姓名'), phone: phone('电话') }),
}
const card = resource('nest.card', { label: '卡片', title: 'name', unique: [['mobile']], fields })
const plan = resource('nest.plan', {
  label: '计划',
  title: 'name',
  owner: { person: 'by' },
  approval: 'nest.plan',
  fields: { ...fields, by: person('申请人') },
})
const nest = module('nest', {
  label: '试用',
  dependsOn: ['directory'],
  resources: [card, plan],
  flows: [flow('nest.plan', { label: '审批', steps: [approve('office', '医务处', { by: role('medicalOffice') })] })],
  roles: { medicalOffice: [may.all(card, 'hospital', { show: 'all' }), may.all(plan, 'hospital', { show: 'all' })] },
}) // prettier-ignore

let h: TestHospital
let office: HttpSession, other: HttpSession
let address: string
let me: string
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([nest]) })
  // A database whose administrator lets everything be logged, with every parameter: sessions opened from here on.
  await withClient(h.database.adminUrl, async (admin) => {
    const { rows: found } = await admin.query<{ name: string }>('SELECT current_database() AS name')
    const name = `"${found[0]!.name}"`
    for (const [key, value] of Object.entries({ log_statement: 'all', log_min_error_statement: 'error', log_parameter_max_length: -1, log_parameter_max_length_on_error: -1 })) await admin.query(`ALTER DATABASE ${name} SET ${key} = '${value}'`)
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`, [found[0]!.name])
  })
  // Each connection that was ended fails once, and is replaced.
  for (const db of [h.kernel.db, h.kernel.db.aside, h.kernel.db.lists]) await Promise.allSettled(Array.from({ length: 20 }, () => db.query('SELECT 1')))
  me = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  office = await h.signIn(me)
  other = await h.signIn(await h.person('李静', { unit: '医务处', roles: ['medicalOffice'] }))
  // The reader of events begins where it is first asked.
  await handleEvents(h.kernel)
  address = await h.house.server.app.listen({ host: '127.0.0.1', port: 0 })
}) // prettier-ignore
afterAll(() => h[Symbol.asyncDispose]())

const ok = async (answer: Promise<{ status: number; text: string }>) => {
  const { status, text: body } = await answer
  expect(status, body).toBeLessThan(300)
  return JSON.parse(body || 'null') as Record<string, unknown>
}
const ways: Record<Way, () => Promise<void>> = {
  async created() {
    await ok(office.call('POST', '/api/records/nest.card', { name: '一', mobile: planted.created }))
  },
  async inRows() {
    await ok(office.call('POST', '/api/records/nest.card', { name: '二', contacts: [{ who: '甲', phone: planted.inRows }] }))
  },
  /** Somebody follows the record and sees the field in plain: a message tells him of the change. */
  async changed() {
    const { record } = (await ok(office.call('POST', '/api/records/nest.card', { name: '三', mobile: '13700000000' }))) as unknown as RecordAnswer
    await ok(other.call('PUT', `/api/records/nest.card/${record.id}/follow`))
    await ok(office.call('PATCH', `/api/records/nest.card/${record.id}`, { version: 1, changes: { mobile: planted.changed } }))
    await handleEvents(h.kernel)
    expect((await other.call('GET', '/api/messages')).text).toContain('电话：已修改')
  },
  async drafted() {
    await ok(office.call('PUT', '/api/autosave/nest.card/new', { value: { changes: { mobile: planted.drafted } } }))
  },
  async submitted() {
    await ok(office.call('POST', '/api/flows/submit/nest.plan', { draft: { name: '四', mobile: planted.submitted, by: me }, actId: newId() }))
  },
  async asked() {
    const { id } = await h.create('nest.plan', { name: '五', mobile: '13700000001', by: me })
    await ok(office.call('POST', `/api/flows/change/nest.plan/${id}`, { actId: newId(), seenVersion: 1, changes: { mobile: planted.asked } }))
  },
  async prepared() {
    const whom = await h.person('王医生')
    await ok(office.call('POST', '/api/prepared/nest.plan', { draft: { name: '六', mobile: planted.prepared, by: whom } }))
  },
  async imported() {
    await imported([['名称', '电话'], ['七', planted.imported], ['', planted.imported]], {})
  },
  async constant() {
    await imported([['名称'], ['八']], { mobile: planted.constant })
  },
  /** A list, its count and a background export by the whole value. */
  async filtered() {
    await ok(office.call('POST', '/api/records/nest.card', { name: '九', mobile: planted.filtered }))
    const filter = { field: 'mobile', op: 'eq', value: planted.filtered } as const
    const found = await ok(office.call('GET', `/api/records/nest.card?filter=${encodeURIComponent(JSON.stringify(filter))}`))
    expect(found['rows']).toHaveLength(1)
    const job = await beginExport(h.kernel, await h.as(me), 'nest.card', { filter, format: 'csv', columns: ['name', 'mobile'] })
    await runExport(h.kernel, h.house.files, (await takeJob(h.kernel))!, { mostMs: 60_000, signal: new AbortController().signal })
    expect((await office.call('GET', `/api/exports/${job.id}/file`)).text).toContain(planted.filtered)
  },
  async refused() {
    await ok(office.call('POST', '/api/records/nest.card', { name: '十', mobile: planted.refused }))
    const twin = await office.call('POST', '/api/records/nest.card', { name: '十一', mobile: planted.refused })
    expect(twin.status).toBe(409)
  },
  /** A statement that the database refuses, with its parameters. */
  async failed() {
    const draft = { name: `零\u0000字符`, mobile: planted.failed }
    await expect(createRecord(h.kernel, await h.system(), 'nest.card', draft, { system: true })).rejects.toThrow()
  },
} // prettier-ignore
async function imported(table: string[][], constants: Record<string, string>): Promise<void> {
  const form = new FormData()
  form.append('resource', 'nest.card')
  form.append('file', new Blob([csv(table)]), '名单.csv')
  const headers = { cookie: office.cookie, 'x-csrf-token': office.csrf }
  const { id } = (await (await fetch(`${address}/api/imports`, { method: 'POST', headers, body: form })).json()) as ImportDetail
  await ok(office.call('PUT', `/api/imports/${id}/mapping`, { constants }))
  const state = async () => (await ok(office.call('GET', `/api/imports/${id}`)))['state']
  for (const [act, then] of [['preview', 'judged'], ['run', 'done']] as const) {
    expect((await office.call('POST', `/api/imports/${id}/${act}`)).status).toBe(202)
    await expect.poll(state, { timeout: 20_000 }).toBe(then)
  }
} // prettier-ignore

/** Which of the planted values stand in this text: as they are, in hex or base64. */
function seenIn(content: Buffer): Way[] {
  const plain = content.toString('latin1')
  return (Object.keys(planted) as Way[]).filter((way) =>
    [planted[way], Buffer.from(planted[way]).toString('hex'), Buffer.from(planted[way]).toString('base64').replace(/=+$/, '')].some((form) => plain.includes(form)),
  )
} // prettier-ignore
async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

test('a protected value, by whichever way it came, stands in the clear in no table, no log and no file but those that somebody gave or asked for', async () => {
  for (const way of Object.keys(ways) as Way[]) await ways[way]()
  const places: Record<string, Way[]> = {}
  const note = (place: string, found: Way[]) => found.length && (places[place] = found)
  await withClient(h.database.adminUrl, async (admin) => {
    const tables = await admin.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
    )
    expect(tables.rows.length).toBeGreaterThan(100)
    for (const { name } of tables.rows) {
      const { rows: stored } = await admin.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
      note(name, seenIn(Buffer.from(stored.map(({ row }) => row).join('\n'))))
    }
    const { rows: folder } = await admin.query<{ data: string }>(`SELECT current_setting('data_directory') AS data`)
    const beside = await readdir(dirname(folder[0]!.data))
    const logs = beside.filter((name) => /log/.test(name))
    expect(logs.length).toBeGreaterThan(0)
    for (const name of logs) {
      const log = await readFile(join(dirname(folder[0]!.data), name))
      expect(log.toString('latin1')).toContain('INSERT INTO "nest"."card"')
      note(`log ${name}`, seenIn(log))
    }
  })
  for (const file of await filesBelow(h.dataFolder)) note(file.slice(h.dataFolder.length + 1).replace(/[0-9a-f]{8,}.*/, '…'), seenIn(await readFile(file)))
  // A file that was given or asked for is what it is, until its time is over.
  expect(places).toEqual({ 'files/exports/…': ['filtered'], [Object.keys(places).find((name) => /^files\/(?!exports)/.test(name)) ?? 'the file that was imported']: ['imported'] })
}, 120_000) // prettier-ignore
