import fc from 'fast-check'
import { expect, test } from 'vitest'
import { productDefinitions } from '#app/definitions.ts'
import { addDays, addMonths, bandOfDay, bandText, pageWords, provePage, readGroupKey, readPage, readPageDraft, Refusal, writeGroupKey, type Page } from '#model' // prettier-ignore

const defs = productDefinitions()
const structure = (): Page => {
  const { name: _, ...page } = defs.pages.get('staff.structure')!
  return page
}
const problemsOf = (given: unknown): unknown => {
  try {
    readPage(given)
    return []
  } catch (error) {
    return error instanceof Refusal ? error.detail['problems'] : error
  }
}

test('a page of the product goes out and comes in as it was, and is sound', () => {
  expect(readPage(JSON.parse(JSON.stringify(structure())))).toEqual(structure())
  expect(provePage(defs, structure())).toEqual([])
  expect(pageWords(defs, structure(), structure())).toEqual([])
})

test('what changed of a page is said in words, a line each', () => {
  const before = structure()
  const [first, second, ...rest] = before.blocks
  const after: Page = {
    ...before,
    label: '医师队伍',
    who: [],
    blocks: [{ ...first!, place: { ...first!.place, w: 6 } }, ...rest.map((one) => (one.id === 'titles' && one.kind === 'chart' ? { ...one, chart: { ...one.chart, kind: 'ring', top: 3 } as const } : one))], // prettier-ignore
  }
  expect(pageWords(defs, before, after)).toEqual([
    '名称：医师结构 → 医师队伍',
    '谁能看：科主任、科室秘书、{medicalOffice}、委员会成员 → 所有人',
    expect.stringMatching(`^移除图表“${second!.title}”`),
    '图表“医师”的大小：4×2 → 6×2',
    expect.stringMatching(/^图表“职称分布”（医务人员饼图.*→ 图表“职称分布”（医务人员环形图，.*前 3 组/),
  ])
  expect(pageWords(defs, null, { ...before, blocks: [] })).toEqual([
    '新建页面“医师结构”',
    '谁能看：科主任、科室秘书、{medicalOffice}、委员会成员',
    '菜单：人员技术档案',
  ])
})

test('names that nobody knows and fields that cannot be grouped are told at their place', () => {
  const page = structure()
  const wrong = JSON.parse(JSON.stringify({ ...page, who: ['nobody'], blocks: [page.blocks[6], page.blocks[7]] })) as { blocks: { chart: { group: string[]; resource: string } }[] } // prettier-ignore
  wrong.blocks[0]!.chart.group = ['identityNumber']
  wrong.blocks[1]!.chart.resource = 'staff.nothing'
  expect(provePage(defs, readPage(wrong))).toEqual([
    { field: 'who.0', message: '这个角色已经不存在' },
    { field: 'blocks.titles.group', message: '“证件号码”受保护，不能分组' },
    { field: 'blocks.ages.resource', message: '这种记录已经不存在' },
  ])
})

test('a page that is still being drawn is kept as it is; what it lacks keeps it from being published, and a module from declaring it', () => {
  const chart = {
    kind: 'chart',
    id: 'a',
    title: '',
    place: { x: 0, y: 0, w: 8, h: 5 },
    chart: { resource: 'staff.practitioner', kind: 'pie' },
  }
  const draft = readPageDraft({ label: '页', blocks: [chart] })
  const lacks = [
    { field: 'blocks.a.title', message: '请填写' },
    { field: 'blocks.a.group', message: '饼图要有 1 层分组' },
  ]
  expect(provePage(defs, draft)).toEqual(lacks)
  expect(problemsOf(draft)).toEqual(lacks)
  const map = { ...chart, title: '来源', chart: { resource: 'staff.practitioner', kind: 'division', group: ['education'] } }
  expect(problemsOf({ label: '页', blocks: [map] })).toEqual([{ field: 'blocks.a.group', message: '行政区划图请按地址的省或市分组' }])
  expect(() => readPageDraft({ label: '页', blocks: [{ ...chart, place: { x: 20, y: 0, w: 8, h: 5 } }] })).toThrow(Refusal)
})

test('whatever comes from outside is a page or is refused in words: never a fault', () => {
  expect(problemsOf({ label: '页', blocks: [{ kind: 'link', id: 'a', title: '外面', place: { x: 0, y: 0, w: 4, h: 1 }, to: '//evil.example' }] })).toEqual([{ field: 'blocks.a.to', message: '请选择系统内的页面' }]) // prettier-ignore
  expect(problemsOf({ label: '页', blocks: Array.from({ length: 61 }, () => ({})) })).toEqual([{ field: 'blocks', message: '最多 60 个区块' }]) // prettier-ignore
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (chart, rest) => {
      const given = { label: '页', ...(typeof rest === 'object' ? rest : {}), blocks: [{ kind: 'chart', id: 'a', title: 'x', chart, place: rest }, rest] } // prettier-ignore
      expect(Array.isArray(problemsOf(given))).toBe(true)
    }),
  )
})

test('bands of ages are those of counting birthdays', () => {
  const day = fc.integer({ min: 0, max: 40_000 }).map((n) => addDays('1930-01-01', n))
  fc.assert(
    fc.property(day, fc.constantFrom('2026-02-28', '2028-02-29', '2026-11-23'), (born, today) => {
      const bands = readGroupKey('birthDate:age/20/30/40')!.bands!
      let age = 0
      while (addMonths(born, 12 * (age + 1)) <= today && addMonths(today, -12 * (age + 1)) >= born) age++
      expect(bandOfDay(born, bands, today)).toBe(age >= 40 ? 3 : age >= 30 ? 2 : age >= 20 ? 1 : 0)
    }),
  )
  const bands = readGroupKey('birthDate:age/20/30')!.bands!
  expect([0, 1, 2].map((band) => bandText(bands, band))).toEqual(['不足 20 岁', '20–29 岁', '30 岁及以上'])
  for (const text of ['on:quarter', 'home:province', 'score:value/0.5/1', 'birthDate:age/20/30', 'level']) expect(writeGroupKey(readGroupKey(text)!)).toBe(text) // prettier-ignore
  for (const text of ['score:value', 'score:value/2/1', 'birthDate:age/1.5', 'a:b:c', 'on:hour', ':day']) expect(readGroupKey(text)).toBeNull() // prettier-ignore
})
