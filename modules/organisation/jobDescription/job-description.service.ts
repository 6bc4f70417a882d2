import { Refusal, today, type ApiRecord, type FieldProblem } from '#model'
import { personOf, type Context } from '#kernel/server/context.ts'
import { needId } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { listAll } from '#kernel/server/records/list-all.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { getRecord } from '#kernel/server/records/read.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { permissionOver } from '#kernel/server/records/rights-over.ts'
import { service } from '#kernel/server/service.ts'
import { storedTimeline } from '#kernel/server/store/timeline.ts'
import { descriptionOf, type Description, type Held, type Holders, type OwnJob } from './job-description.rules.ts'

const name = 'organisation.jobDescription'

async function check(_: Kernel, ctx: Context, values: Readonly<Record<string, unknown>>, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const [other] = await ctx.db.query<{ name: string }>(
    `SELECT name FROM organisation.job_description WHERE post = $1 AND unit IS NOT DISTINCT FROM $2::uuid AND id IS DISTINCT FROM $3::uuid AND deleted_at IS NULL
       AND "from" <= coalesce($5::date, 'infinity') AND coalesce("to", 'infinity') >= $4::date LIMIT 1`,
    [values['post'], values['unit'] ?? null, stored?.id ?? null, values['from'], values['to'] ?? null],
  )
  return other ? [{ field: 'post', message: `这段时间已有“${other.name}”，请修改那一份` }] : []
} // prettier-ignore

/** Those in use today, each in the words that hold today. */
function inUse(kernel: Kernel, ctx: Context): Promise<Description[]> {
  const { stretches } = storedTimeline(kernel.defs, name)!
  return ctx.db.query<Description>(
    `SELECT d.id, d.name, d.post, d.unit, greatest(s.since_day, d."from")::text AS edition, s.noted_at AS "notedAt"
     FROM organisation.job_description d JOIN ${stretches} s ON s.record_id = d.id AND s.since_day <= $1::date AND s.until_day > $1::date
     WHERE d.deleted_at IS NULL AND d."from" <= $1::date AND (d."to" IS NULL OR d."to" >= $1::date) ORDER BY d.id`,
    [today(ctx.clock)],
  )
}
/** When each of these people last read one of these editions. */
async function readingsOf(ctx: Context, descriptions: readonly Description[], people: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.db.query<{ description: string; person: string; edition: string; at: string }>(
    `SELECT description, person, edition::text, max(read_at) AS at FROM organisation.job_reading
     WHERE description = ANY($1::uuid[]) AND person = ANY($2::uuid[]) AND deleted_at IS NULL GROUP BY description, person, edition`,
    [descriptions.map(({ id }) => id), people],
  )
  const current = new Map(descriptions.map((one) => [one.id, one]))
  return new Map(
    rows.flatMap(({ description, person, edition, at }) => {
      const now = current.get(description)!
      return edition === now.edition && at >= now.notedAt ? [[`${description} ${person}`, at] as const] : []
    }),
  )
}

async function ownJobs(kernel: Kernel, ctx: Context): Promise<OwnJob[]> {
  const person = personOf(ctx.actor)
  if (!person) return []
  const descriptions = await inUse(kernel, ctx)
  const read = await readingsOf(ctx, descriptions, [person])
  const { directory } = ctx
  return directory.membershipsOf(person, today(ctx.clock)).map(({ post, unit }) => {
    const found = descriptionOf(descriptions, post, directory.pathOf(unit))
    const readAt = found ? (read.get(`${found.id} ${person}`) ?? null) : null
    return { post, unit, unitName: directory.unitName(unit), description: found?.id ?? null, edition: found?.edition ?? null, readAt }
  })
}
/** Who holds what it describes today, by person; the first post counts. */
async function holdersOf(ctx: Context, id: string, descriptions: readonly Description[]): Promise<Map<string, Held>> {
  const { post } = descriptions.find((one) => one.id === id)!
  const { directory } = ctx
  const held = await ctx.db.query<Held & { person: string }>(
    `SELECT person, post, unit FROM directory.membership WHERE post = $1 AND deleted_at IS NULL AND ("from" IS NULL OR "from" <= $2::date) AND ("to" IS NULL OR "to" >= $2::date) ORDER BY main DESC NULLS LAST, id`,
    [post, today(ctx.clock)],
  )
  const holders = new Map<string, Held>()
  for (const { person, unit } of held)
    if (!holders.has(person) && directory.isActive(person) && descriptionOf(descriptions, post, directory.pathOf(unit))?.id === id)
      holders.set(person, { post, unit })
  return holders
} // prettier-ignore

