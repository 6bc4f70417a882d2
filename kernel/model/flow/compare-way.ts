import { flowTrialEnds, type FlowSimulatedStep, type FlowSimulation, type FlowTestCase, type FlowTrialEnd } from '../api-flow-design.ts'
import { stepKindWords } from './sentences.ts'

type Expected = FlowTestCase['expect']
/** Words for a step and a person. */
export interface WayNames {
  step(id: string): string
  person(id: string): string
}
const decided: ReadonlySet<string> = new Set<keyof typeof stepKindWords>(['approve', 'fill', 'seal'])
/** The steps at which somebody is asked, in their order. */
export const decidedSteps = (way: readonly FlowSimulatedStep[]): FlowSimulatedStep[] =>
  way.filter((one) => decided.has(one.kind) && one.passedBy === null)

/** How the way that a request goes differs from the one it must go, in words; empty when it does not. */
export function wayDifferences(
  { steps: expected, ends }: { steps: Expected; ends?: FlowTrialEnd | undefined },
  way: Pick<FlowSimulation, 'steps' | 'ends'>,
  names: WayNames,
): string[] {
  const gone = decidedSteps(way.steps)
  const [wanted, real] = [expected.map(({ step }) => step), gone.map(({ step }) => step)]
  const missing = wanted.filter((step) => !real.includes(step)).map((step) => `没有经过“${names.step(step)}”`)
  const more = real.filter((step) => !wanted.includes(step)).map((step) => `多经过“${names.step(step)}”`)
  const isOtherOrder = missing.length + more.length === 0 && wanted.join() !== real.join()
  const said = (steps: readonly string[]) => steps.map(names.step).join(' → ')
  const order = isOtherOrder ? [`顺序不同：应为 ${said(wanted)}，实际是 ${said(real)}`] : []
  const other = ends && ends !== way.ends ? [`结果应为“${flowTrialEnds[ends]}”，实际是“${flowTrialEnds[way.ends ?? 'approved']}”`] : []
  return [...missing, ...more, ...order, ...expected.flatMap((one) => peopleDifference(one, gone, names)), ...other]
}
function peopleDifference({ step, people }: Expected[number], gone: readonly FlowSimulatedStep[], names: WayNames): string[] {
  const there = gone.find((one) => one.step === step)
  if (!people || !there) return []
  const real = there.people.map(({ id }) => id)
  const isSame = real.length === new Set(people).size && people.every((id) => real.includes(id))
  const said = (ids: readonly string[]) => ids.map(names.person).join('、') || '无人'
  return isSame ? [] : [`“${names.step(step)}”应由 ${said(people)} 办理，实际是 ${said(real)}`]
}
