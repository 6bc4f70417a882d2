import bwip from 'bwip-js/node'
import { onePixel } from './acting.ts'
import type { Size, Visitor } from './running.ts'

/** All that a hospital's engineer writes for a record type with every kind of field. */
export const everyKind = `
import { address, audios, autoNumber, barcode, boolean, cascade, choice, choices, colour, counter, date, dateRange, dateTime, decimal, divider, email, files } from '#model'
import { formula, group, identityNumber, images, integer, ledger, location, longText, lookup, may, members, module, money, note, password, person, phone } from '#model'
import { rating, reference, references, resource, richText, rollUp, rows, signature, slider, tags, text, time, toggle, tree, unit, url, videos, year, yearMonth } from '#model'

const place = resource('kinds.place', {
  label: '地点', title: 'name', fields: { name: text('名称', { required: true, search: true }), parent: tree('上级', 'kinds.place'), code: text('编码') },
  unique: [['code']], list: { columns: ['name', 'parent'] },
})
const visit = resource('kinds.visit', {
  label: '巡查', title: 'what',
  fields: { what: text('内容', { required: true }), thing: reference('对象', 'kinds.thing'), place: lookup('地点', 'thing.place'), fee: money('费用') },
  list: { columns: ['what', 'thing', 'place', 'fee'] },
})
const thing = resource('kinds.thing', {
  label: '样品', title: 'name',
  fields: {
    number: autoNumber('编号', 'YP'),
    name: text('名称', { required: true, search: true }),
    note: longText('备注'),
    story: richText('说明', { required: true }),
    amount: integer('数量'), weight: decimal('重量', 3, { unit: '千克' }), fee: money('费用', { inWords: true, required: true }), half: formula('半价', 'fee / 2.0', 'decimal'),
    cases: counter('例数', { unit: '例' }), pain: slider('疼痛评分', { max: 10, unit: '分' }), satisfaction: rating('满意度', { words: ['很差', '差', '一般', '好', '很好'] }),
    day: date('日期'), at: dateTime('时间'), start: time('开台时刻'), inYear: year('年度'), month: yearMonth('月份'), period: dateRange('起止日期', { isOpen: true, openWord: '至今' }),
    isOpen: boolean('开放'), shown: toggle('公开', { yes: '公开', no: '内部' }), level: choice('级别', { one: '一级', two: '二级' }), ways: choices('方式', { a: '门诊', b: '住院' }),
    branch: cascade('专业', [{ key: 'surgery', label: '外科', children: [{ key: 'ortho', label: '骨科专业' }, { key: 'neuro', label: '神经外科专业' }] }, { key: 'medicine', label: '内科', children: [{ key: 'heart', label: '心血管专业' }] }]),
    labels: tags('标签', { suggest: ['疑难', '多学科'] }), tone: colour('标色'),
    who: person('联系人'), ward: unit('所在科室'), place: tree('所在地点', 'kinds.place'), near: references('附近地点', 'kinds.place'), team: members('参与人'),
    mobile: phone('电话'), identity: identityNumber('证件号'), mail: email('邮箱'), page: url('主页'), secret: password('接口口令'),
    home: address('住址'), spot: location('签到位置'),
    code: barcode('设备条码'), picture: images('照片'), film: videos('视频'), voice: audios('录音'), papers: files('附件'), sign: signature('签名'),
    lines: rows('费用明细', { item: text('项目', { required: true }), sum: money('金额') }, { totals: { sum: 'sum', item: 'count' } }),
    visits: rollUp('巡查次数', { of: 'kinds.visit', by: 'thing', how: 'count' }), spent: rollUp('巡查费用', { of: 'kinds.visit', by: 'thing', how: 'sum', field: 'fee' }),
  },
  groups: [
    { label: '文字与数字', tab: '基本', fields: ['number', 'name', note('带星号的必填；金额可以直接粘贴，如 ¥1,200.50。'), 'note', 'story', divider('数字'), 'amount', 'weight', 'fee', 'half', 'cases', 'pain', 'satisfaction'] },
    { label: '时间与选择', tab: '时间与选择', fields: ['day', 'at', 'start', 'inYear', 'month', 'period', divider(), 'isOpen', 'shown', 'level', 'ways', 'branch', 'labels', 'tone'] },
    { label: '人员与地点', tab: '人员与地点', fields: ['who', 'ward', 'place', 'near', 'team', 'mobile', 'identity', 'mail', 'page', 'secret', 'home', 'spot'] },
    { label: '文件与明细', tab: '文件与明细', fields: ['code', 'picture', 'film', 'voice', 'papers', 'sign', 'lines', 'visits', 'spent'] },
  ],
  list: { columns: ['number', 'name', 'picture', 'fee', 'satisfaction', 'pain', 'month', 'period', 'shown', 'branch', 'labels', 'tone', 'team', 'visits', 'createdBy', 'createdAt'], filters: ['branch', 'month', 'shown', 'labels'], sort: ['-createdAt'] },
})
export default module('kinds', {
  label: '字段样品', dependsOn: ['organisation', 'staff'], resources: [place, thing, visit],
  roles: { medicalOffice: [may.all(place), may.all(thing), may.all(visit)] }, menu: [group('字段样品', [ledger(thing), ledger(visit), ledger(place)])],
})
`

