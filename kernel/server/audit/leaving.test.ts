import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { withClient } from '#kernel/server/database/roles.ts'
import { repeatEvery } from '#kernel/server/jobs/outbox.ts'
import { selfSigned } from '#app/testing/certificate.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { SyslogReceiver } from '#app/testing/syslog-receiver.ts'
import { streams } from './entries.ts'
import { auditAlone } from './audit.ts'
import { Leaving } from './leaving.ts'
import type { SyslogTarget } from './outside.ts'
import { sealOnce } from './sealer.ts'
import { auditState } from './state.ts'
import { elementsIn } from './syslog-elements.ts'

let h: TestHospital
let folder: string
const identity = selfSigned('localhost')
const actor = '018f0000-0000-7000-8000-000000000001'
beforeAll(async () => {
  h = await hospital()
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinglin-syslog-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const act = (name: string, db = h.kernel.db) =>
  auditAlone(
    db,
    h.clock.now(),
    { actor, name: '张海涛', address: '10.0.0.7' },
    { act: name, outcome: 'done', resource: 'privileges.grant', record: actor, detail: { diagnosis: '肺腺癌' } },
  )
const targetOf = (receiver: SyslogReceiver, protocol: 'tcp' | 'tls'): SyslogTarget =>
  protocol === 'tcp'
    ? { protocol, host: '127.0.0.1', port: receiver.port }
    : { protocol, host: 'localhost', port: receiver.port, ca: identity.cert }
/** Acts of this test in the order in which the receiver first got them. */
const actsIn = (lines: readonly string[], prefix: string) => [
  ...new Set(lines.flatMap(elementsIn).flatMap(({ data }) => (data['act']?.startsWith(prefix) ? [data['act']] : []))),
]

async function comeBack(receiver: SyslogReceiver, faults: { count: number }): Promise<void> {
  await expect.poll(() => faults.count, { timeout: 20_000 }).toBeGreaterThan(0)
  faults.count = 0
  await receiver.begin()
}

test.each(['tcp', 'tls'] as const)(
  'a %s receiver is killed and comes back, again and again: every entry arrives, in order, with the hash that the database holds',
  { timeout: 60_000 },
  async (protocol) => {
    await using receiver = new SyslogReceiver(join(folder, 'received'), protocol === 'tls' ? identity : undefined)
    await receiver.begin()
    const leaving = new Leaving(h.house.sealer!, targetOf(receiver, protocol), 20)
    await leaving.leave()
    const faults = { count: 0 }
    const stop = repeatEvery(10, async () => void (await leaving.leave().catch(() => faults.count++)))
    const names = Array.from({ length: 600 }, (_, i) => `${protocol}.${String(i).padStart(3, '0')}`)
    for (const [i, name] of names.entries()) {
      if (i % 150 === 100) await receiver.kill()
      if (i % 150 === 140) await comeBack(receiver, faults)
      await act(name)
    }
    await expect.poll(() => actsIn(receiver.lines(), `${protocol}.`).length, { timeout: 30_000 }).toBe(names.length)
    await stop()
    expect(actsIn(receiver.lines(), `${protocol}.`)).toEqual(names)

    const sent = new Map(receiver.lines().flatMap(elementsIn).filter((e) => e.kind === 'audit').map(({ data }) => [data['id'], data])) // prettier-ignore
    const stored = await h.kernel.db.once<{ id: string; hash: string; act: string }>(
      `SELECT seq::text AS id, encode(${streams.audit.hash}, 'hex') AS hash, act FROM kernel.audit_entry WHERE act LIKE '${protocol}.%'`,
    )
    for (const { id, hash, act: name } of stored)
      expect(sent.get(id)).toEqual({ id, hash, act: name, actor, actorName: '张海涛', outcome: 'done', resource: 'privileges.grant', record: actor, address: '10.0.0.7' }) // prettier-ignore
    expect(stored).toHaveLength(names.length)
    expect(receiver.lines().join('\n')).not.toContain('肺腺癌')
    expect(await auditState(h.kernel.db, { syslog: targetOf(receiver, protocol), anchorFile: null })).toMatchObject({
      syslog: { lagSeconds: 0, problem: null },
    })
  },
)

test('seals leave as well, each once their entries have, and a message is one line of RFC 5424', async () => {
  await using receiver = new SyslogReceiver(join(folder, 'received'))
  await receiver.begin()
  await act('line\nbreak "quoted" ] \\')
  await sealOnce(h.house.sealer!, h.clock, Buffer.alloc(32, 7))
  await new Leaving(h.house.sealer!, targetOf(receiver, 'tcp')).leave()
  const lines = receiver.lines()
  const [entry] = lines.filter((line) => line.includes('line break'))
  expect(entry).toMatch(
    /^<110>1 2026-06-15T04:00:00.000Z \S+ xinglin - audit \[audit@32473 id="\d+" hash="[0-9a-f]{64}" .*\] \uFEFF张海涛 line break/,
  )
  expect(elementsIn(entry!)[0]!.data['act']).toBe('line break "quoted" ] \\')
  const seals = await h.kernel.db.once<{ stream: string; number: number; hash: string }>(
    `SELECT stream, number, encode(hash, 'hex') AS hash FROM kernel.seal ORDER BY stream, number`,
  )
  const left = lines.flatMap(elementsIn).filter((e) => e.kind === 'seal').map(({ data }) => ({ stream: data['stream'], number: Number(data['number']), hash: data['hash'] })) // prettier-ignore
  expect(left).toEqual(expect.arrayContaining(seals))
})

test('an entry whose transaction commits after younger ones have left still leaves', async () => {
  await using receiver = new SyslogReceiver(join(folder, 'received'))
  await receiver.begin()
  const leaving = new Leaving(h.house.sealer!, targetOf(receiver, 'tcp'))
  await withClient(h.database.appUrl, async (client) => {
    await client.query('BEGIN')
    await client.query(`INSERT INTO kernel.audit_entry (at, act, outcome, detail) VALUES (now(), 'late.slow', 'done', '{}')`)
    await act('late.quick')
    await leaving.leave()
    expect(actsIn(receiver.lines(), 'late.')).toEqual(['late.quick'])
    await client.query('COMMIT')
  })
  await leaving.leave()
  expect(actsIn(receiver.lines(), 'late.')).toEqual(['late.quick', 'late.slow'])
})

test('entries that fill the last batch to the brim hold up none that come after them', async () => {
  await using receiver = new SyslogReceiver(join(folder, 'received'))
  await receiver.begin()
  await new Leaving(h.house.sealer!, targetOf(receiver, 'tcp')).leave()
  const leaving = new Leaving(h.house.sealer!, targetOf(receiver, 'tcp'), 3)
  for (const round of [1, 2]) {
    const names = Array.from({ length: 6 }, (_, i) => `brim.${round}.${i}`)
    for (const name of names) await act(name)
    await leaving.leave()
    expect(actsIn(receiver.lines(), `brim.${round}.`)).toEqual(names)
  }
})

test('what keeps entries from leaving is told, and a receiver whose certificate nobody vouches for gets nothing', async () => {
  await using receiver = new SyslogReceiver(join(folder, 'received'), identity)
  await receiver.begin()
  await act('unsaid')
  const stranger: SyslogTarget = { protocol: 'tls', host: 'localhost', port: receiver.port, ca: selfSigned('localhost').cert }
  await expect(new Leaving(h.house.sealer!, stranger).leave()).rejects.toThrow(/certificate|signature|self/i)
  expect(receiver.lines()).toEqual([])
  const { syslog } = await auditState(h.kernel.db, { syslog: stranger, anchorFile: null })
  expect(syslog).toMatchObject({
    address: `tls://localhost:${receiver.port}`,
    problem: expect.stringMatching(/certificate|signature|self/i) as string,
  })
  expect(syslog!.lagSeconds).toBeGreaterThan(0)
})

test('a receiver that knows only UDP gets a datagram an entry', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const got: string[] = []
  socket.on('message', (datagram) => got.push(datagram.toString('utf8')))
  await act('datagram')
  await new Leaving(h.house.sealer!, { protocol: 'udp', host: '127.0.0.1', port: socket.address().port }).leave()
  await expect.poll(() => actsIn(got, 'datagram')).toEqual(['datagram'])
  socket.close()
})
