import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldProblem, ListAnswer, RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let office: HttpSession
let surgery: string, medicine: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  medicine = await h.unit('心内科')
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())
const problems = (answer: HttpAnswer) => answer.json<{ problems: FieldProblem[] }>().problems
const temporary = async (name: string, temporaryKind = 'probation') =>
  (
    await office.call('POST', '/api/records/organisation.temporary', { name, temporaryKind, unit: surgery, temporaryFrom: '2026-01-05' })
  ).json<RecordAnswer>().record.id
const line = (person: string, number: string, more: object = {}) => ({
  person,
  number,
  unit: medicine,
  from: '2026-03-02',
  category: 'doctor',
  ...more,
})
const make = (...lines: object[]) => office.call('POST', '/api/staff/permanent', { lines })
const file = async (type: string, id: string) => (await office.call('GET', `/api/records/${type}/${id}`)).json<RecordAnswer>().record
const count = async (type: string, id: string) =>
  (
    await office.call('GET', `/api/records/${type}?filter=${encodeURIComponent(JSON.stringify({ field: 'person', op: 'eq', value: id }))}`)
  ).json<ListAnswer>().rows

test('two at once are made permanent: number with its zeros, unit and post from the day, and the doctor stands among the doctors', async () => {
  const [doctor, helper] = [await temporary('许知远'), await temporary('老周', 'caregiver')]
  expect((await make(line(doctor, '00123'), line(helper, '00124', { category: 'other', unit: surgery }))).json()).toEqual({ made: 2 })
  expect(await file('staff.practitioner', doctor)).toMatchObject({
    staffNumber: '00123',
    status: 'active',
    unit: medicine,
    category: 'doctor',
  })
  expect(await file('organisation.temporary', helper)).toMatchObject({ status: 'active', permanentOn: '2026-03-02', unit: surgery })
  expect(await count('directory.identifier', doctor)).toMatchObject([{ system: 'HIS', value: '00123', from: '2026-03-02' }])
  expect(await count('organisation.movement', doctor)).toMatchObject([{ kind: 'permanent', toUnit: medicine, fromStatus: 'external' }])
  const doctors = (await office.call('GET', '/api/records/staff.practitioner?filter=' + encodeURIComponent(JSON.stringify({ field: 'category', op: 'eq', value: 'doctor' })))).json<ListAnswer>().rows // prettier-ignore
  expect(doctors.map(({ id }) => id)).toContain(doctor)
  expect(doctors.map(({ id }) => id)).not.toContain(helper)
  expect(problems(await make(line(doctor, '00200', { from: '2026-03-03' })))).toEqual([
    { field: 'lines.0.person', message: '该人员已是正式人员' },
  ])
})

test('one wrong line keeps all of them as they are, each told at its line', async () => {
  const [one, other, third] = [await temporary('甲'), await temporary('乙'), await temporary('丙')]
  await h.person('老同事', { unit: '普外科', staffNumber: '07001' })
  expect(problems(await make(line(one, '07002'), line(other, '07001')))).toEqual([
    { field: 'lines.1.number', message: '工号 07001 已由老同事使用' },
  ])
  expect(problems(await make(line(one, '07002'), line(other, '07002'), line(third, '', { unit: null })))).toEqual([
    { field: 'lines.1.number', message: '与第 1 行的工号相同' },
    { field: 'lines.2.number', message: '请填写 HIS 工号' },
    { field: 'lines.2.unit', message: '请选择科室' },
  ])
  expect(problems(await make(line(one, '07002'), line(other, '07003', { from: '2025-12-31' })))).toEqual([
    { field: 'lines.1.from', message: '早于来院日期 2026-01-05' },
  ])
  for (const id of [one, other, third]) {
    expect(await file('organisation.temporary', id)).toMatchObject({ status: 'external', staffNumber: null, permanentOn: null })
    expect(await count('organisation.movement', id)).toEqual([])
  }
  expect((await make()).status).toBe(400)
  const trainee = await h.signIn(await h.person('小王', { unit: '普外科' }))
  expect((await trainee.call('POST', '/api/staff/permanent', { lines: [line(one, '1')] })).status).toBe(403)
})
