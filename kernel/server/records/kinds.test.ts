import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  address, dateRange, Definitions, email, files, images, location, may, members, module, money, password, resource, richText, tags, text, tree, videos, where,
  type ApiRecord, type HistoryEntry,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { exportRecords } from '../exchange/export.ts'
import { pointingAt } from './pointing.ts'
import { loadRecord } from './load.ts'
import { getRecord, historyOf, listRecords } from './read.ts'
import { updateRecordOf } from './write.ts'

const guarded = { class: 'sensitive' } as const
const card = resource('sample.card', {
  label: '卡片',
  title: 'name',
  owner: { department: 'ward' },
  fields: {
    name: text('名称', { required: true }),
    secret: password('口令', { min: 4 }),
    home: address('住址', guarded),
    stay: dateRange('住院', { ...guarded, isOpen: true }),
    marks: tags('标记', guarded),
    debt: money('欠费', guarded),
    spot: location('位置', guarded),
    story: richText('病情', guarded),
    mail: email('邮箱', guarded),
    ward: tree('病区', 'directory.unit'),
    team: members('参与人'),
    photo: images('照片'),
    film: videos('视频'),
    papers: files('附件', { accept: ['application/pdf', '.docx'] }),
  },
  list: { columns: ['name', 'createdBy', 'createdAt', 'updatedBy', 'updatedAt'] },
})
const sample = module('sample', {
  label: '样例',
  resources: [card],
  roles: { medicalOffice: [may.all(card, 'hospital', { show: 'all' })], departmentHead: [may.read(card, 'myUnits')] },
})

let h: TestHospital
let made: ApiRecord
const secrets = ['S3cret-口令', '秘密路', '疑似', '98765.43', '31.123456', '只说给医生', 'wang@example.com']
const values = {
  name: '甲', secret: secrets[0], home: { code: '440305', region: '', detail: `${secrets[1]}1号` }, stay: { from: '2026-01-02', to: null }, marks: [secrets[2]], debt: secrets[3],
  spot: { lat: 31.123456, lon: 121.5, accuracy: 8 }, story: secrets[5], mail: secrets[6],
} // prettier-ignore
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([sample]) })
  made = await h.create('sample.card', { ...values, ward: await h.unit('骨科') })
})
afterAll(() => h[Symbol.asyncDispose]())
const officer = async () => h.as(await h.person('周敏', { roles: ['medicalOffice'] }))

describe('a protected value of any kind', () => {
  test('lies encrypted, in its row and in history, and comes back as it was', async () => {
    const rows = await h.kernel.db.query<{ row: string }>(`SELECT t::text AS row FROM sample.card t UNION ALL SELECT changes::text FROM kernel.history WHERE resource = 'sample.card'`) // prettier-ignore
    for (const secret of secrets) expect([secret, rows.some(({ row }) => row.includes(secret))]).toEqual([secret, false])
    expect(await loadRecord(h.kernel, await h.system(), h.kernel.resource('sample.card'), made.id)).toMatchObject({
      ...values,
      home: { ...values.home, region: '广东省深圳市南山区' },
      story: { type: 'doc' },
    })
  })
  test('is masked in its own way for who sees a part only, in the record and in its history', async () => {
    const head = await h.as(await h.person('科主任', { unit: '骨科', roles: ['departmentHead'] }))
    const { record } = await getRecord(h.kernel, head, 'sample.card', made.id)
    expect(record).toMatchObject({
      home: '广东省深圳市南山区****',
      stay: '2026-**-** 至 ****-**-**',
      spot: '已定位',
      mail: 'w***@example.com',
      secret: '••••••',
    })
    const told = JSON.stringify([record, await historyOf(h.kernel, head, 'sample.card', made.id)])
    for (const secret of secrets) expect([secret, told.includes(secret)]).toEqual([secret, false])
  })
  test('may be asked for emptiness, not for its parts', async () => {
    const ctx = await officer()
    const count = async (op: 'empty' | 'notEmpty', field: string) =>
      (await listRecords(h.kernel, ctx, 'sample.card', { filter: where(field, op) })).rows.length
    for (const field of ['home', 'stay', 'marks', 'spot', 'story', 'secret'])
      expect([field, await count('notEmpty', field), await count('empty', field)]).toEqual([field, 1, 0])
    await expect(listRecords(h.kernel, ctx, 'sample.card', { filter: where('home', 'under', ['440000']) })).rejects.toMatchObject({
      code: 'badFilter',
    })
  })
})

