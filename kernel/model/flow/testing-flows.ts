import type { Decider, Flow, Handled, Mode, Step } from './index.ts'
import {
  approve,
  chosenByApplicant,
  earlier,
  escalate,
  fill,
  flow,
  formField,
  group,
  headOf,
  naturalDays,
  notify,
  parallel,
  passTo,
  people,
  prove,
  remind,
  role,
  seal,
  service,
  timer,
  upper,
  when,
} from './index.ts'
import type { StepAct } from './definition.ts'
import type { Cell } from './testing-legal.ts'
import type { Condition, World } from './testing.ts'
import { world } from './testing.ts'

/** A die that falls the same way for the same seed. */
export function dice(seed: number) {
  let a = seed >>> 0
  const roll = (): number => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T
  const some = <T>(list: readonly T[], chance = 0.6): T[] => list.filter(() => roll() < chance)
  return { roll, pick, some, is: (chance: number) => roll() < chance }
}
export type Dice = ReturnType<typeof dice>

export const staff = ['doctor', 'li', 'wang', 'zhao', 'sun', 'qian', 'chen']
export const units = ['group', 'office', 'board']
const condition = (d: Dice): Condition => ({ field: 'level', is: d.pick(['三级', '四级']) })

function decider(d: Dice, before: readonly string[]): Decider {
  const named = people(...d.some(staff, 0.3), d.pick(staff))
  const kinds: Decider[] = [role(d.pick(units)), group(d.pick(units)), headOf(), named, formField('mentor'), chosenByApplicant()]
  return before.length > 0 && d.is(0.15) ? earlier(d.pick(before)) : d.pick(kinds)
}

const voteActs: readonly StepAct[] = ['approve', 'reject', 'decideItems', 'addApprover', 'removeApprover', 'takeBack', 'copyTo', 'consult']
/** What a step must be for an act to be possible at it. */
interface Demand {
  readonly mode?: string
  readonly kind?: 'seal' | 'approve'
  readonly isClaimed?: true
  /** Nobody is found, so that it gets stuck. */
  readonly isDeserted?: true
}
interface Place {
  readonly id: string
  readonly before: readonly string[]
  /** Where its lines may go back to. */
  readonly targets: readonly string[]
}
function randomMode(d: Dice, wanted?: string): Mode {
  const quorum = d.pick([[1, 2], [2, 3]] as const) // prettier-ignore
  const share = d.pick([{ moreThan: [1, 2] as const }, { atLeast: [2, 3] as const }])
  const vote: Mode = { vote: { quorum, share, tie: 'chair', chair: role('board') } }
  const mode = d.pick<Mode>(['anyOf', 'allOf', 'inOrder', vote])
  if (!wanted) return mode
  return wanted === 'vote' ? vote : (wanted as Mode)
}
function randomHandled(d: Dice, { id, before, targets }: Place, demand: Demand = {}): Handled {
  const mode = randomMode(d, demand.mode)
  const isVote = typeof mode === 'object'
  const by = demand.isDeserted ? [role('ghost')] : [decider(d, before), ...(d.is(0.5) ? [decider(d, before)] : [])]
  const stages = [remind(), escalate(upper(1)), ...(isVote ? [] : [passTo(upper(1))])]
  const onNobody = demand.isDeserted ? 'administrator' : d.pick(['administrator', 'skip', 'refuse'] as const)
  const claim = demand.isClaimed ?? (mode === 'anyOf' && d.is(0.5))
  const common = { by, limit: naturalDays(1), onTimeout: stages, claim, onNobody, consultPauses: d.is(0.3) }
  const isSeal = demand.kind ? demand.kind === 'seal' : d.is(0.2)
  if (!isVote && isSeal) {
    const acts: StepAct[] = ['seal', 'return', 'transfer', 'addApprover', 'removeApprover', 'delegateTask', 'takeBack', 'copyTo', 'consult']
    return seal(id, id, { ...common, mode, seal: '院章', acts })
  }
  if (!isVote && !demand.kind && d.is(0.1)) return fill(id, id, { ...common, mode, mayEdit: ['level'] })
  return approve(id, id, {
    ...common,
    mode,
    items: d.is(demand.kind ? 0.9 : 0.7),
    mayEdit: ['level'],
    ...(isVote ? { acts: voteActs, meeting: { recorder: people('rec') } } : { onEdit: d.pick(['askAgain', 'tell']) }),
    onApplicant: isVote ? d.pick(['recuse', 'skip']) : d.pick(['ask', 'pass', 'skip', 'superior', 'administrator']),
    onSamePerson: isVote ? d.pick(['ask', 'skip']) : d.pick(['ask', 'pass', 'skip', 'superior']),
    returnTo: targets.length > 0 && d.is(0.4) ? { step: d.pick(targets) } : 'applicant',
  })
}

