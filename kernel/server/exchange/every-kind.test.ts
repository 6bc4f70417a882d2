import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isProtected, kindOf, kinds, matches, may, module, plainOf, readPath, resource, text, tree, where, type Condition, type Field, type FieldKind, type Fields, type Filter, type Resource } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { importFile } from '#app/testing/imports.ts'
import { otherKinds, randomKinds, randomOperand, randomValue, type Pool } from '#app/testing/random-kinds.ts'
import type { Context } from '../context.ts'
import '../divisions.ts'
import { loadRecord } from '../records/load.ts'
import { listRecords } from '../records/read.ts'
import { exportRecords } from './export.ts'

// One seed: a run that fails can be run again.
const seed = 20_261_121
const drawn = <T>(arbitrary: fc.Arbitrary<T>, n: number, turn = 0): T[] => fc.sample(arbitrary, { numRuns: n, seed: seed + turn })

/** Random definitions: every kind at least twice, shuffled over a few record types. */
const kindsDrawn = Object.keys(randomKinds) as FieldKind[]
const types: Resource[] = drawn(fc.shuffledSubarray([...kindsDrawn, ...kindsDrawn], { minLength: kindsDrawn.length * 2 }), 2).flatMap(
  (order, turn) => {
    const cut = Math.ceil(order.length / 3)
    return [0, 1, 2].map((part) => {
      const fields: Record<string, Field> = { code: text('编码', { required: true }) }
      for (const [i, kind] of order.slice(part * cut, (part + 1) * cut).entries()) {
        const [field] = drawn(randomKinds[kind]!.field, 1, turn * 1000 + part * 100 + i)
        // Two columns of one heading could not be told apart. What leaves masked does not come back.
        fields[`f${i}`] = { ...field!, label: `${field!.label}${i}`, ...(isProtected(field!) ? { class: 'sensitive' as const } : {}) }
      }
      for (const [i, make] of Object.values(otherKinds).entries()) fields[`o${i}`] = make()
      return resource(`sample.thing${turn}${part}`, { label: `样例${turn}${part}`, title: 'code', fields, unique: [['code']] })
    })
  },
)
const place = resource('sample.place', {
  label: '地点',
  title: 'name',
  fields: { code: text('编码', { required: true }), name: text('名称', { required: true }), parent: tree('上级', 'sample.place') },
  unique: [['code']],
})
const sample = module('sample', {
  label: '样例',
  resources: [place, ...types],
  roles: { medicalOffice: [place, ...types].map((one) => may.all(one, 'hospital', { show: 'all' })) },
})

let h: TestHospital
let ctx: Context
let pool: Pool
const parents = new Map<string, string | null>()
const stored = new Map<string, Record<string, unknown>[]>()
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([sample]) })
  const surgery = await h.unit('外科')
  const units = [surgery, await h.unit('一病区', { kind: 'ward', parent: surgery }), await h.unit('内科')]
  const people = await Promise.all(['王磊', '李娜', '阿卜杜拉·买买提'].map((name) => h.person(name, { unit: '外科' })))
  const officer = await h.person('周敏', { roles: ['medicalOffice'] })
  const places: string[] = []
  for (const [i, up] of [-1, 0, 0, 1, -1].entries()) {
    const made = await h.create('sample.place', {
      code: `P${i}`,
      name: `地点${'甲乙丙丁戊'[i]}`,
      ...(up >= 0 ? { parent: places[up] } : {}),
    })
    places.push(made.id)
    parents.set(made.id, up >= 0 ? places[up]! : null)
  }
  pool = { people, units, places }
  ctx = await h.as(officer)
  for (const [turn, type] of types.entries()) stored.set(type.name, await fill(type, 25, turn))
})
afterAll(() => h[Symbol.asyncDispose]())

const given = (fields: Fields) => Object.entries(fields).filter(([key]) => key.startsWith('f'))
/** Random records, each value there three times of four. */
async function fill(type: Resource, count: number, turn: number): Promise<Record<string, unknown>[]> {
  const record = fc.record(
    Object.fromEntries(given(type.fields).map(([key, field]) => [key, fc.option(randomValue(field, pool), { freq: 4, nil: null })])),
  )
  const made: Record<string, unknown>[] = []
  for (const [i, values] of drawn(record, count, turn).entries()) made.push(await h.create(type.name, { code: `C${i}`, ...values }))
  return made
}

test('the random definitions hold every kind that a cell can give, and the others are known', () => {
  const held = new Set(types.flatMap((type) => Object.values(type.fields).map((field) => field.kind)))
  const notFromCells: FieldKind[] = ['rows', 'files', 'signature', 'formula', 'password', 'video', 'audio']
  expect(
    Object.keys(kinds)
      .filter((kind) => !held.has(kind as FieldKind))
      .sort(),
  ).toEqual([...notFromCells].sort())
})

