import { expect, test } from 'vitest'
import type { RecordAnswer } from '#model'
import { hospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import { yearsSince } from './seniority.rules.ts'

test('whole years, on the anniversary; nothing before the first day', () => {
  expect([yearsSince('2010-07-01', '2026-06-30'), yearsSince('2010-07-01', '2026-07-01')]).toEqual([15, 16])
  expect([yearsSince('2024-02-29', '2025-02-28'), yearsSince('2024-02-29', '2025-03-01')]).toEqual([0, 1])
  expect([yearsSince(null, '2026-01-01'), yearsSince('2026-01-02', '2026-01-01'), yearsSince('2026-01-01', '2026-01-01')]).toEqual([null, null, 0])
}) // prettier-ignore

test('B0049 A0010 years here and at work are counted by themselves: as a file is written, and on each anniversary', async () => {
  await using h = await hospital({ at: '2026-06-30' })
  const id = await h.person('张海涛', { joinedOn: '2015-07-01', workedSince: '2008-07-01' })
  const clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  const years = async () => {
    const { record } = (await (await h.signIn(clerk)).call('GET', `/api/records/staff.practitioner/${id}`)).json<RecordAnswer>()
    return [record['yearsHere'], record['yearsWorked'], record.version]
  }
  await runDailyJobs(h.kernel)
  const [here, worked, version] = await years()
  expect([here, worked]).toEqual([10, 17])
  h.clock.set('2026-07-01')
  await runDailyJobs(h.kernel)
  expect(await years()).toEqual([11, 18, Number(version) + 1])
  h.clock.set('2026-07-02')
  await runDailyJobs(h.kernel)
  expect((await years())[2]).toBe(Number(version) + 1)
})
