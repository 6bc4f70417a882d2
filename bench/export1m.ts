// A million cases of twenty columns taken away as a workbook, names masked, by somebody who sees the whole hospital; heads go on reading their lists meanwhile.
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { createInflateRaw } from 'node:zlib'
import type { ExportJob } from '#model'
import { giveAccounts } from './accounts.ts'
import { bench, claim, fill, line, load, serveOurs, type BenchDatabase, type Served } from './harness.ts'
import { largeDatabase, unitsOf, uuid } from './large-data.ts'
import { id, password, signInAs } from './register-data.ts'

const columns = [
  'name', 'code', 'department', 'doctor', 'reviewer', 'status', 'level', 'kind', 'source', 'sex', 'urgent', 'happenedOn', 'dueOn', 'reportedAt', 'age', 'days',
  'score', 'amount', 'place', 'note',
] // prettier-ignore
const taker = 11

export default bench({
  async run(ctx) {
    await using database = await largeDatabase({ ...ctx, quick: true })
    await takerAccount(database)
    await using ours = await serveOurs(database, { roles: 'web' })
    // In a process of its own, as where there are so many records.
    await using worker = await serveOurs(database, { roles: 'worker,scheduler' })
    const filter = ctx.quick ? { field: 'happenedOn', op: 'between', value: ['2020-01-01', '2020-12-31'] } : null
    const others = await othersOf(ours)
    await load({ ...others, seconds: 3 })
    const idle = await load({ ...others, seconds: ctx.quick ? 6 : 20 })
    ctx.log(`  others, idle           ${line(idle)}`)
    const headers = { ...(await signInAs(ours.url, 'taker')), 'content-type': 'application/json' }
    const rss = new HighWater(worker.pid)
    ctx.log(`  memory before          ${Math.round(rss.look())} MB`)
    const begun = performance.now()
    const meanwhile = load({ ...others, seconds: ctx.quick ? 6 : 25 })
    const job = await exported(ours, headers, { format: 'xlsx', columns, filter, sort: ['-happenedOn'], job: true })
    const seconds = (performance.now() - begun) / 1000
    const most = rss.stop()
    const busy = await meanwhile
    ctx.log(`  others, meanwhile      ${line(busy)}`)
    ctx.log(`  ${job.rows.toLocaleString('en')} rows, ${Math.round(job.bytes! / 2 ** 20)} MB, ${seconds.toFixed(1)} s, at most ${Math.round(most)} MB of memory`)
    const rows = await rowsIn(ours, headers, job, join(database.folder, 'export.xlsx'))
    // The heading, and the line that says who took it.
    if (rows !== job.rows + 2) throw new Error(`the workbook has ${rows} rows`)
    return [
      claim(ctx, 'export1m.s', seconds, 's', '<=120'),
      claim(ctx, 'export1m.rss_mb', most, 'MB', '<=400'),
      claim(ctx, 'export1m.others_ratio', busy.p95 / idle.p95, 'x', '<=2', { floor: idle.p95, ours: busy.p95, relative: true }),
    ]
  },
}) // prettier-ignore

/** Somebody who sees names and codes of the whole hospital masked, and nothing left at work by a run that was cut off. */
async function takerAccount(database: BenchDatabase): Promise<void> {
  await fill(
    database,
    `DELETE FROM kernel.export_job; INSERT INTO directory.role_assignment (id, version, state, created_at, updated_at, status, role, person)
     VALUES (${id('assignment', String(taker))}, 1, 'approved', now(), now(), 'active', 'hospitalLeader', ${id('person', String(taker))}) ON CONFLICT DO NOTHING`,
  )
  await giveAccounts(database, password, [{ name: 'taker', person: uuid('person', taker) }])
}
/** Eight heads who read their lists, each for a tenth of a second before the next. */
async function othersOf(ours: Served) {
  const calls = ['done', 'waiting', 'open', 'dropped'].flatMap((status) =>
    unitsOf.head.slice(0, 4).map((unit) => {
      const filter = { and: [{ field: 'status', op: 'eq', value: status }, { field: 'department', op: 'under', value: unit }] } // prettier-ignore
      return {
        path: `/api/records/large.case?${new URLSearchParams({ limit: '50', columns: columns.slice(0, 10).join(), filter: JSON.stringify(filter), sort: '-happenedOn' }).toString()}`,
      }
    }),
  )
  return { url: ours.url, connections: 8, pause: 100, method: 'GET', headers: await signInAs(ours.url, 'head'), calls, expect: '"rows":[' } as const // prettier-ignore
}

async function exported(ours: Served, headers: Record<string, string>, body: object): Promise<ExportJob> {
  const answer = await fetch(`${ours.url}/api/records/large.case/export`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (answer.status !== 202) throw new Error(`not begun: ${answer.status} ${await answer.text()}`)
  let { job } = (await answer.json()) as { job: ExportJob }
  while (job.state === 'waiting' || job.state === 'running') {
    await new Promise((done) => setTimeout(done, 250))
    job = (await (await fetch(`${ours.url}/api/exports/${job.id}`, { headers })).json()) as ExportJob
  }
  if (job.state !== 'done') throw new Error(`the export came to ${job.state}: ${job.note}`)
  return job
}
/** The rows of the first sheet, unpacked and counted. */
async function rowsIn(ours: Served, headers: Record<string, string>, job: ExportJob, path: string): Promise<number> {
  const answer = await fetch(`${ours.url}/api/exports/${job.id}/file`, { headers })
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(path))
  let [rows, rest] = [0, '']
  try {
    const inflate = createInflateRaw()
    // Behind the first local header and its name.
    const start = 30 + 'xl/worksheets/sheet1.xml'.length
    createReadStream(path, { start }).pipe(inflate)
    for await (const piece of inflate) {
      const text = rest + (piece as Buffer).toString('latin1')
      rows += text.split('<row ').length - 1
      rest = text.slice(-4)
    }
  } finally {
    await rm(path, { force: true })
  }
  return rows
}

/** The most memory that a process had, looked at four times a second. */
class HighWater {
  private most = 0
  private readonly timer: NodeJS.Timeout
  private readonly pid: number
  constructor(pid: number) {
    this.pid = pid
    this.timer = setInterval(() => this.look(), 250)
  }
  look(): number {
    const now = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]) / 1024
    this.most = Math.max(this.most, now)
    return now
  }
  /** Megabytes. */
  stop(): number {
    clearInterval(this.timer)
    this.look()
    return this.most
  }
}
