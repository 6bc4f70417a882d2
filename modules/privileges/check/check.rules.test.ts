import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '#model'
import { rule } from '#kernel/model/rules/index.ts'
import { admissionRule } from '../application/application.limits.rules.ts'
import { checkPrivilege, decide, modeFor, nameSeniors } from './check.rules.ts'
import { checkCodes, codeOrder } from './codes.rules.ts'
import type { GrantFact, PrivilegeFacts, PrivilegeQuestion, RegistrationFact } from './facts.rules.ts'
import { TitleRules, type TitleRule } from './title.rules.ts'

const institutions: Record<string, { name: string; licence: string | null }> = {
  east: { name: '杏林医院', licence: 'L1' },
  south: { name: '杏林医院南院区', licence: 'L1' },
  other: { name: '杏林二院', licence: 'L2' },
}
const registration = (more: Partial<RegistrationFact> = {}): RegistrationFact => ({
  id: 'r1', kind: 'doctor', institution: 'east', filedInstitutions: [], status: 'active', from: '2015-01-01', to: null,
  suspendedFrom: null, suspendedTo: null, cancelledOn: null, ...more,
}) // prettier-ignore
const grant = (more: Partial<GrantFact> = {}): GrantFact => ({
  id: 'g1', number: 'SQ-1', procedure: 'p1', level: 'three', mode: 'item', from: '2025-01-01', to: '2026-12-31', narrowedTo: null,
  supervisedCases: 0, supervisedDone: 0, status: 'active', endedOn: null, ...more,
}) // prettier-ignore
/** The rule as the product proposes it, and as the hospital has adopted it. */
const unsigned = new TitleRules({ cards: [admissionRule], signatures: [] }, () => [])
const signed = (flags: readonly string[]) =>
  new TitleRules(
    {
      cards: [
        { ...admissionRule, values: { ...admissionRule.values, ...Object.fromEntries(flags.map((name) => [name, rule.demanded(name)])) } },
      ],
      signatures: [{ card: admissionRule.id, by: 'w', on: '2026-01-01' }],
    },
    () => [],
  )
interface Case {
  person?: Partial<PrivilegeFacts['practitioner']>
  registrations?: readonly RegistrationFact[]
  grants?: readonly GrantFact[]
  suspensions?: PrivilegeFacts['suspensions']
  procedure?: Partial<PrivilegeFacts['procedure']>
  titleRule?: TitleRule
  site?: string | null
  ask?: Partial<PrivilegeQuestion>
}
function ask(c: Case = {}) {
  const site = c.site === undefined ? 'east' : c.site
  const facts: PrivilegeFacts = {
    practitioner: {
      id: 'w', name: '王磊', staffNumber: '00123', unit: 'u', status: 'active', category: 'doctor', traineeKind: 'employee',
      titleLevel: 'associateSenior', appointedOn: '2020-01-01', appointedTitle: '副主任医师', leftOn: null, ...c.person,
    },
    registrations: c.registrations ?? [registration()],
    grants: c.grants ?? [grant()],
    suspensions: c.suspensions ?? [],
    procedure: {
      id: 'p1', name: '腹腔镜胆囊切除术', codeSystem: '医保版', codeVersion: '2.0', code: '51.2300', level: 'three', operationType: 'surgery',
      restricted: false, titleCondition: null, enabled: true, ...c.procedure,
    },
    titleRule: (level, day) => c.titleRule ?? unsigned.of(null, level, day),
    site: site ? { id: site, ...institutions[site]! } : null,
    institution: (id) => institutions[id],
  } // prettier-ignore
  return checkPrivilege(facts, { role: 'operator', day: '2026-06-30', today: '2026-06-30', urgency: 'elective', ...c.ask })
}
const codesOf = (answer: ReturnType<typeof ask>) => answer.reasons.map((r) => r.code)

