import { today } from '#model'
import type { Queryable } from '../database/database.ts'
import { tell } from '../messages/messages.ts'
import type { Kernel } from '../kernel.ts'
import type { OnAutomation } from './in-force.ts'

/** Stops an automation until somebody has looked at it: what waits is not run, and whoever published it is told, else whoever may build applications. */
export async function pauseAutomation(kernel: Kernel, db: Queryable, on: OnAutomation, why: string): Promise<void> {
  on.paused = why
  const now = kernel.clock.now()
  const [paused] = await db.query(
    `INSERT INTO kernel.automation AS a (name, paused_at, paused_why) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET paused_at = excluded.paused_at, paused_why = excluded.paused_why WHERE a.paused_at IS NULL RETURNING 1`,
    [on.name, now.toISOString(), why],
  )
  await db.query(
    `UPDATE kernel.automation_run SET state = 'skipped', problem = $2, ended_at = $3 WHERE automation = $1 AND state = 'waiting'`,
    [on.name, why, now.toISOString()],
  )
  if (!paused) return
  await tell({ db, clock: kernel.clock }, await whomToTell(kernel, on.publishedBy), {
    kind: 'other',
    title: `自动化“${on.automation.label}”已暂停：${why}`,
    body: '请检查后重新启用。暂停期间的事件不补做。',
    link: `/automations/${encodeURIComponent(on.name)}?tab=runs`,
    isUrgent: true,
  })
}
async function whomToTell(kernel: Kernel, publisher: string | null): Promise<string[]> {
  const directory = await kernel.directory()
  if (publisher !== null && directory.isActive(publisher)) return [publisher]
  const roles = [...kernel.defs.roles.keys()].filter((role) => kernel.access.grantsOf(role, 'designs.administer').length > 0)
  return [...new Set(roles.flatMap((role) => directory.peopleWithRole(role, today(kernel.clock))))]
}
