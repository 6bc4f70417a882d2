import { afterAll, beforeAll, expect, test } from 'vitest'
import { choice, integer, may, module, person, phone, resource, text, type SavedView } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const honour = resource('trial.honour', {
  label: '荣誉',
  title: 'name',
  owner: { person: 'practitioner' },
  fields: {
    name: text('名称', { required: true }),
    practitioner: person('获奖人'),
    level: choice('级别', { national: '国家级', hospital: '院级' }),
    bonus: integer('奖金'),
    rank: integer('名次'),
    contact: phone('电话'),
  },
  list: { columns: ['name', 'level'] },
})
const trial = module('trial', {
  label: '试用',
  resources: [honour],
  roles: { staffMember: [may.readOwn(honour, { hide: ['bonus'], mask: ['rank'] })], medicalOffice: [may.all(honour)] },
})

let h: TestHospital
let asOfficer: HttpSession, asColleague: HttpSession, asDoctor: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  const signIn = async (name: string, roles: string[]) => h.signIn(await h.person(name, { unit: '医务处', roles }))
  ;[asOfficer, asColleague, asDoctor] = [
    await signIn('周敏', ['medicalOffice']),
    await signIn('何静', ['medicalOffice']),
    await signIn('张海涛', []),
  ]
})
afterAll(() => h[Symbol.asyncDispose]())

const state = (more: object = {}) => ({
  filter: { field: 'level', op: 'eq', value: 'national' },
  sort: ['-name'],
  columns: ['name', 'level'],
  group: ['level'],
  totals: [],
  ...more,
})
const keep = (session: HttpSession, view: object) => session.call('POST', '/api/views/trial.honour', { view })
const read = async (session: HttpSession) => (await session.call('GET', '/api/views/trial.honour')).json<{ views: SavedView[] }>().views

test('a view of one’s own is seen by nobody else; a shared one by whoever may read the list', async () => {
  const own = (await keep(asOfficer, { name: '国家级', state: state() })).json<SavedView>()
  expect(own).toMatchObject({ isShared: false, mayChange: true, problem: null, state: state() })
  expect(await read(asColleague)).toEqual([])
  const { id, version } = own
  const shared = await asOfficer.call('PUT', `/api/views/trial.honour/${id}`, {
    view: { name: '国家级荣誉', isShared: true, state: state() },
    version,
  })
  expect(shared.json<SavedView>()).toMatchObject({ name: '国家级荣誉', isShared: true, version: 2 })
  expect(await read(asDoctor)).toMatchObject([{ name: '国家级荣誉', ownerName: '周敏', mayChange: false, problem: null }])
  // Somebody who looked before the change is told, and nothing of his is written over it.
  const late = await asColleague.call('PUT', `/api/views/trial.honour/${id}`, {
    view: { name: '旧', isShared: true, state: state() },
    version,
  })
  expect([late.status, late.json<{ title: string }>().title]).toEqual([409, '视图已被他人修改，请刷新后重试'])
  const locked = await asOfficer.call('PUT', `/api/views/trial.honour/${id}`, {
    view: { name: '国家级荣誉', isShared: true, isLocked: true, state: state() },
    version: 2,
  })
  expect(locked.status).toBe(200)
  const refused = await asColleague.call('DELETE', `/api/views/trial.honour/${id}`)
  expect([refused.status, refused.json<{ title: string }>().title]).toEqual([403, '视图已锁定，只有建立的人可以修改'])
  expect((await asOfficer.call('DELETE', `/api/views/trial.honour/${id}`)).status).toBe(204)
  expect(await read(asOfficer)).toEqual([])
})

