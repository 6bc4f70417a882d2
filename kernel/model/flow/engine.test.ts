import { describe, expect, test } from 'vitest'
import type { Approve, Decider, Flow, Step, Verdict } from './index.ts'
import {
  approve,
  beginChild,
  chosenByApplicant,
  describePath,
  earlier,
  flow,
  group,
  headOf,
  notify,
  prove,
  role,
  service,
  when,
} from './index.ts'
import type { Condition, World } from './testing.ts'
import { environment, Story, world } from './testing.ts'

const pass: Verdict = { say: 'pass' }
const refuse: Verdict = { say: 'refuse', reason: '例数不足' }
const sendBack: Verdict = { say: 'return', reason: '请补手术记录' }
const lines = { rows: 'procedures', narrow: 'degree' }
type Options = Partial<Approve> & { by?: Decider }
const steps = (...list: Step<Condition>[]): Flow<Condition> =>
  flow<Condition>('privileges.grant', { label: '手术授权', steps: list, items: lines, effect: 'grant' })
const one = (options: Options = {}, ...rest: Step<Condition>[]): Flow<Condition> =>
  steps(approve('group', '考核小组', { by: role('group'), items: true, ...options }), ...rest)
const trio = (change: Partial<World> = {}): World => world({ roles: { group: ['li', 'wang', 'zhao'], office: ['ofc'] }, ...change })

