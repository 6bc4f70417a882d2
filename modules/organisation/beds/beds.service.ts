import { today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { bodyOf } from '#kernel/server/http/routes/records.ts'
import { etagOf } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { refuseHidden } from '#kernel/server/records/may-ask.ts'
import { questionOfAll } from '#kernel/server/records/read-all.ts'
import { service } from '#kernel/server/service.ts'
import { openNow, type BedMap } from './beds.rules.ts'
import { hearStates, readNews } from './news.ts'

const name = 'organisation.bed'
type Values = Readonly<Record<string, unknown>>

const columns = ['ward', 'speciality', 'room', 'room.number', 'room.kind', 'number', 'kind', 'opening', 'status', 'condition', 'statusAt'] as const // prettier-ignore
type Found = Record<'id' | 'ward' | 'number' | 'kind' | 'opening' | 'status' | 'condition', string> &
  Record<'speciality' | 'room' | 'status_at' | 'p0' | 'p1', string | null>
/** Every open bed that the reader may see, in one statement: what is counted and drawn of them is the page's affair. */
export async function bedMap(kernel: Kernel, ctx: Context): Promise<BedMap> {
  const { text, values } = questionOfAll(kernel, ctx, name, { filter: openNow, columns, sort: ['ward'] })
  // Rows are handed on as they come, so nothing of them may be hidden from him.
  refuseHidden(kernel, ctx, kernel.resource(name), kernel.access.need(ctx.actor, 'read', name), columns)
  const rows = await ctx.db.query<Found>(text, values)
  const map: BedMap = { day: today(ctx.clock), heardAt: null, units: [], rooms: [], beds: [] }
  const units = new Map<string, number>()
  const named = new Set(rows.flatMap(({ ward, speciality }) => [ward, speciality]))
  for (const { id, name: label } of [...ctx.directory.units.values()].sort((a, b) => a.position - b.position || (a.code < b.code ? -1 : 1)))
    if (named.has(id)) units.set(id, map.units.push({ id, name: label }) - 1)
  const rooms = new Map<string, number>()
  for (const { id, ward, speciality, room, p0, p1, status_at, number, kind, opening, status, condition } of rows) {
    if (!units.has(ward)) continue
    if (room && !rooms.has(room)) rooms.set(room, map.rooms.push({ number: p0 ?? '', kind: p1 ?? '' }) - 1)
    if (status_at && (!map.heardAt || status_at > map.heardAt)) map.heardAt = status_at
    const [at, of] = [units.get(ward)!, units.get(speciality ?? '') ?? null]
    map.beds.push({ id, number, ward: at, speciality: of, room: room ? rooms.get(room)! : null, kind, opening, status, condition })
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
