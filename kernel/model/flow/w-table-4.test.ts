import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Handled, Step, Verdict } from './index.ts'
import { approve, fill, flow, group, people, prove, seal } from './index.ts'
import type { Condition, World } from './testing.ts'
import { later, Story, world } from './testing.ts'

const step = (options: Partial<Approve> = {}, id = 'group'): Approve => approve(id, id, { by: group(id), ...options })
const whole = (...steps: Step<Condition>[]): Flow<Condition> => flow<Condition>('hr.leave', { label: '请假', steps })
const lines = (...steps: Step<Condition>[]): Flow<Condition> =>
  flow<Condition>('x.y', { label: 'x', items: { rows: 'rows', narrow: 'degree' }, steps })
const roles = { group: ['li', 'wang', 'zhao'], office: ['ofc'], board: ['chen'] }
const open = (definition: Flow<Condition>, change: Partial<World> = {}): Story =>
  Story.submitted(definition, world({ roles: { ...roles }, ...change }))
const pass: Verdict = { say: 'pass' }
const no: Verdict = { say: 'refuse', reason: 'r' }
const again: Verdict = { say: 'return', reason: 'r' }

describe('W1 W2 W4: modes, to their edges', () => {
  test('W1 a line that one returns takes only its own tasks away; the others go on being asked about theirs', () => {
    const story = open(lines(step({ mode: 'allOf', items: true }))).items('li', { a: again, b: pass, c: pass })
    expect(story.lines()).toEqual({ a: 'returned', b: 'open', c: 'open' })
    expect(story.refused('wang', { kind: 'decideItems', verdicts: { a: pass } })).toBe('itemSettled')
    expect(story.waiting()).toEqual(['wang', 'zhao'])
    expect(story.approve('wang', 'zhao').lines()).toEqual({ a: 'split SQ-7-1', b: 'passed', c: 'passed' })
  })

  test('W2 each in turn, in the given order; whose turn comes after he has left is passed over although nobody asked the directory', () => {
    const story = open(whole(step({ mode: 'inOrder' }), step({}, 'office')))
    expect([story.waiting(), story.refused('wang', { kind: 'approve' })]).toEqual([['li'], 'taskUnknown'])
    story.world.left = ['wang']
    expect(story.approve('li').waiting()).toEqual(['zhao'])
    expect(story.find('routed')).toMatchObject([{ why: 'inactive', policy: 'skip', person: 'wang' }])
    expect(story.approve('zhao').waiting()).toEqual(['ofc'])
  })

  test('W2 when all who were left to be asked have gone, what the others said is enough; when nobody has spoken, the step says who', () => {
    const story = open(whole(step({ mode: 'inOrder' }), step({}, 'office')))
    story.world.left = ['wang', 'zhao']
    expect(story.approve('li').waiting()).toEqual(['ofc'])
    const empty = open(whole(step({ mode: 'inOrder' }), step({}, 'office')))
    empty.world.left = ['li', 'wang', 'zhao']
    expect(empty.reresolve().waiting()).toEqual(['admin'])
    expect(empty.find('routed').at(-1)).toMatchObject({ why: 'nobody', policy: 'administrator', to: ['admin'] })
  })

  test('W2 whoever leaves is followed by whom he named: in his place, for what waited, and not where that one already stands', () => {
    const story = open(whole(step({ mode: 'allOf' }), step({}, 'office')), { successors: { li: 'sun', wang: 'zhao', ofc: 'sun' } })
    story.world.left = ['li', 'wang']
    expect(story.reresolve().waiting()).toEqual(['zhao', 'sun'])
    expect(story.find('routed')).toMatchObject([
      { why: 'inactive', policy: 'successor', person: 'li', to: ['sun'] },
      { why: 'inactive', policy: 'skip', person: 'wang', to: [] },
    ])
    expect(story.approve('zhao', 'sun').waiting()).toEqual(['ofc'])
    story.world.left = ['ofc', 'sun']
    expect(story.reresolve().waiting()).toEqual(['admin'])
  })

  test('W13 who was asked again, and had waited in a right that he lost, waits no more once that word is taken back', () => {
    const asked = open(whole(step({ by: [people('li')] }, 'first'), step({ mode: 'allOf', mayEdit: ['note'], onEdit: 'askAgain' })))
    asked.approve('li').act('li', { kind: 'addApprover', people: ['chen'], where: 'before' })
    asked.world.roles = { ...asked.world.roles, group: ['wang'] }
    expect(asked.reresolve().waiting()).toEqual(['wang', 'chen'])
    const before = asked.state.entries
    asked.world.after = 2
    asked.act('chen', { kind: 'approve', edits: ['note'], actId: 'c' })
    expect(asked.waiting()).toEqual(['wang', 'li'])
    asked.act('chen', { kind: 'takeBack', undo: 'c' })
    expect([asked.waiting(), asked.state.entries]).toEqual([['wang', 'chen'], before])
  })

  test('W4 weights decide and not heads; a tie is the chair’s where half would do, and refused where two thirds are needed', () => {
    const vote = { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'chair' as const, chair: people('zhao') }
    const heavy = open(whole(step({ mode: { vote: { ...vote, weights: { li: 3 } } } })))
    heavy.act('wang', { kind: 'reject', opinion: '反对' })
    expect(heavy.state.status).toBe('running')
    expect(heavy.approve('li').state.status).toBe('approved')
    const four = { roles: { group: ['li', 'wang', 'sun', 'zhao'] } }
    const tie = (share: typeof vote.share | { atLeast: readonly [2, 3] }): string => {
      const story = open(whole(step({ mode: { vote: { ...vote, share } } })), four).approve('zhao', 'li')
      for (const one of ['wang', 'sun']) if (story.state.status === 'running') story.act(one, { kind: 'reject', opinion: '反对' })
      return story.state.status
    }
    expect([tie(vote.share), tie({ atLeast: [2, 3] })]).toEqual(['approved', 'refused'])
  })
})

