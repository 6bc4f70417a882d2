import { expect, test } from 'vitest'
import type { Approve, Step, VoteRule } from './index.ts'
import {
  admission,
  approve,
  autoApprove,
  byRule,
  chosenAt,
  earlier,
  escalate,
  fill,
  flow,
  formField,
  group,
  naturalDays,
  notify,
  parallel,
  passTo,
  people,
  post,
  prove,
  role,
  seal,
  service,
  timer,
  upper,
  upperChain,
  when,
  workingHours,
} from './index.ts'

type Condition = { field: string }
const known = {
  isRole: (name: string) => name === 'office',
  isPost: () => false,
  isGroup: () => false,
  isField: (name: string) => name === 'level' || name === 'rows',
  isService: () => false,
  isEffect: () => false,
  checkCondition: ({ field }: Condition) => (field === 'gone' ? ['没有这个字段：gone'] : []),
}
const codes = (...steps: Step<Condition>[]): string[] =>
  prove<Condition>(flow<Condition>('a.b', { label: 'b', steps }), known).map((one) => `${one.path} ${one.code}`)
const step = (options: Partial<Approve> = {}, id = 'x'): Approve => approve(id, '审批', { by: role('office'), ...options })
const vote: VoteRule = { quorum: [2, 3], share: { moreThan: [1, 2] }, tie: 'refuse' }

test('a flow with nobody to decide, or an unknown one, is refused with its place', () => {
  expect(codes()).toEqual(['steps noDecider'])
  expect(codes(step({ by: [] }))).toEqual(['steps.0 noDecider'])
  expect(
    codes(step({ by: [people(), role('no'), post('no'), group('no'), formField('no'), upper(0), earlier('later')] })).map(
      (one) => one.split(' ')[1],
    ),
  ).toEqual(['noDecider', 'unknownRole', 'unknownPost', 'unknownGroup', 'unknownField', 'badLevel', 'notEarlier'])
  expect(codes(step(), notify(role('no')), service('s', 'no'))).toEqual(['steps.1.who unknownRole', 'steps.2 unknownService'])
})

test('step names are unique and plain', () => {
  expect(codes(step(), step())).toEqual(['steps.1 duplicateId'])
  expect(codes(step({}, '1#'))).toEqual(['steps.0 badId'])
})

test('a branch nobody can reach and a condition on an unknown field are marked', () => {
  const condition = { field: 'level' }
  expect(codes(when(condition, [step(), when(condition, [], [step({}, 'never')])]))).toEqual(['steps.0.then.1 unreachable'])
  expect(codes(when({ field: 'gone' }, [step()]))).toEqual(['steps.0 badCondition'])
  expect(codes(step(), when(condition, []))).toEqual(['steps.1 emptyBranch'])
})

test('a line is returned only to a step that was surely passed, never into a sibling branch', () => {
  const back = (id: string): Approve => step({ returnTo: { step: id } }, 'y')
  expect(codes(step(), when({ field: 'level' }, [back('x')]))).toEqual([])
  expect(codes(when({ field: 'level' }, [step()], [back('x')]))).toEqual(['steps.0.otherwise.0.returnTo notOnPath'])
  expect(codes(when({ field: 'level' }, [step()]), back('x'))).toEqual(['steps.1.returnTo notOnPath'])
  expect(codes(when({ field: 'level' }, [step()]), step({ by: [earlier('x')] }, 'y'))).toEqual([])
  expect(codes(when({ field: 'level' }, [step()], [step({ by: [earlier('x')] }, 'y')]))).toEqual(['steps.0.otherwise.0.by.0 notOnPath'])
})

test('a step that cannot be decided is refused', () => {
  expect(codes(step({ acts: ['reject'] }))).toEqual(['steps.0 undecidable'])
  expect(codes(step({ acts: ['decideItems'] }))).toEqual(['steps.0 undecidable'])
  expect(codes(step({ hide: ['level'], require: ['level'] }))).toEqual(['steps.0 undecidable'])
  expect(codes(step({ hide: ['rows'], require: ['rows.column'] }))).toEqual(['steps.0 undecidable'])
  expect(codes(step({ items: true }))).toEqual(['steps.0 noItems'])
  expect(codes(step({ limit: workingHours(0) }))).toEqual(['steps.0 badLimit'])
  expect(codes(step({ returnTo: { step: 'x' } }))).toEqual(['steps.0.returnTo notEarlier'])
})