describe('lines', () => {
  test('a mixed result makes exactly the passed grants, with what hangs on each', () => {
    const w = trio({ rows: ['a', 'b', 'c', 'd', 'e'] })
    const story = Story.submitted(one(), w)
    story.items('li', { a: pass, b: refuse, c: { say: 'narrow', to: '一助' }, d: { say: 'pass', supervisedCases: 3 }, e: sendBack })
    expect(story.lines()).toEqual({ a: 'passed', b: 'refused', c: 'narrowed', d: 'conditional', e: 'split SQ-7-1' })
    expect(story.state.status).toBe('approved')
    expect(story.find('effect')).toMatchObject([
      { effect: 'grant', items: [{ item: 'a' }, { item: 'c', narrowTo: '一助' }, { item: 'd', supervisedCases: 3 }] },
    ])
  })

  test('when every line is refused the request is refused and nothing is granted', () => {
    const story = Story.submitted(one(), trio()).items('li', { a: refuse, b: refuse, c: refuse })
    expect(story.state.status).toBe('refused')
    expect(story.find('effect')).toEqual([])
  })

  test('a refused line goes no further while the others reach the office', () => {
    const story = Story.submitted(one({}, approve('office', '医务处', { by: role('office'), items: true })), trio())
    story.items('li', { a: refuse, b: pass, c: pass })
    expect(story.lines()).toEqual({ a: 'refused', b: 'open', c: 'open' })
    expect(story.refused('ofc', { kind: 'decideItems', verdicts: { a: pass, b: pass, c: pass } })).toBe('itemSettled')
    expect(
      story
        .approve('ofc')
        .find('effect')[0]
        ?.items.map((x) => x.item),
    ).toEqual(['b', 'c'])
  })

  test('a returned line becomes a linked request with suffix -1 that the applicant repairs and that passes all steps again', () => {
    const definition = one({}, approve('office', '医务处', { by: role('office'), items: true }))
    const w = trio()
    const story = Story.submitted(definition, w).items('li', { a: sendBack, b: pass, c: pass })
    expect(story.waiting()).toEqual(['ofc'])
    const split = story.find('splitOff')[0]!
    const child = Story.resumed(definition, { ...w, rows: ['a'] }, beginChild(definition, story.state, split, { id: 'i2' }, environment(w)))
    expect(child.state).toMatchObject({ number: 'SQ-7-1', status: 'returned', parent: { id: 'i1' } })
    expect(child.waiting()).toEqual(['doctor'])
    child.act('doctor', { kind: 'resubmit' })
    expect(child.waiting()).toEqual(['li', 'wang', 'zhao'])
    child.approve('zhao', 'ofc')
    expect(child.find('effect')[0]?.items).toEqual([{ item: 'a' }])
    story.items('ofc', { b: pass, c: sendBack })
    expect(story.find('splitOff')[1]).toMatchObject({ number: 'SQ-7-2', items: ['c'] })
  })

  test('a line returned to an earlier step starts again there with the terms it had before', () => {
    const definition = one(
      { mode: 'anyOf' },
      approve('office', '医务处', { by: role('office'), items: true }),
      approve('board', '委员会', { by: role('board'), items: true, returnTo: { step: 'office' } }),
    )
    const w = trio({ rows: ['a', 'b'], roles: { group: ['li'], office: ['ofc'], board: ['chen'] } })
    const story = Story.submitted(definition, w).items('li', { a: { say: 'narrow', to: '一助' }, b: pass })
    story.items('ofc', { a: { say: 'narrow', to: '指导' }, b: pass }).items('chen', { a: sendBack, b: pass })
    const child = Story.resumed(
      definition,
      { ...w, rows: ['a'] },
      beginChild(definition, story.state, story.find('splitOff')[0]!, { id: 'i2' }, environment(w)),
    )
    expect(child.waiting()).toEqual(['ofc'])
    child.approve('ofc', 'chen')
    expect(child.find('effect')[0]?.items).toEqual([{ item: 'a', narrowTo: '一助' }])
  })

  test('when nothing goes on the whole request returns instead of splitting', () => {
    const story = Story.submitted(one(), trio()).items('li', { a: refuse, b: sendBack, c: sendBack })
    expect(story.state.status).toBe('returned')
    expect(story.find('splitOff')).toEqual([])
    story.world.rows = ['a', 'b', 'd']
    story.act('doctor', { kind: 'resubmit' })
    expect(story.lines()).toEqual({ a: 'refused', b: 'open', d: 'open' })
    expect(
      story
        .approve('wang')
        .find('effect')[0]
        ?.items.map((x) => x.item),
    ).toEqual(['b', 'd'])
  })

  test('a line may be narrowed further but not widened or narrowed to something that cannot be compared', () => {
    const story = Story.submitted(one({}, approve('office', '医务处', { by: role('office'), items: true })), trio({ rows: ['a'] }))
    story.items('li', { a: { say: 'narrow', to: '一助' } })
    expect(story.refused('ofc', { kind: 'decideItems', verdicts: { a: { say: 'narrow', to: '左侧' } } })).toBe('narrowingConflict')
    story.items('ofc', { a: { say: 'narrow', to: '全部', supervisedCases: 2 } })
    expect(story.find('effect')[0]?.items).toEqual([{ item: 'a', narrowTo: '一助', supervisedCases: 2 }])
  })

  test('what is said must make sense', () => {
    const story = Story.submitted(one(), trio({ rows: ['a'] }))
    const say = (verdicts: Record<string, unknown>): string => story.refused('li', { kind: 'decideItems', verdicts })
    expect(say({ a: { say: 'refuse', reason: ' ' } })).toBe('reasonNeeded')
    expect(say({ a: { say: 'pass', supervisedCases: 1.5 } })).toBe('badTerms')
    expect(say({ a: { say: 'narrow', to: '' } })).toBe('badTerms')
    expect(say({ a: { say: 'abstain' } })).toBe('verdictNotHere')
    expect(say({ z: pass })).toBe('itemUnknown')
    expect(say({})).toBe('itemsMissing')
  })
})