/** The first bytes of an MP4 and of a WAV: what a file is, is read from its content. */
const mp4 = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypisom'),
  Buffer.from([0, 0, 2, 0]),
  Buffer.from('isomiso2'),
  Buffer.alloc(64),
])
const wav = Buffer.concat([Buffer.from('RIFF'), Buffer.from([36, 0, 0, 0]), Buffer.from('WAVEfmt '), Buffer.from([16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0]), Buffer.from('data'), Buffer.alloc(4)]) // prettier-ignore

/** Fills in every kind of field, on either size. */
export async function fillEveryKind(v: Visitor, size: Size, name: string): Promise<void> {
  const { page } = v
  const isPhone = size === 'phone'
  const field = (key: string) => page.locator(`[data-field="${key}"]`)
  const sheet = page.getByRole('dialog')
  const tab = (label: string) => page.getByRole('tab', { name: label }).click()
  /** Touches options of the sheet that a field opens. */
  const touch = async (key: string, options: readonly string[], at = 0) => {
    await field(key).locator('.x-sheet-trigger').nth(at).click()
    for (const option of options) await sheet.getByRole('option', { name: option }).first().click()
  }
  const wheel = async (key: string, at = 0) => {
    await field(key).locator('.x-sheet-trigger').nth(at).click()
    await sheet.getByRole('button', { name: '确定' }).click()
  }
  const line = async (key: string, text: string, at = 0) => {
    await field(key).locator('input').nth(at).fill(text)
    await field(key).locator('input').nth(at).press('Enter')
  }
  const pickInTree = async (key: string, title: string) => {
    await field(key).locator('input').first().fill(title)
    await page.locator('.ant-select-tree-node-content-wrapper', { hasText: title }).filter({ visible: true }).first().click()
  }
  const put = (key: string, name: string, mimeType: string, buffer: Buffer) => field(key).locator('input[type=file]').first().setInputFiles({ name, mimeType, buffer }) // prettier-ignore

  await tab('基本')
  await page.getByLabel('名称', { exact: false }).first().fill(name)
  await page.getByLabel('备注').fill('<b>不是粗体</b>')
  await field('story').locator('.tiptap').click()
  await page.keyboard.type('第一段')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '项目符号' }).click()
  await page.keyboard.type('要点一')
  await field('amount').locator('input').fill('１２')
  await field('weight').locator('input').fill('1.5')
  await field('fee').locator('input').fill('¥3,200.5')
  await page.getByRole('button', { name: '增加例数' }).click()
  await page.getByRole('button', { name: '增加例数' }).click()
  await field('pain').locator('input').last().fill('7')
  await field('satisfaction').locator('.ant-rate-star').nth(3).click()
  await v.picture(`kinds-basic-${size}`)

  await tab('时间与选择')
  if (isPhone) {
    for (const key of ['day', 'at', 'start', 'inYear', 'month']) await wheel(key)
    await wheel('period')
    await field('period').getByRole('button', { name: '至今' }).click()
    await touch('branch', ['外科', '骨科专业'])
    await field('ways').locator('.x-sheet-trigger').click()
    await sheet.getByRole('option', { name: '门诊' }).click()
    await sheet.getByRole('button', { name: '完成' }).click()
    await field('labels').getByRole('button', { name: '疑难' }).click()
  } else {
    await line('day', '20260503')
    await line('at', '2026-05-03 08:30')
    await line('start', '0830')
    await line('inYear', '2026')
    await line('month', '202605')
    await line('period', '20260501')
    await field('period').getByRole('checkbox').check()
    await field('branch').locator('.ant-select').click()
    await page.locator('.ant-cascader-menu-item', { hasText: '外科' }).first().click()
    await page.locator('.ant-cascader-menu-item', { hasText: '骨科专业' }).click()
    await page.getByRole('checkbox', { name: '门诊' }).check()
    await field('labels').locator('input').fill('疑难')
    await field('labels').locator('input').press('Enter')
  }
  await field('labels').locator('input').fill('示教')
  await field('labels').locator('input').press('Enter')
  await field('isOpen').getByRole('radio', { name: '是', exact: true }).click()
  await field('shown').getByRole('switch').click()
  await field('level').getByRole('radio', { name: '二级' }).click()
  await field('tone').locator('input').last().fill('1F6F78')
  await field('tone').locator('input').last().blur()
  await page.keyboard.press('Escape')
  await v.picture(`kinds-choices-${size}`)

  await tab('人员与地点')
  if (isPhone) {
    await field('who').locator('.x-sheet-trigger').click()
    await sheet.getByRole('searchbox').fill('张海涛')
    await sheet.getByRole('option', { name: '张海涛' }).click()
    await touch('ward', ['骨科'])
    await touch('place', ['门诊楼', '三楼'])
    await field('near').locator('.x-sheet-trigger').click()
    await sheet.getByRole('option', { name: '住院楼' }).click()
    await sheet.getByRole('button', { name: '完成' }).click()
    await field('team').locator('.x-sheet-trigger').click()
    await sheet.getByRole('searchbox').fill('孙宁')
    await sheet.getByRole('option', { name: '孙宁' }).click()
    await sheet.getByRole('button', { name: '完成' }).click()
    await field('home').locator('.x-sheet-trigger').click()
    await sheet.getByRole('searchbox').fill('南山区')
    await sheet.getByRole('option', { name: /南山区.*深圳/ }).click()
  } else {
    await field('who').locator('input').fill('张海涛')
    await page.locator('.ant-select-item-option', { hasText: '张海涛' }).first().click()
    await pickInTree('ward', '骨科')
    await pickInTree('place', '门诊楼')
    await field('near').locator('input').fill('住院')
    await page.locator('.ant-select-item-option', { hasText: '住院楼' }).first().click()
    await page.keyboard.press('Escape')
    await field('team').locator('input').last().fill('孙宁')
    await page.locator('.ant-select-item-option', { hasText: '孙宁' }).first().click()
    await page.keyboard.press('Escape')
    await field('home').locator('input').first().fill('南山区')
    await page.locator('.ant-cascader-menu-item', { hasText: '深圳市' }).first().click()
  }
  await field('team').getByText('职务', { exact: true }).click()
  await field('team').locator('.ant-select').click()
  await page.locator('.ant-select-item-option', { hasText: '各科主任' }).click()
  await page.keyboard.press('Escape')
  await field('mobile').locator('input').fill('13900001111')
  await field('identity').locator('input').fill('E12345678')
  await field('mail').locator('input').fill('zhang＠Example.com')
  await field('page').locator('input').fill('javascript:alert(1)')
  await field('page').locator('input').blur()
  await field('page').getByText('只能填写 http 或 https 的网址').waitFor()
  await field('page').locator('input').fill('www.example.com/a')
  await field('secret').locator('input').fill('S3cret-口令')
  await page.getByLabel('住址的详细地址').fill('科技园1号')
  await field('spot').getByRole('button', { name: '定位' }).click()
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-field="spot"] input')?.value.startsWith('22.5'))
  await v.picture(`kinds-places-${size}`)

  await tab('文件与明细')
  // A machine without a camera reads the code off a picture.
  await field('code').getByRole('button', { name: '扫码' }).click()
  await sheet.locator('input[type=file]').setInputFiles({ name: '码.png', mimeType: 'image/png', buffer: await bwip.toBuffer({ bcid: 'qrcode', text: 'DEV-2026-001', scale: 6, padding: 8, backgroundcolor: 'FFFFFF' }) }) // prettier-ignore
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-field="code"] input')?.value === 'DEV-2026-001')
  await put('picture', '现场.png', 'image/png', onePixel)
  await put('film', '操作.mp4', 'video/mp4', mp4)
  await put('voice', '口述.wav', 'audio/wav', wav)
  await put('papers', '说明.png', 'image/png', onePixel)
  for (const file of ['现场.png', '操作.mp4', '口述.wav', '说明.png'])
    await page.getByText(file).filter({ visible: true }).first().waitFor()
  for (const [at, [item, sum]] of [
    ['材料', '100.10'],
    ['人工', '0.20'],
  ].entries()) {
    await field('lines')
      .getByText(/添加一[行项]/)
      .click()
    const row = isPhone ? sheet : field('lines').locator('tbody tr').nth(at)
    await row.locator('input').first().fill(item!)
    await row.locator('input').nth(1).fill(sum!)
    if (isPhone) await sheet.getByRole('button', { name: '完成' }).click()
  }
  await field('lines').getByText('¥100.30').waitFor()
  await v.picture(`kinds-files-${size}`)
}
