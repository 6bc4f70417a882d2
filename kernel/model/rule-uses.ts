import type { Definitions } from './definitions.ts'
import type { Filter } from './filter/filter.ts'
import type { Flow } from './flow/definition.ts'
import type { Reminder } from './reminders/definition.ts'
import { usesOfFlows, usesOfReminders, type RuleUse } from './rules/uses.ts'

/** Everything of the product that reads a rule: what modules declare, the limits and conditions of flows (those declared, unless others are in force), the days of reminders (likewise). */
export const ruleUsesOf = (
  defs: Definitions,
  flows: ReadonlyMap<string, Flow<Filter>> = defs.flows,
  reminders: Iterable<Reminder> = defs.reminders.values(),
): RuleUse[] => [...defs.modules.flatMap((m) => m.ruleUses ?? []), ...usesOfFlows(flows.values()), ...usesOfReminders(reminders)]