/** What a step must be for an act. */
function demandOf(act: string, mode?: string): Demand | 'service' | 'timer' {
  if (act === 'serviceDone' || act === 'serviceFailed') return 'service'
  if (act === 'elapse') return 'timer'
  const at = mode ? { mode } : {}
  if (act === 'claim' || act === 'release') return { mode: 'anyOf', isClaimed: true }
  if (act === 'enterMinutes') return { mode: 'vote', kind: 'approve' }
  if (act === 'seal') return { ...at, kind: 'seal' }
  if (act === 'repair') return { ...at, isDeserted: true }
  return act === 'approve' || act === 'reject' || act === 'decideItems' ? { ...at, kind: 'approve' } : at
}

/** A definition that `prove` accepts. With a wish it usually begins with a split in which the wished acts can be done beside each other. */
export function randomFlow(d: Dice, wish: readonly Cell[] = []): Flow<Condition> {
  const before: string[] = []
  const main: string[] = []
  let count = 0
  const handled = (isInBranch: boolean, demand?: Demand): Step<Condition> => {
    const id = `s${++count}`
    const step = randomHandled(d, { id, before: isInBranch && demand ? [] : before, targets: isInBranch ? main : before }, demand)
    before.push(id)
    if (!isInBranch) main.push(id)
    return step
  }
  const make = (depth: number, isInBranch: boolean): Step<Condition>[] =>
    Array.from({ length: 1 + Math.floor(d.roll() * 3) }, () => {
      if (depth > 0 && d.is(0.15)) return when(condition(d), make(depth - 1, isInBranch), d.is(0.5) ? make(depth - 1, isInBranch) : [])
      if (depth > 0 && d.is(0.2)) {
        const id = `s${++count}`
        const branches = Array.from({ length: 2 + Math.floor(d.roll() * 2) }, () => make(depth - 1, true))
        return parallel(id, branches, { onRefuse: d.pick(['endRequest', 'branchOnly']) })
      }
      if (d.is(0.06)) return notify('applicant', role('office'))
      if (d.is(0.06)) return service(`s${++count}`, 'x', { attempts: 1 + Math.floor(d.roll() * 3) })
      if (d.is(0.06)) return timer(`s${++count}`, `s${count}`, naturalDays(1))
      return handled(isInBranch)
    })
  const wished = (demand: ReturnType<typeof demandOf>, isInBranch = true): Step<Condition> => {
    if (demand === 'service') return service(`s${++count}`, 'x', { attempts: 1 })
    if (demand === 'timer') return timer(`s${++count}`, `s${count}`, naturalDays(1))
    return handled(isInBranch, demand)
  }
  // Each first act again and again, in a branch of its own; what is to follow it in others.
  const firsts = [...new Set(wish.map(({ first }) => first))].slice(0, 3)
  const beside = (): Step<Condition> => {
    const special = wish.filter(({ act }) => ['seal', 'repair', 'release', 'claim', 'decideItems'].includes(act))
    const seconds = [special, special, special, wish, wish].flatMap((cells) => d.pick(cells) ?? [])
    const again = firsts.map((first) => [0, 1].map(() => wished(demandOf(first))))
    const branches = [...again, ...seconds.map(({ act, mode }) => [wished(demandOf(act, mode)), ...(d.is(0.3) ? [handled(true)] : [])])]
    return parallel(`s${++count}`, branches, { onRefuse: 'branchOnly' })
  }
  const told = d.is(0.4) ? [notify('applicant', role('office'))] : []
  const front = wish.length > 0 ? [...told, ...(d.is(0.3) ? [handled(false)] : []), ...(d.is(0.8) ? [beside()] : [])] : []
  const items = d.is(0.8) ? { items: { rows: 'procedures', narrow: 'degree' } } : {}
  const effectWhen = 'items' in items && d.is(0.3) ? 'perItem' : 'together'
  // What an administrator jumps to lies on the main way.
  const targets = wish.filter(({ first, act }) => first === 'jump' || act === 'jump').slice(0, 3)
  const ahead = targets.flatMap(({ first, act, mode }) => wished(first === 'jump' ? demandOf(act, mode) : { mode }, false))
  const steps = [...front, ...ahead, ...make(front.length > 0 ? 1 : 2, false)]
  const definition = flow<Condition>('random.flow', { label: 'random', steps, urgeEveryHours: 0, effectWhen, ...items })
  return prove(definition).length === 0 ? definition : randomFlow(d, wish)
}

/** A hospital in which somebody is usually found. */
export function randomWorld(d: Dice): World {
  const roles = Object.fromEntries([...units.map((unit) => [unit, d.some(staff, 0.5)] as const), ['rec', ['rec']] as const])
  return world({
    roles,
    rows: ['a', 'b', 'c', 'd'].slice(0, 1 + Math.floor(d.roll() * 4)),
    heads: { own: d.some(staff, 0.2) },
    left: d.some(staff, 0.1).filter((one) => one !== 'doctor'),
    successors: Object.fromEntries(d.some(staff, 0.3).map((one) => [one, d.pick(staff)])),
    superiors: { doctor: d.some(['sun', 'chef'], 0.5) },
    administrators: d.is(0.8) ? ['admin'] : [],
    fields: { level: d.pick(['三级', '四级']), mentor: d.pick(staff) },
    ...(d.is(0.5) ? { changed: [] } : {}),
    standIns: d.is(0.5) ? [[d.pick(staff), d.pick(staff)]] : [],
  })
}
