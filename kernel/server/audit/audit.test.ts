import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '#kernel/server/database/database.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { readCopied } from './copied-rows.ts'
import { entryHash, shaOf, streamNames, streams } from './entries.ts'
import { RowText } from './row-text.ts'
import { sealOnce } from './sealer.ts'
import { verifyAudit } from './verifier.ts'

let h: TestHospital
const key = randomBytes(32)
beforeAll(async () => {
  h = await hospital()
})
afterAll(() => h[Symbol.asyncDispose]())

const seal = () => sealOnce(h.house.sealer!, h.clock, key)
const verify = async () => verifyAudit(h.kernel.db, key, { threads: 0 })
const asSuperuser = (sql: string) => withClient(h.database.adminUrl, (client) => client.query(sql))
const lastSeqs = async (n: number) =>
  (await h.kernel.db.query<{ seq: number }>(`SELECT seq FROM kernel.audit_entry ORDER BY seq DESC LIMIT ${n}`)).map((r) => r.seq)

test('the hash computed here is the database’s, by either way, whatever the content', async () => {
  for (const [name, at, detail] of [['𠮷野家', '2026-06-15T04:00:00.123456Z', '{"a": [1, "二"]}'], ['', '1969-12-31T23:59:59.5Z', '{}'], ['a"b\\c\n', '2000-01-01T00:00:00Z', `{"long": "${'长'.repeat(9000)}"}`], [null, '1970-01-01T00:00:00Z', '{"e": "é😀"}']] as const) // prettier-ignore
    await h.kernel.db.once(`INSERT INTO kernel.audit_entry (at, actor_name, act, outcome, detail) VALUES ($2, $1, 'x', 'done', $3)`, [name, at, detail]) // prettier-ignore
  for (const stream of streamNames) {
    const { table, parts, text, hash, copied, kinds } = streams[stream]
    const rows = await h.kernel.db.once<{ seq: number; parts: string[]; text: string; hash: Buffer }>(
      `SELECT seq, ${parts} AS parts, ${text} AS text, ${hash} AS hash FROM ${table} ORDER BY seq`,
    )
    for (const row of rows) expect([entryHash(row.parts), Buffer.from(shaOf(row.text), 'latin1')]).toEqual([row.hash, row.hash])
    const [texts, seen] = [new RowText(kinds), [] as { seq: number; text: string; hash: string }[]]
    await withClient(h.database.appUrl, (client) =>
      readCopied(client, `SELECT ${copied} FROM ${table} ORDER BY seq`, (row) => {
        const own = texts.textOf(row).toString('utf8')
        seen.push({ seq: texts.seq, text: own, hash: Buffer.from(texts.hashOf(row), 'latin1').toString('hex') })
      }),
    )
    expect(seen).toEqual(rows.map((row) => ({ seq: row.seq, text: row.text, hash: row.hash.toString('hex') })))
    expect(rows.length).toBeGreaterThanOrEqual(2)
  }
})

test('untouched entries verify, and what is not sealed yet is said with its seconds', async () => {
  await h.person('张海涛')
  expect(await seal()).toBeGreaterThan(0)
  expect((await verify()).findings).toEqual([])
  h.clock.set('2026-06-16')
  await h.person('李卫东')
  const report = await verify()
  expect(report.findings).toEqual([])
  expect(report.unsealed.find((u) => u.stream === 'audit')).toMatchObject({
    count: expect.any(Number) as number,
    from: '2026-06-16T04:00:00.000Z',
  })
  await seal()
  expect((await verify()).unsealed.map((u) => u.count)).toEqual([0, 0])
  expect(await seal()).toBe(0)
})

test('a transaction that commits after a later one was sealed is sealed next time, not lost', async () => {
  await withClient(h.database.appUrl, async (client) => {
    await client.query('BEGIN')
    await client.query(`INSERT INTO kernel.audit_entry (at, act, outcome, detail) VALUES ('2026-06-16T05:00:00Z', 'slow', 'done', '{}')`)
    await h.person('郑毅')
    await seal()
    await client.query('COMMIT')
  })
  expect((await verify()).findings).toEqual([])
  expect(await seal()).toBe(1)
  expect(await verify()).toMatchObject({ findings: [], unsealed: [{ count: 0 }, { count: 0 }] })
})

