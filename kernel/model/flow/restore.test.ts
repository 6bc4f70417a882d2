import { describe, expect, test } from 'vitest'
import type { Verdict } from './index.ts'
import { approve, flow, people, role } from './index.ts'
import type { Condition } from './testing.ts'
import { Story, world } from './testing.ts'
import { restores } from './testing-restore.ts'

const flowOf = (...steps: Parameters<typeof flow<Condition>>[1]['steps']) =>
  flow<Condition>('test.restore', { label: 'test', items: 'rows', steps })
/** An act and its taking back, in whatever hands it lies. */
const back = (story: Story, actor: string, undo: string): Story => {
  story.act(actor, { kind: 'takeBack', undo })
  restores(story, undo)
  return story
}

describe('what random histories have found', () => {
  test('an edit asks nobody again who waits at the step anyway, and nobody who has only added or handed on', () => {
    const definition = flowOf(
      approve('first', 'first', { by: people('li'), mayEdit: ['level'] }),
      approve('then', 'then', { by: people('li', 'wang'), mode: 'inOrder', mayEdit: ['level'], onEdit: 'askAgain' }),
    )
    const story = Story.submitted(definition, world({ after: 2 }))
    story.approve('li').act('li', { kind: 'addApprover', people: ['zhao'], where: 'before' })
    story.act('zhao', { kind: 'approve', edits: ['level'], actId: 'z' })
    expect(story.state.entries[0]?.added.map((one) => one.person)).toEqual(['zhao'])
    back(story, 'zhao', 'z')
    expect(story.waiting()).toEqual(['zhao'])

    const added = Story.submitted(
      flowOf(
        approve('first', 'first', { by: people('wang', 'sun'), mode: 'allOf' }),
        approve('then', 'then', { by: people('qian'), mayEdit: ['level'], onEdit: 'askAgain' }),
      ),
      world({ after: 2 }),
    )
    added
      .act('wang', { kind: 'transfer', to: 'zhao' })
      .approve('zhao', 'sun')
      .act('qian', { kind: 'approve', edits: ['level'] })
    expect(added.waiting()).toEqual(['zhao', 'sun'])
  })

  test('what had been settled before the word that is taken back stays settled, and nobody is asked about it', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('li', 'wang'), mode: 'allOf', items: true })), world())
    story.items('li', { b: { say: 'pass', supervisedCases: 3 } }).items('wang', { b: { say: 'pass' } })
    expect(story.lines()).toEqual({ a: 'open', b: 'conditional', c: 'open' })
    story.act('li', { kind: 'addApprover', people: ['zhao'], where: 'parallel' })
    story.approve('zhao', 'wang').act('li', { kind: 'approve', actId: 'l' })
    expect(story.state.status).toBe('approved')

    const open = Story.submitted(
      flowOf(approve('s', 's', { by: people('li', 'wang'), mode: 'allOf', items: true }), approve('t', 't', { by: people('sun') })),
      world(),
    )
    open.items('li', { b: { say: 'pass', supervisedCases: 3 } }).items('wang', { b: { say: 'pass' } })
    open.act('li', { kind: 'addApprover', people: ['zhao'], where: 'parallel' })
    open.approve('zhao', 'wang').act('li', { kind: 'approve', actId: 'l' })
    expect(open.waiting()).toEqual(['sun'])
    back(open, 'li', 'l')
    expect(open.lines()).toEqual({ a: 'open', b: 'conditional', c: 'open' })
    expect(open.waiting()).toEqual(['li'])
  })

  test('whoever was asked in nobody’s place and waits for somebody he asked waits again when that word is taken back', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people(), mode: 'allOf' })), world())
    story.act('admin', { kind: 'addApprover', people: ['sun'], where: 'before' }).act('sun', { kind: 'approve', actId: 's' })
    expect(story.waiting()).toEqual(['admin'])
    expect(back(story, 'sun', 's').waiting()).toEqual(['sun'])
    expect(story.approve('sun', 'admin').state.status).toBe('approved')
  })

  test('whom an earlier word has spared is not asked when a later one is taken back', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('qian', 'li'), mode: 'anyOf' })), world())
    story.act('qian', { kind: 'addApprover', people: ['wang'], where: 'after' })
    story.act('li', { kind: 'addApprover', people: ['zhao'], where: 'parallel' }).approve('qian')
    expect(story.waiting()).toEqual(['wang'])
    story.act('wang', { kind: 'addApprover', people: ['li'], where: 'parallel' }).act('li', { kind: 'approve', actId: 'l' })
    expect(back(story, 'li', 'l').waiting()).toEqual(['wang', 'li'])
    expect(story.approve('li', 'wang').state.status).toBe('approved')
  })

  test('the first word of a 或签 asks nobody any more who waits beside it, not even for a moment', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('qian', 'li'), mode: 'anyOf' })), world())
    story.act('qian', { kind: 'addApprover', people: ['wang'], where: 'after' })
    story.act('li', { kind: 'addApprover', people: ['zhao'], where: 'before' })
    const opened = story.find('taskOpened').length
    story.act('qian', { kind: 'approve', actId: 'q' })
    expect(story.find('taskOpened').slice(opened).map((one) => one.task.person)).toEqual(['wang']) // prettier-ignore
    expect(back(story, 'qian', 'q').waiting()).toEqual(['qian', 'zhao'])
    expect(story.approve('zhao').waiting()).toEqual(['qian', 'li'])
  })

  test('in an order, whose turn came by the word of somebody added waits for his turn again', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('li', 'wang'), mode: 'inOrder' })), world())
    story.act('li', { kind: 'addApprover', people: ['zhao'], where: 'before' })
    story.world.left = ['li']
    story.reresolve().act('zhao', { kind: 'approve', actId: 'z' })
    expect(story.waiting()).toEqual(['wang'])
    expect(back(story, 'zhao', 'z').waiting()).toEqual(['zhao'])
    expect(story.state.entries[0]?.queue.map((one) => one.person)).toEqual(['wang'])
  })

  test('who has lost his part and takes away whom he added leaves nobody waiting for his consent', () => {
    const story = Story.submitted(
      flowOf(approve('s', 's', { by: role('office'), mode: 'allOf' })),
      world({ roles: { office: ['sun', 'wang'] } }),
    )
    story.act('sun', { kind: 'addApprover', people: ['li'], where: 'before' })
    story.act('li', { kind: 'addApprover', people: ['zhao'], where: 'after' })
    story.world.roles['office'] = ['wang']
    story.reresolve().act('sun', { kind: 'removeApprover', person: 'li' })
    expect(story.waiting()).toEqual(['wang'])
    expect(story.approve('wang').state.status).toBe('approved')
  })

  test('who takes back a word on one line while he waits for somebody about the others goes on waiting', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('sun'), mode: 'allOf', items: true })), world())
    story.act('sun', { kind: 'decideItems', verdicts: { a: { say: 'pass' } }, actId: 'a' })
    story.act('sun', { kind: 'addApprover', people: ['li'], where: 'before' }).act('sun', { kind: 'takeBack', undo: 'a' })
    expect(story.waiting()).toEqual(['li'])
    story.act('li', { kind: 'approve', actId: 'l' })
    expect(story.waiting()).toEqual(['sun'])
    expect(back(story, 'li', 'l').waiting()).toEqual(['li'])
    expect(story.approve('li', 'sun').lines()).toEqual({ a: 'passed', b: 'passed', c: 'passed' })
  })

  test('a task whose new holder has left does not go back to who waits at the step for somebody he asked', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('zhao', 'li'), mode: 'allOf' })), world())
    story.act('zhao', { kind: 'transfer', to: 'sun' }).act('li', { kind: 'addApprover', people: ['zhao'], where: 'parallel' })
    story.act('zhao', { kind: 'addApprover', people: ['qian'], where: 'before' })
    story.world.left = ['sun']
    expect(story.reresolve().waiting()).toEqual(['li', 'qian'])
    expect(story.approve('qian', 'zhao', 'li').state.status).toBe('approved')
  })

  test('a refusal that ended another’s part, and let those follow whom he wanted asked after him, is taken back with all of that', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('wang', 'zhao'), mode: 'inOrder', items: true })), world())
    story.act('wang', { kind: 'addApprover', people: ['sun'], where: 'parallel' }).items('wang', { a: { say: 'pass' } })
    story.act('wang', { kind: 'addApprover', people: ['qian'], where: 'after' })
    const no: Verdict = { say: 'refuse', reason: 'r' }
    story.act('sun', { kind: 'decideItems', verdicts: { a: { say: 'pass' }, b: no, c: no }, actId: 's' })
    expect(story.waiting()).toEqual(['qian'])
    expect(back(story, 'sun', 's').waiting()).toEqual(['wang', 'sun'])
    expect(story.approve('sun', 'wang', 'qian').waiting()).toEqual(['zhao'])
  })

  test('a vote that ends after the minutes of a meeting settled another line is taken back with those who advised', () => {
    const vote = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const acts = ['approve', 'decideItems', 'addApprover', 'takeBack'] as const
    const committee = approve('s', 's', { by: people('li'), mode: vote, items: true, acts, meeting: { recorder: people('rec') } })
    const story = Story.submitted(flowOf(committee, approve('t', 't', { by: people('sun') })), world())
    story.act('li', { kind: 'addApprover', people: ['wang'], where: 'parallel' })
    const line = { item: 'b', recused: [], for: 1, against: 0, abstain: 0, result: { say: 'pass' } }
    const meeting = { date: '2026-03-01', members: ['li'], present: ['li'], scan: 'f', lines: [line] }
    story.act('rec', { kind: 'enterMinutes', step: 's', meeting }).act('li', { kind: 'approve', actId: 'l' })
    expect(story.waiting()).toEqual(['sun'])
    expect(back(story, 'li', 'l').waiting()).toEqual(['li', 'wang'])
  })

  test('who is to follow a consent is not asked while its author, who has spoken on a part, waits for somebody he asked', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('sun', 'qian'), mode: 'inOrder', items: true })), world())
    story.act('sun', { kind: 'addApprover', people: ['wang'], where: 'after' }).approve('sun')
    story.act('wang', { kind: 'addApprover', people: ['zhao'], where: 'after' }).items('wang', { a: { say: 'pass' } })
    story.act('wang', { kind: 'addApprover', people: ['li'], where: 'before' }).act('li', { kind: 'approve', actId: 'l' })
    expect(story.waiting()).toEqual(['wang'])
    expect(back(story, 'li', 'l').waiting()).toEqual(['li'])
    expect(story.approve('li').waiting()).toEqual(['wang'])
    expect(story.approve('wang').waiting()).toEqual(['zhao'])
    expect(story.approve('zhao', 'qian').state.status).toBe('approved')

    // Another's word at the step does not call him either.
    const all = Story.submitted(flowOf(approve('s', 's', { by: people('sun', 'qian'), mode: 'allOf', items: true })), world())
    all.act('sun', { kind: 'addApprover', people: ['zhao'], where: 'after' }).items('sun', { a: { say: 'pass' } })
    all.act('sun', { kind: 'addApprover', people: ['li'], where: 'before' }).approve('qian')
    expect(all.waiting()).toEqual(['li'])
    expect([all.approve('li').waiting(), all.approve('sun').waiting()]).toEqual([['sun'], ['zhao']])
  })

  test('who got his task back because another’s no had ended the part of whom he asked waits for that one again', () => {
    const story = Story.submitted(flowOf(approve('s', 's', { by: people('sun'), mode: 'allOf', items: true })), world())
    story.act('sun', { kind: 'addApprover', people: ['wang'], where: 'parallel' })
    story.act('sun', { kind: 'addApprover', people: ['li'], where: 'before' })
    story.items('li', { b: { say: 'pass' }, c: { say: 'pass' } })
    story.act('wang', { kind: 'decideItems', verdicts: { a: { say: 'return', reason: 'r' } }, actId: 'w' })
    expect(story.waiting()).toEqual(['wang', 'sun'])
    expect(back(story, 'wang', 'w').waiting()).toEqual(['wang', 'li'])
    // He waits for the one he asked, not for the one whose word was taken back.
    expect(story.approve('wang').waiting()).toEqual(['li'])
    expect(story.approve('li').waiting()).toEqual(['sun'])
    expect(story.approve('sun').state.status).toBe('approved')
  })

  test('in an order that the directory filled anew, whose turn came by a word waits for his turn again, had he once asked somebody or not', () => {
    const definition = flowOf(approve('s', 's', { by: role('office'), mode: 'inOrder', onNobody: 'administrator' }))
    const story = Story.submitted(definition, world({ roles: { office: ['zhao'] }, administrators: [] }))
    story.act('zhao', { kind: 'delegateTask', to: 'chen' }).approve('chen')
    story.world.left = ['zhao']
    expect(story.reresolve().state.entries[0]?.stuck).toBe('nobodyFound')
    Object.assign(story.world, { left: [], roles: { office: ['li', 'zhao'] } })
    story.reresolve().act('li', { kind: 'approve', actId: 'l' })
    expect(story.waiting()).toEqual(['zhao'])
    expect(back(story, 'li', 'l').waiting()).toEqual(['li'])
    expect(story.state.entries[0]).toMatchObject({ queue: [{ person: 'zhao' }], held: [] })
    expect(story.approve('li', 'zhao').state.status).toBe('approved')
  })
})