describe('W20: each case has its own policy, never silent', () => {
  const run = (options: Partial<Handled>, change: Partial<World> = {}): [string, string[], unknown] => {
    const story = open(whole(step(options as Partial<Approve>), step({}, 'board')), {
      superiors: { doctor: ['chief'], li: ['dean'] },
      ...change,
    })
    const told = story.find('routed').map(({ why, policy, to }) => [why, policy, to.join()])
    return [story.state.entries[0]?.step ?? story.state.status, story.waiting(), told]
  }
  const own = { roles: { ...roles, group: ['doctor'] } }

  test('W20 applicant = approver: he is asked, counted, left out, or his superior or the administrator is asked', () => {
    const of = (onApplicant: Approve['onApplicant']): unknown => run({ onApplicant, onNobody: 'skip' }, own)
    expect(of('ask')).toEqual(['group', ['doctor'], []])
    expect(of('pass')).toEqual(['board', ['chen'], [['applicant', 'pass', '']]])
    expect(of('skip')).toEqual(['board', ['chen'], [['applicant', 'skip', ''], ['nobody', 'skip', '']]]) // prettier-ignore
    expect(of('superior')).toEqual(['group', ['chief'], [['applicant', 'superior', 'chief']]])
    expect(of('administrator')).toEqual(['group', ['admin'], [['applicant', 'administrator', 'admin']]])
  })

  test('W20 nobody found: passed by, refused, or the superior or the administrator is asked; without any of them it waits as stuck', () => {
    const of = (onNobody: Approve['onNobody'], change: Partial<World> = {}): unknown =>
      run({ onNobody }, { roles: { board: ['chen'] }, ...change })
    expect(of('skip')).toEqual(['board', ['chen'], [['nobody', 'skip', '']]])
    expect(of('refuse')).toEqual(['refused', [], [['nobody', 'refuse', '']]])
    expect(of('superior')).toEqual(['group', ['chief'], [['nobody', 'superior', 'chief']]])
    expect(of('administrator')).toEqual(['group', ['admin'], [['nobody', 'administrator', 'admin']]])
    expect(of('administrator', { administrators: [] })).toEqual(['group', [], [['nobody', 'administrator', '']]])
  })

  test('W20 the same person again: asked, counted, left out or his superior; a consent to another version is none', () => {
    const of = (onSamePerson: Approve['onSamePerson'], version = 1): unknown => {
      const steps = [step({}, 'first'), step({ onSamePerson, onNobody: 'skip' }), step({}, 'board')]
      const story = open(whole(...steps), { roles: { first: ['li'], group: ['li'], board: ['chen'] }, superiors: { li: ['dean'] } })
      if (version > 1) story.world.after = version
      story.approve('li')
      return [story.waiting(), story.find('routed').map(({ why, policy }) => `${why} ${policy}`)]
    }
    expect(of('ask')).toEqual([['li'], []])
    expect(of('pass')).toEqual([['chen'], ['samePerson pass']])
    expect(of('skip')).toEqual([['chen'], ['samePerson skip', 'nobody skip']])
    expect(of('superior')).toEqual([['dean'], ['samePerson superior']])
    expect(of('pass', 2)).toEqual([['li'], []])
  })

  test('W20 in a vote the applicant never counts: under 回避 or left out, and any other policy is refused at publish', () => {
    const vote = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const committee = { roles: { ...roles, group: ['doctor', 'li', 'wang'] } }
    const recused = open(whole(step({ mode: vote, onApplicant: 'recuse' }), step({}, 'board')), committee)
    expect([recused.waiting(), recused.state.chain]).toMatchObject([
      ['li', 'wang'],
      [{ person: 'doctor', verdicts: { '*': { say: 'recuse' } } }],
    ])
    const skipped = open(whole(step({ mode: vote, onApplicant: 'skip' }), step({}, 'board')), committee)
    expect([skipped.waiting(), skipped.state.entries[0]?.members]).toEqual([
      ['li', 'wang'],
      ['li', 'wang'],
    ])
    for (const onApplicant of ['ask', 'pass', 'superior', 'administrator'] as const)
      expect(prove(whole(step({ mode: vote, onApplicant }))).map((one) => one.code)).toContain('badVote')
  })
})

