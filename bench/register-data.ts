// The hospital behind the register of the list and create benches: 600 units under 50 departments, 600 people, one head.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { giveAccounts } from './accounts.ts'
import { fill, type BenchDatabase } from './harness.ts'

export const registerFolder = join(import.meta.dirname, 'register')
export const password = 'Bench@2026-xl'
/** An id made of words, the same in SQL and here. */
export const id = (kind: string, n: string): string => `md5('${kind}' || (${n}))::uuid`
export const idOf = (kind: string, n: number | string): string => createHash('md5').update(`${kind}${n}`).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') // prettier-ignore
/** The head's department and the eleven wards below it. */
export const unitsOfHead = (): string[] => Array.from({ length: 12 }, (_, i) => idOf('unit', i * 50))

export async function prepareRegister(database: BenchDatabase): Promise<{ person: string; unit: string }> {
  const envelope = `1, 'approved', now(), now()`
  const head = 'version, state, created_at, updated_at'
  await fill(
    database,
    `INSERT INTO directory.unit (id, ${head}, code, name, kind, parent)
       SELECT ${id('unit', 'n')}, ${envelope}, 'U' || n, '科室' || n, CASE WHEN n < 50 THEN 'department' ELSE 'ward' END, CASE WHEN n < 50 THEN NULL ELSE ${id('unit', 'n % 50')} END FROM generate_series(0, 599) n;
     INSERT INTO directory.person (id, ${head}, name, staff_number, unit, status) SELECT ${id('person', 'n')}, ${envelope}, '人员' || n, lpad(n::text, 5, '0'), ${id('unit', 'n')}, 'active' FROM generate_series(0, 599) n;
     INSERT INTO directory.membership (id, ${head}, person, unit, post, main) VALUES (${id('membership', '0')}, ${envelope}, ${id('person', '0')}, ${id('unit', '0')}, 'head', true);
     INSERT INTO directory.role_assignment (id, ${head}, status, role, post) VALUES (${id('assignment', '0')}, ${envelope}, 'active', 'departmentHead', 'head'); ANALYZE`,
  )
  await giveAccounts(database, password, [{ name: 'head', person: idOf('person', 0) }])
  return { person: idOf('person', 0), unit: idOf('unit', 0) }
}

export async function signInAs(url: string, account: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password }),
  })
  const { csrf } = (await answer.json()) as { csrf: string }
  return { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, 'x-csrf-token': csrf }
}