test('a vote has sane thresholds and nobody votes for another', () => {
  const bad = (change: Partial<VoteRule>, options: Partial<Approve> = {}): number =>
    codes(step({ mode: { vote: { ...vote, ...change } }, ...options })).length
  expect(bad({})).toBe(0)
  expect([bad({ quorum: [3, 2] }), bad({ share: { moreThan: [1, 1] } }), bad({ tie: 'chair' }), bad({ weights: { li: 0 } })]).toEqual([
    1, 1, 1, 1,
  ])
  expect([bad({}, { onApplicant: 'pass' }), bad({}, { onNobody: 'superior' }), bad({}, { acts: ['approve', 'transfer'] })]).toEqual([
    1, 1, 1,
  ])
  expect(bad({ weights: { li: 2 } }, { meeting: { recorder: role('office') } })).toBe(1)
  expect(codes(step({ meeting: { recorder: role('office') } }))).toEqual(['steps.0 badVote'])
})

test('a way without an exit is marked: nothing to do, or nothing but to return', () => {
  expect(codes(step({ acts: [] }))).toEqual(['steps.0 deadEnd'])
  expect(codes(step({ acts: ['copyTo', 'transfer'] }))).toEqual(['steps.0 deadEnd'])
  expect(codes(step(), step({ acts: ['return'], returnTo: { step: 'x' } }, 'y'))).toEqual(['steps.1 circle'])
  expect(codes(seal('s', '盖章', { by: role('office'), seal: '院章', acts: ['approve'] }))).toEqual(['steps.0 undecidable'])
})

test('branches: two or more and none empty; nothing points into a branch beside; lines return to the applicant from a branch', () => {
  const two = (one: Step<Condition>[], other: Step<Condition>[], ...rest: Step<Condition>[]): string[] =>
    codes(parallel('p', [one, other]), ...rest)
  expect(two([step()], [step({}, 'y')])).toEqual([])
  expect(two([step()], [])).toEqual(['steps.0.branches.1 emptyBranch'])
  expect(codes(parallel('p', [[step()]]))).toEqual(['steps.0 emptyBranch'])
  expect(two([step()], [step({ returnTo: { step: 'x' } }, 'y')])).toEqual(['steps.0.branches.1.0.returnTo siblingBranch'])
  expect(two([step()], [step({ by: [earlier('x')] }, 'y')])).toEqual(['steps.0.branches.1.0.by.0 siblingBranch'])
  expect(two([step()], [step({}, 'y')], step({ returnTo: { step: 'x' } }, 'z'))).toEqual([])
  expect(two([step()], [step({}, 'p')])).toEqual(['steps.0.branches.1.0 duplicateId'])
  expect(codes(parallel('p', [[step()], [step({}, 'y')]], { reconcile: role('no') }))).toEqual(['steps.0.reconcile unknownRole'])
})

test('lines: into a joined branch goes only the whole request, and narrowings without a declared order are refused', () => {
  const lined = (...steps: Step<Condition>[]): string[] =>
    prove(flow<Condition>('a.b', { label: 'b', steps, items: { rows: 'rows', narrow: 'degree' } }), {
      ...known,
      isOrdered: (_, field) => field !== 'degree',
    }).map((one) => `${one.path} ${one.code}`)
  const fork = parallel<Condition>('p', [[step({ items: true })], [step({ items: true }, 'y')]])
  expect(lined(fork)).toEqual(['steps.0 incomparable'])
  const single = parallel<Condition>('p', [[step({ items: true })], [step({}, 'y')]])
  expect(lined(single, step({ items: true, returnTo: { step: 'y' } }, 'z'))).toEqual(['steps.1.returnTo notOnPath'])
  const inner = parallel<Condition>('p', [[step({}, 'y'), step({ items: true, returnTo: { step: 'y' } }, 'w')], [step()]])
  expect(lined(inner)).toEqual(['steps.0.branches.0.1.returnTo inBranch'])
})

