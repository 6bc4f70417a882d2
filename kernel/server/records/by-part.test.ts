import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { date, identityNumber, may, module, person, phone, reference, resource, text, unit, type ChoicesAnswer, type CountAnswer, type Filter, type ListAnswer, type SearchAnswer, type SummaryAnswer } from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { bulkCreate } from '../store/bulk.ts'
import { partTags } from '../store/part-tags.ts'
import { tagAnew } from '../store/tag-anew.ts'
import { mostAMinute } from './asked-whole.ts'
import { readAll } from './read-all.ts'

const patient = resource('ward.patient', {
  label: '患者',
  title: 'name',
  owner: { person: 'nurse', department: 'unit' },
  fields: {
    name: text('姓名', { required: true, max: 60, class: 'sensitive', search: true }),
    mobile: phone('手机'),
    identity: identityNumber('身份证号'),
    bed: text('床号', { search: true }),
    born: date('出生日期'),
    nurse: person('责任护士'),
    unit: unit('科室'),
  },
  list: { columns: ['name', 'bed', 'born', 'mobile'], sort: ['bed'] },
})
/** Found by nothing but the protected name. */
const visitor = resource('ward.visitor', {
  label: '探视',
  title: 'name',
  fields: { name: text('姓名', { class: 'sensitive', search: true }), to: reference('患者', 'ward.patient') },
  list: { columns: ['name', 'to.name'], sort: ['createdAt'] },
})
const ward = module('ward', {
  label: '病区',
  resources: [patient, visitor],
  roles: {
    staffMember: [may.read(patient)],
    departmentHead: [may.read(patient, 'hospital', { open: ['name'] })],
    departmentSecretary: [may.all(visitor, 'hospital', { show: ['name'] })],
    medicalOffice: [may.all(patient, 'hospital', { show: ['name', 'mobile'] }), may.all(visitor, 'hospital', { show: ['name'] })],
  },
})

let h: TestHospital
let nurse: HttpSession, head: HttpSession, secretary: HttpSession, office: HttpSession
const names = [
  '张海涛',
  '张海',
  '李张海',
  '海涛',
  '欧阳海涛',
  '王小明',
  '小明王',
  '𠮷田健',
  'Anna Müller',
  '王ＡＢ',
  '李',
  '阿依古丽·买买提',
]
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([ward]) })
  nurse = await h.signIn(await h.person('何秀兰'))
  head = await h.signIn(await h.person('李卫东', { roles: ['departmentHead'] }))
  secretary = await h.signIn(await h.person('钱芳', { roles: ['departmentSecretary'] }))
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  for (const [at, name] of names.entries())
    await office.call('POST', '/api/records/ward.patient', { name, bed: `${at + 10}床`, mobile: `138001380${at + 10}` }) // prettier-ignore
})
afterAll(() => h[Symbol.asyncDispose]())

const query = (asked: { filter?: Filter; search?: string; sort?: string; limit?: number; cursor?: string; columns?: string }) =>
  new URLSearchParams(Object.entries(asked).map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)])).toString() // prettier-ignore
const list = (who: HttpSession, asked: Parameters<typeof query>[0], type = 'ward.patient') => who.call('GET', `/api/records/${type}?${query(asked)}`) // prettier-ignore
const namesIn = async (who: HttpSession, asked: Parameters<typeof query>[0], type?: string): Promise<unknown[]> => {
  const answer = await list(who, asked, type)
  expect(answer.status, answer.text).toBe(200)
  const { rows } = answer.json<ListAnswer>()
  const { count } = (await who.call('GET', `/api/records/${type ?? 'ward.patient'}/count?${query(asked)}`)).json<CountAnswer>()
  // A count tells as much as a list.
  expect(count).toBe(rows.length)
  return rows.map((row) => row['name'])
}
const has = (value: string): Filter => ({ field: 'name', op: 'contains', value })

