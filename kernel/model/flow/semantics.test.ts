import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Step, Verdict } from './index.ts'
import {
  approve,
  beginChild,
  chosenAt,
  fill,
  flow,
  group,
  naturalDays,
  parallel,
  prove,
  service,
  timer,
  upperChain,
  when,
} from './index.ts'
import type { Condition, World } from './testing.ts'
import { environment, later, Story, world } from './testing.ts'

const step = (options: Partial<Approve> = {}, id = 'group'): Approve => approve(id, id, { by: group(id), ...options })
const whole = (...steps: Step<Condition>[]): Flow<Condition> => flow<Condition>('hr.leave', { label: '请假', steps })
const lines = (effectWhen: Flow['effectWhen'], ...steps: Step<Condition>[]): Flow<Condition> =>
  flow<Condition>('x.y', { label: 'x', items: 'rows', steps, effect: 'grant', effectWhen })
const roles = { group: ['li', 'wang', 'zhao'], office: ['ofc'], board: ['chen'] }
const open = (definition: Flow<Condition>, change: Partial<World> = {}): Story =>
  Story.submitted(definition, world({ roles: { ...roles }, ...change }))
const [pass, no, back]: Verdict[] = [{ say: 'pass' }, { say: 'refuse', reason: 'r' }, { say: 'return', reason: 'r' }]
const say = (a: Verdict, b: Verdict, c: Verdict): Record<string, Verdict> => ({ a, b, c })

describe('S4: what was seen is what is decided', () => {
  const edited = (onEdit: Approve['onEdit'], see?: string[]): Story => {
    const first = step({ mode: 'anyOf', ...(see ? { see } : {}) })
    const story = open(whole(first, step({ mayEdit: ['days'], onEdit }, 'office'), step({}, 'board'))).approve('li')
    story.world.after = 2
    return story.act('ofc', { kind: 'approve', edits: ['days'] })
  }

  test('S4 the version and its hash are in the decision, another version is refused', () => {
    const story = open(whole(step({ mode: 'allOf' }))).approve('li')
    expect(story.state.chain[0]).toMatchObject({ version: 1, hash: 'h1' })
    story.world.version = 2
    expect(story.refused('wang', { kind: 'approve', seenVersion: 1 })).toBe('versionChanged')
  })

  test('S4 a changed field is told to earlier deciders, or they are asked again, or nobody hears of it; the applicant always does', () => {
    const told = (story: Story): readonly string[] | undefined => story.find('edited')[0]?.tell
    expect([told(edited('tell')), told(edited('nothing')), told(edited('tell', ['reason']))]).toEqual([
      ['doctor', 'li'],
      ['doctor'],
      ['doctor'],
    ])
    expect([edited('tell').waiting(), edited('askAgain').waiting()]).toEqual([['chen'], ['li']])
    expect(edited('askAgain').approve('li').waiting()).toEqual(['chen'])
    expect(edited('askAgain').act('li', { kind: 'reject', opinion: '不同意改' }).state.status).toBe('refused')
    expect(edited('askAgain', ['reason']).waiting()).toEqual(['chen'])
  })
})

