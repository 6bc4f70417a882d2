import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientDefinitions, FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { approve, taskOf } from '#app/testing/deciding.ts'
import { hospital, newActId, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile } from '#app/testing/imports.ts'
import { exportRecords } from '#kernel/server/exchange/export.ts'
import { sections } from './file.part.ts'
import { chapters } from './section.ts'

let h: TestHospital
let doctor: HttpSession, colleague: HttpSession, head: HttpSession, stranger: HttpSession
let secretary: HttpSession, personnel: HttpSession, science: HttpSession, medical: HttpSession
let zhang: string, officer: string, scientist: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  zhang = await h.person('张海涛')
  doctor = await h.signIn(zhang)
  colleague = await h.signIn(await h.person('孙宁'))
  head = await h.signIn(await h.person('李卫东', { post: 'head' }))
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  stranger = await h.signIn(await h.person('陈立', { unit: '神经外科', post: 'head' }))
  officer = await h.person('罗雯', { unit: '人事处', roles: ['personnelOffice'] })
  personnel = await h.signIn(officer)
  scientist = await h.person('江帆', { unit: '科教处', roles: ['scienceOffice'] })
  science = await h.signIn(scientist)
  secretary = await h.signIn(await h.person('何秀兰', { post: 'secretary' }))
  await h.create('directory.roleAssignment', { role: 'departmentSecretary', post: 'secretary' })
  medical = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems: FieldProblem[] }>().problems
const add = (who: HttpSession, name: string, draft: object) => who.call('POST', `/api/records/staff.${name}`, draft)
const enter = (who: HttpSession, name: string, draft: object, reason = '核对原件') =>
  who.call('POST', `/api/records/staff.${name}/directly`, { draft, reason })
const list = async (who: HttpSession, name: string) =>
  (await who.call('GET', `/api/records/staff.${name}?limit=100`)).json<ListAnswer>().rows
const article = { name: '髋关节翻修术后感染', author: 'first', journal: '中华骨科杂志', level: 'core', publishedOn: '2025-06-01' }
const job = { employer: '市人民医院', place: 'hospital', from: '2010-07-01', to: '2015-06-30' }

test('every section of the file belongs to a person, stands under a chapter and has an office that agrees to it', async () => {
  const labels: string[] = Object.values(chapters)
  for (const one of sections) {
    expect(labels).toContain(one.chapter)
    expect(one.owner).toEqual({ person: 'practitioner' })
    expect(one.fields['evidence']?.kind).toBe('files')
    expect(h.kernel.defs.flow(one.approval!).steps.length).toBeGreaterThan(0)
  }
  const shown = (await doctor.call('GET', '/api/definitions')).json<ClientDefinitions>().resources.filter(({ chapter }) => chapter && labels.includes(chapter))
  expect(shown.map(({ name }) => name).toSorted()).toEqual(sections.map(({ name }) => name).toSorted())
}) // prettier-ignore

test('what somebody adds to his file waits for the office that owns the part, and for no other; then his head sees it, strangers do not', async () => {
  const asked = record(await add(doctor, 'paper', article))
  expect(asked).toMatchObject({ state: 'pending', practitioner: zhang })
  const { instance } = asked.flow!
  expect([await taskOf(personnel, instance), await taskOf(medical, instance)]).toEqual([null, null])
  expect(await approve(science, instance)).toBe(200)
  const of = async (who: HttpSession) => (await list(who, 'paper')).map((row) => [row['name'], row['state']])
  expect(await of(doctor)).toEqual([[article.name, 'approved']])
  expect(await of(head)).toEqual([[article.name, 'approved']])
  expect(await of(medical)).toEqual([[article.name, 'approved']])
  expect([await of(colleague), await of(stranger)]).toEqual([[], []])
})

test('a change of his own waits, too; until then the file says what held', async () => {
  const paper = record(await enter(science, 'paper', { ...article, name: '股骨头坏死的保髋治疗', practitioner: zhang }))
  const path = `/api/records/staff.paper/${paper.id}`
  expect((await doctor.call('PATCH', path, { version: paper.version, changes: { rank: 1 } })).status).not.toBe(200)
  const body = { actId: newActId(), seenVersion: paper.version, changes: { rank: 1 }, reason: '补作者排序' }
  const [asked] = (await doctor.call('POST', `/api/flows/change/staff.paper/${paper.id}`, body)).json<{ instance: string }[]>()
  const { instance } = asked!
  expect(record(await doctor.call('GET', path))['rank']).toBeNull()
  expect(await approve(science, instance)).toBe(200)
  expect(record(await doctor.call('GET', path))['rank']).toBe(1)
})

test('an office enters its own part at once for a reason; not another’s, not without a reason, and never its officer’s own', async () => {
  const draft = { ...article, name: '另一篇', practitioner: zhang }
  expect(record(await enter(science, 'paper', draft)).state).toBe('approved')
  expect((await enter(personnel, 'paper', draft)).status).toBe(403)
  expect(problems(await enter(science, 'paper', draft, ' '))[0]).toMatchObject({ field: 'reason' })
  const own = await enter(personnel, 'workHistory', { ...job, practitioner: officer })
  expect([own.status, own.json<{ title: string }>().title]).toEqual([409, '这是您本人的“工作经历”，须提交审批，由他人审定'])
  const entered = record(await enter(personnel, 'workHistory', { ...job, practitioner: zhang }))
  const change = { version: entered.version, changes: { position: '住院医师' }, directly: '补录职务' }
  expect(record(await personnel.call('PATCH', `/api/records/staff.workHistory/${entered.id}`, change))['position']).toBe('住院医师')
})

