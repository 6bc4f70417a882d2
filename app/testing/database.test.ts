import { expect, inject, test } from 'vitest'
import { withClient } from '#kernel/server/database/roles.ts'
import { ensureTemplate, freshDatabase } from './database.ts'

const ask = (url: string, sql: string) => withClient(url, async (client) => (await client.query(sql)).rows?.[0] as unknown)

test('a template is built once although several files ask for it at the same time, and each clone is its own', async () => {
  let built = 0
  const build = async (ownerUrl: string) => {
    built++
    await ask(ownerUrl, `create table ward (name text); insert into ward values ('内科'); grant select on ward to xinglin_app`)
  }
  const names = await Promise.all([1, 2, 3].map(() => ensureTemplate('harness.wards', build)))
  expect([built, new Set(names).size]).toEqual([1, 1])

  await using one = await freshDatabase(names[0])
  await using two = await freshDatabase(names[0])
  await ask(one.ownerUrl, 'delete from ward')
  expect(await ask(one.appUrl, 'select count(*)::int as wards from ward')).toEqual({ wards: 0 })
  expect(await ask(two.appUrl, 'select count(*)::int as wards from ward')).toEqual({ wards: 1 })
})

test('a template whose building failed is built again by the next who asks', async () => {
  await expect(ensureTemplate('harness.broken', () => Promise.reject(new Error('half-way')))).rejects.toThrow('half-way')
  expect(await ensureTemplate('harness.broken', () => Promise.resolve())).toBe('template_harness_broken')
})

test('a dropped database is gone although somebody is still connected', async () => {
  const database = await freshDatabase()
  await withClient(database.appUrl, async (client) => {
    await database.drop()
    await expect(client.query('select 1')).rejects.toThrow()
  })
  expect(
    await ask(inject('database').adminUrl, `select count(*)::int as left from pg_database where datname = '${database.name}'`),
  ).toEqual({ left: 0 })
})
