import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { may, module, resource, text, type ChoicesAnswer, type CountAnswer, type ListAnswer } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { fieldMark, markLead } from '../store/search.ts'

const complaint = resource('tell.complaint', {
  label: '投诉',
  title: 'name',
  fields: {
    name: text('事由', { required: true, search: true }),
    about: text('被投诉人', { search: true }),
    code: text('编号', { search: true }),
  },
  list: { columns: ['name', 'code'], sort: ['name'] },
})
/** The same table with a field of another office. */
const handled = resource('tell.handled', { label: '处理', title: 'name', extends: 'tell.complaint', fields: { verdict: text('结论', { search: true }) } }) // prettier-ignore
const tell = module('tell', {
  label: '投诉',
  resources: [complaint, handled],
  roles: {
    staffMember: [may.read(complaint, 'hospital', { hide: ['about'] })],
    departmentHead: [may.read(complaint, 'hospital', { mask: ['about'] })],
    medicalOffice: [may.all(complaint), may.all(handled)],
  },
})

let h: TestHospital
let nurse: HttpSession, head: HttpSession, office: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([tell]) })
  nurse = await h.signIn(await h.person('何秀兰'))
  head = await h.signIn(await h.person('李卫东', { post: 'head', roles: ['departmentHead'] }))
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  for (const one of [
    { name: '候诊时间长', about: '张海涛', code: 'TS-01', verdict: '属实' },
    { name: '收费不明', about: '吴静', code: 'TS-02', verdict: '不属实' },
    { name: '张贴错误', about: '吴静', code: 'TS-03', verdict: '' },
  ])
    await office.call('POST', '/api/records/tell.handled', one)
})
afterAll(() => h[Symbol.asyncDispose]())

const found = async (who: HttpSession, search: string, resource = 'tell.complaint') => {
  const asked = `search=${encodeURIComponent(search)}`
  const { rows } = (await who.call('GET', `/api/records/${resource}?${asked}`)).json<ListAnswer>()
  const { count } = (await who.call('GET', `/api/records/${resource}/count?${asked}`)).json<CountAnswer>()
  const { options } = (await who.call('GET', `/api/choices/${resource}?${asked}`)).json<ChoicesAnswer>()
  const names = rows.map((row) => String(row['name']))
  const chosen = options.map(({ title }) => title)
  // A count or a choice would tell as much as a row.
  if (count !== names.length || chosen.toSorted().join() !== names.toSorted().join())
    throw new Error(`${search}: ${count} counted, ${chosen.join()} to choose, but ${names.join()} listed`)
  return names
}

describe('what is hidden from a reader, or masked for him, finds nothing for him', () => {
  test('by name, by pinyin, by initials; what is open still does, and one word beside another', async () => {
    for (const who of [nurse, head]) {
      for (const search of ['张海涛', '海涛', 'zhanghaitao', 'zht', 'wj', 'wujing']) expect([search, await found(who, search)]).toEqual([search, []])
      expect(await found(who, '张')).toEqual(['张贴错误'])
      expect(await found(who, 'hzsj')).toEqual(['候诊时间长'])
      expect(await found(who, 'houzhen')).toEqual(['候诊时间长'])
      expect(await found(who, 'ts-0')).toEqual(['候诊时间长', '收费不明', '张贴错误'])
      expect(await found(who, '收费 02')).toEqual(['收费不明'])
      expect(await found(who, '收费 吴静')).toEqual([])
    } // prettier-ignore
    for (const search of ['张海涛', 'zht']) expect(await found(office, search)).toEqual(['候诊时间长'])
    expect(await found(office, '收费 吴静')).toEqual(['收费不明'])
  })
  test('a field that another type adds to the table is searched by whoever may see it there', async () => {
    expect(await found(nurse, '属实')).toEqual([])
    expect(await found(office, '属实')).toHaveLength(2)
    expect(await found(office, 'shushi', 'tell.handled')).toHaveLength(2)
  })
  test('marks of fields cannot be typed, nor brought in by a value', async () => {
    expect(await found(office, markLead)).toEqual(['候诊时间长', '收费不明', '张贴错误'])
    const sly = { name: '夹带', about: `${fieldMark('name')}秘密`, code: 'TS-04' }
    expect((await office.call('POST', '/api/records/tell.handled', sly)).status).toBe(201)
    expect([await found(nurse, '秘密'), await found(office, '秘密')]).toEqual([[], ['夹带']])
  })
  test('rows from before fields had marks are found by what is written in an open field, and by nothing else', async () => {
    await h.kernel.db.query(`UPDATE tell.complaint SET search_text = '候诊时间长 hzsjc 张海涛 zht zhanghaitao ts-01' WHERE code = 'TS-01'`)
    expect([await found(nurse, '候诊'), await found(nurse, 'TS-01'), await found(nurse, '张海涛'), await found(nurse, 'zht')]).toEqual([['候诊时间长'], ['候诊时间长'], [], []]) // prettier-ignore
    expect(await found(office, 'zht')).toEqual(['候诊时间长'])
  })
})

test('what one role hides and another masks is masked', async () => {
  const { rows } = (await head.call('GET', '/api/records/tell.complaint?search=TS-02')).json<ListAnswer>()
  expect(rows.map((row) => row['about'])).toEqual(['吴*'])
})

test('people are still found by pinyin and number by everybody who may choose them', async () => {
  for (const search of ['hexiulan', 'hxl', '何秀'])
    expect((await nurse.call('GET', `/api/choices/directory.person?search=${encodeURIComponent(search)}`)).json<ChoicesAnswer>().options.map(({ title }) => title)).toEqual(['何秀兰']) // prettier-ignore
})
