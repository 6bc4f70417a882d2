import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '#kernel/server/database/database.ts'
import { prepareRoles, sealerThroughOwner, withClient, withDatabase } from '#kernel/server/database/roles.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { sealOnce } from './sealer.ts'
import { verifyAudit } from './verifier.ts'

let h: TestHospital
const key = Buffer.alloc(32, 7)
const denied = { code: '42501' }
const entry = `at, act, outcome, detail) VALUES (now(), 'x', 'done', '{}'`
const forged = `stream, epoch, number, sealed_at, count, snapshot, root, previous, hash, mac, entries) VALUES ('audit', 1, 999, now(), 0, '1:1:', '', '', '', '', ''`
beforeAll(async () => {
  h = await hospital()
  await h.person('张海涛')
  await sealOnce(h.house.sealer!, h.clock, key)
})
afterAll(() => h[Symbol.asyncDispose]())
const refusedTo = (db: Database) => (sql: string) => expect(db.once(sql), sql).rejects.toMatchObject(denied)

test('the serving role can neither change nor delete an entry, nor claim when or in which transaction it arrived', async () => {
  const refused = refusedTo(h.kernel.db)
  for (const table of ['audit_entry', 'history']) {
    await refused(`UPDATE kernel.${table} SET act = 'nothing'`)
    await refused(`DELETE FROM kernel.${table}`)
    await refused(`TRUNCATE kernel.${table}`)
    await refused(`ALTER TABLE kernel.${table} DISABLE TRIGGER ALL`)
  }
  await refused(`UPDATE kernel.audit_entry_rest SET act = 'nothing'`)
  await refused(`INSERT INTO kernel.audit_entry (received_at, ${entry.replace('VALUES (', 'VALUES (now(), ')})`)
  await refused(`INSERT INTO kernel.audit_entry (tx, ${entry.replace('VALUES (', `VALUES ('700', `)})`)
  await refused(`INSERT INTO kernel.audit_entry (seq, ${entry.replace('VALUES (', 'VALUES (7, ')})`)
  await refused(`SELECT setval('kernel.entry_seq', 1)`)
  await expect(h.kernel.db.once(`INSERT INTO kernel.audit_entry (${entry})`)).resolves.toEqual([])
})

test('the serving role can neither make, change nor remove a seal, nor what says how far the audit has left', async () => {
  const refused = refusedTo(h.kernel.db)
  await refused(`INSERT INTO kernel.seal (${forged})`)
  await refused(`UPDATE kernel.seal SET count = 0`)
  await refused(`DELETE FROM kernel.seal`)
  await refused(`INSERT INTO kernel.seal_epoch (number, reason) VALUES (2, 'x')`)
  await refused(`INSERT INTO kernel.audit_anchor (number, at, seals) VALUES (1, now(), '[]')`)
  await refused(`INSERT INTO kernel.audit_leaving (receiver, base) VALUES ('x', '1:1:')`)
  await refused(`UPDATE kernel.audit_leaving SET base = '1:1:'`)
  await refused(`SET ROLE xinglin_sealer`)
  expect(await sealOnce(h.kernel.db, h.clock, key).catch((error: unknown) => error)).toMatchObject(denied)
})

test('the sealer inserts seals and can do nothing else', async () => {
  const refused = refusedTo(h.house.sealer!)
  await h.person('李卫东')
  expect(await sealOnce(h.house.sealer!, h.clock, key)).toBeGreaterThan(0)
  await refused(`UPDATE kernel.seal SET count = 0`)
  await refused(`DELETE FROM kernel.seal`)
  await refused(`INSERT INTO kernel.audit_entry (${entry})`)
  await refused(`UPDATE kernel.audit_entry SET act = 'nothing'`)
  await refused(`DELETE FROM kernel.history`)
  await refused(`SELECT * FROM kernel.credential`)
  await refused(`SELECT * FROM staff.practitioner`)
  await refused(`CREATE TABLE kernel.mine (a int)`)
  expect((await verifyAudit(h.kernel.db, key)).findings).toEqual([])
})

test('where the administrator gave the sealer no login, the owner’s acts as it when he is a member, with the sealer’s rights only', async () => {
  expect(await sealerThroughOwner(h.database.ownerUrl)).toBe(null)
  await withClient(h.database.adminUrl, (admin) => admin.query('GRANT xinglin_sealer TO xinglin_owner'))
  const url = await sealerThroughOwner(h.database.ownerUrl)
  const through = openDatabase(url!, { max: 1 })
  try {
    expect(await through.once('SELECT current_user AS me, session_user AS login')).toEqual([
      { me: 'xinglin_sealer', login: 'xinglin_owner' },
    ])
    await refusedTo(through)(`UPDATE kernel.audit_entry SET act = 'nothing'`)
    await h.person('郑毅')
    expect(await sealOnce(through, h.clock, key)).toBeGreaterThan(0)
  } finally {
    await through.close()
    await withClient(h.database.adminUrl, (admin) => admin.query('REVOKE xinglin_sealer FROM xinglin_owner'))
  }
})

test('bringing the roles into order a second time keeps what the sealer may do', async () => {
  const url = new URL(h.database.adminUrl)
  const sealerPassword = decodeURIComponent(new URL(h.database.sealerUrl).password)
  const [ownerPassword, appPassword] = [h.database.ownerUrl, h.database.appUrl].map((one) => decodeURIComponent(new URL(one).password))
  const database = decodeURIComponent(url.pathname.slice(1))
  const roles = await prepareRoles(withDatabase(url.href, 'postgres'), {
    database,
    ownerPassword: ownerPassword!,
    appPassword: appPassword!,
    sealerPassword,
  })
  expect(roles.sealerUrl).toBe(h.database.sealerUrl)
  await h.person('孙宁')
  expect(await sealOnce(h.house.sealer!, h.clock, key)).toBeGreaterThan(0)
})
