import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asDuration, bindingOf, dayOfUse, type RuleBook } from './binding.ts'
import { amountText, basisText, type Layer, nationalRule, rule, type RuleCard, type RuleValue } from './card.ts'
import { satisfies } from './satisfies.ts'
import { compare, isAbove, tighteningProblems } from './tighten.ts'
import { touchedBy, usesOfFlows } from './uses.ts'
import { changesBetween } from './words.ts'

const basis = { document: '医疗质量安全核心制度要点', number: '国卫医发〔2018〕8号', clause: '会诊制度' }
const nation = nationalRule('consultation', {
  label: '会诊',
  from: '2018-04-18',
  certainty: 'A',
  basis,
  values: { ordinary: rule.atMost('普通会诊完成', 24, 'hours'), emergency: rule.atMost('急会诊到场', 10, 'minutes') },
})
const own = (layer: Layer, values: Record<string, RuleValue>, more: Partial<RuleCard> = {}): RuleCard => ({
  id: `${layer}-${more.unit ?? ''}-${more.from ?? ''}-${JSON.stringify(values).length}`,
  key: 'consultation', label: '会诊', layer, unit: null, values, basis: { document: '本院会诊管理规定', number: null, clause: null },
  certainty: 'A', checkedBy: null, checkedOn: null, from: '2026-01-01', to: null, ...more,
}) // prettier-ignore
const book = (...cards: RuleCard[]): RuleBook => ({ cards, signatures: [] })
const path = ['ortho-ward-1', 'ortho', 'main-campus', 'institution']

