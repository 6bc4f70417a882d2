import type { ApprovalAnswer } from '#model'
import type { ApplicableProcedure } from './application.rules.ts'

/** One line as it is filled in. */
export interface FormLine {
  /** Row id of a stored line, when a returned one is mended. */
  id?: string
  procedure: string
  casesAsOperator: number | null
  casesAsAssistant: number | null
  note: string | null
}
export interface FormState {
  kind: 'first' | 'renewal' | 'upgrade'
  practitioner: string | null
  items: FormLine[]
  reason: string
  evidence: string[]
}
export const emptyForm: FormState = { kind: 'first', practitioner: null, items: [], reason: '', evidence: [] }
export const kindLabels = { first: '首次授权', renewal: '再授权', upgrade: '提高级别' } as const

export function toggled(form: FormState, procedure: ApplicableProcedure): FormState {
  const has = form.items.some((line) => line.procedure === procedure.id)
  const items = has
    ? form.items.filter((line) => line.procedure !== procedure.id)
    : [...form.items, { procedure: procedure.id, casesAsOperator: null, casesAsAssistant: null, note: null }]
  return { ...form, items }
}
export const patched = (form: FormState, procedure: string, part: Partial<FormLine>): FormState => ({
  ...form,
  items: form.items.map((line) => (line.procedure === procedure ? { ...line, ...part } : line)),
})

/** The form of a prepared or autosaved draft; what does not fit is left out. */
export function formOf(draft: unknown): FormState {
  if (typeof draft !== 'object' || draft === null) return emptyForm
  const given = draft as Partial<FormState>
  const items = (given.items ?? []).map((line) => ({
    procedure: line.procedure,
    casesAsOperator: line.casesAsOperator ?? null,
    casesAsAssistant: line.casesAsAssistant ?? null,
    note: line.note ?? null,
    ...(line.id ? { id: line.id } : {}),
  }))
  return {
    ...emptyForm,
    ...(given.kind ? { kind: given.kind } : {}),
    practitioner: given.practitioner ?? null,
    items,
    reason: given.reason ?? '',
    evidence: given.evidence ?? [],
  }
}
/** A link that asks for one procedure adds it to what is being filled in. */
export function askedFor(form: FormState, procedure: string, kind: string | null): FormState {
  const items = form.items.some((line) => line.procedure === procedure)
    ? form.items
    : [...form.items, { procedure, casesAsOperator: null, casesAsAssistant: null, note: null }]
  return { ...form, items, ...(kind && Object.hasOwn(kindLabels, kind) ? { kind: kind as FormState['kind'] } : {}) }
}
/** The form of a returned application: only the lines that came back. */
export const formOfReturned = (a: ApprovalAnswer): FormState => formOf({ ...a.record })

/** What changed in a returned application, as operations by row id. */
export function repairOf(a: ApprovalAnswer, form: FormState): Record<string, unknown> {
  const before = formOfReturned(a)
  const kept = new Set(form.items.flatMap((line) => line.id ?? []))
  const facts = ({ casesAsOperator, casesAsAssistant, note }: FormLine) => ({ casesAsOperator, casesAsAssistant, note })
  const change = Object.fromEntries(
    form.items.flatMap((line) => {
      const was = before.items.find((b) => b.id === line.id)
      return was && line.id && JSON.stringify(facts(was)) !== JSON.stringify(facts(line)) ? [[line.id, facts(line)]] : []
    }),
  )
  const remove = before.items.flatMap((line) => (line.id && !kept.has(line.id) ? [line.id] : []))
  const changes: Record<string, unknown> = {}
  if (Object.keys(change).length || remove.length) changes['items'] = { change, remove }
  if (form.reason !== before.reason) changes['reason'] = form.reason
  if (JSON.stringify(form.evidence) !== JSON.stringify(before.evidence)) changes['evidence'] = form.evidence
  return changes
}
