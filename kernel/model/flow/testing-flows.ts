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
function randomHandled(d: Dice, id: string, before: readonly string[], isInBranch: boolean): Handled {
  const quorum = d.pick([[1, 2], [2, 3]] as const) // prettier-ignore
  const share = d.pick([{ moreThan: [1, 2] as const }, { atLeast: [2, 3] as const }])
  const mode = d.pick<Mode>(['anyOf', 'allOf', 'inOrder', { vote: { quorum, share, tie: 'chair', chair: role('board') } }])
  const isVote = typeof mode === 'object'
  const by = [decider(d, before), ...(d.is(0.5) ? [decider(d, before)] : [])]
  const stages = [remind(), escalate(upper(1)), ...(isVote ? [] : [passTo(upper(1))])]
  const common = { by, limit: naturalDays(1), onTimeout: stages, claim: mode === 'anyOf' && d.is(0.5), onNobody: d.pick(['administrator', 'skip', 'refuse'] as const) } // prettier-ignore
  if (!isVote && d.is(0.2)) {
    const acts: StepAct[] = ['seal', 'return', 'transfer', 'addApprover', 'removeApprover', 'delegateTask', 'takeBack', 'copyTo', 'consult']
    return seal(id, id, { ...common, mode, seal: '院章', acts })
  }
  if (!isVote && d.is(0.1)) return fill(id, id, { ...common, mode, mayEdit: ['level'] })
  return approve(id, id, {
    ...common,
    mode,
    items: d.is(0.7),
    mayEdit: ['level'],
    ...(isVote ? { acts: voteActs, meeting: { recorder: people('rec') } } : { onEdit: d.pick(['askAgain', 'tell']) }),
    onApplicant: isVote ? d.pick(['recuse', 'skip']) : d.pick(['ask', 'pass', 'skip', 'superior', 'administrator']),
    onSamePerson: isVote ? d.pick(['ask', 'skip']) : d.pick(['ask', 'pass', 'skip', 'superior']),
    returnTo: before.length > 0 && !isInBranch && d.is(0.4) ? { step: d.pick(before) } : 'applicant',
  })
}

/** A definition that `prove` accepts. */
export function randomFlow(d: Dice): Flow<Condition> {
  const before: string[] = []
  let count = 0
  const make = (depth: number, isInBranch: boolean): Step<Condition>[] =>
    Array.from({ length: 1 + Math.floor(d.roll() * 3) }, () => {
      const id = `s${++count}`
      if (depth > 0 && d.is(0.15)) return when(condition(d), make(depth - 1, isInBranch), d.is(0.5) ? make(depth - 1, isInBranch) : [])
      if (depth > 0 && d.is(0.2)) {
        const branches = Array.from({ length: 2 + Math.floor(d.roll() * 2) }, () => make(depth - 1, true))
        return parallel(id, branches, { onRefuse: d.pick(['endRequest', 'branchOnly']) })
      }
      if (d.is(0.06)) return notify('applicant', role('office'))
      if (d.is(0.06)) return service(id, 'x', { attempts: 1 + Math.floor(d.roll() * 3) })
      if (d.is(0.06)) return timer(id, id, naturalDays(1))
      const step = randomHandled(d, id, before, isInBranch)
      before.push(id)
      return step
    })
  const items = d.is(0.8) ? { items: { rows: 'procedures', narrow: 'degree' } } : {}
  const effectWhen = 'items' in items && d.is(0.3) ? 'perItem' : 'together'
  const definition = flow<Condition>('random.flow', { label: 'random', steps: make(2, false), urgeEveryHours: 0, effectWhen, ...items })
  return prove(definition).length === 0 ? definition : randomFlow(d)
}

/** A hospital in which somebody is usually found. */
export function randomWorld(d: Dice): World {
  const roles = Object.fromEntries([...units.map((unit) => [unit, d.some(staff, 0.5)] as const), ['rec', ['rec']] as const])
  return world({
    roles,
    rows: ['a', 'b', 'c', 'd'].slice(0, 1 + Math.floor(d.roll() * 4)),
    heads: { own: d.some(staff, 0.2) },
    left: d.some(staff, 0.1).filter((one) => one !== 'doctor'),
    superiors: { doctor: d.some(['sun', 'chef'], 0.5) },
    administrators: d.is(0.8) ? ['admin'] : [],
    fields: { level: d.pick(['三级', '四级']), mentor: d.pick(staff) },
    standIns: d.is(0.5) ? [[d.pick(staff), d.pick(staff)]] : [],
  })
}
