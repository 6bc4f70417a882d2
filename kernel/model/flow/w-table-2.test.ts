import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Step, Verdict } from './index.ts'
import { approve, flow, group, notify, service, when } from './index.ts'
import type { Condition, World } from './testing.ts'
import { later, Story, world } from './testing.ts'

const step = (options: Partial<Approve> = {}, id = 'group'): Approve => approve(id, id, { by: group(id), ...options })
const whole = (...steps: Step<Condition>[]): Flow<Condition> => flow<Condition>('hr.leave', { label: '请假', steps })
const roles = { group: ['li', 'wang', 'zhao'], office: ['ofc'], board: ['chen'] }
const open = (definition: Flow<Condition>, change: Partial<World> = {}): Story =>
  Story.submitted(definition, world({ roles: { ...roles }, ...change }))
const both = [step({ mode: 'allOf' }), step({}, 'office'), step({}, 'board')]
const back = (actor: string, to?: object): [string, { kind: 'return'; opinion: string }] => [
  actor,
  { kind: 'return', opinion: '请补', ...to },
]

describe('W9: stand-ins', () => {
  test('W9 both names are recorded; the rule ends by itself; nobody approves his own request', () => {
    const story = open(whole(step({ mode: 'allOf' })), { standIns: [['sun', 'li'], ['doctor', 'wang']] }) // prettier-ignore
    expect(story.refused('doctor', { kind: 'approve', onBehalfOf: 'wang' })).toBe('ownRequest')
    story.act('sun', { kind: 'approve', onBehalfOf: 'li' })
    expect(story.state.chain[0]).toMatchObject({ person: 'li', actor: 'sun' })
    story.world.standIns = []
    expect(story.refused('sun', { kind: 'approve', onBehalfOf: 'wang' })).toBe('notYourTask')
  })

  test('W9 a chain of rules is not followed, and two stand-ins in a circle act for each other only', () => {
    const story = open(whole(step({ mode: 'allOf' })), { standIns: [['sun', 'li'], ['qian', 'sun'], ['li', 'sun']] }) // prettier-ignore
    expect(story.refused('qian', { kind: 'approve', onBehalfOf: 'li' })).toBe('notYourTask')
    expect(story.act('sun', { kind: 'approve', onBehalfOf: 'li' }).waiting()).toEqual(['wang', 'zhao'])
  })
})

describe('W10 W11: returns', () => {
  test('W10 a return to a 会签 step restores the full list and voids what came after', () => {
    const story = open(whole(...both)).approve('li', 'wang', 'zhao', 'ofc')
    story.act(...back('chen', { to: { step: 'group' } }))
    expect(story.waiting()).toEqual(['li', 'wang', 'zhao'])
    expect(story.state.chain.map((one) => one.void)).toEqual([true, true, true, true, true])
  })

  test('W10 only to the applicant, the step before or any that was passed', () => {
    const story = open(whole(...both)).approve('li', 'wang', 'zhao')
    expect(story.refused(...back('ofc', { to: { step: 'board' } }))).toBe('returnTarget')
    expect(story.refused(...back('ofc', { to: { step: 'nowhere' } }))).toBe('returnTarget')
    expect(story.act(...back('ofc', { to: 'applicant' })).waiting()).toEqual(['doctor'])
    expect(story.refused('doctor', { kind: 'resubmit', to: 'returner' })).toBe('resumeRead')
  })

  test('W11 after repair straight back to who returned it, when no step passed over reads what changed', () => {
    const seeing = [step({ mode: 'allOf', see: ['name'] }), step({}, 'office')]
    const story = open(whole(...seeing)).approve('li', 'wang', 'zhao').act(...back('ofc')) // prettier-ignore
    story.world.version = 2
    story.world.changed = ['name']
    expect(story.refused('doctor', { kind: 'resubmit', to: 'returner' })).toBe('resumeRead')
    story.world.changed = ['phone']
    story.act('doctor', { kind: 'resubmit', to: 'returner' })
    expect(story.waiting()).toEqual(['ofc'])
    expect(story.state.chain.map((one) => one.void ?? false)).toEqual([false, false, false, true])
    expect(story.approve('ofc').state.status).toBe('approved')
  })

  test('W11 a condition or a decider that reads what changed means step by step again', () => {
    const definition = whole(
      step({ see: [] }),
      when<Condition>({ field: 'level', is: '四级' }, [step({ see: [] }, 'board')]),
      step({}, 'office'),
    )
    const story = open(definition, { fields: { level: '四级' } }).approve('li', 'chen').act(...back('ofc')) // prettier-ignore
    story.world.changed = ['level']
    expect(story.refused('doctor', { kind: 'resubmit', to: 'returner' })).toBe('resumeRead')
    expect(story.act('doctor', { kind: 'resubmit' }).waiting()).toEqual(['li', 'wang', 'zhao'])
    expect(story.refused('doctor', { kind: 'resubmit', to: 'returner' })).toBe('notReturned')
  })
})

