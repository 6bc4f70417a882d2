import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultSettings } from '#model'
import { openDatabase, type Database } from '#kernel/server/database/database.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { archiveOnce } from '../duty.ts'
import { sealOnce } from '../sealer.ts'
import { verifyAudit } from '../verifier.ts'
import { verifierFile } from './format.ts'

let h: TestHospital
let folder: string
const key = Buffer.alloc(32, 3)
const asOwner = (sql: string) => withClient(h.database.ownerUrl, (client) => client.query(sql))
const asSuperuser = (sql: string) => withClient(h.database.adminUrl, (client) => client.query(sql))
const asSealer = (sql: string) => withClient(h.database.sealerUrl, (client) => client.query(sql))
const seal = () => sealOnce(h.house.sealer!, h.clock, key)
const verify = () => verifyAudit(h.kernel.db, key)
const write = (at: string, count: number) =>
  h.kernel.db.once(`INSERT INTO kernel.audit_entry (at, actor_name, act, outcome, detail) SELECT $1::timestamptz, '甲', 'read', 'done', '{"n": 1}' FROM generate_series(1, $2::int)`, [at, count]) // prettier-ignore
/** The first day of the month that many months ago, by the database's clock. */
const monthsAgo = (months: number): string => {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 10)
}
const partOf = (month: string) => `kernel.audit_entry_${month.slice(0, 7).replace('-', '_')}`
const [oldest, old, young] = [monthsAgo(40), monthsAgo(39), monthsAgo(20)]
let elsewhere: Database
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinglin-archives-'))
  h = await hospital()
  // Somebody's long transaction anywhere in the cluster: it holds back every snapshot's beginning, and must hold back no archive.
  elsewhere = openDatabase(h.database.adminUrl, { max: 1 })
  await elsewhere.query('BEGIN')
  await elsewhere.query('SELECT pg_current_xact_id()')
  for (const [month, months] of [[oldest, 40], [old, 39], [young, 20]] as const)
    await asOwner(`CREATE TABLE ${partOf(month)} PARTITION OF kernel.audit_entry FOR VALUES FROM ('${month} 00:00+00') TO ('${monthsAgo(months - 1)} 00:00+00')`)
  await write(`${oldest}T01:00:00Z`, 6000)
  // One batch of seals that reaches over the end of the month.
  await write(`${oldest}T02:00:00Z`, 10)
  await write(`${old}T00:00:01Z`, 7)
  await seal()
  await write(`${old}T01:00:00Z`, 20)
  await seal()
  await write(`${young}T01:00:00Z`, 5)
  await h.person('张海涛')
  await seal()
  await seal()
}) // prettier-ignore
afterAll(async () => {
  await elsewhere.close()
  await rm(folder, { recursive: true, force: true })
  await h[Symbol.asyncDispose]()
})

test('E0107 E0210 nobody drops a month that is still to be kept, or one that no archive holds; the setting goes no lower than half a year', async () => {
  for (const month of [young, oldest, '2026-06-01']) {
    await expect(asSealer(`SELECT kernel.drop_audit_month('${month}')`), month).rejects.toThrow(/still to be kept|no archive holds/)
    await expect(withClient(h.database.appUrl, (c) => c.query(`SELECT kernel.drop_audit_month('${month}')`))).rejects.toThrow('permission denied')
    await expect(withClient(h.database.appUrl, (c) => c.query(`DROP TABLE ${partOf(month)}`))).rejects.toThrow('must be owner')
    await expect(asSealer(`DROP TABLE ${partOf(month)}`)).rejects.toThrow('must be owner')
  }
  const admin = await h.signIn(await h.person('管理', { roles: ['systemOfficer'] }))
  const low = await admin.call('PUT', '/api/settings', { settings: { ...defaultSettings, auditMonths: 5 }, seen: defaultSettings })
  expect([low.status, low.text]).toEqual([422, expect.stringContaining('不得少于 6 个月')])
  await expect(h.kernel.db.query(`INSERT INTO kernel.setting VALUES ('auditMonths', '5')`)).rejects.toThrow('audit_months')
  await expect(h.kernel.db.query(`INSERT INTO kernel.setting VALUES ('auditMonths', '"x"')`)).rejects.toThrow('audit_months')
}) // prettier-ignore

test('months whose time is over go to archives that the one file proves, and the database says what lies there; younger ones stay', async () => {
  const before = await verify()
  expect(before).toMatchObject({ found: 0, archived: { entries: 0, months: [] } })
  expect(await archiveOnce(h.kernel, h.house.sealer!, key, folder)).toBe(2)
  expect(await archiveOnce(h.kernel, h.house.sealer!, key, folder)).toBe(0)
  expect((await readdir(folder)).toSorted()).toEqual([oldest.slice(0, 7), old.slice(0, 7)])
  const [left] = await h.kernel.db.query<{ old: string | null; young: string | null }>(`SELECT to_regclass('${partOf(old)}')::text AS old, to_regclass('${partOf(young)}')::text AS young`) // prettier-ignore
  expect(left).toEqual({ old: null, young: partOf(young) })
  const after = await verify()
  expect(after).toMatchObject({ found: 0, entries: before.entries, archived: { entries: 6037, months: [{ rows: 6010 }, { rows: 27 }] } })
  const folders = (await readdir(folder))
    .toSorted()
    .reverse()
    .map((name) => join(folder, name))
  const said = execFileSync(process.execPath, [join(folders[0]!, verifierFile), ...folders], { cwd: folder, encoding: 'utf8' })
  expect(said).toMatch(/审计：已核对 \d+ 个封存、\d+ 条记录，0 处问题[^]*没有发现问题/)
  const entries = await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.audit_entry WHERE act = 'audit.archive'`)
  expect(entries[0]!.n).toBe(2)
})

test('what is removed of a younger month is still found, also in a seal that an archive shares, and a forged registration does not hide it', async () => {
  await asSuperuser(`DELETE FROM kernel.audit_entry WHERE at >= '${young} 00:00+00' AND at < '${young} 00:00+00'::timestamptz + interval '1 month'`)
  expect((await verify()).findings.map((f) => f.kind)).toEqual(Array.from({ length: 5 }, () => 'dropped'))
  await asSuperuser(`INSERT INTO kernel.audit_archive (number, month, at, folder, epoch, last_seal, entries, rows, kept, mac, dropped_at) VALUES (3, '${young}', now(), '/x', 1, 1000000, 5, 5, '', '\\x00', now())`)
  const kinds = (await verify()).findings.map((f) => f.kind)
  expect(kinds.filter((kind) => kind === 'dropped')).toHaveLength(5)
  expect(kinds).toContain('archiveBroken')
}) // prettier-ignore
