import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boolean, chartAt, choice, date, decimal, drawnPage, integer, lookup, may, module, person, reference, resource, rollUpsOf, text, unit, type Filter, type SummaryAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { refreshRollUps } from './refresh.ts'

const work = resource('trial.work', {
  label: '工作',
  title: 'name',
  owner: { person: 'doctor', department: 'department' },
  fields: {
    name: text('名称', { required: true }),
    doctor: person('医师'),
    department: unit('科室'),
    level: choice('级别', { high: '高', low: '低' }),
    urgent: boolean('加急'),
    on: date('日期'),
    points: integer('分'),
    cost: decimal('费用', 2),
  },
})
const page = drawnPage('trial.figures', {
  label: '工作量',
  icon: 'dashboard',
  who: [],
  filters: [{ key: 'urgent', label: '加急', paths: ['urgent'], resource: 'trial.work' }],
  blocks: [chartAt('levels', '级别', [0, 0, 8, 6], work, 'bar', { group: ['level', 'on:month'], measures: ['sum:cost'] }), chartAt('points', '分', [8, 0, 8, 6], work, 'pie', { group: ['level'], measures: ['sum:points'] })], // prettier-ignore
})
const trial = module('trial', {
  label: '试用',
  resources: [work],
  pages: [page],
  roles: { staffMember: [may.readOwn(work)], departmentHead: [may.read(work, 'myUnits')], medicalOffice: [may.all(work), may.purge(work)] },
})
let h: TestHospital
let units: string[]
let head: string, other: string
let sessions: HttpSession[]
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  units = [await h.unit('外科'), await h.unit('内科'), await h.unit('儿科')]
  head = await h.person('李卫东', { unit: '外科', roles: ['departmentHead'] })
  other = await h.person('高璐', { unit: '内科' })
  sessions = [await h.signIn(head), await h.signIn(other), await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))]
}) // prettier-ignore
afterAll(() => h[Symbol.asyncDispose]())

const row = fc.record({
  department: fc.constantFrom(0, 1, 2, null),
  doctor: fc.constantFrom('head', 'other', null),
  level: fc.constantFrom('high', 'low', null),
  urgent: fc.constantFrom(true, false, null),
  on: fc.constantFrom('2026-01-05', '2026-01-31', '2026-02-01', null),
  points: fc.option(fc.integer({ min: -5, max: 50 }), { nil: null }),
  cost: fc.option(fc.integer({ min: 0, max: 99_999 }).map((n) => (n / 100).toFixed(2)), { nil: null }), // prettier-ignore
})
const act = fc.record({ kind: fc.constantFrom('create', 'update', 'delete', 'restore', 'purge'), at: fc.nat(40), row })
const samples = fc.sample(row, { numRuns: 30, seed: 5 })
const stored = ({ department, doctor, ...more }: (typeof samples)[number]) => ({ ...more, department: department === null ? null : units[department], doctor: doctor === 'head' ? head : doctor === 'other' ? other : null }) // prettier-ignore

interface Question {
  group?: string
  totals?: string
  filter?: Filter
}
const questions: Question[] = [
  { group: 'level' }, { group: 'level,on:month', totals: 'sum:cost' }, { group: 'department' }, { group: 'on:month', totals: 'sum:cost' }, { group: 'urgent' }, { totals: 'sum:points' }, {},
  { group: 'level', filter: { field: 'urgent', op: 'eq', value: true } },
  { group: 'level', filter: { and: [{ field: 'level', op: 'in', value: ['high'] }, { field: 'department', op: 'under', value: 0 }] } },
  { group: 'level', filter: { field: 'level', op: 'notIn', value: ['high'] } },
  { group: 'level', filter: { field: 'department', op: 'empty' } },
] // prettier-ignore
const ask = async (session: HttpSession, { filter, ...asked }: Question): Promise<SummaryAnswer> => {
  const said = filter && JSON.stringify(filter).replace('"value":0', `"value":"${units[0]!}"`)
  const answer = await session.call('GET', `/api/records/trial.work/summary?${new URLSearchParams({ ...asked, ...(said ? { filter: said } : {}) }).toString()}`) // prettier-ignore
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.anything()])
  return answer.json<SummaryAnswer>()
}
/** In an order of their own: where several keys are empty, the order among them is nobody's promise. */
const plain = ({ groups }: SummaryAnswer) => groups.map((one) => JSON.stringify([one.keys, one.count, one.totals.map((t) => (t === null ? null : String(t)))])).sort() // prettier-ignore

