import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { productDefinitions } from '#app/definitions.ts'
import { freshDatabase } from '#app/testing/database.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { migrate } from '../store/migrate.ts'

const folder = new URL('../store/migrations/', import.meta.url)
const before = (await readdir(folder)).filter((file) => file.endsWith('.sql') && file < '081').sort()

test('accounts of before become records with their ids; what proves them stays, and their names are taken in any case', async () => {
  await using database = await freshDatabase()
  const [kept, gone] = ['0198a0c0-0000-7000-8000-000000000001', '0198a0c0-0000-7000-8000-000000000002']
  await withClient(database.ownerUrl, async (owner) => {
    await owner.query('CREATE SCHEMA kernel; CREATE TABLE kernel.migration (name text PRIMARY KEY, at timestamptz NOT NULL)')
    for (const file of before) {
      await owner.query(await readFile(new URL(file, folder), 'utf8'))
      await owner.query('INSERT INTO kernel.migration VALUES ($1, now())', [file])
    }
    await owner.query(
      `INSERT INTO kernel.account (id, name, password, must_change, disabled_at, created_at, password_at) VALUES ($1, 'ZhouMin', 'hash', false, NULL, '2026-01-05', '2026-02-03'), ($2, 'left', 'other', true, '2026-03-01', '2026-01-06', NULL)`,
      [kept, gone],
    )
  })
  await migrate(database.ownerUrl, productDefinitions(), '2026-11-22')
  await withClient(database.ownerUrl, async (owner) => {
    const rows = async (text: string) => (await owner.query<Record<string, unknown>>(text)).rows
    expect(await rows(`SELECT id, name, status, reason, must_change, password_at::date::text AS at, sign_ins, second_factor FROM security.account ORDER BY id`)).toEqual([
      { id: kept, name: 'ZhouMin', status: 'active', reason: null, must_change: false, at: '2026-02-03', sign_ins: 0, second_factor: 'none' },
      { id: gone, name: 'left', status: 'disabled', reason: '升级前已停用', must_change: true, at: null, sign_ins: 0, second_factor: 'none' },
    ])
    expect(await rows(`SELECT account, password FROM kernel.credential ORDER BY account`)).toEqual([
      { account: kept, password: 'hash' },
      { account: gone, password: 'other' },
    ])
    await expect(owner.query(`UPDATE security.account SET name = 'ZHOUMIN' WHERE name = 'left'`)).rejects.toThrow('account_name_any_case')
  })
  // Once more changes nothing.
  expect(await migrate(database.ownerUrl, productDefinitions(), '2026-11-22')).toEqual([])
}) // prettier-ignore
