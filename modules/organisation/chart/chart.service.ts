import { among, today } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { summarise } from '#kernel/server/records/summarise.ts'
import { needDay } from '#kernel/server/records/timeline.ts'
import { service } from '#kernel/server/service.ts'
import { nobody, type ChartUnit, type OrganisationChart, type UnitCount } from './chart.rules.ts'

const mostCounts = 20_000
/** The units of a day and how many people were in each, as far as the reader may see people. */
export const chartOn = (kernel: Kernel, ctx: Context, day: string): Promise<OrganisationChart> =>
  kernel.onDay(ctx, day, async (on) => {
    const counts = await countsOf(kernel, on)
    const held = [...on.asOf!.directory.units.values()]
    const there = new Set(held.map(({ id }) => id))
    const units = held.map(({ id, code, name, kind, parent, zones }): ChartUnit => {
      const own = counts && (counts.get(id) ?? nobody())
      return {
        id,
        code,
        name,
        kind,
        parent: parent && there.has(parent) ? parent : null,
        zone: zones.join('、') || null,
        ...(own ? { own } : {}),
      }
    })
    return { day, units, without: counts && withoutUnit(counts, there) }
  })
function withoutUnit(counts: ReadonlyMap<string, UnitCount>, there: ReadonlySet<string>): UnitCount {
  const sum = nobody()
  for (const [unit, { active, away, external }] of counts) {
    if (there.has(unit)) continue
    sum.active += active
    sum.away += away
    sum.external += external
  }
  return sum
}
async function countsOf(kernel: Kernel, ctx: Context): Promise<Map<string, UnitCount> | null> {
  if (!kernel.access.can(ctx.actor, 'read', 'directory.person')) return null
  const asked = { filter: among('status', ['active', 'away', 'external']), group: ['unit', 'status'], totals: [], ranked: { by: -1, isRising: false, most: mostCounts } }
  const counts = new Map<string, UnitCount>()
  for (const { keys, count } of (await summarise(kernel, ctx, 'directory.person', asked)).groups) {
    const unit = String(keys[0] ?? '')
    const own = counts.get(unit) ?? nobody()
    own[keys[1] as keyof UnitCount] += count
    counts.set(unit, own)
  }
  return counts
} // prettier-ignore

export default service({
  name: 'organisation.chart',
  routes({ app, kernel, contextOf }) {
    app.get<{ Querystring: { asOf?: string } }>('/api/organisation/chart', { config: { who: { right: 'organisation.chart' } } }, async (request) => {
      const ctx = await contextOf(request)
      return chartOn(kernel, ctx, request.query.asOf ? needDay(request.query.asOf) : today(ctx.clock))
    })
  },
}) // prettier-ignore
