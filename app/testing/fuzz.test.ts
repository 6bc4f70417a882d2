import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '#kernel/server/database/database.ts'
import { masterKey } from '#kernel/server/protection/master-key.ts'
import { ownColumns, sealOwnAnew } from '#kernel/server/protection/own-columns.ts'
import { addDataKey, grace } from '#kernel/server/protection/rotation.ts'
import { Fuzz } from './fuzz.ts'

test('some thousand requests that somebody might try, to every route by every role, break nothing', async () => {
  await using fuzz = await Fuzz.open()
  const result = await fuzz.run({ each: 1, mutated: 3000, seed: 7 })
  expect([result.broken, result.faults]).toEqual([[], []])
  expect(result.requests).toBeGreaterThan(3000)
  // What all of them left sealed opens where it stands, and comes under another data key: of every kind but those shown beside `sealOwnAnew` itself.
  const { kernel, database, dataFolder, clock } = fuzz.hospital.h
  const owner = openDatabase(database.ownerUrl, { max: 1 })
  await addDataKey(owner, await masterKey(join(dataFolder, 'keys', 'master.key')), new Date(clock.now().getTime() - grace))
  await kernel.protector.refresh(kernel.db)
  const found = new Set<string>()
  const { unread } = await sealOwnAnew(kernel, owner, (column, count) => count > 0 && found.add(column))
  await owner.close()
  const elsewhere = [
    'kernel.api_answer',
    'kernel.automation_call',
    'kernel.library_connection',
    'kernel.password_reset',
    'kernel.push_device',
    'kernel.push_key',
    'kernel.sms',
  ]
  expect([unread, ownColumns.filter(({ table }) => !found.has(table) && !elsewhere.includes(table))]).toEqual([0, []])
  expect(fuzz.short(1).map((route) => `${route} ${result.refused.get(route) ?? ''}`)).toEqual([])
}, 300_000)
