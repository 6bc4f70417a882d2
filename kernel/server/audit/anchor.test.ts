import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withClient } from '#kernel/server/database/roles.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { SyslogReceiver } from '#app/testing/syslog-receiver.ts'
import { anchorOnce } from './anchor.ts'
import { alarm } from './duty.ts'
import { macOf, merkleRoot, packEntries, sealHash, streams, type SealContent } from './entries.ts'
import { Findings } from './findings.ts'
import { Leaving } from './leaving.ts'
import { readOutside, type Outside } from './outside.ts'
import { sealOnce } from './sealer.ts'
import { auditState } from './state.ts'
import { verifyAudit } from './verifier.ts'
import { compareWitnesses } from './witnesses.ts'

let h: TestHospital
let folder: string
let outside: Outside
const key = Buffer.alloc(32, 9)
beforeEach(async () => {
  h = await hospital()
  folder = await mkdtemp(join(tmpdir(), 'xinglin-anchor-'))
  outside = { syslog: null, anchorFile: join(folder, 'anchors.jsonl') }
})
afterEach(async () => {
  await h[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const seal = () => sealOnce(h.house.sealer!, h.clock, key)
const anchor = () => anchorOnce(h.house.sealer!, h.clock, outside)
const superuser = <T>(work: (client: pg.Client) => Promise<T>) => withClient(h.database.adminUrl, work)
async function compare(file = outside.anchorFile!) {
  const findings = new Findings()
  await compareWitnesses(h.kernel.db, file, findings)
  return findings.list
}

interface StoredSeal extends Omit<SealContent, 'sealedAt' | 'firstSeq' | 'lastSeq'> {
  at: Date
  sealedAt: string
  first_seq: string | null
  last_seq: string | null
  seqs: string[]
}
/** What one can do who holds everything: the superuser's rights and the key. Alters an entry and makes every seal of the stream anew. */
async function rewriteHistory(client: pg.Client, seq: number): Promise<void> {
  await client.query(`UPDATE kernel.audit_entry SET actor_name = '别人' WHERE seq = $1`, [seq])
  const { rows } = await client.query<StoredSeal & { entries: Buffer }>(
    `SELECT *, to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "sealedAt", snapshot::text AS snapshot FROM kernel.seal WHERE stream = 'audit' ORDER BY number`,
  )
  let previous: Buffer = Buffer.alloc(32)
  let before = '1:1:'
  for (const s of rows) {
    const { rows: named } = await client.query<{ seq: string; hash: Buffer }>(
      `SELECT seq, ${streams.audit.hash} AS hash FROM kernel.audit_entry WHERE pg_visible_in_snapshot(tx, $2) AND NOT pg_visible_in_snapshot(tx, $1) ORDER BY seq`,
      [before, s.snapshot],
    )
    const packed = packEntries(named.map((one) => ({ seq: Number(one.seq), hash: one.hash })))
    const root = merkleRoot(packed)
    const content = { ...s, firstSeq: Number(s.first_seq), lastSeq: Number(s.last_seq), root, previous }
    const hash = sealHash(content)
    await client.query(
      `UPDATE kernel.seal SET root = $2, previous = $3, hash = $4, mac = $5, entries = $6 WHERE stream = 'audit' AND number = $1`,
      [s.number, root, previous, hash, macOf(key, hash), packed],
    )
    previous = hash
    before = s.snapshot
  }
}
const seqOf = async (order: 'ASC' | 'DESC') =>
  (await h.kernel.db.query<{ seq: number }>(`SELECT seq FROM kernel.audit_entry ORDER BY seq ${order} LIMIT 1`))[0]!.seq

test('once a day the last seal of each stream is put into a file outside; a file named anew gets one at once', async () => {
  expect(await anchor()).toBe(false)
  await h.person('张海涛')
  await seal()
  expect([await anchor(), await anchor()]).toEqual([true, false])
  h.clock.set('2026-06-16')
  await writeFile(outside.anchorFile!, `${await readFile(outside.anchorFile!, 'utf8')}{"cut`)
  await h.person('李卫东')
  await seal()
  expect(await anchor()).toBe(true)
  const lines = (await readFile(outside.anchorFile!, 'utf8')).split('\n')
  const stored = await h.kernel.db.query<{ number: number; hash: string; mac: string }>(
    `SELECT number, encode(hash, 'hex') AS hash, encode(mac, 'hex') AS mac FROM kernel.seal WHERE stream = 'audit' ORDER BY number`,
  )
  expect(lines).toHaveLength(4)
  expect(JSON.parse(lines[0]!)).toMatchObject({ number: 1, at: '2026-06-15T04:00:00.000Z', seals: [{ stream: 'audit', epoch: 1, ...stored[0] }, { stream: 'history' }] }) // prettier-ignore
  expect(JSON.parse(lines[2]!)).toMatchObject({ number: 2, seals: [{ stream: 'audit', ...stored.at(-1) }, { stream: 'history' }] })
  expect(await compare()).toEqual([])
  outside = { ...outside, anchorFile: join(folder, 'other.jsonl') }
  expect([await anchor(), await anchor()]).toEqual([true, false])
  expect((await auditState(h.kernel.db, outside)).anchor).toMatchObject({ number: 3, at: '2026-06-16T04:00:00.000Z' })
})

test('a superuser with the key rewrites the whole history: every seal holds, only what left the house tells', async () => {
  await using receiver = new SyslogReceiver(join(folder, 'syslog'))
  await receiver.begin()
  await h.person('张海涛')
  await seal()
  await h.person('李卫东')
  await seal()
  await anchor()
  await new Leaving(h.house.sealer!, { protocol: 'tcp', host: '127.0.0.1', port: receiver.port }).leave()
  const victim = await seqOf('ASC')
  expect([await compare(), await compare(receiver.file)]).toEqual([[], []])

  await superuser((client) => rewriteHistory(client, victim))
  expect(await verifyAudit(h.kernel.db, key)).toMatchObject({ found: 0, findings: [] })
  expect(await compare()).toEqual([
    { stream: 'audit', kind: 'rewritten', seq: 2, text: '第 2 号封存与外部留存不符：历史被整体改写，或从备份恢复后另行封存' },
  ])
  const bySyslog = await compare(receiver.file)
  expect(bySyslog).toContainEqual(expect.objectContaining({ stream: 'audit', kind: 'rewritten', seq: victim }))
  expect(bySyslog).toContainEqual(
    expect.objectContaining({ kind: 'rewritten', text: expect.stringContaining('第 1 至 2 号封存') as string }),
  )
  expect(bySyslog).toHaveLength(2)
})

test('a history whose end was cut off with its seals is missed by the anchor; a file without witnesses is refused', async () => {
  await h.person('张海涛')
  await seal()
  await anchor()
  h.clock.set('2026-06-16')
  await h.person('李卫东')
  await seal()
  await anchor()
  await superuser(async (client) => {
    await client.query(
      `DELETE FROM kernel.audit_entry WHERE NOT pg_visible_in_snapshot(tx, (SELECT snapshot FROM kernel.seal WHERE stream = 'audit' AND number = 1))`,
    )
    await client.query(`DELETE FROM kernel.seal WHERE stream = 'audit' AND number = 2`)
  })
  expect((await verifyAudit(h.kernel.db, key)).findings).toEqual([])
  expect(await compare()).toEqual([
    expect.objectContaining({ kind: 'anchorMissing', seq: 2, text: expect.stringContaining('第 1 号尚相符') as string }),
  ])
  await writeFile(join(folder, 'empty'), 'nothing\n')
  await expect(compare(join(folder, 'empty'))).rejects.toThrow('没有锚点')
})

test('the audit officer is told once when seals lag or the anchor is overdue', async () => {
  const officer = await h.person('周敏', { roles: ['auditOfficer'] })
  const told = async () =>
    (await h.kernel.db.query<{ title: string }>(`SELECT title FROM kernel.message WHERE person = $1 ORDER BY id`, [officer])).map(
      (m) => m.title,
    )
  await seal()
  await anchor()
  await alarm(h.kernel, outside)
  expect(await told()).toEqual([])

  await h.person('李卫东')
  await superuser((client) => client.query(`UPDATE kernel.audit_entry SET received_at = received_at - interval '31 seconds'`))
  await alarm(h.kernel, outside)
  await alarm(h.kernel, outside)
  expect(await told()).toEqual(['审计封存滞后'])
  await seal()
  await superuser((client) => client.query(`UPDATE kernel.audit_anchor SET made_at = made_at - interval '27 hours'`))
  await alarm(h.kernel, outside)
  await alarm(h.kernel, outside)
  expect(await told()).toEqual(['审计封存滞后', '外部锚点逾期'])
})

test('what the environment names is judged before anything starts', () => {
  const read = (env: Record<string, string>) => readOutside(env, '/srv/data')
  expect(read({})).toEqual({ syslog: null, anchorFile: null })
  expect(read({ XINGLIN_SYSLOG: 'tls://log.hospital' }).syslog).toEqual({ protocol: 'tls', host: 'log.hospital', port: 6514 })
  expect(read({ XINGLIN_SYSLOG: 'tcp://[::1]:1514' }).syslog).toEqual({ protocol: 'tcp', host: '::1', port: 1514 })
  expect(read({ XINGLIN_ANCHOR: folder }).anchorFile).toBe(join(folder, 'xinglin-anchors.jsonl'))
  expect(() => read({ XINGLIN_SYSLOG: 'http://log' })).toThrow('XINGLIN_SYSLOG')
  expect(() => read({ XINGLIN_ANCHOR: '/srv/data/anchors.jsonl' })).toThrow('数据目录之内')
  expect(() => read({ XINGLIN_ANCHOR: join(folder, 'not-mounted/anchors') })).toThrow('不存在')
})
