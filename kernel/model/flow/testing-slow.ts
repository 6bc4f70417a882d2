import type { Handled, VoteRule } from './definition.ts'
import type { FlowEvent, Happening } from './state.ts'
import type { Plan } from './plan.ts'
import { findHandled, planOf } from './plan.ts'
import type { Story } from './testing.ts'

type Of<T extends Happening['type']> = Extract<FlowEvent, { type: T }>
type Said = Of<'decided'>['decision']
interface Stay {
  readonly step: string
  readonly track: string
  members: readonly string[]
  chair: string | undefined
  open: boolean
  void: boolean
  said: Said[]
  /** Person → state of his task here. */
  tasks: Map<string, { person: string; state: string; via: string }>
  added: readonly { person: string; by: string; gone?: true }[]
  queue: number
  held: number
}

/**
 * A second, plain reading of a history, for tests only: it keeps its own books from the events, and asks of every open line whether
 * it should be open, of every settled one whether it should be settled so, and of every task whether it should be there.
 */
class Books {
  readonly stays = new Map<string, Stay>()
  status = 'running'
  /** So many events are in the books. */
  read = 0
  readonly #plan: Plan<unknown>
  /** The stay at which a policy answers in this act, because there is nobody. */
  #answered: string | undefined

  constructor(plan: Plan<unknown>) {
    this.#plan = plan
  }