describe.each(types.map((type) => [type.name, type] as const))('%s', (name, type) => {
  test('what was written is read as it was written', async () => {
    for (const made of stored.get(name)!) {
      const record = (await loadRecord(h.kernel, ctx, h.kernel.resource(name), made['id'] as string))!
      for (const [key, field] of given(type.fields)) expect([field.kind, record[key]]).toEqual([field.kind, made[key]])
    }
  })

  test.each(['csv', 'xlsx'] as const)('exported as %s and imported again the records are the same', async (format) => {
    const columns = ['code', ...given(type.fields).map(([key]) => key)]
    const file = await bytesOf((await exportRecords(h.kernel, ctx, name, { format, columns })).stream)
    // The same file changes nothing …
    const again = await importFile(h, ctx, name, file, `导出.${format}`)
    expect((await again.preview()).problems).toEqual([])
    expect((await again.detail()).counts).toMatchObject({ created: 0, changed: 0, refused: 0, doubtful: 0 })
    // … and where the records are gone, it brings them all back.
    await h.kernel.db.query(`DELETE FROM ${h.kernel.resource(name).table}`)
    const work = await importFile(h, ctx, name, file, `导出.${format}`)
    expect((await work.run()).counts).toMatchObject({ created: 25, refused: 0, doubtful: 0 })
    const back = await all(name)
    for (const made of stored.get(name)!) {
      const record = back.find((one) => one['code'] === made['code'])!
      for (const [key, field] of given(type.fields))
        expect([made['code'], field.kind, kept(field, record[key])]).toEqual([made['code'], field.kind, kept(field, made[key])])
    }
    stored.set(name, back)
  })

  test('random filters give the same rows as SQL and in memory, over every kind and operator', async () => {
    const records = await all(name)
    const world = { ...h.kernel.world(ctx), isUnder, read: readPath, fieldAt: (path: string) => type.fields[path] }
    const tried = new Set<string>()
    for (const [at, filter] of drawn(filterOf(type, records), 120).entries()) {
      const bySql = (await listRecords(h.kernel, ctx, name, { filter, limit: 100 })).rows.map((row) => row['code'] as string)
      const inMemory = records.filter((record) => matches(filter, record, world)).map((record) => record['code'] as string)
      expect([at, JSON.stringify(filter), bySql.sort()]).toEqual([at, JSON.stringify(filter), inMemory.sort()])
      for (const one of conditionsIn(filter)) tried.add(`${type.fields[one.field]!.kind} ${one.op}`)
    }
    for (const [key, field] of given(type.fields))
      for (const op of kindOf(field).operators) {
        const [value] = drawn(
          randomOperand(
            field,
            op,
            records.map((r) => r[key]),
            pool,
          ),
          1,
        )
        const filter = value === undefined ? where(key, op) : where(key, op, value)
        const bySql = (await listRecords(h.kernel, ctx, name, { filter, limit: 100 })).rows.map((row) => row['code'] as string)
        const inMemory = records.filter((record) => matches(filter, record, world)).map((record) => record['code'] as string)
        expect([JSON.stringify(filter), field.kind, bySql.sort()]).toEqual([JSON.stringify(filter), field.kind, inMemory.sort()])
        tried.add(`${field.kind} ${op}`)
      }
    expect(tried.size).toBeGreaterThan(30)
  })

  test('sorted by every kind that sorts, page by page: each row once, empty ones last', async () => {
    const outcomes: [string, boolean][] = []
    for (const [key, field] of given(type.fields)) {
      if (!kindOf(field).sortable) {
        const answer = await listRecords(h.kernel, ctx, name, { sort: [key], limit: 5 }).catch((error: { code?: string }) => error.code)
        outcomes.push([field.kind, answer === 'badFilter'])
        continue
      }
      for (const sort of [key, `-${key}`]) {
        const seen: unknown[] = []
        const codes = new Set<unknown>()
        for (let cursor: string | null = null, first = true; first || cursor; first = false) {
          const page: Awaited<ReturnType<typeof listRecords>> = await listRecords(h.kernel, ctx, name, {
            sort: [sort],
            limit: 7,
            ...(cursor ? { cursor } : {}),
          })
          for (const row of page.rows) {
            seen.push(row[key] ?? null)
            codes.add(row['code'])
          }
          cursor = page.next
        }
        const filled = seen.filter((one) => one !== null).length
        outcomes.push([`${field.kind} ${sort}`, seen.length === 25 && codes.size === 25 && seen.slice(filled).every((one) => one === null)])
      }
    }
    expect(outcomes.filter(([, holds]) => !holds)).toEqual([])
  })
})

/** Of formatted text a cell keeps the words. */
const kept = (field: Field, value: unknown): unknown => (field.kind === 'richText' && value ? plainOf(value) : (value ?? null))
async function all(name: string): Promise<Record<string, unknown>[]> {
  const { rows } = await listRecords(h.kernel, await h.system(), name, { limit: 100 })
  return rows
}
async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(Buffer.from(part as Uint8Array))
  return Buffer.concat(parts)
}
function isUnder(id: string, ancestor: string, target?: string): boolean {
  if (target !== 'sample.place') return h.kernel.world(ctx).isUnder(id, ancestor)
  for (let at: string | null = id; at; at = parents.get(at) ?? null) if (at === ancestor) return true
  return false
}
const conditionsIn = (filter: Filter): Condition[] =>
  'and' in filter ? filter.and.flatMap(conditionsIn) : 'or' in filter ? filter.or.flatMap(conditionsIn) : 'not' in filter ? conditionsIn(filter.not) : 'field' in filter ? [filter] : [] // prettier-ignore
function filterOf(type: Resource, records: readonly Record<string, unknown>[]): fc.Arbitrary<Filter> {
  const condition = fc.constantFrom(...given(type.fields)).chain(([key, field]) =>
    fc.constantFrom(...kindOf(field).operators).chain((op) =>
      randomOperand(field, op, records.map((record) => record[key]), pool).map((value): Filter => (value === undefined ? where(key, op) : where(key, op, value))),
    ),
  ) // prettier-ignore
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      condition,
      fc.array(tie('filter'), { maxLength: 3 }).map((and): Filter => ({ and })),
      fc.array(tie('filter'), { maxLength: 3 }).map((or): Filter => ({ or })),
      tie('filter').map((inner): Filter => ({ not: inner })),
    ),
  })).filter
}
