import {
  fieldOrColumn,
  formatInstant,
  Refusal,
  type Filter,
  type FlowSimulatedStep,
  type FlowSimulation,
  type FlowTestCase,
  type FlowTestResult,
  type FlowTrialWords,
} from '#model'
import { wayDifferences } from '#kernel/model/flow/compare-way.ts'
import { modeWord, routedWord } from '#kernel/model/flow/sentences.ts'
import { describePath, everyStep, planOf, type Flow, type FlowEnvironment, type PathStep } from '#kernel/model/flow/index.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import type { CompiledResource } from '../../store/compiled.ts'
import { replacementsOf, withReplacements } from '../in-force.ts'
import { sampleRequest } from '../preview.ts'
import { problemsOf } from './prove.ts'
import { spokenWay } from './spoken.ts'

/** Who asks for what. */
export interface TrialAsked {
  applicant: string
  draft: Readonly<Record<string, unknown>>
  /** What is said where it is not consent. */
  words?: FlowTrialWords | undefined
}
/** A definition that can be tried out: as it would count, with replacements of people, for one record type. */
export interface Tried {
  c: CompiledResource
  definition: Flow<Filter>
  fill(text: string): string
  nameOf(person: string): string
  /** Why nothing can be tried out. */
  faults: string[]
}
/** Prepares a definition for trials. One with faults goes no way at all. */
export async function triable(kernel: Kernel, ctx: Context, definition: Flow<Filter>, resource: string): Promise<Tried> {
  if (!resource) throw new Refusal('badRequest', '这个流程没有对应的表单，不能试运行')
  const settings = await currentSettings(kernel, ctx.db)
  const problems = await problemsOf(kernel, ctx, definition, resource)
  return {
    c: kernel.resource(resource),
    definition: withReplacements(definition, await replacementsOf(ctx.db)),
    fill: (text) => fillLabel(text, settings),
    nameOf: (person) => ctx.directory.nameOf(person),
    faults: problems.map(({ message }) => message),
  }
}

/** The way that a request would go, step by step, with the people of today. Writes nothing. */
export async function simulate(kernel: Kernel, ctx: Context, tried: Tried, trial: TrialAsked): Promise<FlowSimulation> {
  const { steps, obstacles, unfilled, ends } = await walk(kernel, ctx, tried, trial)
  return { steps, obstacles: [...obstacles, ...unfilled], ends }
}
/** The same; what is still to be filled in stands apart: a case holds only what its way depends on. */
async function walk(
  kernel: Kernel,
  ctx: Context,
  tried: Tried,
  { applicant, draft, words = {} }: TrialAsked,
): Promise<FlowSimulation & { unfilled: string[] }> {
  const { c, definition } = tried
  if (tried.faults.length > 0) return { steps: [], obstacles: tried.faults, ends: null, unfilled: [] }
  const isField = (key: string) => Object.hasOwn(c.r.fields, key)
  const strange = Object.keys(draft).filter((key) => !isField(key))
  const own = c.r.owner.person && c.byKey.has(c.r.owner.person) ? { [c.r.owner.person]: applicant } : {}
  const known = Object.fromEntries(Object.entries(draft).filter(([key]) => isField(key)))
  const { env } = await sampleRequest(kernel, ctx, c, { ...known, ...own }, applicant)
  const path = describePath(definition, { applicant }, env).filter(({ kind }) => kind !== 'start')
  const drawn = simulated(ctx, tried, path, env)
  const spoken =
    Object.keys(words).length > 0
      ? spokenWay(tried, { applicant, words, lines: linesOf(c, known), env, drawn: path.map((of, at) => ({ of, step: drawn[at]! })) })
      : { steps: drawn, obstacles: [], ends: null }
  const isRefused = (step: PathStep) => step.state === 'future' && step.notes?.some(({ policy }) => policy === 'refuse')
  return {
    ...spoken,
    obstacles: [
      ...spoken.obstacles,
      ...(ctx.directory.isActive(applicant) ? [] : ['申请人不在岗']),
      ...strange.map((key) => `表单中没有这个字段：${key.slice(0, 40)}`),
      ...path.filter(isRefused).map((step) => `“${tried.fill(step.label)}”找不到审批人，不能提交`),
    ],
    unfilled: definition.start.require.flatMap((key) =>
      env.isFilled(key) ? [] : [`提交前须填写“${fieldOrColumn(c.r.fields, key)?.label ?? key}”`],
    ),
  }
}

