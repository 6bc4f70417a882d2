import type { DesignKind } from '../designs/kind.ts'
import type { Automation } from './definition.ts'
import { automationProblems } from './prove.ts'
import { readAutomation } from './read.ts'
import { automationWords } from './words.ts'

/** Automations as the hospital makes, publishes and exchanges them. */
export const automationKind: DesignKind<Automation> = {
  kind: 'automation',
  read: readAutomation,
  prove: (defs, _name, automation) => automationProblems(defs, automation),
  words: (defs, _name, before, after) => automationWords(defs, before, after),
  label: (_defs, _name, { label }) => label || '未命名的自动化',
  offered: () => [],
  isMade: true,
}
