// Lists of 10,000,000 cases of twenty columns: a head's units under four conditions, closed units whose rows are old and few, whatever lists offer at random, and names by two characters.
import {
  alternate,
  bench,
  claim,
  line,
  load,
  median,
  serveFloor,
  serveOurs,
  type BenchContext,
  type Claim,
  type Served,
} from './harness.ts'
import { caseNames, largeDatabase, randomOf, rowsOf, units, unitsOf, uuid } from './large-data.ts'
import { signInAs } from './register-data.ts'

const me = uuid('person', 0)
const conditions = [
  { field: 'level', op: 'eq', value: 'second' },
  { field: 'status', op: 'in', value: ['done', 'waiting'] },
  { field: 'kind', op: 'in', value: ['k0', 'k1', 'k2'] },
  { field: 'happenedOn', op: 'between', value: ['2024-01-01', '2026-06-30'] },
]
const columns = 'name,department,doctor,status,level,kind,happenedOn,dueOn,score,amount'
type Ask = { filter?: object[]; sort?: string; search?: string }
const pathOf = ({ filter = [], sort, search }: Ask): string =>
  `/api/records/large.case?${new URLSearchParams({ limit: '50', columns, ...(filter.length ? { filter: JSON.stringify({ and: filter }) } : {}), ...(sort ? { sort } : {}), ...(search ? { search } : {}) }).toString()}`

export default bench({
  floor(app, pool) {
    // The best form found: keys of each unit (and of one's own cases) out of the covering index in order, merged, then fifty rows by key.
    const keys = `SELECT id, happened_on FROM large."case" t WHERE %s AND t.deleted_at IS NULL AND level = $3 AND status = ANY($4) AND kind = ANY($5) AND happened_on BETWEEN $6 AND $7 ORDER BY happened_on DESC, id DESC LIMIT 51`
    app.get('/list', async () => {
      const { rows } = await pool.query({
        name: 'list',
        text: `SELECT c.id, version, state, created_at, created_by, updated_at, updated_by, name, department, doctor, status, level, kind, c.happened_on, due_on, score, amount
          FROM (SELECT DISTINCT ON (happened_on, id) * FROM (
              SELECT k.* FROM unnest($1::uuid[]) u(id) CROSS JOIN LATERAL (${keys.replace('%s', 'department = u.id')}) k
              UNION ALL (${keys.replace('%s', 'doctor = $2')})) m ORDER BY happened_on DESC, id DESC LIMIT 51) m
          JOIN large."case" c ON c.id = m.id ORDER BY m.happened_on DESC, m.id DESC`,
        values: [unitsOf.head, me, 'second', ['done', 'waiting'], ['k0', 'k1', 'k2'], '2024-01-01', '2026-06-30'],
      })
      return { rows }
    })
  },
  async prepare(ctx) {
    await (await largeDatabase(ctx))[Symbol.asyncDispose]()
  },
  async run(ctx) {
    await using database = await largeDatabase(ctx)
    ctx.log(`  ${rowsOf(ctx).toLocaleString('en')} rows, 600 units, fsync on`)
    await using floor = await serveFloor(database, 'list10m')
    await using ours = await serveOurs(database)
    return [...(await lists(ctx, floor, ours)), await refusals(ctx, ours), await search(ctx, ours)]
  },
})

async function lists(ctx: BenchContext, floor: Served, ours: Served): Promise<Claim[]> {
  const plan = { connections: 32, method: 'GET', expect: '"rows":[{' } as const
  const calls = [{ path: pathOf({ filter: conditions, sort: '-happenedOn' }) }]
  const turns = await alternate(
    ctx,
    { ...plan, url: floor.url, calls: [{ path: '/list' }] },
    { ...plan, url: ours.url, headers: await signInAs(ours.url, 'head'), calls },
  )
  const old = [{ path: pathOf({ filter: conditions.slice(0, 3), sort: '-happenedOn' }) }]
  const closed = await load({
    ...plan,
    url: ours.url,
    headers: await signInAs(ours.url, 'oldHead'),
    calls: old,
    seconds: ctx.quick ? 3 : 10,
  })
  ctx.log(`  closed units        ${line(closed)}`)
  const [floorRate, oursRate] = [median(turns.floor.map((r) => r.perSecond)), median(turns.ours.map((r) => r.perSecond))]
  const p95 = median(turns.ours.map((r) => r.p95))
  return [
    claim(ctx, 'list10m.ratio', oursRate / floorRate, 'x', '>=0.6', { floor: floorRate, ours: oursRate, relative: true }),
    claim(ctx, 'list10m.p95_ms', Math.max(p95, closed.p95), 'ms', '<=300', { floor: median(turns.floor.map((r) => r.p95)), ours: p95 }),
  ]
}

const choices = {
  status: ['open', 'waiting', 'done', 'dropped', 'disputed'],
  level: ['first', 'second', 'third', 'fourth'],
  kind: Array.from({ length: 12 }, (_, n) => `k${n}`),
  source: ['clinic', 'ward', 'emergency', 'outside'],
} as const
const sorts = ['happenedOn', 'name', 'department', 'doctor', 'status', 'level', 'kind', 'dueOn', 'score', 'amount']

