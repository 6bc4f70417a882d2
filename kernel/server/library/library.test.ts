import { afterAll, beforeAll, expect, test } from 'vitest'
import { LibraryHospital, loanType } from '#app/testing/libraries.ts'
import type { IssuedKey, LibraryAnswer, LibraryHead, LibraryItem, LibraryPage, OfferPreview } from '#model'
import { mostInLibrary } from '#kernel/model/library/index.ts'
import { signer } from '../access/clients/testing.ts'

let library: LibraryHospital
let giver: LibraryHospital
let taker: LibraryHospital
let [giversKey, takersKey]: [IssuedKey | null, IssuedKey | null] = [null, null]
beforeAll(async () => {
  ;[library, giver, taker] = await Promise.all([LibraryHospital.open(), LibraryHospital.open(), LibraryHospital.open()])
  giversKey = await library.admit('第一人民医院', ['library.read', 'library.offer'])
  takersKey = await library.admit('第二人民医院', ['library.read'])
  await giver.connect(library.url, giversKey)
  await taker.connect(library.url, takersKey)
}, 120_000)
afterAll(async () => {
  for (const one of [taker, giver, library]) await one[Symbol.asyncDispose]()
})

const listed = async (of: LibraryHospital, place: string, query = '') =>
  (await of.call('GET', `/api/library?place=${place}${query}`)).json<LibraryPage & object>().rows
const titleOf = (answer: { json<T>(): T }) => answer.json<{ title: string }>().title
const itemOf = (answer: { json<T>(): T }) => answer.json<LibraryItem & object>()
const program = (key: IssuedKey) => signer(library.url, library.h.clock, key)

test('one hospital offers a form, the library accepts it, a third takes it, publishes it and works with it', async () => {
  const name = await giver.begin('type', loanType())
  expect((await giver.offer([name], 'other')).status).toBe(404)
  await giver.publish('type', name)
  const poor = await giver.offer([name], 'other', { purpose: ' ', category: null })
  expect(poor.json<{ problems: { field: string }[] }>().problems.map(({ field }) => field)).toEqual(['purpose', 'category'])
  const sent = await giver.offer([name], 'other')
  expect([sent.status, itemOf(sent).status], sent.text).toEqual([201, 'pending'])
  // Until somebody has looked at it, nobody else knows of it.
  expect(await listed(taker, 'other')).toEqual([])
  expect((await library.call('GET', '/api/library/head')).json<LibraryHead & object>()).toMatchObject({ connection: null, pending: 1 })
  const [waiting] = await listed(library, 'own', '&status=pending')
  expect(waiting).toMatchObject({ name: '设备借用登记', hospital: '第一人民医院', version: 1, status: 'pending' })
  const looked = (await library.call('GET', `/api/library/own/${waiting!.id}`)).json<LibraryAnswer & object>()
  expect(looked.lines).toMatchObject([{ kind: 'type', label: '设备借用登记', meets: 'new' }])
  expect(looked.lines[0]!.words.join()).toContain('设备名称')
  expect(itemOf(await library.call('POST', `/api/library/forms/${waiting!.id}/accept`, {})).status).toBe('shared')
  expect((await library.call('POST', `/api/library/forms/${waiting!.id}/refuse`, { words: '晚了' })).status).toBe(409)

  const [found] = await listed(taker, 'other', `&search=${encodeURIComponent('抢救')}&category=logistics`)
  expect(found).toMatchObject({ id: waiting!.id, hospital: '第一人民医院', takings: 0 })
  expect(await listed(taker, 'other', '&category=nursing')).toEqual([])
  expect((await taker.call('GET', `/api/library/other/${found!.id}`)).json<LibraryAnswer & object>()).toMatchObject({ lines: [{ meets: 'new' }] })
  const { file } = (await taker.call('POST', `/api/library/other/${found!.id}/take`, {})).json<{ file: object }>()
  const taken = await taker.call('POST', '/api/design-files/import', { file, names: [name], asNew: [] })
  expect(taken.status, taken.text).toBe(201)
  // Nothing counts before it is published here.
  expect((await taker.call('POST', `/api/records/${name}`, { xname01: '除颤仪' })).status).toBe(404)
  await taker.publish('type', name)
  expect((await taker.call('POST', `/api/records/${name}`, { xname01: '除颤仪', xdays01: 2 })).status).toBe(201)
  expect((await listed(taker, 'other'))[0]!.takings).toBe(1)
  const acts = await library.h.kernel.db.query<{ act: string; actor_name: string }>(`SELECT act, actor_name FROM kernel.audit_entry WHERE act LIKE 'library.%' ORDER BY seq`)
  expect(acts.map(({ act, actor_name }) => [act, actor_name])).toEqual([['library.offer', '第一人民医院'], ['library.accept', '实施员'], ['library.take', '第二人民医院']])
}, 60_000) // prettier-ignore

