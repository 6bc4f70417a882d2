import { proveWords, type Filter, type FlowProblem, type ResolvedResource } from '#model'
import { problemAdvice, prove, proveFork, type Flow, type Known, type Problem } from '#kernel/model/flow/index.ts'
import { knownAmong, knownIn } from '#kernel/model/prove-flows.ts'
import { splitRule } from '#kernel/model/rules/index.ts'
import { planningOf } from '../../clock/planning.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import { namesHere } from './names.ts'

/** The record types that a flow decides on: that declare it, and the one that it is drawn for. */
export function typesOf(kernel: Kernel, flow: string, resource: string): ResolvedResource[] {
  const drawnFor = kernel.defs.resources.get(resource)
  return [...new Set([...(drawnFor ? [drawnFor] : []), ...kernel.defs.guardedBy(flow)])]
}

/** Everything that is wrong with a definition in this hospital, each at its step with what to do about it. */
export async function problemsOf(kernel: Kernel, ctx: Context, definition: Flow<Filter>, resource: string): Promise<FlowProblem[]> {
  const types = typesOf(kernel, definition.name, resource)
  const known = { ...knownIn(kernel.defs, types), ...(await knownHere(kernel, ctx)) }
  const declared = kernel.defs.flows.get(definition.name)
  const words = types.flatMap((r) => proveWords(kernel.defs, r, definition))
  const found: Problem[] = [
    ...prove(definition, known),
    ...(declared ? proveFork(definition, declared) : []),
    ...words.map(({ path, message }) => ({ path, code: 'badWords' as const, message })),
  ]
  const settings = await currentSettings(kernel, ctx.db)
  return found.map((one) => ({ ...one, message: fillLabel(one.message, settings), advice: problemAdvice[one.code] }))
}

/** The names of this hospital. */
async function knownHere(kernel: Kernel, ctx: Context): Promise<Known<Filter>> {
  const { cards } = (await planningOf(kernel)).rules
  return {
    ...knownAmong(await namesHere(kernel, ctx)),
    isPerson: (id) => ctx.directory.isActive(id),
    isRule: (rule) => {
      const { key, value } = splitRule(rule)
      return cards.some((card) => card.key === key && Object.hasOwn(card.values, value))
    },
  }
}