test('a line comes from himself, from his department’s secretary for him to sign, from the office, or in batch; the office takes all of them along', async () => {
  const title = (name: string) => ({ ...article, name })
  const filled = await secretary.call('POST', '/api/prepared/staff.paper', { draft: { ...title('科室代填的论文'), practitioner: zhang } })
  const prepared = filled.json<{ id: string }>().id
  expect(await list(science, 'paper')).not.toContainEqual(expect.objectContaining({ name: '科室代填的论文' }))
  const draft = { ...title('科室代填的论文'), practitioner: zhang }
  const signed = await doctor.call('POST', '/api/flows/submit/staff.paper', { draft, actId: newActId(), prepared })
  expect(signed.status).toBe(201)
  expect(await approve(science, signed.json<{ instance: string }>().instance)).toBe(200)
  const head = ['医务人员', '题名', '类型', '作者属性', '刊物或出版社', '期刊级别', '发表时间', '学分']
  const lines = [head, ['张海涛', '批量论文一', '期刊论文', '第一作者', '广东医学', '中文核心', '2024-03-01', '5'], ['孙宁', '批量论文二', '综述', '通讯作者', '广东医学', '统计源期刊', '2024.5.6', '3']]
  const work = await importFile(h, await h.as(scientist), 'staff.paper', csv(lines))
  await work.settle({ basis: '科教〔2026〕7 号' })
  expect((await work.run()).counts).toMatchObject({ created: 2 })
  const parts: Buffer[] = []
  const asked = { format: 'csv' as const, columns: ['practitioner', 'name', 'publishedOn', 'credits'] }
  for await (const part of (await exportRecords(h.kernel, await h.as(scientist), 'staff.paper', asked)).stream) parts.push(Buffer.from(part as Uint8Array))
  const table = Buffer.concat(parts).toString()
  for (const name of ['科室代填的论文', '批量论文一', '批量论文二', article.name]) expect(table).toContain(name)
  expect(table).toMatch(/孙宁,批量论文二,2024-05-06,3/)
}) // prettier-ignore

test('family and political status are nobody’s but his own and the office’s', async () => {
  await add(doctor, 'family', { name: '王芳', relation: 'spouse', phone: '13900000001', isEmergency: true })
  await add(doctor, 'politicalStatus', { status: 'member', from: '2008-07-01' })
  for (const name of ['family', 'politicalStatus']) {
    expect(await list(doctor, name)).toHaveLength(1)
    for (const who of [head, medical, science]) expect((await who.call('GET', `/api/records/staff.${name}`)).json<ListAnswer>().rows).toEqual([])
  }
  expect(await list(personnel, 'family')).toHaveLength(1)
}) // prettier-ignore

test('who was reproved his head reads, and no secretary', async () => {
  await h.create('staff.conduct', { practitioner: zhang, name: '未及时书写病历', kind: 'criticism', happenedOn: '2026-02-01' })
  expect(await list(head, 'conduct')).toMatchObject([{ name: '未及时书写病历' }])
  expect(await list(secretary, 'conduct')).toEqual([])
})

test('bad input: an end before the start, whole posts that overlap, a missing proof, a number that is somebody else’s', async () => {
  expect(problems(await add(doctor, 'furtherStudy', { host: '协和医院', kind: 'study', from: '2025-05-01', to: '2025-04-01' }))).toEqual([
    { field: 'to', message: '结束日期不能早于开始日期' },
  ])
  const overlap = await add(doctor, 'workHistory', { ...job, employer: '县医院', from: '2014-01-01', to: null })
  expect(problems(overlap)).toEqual([
    { field: 'from', message: '与“市人民医院”（2010-07-01 至 2015-06-30）的时间重叠；同时任职的请勾选“兼职”' },
  ])
  expect((await add(doctor, 'workHistory', { ...job, employer: '县医院', from: '2014-01-01', isPartTime: true })).status).toBe(201)
  expect((await add(doctor, 'workHistory', { ...job, employer: '本院', place: 'own', from: '2015-06-30', to: null })).status).toBe(201)
  const school = { school: '中山大学', level: 'master', degree: 'master', major: '骨科学', from: '2005-09-01', to: '2008-06-30' }
  expect(problems(await add(doctor, 'education', school)).map(({ field }) => field)).toEqual(['evidence'])
  expect((await add(doctor, 'education', { ...school, to: null })).status).toBe(201)
  const licence = { practitioner: zhang, kind: 'other', name: '营养师资格证', number: 'YY-001' }
  await h.create('staff.certificate', licence)
  const again = await medical.call('POST', '/api/records/staff.certificate', { ...licence, practitioner: officer })
  expect(problems(again)).toEqual([{ field: 'number', message: '这个编号已登记在另一人名下，请核对证件' }])
  const title = { practitioner: zhang, name: '主治医师', level: 'intermediate', obtainedOn: '2020-05-01', appointedOn: '2020-04-01' }
  expect(problems(await medical.call('POST', '/api/records/staff.title', title))).toEqual([
    { field: 'appointedOn', message: '聘任日期不能早于取得日期' },
  ])
})
