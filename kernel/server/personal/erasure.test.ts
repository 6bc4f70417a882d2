import { randomBytes } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { date, Definitions, is, longText, may, module, person, phone, reference, resource, rows, text, type ApprovalAnswer, type ApiRecord, type ListAnswer, type RecordAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { openHouse, type House } from '#app/house.ts'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { sealOnce } from '../audit/sealer.ts'
import { verifyAudit } from '../audit/verifier.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { withClient } from '../database/roles.ts'
import { eraseValues } from '../protection/erase.ts'
import { setDeleted } from '../records/deletion.ts'
import { purgeRecord } from '../records/purge.ts'
import { listRecords } from '../records/read.ts'

const card = resource('wipe.card', {
  label: '卡片',
  title: 'name',
  owner: { person: 'holder' },
  closing: { date: 'on' },
  unique: [['mobile']],
  fields: {
    holder: person('持卡人', { required: true }),
    name: text('名称', { required: true, search: true }),
    on: date('日期'),
    mobile: phone('电话', { required: true }),
    account: text('账号', { class: 'sensitive' }),
    remark: longText('说明', { class: 'sensitive' }),
    contacts: rows('联系人', { who: text('姓名'), phone: phone('电话') }),
  },
})
const use = resource('wipe.use', { label: '用卡', title: 'what', fields: { what: text('事由'), card: reference('卡片', 'wipe.card') } })
const proof = resource('wipe.proof', {
  label: '凭证',
  title: 'name',
  owner: { person: 'holder' },
  retention: { years: 15, from: 'on', basis: '《试用档案管理规定》第十二条' },
  fields: {
    holder: person('持有人', { required: true }),
    name: text('名称', { required: true, search: true }),
    on: date('日期'),
    mobile: phone('电话'),
  },
})
const wipe = module('wipe', {
  label: '试用',
  dependsOn: ['directory'],
  resources: [card, use, proof],
  roles: {
    staffMember: [may.readOwn(card), may.readOwn(proof)],
    medicalOffice: [may.all(card, 'hospital', { show: 'all' }), may.all(use), may.all(proof, 'hospital', { show: 'all' })],
  },
})
const defs = productDefinitions([wipe])

let h: TestHospital
let owner: Database
let doctor: string
let who: HttpSession, office: HttpSession, security: HttpSession
const sealing = randomBytes(32)
beforeAll(async () => {
  h = await hospital({ defs })
  owner = openDatabase(h.database.ownerUrl, { max: 2 })
  doctor = await h.person('张海涛', { unit: '骨科' })
  who = await h.signIn(doctor)
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  security = await h.signIn(await h.person('许安', { unit: '信息科', roles: ['securityOfficer'] }))
})
afterAll(async () => {
  await owner.close()
  await h[Symbol.asyncDispose]()
})

let made = 0
const numberOf = (n: number): string => `138${10_000_000 + n}`
async function makeCard(more: Record<string, unknown> = {}): Promise<ApiRecord> {
  const n = ++made
  const draft = { holder: doctor, name: `就诊卡 ${n}`, mobile: numberOf(n), account: `6222${n}`, remark: `说明 ${n}`, contacts: [{ who: '家属', phone: numberOf(n + 500) }], ...more }
  const answer = await office.call('POST', '/api/records/wipe.card', draft)
  expect(answer.status, answer.text).toBe(201)
  const { record } = answer.json<RecordAnswer>()
  const changed = await office.call('PATCH', `/api/records/wipe.card/${record.id}`, { version: 1, changes: { account: `6333${n}` } })
  return changed.json<RecordAnswer>().record
} // prettier-ignore
async function decide(s: HttpSession, changes: Record<string, unknown>) {
  const [task] = (await s.call('GET', '/api/tasks')).json<{ rows: { instance: string }[] }>().rows
  const { version, my } = (await s.call('GET', `/api/approvals/${task!.instance}`)).json<ApprovalAnswer>()
  return s.call('POST', `/api/approvals/${task!.instance}/acts`, { kind: 'approve', actId: newActId(), seenVersion: version, task: my.task!.id, changes }) // prettier-ignore
}
const ask = async (register: string, record: string): Promise<string> => {
  const asked = await who.call('POST', '/api/me/personal/requests', { kind: 'delete', register, record, what: '请删除这条记录' })
  expect(asked.status, asked.text).toBe(201)
  return asked.json<{ record: string }>().record
}
/** Asks for the deletion of one record and lets both who decide on it agree; answers the request as it stands then. */
async function erased(register: string, record: string, outcome = 'erase'): Promise<ApiRecord> {
  const id = await ask(register, record)
  for (const s of [office, security]) {
    const answer = await decide(s, { outcome, answer: '同意删除' })
    expect(answer.status, answer.text).toBe(200)
  }
  return (await who.call('GET', `/api/records/personal.request/${id}`)).json<RecordAnswer>().record
}
const read = async (id: string): Promise<ApiRecord> =>
  (await office.call('GET', `/api/records/wipe.card/${id}`)).json<RecordAnswer>().record
const findBy = async (house: House, mobile: string): Promise<ListAnswer['rows']> => {
  const officer = await house.kernel.context({ kind: 'system', reason: '测试' }, 'test')
  return (await listRecords(house.kernel, officer, 'wipe.card', { filter: is('mobile', mobile), limit: 10 })).rows
}
const keysLeft = async (record: string): Promise<string[]> =>
  (await h.kernel.db.query<{ subject: string }>('SELECT subject FROM kernel.subject_key WHERE record = $1 AND wrapped IS NOT NULL ORDER BY subject', [record])).map(({ subject }) => subject) // prettier-ignore
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
const again = (): Promise<House> => openHouse({ defs, appUrl: h.database.appUrl, dataFolder: h.dataFolder, clock: h.clock, poolSize: 3 })

describe('a deletion that is granted', () => {
  test('takes the record away with its keys: nothing of it opens any more, history still verifies, and the person is told until when backups hold it', async () => {
    const [gone, kept] = [await makeCard(), await makeCard()]
    await office.call('PUT', `/api/autosave/wipe.card/${gone.id}`, { value: { changes: { mobile: numberOf(9999) } } })
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
    expect(await ledger()).not.toContain('138')
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

describe('what must be kept', () => {
  const hold = (draft: Record<string, unknown>) =>
    security.call('POST', '/api/records/personal.hold', {
      matter: '张某诉本院劳动争议',
      basis: '（2026）粤0305民初1号调取证据通知书',
      ...draft,
    })
  const problemsOf = (answer: { json: <T>() => T }) => answer.json<{ problems?: { field: string; message: string }[] }>().problems
  /** Both offices agree to a deletion, and the second is told why not; then both restrict it. */
  async function refusedThenRestricted(register: string, record: string, basis: string): Promise<void> {
    const id = await ask(register, record)
    await decide(office, { outcome: 'erase', answer: '同意删除' })
    const refused = await decide(security, { outcome: 'erase', answer: '同意删除' })
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining(basis)])
    expect(await keysLeft(record)).toContain('person')
    const restricted = await decide(security, { outcome: 'restrict', basis, answer: '保存期满前只保存，不再使用' })
    expect(restricted.status, restricted.text).toBe(200)
    expect((await who.call('GET', `/api/records/personal.request/${id}`)).json<RecordAnswer>().record).toMatchObject({
      progress: 'restricted',
      basis,
    })
    for (const s of [office, who]) expect((await s.call('GET', `/api/records/${register}/${record}`)).status).toBe(404)
    for (const bin of ['', '&deleted=true']) {
      const { rows: found } = (await office.call('GET', `/api/records/${register}?limit=100${bin}`)).json<ListAnswer>()
      expect(found.filter((row) => row.id === record)).toEqual([])
    }
    const searched = (await office.call('GET', `/api/records/${register}?search=${encodeURIComponent('凭证')}`)).text
    expect(searched).not.toContain(record)
  }

  test('while the period runs that its type declares, a deletion is refused with years, day and rule; then the record is neither shown nor searched', async () => {
    const make = async (on: string | null) =>
      (
        await office.call('POST', '/api/records/wipe.proof', { holder: doctor, name: '凭证', on, mobile: numberOf(++made) })
      ).json<RecordAnswer>().record
    const [old, young, undated] = [await make('2011-06-14'), await make('2011-06-17'), await make(null)]
    await refusedThenRestricted('wipe.proof', young.id, '《试用档案管理规定》第十二条')
    // Without its day it counts from when the record was made.
    await setDeleted(h.kernel, await h.system(), 'wipe.proof', undated.id, true, null)
    await expect(purgeRecord(h.kernel, await h.system(), 'wipe.proof', undated.id, '清理')).rejects.toThrow(
      /须保存 15 年，这一条至 2041-06-/,
    )
    expect(await erased('wipe.proof', old.id)).toMatchObject({ progress: 'closed' })
    expect(await keysLeft(old.id)).toEqual([])
  })

  test('under a legal hold over a record, a person or one kind of his nothing is destroyed, by a request or out of the bin, until it ends', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    const placed = (await hold({ register: 'wipe.card', record: one.id })).json<RecordAnswer>().record
    await refusedThenRestricted('wipe.card', one.id, '（2026）粤0305民初1号调取证据通知书')
    await setDeleted(h.kernel, await h.system(), 'wipe.card', two.id, true, null)
    const over = (await hold({ person: doctor, register: 'wipe.card', from: '2026-06-01' })).json<RecordAnswer>().record
    const purge = async () => purgeRecord(h.kernel, await h.system(), 'wipe.card', two.id, '重复')
    await expect(purge()).rejects.toThrow('不能删除：自 2026-06-01 起保全，事由是“张某诉本院劳动争议”')
    expect(await keysLeft(two.id)).toEqual(['person', 'record'])
    // Another kind of his is not held; ended with its last day, with a reason, it holds no longer.
    const other = (
      await office.call('POST', '/api/records/wipe.proof', { holder: doctor, name: '旧凭证', on: '2001-01-01', mobile: numberOf(++made) })
    ).json<RecordAnswer>().record
    expect(await erased('wipe.proof', other.id)).toMatchObject({ progress: 'closed' })
    const ending = { until: '2026-06-10' }
    const bare = await security.call('PATCH', `/api/records/personal.hold/${over.id}`, { version: 1, changes: ending })
    expect(problemsOf(bare)).toEqual([{ field: 'ended', message: '有期限或解除的，请写明理由' }])
    expect(
      (await security.call('PATCH', `/api/records/personal.hold/${over.id}`, { version: 1, changes: { ...ending, ended: '已撤诉' } }))
        .status,
    ).toBe(200)
    await purge()
    expect(await keysLeft(two.id)).toEqual([])
    expect(placed['until']).toBeNull()
  })

  test('a declaration of retention that names no plain day, no years or no rule is found at the start', () => {
    const fields = { name: text('名称'), on: date('日期') }
    const odd = resource('odd.thing', { label: '物品', title: 'name', retention: { years: 0, from: 'name', basis: ' ' }, fields })
    const more = resource('odd.more', {
      label: '扩展',
      extends: 'odd.thing',
      title: 'name',
      retention: { years: 1, from: 'on', basis: '某条' },
      fields: {},
    })
    expect(new Definitions([module('odd', { label: '奇', resources: [odd, more] })], []).prove()).toEqual([
      'odd.thing: retention.from: "name" is no plain day',
      'odd.thing: retention.years: from 1',
      'odd.thing: retention.basis: which rule asks for it?',
      'odd.more: retention: belongs to the type that it extends',
    ])
  })

  test('a hold names somebody or one record that there is; the security officer alone places it, and nobody takes it away', async () => {
    const one = await makeCard()
    expect(problemsOf(await hold({}))).toEqual([{ field: 'person', message: '请选择人员，或填写一条记录的类别与编号' }])
    expect(problemsOf(await hold({ record: one.id }))).toEqual([{ field: 'register', message: '请选择这条记录的信息类别' }])
    expect(problemsOf(await hold({ register: 'wipe.card', record: '12' }))).toEqual([{ field: 'record', message: '没有这条“卡片”' }])
    const stranger = await h.person('李静')
    expect(problemsOf(await hold({ register: 'wipe.card', record: one.id, person: stranger }))).toEqual([
      { field: 'person', message: '这条记录不是此人的' },
    ])
    const placed = await hold({ person: doctor, from: '2026-06-01' })
    expect(placed.status, placed.text).toBe(201)
    const { id } = placed.json<RecordAnswer>().record
    expect((await office.call('GET', `/api/records/personal.hold/${id}`)).status).toBe(200)
    expect((await office.call('POST', '/api/records/personal.hold', { matter: '无', basis: '无', person: doctor })).status).toBe(403)
    expect((await who.call('GET', `/api/records/personal.hold/${id}`)).status).toBe(403)
    expect((await security.call('DELETE', `/api/records/personal.hold/${id}?version=1`)).status).toBe(403)
    await security.call('PATCH', `/api/records/personal.hold/${id}`, { version: 1, changes: { until: '2026-06-10', ended: '已结案' } })
  })
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
