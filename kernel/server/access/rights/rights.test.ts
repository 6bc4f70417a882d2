import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { all, Definitions, is, may, module, phone, resource, text, today, unit, person, where, type FieldPeople, type FieldRights, type PersonRights, type Problem, type RightsFields, type RightsMatrix } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { Access, actionLabels } from '../access.ts'
import { asActor } from './holders.ts'

const cards = resource('trial.card', {
  label: '名片',
  title: 'name',
  owner: { person: 'person', department: 'unit' },
  fields: {
    name: text('名称'),
    person: person('持有人'),
    unit: unit('科室'),
    mobile: phone('电话'),
    level: text('密级'),
    note: text('备注'),
  },
})
const trial = module('trial', {
  label: '试用',
  resources: [cards],
  rights: { 'trial.print': '打印名片' },
  roles: {
    staffMember: [may.readOwn(cards)],
    departmentHead: [may.read(cards, 'myUnits', { hide: ['note'] }), may.update(cards, 'myUnits', { readOnly: ['level'] }), may.use('trial.print', 'myUnits')],
    departmentSecretary: [may.read(cards, 'myZone', { mask: ['level'] }), may.read(cards, 'myCampus', { mask: ['level'] })],
    committeeMember: [may.read(cards, all(is('person.status', 'active'), where('name', 'contains', '甲')))],
    medicalOffice: [may.all(cards, 'hospital', { show: ['mobile'] })],
  },
}) // prettier-ignore

let h: TestHospital
let officer: HttpSession
let ids: Record<'doctor' | 'head' | 'secretary' | 'office' | 'security', string>
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  const bones = await h.unit('骨科')
  await h.create('directory.roleAssignment', { role: 'committeeMember', unit: bones })
  await h.create('directory.roleAssignment', { role: 'hospitalLeader', unit: await h.unit('院办'), post: 'director' })
  ids = {
    doctor: await h.person('张海涛', { unit: '内科' }),
    head: await h.person('李卫东', { post: 'head' }),
    secretary: await h.person('何秀兰', { roles: ['departmentSecretary'], unit: '内科' }),
    office: await h.person('周敏', { roles: ['medicalOffice'], unit: '医务处' }),
    security: await h.person('许安', { roles: ['securityOfficer'], unit: '信息科' }),
  }
  officer = await h.signIn(ids.security)
})
afterAll(() => h[Symbol.asyncDispose]())
const get = async <T>(path: string) => {
  const answer = await officer.call('GET', path)
  expect(answer.status, answer.text).toBe(200)
  return answer.json<T>()
}
const ofPerson = (id: string) => get<PersonRights>(`/api/rights/people/${id}`)
const ofField = (field: string) => get<FieldRights>(`/api/rights/field?resource=trial.card&field=${field}`)

