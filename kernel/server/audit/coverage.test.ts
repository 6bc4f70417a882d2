import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isKnownAct, type AuditItem, type Settings } from '#model'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { readSettings } from '../settings.ts'

let h: TestHospital
let auditor: string
let office: string
let surgeon: string
beforeAll(async () => {
  h = await hospital()
  auditor = await h.person('周敏', { roles: ['auditOfficer'] })
  office = await h.person('李卫东', { roles: ['medicalOffice'] })
  surgeon = await h.person('张海涛', { mobile: '13800138000' })
})
afterAll(() => h[Symbol.asyncDispose]())

/** The newest entry as the auditor's page shows it; nothing in it may be a code, a number of ours or JSON. */
async function shown(query: string): Promise<AuditItem> {
  const answer = await (await h.signIn(auditor)).call('GET', `/api/audit?${query}`)
  const [row] = (answer.json<object>() as { rows: AuditItem[] }).rows
  expect(row, query).toBeDefined()
  const said = [row!.actLabel, row!.resourceLabel ?? '', ...row!.words.flatMap(({ label, value }) => [label, value])]
  for (const word of said) expect(word, `${query}: ${said.join(' | ')}`).not.toMatch(/[{}]|\bundefined\b|\[object|[0-9a-f]{8}-[0-9a-f]{4}-/)
  expect(row!.actLabel, query).not.toBe('其他操作')
  expect(row!.words.map(({ label }) => label), query).not.toContain('说明')
  return row!
} // prettier-ignore
const about = (row: AuditItem) => row.words.map(({ label, value }) => `${label} ${value}`).join('，')

test('E0108 E0211 every act that the code writes to the log has its words', () => {
  const acts = new Set<string>()
  for (const file of globSync(['kernel/server/**/*.ts', 'modules/**/*.ts', 'app/**/*.ts'], { exclude: (name) => /\.test\.ts$/.test(name) })) {
    const text = readFileSync(file, 'utf8')
    for (const [, act] of text.matchAll(/\bact: '([a-zA-Z.]+)'/g)) acts.add(act!)
    for (const [, act] of text.matchAll(/, '((?:account|role|secondFactor|password)\.[a-zA-Z.]+)'\)/g)) acts.add(act!)
  }
  expect(acts.size).toBeGreaterThan(60)
  expect([...acts].filter((act) => !isKnownAct(act)).toSorted()).toEqual([])
}) // prettier-ignore

test('E0165 E0267 E0168 E0270 signing in and out, with how long, and what was refused leave their entries', async () => {
  const session = await h.signIn(surgeon)
  expect(await shown(`actor=${surgeon}&act=signIn`)).toMatchObject({ outcome: 'done', actLabel: '登录' })
  expect((await session.call('PUT', '/api/settings', { settings: {}, seen: {} })).status).toBe(403)
  expect(await shown(`actor=${surgeon}&outcome=refused`)).toMatchObject({ actLabel: '尝试保存：系统设置', words: [{ label: '拒绝原因' }] })
  h.clock.set('2026-06-15T04:05:00Z')
  expect((await session.call('GET', `/api/records/directory.roleAssignment`)).status).toBe(403)
  expect(await shown(`actor=${surgeon}&outcome=refused`)).toMatchObject({ actLabel: '尝试查看：记录', resourceLabel: '角色分配' })
  h.clock.set('2026-06-15T04:10:00Z')
  await session.call('POST', '/api/sign-out')
  expect(about(await shown(`actor=${surgeon}&act=signOut`))).toBe('退出方式 本人退出，在线分钟 10')
})

test('E0137 E0240 E0169 E0271 a protected field that was seen in plain stands by its name, in one record and in a list', async () => {
  const session = await h.signIn(office)
  const { record } = (await session.call('GET', `/api/records/staff.practitioner/${surgeon}`)).json<object>() as { record: Record<string, unknown> }
  const row = await shown(`actor=${office}&act=read`)
  expect(row).toMatchObject({ actLabel: '查看', resourceLabel: '医务人员', recordTitle: '张*涛' })
  expect(about(row).includes('手机')).toBe(record['mobile'] === '13800138000')
  await session.call('GET', '/api/records/staff.practitioner?columns=name,mobile')
  expect(about(await shown(`actor=${office}&act=read.many`))).toMatch(/^条数 3，看到的敏感字段 .*手机/)
  const plain = await h.signIn(surgeon)
  await plain.call('GET', '/api/records/directory.unit')
  expect((await (await h.signIn(auditor)).call('GET', `/api/audit?actor=${surgeon}&act=read.many`)).json<{ rows: unknown[] }>().rows).toEqual([])
}) // prettier-ignore

