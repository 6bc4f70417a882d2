import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, date, may, module, reference, resource, text, where, type BranchesAnswer, type DaysAnswer, type Filter, type Problem, type SlowDetail } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { believe as believeOf } from '#app/testing/large-table.ts'
import { withClient } from '../database/roles.ts'

const node = resource('wide.node', {
  label: '节点',
  title: 'name',
  fields: {
    name: text('名称', { required: true, search: true }),
    up: reference('上级', 'wide.node'),
    on: date('日期'),
    kind: text('类别'),
    note: text('备注'),
  },
  list: { columns: ['name', 'on'], filters: ['kind'], sort: ['name'] },
})
const wide = module('wide', { label: '大表', resources: [node], roles: { medicalOffice: [may.all(node)] } })

let h: TestHospital
let office: HttpSession
const believe = (rows: number) => believeOf(h, 'wide.node', rows)
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([wide]) })
  office = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
  await withClient(h.database.adminUrl, (client) =>
    client.query(`INSERT INTO wide.node (id, version, state, created_at, updated_at, name, up, "on", kind, note, search_text)
      SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, 'approved', timestamptz '2026-01-01' + n * interval '1 minute', now(), '节点' || n,
        CASE WHEN n > 10 THEN ('00000000-0000-7000-8000-' || lpad((n % 10 + 1)::text, 12, '0'))::uuid END, date '2026-06-01' + n % 60, CASE WHEN n % 500 = 0 THEN 'rare' ELSE 'usual' END, '备注' || n, '节点' || n
      FROM generate_series(1, 12000) n`),
  )
  await withClient(h.database.ownerUrl, (owner) => owner.query(`CREATE INDEX ON wide.node ("on"); ANALYZE wide.node`))
})
afterAll(() => h[Symbol.asyncDispose]())

const ask = async <A>(part: string, query: Record<string, string>, filter?: Filter) => {
  const asked = new URLSearchParams({ ...query, ...(filter ? { filter: JSON.stringify(filter) } : {}) })
  const answer = await office.call('GET', `/api/records/wide.node/${part}?${asked.toString()}`)
  return { status: answer.status, body: answer.json<A & Problem & SlowDetail>() }
}
const month = { on: 'on', from: '2026-06-01', to: '2026-06-30', each: '5' }
const top = { by: 'up' }
const slow = where('note', 'contains', '备注3')

test('of a small table calendar and tree are answered whatever is asked', async () => {
  expect((await ask<DaysAnswer>('days', month, slow)).body.days).toHaveLength(30)
  expect((await ask<BranchesAnswer>('branches', top, slow)).body.rows.length).toBeGreaterThan(0)
})

test('a calendar of a large table that would be slow is refused before it is read, with ways out that are answered; one day is not', async () => {
  await believe(300_000_000)
  const { status, body } = await ask<DaysAnswer>('days', month)
  expect([status, body.code, body.title, body.rows]).toEqual([422, 'slowQuery', '查询太慢，请增加筛选条件', 300_000_000])
  expect(body.ways.length).toBeGreaterThan(0)
  for (const { label, add } of body.ways) expect([label, (await ask('days', month, add)).status]).toEqual([label, 200])
  await believe(3_000_000)
  expect((await ask<DaysAnswer>('days', { ...month, to: '2026-06-01' })).body.days[0]).toMatchObject({ day: '2026-06-01', count: 200 })
})

test('so is a tree; what stands below one record is still read by its index', async () => {
  await believe(300_000_000)
  const { status, body } = await ask<BranchesAnswer>('branches', top, slow)
  expect([status, body.code, body.rows]).toEqual([422, 'slowQuery', 300_000_000])
  expect(body.ways.length).toBeGreaterThan(0)
  for (const { label, add, remove } of body.ways) {
    const filter = all(...(remove ? [] : [slow]), ...(add ? [add] : []))
    expect([label, (await ask('branches', top, remove ? undefined : filter)).status]).toEqual([label, 200])
  }
  await believe(3_000_000)
  const below = await ask<BranchesAnswer>('branches', { ...top, under: '00000000-0000-7000-8000-000000000003' })
  expect([below.status, below.body.rows.length]).toEqual([200, 50])
  expect(await h.kernel.db.query(`SELECT conditions FROM kernel.slow_question WHERE resource = 'wide.node' AND refused > 0`)).toContainEqual({ conditions: ['note contains'] })
}) // prettier-ignore
