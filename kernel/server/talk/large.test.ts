import { afterAll, beforeAll, expect, test } from 'vitest'
import { mostMembers, mostStaff, type TalkAnswer } from '#model'
import { Talkers } from '#app/testing/talkers.ts'

let t: Talkers
let unit: string
beforeAll(async () => {
  t = await Talkers.open({ 护一: { unit: '护理部', post: 'head' }, 护二: { unit: '护理部' } })
  unit = await t.h.unit('护理部')
})
afterAll(() => t[Symbol.asyncDispose]())
/** So many more who work there, as a feed from the staff office leaves them. */
async function hire(from: number, to: number): Promise<void> {
  await t.h.kernel.db.query(
    `INSERT INTO directory.person (id, version, state, created_at, updated_at, name, staff_number, unit, status)
     SELECT gen_random_uuid(), 1, 'approved', now(), now(), '护理员' || n, 'N' || n, $3::uuid, 'active' FROM generate_series($1::int, $2::int) n`,
    [from, to, unit],
  )
  t.h.kernel.directoryChanged()
}

test('B0037 a unit of thousands has its group: everybody reads, some are listed, all can be named; beyond the bound it says why not', async () => {
  await hire(1, mostStaff - 2)
  const talk = await t.need<TalkAnswer>('护一', 'POST', '/api/talks', { unit })
  expect([talk.count, talk.members.length]).toEqual([mostStaff, mostMembers])
  await t.say('护一', talk.id, '全院护理查房改到周四')
  expect(await t.texts('护二', talk.id)).toEqual(['全院护理查房改到周四'])
  expect(await t.unread('护二')).toBe(1)
  const [last] = await t.h.kernel.db.query<{ id: string }>(`SELECT id FROM directory.person WHERE name = '护理员4998'`)
  await t.say('护二', talk.id, '@护理员4998 收到请回复', { mentions: [last!.id] })
  await t.say('护一', talk.id, '@所有人 请知悉', { everyone: true })
  expect((await t.list('护二'))[0]).toMatchObject({ isMentioned: true })
  // One more: the group that there is goes on; a new one of that size is not made.
  await hire(mostStaff - 1, mostStaff)
  await t.say('护二', talk.id, '收到')
  await t.h.kernel.db.query(`DELETE FROM kernel.talk_due`)
  for (const table of ['talk_message', 'talk_member', 'talk']) await t.h.kernel.db.query(`DELETE FROM kernel.${table}`)
  const refused = await t.by('护一', 'POST', '/api/talks', { unit })
  expect(refused.status).toBe(409)
  expect(refused.text).toContain(`护理部超过 ${mostStaff} 人，不设群；请用通知`)
}) // prettier-ignore