test('a further version takes the place of the one before once it is accepted; what is unchanged, refused or withdrawn is said in words', async () => {
  const name = await giver.begin('type', { ...loanType(), label: '会议室登记' })
  await giver.publish('type', name)
  const words = { name: '会议室登记', category: 'other' }
  const first = itemOf(await giver.offer([name], 'other', words))
  expect(titleOf(await giver.offer([name], 'other', words))).toBe('表单库拒绝了：表单库中已有这一版，内容没有变化')
  await library.call('POST', `/api/library/forms/${first.id}/accept`, {})
  await taker.call('POST', `/api/library/other/${first.id}/take`, {})
  const { revision } = (await giver.call('GET', `/api/designs/type/${name}`)).json<{ revision: number }>()
  await giver.call('PUT', `/api/designs/type/${name}`, { revision, content: { ...loanType(['备注']), label: '会议室登记' } })
  await giver.publish('type', name)
  const second = itemOf(await giver.offer([name], 'other', words))
  expect(second.version).toBe(2)
  const versions = async () => (await listed(taker, 'other', `&search=${encodeURIComponent('会议室')}`)).map(({ version, takings }) => [version, takings])
  expect(await versions()).toEqual([[1, 1]])
  expect(titleOf(await library.call('POST', `/api/library/forms/${second.id}/refuse`, {}))).toBe('请填写不采用的理由')
  await library.call('POST', `/api/library/forms/${second.id}/accept`, {})
  expect(await versions()).toEqual([[2, 1]])
  const own = await listed(library, 'own', `&search=${encodeURIComponent('会议室')}`)
  expect(own.map(({ version, status, words: said }) => [version, status, said])).toEqual([[2, 'shared', ''], [1, 'withdrawn', '已由第 2 版代替']])
  await library.call('POST', `/api/library/forms/${second.id}/withdraw`, { words: '有误' })
  expect(await versions()).toEqual([])
  expect((await taker.call('GET', `/api/library/other/${second.id}`)).status).toBe(424)
  const third = itemOf(await giver.offer([name], 'other', words))
  expect(itemOf(await library.call('POST', `/api/library/forms/${third.id}/refuse`, { words: '与院感登记重复' }))).toMatchObject({ status: 'refused', words: '与院感登记重复', version: 3 })
}, 60_000) // prettier-ignore

test('what a hospital puts into its own library is shared at once, and taken there as anywhere', async () => {
  const name = await library.begin('type', { ...loanType(), label: '值班交接' })
  await library.publish('type', name)
  const mine = itemOf(await library.offer([name], 'own', { name: '值班交接' }))
  expect(mine).toMatchObject({ status: 'shared', version: 1 })
  expect((await library.call('GET', `/api/library/own/${mine.id}`)).json<LibraryAnswer & object>()).toMatchObject({
    lines: [{ meets: 'same', words: [] }],
  })
  expect((await library.call('POST', `/api/library/own/${mine.id}/take`, {})).status).toBe(200)
  expect(
    (await library.call('POST', '/api/library/offers', { names: [name], place: 'own', name: '', purpose: '', category: 'x' })).status,
  ).toBe(409)
  const wrong = await library.call('POST', '/api/library/offers', {
    names: [await published('另一个')],
    place: 'own',
    name: '名'.repeat(61),
    purpose: '',
    category: 'x',
  })
  expect(
    wrong
      .json<{ problems: { field: string }[] }>()
      .problems.map(({ field }) => field)
      .sort(),
  ).toEqual(['category', 'name', 'purpose'])
}, 60_000)
async function published(label: string): Promise<string> {
  const name = await library.begin('type', { ...loanType(), label })
  await library.publish('type', name)
  return name
}

test('what needs a form goes along, but no person, no other record and no address of this hospital; it is said what is left out', async () => {
  const type = await giver.begin('type', { ...loanType(), label: '耗材申领' })
  await giver.publish('type', type)
  const someone = await giver.h.person('刘主任')
  const automation = await giver.begin('automation', {
    label: '申领提醒',
    resource: type,
    when: { kind: 'created' },
    where: { field: 'createdBy', op: 'eq', value: someone },
    was: null,
    acts: [{ kind: 'message', whom: [{ who: 'people', people: [someone] }, { who: 'owner' }], title: '有新申领', text: '请查看' }],
    runsAs: null,
  })
  await giver.publish('automation', automation)
  expect((await giver.call('POST', '/api/library/offers/preview', { name: { toString: 'x' } })).status).toBe(400)
  const { pieces } = (await giver.call('POST', '/api/library/offers/preview', { name: type })).json<OfferPreview & object>()
  expect(pieces).toMatchObject([{ name: type, isNeeded: true, leftOut: [] }, { name: automation, isNeeded: false }])
  expect(pieces[1]!.leftOut[0]).toBe('2 处指定的人员、科室等本院记录')
  const sent = await giver.offer([type, automation], 'other', { name: '耗材申领' })
  expect(sent.status, sent.text).toBe(201)
  const [row] = await library.h.kernel.db.query<{ file: { pieces: { name: string; content: { acts: object[] } }[] } }>(
    `SELECT file FROM kernel.library_file WHERE form = $1::uuid`,
    [itemOf(sent).id],
  )
  const text = JSON.stringify(row!.file)
  expect(text).not.toContain(someone)
  expect(text).not.toContain('刘主任')
  expect(row!.file.pieces[1]!.content.acts).toMatchObject([{ whom: [{ who: 'people', people: [] }, { who: 'owner' }] }])
}, 60_000) // prettier-ignore

