import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  boolean, choice, date, Definitions, formula, integer, is, lookup, may, module, money, reference, resource, rollUp, text, where, type ApiRecord,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { loadRecord } from '../records/load.ts'
import { listRecords } from '../records/read.ts'
import { setDeleted } from '../records/deletion.ts'
import { updateRecordOf } from '../records/write.ts'
import { migrate } from '../store/migrate.ts'
import { derivedOrder } from '#kernel/model/derived.ts'
import { mostAtOnce } from './derive.ts'
import { workDue } from './due.ts'

const firm = resource('sample.firm', {
  label: '厂商',
  title: 'name',
  fields: {
    name: text('名称', { required: true }),
    level: choice('信用', { good: '良好', poor: '较差' }),
    devices: rollUp('在用设备', { of: 'sample.device', by: 'firm', how: 'count' }),
    spent: rollUp<string>('维修总额', { of: 'sample.device', by: 'firm', how: 'sum', field: 'spent' }),
  },
})
const device = resource('sample.device', {
  label: '设备',
  title: 'name',
  fields: {
    name: text('名称', { required: true }),
    firm: reference('厂商', 'sample.firm'),
    trust: lookup('厂商信用', 'firm.level'),
    budget: money('预算', { default: '1000.00' }),
    repairs: rollUp('维修次数', { of: 'sample.repair', by: 'device', how: 'count' }),
    visits: rollUp('巡检次数', { of: 'sample.visit', by: 'device', how: 'count' }),
    urgent: rollUp('急修次数', { of: 'sample.repair', by: 'device', how: 'count', where: is('urgent', true) }),
    spent: rollUp<string>('维修费', { of: 'sample.repair', by: 'device', how: 'sum', field: 'fee' }),
    last: rollUp<string>('最近维修', { of: 'sample.repair', by: 'device', how: 'max', field: 'day' }),
    left: formula('余额', 'spent == null ? budget : budget - spent', 'decimal'),
  },
  list: { columns: ['name', 'repairs', 'spent', 'left'] },
})
const repair = resource('sample.repair', {
  label: '维修',
  title: 'what',
  fields: {
    what: text('内容', { required: true }),
    device: reference('设备', 'sample.device'),
    firm: lookup('厂商', 'device.firm.name'),
    trust: lookup('厂商信用', 'device.trust'),
    fee: money('费用'),
    day: date('日期'),
    urgent: boolean('急修'),
  },
})
const visit = resource('sample.visit', {
  label: '巡检',
  title: 'what',
  fields: { what: text('内容', { required: true }), device: reference('设备', 'sample.device') },
})
const resources = [firm, device, repair, visit]
const sample = module('sample', { label: '样例', resources, roles: { medicalOffice: resources.map((one) => may.all(one)) } })

let h: TestHospital
beforeAll(async () => void (h = await hospital({ defs: productDefinitions([sample]) })))
afterAll(() => h[Symbol.asyncDispose]())

const load = async (name: string, id: string): Promise<ApiRecord> =>
  (await loadRecord(h.kernel, await h.system(), h.kernel.resource(name), id))!
const change = async (name: string, id: string, changes: Record<string, unknown>) =>
  updateRecordOf(h.kernel, await h.system(), name, id, (await load(name, id)).version, changes)
const bin = async (name: string, id: string, isDeleted: boolean) => setDeleted(h.kernel, await h.system(), name, id, isDeleted, null)

