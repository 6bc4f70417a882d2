import type { FlowDifference } from '../api-flow-design.ts'
import { align, placedIn, type Placed } from './align.ts'
import { aspectsOf, flowAspects, stepAspects, type Aspect, type Says } from './aspects.ts'
import type { Admission, Flow, Step } from './definition.ts'
import { isSame } from './same.ts'
import { deciderWord, stepKindWords, type Namer } from './sentences.ts'

/** What is other in a later version of a flow, in words, each at its step. Empty only when both mean the same. */
export function differences<F>(from: Flow<F>, to: Flow<F>, namer: Namer<F>): FlowDifference[] {
  const labels = new Map(
    [from, to].flatMap((flow) => placedIn(flow).flatMap(({ step }) => ('id' in step ? [[step.id, step.label] as const] : []))),
  )
  const step = (id: string): string => namer.fill(labels.get(id) ?? id)
  const says: Says<F> = { namer, step, who: (decider) => deciderWord(namer, step, decider) }
  const { pairs, removed, added } = align(from, to)
  return [
    ...compare(from, to, flowAspects, says).map((words) => ({ step: null, place: '整个流程', kind: 'changed' as const, words })),
    ...admissionsOf(from.admissions ?? [], to.admissions ?? []),
    ...removed.map((one) => at(one, 'removed', `去掉${introduced(one.step, says)}`, says)),
    ...added.map((one) => at(one, 'added', `增加${introduced(one.step, says)}（${whereTo(one, to, says)}）`, says)),
    ...pairs.flatMap(({ from: before, to: after, isMoved }) => [
      ...(isMoved ? [at(after, 'moved', `移到${whereTo(after, to, says)}`, says)] : []),
      ...changesOf(before.step, after.step, says).map((words) => at(after, 'changed', words, says)),
    ]),
  ]
}

const at = <F>({ step, path }: Placed<F>, kind: FlowDifference['kind'], words: string, says: Says<F>): FlowDifference => ({
  step: 'id' in step ? step.id : path,
  place: called(step, says),
  kind,
  words,
})
/** A step as people call it. */
const called = <F>(step: Step<F>, says: Says<F>): string => {
  if ('label' in step) return says.namer.fill(step.label)
  return step.kind === 'when' ? `条件：${says.namer.condition(step.condition)}` : '知会'
}
/** A step that is told of for the first time, or for the last. */
function introduced<F>(step: Step<F>, says: Says<F>): string {
  if (step.kind === 'when') return `条件“${says.namer.condition(step.condition)}”`
  if (step.kind === 'notify') return `知会：${who(step.who, says)}`
  const by = 'by' in step ? `，由 ${step.by.map(says.who).join('、') || '（未指定）'} 办理` : ''
  return `${stepKindWords[step.kind]}步骤“${called(step, says)}”${by}`
}
const who = <F>(list: Extract<Step<F>, { kind: 'notify' }>['who'], says: Says<F>): string =>
  list.map((one) => (one === 'applicant' ? '申请人' : says.who(one))).join('、') || '（未指定）'

/** Where a step stands now: after which other, within what. */
function whereTo<F>({ parent, side, place }: Placed<F>, flow: Flow<F>, says: Says<F>): string {
  const before = placedIn(flow).find((one) => one.parent?.path === parent?.path && one.side === side && one.place === place - 1)
  const after = before ? `“${called(before.step, says)}”之后` : parent ? '最前' : '流程开头'
  if (!parent) return after
  const within = parent.step.kind === 'when' ? `${called(parent.step, says)}，${side === 'then' ? '成立时' : '不成立时'}` : `“${called(parent.step, says)}”的第 ${Number(side.split('.')[1]) + 1} 个分支` // prettier-ignore
  return `${within}的${after}`
}

/** What is other in a step that both versions have. */
function changesOf<F>(from: Step<F>, to: Step<F>, says: Says<F>): string[] {
  if (from.kind !== to.kind)
    return [`由${stepKindWords[from.kind]}步骤改为${stepKindWords[to.kind]}步骤`, ...compare(from, to, stepAspects, says)]
  const [were, are] = [branches(from), branches(to)]
  return [...(were === are ? [] : [`由 ${were} 个分支改为 ${are} 个`]), ...compare(from, to, stepAspects, says)]
}
const branches = <F>(step: Step<F>): number => (step.kind === 'parallel' ? step.branches.length : 0)

/** Every property that is other; what has no words of its own is told of all the same. */
function compare<F>(from: object, to: object, aspects: Readonly<Record<string, Aspect>>, says: Says<F>): string[] {
  const of = (value: object, key: string): unknown => (value as Record<string, unknown>)[key]
  return aspectsOf(from, to, aspects).flatMap((key) => {
    const [was, is] = [of(from, key), of(to, key)]
    if (isSame(was, is)) return []
    const { label, tell } = aspects[key] ?? { label: key }
    const words = tell?.(was, is, says) ?? ''
    return [words ? `${label}：${words}` : `${label}的内容有改动`]
  })
}

function admissionsOf<F>(from: readonly Admission<F>[], to: readonly Admission<F>[]): FlowDifference[] {
  const say = (kind: FlowDifference['kind'], label: string, words: string): FlowDifference => ({ step: null, place: `准入条件“${label}”`, kind, words }) // prettier-ignore
  const find = (list: readonly Admission<F>[], id: string) => list.find((one) => one.id === id)
  const changed = to.flatMap((one) => {
    const before = find(from, one.id)
    if (!before) return [say('added', one.label, '增加准入条件')]
    return isSame(before, one) ? [] : [say('changed', one.label, '准入条件的内容有改动')]
  })
  const gone = from.filter((one) => !find(to, one.id)).map((one) => say('removed', one.label, '去掉准入条件'))
  const [was, is] = [from, to].map((list) => list.map(({ id }) => id))
  const isOnlyOrder = changed.length + gone.length === 0 && !isSame(was, is)
  return [...changed, ...gone, ...(isOnlyOrder ? [{ step: null, place: '准入条件', kind: 'moved' as const, words: '顺序有改动' }] : [])]
}
