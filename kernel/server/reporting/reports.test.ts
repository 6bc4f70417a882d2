import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  choice,
  date,
  decimal,
  identityNumber,
  integer,
  may,
  module,
  person,
  reference,
  resource,
  text,
  unit,
  type Report,
  type ReportAnswer,
} from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const file = resource('trial.file', {
  label: '档案',
  title: 'name',
  owner: { person: 'practitioner', department: 'department' },
  fields: {
    name: text('名称', { required: true, search: true }),
    practitioner: person('人员'),
    department: unit('科室'),
    level: choice('级别', { top: '高级', middle: '中级' }),
    since: date('入职'),
    pay: decimal('津贴', 2),
    secret: identityNumber('证件'),
    note: text('备注'),
  },
})
const paper = resource('trial.paper', {
  label: '论文',
  title: 'name',
  owner: { person: 'author' },
  fields: {
    name: text('题目', { required: true }),
    author: person('作者'),
    of: reference('档案', 'trial.file'),
    on: date('发表'),
    score: integer('分值'),
    fee: decimal('版面费', 2),
    hiddenScore: integer('内部评分'),
  },
})
const verdict = resource('trial.verdict', {
  label: '结论',
  title: 'name',
  fields: { name: text('名称', { required: true }), of: reference('档案', 'trial.file') },
})
const trial = module('trial', {
  label: '试用',
  resources: [file, paper, verdict],
  roles: {
    staffMember: [may.readOwn(file, { hide: ['note'], mask: ['pay'] }), may.readOwn(paper, { hide: ['hiddenScore'] })],
    medicalOffice: [may.all(file), may.all(paper), may.all(verdict)],
    hospitalLeader: [may.read(file)],
  },
})
interface Paper {
  file: number
  score: number | null
  fee: string | null
  on: string | null
}

let h: TestHospital
let surgeon: string, surgery: string
let asOfficer: HttpSession, asColleague: HttpSession, asSurgeon: HttpSession, asLeader: HttpSession
let papers: Paper[]
const fileIds: string[] = []
const files = Array.from({ length: 12 }, (_, i) => ({
  name: `档案${String(i + 1).padStart(2, '0')}`,
  level: i % 3 === 0 ? 'top' : i % 3 === 1 ? 'middle' : null,
  since: `20${10 + i}-0${1 + (i % 9)}-15`,
  pay: `${i * 100}.50`,
}))
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  surgery = await h.unit('外科')
  surgeon = await h.person('张海涛', { unit: '外科' })
  asOfficer = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  asColleague = await h.signIn(await h.person('何静', { unit: '医务处', roles: ['medicalOffice'] }))
  asLeader = await h.signIn(await h.person('院长', { unit: '医务处', roles: ['hospitalLeader'] }))
  asSurgeon = await h.signIn(surgeon)
  for (const [i, one] of files.entries()) {
    const owner = i < 4 ? { practitioner: surgeon, department: surgery } : {}
    fileIds.push((await h.create('trial.file', { ...one, ...owner, note: `备注${i}` })).id)
  }
  papers = fc.sample(
    fc.record({
      file: fc.integer({ min: 0, max: 10 }),
      score: fc.option(fc.integer({ min: -3, max: 20 }), { nil: null }),
      fee: fc.option(fc.integer({ min: 0, max: 99_999 }).map((n) => (n / 100).toFixed(2)), { nil: null }), // prettier-ignore
      on: fc.option(fc.constantFrom('2025-01-31', '2025-12-31', '2026-01-01', '2026-05-05'), { nil: null }),
    }),
    { numRuns: 60, seed: 7 },
  )
  for (const [i, { file: at, ...one }] of papers.entries())
    await h.create('trial.paper', { ...one, name: `论文${i}`, of: fileIds[at], author: i % 2 ? surgeon : null, hiddenScore: i })
})
afterAll(() => h[Symbol.asyncDispose]())

const path = (key: string, to: string, label = to) => ({ kind: 'path', key, label, path: to })
const gathered = (key: string, how: string, field: string | null = null, more: object = {}) => ({
  kind: 'gathered', key, label: `论文${how}`, of: 'trial.paper', by: 'of', how, field, date: null, where: null, ...more,
}) // prettier-ignore
const formula = (key: string, expression: string) => ({ kind: 'formula', key, label: `公式${key}`, expression })
const spec = (columns: object[], more: object = {}) => ({ base: 'trial.file', columns, ...more })
const run = (session: HttpSession, report: object, more: object = {}) =>
  session.call('POST', '/api/reports/run', { report, limit: 200, ...more })
