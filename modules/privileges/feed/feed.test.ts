import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkedHospital, type CheckedHospital } from '#app/testing/checked-hospital.ts'
import type { Change } from './changes.ts'
import { keepFullSnapshot } from './feed.service.ts'
import type { Difference } from './full.ts'
import { backOff, signatureOf } from '#kernel/server/signed-calls.ts'
import { deliverDue, fanOut } from './webhooks.ts'

let h: CheckedHospital
beforeAll(async () => void (h = await checkedHospital()))
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(() => h.clock.set('2026-06-15'))

interface Page {
  changes: Change[]
  cursor: string
  more: boolean
  epoch: string
}
const page = async (since?: string, limit = 1000) =>
  (await h.his('GET', `/api/privileges/changes?limit=${limit}${since ? `&since=${since}` : ''}`)).json<Page>()
async function upToDate(): Promise<string> {
  let read = await page()
  while (read.more) read = await page(read.cursor)
  return read.cursor
}

describe('the changes feed', () => {
  test('tells what has changed since, with how it stands now, and nothing twice', async () => {
    const since = await upToDate()
    await h.change('privileges.grant', h.grant, { status: 'suspended', reason: '考核' })
    await h.create('privileges.suspension', { practitioner: h.senior, from: '2026-06-15', reason: '事件调查', kind: 'investigation' })
    const { changes, cursor, more } = await page(since)
    expect(changes.map((c) => [c.kind, c.op, c.practitioner?.name])).toEqual([
      ['grant', 'update', '王磊'],
      ['suspension', 'insert', '李敏'],
    ])
    expect(changes[0]).toMatchObject({
      record: h.grant,
      now: { status: 'suspended', procedure: { codeSystem: '医保版', code: '51.2300' } },
    })
    expect([more, (await page(cursor)).changes]).toEqual([false, []])
    await h.change('privileges.grant', h.grant, { status: 'active' })
  })
  test('has no holes: what commits late with an early number is told on a later page', async () => {
    const since = await upToDate()
    const { id: patient } = await h.surgeonNamed('赵晚')
    let cursor = since
    await h.kernel.db.transaction(async (slow) => {
      await slow.query(`UPDATE privileges."grant" SET reason = '晚提交' WHERE id = $1`, [h.grant])
      const after = await h.surgeonNamed('钱早')
      for (let read = await page(cursor, 2); ; read = await page(cursor, 2)) {
        expect(read.changes.every((c) => c.record !== h.grant)).toBe(true)
        cursor = read.cursor
        if (!read.more) break
      }
      expect([patient, after.id]).toHaveLength(2)
    })
    expect((await page(cursor)).changes.map((c) => c.record)).toEqual([h.grant])
  })
  test('in small pages gives the same as in one', async () => {
    const since = await upToDate()
    for (const name of ['甲', '乙', '丙']) await h.surgeonNamed(`医生${name}`)
    const whole = (await page(since)).changes.map((c) => c.seq)
    const small: number[] = []
    for (let read = await page(since, 1); ; read = await page(read.cursor, 1)) {
      small.push(...read.changes.map((c) => c.seq))
      if (!read.more) break
    }
    expect(small).toEqual(whole)
  })
  test('answers 410 to the cursor of another database, and 400 to one that was never given', async () => {
    const foreign = Buffer.from(JSON.stringify(['0000000000000000', '1:1:', null, 0])).toString('base64url')
    const [other, none] = [
      await h.his('GET', `/api/privileges/changes?since=${foreign}`),
      await h.his('GET', '/api/privileges/changes?since=abc'),
    ]
    expect([other.status, other.json()['code'], none.status]).toEqual([410, 'feedRestart', 400])
  })
  test('cannot be falsified by the program itself: only the triggers of the owner write it', async () => {
    for (const sql of [
      `INSERT INTO privileges.change (kind, op) VALUES ('grant', 'insert')`,
      `UPDATE privileges.change SET kind = 'x'`,
      `DELETE FROM privileges.change`,
    ])
      await expect(h.kernel.db.once(sql)).rejects.toThrow(/permission denied/)
  })
})

describe('the full snapshot', () => {
  const read = async (query = '') => {
    const answer = await h.his('GET', `/api/privileges/snapshot${query}`)
    const lines = answer.text.trimEnd().split('\n')
    return { answer, text: answer.text, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
  }
  test('has a head, one line a person and an end that counts and sums; its cursor goes on in the feed', async () => {
    const { lines, text } = await read()
    const [head, end] = [lines[0]!, lines.at(-1)!]
    const before = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)
    expect([head['kind'], end['kind'], end['practitioners'], end['checksum']]).toEqual([
      'head',
      'end',
      lines.length - 2,
      createHash('sha256').update(before).digest('hex'),
    ])
    expect(lines.find((l) => l['id'] === h.surgeon)).toMatchObject({
      staffNumber: '00123',
      count: 1,
      grants: [{ procedure: { code: '51.2300' } }],
    })
    expect((await page(head['cursor'] as string)).changes).toEqual([])
    await h.change('privileges.grant', h.grant, { reason: '快照之后' })
    expect((await page(head['cursor'] as string)).changes.map((c) => c.record)).toEqual([h.grant])
  })
  test('is kept by the daily job, each day one, for a fortnight', async () => {
    await keepFullSnapshot(h.kernel)
    const { answer, lines } = await read('?day=2026-06-15')
    expect([answer.status, lines.at(-1)!['practitioners']]).toEqual([200, lines.length - 2])
    expect((await read('?day=2026-06-14').catch(() => null))?.answer.status ?? 404).toBe(404)
    h.clock.set('2026-07-15')
    await keepFullSnapshot(h.kernel)
    expect(await h.kernel.db.query(`SELECT day FROM privileges.full_snapshot`)).toEqual([{ day: '2026-07-15' }])
  })
  test('can be reconciled: the answer lists who differs, whom we do not know, whom they lack', async () => {
    const { lines } = await read()
    const theirs = lines.slice(1, -1).map((l) => ({ id: l['id'], count: l['count'], checksum: l['checksum'] }))
    const ask = async (practitioners: unknown[], complete = false) =>
      (await h.his('POST', '/api/privileges/reconcile', { practitioners, complete })).json<{
        equal: number
        compared: number
        differences: Difference[]
      }>()
    expect(await ask(theirs, true)).toMatchObject({ compared: theirs.length, equal: theirs.length, differences: [] })
    const wrong = [
      { staffNumber: '00123', count: 0 },
      { staffNumber: 'X', count: 1 },
      ...theirs.filter((t) => t.id !== h.surgeon && t.id !== h.senior),
    ]
    const { differences } = await ask(wrong, true)
    expect(differences.map((d) => [d.kind, d.practitioner?.name ?? null])).toEqual([
      ['differs', '王磊'],
      ['unknownHere', null],
      ['missingThere', '李敏'],
    ])
    expect(differences[0]!.grants).toHaveLength(1)
  })
})

