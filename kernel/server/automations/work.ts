import { keptRunDays } from '#model'
import type { Kernel } from '../kernel.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import { sendCalls } from './calls.ts'
import { takeDue } from './due.ts'
import { takeEvents } from './feed.ts'
import { runWaiting } from './run.ts'

/** Takes what has happened or is due, does it, and what follows from that, until nothing is left. Answers how many runs there were. */
export async function workAutomations(kernel: Kernel, onError?: (error: unknown) => void): Promise<number> {
  let count = 0
  for (;;) {
    await takeEvents(kernel)
    const ran = await runWaiting(kernel, onError)
    count += ran
    if (ran === 0) return count
  }
}
/** Looks several times a second for events, every few seconds for what is due and what is to be sent. */
export const startAutomations = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>)[] => [
  repeatEvery(500, async () => void (await workAutomations(kernel, onError)), onError),
  repeatEvery(5000, async () => void (await takeDue(kernel, onError)), onError),
  repeatEvery(1000, async () => void (await sendCalls(kernel)), onError),
]
/** Runs that are older than they are kept are gone, what they sent with them. */
export const forgetRuns = async (kernel: Kernel): Promise<void> =>
  void (await kernel.db.query(`DELETE FROM kernel.automation_run WHERE at < $1`, [
    new Date(kernel.clock.now().getTime() - keptRunDays * 86_400_000).toISOString(),
  ]))
