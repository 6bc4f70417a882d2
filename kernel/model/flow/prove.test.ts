import { expect, test } from 'vitest'
import type { Approve, Step, VoteRule } from './index.ts'
import { approve, earlier, flow, formField, group, notify, people, post, prove, role, service, upper, when, workingHours } from './index.ts'

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
  expect(codes(when({ field: 'level' }, [step()], [step({ by: [earlier('x')] }, 'y')]))).toEqual(['steps.0.otherwise.0.by notOnPath'])
})

test('a step that cannot be decided is refused', () => {
  expect(codes(step({ acts: ['reject'] }))).toEqual(['steps.0 undecidable'])
  expect(codes(step({ acts: ['decideItems'] }))).toEqual(['steps.0 undecidable'])
  expect(codes(step({ hide: ['level'], require: ['level'] }))).toEqual(['steps.0 undecidable'])
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
