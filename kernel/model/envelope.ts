import { choice, dateTime, person } from './fields/factories.ts'
import type { Field } from './fields/field.ts'
import { stateLabels } from './resource.ts'

const states = choice('审批状态', {
  pending: { label: stateLabels.pending, tone: 'warn' },
  returned: { label: stateLabels.returned, tone: 'bad' },
  approved: { label: stateLabels.approved, tone: 'good' },
  refused: { label: stateLabels.refused, tone: 'neutral' },
})
/** Envelope fields as a person meets them. */
export const envelopeFields: Readonly<Record<string, Field>> = {
  state: states,
  createdAt: dateTime('建立时间'),
  createdBy: person('建立人'),
  updatedAt: dateTime('最后修改'),
  updatedBy: person('修改人'),
}