describe('W13 W16 W21: what is left of them', () => {
  test('W13 a refusal of one line, a seal and a section handed in are taken back like a consent', () => {
    const story = open(lines(step({ mode: 'allOf', items: true }), step({}, 'office')))
    story.act('li', { kind: 'decideItems', verdicts: { a: no }, actId: 'n' })
    expect(story.lines()).toEqual({ a: 'refused', b: 'open', c: 'open' })
    expect(story.act('li', { kind: 'takeBack', undo: 'n' }).lines()).toEqual({ a: 'open', b: 'open', c: 'open' })
    const sealed = open(whole(seal('stamp', 's', { by: group('office'), seal: '院章' }), step()))
    sealed.act('ofc', { kind: 'seal', copies: 1, actId: 's' }).act('ofc', { kind: 'takeBack', undo: 's' })
    expect([sealed.waiting(), sealed.state.chain[0]?.takenBack]).toEqual([['ofc'], true])
    const filled = open(whole(fill('form', 'f', { by: group('office'), mayEdit: ['level'] }), step()))
    filled.act('ofc', { kind: 'approve', actId: 'f' }).act('ofc', { kind: 'takeBack', undo: 'f' })
    expect(filled.waiting()).toEqual(['ofc'])
    expect(filled.refused('ofc', { kind: 'takeBack', undo: 'f' })).toBe('takeBackUnknown')
  })

  test('W16 urging reaches whoever may claim, and nobody where the applicant has it himself', () => {
    const story = open(whole(step({ claim: true })))
    expect(story.act('doctor', { kind: 'urge' }).find('urged')[0]?.to).toEqual(['li', 'wang', 'zhao'])
    story.world.now = later(5)
    story.act('li', { kind: 'claim', entry: 'group#1' }).act('li', { kind: 'return', opinion: '请补' })
    expect(story.refused('doctor', { kind: 'urge' })).toBe('nobodyToUrge')
  })
})

describe('W23: items in every mode', () => {
  const narrow = (to: string): Verdict => ({ say: 'narrow', to })

  test('W23 allOf and inOrder pass a line when all pass it, each his part when he likes; a refusal refuses that line only', () => {
    const all = open(lines(step({ mode: 'allOf', items: true }), step({}, 'office')))
    all
      .items('li', { a: pass })
      .items('wang', { a: pass, b: no })
      .items('zhao', { a: narrow('一助') })
    expect(all.lines()).toEqual({ a: 'narrowed', b: 'refused', c: 'open' })
    expect([all.waiting(), all.refused('li', { kind: 'decideItems', verdicts: { a: no } })]).toEqual([
      ['li', 'wang', 'zhao'],
      'itemSettled',
    ])
    const order = open(lines(step({ mode: 'inOrder', items: true }), step({}, 'office')))
    order.items('li', { a: pass, b: no })
    expect([order.waiting(), order.lines()]).toEqual([['li'], { a: 'open', b: 'refused', c: 'open' }])
    order.items('li', { c: pass })
    expect([order.waiting(), order.approve('wang', 'zhao').lines()]).toEqual([['wang'], { a: 'open', b: 'refused', c: 'open' }])
    expect(order.waiting()).toEqual(['ofc'])
  })

  test('W23 anyOf: one act decides all open lines at once, and the first one does', () => {
    const story = open(lines(step({ items: true }), step({}, 'office')))
    expect(story.refused('li', { kind: 'decideItems', verdicts: { a: pass, b: pass } })).toBe('itemsMissing')
    expect(story.items('li', { a: pass, b: no, c: again }).lines()).toEqual({ a: 'open', b: 'refused', c: 'split SQ-7-1' })
    expect([story.waiting(), story.refused('wang', { kind: 'approve' })]).toEqual([['ofc'], 'taskClosed'])
  })

  test('W23 vote: counted line by line, 回避 line by line, and each line ends when its own rest cannot change it', () => {
    const vote = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const story = open(lines(step({ mode: vote, items: true }), step({}, 'office')))
    story.items('li', { a: { say: 'recuse' }, b: pass, c: no }).items('wang', { a: pass, b: pass, c: no })
    // Of a two are left to vote: one yes is not yet more than half of them.
    expect(story.lines()).toEqual({ a: 'open', b: 'passed', c: 'refused' })
    expect(story.waiting()).toEqual(['zhao'])
    expect(story.items('zhao', { a: pass }).lines()).toEqual({ a: 'open', b: 'open', c: 'refused' })
    expect(story.waiting()).toEqual(['ofc'])
  })
})