describe('an encrypted name is found by a part of it', () => {
  test('two letters and more, wherever they stand, in the order asked', async () => {
    expect(await namesIn(office, { filter: has('张海') })).toEqual(['张海涛', '张海', '李张海'])
    expect(await namesIn(office, { filter: has('张海'), sort: '-bed' })).toEqual(['李张海', '张海', '张海涛'])
    expect(await namesIn(office, { filter: has('海涛') })).toEqual(['张海涛', '海涛', '欧阳海涛'])
    expect(await namesIn(office, { filter: has('张海涛') })).toEqual(['张海涛'])
    // Letters outside of the basic plane, small and capital ones, a point within.
    expect(await namesIn(office, { filter: has('𠮷田') })).toEqual(['𠮷田健'])
    expect(await namesIn(office, { filter: has('anna mü') })).toEqual(['Anna Müller'])
    expect(await namesIn(office, { filter: has('丽·买') })).toEqual(['阿依古丽·买买提'])
    expect(await namesIn(office, { filter: { field: 'name', op: 'startsWith', value: '张海' } })).toEqual(['张海涛', '张海'])
    expect(await namesIn(office, { filter: has('没有') })).toEqual([])
  })

  test('beside other conditions, in alternatives and in what must not be, as any other field', async () => {
    const bed = (value: string): Filter => ({ field: 'bed', op: 'eq', value })
    expect(await namesIn(office, { filter: { and: [has('张海'), { not: bed('10床') }] } })).toEqual(['张海', '李张海'])
    expect(await namesIn(office, { filter: { or: [has('小明'), bed('10床')] } })).toEqual(['张海涛', '王小明', '小明王'])
    expect(await namesIn(office, { filter: { and: [{ not: has('海') }, has('张海')] } }).catch(() => 'refused')).toBe('refused')
    const rest = names.filter((name) => !name.includes('海涛'))
    expect(await namesIn(office, { filter: { not: has('海涛') } })).toEqual(rest)
    expect(await namesIn(office, { filter: { not: { or: [has('海涛'), bed('11床')] } } })).toEqual(rest.filter((name) => name !== '张海'))
    expect(await namesIn(office, { filter: { not: { not: has('海涛') } } })).toEqual(['张海涛', '海涛', '欧阳海涛'])
  })

  test('one letter is too little, and it is said', async () => {
    const refused = await list(office, { filter: has('张') })
    expect([refused.status, refused.json<{ title: string }>().title]).toEqual([400, '“姓名”受保护，按部分内容查找请输入至少两个字'])
    const alone = await list(office, { search: '张' }, 'ward.visitor')
    expect(alone.json<{ title: string }>().title).toBe('请输入至少两个字')
  })

  test('the search box of the list, that over all, and the choice of a record find it, too', async () => {
    expect(await namesIn(office, { search: '张海' })).toEqual(['张海涛', '张海', '李张海'])
    // Words stand in fields of either kind; one letter beside a longer word.
    expect(await namesIn(office, { search: '张海 11' })).toEqual(['张海'])
    expect(await namesIn(office, { search: '海涛 阳' })).toEqual(['欧阳海涛'])
    expect(await namesIn(office, { search: '王AB' })).toEqual(['王ＡＢ'])
    expect(await namesIn(office, { search: '12床' })).toEqual(['李张海'])
    const all = (await office.call('GET', `/api/search?q=${encodeURIComponent('欧阳')}`)).json<SearchAnswer>()
    expect(all.groups.map(({ resource, records }) => [resource, records.map(({ title }) => title)])).toEqual([['ward.patient', ['欧阳海涛']]]) // prettier-ignore
    const { options } = (await office.call('GET', `/api/choices/ward.patient?search=${encodeURIComponent('欧阳')}`)).json<ChoicesAnswer>()
    expect(options.map(({ title }) => title)).toEqual(['欧阳海涛'])
  })

  test('through a reference, where its name is shown as the reader sees it', async () => {
    const { rows } = (await list(office, { filter: has('欧阳') })).json<ListAnswer>()
    await office.call('POST', '/api/records/ward.visitor', { name: '赵来访', to: rows[0]!.id })
    const asked = { filter: { field: 'to.name', op: 'contains', value: '阳海' } as Filter, columns: 'name,to.name,to' }
    const found = (await list(office, asked, 'ward.visitor')).json<ListAnswer>()
    expect(found.rows.map((row) => row['to.name'])).toEqual(['欧阳海涛'])
    expect(found.titles['ward.patient']).toEqual({ [rows[0]!.id]: '欧阳海涛' })
    // The secretary sees the names of patients masked: there, too, and by asking she learns no more.
    expect((await list(secretary, asked, 'ward.visitor')).status).toBe(400)
    const seen = (await list(secretary, { columns: 'name,to' }, 'ward.visitor')).json<ListAnswer>()
    expect(seen.titles['ward.patient']).toEqual({ [rows[0]!.id]: '欧**涛' })
  })

  test('every page has its rows, none twice and none left out, however many the index proposes in vain', async () => {
    const ctx = await h.as(await h.person('赵录入', { roles: ['medicalOffice'] }))
    const [wanted, ...rest] = partTags(h.kernel.protector, 'ward.patient', 'name', '诸葛')
    expect(rest).toEqual([])
    // Another pair with the same tag: what the index cannot tell apart.
    let twin = ''
    for (let code = 0x4e00; !twin; code++) if (partTags(h.kernel.protector, 'ward.patient', 'name', `${String.fromCharCode(code)}亮`)[0] === wanted) twin = `${String.fromCharCode(code)}亮` // prettier-ignore
    const made = Array.from({ length: 400 }, (_, n) => ({ name: n % 20 === 7 ? `诸葛${n}` : `${twin}${n}`, bed: `${n + 1000}` }))
    await h.kernel.transaction(
      ctx,
      async (tx) => void (await bulkCreate(h.kernel, tx, 'ward.patient', made, { act: 'import', batch: 'b' })),
    )
    const found: unknown[] = []
    for (let cursor: string | null = null, pages = 0; pages === 0 || cursor; pages++) {
      const answer: ListAnswer = (await list(office, { search: '诸葛', sort: '-bed', limit: 7, ...(cursor ? { cursor } : {}) })).json()
      expect(answer.rows.length).toBe(pages < 2 ? 7 : 6)
      found.push(...answer.rows.map((row) => row['name']))
      cursor = answer.next
    }
    expect(found).toEqual(Array.from({ length: 20 }, (_, n) => `诸葛${387 - n * 20}`))
    const reading = { check: () => undefined, begun: () => undefined, settled: () => Promise.resolve() }
    const work = async (portions: AsyncGenerator<Pick<ListAnswer, 'rows' | 'titles'>>) => {
      let rows = 0
      for await (const portion of portions) rows += portion.rows.length
      return rows
    }
    expect(await readAll(h.kernel, ctx, 'ward.patient', { filter: has('诸葛') }, { reading, work })).toBe(20)
  })
})

