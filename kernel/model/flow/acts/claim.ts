import type { ActOf } from '../acts.ts'
import { claimable } from '../apply.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { proceed } from '../walk.ts'
import { hold, seen } from './task.ts'

/** W18: one of the group takes the task; of two the second is told who has it. */
export function claim<F>(run: Run<F>, act: ActOf<'claim'>): Refusal | undefined {
  const entry = run.entry(act.entry)
  if (!entry?.pool) return refuse(entry ? 'notClaimable' : 'entryUnknown', { entry: act.entry })
  const free = claimable(run.state, entry)
  if (free.length === 0 && entry.pool.length > 0) {
    const holder = run.tasksAt(entry.id).find((task) => task.state !== 'cancelled')?.person ?? entry.held[0]?.slot.person
    return refuse('alreadyClaimed', { by: holder })
  }
  if (!free.includes(act.actor)) return refuse('notInGroup')
  const no = seen(run, act)
  if (no) return no
  run.openTask(entry, { person: act.actor, via: 'claimed' })
  return undefined
}

/** W18: gives a claimed task back to the group. */
export function release<F>(run: Run<F>, act: ActOf<'release'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  if (held.task.via !== 'claimed') return refuse('notClaimed', { task: held.task.id })
  run.emit({ type: 'taskCancelled', task: held.task.id, cause: 'released' })
  // The group may be gone meanwhile.
  proceed(run, held.entry.id)
  return undefined
}