test('a superuser alters, drops, inserts and swaps entries: each is named', async () => {
  await h.person('孙宁')
  await h.person('马超')
  await seal()
  const [a, b, c, d] = (await lastSeqs(6)) as [number, number, number, number]
  await asSuperuser(`UPDATE kernel.audit_entry SET actor_name = '别人' WHERE seq = ${a}`)
  await asSuperuser(`DELETE FROM kernel.audit_entry WHERE seq = ${b}`)
  await asSuperuser(
    `INSERT INTO kernel.audit_entry (seq, at, tx, act, outcome, detail) SELECT 1000000, at, tx, 'forged', 'done', '{}' FROM kernel.audit_entry WHERE seq = ${c}`,
  )
  await asSuperuser(`UPDATE kernel.audit_entry SET seq = CASE seq WHEN ${c} THEN ${d} ELSE ${c} END WHERE seq IN (${c}, ${d})`)
  await asSuperuser(`UPDATE kernel.history SET changes = '{}' WHERE seq = (SELECT max(seq) FROM kernel.history)`)
  const named = (await verify()).findings.map((f) => `${f.stream} ${f.kind} ${f.stream === 'audit' ? f.seq : ''}`.trim())
  const byThreads = await verifyAudit(h.kernel.db, key, { threads: 3 })
  expect(byThreads.findings.map((f) => f.text).sort()).toEqual((await verify()).findings.map((f) => f.text).sort())
  expect(byThreads).toMatchObject({ found: 6, entries: (await verify()).entries, seals: (await verify()).seals })
  expect(named.sort()).toEqual(
    [
      `audit altered ${a}`,
      `audit dropped ${b}`,
      `audit inserted 1000000`,
      `audit moved ${c}`,
      `audit moved ${d}`,
      'history altered',
    ].sort(),
  )
})

test('the proof takes as long as it takes: what waits for its threads is not cut off as idle', async () => {
  const hasty = openDatabase(`${h.database.appUrl}?options=-c%20idle_in_transaction_session_timeout%3D20`, { max: 1 })
  try {
    expect(await verifyAudit(hasty, key, { threads: 2 })).toEqual(await verifyAudit(h.kernel.db, key, { threads: 2 }))
  } finally {
    await hasty.close()
  }
})

test('a hundred thousand rows slipped in at once are counted without being kept', async () => {
  await seal()
  const before = (await verify()).found
  await asSuperuser(
    `INSERT INTO kernel.audit_entry (seq, at, tx, act, outcome, detail) SELECT n, now(), '3', 'forged', 'done', '{}' FROM generate_series(2000001, 2100000) n`,
  )
  await asSuperuser(`SELECT setval('kernel.entry_seq', 3000000)`)
  await h.kernel.db.once(
    `INSERT INTO kernel.audit_entry (at, act, outcome, detail) SELECT now(), 'bulk', 'done', '{}' FROM generate_series(1, 17000)`,
  )
  await seal()
  for (const threads of [0, 2]) {
    const report = await verifyAudit(h.kernel.db, key, { threads })
    expect(report.found).toBe(before + 100_000)
    expect(report.findings.length).toBeLessThanOrEqual(10_000)
  }
  await asSuperuser(`DELETE FROM kernel.audit_entry WHERE seq BETWEEN 2000001 AND 2100000`)
  expect((await verify()).found).toBe(before)
})

test('a seal that is rewritten, even with all hashes recomputed, fails without the key; a missing one is named', async () => {
  await asSuperuser(`UPDATE kernel.seal SET sealed_at = sealed_at + interval '1 second' WHERE stream = 'audit' AND number = 1`)
  expect((await verify()).findings).toContainEqual(expect.objectContaining({ kind: 'sealBroken', seq: 1 }))
  const otherKey = await verifyAudit(h.kernel.db, randomBytes(32))
  expect(otherKey.findings.filter((f) => f.kind === 'sealBroken').length).toBe(otherKey.seals)
  await asSuperuser(`DELETE FROM kernel.seal WHERE stream = 'audit' AND number = 2`)
  expect((await verify()).findings).toContainEqual(expect.objectContaining({ kind: 'sealMissing', seq: 2 }))
})
