import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { freshDatabase } from '#app/testing/database.ts'
import { withClient } from '#kernel/server/database/roles.ts'

const folder = new URL('../store/migrations/', import.meta.url)
const files = (await readdir(folder)).filter((file) => file.endsWith('.sql') && file <= '103-reminders.sql').sort()
const [person, record] = ['0198a0c0-0000-7000-8000-000000000001', '0198a0c0-0000-7000-8000-000000000002']

test('who was told before the upgrade is not told again; to-dos of records stay, those of an office are given anew', async () => {
  await using database = await freshDatabase()
  await withClient(database.ownerUrl, async (owner) => {
    await owner.query('CREATE SCHEMA kernel')
    for (const file of files.slice(0, -1)) await owner.query(await readFile(new URL(file, folder), 'utf8'))
    const key = `privileges.grant/${record}/to/2026-09-10`
    await owner.query(
      `INSERT INTO kernel.told VALUES ('${person}', '${key}/60', '2026-07-12T00:00:00Z'), ('${person}', 'something/else', now());
       INSERT INTO kernel.message (id, person, at, title, body, once_key, kind) VALUES (gen_random_uuid(), '${person}', '2026-06-12T00:00:00Z', '', '', '${key}/90', 'reminder'), (gen_random_uuid(), '${person}', now(), '', '', 'privileges.grant/to/medicalOffice/90/2026-06-12', 'reminder');
       INSERT INTO kernel.todo (id, person, resource, record, title, link, opened_at, once_key) VALUES (gen_random_uuid(), '${person}', 'privileges.grant', '${record}', '', '', now(), '${key}'), (gen_random_uuid(), '${person}', 'privileges.grant', NULL, '', '', now(), 'privileges.grant/to/medicalOffice/90'), (gen_random_uuid(), '${person}', 'security.emergencyAccess', '${record}', '', '', now(), 'security.emergencyAccess/${record}/review')`,
    )
    await owner.query(await readFile(new URL(files.at(-1)!, folder), 'utf8'))
    const rows = async (text: string) => (await owner.query<Record<string, unknown>>(text)).rows
    expect(await rows(`SELECT reminder, record, about::text, stage, occurrence::text FROM kernel.reminder_told ORDER BY occurrence`)).toEqual(
      ['2026-06-12', '2026-07-12'].map((occurrence) => ({ reminder: 'privileges.grant.to', record, about: '2026-09-10', stage: 0, occurrence })),
    )
    expect((await rows(`SELECT once_key AS key FROM kernel.todo WHERE closed_at IS NULL ORDER BY once_key`)).map(({ key }) => key)).toEqual([
      `remind:privileges.grant.to/${record}/2026-09-10`,
      `security.emergencyAccess/${record}/review`,
    ])
  })
}) // prettier-ignore