describe('the matrix', () => {
  test('holds every record type and right of the program under its module', async () => {
    const { groups, roles } = await get<RightsMatrix>('/api/rights')
    const names = groups.flatMap((g) => g.lines.map((line) => line.name))
    expect(names.toSorted()).toEqual([...h.kernel.defs.resources.keys(), ...h.kernel.defs.modules.flatMap((m) => Object.keys(m.rights ?? {}))].toSorted()) // prettier-ignore
    expect(roles.map(({ name, label, officer: of, people }) => [name, label, of, people])).toEqual(
      expect.arrayContaining([['staffMember', '职工', null, 5], ['medicalOffice', '医务处', null, 1], ['securityOfficer', '安全管理员', 'security', 1], ['committeeMember', '委员会成员', null, 1], ['hospitalLeader', '院领导', null, 0]]), // prettier-ignore
    )
  })
  test('says reach and fields of a role in the words of the lists', async () => {
    const { groups } = await get<RightsMatrix>('/api/rights')
    const { cells } = groups.flatMap((g) => g.lines).find(({ name }) => name === 'trial.card')!
    const said = Object.fromEntries(Object.entries(cells).map(([role, { acts }]) => [role, acts.map(({ label, scope }) => `${label} ${scope}`)])) // prettier-ignore
    expect(said).toEqual({
      staffMember: ['查看 本人'],
      departmentHead: ['查看 本科室及下级', '修改 本科室及下级'],
      departmentSecretary: ['查看 本片区、本院区'],
      committeeMember: ['查看 符合“持有人在职状态 是 在岗 且 名称 包含 甲”的'],
      medicalOffice: ['查看', '新增', '修改', '删除', '导入', '导出'].map((one) => `${one} 全院`),
    })
    expect(cells['departmentHead']!.fields).toEqual({ hidden: ['备注'], masked: ['电话'], openable: [], plain: [], readOnly: ['密级'] })
    expect(cells['departmentSecretary']!.fields).toEqual({ hidden: [], masked: ['电话', '密级'], openable: [], plain: [], readOnly: [] })
    expect(cells['staffMember']!.fields).toEqual({ hidden: [], masked: [], openable: [], plain: ['电话'], readOnly: [] })
    expect(cells['medicalOffice']!.fields).toEqual({ hidden: [], masked: [], openable: [], plain: ['电话'], readOnly: [] })
    const print = groups.flatMap((g) => g.lines).find(({ name }) => name === 'trial.print')!
    expect(Object.entries(print.cells).map(([role, { acts }]) => [role, acts])).toEqual([['departmentHead', [{ action: 'use', label: '使用', scope: '本科室及下级' }]]]) // prettier-ignore
  })
})

