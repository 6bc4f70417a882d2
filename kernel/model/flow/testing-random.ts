import type { Approve, Decider, Flow, Meeting, Mode, Step, Verdict } from './index.ts'
import {
  approve,
  beginChild,
  chosenByApplicant,
  earlier,
  flow,
  formField,
  group,
  headOf,
  isEnded,
  liveLines,
  notify,
  people,
  prove,
  role,
  service,
  waitsFor,
  when,
} from './index.ts'
import { handledStep, planOf } from './plan.ts'
import type { Condition, World } from './testing.ts'
import { environment, Story, world } from './testing.ts'

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
type Dice = ReturnType<typeof dice>

const staff = ['doctor', 'li', 'wang', 'zhao', 'sun', 'qian', 'chen']
const units = ['group', 'office', 'board']
const condition = (d: Dice): Condition => ({ field: 'level', is: d.pick(['三级', '四级']) })

function decider(d: Dice, before: readonly string[]): Decider {
  const kinds: Decider[] = [
    role(d.pick(units)),
    group(d.pick(units)),
    headOf(),
    people(...d.some(staff, 0.3), d.pick(staff)),
    formField('mentor'),
    chosenByApplicant(),
  ]
  return before.length > 0 && d.is(0.15) ? earlier(d.pick(before)) : d.pick(kinds)
}

function randomApprove(d: Dice, id: string, before: readonly string[]): Approve {
  const vote: Mode = {
    vote: {
      quorum: d.pick([
        [1, 2],
        [2, 3],
      ] as const),
      share: d.pick([{ moreThan: [1, 2] as const }, { atLeast: [2, 3] as const }]),
      tie: 'chair',
      chair: role('board'),
    },
  }
  const mode = d.pick<Mode>(['anyOf', 'allOf', 'inOrder', vote])
  const isVote = typeof mode === 'object'
  return approve(id, id, {
    by: [decider(d, before), ...(d.is(0.4) ? [decider(d, before)] : [])],
    mode,
    items: d.is(0.7),
    mayEdit: ['level'],
    onNobody: isVote ? d.pick(['administrator', 'skip', 'refuse']) : d.pick(['administrator', 'superior', 'skip', 'refuse']),
    onApplicant: isVote ? d.pick(['recuse', 'skip']) : d.pick(['ask', 'pass', 'skip', 'superior', 'administrator']),
    onSamePerson: isVote ? d.pick(['ask', 'skip']) : d.pick(['ask', 'pass', 'skip', 'superior']),
    returnTo: before.length > 0 && d.is(0.4) ? { step: d.pick(before) } : 'applicant',
    ...(isVote ? { meeting: { recorder: people('rec') } } : {}),
  })
}

/** A definition that `prove` accepts. */
export function randomFlow(d: Dice): Flow<Condition> {
  const before: string[] = []
  const make = (depth: number): Step<Condition>[] =>
    Array.from({ length: 1 + Math.floor(d.roll() * 3) }, () => {
      if (depth > 0 && d.is(0.25)) return when(condition(d), make(depth - 1), d.is(0.5) ? make(depth - 1) : [])
      if (d.is(0.1)) return notify('applicant', role('office'))
      const id = `s${before.length + 1}`
      if (d.is(0.1)) return service(`call${Math.floor(d.roll() * 1e9)}`, 'x')
      const step = randomApprove(d, id, before)
      before.push(id)
      return step
    })
  const items = d.is(0.8) ? { items: { rows: 'procedures', narrow: 'degree' } } : {}
  const definition = flow<Condition>('random.flow', { label: 'random', steps: make(2), ...items })
  return prove(definition).length === 0 ? definition : randomFlow(d)
}

export function randomWorld(d: Dice): World {
  const roles = Object.fromEntries([...units.map((unit) => [unit, d.some(staff, 0.5)] as const), ['rec', ['rec']] as const])
  return world({
    roles,
    rows: ['a', 'b', 'c', 'd'].slice(0, 1 + Math.floor(d.roll() * 4)),
    heads: { own: d.some(staff, 0.2) },
    left: d.some(staff, 0.1),
    superiors: { doctor: d.some(['sun', 'chef'], 0.5) },
    administrators: d.is(0.8) ? ['admin'] : [],
    fields: { level: d.pick(['三级', '四级']), mentor: d.pick(staff) },
    standIns: d.is(0.5) ? [[d.pick(staff), d.pick(staff)]] : [],
  })
}

