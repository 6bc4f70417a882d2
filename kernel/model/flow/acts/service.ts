import type { ActOf } from '../acts.ts'
import { indexOf } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { advance, close } from '../walk.ts'

/** The call outside came back: the instance goes on, also after earlier failures. */
export function serviceDone<F>(run: Run<F>, act: ActOf<'serviceDone'>): Refusal | undefined {
  const entry = run.entry(act.entry)
  if (entry?.kind !== 'service') return refuse('entryUnknown', { entry: act.entry })
  if (entry.stuck) run.emit({ type: 'repaired', entry: entry.id })
  close(run, entry.id, 'served', 'stepSettled')
  advance(run, indexOf(run.plan, entry.step) + 1)
  return undefined
}

/** The call failed for good: nothing decided is undone, the instance waits for repair. */
export function serviceFailed<F>(run: Run<F>, act: ActOf<'serviceFailed'>): Refusal | undefined {
  const entry = run.entry(act.entry)
  if (entry?.kind !== 'service') return refuse('entryUnknown', { entry: act.entry })
  run.emit({ type: 'serviceFailed', entry: entry.id, why: act.why })
  if (!entry.stuck) run.emit({ type: 'stuck', entry: entry.id, why: 'serviceFailed' })
  return undefined
}
