import { randomBytes } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { is, type ApiRecord, type ListAnswer, type RecordAnswer } from '#model'
import { openHouse, type House } from '#app/house.ts'
import { newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { sealOnce } from '../audit/sealer.ts'
import { verifyAudit } from '../audit/verifier.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { withClient } from '../database/roles.ts'
import { eraseValues } from '../protection/erase.ts'
import { setDeleted } from '../records/deletion.ts'
import { purgeRecord } from '../records/purge.ts'
import { listRecords } from '../records/read.ts'
import { erasingHospital, wipeDefinitions, type ErasingHospital } from '#app/testing/erasing-hospital.ts'

let e: ErasingHospital
let h: TestHospital, doctor: string
let who: HttpSession, office: HttpSession, security: HttpSession
let { freshNumber, makeCard, decide, ask, erased, keysLeft } = {} as ErasingHospital
let owner: Database
const sealing = randomBytes(32)
beforeAll(async () => {
  e = await erasingHospital()
  ;({ h, doctor, who, office, security, freshNumber, makeCard, decide, ask, erased, keysLeft } = e)
  owner = openDatabase(h.database.ownerUrl, { max: 2 })
})
afterAll(async () => {
  await owner.close()
  await e[Symbol.asyncDispose]()
})

const read = async (id: string): Promise<ApiRecord> =>
  (await office.call('GET', `/api/records/wipe.card/${id}`)).json<RecordAnswer>().record
const findBy = async (house: House, mobile: string): Promise<ListAnswer['rows']> => {
  const officer = await house.kernel.context({ kind: 'system', reason: '测试' }, 'test')
  return (await listRecords(house.kernel, officer, 'wipe.card', { filter: is('mobile', mobile), limit: 10 })).rows
}
const ledger = () => readFile(join(h.dataFolder, 'erasures', 'ledger.jsonl'), 'utf8')
/** Does any value that history holds of a record still open? */
async function historyOpens(record: string, { kernel }: Pick<House, 'kernel'> = h): Promise<boolean> {
  const entries = await h.kernel.db.query<{ changes: Record<string, unknown[]> }>(`SELECT changes FROM kernel.history WHERE record = $1`, [record]) // prettier-ignore
  const sealed = entries.flatMap(({ changes }) => ['mobile', 'account'].flatMap((key) => (changes[key] ?? []).filter((value) => typeof value === 'string').map((value) => ({ key, value }))))
  expect(sealed.length).toBeGreaterThan(1)
  const opener = await kernel.subjectKeys.opener(kernel.db, sealed.map(({ value }) => Buffer.from(value, 'base64')))
  return sealed.some(({ key, value }) => typeof opener.tryOpen({ resource: 'wipe.card', record, field: key }, Buffer.from(value, 'base64')) === 'string')
} // prettier-ignore
const verify = async () => {
  await sealOnce(h.house.sealer!, h.clock, sealing)
  return (await verifyAudit(h.kernel.db, sealing, { threads: 0 })).findings
}
const tables = ['wipe.card', 'wipe.card__contacts', 'kernel.subject_key', 'kernel.tombstone', 'kernel.erasure', 'kernel.restriction', 'kernel.deleted_with'] // prettier-ignore
/** Keeps how these tables stand, and brings them back: as an older copy of the database does. */
async function copy(): Promise<() => Promise<void>> {
  for (const table of tables) await owner.once(`DROP TABLE IF EXISTS public."copy of ${table}"; CREATE TABLE public."copy of ${table}" AS TABLE ${table}`)
  // As a restore does: what refers to what is not asked meanwhile.
  const back = tables.map((table) => `DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM public."copy of ${table}"`)
  return () => withClient(h.database.adminUrl, async (admin) => void (await admin.query(`SET session_replication_role = replica; ${back.join('; ')}`)))
} // prettier-ignore
const again = (): Promise<House> =>
  openHouse({ defs: wipeDefinitions, appUrl: h.database.appUrl, dataFolder: h.dataFolder, clock: h.clock, poolSize: 3 })

describe('a deletion that is granted', () => {
  test('takes the record away with its keys: nothing of it opens any more, history still verifies, and the person is told until when backups hold it', async () => {
    const [gone, kept] = [await makeCard(), await makeCard()]
    await office.call('PUT', `/api/autosave/wipe.card/${gone.id}`, { value: { changes: { mobile: freshNumber() } } })
    expect(await historyOpens(gone.id)).toBe(true)
    expect(await verify()).toEqual([])
    const request = await erased('wipe.card', gone.id)
    expect(request).toMatchObject({ progress: 'closed', carriedOutAt: expect.any(String), backupsUntil: '2026-09-13' })
    expect((await office.call('GET', `/api/records/wipe.card/${gone.id}`)).status).toBe(404)
    expect(await h.kernel.db.query('SELECT 1 FROM wipe.card WHERE id = $1', [gone.id])).toEqual([])
    expect(await h.kernel.db.query('SELECT title FROM kernel.tombstone WHERE id = $1', [gone.id])).toEqual([{ title: '' }])
    expect(await h.kernel.db.query('SELECT 1 FROM kernel.autosave WHERE form LIKE $1', [`%${gone.id}`])).toEqual([])
    expect(await keysLeft(gone.id)).toEqual([])
    expect(await historyOpens(gone.id)).toBe(false)
    expect(await findBy(h.house, gone['mobile'] as string)).toEqual([])
    expect(await verify()).toEqual([])
    // Another record of the same person is as it was.
    expect(await read(kept.id)).toMatchObject({ mobile: kept['mobile'], account: kept['account'] })
    expect(await ledger()).toContain(gone.id)
    expect(await ledger()).not.toContain(gone['mobile'])
    expect((await who.call('GET', '/api/messages')).text).toContain('备份中的副本最迟保留至 2026-09-13')
  }) // prettier-ignore

  test('of a record at which others point leaves an empty shell in the bin that nobody opens, brings back or finds', async () => {
    const one = await makeCard()
    await office.call('POST', '/api/records/wipe.use', { what: '挂号', card: one.id })
    await erased('wipe.card', one.id)
    const [row] = await h.kernel.db.query<Record<string, Buffer | string | null>>('SELECT deleted_at, mobile__bi, search_text FROM wipe.card WHERE id = $1', [one.id])
    expect(row).toMatchObject({ deleted_at: expect.any(String), mobile__bi: null, search_text: null })
    expect(await h.kernel.db.query('SELECT phone__bi FROM wipe.card__contacts WHERE parent = $1', [one.id])).toEqual([{ phone__bi: null }])
    expect([await keysLeft(one.id), await historyOpens(one.id)]).toEqual([[], false])
    expect((await office.call('POST', `/api/records/wipe.card/${one.id}/restore`)).status).toBe(409)
    // His number is free again.
    await makeCard({ mobile: one['mobile'] })
  }) // prettier-ignore

  test('of a person himself destroys what goes with him in all his rows; free text stays with its record, and the page says 已删除', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    // A wish about his own file means a part of it: an officer sees to it, nothing is destroyed.
    expect(await erased('directory.person', doctor)).toMatchObject({ progress: 'waiting' })
    expect(await keysLeft(one.id)).toEqual(['person', 'record'])
    expect(await erased('directory.person', doctor, 'eraseAll')).toMatchObject({ progress: 'closed' })
    for (const { id, remark } of [one, two].map((record) => ({ id: record.id, remark: record['remark'] }))) {
      expect(await keysLeft(id)).toEqual(['record'])
      expect(await read(id)).toMatchObject({ mobile: null, account: null, remark, unreadable: { mobile: 'erased', account: 'erased' } })
      const history = (await office.call('GET', `/api/records/wipe.card/${id}/history`)).text
      expect(history).toContain('已删除')
    }
    expect(await findBy(h.house, one['mobile'] as string)).toEqual([])
    expect(await verify()).toEqual([])
  }) // prettier-ignore

  test('is refused with its basis while the record must be kept: restricted by an earlier decision, or of a closed period', async () => {
    const held = await makeCard()
    const basis = '诉讼进行中，依据民事诉讼法保存至结案'
    await ask('wipe.card', held.id)
    await decide(office, { outcome: 'restrict', basis, answer: '暂不删除' })
    await decide(security, { outcome: 'restrict', basis, answer: '暂不删除' })
    await ask('wipe.card', held.id)
    await decide(office, { outcome: 'erase', answer: '同意删除' })
    const refused = await decide(security, { outcome: 'erase', answer: '同意删除' })
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining(basis)])
    expect(await keysLeft(held.id)).toEqual(['person', 'record'])
    expect((await decide(security, { outcome: 'restrict', basis, answer: '仍须保存' })).status).toBe(200)
    const closed = await makeCard({ on: '2026-05-01' })
    await h.kernel.db.query(`INSERT INTO kernel.closing (resource, act, through, by_person, at, reason) VALUES ('wipe.card', 'close', '2026-05-31', $1, now(), '月结')`, [doctor])
    await ask('wipe.card', closed.id)
    await decide(office, { outcome: 'erase', answer: '同意删除' })
    const late = await decide(security, { outcome: 'erase', answer: '同意删除' })
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('封账')])
    expect(await keysLeft(closed.id)).toEqual(['person', 'record'])
  }) // prettier-ignore
})

