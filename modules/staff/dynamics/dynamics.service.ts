import { today } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { takeTable } from '#kernel/server/exchange/take-table.ts'
import { namedFile } from '#kernel/server/http/headers.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { summarise } from '#kernel/server/records/summarise.ts'
import { needDay } from '#kernel/server/records/timeline.ts'
import { service } from '#kernel/server/service.ts'
import { figures, type Counts, type Dynamics, type Figure } from './dynamics.rules.ts'

const right = 'staff.dynamics'
const takes = 'staff.dynamics.export'
const mostUnits = 20_000

/** The figures of each unit on a day, as far as the reader may see whom they count; what moved is counted from `since` up to the day. */
export async function dynamicsOn(kernel: Kernel, ctx: Context, day: string, since: string | null): Promise<Dynamics> {
  const shown = figures.filter(({ resource }) => kernel.access.can(ctx.actor, 'read', resource))
  const counted = new Map<string, Map<string | null, number>>()
  for (const figure of shown) counted.set(figure.key, await countOf(kernel, ctx, figure, day, since))
  return kernel.onDay(ctx, day, (on) => {
    const held = [...on.asOf!.directory.units.values()]
    const parents = new Map(held.map(({ id, parent }) => [id, parent]))
    const sums = new Map<string, Counts>(held.map(({ id }) => [id, {}]))
    const whole: Counts = {}
    for (const [key, byUnit] of counted)
      for (const [unit, count] of byUnit) {
        whole[key] = (whole[key] ?? 0) + count
        // In a circle of units each is counted once.
        const seen = new Set<string>()
        for (let up = unit; up && !seen.has(up); up = parents.get(up) ?? null) {
          seen.add(up)
          const counts = sums.get(up)
          if (counts) counts[key] = (counts[key] ?? 0) + count
        }
      }
    const units = held.map(({ id, code, name, kind, parent, zones }) => ({ id, code, name, kind, parent: parent && parents.has(parent) ? parent : null, zone: zones.join('、') || null, counts: sums.get(id)! }))
    const mayExport = kernel.access.mayUse(ctx.actor, takes)
    return Promise.resolve({ day, since, shown: shown.map(({ key }) => key), units, whole, mayExport })
  })
} // prettier-ignore

async function countOf(kernel: Kernel, ctx: Context, figure: Figure, day: string, since: string | null): Promise<Map<string | null, number>> {
  const asked = { filter: figure.filter(day, since), group: [figure.unit], totals: [], ranked: { by: -1, isRising: false, most: mostUnits } }
  const read = (on: Context) => summarise(kernel, on, figure.resource, asked)
  const { groups } = figure.isDated ? await kernel.onDay(ctx, day, read) : await read(ctx)
  return new Map(groups.map(({ keys, count }) => [keys[0] as string | null, count]))
} // prettier-ignore

/** The table of all units as it stands on the page, from top to bottom. */
function tableOf({ units, shown, whole }: Dynamics) {
  const columns = figures.filter(({ key }) => shown.includes(key))
  const line = (counts: Counts) => columns.map(({ key }) => counts[key] ?? 0)
  const rows = units.filter(({ counts }) => Object.keys(counts).length > 0).map(({ code, name, counts }) => [code, name, ...line(counts)])
  return [['编码', '科室', ...columns.map(({ label }) => label)], ...rows, ['', '合计', ...line(whole)]]
}

type Asked = { asOf?: string; since?: string; format?: string }
export default service({
  name: right,
  routes({ app, kernel, contextOf }) {
    const read = (ctx: Context, { asOf, since }: Asked) =>
      dynamicsOn(kernel, ctx, asOf ? needDay(asOf) : today(ctx.clock), since ? needDay(since) : null)
    app.get<{ Querystring: Asked }>('/api/staff/dynamics', { config: { who: { right } } }, async (request) =>
      read(await contextOf(request), request.query),
    )
    app.get<{ Querystring: Asked }>(
      '/api/staff/dynamics/export',
      { config: { who: { right: takes }, lane: 'files' } },
      async (request, reply) => {
        const ctx = await contextOf(request)
        kernel.access.need(ctx.actor, 'export', 'staff.practitioner')
        const answer = await read(ctx, request.query)
        const table = tableOf(answer)
        const { stream, fileName, type } = await takeTable(kernel, ctx, {
          title: '医师动态',
          resource: 'staff.practitioner',
          table,
          extent: `${table.length - 2} 个科室`,
          format: request.query.format === 'csv' ? 'csv' : 'xlsx',
          detail: { day: answer.day, since: answer.since, count: table.length - 2 },
        })
        return reply.type(type).header('content-disposition', namedFile(fileName)).send(stream)
      },
    )
  },
})
