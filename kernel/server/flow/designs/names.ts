import { choiceLabel, postsOf, type Filter, type FlowName, type FlowNames } from '#model'
import { everyStep, type Flow } from '#kernel/model/flow/index.ts'
import { asDuration, type RuleAmount } from '#kernel/model/rules/index.ts'
import { planningOf } from '../../clock/planning.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import { flowsInForce } from '../in-force.ts'

/** What a definition may name in this hospital, with the words for it. */
export async function namesHere(kernel: Kernel, ctx: Context): Promise<FlowNames> {
  const flows = [...(await flowsInForce(kernel)).values(), ...kernel.defs.flows.values()]
  const settings = await currentSettings(kernel, ctx.db)
  const filled = ({ name, label }: FlowName): FlowName => ({ name, label: fillLabel(label, settings) })
  const roles = [...kernel.defs.roles.values()].filter(({ everyone }) => !everyone).map(filled)
  const services = kernel.services.flatMap((s) => Object.keys(s.calls ?? {}))
  const effects = kernel.services.flatMap((s) => Object.keys(s.effects ?? {}))
  const { cards } = (await planningOf(kernel)).rules
  const ofRules = (has: (amount: RuleAmount) => boolean): FlowName[] =>
    cards.flatMap((card) =>
      Object.entries(card.values).flatMap(([value, amount]) =>
        has(amount) ? [{ name: `${card.key}.${value}`, label: `${card.label} · ${amount.label}` }] : [],
      ),
    )
  return {
    roles,
    posts: Object.keys(postsOf(kernel.defs)).map((name) => ({ name, label: choiceLabel(postsOf(kernel.defs), name) })),
    groups: groupsOf(ctx, flows),
    // An office is a role whose holders sit near the unit in question.
    offices: roles,
    services: once(services.map((name) => filled({ name, label: labelOfStep(flows, name) }))),
    effects: once(effects.map((name) => ({ name, label: name }))),
    seals: once(flows.flatMap((flow) => everyStep(flow.steps).flatMap((step) => (step.kind === 'seal' ? [{ name: step.seal, label: step.seal }] : [])))),
    rules: once(ofRules((amount) => asDuration(amount) !== null)),
    ruleValues: once(ofRules(() => true)),
  } // prettier-ignore
}

/** The first of each name. */
const once = (names: readonly FlowName[]): FlowName[] => [...new Map(names.toReversed().map((one) => [one.name, one])).values()].reverse()

/** A service step is called by its own words where one is drawn already. */
const labelOfStep = (flows: readonly Flow<Filter>[], service: string): string =>
  flows.flatMap((flow) => everyStep(flow.steps)).flatMap((step) => (step.kind === 'service' && step.service === service ? [step.label] : []))[0] ??
  service // prettier-ignore

/** Groups by their kind: those that exist, and those that a flow names already. */
function groupsOf({ directory }: Context, flows: readonly Flow<Filter>[]): FlowName[] {
  const kinds = new Map<string, string[]>(flows.flatMap((flow) => groupsIn(flow.steps)).map((kind) => [kind, []]))
  // 骨科授权考核小组, 普外科授权考核小组: of its unit each is the 授权考核小组.
  const plain = (name: string, unit: string | null) => (unit && name.replace(directory.unitName(unit), '')) || name
  for (const { kind, name, unit } of directory.groups) kinds.set(kind, [...new Set([...(kinds.get(kind) ?? []), plain(name, unit)])])
  return [...kinds].map(([name, called]) => ({ name, label: groupLabel(name, called) }))
}
function groupLabel(kind: string, called: readonly string[]): string {
  if (called.length === 0) return `${kind}（尚未建立）`
  return called.length > 2 ? `${called.slice(0, 2).join('、')} 等 ${called.length} 个` : called.join('、')
}
function groupsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { kind, group } = part as Record<string, unknown>
  const own = kind === 'group' && typeof group === 'string' ? [group] : []
  return [...own, ...Object.values(part).flatMap(groupsIn)]
}
