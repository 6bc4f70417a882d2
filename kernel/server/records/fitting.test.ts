import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import {
  is, may, module, person, reference, references, resource, rows, text, tree, unit, where, whereOwn,
  type ApprovalAnswer, type ChangeManyAnswer, type ChoicesAnswer, type Filter, type RecordAnswer, type TreeAnswer, type WriteManyAnswer,
} from '#model' // prettier-ignore
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile } from '#app/testing/imports.ts'

const room = resource('fit.room', {
  label: '库房',
  title: 'name',
  fields: { name: text('名称', { required: true, max: 40, search: true }), unit: unit('科室'), above: reference('上级', 'fit.room') },
  list: { columns: ['name', 'unit'] },
})
const loanFields = {
  borrower: person('借用人', { required: true }),
  unit: unit('科室', { required: true }),
  name: text('名称', { required: true, max: 40, search: true }),
  room: reference('存放处', 'fit.room', { among: whereOwn('unit', 'eq', 'unit') }),
  place: tree('分区', 'fit.room', { parent: 'above', among: whereOwn('unit', 'eq', 'unit') }),
  witnesses: references('见证人', 'directory.person', {
    among: { and: [whereOwn('unit', 'eq', 'unit'), whereOwn('id', 'ne', 'borrower')] },
  }),
  items: rows('明细', {
    from: reference('取自', 'fit.room', { among: whereOwn('unit', 'eq', 'unit') }),
    back: reference('还至', 'fit.room', { among: whereOwn('id', 'ne', 'from') }),
  }),
}
const loan = resource('fit.loan', {
  label: '借用',
  title: 'name',
  owner: { person: 'borrower', department: 'unit' },
  fields: loanFields,
  unique: [['name']],
  list: { columns: ['name', 'unit', 'room'], filters: ['unit'] },
})
const order = resource('fit.order', {
  label: '申领',
  title: 'name',
  owner: { person: 'borrower', department: 'unit' },
  approval: 'fit.ordinary',
  fields: { borrower: loanFields.borrower, unit: loanFields.unit, name: loanFields.name, room: loanFields.room },
  unique: [['name']],
  list: { columns: ['name', 'unit', 'room'] },
})
const ordinary = flow<Filter>('fit.ordinary', { label: '申领审批', steps: [approve('head', '科主任审核', { by: headOf('unit') })] })
const fit = module('fit', {
  label: '借用',
  dependsOn: ['organisation', 'staff'],
  resources: [room, loan, order],
  flows: [ordinary],
  roles: {
    staffMember: [may.read(room), may.readOwn(loan), may.create(loan), may.update(loan, 'own', { readOnly: ['room'] }), may.readOwn(order), may.create(order), may.update(order)],
    departmentHead: [may.read(order, 'myUnits')],
    medicalOffice: [may.all(room), may.all(loan), may.all(order), may.writeDirectly(order)],
  },
}) // prettier-ignore

let h: TestHospital
let bone: string, eyes: string, surgeon: string, mate: string
let boneRoom: string, boneShelf: string, eyeRoom: string
let asOfficer: HttpSession, asSurgeon: HttpSession, asHead: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([fit]) })
  ;[bone, eyes] = [await h.unit('骨科'), await h.unit('眼科')]
  ;[surgeon, mate] = [await h.person('张海涛'), await h.person('吴静')]
  const head = await h.person('李卫东', { post: 'head', roles: ['departmentHead'] })
  const officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  ;[asOfficer, asSurgeon, asHead] = [await h.signIn(officer), await h.signIn(surgeon), await h.signIn(head)]
  boneRoom = (await h.create('fit.room', { name: '骨科库房', unit: bone })).id
  boneShelf = (await h.create('fit.room', { name: '骨科货架', unit: bone, above: boneRoom })).id
  eyeRoom = (await h.create('fit.room', { name: '眼科库房', unit: eyes, above: boneRoom })).id
})
afterAll(() => h[Symbol.asyncDispose]())

let nth = 0
const draft = (more: object = {}) => ({ borrower: surgeon, unit: bone, name: `借用 ${++nth}`, ...more })
const create = (more: object, session = asOfficer) => session.call('POST', '/api/records/fit.loan', draft(more))
const problems = (answer: { json<T>(): T }) => answer.json<{ problems?: object[] }>().problems
const unfit = (field: string, message: string) => ({ field, message })
const notOfUnit = '所选存放处与“科室”不符，请重新选择'

