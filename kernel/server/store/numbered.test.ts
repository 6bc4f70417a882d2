import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { inOrder } from './numbered.ts'

test('migrations run by number, and two of one number are refused before anything runs', async () => {
  expect(inOrder(['010-b.sql', '002-a.sql', 'readme.md'], '')).toEqual(['002-a.sql', '010-b.sql'])
  expect(() => inOrder(['006-a.sql', '006-b.sql'], 'kernel/')).toThrow('kernel/006-b.sql: 006-a.sql has number 006 already')
  expect(() => inOrder(['005-exchange.sql', '005-more.sql', '005-seals.sql'], '')).toThrow('005-more.sql')
  expect(() => inOrder(['seals.sql'], '')).toThrow('three digits')
})

test('the two that were applied under 005 before the rule stay as they are', async () => {
  expect(inOrder(await readdir(new URL('./migrations/', import.meta.url)), '')).toEqual(
    expect.arrayContaining(['005-exchange.sql', '005-seals.sql', '006-audit-leaving.sql']),
  )
})
