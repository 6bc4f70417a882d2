import type { Automation } from '#model'
import type { Kernel } from '../kernel.ts'

/** An automation that is on, and who put it in force. */
export interface OnAutomation {
  name: string
  automation: Automation
  version: number
  /** Since when it is on without a break: what happened before does not concern it. */
  since: string
  publishedBy: string | null
  paused: string | null
  settled: string | null
}
type Row = Omit<OnAutomation, 'automation'>

/** The automations that are on, by name; those that pause among them. `only`: of these names. */
export async function automationsOn(kernel: Kernel, only?: readonly string[]): Promise<Map<string, OnAutomation>> {
  const contents = kernel.designsOf('automation')
  const names = [...contents.keys()].filter((name) => only === undefined || only.includes(name))
  if (names.length === 0) return new Map()
  const rows = await kernel.db.query<Row & object>(
    `SELECT d.name, d.in_force AS version, r.by AS "publishedBy", a.paused_why AS paused, a.settled::text AS settled,
       (SELECT min(f.at) FROM kernel.design_version v JOIN kernel.release f ON f.no = v.release WHERE v.kind = d.kind AND v.name = d.name
         AND v.version > coalesce((SELECT max(g.version) FROM kernel.design_version g WHERE g.kind = d.kind AND g.name = d.name AND g.content IS NULL), 0)) AS since
     FROM kernel.design d JOIN kernel.design_version n ON n.kind = d.kind AND n.name = d.name AND n.version = d.in_force JOIN kernel.release r ON r.no = n.release
     LEFT JOIN kernel.automation a ON a.name = d.name WHERE d.kind = 'automation' AND d.name = ANY($1::text[]) ORDER BY d.name`,
    [names],
  )
  return new Map(rows.map((row) => [row.name, { ...row, automation: contents.get(row.name) as Automation }]))
}
/** The person as whom it acts: the one that it names, else whoever published it. */
export const runnerOf = ({ automation, publishedBy }: Pick<OnAutomation, 'automation' | 'publishedBy'>): string | null =>
  automation.runsAs ?? publishedBy
