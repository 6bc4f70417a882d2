import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditItem } from '#model'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { detectReads } from './detect.ts'
import { familyOf, isNight, suspicionsOf, volumeReason, type ReadFact } from './rules.ts'

let h: TestHospital
const people: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ at: '2026-06-15T02:00:00Z' })
  for (const [name, unit, role] of [
    ['张海涛', '骨科', 'departmentHead'],
    ['李卫东', '骨科', null],
    ['张敏', '妇产科', null],
    ['王芳', '医务处', 'medicalOffice'],
    ['周敏', '纪检', 'auditOfficer'],
    ['赵安', '信息科', 'securityOfficer'],
  ] as const)
    // prettier-ignore
    people[name] = await h.person(name, { unit, ...(role ? { roles: [role] } : {}) })
  people['主任'] = await h.person('主任', { unit: '骨科', roles: ['departmentHead'], post: 'head' })
  await detectReads(h.kernel)
})
afterAll(() => h[Symbol.asyncDispose]())

/** Entries as the program writes them when somebody opens a record. */
const reads = (who: string, resource: string, records: readonly string[], at: string) =>
  h.kernel.db.once(
    `INSERT INTO kernel.audit_entry (at, actor, actor_name, act, outcome, resource, record, detail) SELECT $1::timestamptz + n * interval '1 second', $2::uuid, $3, 'read', 'done', $4, r, '{}' FROM unnest($5::uuid[]) WITH ORDINALITY AS x(r, n)`,
    [at, people[who], who, resource, records],
  )
const found = async (who: string) =>
  (
    await h.kernel.db.query<{ kind: string; reason: string; reads: number; status: string; id: string }>(
      `SELECT id, kind, reason, reads, status FROM security.read_finding WHERE person = $1 ORDER BY kind`,
      [people[who]],
    )
  ).map((row) => ({ ...row }))
