// Approvals for the benches: real ones made through the engine once, then copied by the ten thousand; and millions of tasks that lie around them.
import { randomUUID } from 'node:crypto'
import { giveAccounts } from './accounts.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { fill, type BenchDatabase } from './harness.ts'
import { decider, five } from './requests/module.ts'

export { decider, five }
const envelope = `1, 'approved', now(), now()`
const head = 'version, state, created_at, updated_at'
const person = (n: string): string => `('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`
export const unit = '00000000-0000-4000-8000-000000000100'
const password = 'Bench@2026-xl'
export const applicant = '00000000-0000-4000-8000-000000000050'

/** A hundred people of one department; the decider and the applicant have accounts. */
export async function preparePeople(database: BenchDatabase): Promise<void> {
  await fill(
    database,
    `INSERT INTO directory.unit (id, ${head}, code, name, kind) VALUES ('${unit}', ${envelope}, 'U1', '骨科', 'department');
     INSERT INTO directory.person (id, ${head}, name, staff_number, unit, status) SELECT ${person('n')}, ${envelope}, '人员' || n, lpad(n::text, 5, '0'), '${unit}', 'active' FROM generate_series(1, 100) n;
     INSERT INTO directory.role_assignment (id, ${head}, status, role, person) SELECT gen_random_uuid(), ${envelope}, 'active', 'medicalOffice', ${person('n')} FROM generate_series(6, 8) n;
     INSERT INTO directory.role_assignment (id, ${head}, status, role, person) VALUES (gen_random_uuid(), ${envelope}, 'active', 'systemOfficer', ${person('5')}); ANALYZE`,
  )
  const named = [...five, applicant].map((who, n) => ({ name: who === applicant ? 'applicant' : `decider${n + 1}`, person: who }))
  await giveAccounts(database, password, named)
}

export async function signIn(url: string, account: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password }) }) // prettier-ignore
  const { csrf } = (await answer.json()) as { csrf: string }
  return { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, 'x-csrf-token': csrf, 'content-type': 'application/json' }
}

export const draft = {
  applicant, department: unit, title: '参加全国学术年会', kind: 'a', urgency: 'plain', from: '2026-09-01', to: '2026-09-04', at: '2026-09-01T01:00:00Z', place: '上海', host: '中华医学会',
  days: 4, people: 2, fee: '3200.00', source: 'project', leader: applicant, subject: '骨科', reason: '大会发言', plan: '两天讲课，两天听课', note: '车票自理',
} // prettier-ignore

/** Submits one request over HTTP, as anybody would. */
export async function submitOne(url: string, resource: string, more: object = {}): Promise<{ instance: string; record: string }> {
  const headers = await signIn(url, 'applicant')
  const answer = await fetch(`${url}/api/flows/submit/${resource}`, { method: 'POST', headers, body: JSON.stringify({ draft: { ...draft, ...more }, actId: randomUUID() }) }) // prettier-ignore
  if (answer.status !== 201) throw new Error(await answer.text())
  return (await answer.json()) as { instance: string; record: string }
}
/** An act in somebody's name, before the measuring begins. */
export async function actOnce(url: string, account: string, instance: string, act: object): Promise<void> {
  const answer = await fetch(`${url}/api/approvals/${instance}/acts`, { method: 'POST', headers: await signIn(url, account), body: JSON.stringify({ actId: randomUUID(), seenVersion: 1, ...act }) }) // prettier-ignore
  if (answer.status !== 200) throw new Error(await answer.text())
}

/** Copies an approval with its record, lines and tasks so many times; answers the ids of the copies. */
export async function copyApproval(
  database: BenchDatabase,
  of: { instance: string; record: string },
  table: string,
  count: number,
): Promise<string[]> {
  return withClient(database.adminUrl, async (admin) => {
    const ask = async <T extends object>(sql: string, values: unknown[] = []) => (await admin.query<T>(sql, values)).rows
    const columns = async (name: string, but: readonly string[]) =>
      (await ask<{ c: string }>(`SELECT quote_ident(attname) AS c FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND NOT attname = ANY ($2::text[])`, [name, but])).map((row) => row.c) // prettier-ignore
    const id = (what: string) => `md5('${of.instance}${what}' || n)::uuid`
    const lines =
      table === 'bench.batch' ? await ask<{ id: string }>(`SELECT id FROM bench.batch__lines WHERE parent = $1`, [of.record]) : []
    const swaps = [[of.instance, id('i')], [of.record, id('r')], ...lines.map((line) => [line.id, id(line.id)])] as const // prettier-ignore
    const state = swaps.reduce((text, [old, fresh]) => `replace(${text}, '${old}', ${fresh}::text)`, 'i.state::text')
    const series = `generate_series(1, ${count}) n`
    const copy = async (name: string, fresh: Record<string, string>, where: string) => {
      const rest = await columns(name, Object.keys(fresh))
      await ask(
        `INSERT INTO ${name} (${[...Object.keys(fresh), ...rest].join(', ')}) SELECT ${[...Object.values(fresh), ...rest.map((c) => `i.${c}`)].join(', ')} FROM ${name} i, ${series} WHERE ${where}`,
      )
    }
    await copy(table, { id: id('r') }, `i.id = '${of.record}'`)
    for (const line of lines) await copy('bench.batch__lines', { id: id(line.id), parent: id('r') }, `i.id = '${line.id}'`)
    await copy('kernel.flow_instance', { id: id('i'), record: id('r'), state: `(${state})::jsonb` }, `i.id = '${of.instance}'`)
    await copy('kernel.flow_task', { instance: id('i') }, `i.instance = '${of.instance}'`)
    await copy('kernel.flow_due', { instance: id('i') }, `i.instance = '${of.instance}'`)
    return (await ask<{ id: string }>(`SELECT ${id('i')} AS id FROM ${series}`)).map((row) => row.id)
  })
}
/** Tasks of other approvals, `total` of them: ten each, mostly done, of a thousand people. */
export async function surround(database: BenchDatabase, total: number): Promise<void> {
  const other = (n: string) => `md5('other' || (${n}))::uuid`
  await fill(
    database,
    `INSERT INTO kernel.flow_instance (id, number, flow, flow_version, resource, record, applicant, status, seq, state, started_at, ended_at, title)
       SELECT ${other('n')}, 'X' || n, 'bench.one', 1, 'bench.request', ${other('-n')}, md5('p' || n % 1000)::uuid, 'approved', 10, '{}', now() - n * interval '10 seconds', now(), '往年的申请' FROM generate_series(1, ${total / 10}) n;
     INSERT INTO kernel.flow_task (instance, task, step, person, kind, flow, state, opened_at, closed_at)
       SELECT ${other('n')}, 't' || k, 's' || k, md5('p' || (n * 7 + k) % 1000)::uuid, 'decide', 'bench.one', CASE WHEN k = 1 AND n % 4 = 0 THEN 'open' ELSE 'done' END, now() - n * interval '10 seconds', now() FROM generate_series(1, ${total / 10}) n, generate_series(1, 10) k;
     ANALYZE kernel.flow_instance; ANALYZE kernel.flow_task`,
  )
}