describe('S7 S8 S9: lines', () => {
  test('S7 returned lines begin again as a linked request while the rest goes on; the repaired ones pass all steps', () => {
    const definition = lines('together', step({ items: true }), step({ items: true }, 'office'))
    const story = open(definition).items('li', say(back!, no!, pass!))
    expect(story.lines()).toEqual({ a: 'split SQ-7-1', b: 'refused', c: 'open' })
    const begun = beginChild(definition, story.state, story.find('splitOff')[0]!, { id: 'i2' }, environment(story.world))
    const child = Story.resumed(definition, { ...story.world, rows: ['a', 'new'] }, begun).act('doctor', { kind: 'resubmit' })
    expect(child.approve('li', 'ofc').find('effect')[0]?.items).toEqual([{ item: 'a' }, { item: 'new' }])
  })

  test('S7 S10 a line returned in a branch starts again where its step says; of two branches the one that goes farther back counts', () => {
    const two = (other: Approve['returnTo'], office: Approve['returnTo'] = { step: 'group' }): Flow<Condition> =>
      lines(
        'together',
        step({ items: true }),
        parallel('p', [[step({ items: true, returnTo: office }, 'office')], [step({ items: true, returnTo: other }, 'board')]]),
      )
    const definition = two({ step: 'group' })
    expect(prove(definition)).toEqual([])
    const story = open(definition)
      .approve('li')
      .items('ofc', say(back!, pass!, pass!))
      .approve('chen')
    expect([story.state.status, story.lines(), story.find('splitOff')[0]?.to]).toEqual([
      'approved',
      { a: 'split SQ-7-1', b: 'passed', c: 'passed' },
      { step: 'group' },
    ])
    const begun = beginChild(definition, story.state, story.find('splitOff')[0]!, { id: 'i2' }, environment(story.world))
    const child = Story.resumed(definition, { ...story.world, rows: ['a'] }, begun)
    expect([child.state.status, child.waiting()]).toEqual(['running', ['li', 'wang', 'zhao']])
    expect(child.approve('li', 'ofc', 'chen').find('effect')[0]?.items).toEqual([{ item: 'a' }])
    // Each line by its own way: a by the office, b by the board, c by both.
    const mixed = open(two('applicant'))
      .approve('li')
      .items('ofc', say(back!, pass!, back!))
      .items('chen', say(pass!, back!, back!))
    expect([mixed.state.status, mixed.waiting()]).toEqual(['returned', ['doctor']])
    const some = open(two('applicant'), { rows: ['a', 'b', 'c', 'd'] }).approve('li')
    some.items('ofc', { ...say(back!, pass!, back!), d: pass! }).items('chen', { ...say(pass!, back!, back!), d: pass! })
    expect(some.find('splitOff').map(({ to, items, number }) => [to, items, number])).toEqual([
      ['applicant', ['b', 'c'], 'SQ-7-1'],
      [{ step: 'group' }, ['a'], 'SQ-7-2'],
    ])
    // Nothing goes on: the whole request goes back, and all branches with it.
    const all = open(two({ step: 'group' }))
      .approve('li')
      .items('ofc', say(back!, back!, back!))
      .approve('chen')
    expect([all.state.status, all.waiting(), all.find('returned')[0]?.to]).toEqual(['running', ['li', 'wang', 'zhao'], { step: 'group' }])
    expect(all.approve('li', 'ofc', 'chen').state.status).toBe('approved')
  })

  test('S8 a vote counts per line, 回避 per line and member', () => {
    const mode = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const story = open(lines('together', step({ items: true, mode }), step({ items: true }, 'office')))
    story
      .items('li', { a: { say: 'recuse' }, b: pass!, c: no! })
      .items('wang', say(pass!, pass!, no!))
      .items('zhao', { a: pass! })
    expect(story.lines()).toEqual({ a: 'open', b: 'open', c: 'refused' })
    expect(story.waiting()).toEqual(['ofc'])
  })

  test('S9 all results come at once in the last decision; perItem each as soon as nobody can change it', () => {
    const together = open(lines('together', step({ items: true, mode: 'allOf' }))).items('li', say(no!, pass!, pass!))
    expect(together.find('effect')).toEqual([])
    const story = open(lines('perItem', step({ items: true }, 'office'), step({ items: true, mode: 'allOf' }))).approve('ofc')
    story.items('li', { a: pass! }).items('wang', { a: pass! }).items('zhao', { a: pass! })
    expect(story.find('effect').map((one) => [one.items, one.isLast])).toEqual([[[{ item: 'a' }], false]])
    expect(story.refused('zhao', { kind: 'takeBack', undo: story.state.chain.at(-1)?.actId })).toBe('takeBackEffected')
    story.act('doctor', { kind: 'withdraw' })
    expect([story.state.status, story.state.items['a']?.effected, story.state.items['b']?.effected]).toEqual(['withdrawn', true, undefined])
  })

  test('S9 perItem: a refused or returned line undoes nothing that is real; what goes back and passes later is real then, once', () => {
    const definition = lines('perItem', step({ items: true, mode: 'allOf' }))
    const granted = (story: Story): unknown => story.find('effect').map((one) => [one.items.map(({ item }) => item), one.isLast])
    const begin = (): Story => {
      const story = open(definition, { roles: { group: ['li', 'wang'] } })
        .items('li', { a: pass! })
        .items('wang', { a: pass! })
      expect(granted(story)).toEqual([[['a'], false]])
      return story
    }
    // The rest refused, or returned: the request is over with what was granted, the returned lines go on as a request of their own.
    const refused = begin().items('li', { b: no!, c: no! })
    expect([refused.state.status, refused.lines(), granted(refused)]).toEqual([
      'approved',
      { a: 'passed', b: 'refused', c: 'refused' },
      [
        [['a'], false],
        [[], true],
      ],
    ])
    const split = begin().items('li', { b: back!, c: no! })
    expect([split.state.status, split.lines()]).toEqual(['approved', { a: 'passed', b: 'split SQ-7-1', c: 'refused' }])
    const begun = beginChild(definition, split.state, split.find('splitOff')[0]!, { id: 'i2' }, environment(split.world))
    const child = Story.resumed(definition, { ...split.world, rows: ['b'] }, begun).act('doctor', { kind: 'resubmit' })
    expect(granted(child.approve('li', 'wang'))).toEqual([[['b'], true]])
    // The whole request sent back: what is real is not asked again.
    const whole = begin().act('li', { kind: 'return', opinion: '请补' })
    expect([whole.state.status, whole.state.items['a']?.effected]).toEqual(['returned', true])
    whole.act('doctor', { kind: 'resubmit' })
    expect(whole.refused('li', { kind: 'decideItems', verdicts: { a: no!, b: pass!, c: pass! } })).toBe('itemSettled')
    expect(granted(whole.approve('li', 'wang'))).toEqual([
      [['a'], false],
      [['b', 'c'], true],
    ])
  })

  test('S9 a failing service undoes nothing: it is tried again, then waits for the administrator, who retries or passes it by', () => {
    const story = open(lines('together', step({ items: true }), service('his', 'x', { attempts: 2 }))).approve('li')
    const fail = { kind: 'serviceFailed', entry: 'his#2', why: 'down' } as const
    const fix = (how: string, actor = 'admin'): string => story.refused(actor, { kind: 'repair', entry: 'his#2', how, opinion: '已核对' })
    expect([story.state.isEffected, fix('retry')]).toEqual([true, 'notStuck'])
    story.act('system', fail).act('system', fail)
    expect([story.state.entries[0]?.stuck, story.find('serviceCalled').map((one) => one.key)]).toEqual([
      'serviceFailed',
      ['i1/his#2', 'i1/his#2'],
    ])
    expect([fix('retry', 'li'), fix('assign'), fix('retry')]).toEqual(['administratorOnly', 'repairNotHere', 'accepted'])
    story.act('system', fail)
    expect([fix('skip'), story.state.status]).toEqual(['accepted', 'approved'])
  })
})

