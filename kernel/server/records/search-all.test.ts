import { afterAll, beforeAll, expect, test } from 'vitest'
import { may, module, phone, person, resource, text, type SearchAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const fields = { name: text('名称', { required: true, search: true }), practitioner: person('人员'), contact: phone('电话') }
const project = resource('trial.project', { label: '项目', title: 'name', owner: { person: 'practitioner' }, fields, list: { columns: ['name', 'practitioner'] } }) // prettier-ignore
const device = resource('trial.device', {
  label: '设备',
  title: 'name',
  fields: { name: fields.name, code: text('暗号', { search: true }) },
})
const trial = module('trial', {
  label: '试用',
  resources: [project, device],
  roles: { staffMember: [may.readOwn(project), may.read(device, 'hospital', { hide: ['code'] })], medicalOffice: [may.all(project), may.all(device)] },
}) // prettier-ignore

let h: TestHospital
let asOfficer: HttpSession, asDoctor: HttpSession
let own: string
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  const doctor = await h.person('张海涛')
  asDoctor = await h.signIn(doctor)
  asOfficer = await h.signIn(await h.person('周敏', { roles: ['medicalOffice'] }))
  own = (await h.create('trial.project', { name: '关节镜研究', practitioner: doctor, contact: '13800001234' })).id
  for (let i = 0; i < 6; i++) await h.create('trial.project', { name: `关节置换 ${i}` })
  await h.create('trial.device', { name: '关节镜', code: 'XK-777' })
})
afterAll(() => h[Symbol.asyncDispose]())

const find = async (session: HttpSession, q: string) => {
  const answer = await session.call('GET', `/api/search?q=${encodeURIComponent(q)}`)
  expect(answer.status).toBe(200)
  return answer.json<SearchAnswer>().groups
}

test('records of every type are found by name, pinyin initials and number, a few of each', async () => {
  const groups = await find(asOfficer, '关节')
  expect(groups.map(({ label, records, more }) => [label, records.length, more])).toEqual([
    ['项目', 4, true],
    ['设备', 1, false],
  ])
  expect((await find(asOfficer, 'gjjyj'))[0]!.records).toEqual([{ id: own, title: '关节镜研究', hint: '张海涛' }])
  expect((await find(asOfficer, 'xk-777')).map(({ label }) => label)).toEqual(['设备'])
})

test('who sees fewer records finds fewer, and a type that hides from him what it is searched by is not searched', async () => {
  expect(await find(asDoctor, '关节')).toMatchObject([{ label: '项目', records: [{ id: own }], more: false }])
  expect(await find(asDoctor, 'XK-777')).toEqual([])
  // Protected numbers are in nobody's search.
  expect(await find(asOfficer, '13800001234')).toEqual([])
})

test('one letter is no search', async () => {
  expect((await asOfficer.call('GET', '/api/search?q=a')).status).toBe(400)
})
