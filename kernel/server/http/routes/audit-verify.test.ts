import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealOnce } from '#kernel/server/audit/sealer.ts'
import type { AuditState } from '#kernel/server/audit/state.ts'
import type { VerifyReport } from '#kernel/server/audit/verifier.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let officer: string
beforeAll(async () => {
  h = await hospital()
  officer = await h.person('周敏', { roles: ['auditOfficer'] })
})
afterAll(() => h[Symbol.asyncDispose]())
type Line = { progress?: { entries: number; total: number }; report?: VerifyReport }

test('the audit officer verifies with progress, or only the seals of some days; nobody else may', async () => {
  // More than one batch holds; the newest day stands in seals of its own.
  await h.kernel.db.once(
    `INSERT INTO kernel.audit_entry (at, act, outcome, detail) SELECT '2026-06-15T04:00:00Z', 'bulk', 'done', '{}' FROM generate_series(1, 21000)`,
  )
  await sealOnce(h.house.sealer!, h.clock, h.house.sealKey)
  h.clock.set('2026-06-20')
  await h.person('张海涛')
  await sealOnce(h.house.sealer!, h.clock, h.house.sealKey)

  const officerAt = await h.signIn(officer)
  const answer = await officerAt.call('POST', '/api/audit/verify?progress=1', {})
  expect(answer.headers['content-type']).toContain('application/x-ndjson')
  const lines = answer.text.trim().split('\n').map((line) => JSON.parse(line) as Line) // prettier-ignore
  const { report } = lines.at(-1)!
  const progress = lines.flatMap((line) => (line.progress ? [line.progress] : []))
  expect(progress.length).toBeGreaterThan(2)
  expect(progress.at(-1)).toEqual({ entries: report!.entries, total: report!.entries })
  expect(report).toMatchObject({ found: 0, findings: [] })
  expect(report!.entries).toBeGreaterThan(21_000)

  const victim = `(SELECT min(seq) FROM kernel.audit_entry WHERE act = 'bulk')`
  await withClient(h.database.adminUrl, (admin) => admin.query(`UPDATE kernel.audit_entry SET act = 'other' WHERE seq = ${victim}`))
  const rangeOf = async (query: string) => (await officerAt.call('POST', `/api/audit/verify?${query}`, {})).json<object>() as VerifyReport
  const newest = await rangeOf('from=2026-06-20')
  expect(newest).toMatchObject({ found: 0, unsealed: [{ stream: 'audit' }, { stream: 'history' }] })
  expect(newest.entries).toBeLessThan(100)
  expect(await rangeOf('from=2026-06-15&to=2026-06-15')).toMatchObject({ found: 1, findings: [{ kind: 'altered' }], unsealed: [] })
  expect((await officerAt.call('POST', '/api/audit/verify?from=gestern', {})).status).toBe(400)

  const doctor = await h.signIn(await h.person('李卫东'))
  expect((await doctor.call('POST', '/api/audit/verify?progress=1', {})).status).toBe(403)
  expect((await doctor.call('GET', '/api/audit/state')).status).toBe(403)
})

test('the audit’s state says how old the oldest unsealed entry is and that nothing outside is configured', async () => {
  const session = await h.signIn(officer)
  await sealOnce(h.house.sealer!, h.clock, h.house.sealKey)
  expect((await session.call('GET', '/api/audit/state')).json()).toMatchObject({ seals: [{ stream: 'audit', lagSeconds: 0 }, { lagSeconds: 0 }], syslog: null, anchor: null }) // prettier-ignore
  await withClient(h.database.appUrl, (client) =>
    client.query(`INSERT INTO kernel.audit_entry (at, act, outcome, detail) VALUES (now(), 'x', 'done', '{}')`),
  )
  const { seals } = (await session.call('GET', '/api/audit/state')).json<object>() as AuditState
  expect(seals[0]!.lagSeconds).toBeGreaterThan(0)
})
