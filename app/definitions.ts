import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  approvalsModule,
  automationsModule,
  campaignsModule,
  closingModule,
  Definitions,
  designsModule,
  dictionaryModule,
  directory,
  indexesModule,
  libraryModule,
  recycleBinModule,
  security,
  personalModule,
  messagingModule,
  noticesModule,
  printingModule,
  pagesModule,
  remindersModule,
  reportsModule,
  settingsModule,
  sharingModule,
  talkModule,
  viewsModule,
  type Module,
} from '#model'
import { clockModule } from '#kernel/model/clock/index.ts'
import { proveFlows } from '#kernel/model/prove-flows.ts'
import { ruleUsesOf } from '#kernel/model/rule-uses.ts'
import { proveRules, ruleModule, splitRule } from '#kernel/model/rules/index.ts'
import organisation from '#modules/organisation/module.ts'
import policies from '#modules/policies/module.ts'
import privileges from '#modules/privileges/module.ts'
import staff from '#modules/staff/module.ts'
import { roles } from './roles.ts'

export const modules: readonly Module[] = [
  privileges,
  staff,
  policies,
  organisation,
  directory,
  security,
  personalModule,
  messagingModule,
  noticesModule,
  campaignsModule,
  talkModule,
  remindersModule,
  automationsModule,
  printingModule,
  approvalsModule,
  settingsModule,
  indexesModule,
  viewsModule,
  reportsModule,
  pagesModule,
  recycleBinModule,
  dictionaryModule,
  designsModule,
  libraryModule,
  closingModule,
  sharingModule,
  clockModule,
  ruleModule,
]

/** Modules kept outside the product: folders named in `XINGLIN_EXTRA_MODULES` (separated by `:`), each with a `module.ts`. */
export async function extraModules(): Promise<Module[]> {
  const folders = (process.env['XINGLIN_EXTRA_MODULES'] ?? '').split(':').filter(Boolean)
  return Promise.all(
    folders.map(async (folder) => ((await import(pathToFileURL(join(folder, 'module.ts')).href)) as { default: Module }).default),
  )
}

/** The product's definitions, proved: a wrong name, path, filter or expression keeps the program from starting. `more` are modules of a test. */
export function productDefinitions(more: readonly Module[] = []): Definitions {
  const defs = new Definitions([...modules, ...more], roles)
  const uses = ruleUsesOf(defs)
  const rules = defs.modules.flatMap((m) => m.rules ?? [])
  const isRule = (name: string) =>
    rules.some(({ key, values }) => Object.hasOwn(values, splitRule(name).value) && key === splitRule(name).key)
  const problems = [...defs.prove(), ...proveFlows(defs, isRule), ...proveRules(rules, uses)]
  if (problems.length) throw new Error(`declarations are wrong:\n${problems.map((p) => `  ${p}`).join('\n')}`)
  return defs
}
