import { expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { productDefinitions } from '#app/definitions.ts'
import { planningOf } from '#kernel/server/clock/planning.ts'
import type { RuleAnswer, RuleList } from './rule.rules.ts'

const card = (layer: string, values: object[], more: object = {}) => ({
  key: 'consultation', label: '会诊时限', layer, document: '本院会诊管理规定', certainty: 'A', from: '2026-06-01', values, ...more,
}) // prettier-ignore
const ordinary = (amount: string, unit = 'hours') => ({ name: 'ordinary', label: '普通会诊完成', order: 'max', amount, unit })
const emergency = (amount: string) => ({ name: 'emergency', label: '急会诊到场', order: 'max', amount, unit: 'minutes' })
const office = async (h: TestHospital) => h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
const save = async (session: HttpSession, body: object) => {
  const answer = await session.call('POST', '/api/records/rules.card', body)
  return answer.status === 201
    ? 'saved'
    : (answer.json<{ problems?: { field: string; message: string }[]; title: string }>().problems ?? answer.status)
}
const read = async (session: HttpSession, key: string, query = '') =>
  (await session.call('GET', `/api/rules/${key}${query}`)).json<RuleAnswer>()

test('the hospital tightens, a department tightens further; loosening is refused at its value, naming the layer', async () => {
  await using h = await hospital()
  const [session, ortho, heart] = [await office(h), await h.unit('骨科'), await h.unit('心内科')]
  expect(await save(session, card('hospital', [ordinary('48')]))).toEqual([
    {
      field: 'values.0.amount',
      message: '“普通会诊完成”国家规定不超过 24 小时，不超过 48 小时是放宽：下级规则只能收紧（见国家“会诊时限”）',
    },
  ])
  expect(await save(session, card('hospital', [ordinary('3', 'workingDays')]))).toMatchObject([{ field: 'values.0.amount', message: expect.stringContaining('无法比较宽严') as string }]) // prettier-ignore
  expect(await save(session, card('hospital', [ordinary('12')]))).toBe('saved')
  expect(await save(session, card('department', [ordinary('18')], { unit: ortho }))).toMatchObject([
    { message: expect.stringContaining('医院规定不超过 12 小时') as string },
  ])
  expect(await save(session, card('department', [emergency('5')], { unit: ortho }))).toBe('saved')
  const inOrtho = await read(session, 'consultation', `?unit=${ortho}`)
  expect(inOrtho.columns.map((c) => c.layerName)).toEqual(['国家', '医院', '科室 · 骨科'])
  expect(inOrtho.values.map((v) => [v.name, v.text, v.said.length])).toEqual([
    ['ordinary', '不超过 12 小时', 2],
    ['emergency', '不超过 5 分钟', 2],
  ])
  const [limit] = inOrtho.values
  expect([limit!.due!.at, limit!.lawDue!.at]).toEqual(['2026-06-15T16:00:00.000Z', '2026-06-16T04:00:00.000Z'])
  const list = (await session.call('GET', `/api/rules?unit=${heart}`)).json<RuleList>()
  expect(list.rules.find((r) => r.key === 'consultation')).toMatchObject({
    values: [{ text: '普通会诊完成不超过 12 小时', layer: 'hospital' }, { text: '急会诊到场不超过 10 分钟', layer: 'nation' }],
    layers: ['nation', 'hospital'],
  }) // prettier-ignore
})

test('a limit that names a rule is due by the layer that binds, as it stood when it began', async () => {
  await using h = await hospital()
  const session = await office(h)
  await save(session, card('hospital', [ordinary('12')], { from: '2026-06-10' }))
  const planning = await planningOf(h.kernel)
  const due = (from: string) => planning.dueAt({ rule: 'consultation.ordinary' }, new Date(from), null)
  expect(due('2026-06-09T01:00:00Z')).toMatchObject({ at: new Date('2026-06-10T01:00:00Z'), binding: { card: { layer: 'nation' } } })
  expect(due('2026-06-10T01:00:00Z')).toMatchObject({
    at: new Date('2026-06-10T13:00:00Z'),
    limit: { amount: 12 },
    binding: { card: { layer: 'hospital' } },
  })
  expect(
    planning.dueAt({ rule: 'consultation.ordinary', asOf: 'decision' }, new Date('2026-06-09T01:00:00Z'), null, { today: '2026-06-15' }),
  ).toMatchObject({
    limit: { amount: 12 },
  })
  expect([
    planning.dueAt({ rule: 'consultation.nothing' }, new Date(), null),
    planning.dueAt({ rule: 'antibioticTitles.special' }, new Date(), null),
  ]).toEqual([null, null])
})

test('a proposal of certainty C counts for nothing until somebody signs it with a reason', async () => {
  await using h = await hospital()
  const session = await office(h)
  const before = await read(session, 'beyondLevelEmergency')
  expect([before.values, before.columns.map((c) => c.waits)]).toEqual([[], [true]])
  const report = { rule: 'beyondLevelEmergency.report' }
  expect((await planningOf(h.kernel)).dueAt(report, h.clock.now(), null)).toBeNull()
  const sign = (given: object) => session.call('POST', '/api/rules/sign', given)
  const id = before.columns[0]!.card.id
  expect((await sign({ card: id, opinion: ' ' })).json()).toMatchObject({ problems: [{ field: 'opinion' }] })
  expect((await sign({ card: 'nation/consultation@2018-04-18', opinion: '同意' })).json()).toMatchObject({ problems: [{ field: 'card', message: '这张规则卡不需要签署' }] }) // prettier-ignore
  expect((await sign({ card: id, opinion: '已核对原文，本院采用' })).status).toBe(201)
  expect((await sign({ card: id, opinion: '再签' })).json()).toMatchObject({ problems: [{ message: '这张规则卡已经签署' }] })
  const after = await read(session, 'beyondLevelEmergency')
  expect([after.values[0]!.text, after.columns[0]!.signature]).toEqual(['不超过 24 小时', { by: '周敏', on: '2026-06-15' }])
  expect((await planningOf(h.kernel)).dueAt(report, h.clock.now(), null)).toMatchObject({ limit: { amount: 24 } })
})

test('a version in force is not rewritten: the next one is compared with it in words', async () => {
  await using h = await hospital()
  const session = await office(h)
  await save(session, card('hospital', [ordinary('12')]))
  const { columns } = await read(session, 'consultation')
  const own = columns[1]!.card.id
  const change = (changes: object, version = 1) => session.call('PATCH', `/api/records/rules.card/${own}`, { version, changes })
  expect((await change({ values: [ordinary('6')] })).json()).toMatchObject({
    problems: [{ field: 'from', message: expect.stringContaining('建立新的一版') as string }],
  })
  expect((await change({ note: '补充说明' })).status).toBe(200)
  expect((await change({ to: '2026-12-31' }, 2)).status).toBe(200)
  await save(session, card('hospital', [ordinary('8')], { from: '2026-07-01' }))
  const { versions } = await read(session, 'consultation')
  expect(versions[0]!.changes!.map((c) => c.what)).toContain('“普通会诊完成”由不超过 12 小时收紧为不超过 8 小时')
  expect((await read(session, 'consultation', '?day=2026-06-30')).values[0]!.text).toBe('不超过 12 小时')
  expect((await read(session, 'consultation', '?day=2026-07-01')).values[0]!.text).toBe('不超过 8 小时')
})

test('what was written today may be mended today; a second version of the same day is refused at its date', async () => {
  await using h = await hospital()
  const session = await office(h)
  await save(session, card('hospital', [ordinary('12')], { from: '2026-06-15' }))
  expect(await save(session, card('hospital', [ordinary('8')], { from: '2026-06-15' }))).toMatchObject([{ field: 'from' }])
  const own = (await read(session, 'consultation')).columns[1]!.card.id
  const mend = (by: HttpSession, amount: string, version: number) =>
    by.call('PATCH', `/api/records/rules.card/${own}`, { version, changes: { values: [ordinary(amount)] } })
  expect((await mend(session, '8', 1)).status).toBe(200)
  expect((await read(session, 'consultation')).values[0]!.text).toBe('不超过 8 小时')
  h.clock.set('2026-06-16')
  const later = await h.signIn(await h.person('吴静', { unit: '医务处', roles: ['medicalOffice'] }))
  expect((await mend(later, '6', 2)).json()).toMatchObject({ status: 422, problems: [{ field: 'from' }] })
})

test('a head writes rules of his own department only, and the nation’s cards are nobody’s to write', async () => {
  await using h = await hospital()
  const head = await h.signIn(await h.person('李卫东', { unit: '骨科', roles: ['departmentHead'], post: 'head' }))
  const ortho = await h.unit('骨科')
  expect(await save(head, card('department', [ordinary('6')], { unit: ortho }))).toBe('saved')
  expect(await save(head, card('department', [ordinary('6')], { unit: await h.unit('心内科') }))).toBe(403)
  expect(await save(head, card('hospital', [ordinary('6')]))).toBe(403)
  expect(await save(head, card('hospital', [ordinary('6')], { unit: ortho }))).toMatchObject([{ field: 'unit' }])
  expect(await save(head, card('nation', [ordinary('6')]))).toMatchObject([{ field: 'layer' }])
  expect((await read(head, 'consultation')).may).toEqual({ sign: false, write: ['department'] })
})

test('every shipped rule has its basis and its values are in order', () => {
  const rules = productDefinitions().modules.flatMap((m) => m.rules ?? [])
  expect(rules.length).toBeGreaterThanOrEqual(28)
  expect(rules.filter((r) => r.basis.document === '' || r.checkedBy !== null)).toEqual([])
  expect(
    rules
      .filter((r) => r.certainty === 'C')
      .map((r) => r.key)
      .toSorted(),
  ).toEqual(['beyondLevelEmergency', 'levelFourSurgery', 'privilegeAdmission', 'privilegeRenewal', 'privilegeReview'])
  // What no law says is the hospital's to adopt: a proposal counts only once it is signed.
  expect(rules.filter((r) => r.layer !== 'nation').map((r) => [r.key, r.layer, r.certainty])).toEqual([
    ['privilegeReview', 'hospital', 'C'],
    ['privilegeAdmission', 'hospital', 'C'],
    ['privilegeRenewal', 'hospital', 'C'],
  ])
})
