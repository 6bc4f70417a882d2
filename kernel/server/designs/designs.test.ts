import { beforeAll, afterAll, expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { DesignAnswer, PublishingItem, PublishPreview, ReleaseItem } from '#model'
import { workDue } from '../derived/due.ts'
import { workPublishing } from './publisher.ts'

let h: TestHospital
let implementer: HttpSession
let doctor: HttpSession
beforeAll(async () => {
  h = await hospital()
  implementer = await h.signIn(await h.person('实施员', { roles: ['implementer'] }))
  doctor = await h.signIn(await h.person('王医生'))
})
afterAll(() => h[Symbol.asyncDispose]())

const field = (key: string, kind: string, label: string, more: Record<string, unknown> = {}) => ({ key, kind, label, options: {}, ...more })
const borrowing = (more: Record<string, unknown> = {}) => ({
  label: '设备借用登记',
  title: 'xdevice',
  fields: [
    field('xdevice', 'text', '设备', { required: true, search: true }),
    field('xunit01', 'unit', '借用科室'),
    field('xfrom01', 'date', '借出日', { required: true }),
    field('xdays01', 'integer', '天数', { required: true, options: { min: 1 } }),
    field('xprice1', 'integer', '每天费用', { options: { min: 0 } }),
    field('xstate1', 'choice', '状态', { options: { choices: { out: '借出', back: '已还' } } }),
    field('xlines1', 'rows', '附件清单', {
      options: { fields: [field('xname01', 'text', '名称', { required: true }), field('xcount1', 'integer', '数量')] },
    }),
  ],
  owner: { department: 'xunit01' },
  grants: [
    { role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' },
    { role: 'medicalOffice', actions: ['read', 'create', 'update', 'delete', 'import', 'export'], scope: 'hospital' },
  ],
  ...more,
})
async function begin(content: unknown): Promise<DesignAnswer> {
  const answer = await implementer.call('POST', '/api/designs/type', { content })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<unknown>() as DesignAnswer
}
/** Publishes what is drawn, to its end. */
async function publish(items: { kind: string; name: string; revision?: number }[], note = '上线'): Promise<PublishingItem> {
  const asked = await implementer.call('POST', '/api/publishings', { items, note })
  expect(asked.status, asked.text).toBeLessThan(300)
  const { id } = asked.json<{ id: string }>()
  while (await workPublishing(h.kernel, h.database.ownerUrl));
  return (await implementer.call('GET', `/api/publishings/${id}`)).json<unknown>() as PublishingItem
}
async function save(kind: string, name: string, content: unknown): Promise<DesignAnswer> {
  const { revision } = (await implementer.call('GET', `/api/designs/${kind}/${name}`)).json<{ revision: number }>()
  const answer = await implementer.call('PUT', `/api/designs/${kind}/${name}`, { content, revision })
  expect(answer.status, answer.text).toBe(200)
  return answer.json<unknown>() as DesignAnswer
}

test('a type drawn in the browser becomes a table, and is used by whoever was given the right, without a restart', async () => {
  const { name, problems } = await begin(borrowing())
  expect(problems).toEqual([])
  const preview = (
    await implementer.call('POST', '/api/publishings/preview', { items: [{ kind: 'type', name }] })
  ).json<unknown>() as PublishPreview
  expect(preview.problems).toEqual([])
  expect(preview.steps.map(({ words }) => words)).toContain('建立“设备借用登记”的数据表')
  expect(preview.pieces[0]!.words[0]).toBe('新建“设备借用登记”，7 个字段：设备、借用科室、借出日、天数、每天费用、状态、附件清单')
  // Nobody has it before it is published.
  expect((await doctor.call('GET', `/api/records/${name}`)).status).toBe(404)
  const done = await publish([{ kind: 'type', name }])
  expect(done).toMatchObject({ state: 'done', problem: null, release: 1 })

  const made = await doctor.call('POST', `/api/records/${name}`, {
    xdevice: '便携超声',
    xfrom01: '2026-06-15',
    xdays01: 3,
    xlines1: [{ xname01: '探头', xcount1: 2 }],
  })
  expect(made.status, made.text).toBe(201)
  const list = (await doctor.call('GET', `/api/records/${name}?search=chaosheng`)).json<{ rows: { xdevice: string }[] }>()
  expect(list.rows.map((one) => one.xdevice)).toEqual(['便携超声'])
  const { resources, menu } = (await doctor.call('GET', '/api/definitions')).json<{
    resources: { name: string; label: string }[]
    menu: { label: string }[]
  }>()
  expect(resources.find((one) => one.name === name)?.label).toBe('设备借用登记')
  expect(menu.map(({ label }) => label)).toContain('自建应用')
})

test('a field is added to records that are there, a formula is filled in for them, and rolling back loses nothing', async () => {
  const { name } = await begin(borrowing({ label: '场地借用登记' }))
  await publish([{ kind: 'type', name }])
  const made = await doctor.call('POST', `/api/records/${name}`, { xdevice: '报告厅', xfrom01: '2026-06-15', xdays01: 3, xprice1: 200 })
  const { id } = made.json<{ record: { id: string } }>().record
  const content = borrowing({ label: '场地借用登记' })
  content.fields.push(
    field('xtotal1', 'formula', '总费用', { options: { expression: 'xdays01 * xprice1', result: 'integer' } }),
    field('xphone1', 'text', '联系电话'),
  )
  await save('type', name, content)
  const second = await publish([{ kind: 'type', name }], '加总费用')
  expect(second).toMatchObject({ state: 'done' })
  while (await workDue(h.kernel));
  const read = (await doctor.call('GET', `/api/records/${name}/${id}`)).json<{ record: Record<string, unknown> }>().record
  expect(read).toMatchObject({ xtotal1: 600, version: 1 })
  const changed = await doctor.call('PATCH', `/api/records/${name}/${id}`, { version: 1, changes: { xphone1: '8899' } })
  expect(changed.status, changed.text).toBe(200)

  const [latest, before] = (await implementer.call('GET', '/api/releases')).json<unknown>() as ReleaseItem[]
  expect(latest!.words).toContain('场地借用登记：增加字段“联系电话”（单行文字）')
  const back = await implementer.call('POST', `/api/releases/${before!.no}/roll-back`, { note: '先退回' })
  expect(back.status, back.text).toBe(200)
  const old = (await doctor.call('GET', `/api/records/${name}/${id}`)).json<{ record: Record<string, unknown> }>().record
  expect(old).not.toHaveProperty('xphone1')
  // Back to what was newer: what was written there is still there.
  const forth = await implementer.call('POST', `/api/releases/${latest!.no}/roll-back`, { note: '恢复' })
  expect(forth.status, forth.text).toBe(200)
  expect((await doctor.call('GET', `/api/records/${name}/${id}`)).json<{ record: Record<string, unknown> }>().record).toMatchObject({
    xphone1: '8899',
  })
})

test('values are kept from other records: looked up from the one that a field names, counted over all that point here; old rows follow', async () => {
  const asset = await begin(
    borrowing({ label: '资产', grants: [{ role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' }] }),
  )
  await publish([{ kind: 'type', name: asset.name }])
  const repair = {
    label: '维修',
    title: 'xtitle1',
    fields: [
      field('xtitle1', 'text', '故障', { required: true }),
      field('xasset1', 'reference', '资产', { required: true, options: { target: asset.name } }),
      field('xcost01', 'money', '费用', { options: { scale: 2 } }),
      field('xwhat01', 'text', '设备名称', { derived: { lookup: 'xasset1.xdevice' } }),
    ],
    grants: [{ role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' }],
  }
  const { name } = await begin(repair)
  expect(await publish([{ kind: 'type', name }])).toMatchObject({ state: 'done', problem: null })
  const made = await doctor.call('POST', `/api/records/${asset.name}`, { xdevice: '监护仪', xfrom01: '2026-06-15', xdays01: 1 })
  const { id } = made.json<{ record: { id: string } }>().record
  const fixed = await doctor.call('POST', `/api/records/${name}`, { xtitle1: '换屏', xasset1: id, xcost01: '80.50' })
  expect(fixed.json<{ record: object }>().record).toMatchObject({ xwhat01: '监护仪' })
  await doctor.call('POST', `/api/records/${name}`, { xtitle1: '换电池', xasset1: id, xcost01: '19.50' })

  const content = (await implementer.call('GET', `/api/designs/type/${asset.name}`)).json<{ content: { fields: object[] } }>().content
  content.fields.push(
    field('xtimes1', 'text', '维修次数', { derived: { rollUp: { of: name, by: 'xasset1', how: 'count' } } }),
    field('xsum001', 'text', '维修费用', { derived: { rollUp: { of: name, by: 'xasset1', how: 'sum', field: 'xcost01' } } }),
  )
  expect((await save('type', asset.name, content)).problems).toEqual([])
  expect(await publish([{ kind: 'type', name: asset.name }])).toMatchObject({ state: 'done', problem: null })
  while (await workDue(h.kernel));
  expect((await doctor.call('GET', `/api/records/${asset.name}/${id}`)).json<{ record: object }>().record).toMatchObject({
    xtimes1: 2,
    xsum001: '100.00',
  })
  // What is pointed at is not taken out of force.
  const stopped = await implementer.call('POST', `/api/designs/type/${name}/stop`, {})
  expect(stopped.status, stopped.text).toBe(422)
})

test('choices stand in the order in which they were drawn, from the draft to the form; dragging them is a change that can be published', async () => {
  const drawn = (...keys: string[]) => {
    const labels: Record<string, string> = { severe: '重', mild: '轻', c: '中' }
    const choices = Object.fromEntries(keys.map((key) => [key, labels[key]]))
    return borrowing({ label: '损坏登记', fields: [field('xdevice', 'text', '设备'), field('xlevel1', 'choice', '程度', { options: { choices } })] })
  }
  const ordered = async () => {
    const { resources } = (await implementer.call('GET', '/api/definitions')).json<{ resources: { name: string; fields: Record<string, { options: { choices: object } }> }[] }>()
    return Object.keys(resources.find((one) => one.name === name)!.fields['xlevel1']!.options.choices)
  }
  const { name } = await begin({ ...drawn('severe', 'mild', 'c'), owner: {} })
  await publish([{ kind: 'type', name }])
  expect(await ordered()).toEqual(['severe', 'mild', 'c'])
  await save('type', name, { ...drawn('c', 'severe', 'mild'), owner: {} })
  const preview = (await implementer.call('POST', '/api/publishings/preview', { items: [{ kind: 'type', name }] })).json<PublishPreview>()
  expect(preview.pieces[0]!.words).toEqual(['字段“程度”：选项由重、轻、中改为中、重、轻'])
  await publish([{ kind: 'type', name }])
  expect(await ordered()).toEqual(['c', 'severe', 'mild'])
}) // prettier-ignore