  /** The same books, to be kept on their own from here. */
  copy(): Books {
    const books = new Books(this.#plan)
    for (const [id, stay] of this.stays) {
      const tasks = new Map([...stay.tasks].map(([task, one]) => [task, { ...one }]))
      books.stays.set(id, { ...stay, said: [...stay.said], tasks })
    }
    Object.assign(books, { status: this.status, read: this.read, reopenable: this.reopenable })
    books.#returned = this.#returned
    return books
  }

  take(event: FlowEvent): void {
    this.read++
    if (event.type === 'acted') this.#answered = undefined
    else if (event.type === 'routed') this.#answered = event.why === 'nobody' ? event.entry : this.#answered
    else if (event.type === 'settled') this.settle(event)
    else if (event.type === 'stepOpened') this.open(event.entry)
    else if (event.type === 'entryChanged') this.change(event)
    else if (event.type === 'taskOpened') this.at(event.task.entry)?.tasks.set(event.task.id, { ...event.task })
    else if (event.type === 'taskDone') this.task(event.task, 'done')
    else if (event.type === 'taskCancelled') this.task(event.task, event.cause === 'decidedByOther' ? 'spared' : 'cancelled')
    else if (event.type === 'taskReopened') this.task(event.task, 'open')
    else if (event.type === 'decided') this.say(event.decision)
    else if (event.type === 'stepClosed') this.leave(event.entry)
    else if (event.type === 'returned') this.back(event)
    else if (event.type === 'takenBack') this.undo(event)
    else if (event.type === 'jumped') this.jump(event)
    else if (event.type === 'ended') this.status = event.result
    else if (event.type === 'resubmitted') this.status = 'running'
    else if (event.type === 'resumed' || event.type === 'returnTakenBack') this.forward(event)
  }

  at(id: string): Stay | undefined {
    return this.stays.get(id)
  }
  task(id: string, state: string): void {
    const task = this.at(id.slice(0, id.lastIndexOf('/')))?.tasks.get(id)
    if (task) task.state = state
  }

  private open(entry: Of<'stepOpened'>['entry']): void {
    const { id, step, track = '', members, chair, added, queue, held } = entry
    const fresh = { open: true, void: false, said: [], tasks: new Map<string, { person: string; state: string; via: string }>() }
    this.stays.set(id, { step, track, members, chair, added, queue: queue.length, held: held.length, ...fresh })
  }
  private change({ entry, change }: Of<'entryChanged'>): void {
    const stay = this.at(entry)
    if (!stay) return
    if (change.members) stay.members = change.members
    if (change.added) stay.added = change.added
    if (change.queue) stay.queue = change.queue.length
    if (change.held) stay.held = change.held.length
  }
  /** What is said to have become of lines is what the words there make of them. */
  private settle({ entry, step, outcomes }: Of<'settled'>): void {
    const [stay, handled] = [this.at(entry), findHandled(this.#plan, step)]
    if (!stay || !handled || this.#answered === entry) return
    for (const [item, { to }] of Object.entries(outcomes)) {
      const other = should(stay, handled, item)
      must(other === 'unclear' || other === to, `${entry} ${item} is ${to}, not ${other}`)
    }
  }
  private say(decision: Said): void {
    const stay = this.at(decision.entry)
    must(stay?.open === true, 'a word falls at an open stay')
    if (decision.task && decision.act !== 'removeApprover')
      must(stay?.tasks.get(decision.task)?.state === 'open', 'a word falls upon an open task')
    stay?.said.push(decision)
  }
  private leave(id: string): void {
    const stay = this.at(id)
    if (!stay) return
    must(
      [...stay.tasks.values()].every((one) => one.state !== 'open'),
      'no task is left behind',
    )
    stay.open = false
  }
  /** Also out of the applicant's hands. */
  private jump({ voided }: Of<'jumped'>): void {
    for (const id of voided) this.forget(id)
    this.status = 'running'
  }
  private forget(id: string): void {
    const stay = this.at(id)
    if (stay) [stay.void, stay.open] = [true, false]
  }
  #returned: { voided: readonly string[]; open: readonly string[]; actId: string } | undefined
  private back({ voided, before, to, actId }: Of<'returned'>): void {
    this.reopenable = before.open
    const isNew = voided.filter((id) => this.at(id)?.void === false)
    this.#returned = { voided: isNew, open: before.entries.map((one) => one.id), actId }
    for (const id of voided) this.forget(id)
    this.status = to === 'applicant' ? 'returned' : 'running'
  }
  /** Straight back: what the return made void counts again, but for the returning word. */
  private forward(event: Of<'resumed' | 'returnTakenBack'>): void {
    const { voided, open, actId } = this.#returned ?? { voided: [], open: [], actId: '' }
    for (const [id, stay] of this.stays) if (!voided.includes(id) && stay.open && !open.includes(id)) this.forget(id)
    for (const id of voided) {
      const stay = this.at(id)
      if (!stay) continue
      ;[stay.void, stay.open] = [false, open.includes(id)]
      stay.said = stay.said.filter((one) => one.actId !== actId)
    }
    this.status = 'running'
    for (const task of event.type === 'resumed' || event.type === 'returnTakenBack' ? this.reopenable : []) this.task(task, 'open')
  }
  reopenable: readonly string[] = []
  private undo({ undo, stays, voided }: Of<'takenBack'>): void {
    for (const id of voided) this.forget(id)
    for (const { id, queue, held, added } of stays) {
      const stay = this.at(id)
      if (!stay) continue
      stay.open = true
      Object.assign(stay, { queue: queue.length, held: held.length, added })
    }
    for (const stay of this.stays.values()) stay.said = stay.said.filter((one) => one.actId !== undo)
  }
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the slow reading: ${what}`)
}
const yes = (say: string | undefined): boolean => say === 'pass' || say === 'narrow'
const about = (decision: Said, item: string): string | undefined => (decision.verdicts[item] ?? decision.verdicts['*'])?.say

/** What a line should be at a stay, by the plain words of W1–W5 and semantics 12. */
function should(stay: Stay, step: Handled, item: string): 'open' | 'passed' | 'refused' | 'returned' | 'unclear' {
  const words = stay.said.flatMap((one) => {
    const say = about(one, item)
    return say === undefined ? [] : [{ person: one.person, say, isMeeting: one.meeting !== undefined }]
  })
  const meeting = words.find((one) => one.isMeeting)
  if (meeting) return named(meeting.say)
  if (typeof step.mode === 'object') return voted(stay, step.mode.vote, words)
  const isAdded = (person: string): boolean => stay.added.some((one) => one.person === person)
  const adder = (person: string): string => stay.added.findLast((one) => one.person === person)?.by ?? person
  const own = words.filter((one) => !isAdded(one.person))
  const against = words.filter((one) => !yes(one.say))
  if (step.mode === 'anyOf') {
    const decisive = [...(own[0] ? [own[0]] : []), ...words.filter((one) => isAdded(one.person))].find((one) => !yes(one.say))
    if (decisive) return named(decisive.say)
    if (!own[0]) return 'open'
    let circle = [own[0].person]
    for (let turn = 0; turn <= stay.added.length; turn++)
      circle = [...new Set([...circle, ...stay.added.filter((one) => circle.includes(adder(one.person))).map((one) => one.person)])]
    // Who left and was asked again after he came back is waited for.
    const isGone = (person: string): boolean =>
      stay.added.some((one) => one.person === person) && stay.added.every((one) => one.person !== person || one.gone)
    const isSpared = (person: string): boolean => {
      const last = [...stay.tasks.values()].findLast((one) => one.person === person)
      return last ? last.state === 'spared' : adder(person) !== person && isSpared(adder(person))
    }
    return circle.every((person) => isGone(person) || isSpared(person) || words.some((one) => one.person === person)) ? 'passed' : 'open'
  }
  if (against[0]) return named(against[0].say)
  const asked = [...stay.tasks.values()].filter((one) => one.state === 'open').map((one) => one.person)
  const awaited = [...asked, ...stay.added.filter((one) => !one.gone).map((one) => one.person)].filter(
    (person) => !words.some((one) => one.person === person),
  )
  return own.length > 0 && awaited.length + stay.queue + stay.held === 0 ? 'passed' : 'open'
}
const named = (say: string): 'passed' | 'refused' | 'returned' | 'open' =>
  yes(say) ? 'passed' : say === 'refuse' ? 'refused' : say === 'return' ? 'returned' : 'open'

/** The two ends of a vote that need no foresight: nobody has voted enough, or everybody has. */
function voted(stay: Stay, rule: VoteRule, words: readonly { person: string; say: string }[]): ReturnType<typeof should> {
  const size = stay.members.length
  const heads = words.filter((one) => one.say !== 'recuse').length
  if (heads === 0 || heads * rule.quorum[1] < rule.quorum[0] * size) return 'open'
  if (stay.members.some((one) => !words.some((word) => word.person === one))) return 'unclear'
  const base = size - words.filter((one) => one.say === 'recuse').length
  const favour = words.filter((one) => yes(one.say)).length
  const [over, under] = 'moreThan' in rule.share ? rule.share.moreThan : rule.share.atLeast
  if ('moreThan' in rule.share ? favour * under > over * base : favour > 0 && favour * under >= over * base) return 'passed'
  const isTie = favour === words.filter((one) => one.say === 'refuse').length && over * 2 <= under && rule.tie === 'chair'
  return isTie && yes(words.find((one) => one.person === stay.chair)?.say) ? 'passed' : 'refused'
}

const kept = new WeakMap<Story, Books>()
/** The books of a story up to now; a copy of a story goes on in a copy of the books. */
function booksOf(story: Story): Books {
  const [own, from] = [kept.get(story), story.origin && kept.get(story.origin)]
  const books = own ?? (from && from.read <= story.copiedAt ? from.copy() : new Books(planOf(story.definition)))
  kept.set(story, books)
  for (const event of story.events.slice(books.read)) books.take(event)
  return books
}

/** Reads what has happened since it last asked, and compares every fact with the engine's state; `afresh` reads the whole history again. */
export function agrees(story: Story, how?: 'afresh'): void {
  if (how) kept.set(story, new Books(planOf(story.definition)))
  const { state, events, definition } = story
  const plan = planOf(definition)
  const books = booksOf(story)
  if (events[0]?.type === 'begunBySplit') return
  same('when it ended', [state.status], [books.status])
  const open = [...books.stays].filter(([, stay]) => stay.open && !stay.void)
  same('open stays', state.entries.map((one) => one.id), open.map(([id]) => id)) // prettier-ignore
  const tasks = open.flatMap(([, stay]) => [...stay.tasks].flatMap(([id, task]) => (task.state === 'open' ? [id] : [])))
  same('open tasks', state.tasks.flatMap((one) => (one.state === 'open' ? [one.id] : [])), tasks) // prettier-ignore
  for (const { id, rests = [] } of state.entries) {
    const isAsked = state.consultations.some((one) => one.entry === id && one.pauses && one.reply === undefined)
    must(
      rests.every(({ to }, place) => to !== undefined || (isAsked && place === rests.length - 1)),
      `${id} rests only for a question`,
    )
  }
  for (const [id, stay] of open) {
    const step = findHandled(plan, stay.step)
    if (!step) continue
    const lines = (stay.track === '' ? state.items : state.tracks[stay.track]?.items) ?? {}
    for (const [item, line] of Object.entries(lines)) {
      if (line.splitTo !== undefined || line.state !== 'open') continue
      must(['open', 'unclear'].includes(should(stay, step, item)), `${id} ${item} waits`)
    }
  }
}
const same = (what: string, engine: readonly string[], slow: readonly string[]): void =>
  must(
    engine.toSorted().join(' ') === slow.toSorted().join(' '),
    `${what}: the engine says ${engine.join(' ')}, this reading ${slow.join(' ')}`,
  )