const many = (count: number) => Array.from({ length: count }, (_, n) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`)

test('a colleague’s and a namesake’s file are findings with the reason in words; the office that keeps the files and the head of the unit read them by duty', async () => {
  await reads('张海涛', 'staff.practitioner', [people['李卫东']!, people['张敏']!], '2026-06-15T03:00:00Z')
  await reads('王芳', 'staff.practitioner', [people['李卫东']!, people['张海涛']!], '2026-06-15T03:00:00Z')
  await reads('主任', 'staff.practitioner', [people['李卫东']!], '2026-06-15T03:00:00Z')
  expect(await detectReads(h.kernel)).toBe(5)
  expect(await found('张海涛')).toMatchObject([
    { kind: 'colleague', reason: '查看了同科室同事的医务人员（李卫东），而这类记录不由其维护', reads: 1, status: 'open' },
    { kind: 'family', reason: '查看了同姓人员的医务人员（张敏），可能是亲属', reads: 1 },
  ])
  expect([await found('王芳'), await found('主任')]).toEqual([[], []])
  // None is looked at twice; more of the same day adds to what is known.
  expect(await detectReads(h.kernel)).toBe(0)
  await reads('张海涛', 'staff.practitioner', [people['李卫东']!], '2026-06-15T04:00:00Z')
  await detectReads(h.kernel)
  expect((await found('张海涛')).map((row) => row.reads)).toEqual([2, 1])
})

test('what commits late is still looked at', async () => {
  const late = h.kernel.db.transaction(async (tx) => {
    await tx.once(`INSERT INTO kernel.audit_entry (at, actor, actor_name, act, outcome, resource, record, detail) VALUES ('2026-06-15T05:00:00Z', $1, '李卫东', 'read', 'done', 'staff.practitioner', $2, '{}')`, [people['李卫东'], people['张海涛']]) // prettier-ignore
    await reads('王芳', 'staff.practitioner', [people['张敏']!], '2026-06-15T05:00:00Z')
    expect(await detectReads(h.kernel)).toBe(1)
  })
  await late
  expect(await detectReads(h.kernel)).toBe(1)
  expect(await found('李卫东')).toMatchObject([{ kind: 'colleague' }])
})

test('far more than on his own days, and far more than others of his role, is a finding; as much as ever is none', async () => {
  for (let day = 1; day <= 10; day++) {
    await reads('张敏', 'privileges.procedure', many(8), `2026-06-${String(day).padStart(2, '0')}T03:00:00Z`)
    await reads('王芳', 'privileges.procedure', many(60), `2026-06-${String(day).padStart(2, '0')}T03:00:00Z`)
  }
  await detectReads(h.kernel)
  await h.kernel.db.query(`DELETE FROM security.read_finding WHERE kind = 'volume'`)
  await reads('张敏', 'privileges.procedure', many(45), '2026-06-15T06:00:00Z')
  await reads('王芳', 'privileges.procedure', many(70), '2026-06-15T06:00:00Z')
  await detectReads(h.kernel)
  expect(await found('张敏')).toMatchObject([{ kind: 'volume', reason: '一天查看 45 条记录，本人平日约 8 次', reads: 45 }])
  expect((await found('王芳')).filter((row) => row.kind === 'volume')).toEqual([])
})

test('several at night by somebody who does not work at night; one or two are none', async () => {
  await reads('李卫东', 'privileges.procedure', many(2), '2026-06-16T15:00:00Z')
  await detectReads(h.kernel)
  expect((await found('李卫东')).filter((row) => row.kind === 'night')).toEqual([])
  await reads('李卫东', 'privileges.procedure', many(6), '2026-06-16T15:30:00Z')
  await detectReads(h.kernel)
  expect((await found('李卫东')).filter((row) => row.kind === 'night')).toMatchObject([{ reads: 8, reason: expect.stringContaining('22 时至次日 6 时查看 8 条记录') as string }]) // prettier-ignore
})

test('the rules by themselves: own record where that is not usual, families of two characters, night by the hospital’s clock', () => {
  const fact: ReadFact = { seq: 1, at: '2026-06-15T03:00:00Z', person: 'a', resourceLabel: '投诉', subject: 'a', subjectName: '欧阳雪', unit: 'u', subjectUnit: 'u', readerName: '欧阳雪', isKeeper: true, isOwnUsual: false } // prettier-ignore
  expect(suspicionsOf([fact])).toMatchObject([{ kind: 'own', reason: '查看了关于本人的投诉，这类记录本人通常不看' }])
  expect(suspicionsOf([{ ...fact, isOwnUsual: true }])).toEqual([])
  expect([familyOf('欧阳雪'), familyOf('欧雪'), familyOf('𠮷野'), familyOf(' ')]).toEqual(['欧阳', '欧', '𠮷', ''])
  expect(suspicionsOf([{ ...fact, subject: 'b', subjectName: 'Smith', readerName: 'Smart', subjectUnit: 'v', isKeeper: false }])).toEqual(
    [],
  )
  expect([isNight('2026-06-15T14:00:00Z'), isNight('2026-06-15T13:59:59Z'), isNight('2026-06-15T21:59:00Z'), isNight('2026-06-15T22:00:00Z')]).toEqual([true, false, true, false]) // prettier-ignore
  expect(volumeReason(31, { past: [], peers: [], nightShare: 0 })).toContain('此前没有可比的记录')
  expect(volumeReason(30, { past: [], peers: [], nightShare: 0 })).toBeNull()
  expect(volumeReason(100, { past: [2, 2, 2, 2, 2], peers: [50, 50, 50, 50, 50], nightShare: 0 })).toBeNull()
})

test('an officer sees the entries behind a finding and says what it is, with his reason; nobody else may, nobody his own, nobody twice', async () => {
  h.clock.set('2026-06-15T06:00:00Z')
  const [{ id } = { id: '' }] = await found('张海涛')
  const officer = await h.signIn(people['赵安']!)
  expect((await officer.call('GET', '/api/messages')).text).toContain('访问异常待复核')
  const { rows } = (await officer.call('GET', `/api/audit/findings/${id}/entries`)).json<object>() as { rows: AuditItem[] }
  expect(rows.map((row) => `${row.actorName} ${row.actLabel} ${row.resourceLabel}`)).toEqual(Array(2).fill('张海涛 查看 医务人员'))
  const review = (verdict: string, words: string) => officer.call('POST', `/api/audit/findings/${id}/review`, { verdict, review: words })
  expect((await review('explained', ' ')).text).toContain('请写明复核意见')
  expect((await review('perhaps', '会诊')).status).toBe(400)
  expect((await review('explained', '会诊需要，已核实')).status).toBe(200)
  expect((await review('escalated', '再看')).text).toContain('已有人复核')
  const auditor = await h.signIn(people['周敏']!)
  const [entry] = ((await auditor.call('GET', '/api/audit?act=audit.review')).json<object>() as { rows: AuditItem[] }).rows
  expect(entry).toMatchObject({ actorName: '赵安', actLabel: '复核访问异常', words: [{ label: '原因', value: '会诊需要，已核实' }, { label: '人员', value: '张海涛' }, { label: '结论', value: '已说明，正常' }] }) // prettier-ignore
  const doctor = await h.signIn(people['张海涛']!)
  expect((await doctor.call('GET', `/api/audit/findings/${id}/entries`)).status).toBe(403)
  expect((await doctor.call('GET', '/api/records/security.readFinding')).status).toBe(403)
  await h.kernel.db.query(`UPDATE security.read_finding SET status = 'open', person = $2 WHERE id = $1`, [id, people['赵安']])
  expect((await review('explained', '自己')).text).toContain('由另一位管理员复核')
})
