import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { all, is, may, module, resource, text, unit, type AssignmentChange, type Module, type Problem, type RightsChange, type RightsVersion } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { openHouse, type House } from '#app/house.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { noteRights, rightsNow } from './versions.ts'

const cards = resource('trial.card', { label: '名片', title: 'name', owner: { department: 'unit' }, fields: { name: text('名称'), unit: unit('科室'), level: text('密级') } }) // prettier-ignore
const trial = (roles: Module['roles']): Module => module('trial', { label: '试用', resources: [cards], rights: { 'trial.print': '打印名片' }, roles: roles ?? {} }) // prettier-ignore
const before = trial({
  departmentHead: [may.read(cards, 'myUnits', { mask: ['level'] }), may.use('trial.print', 'myUnits')],
  departmentSecretary: [may.read(cards, all(is('name', '甲')))],
  committeeMember: [may.export(cards)],
})
const after = trial({
  departmentHead: [may.read(cards, 'myCampus', { readOnly: ['level'] }), may.create(cards, 'myUnits'), may.update(cards, 'myUnits')],
  departmentSecretary: [may.read(cards, all(is('name', '乙')))],
})

let h: TestHospital
let officer: HttpSession
const houses: House[] = []
/** Another process over the same database, with these declarations. */
async function process(declared: Module): Promise<House['kernel']> {
  const house = await openHouse({ appUrl: h.database.appUrl, dataFolder: h.dataFolder, defs: productDefinitions([declared]), clock: h.clock, poolSize: 2 })
  houses.push(house)
  return house.kernel
} // prettier-ignore
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([before]) })
  officer = await h.signIn(await h.person('许安', { roles: ['securityOfficer'], unit: '信息科' }))
})
afterAll(async () => {
  for (const house of houses) await house.close()
  await h[Symbol.asyncDispose]()
})
const get = async <T>(path: string) => {
  const answer = await officer.call('GET', `/api/rights/${path}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.json<T>()
}
const versions = async () => (await get<{ versions: RightsVersion[] }>('versions')).versions
const audited = () =>
  h.kernel.db.query<{ detail: object }>(`SELECT detail FROM kernel.audit_entry WHERE act = 'rights.changed' ORDER BY seq`)

describe('E0161 E0163 E0263 E0265 what the roles gave', () => {
  test('is kept once by processes that start together, and not again while it stays', async () => {
    const other = await process(before)
    await Promise.all([h.kernel, other, h.kernel, other].map((kernel) => noteRights(kernel, '1.0.0')))
    await noteRights(other, '1.0.1')
    expect(await versions()).toEqual([{ number: 1, at: h.clock.now().toISOString(), program: '1.0.0', changes: null }])
    expect(await audited()).toEqual([{ detail: { version: 1, program: '1.0.0', count: 0, changes: [] } }])
  })
  test('and with a program that gives otherwise what was given, taken and moved stands in words, in the page and in the audit log', async () => {
    await noteRights(await process(after), '1.1.0')
    const words = [
      '给了“科主任”：新增、修改“名片”（本科室及下级）',
      '“科主任”查看“名片”：范围由 本科室及下级 改为 本院区',
      '“科主任”的“名片”：字段 密级 不再打码',
      '“科主任”的“名片”：字段 密级 改为只读',
      '收了“科主任”：使用“打印名片”（本科室及下级）',
      '“科室秘书”查看“名片”：范围由 符合“名称 是 甲”的 改为 符合“名称 是 乙”的',
      '收了“委员会成员”：导出“名片”（全院）',
    ]
    expect((await versions()).map(({ number, program, changes }) => [number, program, changes])).toEqual([[2, '1.1.0', 7], [1, '1.0.0', null]]) // prettier-ignore
    const between = async (from: number, to: number) => (await get<{ changes: RightsChange[] }>(`difference?from=${from}&to=${to}`)).changes
    expect((await between(1, 2)).map((one) => one.words)).toEqual(words)
    expect((await between(1, 2)).map((one) => one.kind)).toEqual(['given', 'changed', 'changed', 'changed', 'taken', 'changed', 'taken'])
    expect((await between(2, 1)).map((one) => one.words)).toContain('给了“委员会成员”：导出“名片”（全院）')
    expect(await between(2, 2)).toEqual([])
    expect((await audited()).at(-1)!.detail).toEqual({ version: 2, program: '1.1.0', count: 7, changes: words })
  })
  test('is the same however it was put together, and the serving role cannot rewrite it', async () => {
    const again = trial(Object.fromEntries(Object.entries(after.roles!).toReversed()))
    expect(JSON.stringify(rightsNow(productDefinitions([again])).grants)).toBe(JSON.stringify(rightsNow(productDefinitions([after])).grants)) // prettier-ignore
    await withClient(h.database.appUrl, async (client) => {
      await expect(client.query('DELETE FROM kernel.rights_version')).rejects.toMatchObject({ code: '42501' })
      await expect(client.query(`UPDATE kernel.rights_version SET hash = ''`)).rejects.toMatchObject({ code: '42501' })
    })
  })
  test('what was never kept, or is no number, is refused in words', async () => {
    const refused = async (path: string) => (await officer.call('GET', `/api/rights/${path}`)).json<Problem>()
    expect(await refused('difference?from=1&to=9')).toMatchObject({ status: 404, title: '没有这个版本' })
    expect(await refused('difference?from=1;&to=2')).toMatchObject({ status: 400, title: '请选择两个版本' })
    const doctor = await h.signIn(await h.person('张海涛'))
    for (const path of ['versions', 'difference?from=1&to=2', 'assignments']) expect((await doctor.call('GET', `/api/rights/${path}`)).status).toBe(403)
  }) // prettier-ignore
})

describe('E0162 E0264 roles that are given and taken', () => {
  test('stand in time order with who did it, his number, and what before and after; also of one person', async () => {
    const keeper = await h.person('王建国', { roles: ['securityOfficer'], unit: '信息科', staffNumber: 'S01' })
    const [wei, fang] = [await h.person('李卫东'), await h.person('方国梁')]
    const session = await h.signIn(keeper)
    h.clock.set('2026-06-15T04:00:30Z')
    const made = await session.call('POST', '/api/records/directory.roleAssignment', { role: 'departmentSecretary', person: wei })
    expect(made.status, made.text).toBe(201)
    const { id, version } = made.json<{ record: { id: string; version: number } }>().record
    h.clock.set('2026-06-15T04:01:00Z')
    expect(
      (await session.call('PATCH', `/api/records/directory.roleAssignment/${id}`, { version, changes: { person: fang } })).status,
    ).toBe(200)
    const all = (more = '') => get<{ rows: AssignmentChange[]; next: string | null }>(`assignments?${more}`)
    const { rows } = await all()
    expect(rows.slice(0, 2)).toMatchObject([
      { act: 'update', record: id, actorName: '王建国', actorNumber: 'S01', role: '科室秘书', to: '方国梁', changes: [{ label: '人员', before: '李卫东', after: '方国梁' }] }, // prettier-ignore
      { act: 'create', record: id, at: '2026-06-15T04:00:30.000Z' },
    ])
    expect(rows[1]!.changes).toContainEqual({ label: '角色', before: '', after: '科室秘书' })
    // He who had it and has it no more finds it under his name as well.
    expect((await all(`person=${wei}`)).rows.map(({ act }) => act)).toEqual(['update', 'create'])
    expect((await all(`person=${fang}`)).rows.map(({ record }) => record)).toContain(id)
    // Taken away, it is told with why, and stays under his name.
    const ended = await session.call('POST', `/api/role-assignments/${id}/end`, { reason: '轮岗' })
    expect(ended.status, ended.text).toBeLessThan(300)
    const [last] = (await all(`person=${fang}`)).rows
    expect([last!.act, last!.role, last!.to]).toEqual(['role.end', '科室秘书', '方国梁'])
    expect(last!.changes).toContainEqual({ label: '收回原因', before: '', after: '轮岗' })
    for (let n = 0; n < 52; n++) await h.create('directory.roleAssignment', { role: 'committeeMember', unit: await h.unit(`科${n}`) })
    const first = await all()
    const second = await all(`before=${first.next}`)
    expect([first.rows.length, new Set([...first.rows, ...second.rows].map(({ seq }) => seq)).size]).toEqual([50, 50 + second.rows.length])
    expect(second.next).toBeNull()
    expect((await officer.call('GET', '/api/rights/assignments?person=x')).status).toBe(400)
  })
})
