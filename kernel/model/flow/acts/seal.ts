import type { ActOf } from '../acts.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { proceed } from '../walk.ts'
import { everything, mayDecide } from './decide.ts'
import { hold, record } from './task.ts'

/** 盖章: the keeper has put the seal on; which, how often and on what goes into the chain. */
export function seal<F>(run: Run<F>, act: ActOf<'seal'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  const { step } = held
  if (step.kind !== 'seal') return refuse('actNotAllowed', { act: act.kind, allowed: step.acts })
  if (!Number.isInteger(act.copies) || act.copies < 1) return refuse('sealCopies')
  const no = mayDecide(run, held, act)
  if (no) return no
  const { copies, files = [] } = act
  record(run, held, act, everything(run, held, { say: 'pass' }), { seal: { kind: step.seal, copies, files } })
  proceed(run, held.entry.id)
  return undefined
}