describe('the deletion ledger', () => {
  test('a copy from before a deletion loses again at the next start what was deleted since, and only that', async () => {
    const [gone, shell, purged, kept] = [await makeCard(), await makeCard(), await makeCard(), await makeCard()]
    await office.call('POST', '/api/records/wipe.use', { what: '挂号', card: shell.id })
    const restore = await copy()
    await erased('wipe.card', gone.id)
    await erased('wipe.card', shell.id)
    await setDeleted(h.kernel, await h.system(), 'wipe.card', purged.id, true, null)
    await purgeRecord(h.kernel, await h.system(), 'wipe.card', purged.id, '重复')
    await restore()
    h.kernel.subjectKeys.forget()
    for (const { id } of [gone, shell, purged]) expect(await keysLeft(id)).toEqual(['person', 'record'])
    expect(await read(gone.id)).toMatchObject({ mobile: gone['mobile'] })
    const house = await again()
    try {
      for (const { id } of [gone, shell, purged]) expect([await keysLeft(id), await historyOpens(id, house)]).toEqual([[], false])
      const left = await h.kernel.db.query<{ id: string }>('SELECT id FROM wipe.card WHERE id = ANY ($1) ORDER BY id', [[gone, shell, purged, kept].map(({ id }) => id)])
      expect(left.map(({ id }) => id)).toEqual([shell.id, kept.id].toSorted())
      for (const { mobile } of [gone, shell, purged] as (ApiRecord & { mobile: string })[]) expect(await findBy(house, mobile)).toEqual([])
      expect(await findBy(house, kept['mobile'] as string)).toMatchObject([{ account: kept['account'] }])
      const [entry] = await h.kernel.db.query(`SELECT outcome, detail FROM kernel.audit_entry WHERE act = 'erasure.replay' ORDER BY seq DESC LIMIT 1`)
      expect(entry).toMatchObject({ outcome: 'done', detail: { count: 3 } })
    } finally {
      await house.close()
    }
    expect(await verify()).toEqual([])
    // Once is enough.
    const before = await ledger()
    await (await again()).close()
    expect(await ledger()).toBe(before)
  }) // prettier-ignore

  test('a line that was made up, changed or cut off is told and not carried out; one that a crash kept from the file is added', async () => {
    const one = await makeCard()
    const file = join(h.dataFolder, 'erasures', 'ledger.jsonl')
    const line = (await ledger()).split('\n').findLast(Boolean)!
    const [mac, text] = [line.slice(0, 64), line.slice(65)]
    const made = JSON.stringify({ ...(JSON.parse(text) as object), id: newActId(), record: one.id })
    await appendFile(file, `${mac} ${made}\n${made}\n${line.slice(0, 90)}`)
    await h.kernel.db.query(`INSERT INTO kernel.erasure (id, at, resource, record, is_gone) VALUES ($1, now(), 'wipe.card', $2, true)`, [newActId(), newActId()])
    const rowsBefore = (await ledger()).split('\n').filter(Boolean).length
    await (await again()).close()
    expect(await keysLeft(one.id)).toEqual(['person', 'record'])
    expect((await ledger()).split('\n').filter(Boolean)).toHaveLength(rowsBefore + 1)
    const [entry] = await h.kernel.db.query(`SELECT outcome, detail FROM kernel.audit_entry WHERE act = 'erasure.replay' ORDER BY seq DESC LIMIT 1`)
    expect(entry).toMatchObject({ outcome: 'failed', detail: { lines: 3 } })
  }) // prettier-ignore
})

test('another process, which has the key in memory, forgets it within seconds', async () => {
  const one = await makeCard()
  const other = await again()
  try {
    await other.startWork()
    expect(await findBy(other, one['mobile'] as string)).toMatchObject([{ account: one['account'] }])
    const ctx = await h.system()
    await h.kernel.transaction(ctx, (tx) => eraseValues(h.kernel, tx, h.kernel.resource('wipe.card'), one.id, { isGone: false }))
    const sealed = (await h.kernel.db.query<{ mobile: Buffer }>('SELECT mobile FROM wipe.card WHERE id = $1', [one.id]))[0]!.mobile
    const opened = async () => (await other.kernel.subjectKeys.opener(other.kernel.db, [sealed])).tryOpen({ resource: 'wipe.card', record: one.id, field: 'mobile' }, sealed)
    await expect.poll(opened, { timeout: 5000 }).toMatchObject({ why: 'erased' })
  } finally {
    await other.close()
  }
}) // prettier-ignore
