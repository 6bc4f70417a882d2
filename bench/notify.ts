// A notice to ten thousand people: until it lies in all their lists and the open pages among them show it, while others go on reading.
import { giveAccounts } from './accounts.ts'
import { bench, benchDatabase, claim, fill, line, load, serveOurs, type Served } from './harness.ts'
import { columns, fillEntries, filter } from './list.ts'
import { json, OpenPage, type Headers } from './open-page.ts'
import { id, idOf, password, prepareRegister, registerFolder, signInAs } from './register-data.ts'

const everybody = 10_000
/** Pages that stand open. */
const pages = 60
const body = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: '请各科室于月底前完成自查。' }] }] }

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = registerFolder
    const seconds = ctx.quick ? 10 : 30
    await using database = await benchDatabase('notify')
    await prepareRegister(database)
    const envelope = `1, 'approved', now(), now()`
    await fill(
      database,
      `INSERT INTO directory.person (id, version, state, created_at, updated_at, name, staff_number, unit, status)
         SELECT ${id('person', 'n')}, ${envelope}, '人员' || n, lpad(n::text, 5, '0'), ${id('unit', 'n % 600')}, 'active' FROM generate_series(600, ${everybody - 1}) n;
       INSERT INTO directory.role_assignment (id, version, state, created_at, updated_at, status, role, person) VALUES (${id('assignment', '1')}, ${envelope}, 'active', 'medicalOffice', ${id('person', '0')}); ANALYZE`,
    )
    await fillEntries(database, 300_000)
    await giveAccounts(database, password, Array.from({ length: pages }, (_, n) => ({ name: `reader${n}`, person: idOf('person', n * 150 + 1) })))
    await using ours = await serveOurs(database)
    const head = await signInAs(ours.url, 'head')
    const readers: OpenPage[] = []
    for (let n = 0; n < pages; n++) readers.push(new OpenPage(ours, await signInAs(ours.url, `reader${n}`)))
    for (const reader of readers) await reader.open()
    const path = `/api/records/bench.entry?filter=${encodeURIComponent(JSON.stringify(filter))}&sort=-createdAt&limit=50&columns=${columns}`
    const others = { url: ours.url, connections: 8, pause: 100, method: 'GET', headers: head, calls: [{ path }], expect: '"rows":[{' } as const
    await load({ ...others, seconds: 4 })
    const idle = await load({ ...others, seconds })
    ctx.log(`  others, idle           ${line(idle)}`)
    const busyLoad = load({ ...others, seconds })
    const took: number[] = []
    for (let n = 1; n <= (ctx.quick ? 3 : 8); n++) took.push(await published(ours, head, readers, n))
    const busy = await busyLoad
    ctx.log(`  others, meanwhile      ${line(busy)}`)
    ctx.log(`  a notice to ${everybody.toLocaleString('en')}: ${took.map((one) => one.toFixed(2)).join(', ')} s until ${pages} open pages show it`)
    for (const reader of readers) reader.close()
    return [
      claim(ctx, 'notify.s', Math.max(...took), 's', '<=10'),
      claim(ctx, 'notify.others_ratio', busy.p95 / idle.p95, 'x', '<=2', { floor: idle.p95, ours: busy.p95, relative: true }),
    ]
  },
}) // prettier-ignore

/** Publishes the n-th; answers the seconds until every open page has heard of it and, asking, got as many notices and messages. */
async function published(ours: Served, head: Headers, readers: readonly OpenPage[], n: number): Promise<number> {
  const { record } = await json<{ record: { id: string; version: number } }>(ours, head, 'POST', '/api/records/notices.notice', { title: `通知${n}`, body, kind: 'hospital' })
  const shown = readers.map((reader) => until(reader, n))
  const began = performance.now()
  const { readers: told } = await json<{ readers: number }>(ours, head, 'POST', `/api/notices/${record.id}/publish`, { version: record.version })
  if (told !== everybody) throw new Error(`${told} people told`)
  await Promise.all(shown)
  return (performance.now() - began) / 1000
} // prettier-ignore

/** Until the badge of a page counts so many messages, and its list has the notice: where many are told at once, it asks by chance within the stretch it was given. */
function until(page: OpenPage, n: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const ask = () => void isThere(page, n).then((is) => (is ? resolve() : undefined), reject)
  page.heard = ({ counts, within = 0 }) => void (counts && setTimeout(ask, Math.random() * within))
  return promise
}
async function isThere(page: OpenPage, n: number): Promise<boolean> {
  const { messages } = await page.ask<{ messages: number }>('GET', '/api/counts')
  if (messages < n) return false
  const { rows } = await page.ask<{ rows: { title: string }[] }>('GET', '/api/notices')
  return rows[0]?.title === `通知${n}`
}
