import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Step, Verdict } from './index.ts'
import {
  approve,
  autoApprove,
  escalate,
  flow,
  group,
  hours,
  naturalDays,
  parallel,
  passTo,
  remind,
  seal,
  upper,
  workingDays,
} from './index.ts'
import type { Condition, World } from './testing.ts'
import { later, Story, world } from './testing.ts'

const step = (options: Partial<Approve> = {}, id = 'group'): Approve => approve(id, id, { by: group(id), ...options })
const whole = (...steps: Step<Condition>[]): Flow<Condition> => flow<Condition>('hr.leave', { label: '请假', steps })
const lines = (...steps: Step<Condition>[]): Flow<Condition> =>
  flow<Condition>('x.y', { label: 'x', items: { rows: 'rows', narrow: 'degree' }, steps })
const roles = { group: ['li', 'wang', 'zhao'], office: ['ofc'], board: ['chen'], keeper: ['kong'] }
const open = (definition: Flow<Condition>, change: Partial<World> = {}): Story =>
  Story.submitted(definition, world({ roles: { ...roles }, ...change }))
const pass: Verdict = { say: 'pass' }
const no: Verdict = { say: 'refuse', reason: 'r' }
const again: Verdict = { say: 'return', reason: 'r' }

describe('W17 W18: administrator and group', () => {
  const sealed = whole(step(), seal('stamp', '盖章', { by: group('keeper'), seal: '院章' }), step({}, 'office'))

  test('W17 only the administrator jumps or terminates, with a reason, and no required seal is passed in silence', () => {
    const story = open(sealed)
    const to = (more: object, actor = 'admin'): string => story.refused(actor, { kind: 'jump', to: 'office', opinion: '急', ...more })
    expect([to({}, 'li'), to({ opinion: '' }), to({}), to({ to: 'nowhere' })]).toEqual([
      'administratorOnly',
      'reasonNeeded',
      'sealSkipped',
      'jumpTarget',
    ])
    story.act('admin', { kind: 'jump', to: 'office', opinion: '急', withoutSeals: ['stamp'] })
    expect(story.find('jumped')).toMatchObject([{ to: 'office', withoutSeals: ['stamp'], reason: '急', actor: 'admin' }])
    expect(story.waiting()).toEqual(['ofc'])
    story.act('admin', { kind: 'jump', to: 'group', opinion: '重来' })
    expect(story.waiting()).toEqual(['li', 'wang', 'zhao'])
    expect(story.act('admin', { kind: 'terminate', opinion: '作废' }).state).toMatchObject({ status: 'terminated', entries: [] })
  })

  test('W17 the seal is put on by an act of its own: which, how many, on what', () => {
    const story = open(sealed).approve('li')
    expect(story.refused('kong', { kind: 'approve' })).toBe('actNotAllowed')
    expect(story.refused('kong', { kind: 'seal', copies: 0 })).toBe('sealCopies')
    story.act('kong', { kind: 'seal', copies: 2, files: ['f1'] })
    expect(story.state.chain.at(-1)).toMatchObject({ act: 'seal', seal: { kind: '院章', copies: 2, files: ['f1'] } })
    expect(story.waiting()).toEqual(['ofc'])
  })

  test('W18 of two claims one wins; it can be given back; who joins the group may claim, who leaves it may not', () => {
    const story = open(whole(step({ claim: true }), step({}, 'office')))
    const claim = { kind: 'claim', entry: 'group#1' } as const
    expect([story.waiting(), story.state.tasks]).toEqual([['li', 'wang', 'zhao'], []])
    story.act('li', claim)
    expect([story.refused('wang', claim), story.refused('sun', claim), story.waiting()]).toEqual([
      'alreadyClaimed',
      'alreadyClaimed',
      ['li'],
    ])
    story.act('li', { kind: 'release' })
    story.world.roles['group'] = ['wang', 'sun']
    expect(story.reresolve().waiting()).toEqual(['wang', 'sun'])
    expect(story.refused('li', claim)).toBe('notInGroup')
    expect(story.act('sun', claim).approve('sun').waiting()).toEqual(['ofc'])
    expect(story.refused('wang', claim)).toBe('entryUnknown')
  })
})