describe('a roll-up', () => {
  test('counts and sums what points here, as it comes, changes, moves, goes and comes back; the parent keeps version and history', async () => {
    const maker = await h.create('sample.firm', { name: '甲厂', level: 'good' })
    expect(maker).toMatchObject({ devices: 0, spent: null })
    const one = await h.create('sample.device', { name: 'CT', firm: maker.id })
    const other = await h.create('sample.device', { name: 'MR' })
    expect(one).toMatchObject({ trust: 'good', repairs: 0, left: '1000' })
    const first = await h.create('sample.repair', { what: '换球管', device: one.id, fee: '300.50', day: '2026-01-05', urgent: true })
    expect(first).toMatchObject({ firm: '甲厂', trust: 'good' })
    await h.create('sample.repair', { what: '保养', device: one.id, fee: '100', day: '2026-02-01' })
    expect(await load('sample.device', one.id)).toMatchObject({
      repairs: 2,
      urgent: 1,
      spent: '400.50',
      last: '2026-02-01',
      left: '599.5',
      version: 1,
    })
    expect(await load('sample.firm', maker.id)).toMatchObject({ devices: 1, spent: '400.50', version: 1 })
    await change('sample.repair', first.id, { fee: '0.50', urgent: false })
    expect(await load('sample.device', one.id)).toMatchObject({ spent: '100.50', urgent: 0 })
    await change('sample.repair', first.id, { device: other.id })
    expect(await load('sample.device', one.id)).toMatchObject({ repairs: 1, spent: '100.00' })
    expect(await load('sample.device', other.id)).toMatchObject({ repairs: 1, spent: '0.50', left: '999.5' })
    expect(await load('sample.repair', first.id)).toMatchObject({ firm: null, trust: null })
    await bin('sample.repair', first.id, true)
    expect(await load('sample.device', other.id)).toMatchObject({ repairs: 0, spent: null, last: null })
    await bin('sample.repair', first.id, false)
    expect(await load('sample.device', other.id)).toMatchObject({ repairs: 1, version: 1 })
    const history = await h.kernel.db.query(`SELECT 1 AS one FROM kernel.history WHERE record = ANY($1::uuid[]) AND version > 1`, [
      [one.id, other.id, maker.id],
    ])
    expect(history).toEqual([])
  })

  test('leaves out what is not approved', async () => {
    const one = await h.create('sample.device', { name: '呼吸机' })
    await h.create('sample.repair', { what: '待批', device: one.id, fee: '9' }, { state: 'pending' })
    expect(await load('sample.device', one.id)).toMatchObject({ repairs: 0, spent: null })
  })

  test('of two that come at the same instant counts both', async () => {
    const one = await h.create('sample.device', { name: '监护仪' })
    await Promise.all(Array.from({ length: 12 }, (_, i) => h.create('sample.repair', { what: `第${i}次`, device: one.id, fee: '1' })))
    expect(await load('sample.device', one.id)).toMatchObject({ repairs: 12, spent: '12.00' })
  })

  test('that somebody holds keeps no writer from committing: the figure follows with all who came meanwhile, before they are answered', async () => {
    const one = await h.create('sample.device', { name: '手术床' })
    const { kernel } = h
    let answered = 0
    let writing: Promise<unknown>[] = []
    await kernel.db.transaction(async (tx) => {
      await tx.query(`SELECT 1 FROM ${kernel.resource('sample.device').table} WHERE id = $1::uuid FOR NO KEY UPDATE`, [one.id])
      writing = Array.from({ length: 5 }, async (_, i) => {
        await h.create('sample.visit', { what: `第${i}次`, device: one.id })
        answered++
      })
      const ctx = await h.system()
      const there = async () => (await listRecords(kernel, ctx, 'sample.visit', { filter: is('device', one.id) })).rows.length
      await expect.poll(there, { timeout: 10_000 }).toBe(5)
      const [row] = (await listRecords(kernel, ctx, 'sample.device', { filter: is('name', '手术床') })).rows
      // Who reads meanwhile is told that it is behind.
      expect(row).toMatchObject({ visits: 0, computing: ['visits'] })
      expect(answered).toBe(0)
    })
    await Promise.all(writing)
    expect(await load('sample.device', one.id)).toMatchObject({ visits: 5 })
    expect(await h.kernel.db.query(`SELECT 1 FROM kernel.derived_due`)).toEqual([])
  })

  test('is filtered and sorted like any number; nobody writes it', async () => {
    const ctx = await h.system()
    const found = await listRecords(h.kernel, ctx, 'sample.device', { filter: where('repairs', 'gte', 2), sort: ['-spent'] })
    expect(found.rows.map((row) => row['name'])).toEqual(['监护仪'])
    const one = found.rows[0]!
    const officer = await h.as(await h.person('周敏', { roles: ['medicalOffice'] }))
    await expect(updateRecordOf(h.kernel, officer, 'sample.device', one.id, one.version, { repairs: 99 })).rejects.toMatchObject({
      code: 'invalid',
    })
  })
})