describe('layers may only tighten', () => {
  test('a hospital’s shorter limit binds, a longer one is refused by value and layer', () => {
    const hospital = own('hospital', { ordinary: rule.atMost('普通会诊完成', 12, 'hours') })
    expect(tighteningProblems(hospital, [nation])).toEqual([])
    const looser = own('hospital', {
      ordinary: rule.atMost('普通会诊完成', 48, 'hours'),
      emergency: rule.atMost('急会诊到场', 5, 'minutes'),
    })
    expect(tighteningProblems(looser, [nation])).toEqual([
      { value: 'ordinary', message: '“普通会诊完成”国家规定不超过 24 小时，不超过 48 小时是放宽：下级规则只能收紧（见国家“会诊”）' },
    ])
    const binding = bindingOf(book(nation, hospital), 'consultation', '2026-11-21', path)!
    expect(binding.values['ordinary']).toMatchObject({ value: { amount: 12 }, card: { layer: 'hospital' }, law: { amount: 24 } })
    expect(binding.values['emergency']).toMatchObject({ value: { amount: 10 }, card: { layer: 'nation' } })
  })
  test('what cannot be compared is refused, not guessed', () => {
    const inWorkingTime = own('hospital', { ordinary: rule.atMost('普通会诊完成', 8, 'workingHours') })
    expect(tighteningProblems(inWorkingTime, [nation])[0]!.message).toContain('无法比较宽严')
    expect(compare(rule.only('职称', ['主任医师', '护师']), rule.only('职称', ['主任医师', '副主任医师']))).toBe('incomparable')
    expect(compare(rule.atMost('', 30, 'minutes'), rule.atMost('', 1, 'hours'))).toBe('stricter')
    expect(compare(rule.atMost('', 1, 'weeks'), rule.atMost('', 7, 'days'))).toBe('same')
    expect(compare(rule.atLeast('', 3, 'people'), rule.atLeast('', 2, 'people'))).toBe('stricter')
    expect([
      compare(rule.demanded(''), { order: 'flag', flag: false }),
      compare({ order: 'flag', flag: false }, rule.demanded('')),
    ]).toEqual(['stricter', 'looser'])
    expect(compare(rule.atMost('', 3, 'times'), rule.atLeast('', 3, 'times'))).toBe('incomparable')
  })
  test('a department’s rule reaches its wards and nobody beside it', () => {
    const department = own('department', { emergency: rule.atMost('急会诊到场', 5, 'minutes') }, { unit: 'ortho' })
    const amount = (unitPath: string[]) => {
      const value = bindingOf(book(nation, department), 'consultation', '2026-11-21', unitPath)!.values['emergency']!.value
      return value.order === 'max' ? value.amount : null
    }
    expect([amount(path), amount(['cardiology', 'main-campus', 'institution'])]).toEqual([5, 10])
    const ward = own('department', { emergency: rule.atMost('急会诊到场', 8, 'minutes') }, { unit: 'ortho-ward-1' })
    expect([isAbove(department, ward, path), isAbove(ward, department, ['ortho', 'main-campus', 'institution'])]).toEqual([true, false])
    expect(tighteningProblems(ward, [nation, department])).toMatchObject([{ value: 'emergency' }])
  })
  test('when the nation becomes stricter than the house, the nation binds', () => {
    const hospital = own('hospital', { ordinary: rule.atMost('普通会诊完成', 12, 'hours') })
    const stricter = nationalRule('consultation', {
      ...nation,
      from: '2026-12-01',
      values: { ...nation.values, ordinary: rule.atMost('普通会诊完成', 6, 'hours') },
    })
    const on = (day: string) => bindingOf(book(nation, stricter, hospital), 'consultation', day, path)!.values['ordinary']!
    expect([on('2026-11-30').card.layer, on('2026-12-01').card.layer]).toEqual(['hospital', 'nation'])
    expect(on('2026-12-01').said.map(({ card }) => card.layer)).toEqual(['nation', 'hospital'])
  })

  const amounts = {
    max: fc.integer({ min: 1, max: 9 }).map((amount) => rule.atMost('时限', amount, 'hours')),
    min: fc.integer({ min: 1, max: 9 }).map((amount) => rule.atLeast('人数', amount, 'people')),
    subset: fc.subarray(['甲', '乙', '丙', '丁']).map((members) => rule.only('范围', members)),
    flag: fc.boolean().map((flag): RuleValue => ({ label: '要求', order: 'flag', flag })),
  }
  const values = fc.record(amounts, { requiredKeys: [] })
  const layersOfIt = fc.tuple(values, values, values, values, values).map(([n, p, h, d, w]) => [
    own('nation', n, { id: 'n' }), own('province', p, { id: 'p' }), own('hospital', h, { id: 'h' }),
    own('department', d, { id: 'd', unit: 'ortho' }), own('department', w, { id: 'w', unit: 'ortho-ward-1' }),
  ]) // prettier-ignore
  test('whatever layers are laid, what was let in only tightens and what binds is looser than none of them', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(layersOfIt, (cards) => {
        const accepted: RuleCard[] = []
        for (const card of cards)
          if (
            tighteningProblems(
              card,
              accepted.filter((a) => isAbove(a, card, path)),
            ).length === 0
          )
            accepted.push(card)
        const binding = bindingOf(book(...accepted), 'consultation', '2026-11-21', path)
        seen.accepted += accepted.length
        seen.refused += cards.length - accepted.length
        for (const card of accepted)
          for (const [name, value] of Object.entries(card.values)) {
            const bound = binding!.values[name]!
            expect(['same', 'stricter']).toContain(compare(bound.value, value))
            // Each next layer is at least as strict as the one before it.
            const chain = bound.said.map((said) => said.value)
            for (let i = 1; i < chain.length; i++) expect(['same', 'stricter']).toContain(compare(chain[i]!, chain[i - 1]!))
          }
        // And what was kept out was looser or not comparable with something above it.
        for (const card of cards.filter((c) => !accepted.includes(c)))
          expect(
            Object.entries(card.values).some(([name, value]) =>
              accepted.some((a) => a.values[name] && ['looser', 'incomparable'].includes(compare(value, a.values[name]))),
            ),
          ).toBe(true)
      }),
      { numRuns: 500, seed: 20 },
    )
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(300)
  })
  test('also layers that nobody checked never bind looser than the strictest of what can be compared', () => {
    let compared = 0
    fc.assert(
      fc.property(layersOfIt, fc.shuffledSubarray([0, 1, 2, 3, 4]), (cards, order) => {
        const binding = bindingOf(book(...order.map((i) => cards[i]!)), 'consultation', '2026-11-21', path)
        for (const i of order)
          for (const [name, value] of Object.entries(cards[i]!.values).filter(([n]) => n !== 'subset')) {
            compared++
            expect(compare(binding!.values[name]!.value, value)).not.toBe('looser')
          }
      }),
      { numRuns: 500, seed: 21 },
    )
    expect(compared).toBeGreaterThan(1000)
  })
})

