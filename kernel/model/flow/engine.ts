import type { Act, ActKind, ActOf } from './acts.ts'
import { isEnded } from './apply.ts'
import { jump, repair, terminate } from './acts/administer.ts'
import { claim, release } from './acts/claim.ts'
import { elapse, timeOut } from './acts/clock.ts'
import { approve, decideItems, reject } from './acts/decide.ts'
import { addApprover, delegateTask, removeApprover } from './acts/extra.ts'
import { sendBack, transfer } from './acts/hand.ts'
import { enterMinutes } from './acts/minutes.ts'
import { resubmit, submit, withdraw } from './acts/request.ts'
import { seal } from './acts/seal.ts'
import { serviceDone, serviceFailed } from './acts/service.ts'
import { takeBack } from './acts/take-back.ts'
import { consult, copyTo, markRead, reply, urge } from './acts/tell.ts'
import type { Flow, PersonId } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import { planOf } from './plan.ts'
import type { Refusal } from './refusal.ts'
import { refuse } from './refusal.ts'
import { reresolveAll } from './reresolve.ts'
import { Run } from './run.ts'
import type { FlowEvent, InstanceState } from './state.ts'
import { advance, goBack, proceedOthers } from './walk.ts'

/** The answer to an act. `repeated`: this very act was answered before; nothing new happened. */
export type Decided =
  | { readonly ok: true; readonly events: readonly FlowEvent[]; readonly state: InstanceState; readonly repeated?: true }
  | { readonly ok: false; readonly refusal: Refusal }

type Handlers = { [K in ActKind]: <F>(run: Run<F>, act: ActOf<K>) => Refusal | undefined }
const handlers: Handlers = {
  submit,
  resubmit,
  withdraw,
  approve,
  reject,
  decideItems,
  return: sendBack,
  seal,
  transfer,
  addApprover,
  removeApprover,
  delegateTask,
  takeBack,
  copyTo,
  consult,
  reply,
  markRead,
  urge,
  claim,
  release,
  jump,
  terminate,
  repair,
  enterMinutes,
  serviceDone,
  serviceFailed,
  timeOut,
  elapse,
}

/** The one place where an approval moves: what happens when this act meets this state, or why it may not. Pure. */
export function decide<F>(definition: Flow<F>, state: InstanceState | undefined, act: Act, env: FlowEnvironment<F>): Decided {
  const print = fingerprint(act)
  const known = state?.acts[act.actId]
  if (state && known !== undefined)
    return known === print ? { ok: true, events: [], state, repeated: true } : no(refuse('actIdReused', { actId: act.actId }))
  if (!state && act.kind !== 'submit') throw new Error(`flow: ${act.kind} before the beginning`)
  if (state && act.kind === 'submit') return no(refuse('alreadySubmitted', { id: state.id }))
  const run = new Run(planOf(definition), state, env, act)
  if (state) run.emit({ type: 'acted', act: act.kind, print })
  const handle = handlers[act.kind] as (run: Run<F>, act: Act) => Refusal | undefined
  const refusal = handle(run, act)
  if (refusal) return no(refusal)
  if (!state) begin(run, print)
  proceedOthers(run)
  return { ok: true, events: run.events, state: run.state }
}

/** After the directory changed: takes out deciders who lost their right and fills stuck steps again. No events when nothing changes. */
export function reresolve<F>(
  definition: Flow<F>,
  state: InstanceState,
  by: { readonly actId: string; readonly actor: PersonId },
  env: FlowEnvironment<F>,
): { readonly events: readonly FlowEvent[]; readonly state: InstanceState } {
  const run = new Run(planOf(definition), state, env, by)
  if (!isEnded(state)) reresolveAll(run)
  proceedOthers(run)
  return { events: run.events, state: run.state }
}

/** By the program: the whole request goes back to its applicant, because what it stands on is gone. No events when it does not run. */
export function recall<F>(
  definition: Flow<F>,
  state: InstanceState,
  by: { readonly actId: string; readonly actor: PersonId; readonly opinion: string },
  env: FlowEnvironment<F>,
): { readonly events: readonly FlowEvent[]; readonly state: InstanceState } {
  const run = new Run(planOf(definition), state, env, by)
  const [entry] = state.entries
  if (state.status === 'running' && entry) {
    run.emit({ type: 'acted', act: 'return', print: `recall:${by.actId}` })
    goBack(run, entry.id, 'applicant', by.opinion)
  }
  return { events: run.events, state: run.state }
}

function begin<F>(run: Run<F>, print: string): void {
  run.emit({ type: 'acted', act: 'submit', print })
  advance(run, 0)
}

const no = (refusal: Refusal): Decided => ({ ok: false, refusal })

/** Tells a repeated act from another one under the same id, whatever the order of its keys. */
const fingerprint = (act: Act): string => `${act.kind}:${(hashOf(act) >>> 0).toString(16)}`
function hashOf(value: unknown): number {
  if (typeof value === 'string') return hashText(value, 0x811c9dc5)
  if (typeof value !== 'object' || value === null) return hashText(String(value), 0x01234567)
  if (Array.isArray(value)) return value.reduce<number>((hash, one) => Math.imul(hash ^ hashOf(one), 0x01000193), value.length)
  const fields = value as Record<string, unknown>
  let sum = 1
  // Adding makes the order of the keys irrelevant.
  for (const key in fields) if (fields[key] !== undefined) sum = (sum + Math.imul(hashText(key, hashOf(fields[key])), 0x85ebca6b)) | 0
  return sum
}
/** FNV-1a. */
function hashText(text: string, from: number): number {
  let hash = from
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  return hash
}
