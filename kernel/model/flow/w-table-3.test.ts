import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Step, Verdict } from './index.ts'
import {
  approve,
  autoApprove,
  describePath,
  escalate,
  flow,
  group,
  hours,
  naturalDays,
  parallel,
  passTo,
  remind,
  replanDues,
  seal,
  upper,
  workingDays,
} from './index.ts'
import type { Condition, World } from './testing.ts'
import { environment, later, Story, world } from './testing.ts'

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

  describe('W17 jumps and branches', () => {
    const keeper = seal('stamp', '盖章', { by: group('keeper'), seal: '院章' })
    const forked = whole(step(), parallel('p', [[step({}, 'office'), keeper, step({}, 'board')], [step({}, 'sun')]]), step({}, 'last'))
    const people = { roles: { group: ['li'], office: ['ofc'], keeper: ['kong'], board: ['chen'], sun: ['sun'], last: ['wang'] } }
    const jump = (to: string, more: object = {}) => ({ kind: 'jump', to, opinion: '急', ...more }) as const

    test('W17 inside a running branch the jump moves this branch only, and names the seals it passes by', () => {
      const story = open(forked, people).approve('li').approve('sun')
      expect([story.waiting(), story.refused('admin', jump('board'))]).toEqual([['ofc'], 'sealSkipped'])
      story.act('admin', jump('board', { withoutSeals: ['stamp'] }))
      expect(story.waiting()).toEqual(['chen'])
      story.act('admin', jump('office'))
      expect([story.waiting(), story.state.chain.map((one) => [one.step, one.void ?? false])]).toEqual([
        ['ofc'],
        [
          ['group', false],
          ['sun', false],
        ],
      ])
      // What the branch beside has said stands.
      expect(story.approve('ofc').act('kong', { kind: 'seal', copies: 1 }).approve('chen').waiting()).toEqual(['wang'])
    })

    test('W17 from after the join into one branch opens only that one again; out of the branches voids them all', () => {
      const story = open(forked, people).approve('li', 'sun', 'ofc').act('kong', { kind: 'seal', copies: 1 }).approve('chen')
      story.act('admin', jump('board'))
      expect(story.waiting()).toEqual(['chen'])
      expect(story.approve('chen').waiting()).toEqual(['wang'])
      story.act('admin', jump('group'))
      expect([story.waiting(), story.state.tracks]).toEqual([['li'], {}])
      expect(story.approve('li').waiting()).toEqual(['ofc', 'sun'])
      expect(story.act('admin', jump('last', { withoutSeals: ['stamp'] })).waiting()).toEqual(['wang'])
    })

    test('W17 a branch that has not begun, a join, and the place where it is are refused, each in plain words', () => {
      const story = open(forked, people)
      const no = (to: string): unknown => {
        const result = story.try('admin', jump(to))
        return result.ok ? 'accepted' : [result.refusal.code, result.refusal.message]
      }
      expect([no('sun'), no('p'), no('group'), no('nowhere')]).toEqual([
        ['jumpIntoBranch', '该并行没有在进行，不能单独跳入其中一个分支，请跳转到并行之前的步骤'],
        ['jumpToJoin', '各分支办完后自动汇合，不能跳转到汇合处'],
        ['jumpHere', '申请已经在这一步，无需跳转'],
        ['jumpTarget', '没有这个办理步骤，不能跳转'],
      ])
    })
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
  const story = open(whole(step({ limit: workingDays(1) })))
  const { tasks, entries } = story.state
  expect(story.refused('li', { kind: 'consult', people: ['li'], opinion: '?' })).toBe('consultSelf')
  story.act('li', { kind: 'consult', people: ['sun'], opinion: '是否符合？' })
  expect([story.state.tasks, story.state.entries]).toEqual([tasks, entries])
  expect(story.refused('qian', { kind: 'reply', consultation: 'c1', opinion: '是' })).toBe('consultationUnknown')
  story.act('sun', { kind: 'reply', consultation: 'c1', opinion: '是' })
  expect(story.state.consultations).toMatchObject([{ person: 'sun', by: 'li', reply: '是' }])
  expect(story.refused('sun', { kind: 'reply', consultation: 'c1', opinion: '否' })).toBe('consultationUnknown')
  expect(story.refused('sun', { kind: 'markRead' })).toBe('notReader')
  story
    .act('li', { kind: 'copyTo', people: ['sun'] })
    .approve('li')
    .act('sun', { kind: 'markRead' })
  expect(story.state.copies['sun']?.readAt).toBe(story.world.now)
})

describe('W19 where the step says so, a question stops the clock', () => {
  const asked = (...people: string[]): Story => {
    const story = open(whole(step({ limit: naturalDays(1), onTimeout: [remind()], consultPauses: true })))
    story.world.now = later(10)
    return story.act('li', { kind: 'consult', people, opinion: '是否符合？' })
  }
  const clock = (story: Story): unknown => [
    story.state.entries[0]?.due,
    describePath(story.definition, story.state, environment(story.world))[1]?.restsSince,
  ]
  const timeOut = { kind: 'timeOut', entry: 'group#1', stage: 0 } as const

  test('W19 from the question to the last answer; the due moment moves by as much, and nothing runs out meanwhile', () => {
    const story = asked('sun', 'qian')
    expect(clock(story)).toEqual([later(24), later(10)])
    story.world.now = later(30)
    expect(story.refused('system', timeOut)).toBe('clockRests')
    story.act('sun', { kind: 'reply', consultation: 'c1', opinion: '是' })
    expect(clock(story)).toEqual([later(24), later(10)])
    story.world.now = later(40)
    story.act('qian', { kind: 'reply', consultation: 'c2', opinion: '是' })
    expect(clock(story)).toEqual([later(54), undefined])
    expect(story.refused('system', timeOut)).toBe('notDue')
    story.world.now = later(54)
    expect(story.refused('system', timeOut)).toBe('accepted')
    // What has run out stays so.
    story.act('li', { kind: 'consult', people: ['sun'], opinion: '？' })
    expect(clock(story)).toEqual([later(54), undefined])
  })

  test('W19 who is asked and leaves is not waited for; a calendar that changes moves nothing that stands still', () => {
    const story = asked('sun')
    story.world.now = later(20)
    expect(replanDues(story.definition, story.state, { actId: 'r', actor: 'system' }, environment(story.world)).events).toEqual([])
    story.world.left = ['sun']
    expect(clock(story.reresolve())).toEqual([later(34), undefined])
  })

  test('W19 an answer that comes after the step holds nothing up when the step is taken back', () => {
    const story = asked('sun').approve('li')
    story.world.now = later(15)
    const last = open(whole(step({ limit: naturalDays(1), consultPauses: true }), step({}, 'office')))
    last.act('li', { kind: 'consult', people: ['sun'], opinion: '？' }).approve('li')
    last.world.now = later(5)
    last.act('sun', { kind: 'reply', consultation: 'c1', opinion: '是' })
    last.act('li', { kind: 'takeBack', undo: last.state.chain[0]?.actId })
    expect(clock(last)).toEqual([later(29), undefined])
  })
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
