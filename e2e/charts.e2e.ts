import { describe, expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const declaration = `
import { address, chartAt, choice, date, decimal, drawnPage, integer, may, module, resource, text, unit } from '#model'
const visit = resource('trialchart.visit', {
  label: '来访',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('名称', { required: true }),
    unit: unit('科室'),
    kind: choice('类别', { first: '初诊', again: '复诊', urgent: '急诊', consult: '会诊', check: '体检' }),
    level: choice('级别', { high: '重', low: '轻' }),
    on: date('日期'),
    days: integer('天数'),
    cost: decimal('费用', 2),
    home: address('来源地', { level: 'province', noDetail: true }),
  },
  list: { columns: ['name', 'kind', 'level', 'on', 'cost'], filters: ['kind', 'level'] },
})
const page = drawnPage('trialchart.kinds', {
  label: '图表种类',
  icon: 'dashboard',
  who: [],
  menu: '统计',
  blocks: [
    chartAt('number', '数字图', [0, 0, 6, 2], visit, 'number', { measures: ['sum:cost'], format: { scale: 'plain', digits: 2, unit: '元' } }),
    chartAt('bar', '条形', [6, 0, 9, 5], visit, 'bar', { group: ['kind'], order: 'most', share: true }),
    chartAt('stacked', '堆积', [15, 0, 9, 5], visit, 'stacked', { group: ['kind', 'level'] }),
    chartAt('column', '柱形', [0, 5, 8, 6], visit, 'column', { group: ['kind', 'level'] }),
    chartAt('line', '折线', [8, 5, 8, 6], visit, 'line', { group: ['on:month', 'level'] }),
    chartAt('axes', '双轴', [16, 5, 8, 6], visit, 'axes', { group: ['on:month'], measures: ['count', 'sum:cost'] }),
    chartAt('pie', '饼', [0, 11, 8, 5], visit, 'pie', { group: ['days:value/3/6/9'] }),
    chartAt('ring', '环', [8, 11, 8, 5], visit, 'ring', { group: ['kind'], top: 3 }),
    chartAt('radar', '雷达', [16, 11, 8, 6], visit, 'radar', { group: ['kind', 'level'] }),
    chartAt('funnel', '漏斗', [0, 16, 8, 5], visit, 'funnel', { group: ['kind'], order: 'most' }),
    chartAt('scatter', '散点', [8, 16, 8, 6], visit, 'scatter', { group: ['kind'], measures: ['avg:days', 'avg:cost'] }),
    chartAt('pivot', '透视', [16, 17, 8, 5], visit, 'pivot', { group: ['kind', 'level'] }),
    chartAt('division', '来源省份', [0, 22, 12, 10], visit, 'division', { group: ['home:province'] }),
    chartAt('city', '来源城市', [12, 22, 12, 5], visit, 'division', { group: ['home:city'] }),
  ],
})
export default module('trialchart', {
  label: '来访统计',
  resources: [visit],
  pages: [page],
  roles: { staffMember: [may.read(visit)], medicalOffice: [may.all(visit)] },
})
`.trim()
const { as } = stage(declaration)
const kinds = ['first', 'again', 'urgent', 'consult', 'check'] as const
const homes = ['440300', '440100', '310100', '650100', '820100'] as const
const drawings = ['条形', '堆积', '柱形', '折线', '双轴', '饼', '环', '雷达', '漏斗', '散点', '来源省份', '来源城市'] as const

describe('every kind of chart', () => {
  test('is drawn of the same records, on the desk and on the phone, and leads to them', async () => {
    await as('zhoumin', 'desk', async (v) => {
      for (let n = 0; n < 24; n++) {
        const home = { code: homes[n % 5], region: '', detail: '' }
        const visit = { name: `来访${n}`, kind: kinds[(n * n) % 5], level: n % 3 ? 'low' : 'high', on: `2026-0${1 + (n % 6)}-10`, days: n % 11, cost: `${n * 10}.50`, home } // prettier-ignore
        expect(await call(v, 'POST', '/api/records/trialchart.visit', visit)).toMatchObject({ status: 201 })
      }
      // Somebody of whom no more is known than the province.
      expect(
        await call(v, 'POST', '/api/records/trialchart.visit', {
          name: '外省',
          kind: 'first',
          level: 'low',
          on: '2026-01-10',
          days: 1,
          cost: '0.00',
          home: { code: '440000', region: '', detail: '' },
        }),
      ).toMatchObject({ status: 201 })
      await v.page.setViewportSize({ width: 1440, height: 1960 })
      await v.goto('/p/trialchart.kinds')
      for (const name of drawings) await v.page.getByRole('region', { name, exact: true }).locator('svg.x-drawing').waitFor()
      await v.page.getByRole('region', { name: '透视', exact: true }).getByRole('table').waitFor()
      await v.page.getByRole('region', { name: '数字图', exact: true }).getByText('2,772.00 元').waitFor()
      await v.picture('chart-kinds-desk')
      // A tile of the map, a point of the scatter, the rest of a ring: each opens its records.
      await v.page
        .getByRole('region', { name: '来源省份', exact: true })
        .getByRole('button', { name: /^广东省/ })
        .click()
      await v.page.getByText('已筛出 11 条').waitFor()
      await v.page.goBack()
      await v.page
        .getByRole('region', { name: '来源城市', exact: true })
        .getByRole('button', { name: /^广东省（未填到市）/ })
        .click()
      await v.page.getByText('已筛出 1 条').waitFor()
      await v.page.getByText('外省').waitFor()
      await v.page.goBack()
      await v.page.getByRole('region', { name: '漏斗', exact: true }).getByRole('button', { name: /^复诊/ }).click()
      await v.page.getByText(/已筛出 \d+ 条/).waitFor()
    })
    await as('zhoumin', 'phone', async (v) => {
      await v.goto('/p/trialchart.kinds')
      const region = (name: string) => v.page.getByRole('region', { name, exact: true })
      for (const name of drawings) {
        await region(name).locator('svg.x-drawing').waitFor()
        // Nothing is wider than the phone: no figure has to be looked for.
        const box = (await region(name).locator('svg.x-drawing').boundingBox())!
        expect([name, box.x >= 0, box.x + box.width <= 390]).toEqual([name, true, true])
      }
      await region('透视').getByRole('table').waitFor()
      for (const [n, name] of ['条形', '折线', '饼', '漏斗', '透视', '来源城市'].entries()) {
        await region(name).scrollIntoViewIfNeeded()
        await region(name).evaluate((one) => one.scrollIntoView({ block: 'start' }))
        await v.picture(`chart-kinds-phone-${n}`)
      }
      await region('柱形')
        .getByRole('button', { name: /^初诊 轻/ })
        .click()
      await v.page.waitForURL('**/r/trialchart.visit?filter=*')
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/p/trialchart.kinds')
      await v.page.getByRole('region', { name: '雷达', exact: true }).locator('svg.x-drawing').waitFor()
      await v.page.getByRole('region', { name: '雷达', exact: true }).scrollIntoViewIfNeeded()
      await v.picture('chart-kinds-phone')
    })
  })

  test('a list draws its own addresses on the map, and a tile narrows it', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/trialchart.visit')
      await v.page.getByRole('button', { name: '图表' }).click()
      await v.page.getByLabel('图表种类').click()
      await v.page.locator('.ant-select-dropdown:visible').getByTitle('饼图', { exact: true }).hover()
      await v.page.mouse.wheel(0, 600)
      await v.page.locator('.ant-select-dropdown:visible').getByTitle('行政区划图', { exact: true }).click()
      const chart = v.page.getByRole('region', { name: '图表', exact: true })
      await chart.getByRole('button', { name: /^广东省/ }).waitFor()
      await v.page.keyboard.press('Escape')
      await v.picture('list-map-desk')
      await chart.getByRole('button', { name: /^广东省/ }).click()
      await v.page.getByText('已筛出 11 条').waitFor()
    })
  })

  test('each of them is drawn by hand in the page designer, published, and seen on a phone', async () => {
    const drawnBy = {
      数字: [[], ['费用合计']], 柱形图: [['类别'], []], 折线图: [['日期'], []], 双轴图: [['日期'], ['条数', '费用合计']], 饼图: [['类别'], []],
      雷达图: [['类别'], []], 漏斗图: [['类别'], []], 透视表: [['类别', '级别'], []], 行政区划图: [['来源地'], []],
    } as const // prettier-ignore
    let address = ''
    await as('sysadmin', 'desk', async (v) => {
      const choose = async (label: string, option: string) => {
        const panel = v.page.getByLabel('区块设置')
        const box = panel.getByLabel(label, { exact: true })
        await box.click()
        if (await box.isEditable()) await box.fill(option)
        await v.page.locator('.ant-select-dropdown:visible').getByTitle(option, { exact: true }).last().click()
        await v.page.locator('.ant-select-dropdown:visible').waitFor({ state: 'hidden' })
      }
      await v.goto('/pages')
      await v.page.getByRole('button', { name: '新建页面' }).first().click()
      await v.page.getByRole('dialog').getByLabel('名称').fill('来访看板')
      await v.page.getByRole('button', { name: '开始设计' }).click()
      await v.page.getByRole('application').waitFor()
      for (const [kind, [groups, measures]] of Object.entries(drawnBy)) {
        await v.page.getByRole('button', { name: `添加${kind}` }).click()
        await expect.poll(() => v.page.getByLabel('标题').inputValue()).toBe(kind)
        await choose('数据来源', '来访')
        for (const [at, group] of groups.entries()) await choose(at ? '再按…分（图例）' : '按…分组', group)
        for (const [at, measure] of measures.entries()) await choose(at ? `度量 ${at + 1}` : '度量', measure)
        const still = v.page.locator(`.x-page-canvas section[aria-label="${kind}"]`)
        await still
          .locator(kind === '数字' ? '.x-chart-number b' : kind === '透视表' ? 'table' : 'svg.x-drawing')
          .first()
          .waitFor()
      }
      await v.picture('charts-designed-desk')
      await v.page.getByRole('button', { name: '发布' }).click()
      await v.page.getByRole('dialog').getByRole('button', { name: '发布' }).click()
      await v.page.getByText('与生效的一致').waitFor()
      address = `/p/${new URL(v.page.url()).pathname.split('/').at(-1)!}`
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto(address)
      for (const kind of Object.keys(drawnBy)) await v.page.getByRole('region', { name: kind, exact: true }).locator('.x-chart-number, table, svg.x-drawing').first().waitFor() // prettier-ignore
      await v.page
        .getByRole('region', { name: '行政区划图', exact: true })
        .getByRole('button', { name: /^广东省/ })
        .click()
      await v.page.waitForURL('**/r/trialchart.visit?filter=*')
    })
  })
})
