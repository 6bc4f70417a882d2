import { isEnded, isLive } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import type { Decider, PersonId, StepId } from '../definition.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { whole } from '../state.ts'
import { advance, close } from '../walk.ts'
import { isBlank, seen } from './task.ts'

/** The beginning. Only the applicant himself submits and signs, whoever filled it in. */
export function submit<F>(run: Run<F>, act: ActOf<'submit'>): Refusal | undefined {
  const { definition } = run.plan
  const { applicant, filledBy, signature, instance, chosen = {} } = act
  if (act.actor !== applicant) return refuse('applicantOnly', { applicant })
  const items = definition.items ? (run.env.record.items ?? []) : [whole]
  if (items.length === 0) return refuse('noItems')
  const no = seen(run, act) ?? mayStart(run, signature) ?? checkChoice(run, applicant, chosen)
  if (no) return no
  const { version, hash } = run.env.record
  run.emit({
    type: 'submitted',
    ...instance,
    flow: definition.name,
    applicant,
    items,
    version,
    chosen,
    ...(filledBy ? { filledBy } : {}),
    ...(hash ? { hash } : {}),
    ...(signature ? { signature } : {}),
  })
  return undefined
}

/** After repair the request starts from the beginning; new rows pass all steps, refused and split-off ones stay where they are. */
export function resubmit<F>(run: Run<F>, act: ActOf<'resubmit'>): Refusal | undefined {
  const { state, env, plan } = run
  if (isEnded(state)) return refuse('alreadyEnded', { status: state.status })
  if (state.status !== 'returned') return refuse('notReturned')
  if (act.actor !== state.applicant) return refuse('applicantOnly', { applicant: state.applicant })
  const items = plan.definition.items ? (env.record.items ?? []) : [whole]
  const added = items.filter((item) => !state.items[item])
  const removed = Object.entries(state.items).flatMap(([item, line]) => (isLive(line) && !items.includes(item) ? [item] : []))
  if (!items.some((item) => !state.items[item] || isLive(state.items[item]))) return refuse('noItems')
  const chosen = act.chosen ?? state.chosen
  const no = seen(run, act) ?? mayStart(run, act.signature) ?? checkChoice(run, state.applicant, chosen)
  if (no) return no
  const { version, hash } = env.record
  const { opinion, signature } = act
  run.emit({
    type: 'resubmitted',
    added,
    removed,
    version,
    chosen,
    ...(hash ? { hash } : {}),
    ...(opinion ? { opinion } : {}),
    ...(signature ? { signature } : {}),
  })
  advance(run, 0)
  return undefined
}

/** W14: the applicant ends it while it is open; what is approved needs a revocation request of its own. */
export function withdraw<F>(run: Run<F>, act: ActOf<'withdraw'>): Refusal | undefined {
  const { state } = run
  if (state.isEffected) return refuse('needsRevocation')
  if (isEnded(state)) return refuse('alreadyEnded', { status: state.status })
  if (act.actor !== state.applicant) return refuse('applicantOnly', { applicant: state.applicant })
  const no = seen(run, act)
  if (no) return no
  for (const { id } of state.entries) close(run, id, 'withdrawn', 'withdrawn')
  run.emit({ type: 'ended', result: 'withdrawn', ...(act.opinion ? { reason: act.opinion } : {}) })
  return undefined
}

function mayStart<F>({ plan, env }: Run<F>, signature: string | undefined): Refusal | undefined {
  const { sign, require } = plan.definition.start
  const missing = require.filter((field) => !env.isFilled(field))
  if (missing.length > 0) return refuse('fieldMissing', { fields: missing })
  return sign && isBlank(signature) ? refuse('signatureNeeded') : undefined
}

/** Every step that may be reached and asks for the applicant's choice needs one, within its range. */
function checkChoice<F>(
  { plan, env }: Run<F>,
  applicant: PersonId,
  chosen: Readonly<Record<StepId, readonly PersonId[]>>,
): Refusal | undefined {
  for (const { step, guards } of plan.stops) {
    const decider =
      step.kind === 'approve' ? step.by.find((one): one is Extract<Decider, { kind: 'chosen' }> => one.kind === 'chosen') : undefined
    if (step.kind !== 'approve' || !decider || !guards.every((one) => env.evaluate(one.condition) === (one.side === 'then'))) continue
    const picked = chosen[step.id] ?? []
    if (picked.length === 0) return refuse('chooseDeciders', { step: step.id })
    const range = decider.within && env.resolve(decider.within, { applicant, of: applicant })
    const isOutside = picked.some((one) => one === applicant || !env.isActive(one) || (range && !range.includes(one)))
    if (isOutside || picked.length > (decider.max ?? picked.length))
      return refuse('choiceOutOfRange', { step: step.id, range, max: decider.max })
  }
  return undefined
}
