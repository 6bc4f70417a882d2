import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { DesignAnswer, DesignItem, PublishingItem } from '#model'
import { openDatabase } from '../database/database.ts'
import { noteDefinitions } from '../derived/due.ts'
import { workPublishing } from './publisher.ts'
import { standingDefinitions } from './standing.ts'

let h: TestHospital
let implementer: HttpSession
let doctor: HttpSession
let head: HttpSession
beforeAll(async () => {
  h = await hospital()
  implementer = await h.signIn(await h.person('实施员', { roles: ['implementer'] }))
  doctor = await h.signIn(await h.person('王医生', { unit: '骨科' }))
  head = await h.signIn(await h.person('骨科主任', { unit: '骨科', roles: ['departmentHead'], post: 'head' }))
})
afterAll(() => h[Symbol.asyncDispose]())

type Given = Record<string, unknown>
const field = (key: string, kind: string, label: string, more: Given = {}): Given => ({ key, kind, label, options: {}, ...more })
const type = (fields: Given[], more: Given = {}) => ({
  label: '盘点',
  title: 'xname01',
  fields: [field('xname01', 'text', '名称', { required: true }), ...fields],
  grants: [{ role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' }],
  ...more,
})
async function begin(content: unknown): Promise<DesignAnswer> {
  const answer = await implementer.call('POST', '/api/designs/type', { content })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<unknown>() as DesignAnswer
}
const ask = (name: string) => implementer.call('POST', '/api/publishings', { items: [{ kind: 'type', name }] })
async function publish(name: string): Promise<PublishingItem> {
  const asked = await ask(name)
  expect(asked.status, asked.text).toBeLessThan(300)
  while (await workPublishing(h.kernel, h.database.ownerUrl, 2000));
  return (await implementer.call('GET', `/api/publishings/${asked.json<{ id: string }>().id}`)).json<unknown>() as PublishingItem
}
async function change(name: string, content: unknown): Promise<DesignAnswer> {
  const { revision } = (await implementer.call('GET', `/api/designs/type/${name}`)).json<{ revision: number }>()
  const answer = await implementer.call('PUT', `/api/designs/type/${name}`, { content, revision })
  expect(answer.status, answer.text).toBe(200)
  return answer.json<unknown>() as DesignAnswer
}
const said = ({ problems }: { problems: { field: string; message: string }[] }) =>
  problems.map(({ field: at, message }) => `${at}: ${message}`)

test('a field that is required only while it is shown may be empty while it is not', async () => {
  const { name } = await begin(type([field('xwhy001', 'text', '原因', { required: true, visibleWhen: 'xname01 == "其他"' })]))
  expect(await publish(name)).toMatchObject({ state: 'done' })
  expect((await doctor.call('POST', `/api/records/${name}`, { xname01: '常规' })).status).toBe(201)
  expect((await doctor.call('POST', `/api/records/${name}`, { xname01: '其他' })).status).toBe(422)
})

test('whatever a formula gives, it is stored as its result is declared, or not at all', async () => {
  const formula = (key: string, label: string, result: string, expression: string, more: Given = {}) =>
    field(key, 'formula', label, { options: { expression, result, ...more } })
  const { name } = await begin(
    type([
      field('xday001', 'date', '日期'),
      field('xn00001', 'integer', '数'),
      formula('xhalf01', '一半', 'integer', 'xn00001 / 2.0'),
      formula('xhuge01', '极大', 'integer', 'xn00001 * 1000000'),
      formula('xtext01', '文字', 'text', 'xn00001 * 3'),
      formula('xdate01', '日子', 'date', 'xname01'),
      formula('xsame01', '同一天', 'date', 'xday001'),
      formula('xbool01', '是否', 'boolean', 'xn00001'),
    ]),
  )
  expect(await publish(name)).toMatchObject({ state: 'done' })
  const made = await doctor.call('POST', `/api/records/${name}`, { xname01: '甲', xn00001: 2_000_001, xday001: '2026-06-15' })
  expect(made.status, made.text).toBe(201)
  expect(made.json<{ record: Given }>().record).toMatchObject({
    xhalf01: 1_000_001,
    xhuge01: null,
    xtext01: '6000003',
    xdate01: null,
    xsame01: '2026-06-15',
    xbool01: null,
  })
})

test('what nobody could ever fill in is told where it is drawn', async () => {
  const blind = type(
    [field('xlock01', 'text', '编码', { required: true, readOnly: true }), field('xseen01', 'text', '来源', { required: true })],
    {
      grants: [{ role: 'staffMember', actions: ['read', 'create'], scope: 'own', hide: ['xseen01'] }],
    },
  )
  expect(said(await begin(blind))).toEqual([
    'fields.1: 必填而又只读，又没有默认值：没有人能填',
    'grants.0: 可以新增，却看不到必填的“来源”：填不了',
  ])
  const place = '/api/designs/overlay/staff.registration'
  const patch = { field: 'from', property: 'visibleWhen', value: 'false', base: null }
  const answer = await implementer.call('PUT', place, { revision: 0, content: { fields: [], patches: [patch], rules: [], roles: [] } })
  expect(said(answer.json())).toEqual(['patches.0: 系统要求必填，不能隐藏'])
})

test('a key that could not be built leaves nothing behind that would refuse what comes later', async () => {
  const { name } = await begin(type([field('xcode01', 'text', '编号')]))
  await publish(name)
  for (const xname01 of ['一', '二']) await doctor.call('POST', `/api/records/${name}`, { xname01, xcode01: 'A' })
  await change(name, type([field('xcode01', 'text', '编号')], { unique: [['xcode01']] }))
  expect(await publish(name)).toMatchObject({ state: 'failed' })
  const left = await h.kernel.db.query(`SELECT 1 FROM pg_index WHERE indrelid = $1::regclass AND NOT indisvalid`, [name])
  expect(left).toEqual([])
})

test('while approvals run a type is neither stopped nor freed from them; afterwards what was decided is still found', async () => {
  const content = type([field('xunit01', 'unit', '科室', { default: 'myUnit' })], {
    label: '外出登记',
    approval: true,
    owner: { department: 'xunit01' },
  })
  const { name } = await begin(content)
  await publish(name)
  const sent = await doctor.call('POST', `/api/flows/submit/${name}`, { draft: { xname01: '会议' }, actId: newActId() })
  expect(sent.status, sent.text).toBeLessThan(300)
  const { instance } = sent.json<{ instance: string }>()
  const stop = () => implementer.call('POST', `/api/designs/type/${name}/stop`, {})
  expect((await stop()).text).toMatch('还有 1 件审批没有办完')
  expect(said(await change(name, { ...content, approval: false }))).toEqual([])
  expect((await ask(name)).text).toMatch('还有 1 件审批没有办完')
  const page = (await head.call('GET', `/api/approvals/${instance}`)).json<{
    my: { task: { id: string } }
    version: number
    record: { version: number }
  }>()
  const decided = await head.call('POST', `/api/approvals/${instance}/acts`, {
    kind: 'approve',
    actId: newActId(),
    task: page.my.task.id,
    seenVersion: 1,
  })
  expect(decided.status, decided.text).toBeLessThan(300)
  const stopped = await stop()
  expect(stopped.status, stopped.text).toBe(200)
  for (const path of [
    '/api/tasks',
    '/api/tasks?view=decided',
    '/api/tasks?view=mine',
    '/api/me',
    '/api/messages',
    '/api/search?q=会议',
    '/api/definitions',
  ])
    for (const who of [doctor, head]) {
      const answer = await who.call('GET', path)
      expect([path, answer.status], answer.text).toEqual([path, 200])
    }
  expect((await head.call('GET', `/api/approvals/${instance}`)).status).toBeLessThan(500)
  const { items } = (await implementer.call('GET', '/api/designs')).json<{ items: DesignItem[] }>()
  expect(items.find((one) => one.name === name)).toMatchObject({ label: '外出登记', isStopped: true, version: null })
  const opened = (await implementer.call('GET', `/api/designs/type/${name}`)).json<unknown>() as DesignAnswer
  expect(opened).toMatchObject({ label: '外出登记', isDraft: true, version: null })
  const back = await implementer.call('POST', `/api/designs/type/${name}/roll-back`, { version: 1 })
  expect(back.json<unknown>() as PublishingItem).toMatchObject({ state: 'done' })
  expect((await doctor.call('GET', `/api/records/${name}`)).text).toContain('会议')
})

test('where what is worked out was stored before anybody kept count of it, nothing is worked out anew', async () => {
  const owner = openDatabase(h.database.ownerUrl, { max: 1 })
  try {
    await owner.once(`TRUNCATE kernel.derived_due; DELETE FROM kernel.derived_known`)
    await noteDefinitions(owner, h.kernel.product)
    const due = await owner.once<{ resource: string; field: string }>(`SELECT resource, field FROM kernel.derived_due`)
    const isDerived = ({ resource, field: key }: { resource: string; field: string }) =>
      h.kernel.product.resources.get(resource)?.fields[key]?.derived !== undefined
    expect(due.filter((one) => !isDerived(one))).toEqual([])
    await owner.once(`UPDATE kernel.derived_known SET definition = 'other' WHERE field = '' AND resource = 'directory.person'`)
    await noteDefinitions(owner, h.kernel.product)
    expect(await owner.once(`SELECT resource, field FROM kernel.derived_due WHERE field = ''`)).toEqual([
      { resource: 'directory.person', field: '' },
    ])
  } finally {
    await owner.close()
  }
})

test('a design that does not fit this program rests, and keeps nobody from publishing another', async () => {
  const owner = openDatabase(h.database.ownerUrl, { max: 1 })
  try {
    const pointing = type([field('xgone01', 'reference', '去向', { options: { target: 'sample.gone' } })], { label: '旧版留下的' })
    await owner.once(
      `INSERT INTO kernel.design_version (kind, name, version, release, content) VALUES ('type', 'custom.tresting', 1, (SELECT max(no) FROM kernel.release), $1::json)`,
      [JSON.stringify(pointing)],
    )
    await owner.once(
      `INSERT INTO kernel.design (kind, name, in_force, revision, at) VALUES ('type', 'custom.tresting', 1, 1, statement_timestamp())`,
    )
  } finally {
    await owner.close()
  }
  // As the next start finds it.
  h.kernel.take(await standingDefinitions(h.kernel.db, h.kernel.product))
  const resting = async () => {
    const { items } = (await implementer.call('GET', '/api/designs')).json<{ items: DesignItem[] }>()
    return items.filter((one) => one.resting !== null).map(({ name }) => name)
  }
  expect(await resting()).toEqual(['custom.tresting'])
  const { name } = await begin(type([], { label: '另一种' }))
  expect(await publish(name)).toMatchObject({ state: 'done' })
  expect((await doctor.call('POST', `/api/records/${name}`, { xname01: '甲' })).status).toBe(201)
  expect(await resting()).toEqual(['custom.tresting'])
})

test('a field by which many records are asked for gets an index while people work, and loses it again', async () => {
  const content = (indexed: boolean) => type([field('xday002', 'date', '日期', { indexed }), field('xlong02', 'longText', '经过', { indexed: true })], { label: '巡查' }) // prettier-ignore
  const { name } = await begin(content(false))
  await publish(name)
  const { id } = (await doctor.call('POST', `/api/records/${name}`, { xname01: '甲', xday002: '2026-06-01' })).json<{
    record: { id: string }
  }>().record
  expect(id).toBeTruthy()
  const indexes = () =>
    h.kernel.db.query(`SELECT 1 FROM pg_indexes WHERE schemaname || '.' || tablename = $1 AND indexdef LIKE '%xday002%'`, [name])
  await change(name, content(true))
  expect(await publish(name)).toMatchObject({ state: 'done', steps: [{ words: '“巡查”建立索引，不影响使用' }] })
  expect(await indexes()).toHaveLength(1)
  await change(name, content(false))
  expect(await publish(name)).toMatchObject({ state: 'done' })
  expect(await indexes()).toHaveLength(0)
})

test('a word of the moment is one only where its kind has such a word; elsewhere it is a text like any', async () => {
  const content = type(
    [field('xsaid02', 'text', '备注', { default: 'today' }), field('xown002', 'text', '称呼', { default: 'me' }), field('xwhen02', 'dateTime', '时间', { default: 'now' }), field('xdate02', 'date', '日期', { default: 'today' })],
    { label: '交班' },
  ) // prettier-ignore
  const { name, problems } = await begin(content)
  expect(problems).toEqual([])
  await publish(name)
  const { record } = (await doctor.call('POST', `/api/records/${name}`, { xname01: '甲' })).json<{ record: Given }>()
  expect(record).toMatchObject({ xsaid02: 'today', xown002: 'me', xdate02: '2026-06-15', xwhen02: '2026-06-15T04:00:00.000Z' })
})