const verdict = (d: Dice, isVote: boolean): Verdict =>
  d.pick<Verdict>([
    { say: 'pass' },
    { say: 'pass' },
    { say: 'pass', supervisedCases: 1 + Math.floor(d.roll() * 9) },
    { say: 'narrow', to: d.pick(['全部', '一助', '指导', '左侧']) },
    { say: 'refuse', reason: 'r' },
    isVote || d.is(0.1) ? d.pick([{ say: 'abstain' }, { say: 'recuse' }]) : { say: 'return', reason: 'r' },
  ])

function randomMeeting(d: Dice, story: Story): object {
  const entry = story.state.entries[0]
  const members = entry?.members ?? []
  const present = d.some(members, 0.9)
  const lines = d.some(liveLines(story.state), 0.8).map(([item]) => {
    const recused = members.filter((one) => one === story.state.applicant || d.is(0.05))
    const there = present.filter((one) => !recused.includes(one)).length
    const against = Math.floor(d.roll() * 2) * Math.floor(d.roll() * (there + 1))
    return {
      item,
      recused,
      for: there - against,
      against,
      abstain: 0,
      result: against * 2 >= there ? { say: 'refuse', reason: 'r' } : { say: 'pass' },
    }
  })
  const meeting = { date: '2026-03-01', members, present, scan: 'f', lines } as Meeting
  return { kind: 'enterMinutes', step: entry?.step ?? 'none', meeting }
}

/** Something happens to the hospital around the request. */
function disturb(d: Dice, story: Story): void {
  const { world: w } = story
  const what = d.roll()
  if (what < 0.3) w.left = d.some(staff, 0.15)
  else if (what < 0.6) w.roles[d.pick(units)] = d.some(staff, 0.5)
  else if (what < 0.8) w.fields['level'] = d.pick(['三级', '四级'])
  else w.version++
  if (d.is(0.7)) story.reresolve()
}

export type Coverage = Map<string, number>

/** One random act by somebody, sensible or not. */
function randomAct(d: Dice, story: Story, coverage: Coverage): void {
  const open = story.state.tasks.filter((task) => task.state === 'open')
  const task = d.is(0.9) && open.length > 0 ? d.pick(open) : story.state.tasks.length > 0 ? d.pick(story.state.tasks) : undefined
  const step = task && handledStep(planOf(story.definition), task.step)
  const isVote = typeof step?.mode === 'object'
  const actor = d.is(0.95) ? (task?.person ?? 'doctor') : d.pick(staff)
  const verdicts = Object.fromEntries(
    d
      .some(
        liveLines(story.state).filter(([, line]) => line.state === 'open'),
        0.85,
      )
      .map(([item]) => [item, verdict(d, isVote)]),
  )
  const service = story.state.entries.find((entry) => entry.kind === 'service')?.id ?? 'none'
  const acts: [string, object, number][] = [
    [actor, { kind: 'approve' }, 6],
    [actor, { kind: 'reject', opinion: 'r' }, 1],
    [actor, { kind: 'decideItems', verdicts: isVote && !step?.items ? { '*': verdict(d, true) } : verdicts }, 8],
    [actor, { kind: 'return', opinion: 'r', ...(d.is(0.5) ? { to: { step: d.pick(story.state.past)?.step ?? 's1' } } : {}) }, 1],
    [actor, { kind: 'transfer', to: d.pick([...staff, 'new1', 'new2']) }, 2],
    ['rec', randomMeeting(d, story), isVote ? 3 : 0.3],
    ['doctor', { kind: 'withdraw' }, 0.1],
    ['doctor', { kind: 'resubmit', chosen: choice(story.definition, d.pick(staff)) }, story.state.status === 'returned' ? 20 : 0.3],
    ['system', { kind: d.is(0.7) ? 'serviceDone' : 'serviceFailed', entry: service, why: 'x' }, service === 'none' ? 0.1 : 20],
  ]
  let place = d.roll() * acts.reduce((sum, [, , weight]) => sum + weight, 0)
  const chosen = acts.find(([, , weight]) => (place -= weight) < 0) ?? acts[0]
  if (!chosen) return
  const [by, act] = chosen as [string, { kind: 'approve' }, number]
  const actId = `r${d.roll()}`
  const standIn = task && by === task.person ? story.world.standIns.find(([, of]) => of === by)?.[0] : undefined
  const full = { task: task?.id, actId, ...act, ...(standIn && d.is(0.5) ? { onBehalfOf: by } : {}) }
  const result = story.try('onBehalfOf' in full ? (standIn ?? by) : by, full)
  const again = story.events.length
  if (result.ok && d.is(0.2) && (story.try('onBehalfOf' in full ? (standIn ?? by) : by, full), story.events.length !== again))
    throw new Error('an act counted twice')
  const cell = `${act.kind} × ${step ? (isVote ? 'vote' : (step.mode as string)) : '-'}`
  if (result.ok) coverage.set(cell, (coverage.get(cell) ?? 0) + 1)
}