test('W19 a question moves no task and no due moment; it is answered once; a copy is marked read', () => {
  const story = open(whole(step({ limit: workingDays(1), consultPauses: true })))
  const { tasks, entries } = story.state
  expect(story.refused('li', { kind: 'consult', people: ['li'], opinion: '?' })).toBe('consultSelf')
  story.act('li', { kind: 'consult', people: ['sun'], opinion: '是否符合？' })
  expect([story.state.tasks, story.state.entries]).toEqual([tasks, entries])
  expect(story.refused('qian', { kind: 'reply', consultation: 'c1', opinion: '是' })).toBe('consultationUnknown')
  story.act('sun', { kind: 'reply', consultation: 'c1', opinion: '是' })
  expect(story.state.consultations).toMatchObject([{ person: 'sun', by: 'li', reply: '是', pauses: true }])
  expect(story.refused('sun', { kind: 'reply', consultation: 'c1', opinion: '否' })).toBe('consultationUnknown')
  expect(story.refused('sun', { kind: 'markRead' })).toBe('notReader')
  story
    .act('li', { kind: 'copyTo', people: ['sun'] })
    .approve('li')
    .act('sun', { kind: 'markRead' })
  expect(story.state.copies['sun']?.readAt).toBe(story.world.now)
})

test('W20 every automatic pass names its policy', () => {
  const own = open(whole(step({ onApplicant: 'superior' })), { roles: { group: ['doctor'] }, superiors: { doctor: ['chief'] } })
  expect([own.waiting(), own.find('routed')]).toMatchObject([['chief'], [{ why: 'applicant', policy: 'superior', to: ['chief'] }]])
  const nobody = (onNobody: Approve['onNobody']): [string, unknown] => {
    const story = open(whole(step({ onNobody })), { roles: {} })
    return [story.state.status, story.find('routed')[0]?.policy]
  }
  expect([nobody('skip'), nobody('refuse'), nobody('administrator')]).toEqual([
    ['approved', 'skip'],
    ['refused', 'refuse'],
    ['running', 'administrator'],
  ])
  const same = open(whole(step(), step({ onSamePerson: 'pass' }, 'office')), { roles: { group: ['li'], office: ['li'] } }).approve('li')
  expect([same.state.status, same.find('routed')]).toMatchObject(['approved', [{ why: 'samePerson', policy: 'pass', person: 'li' }]])
})

describe('W21: time', () => {
  const stages = [remind(hours(-4)), remind(), escalate(upper(1)), passTo(upper(1), naturalDays(1))]
  const timed = (options: Partial<Approve> = {}): Flow<Condition> => whole(step({ limit: naturalDays(1), onTimeout: stages, ...options }))
  const run = (story: Story, stage: number): string => story.refused('system', { kind: 'timeOut', entry: 'group#1', stage })
  const people = { roles: { group: ['li', 'wang'] }, superiors: { li: ['chief'], wang: ['wang', 'dean'] } }

  test('W21 remind, escalate, pass to the superior: each once, none before its time', () => {
    const story = open(timed({ mode: 'allOf' }), people)
    expect(story.state.entries[0]?.due).toBe(later(24))
    expect(story.refused('li', { kind: 'timeOut', entry: 'group#1', stage: 0 })).toBe('systemOnly')
    expect([run(story, 0), run(story, 0), run(story, 1), run(story, 9)]).toEqual(['accepted', 'stageDone', 'notDue', 'stageUnknown'])
    story.world.now = later(25)
    expect([run(story, 1), run(story, 2)]).toEqual(['accepted', 'accepted'])
    expect(story.find('timedOut').map((one) => [one.did, one.to])).toEqual([
      ['remind', ['li', 'wang']],
      ['remind', ['li', 'wang']],
      ['escalate', ['chief', 'wang', 'dean']],
    ])
    expect(story.waiting()).toEqual(['li', 'wang'])
    expect(run(story, 3)).toBe('accepted')
    expect(story.waiting()).toEqual(['chief', 'dean'])
    expect(story.approve('chief', 'dean').state.status).toBe('approved')
    expect(run(story, 3)).toBe('entryUnknown')
  })

  test('W21 nothing is approved by silence unless that is written down', () => {
    const quiet = open(timed(), { ...people, now: later(0) })
    quiet.world.now = later(500)
    for (const stage of [0, 1, 2, 3]) run(quiet, stage)
    expect(quiet.state.status).toBe('running')
    const written = open(timed({ onTimeout: [autoApprove()], mode: 'inOrder' }), people)
    written.world.now = later(25)
    run(written, 0)
    expect(written.state).toMatchObject({
      status: 'approved',
      chain: [{ person: 'li', actor: 'system', auto: 'timeOut' }, { person: 'wang' }],
    })
  })

  test('W21 an unclaimed task goes to the superior as well', () => {
    const story = open(timed({ claim: true }), people)
    story.world.now = later(60)
    expect([run(story, 3), story.waiting()]).toEqual(['accepted', ['chief']])
  })
})