test('sections, seals, timers, claims and chains say what they need', () => {
  expect(codes(fill('f', '填写', { by: role('office'), mayEdit: [] }))).toEqual(['steps.0 undecidable'])
  expect(codes(fill('f', '填写', { by: role('office'), mayEdit: ['level'], require: ['rows'] }))).toEqual(['steps.0 undecidable'])
  expect(codes(step(), timer('t', '公示', { field: 'no' }), timer('u', '等', naturalDays(0)))).toEqual([
    'steps.1.until unknownField',
    'steps.2.until badLimit',
  ])
  expect(codes(step({ claim: true, mode: 'allOf' }))).toEqual(['steps.0 badMode'])
  expect(codes(step({ by: [upperChain(3)] }))).toEqual(['steps.0 badMode'])
  expect(codes(step({ by: [upperChain(3)], mode: 'inOrder' }))).toEqual([])
  expect(codes(step(), step({ by: [chosenAt('x')] }, 'y'), step({ by: [chosenAt('later')] }, 'z'))).toEqual(['steps.2.by.0 notEarlier'])
  expect(codes(service('s', 'no', { attempts: 0 }), step())).toEqual(['steps.0 unknownService', 'steps.0 badRetry'])
})

test('time: a limit, known cards, known people above; before it is due only reminders; no vote by silence', () => {
  const rules = { ...known, isRule: (name: string) => name === 'a.b' }
  const at = (options: Partial<Approve>): string[] =>
    prove<Condition>(flow<Condition>('a.b', { label: 'b', steps: [step(options)] }), rules).map((one) => `${one.path} ${one.code}`)
  expect([at({ limit: byRule('a.b') }), at({ limit: byRule('no.no') })]).toEqual([[], ['steps.0 unknownRule']])
  expect(at({ onTimeout: [escalate(upper(1))] })).toEqual(['steps.0 badLimit'])
  expect(at({ limit: workingHours(4), onTimeout: [passTo(upper(0))] })).toEqual(['steps.0.onTimeout badLevel'])
  expect(at({ limit: workingHours(4), onTimeout: [passTo(upper(1), workingHours(-1))] })).toEqual(['steps.0.onTimeout badLimit'])
  const voting = step({ mode: { vote }, acts: ['approve'], onApplicant: 'recuse', limit: workingHours(4), onTimeout: [passTo(upper(1))] })
  expect(codes(voting)).toEqual(['steps.0.onTimeout badVote'])
})

test('conditions of admission name known rules, fields and columns, and nothing consents by itself beside them', () => {
  const rules = { ...known, isRule: (name: string) => name.startsWith('a.'), checkLines: (_: string, { field }: Condition) => (field === 'level' ? [] : ['没有这一列']) } // prettier-ignore
  const by = { rule: 'a.b', asOf: 'decision' } as const
  const of = (one: Partial<Parameters<typeof admission<Condition>>[2]>, options: Partial<Approve> = {}, items = true): string[] =>
    prove<Condition>(
      flow<Condition>('a.b', {
        label: 'b',
        steps: [step(options)],
        ...(items ? { items: 'rows' } : {}),
        admissions: [admission('x', '职称', { by, fact: 'level', ...one })],
      }),
      rules,
    ).map((one) => `${one.path} ${one.code}`)
  expect(of({ lines: { field: 'level' }, explain: 'a.explain', block: 'a.block' })).toEqual([])
  expect(of({ by: { rule: 'no.no', asOf: 'start' } })).toEqual(['admissions.0 unknownRule'])
  expect(of({ explain: 'a.c.explain' })).toEqual(['admissions.0 otherRule'])
  expect(of({ fact: 'no' })).toEqual(['admissions.0.fact unknownField'])
  expect(of({ lines: { field: 'no' } })).toEqual(['admissions.0.lines badCondition'])
  expect(of({ lines: { field: 'level' } }, {}, false)).toEqual(['admissions.0.lines noItems'])
  expect(of({}, { limit: workingHours(4), onTimeout: [autoApprove()] })).toEqual(['admissions unlooked'])
  expect(of({}, { onApplicant: 'pass' })).toEqual(['admissions unlooked'])
})
