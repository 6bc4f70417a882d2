import { today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { bodyOf } from '#kernel/server/http/routes/records.ts'
import { etagOf } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { questionOfAll } from '#kernel/server/records/read-all.ts'
import { service } from '#kernel/server/service.ts'
import { openNow } from './bed.ts'
import type { BedMap } from './beds.rules.ts'
import { hearStates, readNews } from './news.ts'

const name = 'organisation.bed'
type Values = Readonly<Record<string, unknown>>

/** Every open bed that the reader may see, in one statement: what is counted and drawn of them is the page's affair. */
export async function bedMap(kernel: Kernel, ctx: Context): Promise<BedMap> {
  const columns = ['ward', 'speciality', 'room', 'room.number', 'room.kind', 'number', 'kind', 'opening', 'status', 'condition', 'statusAt'] // prettier-ignore
  const { text, values, shown } = questionOfAll(kernel, ctx, name, { filter: openNow, columns, sort: ['ward', 'number'] })
  const { rows } = await shown(await ctx.db.query<Record<string, unknown>>(text, values))
  const map: BedMap = { day: today(ctx.clock), heardAt: null, units: [], rooms: [], beds: [] }
  const units = new Map<string, number>()
  const named = new Set(rows.flatMap((row) => [row['ward'], row['speciality']]))
  for (const { id, name: label } of [...ctx.directory.units.values()].sort((a, b) => a.position - b.position || (a.code < b.code ? -1 : 1)))
    if (named.has(id)) units.set(id, map.units.push({ id, name: label }) - 1)
  const rooms = new Map<string, number>()
  const roomOf = (row: ApiRecord): number | null => {
    const id = row['room'] as string | null
    if (id && !rooms.has(id)) rooms.set(id, map.rooms.push({ number: String(row['room.number'] ?? ''), kind: String(row['room.kind'] ?? '') }) - 1) // prettier-ignore
    return id ? rooms.get(id)! : null
  }
  for (const row of rows) {
    const ward = units.get(row['ward'] as string)
    if (ward === undefined) continue
    const heard = row['statusAt'] as string | null
    if (heard && (!map.heardAt || heard > map.heardAt)) map.heardAt = heard
    const [number, kind, opening, status, condition] = ['number', 'kind', 'opening', 'status', 'condition'].map((key) => String(row[key]))
    map.beds.push({ id: row.id, number: number!, ward, speciality: units.get(row['speciality'] as string) ?? null, room: roomOf(row), kind: kind!, opening: opening!, status: status!, condition: condition! }) // prettier-ignore
  }
  return map
}

function check(_kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const ends = values['to'] as string | null
  const isTaken = values['status'] === 'occupied' || values['status'] === 'leaving'
  const closes = ends !== null && ends !== undefined && ends <= today(ctx.clock) && ends !== stored?.['to']
  return Promise.resolve(closes && isTaken ? [{ field: 'to', message: '床位上还有病人，请先改为空床再停用' }] : [])
}
/** Whoever changes state or condition by hand says how it is now: what the HIS told before counts no more. */
function sinceWhen(ctx: Context, values: Values, stored: ApiRecord | null): Values {
  const now = ctx.clock.now().toISOString()
  const changed = (key: string) => stored !== null && values[key] !== stored[key] && values[`${key}At`] === stored[`${key}At`]
  return { ...(changed('status') ? { statusAt: now } : {}), ...(changed('condition') ? { conditionAt: now } : {}) }
}

export default service({
  name: 'organisation.beds',
  checks: { [name]: check },
  along: { [name]: (_kernel, ctx, values, stored) => sinceWhen(ctx, values, stored) },
  routes({ app, kernel, contextOf }) {
    app.get('/api/organisation/beds', { config: { who: { right: 'organisation.beds' } } }, async (request, reply) => {
      const text = JSON.stringify(await bedMap(kernel, await contextOf(request)))
      const etag = etagOf(text)
      reply.header('etag', etag).header('cache-control', 'private, no-cache')
      if (request.headers['if-none-match'] === etag) return reply.status(304).send()
      return reply.type('application/json').send(text)
    })
    app.post('/api/organisation/beds/states', { config: { who: { right: 'organisation.bedNews' }, lane: 'programs' } }, async (request) => {
      const ctx = await contextOf(request)
      return hearStates(kernel, ctx, readNews(bodyOf(request)['beds'], ctx.clock.now()))
    })
  },
})
