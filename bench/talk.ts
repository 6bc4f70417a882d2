// 300 people with a page open, two by two, each writing now and then, 100 messages a second together: how long a sending takes, against a hand-written route with
// the same numbers and no more, and how long until the other's page hears of it; then how long a search takes in conversations of some size.
import { randomUUID } from 'node:crypto'
import { bench, benchDatabase, claim, fill, median, p95, serveFloor, serveOurs, type BenchContext, type Served } from './harness.ts'
import { id, idOf, prepareRegister, registerFolder } from './register-data.ts'
import { sessionsOf, type SignedIn } from './sessions.ts'

const pairs = 150
/** In the unit of the first: with him and his colleagues there it is near the bound of groups of units (mostStaff). */
const nurses = 4990
/** Between two sendings of one pair: together 100 a second. */
const pauseMs = 1500
const text = '3 床今天下午会诊，片子和检验都已上传，请先看一下，有问题随时说。'

export default bench({
  floor(app, pool) {
    app.post<{ Body: { talk: string; id: string; text: string } }>('/say', async ({ body }) => {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        const { rows } = await client.query<{ last: number }>({ name: 'n', text: 'UPDATE plain_talk SET last = last + 1 WHERE id = $1 RETURNING last', values: [body.talk] })
        await client.query({ name: 'm', text: 'INSERT INTO plain_message (id, talk, n, at, text) VALUES ($1, $2, $3, now(), $4)', values: [body.id, body.talk, rows[0]!.last, body.text] })
        await client.query('COMMIT')
        return { n: rows[0]!.last }
      } finally {
        client.release()
      }
    })
  },
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = registerFolder
    await using database = await benchDatabase('talk')
    await prepareRegister(database)
    await fill(
      database,
      `INSERT INTO directory.person (id, version, state, created_at, updated_at, name, staff_number, unit, status)
         SELECT ${id('person', 'n')}, 1, 'approved', now(), now(), '人员' || n, lpad(n::text, 5, '0'), ${id('unit', 'n % 600')}, 'active' FROM generate_series(600, 1999) n;
       INSERT INTO directory.person (id, version, state, created_at, updated_at, name, staff_number, unit, status)
         SELECT ${id('nurse', 'n')}, 1, 'approved', now(), now(), '护理' || n, 'N' || n, ${id('unit', '0')}, 'active' FROM generate_series(1, ${nurses}) n;
       CREATE TABLE plain_talk (id uuid PRIMARY KEY, last bigint NOT NULL DEFAULT 0); CREATE TABLE plain_message (id uuid PRIMARY KEY, talk uuid NOT NULL, n bigint NOT NULL, at timestamptz NOT NULL, text text NOT NULL, UNIQUE (talk, n));
       GRANT USAGE ON SCHEMA public TO xinglin_app; GRANT SELECT, INSERT, UPDATE ON plain_talk, plain_message TO xinglin_app`,
    )
    const people = await sessionsOf(database, 'talker', Array.from({ length: 2 * pairs }, (_, n) => idOf('person', 600 + n)))
    await using floor = await serveFloor(database, 'talk')
    await using ours = await serveOurs(database)
    const talks: string[] = []
    for (let n = 0; n < pairs; n++) talks.push((await ask<{ id: string }>(ours, people[n]!, 'POST', '/api/talks', { direct: people[n + pairs]!.person })).id)
    await fill(database, `INSERT INTO plain_talk (id) VALUES ${talks.map((talk) => `('${talk}')`).join(', ')}`)
    const heard = new Hearing()
    for (const [n, one] of people.entries()) await heard.open(ours, one, talks[n % pairs]!)
    const seconds = ctx.quick ? 4 : 12
    const [floors, ourses, shown] = [[] as number[], [] as number[], [] as number[]]
    await speak(3, talks, (talk, n) => sayOurs(ours, people[n]!, talk))
    for (let turn = 0; turn < (ctx.quick ? 2 : 5); turn++) {
      floors.push(p95(await speak(seconds, talks, (talk) => sayFloor(floor, talk))))
      const sent = await speak(seconds, talks, (talk, n) => {
        const told = heard.next(talk)
        const began = performance.now()
        return sayOurs(ours, people[n]!, talk).then(() => void told.then((at) => shown.push(at - began)))
      })
      ourses.push(p95(sent))
      ctx.log(`  run ${turn + 1}: ${Math.round(sent.length / seconds)}/s; sent in P95 ${ourses.at(-1)!.toFixed(1)} ms (floor ${floors.at(-1)!.toFixed(1)}); the other's page hears in P95 ${p95(shown).toFixed(0)} ms`)
    }
    heard.close()
    const found = await search(ctx, ours, people[0]!)
    const large = await sayToThousands(ctx, ours, people[0]!)
    return [
      claim(ctx, 'talk.send_p95_ms', median(ourses), 'ms', '<=100'),
      claim(ctx, 'talk.send_ratio', median(ourses) / median(floors), 'x', '<=12', { floor: median(floors), ours: median(ourses), relative: true }),
      claim(ctx, 'talk.shown_p95_ms', p95(shown), 'ms', '<=1000'),
      claim(ctx, 'talk.search_ms', found, 'ms', '<=1000'),
      claim(ctx, 'talk.unit_say_p95_ms', large.said, 'ms', '<=250'),
      claim(ctx, 'talk.unit_open_p95_ms', large.opened, 'ms', '<=250'),
    ]
  },
}) // prettier-ignore