describe('a doctor of the house', () => {
  test('with registration and grant may operate, and the chain shows every link as passed', () => {
    const answer = ask()
    expect([answer.result, answer.reasons, answer.sentence]).toEqual(['allowed', [], '王磊可以担任术者“腹腔镜胆囊切除术”。'])
    expect(answer.chain.map((l) => [l.code, l.ok])).toEqual([
      ['person', true], ['standing', true], ['registration', true], ['institution', true], ['procedure', true], ['suspension', true],
      ['grant', true], ['scope', true], ['title', true],
    ]) // prettier-ignore
  })
  test('may still operate on the day his grant ends, and no longer the day after', () => {
    const g = [grant({ to: '2026-06-30' })]
    expect(ask({ grants: g }).result).toBe('allowed')
    expect(ask({ grants: g, ask: { day: '2026-07-01' } })).toMatchObject({
      result: 'denied',
      reasons: [{ code: 'grantEnded', on: '2026-06-30', record: 'g1', resource: 'privileges.grant' }],
      sentence: '王磊不可以担任术者“腹腔镜胆囊切除术”：三级授权已于2026年6月30日到期。',
      cure: { act: 'renew', link: '/privileges/application?kind=renewal&procedure=p1' },
    })
  })
  test('whose registration has no end date is registered for good', () =>
    expect(ask({ ask: { day: '2099-01-01' }, grants: [grant({ to: null })] }).result).toBe('allowed'))
  test('whose registration is suspended may not, and may again by himself once the suspension is over', () => {
    const r = [registration({ status: 'suspended', suspendedFrom: '2026-06-01', suspendedTo: '2026-08-31' })]
    expect(ask({ registrations: r })).toMatchObject({
      result: 'denied',
      reasons: [{ code: 'registrationSuspended', on: '2026-06-01', record: 'r1' }],
    })
    expect(ask({ registrations: r, ask: { day: '2026-08-31' } }).result).toBe('denied')
    expect(ask({ registrations: r, ask: { day: '2026-09-01' } }).result).toBe('allowed')
    expect(ask({ registrations: r, ask: { day: '2026-05-31' } }).result).toBe('allowed')
  })
  test('whose lifted suspension is past was suspended then, and is not now', () => {
    const r = [registration({ suspendedFrom: '2026-03-01', suspendedTo: '2026-03-31' })]
    expect(ask({ registrations: r }).result).toBe('allowed')
    expect(codesOf(ask({ registrations: r, ask: { day: '2026-03-10' } }))).toEqual(['registrationSuspended'])
  })
  test('under a suspension by order may not until it is lifted, whatever else is cured', () => {
    const order = { id: 's1', procedure: null, from: '2026-06-01', liftedOn: null }
    expect(codesOf(ask({ suspensions: [order] }))).toEqual(['suspendedByOrder'])
    expect(codesOf(ask({ suspensions: [order], ask: { day: '2036-06-30' }, grants: [grant({ to: null })] }))).toEqual(['suspendedByOrder'])
    expect(ask({ suspensions: [{ ...order, liftedOn: '2026-06-30' }] }).result).toBe('allowed')
    expect(ask({ suspensions: [{ ...order, procedure: 'p2' }] }).result).toBe('allowed')
  })
  test('with everything against him hears every reason, in the fixed order', () => {
    const answer = ask({
      registrations: [registration({ status: 'suspended', suspendedFrom: '2026-01-01', institution: 'other' })],
      suspensions: [{ id: 's1', procedure: null, from: '2026-06-01', liftedOn: null }],
      grants: [grant({ to: '2026-01-31', status: 'revoked', endedOn: '2026-01-15' })],
      procedure: { enabled: false },
      titleRule: { titles: ['正高级'], mode: 'block', source: '本院规定' },
    })
    expect(codesOf(answer)).toEqual([
      'registrationSuspended',
      'registrationElsewhere',
      'procedureDisabled',
      'suspendedByOrder',
      'grantEnded',
      'grantRevoked',
      'titleBlocked',
    ])
    for (const reason of answer.reasons) expect(answer.sentence).toContain(reason.text)
  })
  test('who left may not from that day on, and could before', () => {
    const person = { status: 'left', leftOn: '2026-06-15' } as const
    expect(codesOf(ask({ person }))).toEqual(['personLeft'])
    expect(ask({ person, ask: { day: '2026-06-14' } }).result).toBe('allowed')
  })
  test('registered at another campus under the same licence may operate; at another legal entity only when filed there', () => {
    expect(ask({ site: 'south' }).result).toBe('allowed')
    expect(codesOf(ask({ site: 'other' }))).toEqual(['registrationElsewhere'])
    expect(ask({ site: 'other', registrations: [registration({ filedInstitutions: ['other'] })] }).result).toBe('allowed')
    expect(ask({ site: null }).chain.find((l) => l.code === 'institution')).toMatchObject({ ok: null })
  })
})

