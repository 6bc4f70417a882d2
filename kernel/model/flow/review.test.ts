import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Step } from './index.ts'
import { approve, fill, flow, group, jumpTargets, naturalDays, parallel, people, remind, service, timer } from './index.ts'
import type { Condition, World } from './testing.ts'
import { later, Story, world } from './testing.ts'

const step = (options: Partial<Approve> = {}, id = 'group'): Approve => approve(id, id, { by: group(id), ...options })
const whole = (...steps: Step<Condition>[]): Flow<Condition> => flow<Condition>('hr.leave', { label: '请假', steps })
const roles = { group: ['li'], office: ['ofc'] }
const open = (definition: Flow<Condition>, change: Partial<World> = {}): Story =>
  Story.submitted(definition, world({ roles: { ...roles }, ...change }))

describe('semantics 9 and 13, to their edges', () => {
  test('S9 a return that led to a call outside is not taken back, and says why', () => {
    const own = fill('own', '填写', { by: people('doctor'), mayEdit: ['level'], onApplicant: 'pass' })
    const story = open(whole(own, service('his', 'x'), step({}, 'office')))
    story.act('system', { kind: 'serviceDone', entry: 'his#2' })
    story.act('ofc', { kind: 'return', opinion: '重来', to: { step: 'own' }, actId: 'r' })
    expect(story.find('serviceCalled')).toHaveLength(2)
    expect(story.refused('ofc', { kind: 'takeBack', undo: 'r' })).toBe('takeBackServed')
    // A wait that has only begun is no reason.
    const waits = open(whole(own, timer('wait', '等', naturalDays(1)), step({}, 'office')))
    waits.world.now = later(30)
    waits.act('system', { kind: 'elapse', entry: 'wait#2' })
    waits.act('ofc', { kind: 'return', opinion: '重来', to: { step: 'own' }, actId: 'r' })
    expect(waits.act('ofc', { kind: 'takeBack', undo: 'r' }).waiting()).toEqual(['ofc'])
  })

  test('S13 straight back to the returner his limit begins anew, with all its reminders and the mark 暂定', () => {
    const limited = step({ limit: naturalDays(1), onTimeout: [remind()] }, 'office')
    const story = open(whole(step({ see: [] }), limited), { changed: [] }).approve('li')
    const remindNow = (): string => story.refused('system', { kind: 'timeOut', entry: 'office#2', stage: 0 })
    story.world.now = later(25)
    expect([remindNow(), remindNow()]).toEqual(['accepted', 'stageDone'])
    story.act('ofc', { kind: 'return', opinion: '请补' })
    story.world.now = later(30)
    story.act('doctor', { kind: 'resubmit', to: 'returner' })
    expect([story.state.entries[0]?.due, remindNow()]).toEqual([later(54), 'notDue'])
    story.world.now = later(55)
    expect(remindNow()).toBe('accepted')

    const far = step({ limit: naturalDays(301) }, 'office')
    const year = open(whole(step({ see: [] }), far), { changed: [] })
      .approve('li')
      .act('ofc', { kind: 'return', opinion: '请补' })
    year.act('doctor', { kind: 'resubmit', to: 'returner' })
    expect(year.state.entries[0]?.provisional).toBe(true)
  })
})

describe('W17 semantics 10, to their edges', () => {
  const inner = parallel<Condition>('inner', [[step({}, 'one'), step({}, 'two')], [step({}, 'three')]])
  const nested = whole(parallel('outer', [[inner, step({}, 'after')], [service('his', 'x')]]), step({}, 'last'))
  const named = { roles: { one: ['li'], two: ['wang'], three: ['zhao'], after: ['sun'], last: ['chen'] } }
  const jump = (to: string) => ({ kind: 'jump', to, opinion: '急' }) as const

  test('W17 branches that a jump leaves behind are no more: none of them is entered again by itself, nor returned to', () => {
    const story = open(nested, named)
    story.approve('li').act('admin', jump('after'))
    expect([story.waiting(), Object.keys(story.state.tracks)]).toEqual([['sun'], ['outer/0', 'outer/1']])
    // Alone it would never come to the join: nobody is asked in the branch beside it.
    expect(jumpTargets(nested, story.state)).toEqual(['last'])
    expect([story.refused('admin', jump('one')), story.refused('admin', jump('three'))]).toEqual(['jumpIntoBranch', 'jumpIntoBranch'])
    expect(story.refused('sun', { kind: 'return', opinion: '重来', to: { step: 'one' } })).toBe('returnTarget')
    story.act('system', { kind: 'serviceDone', entry: 'his#3' })
    expect(story.approve('sun', 'chen').state.status).toBe('approved')
  })

  test('W17 a joined branch is entered again by itself; left once more before its end, it and those beside it are no more', () => {
    const story = open(nested, named).approve('li', 'wang', 'zhao')
    story.act('admin', jump('two'))
    expect(story.approve('wang').waiting()).toEqual(['sun'])
    story.act('admin', jump('one')).act('admin', jump('after'))
    expect(jumpTargets(nested, story.state)).toEqual(['last'])
    story.act('system', { kind: 'serviceDone', entry: 'his#3' })
    expect(story.approve('sun', 'chen').state.status).toBe('approved')
  })

  test('W17 what minutes send back into a branch that a jump has left behind goes to the applicant', () => {
    const mode = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'refuse' as const } }
    const acts = ['approve', 'decideItems'] as const
    const board = step({ mode, acts, meeting: { recorder: people('rec') }, returnTo: { step: 'one' } }, 'last')
    const fork = parallel<Condition>('both', [[step({}, 'one')], [step({}, 'two')]])
    const line = { item: '*', recused: [], for: 0, against: 1, abstain: 0, result: { say: 'return', reason: '重来' } }
    const meeting = { date: '2026-03-01', members: ['chen'], present: ['chen'], scan: 'f', lines: [line] }
    const joined = open(whole(fork, board), named).approve('li', 'wang')
    expect(joined.act('rec', { kind: 'enterMinutes', step: 'last', meeting }).waiting()).toEqual(['li'])
    const story = open(whole(fork, board), named).act('admin', jump('last'))
    story.act('rec', { kind: 'enterMinutes', step: 'last', meeting })
    expect([story.state.status, story.waiting()]).toEqual(['returned', ['doctor']])
    expect(story.act('doctor', { kind: 'resubmit' }).approve('li', 'wang', 'chen').state.status).toBe('approved')
  })
})