async function ask<T>({ url }: Served, { cookie, csrf }: SignedIn, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(url + path, { method, headers: { cookie, 'x-csrf-token': csrf, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) }) // prettier-ignore
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
const sayOurs = (ours: Served, one: SignedIn, talk: string): Promise<unknown> => ask(ours, one, 'POST', `/api/talks/${talk}/messages`, { id: randomUUID(), text }) // prettier-ignore
async function sayFloor({ url }: Served, talk: string): Promise<unknown> {
  const answer = await fetch(`${url}/say`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ talk, id: randomUUID(), text }) }) // prettier-ignore
  if (!answer.ok) throw new Error(`floor: ${answer.status}`)
  return answer.json()
}
/** Every pair speaks now and then; answers how long each sending took, ms. */
async function speak(seconds: number, talks: readonly string[], say: (talk: string, n: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  const until = performance.now() + seconds * 1000
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
  const one = async (talk: string, n: number) => {
    // Nobody begins at the same instant.
    for (await pause((pauseMs * n) / talks.length); performance.now() < until;) {
      const began = performance.now()
      await say(talk, n)
      took.push(performance.now() - began)
      await pause(Math.max(0, pauseMs - (performance.now() - began)))
    }
  }
  await Promise.all(talks.map(one))
  return took
}

/** The pages of those who are written to. */
class Hearing {
  private readonly gone = new AbortController()
  private readonly waiting = new Map<string, (at: number) => void>()
  private readonly others = new Set<string>()
  async open({ url }: Served, { cookie }: SignedIn, talk: string): Promise<void> {
    const stream = await fetch(`${url}/api/live`, { headers: { cookie }, signal: this.gone.signal })
    // The writer's own page stands open, too, and is not the one that is measured.
    const isOther = this.others.has(talk)
    this.others.add(talk)
    void this.listen(stream, isOther).catch(() => undefined)
  }
  private async listen(stream: Response, isOther: boolean): Promise<void> {
    for await (const piece of stream.body!) {
      if (!isOther) continue
      for (const [talk] of Buffer.from(piece as Uint8Array)
        .toString()
        .matchAll(/[0-9a-f-]{36}/g)) {
        this.waiting.get(talk)?.(performance.now())
        this.waiting.delete(talk)
      }
    }
  }
  /** When the other's page hears next of this conversation. */
  next(talk: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>()
    this.waiting.set(talk, resolve)
    return promise
  }
  close(): void {
    this.gone.abort()
  }
}
/** So many messages in one's conversations: as many as are looked through at once, none of which has the words. */
async function search(ctx: BenchContext, ours: Served, one: SignedIn): Promise<number> {
  const { rows } = await ask<{ rows: { id: string }[] }>(ours, one, 'GET', '/api/talks')
  const talk = rows[0]!.id
  const most = ctx.quick ? 1000 : 5000
  for (let n = 0; n < most; n += 20) await Promise.all(Array.from({ length: 20 }, () => sayOurs(ours, one, talk)))
  const times: number[] = []
  for (let n = 0; n < 7; n++) {
    const began = performance.now()
    const { searched } = await ask<{ searched: number }>(ours, one, 'GET', `/api/talks/search?q=${encodeURIComponent('没有这几个字')}`)
    if (searched < most) throw new Error(`only ${searched} looked through`)
    times.push(performance.now() - began)
  }
  ctx.log(`  search through ${most.toLocaleString('en')} messages: ${median(times).toFixed(0)} ms`)
  return median(times)
} // prettier-ignore

/** The group of a unit at its bound: how long a line takes whose hearers are looked up among all of them, and how long its page takes to open. */
async function sayToThousands(ctx: BenchContext, ours: Served, one: SignedIn): Promise<{ said: number; opened: number }> {
  const talk = await ask<{ id: string; count: number }>(ours, one, 'POST', '/api/talks', { unit: idOf('unit', 0) })
  if (talk.count < nurses) throw new Error(`only ${talk.count} belong to it`)
  const [said, opened] = [[] as number[], [] as number[]]
  const timed = async (into: number[], work: () => Promise<unknown>) => {
    const began = performance.now()
    await work()
    into.push(performance.now() - began)
  }
  for (let n = 0; n < (ctx.quick ? 20 : 100); n++) {
    await timed(said, () => sayOurs(ours, one, talk.id))
    await timed(opened, () => ask(ours, one, 'GET', `/api/talks/${talk.id}`))
  }
  ctx.log(`  a group of ${talk.count}: a line P95 ${p95(said).toFixed(0)} ms, opened P95 ${p95(opened).toFixed(0)} ms`)
  return { said: p95(said), opened: p95(opened) }
}