const answered = async (session: HttpSession, report: object, more: object = {}): Promise<ReportAnswer> => {
  const answer = await run(session, report, more)
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.anything()])
  return answer.json<ReportAnswer>()
}
const refused = async (session: HttpSession, report: object) => {
  const answer = await run(session, report)
  const { title, problems } = answer.json<{ title: string; problems?: { field: string; message: string }[] }>()
  return [answer.status, problems?.[0] ? `${problems[0].field}: ${problems[0].message}` : title]
}
const cents = (list: readonly (string | number | null)[]) => {
  const there = list.filter((one) => one !== null)
  return there.length ? there.reduce<number>((sum, one) => sum + Math.round(Number(one) * 100), 0) : null
}

test('what is gathered from other records is what counting them one by one gives: number, sum, first, last, list', async () => {
  const answer = await answered(
    asOfficer,
    spec(
      [
        path('A', 'name'), gathered('B', 'count'), gathered('C', 'sum', 'score'), gathered('D', 'sum', 'fee'), gathered('E', 'max', 'on'),
        gathered('F', 'last', 'name', { date: 'on' }), gathered('G', 'list', 'score'), gathered('H', 'count', null, { where: { field: 'score', op: 'gte', value: 10 } }),
      ],
      { sort: ['A'] },
    ),
  ) // prettier-ignore
  expect(answer.rows.map((row) => row['A'])).toEqual(files.map(({ name }) => name))
  for (const [at, row] of answer.rows.entries()) {
    const own = papers.filter((one) => one.file === at)
    expect(row['B']).toBe(own.length)
    expect(cents([row['C'] as number | null])).toEqual(cents(own.map((one) => one.score)))
    expect(cents([row['D'] as string | null])).toEqual(cents(own.map((one) => one.fee)))
    const days = own.flatMap((one) => one.on ?? []).sort()
    expect(row['E']).toBe(days.at(-1) ?? null)
    // Papers without a day stand behind those with one.
    const latest = row['F'] === null ? null : papers[Number(String(row['F']).slice(2))]!
    expect([latest?.file ?? null, latest?.on ?? null]).toEqual([own.length ? at : null, days.at(-1) ?? null])
    expect(String(row['G'] ?? '').split('、').filter(Boolean).sort()).toEqual([...new Set(own.flatMap((one) => (one.score === null ? [] : [String(one.score)])))].sort()) // prettier-ignore
    expect(row['H']).toBe(own.filter((one) => (one.score ?? 0) >= 10).length)
  }
})

test('formulas, mixed conditions, groups and totals equal the naive ones, whatever the condition', async () => {
  const rowsOf = files.map((one, at) => {
    const own = papers.filter((p) => p.file === at)
    return { ...one, count: own.length, doubled: own.length * 2 + Number(one.pay) }
  })
  const least = fc.integer({ min: 0, max: 9 })
  const anyCondition = fc.record({ least, level: fc.constantFrom('top', 'middle'), pay: fc.integer({ min: 0, max: 1200 }), join: fc.constantFrom('and', 'or') }) // prettier-ignore
  await fc.assert(
    fc.asyncProperty(anyCondition, async (one) => {
      const report = spec(
        [path('A', 'name'), path('B', 'level'), path('C', 'pay'), gathered('D', 'count'), formula('E', 'D * 2 + C')],
        {
          filter: {
            [one.join]: [
              { field: 'D', op: 'gte', value: one.least },
              { or: [{ field: 'B', op: 'eq', value: one.level }, { field: 'C', op: 'gt', value: one.pay }, { field: 'E', op: 'lt', value: '200' }] },
            ],
          },
          group: ['B'],
          totals: ['sum:D', 'sum:E', 'avg:C'],
        },
      ) // prettier-ignore
      const naive = rowsOf.filter((row) => {
        const few = row.count >= one.least
        const other = row.level === one.level || Number(row.pay) > one.pay || row.doubled < 200
        return one.join === 'and' ? few && other : few || other
      })
      const answer = await answered(asOfficer, report)
      expect(answer.count).toBe(naive.length)
      const byLevel = Map.groupBy(naive, (row) => row.level)
      expect(new Set(answer.groups.map(({ keys }) => keys[0]))).toEqual(new Set(byLevel.keys()))
      for (const { keys, count, totals } of [...answer.groups, { keys: ['全部'], count: answer.count, totals: answer.totals }]) {
        const own = keys[0] === '全部' ? naive : byLevel.get(keys[0] as string | null)!
        expect(count).toBe(own.length)
        expect(cents([totals[0] ?? null])).toEqual(cents(own.map((row) => row.count)))
        expect(cents([totals[1] ?? null])).toEqual(cents(own.map((row) => row.doubled)))
      }
      for (const { keys, count } of answer.groups) {
        const within = await answered(asOfficer, report, { within: keys })
        expect([keys, within.count, within.rows.every((row) => row['B'] === keys[0])]).toEqual([keys, count, true])
      }
    }),
    { numRuns: 15, seed: 3 },
  )
})

