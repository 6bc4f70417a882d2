import { type RuleRef, splitRule, type StatedRule } from './binding.ts'

export const useKinds = { flowStep: '审批步骤时限', clock: '计时', reminder: '提醒', admission: '准入条件', indicator: '指标' } as const
/** Something of the product that reads a value of a rule. Declared by whoever reads it, so that a changed rule can say what it touches. */
export interface RuleUse extends RuleRef {
  readonly kind: keyof typeof useKinds
  /** Who reads it, by its name: `privileges.application/office`. */
  readonly by: string
  /** `手术授权申请 · 医务处审核` */
  readonly label: string
  /** Page on which to look at it. */
  readonly link?: string
}
interface Reminding {
  readonly name: string
  readonly label: string
  readonly when: { readonly kind: string; readonly days?: readonly (number | StatedRule)[] }
}
/** The uses by reminders: every number of days that a rule gives. */
export const usesOfReminders = (reminders: Iterable<Reminding>): RuleUse[] =>
  [...reminders].flatMap(({ name, label, when }) =>
    (when.days ?? []).flatMap((one): RuleUse[] =>
      typeof one === 'number' ? [] : [{ kind: 'reminder', by: name, label, link: `/reminders/${name}`, ...one }],
    ),
  )
interface Admitting {
  readonly id: string
  readonly label: string
  readonly by: StatedRule
}
interface Stepped {
  readonly id?: string
  readonly label?: string
  readonly limit?: Partial<RuleRef>
  /** What a timer waits for. */
  readonly until?: Partial<RuleRef>
}
/** The uses by flows: every condition of admission, every step whose limit, and every timer whose end, names a rule, however deep it stands in branches. */
export function usesOfFlows(
  flows: Iterable<{
    readonly name: string
    readonly label: string
    readonly steps: readonly unknown[]
    readonly admissions?: readonly Admitting[]
  }>,
): RuleUse[] {
  const found: RuleUse[] = []
  for (const flow of flows) {
    for (const { id, label, by } of flow.admissions ?? []) found.push({ kind: 'admission', by: `${flow.name}/${id}`, label: `${flow.label} · ${label}`, ...by }) // prettier-ignore
    walk(flow.steps, (step) => {
      const limit = step.limit ?? step.until
      if (!limit?.rule) return
      found.push({ kind: 'flowStep', by: `${flow.name}/${step.id ?? ''}`, label: `${flow.label} · ${step.label ?? step.id ?? ''}`, rule: limit.rule, asOf: limit.asOf ?? 'start' }) // prettier-ignore
    })
  }
  return found
}
function walk(value: unknown, visit: (step: Stepped) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value) && ('limit' in value || 'until' in value)) visit(value as Stepped)
  for (const inner of Object.values(value)) walk(inner, visit)
}
/** The uses that a change of these values of a rule touches. */
export const touchedBy = (uses: readonly RuleUse[], key: string, values?: readonly string[]): RuleUse[] =>
  uses.filter(({ rule }) => splitRule(rule).key === key && (!values || values.includes(splitRule(rule).value)))
