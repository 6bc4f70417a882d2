import { afterAll, beforeAll, expect, test } from 'vitest'
import { automaticTemplate, officialTemplate, type Problem, type VerifiedPrint } from '#model'
import { buyingHospital, pagesOf, purchase, textBlock, type BuyingHospital } from '#app/testing/buying-hospital.ts'
import type { TestHospital } from '#app/testing/hospital.ts'
import { erasingHospital } from '#app/testing/erasing-hospital.ts'
import { noisyPicture } from '#app/testing/pictures.ts'
import { withClient } from '../database/roles.ts'
import { eraseValues } from '../protection/erase.ts'
import { digestOf } from './print.ts'

let b: BuyingHospital
let h: TestHospital
let { who, upload, act, asked, print, publish } = {} as BuyingHospital
beforeAll(async () => {
  b = await buyingHospital()
  ;({ h, who, upload, act, asked, print, publish } = b)
})
afterAll(() => b[Symbol.asyncDispose]())
const verify = async (code: string, { house }: Pick<TestHospital, 'house'> = h) =>
  (await house.server.app.inject({ method: 'GET', url: `/api/v/${code}` })).json<VerifiedPrint & Problem>()
const png = `data:image/png;base64,${Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64').toString('base64')}`

/** As if the paper lay before us: the code that only it knows is put in by its hash. */
const hold = (record: string, code: string, { database }: Pick<TestHospital, 'database'> = h) =>
  withClient(
    database.adminUrl,
    async (admin) => void (await admin.query(`UPDATE kernel.print SET code_hash = $2 WHERE record = $1`, [record, digestOf(code)])),
  )

test('a paper proves itself: issued by this hospital, on which day, what it said; changed or void since; a guess says nothing', async () => {
  const name = await publish({
    label: '资产卡',
    resource: 'buy.asset',
    verify: ['name', 'number'],
    blocks: [textBlock('b1', '{名称}'), { id: 'b2', kind: 'verify' }],
  })
  // Of two who print a record for the first time at once neither is turned away.
  const both = (await h.create('buy.asset', { name: '两人同时' })).id
  const once = await Promise.all([1, 2, 3, 4].map(() => print('周敏', 'buy.asset', [both], name)))
  expect(once.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const { id, version } = await h.create('buy.asset', { name: '输液泵', number: 'SB-7' })
  expect(await pagesOf(await print('周敏', 'buy.asset', [id], name))).toEqual([expect.stringContaining('输液泵')])
  // The code stands on the paper only: the database has its hash.
  const [kept] = await h.kernel.db.query<{ code_hash: Buffer | null; content_hash: Buffer }>(
    `SELECT code_hash, content_hash FROM kernel.print WHERE record = $1::uuid`,
    [id],
  )
  expect([kept!.code_hash?.length, kept!.content_hash.length]).toEqual([32, 32])
  const code = 'x'.repeat(20)
  expect(await verify(code)).toMatchObject({ status: 404, title: '没有这份打印件，可能是伪造的，请向医院核实' })
  await expect(h.kernel.db.query(`UPDATE kernel.print SET version = 2`)).rejects.toThrow(/permission denied/)
  await hold(id, code)
  expect(await verify(code)).toMatchObject({
    hospital: '杏林医院',
    kind: '资产',
    template: '资产卡',
    printedOn: '2026-06-15',
    shown: [
      { label: '名称', text: '输液泵' },
      { label: '编号', text: 'SB-7' },
    ],
    state: 'valid',
  })
  const changed = await who['周敏']!.call('PATCH', `/api/records/buy.asset/${id}`, { version, changes: { number: 'SB-8' } })
  expect(changed.status, changed.text).toBe(200)
  expect((await verify(code)).state).toBe('changed')
  expect((await who['周敏']!.call('DELETE', `/api/records/buy.asset/${id}?version=${version + 1}`)).status).toBe(200)
  expect((await verify(code)).state).toBe('voided')
  for (let n = 0; n < 60; n++) await verify(code)
  expect((await verify(code)).status).toBe(429)
})

test('a seal stands on paper only where its use was registered, a signature is that of who decided', async () => {
  const name = await publish({
    ...officialTemplate(purchase),
    blocks: [
      ...officialTemplate(purchase).blocks,
      { id: 'seal', kind: 'seal', seal: '院章', image: png, height: 42, at: { x: 120, y: 200, width: 42, height: 42, on: 'first' } },
      { id: 'sign', kind: 'signature', label: '签发：', step: '院领导', height: 12 },
    ],
    states: ['pending', 'approved'],
  })
  const images = async (record: string) =>
    (await print('周敏', 'buy.purchase', [record], name)).raw.toString('latin1').split('/Subtype /Image').length - 1
  const { instance, record } = await asked()
  expect(await images(record)).toBe(0)
  await act('周敏', instance, 'approve')
  await act('院长', instance, 'approve', { signature: await upload('院长', await noisyPicture(20)) })
  expect(await images(record)).toBe(1)
  await act('周敏', instance, 'seal', { copies: 1 })
  expect(await images(record)).toBeGreaterThan(1)
  const pages = await pagesOf(await print('周敏', 'buy.purchase', [record], name))
  expect(pages.join('')).toContain('杏林医院文件')
  expect(pages.join('')).toContain('2026年6月15日')
})

test('what a paper tells strangers goes with its record: with the person, with the record, and is nowhere in the clear', async () => {
  await using e = await erasingHospital()
  const content = { ...automaticTemplate(e.h.kernel.defs.resource('wipe.card')), label: '卡', verify: ['name'] }
  const implementer = await e.h.signIn(await e.h.person('实施员', { roles: ['implementer'] }))
  const { name: template } = (await implementer.call('POST', '/api/designs/print', { content })).json<{ name: string }>()
  expect((await implementer.call('POST', '/api/publishings', { items: [{ kind: 'print', name: template }], note: '' })).text).toContain('"done"')
  const [one, two] = [await e.makeCard(), await e.makeCard()]
  for (const [card, code] of [[one, 'a'.repeat(20)], [two, 'b'.repeat(20)]] as const) {
    expect((await e.office.call('POST', '/api/prints/wipe.card', { records: [card.id], template })).status).toBe(200)
    await hold(card.id, code, e.h)
    expect(await verify(code, e.h)).toMatchObject({ state: 'valid', shown: [{ label: '名称', text: card['name'] }] })
  }
  const [kept] = await e.h.kernel.db.query<{ text: string }>(`SELECT string_agg(p::text, '') || encode(string_agg(told, ''), 'escape') AS text FROM kernel.print p`)
  expect(kept!.text).not.toContain('就诊卡')
  const system = await e.h.system()
  await e.h.kernel.transaction(system, (tx) => eraseValues(e.h.kernel, tx, e.h.kernel.resource('wipe.card'), one.id, { subject: 'person', isGone: false }))
  expect(await verify('a'.repeat(20), e.h)).toMatchObject({ state: 'valid', number: expect.stringMatching(/^DC/), shown: [] })
  expect(await e.erased('wipe.card', two.id)).toMatchObject({ progress: 'closed' })
  expect(await verify('b'.repeat(20), e.h)).toMatchObject({ state: 'voided', shown: [] })
  expect(await e.keysLeft(two.id)).toEqual([])
}) // prettier-ignore