describe('of a person', () => {
  test('the page says of every type, action and right what decides as he asks', async () => {
    const { defs, access } = h.kernel
    const directory = await h.kernel.directory()
    // The same grants, without a role that everybody has.
    const bare = new Access(new Definitions(defs.modules, [...defs.roles.values()].map((role) => ({ ...role, everyone: false })))) // prettier-ignore
    for (const id of Object.values(ids)) {
      const actor = asActor(directory, id, today(h.clock))
      const { groups } = await ofPerson(id)
      const lines = new Map(groups.flatMap((g) => g.lines).map((line) => [line.name, line]))
      for (const r of defs.resources.values()) {
        const line = lines.get(r.name)!
        for (const action of Object.keys(actionLabels) as (keyof typeof actionLabels)[]) {
          const permission = access.can(actor, action, r.name)
          const act = line.acts.find((one) => one.action === action)
          // Each role that is named as a reason gives it by itself, and no other of his does.
          const giving = access.rolesOf(actor).filter((role) => bare.can({ ...actor, roles: [role] }, action, r.name))
          const said = [act !== undefined, act?.scope === '全院', act?.from.map(({ role }) => role) ?? []]
          expect(said, `${r.name} ${action}`).toEqual([permission !== null, permission !== null && permission.filter === null, giving])
        }
        const read = access.can(actor, 'read', r.name)
        const labels = (keys: ReadonlySet<string> = new Set()) => [...keys].map((key) => r.fields[key]!.label).toSorted()
        // In his own row nothing is masked.
        const isOwn = line.acts.some(({ action, scope }) => action === 'read' && scope === '本人')
        expect([line.fields.hidden.toSorted(), line.fields.masked.toSorted()], r.name).toEqual([labels(read?.hidden), isOwn ? [] : labels(read?.masked)]) // prettier-ignore
      }
      const rights = new Set([...lines.values()].filter((line) => line.kind === 'right' && line.acts.length).map(({ name }) => name))
      expect([...rights].toSorted()).toEqual(access.rightsOf(actor).toSorted())
    }
  })
  test('each role says where it comes from, and what he lacks says which roles would give it', async () => {
    const { roles, groups, accounts, person: who, given } = await ofPerson(ids.head)
    expect(who).toMatchObject({ name: '李卫东', unit: '骨科', isActive: true })
    expect(accounts).toMatchObject([{ status: 'active', statusLabel: '启用' }])
    expect(given).toEqual([])
    expect(roles.map(({ label, sources }) => [label, sources.map(({ words }) => words)])).toEqual([
      ['职工', ['所有职工都有']],
      ['科主任', ['因职务“科主任”']],
      ['委员会成员', ['因所在科室“骨科”']],
    ])
    const source = roles[1]!.sources[0]!.assignment!
    expect((await officer.call('GET', `/api/records/directory.roleAssignment/${source}`)).status).toBe(200)
    const line = groups.flatMap((g) => g.lines).find(({ name }) => name === 'trial.card')!
    expect(line.acts[0]).toMatchObject({ action: 'read', from: [{ label: '职工', scope: '本人' }, { label: '科主任', scope: '本科室及下级' }, { label: '委员会成员' }] }) // prettier-ignore
    expect(line.lacks.find(({ action }) => action === 'delete')).toEqual({ action: 'delete', label: '删除', roles: [{ role: 'medicalOffice', label: '医务处', scope: '全院' }] }) // prettier-ignore
    expect(line.lacks.find(({ action }) => action === 'purge')!.roles).toEqual([])
  })
  test('a role that an officer was given beside his own, or that waits for a second officer, is told and gives nothing', async () => {
    const both = await h.person('田审', { roles: ['auditOfficer'], unit: '骨科' })
    const { roles, idle } = await ofPerson(both)
    expect(roles.map(({ label }) => label)).toEqual(['职工', '安全审计员'])
    expect(idle).toMatchObject([
      { label: '委员会成员', source: { words: '因所在科室“骨科”' }, why: '三员只担任一种，不兼任其他角色，不生效' },
    ])
    const asked = await h.person('新主任', { unit: '内科' })
    const answer = await officer.call('POST', '/api/records/directory.roleAssignment', {
      role: 'medicalOffice',
      person: asked,
      to: '2026-12-31',
    })
    expect(answer.status, answer.text).toBe(201)
    const waits = await ofPerson(asked)
    expect(waits.roles.map(({ label }) => label)).toEqual(['职工'])
    expect(waits.idle).toMatchObject([{ label: '医务处', source: { words: '分配给本人，至 2026-12-31' }, why: '待另一位管理员同意' }])
  })
  test('a record that a colleague opened to him is counted by its type', async () => {
    await h.kernel.db.query(
      `INSERT INTO kernel.record_grant (id, resource, record, person, level, until, reason, by_person, at) VALUES (gen_random_uuid(), 'trial.card', gen_random_uuid(), $1, 'read', '2026-07-01', '会诊', $2, now()), (gen_random_uuid(), 'trial.card', gen_random_uuid(), $1, 'read', '2026-06-01', '已过期', $2, now())`,
      [ids.doctor, ids.office],
    )
    expect((await ofPerson(ids.doctor)).given).toEqual([{ resource: 'trial.card', label: '名片', count: 1 }])
    expect((await ofField('note')).given).toBe(1)
  })
  test('only the three officers ask, every time is audited, and who is not there is not found', async () => {
    await ofPerson(ids.doctor)
    const [entry] = await h.kernel.db.query(`SELECT actor, record FROM kernel.audit_entry WHERE act = 'rights.person' ORDER BY seq DESC LIMIT 1`) // prettier-ignore
    expect(entry).toEqual({ actor: ids.security, record: ids.doctor })
    expect((await officer.call('GET', '/api/rights/people/0198c000-0000-7000-8000-000000000000')).json<Problem>()).toMatchObject({ status: 404, title: '没有这个人' }) // prettier-ignore
    expect((await officer.call('GET', '/api/rights/people/x')).status).toBe(404)
    for (const id of [ids.doctor, ids.office]) {
      const session = await h.signIn(id)
      for (const path of [
        '',
        '/fields',
        `/people/${id}`,
        '/field?resource=trial.card&field=note',
        '/field/people?resource=trial.card&field=note&sight=plain',
      ])
        // prettier-ignore
        expect((await session.call('GET', `/api/rights${path}`)).status, path).toBe(403)
    }
    for (const role of ['systemOfficer', 'auditOfficer']) {
      const session = await h.signIn(await h.person(`三员${role}`, { roles: [role], unit: '信息科' }))
      expect((await session.call('GET', '/api/rights')).status).toBe(200)
    }
  })
})

