import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bindPolicy,
  profilePolicy,
  readProtectionDraft,
  thresholdNames,
  thresholds,
  thresholdText,
  type Ladder,
  type Limit,
  type Profile,
} from './protection.ts'

const profiles: Profile[] = (['level2', 'level3'] as const).flatMap((level) => (['intranet', 'internet'] as const).map((exposure) => ({ level, exposure }))) // prettier-ignore
const strict: Profile = { level: 'level3', exposure: 'intranet' }
const lenient: Profile = { level: 'level2', exposure: 'intranet' }

/** By a way of its own: how far up its ladder, or how far along its way. */
function strictness(name: (typeof thresholdNames)[number], value: number | string): number {
  const spec: Limit | Ladder = thresholds[name]
  if (spec.kind === 'ladder') return Object.keys(spec.steps).findIndex((step) => step === value)
  return spec.tighter === 'more' ? Number(value) : 10_000 - Number(value)
}

describe('what the profiles ask', () => {
  test('the numbers that the demand states', () => {
    expect(profilePolicy(strict)).toMatchObject({ passwordLength: 10, lockFailures: 5, idleMinutes: 15, accountNameLength: 6, secondFactor: 'everyone', apiSignature: 'required', captcha: 'afterFailure' })
    expect(profilePolicy(lenient)).toMatchObject({ passwordLength: 8, secondFactor: 'optional', apiSignature: 'optional' })
    for (const level of ['level2', 'level3'] as const) expect(profilePolicy({ level, exposure: 'internet' }).captcha).toBe('always')
  }) // prettier-ignore
  test('level 3 is nowhere looser than level 2, and every threshold names the lines that it answers', () => {
    for (const exposure of ['intranet', 'internet'] as const)
      expect(bindPolicy({ level: 'level2', exposure }, profilePolicy({ level: 'level3', exposure })).policy).toEqual(profilePolicy({ level: 'level3', exposure })) // prettier-ignore
    for (const name of thresholdNames) expect(thresholds[name].lines.every((line) => /^E0\d{3}$/.test(line))).toBe(true)
  })
})

describe('what the hospital adds', () => {
  test('holds where it is tighter; the layer that binds is named', () => {
    const { policy, layer } = bindPolicy(lenient, { passwordLength: 12, secondFactor: 'officers' })
    expect([policy.passwordLength, policy.secondFactor, policy.idleMinutes]).toEqual([12, 'officers', 30])
    expect([layer.passwordLength, layer.secondFactor, layer.idleMinutes]).toEqual(['hospital', 'hospital', 'profile'])
  })
  test('no longer holds when a stricter profile has overtaken it', () => {
    const { policy, layer } = bindPolicy(strict, { passwordLength: 9, idleMinutes: 20, captcha: 'afterFailure' })
    expect([policy.passwordLength, policy.idleMinutes]).toEqual([10, 15])
    expect(new Set(Object.values(layer))).toEqual(new Set(['profile']))
  })
  test.each([
    [{ passwordLength: 7 }, 'passwordLength', '只能更严：等保二级 · 内网要求至少 8 位'],
    [{ idleMinutes: 60 }, 'idleMinutes', '只能更严：等保二级 · 内网要求至多 30 分钟'],
    [{ passwordLength: 200 }, 'passwordLength', '至多 64 位，再严就无法使用'],
    [{ lockFailures: 1 }, 'lockFailures', '至少 3 次，再严就无法使用'],
    [{ idleMinutes: 10.5 }, 'idleMinutes', '请填写整数'],
    [{ captcha: 'never' }, 'captcha', '请选择一项'],
    [{ secondFactor: 'toString' }, 'secondFactor', '请选择一项'],
    [{ constructor: 1 }, 'constructor', '没有这一项'],
  ])('%j is refused at its place', (draft, field, message) => {
    expect(readProtectionDraft(lenient, draft)).toEqual({ own: {}, problems: [{ field, message }] })
  })
  test('nothing that is taken is ever looser than the profile, whatever is sent', () => {
    const anything = fc.dictionary(fc.constantFrom(...thresholdNames), fc.oneof(fc.integer({ min: -5, max: 2000 }), fc.constantFrom('optional', 'officers', 'everyone', 'always', 'afterFailure', 'required'), fc.anything())) // prettier-ignore
    fc.assert(
      fc.property(fc.constantFrom(...profiles), anything, (profile, draft) => {
        const { own } = readProtectionDraft(profile, draft)
        const { policy } = bindPolicy(profile, own)
        const base = profilePolicy(profile)
        for (const name of thresholdNames) {
          expect(strictness(name, policy[name])).toBeGreaterThanOrEqual(strictness(name, base[name]))
          expect(thresholdText(name, policy[name])).not.toContain('undefined')
        }
        // What was taken holds.
        expect(policy).toMatchObject(own)
      }),
      { numRuns: 300 },
    )
  })
})
