import { isEnded, isLive } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import { close } from '../back.ts'
import { findHandled, indexOf } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import { reresolveAll } from '../reresolve.ts'
import type { Run } from '../run.ts'
import { whole } from '../state.ts'
import { isShown } from '../shown.ts'
import { advance } from '../walk.ts'
import { checkChoice } from './choice.ts'
import { isBlank, seen } from './task.ts'

/** The beginning. Only the applicant himself submits and signs, whoever filled it in. */
export function submit<F>(run: Run<F>, act: ActOf<'submit'>): Refusal | undefined {
  const { definition } = run.plan
  const { applicant, filledBy, opinion, signature, instance, chosen = {} } = act
  if (act.actor !== applicant) return refuse('applicantOnly', { applicant })
  const items = definition.items ? (run.env.record.items ?? []) : [whole]
  if (items.length === 0) return refuse('noItems')
  const no = seen(run, act) ?? mayStart(run, signature) ?? checkChoice(run, undefined, chosen, applicant)
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
    ...(opinion ? { opinion } : {}),
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
  const no = seen(run, act) ?? mayStart(run, act.signature) ?? checkChoice(run, undefined, chosen)
  if (no) return no
  if (act.to === 'returner') return resume(run, act, [...added, ...removed])
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

/** W11: straight back to who returned it, unless what changed is read by a step or condition that would be passed over. */
function resume<F>(run: Run<F>, act: ActOf<'resubmit'>, rows: readonly string[]): Refusal | undefined {
  const { state, env, plan } = run
  const back = state.returned
  const stay = back?.before.entries.find((one) => one.id === back.entry)
  if (!back || !stay) return refuse('returnerGone')
  const until = indexOf(plan, stay.step)
  const passed = plan.stops.filter((stop) => stop.index < until)
  const isRead = (field: string): boolean =>
    passed.some(({ key, guards }) => {
      const step = findHandled(plan, key)
      const reads = guards.some((guard) => env.fieldsOf?.(guard.condition).includes(field) ?? true)
      const names = step?.by.some((one) => ('field' in one && one.field === field) || ('unit' in one && one.unit === field))
      return reads || names || (step && back.before.past.some((one) => one.step === key && !one.void) && isShown(step, field))
    })
  const read = env.changed ? env.changed.filter(isRead) : ['*']
  const isFirst = passed.every((stop) => !findHandled(plan, stop.key))
  if (!isFirst && (read.length > 0 || rows.length > 0)) return refuse('resumeRead', { fields: read, rows })
  if (rows.length > 0) return refuse('resumeRead', { rows })
  const handled = findHandled(plan, stay.step)
  const due = handled?.limit && env.dueAt?.(handled.limit, env.now)
  const { signature } = act
  const limit = due ? { due: due.at, ...(due.provisional ? { provisional: due.provisional } : {}) } : {}
  const more = { ...limit, ...(signature ? { signature } : {}) }
  run.emit({ type: 'resumed', entry: stay.id, version: env.record.version, ...more })
  // Who left while the applicant had it is not waited for.
  reresolveAll(run)
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