describe('a password', () => {
  test('is never read back: not by who may see everything, not in a list, a history or an export', async () => {
    const ctx = await officer()
    const { record } = await getRecord(h.kernel, ctx, 'sample.card', made.id)
    const list = await listRecords(h.kernel, ctx, 'sample.card', { columns: ['name', 'secret'] })
    const history: HistoryEntry[] = await historyOf(h.kernel, ctx, 'sample.card', made.id)
    let text = ''
    for await (const part of (await exportRecords(h.kernel, ctx, 'sample.card', { format: 'csv', columns: ['name', 'secret'] })).stream)
      text += String(part)
    expect(JSON.stringify([record, list, history]) + text).not.toContain('S3cret')
    expect([record['secret'], list.rows[0]!['secret'], history[0]!.changes.find((one) => one.field === 'secret')?.after]).toEqual([
      '••••••',
      '••••••',
      '已设置',
    ])
  })
  test('cannot be guessed by asking for it', async () => {
    const { rows } = await listRecords(h.kernel, await officer(), 'sample.card', { filter: where('secret', 'eq', secrets[0]) })
    expect(rows).toEqual([])
  })
  test('stays when another field is changed, and is replaced by a new one', async () => {
    const ctx = await officer()
    const stored = async () => (await loadRecord(h.kernel, ctx, h.kernel.resource('sample.card'), made.id))!
    await updateRecordOf(h.kernel, ctx, 'sample.card', made.id, (await stored()).version, { name: '乙' })
    expect((await stored())['secret']).toBe(secrets[0])
    await expect(
      updateRecordOf(h.kernel, ctx, 'sample.card', made.id, (await stored()).version, { secret: '••••••' }),
    ).rejects.toMatchObject({ code: 'invalid' })
    await updateRecordOf(h.kernel, ctx, 'sample.card', made.id, (await stored()).version, { secret: 'neu-5678' })
    expect((await stored())['secret']).toBe('neu-5678')
  })
  test('is refused where it would be seen by who decides, or copied into a field that is read', () => {
    const other = resource('sample.other', { label: '他', title: 'name', fields: { name: text('名'), card: tree('卡', 'sample.card', { parent: 'ward' }), copy: text('抄', { from: 'card.secret' }) } })
    expect(new Definitions([...productDefinitions([sample]).modules, module('others', { label: '他', resources: [{ ...other, name: 'others.other' }] })]).prove().filter((one) => one.startsWith('others'))).toEqual([expect.stringContaining('write-only')])
  }) // prettier-ignore
})

describe('files of a field', () => {
  const put = async (name: string, content: Buffer) =>
    (await h.house.files.put(await h.system(), name, Readable.from([content]), 1_000_000)).id
  const refusal = (draft: object) => h.create('sample.card', { name: '丙', ...draft }).then(() => 'saved', (error: { problems?: { field: string; message: string }[]; details?: { problems?: unknown } }) => JSON.stringify(error)) // prettier-ignore
  test('are judged by their content: a text is no picture, and what is not there is refused', async () => {
    const letter = await put('photo.txt', Buffer.from('no picture at all'))
    const picture = await put('a.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')) // prettier-ignore
    expect(await refusal({ photo: [letter] })).toContain('不是照片能接受的类型')
    expect(await refusal({ film: [picture] })).toContain('不是视频能接受的类型')
    expect(await refusal({ papers: [picture] })).toContain('不是附件能接受的类型')
    expect(await refusal({ photo: ['0199f1d0-0000-7000-8000-000000000001'] })).toContain('请重新上传')
    expect(await refusal({ photo: [picture] })).toBe('saved')
  })
})

test('who made a record and when are columns like others: listed with names, filtered and sorted', async () => {
  const zhou = await h.person('周敏二', { roles: ['medicalOffice'] })
  const ctx = await h.as(zhou)
  const { createRecord } = await import('./write.ts')
  await createRecord(h.kernel, ctx, 'sample.card', { name: '丁' })
  const page = await listRecords(h.kernel, ctx, 'sample.card', { filter: { and: [where('createdBy', 'eq', { my: 'person' }), where('createdAt', 'gte', { today: 0 })] }, sort: ['createdBy', '-updatedAt'] }) // prettier-ignore
  expect(page.rows.map((row) => [row['name'], row.createdBy, row.updatedBy])).toEqual([['丁', zhou, zhou]])
  expect(page.titles['directory.person']).toEqual({ [zhou]: '周敏二' })
})

test('whom a field of several people names is found by what points at him', async () => {
  const ward = await h.unit('一病区', { kind: 'ward' })
  const nurse = await h.person('李护士', { unit: '骨科' })
  const card = await h.create('sample.card', { name: '戊', team: [`person:${nurse}`, `unit:${ward}`, 'post:head'] })
  const ctx = await h.system()
  const of = async (table: string, id: string) => (await pointingAt(h.kernel, ctx, table, id)).filter((one) => one.resource === 'sample.card').flatMap((one) => one.records.map((r) => r.id)) // prettier-ignore
  expect([await of('directory.person', nurse), await of('directory.unit', ward)]).toEqual([[card.id], [card.id]])
})
