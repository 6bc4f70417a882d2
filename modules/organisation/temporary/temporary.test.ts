import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityCheckDigit, type FieldProblem, type ListAnswer, type RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let office: HttpSession
let surgery: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  surgery = await h.unit('普外科')
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())
const base = '/api/records/organisation.temporary'
const problems = (answer: HttpAnswer) => answer.json<{ problems?: FieldProblem[] }>().problems ?? answer.status
const enter = (draft: object) =>
  office.call('POST', base, { temporaryKind: 'residentTrainee', unit: surgery, temporaryFrom: '2026-03-01', ...draft })
/** A number with its check digit, of a man of this birthday where the last figure is odd. */
const numberOf = (first17: string) => first17 + identityCheckDigit(first17)

test('a trainee is entered with his identity number: birth and sex come from it, and he is a person from outside', async () => {
  const number = numberOf('44030119980512001')
  const made = await enter({ name: '林小满', identityNumber: number, height: 172, sourceInstitution: '市医学院' })
  expect(made.json<RecordAnswer>().record).toMatchObject({ birthDate: '1998-05-12', sex: 'male', status: 'external', temporaryPools: ['rotation', 'roster'], joinedOn: '2026-03-01' })
  const all = (await office.call('GET', base)).json<ListAnswer>()
  expect(all.rows.map(({ name }) => name)).toEqual(['林小满'])
  const { id, version } = made.json<RecordAnswer>().record
  expect(problems(await office.call('PATCH', `${base}/${id}`, { version, changes: { status: 'active' } }))).toEqual([{ field: 'status', message: '在职状态请通过转正或人员异动办理' }])
  expect(problems(await enter({ name: '林大满', identityNumber: number }))).toEqual([{ field: 'identityNumber', message: '该证件号码已登记：林小满（普外科，外部人员），不能重复登记' }])
}) // prettier-ignore

test('wrong numbers are refused in words, an old one and a small x are taken', async () => {
  const ends = (x: boolean) => Array.from({ length: 1000 }, (_, n) => `44030119990101${String(n).padStart(3, '0')}`).find((one) => (identityCheckDigit(one) === 'X') === x)! // prettier-ignore
  const wrong = async (draft: object) => problems(await enter({ name: '方言', ...draft }))
  const good = numberOf(ends(false))
  expect(await wrong({ identityNumber: good.slice(0, 17) + ((Number(good[17]) + 1) % 10) })).toEqual([
    { field: 'identityNumber', message: '身份证号校验位不对，请核对' },
  ])
  expect(await wrong({ identityNumber: good, birthDate: '1999-01-02' })).toEqual([
    { field: 'birthDate', message: '与证件号码中的出生日期 1999-01-01 不一致' },
  ])
  expect((await wrong({ identityNumber: good, sex: Number(good[16]) % 2 ? 'female' : 'male' })) as FieldProblem[]).toMatchObject([
    { field: 'sex' },
  ])
  expect(await wrong({ height: 400 })).toMatchObject([{ field: 'height' }])
  expect(await wrong({ temporaryTo: '2026-02-01' })).toEqual([{ field: 'temporaryTo', message: '不能早于开始日期' }])
  expect(await wrong({ temporaryKind: null })).toMatchObject([{ field: 'temporaryKind' }])
  expect((await enter({ name: '方言', identityNumber: numberOf(ends(true)).toLowerCase() })).status).toBe(201)
  expect(
    (await enter({ name: '老赵', identityNumber: '440301620512001', temporaryKind: 'caregiver' })).json<RecordAnswer>().record,
  ).toMatchObject({
    birthDate: '1962-05-12',
    sex: 'male',
    temporaryPools: ['care'],
  })
})

test('the same name and birthday is asked about, and entered once somebody has looked', async () => {
  await h.person('陈晨', { unit: '普外科', birthDate: '1995-01-01', staffNumber: '20001' })
  const said = problems(await enter({ name: '陈晨', birthDate: '1995-01-01', sex: 'female' })) as FieldProblem[]
  expect(said).toMatchObject([{ field: 'isOtherPerson' }])
  expect(said[0]!.message).toContain('陈晨（普外科，20001，在岗）')
  expect((await enter({ name: '陈晨', birthDate: '1995-01-01', sex: 'female', isOtherPerson: true })).status).toBe(201)
})

test('the office sees temporary people only, and deletes who was entered by mistake', async () => {
  const head = await h.signIn(await h.person('李卫东', { unit: '骨科', roles: ['departmentHead'] }))
  expect((await head.call('GET', base)).status).toBe(403)
  const gone = (await enter({ name: '写错了' })).json<RecordAnswer>().record
  const names = async () => (await office.call('GET', base)).json<ListAnswer>().rows.map(({ name }) => name)
  expect(await names()).toContain('写错了')
  expect(await names()).not.toContain('李卫东')
  expect((await office.call('DELETE', `${base}/${gone.id}?version=${gone.version}`)).status).toBeLessThan(300)
  expect(await names()).not.toContain('写错了')
})