describe('webhooks', () => {
  interface Received {
    headers: IncomingHttpHeaders
    body: string
  }
  const received: Received[] = []
  let receiver: Server
  let status = 200
  let url = ''
  const secret = 'a-secret-of-both-sides'
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        received.push({ headers: request.headers, body })
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  })
  afterAll(() => void receiver.close())
  const round = async () => {
    received.length = 0
    await fanOut(h.kernel)
    while ((await deliverDue(h.kernel)) > 0);
    return received.map((r) => JSON.parse(r.body) as { delivery: string; changes: Change[] })
  }

  test('what changes is sent once, signed over time and body, in order, and logged', async () => {
    await h.create('privileges.webhook', { name: 'HIS', url, secret, active: true })
    expect(await round()).toEqual([])
    await h.change('privileges.grant', h.grant, { reason: '推送一' })
    const [message] = await round()
    expect(message!.changes.map((c) => c.record)).toEqual([h.grant])
    const { headers, body } = received[0]!
    expect(headers['x-xinglin-signature']).toBe(signatureOf(secret, String(headers['x-xinglin-timestamp']), body))
    expect([headers['x-xinglin-delivery'], await round()]).toEqual([message!.delivery, []])
    const log = await h.kernel.db.query(`SELECT status, attempts, http_status FROM privileges.webhook_delivery WHERE id = $1`, [
      message!.delivery,
    ])
    expect(log).toEqual([{ status: 'delivered', attempts: 1, http_status: 200 }])
  })
  test('an address inside the hospital that nobody has allowed is refused where it is filled in', async () => {
    const officer = await h.signIn(await h.person('信息科管理员', { unit: '信息科', roles: ['systemOfficer'] }))
    const answer = await officer.call('POST', '/api/records/privileges.webhook', { name: '内网', url: 'http://169.254.169.254/latest', secret, active: true })
    expect([answer.status, answer.json<{ problems: object[] }>().problems]).toEqual([422, [{ field: 'url', message: expect.stringContaining('不能连接内部地址 169.254.169.254') as string }]])
  }) // prettier-ignore
  test('the secret stands in no table as it is, and no reader sees it', async () => {
    const officer = await h.person('系统管理员', { unit: '信息科', roles: ['systemOfficer'] })
    const list = await (await h.signIn(officer)).call('GET', '/api/records/privileges.webhook')
    const stored = await h.kernel.db.query<{ text: string }>(`SELECT w::text AS text FROM privileges.webhook w`)
    expect([list.status, list.text.includes(secret), stored[0]!.text.includes(secret)]).toEqual([200, false, false])
  })
  test('a receiver that fails is tried again with the same delivery, later and later; nothing overtakes it', async () => {
    await round()
    status = 500
    await h.change('privileges.grant', h.grant, { reason: '第一' })
    const [first] = await round()
    await h.change('privileges.grant', h.grant, { reason: '第二' })
    expect(await round()).toEqual([])
    status = 200
    h.clock.set(new Date(h.clock.now().getTime() + backOff[0] * 1000 + 1).toISOString())
    const sent = await round()
    expect([sent.length, sent[0]!.delivery]).toEqual([2, first!.delivery])
    expect(sent.map((m) => m.changes.map((c) => c.now!['id']))).toEqual([[h.grant], [h.grant]])
  })
  test('one that never answers well is given up in the end, is in the log, and the next message is sent', async () => {
    status = 503
    await h.change('privileges.grant', h.grant, { reason: '没人收' })
    let at = h.clock.now().getTime()
    const ids = new Set<string>()
    for (const wait of [0, ...backOff]) {
      at += wait * 1000 + 1
      h.clock.set(new Date(at).toISOString())
      for (const message of await round()) ids.add(message.delivery)
    }
    const [last] = await h.kernel.db.query(`SELECT status, attempts, problem FROM privileges.webhook_delivery WHERE id = $1`, [[...ids][0]])
    expect([ids.size, last]).toEqual([1, { status: 'failed', attempts: backOff.length + 1, problem: '对方答复 503' }])
    status = 200
    await h.change('privileges.grant', h.grant, { reason: '又好了' })
    expect(await round()).toHaveLength(1)
  })
})
