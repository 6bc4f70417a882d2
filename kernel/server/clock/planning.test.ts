import { expect, test } from 'vitest'
import { hospital } from '#app/testing/hospital.ts'
import { watchChanges } from '../jobs/outbox.ts'
import { Kernel } from '../kernel.ts'
import { updateRecordOf } from '../records/write.ts'
import { writeSetting } from '../settings.ts'
import { calendarOf, planningOf } from './planning.ts'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)

test('a calendar written in one process is known in another', async () => {
  await using h = await hospital()
  const { defs, db, protector, clock, protection } = h.kernel
  const other = new Kernel({ defs, db, protector, clock, profile: protection.profile })
  const stop = await watchChanges(other)
  try {
    expect((await calendarOf(other, null)).day('2026-11-24').isWorkday).toBe(true)
    const closed = { from: '2026-11-24', to: '2026-11-24', kind: 'off', reason: '院庆' }
    await h.create('clock.calendar', {
      name: '全院',
      periods: [{ weekdays: ['mon', 'tue'], start: '08:00', end: '12:00' }],
      days: [closed],
    })
    expect((await calendarOf(h.kernel, null)).day('2026-11-24').name).toBe('院庆')
    await expect.poll(async () => (await calendarOf(other, null)).day('2026-11-24').name, { timeout: 10_000 }).toBe('院庆')
  } finally {
    await stop()
  }
})

test('a unit that moves to another campus takes that campus’s calendar', async () => {
  await using h = await hospital()
  const east = await h.unit('东院区', { kind: 'campus', parent: h.institution })
  const ward = await h.unit('骨科')
  await h.create('clock.calendar', {
    name: '东院区',
    unit: east,
    days: [{ from: '2026-11-24', to: '2026-11-24', kind: 'off', reason: '检修' }],
  })
  expect((await calendarOf(h.kernel, ward)).day('2026-11-24').isWorkday).toBe(true)
  await updateRecordOf(h.kernel, await h.system(), 'directory.unit', ward, 1, { parent: east }, { system: true })
  expect((await calendarOf(h.kernel, ward)).day('2026-11-24')).toMatchObject({ isWorkday: false, name: '检修', source: '东院区' })
})

test('a reminder waits for the morning of a working day, an urgent message does not; the hospital sets its quiet hours', async () => {
  await using h = await hospital()
  await writeSetting(h.kernel.db, 'quietHours', { from: 20 * 60, to: 8 * 60 })
  const planning = await planningOf(h.kernel)
  expect(planning.nextSendable(at('2026-11-20 20:30'), false, h.campus)).toEqual(at('2026-11-23 08:00'))
  expect(planning.nextSendable(at('2026-11-20 20:30'), true, h.campus)).toEqual(at('2026-11-20 20:30'))
  expect(['2026-11-20 19:59', '2026-11-20 20:00', '2026-11-21 10:00', '2026-11-23 08:00'].map((t) => planning.mayRemind(at(t), null))).toEqual([true, false, false, true]) // prettier-ignore
})
