import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { longText, may, module, person, phone, resource, rows, text, type ApiRecord, type HistoryEntry, type ListAnswer, type RecordAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { listRecords } from '../records/read.ts'
import { keyOf } from './cipher.ts'

const card = resource('lock.card', {
  label: '卡片',
  title: 'name',
  owner: { person: 'holder' },
  fields: {
    holder: person('持卡人'),
    name: text('名称', { required: true }),
    mobile: phone('电话'),
    account: text('账号', { class: 'sensitive' }),
    remark: longText('说明', { class: 'sensitive' }),
    contacts: rows('联系人', { who: text('姓名'), phone: phone('电话') }),
  },
})
const note = resource('lock.note', { label: '便条', title: 'word', fields: { word: text('密语', { class: 'sensitive' }), other: text('又', { class: 'sensitive' }) } }) // prettier-ignore
const lock = module('lock', {
  label: '试用',
  resources: [card, note],
  roles: { medicalOffice: [may.all(card, 'hospital', { show: 'all' }), may.all(note, 'hospital', { show: 'all' })] },
})

let h: TestHospital
let owner: Database
let session: HttpSession
let holder: string
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([lock]) })
  owner = openDatabase(h.database.ownerUrl, { max: 2 })
  holder = await h.person('张海涛')
  session = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(async () => {
  await owner.close()
  await h[Symbol.asyncDispose]()
})
let made = 0
async function makeCard(): Promise<ApiRecord> {
  const n = ++made
  const draft = { holder, name: `卡 ${n}`, mobile: `138${10_000_000 + n}`, account: `6222${n}`, remark: `说明 ${n}`, contacts: [{ who: '甲', phone: `139${10_000_000 + n}` }, { who: '乙', phone: `137${10_000_000 + n}` }] } // prettier-ignore
  const answer = await session.call('POST', '/api/records/lock.card', draft)
  expect(answer.status, answer.text).toBe(201)
  return answer.json<RecordAnswer>().record
}
const read = async (id: string): Promise<ApiRecord> =>
  (await session.call('GET', `/api/records/lock.card/${id}`)).json<RecordAnswer>().record
const list = async (): Promise<ApiRecord[]> => (await session.call('GET', '/api/records/lock.card?limit=100')).json<ListAnswer>().rows
const rowOf = async (id: string) =>
  (await h.kernel.db.query<Record<string, Buffer>>('SELECT mobile, account, remark FROM lock.card WHERE id = $1', [id]))[0]!
const faults = () =>
  h.kernel.db.query<{ record: string; field: string }>(
    `SELECT record, detail ->> 'field' AS field FROM kernel.audit_entry WHERE act = 'value.unreadable' ORDER BY seq`,
  )

