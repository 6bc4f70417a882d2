import type { DesignKind } from '../designs/kind.ts'
import { invalid } from '../refusals.ts'
import { printProblems } from './prove.ts'
import { readPrintTemplate } from './read.ts'
import type { PrintTemplate } from './template.ts'
import { printTemplateWords } from './words.ts'

/** Print templates as the hospital makes, publishes and exchanges them. */
export const printKind: DesignKind<PrintTemplate> = {
  kind: 'print',
  read: (given) => {
    const { template, problems } = readPrintTemplate(given)
    if (problems.length) throw invalid(problems)
    return template
  },
  prove: (defs, _name, template) => printProblems(defs, template),
  words: (defs, _name, before, after) => printTemplateWords(defs, before, after),
  label: (_defs, _name, { label }) => label,
  offered: () => [],
  isMade: true,
}