test('E0165 E0143 E0246 what was added, changed, deleted, exported and printed', async () => {
  const ctx = await h.as(office)
  const unit = await h.unit('骨科')
  const { record } = await createRecord(h.kernel, await h.system(), 'directory.unit', { code: 'X9', name: '临时科', kind: 'department' }, { system: true }) // prettier-ignore
  expect(await shown(`record=${record.id}&act=create`)).toMatchObject({
    actLabel: '新增',
    resourceLabel: '组织机构',
    recordTitle: '临时科',
  })
  await updateRecordOf(h.kernel, await h.system(), 'directory.unit', record.id, 1, { name: '临时二科' }, { system: true })
  expect(await shown(`record=${record.id}&act=update`)).toMatchObject({ actLabel: '修改' })
  expect(ctx.actor.kind === 'person' && unit).toBeTruthy()
  const admin = await h.signIn(await h.person('管理', { roles: ['systemOfficer'] }))
  expect((await admin.call('DELETE', `/api/records/directory.unit/${record.id}?version=2`)).status).toBe(200)
  expect(await shown(`record=${record.id}&act=delete`)).toMatchObject({ actLabel: '删除', actorName: '管理' })
  const session = await h.signIn(office)
  const filter = encodeURIComponent(JSON.stringify({ field: 'mobile', op: 'eq', value: '13800138000' }))
  expect((await session.call('POST', `/api/records/staff.practitioner/export?filter=${filter}`, { format: 'csv' })).status).toBe(200)
  await expect.poll(async () => (await (await h.signIn(auditor)).call('GET', `/api/audit?actor=${office}&act=export`)).json<{ rows: unknown[] }>().rows.length).toBe(1) // prettier-ignore
  expect(about(await shown(`actor=${office}&act=export`))).toContain('格式 CSV')
})

test('E0163 E0170 E0265 E0272 rights given and taken, accounts made and ended, who maintained them', async () => {
  const officer = await h.person('管理二', { roles: ['systemOfficer'] })
  const given = await h.create('directory.roleAssignment', { role: 'departmentHead', person: surgeon })
  expect(await shown(`record=${given.id}`)).toMatchObject({ actLabel: '新增', resourceLabel: '角色分配' })
  const session = await h.signIn(officer)
  const [account] = await h.kernel.db.query<{ id: string; version: number }>('SELECT id, version FROM security.account WHERE person = $1', [surgeon])
  expect(await shown(`record=${account!.id}&act=create`)).toMatchObject({ resourceLabel: '账号' })
  const change = await session.call('PATCH', `/api/records/security.account/${account!.id}`, { version: account!.version, changes: { status: 'disabled', reason: '离职' } })
  expect(change.status, change.text).toBe(200)
  const row = await shown(`record=${account!.id}&view=special`)
  expect(row).toMatchObject({ actLabel: '修改', actorName: '管理二', resourceLabel: '账号' })
  for (const view of ['special', 'rights']) expect((await shown(`view=${view}&record=${given.id}`)).resourceLabel).toBe('角色分配')
}) // prettier-ignore

test('E0171 E0273 settings that were changed stand with before and after, in the report of the configuration', async () => {
  // Entries of one instant have no order.
  h.clock.set('2026-06-15T04:15:00Z')
  const admin = await h.signIn(await h.person('管理三', { roles: ['systemOfficer'] }))
  const seen: Settings = await readSettings(h.kernel.db)
  const answer = await admin.call('PUT', '/api/settings', { settings: { ...seen, medicalOffice: '医务部' }, seen })
  expect(answer.status, answer.text).toBe(200)
  expect(about(await shown('view=configuration'))).toBe('变更 医务管理部门的名称：医务处 → 医务部')
})

test('E0170 E0272 E0160 E0261 the program’s start and stop, and whoever reads or exports the log, stand in it', async () => {
  await h.house.startWork()
  expect(await shown('act=system.start')).toMatchObject({ actLabel: '程序启动', actorName: '系统' })
  expect(about(await shown('act=system.start'))).toMatch(/版本 \d+\.\d+\.\d+.*进程 网页服务、后台任务、定时任务/)
  h.clock.set('2026-06-15T04:20:00Z')
  const session: HttpSession = await h.signIn(auditor)
  await session.call('GET', '/api/audit?view=refused')
  expect(about(await shown('act=audit.read'))).toBe('报表 被拒绝的访问')
  h.clock.set('2026-06-15T04:21:00Z')
  await session.call('GET', '/api/audit/file?view=refused')
  await expect.poll(async () => about(await shown('act=audit.file').catch(() => ({ words: [] }) as never))).toContain('被拒绝的访问')
  await session.call('POST', '/api/audit/verify', {})
  expect((await shown('act=audit.verify')).actLabel).toBe('核对封存')
  expect((await shown('view=special')).actLabel).toBeTruthy()
})