describe('limits of a grant', () => {
  test('assistant only: he may assist, not operate, not supervise', () => {
    const grants = [grant({ narrowedTo: 'assistant' })]
    expect(codesOf(ask({ grants }))).toEqual(['assistantOnly'])
    expect(ask({ grants, ask: { role: 'firstAssistant' } }).result).toBe('allowed')
    expect(ask({ grants, ask: { role: 'supervisor' } }).result).toBe('denied')
  })
  test('supervised, or with supervised cases still open: only with a senior at the table', () => {
    expect(ask({ grants: [grant({ narrowedTo: 'supervised' })] }).result).toBe('allowedUnderSupervision')
    const open = ask({ grants: [grant({ supervisedCases: 5, supervisedDone: 3 })] })
    expect([open.result, open.reasons[0]!.text]).toEqual(['allowedUnderSupervision', '还须带教 2 例（3/5）'])
    expect(ask({ grants: [grant({ supervisedCases: 5, supervisedDone: 5 })] }).result).toBe('allowed')
    expect(codesOf(ask({ grants: [grant({ supervisedCases: 5 })], ask: { role: 'supervisor' } }))).toEqual([
      'casesUnderSupervision',
      'supervisorNeedsFull',
    ])
  })
  test('elective only: not in an emergency; unstated urgency is answered as elective and said', () => {
    const grants = [grant({ narrowedTo: 'elective' })]
    expect(ask({ grants }).result).toBe('allowed')
    expect(codesOf(ask({ grants, ask: { urgency: 'emergency' } }))).toEqual(['electiveOnly'])
    expect(ask({ grants, ask: { urgency: null } })).toMatchObject({ result: 'allowed', notices: [{ code: 'urgencyUnstated' }] })
  })
  test('of two valid grants the wider one counts', () =>
    expect(
      ask({ grants: [grant({ narrowedTo: 'assistant' }), grant({ id: 'g2', narrowedTo: null }), grant({ id: 'g3', status: 'revoked' })] })
        .result,
    ).toBe('allowed'))
  test('a grant by level covers neither a restricted technique nor a level raised since', () => {
    const grants = [grant({ mode: 'level', level: 'two' })]
    expect(codesOf(ask({ grants, procedure: { level: 'two', restricted: true } }))).toEqual(['restrictedNeedsItem'])
    expect(codesOf(ask({ grants, procedure: { level: 'three' } }))).toEqual(['levelRaised'])
  })
})

describe('people without our registration', () => {
  test.each(['standardTraining', 'furtherTraining', 'student'] as const)('%s: never a plain yes, with a senior by name', (traineeKind) => {
    const answer = nameSeniors(ask({ person: { traineeKind }, registrations: [], grants: [] }), [
      { id: 'l', name: '李敏', title: '主任医师' },
    ])
    expect([answer.result, codesOf(answer)]).toEqual(['allowedUnderSupervision', ['trainee']])
    expect(answer.sentence).toContain('可请李敏（主任医师）到场')
    expect(ask({ person: { traineeKind } }).result).toBe('allowedUnderSupervision')
    expect(ask({ person: { traineeKind }, ask: { role: 'supervisor' } }).result).toBe('denied')
  })
  test('a visiting expert operates only under a temporary grant, accompanied unless filed here', () => {
    const person = { traineeKind: 'visitingExpert', status: 'external' } as const
    const temporary = [grant({ mode: 'temporary', from: '2026-06-30', to: '2026-06-30' })]
    expect(codesOf(ask({ person, registrations: [], grants: [] }))).toEqual(['needsTemporaryGrant', 'visitingExpert'])
    expect(codesOf(ask({ person, registrations: [] }))).toContain('needsTemporaryGrant')
    expect(ask({ person, registrations: [], grants: temporary }).result).toBe('allowedUnderSupervision')
    expect(
      ask({ person, registrations: [registration({ institution: 'other', filedInstitutions: ['east'] })], grants: temporary }).result,
    ).toBe('allowed')
  })
  test('an employee whose registration is not on file works with a senior only', () =>
    expect(codesOf(ask({ registrations: [] }))).toEqual(['registrationMissing']))
  test('a nurse may not be operator or assistant of an operation, and may hold a grant for what nurses do', () => {
    const person = { category: 'nurse', titleLevel: 'intermediate' } as const
    const nurse = [registration({ kind: 'nurse', to: '2030-01-01' })]
    expect(codesOf(ask({ person, registrations: nurse }))).toContain('notADoctor')
    expect(ask({ person, registrations: nurse, procedure: { operationType: 'therapeutic', level: 'two' } }).result).toBe('allowed')
  })
})

