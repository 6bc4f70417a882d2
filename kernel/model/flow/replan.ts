import { isEnded, isResting } from './apply.ts'
import type { Flow, Limit, PersonId } from './definition.ts'
import type { Due, FlowEnvironment } from './environment.ts'
import { findHandled, planOf, type Plan } from './plan.ts'
import { Run } from './run.ts'
import type { Entry, EntryId, FlowEvent, InstanceState } from './state.ts'

/**
 * Semantics 13: a calendar or a rule has changed. Due moments that lie ahead are counted again from where their limit began, never before now; what has
 * passed stays passed. No events when nothing moves.
 */
export function replanDues<F>(
  definition: Flow<F>,
  state: InstanceState,
  by: { readonly actId: string; readonly actor: PersonId },
  env: FlowEnvironment<F>,
): { readonly events: readonly FlowEvent[]; readonly state: InstanceState } {
  const run = new Run(planOf(definition), state, env, by)
  const dues: Record<EntryId, Due> = {}
  for (const entry of isEnded(state) ? [] : state.entries) {
    const fresh = again(run, entry)
    if (fresh && (fresh.at !== entry.due || fresh.provisional !== entry.provisional)) dues[entry.id] = fresh
  }
  if (Object.keys(dues).length > 0) run.emit({ type: 'duesChanged', dues })
  return { events: run.events, state: run.state }
}

function again<F>({ plan, env }: Run<F>, entry: Entry): Due | null {
  const limit = limitOf(plan, entry)
  // A clock that stands still is reckoned when it runs again.
  if (!limit || !entry.due || isResting(entry) || Date.parse(entry.due) <= Date.parse(env.now)) return null
  const fresh = env.dueAt?.(limit, entry.openedAt, entry.rests)
  return fresh ? { ...fresh, at: Date.parse(fresh.at) < Date.parse(env.now) ? env.now : fresh.at } : null
}
/** A timer that waits for the moment in a form field asks no calendar. */
function limitOf<F>(plan: Plan<F>, { step, kind }: Entry): Limit | undefined {
  if (kind !== 'timer') return findHandled(plan, step)?.limit
  const stop = plan.byKey.get(step)?.step
  return stop?.kind === 'timer' && !('field' in stop.until) ? stop.until : undefined
}
