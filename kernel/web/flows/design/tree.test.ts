import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Filter } from '#model'
import { approve, bounds, earlier, flow, notify, parallel, role, when } from '#kernel/model/flow/definition.ts'
import { problemAdvice } from '#kernel/model/flow/advice.ts'
import { readFlow } from '#kernel/model/flow/read.ts'
import { begin, done, redone, undone } from '../../parts/history.ts'
import { layOut } from './layout.ts'
import { rightOf, withRight, type FieldRight } from './rights.ts'
import {
  begun, copied, dissolved, drawable, handledOf, idProblem, inserted, isHandled, listsIn, mayInsert, moved, removed, renamedAt, renamedId, stepAt, stepOfFault, stepsOf,
  type Drawn, type Slot,
} from './tree.ts' // prettier-ignore

const office = role('medicalOffice')
const large: Drawn = flow<Filter>('staff.leave', {
  label: '请假',
  steps: [
    approve('head', '科主任', { by: office }),
    when<Filter>(
      { field: 'days', op: 'gt', value: 3 },
      [approve('office', '医务处', { by: office }), parallel('both', [[approve('hr', '人事处', { by: office })], [notify('applicant')]])],
      [notify('applicant')],
    ),
    approve('again', '复核', { by: earlier('head') }),
  ],
})
const idsOf = (drawn: Drawn): string[] => stepsOf(drawn).flatMap(({ step }) => ('id' in step ? step.id : [])).toSorted() // prettier-ignore
/** Every place where something could be inserted. */
const slotsOf = (drawn: Drawn): Slot[] => {
  const lists = [
    { list: 'steps', steps: drawn.steps },
    ...stepsOf(drawn).flatMap(({ path, step }) => listsIn(step).map(({ side, steps }) => ({ list: `${path}.${side}`, steps }))),
  ]
  return lists.flatMap(({ list, steps }) => Array.from({ length: steps.length + 1 }, (_, at) => ({ list, at })))
}
const byOf = (drawn: Drawn, path: string) => handledOf(drawn).find((one) => one.path === path)!.step.by
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!

