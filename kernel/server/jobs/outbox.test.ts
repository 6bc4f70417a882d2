import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { service } from '../service.ts'
import { handleEvents } from './outbox.ts'

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
