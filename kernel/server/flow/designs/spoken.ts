import type { Filter, FlowSimulatedStep, FlowSimulation, FlowTrialEnd, FlowTrialWords } from '#model'
import {
  describePath,
  findHandled,
  goThrough,
  planOf,
  type FlowEnvironment,
  type PathStep,
  type TrialStay,
  type TrialWord,
} from '#kernel/model/flow/index.ts'
import type { Tried } from './simulate.ts'

interface Spoken {
  applicant: string
  words: FlowTrialWords
  /** Ids of the lines, in their order; none where the request has none. */
  lines: readonly string[]
  env: FlowEnvironment<Filter>
  /** The steps as they would go where everybody consents. */
  drawn: readonly { of: PathStep; step: FlowSimulatedStep }[]
}
/** The way of a request at which not everybody consents: led by the engine itself, stay by stay; then what it did not come to. */
export function spokenWay(tried: Tried, { applicant, words, lines, env, drawn }: Spoken): FlowSimulation {
  const { definition } = tried
  const labelOf = (key: string) => drawn.find(({ of }) => of.key === key)?.step.label ?? key
  const wrong = Object.entries(words).flatMap(([key, { lines: places = [] }]) =>
    !findHandled(planOf(definition), key) ? [`没有这个步骤：${key.slice(0, 40)}`] : places.filter((place) => !lines[place]).map((place) => `“${labelOf(key)}”：申请中没有第 ${place + 1} 行`),
  )
  if (wrong.length) return { steps: [], obstacles: wrong, ends: null }
  const given = Object.fromEntries(Object.entries(words).map(([key, { say, lines: places }]): [string, TrialWord] => [key, { say, ...(places ? { lines: places.map((place) => lines[place]!) } : {}) }]))
  const way = goThrough(definition, { applicant, words: given }, { ...env, record: { ...env.record, items: lines } })
  if (!way.state) return { steps: [], obstacles: [way.refused?.refusal.message ?? '不能提交'], ends: null }
  const place = (key: string) => drawn.findIndex(({ of }) => of.key === key)
  const known = (key: string) => drawn[place(key)]
  const steps = way.stays.flatMap((stay): FlowSimulatedStep[] => {
    const of = known(stay.step)
    const people = stay.people.map((id) => of?.step.people.find((one) => one.id === id) ?? { id, name: tried.nameOf(id), replaced: null })
    return of ? [{ ...of.step, people, passedBy: people.length ? null : of.step.passedBy, due: null, said: saidAt(tried, stay, labelOf, lines) }] : []
  })
  // What it did not come to stands behind the last that lies before it.
  for (const one of describePath(definition, way.state, env)) {
    const of = known(one.key)
    if (!of || steps.some(({ step }) => step === one.key)) continue
    const passedBy = one.state === 'skipped' ? '条件不成立，不经过这一步' : one.state === 'done' ? null : '没有走到这一步'
    const after = steps.findLastIndex(({ step }) => place(step) < place(one.key))
    steps.splice(after + 1, 0, { ...of.step, people: passedBy === null ? of.step.people : [], passedBy, due: null, said: null })
  }
  const obstacles = way.refused ? [`“${labelOf(way.refused.step ?? '')}”：${way.refused.refusal.message}`] : []
  return { steps, obstacles, ends: endOf(way.state) }
} // prettier-ignore
function saidAt(tried: Tried, { step: key, word }: TrialStay, labelOf: (key: string) => string, lines: readonly string[]): string | null {
  if (word === null) return null
  const step = findHandled(planOf(tried.definition), key)!
  const consent = { approve: '同意', fill: '提交', seal: '盖章' }[step.kind]
  if (word === 'consent') return consent
  const back = step.returnTo === 'applicant' ? '退回申请人' : `退回到“${labelOf(step.returnTo.step)}”`
  const verb = word.say === 'refuse' ? '拒绝' : back
  if (!word.lines) return verb
  return `第 ${word.lines.map((id) => lines.indexOf(id) + 1).join('、')} 行${verb}，其余${consent}`
}
function endOf({ status, items }: NonNullable<ReturnType<typeof goThrough>['state']>): FlowTrialEnd {
  const states = new Set(Object.values(items).map(({ state }) => state))
  if (status === 'approved') return states.has('refused') || states.has('returned') ? 'partly' : 'approved'
  return status === 'refused' || status === 'returned' ? status : 'waiting'
}