describe('what may be chosen depends on another field', () => {
  test('a new record holds only what fits: references, trees, several, and the lines of a sub-table', async () => {
    const right = await create({
      room: boneRoom,
      place: boneShelf,
      witnesses: [mate],
      items: [{ from: boneRoom, back: boneShelf }],
    })
    expect(right.status, right.text).toBe(201)
    const wrong = await create({
      room: eyeRoom,
      place: eyeRoom,
      witnesses: [mate, surgeon],
      items: [{ from: eyeRoom, back: boneRoom }, { from: boneRoom, back: boneRoom }],
    }) // prettier-ignore
    expect(wrong.status).toBe(422)
    expect(problems(wrong)).toEqual([
      unfit('room', notOfUnit),
      unfit('place', '所选分区与“科室”不符，请重新选择'),
      unfit('items.0.from', '所选取自与“科室”不符，请重新选择'),
      unfit('items.1.back', '所选还至与“取自”不符，请重新选择'),
      unfit('witnesses', '所选见证人与“科室”、“借用人”不符，请重新选择'),
    ])
  })
  test('a change is judged by the record as it will be: by a new choice, and by a new ground under an old one', async () => {
    const { id } = (await create({ room: boneRoom })).json<RecordAnswer>().record
    const change = (version: number, changes: object, session = asOfficer) =>
      session.call('PATCH', `/api/records/fit.loan/${id}`, { version, changes })
    expect(problems(await change(1, { room: eyeRoom }))).toEqual([unfit('room', notOfUnit)])
    expect(problems(await change(1, { unit: eyes }))).toEqual([unfit('room', notOfUnit)])
    expect((await change(1, { unit: eyes, room: eyeRoom })).status).toBe(200)
    expect((await change(2, { name: '改个名字' })).status).toBe(200)
    // Who may not touch the place is told where he can do something about it.
    expect(problems(await change(3, { unit: bone }, asSurgeon))).toEqual([unfit('unit', '存放处与此不符，而您不能修改存放处')])
  })
  test('what stood before its ground moved elsewhere may stay: only what is written is judged', async () => {
    const there = (await h.create('fit.room', { name: '搬走的', unit: bone })).id
    const { id } = (await create({ room: there })).json<RecordAnswer>().record
    expect((await asOfficer.call('PATCH', `/api/records/fit.room/${there}`, { version: 1, changes: { unit: eyes } })).status).toBe(200)
    const renamed = await asOfficer.call('PATCH', `/api/records/fit.loan/${id}`, { version: 1, changes: { name: '照旧' } })
    expect(renamed.status, renamed.text).toBe(200)
    expect(problems(await create({ room: there }))).toEqual([unfit('room', notOfUnit)])
  })
  test('many records in one go: each is judged by what it holds', async () => {
    const ofBone = (await create({})).json<RecordAnswer>().record
    const ofEyes = (await create({ unit: eyes })).json<RecordAnswer>().record
    const records = [ofBone, ofEyes].map(({ id }) => ({ id, version: 1, changes: { room: boneRoom } }))
    const { results } = (await asOfficer.call('PATCH', '/api/records/fit.loan', { records })).json<WriteManyAnswer>()
    expect(results.map(({ ok, problems }) => [ok, problems])).toEqual([
      [true, []],
      [false, [unfit('room', notOfUnit)]],
    ])
  })
  test('an import refuses the lines that do not fit and says so at their column, in the preview as in the run', async () => {
    const officer = await h.as(await h.person('汪洋', { unit: '医务处', roles: ['medicalOffice'] }))
    await create({ name: '已有', room: boneRoom })
    const lines = [
      ['张海涛', '骨科', '导入一', '骨科库房'],
      ['张海涛', '眼科', '导入二', '骨科库房'],
      ['张海涛', '眼科', '已有', ''],
      ['张海涛', '眼科', '导入三', ''],
    ]
    const work = await importFile(h, officer, 'fit.loan', csv([['借用人', '科室', '名称', '存放处'], ...lines]))
    const { counts } = await work.preview()
    expect([counts.created, counts.changed, counts.refused]).toEqual([2, 0, 2])
    const done = await work.run()
    expect([done.counts.created, done.counts.refused]).toEqual([2, 2])
    expect(await h.kernel.db.query(`SELECT t.name, u.name AS unit FROM fit.loan t JOIN directory.unit u ON u.id = t.unit WHERE t.name LIKE '导入%' OR t.name = '已有' ORDER BY 1`)).toEqual([
      { name: '导入一', unit: '骨科' }, { name: '导入三', unit: '眼科' }, { name: '已有', unit: '骨科' },
    ]) // prettier-ignore
  })
  test('under approval: a submission, a request for a change, requests for many, and a direct write', async () => {
    const submit = (more: object) => asSurgeon.call('POST', '/api/flows/submit/fit.order', { actId: newId(), draft: draft(more) })
    expect(problems(await submit({ room: eyeRoom }))).toEqual([unfit('room', notOfUnit)])
    const made = await submit({ room: boneRoom })
    expect(made.status, made.text).toBe(201)
    const { instance, record } = made.json<{ instance: string; record: string }>()
    const { version, my } = (await asHead.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
    const decided = await asHead.call('POST', `/api/approvals/${instance}/acts`, {
      kind: 'approve',
      actId: newId(),
      seenVersion: version,
      task: my.task!.id,
    })
    expect(decided.status, decided.text).toBe(200) // prettier-ignore
    const seenVersion = (await asSurgeon.call('GET', `/api/records/fit.order/${record}`)).json<RecordAnswer>().record.version
    const ask = (changes: object) =>
      asSurgeon.call('POST', `/api/flows/change/fit.order/${record}`, { actId: newId(), seenVersion, changes })
    expect(problems(await ask({ unit: eyes }))).toEqual([unfit('room', notOfUnit)])
    const records = [{ id: record, seenVersion, changes: { room: eyeRoom } }]
    const many = await asSurgeon.call('POST', '/api/flows/change-many/fit.order', { actId: newId(), reason: '调整', records })
    expect(many.json<ChangeManyAnswer>().results).toMatchObject([{ ok: false, message: expect.stringContaining(notOfUnit) as string }])
    const direct = await asOfficer.call('POST', '/api/records/fit.order/directly', { draft: draft({ room: eyeRoom }), reason: '补录' })
    expect(problems(direct)).toEqual([unfit('room', notOfUnit)])
    expect((await ask({ room: boneShelf })).status).toBe(201)
  })
})

describe('what is offered', () => {
  const offered = async (session: HttpSession, target: string, filter: object) =>
    session.call('GET', `/api/choices/${target}?filter=${encodeURIComponent(JSON.stringify(filter))}`)
  test('a picker is offered what fits, and may ask about nothing but what choices show', async () => {
    const answer = (await offered(asSurgeon, 'fit.room', is('unit', eyes))).json<ChoicesAnswer>()
    expect(answer.options.map(({ title }) => title)).toEqual(['搬走的', '眼科库房'])
    expect((await offered(asSurgeon, 'directory.person', is('mobile', '13800001234'))).status).toBe(400)
    expect((await offered(asSurgeon, 'fit.room', where('createdAt', 'lt', '2026-01-01'))).status).toBe(400)
  })
  test('a tree says which places only lead to others', async () => {
    const filter = encodeURIComponent(JSON.stringify(is('unit', eyes)))
    const { nodes } = (await asSurgeon.call('GET', `/api/choices/fit.room/tree/above?filter=${filter}`)).json<TreeAnswer>()
    expect(nodes.filter(({ unfit }) => !unfit).map(({ title }) => title)).toEqual(['搬走的', '眼科库房'])
    expect(nodes).toHaveLength(4)
  })
})

test('a declaration that compares with what is not there, or asks about what no picker may ask, does not start', () => {
  const prove = (among: object) => {
    const broken = resource('fit.broken', {
      label: '坏',
      title: 'name',
      fields: { name: text('名称'), room: reference('存放处', 'fit.room', { among: among as never }) },
    })
    return () => productDefinitions([module('fit', { label: '坏', resources: [room, broken] })])
  }
  expect(prove(whereOwn('unit', 'eq', 'name'))).not.toThrow()
  expect(prove(whereOwn('unit', 'eq', 'nowhere'))).toThrow('fit.broken: room.among: own field "nowhere" does not exist')
  expect(prove(whereOwn('colour', 'eq', 'name'))).toThrow('fit.broken: room.among: no field "colour" in fit.room')
  expect(prove(whereOwn('above', 'eq', 'name'))).toThrow('only its title')
  expect(prove(whereOwn('unit', 'contains', 'name'))).toThrow('cannot be asked by contains')
  expect(prove(is('unit', { my: 'units' }))).toThrow('"my"')
})

test('the institutions filed beside the main one are institutions, and not the main one', async () => {
  const other = await h.unit('第二医院', { kind: 'institution', parent: null })
  const registration = (filedInstitutions: string[]) =>
    asOfficer.call('POST', '/api/records/staff.registration', { practitioner: surgeon, certificateNumber: `Z${++nth}`, institution: h.institution, from: '2020-01-01', filedInstitutions }) // prettier-ignore
  for (const wrong of [[bone], [h.institution], [other, h.institution]])
    expect(problems(await registration(wrong))).toEqual([unfit('filedInstitutions', '所选多机构备案机构与“主要执业机构”不符，请重新选择')])
  expect((await registration([other])).status).toBe(201)
})
