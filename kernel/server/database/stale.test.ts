import { expect, test } from 'vitest'
import { freshDatabase } from '#app/testing/database.ts'
import { openDatabase } from './database.ts'

test('a column that is given another type while people work is read on: at once, and in a transaction at the second try', async () => {
  await using database = await freshDatabase()
  const [owner, db] = [openDatabase(database.ownerUrl, { max: 1 }), openDatabase(database.appUrl, { max: 1 })]
  try {
    await owner.once('CREATE TABLE public.widened (count integer); INSERT INTO public.widened VALUES (1); GRANT SELECT ON public.widened TO PUBLIC')
    const read = 'SELECT count FROM public.widened'
    expect(await db.query(read)).toEqual([{ count: 1 }])
    await owner.once('ALTER TABLE public.widened ALTER COLUMN count TYPE numeric(9,2)')
    expect(await db.query(read)).toEqual([{ count: '1.00' }])
    await owner.once('ALTER TABLE public.widened ALTER COLUMN count TYPE text')
    await expect(db.transaction((tx) => tx.query(read))).rejects.toMatchObject({ code: 'unavailable' })
    expect(await db.transaction((tx) => tx.query(read))).toEqual([{ count: '1.00' }])
  } finally {
    await Promise.all([owner.close(), db.close()])
  }
}) // prettier-ignore
