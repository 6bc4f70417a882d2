import { describe, expect, test } from 'vitest'
import { deviceName } from './device-name.ts'
import { fenceProblem, type Fence } from './fences.ts'
import { isWithin, networkProblem, placeOf } from './networks.ts'
import { isPassword, oneTimePassword, passwordProblem } from './passwords.ts'

const at = (text: string) => new Date(`${text}:00+08:00`)
const open: Fence = { accessDays: null, accessFrom: null, accessTo: null, accessNetworks: null }

describe('passwords', () => {
  const of = { account: 'zhangsan', staffNumber: '10086', person: '张海涛', hospital: '杏林医院' }
  const judge = (password: string) => passwordProblem({ passwordLength: 10 }, password, of)
  test.each(['k7#mPq29xL', 'Gu-shan#81xy', 'Ceshi@2026-xl'])('%s is good', async (password) => expect(await judge(password)).toBeNull())
  test.each([
    ['Ab1#efgh', '密码须：10–200 位'],
    ['abcdefgh1234', '密码须：含数字、字母、符号三类'],
    ['ABCDEFGH####', '密码须：含数字、字母、符号三类'],
    ['x#ZhangSan#9k', '密码须：不含账号名、工号'],
    ['kR#10086#kR', '密码须：不含账号名、工号'],
    ['ab', '密码须：10–200 位；含数字、字母、符号三类'],
  ])('%s breaks a rule', async (password, problem) => expect(await judge(password)).toBe(problem))
  test.each(['P@ssw0rd2026!', 'Qwerty!2345', 'Admin@12345', 'Aa123456789!', '1qaz@WSX3e', 'Yiyuan@2026', 'zhanghaitao@1', 'Xinglinyiyuan@1', 'a@1'.repeat(40)])('%s is weak', async (password) => {
    expect(String(await judge(password))).toContain('密码太常见')
  }) // prettier-ignore
  test('one that is given once is never weak, and is no other', async () => {
    const given = Array.from({ length: 20 }, oneTimePassword)
    expect(new Set(given).size).toBe(20)
    for (const password of given) expect(await judge(password)).toBeNull()
  })
  test('without a stored one the answer is no', async () => {
    expect([await isPassword(null, 'x'), await isPassword('no hash', 'x')]).toEqual([false, false])
  })
})

describe('networks', () => {
  test.each(['10.1.2.3', '10.0.0.0/8', '2001:db8::/32', '::1'])('%s is one', (range) => expect(networkProblem(range)).toBeNull())
  test.each(['', '10.1.2', '10.0.0.0/33', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1', 'intranet', '10.0.0.0/ 8'])('%j is none', (range) => expect(networkProblem(range)).not.toBeNull()) // prettier-ignore
  test('an address in the dress of IPv6 is the same one; ranges that are none admit nobody', () => {
    expect(isWithin('::ffff:10.1.2.3', ['10.0.0.0/8'])).toBe(true)
    expect(isWithin('2001:db8::5', ['2001:db8::/32'])).toBe(true)
    expect([isWithin('11.0.0.1', ['10.0.0.0/8']), isWithin('10.1.2.3', ['nonsense']), isWithin('unknown', ['0.0.0.0/0'])]).toEqual([
      false,
      false,
      false,
    ])
  })
  test('the narrowest name wins; without one it is inside or outside', () => {
    const networks = [
      { name: '全院', range: '10.0.0.0/8' },
      { name: '门诊楼', range: '10.1.0.0/16' },
    ]
    expect(['10.1.9.9', '10.2.0.1', '192.168.1.1', '8.8.8.8', '127.0.0.1', '::1'].map((address) => placeOf(address, networks))).toEqual([
      '门诊楼',
      '全院',
      '内网',
      '外网',
      '本机',
      '本机',
    ])
  })
})

describe('fences', () => {
  const day: Fence = { ...open, accessFrom: '08:00', accessTo: '18:00', accessDays: ['1', '2', '3', '4', '5'] }
  const night: Fence = { ...open, accessFrom: '20:00', accessTo: '06:00', accessDays: ['5'] }
  test.each([
    [open, '2026-11-22T03:00', true],
    // A Friday.
    [day, '2026-11-20T08:00', true],
    [day, '2026-11-20T18:00', false],
    [day, '2026-11-20T07:59', false],
    [day, '2026-11-21T10:00', false],
    // The night of Friday ends on Saturday morning.
    [night, '2026-11-20T23:00', true],
    [night, '2026-11-21T05:59', true],
    [night, '2026-11-21T06:00', false],
    [night, '2026-11-20T03:00', false],
    [{ ...open, accessDays: ['7'] }, '2026-11-22T00:00', true],
    [{ ...open, accessDays: ['7'] }, '2026-11-23T00:00', false],
  ] as const)('%# at %s', (fence, when, may) => expect(fenceProblem(fence, at(when), '10.0.0.1') === null).toBe(may)) // prettier-ignore
  test('networks bind before hours are looked at', () => {
    expect(fenceProblem({ ...day, accessNetworks: ['10.0.0.0/8'] }, at('2026-11-20T09:00'), '8.8.8.8')).toBe('该账号不允许从此网络登录')
    expect(fenceProblem({ ...day, accessNetworks: ['10.0.0.0/8'] }, at('2026-11-20T09:00'), '10.8.8.8')).toBeNull()
  })
})

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36', 'Windows 10/11 · Chrome 147'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0', 'Windows 10/11 · Edge 120'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wxwork/4.1.22 MicroMessenger/7.0.1', 'iPhone · 企业微信 4'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15', 'macOS · Safari 17'],
  ['curl/8.5.0', '未知设备'],
])('%s is called as a person would', (agent, name) => expect(deviceName(agent)).toBe(name)) // prettier-ignore
