import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Step } from './index.ts'
import { approve, fill, flow, group, naturalDays, people, remind, service, timer } from './index.ts'
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
