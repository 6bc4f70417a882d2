import { expect, test } from 'vitest'
import { SeenKeys } from './seen-keys.ts'

test('among three hundred thousand keys each is new once and known afterwards, with the line it stood on', () => {
  const seen = new SeenKeys()
  const keyOf = (i: number) =>
    JSON.stringify(['医保版', '2.0', `${String(i % 100).padStart(2, '0')}.${String(Math.floor(i / 100)).padStart(4, '0')}`])
  let early = 0
  for (let i = 0; i < 300_000; i++) if (seen.first(keyOf(i), i + 1) !== null) early++
  let wrong = 0
  for (let i = 0; i < 300_000; i++) if (seen.first(keyOf(i), 1_000_000 + i) !== i + 1) wrong++
  expect([early, wrong]).toEqual([0, 0])
})