describe('a lookup', () => {
  test('follows the living record through references and other lookups; its own record keeps version and history', async () => {
    const maker = await h.create('sample.firm', { name: '乙厂', level: 'good' })
    const one = await h.create('sample.device', { name: 'DSA', firm: maker.id })
    const done = await h.create('sample.repair', { what: '校准', device: one.id })
    await change('sample.firm', maker.id, { name: '乙医疗', level: 'poor' })
    expect(await load('sample.device', one.id)).toMatchObject({ trust: 'poor', version: 1 })
    expect(await load('sample.repair', done.id)).toMatchObject({ firm: '乙医疗', trust: 'poor', version: 1 })
    await change('sample.device', one.id, { firm: null })
    expect(await load('sample.repair', done.id)).toMatchObject({ firm: null, trust: null })
  })

  test('over more records than an act may wait for is worked out by the job, and says so until then', async () => {
    const maker = await h.create('sample.firm', { name: '丙厂', level: 'good' })
    const made: string[] = []
    for (let i = 0; i <= mostAtOnce; i++) made.push((await h.create('sample.device', { name: `泵${i}`, firm: maker.id })).id)
    const done = await h.create('sample.repair', { what: '检修', device: made[0] })
    await change('sample.firm', maker.id, { level: 'poor' })
    const ctx = await h.system()
    const read = async () => (await listRecords(h.kernel, ctx, 'sample.device', { filter: is('firm', maker.id), limit: 200 })).rows
    expect((await read()).every((row) => row['trust'] === 'good' && row.computing?.includes('trust'))).toBe(true)
    while (await workDue(h.kernel));
    expect((await read()).every((row) => row['trust'] === 'poor' && row.computing === undefined)).toBe(true)
    expect(await load('sample.repair', done.id)).toMatchObject({ trust: 'poor' })
  }, 60_000)
})

test('whatever happens, what is kept is what a slow reader would find', async () => {
  type Act = readonly [what: 'repair' | 'move' | 'fee' | 'bin' | 'back' | 'rename' | 'sell', a: number, b: number]
  const act: fc.Arbitrary<Act> = fc.tuple(
    fc.constantFrom('repair', 'move', 'fee', 'bin', 'back', 'rename', 'sell' as const),
    fc.nat(20),
    fc.nat(20),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 18 }), async (acts) => {
      const firms = [await h.create('sample.firm', { name: '子', level: 'good' }), await h.create('sample.firm', { name: '丑' })]
      const devices = [await h.create('sample.device', { name: '甲', firm: firms[0]!.id }), await h.create('sample.device', { name: '乙' })]
      const repairs: string[] = []
      const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!
      for (const [what, a, b] of acts) {
        if (what === 'repair' || repairs.length === 0)
          repairs.push(
            (
              await h.create('sample.repair', {
                what: 'x',
                device: pick(devices, a).id,
                fee: `${b}.25`,
                urgent: a % 2 === 0,
                day: `2026-01-${10 + b}`,
              })
            ).id,
          )
        else if (what === 'sell') await change('sample.device', pick(devices, a).id, { firm: pick([...firms.map((f) => f.id), null], b) })
        else if (what === 'rename') await change('sample.firm', pick(firms, a).id, { name: `名${b}`, level: b % 2 ? 'good' : 'poor' })
        else {
          const id = pick(repairs, a)
          const there = await loadRecord(h.kernel, await h.system(), h.kernel.resource('sample.repair'), id)
          if (what === 'bin' || what === 'back') await bin('sample.repair', id, what === 'bin')
          else if (there)
            await change(
              'sample.repair',
              id,
              what === 'move' ? { device: pick(devices, b).id } : { fee: b % 3 ? `${b}.50` : null, urgent: b % 2 === 0 },
            )
        }
      }
      for (const { id } of devices) {
        const is = await load('sample.device', id)
        const own = (
          await Promise.all(repairs.map((one) => loadRecord(h.kernel, { db: h.kernel.db }, h.kernel.resource('sample.repair'), one)))
        ).filter((one) => one?.['device'] === id)
        const cents = own.filter((one) => one!['fee'] !== null).map((one) => Math.round(Number(one!['fee']) * 100))
        const spent = cents.length ? (cents.reduce((a, b) => a + b, 0) / 100).toFixed(2) : null
        const last = own.map((one) => String(one!['day'])).sort().at(-1) ?? null // prettier-ignore
        expect(is).toMatchObject({
          repairs: own.length,
          urgent: own.filter((one) => one!['urgent']).length,
          spent,
          last,
          left: String(spent === null ? 1000 : 1000 - Number(spent)),
        })
        const maker = is['firm'] ? await load('sample.firm', is['firm'] as string) : null
        expect(is['trust']).toEqual(maker?.['level'] ?? null)
        for (const one of own) expect(one).toMatchObject({ firm: maker?.['name'] ?? null, trust: maker?.['level'] ?? null })
      }
    }),
    { seed: 20_261_121, numRuns: 12 },
  )
}, 120_000)

