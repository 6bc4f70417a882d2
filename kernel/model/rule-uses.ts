import type { Definitions } from './definitions.ts'
import { usesOfFlows, usesOfReminders, type RuleUse } from './rules/uses.ts'

/** Everything of the product that reads a rule: what modules declare, the limits and conditions of flows, the days of reminders. */
export const ruleUsesOf = (defs: Definitions): RuleUse[] => [
  ...defs.modules.flatMap((m) => m.ruleUses ?? []),
  ...usesOfFlows(defs.flows.values()),
  ...usesOfReminders(
    defs.modules.flatMap((m) => m.remind ?? []),
    (name, date) => {
      const { label, fields } = defs.resource(name)
      return `${label} · ${fields[date]?.label ?? date}提醒`
    },
  ),
]
