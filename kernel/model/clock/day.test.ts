import { expect, test } from 'vitest'
import { addDays, addMonths, dayNumber, dayOf, parseInstant } from './day.ts'

test('an instant falls on the hospital’s day, also in the summers of 1986 to 1991', () => {
  expect(dayOf(new Date('2026-06-30T15:59:59.999Z'))).toBe('2026-06-30')
  expect(dayOf(new Date('2026-06-30T16:00:00.000Z'))).toBe('2026-07-01')
  expect(dayOf(new Date('1988-07-01T15:30:00Z'))).toBe('1988-07-02')
  expect(dayOf(new Date('1992-01-01T15:59:00Z'))).toBe('1992-01-01')
})

test('days that do not exist are no days, and months end where they end', () => {
  expect([dayNumber('2026-02-29'), dayNumber('2024-02-29') !== null, dayNumber('2026-13-01')]).toEqual([null, true, null])
  expect([addDays('2026-12-31', 1), addMonths('2026-01-31', 1), addMonths('2024-02-29', 12)]).toEqual([
    '2027-01-01',
    '2026-02-28',
    '2025-02-28',
  ])
})

test('a time without zone is no instant', () => {
  expect([
    parseInstant('2026-06-30T08:00:00'),
    parseInstant('2026-02-30T08:00:00Z'),
    parseInstant('2026-06-30T08:00+08:00')?.toISOString(),
  ]).toEqual([null, null, '2026-06-30T00:00:00.000Z'])
})