describe('of a field', () => {
  test('roles and people meet it plainly, masked, in their own records only, or not at all', async () => {
    const { roles, counts, isProtected, writtenBySystem } = await ofField('mobile')
    expect([isProtected, writtenBySystem]).toEqual([true, null])
    const of = (role: string) => roles.find((one) => one.role === role)!
    expect(of('medicalOffice')).toMatchObject({
      roleLabel: '医务处',
      sight: 'plain',
      scope: '全院',
      writes: '修改 全院，新增 全院',
      people: 1,
    })
    expect(of('departmentHead')).toMatchObject({ sight: 'masked', scope: '本科室及下级', writes: '修改 本科室及下级' })
    expect(of('staffMember')).toMatchObject({ sight: 'own', scope: '本人', writes: null })
    expect(of('hospitalLeader')).toMatchObject({ sight: 'none', scope: '', writes: null })
    expect(counts.plain + counts.masked + counts.own + counts.hidden + counts.none).toBe((await get<RightsMatrix>('/api/rights')).roles[0]!.people) // prettier-ignore
    expect([counts.plain, counts.masked]).toEqual([1, 2])
    expect((await ofField('level')).roles.find(({ role }) => role === 'departmentHead')!.writes).toBeNull()
    expect((await ofField('note')).roles.find(({ role }) => role === 'departmentHead')).toMatchObject({ sight: 'hidden' })
  })
  test('the people are listed a page at a time, found by name or number, with the roles that open it', async () => {
    const people = (more: string) => get<FieldPeople>(`/api/rights/field/people?resource=trial.card&field=mobile&${more}`)
    const masked = await people('sight=masked')
    expect(masked.rows.map(({ name, roles, unit: of }) => [name, of, roles])).toEqual([['李卫东', '骨科', ['职工', '科主任', '委员会成员']], ['何秀兰', '内科', ['职工', '科室秘书']]]) // prettier-ignore
    const found = await people(`sight=masked&q=${encodeURIComponent('秀兰')}`)
    expect([found.rows.map(({ name }) => name), found.total, found.next]).toEqual([['何秀兰'], 1, null])
    expect((await people(`sight=masked&q=${found.rows[0]!.staffNumber!}`)).total).toBe(1)
    for (let n = 0; n < 55; n++) await h.create('staff.practitioner', { name: `新人${n}`, staffNumber: `N${n}`, unit: await h.unit('内科'), status: 'active', category: 'nurse' }) // prettier-ignore
    const first = await people('sight=own&q=%E6%96%B0%E4%BA%BA')
    const second = await people(`sight=own&q=%E6%96%B0%E4%BA%BA&after=${first.next}`)
    expect([first.rows.length, first.total, second.rows.length, second.next]).toEqual([50, 55, 5, null])
    expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(55)
    const [entry] = await h.kernel.db.query(`SELECT resource, detail FROM kernel.audit_entry WHERE act = 'rights.field' ORDER BY seq DESC LIMIT 1`) // prettier-ignore
    expect(entry).toEqual({ resource: 'trial.card', detail: { field: 'mobile', sight: 'own', after: 50, count: 55 } })
  })
  test('what is not there is refused in words; what the system writes nobody writes', async () => {
    const { groups } = await get<RightsFields>('/api/rights/fields')
    expect(groups.find(({ module: m }) => m === 'trial')!.types[0]!.fields.map(({ label }) => label)).toEqual(['名称', '持有人', '科室', '电话', '密级', '备注']) // prettier-ignore
    const refused = async (path: string) => (await officer.call('GET', `/api/rights/${path}`)).json<Problem>()
    expect(await refused('field?resource=trial.card&field=constructor')).toMatchObject({ status: 404, title: '“名片”没有这个字段' })
    expect(await refused('field?resource=x&field=y')).toMatchObject({ status: 404 })
    expect(await refused('field/people?resource=trial.card&field=note&sight=x')).toMatchObject({ status: 400, title: '请选择怎样看得到' })
    expect(await get<FieldRights>('/api/rights/field?resource=security.account&field=signIns')).toMatchObject({ writtenBySystem: '由系统算出，不能填写' }) // prettier-ignore
  })
})