describe('S10: parallel', () => {
  const fork = (onRefuse: 'endRequest' | 'branchOnly', ...rest: Step<Condition>[]): Flow<Condition> =>
    whole(step({}, 'first'), parallel('both', [[step({}, 'office'), step({}, 'second')], [step({}, 'board')]], { onRefuse }), ...rest)
  const more = { roles: { ...roles, first: ['fei'], second: ['shi'] } }

  test('S10 branches run at the same time; a refusal ends the request unless it is the branch only', () => {
    const story = open(fork('endRequest', step()), more).approve('fei')
    expect(story.waiting()).toEqual(['ofc', 'chen'])
    expect(story.act('ofc', { kind: 'reject', opinion: 'r' }).state).toMatchObject({ status: 'refused', entries: [] })
    const only = open(fork('branchOnly', step()), more).approve('fei').act('ofc', { kind: 'reject', opinion: 'r' })
    expect(only.waiting()).toEqual(['chen'])
    expect(only.approve('chen').waiting()).toEqual(['li', 'wang', 'zhao'])
  })

  test('S10 a return to before the split voids all branches; one from after the join reopens only its branch; never into one beside', () => {
    const story = open(fork('endRequest', step()), more).approve('fei', 'chen', 'ofc')
    expect(story.refused('shi', { kind: 'return', opinion: 'r', to: { step: 'board' } })).toBe('returnTarget')
    story.approve('shi').act('li', { kind: 'return', opinion: 'r', to: { step: 'second' } })
    expect(story.waiting()).toEqual(['shi'])
    expect(story.state.chain.map((one) => one.void ?? false)).toEqual([false, false, false, true, true])
    story.approve('shi').act('li', { kind: 'return', opinion: 'r', to: { step: 'first' } })
    expect([story.waiting(), story.state.chain.every((one) => one.void)]).toEqual([['fei'], true])
    expect(story.approve('fei').waiting()).toEqual(['ofc', 'chen'])
  })

  test('S10 taking back reopens one branch and the join behind it, and leaves the branch beside alone', () => {
    const story = open(fork('endRequest', step()), more).approve('fei', 'chen', 'ofc')
    story.act('shi', { kind: 'approve', actId: 's' })
    expect(story.waiting()).toEqual(['li', 'wang', 'zhao'])
    expect(story.act('shi', { kind: 'takeBack', undo: 's' }).waiting()).toEqual(['shi'])
    expect(story.approve('shi').waiting()).toEqual(['li', 'wang', 'zhao'])
  })

  test('S10 conditions are asked again after a return', () => {
    const definition = whole(step(), when<Condition>({ field: 'level', is: '四级' }, [step({}, 'board')]), step({}, 'office'))
    const story = open(definition, { fields: { level: '四级' } }).approve('li', 'chen')
    story.world.fields['level'] = '三级'
    expect(
      story
        .act('ofc', { kind: 'return', opinion: 'r', to: { step: 'group' } })
        .approve('wang')
        .waiting(),
    ).toEqual(['ofc'])
  })

  test('S10 branches inside a branch join from the inside out', () => {
    const inner = parallel<Condition>('inner', [[step({}, 'first')], [step({}, 'second')]])
    const story = open(whole(parallel('outer', [[inner, step({}, 'office')], [step({}, 'board')]]), step()), more)
    expect(story.waiting()).toEqual(['fei', 'shi', 'chen'])
    expect(story.approve('fei', 'chen', 'shi').waiting()).toEqual(['ofc'])
    expect(story.approve('ofc', 'li').state.status).toBe('approved')
    const refused = open(whole(parallel('outer', [[inner, step({}, 'office')], [step({}, 'board')]]), step()), more)
    expect(refused.act('shi', { kind: 'reject', opinion: 'r' }).state).toMatchObject({ status: 'refused', entries: [] })
  })
})