test('programs do what they were given the right to, with files as good as an upload, so many a day', async () => {
  const { kernel } = library.h
  const stranger = await library.admit('没有权限的系统', [])
  const forms = '/api/library-api/forms'
  expect((await program(stranger).call({ method: 'GET', target: forms })).status).toBe(403)
  const offers = '/api/library-api/offers'
  const offered = (key: IssuedKey, body: object) => program(key).call({ method: 'POST', target: offers, body: JSON.stringify(body) })
  const piece = (n: number) => ({ kind: 'type', name: `custom.tzz${String(n).padStart(4, '0')}`, label: '外来', content: loanType() })
  const offer = (n: number, more: object = {}) => ({ name: `外来${n}`, purpose: '试用', category: 'other', file: { xinglin: 'designs', format: 1, at: '', pieces: [piece(n)] }, ...more })
  expect((await offered(takersKey!, offer(0))).status).toBe(403)
  expect((await offered({ ...giversKey!, secret: 'xl_wrong' }, offer(0))).status).toBe(401)
  for (const file of [null, {}, { xinglin: 'designs', format: 1, pieces: [] }, { xinglin: 'designs', format: 1, pieces: [{ kind: 'type', name: 'kernel.user', content: {} }] }, { xinglin: 'designs', format: 1, pieces: [{ kind: 'magic', name: 'a.b' }] }])
    expect((await offered(giversKey!, offer(0, { file }))).status).toBe(422)
  expect((await offered(giversKey!, offer(0, { file: { xinglin: 'designs', format: 2, pieces: [] } }))).text).toContain('文件来自更新版本的系统，请先升级本系统')
  const big = { ...piece(1), content: { ...loanType(), help: '长', fields: loanType().fields, groups: [], rules: Array.from({ length: 50 }, () => ({ at: 'xname01', holds: `xname01 != "${'很'.repeat(600)}"`, message: '不对' })) } }
  expect((await offered(giversKey!, offer(1, { file: { xinglin: 'designs', format: 1, pieces: Array.from({ length: 20 }, () => big) } }))).status).toBe(413)
  const many = await library.admit('勤快的医院', ['library.offer'])
  const statuses: number[] = []
  for (let n = 0; n <= mostInLibrary.offersADay; n++) statuses.push((await offered(many, offer(n))).status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(mostInLibrary.offersADay)
  expect(statuses.at(-1)).toBe(429)
  // Of those that wait nobody else can read the definitions.
  const [waiting] = await kernel.db.query<{ id: string }>(`SELECT id FROM library.form WHERE hospital = '勤快的医院' LIMIT 1`)
  expect((await program(giversKey!).call({ method: 'GET', target: `${forms}/${waiting!.id}` })).status).toBe(404)
  expect((await program(giversKey!).call({ method: 'POST', target: `${forms}/${waiting!.id}/take`, body: '{}' })).status).toBe(404)
}, 60_000) // prettier-ignore

test('pages of a library follow one another without a gap', async () => {
  const busy = await library.admit('另一家医院', ['library.offer'])
  for (let n = 0; n < 10; n++) {
    const piece = { kind: 'type', name: `custom.tyy${String(n).padStart(4, '0')}`, label: '外来', content: loanType() }
    const body = {
      name: `又一个${n}`,
      purpose: '试用',
      category: 'other',
      file: { xinglin: 'designs', format: 1, at: '', pieces: [piece] },
    }
    expect((await program(busy).call({ method: 'POST', target: '/api/library-api/offers', body: JSON.stringify(body) })).status).toBe(201)
  }
  const page = async (before = '') =>
    (await library.call('GET', `/api/library?place=own${before && `&before=${before}`}`)).json<LibraryPage & object>()
  const first = await page()
  expect(first.rows).toHaveLength(mostInLibrary.page)
  const second = await page(first.next!)
  const [all] = await library.h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM library.form`)
  expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(all!.n)
  expect(second.next).toBeNull()
})