describe('modes', () => {
  test('anyOf: the first decision settles all lines; the others lose their task and the late one is told who decided', () => {
    const story = Story.submitted(one({}, approve('office', '医务处', { by: role('office') })), trio())
    expect(story.refused('li', { kind: 'decideItems', verdicts: { a: pass } })).toBe('itemsMissing')
    story.approve('wang')
    expect(story.find('taskCancelled').map((x) => x.cause)).toEqual(['decidedByOther', 'decidedByOther'])
    const late = story.try('li', { kind: 'approve' })
    expect(late).toMatchObject({ ok: false, refusal: { code: 'taskClosed', detail: { cause: 'decidedByOther', by: 'wang' } } })
  })

  test('allOf: a line passes when all pass it, one refusal refuses that line only and at once', () => {
    const story = Story.submitted(one({ mode: 'allOf' }), trio())
    story.items('li', { a: pass, b: refuse })
    expect(story.lines()).toEqual({ a: 'open', b: 'refused', c: 'open' })
    expect(story.refused('li', { kind: 'decideItems', verdicts: { a: pass } })).toBe('alreadyDecided')
    story.approve('wang', 'li', 'zhao')
    expect(story.find('effect')[0]?.items.map((x) => x.item)).toEqual(['a', 'c'])
  })

  test('allOf: the strictest terms of all hold', () => {
    const story = Story.submitted(one({ mode: 'allOf' }), trio({ rows: ['a'] }))
    story.items('li', { a: { say: 'narrow', to: '指导', supervisedCases: 1 } }).items('wang', { a: { say: 'pass', supervisedCases: 5 } })
    story.items('zhao', { a: { say: 'narrow', to: '一助' } })
    expect(story.find('effect')[0]?.items).toEqual([{ item: 'a', narrowTo: '指导', supervisedCases: 5 }])
  })

  test('allOf: when one refuses everything the others are spared their tasks', () => {
    const story = Story.submitted(one({ mode: 'allOf' }), trio()).act('li', { kind: 'reject', opinion: '不同意' })
    expect(story.state.status).toBe('refused')
    expect(story.find('taskCancelled')).toHaveLength(2)
  })

  test('inOrder: one after another, and who has left meanwhile is passed over aloud', () => {
    const story = Story.submitted(one({ mode: 'inOrder' }), trio())
    expect(story.waiting()).toEqual(['li'])
    story.world.left = ['wang']
    story.approve('li')
    expect(story.waiting()).toEqual(['zhao'])
    expect(story.find('routed')).toMatchObject([{ why: 'inactive', person: 'wang', policy: 'skip' }])
    expect(story.approve('zhao').state.status).toBe('approved')
  })

  test('inOrder: a line refused by the first is not put to the second', () => {
    const story = Story.submitted(one({ mode: 'inOrder' }), trio()).items('li', { a: refuse, b: pass, c: pass })
    expect(story.refused('wang', { kind: 'decideItems', verdicts: { a: pass } })).toBe('itemSettled')
    expect(
      story
        .approve('wang', 'zhao')
        .find('effect')[0]
        ?.items.map((x) => x.item),
    ).toEqual(['b', 'c'])
  })

  test('a step that does not decide by line decides the request as one', () => {
    const story = Story.submitted(one({ items: false }), trio())
    expect(story.refused('li', { kind: 'decideItems', verdicts: { a: pass, b: pass, c: pass } })).toBe('itemsNotHere')
    expect(story.refused('li', { kind: 'reject' })).toBe('reasonNeeded')
    expect(story.act('li', { kind: 'reject', opinion: '资料不实' }).state.status).toBe('refused')
  })

  test('a request without lines is approved and effected as one', () => {
    const leave = flow<Condition>('hr.leave', { label: '请假', steps: [approve('head', '科主任', { by: headOf() })] })
    const story = Story.submitted(leave, world({ heads: { own: ['li'] } })).approve('li')
    expect(story.find('effect')[0]?.items).toEqual([{ item: '*' }])
  })
})

