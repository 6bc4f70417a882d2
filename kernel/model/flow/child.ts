import { termsWithout } from './lines.ts'
import { undoneBy } from './back.ts'
import type { Flow } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import { planOf } from './plan.ts'
import { Run } from './run.ts'
import type { FlowEvent, InstanceState, Line } from './state.ts'
import { advance, proceedOthers } from './walk.ts'

/** The child instance that a `splitOff` event asks for: its own events, from a fresh beginning at the returning step's target. */
export function beginChild<F>(
  definition: Flow<F>,
  parent: InstanceState,
  split: Extract<FlowEvent, { type: 'splitOff' }>,
  child: { readonly id: string },
  env: FlowEnvironment<F>,
): { readonly events: readonly FlowEvent[]; readonly state: InstanceState } {
  const plan = planOf(definition)
  const run = new Run(plan, undefined, env, split)
  const { from, voided, forgotten } = undoneBy(plan, parent, split.to)
  const lines = split.items.map((item): [string, Line] => {
    const { reason, step, ...line }: Line = parent.items[item] ?? { state: 'returned', terms: {}, past: [] }
    const { terms } = termsWithout(line, voided)
    return [item, { state: 'returned', terms, past: [], ...(reason ? { reason } : {}), ...(step ? { step } : {}) }]
  })
  const { flow, flowVersion, applicant, filledBy, chosen, version } = parent
  run.emit({
    type: 'begunBySplit',
    id: child.id,
    number: split.number,
    flow,
    flowVersion,
    applicant,
    chosen,
    version,
    branches: Object.fromEntries(Object.entries(parent.branches).filter(([branch]) => !forgotten.includes(branch))),
    to: split.to,
    parent: { id: parent.id, entry: split.entry },
    items: Object.fromEntries(lines),
    ...(filledBy ? { filledBy } : {}),
  })
  if (split.to !== 'applicant') advance(run, from.index)
  proceedOthers(run)
  return { events: run.events, state: run.state }
}