const mostHolders = 10_000
/** As far as the reader may see these people. */
async function holders(kernel: Kernel, ctx: Context, id: string): Promise<Holders> {
  await getRecord(kernel, ctx, name, id)
  const descriptions = await inUse(kernel, ctx)
  const current = descriptions.find((one) => one.id === id)
  if (!current) throw new Refusal('flowRefused', '这份岗位说明书今天不在使用')
  const held = await holdersOf(ctx, id, descriptions)
  const filter = { field: 'id', op: 'in', value: [...held.keys()] } as const
  const seen = held.size ? (await listAll(kernel, ctx, 'directory.person', { filter, columns: ['name'], sort: ['staffNumber'] }, mostHolders)).rows : []
  const read = await readingsOf(ctx, [current], seen.map((row) => row.id))
  const people = seen.map((row) => ({ person: row.id, name: String(row['name']), unitName: ctx.directory.unitName(held.get(row.id)!.unit), readAt: read.get(`${id} ${row.id}`) ?? null }))
  return { edition: current.edition, people }
} // prettier-ignore

/** Who holds the post says that he has read what it is there for: once an edition. */
async function confirm(kernel: Kernel, ctx: Context, id: string): Promise<OwnJob[]> {
  const person = personOf(ctx.actor)
  await getRecord(kernel, ctx, name, id)
  await kernel.transaction(ctx, async (tx) => {
    // Of two clicks at once the second finds the first one's.
    await loadRecord(kernel, tx, kernel.resource(name), id, { lock: true })
    const job = (await ownJobs(kernel, tx)).find(({ description }) => description === id)
    if (!job) throw new Refusal('flowRefused', '您没有担任这个岗位，不用确认')
    if (job.readAt) return
    const draft = { description: id, person, edition: job.edition, readAt: tx.clock.now().toISOString() }
    await createRecord(kernel, tx, 'organisation.jobReading', draft, { byModule: true, system: true, act: 'job.confirm' })
  })
  return ownJobs(kernel, ctx)
}
const telling = (edition: string, title: string) => ({ kind: 'result', title: `请阅读岗位说明书：${title}`, body: `${edition} 起执行，阅读后请确认`, link: '/organisation/jobDescription/mine' }) as const // prettier-ignore
/** Tells whoever has not read it; answers how many. */
async function remind(kernel: Kernel, ctx: Context, id: string): Promise<{ told: number }> {
  const { record } = await getRecord(kernel, ctx, name, id)
  if (!(await permissionOver(kernel, ctx, 'update', kernel.resource(name), record))) throw new Refusal('noRight', '没有提醒的权限')
  const { edition, people } = await holders(kernel, ctx, id)
  const late = people.filter(({ readAt }) => readAt === null)
  await kernel.transaction(ctx, (tx) => tell(tx, late.map(({ person }) => person), telling(edition, String(record['name'])))) // prettier-ignore
  return { told: late.length }
}
async function announce(kernel: Kernel, ctx: Context, record: ApiRecord): Promise<void> {
  const descriptions = await inUse(kernel, ctx)
  const current = descriptions.find(({ id }) => id === record.id)
  if (!current) return
  const held = await holdersOf(ctx, record.id, descriptions)
  await tell(ctx, [...held.keys()], telling(current.edition, current.name))
}

export default service({
  name,
  checks: { [name]: check },
  begins: { [name]: announce },
  routes({ app, kernel, contextOf }) {
    const who = { right: 'organisation.jobs' }
    app.get('/api/organisation/jobs', { config: { who } }, async (request) => ownJobs(kernel, await contextOf(request)))
    app.get<{ Params: { id: string } }>('/api/organisation/jobs/:id', { config: { who } }, async (request) =>
      holders(kernel, await contextOf(request), needId(request.params.id)),
    )
    app.post<{ Params: { id: string } }>('/api/organisation/jobs/:id/confirm', { config: { who } }, async (request) =>
      confirm(kernel, await contextOf(request), needId(request.params.id)),
    )
    app.post<{ Params: { id: string } }>('/api/organisation/jobs/:id/remind', { config: { who } }, async (request) =>
      remind(kernel, await contextOf(request), needId(request.params.id)),
    )
  },
})