function simulated(ctx: Context, tried: Tried, path: readonly PathStep[], env: FlowEnvironment<Filter>): FlowSimulatedStep[] {
  const name = (id: string) => ctx.directory.nameOf(id)
  let reached: string | null = env.now
  return path.map((step): FlowSimulatedStep => {
    const timer = step.state === 'skipped' ? undefined : findTimer(tried.definition, step.key)
    // What comes after a wait begins when it ends; until a day that nobody has filled in, nothing can be said.
    if (timer) reached = reached && ('field' in timer ? (env.instantOf?.(timer.field) ?? null) : (env.dueAt?.(timer, reached)?.at ?? null))
    const due = timer ? reached : step.limit && reached && step.state !== 'skipped' ? env.dueAt?.(step.limit, reached)?.at : null
    const people = step.state === 'skipped' ? [] : step.people
    return {
      step: step.key,
      label: tried.fill(step.label),
      kind: step.kind,
      people: people.map(({ person }) => ({ id: person, name: name(person), replaced: replacedWord(step, person, name) })),
      mode: step.mode === undefined ? '' : modeWord(step.mode),
      said: null,
      passedBy: passedWord(step, name),
      due: due ? formatInstant(due) : null,
    }
  })
}
const findTimer = (definition: Flow<Filter>, key: string) => {
  const step = planOf(definition).byKey.get(key)?.step
  return step?.kind === 'timer' ? step.until : undefined
}
type Naming = (id: string) => string
const sentence = ({ person, ...note }: NonNullable<PathStep['notes']>[number], name: Naming): string =>
  `${person ? `${name(person)} ` : ''}${routedWord(note)}`
/** By which rule somebody stands here instead of whom the plain rule names. */
function replacedWord({ notes = [] }: PathStep, person: string, name: Naming): string | null {
  const found = notes.find((note) => note.to.includes(person))
  return found ? sentence(found, name) : null
}
/** Why nobody is asked here; null where somebody is, or will be chosen. */
function passedWord({ state, people, notes = [] }: PathStep, name: Naming): string | null {
  if (state === 'skipped') return '条件不成立，不经过这一步'
  return people.length === 0 && notes.length > 0 ? notes.map((note) => sentence(note, name)).join('；') : null
}

/** The lines of a request that is tried out; one stands for those that nobody has filled in. */
function linesOf({ r }: CompiledResource, draft: TrialAsked['draft']): string[] {
  if (!r.items) return []
  const rows = draft[r.items]
  return Array.isArray(rows) && rows.length > 0 ? rows.map((_, at) => `line-${at}`) : ['sample']
}

/** Every case, walked with the people of today. */
export async function runCases(kernel: Kernel, ctx: Context, tried: Tried, cases: readonly FlowTestCase[]): Promise<FlowTestResult[]> {
  const labels = new Map(everyStep(tried.definition.steps).flatMap((step) => ('id' in step ? [[step.id, tried.fill(step.label)] as const] : []))) // prettier-ignore
  const names = { step: (id: string) => labels.get(id) ?? id, person: (id: string) => ctx.directory.nameOf(id) || '（查无此人）' }
  const results: FlowTestResult[] = []
  for (const { id, applicant, draft, words, ends, expect } of cases) {
    const way = await walk(kernel, ctx, tried, { applicant, draft, words })
    const differences =
      tried.faults.length > 0 ? ['流程还有错误，无法试运行'] : [...way.obstacles, ...wayDifferences({ steps: expect, ends }, way, names)]
    results.push({ id, passed: differences.length === 0, differences })
  }
  return results
}