describe('roles, urgency and title', () => {
  test('a first assistant without a grant stands under the operator, save for restricted techniques and what was taken away', () => {
    expect(codesOf(ask({ grants: [], ask: { role: 'firstAssistant' } }))).toEqual(['noGrant', 'assistantWithoutGrant'])
    expect(ask({ grants: [], ask: { role: 'firstAssistant' } }).result).toBe('allowedUnderSupervision')
    expect(ask({ grants: [], procedure: { restricted: true }, ask: { role: 'firstAssistant' } }).result).toBe('denied')
    expect(ask({ grants: [grant({ status: 'revoked' })], ask: { role: 'firstAssistant' } }).result).toBe('denied')
  })
  test('in an emergency a registered doctor may go beyond his grant with a report, but never beyond an order or his registration', () => {
    const urgency = 'emergency'
    expect(ask({ grants: [], ask: { urgency } })).toMatchObject({
      result: 'allowedUnderSupervision',
      reasons: [{ code: 'noGrant' }, { code: 'emergencyBeyondGrant' }],
    })
    expect(ask({ grants: [grant({ status: 'revoked' })], ask: { urgency } }).result).toBe('denied')
    expect(ask({ grants: [], registrations: [], ask: { urgency } }).result).toBe('denied')
    expect(
      ask({ grants: [], suspensions: [{ id: 's', procedure: null, from: '2026-01-01', liftedOn: null }], ask: { urgency } }).result,
    ).toBe('denied')
  })
  test('the title appointed is said, asked for or required, as the hospital has set', () => {
    const person = { titleLevel: 'intermediate' } as const
    const under = (flags: readonly string[]) => ask({ person, titleRule: signed(flags).of('u', 'three', '2026-06-30')! })
    expect(under([])).toMatchObject({ result: 'allowed', notices: [{ code: 'titleHint' }] })
    expect(under(['explain'])).toMatchObject({ result: 'allowed', notices: [{ code: 'titleExplain' }] })
    expect(under(['explain', 'block'])).toMatchObject({
      result: 'denied',
      reasons: [{ code: 'titleBlocked', text: expect.stringContaining('医院《本院') }],
    })
    expect(ask({ person }).notices).toMatchObject([{ code: 'titleHint', text: '聘任职称为中级，要求副高级、正高级' }])
    expect(ask({ person: { titleLevel: 'senior', appointedOn: '2026-07-01' } }).notices[0]!.code).toBe('titleUnknown')
    expect(ask({ procedure: { titleCondition: 'senior' } }).notices[0]!.text).toContain('要求正高级')
  })
  test('the mode is that of unit and urgency, then unit, then urgency, then hospital; 仅记录 when nothing is set', () => {
    const rules = [
      { unit: null, urgency: null, mode: 'warn' },
      { unit: null, urgency: 'emergency', mode: 'record' },
      { unit: 'surgery', urgency: null, mode: 'block' },
      { unit: 'surgery', urgency: 'emergency', mode: 'warn' },
    ] as const
    expect([
      modeFor(rules, ['ward', 'surgery'], 'elective'),
      modeFor(rules, ['surgery'], 'emergency'),
      modeFor(rules, ['other'], 'emergency'),
      modeFor(rules, ['other'], null),
      modeFor([], ['other'], null),
    ]).toEqual(['block', 'warn', 'record', 'warn', 'record'])
    expect(decide('record', 'denied')).toEqual({ result: 'recorded', would: 'denied', warning: false })
    expect(decide('warn', 'denied')).toEqual({ result: 'denied', would: null, warning: true })
    expect(decide('block', 'allowed')).toEqual({ result: 'allowed', would: null, warning: false })
  })
  test('every code has a label, a rule and a place in the order', () => {
    expect(Object.keys(checkCodes)).toHaveLength(43)
    for (const [code, { label, rule }] of Object.entries(checkCodes))
      expect([label && rule && codeOrder[code] !== undefined, code]).toEqual([true, code])
  })
})