describe('acts', () => {
  test('the same act twice gets the same answer and no second event; another act under its id is refused', () => {
    const story = Story.submitted(one({ mode: 'allOf' }), trio())
    story.act('li', { kind: 'approve', actId: 'click', task: 'group#1/1' })
    const size = story.events.length
    expect(story.try('li', { kind: 'approve', actId: 'click', task: 'group#1/1' })).toMatchObject({ ok: true, events: [], repeated: true })
    expect(story.events).toHaveLength(size)
    expect(story.refused('wang', { kind: 'approve', actId: 'click' })).toBe('actIdReused')
  })

  test('who saw another version than the present one must look again', () => {
    const story = Story.submitted(one(), trio())
    story.world.version = 2
    expect(story.refused('li', { kind: 'approve', seenVersion: 1 })).toBe('versionChanged')
    expect(story.approve('li').state.chain[0]).toMatchObject({ version: 2, hash: 'h2' })
  })

  test('a decider who may edit changes the record, and applicant and earlier deciders are told', () => {
    const story = Story.submitted(one({}, approve('office', '医务处', { by: role('office'), mayEdit: ['level'] })), trio()).approve('li')
    expect(story.refused('ofc', { kind: 'approve', edits: ['name'] })).toBe('mayNotEdit')
    story.world.after = 2
    story.act('ofc', { kind: 'approve', edits: ['level'] })
    expect(story.find('edited')).toMatchObject([{ fields: ['level'], version: 2, tell: ['doctor', 'li'] }])
    expect(story.state).toMatchObject({ version: 2 })
  })

  test('signature and required fields are asked for before a consent', () => {
    const story = Story.submitted(one({ sign: true, require: ['cases'] }), trio())
    expect(story.refused('li', { kind: 'approve' })).toBe('fieldMissing')
    story.world.fields['cases'] = '12'
    expect(story.refused('li', { kind: 'approve' })).toBe('signatureNeeded')
    expect(story.act('li', { kind: 'approve', signature: 's1' }).state.chain[0]?.signature).toBe('s1')
  })

  test('a secretary fills in, the applicant alone submits and signs', () => {
    const definition = flow<Condition>('x.y', { label: 'x', start: { sign: true }, steps: [approve('a', 'A', { by: role('group') })] })
    const instance = { id: 'i', number: 'n', flowVersion: 1 }
    const story = new Story(definition, trio())
    expect(story.refused('secretary', { kind: 'submit', instance, applicant: 'doctor', signature: 's' })).toBe('applicantOnly')
    expect(story.refused('doctor', { kind: 'submit', instance, applicant: 'doctor' })).toBe('signatureNeeded')
    story.act('doctor', { kind: 'submit', instance, applicant: 'doctor', filledBy: 'secretary', signature: 's' })
    expect(story.state.filledBy).toBe('secretary')
    expect(story.refused('doctor', { kind: 'submit', instance, applicant: 'doctor', signature: 's' })).toBe('alreadySubmitted')
  })

  test('transfer: the task moves for good, the chain shows it, not to applicant, leaver, self or somebody already there', () => {
    const story = Story.submitted(one({ mode: 'allOf' }), trio({ left: ['gone'] }))
    const to = (person: string): string => story.refused('li', { kind: 'transfer', to: person })
    expect([to('li'), to('doctor'), to('gone'), to('wang')]).toEqual([
      'transferToSelf',
      'transferToApplicant',
      'transferToInactive',
      'transferToInStep',
    ])
    story.act('li', { kind: 'transfer', to: 'sun' }).act('sun', { kind: 'transfer', to: 'li' }).act('li', { kind: 'transfer', to: 'qian' })
    expect(story.state.chain.map((x) => x.act)).toEqual(['transfer', 'transfer', 'transfer'])
    expect(story.refused('li', { kind: 'approve' })).toBe('taskClosed')
    expect(story.approve('wang', 'zhao', 'qian').state.status).toBe('approved')
  })

  test('a return makes what was decided void, asks the conditions again and restores the full list', () => {
    const definition = one(
      { mode: 'allOf' },
      when<Condition>({ field: 'level', is: '四级' }, [approve('board', '委员会', { by: role('board') })]),
      approve('office', '医务处', { by: role('office') }),
    )
    const story = Story.submitted(definition, trio({ rows: ['a'], fields: { level: '三级' } })).approve('li', 'wang', 'zhao')
    expect(story.waiting()).toEqual(['ofc'])
    expect(story.refused('ofc', { kind: 'return' })).toBe('reasonNeeded')
    expect(story.refused('ofc', { kind: 'return', opinion: 'x', to: { step: 'board' } })).toBe('returnTarget')
    story.world.fields['level'] = '四级'
    story.act('ofc', { kind: 'return', opinion: '请小组重议', to: { step: 'group' } })
    expect(story.waiting()).toEqual(['li', 'wang', 'zhao'])
    expect(story.state.chain.every((x) => x.void)).toBe(true)
    story.world.roles['board'] = ['chen']
    expect(story.approve('li', 'wang', 'zhao').waiting()).toEqual(['chen'])
  })

  test('terms that a voided decision set do not survive a return', () => {
    const story = Story.submitted(one({}, approve('office', '医务处', { by: role('office') })), trio({ rows: ['a'] }))
    story.items('li', { a: { say: 'pass', supervisedCases: 9 } }).act('ofc', { kind: 'return', opinion: '请补' })
    expect(story.waiting()).toEqual(['doctor'])
    expect(story.refused('li', { kind: 'approve' })).toBe('taskClosed')
    expect(story.refused('li', { kind: 'resubmit' })).toBe('applicantOnly')
    story.act('doctor', { kind: 'resubmit' }).approve('wang', 'ofc')
    expect(story.find('effect')[0]?.items).toEqual([{ item: 'a' }])
  })

  test('a branch once taken stays taken although a decider changes the field inside it', () => {
    const inside = [approve('b1', 'B1', { by: role('group'), mayEdit: ['level'] }), approve('b2', 'B2', { by: role('office') })]
    const story = Story.submitted(steps(when<Condition>({ field: 'level', is: '四级' }, inside)), trio({ fields: { level: '四级' } }))
    story.world.fields['level'] = '三级'
    expect(story.approve('li').waiting()).toEqual(['ofc'])
  })

  test('the applicant withdraws while it is open; after approval he needs a revocation request', () => {
    const story = Story.submitted(one(), trio())
    expect(story.refused('li', { kind: 'withdraw' })).toBe('applicantOnly')
    story.act('doctor', { kind: 'withdraw' })
    expect(story.state.status).toBe('withdrawn')
    expect(story.refused('doctor', { kind: 'withdraw' })).toBe('alreadyEnded')
    expect(story.refused('li', { kind: 'approve' })).toBe('taskClosed')
    expect(Story.submitted(one(), trio()).approve('li').refused('doctor', { kind: 'withdraw' })).toBe('needsRevocation')
    const returned = Story.submitted(one(), trio()).act('li', { kind: 'return', opinion: 'x' })
    expect(returned.act('doctor', { kind: 'withdraw' }).state.status).toBe('withdrawn')
  })

  test('a stand-in acts in the other name, both are recorded, never in his own request nor beside his own task', () => {
    const w = trio({
      standIns: [
        ['sun', 'li'],
        ['doctor', 'li'],
        ['wang', 'li'],
      ],
    })
    const story = Story.submitted(one({ mode: 'allOf' }), w)
    expect(story.refused('zhao', { kind: 'approve', onBehalfOf: 'li' })).toBe('notYourTask')
    expect(story.refused('doctor', { kind: 'approve', onBehalfOf: 'li' })).toBe('ownRequest')
    expect(story.refused('wang', { kind: 'approve', onBehalfOf: 'li' })).toBe('standInIsMember')
    story.act('sun', { kind: 'approve', onBehalfOf: 'li' })
    expect(story.state.chain[0]).toMatchObject({ person: 'li', actor: 'sun' })
  })

  test('a service that fails is an incident and undoes nothing; grants after the last decision do not wait for it', () => {
    const story = Story.submitted(one({}, service('his', 'integration.tell', { attempts: 1 }), notify('applicant')), trio()).approve('li')
    expect(story.find('effect')).toHaveLength(1)
    expect(story.find('serviceCalled')).toMatchObject([{ key: 'i1/his#2' }])
    story.act('system', { kind: 'serviceFailed', entry: 'his#2', why: 'timeout' })
    expect(story.state.entries[0]?.stuck).toBe('serviceFailed')
    expect(story.refused('doctor', { kind: 'withdraw' })).toBe('needsRevocation')
    story.act('system', { kind: 'serviceDone', entry: 'his#2' })
    expect(story.state.status).toBe('approved')
    expect(story.find('notified')).toMatchObject([{ to: ['doctor'] }])
    expect(story.refused('system', { kind: 'serviceDone', entry: 'his#2' })).toBe('entryUnknown')
  })
})