test('whatever is written, the cells answer as the table would: every reader, every key, every condition', async () => {
  const ids: { id: string; version: number; isDeleted: boolean }[] = []
  const done = new Set<string>()
  /** As the office does it: a refusal would be no act. */
  const office = async (...asked: Parameters<HttpSession['call']>) => {
    const answer = await sessions[2]!.call(...asked)
    expect([asked, answer.status]).toEqual([asked, expect.closeTo(202, -1)])
    return answer
  }
  const counted = async () => {
    const live: string[][] = []
    await h.kernel.db.query(`UPDATE kernel.roll_up SET fresh_at = NULL`)
    for (const session of sessions) for (const question of questions) live.push(plain(await ask(session, question)))
    await refreshRollUps(h.kernel, 0)
    const [kept] = await h.kernel.db.query<{ fresh: number }>(`SELECT count(*)::int AS fresh FROM kernel.roll_up WHERE fresh_at IS NOT NULL AND resource = 'trial.work'`)
    expect(kept!.fresh).toBe(2)
    let at = 0
    for (const session of sessions) for (const question of questions) expect([question, plain(await ask(session, question))]).toEqual([question, live[at++]]) // prettier-ignore
  }
  for (const [n, one] of samples.entries()) ids.push({ ...(await h.create('trial.work', { ...stored(one), name: `工作${n}` })), isDeleted: false }) // prettier-ignore
  await counted()
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      for (const { kind, at, row: next } of acts) {
        const one = ids[at % ids.length]!
        const url = `/api/records/trial.work/${one.id}`
        if (kind === 'create') ids.push({ ...(await h.create('trial.work', { ...stored(next), name: `新${ids.length}` })), isDeleted: false })
        else if (kind === 'update' && !one.isDeleted) one.version = (await office('PATCH', url, { version: one.version, changes: stored(next) })).json<{ record: { version: number } }>().record.version
        else if (kind === 'delete' && !one.isDeleted) {
          await office('DELETE', `${url}?version=${one.version}`)
          Object.assign(one, { isDeleted: true, version: one.version + 1 })
        } else if (kind === 'restore' && one.isDeleted) {
          await office('POST', `${url}/restore`)
          Object.assign(one, { isDeleted: false, version: one.version + 1 })
        } else if (kind === 'purge') {
          // Deleted and gone before anybody has counted.
          if (!one.isDeleted) await office('DELETE', `${url}?version=${one.version}`)
          await office('POST', `${url}/purge`, { reason: '登记有误' })
          ids.splice(ids.indexOf(one), 1)
        } else continue
        done.add(kind)
      }
      await counted()
    }),
    { numRuns: 6, seed: 9 },
  )
  expect([...done].sort()).toEqual(['create', 'delete', 'purge', 'restore', 'update'])
}, 120_000) // prettier-ignore

test('cells that have not been counted for a minute answer nothing', async () => {
  await refreshRollUps(h.kernel, 0)
  const before = (await ask(sessions[2]!, {})).groups[0]!.count
  // Behind the records path: only who reads the cells does not see it.
  await h.kernel.db.query(`UPDATE kernel.roll_up_cell SET n = n + 1000`)
  const [cells] = await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.roll_up_cell WHERE roll_up LIKE '%points'`)
  expect((await ask(sessions[2]!, { group: 'level' })).groups.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(before + 1000)
  expect(cells!.n).toBeGreaterThan(0)
  await h.kernel.db.query(`UPDATE kernel.roll_up SET fresh_at = $1`, [new Date(h.clock.now().getTime() - 61_000).toISOString()])
  expect((await ask(sessions[2]!, { group: 'level' })).groups.reduce((sum, { count }) => sum + count, 0)).toBe(before)
}) // prettier-ignore

test('of more groups than are answered the first are those of the table, also where a reader’s own rows lie beyond his units', async () => {
  await h.create('trial.work', { name: '早年', doctor: head, department: units[1], level: 'high', on: '1950-01-05' })
  await h.kernel.db.query(
    `INSERT INTO trial.work (id, version, state, created_at, updated_at, name, department, level, "on")
     SELECT gen_random_uuid(), 1, 'approved', now(), now(), '批量', $1, 'high', date '1960-01-05' + make_interval(months => n) FROM generate_series(1, 520) n`,
    [units[0]],
  )
  await h.kernel.db.query(`DELETE FROM kernel.roll_up`)
  const question = { group: 'level,on:month', totals: 'sum:cost' }
  const live = plain(await ask(sessions[0]!, question))
  await refreshRollUps(h.kernel, 0)
  expect(live).toHaveLength(500)
  expect(plain(await ask(sessions[0]!, question))).toEqual(live)
})

test('a unit that follows another record keeps no cells: it changes without a word in the history of what it is kept in', () => {
  const part = resource('trial.part', {
    label: '部分',
    title: 'name',
    owner: { department: 'department' },
    fields: {
      name: text('名称', { required: true }),
      work: reference('工作', 'trial.work'),
      level: choice('级别', { high: '高', low: '低' }),
      department: lookup('科室', 'work.department'),
    },
  })
  const parts = drawnPage('trial.parts', { label: '部分', icon: 'dashboard', who: [], blocks: [chartAt('levels', '级别', [0, 0, 8, 6], part, 'pie', { group: ['level'] })] }) // prettier-ignore
  const named = (pages: (typeof parts)[]) => rollUpsOf(productDefinitions([module('trial', { label: '试用', resources: [work, part], pages, roles: {} })])).map(({ resource: of }) => of) // prettier-ignore
  expect(named([page])).toContain('trial.work')
  expect(named([page, parts])).not.toContain('trial.part')
})