test('S19 a view is evaluated as its reader: a condition on a field he may not see refuses it, with nothing of the condition told', async () => {
  const view = { name: '高奖金', isShared: true, state: state({ filter: { field: 'bonus', op: 'gt', value: 5000 } }) }
  const { id } = (await keep(asOfficer, view)).json<SavedView>()
  const [seen] = await read(asDoctor)
  expect(seen).toMatchObject({ id, problem: '视图用到了你没有权限查看的字段', state: { filter: null } })
  expect(JSON.stringify(seen)).not.toContain('5000')
  // Kept before a field was taken away.
  await h.kernel.db.query(`UPDATE kernel.saved_view SET state = jsonb_set(state, '{sort}', '["goneField"]') WHERE id = $1::uuid`, [id])
  expect(await read(asOfficer)).toMatchObject([{ problem: '视图用到的字段已经不存在' }])
  // Whoever renames it does not know its conditions, and does not lose them.
  const renamed = await asOfficer.call('PUT', `/api/views/trial.honour/${id}`, {
    view: { name: '高奖金（旧）', isShared: true },
    version: 1,
  })
  expect(renamed.status).toBe(200)
  const [kept] = await h.kernel.db.query<{ name: string; state: object }>(`SELECT name, state FROM kernel.saved_view WHERE id = $1::uuid`, [
    id,
  ])
  expect(kept).toMatchObject({ name: '高奖金（旧）', state: { filter: view.state.filter, sort: ['goneField'] } })
})

test('what is wrong with a view is said: no name, a name taken, protected values, no right to share, a filter nested too deep', async () => {
  const said = async (session: HttpSession, view: object) => {
    const answer = await keep(session, view)
    const { title, problems } = answer.json<{ title: string; problems?: { field: string; message: string }[] }>()
    return [answer.status, problems?.[0]?.message ?? title]
  }
  expect(await said(asOfficer, { name: ' ', state: state() })).toEqual([422, '请填写视图名称，不超过 30 字'])
  expect((await keep(asOfficer, { name: '我的', state: state() })).status).toBe(201)
  expect(await said(asOfficer, { name: '我的', state: state() })).toEqual([422, '已有同名的视图，请换一个名称'])
  expect(await said(asOfficer, { name: '电话', state: state({ filter: { field: 'contact', op: 'eq', value: '13800000000' } }) })).toEqual([
    422,
    '条件里有受保护的字段，不能存进视图：请先移除这个条件',
  ])
  expect(await said(asDoctor, { name: '给大家', isShared: true, state: state() })).toEqual([403, '没有共享视图的权限，可以只存给自己'])
  expect(await said(asDoctor, { name: '奖金', state: state({ columns: ['bonus'] }) })).toEqual([422, '视图用到了你没有权限查看的字段'])
  let deep: object = { field: 'level', op: 'notEmpty' }
  for (let i = 0; i < 15; i++) deep = { and: [deep] }
  expect(await said(asOfficer, { name: '很深', state: state({ filter: deep }) })).toEqual([422, '筛选条件嵌套太深：最多 12 层'])
})

test('a view keeps its chart; a chart of a hidden field refuses the view', async () => {
  const drawn = (
    await keep(asOfficer, { name: '图', state: state({ chart: ['bar', 'level', 'sum:bonus'] }), isShared: true })
  ).json<SavedView>()
  expect(drawn.state.chart).toEqual(['bar', 'level', 'sum:bonus'])
  const seen = (await read(asDoctor)).find(({ id }) => id === drawn.id)
  expect(seen).toMatchObject({ problem: '视图用到了你没有权限查看的字段', state: { chart: [] } })
  expect((await keep(asOfficer, { name: '怪图', state: state({ chart: ['bar', 'a:b:c'] }) })).status).toBe(422)
})

test('S19 a view that guesses at what its reader sees masked, or orders by it, is refused for him', async () => {
  const shared = (name: string, more: object) => keep(asOfficer, { name, isShared: true, state: state(more) })
  const views = [
    await shared('前三名', { filter: { field: 'rank', op: 'lte', value: 3 } }),
    await shared('按名次', { sort: ['rank'] }),
    await shared('第一名', { filter: { field: 'rank', op: 'eq', value: 1 } }),
  ].map((answer) => answer.json<SavedView>().id)
  const seen = new Map((await read(asDoctor)).map((view) => [view.id, view]))
  expect(views.map((id) => seen.get(id)!.problem)).toEqual([expect.any(String), expect.any(String), null])
  expect(seen.get(views[0]!)!.state.filter).toBeNull()
})
