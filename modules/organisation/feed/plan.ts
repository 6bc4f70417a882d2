import type { ApiRecord } from '#model'
import { matchOf, type Candidate, type FeedPerson, type Match, type WrongLine } from './match.ts'
import { fedPersonFields, type FedField, type Outcome } from './feed.rules.ts'
import type { FeedWorld } from './world.ts'

/** What is to be done with one line, before anything is done. */
export interface Step {
  outcome: Outcome | 'same'
  number: string
  name: string
  given: FeedPerson | null
  person: string | null
  changes: Readonly<Record<string, unknown>>
  /** The house's number that is not yet kept under the source. */
  isLinked: boolean
  candidates: readonly Candidate[]
  message: string
}
export interface FeedPlan {
  steps: Step[]
  /** How many people the source told of before. */
  linked: number
}
interface Planned {
  owns: readonly FedField[]
  /** Are files made for people whom nobody knows? */
  adds: boolean
  isFull: boolean
  /** Who a line is, where somebody has said so. */
  match?: (line: FeedPerson) => Match
}
const blank = { given: null, person: null, changes: {}, isLinked: true, candidates: [], message: '' }

/** What the lines of a run come to. `owns`: what the source looks after; whoever it told of before and leaves out now is missing, in a full run. */
export function planOf(
  { people: lines, wrong }: { people: readonly FeedPerson[]; wrong: readonly WrongLine[] },
  world: FeedWorld,
  { owns, adds, isFull, match = (line) => matchOf(line, world.known) }: Planned,
): FeedPlan {
  const taken = new Map<string, number>()
  const steps = lines.map((line): Step => {
    const meant = match(line)
    const base = { ...blank, number: line.number, name: line.name, given: line }
    if (meant.kind === 'doubtful') return { ...base, outcome: 'doubtful', candidates: meant.candidates, message: meant.message }
    const unit = line.unit === null ? null : world.units.get(line.unit)
    const unknown = unit === undefined ? `没有对照的科室“${line.unit}”` : ''
    const message = [...line.unread, unknown].filter(Boolean).join('；').slice(0, 300)
    if (meant.kind === 'new')
      return unknown || !adds
        ? { ...base, outcome: unknown ? 'refused' : 'doubtful', message: message || '没有档案的人员' }
        : { ...base, outcome: 'added', changes: newcomer(line, unit ?? null), isLinked: false, message }
    if (taken.has(meant.person)) return { ...base, outcome: 'refused', message: `与第 ${taken.get(meant.person)} 行是同一个人` }
    taken.set(meant.person, line.line)
    const stored = world.people.get(meant.person)!
    const changes = differences(line, unit ?? null, stored, owns)
    const isLinked = (world.numbers.get(meant.person) ?? []).includes(line.number)
    const outcome = Object.keys(changes).length || !isLinked ? 'changed' : message ? 'refused' : 'same'
    return { ...base, outcome, person: meant.person, changes, isLinked, message }
  })
  const refused = wrong.map(({ number, name, message }): Step => ({ ...blank, outcome: 'refused', number, name, message }))
  return { steps: [...steps, ...refused, ...(isFull ? missingOf(lines, wrong, world, steps) : [])], linked: world.numbers.size }
}
function newcomer({ name, number, facts }: FeedPerson, unit: string | null): Record<string, unknown> {
  return { staffNumber: number, ...facts, name, unit, status: 'active' }
}
function differences({ name, facts }: FeedPerson, unit: string | null, stored: ApiRecord, owns: readonly FedField[]): Record<string, unknown> {
  const said: Record<string, unknown> = { ...facts, name, ...(unit ? { unit } : {}) }
  // What a source leaves out it does not take away.
  return Object.fromEntries(owns.filter((key) => said[key] !== undefined && said[key] !== (stored[key] ?? null)).map((key) => [key, said[key]]))
} // prettier-ignore
function missingOf(lines: readonly FeedPerson[], wrong: readonly WrongLine[], world: FeedWorld, steps: readonly Step[]): Step[] {
  const told = new Set([...lines, ...wrong].map(({ number }) => number))
  // Who might be meant by a doubtful line is not missing.
  const meant = new Set(steps.flatMap(({ person, candidates }) => [person, ...candidates.map((one) => one.person)]))
  return [...world.numbers].flatMap(([person, numbers]): Step[] => {
    const stored = world.people.get(person)
    if (!stored || stored['status'] === 'left' || meant.has(person) || numbers.some((number) => told.has(number))) return []
    return [{ ...blank, outcome: 'missing', number: numbers[0]!, name: String(stored['name']), person, message: '来源里没有了' }]
  })
}
/** Changes in words, for whoever reads the line; protected values are not told. */
export function wordsOf(step: Step, stored: ApiRecord | undefined, unitName: (id: string) => string): string {
  const hidden = new Set(['identityNumber', 'mobile', 'email'])
  const word = (key: string, value: unknown) =>
    value === null || value === undefined || value === '' ? '空' : key === 'unit' ? unitName(value as string) : key === 'sex' ? { male: '男', female: '女', unknown: '未说明' }[value as 'male'] : String(value)
  return Object.entries(step.changes)
    .filter(([key]) => Object.hasOwn(fedPersonFields, key) && (stored || (key !== 'name' && key !== 'staffNumber')))
    .map(([key, value]) => `${fedPersonFields[key as FedField]}${hidden.has(key) ? '有变动' : stored ? `：${word(key, stored[key])} → ${word(key, value)}` : `：${word(key, value)}`}`)
    .join('；')
    .slice(0, 1000)
} // prettier-ignore
