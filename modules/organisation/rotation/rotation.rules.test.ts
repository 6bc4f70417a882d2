import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generate } from './generate.rules.ts'
import {
  conflictsOf,
  loadOf,
  neededPeriods,
  periodsOf,
  runsOf,
  type RotationSetup,
  type RotationUnit,
  type RotationWorld,
} from './rotation.rules.ts'

const setupOf = (units: RotationUnit[], people: number, more: Partial<RotationSetup> = {}): RotationSetup => {
  const electives = more.electives ?? 0
  return { units, people: Array.from({ length: people }, (_, n) => `p${n}`), periods: neededPeriods(units, electives), electives, order: 'free', taken: {}, blocked: {}, ...more }
} // prettier-ignore
const worldOf = ({ units, people }: RotationSetup): RotationWorld => ({
  people: Object.fromEntries(people.map((id) => [id, { name: id, hasLeft: false, busy: [] }])),
  units: Object.fromEntries(units.map(({ unit }) => [unit, { name: unit, from: null, to: null }])),
})
const said = (setup: RotationSetup) => conflictsOf(setup, periodsOf('2026-01-01', 'month', setup.periods), worldOf(setup), generate(setup))
const must = (n: number, periods: number, capacity: number): RotationUnit => ({ unit: `u${n}`, periods, capacity, kind: 'must' })
const settings = { seed: 9, numRuns: 60 }

test('everybody sees every required unit exactly once and whole, and as many by choice as asked, whatever the plan', () => {
  const unit = fc.record({ periods: fc.integer({ min: 1, max: 4 }), capacity: fc.integer({ min: 1, max: 5 }), isMust: fc.boolean() })
  const plan = fc.record({ units: fc.array(unit, { minLength: 1, maxLength: 7 }), people: fc.integer({ min: 1, max: 20 }), spare: fc.integer({ min: 0, max: 3 }), order: fc.constantFrom('free' as const, 'fixed' as const), choose: fc.nat(3) })
  fc.assert(
    fc.property(plan, ({ units, people, spare, order, choose }) => {
      const list = units.map(({ periods, capacity, isMust }, n): RotationUnit => ({ unit: `u${n}`, periods, capacity, kind: isMust ? 'must' : 'choice' }))
      const electives = Math.min(choose, list.filter(({ kind }) => kind === 'choice').length)
      const setup = setupOf(list, people, { electives, order, periods: Math.max(1, neededPeriods(list, electives) + spare) })
      expect(said(setup).filter(({ kind }) => kind !== 'capacity')).toEqual([])
      expect(generate(setup)).toEqual(generate(setup))
    }),
    settings,
  )
}) // prettier-ignore

test('where all stays last equally long and an even share has room, nobody stands where there is none', () => {
  const plan = fc.record({
    units: fc.integer({ min: 1, max: 9 }),
    periods: fc.integer({ min: 1, max: 3 }),
    people: fc.integer({ min: 1, max: 40 }),
    extra: fc.array(fc.nat(3), { minLength: 9, maxLength: 9 }),
  })
  fc.assert(
    fc.property(plan, ({ units, periods, people, extra }) => {
      const share = Math.ceil(people / units)
      const setup = setupOf(
        Array.from({ length: units }, (_, n) => must(n, periods, share + extra[n]!)),
        people,
      )
      expect(said(setup)).toEqual([])
    }),
    settings,
  )
})

test('what cannot be is told: which unit lacks how many places in which period, and every head is counted', () => {
  const setup = setupOf([must(0, 1, 1), must(1, 1, 1)], 4)
  const wrong = said(setup)
  expect(wrong).toHaveLength(4)
  expect(wrong[0]).toEqual({
    kind: 'capacity',
    person: null,
    unit: 'u0',
    at: 0,
    message: 'u0 2026-01-01 起一期有 2 人，容量 1，缺 1 个名额',
  })
  // Others stand there already: the plan goes round them.
  const free = setupOf([must(0, 1, 1), must(1, 1, 1)], 1, { taken: { u0: [1, 0] } })
  expect(generate(free)).toEqual({ p0: ['u1', 'u0'] })
  const away = setupOf([must(0, 1, 1), must(1, 1, 1)], 1, { periods: 3, blocked: { p0: [false, true, false] } })
  expect(generate(away)['p0']![1]).toBeNull()
})

test('a table changed by hand shows what is wrong with it', () => {
  const setup = setupOf([must(0, 1, 2), must(1, 2, 1)], 1)
  const world = worldOf(setup)
  const spans = periodsOf('2026-01-31', 'month', 3)
  expect(spans.map(({ from, to }) => [from, to])).toEqual([
    ['2026-01-31', '2026-02-27'],
    ['2026-02-28', '2026-03-30'],
    ['2026-03-31', '2026-04-29'],
  ])
  const kinds = (cells: (string | null)[], known = world) => conflictsOf(setup, spans, known, { p0: cells }).map(({ kind }) => kind)
  expect(kinds(['u0', 'u1', 'u1'])).toEqual([])
  expect(kinds(['u1', 'u0', 'u1'])).toEqual(['twice'])
  expect(kinds(['u0', 'u1', null])).toEqual(['length'])
  expect(kinds(['u0', 'u9', 'u9'])).toEqual(['missing', 'outside'])
  const busy = { ...world, people: { p0: { name: 'p0', hasLeft: true, busy: [{ from: '2026-03-01', to: '2026-03-05', why: '进修' }] } }, units: { ...world.units, u1: { name: 'u1', from: null, to: '2026-03-31' } } } // prettier-ignore
  expect(kinds(['u0', 'u1', 'u1'], busy)).toEqual(['left', 'ended', 'busy'])
})

test('two hundred people over twelve units are no long wait', () => {
  const setup = setupOf(
    Array.from({ length: 12 }, (_, n) => must(n, (n % 3) + 1, 24)),
    200,
  )
  const start = performance.now()
  const grid = generate(setup)
  expect(performance.now() - start).toBeLessThan(3000)
  expect(Object.values(grid).every((cells) => runsOf(cells).length === 12)).toBe(true)
  expect([...loadOf(grid).values()].flat().reduce((sum, one) => sum + one, 0)).toBe(200 * 24)
})
