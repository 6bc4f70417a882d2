import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { openHouse } from '#app/house.ts'
import type { Overlay, Patch } from '#kernel/model/designs/index.ts'
import type { DesignAnswer, DesignItem, PublishingItem } from '#model'
import { workPublishing } from './publisher.ts'

let h: TestHospital
let implementer: HttpSession
let office: HttpSession
const placeOf = (name: string) => `/api/designs/overlay/${name}`
const place = placeOf('staff.practitioner')
beforeAll(async () => {
  h = await hospital()
  implementer = await h.signIn(await h.person('实施员', { roles: ['implementer'] }))
  office = await h.signIn(await h.person('医务处', { roles: ['medicalOffice'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

const patch = (field: string, property: Patch['property'], value: unknown, base: unknown = null): Patch => ({
  field,
  property,
  value,
  base,
})
const overlay = (more: Partial<Overlay>): Overlay => ({ fields: [], patches: [], rules: [], roles: [], ...more })
async function save(content: Overlay, at = place): Promise<DesignAnswer> {
  const { revision } = (await implementer.call('GET', at)).json<{ revision: number }>()
  const answer = await implementer.call('PUT', at, { content, revision })
  expect(answer.status, answer.text).toBe(200)
  return answer.json<unknown>() as DesignAnswer
}
async function publish(): Promise<PublishingItem> {
  const asked = await implementer.call('POST', '/api/publishings', { items: [{ kind: 'overlay', name: 'staff.practitioner' }] })
  expect(asked.status, asked.text).toBeLessThan(300)
  while (await workPublishing(h.kernel, h.database.ownerUrl));
  return (await implementer.call('GET', `/api/publishings/${asked.json<{ id: string }>().id}`)).json<unknown>() as PublishingItem
}
const fieldsOf = async (who: HttpSession) =>
  (await who.call('GET', '/api/definitions'))
    .json<{ resources: { name: string; fields: Record<string, { label: string; required: boolean }> }[] }>()
    .resources.find((one) => one.name === 'staff.practitioner')!.fields

test('two fields are added to a built-in type and one is called otherwise; another process, and the next start, have it so', async () => {
  const product = h.kernel.product.resource('staff.practitioner').fields
  await save(
    overlay({
      fields: [
        { key: 'xbadge1', kind: 'text', label: '胸牌号', required: false, search: true, options: { max: 20 } },
        { key: 'xblood1', kind: 'choice', label: '血型', required: false, options: { choices: { a: 'A 型', b: 'B 型' } } },
      ],
      patches: [patch('category', 'label', '人员类别（本院）', product['category']!.label)],
    }),
  )
  expect(await publish()).toMatchObject({ state: 'done', problem: null })
  const someone = await h.person('新职工', { unit: '骨科' })
  const changed = await office.call('PATCH', `/api/records/staff.practitioner/${someone}`, {
    version: 1,
    changes: { xbadge1: 'N-0099', xblood1: 'b' },
  })
  expect(changed.status, changed.text).toBe(200)
  const found = (await office.call('GET', '/api/records/staff.practitioner?search=N-0099')).json<{ rows: { xbadge1: string }[] }>()
  expect(found.rows).toMatchObject([{ xbadge1: 'N-0099' }])
  expect(await fieldsOf(office)).toMatchObject({ xbadge1: { label: '胸牌号' }, category: { label: '人员类别（本院）' } })

  const dataFolder = await mkdtemp(join(tmpdir(), 'xinglin-next-'))
  const next = await openHouse({
    appUrl: h.database.appUrl,
    ownerUrl: h.database.ownerUrl,
    dataFolder: h.dataFolder,
    profile: { level: 'level2', exposure: 'intranet' },
    poolSize: 4,
  })
  try {
    expect(next.kernel.defs.resource('staff.practitioner').fields['xblood1']?.label).toBe('血型')
    expect(next.kernel.defs.resource('staff.practitioner').fields['category']?.label).toBe('人员类别（本院）')
  } finally {
    await next.close()
    await rm(dataFolder, { recursive: true, force: true })
  }
})

test('what the product needs is only made stricter: each try is refused at its place', async () => {
  const product = h.kernel.product.resource('staff.registration')
  const isChoice = (key: string) => product.ownFields[key]!.kind === 'choice'
  const choice = Object.keys(product.ownFields).find(isChoice)!
  const required = Object.keys(product.ownFields).find((key) => product.ownFields[key]!.required)!
  const { problems } = await save(
    overlay({
      fields: [
        { key: 'xagain1', kind: 'text', label: product.ownFields[required]!.label, required: false, options: {} },
        { key: 'xloop01', kind: 'formula', label: '甲', required: false, options: { expression: 'xloop02 + 1', result: 'integer' } },
        { key: 'xloop02', kind: 'formula', label: '乙', required: false, options: { expression: 'xloop01 + 1', result: 'integer' } },
      ],
      patches: [
        patch(required, 'required', false, true),
        patch(product.title, 'hidden', true, false),
        patch(choice, 'choices', { only: '只有一种' }),
      ],
    }),
    placeOf('staff.registration'),
  )
  expect(problems.map(({ field, message }) => `${field}: ${message}`)).toEqual(
    expect.arrayContaining([
      'patches.0: 系统要求必填，不能改为选填',
      'patches.1: 系统要用到这个字段，不能停用',
      'patches.2: 系统要用到原有的选项，只能改名称、调整次序或增加',
      `fields.0.label: 系统中已有名为“${product.ownFields[required]!.label}”的字段`,
      expect.stringMatching(/绕成了圈：.*甲.*乙/) as unknown as string,
    ]),
  )
  const refused = await implementer.call('POST', '/api/publishings', { items: [{ kind: 'overlay', name: 'staff.registration' }] })
  expect(refused.status).toBe(422)
})

test('A0007 a field is hidden from one role, locked and asked for by another; a role that is not named is left alone', async () => {
  await save(overlay({ roles: [{ role: 'departmentHead', hide: ['xbadge1'] }, { role: 'staffMember', hide: ['xbadge1'] }, { role: 'medicalOffice', readOnly: ['xblood1'], require: ['xbadge1'] }], fields: [{ key: 'xbadge1', kind: 'text', label: '胸牌号', required: false, search: true, options: { max: 20 } }, { key: 'xblood1', kind: 'choice', label: '血型', required: false, options: { choices: { a: 'A 型', b: 'B 型' } } }] })) // prettier-ignore
  expect(await publish()).toMatchObject({ state: 'done' })
  const head = await h.signIn(await h.person('科主任', { unit: '骨科', roles: ['departmentHead'], post: 'head' }))
  expect(await fieldsOf(head)).not.toHaveProperty('xbadge1')
  expect((await fieldsOf(office))['xbadge1']).toMatchObject({ required: true })
  const someone = await h.person('另一职工', { unit: '骨科' })
  const at = `/api/records/staff.practitioner/${someone}`
  const lacking = await office.call('PATCH', at, { version: 1, changes: { xblood1: 'a' } })
  expect(lacking.status).toBe(422)
  expect(lacking.json<{ problems: { field: string; message: string }[] }>().problems).toEqual(
    expect.arrayContaining([
      { field: 'xbadge1', message: '请填写胸牌号' },
      { field: 'xblood1', message: '此项不能修改' },
    ]),
  )
  expect((await office.call('PATCH', at, { version: 1, changes: { xbadge1: 'N-1' } })).status).toBe(200)
  expect((await head.call('GET', at)).json<{ record: Record<string, unknown> }>().record).not.toHaveProperty('xbadge1')
})

test('a built-in type has buttons and limits of the hospital’s own; what the program writes by itself is not pressed', async () => {
  const field = { key: 'xseen01', kind: 'boolean' as const, label: '已核对', required: false, readOnly: true, options: {} }
  const button = { name: 'b1', label: '核对', when: 'xseen01 != true', does: { set: { xseen01: { value: true } } } }
  const closed = await save({ ...overlay({ fields: [field] }), buttons: [{ ...button, does: { set: { nobody: { value: 1 } } } }] })
  expect(closed.problems.map(({ field: at, message }) => [at, message])).toEqual([['buttons.0.does.set.nobody', '没有这个字段']])
  await save({ ...overlay({ fields: [field] }), buttons: [button], limits: { caps: [{ by: 'all', per: 'ever', most: 1 }] } })
  const someone = await h.person('待核对', { unit: '骨科' })
  expect(await publish()).toMatchObject({ state: 'done' })
  const pressed = await office.call('POST', `/api/records/staff.practitioner/${someone}/press/b1`, { version: 1 })
  expect(pressed.status, pressed.text).toBe(200)
  expect(pressed.json<{ record: Record<string, unknown> }>().record['xseen01']).toBe(true)
  expect((await office.call('GET', '/api/records/staff.practitioner/limits')).text).toContain('名额已满')
  await save(overlay({}))
  await publish()
})

test('what the product has changed since is listed, and the hospital’s stays until somebody decides', async () => {
  await save(overlay({ patches: [patch('category', 'label', '本院的叫法', '从前系统的叫法')] }))
  await publish()
  const { items } = (await implementer.call('GET', '/api/designs')).json<{ items: DesignItem[] }>()
  expect(items.find(({ name }) => name === 'staff.practitioner')).toMatchObject({ conflicts: 1 })
  expect((await fieldsOf(office))['category']).toMatchObject({ label: '本院的叫法' })
  const { json, status } = await implementer.call('POST', `${place}/stop`, {})
  expect([status, json<{ state: string }>().state]).toEqual([200, 'done'])
  expect((await fieldsOf(office))['category']!.label).toBe(h.kernel.product.resource('staff.practitioner').fields['category']!.label)
})