/** Everybody does his duty and the administrator repairs: the request must end. */
function bringToEnd(story: Story): void {
  const { world: w } = story
  for (let turn = 0; !isEnded(story.state); turn++) {
    if (turn > 400) throw new Error(`never ends: ${JSON.stringify(story.state)}`)
    const open = story.state.tasks.find((task) => task.state === 'open')
    const serving = story.state.entries.find((entry) => entry.kind === 'service')
    if (story.state.status === 'returned')
      story.act(story.state.applicant, { kind: 'resubmit', chosen: choice(story.definition, 'patient') })
    else if (serving) story.act('system', { kind: 'serviceDone', entry: serving.id })
    else if (open) story.act(open.person, { kind: 'approve', task: open.id })
    else {
      if (waitsFor(story.state).stuck.length === 0) throw new Error('waits for nobody')
      w.left = []
      w.administrators = ['admin']
      const fresh = Array.from({ length: 9 }, (_, place) => `fresh${turn}-${place}`)
      const entry = story.state.entries[0]
      for (const one of entry ? handledStep(planOf(story.definition), entry.step).by : []) {
        if (one.kind === 'role') w.roles[one.role] = [...(w.roles[one.role] ?? []), ...fresh]
        else if (one.kind === 'group') w.roles[one.group] = [...(w.roles[one.group] ?? []), ...fresh]
      }
      const size = story.events.length
      story.reresolve()
      // Deciders that no directory can mend (named people, the form's): only the applicant, or the administrator's jump, gets it out.
      if (story.events.length === size) story.act(story.state.applicant, { kind: 'withdraw' })
    }
  }
}

const choice = (definition: Flow<Condition>, person: string): Record<string, string[]> =>
  Object.fromEntries(planOf(definition).stops.map((stop) => [stop.key, [person]]))

/** One request from submission to its end, children included; `holds` is checked after every act. Returns the number of events. */
export function live(seed: number, coverage: Coverage): number {
  const d = dice(seed)
  const definition = randomFlow(d)
  const w = randomWorld(d)
  w.left = w.left.filter((one) => one !== 'doctor')
  const chosen = choice(definition, w.left.includes('li') ? 'patient' : 'li')
  const story = new Story(definition, w)
  const submitted = story.try('doctor', { kind: 'submit', instance: { id: 'i', number: 'N', flowVersion: 1 }, applicant: 'doctor', chosen })
  if (!submitted.ok) return 0
  const acts = 3 + Math.floor(d.roll() * 30)
  for (let turn = 0; turn < acts; turn++) {
    if (d.is(0.12)) disturb(d, story)
    else randomAct(d, story, coverage)
  }
  for (const split of story.find('splitOff').slice(0, 2)) {
    const rows = w.rows
    const child = Story.resumed(
      definition,
      { ...w, rows: [...split.items] },
      beginChild(definition, story.state, split, { id: `c${split.number}` }, environment({ ...w, rows })),
    )
    for (let turn = 0; turn < 4; turn++) randomAct(d, child, coverage)
    bringToEnd(child)
  }
  bringToEnd(story)
  return story.events.length
}
