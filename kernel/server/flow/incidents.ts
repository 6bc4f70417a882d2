import type { IncidentItem } from '#model'
import { findHandled, planOf, type InstanceState } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { definitionOf } from './instances.ts'

interface Row {
  id: string
  number: string
  title: string
  flow: string
  flow_version: number
  applicant: string
  state: InstanceState
  since: string
  problem: string | null
  what: string | null
}
/** Approvals that nobody can act on, and moments that could not be run: longest waiting first. */
export async function listIncidents(kernel: Kernel, ctx: Context): Promise<IncidentItem[]> {
  const rows = await ctx.db.query<Row & object>(
    `SELECT f.id, f.number, f.title, f.flow, f.flow_version, f.applicant, f.state, f.stuck_since AS since, NULL AS problem, NULL AS what FROM kernel.flow_instance f WHERE f.stuck_since IS NOT NULL
     UNION ALL SELECT f.id, f.number, f.title, f.flow, f.flow_version, f.applicant, f.state, d.at, d.problem, d.what FROM kernel.flow_due d JOIN kernel.flow_instance f ON f.id = d.instance WHERE d.tries >= 3
     ORDER BY since LIMIT 500`,
  )
  const settings = await currentSettings(kernel, ctx.db)
  const items = rows.map(async (row) => {
    const definition = await definitionOf(kernel, ctx.db, row.flow, row.flow_version)
    const common = { instance: row.id, number: row.number, title: row.title, flowLabel: fillLabel(definition.label, settings), since: row.since, applicantName: ctx.directory.nameOf(row.applicant) } // prettier-ignore
    const stuck = row.what === null ? row.state.entries.filter((entry) => entry.stuck) : row.state.entries.filter((entry) => row.what!.includes(entry.id)) // prettier-ignore
    return stuck.map((entry) => ({
      ...common, entry: entry.id, step: entry.step, stepLabel: fillLabel(findHandled(planOf(definition), entry.step)?.label ?? entry.step, settings),
      why: entry.stuck ?? ('due' as const), problem: row.problem,
    })) // prettier-ignore
  })
  return (await Promise.all(items)).flat()
}