describe('W12 W13 W14: no, undo, end', () => {
  test('W12 a refusal ends the request and needs reasons, unlike a return', () => {
    const story = open(whole(...both))
    expect(story.refused('li', { kind: 'reject', opinion: ' ' })).toBe('reasonNeeded')
    expect(story.act('li', { kind: 'reject', opinion: '不符合' }).state).toMatchObject({ status: 'refused', entries: [] })
  })

  test('W13 the last of a step takes back before the next has acted: the step is open as it was', () => {
    const story = open(whole(...both)).approve('li', 'wang')
    const before = story.state
    story.act('zhao', { kind: 'approve', actId: 'z' })
    expect(story.waiting()).toEqual(['ofc'])
    story.act('zhao', { kind: 'takeBack', undo: 'z' })
    expect(story.waiting()).toEqual(['zhao'])
    expect(story.state.entries).toEqual(before.entries)
    expect(story.state.items).toEqual(before.items)
    expect(story.approve('zhao').waiting()).toEqual(['ofc'])
  })

  test('W13 at a 会签 one takes back while others have decided, also when a colleague ended the step', () => {
    const story = open(whole(...both))
      .act('li', { kind: 'approve', actId: 'l' })
      .approve('wang')
    story.act('li', { kind: 'takeBack', undo: 'l' })
    expect(story.waiting()).toEqual(['li', 'zhao'])
    story.act('li', { kind: 'approve', actId: 'l2' }).approve('zhao')
    story.act('li', { kind: 'takeBack', undo: 'l2' })
    expect(story.waiting()).toEqual(['li'])
    expect(story.act('li', { kind: 'approve' }).waiting()).toEqual(['ofc'])
  })

  test('W13 under anyOf the colleagues have their tasks again, in order the next waits again, and a return is undone whole', () => {
    const any = open(whole(step(), step({}, 'office'))).act('li', { kind: 'approve', actId: 'l' })
    expect(any.act('li', { kind: 'takeBack', undo: 'l' }).waiting()).toEqual(['li', 'wang', 'zhao'])
    const order = open(whole(step({ mode: 'inOrder' }))).act('li', { kind: 'approve', actId: 'l' })
    expect(order.act('li', { kind: 'takeBack', undo: 'l' }).waiting()).toEqual(['li'])
    expect(order.approve('li', 'wang', 'zhao').state.status).toBe('approved')
    const returned = open(whole(...both)).approve('li', 'wang', 'zhao')
    const before = returned.state
    returned.act('ofc', { kind: 'return', opinion: '请补', actId: 'r' }).act('ofc', { kind: 'takeBack', undo: 'r' })
    expect(returned.state.entries).toEqual(before.entries)
    expect(returned.approve('ofc', 'chen').state.status).toBe('approved')
  })

  test('W13 is refused after the next has acted, a service was called or results are real, and says why', () => {
    const acted = open(whole(step(), step({}, 'office'), step({}, 'board')))
      .act('li', { kind: 'approve', actId: 'l' })
      .approve('ofc')
    expect(acted.refused('li', { kind: 'takeBack', undo: 'l' })).toBe('nextHasActed')
    expect(acted.refused('wang', { kind: 'takeBack', undo: 'l' })).toBe('takeBackUnknown')
    const served = open(whole(step(), service('his', 'x'), step({}, 'office'))).act('li', { kind: 'approve', actId: 'l' })
    expect(served.refused('li', { kind: 'takeBack', undo: 'l' })).toBe('takeBackServed')
    const real = open(whole(step())).act('li', { kind: 'approve', actId: 'l' })
    expect(real.refused('li', { kind: 'takeBack', undo: 'l' })).toBe('takeBackEffected')
  })

  test('W14 the applicant withdraws what is open; approved needs a revocation request', () => {
    expect(open(whole(...both)).act('doctor', { kind: 'withdraw' }).state.status).toBe('withdrawn')
    expect(open(whole(step())).approve('li').refused('doctor', { kind: 'withdraw' })).toBe('needsRevocation')
  })
})

describe('W15 W16: telling', () => {
  test('W15 each person gets a copy once, from whomever', () => {
    const story = open(whole(notify(group('board')), step({ mode: 'allOf' })))
    story.act('li', { kind: 'copyTo', people: ['sun', 'chen', 'sun'] })
    expect(story.find('copied').map((one) => one.to)).toEqual([['sun']])
    expect(story.refused('doctor', { kind: 'copyTo', people: ['sun'], task: undefined })).toBe('copiedAlready')
    expect(story.act('doctor', { kind: 'copyTo', people: ['qian'], task: undefined }).state.copies['qian']?.by).toBe('doctor')
    expect(story.refused('zhou', { kind: 'copyTo', people: ['x'], task: undefined })).toBe('applicantOnly')
    expect(story.waiting()).toEqual(['li', 'wang', 'zhao'])
  })

  test('W16 urging tells those it waits for, not twice within the hours, outside working hours only when urgent', () => {
    const story = open(whole(step({ mode: 'allOf' }))).approve('li')
    story.act('doctor', { kind: 'urge' })
    expect(story.find('urged')[0]?.to).toEqual(['wang', 'zhao'])
    story.world.now = later(3.9)
    expect(story.refused('doctor', { kind: 'urge' })).toBe('urgeTooSoon')
    story.world.now = later(12)
    story.world.isWorkingTime = false
    expect(story.refused('doctor', { kind: 'urge' })).toBe('urgeOutsideHours')
    expect(story.refused('li', { kind: 'urge', urgent: true })).toBe('applicantOnly')
    expect(story.act('doctor', { kind: 'urge', urgent: true }).find('urged')).toHaveLength(2)
  })
})

test('W12 a line that is refused is refused for good, the others go on', () => {
  const lines = flow<Condition>('x.y', { label: 'x', items: 'rows', steps: [step({ items: true }), step({}, 'office')] })
  const verdicts: Record<string, Verdict> = { a: { say: 'refuse', reason: 'r' }, b: { say: 'pass' }, c: { say: 'pass' } }
  expect(open(lines).items('li', verdicts).approve('ofc').lines()).toEqual({ a: 'refused', b: 'passed', c: 'passed' })
})
