import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Step } from './index.ts'
import { approve, flow, group, role } from './index.ts'
import type { Condition, World } from './testing.ts'
import { Story, world } from './testing.ts'

const step = (options: Partial<Approve> = {}, id = 'group'): Approve => approve(id, id, { by: group(id), ...options })
const whole = (...steps: Step<Condition>[]): Flow<Condition> => flow<Condition>('hr.leave', { label: '请假', steps })
const next = step({}, 'office')
const trio = (change: Partial<World> = {}): World =>
  world({ roles: { group: ['li', 'wang', 'zhao'], office: ['ofc'] }, superiors: { li: ['chief'] }, ...change })
const open = (definition: Flow<Condition>, change: Partial<World> = {}): Story => Story.submitted(definition, trio(change))
const cancelled = (story: Story, cause: string): (string | undefined)[] =>
  story
    .find('taskCancelled')
    .flatMap((one) => (one.cause === cause ? [story.state.tasks.find((task) => task.id === one.task)?.person] : []))

describe('W1 to W4: modes', () => {
  test('W1 allOf needs everybody; when one refuses the open tasks of the others are gone at once', () => {
    const story = open(whole(step({ mode: 'allOf' }), next)).approve('li')
    expect(story.waiting()).toEqual(['wang', 'zhao'])
    story.act('wang', { kind: 'reject', opinion: '不同意' })
    expect([story.state.status, cancelled(story, 'stepSettled')]).toEqual(['refused', ['zhao']])
  })

  test('W1 allOf: when one returns the open tasks of the others are gone at once', () => {
    const story = open(whole(step({ mode: 'allOf' }), next)).act('li', { kind: 'return', opinion: '请补' })
    expect([story.waiting(), cancelled(story, 'returned')]).toEqual([['doctor'], ['wang', 'zhao']])
    expect(story.refused('wang', { kind: 'approve' })).toBe('taskClosed')
  })

  test('W2 inOrder: a member who has left is passed over aloud and never blocks, whether waiting or being asked', () => {
    const story = open(whole(step({ mode: 'inOrder' }), next))
    story.world.left = ['li', 'wang']
    expect(story.reresolve().waiting()).toEqual(['zhao'])
    expect(story.find('routed').map((one) => [one.person, one.why])).toContainEqual(['li', 'inactive'])
    expect(story.approve('zhao').waiting()).toEqual(['ofc'])
  })

  test('W3 anyOf: of two decisions in the same moment one wins, the other is told who has decided', () => {
    const story = open(whole(step(), next))
    const late = story.state.tasks.find((task) => task.person === 'wang')?.id
    story.approve('li')
    const second = story.try('wang', { kind: 'approve', task: late })
    expect(second).toMatchObject({ ok: false, refusal: { code: 'taskClosed', detail: { cause: 'decidedByOther', by: 'li' } } })
    expect(story.state.chain.filter((one) => one.step === 'group')).toHaveLength(1)
  })

  test('W4 vote: ends as soon as the rest cannot change it, and a tie refuses', () => {
    const vote = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const story = open(whole(step({ mode: vote }), next)).approve('li', 'wang')
    expect([story.waiting(), cancelled(story, 'stepSettled')]).toEqual([['ofc'], ['zhao']])
    const tie = open(whole(step({ mode: vote })), { roles: { group: ['li', 'wang'] } }).approve('li')
    expect(tie.act('wang', { kind: 'reject', opinion: '反对' }).state.status).toBe('refused')
  })
})

describe('W5 W6: added approvers', () => {
  const add = (story: Story, where: string, people: string[], by = 'li'): Story => story.act(by, { kind: 'addApprover', people, where })

  test('W5 added before: they decide first, then it comes back to the holder, who decides in the end', () => {
    const story = add(open(whole(step(), next), { roles: { group: ['li'], office: ['ofc'] } }), 'before', ['sun', 'qian'])
    expect(story.waiting()).toEqual(['sun', 'qian'])
    expect(story.approve('sun').waiting()).toEqual(['qian'])
    expect(story.approve('qian').waiting()).toEqual(['li'])
    expect(story.approve('li').waiting()).toEqual(['ofc'])
  })

  test('W5 added parallel and after: the step needs their consent besides, and their no is a no', () => {
    const beside = add(open(whole(step({ mode: 'allOf' }), next)), 'parallel', ['sun']).approve('li', 'wang', 'zhao')
    expect(beside.waiting()).toEqual(['sun'])
    expect(beside.approve('sun').waiting()).toEqual(['ofc'])
    const after = add(open(whole(step(), next)), 'after', ['sun']).approve('li')
    expect(after.waiting()).toEqual(['sun'])
    expect(after.act('sun', { kind: 'reject', opinion: '不同意' }).state.status).toBe('refused')
  })

  test('W5 under anyOf another member decides without those whom a colleague added', () => {
    const story = add(open(whole(step(), next)), 'before', ['sun']).approve('wang')
    expect([story.waiting(), story.refused('sun', { kind: 'approve' })]).toEqual([['ofc'], 'taskClosed'])
  })

  test('W5 the applicant, leavers and people of the step cannot be added; in a vote they advise and have no vote', () => {
    const story = open(whole(step({ mode: 'allOf' })), { left: ['gone'] })
    const to = (person: string): string => story.refused('li', { kind: 'addApprover', people: [person], where: 'parallel' })
    expect([to('doctor'), to('gone'), to('wang')]).toEqual(['addedApplicant', 'personInactive', 'addedInStep'])
    expect(story.refused('li', { kind: 'addApprover', people: [], where: 'before' })).toBe('noPeople')
    const mode = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const vote = open(whole(step({ mode, acts: ['approve', 'reject', 'addApprover'] }), next))
    expect(vote.refused('li', { kind: 'addApprover', people: ['sun'], where: 'after' })).toBe('addAfterInVote')
    add(vote, 'parallel', ['sun']).approve('sun', 'li')
    expect(vote.waiting()).toEqual(['wang', 'zhao'])
    expect(vote.state.chain.find((one) => one.person === 'sun')).toMatchObject({ verdicts: {}, advice: { '*': { say: 'pass' } } })
  })

  test('W6 removing the last one who is waited for ends the step; only by who added him, and not after he acted', () => {
    const story = add(open(whole(step({ mode: 'allOf' }), next)), 'parallel', ['sun', 'qian']).approve('wang', 'zhao', 'sun')
    expect(story.refused('wang', { kind: 'removeApprover', person: 'qian' })).toBe('notAdded')
    expect(story.refused('li', { kind: 'removeApprover', person: 'sun' })).toBe('notAdded')
    story.act('li', { kind: 'removeApprover', person: 'qian' })
    expect([story.waiting(), cancelled(story, 'removed')]).toEqual([['li'], ['qian']])
    const last = add(open(whole(step(), next), { roles: { group: ['li'], office: ['ofc'] } }), 'after', ['sun']).approve('li')
    expect(last.act('li', { kind: 'removeApprover', person: 'sun' }).waiting()).toEqual(['ofc'])
  })

  test('W6 removing one added before gives the task back to the holder', () => {
    const story = add(open(whole(step(), next)), 'before', ['sun'])
    expect(story.act('li', { kind: 'removeApprover', person: 'sun' }).waiting()).toContain('li')
  })
})