describe('a flow that is drawn', () => {
  test('whatever is moved where, no step is lost and none stands twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }), (moves) => {
        let drawn = large
        for (const [from, to] of moves) {
          const { path } = pick(stepsOf(drawn), from)
          const step = stepAt(drawn, path)
          const after = moved(drawn, path, pick(slotsOf(drawn), to))
          expect(stepAt(after.flow, after.path)).toEqual(step)
          drawn = after.flow
        }
        expect(idsOf(drawn)).toEqual(idsOf(large))
        expect(stepsOf(drawn)).toHaveLength(stepsOf(large).length)
      }),
    )
  })
  test('a branching is not moved into itself', () => {
    expect(moved(large, 'steps.1', { list: 'steps.1.then', at: 0 }).flow).toBe(large)
    expect(moved(large, 'steps.1.then.1', { list: 'steps.1.then.1.branches.0', at: 1 }).flow).toBe(large)
  })
  test('nothing is put where it would be nested deeper, or be more, than can be kept', () => {
    const branching = begun('when', large)
    let drawn = large
    let list = 'steps'
    for (let level = 1; level < bounds.nested; level++) {
      expect(mayInsert(drawn, { list, at: 0 }, branching)).toBe(true)
      drawn = inserted(drawn, { list, at: 0 }, branching)
      list = `${list}.0.then`
    }
    const deepest = { list, at: 0 }
    const kept = (one: Drawn): boolean => 'flow' in readFlow(one, one.name)
    expect([mayInsert(drawn, deepest, branching), kept(inserted(drawn, deepest, branching))]).toEqual([false, false])
    expect([mayInsert(drawn, deepest, large.steps[0]!), kept(inserted(drawn, deepest, large.steps[0]!))]).toEqual([true, true])
    expect(moved(drawn, 'steps.2', deepest).flow).toBe(drawn)
    expect(kept(moved(drawn, 'steps.1', deepest).flow)).toBe(true)
    const full = { ...large, steps: Array.from({ length: bounds.steps }, (_, n) => approve(`s${n}`, '审核', { by: office })) }
    expect([mayInsert(full, { list: 'steps', at: 0 }, branching), kept(full)]).toEqual([false, true])
  })
  test('undoing restores exactly what was there, and redoing what had been done', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(), fc.nat()), { maxLength: 20 }), (edits) => {
        let history = begin(large)
        const states = [large]
        for (const [what, one, other] of edits) {
          const { now } = history
          const paths = stepsOf(now)
          const next =
            what === 0 || paths.length === 0
              ? inserted(now, pick(slotsOf(now), one), begun(pick(drawable, other), now))
              : what === 1
                ? removed(now, pick(paths, one).path)
                : moved(now, pick(paths, one).path, pick(slotsOf(now), other)).flow
          history = done(history, next)
          if (next !== states.at(-1)) states.push(next)
        }
        expect(new Set(idsOf(history.now)).size).toBe(idsOf(history.now).length)
        for (const state of states.toReversed().slice(1)) expect((history = undone(history)).now).toBe(state)
        expect(undone(history)).toBe(history)
        for (const state of states.slice(1)) expect((history = redone(history)).now).toBe(state)
      }),
    )
  })
  test('letters typed into one field are one step back', () => {
    const typed = ['科', '科主', '科主任'].reduce((history, label) => done(history, { ...large, label }, 'label'), begin(large))
    expect(undone(typed).now).toBe(large)
  })
  test('a copy has ids of its own, and names the copies within it', () => {
    const whole = { ...large, steps: [parallel<Filter>('p', [[...large.steps]])] }
    const copy = copied(whole, whole.steps[0]!)
    const both = inserted(whole, { list: 'steps', at: 1 }, copy)
    expect(new Set(idsOf(both)).size).toBe(idsOf(whole).length * 2)
    const last = stepAt(both, 'steps.1.branches.0.2')
    expect(last && isHandled(last) && last.by).toEqual([{ kind: 'earlier', step: 'head1' }])
  })
  test('an id that is changed is changed wherever it is named', () => {
    const renamed = renamedId(large, 'head', 'chief')
    expect(handledOf(renamed).find(({ step }) => step.id === 'again')!.step.by).toEqual([earlier('chief')])
  })
  test('an id is one that can be kept, and no other step’s', () => {
    for (const wrong of ['', 'a b', '科主任', '1st', 'start', 'end', 'x'.repeat(3) + '\u00a0']) expect([wrong, idProblem(large, wrong)]).toEqual([wrong, problemAdvice.badId])
    expect(idProblem(large, 'hr')).toBe('已有步骤用了这个编号：人事处')
    expect(idProblem(large, 'chief')).toBeNull()
    expect(byOf(renamedAt(large, 'steps.0', 'chief'), 'steps.2')).toEqual([earlier('chief')])
    // Two of one id that came from outside: the one that is renamed takes no names with it.
    const twice = inserted(large, { list: 'steps', at: 3 }, large.steps[0]!)
    const mended = renamedAt(twice, 'steps.3', 'chief')
    expect([idsOf(mended).filter((id) => id === 'head' || id === 'chief'), byOf(mended, 'steps.2')]).toEqual([['chief', 'head'], [earlier('head')]])
  }) // prettier-ignore
  test('a branching that is taken away may leave the steps of one side', () => {
    expect(dissolved(large, 'steps.1', 'otherwise').steps.map((step) => step.kind)).toEqual(['approve', 'notify', 'approve'])
    expect(dissolved(large, 'steps.1.then.1', 'branches.0')).toMatchObject({ steps: [{}, { then: [{ id: 'office' }, { id: 'hr' }] }, {}] })
  })
  test('a fault is the innermost step’s on its path, else the flow’s', () => {
    expect(stepOfFault(large, 'steps.1.then.1.branches.0.0.by')).toBe('steps.1.then.1.branches.0.0')
    expect(stepOfFault(large, 'steps.1.then.1.reconcile')).toBe('steps.1.then.1')
    expect(stepOfFault(large, 'admissions.0.fact')).toBeNull()
  })
})

describe('the drawing', () => {
  test('every place between steps is there once, and no two steps lie on one another', () => {
    const { boxes, lines } = layOut(large)
    expect(lines.map(({ slot }) => `${slot.list} ${slot.at}`).toSorted()).toEqual(slotsOf(large).map(({ list, at }) => `${list} ${at}`).toSorted()) // prettier-ignore
    for (const one of boxes)
      for (const other of boxes) {
        const isApart = one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y // prettier-ignore
        expect([one.id, other.id, one === other || isApart]).toEqual([one.id, other.id, true])
      }
  })
  test('each side of a branching says where it begins', () => {
    expect(
      layOut(large)
        .lines.flatMap(({ side }) => side?.side ?? [])
        .toSorted(),
    ).toEqual(['branches.0', 'branches.1', 'otherwise', 'then'])
  })
})

describe('rights on fields', () => {
  const step = approve('a', '审批', { by: office, hide: ['salary'] })
  test.each<FieldRight>(['hide', 'see', 'edit', 'require'])('what is set is what is read: %s', (right) => {
    const narrow = { ...step, see: ['name'] }
    for (const one of [step, narrow]) {
      const next = withRight(one, ['days', 'salary'], right)
      expect([rightOf(next, 'days'), rightOf(next, 'salary'), rightOf(next, 'name')]).toEqual([right, right, 'see'])
    }
  })
})