describe('which key seals', () => {
  test('each record has its own: one for what goes with its person, one for free text; the same value never stands twice', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    const [a, b] = [await rowOf(one.id), await rowOf(two.id)]
    expect(keyOf(a.mobile!)).toBe(keyOf(a.account!))
    expect(new Set([a.mobile, a.remark, b.mobile, b.remark].map((sealed) => keyOf(sealed!))).size).toBe(4)
    const keys = await h.kernel.db.query<{ record: string }>('SELECT record, subject FROM kernel.subject_key WHERE record = ANY ($1) ORDER BY record, subject', [[one.id, two.id]])
    expect(keys).toEqual([one.id, two.id].toSorted().flatMap((record) => [{ record, subject: 'person' }, { record, subject: 'record' }]))
    const [inner] = await h.kernel.db.query<{ phone: Buffer }>('SELECT phone FROM lock.card__contacts WHERE parent = $1', [one.id])
    expect(keyOf(inner!.phone)).toBe(keyOf(a.mobile!))
    // Rows that belong to nobody go by the record.
    const { id } = (await session.call('POST', '/api/records/lock.note', { word: '芝麻' })).json<RecordAnswer>().record
    expect(await h.kernel.db.query('SELECT subject FROM kernel.subject_key WHERE record = $1', [id])).toEqual([{ subject: 'record' }])
  }) // prettier-ignore

  test('a key is made with the first protected value, and history holds the values under it', async () => {
    const { id, version } = (await session.call('POST', '/api/records/lock.note', {})).json<RecordAnswer>().record
    const keys = () => h.kernel.db.query<{ id: string }>('SELECT id FROM kernel.subject_key WHERE record = $1', [id])
    expect(await keys()).toEqual([])
    expect((await session.call('PATCH', `/api/records/lock.note/${id}`, { version, changes: { word: '芝麻' } })).status).toBe(200)
    expect((await session.call('PATCH', `/api/records/lock.note/${id}`, { version: version + 1, changes: { word: '开门', other: '又' } })).status).toBe(200)
    const [key, ...more] = await keys()
    expect(more).toEqual([])
    const history = await h.kernel.db.query<{ changes: Record<string, [string | null, string | null]> }>('SELECT changes FROM kernel.history WHERE record = $1', [id])
    const sealed = history.flatMap(({ changes }) => Object.values(changes).flat()).filter((value) => value !== null)
    expect(sealed).toHaveLength(4)
    expect(new Set(sealed.map((value) => keyOf(Buffer.from(value, 'base64'))))).toEqual(new Set([key!.id]))
    const told = (await session.call('GET', `/api/records/lock.note/${id}/history`)).json<{ entries: HistoryEntry[] } | HistoryEntry[]>()
    expect(JSON.stringify(told)).toContain('开门')
  }) // prettier-ignore

  test('twenty cold keys are one question', async () => {
    for (let n = 0; n < 20; n++) await makeCard()
    const asked: string[] = []
    const { query } = h.kernel.db
    h.kernel.subjectKeys.forget()
    const spied = { ...h.kernel.db, query: ((text, values) => (asked.push(text), query(text, values))) as typeof query }
    const sealed = (await query<{ mobile: Buffer }>('SELECT mobile FROM lock.card LIMIT 20')).map(({ mobile }) => mobile)
    expect(new Set(sealed.map(keyOf)).size).toBe(20)
    await h.kernel.subjectKeys.opener(spied, sealed)
    await h.kernel.subjectKeys.opener(spied, sealed)
    expect(asked).toHaveLength(1)
  })

  test('the keys of a page come along with its rows: there is no other question for them', async () => {
    for (let n = 0; n < 3; n++) await makeCard()
    const asked: string[] = []
    const ctx = await h.system()
    const query: typeof ctx.db.query = (text, values) => (asked.push(text), ctx.db.query(text, values))
    h.kernel.subjectKeys.forget()
    const { rows: page } = await listRecords(h.kernel, { ...ctx, db: { ...ctx.db, query } }, 'lock.card', { limit: 3 })
    expect(page.map((row) => [row['mobile'], row['remark']])).toEqual(
      [made, made - 1, made - 2].map((n) => [`138${10_000_000 + n}`, `说明 ${n}`]),
    )
    expect(asked.filter((text) => text.includes('kernel.subject_key'))).toEqual([expect.stringContaining('FROM "lock"."card" t')])
  })

  test('the serving role can destroy a key, but neither change nor remove it, nor bring it back', async () => {
    const { id } = await makeCard()
    const destroyed = `UPDATE kernel.subject_key SET wrapped = NULL, destroyed_at = now() WHERE record = $1`
    await expect(h.kernel.db.query(`UPDATE kernel.subject_key SET wrapped = 'x' WHERE record = $1`, [id])).rejects.toThrow(/destroyed, never changed/)
    await expect(h.kernel.db.query(`UPDATE kernel.subject_key SET record = $1`, [id])).rejects.toThrow(/permission denied/)
    await expect(h.kernel.db.query(`DELETE FROM kernel.subject_key`)).rejects.toThrow(/permission denied/)
    const before = await h.kernel.db.query<{ id: string; wrapped: Buffer }>('SELECT id, wrapped FROM kernel.subject_key WHERE record = $1', [id])
    await h.kernel.db.query(destroyed, [id])
    await expect(h.kernel.db.query('UPDATE kernel.subject_key SET wrapped = $2 WHERE id = $1', [before[0]!.id, before[0]!.wrapped])).rejects.toThrow()
  }) // prettier-ignore
})