/** What lists offer, put together at random: one to three filters, a sort, one of three scopes. */
function* questions(many: number): Generator<Ask & { account: string }> {
  const random = randomOf(1000)
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const day = () => new Date(Date.UTC(2016, 10, 1) + Math.floor(random() * 3640) * 86_400_000).toISOString().slice(0, 10)
  const span = () => [day(), day()].sort()
  const offered: Record<string, () => object> = {
    department: () => ({ op: 'under', value: one(units) }),
    doctor: () => ({ op: 'eq', value: uuid('person', Math.floor(random() * 600)) }),
    ...Object.fromEntries(
      Object.entries(choices).map(([key, list]) => [
        key,
        () => ({ op: 'in', value: random() < 0.5 ? [one(list)] : [one(list), one(list)] }),
      ]),
    ),
    urgent: () => ({ op: 'eq', value: random() < 0.5 }),
    happenedOn: () => ({ op: 'between', value: span() }),
    dueOn: () => (random() < 0.5 ? { op: 'between', value: span() } : { op: 'empty' }),
    amount: () => ({ op: 'gte', value: String(Math.floor(random() * 190_000)) }),
  }
  for (let n = 0; n < many; n++) {
    const fields = Object.keys(offered).sort(() => random() - 0.5).slice(0, 1 + Math.floor(random() * 3)) // prettier-ignore
    const sort = random() < 0.3 ? {} : { sort: `${random() < 0.5 ? '-' : ''}${one(sorts)}` }
    yield { filter: fields.map((field) => ({ field, ...offered[field]!() })), ...sort, account: one(['head', 'oldHead', 'office']) }
  }
}

async function refusals(ctx: BenchContext, ours: Served): Promise<Claim> {
  const many = ctx.quick ? 300 : 1000
  const headers = new Map<string, Record<string, string>>()
  for (const account of ['head', 'oldHead', 'office']) headers.set(account, await signInAs(ours.url, account))
  const [taken, refusing]: [number[], number[]] = [[], []]
  const waiting = [...questions(many)]
  const worker = async () => {
    for (let ask = waiting.pop(); ask; ask = waiting.pop()) {
      const begun = performance.now()
      const answer = await fetch(ours.url + pathOf(ask), { headers: headers.get(ask.account)! })
      const body = (await answer.json()) as { code?: string; ways?: unknown[]; index?: string | null; job?: string | null }
      const ms = performance.now() - begun
      if (answer.status === 200) taken.push(ms)
      else if (body.code !== 'slowQuery' || !body.job) throw new Error(`${JSON.stringify(ask)}: ${JSON.stringify(body)}`)
      else {
        refusing.push(ms)
        ctx.log(`    refused ${ask.account} ${JSON.stringify(ask.filter)} ${ask.sort ?? ''} after ${ms.toFixed(0)} ms`)
      }
      if (answer.status === 200 && ms > 1000) ctx.log(`    slow    ${ask.account} ${JSON.stringify(ask.filter)} ${ask.sort ?? ''} ${ms.toFixed(0)} ms`)
    }
  } // prettier-ignore
  await Promise.all([worker(), worker(), worker(), worker()])
  taken.sort((a, b) => a - b)
  const at = (share: number) => (taken[Math.floor((taken.length - 1) * share)] ?? 0).toFixed(0)
  ctx.log(`  ${many} questions at random, each for the first time: ${refusing.length} refused; answered P50 ${at(0.5)}  P95 ${at(0.95)}  P99 ${at(0.99)}  longest ${at(1)} ms`) // prettier-ignore
  return claim(ctx, 'list10m.refused', refusing.length / many, '', '<=0.02', { ours: refusing.length })
}

/** Two characters of a name, its pinyin, its initials: whoever sees the whole hospital looks for somebody. */
async function search(ctx: BenchContext, ours: Served): Promise<Claim> {
  const random = randomOf(77)
  const names = caseNames()
  const words = Array.from({ length: 120 }, (_, n) => {
    const [name, text] = names[Math.floor(random() * names.length)]!
    const [, initials = '', whole = ''] = text.split(' ')
    return n % 3 === 0 ? name.slice(n % 2 && name.length > 2 ? 1 : 0).slice(0, 2) : n % 3 === 1 ? whole : initials
  })
  const headers = await signInAs(ours.url, 'office')
  const calls = words.map((word) => ({ path: pathOf({ search: word }) }))
  const found = await load({
    url: ours.url,
    connections: 4,
    method: 'GET',
    headers,
    calls,
    expect: '"rows":[{',
    seconds: ctx.quick ? 5 : 30,
  })
  ctx.log(`  search              ${line(found)}`)
  return claim(ctx, 'search10m.p95_ms', found.p95, 'ms', '<=300', { ours: found.p95 })
}