describe('whoever sees it masked', () => {
  test('finds it by its whole value only, also where he may open one: a part would be a guess', async () => {
    for (const who of [nurse, head]) {
      expect((await list(who, { filter: has('张海') })).json<{ title: string }>().title).toBe('该字段受保护，不能按部分内容或大小筛选')
      expect(await namesIn(who, { filter: { field: 'name', op: 'eq', value: '张海涛' } })).toEqual(['张*涛'])
      expect(await namesIn(who, { search: '张海' })).toEqual([])
      expect(await namesIn(who, { search: '12床' })).toEqual(['李*海'])
      const { options } = (await who.call('GET', `/api/choices/ward.patient?search=${encodeURIComponent('10床')}`)).json<ChoicesAnswer>()
      expect(options.map(({ title }) => title)).toEqual(['张*涛'])
      expect((await who.call('GET', `/api/search?q=${encodeURIComponent('张海')}`)).json<SearchAnswer>().groups).toEqual([])
      const guessed = await who.call('GET', `/api/choices/ward.patient?filter=${encodeURIComponent(JSON.stringify(has('张海')))}`)
      expect(guessed.status).toBe(400)
    }
  })

  test('and is counted and recorded: each value once, so many a minute, never the value itself', async () => {
    const who = await h.signIn(await h.person('孙试探'))
    const ask = (n: number) => list(who, { filter: { field: 'mobile', op: 'eq', value: `1390000${String(n).padStart(4, '0')}` } })
    for (let n = 0; n < mostAMinute; n++) expect((await ask(n)).status).toBe(200)
    expect((await ask(3)).status).toBe(200)
    const stopped = await ask(99)
    expect([stopped.status, stopped.json<{ code: string }>().code]).toEqual([429, 'tooManyRequests'])
    const many = { field: 'mobile', op: 'in', value: Array.from({ length: 200 }, (_, n) => `139000${n + 20_000}`) } as Filter
    expect((await list(head, { filter: many })).status).toBe(429)
    h.clock.set(new Date(h.clock.now().getTime() + 61_000).toISOString())
    expect((await ask(99)).status).toBe(200)
    const entries = await h.kernel.db.query<{ detail: object }>(
      `SELECT detail FROM kernel.audit_entry WHERE act = 'field.match' AND actor_name = '孙试探'`,
    )
    expect(entries.map(({ detail }) => detail)).toEqual(Array.from({ length: mostAMinute + 1 }, () => ({ fields: ['mobile'], values: 1 })))
  })
})

test('sorting, grouping and adding up by it stay refused, and so is a search for it that is no list', async () => {
  expect((await list(office, { sort: 'name' })).status).toBe(400)
  const summary = (asked: string) => office.call('GET', `/api/records/ward.patient/summary?${asked}`)
  expect((await summary('group=name')).status).toBe(400)
  expect((await summary(`group=bed&${query({ filter: has('张海') })}`)).status).toBe(400)
  expect((await summary(`group=bed&${query({ search: '张海' })}`)).json<{ title: string }>().title).toBe('查找受保护的内容时只能看列表，请先清除搜索') // prettier-ignore
  expect((await summary('group=bed')).json<SummaryAnswer>().groups.length).toBeGreaterThan(10)
})

test('a changed name is found by the new one only; rows from before the field was found by parts are given their tags', async () => {
  const { rows } = (await list(office, { filter: has('小明王') })).json<ListAnswer>()
  await office.call('PATCH', `/api/records/ward.patient/${rows[0]!.id}`, { version: rows[0]!.version, changes: { name: '司马光' } })
  expect(await namesIn(office, { filter: has('小明') })).toEqual(['王小明'])
  expect(await namesIn(office, { filter: has('司马') })).toEqual(['司马光'])
  await h.kernel.db.query(`UPDATE ward.patient SET name__ng = NULL WHERE bed < '20'`)
  expect(await namesIn(office, { filter: has('海涛') })).toEqual([])
  expect(await tagAnew(h.kernel)).toBeGreaterThan(9)
  expect(await namesIn(office, { filter: has('海涛') })).toEqual(['张海涛', '海涛', '欧阳海涛'])
  expect(await tagAnew(h.kernel)).toBe(0)
  // Nothing of it stands in the database in plain.
  const [dump] = await h.kernel.db.query<{ all: string }>(`SELECT string_agg(p::text, '') AS all FROM ward.patient p`)
  expect(names.filter((name) => name.length > 1 && dump!.all.includes(name))).toEqual([])
})