test('W22 many at once is each act on its own: one is refused, the others stand', () => {
  const [one, two] = [open(whole(step())), open(whole(step({ sign: true })))]
  expect([one, two].map((story) => story.refused('li', { kind: 'approve' }))).toEqual(['accepted', 'signatureNeeded'])
  expect([one.state.status, two.state.status]).toEqual(['approved', 'running'])
})

describe('W23: lines and branches', () => {
  const forked = (onRefuse: 'endRequest' | 'branchOnly' = 'endRequest'): Flow<Condition> =>
    lines(parallel('both', [[step({ items: true }, 'office')], [step({ items: true }, 'board')]], { onRefuse }), step({ items: true }))

  test('W23 branches join line by line: refused before returned before passed', () => {
    const story = open(forked()).items('ofc', { a: no, b: again, c: pass })
    expect(story.refused('chen', { kind: 'decideItems', verdicts: { a: pass, b: pass, c: pass } })).toBe('itemSettled')
    story.items('chen', { b: pass, c: pass })
    expect(story.lines()).toEqual({ a: 'refused', b: 'split SQ-7-1', c: 'open' })
    expect(story.approve('li').find('effect')[0]?.items).toEqual([{ item: 'c' }])
  })

  test('W23 the strictest narrowing holds; what cannot be compared becomes a task, never the last word', () => {
    const narrow = (to: string): Verdict => ({ say: 'narrow', to })
    const strict = open(forked())
      .items('ofc', { a: narrow('一助'), b: pass, c: pass })
      .items('chen', { a: narrow('指导'), b: pass, c: pass })
    expect(strict.state.items['a']).toMatchObject({ terms: { narrowTo: '指导' } })
    const story = open(forked())
      .items('ofc', { a: narrow('左侧'), b: pass, c: pass })
      .items('chen', { a: narrow('一助'), b: pass, c: pass })
    expect([story.waiting(), story.lines()]).toEqual([['admin'], { a: 'open', b: 'passed', c: 'passed' }])
    story.items('admin', { a: narrow('指导') })
    expect(story.waiting()).toEqual(['li', 'wang', 'zhao'])
    expect(story.approve('li').find('effect')[0]?.items).toMatchObject([{ item: 'a', narrowTo: '指导' }, { item: 'b' }, { item: 'c' }])
  })

  test('W23 with branchOnly a line is refused only when every branch refuses it', () => {
    const story = open(forked('branchOnly')).items('ofc', { a: no, b: no, c: pass }).items('chen', { a: pass, b: no, c: pass })
    expect(story.lines()).toEqual({ a: 'open', b: 'refused', c: 'open' })
  })

  test('W23 allOf refuses a line at one refusal; anyOf decides all open lines by one act', () => {
    const all = open(lines(step({ items: true, mode: 'allOf' }))).items('li', { a: no, b: pass, c: pass })
    expect(all.lines()).toEqual({ a: 'refused', b: 'open', c: 'open' })
    expect(open(lines(step({ items: true }))).refused('li', { kind: 'decideItems', verdicts: { a: pass } })).toBe('itemsMissing')
  })
})