describe('W7 W8: handing on', () => {
  test('W7 transfer goes to nobody who is in the step already, also not to one who is added or waits his turn', () => {
    const story = open(whole(step({ mode: 'inOrder' }), next))
    expect(story.refused('li', { kind: 'transfer', to: 'zhao' })).toBe('transferToInStep')
    story.act('li', { kind: 'addApprover', people: ['sun'], where: 'after' })
    expect(story.refused('li', { kind: 'transfer', to: 'sun' })).toBe('transferToInStep')
    story.act('li', { kind: 'transfer', to: 'qian' }).approve('qian')
    expect(story.waiting()).toEqual(['sun'])
    expect(story.state.tasks.find((task) => task.person === 'qian')).toMatchObject({ via: 'transfer', insteadOf: 'li' })
    expect(story.state.chain.map((one) => [one.act, one.person])).toContainEqual(['transfer', 'li'])
  })

  test('W8 a delegated task comes back to the holder, and only his word counts', () => {
    const story = open(whole(step(), next), { roles: { group: ['li'], office: ['ofc'] } })
    story.act('li', { kind: 'delegateTask', to: 'sun' })
    expect([story.waiting(), story.refused('li', { kind: 'approve' })]).toEqual([['sun'], 'taskClosed'])
    expect(story.refused('sun', { kind: 'return', opinion: 'x' })).toBe('actNotAllowed')
    story.act('sun', { kind: 'reject', opinion: '我看不行' })
    expect(story.waiting()).toEqual(['li'])
    expect(story.approve('li').waiting()).toEqual(['ofc'])
  })

  test('W8 when the one it was delegated to leaves, the holder has it again', () => {
    const story = open(whole(step({ mode: 'allOf' }))).act('li', { kind: 'delegateTask', to: 'sun' })
    story.world.left = ['sun']
    expect(story.reresolve().waiting()).toEqual(['wang', 'zhao', 'li'])
  })
})

test('W5 a role that is asked after all consent is asked once', () => {
  const story = open(whole(step({ mode: 'allOf', by: [role('group')] }), next)).act('li', {
    kind: 'addApprover',
    people: ['sun'],
    where: 'after',
  })
  expect(story.approve('wang', 'zhao', 'li', 'sun').waiting()).toEqual(['ofc'])
})

test('W5 whom another had asked is not waited for when he himself is asked after the first word', () => {
  const story = open(whole(step({ mode: 'anyOf' })))
  story
    .act('li', { kind: 'addApprover', people: ['sun'], where: 'parallel' })
    .act('wang', { kind: 'addApprover', people: ['qian'], where: 'after' })
  story.approve('wang').act('qian', { kind: 'addApprover', people: ['li'], where: 'before' })
  expect(story.approve('li').waiting()).toEqual(['qian'])
  expect(story.approve('qian').state.status).toBe('approved')
})

test('W5 nor when the task of one who was asked is handed to him', () => {
  const story = open(whole(step({ mode: 'anyOf' })))
  story
    .act('li', { kind: 'addApprover', people: ['sun'], where: 'parallel' })
    .act('sun', { kind: 'addApprover', people: ['chen'], where: 'after' })
  story
    .act('wang', { kind: 'addApprover', people: ['qian'], where: 'parallel' })
    .approve('wang')
    .act('qian', { kind: 'transfer', to: 'li' })
  expect(story.approve('li').state.status).toBe('approved')
})

test('W5 who waits for those he asked and leaves meanwhile takes with him whom he wanted asked after his consent', () => {
  const story = open(whole(step({ mode: 'allOf' })))
  story.act('li', { kind: 'addApprover', people: ['sun'], where: 'parallel' })
  story
    .act('sun', { kind: 'addApprover', people: ['chen'], where: 'after' })
    .act('sun', { kind: 'addApprover', people: ['qian'], where: 'before' })
  story.world.left = ['sun']
  expect(story.approve('qian', 'li', 'wang', 'zhao').state.status).toBe('approved')
})
