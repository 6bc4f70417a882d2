import { afterAll, beforeAll, expect, test } from 'vitest'
import { may, module, person, reference, resource, text } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const supplier = resource('trial.supplier', {
  label: '供应商',
  title: 'name',
  owner: {},
  fields: { name: text('名称', { required: true }) },
})
const device = resource('trial.device', {
  label: '设备',
  title: 'name',
  owner: {},
  fields: { name: text('名称', { required: true }), supplier: reference('供应商', 'trial.supplier') },
})
const repair = resource('trial.repair', {
  label: '维修',
  title: 'name',
  owner: { person: 'practitioner' },
  fields: { name: text('名称', { required: true }), practitioner: person('报修人'), device: reference('设备', 'trial.device') },
  list: { columns: ['name', 'device'] },
})
const trial = module('trial', {
  label: '试用',
  resources: [supplier, device, repair],
  roles: {
    staffMember: [may.read(supplier), may.read(device, 'hospital', { hide: ['supplier'] }), may.read(repair)],
    medicalOffice: [may.all(supplier), may.all(device), may.all(repair)],
  },
})

let h: TestHospital
let asOfficer: HttpSession, asDoctor: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  asOfficer = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  asDoctor = await h.signIn(await h.person('张海涛', { unit: '医务处' }))
  const { id: maker } = await h.create('trial.supplier', { name: '东升医疗' })
  const { id: monitor } = await h.create('trial.device', { name: '监护仪', supplier: maker })
  await h.create('trial.repair', { name: '屏幕不亮', device: monitor })
})
afterAll(() => h[Symbol.asyncDispose]())

test('what is hidden is asked for nowhere in a path: not as a condition, not as an order, not as a column', async () => {
  const through = 'device.supplier.name'
  const condition = encodeURIComponent(JSON.stringify({ field: through, op: 'eq', value: '东升医疗' }))
  for (const query of [`filter=${condition}`, `sort=${through}`, `columns=name,${through}`]) {
    const refused = await asDoctor.call('GET', `/api/records/trial.repair?${query}`)
    expect([query, refused.status, refused.json<{ title: string }>().title]).toEqual([query, 400, '没有查看该字段的权限'])
    const { rows } = (await asOfficer.call('GET', `/api/records/trial.repair?${query}`)).json<{ rows: object[] }>()
    expect(rows).toMatchObject([{ name: '屏幕不亮' }])
  }
})
