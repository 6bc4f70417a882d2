import { expect, test } from 'vitest'
import { hospital } from '#app/testing/hospital.ts'
import { runReminders } from './run.ts'
import { updateRecordOf } from '../records/write.ts'

test('90, 60, 30 and 10 days before a grant ends surgeon and office are told once each; renewed, the to-do is gone', async () => {
  await using h = await hospital({ at: '2026-06-15T04:00:00Z' })
  const surgeon = await h.person('张海涛')
  const officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  const procedure = await h.create('privileges.procedure', {
    code: '81.5100',
    name: '全髋关节置换',
    level: 'four',
    codeSystem: '医保版',
    codeVersion: '2.0',
  })
  const grant = await h.create(
    'privileges.grant',
    { number: 'G1', practitioner: surgeon, procedure: procedure.id, from: '2024-09-01', to: '2026-09-10' },
    { byModule: true },
  )
  // Each looks after signing in anew: days pass between.
  const told = async (who = surgeon) =>
    (await (await h.signIn(who)).call('GET', '/api/messages')).json<{ body: string; title: string }[]>().map((m) => m.body || m.title)
  const todos = async (who = surgeon) =>
    (await (await h.signIn(who)).call('GET', '/api/todos')).json<{ title: string }[]>().map((t) => t.title)

  expect(await runReminders(h.kernel)).toContain('privileges.grant.to')
  expect(await told()).toEqual(['张海涛的“全髋关节置换”授权（G1）将于2026-09-10到期，还有87天'])
  expect(await todos(officer)).toEqual(['1 项手术授权将到期'])
  expect(await runReminders(h.kernel)).toEqual([])
  h.clock.set('2026-06-20')
  await runReminders(h.kernel)
  expect(await told()).toHaveLength(1)
  h.clock.set('2026-08-17')
  await runReminders(h.kernel)
  expect((await told())[0]).toContain('还有24天')
  expect(await todos()).toHaveLength(1)
  expect(await todos(officer)).toEqual(['1 项手术授权将到期'])
  await updateRecordOf(h.kernel, await h.system(), 'privileges.grant', grant.id, 1, { to: '2028-09-10' }, { byModule: true })
  h.clock.set('2026-08-18')
  await runReminders(h.kernel)
  expect([await todos(), await todos(officer)]).toEqual([[], []])
})

test('S20 how long before people are reminded comes from a rule card: not before somebody has signed it, by the stricter of hospital and department, and with its basis', async () => {
  await using h = await hospital({ at: '2026-06-15T04:00:00Z' })
  const officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  const surgeon = await h.person('张海涛')
  const other = await h.person('林佩华', { unit: '妇产科' })
  const procedure = await h.create('privileges.procedure', { code: '81.5100', name: '全髋关节置换', level: 'four', codeSystem: '医保版', codeVersion: '2.0' }) // prettier-ignore
  for (const practitioner of [surgeon, other])
    await h.create('privileges.grant', { number: `G-${practitioner.slice(-4)}`, practitioner, procedure: procedure.id, from: '2024-09-01', to: '2026-10-20' }, { byModule: true }) // prettier-ignore
  const told = async (who: string) =>
    (await (await h.signIn(who)).call('GET', '/api/messages')).json<{ body: string; title: string }[]>().map((m) => m.body || m.title)
  await runReminders(h.kernel)
  expect([await told(surgeon), await told(other)]).toEqual([[], []])
  const signer = await h.signIn(officer)
  const card = 'proposal/privilegeRenewal@2026-01-01'
  expect((await signer.call('POST', '/api/rules/sign', { card, opinion: '已写入制度' })).status).toBe(201)
  const values = [{ name: 'notice', label: '到期前提醒', order: 'min', amount: '150', unit: 'days' }]
  await h.create('rules.card', { key: 'privilegeRenewal', label: '手术授权到期提醒', layer: 'department', unit: await h.unit('骨科'), document: '骨科约定', certainty: 'A', from: '2026-06-15', values }) // prettier-ignore
  // 127 days before: within the department's 150, beyond the hospital's 120.
  h.clock.set('2026-06-16')
  await runReminders(h.kernel)
  expect(await told(surgeon)).toEqual([expect.stringMatching(/还有126天（依据：科室《骨科约定》）$/)])
  expect(await told(other)).toEqual([])
  h.clock.set('2026-06-23')
  await runReminders(h.kernel)
  expect(await told(other)).toEqual([expect.stringMatching(/还有119天（依据：医院《本院手术分级管理制度》）$/)])
  expect(await told(surgeon)).toHaveLength(1)
})
