import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditViews, type AuditItem, type SignInTime } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { askAudit, readQuestion, type AskedOf } from './questions.ts'

let h: TestHospital
let officer: HttpSession
let surgeon: string
let colleague: string
beforeAll(async () => {
  h = await hospital()
  surgeon = await h.person('张海涛')
  colleague = await h.person('李卫东', { roles: ['medicalOffice'] })
  officer = await h.signIn(await h.person('周敏', { roles: ['auditOfficer'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

async function ask(query: string): Promise<{ rows: AuditItem[]; next: string | null }> {
  const answer = await officer.call('GET', `/api/audit?${query}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.json<object>() as { rows: AuditItem[]; next: string | null }
}
const acts = async (query: string) =>
  (await ask(query)).rows.map((row) => `${row.actorName ?? ''} ${row.actLabel} ${row.recordTitle ?? ''}`.trim())

test('E0156 E0259 the officer finds entries by person, act, outcome, type, record, address and day, newest first, and nobody else may look', async () => {
  const office = await h.signIn(colleague)
  const session = await h.signIn(surgeon)
  expect((await office.call('GET', `/api/records/staff.practitioner/${surgeon}`)).status).toBe(200)
  expect((await session.call('GET', '/api/audit')).status).toBe(403)
  expect((await session.call('GET', '/api/audit/sign-ins?from=2026-06-01&to=2026-06-30')).status).toBe(403)
  expect(await acts(`actor=${colleague}&act=read`)).toEqual(['李卫东 查看 张*涛'])
  expect((await acts(`actor=${surgeon}&outcome=refused`))[0]).toContain('尝试查看：审计日志')
  expect(await acts(`record=${surgeon}&act=read`)).toEqual(['李卫东 查看 张*涛'])
  expect((await ask('resource=staff.practitioner&act=read')).rows).toHaveLength(1)
  expect((await ask('from=2026-06-15&to=2026-06-15')).rows.length).toBeGreaterThan(5)
  expect((await ask('from=2026-06-16')).rows).toEqual([])
  expect((await ask('address=10.9.9.9')).rows).toEqual([])
  const [row] = (await ask('act=signIn&address=127.0.0.1')).rows
  expect(row).toMatchObject({ actLabel: '登录', words: [{ label: '方式', value: '密码' }] })
  for (const wrong of [
    'actor=x',
    'from=gestern',
    'from=2026-06-16&to=2026-06-15',
    'view=none',
    'outcome=perhaps',
    'before=5',
    'timeline=person',
    'timeline=record',
    'timeline=x',
  ])
    expect((await officer.call('GET', `/api/audit?${wrong}`)).status, wrong).toBe(400)
})

test('E0170 E0272 whoever reads or exports the log stands in it with what he asked, and the pages behind the first are the same look', async () => {
  h.clock.set('2026-06-15T04:02:00Z')
  await ask(`actor=${surgeon}&view=refused`)
  const [mine] = (await ask('act=audit.read')).rows
  expect(mine).toMatchObject({ actorName: '周敏', actLabel: '查看审计日志' })
  expect(mine!.words).toEqual([
    { label: '报表', value: '被拒绝的访问' },
    { label: '操作人', value: '张海涛' },
  ])
  const file = await officer.call('GET', '/api/audit/file?view=signIn')
  expect([file.status, file.headers['content-disposition']]).toEqual([200, expect.stringContaining('attachment')])
  await expect.poll(async () => (await ask('act=audit.file')).rows[0]?.words).toContainEqual({ label: '查询条件', value: expect.stringContaining('登录与锁定') as string }) // prettier-ignore
  await h.kernel.db.once(`INSERT INTO kernel.audit_entry (at, actor_name, act, outcome, detail) SELECT '2026-06-14T00:00:00Z'::timestamptz + n * interval '1 microsecond', '甲', 'bulk', 'done', '{}' FROM generate_series(1, 250) n`) // prettier-ignore
  const seen: number[] = []
  let next: string | null = ''
  const before = (await ask('act=audit.read')).rows.length
  for (let pages = 0; next !== null; pages++) {
    const page: { rows: AuditItem[]; next: string | null } = await ask(`act=bulk${next ? `&before=${next}` : ''}`)
    seen.push(...page.rows.map((row) => row.seq))
    next = page.next
    expect(pages).toBeLessThan(5)
  }
  expect([seen.length, new Set(seen).size]).toEqual([250, 250])
  expect((await ask('act=audit.read')).rows.length).toBe(before + 2)
})

test('a person’s timeline has what he did and what was done to him, his account and his roles; a record’s has reads, changes and exports of its type', async () => {
  const account = await h.kernel.db.query<{ id: string }>('SELECT id FROM security.account WHERE person = $1', [colleague])
  const office = await h.signIn(colleague)
  await office.call('GET', `/api/records/staff.practitioner/${colleague}`)
  await (await h.signIn(await h.person('郑毅', { roles: ['medicalOffice'] }))).call('GET', `/api/records/staff.practitioner/${colleague}`)
  const of = (await ask(`timeline=person&actor=${colleague}`)).rows
  expect(of.some((row) => row.actor === colleague && row.act === 'signIn')).toBe(true)
  expect(of.some((row) => row.actorName === '郑毅' && row.act === 'read')).toBe(true)
  expect(of.some((row) => row.record === account[0]!.id && row.act === 'create')).toBe(true)
  expect(of.some((row) => row.resource === 'directory.roleAssignment')).toBe(true)
  expect(new Set(of.map((row) => row.seq)).size).toBe(of.length)
  expect(of.map((row) => row.at)).toEqual(
    of
      .map((row) => row.at)
      .toSorted()
      .reverse(),
  )

  const exported = await office.call('POST', '/api/records/staff.practitioner/export', { format: 'csv' })
  expect(exported.status, exported.text).toBe(200)
  const timeline = async () => (await ask(`timeline=record&record=${colleague}&resource=staff.practitioner`)).rows
  await expect
    .poll(async () => (await timeline()).find((row) => row.act === 'export'))
    .toMatchObject({ mayHold: true, actorName: '李卫东' })
  expect((await timeline()).map((row) => row.actLabel)).toEqual(expect.arrayContaining(['新增', '查看', '导出']))
})

test('E0166 E0268 E0167 E0269 how long each was signed in is told by account, with what was refused and locked', async () => {
  const session = await h.signIn(surgeon)
  h.clock.set('2026-06-15T05:30:00Z')
  await session.call('POST', '/api/sign-out')
  for (let n = 0; n < 6; n++) {
    const { id } = (await h.house.server.app.inject({ method: 'POST', url: '/api/sign-in/captcha', payload: {} })).json<{ id: string }>()
    const [row] = await h.kernel.db.query<{ answer: string }>('SELECT answer FROM kernel.captcha WHERE id = $1', [id])
    const payload = { account: surgeon, password: `falsch-${n}`, captcha: { id, answer: row!.answer } }
    await h.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload, remoteAddress: '10.8.8.8' })
  }
  const again = await h.signIn(
    (await h.kernel.db.query<{ person: string }>(`SELECT person FROM directory.role_assignment WHERE role = 'auditOfficer'`))[0]!.person,
  )
  const { rows } = (await again.call('GET', '/api/audit/sign-ins?from=2026-06-15&to=2026-06-15')).json<object>() as { rows: SignInTime[] }
  const mine = rows.find((row) => row.person === surgeon)!
  expect(mine).toMatchObject({ personName: '张海涛', minutes: expect.any(Number) as number, refused: expect.any(Number) as number })
  expect(mine.minutes).toBeGreaterThanOrEqual(90)
  expect(mine.refused).toBeGreaterThanOrEqual(5)
  expect((await again.call('GET', '/api/audit/sign-ins?from=2026-06-15')).status).toBe(400)
  const locked = (await again.call('GET', `/api/audit?act=account.locked`)).json<object>() as { rows: AuditItem[] }
  expect(locked.rows[0]).toMatchObject({ actLabel: '账号被锁定', resourceLabel: '账号' })
})

test('every ready-made report and every filter is answered from an index in its order, whatever the log’s length', async () => {
  const asked: AskedOf[] = [...Object.keys(auditViews).map((view) => ({ view })), { actor: surgeon }, { address: '10.0.0.1' }, { record: surgeon }, { from: '2026-06-01', to: '2026-06-30' }] // prettier-ignore
  for (const one of asked) {
    const plans: string[] = []
    const spy = { query: async (text: string, values?: unknown[]) => {
      // Few rows here: what decides is whether the order comes from an index at all.
      const rows = await h.kernel.db.transaction(async (tx) => {
        await tx.once('SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = on; SET LOCAL enable_bitmapscan = off')
        return tx.once<{ 'QUERY PLAN': string }>(`EXPLAIN ${text.replace(/\$(\d+)::([a-z]+(\[\])?)/g, (_, n: string, type: string) => literal(values![Number(n) - 1], type))}`)
      })
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      return []
    } } // prettier-ignore
    await askAudit(spy as never, readQuestion(one), null, 100)
    expect(plans[0], JSON.stringify(one)).toMatch(/Index (Only )?Scan/)
    expect(plans[0], JSON.stringify(one)).not.toMatch(/Seq Scan on audit_entry_2026/)
  }
})
const literal = (value: unknown, type: string): string => `'${Array.isArray(value) ? `{${value.join(',')}}` : String(value)}'::${type}`
