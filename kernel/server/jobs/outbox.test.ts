import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { service } from '../service.ts'
import { forgetEvents, handleEvents } from './outbox.ts'

let h: TestHospital
beforeAll(async () => void (h = await hospital()))
afterAll(() => h[Symbol.asyncDispose]())

test('after a long silence every event is handed on, however many have gathered, and none twice', async () => {
  const seen: number[] = []
  const listener = service({
    name: 'trial',
    on: { 'trial.topic': (_, event) => Promise.resolve(void seen.push(Number(event.payload['n']))) },
  })
  ;(h.kernel.services as (typeof listener)[]).push(listener)
  while (await handleEvents(h.kernel));
  await h.kernel.db.query(
    `INSERT INTO kernel.outbox (at, topic, resource, record, payload)
     SELECT now(), CASE WHEN n % 4000 = 0 THEN 'trial.topic' ELSE 'trial.other' END, NULL, NULL, jsonb_build_object('n', n) FROM generate_series(1, 12000) n`,
  )
  expect(await handleEvents(h.kernel)).toBe(12_000)
  expect(seen).toEqual([4000, 8000, 12_000])
  expect(await handleEvents(h.kernel)).toBe(0)
})

test('what everybody has had goes after a week, in any number; what a reader has still to see stays', async () => {
  const { db } = h.kernel
  const told = (count: number) =>
    db.query(`INSERT INTO kernel.outbox (at, topic, resource, record, payload) SELECT $2, 'trial.old', NULL, NULL, '{}' FROM generate_series(1, $1::int)`, [count, h.clock.now().toISOString()]) // prettier-ignore
  const left = async () => (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.outbox WHERE topic = 'trial.old'`))[0]!.n
  await told(25_000)
  while (await handleEvents(h.kernel));
  await forgetEvents(h.kernel)
  expect(await left()).toBe(25_000)
  h.clock.set('2027-01-15')
  await told(3)
  await db.query(`INSERT INTO kernel.outbox_reader VALUES ('late', (SELECT snapshot FROM kernel.outbox_reader WHERE name = 'handlers'), $1)`, [h.clock.now().toISOString()]) // prettier-ignore
  await forgetEvents(h.kernel)
  expect(await left()).toBe(3)
  h.clock.set('2027-02-15')
  while (await handleEvents(h.kernel));
  await forgetEvents(h.kernel)
  // Handled, but one reader is still behind.
  expect(await left()).toBe(3)
  await db.query(`DELETE FROM kernel.outbox_reader WHERE name = 'late'`)
  await forgetEvents(h.kernel)
  expect(await left()).toBe(0)
})