describe('versions, certainty and what a rule touches', () => {
  test('a card of certainty C is off until somebody signs it, and pushes nothing aside meanwhile', () => {
    const proposal = own('hospital', { ordinary: rule.atMost('普通会诊完成', 8, 'hours') }, { id: 'c', certainty: 'C', from: '2026-06-01' })
    const earlier = own('hospital', { ordinary: rule.atMost('普通会诊完成', 12, 'hours') }, { id: 'a' })
    const unsigned = bindingOf(book(nation, earlier, proposal), 'consultation', '2026-11-21', path)!
    expect(unsigned.values['ordinary']).toMatchObject({ value: { amount: 12 } })
    expect(unsigned.unsigned.map((c) => c.id)).toEqual(['c'])
    const signed = bindingOf(
      { cards: [nation, earlier, proposal], signatures: [{ card: 'c', by: '周敏', on: '2026-11-01' }] },
      'consultation',
      '2026-11-21',
      path,
    )!
    expect([signed.values['ordinary']!.value, signed.unsigned]).toMatchObject([{ amount: 8 }, []])
    expect(bindingOf(book(proposal), 'consultation', '2026-11-21', path)).toMatchObject({ values: {}, cards: [] })
    expect(bindingOf(book(nation), 'consultation', '2018-04-17', path)).toBeNull()
  })
  test('limits hold as they stood at the start, admission as it stands at the decision', () => {
    const days = { startedOn: '2026-01-05', today: '2026-03-01' }
    expect([
      dayOfUse({ rule: 'consultation.ordinary' }, days),
      dayOfUse({ rule: 'consultation.ordinary', asOf: 'decision' }, days),
    ]).toEqual(['2026-01-05', '2026-03-01'])
  })
  test('two versions are compared in words', () => {
    const next = {
      ...nation,
      from: '2027-01-01',
      basis: { ...basis, number: '国卫医发〔2026〕1号' },
      values: { ordinary: rule.atMost('普通会诊完成', 12, 'hours'), record: rule.demanded('会诊记录') },
    }
    expect(changesBetween(nation, next)).toEqual([
      { what: '“普通会诊完成”由不超过 24 小时收紧为不超过 12 小时', tone: 'stricter' },
      { what: '取消“急会诊到场”（原不超过 10 分钟）', tone: 'looser' },
      { what: '新增“会诊记录”：须做到', tone: 'stricter' },
      {
        what: '依据由《医疗质量安全核心制度要点》（国卫医发〔2018〕8号）会诊制度改为《医疗质量安全核心制度要点》（国卫医发〔2026〕1号）会诊制度',
        tone: 'other',
      },
    ])
    expect(changesBetween(nation, { ...nation })).toEqual([])
    expect([amountText(rule.only('', [])), basisText({ document: '办法', number: null, clause: null })]).toEqual(['一项也不许', '《办法》'])
  })
  test('a changed rule names the steps, clocks and conditions that read it', () => {
    const uses = [
      ...usesOfFlows([
        {
          name: 'a.b',
          label: '申请',
          steps: [
            { kind: 'when', then: [{ id: 'office', label: '审核', limit: { rule: 'consultation.ordinary' } }] },
            { id: 'x', limit: { unit: 'days', amount: 1 } },
            { id: 'wait', label: '等待', until: { rule: 'consultation.emergency' } },
          ],
        },
      ]),
      { kind: 'clock', by: 'clock', label: '急会诊计时', rule: 'consultation.emergency' } as const,
    ]
    expect(touchedBy(uses, 'consultation').map((u) => u.label)).toEqual(['申请 · 审核', '申请 · 等待', '急会诊计时'])
    expect(touchedBy(uses, 'consultation', ['emergency']).map((u) => u.kind)).toEqual(['flowStep', 'clock'])
  })
  test('what is a span of time can be reckoned by the clock, a number of people cannot', () => {
    expect([asDuration(rule.atMost('', 1, 'weeks')), asDuration(rule.atMost('', 6, 'hours')), asDuration(rule.atMost('', 3, 'people')), asDuration(rule.atLeast('', 6, 'hours'))]).toEqual([
      { unit: 'days', amount: 7 }, { unit: 'hours', amount: 6 }, null, null,
    ]) // prettier-ignore
  })
})

test('a fact keeps an upper or lower bound, a list, a demand; what is not known keeps none of them', () => {
  const fact = (raw: unknown, text = String(raw)) => ({ raw, text })
  const titles = rule.only('职称', ['副高级', '正高级'])
  expect([satisfies(titles, fact('senior', '正高级')), satisfies(titles, fact('junior', '初级')), satisfies(titles, fact(['副高级', '初级']))]).toEqual([true, false, false]) // prettier-ignore
  expect([satisfies(rule.atMost('例数', 3, 'times'), fact(3)), satisfies(rule.atLeast('例数', 3, 'times'), fact('2'))]).toEqual([
    true,
    false,
  ])
  expect([satisfies(rule.demanded('培训'), fact(true)), satisfies(rule.demanded('培训'), fact(null))]).toEqual([true, false])
  expect([titles, rule.atMost('例数', 3, 'times')].map((value) => satisfies(value, fact(null, '未登记')))).toEqual([false, false])
  expect(satisfies({ order: 'flag', flag: false }, fact(null))).toBe(true)
})