describe('who decides', () => {
  const head = (options: Options = {}): Flow<Condition> => steps(approve('head', '科主任', { by: headOf(), ...options }))

  test('an applicant who is his own decider goes to his superior, never silently', () => {
    const story = Story.submitted(head(), world({ heads: { own: ['doctor'] }, superiors: { doctor: ['vice'] } }))
    expect(story.waiting()).toEqual(['vice'])
    expect(story.find('routed')).toMatchObject([{ why: 'applicant', policy: 'superior', person: 'doctor', to: ['vice'] }])
    expect(story.approve('vice').state.status).toBe('approved')
  })

  test('each policy for the applicant does what it says', () => {
    const w = (): World => world({ heads: { own: ['doctor', 'li'] } })
    expect(Story.submitted(head({ onApplicant: 'skip' }), w()).waiting()).toEqual(['li'])
    expect(Story.submitted(head({ onApplicant: 'ask' }), w()).waiting()).toEqual(['doctor', 'li'])
    expect(Story.submitted(head({ onApplicant: 'administrator' }), w()).waiting()).toEqual(['li', 'admin'])
    const passed = Story.submitted(head({ onApplicant: 'pass' }), w())
    expect(passed.state).toMatchObject({ status: 'approved', chain: [{ person: 'doctor', auto: 'applicant' }] })
    expect(Story.submitted(head({ onApplicant: 'pass', mode: 'allOf' }), w()).waiting()).toEqual(['li'])
  })

  test('a person who has already decided is asked, passed or left out as the step says, and always asked about a new version', () => {
    const twice = (policy: Approve['onSamePerson']): Flow<Condition> =>
      steps(approve('a', 'A', { by: role('group') }), approve('b', 'B', { by: earlier('a'), onSamePerson: policy }))
    expect(Story.submitted(twice('ask'), trio()).approve('li').waiting()).toEqual(['li'])
    const passed = Story.submitted(twice('pass'), trio()).approve('li')
    expect(passed.find('routed')).toMatchObject([{ why: 'samePerson', policy: 'pass', person: 'li' }])
    expect(passed.state.status).toBe('approved')
    const edited = steps(
      approve('a', 'A', { by: role('group') }),
      approve('m', 'M', { by: role('office') }),
      approve('b', 'B', { by: earlier('a'), onSamePerson: 'pass' }),
    )
    const story = Story.submitted(edited, trio()).approve('li')
    story.world.version = 2
    expect(story.approve('ofc').waiting()).toEqual(['li'])
  })

  test('nobody found: each policy, and without an administrator the request waits for repair', () => {
    const empty = (): World => world({ superiors: { doctor: ['vice'] } })
    expect(Story.submitted(head(), empty()).waiting()).toEqual(['admin'])
    expect(Story.submitted(head({ onNobody: 'superior' }), empty()).waiting()).toEqual(['vice'])
    expect(Story.submitted(head({ onNobody: 'skip' }), empty()).state.status).toBe('approved')
    expect(Story.submitted(head({ onNobody: 'refuse' }), empty()).state.status).toBe('refused')
    const stuck = Story.submitted(head(), world({ administrators: ['doctor'] }))
    expect(stuck.state.entries[0]?.stuck).toBe('nobodyFound')
    stuck.world.heads['own'] = ['li']
    expect(stuck.reresolve().waiting()).toEqual(['li'])
    expect(stuck.approve('li').state.status).toBe('approved')
  })

  test('a person with two posts has one task', () => {
    const story = Story.submitted(
      steps(approve('x', 'X', { by: [role('group'), headOf()], mode: 'allOf' })),
      trio({ heads: { own: ['li'] } }),
    )
    expect(story.waiting()).toEqual(['li', 'wang', 'zhao'])
  })

  test('who loses the role loses the open task; who joins later is not asked; what was decided stands', () => {
    const story = Story.submitted(one({ mode: 'allOf' }), trio()).approve('li')
    story.world.roles['group'] = ['zhao', 'new']
    expect(story.reresolve().waiting()).toEqual(['zhao'])
    expect(story.find('taskCancelled')).toMatchObject([{ cause: 'lostRole' }])
    const size = story.events.length
    expect(story.reresolve().events).toHaveLength(size)
    expect(story.approve('zhao').state.status).toBe('approved')
  })

  test('when the last decider leaves, the task of one he got it from comes back, else the policy for nobody answers', () => {
    const story = Story.submitted(one(), trio({ roles: { group: ['li'] } })).act('li', { kind: 'transfer', to: 'sun' })
    story.world.left = ['sun']
    expect(story.reresolve().waiting()).toEqual(['li'])
    story.world.left = ['sun', 'li']
    expect(story.reresolve().waiting()).toEqual(['admin'])
  })

  test('the applicant chooses within the range before submission', () => {
    const definition = steps(approve('x', 'X', { by: chosenByApplicant(role('group'), 1) }))
    const story = new Story(definition, trio())
    const submit = (chosen?: object): string =>
      story.refused('doctor', {
        kind: 'submit',
        instance: { id: 'i', number: 'n', flowVersion: 1 },
        applicant: 'doctor',
        ...(chosen ? { chosen } : {}),
      })
    expect(submit()).toBe('chooseDeciders')
    expect([submit({ x: ['ofc'] }), submit({ x: ['li', 'wang'] })]).toEqual(['choiceOutOfRange', 'choiceOutOfRange'])
    expect(submit({ x: ['wang'] })).toBe('accepted')
    expect(story.waiting()).toEqual(['wang'])
  })
})