describe('definitions', () => {
  test('that go in a circle are refused, naming the way round', () => {
    const left = resource('sample.left', { label: '左', title: 'name', fields: { name: text('名'), other: reference('右', 'sample.right'), seen: lookup('见', 'other.seen') } })
    const right = resource('sample.right', { label: '右', title: 'name', fields: { name: text('名'), other: reference('左', 'sample.left'), seen: lookup('见', 'other.doubled') } })
    const round = resource('sample.left', { ...left, fields: { ...left.fields, doubled: formula('倍', 'seen + "x"', 'text') } })
    const problems = new Definitions([module('sample', { label: '样', resources: [round, right] })]).prove()
    expect(problems.find((one) => one.includes('circle'))).toMatch(/sample\.\w+\.\w+ → .*sample\./)
  }) // prettier-ignore
  test('that keep what cannot be kept are refused, each with its reason', () => {
    const wrong = (fields: Parameters<typeof resource>[1]['fields']) =>
      new Definitions([module('sample', { label: '样', resources: [...resources, resource('sample.bad', { label: '坏', title: 'name', fields: { name: text('名'), device: reference('设备', 'sample.device'), ...fields } })] })]).prove()
    expect(wrong({ a: lookup('a', 'device.nothing') })).toEqual([expect.stringContaining('no path "device.nothing"')])
    expect(wrong({ a: rollUp('a', { of: 'sample.repair', by: 'device', how: 'count' }) })).toEqual([expect.stringContaining('does not name one sample.bad')])
    expect(wrong({ a: rollUp('a', { of: 'sample.nothing', by: 'x', how: 'count' }) })).toEqual([expect.stringContaining('no resource "sample.nothing"')])
    expect(wrong({ a: integer('a') })).toEqual([])
  }) // prettier-ignore
  test('come behind what they are made of', () => {
    const { order } = derivedOrder(h.kernel.defs)
    const at = (name: string) => order.findIndex(({ resource: of, key }) => `${of}.${key}` === name)
    expect(at('sample.device.trust')).toBeLessThan(at('sample.repair.trust'))
    expect(at('sample.device.spent')).toBeLessThan(at('sample.firm.spent'))
  })
  test('new or changed ones are worked out for the records that are there', async () => {
    const maker = await h.create('sample.firm', { name: '丁厂' })
    await h.create('sample.device', { name: '旧设备', firm: maker.id })
    await h.kernel.db.query(`UPDATE ${h.kernel.resource('sample.firm').table} SET devices = NULL WHERE id = $1`, [maker.id])
    await h.kernel.db.query(`DELETE FROM kernel.derived_known WHERE resource = 'sample.firm'`)
    await migrate(h.database.ownerUrl, h.kernel.defs, '2026-06-15')
    expect((await listRecords(h.kernel, await h.system(), 'sample.firm', { filter: is('name', '丁厂') })).rows[0]).toMatchObject({
      devices: null,
      computing: ['devices', 'spent'],
    })
    while (await workDue(h.kernel));
    expect(await load('sample.firm', maker.id)).toMatchObject({ devices: 1 })
    await migrate(h.database.ownerUrl, h.kernel.defs, '2026-06-15')
    expect(await workDue(h.kernel)).toBe(false)
  })
})
