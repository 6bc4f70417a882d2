import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '#model'
import { checkedHospital, gallbladder, type CheckedHospital } from '#app/testing/checked-hospital.ts'
import { openHouse, type House } from '#app/house.ts'
import { claimOf, forgetOld, idleSlots, settle, slotSeconds, slots, take } from './claims.ts'
import { createClient } from './keys.ts'
import { newNonce, send, signer, type Signer, type ToSign, type WireAnswer } from './testing.ts'

let h: CheckedHospital
/** Another process of the same hospital, as far as the database can tell. */
let other: House
let [here, there] = ['', '']
let client: string
let his: Signer
let hisThere: Signer
beforeAll(async () => {
  h = await checkedHospital()
  here = await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
  other = await openHouse({ appUrl: h.database.appUrl, dataFolder: h.dataFolder, clock: h.clock, poolSize: 4 })
  there = await other.server.app.listen({ port: 0, host: '127.0.0.1' })
  const rights = ['privileges.check', 'read:directory.unit', 'create:directory.unit']
  const made = await createClient(h.kernel, { name: '手麻系统', rights, more: { proof: 'signed' } })
  client = made.client
  ;[his, hisThere] = [signer(here, h.clock, made), signer(there, h.clock, made)]
})
afterAll(async () => {
  await other.close()
  await h[Symbol.asyncDispose]()
})

const said = (answer: WireAnswer): [number, string | undefined] => [answer.status, answer.status < 400 ? undefined : answer.json<Problem>().code] // prettier-ignore
const question = { practitioner: { staffNumber: '00123' }, procedures: [gallbladder] }
const check = (more: object = {}): ToSign => ({ method: 'POST', target: '/api/privileges/check', body: JSON.stringify({ ...question, ...more }) }) // prettier-ignore
const unit = (code: string, name = `科室${code}`): ToSign => ({ method: 'POST', target: '/api/records/directory.unit', body: JSON.stringify({ code, name, kind: 'department' }) }) // prettier-ignore
const unitsOf = async (code: string) => (await h.kernel.db.query('SELECT id FROM directory.unit WHERE code = $1', [code])).length
const checks = async () => (await h.kernel.db.query<{ n: number }>('SELECT count(*)::int AS n FROM privileges.check_record'))[0]!.n
const nonces = async () => (await h.kernel.db.query<{ n: number }>('SELECT count(*)::int AS n FROM kernel.api_nonce'))[0]!.n

describe('a request that is sent again as it was', () => {
  test('is refused, here and in every other process, reading or writing', async () => {
    for (const call of [{ method: 'GET', target: '/api/records/directory.unit' }, unit('R1'), check()]) {
      const sent = his.signed(call)
      expect((await send(here, sent)).status, call.target).toBeLessThan(300)
      expect(said(await send(here, sent)), call.target).toEqual([401, 'replayed'])
      expect(said(await send(there, sent)), call.target).toEqual([401, 'replayed'])
    }
    expect(await unitsOf('R1')).toBe(1)
  })
  test('a hundred times at once through two processes does its work once', async () => {
    const [before, sent] = [await checks(), his.signed(check())]
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => send(i % 2 ? here : there, sent)))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(new Set(answers.filter((answer) => answer.status !== 200).map((answer) => said(answer).join()))).toEqual(
      new Set(['401,replayed']),
    )
    expect((await checks()) - before).toBe(1)
  })
  test('takes none of the others of its commit along', async () => {
    const replayed = his.signed(check())
    expect((await send(here, replayed)).status).toBe(200)
    const before = await checks()
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 6 === 0 ? send(here, replayed) : his.call(check()))))
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 60 }, (_, i) => (i % 6 === 0 ? 401 : 200)))
    expect((await checks()) - before).toBe(50)
  })
  test('the number of an answer stands on disk with it: one is never there without the other', async () => {
    const [records, used] = [await checks(), await nonces()]
    const answers = await Promise.all(Array.from({ length: 40 }, () => his.call(check())))
    expect(answers.every((answer) => answer.status === 200)).toBe(true)
    expect([(await checks()) - records, (await nonces()) - used]).toEqual([40, 40])
    // What was refused has done nothing and takes nothing.
    expect((await his.call(check({ role: 'nurse' }))).status).toBe(422)
    expect(await nonces()).toBe(used + 40)
  })
  test('the same number at another time, or with another key, is another request', async () => {
    const nonce = newNonce()
    const second = await createClient(h.kernel, { name: '另一系统', rights: ['read:directory.unit'], more: { proof: 'signed' } })
    const units = { method: 'GET', target: '/api/records/directory.unit', nonce }
    expect((await his.call(units)).status).toBe(200)
    expect((await signer(here, h.clock, second).call(units)).status).toBe(200)
    expect((await his.call({ ...units, at: new Date(h.clock.now().getTime() + 1000) })).status).toBe(200)
  })
})