test('a reader gets only rows, gathered records and fields that are his: scope of every type, hidden fields refused, masked ones shown masked and worked on by nothing', async () => {
  const report = spec([path('A', 'name'), gathered('B', 'count'), path('C', 'pay')], { sort: ['A'] })
  const own = await answered(asSurgeon, report)
  expect(own.rows.map((row) => row['A'])).toEqual(['档案01', '档案02', '档案03', '档案04'])
  for (const [at, row] of own.rows.entries()) expect(row['B']).toBe(papers.filter((one, i) => one.file === at && i % 2 === 1).length)
  expect(own.rows.map((row) => String(row['C']))).not.toContain('100.50')
  const hidden = [400, '报表用到了你没有权限查看的字段']
  expect(await refused(asSurgeon, spec([path('A', 'note')]))).toEqual(hidden)
  expect(await refused(asSurgeon, spec([path('A', 'name'), gathered('B', 'sum', 'hiddenScore')]))).toEqual(hidden)
  const secretly = { where: { field: 'hiddenScore', op: 'gt', value: 3 } }
  expect(await refused(asSurgeon, spec([path('A', 'name'), gathered('B', 'count', null, secretly)]))).toEqual(hidden)
  // A type that he may not read at all is not counted either.
  expect(await refused(asSurgeon, spec([path('A', 'name'), gathered('B', 'count', null, { of: 'trial.verdict' })]))).toEqual(hidden)
  // Who sees all files but papers of his own only counts none of the others.
  expect((await answered(asLeader, report)).rows.map((row) => row['B'])).toEqual(files.map(() => 0))
  expect(await refused(asSurgeon, { ...report, filter: { field: 'C', op: 'gt', value: 5 } })).toEqual([
    422,
    'columns.C: “pay”受保护，不能作为条件或排序',
  ])
  expect(await refused(asSurgeon, { ...report, sort: ['C'] })).toEqual([422, 'columns.C: “pay”受保护，不能作为条件或排序'])
  expect(await refused(asSurgeon, { ...report, totals: ['sum:C'] })).toEqual([422, 'columns.C: “pay”不是可以汇总的数字'])
  expect(await refused(asSurgeon, { ...report, group: ['C'] })).toEqual([422, 'columns.C: 不能按“pay”分组'])
  expect(await refused(asSurgeon, spec([path('A', 'name'), path('C', 'pay'), formula('D', 'C * 2')]))).toEqual([
    422,
    'columns.D: 公式不能用受保护的“pay”',
  ])
  // Encrypted ones are worked on for nobody.
  expect(await refused(asOfficer, spec([path('A', 'secret'), formula('B', 'A + "x"')]))).toEqual([
    422,
    expect.stringContaining('columns.B'),
  ])
  expect((await asSurgeon.call('POST', '/api/reports/export', { report, name: '我的' })).status).toBe(403)
})

test('a field of a referenced record is shown only of records within the reader’s scope', async () => {
  const report = { base: 'trial.paper', columns: [path('A', 'name'), path('B', 'of.since'), path('C', 'of.name')] }
  const seen = await answered(asSurgeon, report)
  expect(seen.count).toBe(papers.filter((_, i) => i % 2 === 1).length)
  for (const row of seen.rows) {
    const { file: at } = papers[Number(String(row['A']).slice(2))]!
    expect([row['B'], row['C']]).toEqual([at < 4 ? files[at]!.since : null, files[at]!.name])
  }
})