describe('what was exchanged', () => {
  test('any two cipher texts of the same or different fields, rows and records that change places open nowhere; the rest of the list stays readable', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    type Spot = { table: string; id: string; column: string; of: ApiRecord; key: string }
    const spots: Spot[] = [one, two].flatMap((of) => [
      ...['mobile', 'account', 'remark'].map((column) => ({ table: 'lock.card', id: of.id, column, of, key: column })),
      ...(of['contacts'] as { id: string }[]).map(({ id }) => ({ table: 'lock.card__contacts', id, column: 'phone', of, key: `contacts.${id}.phone` })),
    ])
    const get = async ({ table, id, column }: Spot) => (await h.kernel.db.query<{ v: Buffer }>(`SELECT ${column} AS v FROM ${table} WHERE id = $1`, [id]))[0]!.v
    const put = ({ table, id, column }: Spot, value: Buffer) => h.kernel.db.query(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, [id, value])
    for (const [at, a] of spots.entries())
      for (const b of spots.slice(at + 1)) {
        const [left, right] = [await get(a), await get(b)]
        await put(a, right)
        await put(b, left)
        const found = new Map((await Promise.all([read(one.id), read(two.id)])).map((record) => [record.id, record]))
        expect(found.get(a.of.id)!.unreadable?.[a.key], `${a.key} with ${b.key}`).toBe('damaged')
        expect(found.get(b.of.id)!.unreadable?.[b.key], `${b.key} with ${a.key}`).toBe('damaged')
        const marks = [...found.values()].flatMap(({ unreadable }) => Object.keys(unreadable ?? {}))
        expect(marks).toHaveLength(2)
        await put(a, left)
        await put(b, right)
      }
    expect(await read(one.id)).toMatchObject({ mobile: one['mobile'], account: one['account'], remark: one['remark'], contacts: one['contacts'] })
    const told = new Set((await faults()).map(({ record }) => record))
    expect(told).toEqual(new Set([one.id, two.id]))
  }) // prettier-ignore

  test('in a list one value that does not open is marked and empty, all others are shown; a change of something else leaves it as it stands', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    const foreign = (await rowOf(two.id)).mobile!
    await h.kernel.db.query('UPDATE lock.card SET mobile = $2 WHERE id = $1', [one.id, foreign])
    const rowsNow = await list()
    const bad = rowsNow.find(({ id }) => id === one.id)!
    expect([bad['mobile'], bad.unreadable, bad['account']]).toEqual([null, { mobile: 'damaged' }, one['account']])
    expect(rowsNow.filter(({ unreadable }) => unreadable?.['mobile'] === 'damaged')).toHaveLength(1)
    expect(rowsNow.find(({ id }) => id === two.id)).toMatchObject({ mobile: two['mobile'] })
    const changed = await session.call('PATCH', `/api/records/lock.card/${one.id}`, { version: bad.version, changes: { name: '改名' } })
    expect(changed.status, changed.text).toBe(200)
    expect((await rowOf(one.id)).mobile!.equals(foreign)).toBe(true)
  })

  test('a row of a sub-table that was hung under another record does not open there', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    const [inner] = one['contacts'] as { id: string }[]
    await h.kernel.db.query('UPDATE lock.card__contacts SET parent = $2 WHERE id = $1', [inner!.id, two.id])
    expect((await read(two.id)).unreadable).toEqual({ [`contacts.${inner!.id}.phone`]: 'damaged' })
  })

  test('a wrapped key that was put in the place of another opens nothing', async () => {
    const [one, two] = [await makeCard(), await makeCard()]
    await owner.query(`UPDATE kernel.subject_key a SET wrapped = b.wrapped FROM kernel.subject_key b WHERE a.record = $1 AND b.record = $2 AND a.subject = b.subject`, [one.id, two.id]) // prettier-ignore
    h.kernel.subjectKeys.forget()
    expect((await read(one.id)).unreadable).toMatchObject({ mobile: 'damaged', account: 'damaged', remark: 'damaged' })
    expect(await read(two.id)).toMatchObject({ mobile: two['mobile'] })
  })

  test('a key that is lost is told as damage; one that was destroyed as deletion', async () => {
    const [lost, gone] = [await makeCard(), await makeCard()]
    await owner.query(`DELETE FROM kernel.subject_key WHERE record = $1`, [lost.id])
    await owner.query(`UPDATE kernel.subject_key SET wrapped = NULL, destroyed_at = now() WHERE record = $1`, [gone.id])
    h.kernel.subjectKeys.forget()
    expect((await read(lost.id)).unreadable).toMatchObject({ mobile: 'damaged' })
    expect((await read(gone.id)).unreadable).toMatchObject({ mobile: 'erased', remark: 'erased' })
    const history = (await session.call('GET', `/api/records/lock.card/${gone.id}/history`)).text
    expect(history).toContain('已删除')
    expect(history).not.toContain(gone['mobile'])
    // What is written now stands under a new key.
    const { version } = await read(gone.id)
    expect((await session.call('PATCH', `/api/records/lock.card/${gone.id}`, { version, changes: { mobile: '13800000001' } })).status).toBe(200)
    expect(await read(gone.id)).toMatchObject({ mobile: '13800000001', unreadable: { account: 'erased' } })
  }) // prettier-ignore

  test('what is no cipher text at all is marked, and takes nothing down', async () => {
    const one = await makeCard()
    for (const rubbish of [Buffer.alloc(0), randomBytes(3), randomBytes(80), Buffer.from('明文')]) {
      await h.kernel.db.query('UPDATE lock.card SET mobile = $2 WHERE id = $1', [one.id, rubbish])
      expect((await read(one.id)).unreadable).toEqual({ mobile: 'damaged' })
    }
  })
})