describe('S11 S12 S13: people and clocks', () => {
  test('S11 deciders are those of the moment the step opens; who loses the role loses the task, who joins later is not asked', () => {
    const story = open(whole(step({ mode: 'allOf' })))
    story.world.roles['group'] = ['wang', 'new']
    expect(story.reresolve().waiting()).toEqual(['wang'])
  })

  test('S11 a stand-in who is a member himself votes once', () => {
    const story = open(whole(step({ mode: 'allOf' })), { standIns: [['wang', 'li']] })
    expect(story.refused('wang', { kind: 'approve', onBehalfOf: 'li' })).toBe('standInIsMember')
    expect(story.approve('wang').waiting()).toEqual(['li', 'zhao'])
  })

  test('S11 every level above the applicant in turn, and people chosen by the step before', () => {
    const chain = whole(step({ by: [upperChain(2)], mode: 'inOrder' }))
    const story = open(chain, { superiors: { doctor: ['chief'], 'doctor 2': ['dean'] } })
    expect([story.waiting(), story.approve('chief').waiting()]).toEqual([['chief'], ['dean']])
    const chosen = open(whole(step(), step({ by: [chosenAt('group', group('board'), 1)] }, 'office')))
    expect(chosen.refused('li', { kind: 'approve' })).toBe('choiceMissing')
    expect(chosen.refused('li', { kind: 'approve', chosen: { office: ['sun'] } })).toBe('choiceOutOfRange')
    expect(chosen.act('li', { kind: 'approve', chosen: { office: ['chen'] } }).waiting()).toEqual(['chen'])
  })

  test('S12 below the quorum a line waits and nobody else may decide it', () => {
    const mode = { vote: { quorum: [2, 3] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const story = open(whole(step({ mode }))).approve('li')
    story.items('wang', { '*': { say: 'recuse' } }).items('zhao', { '*': { say: 'recuse' } })
    expect([story.waiting(), story.state.entries[0]?.stuck]).toEqual([[], 'quorumImpossible'])
    expect(story.refused('admin', { kind: 'repair', entry: 'group#1', how: 'assign', people: ['sun'], opinion: 'x' })).toBe('repairNotHere')
  })

  test('S13 a limit begins anew at each entry, not on transfer, delegation or stand-in; taking back restores it', () => {
    const story = open(whole(step({ limit: naturalDays(2) }), step({ limit: naturalDays(1) }, 'office')))
    const due = (): string | undefined => story.state.entries[0]?.due
    story.world.now = later(5)
    story.act('li', { kind: 'transfer', to: 'sun' }).act('sun', { kind: 'delegateTask', to: 'qian' }).approve('qian')
    expect(due()).toBe(later(48))
    story.act('sun', { kind: 'approve', actId: 's' })
    expect(due()).toBe(later(29))
    story.world.now = later(7)
    story.act('sun', { kind: 'takeBack', undo: 's' })
    expect(due()).toBe(later(48))
    story.approve('sun').act('ofc', { kind: 'return', opinion: 'r', to: { step: 'group' } })
    expect(due()).toBe(later(55))
  })

  test('S13 a limit that reaches into a year without data is marked 暂定; a timer waits for its moment', () => {
    const story = open(whole(step({ limit: naturalDays(400) }), timer('wait', '公示', naturalDays(5))))
    expect(story.state.entries[0]?.provisional).toBe(true)
    story.approve('li')
    expect(story.refused('system', { kind: 'elapse', entry: 'wait#2' })).toBe('notDue')
    story.world.now = later(120)
    expect(story.act('system', { kind: 'elapse', entry: 'wait#2' }).state.status).toBe('approved')
    const unknown = open(whole(step(), timer('wait', '公示', { field: 'until' }))).approve('li')
    expect(unknown.state.entries[0]?.stuck).toBe('noMoment')
  })
})

test('S14 each occasion may have its own definition: an instance is decided under the one it began with only', () => {
  const [one, other] = [whole(step()), whole(step({}, 'office'))]
  expect([open(one).waiting(), open(other).waiting()]).toEqual([['li', 'wang', 'zhao'], ['ofc']])
})

test('S15 a task, open or decided, a copy and a consultation stay in the state of the instance, by person, to its end', () => {
  const section = fill('section', '填写', { by: group('board'), mayEdit: ['plan'], require: ['plan'] })
  const story = open(whole(step(), section)).act('li', { kind: 'consult', people: ['sun'], opinion: '?' })
  story.act('li', { kind: 'copyTo', people: ['qian'] }).approve('li')
  expect(story.refused('chen', { kind: 'approve' })).toBe('fieldMissing')
  story.world.fields['plan'] = 'x'
  const { state } = story.approve('chen')
  const readers = [...state.tasks.map((task) => task.person), ...Object.keys(state.copies), ...state.consultations.map((one) => one.person)]
  expect([state.status, new Set(readers)]).toEqual(['approved', new Set(['li', 'wang', 'zhao', 'chen', 'qian', 'sun'])])
})
