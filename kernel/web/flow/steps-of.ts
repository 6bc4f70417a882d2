import type { NamedPath } from '#model'
import { modeWords } from '#kernel/model/flow/sentences.ts'
import type { PathPersonView, PathStep } from './flow-path.tsx'

type Person = NamedPath['people'][number]
type Decision = NonNullable<Person['decision']>

/** The path as the server tells it, as it is drawn. */
export const stepsOf = (path: readonly NamedPath[]): PathStep[] =>
  path
    // What a condition left out is no part of this request's way.
    .filter((step) => step.state !== 'notReached')
    .map((step) => ({
      id: step.key,
      label: step.label,
      state: stateOf(step),
      people: step.people.map((person) => personOf(person, step)),
      at: step.until ?? lastAt(step),
      waitingSince: step.since,
      due: step.due,
      isProvisional: step.provisional,
      rule: step.rule && ruleWords(step.rule),
      note: noteOf(step),
    }))

/** 依据 … · 不超过 3 个工作日（医院 · 2026-01-01 起施行）. */
function ruleWords({ label, text, layer, basis, version, today }: NonNullable<NamedPath['rule']>): string {
  if (text === null) return `${label}：尚无生效的规则，暂不计时`
  const since = `${layer}${basis} · ${version} 起施行`
  return today ? `${label} ${text}（${since}；现行${today}，已开始的不变）` : `${label} ${text}（${since}）`
}
const stateOf = (step: NamedPath): PathStep['state'] => {
  if (step.how === 'refused' || step.how === 'returned') return step.how
  return step.state === 'notReached' ? 'skipped' : step.state
}
const lastAt = (step: NamedPath): string | undefined => step.people.flatMap((person) => person.decision?.at ?? []).toSorted().at(-1) // prettier-ignore

const stuckWords: Readonly<Record<string, string>> = {
  nobodyFound: '找不到审批人，等管理员处理',
  quorumImpossible: '人数不足，无法表决',
  serviceFailed: '系统处理失败，正在重试',
}
function noteOf({ stuck, mode, people, kind, restsSince }: NamedPath): string | undefined {
  if (restsSince) return '正在征求意见，暂停计时'
  if (stuck) return stuckWords[stuck]
  if (kind !== 'approve' || mode === undefined || people.length < 2) return undefined
  return typeof mode === 'object' ? `表决 · 应到 ${people.length} 人` : modeWords[mode]
}

function personOf(person: Person, step: NamedPath): PathPersonView {
  const { decision } = person
  const base = { id: person.person, name: person.name, at: decision?.at, opinion: decision?.opinion, signature: decision?.signature }
  if (person.state !== 'decided') return { ...base, state: person.state }
  if (!decision) return { ...base, state: step.kind === 'start' ? (step.state === 'current' ? 'expected' : 'submitted') : 'approved' }
  const { meeting } = decision
  if (meeting)
    return {
      ...base,
      state: 'approved',
      result: `会议纪要 ${meeting.date} · 应到 ${meeting.members.length} 实到 ${meeting.present.length}`,
    }
  return { ...base, state: acts[decision.act] ?? sumOf(decision), result: resultOf(decision) }
}
const acts: Readonly<Record<string, PathPersonView['state']>> = {
  approve: 'approved',
  reject: 'refused',
  return: 'returned',
  submit: 'submitted',
  resubmit: 'submitted',
}

/** Many lines decided one by one: their sum in words. */
function resultOf({ act, verdicts }: Decision): string | undefined {
  if (act !== 'decideItems') return undefined
  const says = Object.values(verdicts).map((verdict) => verdict.say)
  if (says.length < 2) return undefined
  const words = { pass: '通过', narrow: '限定', refuse: '不通过', return: '退回', abstain: '弃权', recuse: '回避' } as const
  const counted = Object.entries(words).map(([say, word]) => [says.filter((one) => one === say).length, word] as const)
  return counted.filter(([count]) => count > 0).map(([count, word]) => `${count} 项${word}`).join(' · ') // prettier-ignore
}
function sumOf({ verdicts }: Decision): PathPersonView['state'] {
  const says = new Set(Object.values(verdicts).map((verdict) => verdict.say))
  if (says.size === 0) return 'approved'
  const only = says.size === 1 ? [...says][0] : undefined
  if (only === 'refuse') return 'refused'
  if (only === 'return') return 'returned'
  return only === 'abstain' || only === 'recuse' ? 'abstained' : 'approved'
}