const aDay = fc.integer({ min: -400, max: 400 }).map((n) => addDays('2026-06-30', n))
const maybeDay = fc.option(aDay, { nil: null })
const anyRegistration = fc.record({
  status: fc.constantFrom('active', 'suspended', 'cancelled'), from: aDay, to: maybeDay, suspendedFrom: maybeDay, suspendedTo: maybeDay, cancelledOn: maybeDay,
  institution: fc.constantFrom('east', 'south', 'other'), filedInstitutions: fc.subarray(['east', 'other']), kind: fc.constantFrom('doctor', 'nurse'),
}).map((r) => registration(r as Partial<RegistrationFact>)) // prettier-ignore
const anyGrant = fc.record({
  status: fc.constantFrom('active', 'suspended', 'withdrawn', 'revoked', 'resigned'), from: aDay, to: maybeDay, endedOn: maybeDay,
  procedure: fc.constantFrom('p1', 'p2'), mode: fc.constantFrom('item', 'level', 'temporary', 'transferred'), level: fc.constantFrom('one', 'three'),
  narrowedTo: fc.constantFrom(null, 'assistant', 'supervised', 'elective'), supervisedCases: fc.constantFrom(0, 3), supervisedDone: fc.constantFrom(0, 3),
}).map((g) => grant(g as Partial<GrantFact>)) // prettier-ignore
const anyCase = fc.record({
  registrations: fc.array(anyRegistration, { maxLength: 3 }),
  grants: fc.array(anyGrant, { maxLength: 4 }),
  suspensions: fc.array(fc.record({ id: fc.constant('s'), procedure: fc.constantFrom(null, 'p1', 'p2'), from: aDay, liftedOn: maybeDay }), { maxLength: 2 }),
  person: fc.record({
    traineeKind: fc.constantFrom('employee', 'standardTraining', 'furtherTraining', 'student', 'visitingExpert', null),
    category: fc.constantFrom('doctor', 'nurse', null), status: fc.constantFrom('active', 'away', 'left', 'external'), leftOn: maybeDay,
    titleLevel: fc.constantFrom(null, 'junior', 'senior'),
  }),
  procedure: fc.record({ enabled: fc.boolean(), restricted: fc.boolean(), level: fc.constantFrom(null, 'one', 'four'), operationType: fc.constantFrom('surgery', 'therapeutic') }),
  site: fc.constantFrom(null, 'east', 'south', 'other'),
  ask: fc.record({ day: aDay, role: fc.constantFrom('operator', 'firstAssistant', 'supervisor'), urgency: fc.constantFrom(null, 'elective', 'emergency') }),
}) as fc.Arbitrary<Case> // prettier-ignore

// Written apart from the rules, in the plainest way: what must at least hold for a plain yes.
function parentsHold(c: Case): boolean {
  const day = c.ask!.day!
  const runs = (from: string | null, to: string | null) => (!from || from <= day) && (!to || day <= to)
  const registered = c.registrations!.some(
    (r) =>
      runs(r.from, r.to) &&
      !(r.status === 'cancelled' && (!r.cancelledOn || r.cancelledOn <= day)) &&
      !(r.status === 'suspended' && runs(r.suspendedFrom, r.suspendedTo)) &&
      (!c.site || [r.institution, ...r.filedInstitutions!].some((id) => institutions[id]!.licence === institutions[c.site!]!.licence)),
  )
  const granted = c.grants!.some(
    (g) => g.procedure === 'p1' && runs(g.from, g.to) && (g.status === 'active' || (g.endedOn !== null && g.endedOn > day)),
  )
  const ordered = c.suspensions!.some((s) => s.procedure !== 'p2' && s.from <= day && (!s.liftedOn || s.liftedOn > day))
  const trainee = ['standardTraining', 'furtherTraining', 'student'].includes(c.person!.traineeKind ?? '')
  const gone = c.person!.status === 'left' && (!c.person!.leftOn || c.person!.leftOn <= day)
  return registered && granted && !ordered && !trainee && !gone && c.procedure!.enabled!
}

describe('whatever the facts', () => {
  test('a plain yes is never given while registration or grant is not valid', () => {
    const isSound = fc.property(anyCase, (c) => ask(c).result !== 'allowed' || parentsHold(c))
    expect(fc.check(isSound, { numRuns: 3000, seed: 20261121 }).counterexample).toBeNull()
  })
  test('the result, the reasons, the chain and the sentence agree, and reasons keep the fixed order', () => {
    const agree = fc.property(anyCase, (c) => {
      const { result, reasons, chain, sentence } = ask(c)
      const effects = reasons.map((r) => r.effect)
      const places = reasons.map((r) => codeOrder[r.code]!)
      return (
        result === (effects.includes('denies') ? 'denied' : effects.length ? 'allowedUnderSupervision' : 'allowed') &&
        places.every((place, at) => at === 0 || places[at - 1]! <= place) &&
        (result === 'allowed') === chain.every((l) => l.ok !== false) &&
        reasons.every((r) => sentence.includes(r.text)) &&
        !(c.ask!.role === 'supervisor' && result === 'allowedUnderSupervision')
      )
    })
    expect(fc.check(agree, { numRuns: 2000, seed: 20261121 }).counterexample).toBeNull()
  })
})
