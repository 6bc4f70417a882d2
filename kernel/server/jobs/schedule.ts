import { dayOf, today } from '#model'
import { forgetRuns } from '../automations/work.ts'
import { forgetDevices } from '../access/known-devices.ts'
import type { Kernel } from '../kernel.ts'
import { tagAnew } from '../store/tag-anew.ts'
import { forgetEvents, repeatEvery } from './outbox.ts'

/** What runs once a day, on whichever process comes first. */
export async function runDailyJobs(kernel: Kernel): Promise<string[]> {
  const jobs: [string, (kernel: Kernel) => Promise<void>][] = [
    ['kernel.cleaning', cleanUp],
    ...kernel.services.flatMap((s) =>
      Object.entries(s.daily ?? {}).map(([name, run]) => [`${s.name}.${name}`, run] as [string, typeof run]),
    ),
  ]
  const ran: string[] = []
  for (const [name, run] of jobs) {
    const day = today(kernel.clock)
    const now = kernel.clock.now().toISOString()
    const [claimed] = await kernel.db.query<{ before: string | null }>(
      `WITH old AS (SELECT day FROM kernel.schedule_run WHERE name = $1)
       INSERT INTO kernel.schedule_run VALUES ($1, $2::date, $3) ON CONFLICT (name) DO UPDATE SET day = excluded.day, at = excluded.at WHERE kernel.schedule_run.day < excluded.day
       RETURNING (SELECT day FROM old) AS before`,
      [name, day, now],
    )
    if (!claimed) continue
    try {
      await run(kernel)
      ran.push(name)
    } catch (error) {
      // Given back, so that the next tick tries again.
      await kernel.db.query(`UPDATE kernel.schedule_run SET day = coalesce($2::date, '1970-01-01') WHERE name = $1`, [name, claimed.before])
      throw error
    }
  }
  return ran
}

/** What waits for an answer that never comes: cleared as the next of its kind begins, and here where none does. */
const waiting = ['captcha', 'sign_in_ticket', 'outside_sign_in', 'password_reset'] as const

async function cleanUp(kernel: Kernel): Promise<void> {
  const now = kernel.clock.now()
  for (const table of waiting) await kernel.db.query(`DELETE FROM kernel.${table} WHERE expires_at < $1`, [now.toISOString()])
  await kernel.db.query(`DELETE FROM kernel.sms WHERE until < $1`, [now.toISOString()])
  await kernel.db.query(`DELETE FROM kernel.code_asked WHERE at < $1`, [new Date(now.getTime() - 86_400_000).toISOString()])
  await forgetDevices(kernel.db, now)
  await kernel.db.query(`DELETE FROM kernel.delivery WHERE at < $1`, [new Date(now.getTime() - 400 * 86_400_000).toISOString()])
  await kernel.db.query(`DELETE FROM kernel.sign_in_failure WHERE at < $1`, [new Date(now.getTime() - 2 * 86_400_000).toISOString()])
  await kernel.db.query(`DELETE FROM kernel.autosave WHERE at < $1`, [new Date(now.getTime() - 90 * 86_400_000).toISOString()])
  await kernel.db.query(`DELETE FROM kernel.slow_question WHERE last_at < $1`, [new Date(now.getTime() - 30 * 86_400_000).toISOString()])
  await forgetEvents(kernel)
  await forgetRuns(kernel)
  await kernel.db.query(`DELETE FROM kernel.event_handled WHERE at < $1`, [new Date(now.getTime() - 7 * 86_400_000).toISOString()])
}

/** Looks every half minute whether a day has begun, and whether a definition came by which stored values are found anew. */
export const startSchedule = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(
    30_000,
    async () => {
      await runDailyJobs(kernel)
      await tagAnew(kernel)
    },
    onError,
  )
/** What services look at between days, each by itself. */
export function startOften(kernel: Kernel, onError: (error: unknown) => void): () => Promise<void> {
  const stops = kernel.services.flatMap(({ often }) => (often ? [repeatEvery(30_000, () => often(kernel), onError)] : []))
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}
/** Of all processes one hears yes, once for each moment; a moment before the last is nobody's. */
export async function claimSlot(kernel: Kernel, name: string, slot: Date): Promise<boolean> {
  const claimed = await kernel.db.query(
    `INSERT INTO kernel.schedule_run (name, day, at) VALUES ($1, $2::date, $3) ON CONFLICT (name) DO UPDATE SET day = excluded.day, at = excluded.at
     WHERE kernel.schedule_run.at < excluded.at RETURNING 1`,
    [name, dayOf(slot), slot.toISOString()],
  )
  return claimed.length > 0
}