describe('a request with a number of its own', () => {
  test('that is signed anew and sent again gets the answer of the first time, from any process, and is done once', async () => {
    const call = { ...unit('Q1'), requestId: 'unit-1' }
    const first = await his.call(call)
    expect(first.status, first.text).toBe(201)
    for (const by of [his, hisThere]) {
      const again = await by.call(call)
      expect([again.status, again.text, again.headers['x-xinglin-repeated']]).toEqual([201, first.text, 'true'])
      expect(again.headers['content-type']).toBe(first.headers['content-type'])
    }
    expect([first.headers['x-xinglin-repeated'], await unitsOf('Q1')]).toEqual([undefined, 1])
    // Sent again without being signed anew it is a replay like any.
    const sent = his.signed(call)
    expect([(await send(here, sent)).status, said(await send(there, sent))]).toEqual([201, [401, 'replayed']])
  })
  test('asks the privilege check once, too', async () => {
    const before = await checks()
    const first = await his.call({ ...check(), requestId: 'check-1' })
    const again = await hisThere.call({ ...check(), requestId: 'check-1' })
    expect([first.status, again.text, (await checks()) - before]).toEqual([200, first.text, 1])
  })
  test('under which something else is asked is refused', async () => {
    expect((await his.call({ ...unit('Q2'), requestId: 'unit-2' })).status).toBe(201)
    expect(said(await his.call({ ...unit('Q3'), requestId: 'unit-2' }))).toEqual([409, 'requestIdReused'])
    expect(said(await his.call({ ...check(), requestId: 'unit-2' }))).toEqual([409, 'requestIdReused'])
    expect(await unitsOf('Q3')).toBe(0)
  })
  test('that was refused did nothing, and may be sent again when it would be right', async () => {
    const call = { ...unit('Q4', '科室Q4'), requestId: 'unit-4' }
    await h.create('directory.unit', { code: 'Q4', name: '先来的', kind: 'department' })
    expect((await his.call(call)).status).toBe(409)
    await h.kernel.db.query(`UPDATE directory.unit SET code = 'Q4-old' WHERE code = 'Q4'`)
    expect((await his.call(call)).status).toBe(201)
  })
  test('that is being worked on is told so; of one whose process ended nothing is claimed', async () => {
    const call = { ...unit('Q5'), requestId: 'unit-5' }
    const { contentHash, method, target } = { contentHash: his.signed(call).headers!['x-xinglin-content-hash'] as string, ...call }
    const { createHash } = await import('node:crypto')
    const fingerprint = createHash('sha256').update(`${method}\n${target}\n${contentHash}`).digest('hex')
    await take(h.kernel, claimOf('ak_dead', Math.floor(h.clock.now().getTime() / 1000), newNonce(), { client, id: 'unit-5', fingerprint }))
    const early = await his.call(call)
    expect([said(early), early.headers['retry-after']]).toEqual([[409, 'requestUnfinished'], '2'])
    const began = h.clock.now()
    h.clock.set(new Date(began.getTime() + 61_000).toISOString())
    expect(said(await his.call(call))).toEqual([409, 'requestUncertain'])
    expect(await unitsOf('Q5')).toBe(0)
    h.clock.set(began.toISOString())
  })
  test('keeps its answer sealed, and one that is too large not at all', async () => {
    await his.call({ ...unit('Q6', '只有我知道'), requestId: 'unit-6' })
    const [row] = await h.kernel.db.query<{ body: Buffer }>(`SELECT body FROM kernel.api_answer WHERE request = 'unit-6'`)
    expect(row!.body.toString('utf8')).not.toContain('只有我知道')
    await settle(h.kernel, { client, id: 'unit-6', fingerprint: '' }, { status: 201, type: 'application/json', body: ' '.repeat(1024 * 1024 + 1) }) // prettier-ignore
    expect(said(await his.call({ ...unit('Q6', '只有我知道'), requestId: 'unit-6' }))).toEqual([409, 'requestAnswered'])
  })
})

describe('what is forgotten', () => {
  test('a number is kept at least twice as long as its request would be accepted, then its part is emptied', async () => {
    const start = h.clock.now().getTime()
    const made = claimOf('ak_x', Math.floor(start / 1000), newNonce(), null)
    await take(h.kernel, made)
    const isThere = async () => (await h.kernel.db.query('SELECT 1 FROM kernel.api_nonce WHERE slot = $1 AND digest = $2::uuid', [made.slot, made.digest])).length === 1 // prettier-ignore
    for (const minutes of [0, 5, 10]) {
      h.clock.set(new Date(start + minutes * 60_000).toISOString())
      await forgetOld(h.kernel)
      expect([minutes, await isThere()]).toEqual([minutes, true])
    }
    h.clock.set(new Date(start + 20 * 60_000).toISOString())
    await forgetOld(h.kernel)
    expect(await isThere()).toBe(false)
    h.clock.set(new Date(start).toISOString())
  })
  test('no slot is emptied in which a request of the last ten or the next five minutes stands', () => {
    for (let second = 0; second < slotSeconds * slots; second += 7) {
      const now = 1_781_496_000 + second
      const live = Array.from({ length: 16 }, (_, i) => claimOf('k', now - 600 + i * 60, 'n', null).slot)
      expect(idleSlots(now * 1000).filter((slot) => live.includes(slot))).toEqual([])
    }
  })
  test('an answer is kept for a day', async () => {
    const call = { ...check(), requestId: 'check-old' }
    const first = await his.call(call)
    const start = h.clock.now()
    const repeatedAfter = async (hours: number) => {
      h.clock.set(new Date(start.getTime() + hours * 3_600_000).toISOString())
      await forgetOld(h.kernel)
      return (await his.call(call)).text === first.text
    }
    expect([await repeatedAfter(23), await repeatedAfter(25)]).toEqual([true, false])
    h.clock.set(start.toISOString())
  })
})