test('a kept report is evaluated as its reader: refused whole, telling nothing; shared, locked and changed under the rules of views', async () => {
  const state = spec([path('A', 'name'), path('B', 'note', '绝密备注'), gathered('C', 'sum', 'hiddenScore')])
  const keep = (session: HttpSession, report: object) => session.call('POST', '/api/reports', { report })
  const kept = (await keep(asOfficer, { name: '科研汇总', isShared: true, isLocked: true, state })).json<Report>()
  expect(kept).toMatchObject({ isShared: true, isLocked: true, mayChange: true, problem: null, state })
  const theirs = await asSurgeon.call('GET', `/api/reports/${kept.id}`)
  expect(theirs.json<Report>()).toMatchObject({ problem: '报表用到了你没有权限查看的字段', mayChange: false, state: { columns: [] } })
  expect(theirs.text).not.toMatch(/绝密|hiddenScore/)
  const change = (session: HttpSession, report: object, version = 1) => session.call('PUT', `/api/reports/${kept.id}`, { report, version })
  expect((await change(asColleague, { name: '改名' })).json()).toMatchObject({ status: 403, title: '报表已锁定，只有建立的人可以修改' })
  expect((await change(asOfficer, { name: '旧的' }, 9)).status).toBe(409)
  expect((await change(asOfficer, { name: '科研汇总二', isShared: true })).json<Report>()).toMatchObject({
    name: '科研汇总二',
    state,
    version: 2,
  })
  expect((await keep(asSurgeon, { name: '给大家', isShared: true, state: spec([path('A', 'name')]) })).status).toBe(403)
  expect((await keep(asSurgeon, { name: '偷看', state })).status).toBe(400)
  // Its own type is not his to read: it is not there for him. A field that has gone refuses it.
  const own = (await keep(asSurgeon, { name: '自己的', state: spec([path('A', 'name')]) })).json<Report>()
  expect((await asOfficer.call('GET', `/api/reports/${own.id}`)).status).toBe(404)
  await h.kernel.db.query(`UPDATE kernel.report SET state = jsonb_set(state, '{columns,0,path}', '"goneField"') WHERE id = $1::uuid`, [
    own.id,
  ])
  expect((await asSurgeon.call('GET', `/api/reports/${own.id}`)).json<Report>()).toMatchObject({ problem: '报表用到的字段已经不存在' })
  expect((await asColleague.call('DELETE', `/api/reports/${kept.id}`)).status).toBe(204)
})

test('what is wrong with a report is told at its column', async () => {
  const a = path('A', 'name')
  expect(await refused(asOfficer, { base: 'trial.file', columns: [] })).toEqual([422, 'columns: 请至少选择一列'])
  expect(await refused(asOfficer, { base: 'trial.nothing', columns: [a] })).toEqual([400, '报表用到的字段已经不存在'])
  expect(await refused(asOfficer, spec([a, formula('B', 'A * 2')]))).toEqual([422, 'columns.B: 文字和数字不能用“*”'])
  expect(await refused(asOfficer, spec([formula('A', 'B + 1'), gathered('B', 'count')]))).toEqual([
    422,
    'columns.A: 公式里的“B”不是它前面的列',
  ])
  expect(await refused(asOfficer, spec([a, gathered('B', 'sum', 'name')]))).toEqual([422, 'columns.B: “题目”不是可以合计的数字'])
  expect(await refused(asOfficer, spec([a, gathered('B', 'count', null, { by: 'author' })]))).toEqual([400, '报表用到的字段已经不存在'])
  expect(await refused(asOfficer, spec([a], { sort: ['Z'] }))).toEqual([422, 'columns: 条件、排序或分组用到的列“Z”不在报表里'])
  expect(await refused(asOfficer, spec([a, { ...a }]))).toEqual([422, 'columns: 列的字母重复了'])
  expect(await refused(asOfficer, spec([a, path('B', 'department.parent.name')]))).toEqual([400, '报表用到的字段已经不存在'])
  expect(await refused(asOfficer, spec([a, path('B', 'secret')], { filter: { field: 'B', op: 'eq', value: '1' } }))).toEqual([
    422,
    'columns.B: “secret”受保护，不能作为条件或排序',
  ])
})

test('an exported report has a line for each row, in words, and says who took it', async () => {
  const report = spec([path('A', 'name'), path('B', 'level', '级别'), gathered('C', 'count'), path('D', 'practitioner', '人员')], {
    sort: ['A'],
  })
  const answer = await asOfficer.call('POST', '/api/reports/export', { report, name: '汇总', format: 'csv' })
  const lines = answer.text.replace('\uFEFF', '').trim().split('\r\n')
  expect(lines).toHaveLength(files.length + 2)
  expect(lines[0]).toBe('A,级别,论文count,人员'.replace('A', 'name'))
  expect(lines[1]).toBe(`档案01,高级,${papers.filter((one) => one.file === 0).length},张海涛`)
  expect(lines.at(-1)).toContain('周敏')
})
