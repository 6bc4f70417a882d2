import type { ActOf } from '../acts.ts'
import { stopOf } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { EntryEnd, EntryId } from '../state.ts'
import { close } from '../back.ts'
import { advance, call } from '../walk.ts'

/** The call outside came back: the instance goes on, also after earlier failures. */
export function serviceDone<F>(run: Run<F>, act: ActOf<'serviceDone'>): Refusal | undefined {
  const entry = run.entry(act.entry)
  if (act.actor !== 'system') return refuse('systemOnly')
  if (entry?.kind !== 'service') return refuse('entryUnknown', { entry: act.entry })
  if (entry.stuck) run.emit({ type: 'repaired', entry: entry.id })
  goOn(run, entry.id, 'served')
  return undefined
}

/** The call failed: it is tried again as often as declared, then waits for repair. Nothing decided is undone. */
export function serviceFailed<F>(run: Run<F>, act: ActOf<'serviceFailed'>): Refusal | undefined {
  const entry = run.entry(act.entry)
  if (act.actor !== 'system') return refuse('systemOnly')
  if (entry?.kind !== 'service') return refuse('entryUnknown', { entry: act.entry })
  run.emit({ type: 'serviceFailed', entry: entry.id, why: act.why })
  const { step } = stopOf(run.plan, entry.step)
  if (step.kind === 'service' && entry.attempts < step.attempts) call(run, entry, step)
  else if (!entry.stuck) run.emit({ type: 'stuck', entry: entry.id, why: 'serviceFailed' })
  return undefined
}

/** Ends a stay at which nobody acts, and walks on. */
export function goOn<F>(run: Run<F>, id: EntryId, how: EntryEnd): void {
  const entry = run.entry(id)
  if (!entry) return
  const { index, track } = stopOf(run.plan, entry.step)
  close(run, id, how, 'stepSettled')
  advance(run, index + 1, track)
}
