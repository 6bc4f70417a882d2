import { expect, test } from 'vitest'
import type { Approve, Flow, Step } from './index.ts'
import { approve, flow, group, migrate, people, previewMigration, replacePerson, when } from './index.ts'
import type { Condition } from './testing.ts'
import { environment, Story, world } from './testing.ts'

const step = (id: string, options: Partial<Approve> = {}): Approve => approve(id, id, { by: group(id), ...options })
const of = (...steps: Step<Condition>[]): Flow<Condition> => flow<Condition>('hr.leave', { label: '请假', steps })
const old = of(
  step('group', { mode: 'allOf', require: ['days'] }),
  when<Condition>({ field: 'days', is: '9' }, [step('board')]),
  step('office'),
)
const renames = {
  actId: 'm',
  actor: 'admin',
  flowVersion: 2,
  fields: { days: 'length' },
  condition: ({ field, is }: Condition): Condition => ({ field: field === 'days' ? 'length' : field, is }),
}
const w = world({ roles: { group: ['li', 'wang'], office: ['ofc'], board: ['chen'] }, fields: { days: '9', length: '9' } })
const story = (): Story => Story.submitted(old, w).approve('li')
const newer = (by: Approve['by'] = [group('group')], ...rest: Step<Condition>[]): Flow<Condition> =>
  of(
    step('group', { mode: 'allOf', require: ['length'], label: '科室', by }),
    when<Condition>({ field: 'length', is: '9' }, [step('board')]),
    step('office'),
    ...rest,
  )

test('a running instance moves to a version with renamed fields, other labels and other deciders; what was decided stands', () => {
  const { state } = story()
  const moved = migrate(state, old, newer([people('li', 'sun')]), renames, environment(w))
  if (!moved.ok) throw new Error(JSON.stringify(moved.obstacles))
  expect(moved.events[0]).toMatchObject({ type: 'migrated', flowVersion: 2, fields: { days: 'length' }, actor: 'admin' })
  const on = Story.resumed(newer([people('li', 'sun')]), w, { events: [...storyEvents(), ...moved.events], state: moved.state })
  expect([on.state.flowVersion, on.waiting()]).toEqual([2, ['sun']])
  expect(on.approve('sun', 'chen', 'ofc').state.status).toBe('approved')
})
const storyEvents = (): Story['events'] => story().events

test('the preview tells who loses and who gets a task, and touches nothing', () => {
  const { state } = story()
  expect(previewMigration(state, old, newer([people('sun')]), renames, environment(w))).toEqual({
    instance: 'i1',
    obstacles: [],
    steps: ['group'],
    losesTask: ['wang'],
    getsTask: ['sun'],
  })
})

test('anything larger is refused with its places: steps, modes, conditions, acts', () => {
  const { state } = story()
  const places = (to: Flow<Condition>, change: object = {}): string[] => {
    const moved = migrate(state, old, to, { ...renames, ...change }, environment(w))
    return moved.ok ? [] : moved.obstacles.map((one) => one.path)
  }
  expect(places(newer(undefined, step('more')))).toEqual(['steps.more'])
  expect(places(newer(), { fields: {} })).toEqual(['steps.0.require.0'])
  expect(places(newer(), { condition: undefined })).toEqual(['steps.1.condition'])
  const [first, ...rest] = newer().steps
  expect(places(of({ ...(first as Approve), mode: 'anyOf', sign: true }, ...rest))).toEqual(['steps.0.mode', 'steps.0.sign'])
  expect(places(of(...rest))).toEqual(['steps.group'])
  const ended = story().approve('wang', 'chen', 'ofc').state
  expect(migrate(ended, old, newer(), renames, environment(w))).toMatchObject({ ok: false, obstacles: [{ path: '' }] })
})

test('one person takes the place of another wherever a definition names him', () => {
  const vote = { vote: { quorum: [1, 2] as const, share: { moreThan: [1, 2] as const }, tie: 'chair' as const, chair: people('li'), weights: { li: 2 } } } // prettier-ignore
  const definition = of(when<Condition>({ field: 'li', is: 'li' }, [step('x', { by: [people('li', 'wang')], mode: vote })]))
  const changed = replacePerson(definition, 'li', 'wang')
  expect(changed.steps[0]).toMatchObject({
    condition: { field: 'li', is: 'li' },
    then: [{ by: [{ people: ['wang'] }], mode: { vote: { chair: { people: ['wang'] }, weights: { wang: 2 } } } }],
  })
  expect(replacePerson(definition, 'nobody', 'x')).toEqual(definition)
})