describe('the drawn path', () => {
  const definition = steps(
    approve('group', '考核小组', { by: group('group'), items: true }),
    when<Condition>({ field: 'level', is: '四级' }, [approve('board', '委员会', { by: role('board') })]),
    approve('office', '医务处', { by: role('office'), mode: 'inOrder' }),
    notify('applicant'),
  )
  const draw = (story: Story): string[] =>
    describePath(definition, story.state, environment(story.world)).map((x) => `${x.key} ${x.state} ${x.waitsFor.join()}`.trim())

  test('before submission it tells who will decide', () => {
    const path = describePath(definition, { applicant: 'doctor' }, environment(trio({ fields: { level: '四级' } })))
    expect(path.map((x) => [x.label, x.state, x.people.map((p) => p.person).join()])).toEqual([
      ['提交申请', 'current', 'doctor'],
      ['考核小组', 'future', 'li,wang,zhao'],
      ['委员会', 'future', 'admin'],
      ['医务处', 'future', 'ofc'],
      ['知会', 'future', 'doctor'],
    ])
  })

  test('on the way and at the end it tells what was, where it is, and whom it waits for', () => {
    const story = Story.submitted(definition, trio({ roles: { group: ['li'], office: ['ofc', 'ofc2'] } }))
    expect(draw(story)).toEqual(['start done', 'group current li', 'board skipped', 'office future', 'steps.3 future'])
    story.approve('li')
    expect(draw(story)).toEqual(['start done', 'group done', 'board skipped', 'office current ofc', 'steps.3 future'])
    story.approve('ofc', 'ofc2')
    expect(draw(story)).toEqual(['start done', 'group done', 'board skipped', 'office done', 'steps.3 done'])
    const returned = Story.submitted(definition, trio()).act('li', { kind: 'return', opinion: 'x' })
    expect(draw(returned)).toEqual(['start current doctor', 'group future', 'board skipped', 'office future', 'steps.3 future'])
    const refused = Story.submitted(definition, trio()).act('li', { kind: 'reject', opinion: 'x' })
    expect(draw(refused)).toEqual(['start done', 'group done', 'board skipped', 'office notReached', 'steps.3 notReached'])
  })
})

test('a right definition has no problems', () => expect(prove(one())).toEqual([]))
