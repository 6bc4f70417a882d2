import { areaList } from '@vant/area-data'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  address, barcode, cascade, colour, counter, dateRange, divisions, email, expression, images, kindOf, location, members, money, moneyInWords, password,
  plainOf, rating, richText, slider, tags, time, toggle, totalOf, tree, url, validateRecord, writeOnlyMark, year, yearMonth,
  type Field,
} from '#model' // prettier-ignore

beforeAll(() => divisions.load(areaList))

const wards = [
  { key: 'surgery', label: '外科', children: [{ key: 'ortho', label: '骨科', alias: ['骨一'] }, { key: 'general', label: '普外科' }, { key: 'ward', label: '一病区' }] },
  { key: 'medicine', label: '内科', children: [{ key: 'heart', label: '心内科' }, { key: 'ward', label: '一病区' }] },
] // prettier-ignore
/** As the import does: parsed, then checked. */
function read(field: Field, cell: string): unknown {
  const parsed = kindOf(field).parse(cell, field)
  if ('problem' in parsed) return { problem: parsed.problem }
  const checked = kindOf(field).check(parsed.value, field)
  return 'problem' in checked ? { problem: checked.problem } : checked.value
}
const check = (field: Field, value: unknown): unknown => {
  const checked = kindOf(field).check(value, field)
  return 'problem' in checked ? { problem: checked.problem } : checked.value
}
const no = (message: RegExp) => ({ problem: expect.stringMatching(message) as string })

describe('what people really type into a cell', () => {
  const cases: readonly [string, Field, readonly (readonly [string, unknown])[]][] = [
    ['money', money('学费', { min: '-100000000000' }), [
      ['¥1,200.50', '1200.50'], ['￥１，２００．５', '1200.50'], ['1 200.5 元', '1200.50'], ['人民币3.5万', '35000.00'], ['0.05亿', '5000000.00'],
      ['(1,200.00)', '-1200.00'], ['-¥30', '-30.00'], ['1.234', no(/最多 2 位小数/)], ['一千', no(/请填写金额/)], ['1.2.3', no(/请填写金额/)],
      ['99999999999999999999999999.99', '99999999999999999999999999.99'],
    ]],
    ['time', time('开台'), [
      ['8:30', '08:30'], ['０８：３０', '08:30'], ['0830', '08:30'], ['8点30分', '08:30'], ['8时半', '08:30'], ['下午2点', '14:00'], ['2:05pm', '14:05'], ['12:00am', '00:00'],
      ['0.354166667', '08:30'], ['23:59:59', '23:59'], ['24:00', no(/08:30/)], ['8:60', no(/08:30/)], ['下午13点', no(/08:30/)],
    ]],
    ['year', year('年度'), [['２０２４', 2024], ['2024年', 2024], ['2024年度', 2024], ['2024-03-01', 2024], ['24', no(/年份/)], ['1066', no(/不能小于 1900/)]]],
    ['year and month', yearMonth('月份'), [
      ['2024.3', '2024-03'], ['2024-03', '2024-03'], ['202403', '2024-03'], ['2024年3月', '2024-03'], ['２０２４／３', '2024-03'], ['2024-03-15', '2024-03'], ['45352', '2024-03'],
      ['2024.13', no(/年月/)], ['三月', no(/年月/)],
    ]],
    ['switch', toggle('公开', { yes: '公开', no: '内部' }), [['公开', true], ['开', true], ['内部', false], ['否', false], ['也许', no(/是.*否/)]]],
    ['slider', slider('疼痛', { max: 10, unit: '分' }), [['７', 7], ['7分', 7], ['11', no(/不能大于 10/)], ['很痛', no(/整数/)]]],
    ['rating', rating('满意度', { words: ['很差', '差', '一般', '好', '很好'] }), [['★★★★☆', 4], ['4星', 4], ['很好', 5], ['0', no(/不能小于 1/)], ['6', no(/不能大于 5/)]]],
    ['counter', counter('例数', { unit: '例', step: 5 }), [['1,200例', 1200], ['15', 15], ['7', no(/按 5 递增/)], ['-5', no(/不能小于 0/)]]],
    ['colour', colour('标色'), [['#1F6F78', '#1f6f78'], ['1f6f78', '#1f6f78'], ['#fa0', '#ffaa00'], ['rgb(31, 111, 120)', '#1f6f78'], ['红色', '#ff0000'], ['#12345', no(/#1f6f78/)]]],
    ['mail', email('邮箱'), [['Zhang.San@Hospital.CN', 'Zhang.San@hospital.cn'], ['ｚhang＠example.com', 'zhang@example.com'], ['mailto:a@b.cn', 'a@b.cn'], ['zhang@', no(/邮箱/)], ['a@b..cn', no(/邮箱/)], ['a b@c.cn', no(/邮箱/)]]],
    ['page', url('链接'), [
      ['www.nhc.gov.cn/a?b=1', 'https://www.nhc.gov.cn/a?b=1'], ['http://10.0.0.8:8080/x', 'http://10.0.0.8:8080/x'], ['javascript:alert(1)', no(/http 或 https/)],
      ['data:text/html,<b>x</b>', no(/网址|http/)], ['https://a:b@c.cn/', no(/账号和密码/)], ['不是网址', no(/网址/)], ['ftp://a.cn', no(/http 或 https/)],
    ]],
    ['tags', tags('标签'), [['疑难、多学科，急诊;疑难', ['疑难', '多学科', '急诊']], ['#教学 #示范', ['教学', '示范']], ['MDT,mdt', ['MDT']], ['长'.repeat(31), no(/太长/)]]],
    ['range of days', dateRange('进修', { isOpen: true }), [
      ['2024.1.1-2024.3.31', { from: '2024-01-01', to: '2024-03-31' }], ['2024年1月1日至3月31日', { from: '2024-01-01', to: '2024-03-31' }], ['2024/1/1 ~ 长期', { from: '2024-01-01', to: null }],
      ['20240101至20240331', { from: '2024-01-01', to: '2024-03-31' }], ['2024-01-01 - 2024-01-02', { from: '2024-01-01', to: '2024-01-02' }], ['2024-03-01 至 2024-01-01', no(/不能早于开始/)], ['2024-01-01 至今', { from: '2024-01-01', to: null }], ['春节', no(/起止日期/)],
    ]],
    ['cascade', cascade('科别', wards), [
      ['外科/骨科', 'surgery/ortho'], ['外科 > 普外科', 'surgery/general'], ['骨一', 'surgery/ortho'], ['心内科', 'medicine/heart'], ['一病区', no(/有多处/)], ['内科－一病区', 'medicine/ward'],
      ['外科', no(/最后一级/)], ['儿科', no(/不是选项/)],
    ]],
    ['address', address('住址'), [
      ['广东省深圳市南山区科技园1号', { code: '440305', region: '广东省深圳市南山区', detail: '科技园1号' }],
      ['深圳市南山区 科技园1号', { code: '440305', region: '广东省深圳市南山区', detail: '科技园1号' }],
      ['北京市朝阳区建国路88号', { code: '110105', region: '北京市朝阳区', detail: '建国路88号' }],
      ['广东 深圳 南山 科技园', { code: '440305', region: '广东省深圳市南山区', detail: '科技园' }],
      ['海南省五指山市某路', { code: '469001', region: '海南省五指山市', detail: '某路' }],
      ['广东省深圳市', no(/区县/)], ['某某路1号', no(/写明省/)],
    ]],
    ['place', location('位置'), [
      ['31.2304, 121.4737', { lat: 31.2304, lon: 121.4737, accuracy: null }], ['东经121.4737 北纬31.2304', { lat: 31.2304, lon: 121.4737, accuracy: null }],
      ['121.4737 31.2304', { lat: 31.2304, lon: 121.4737, accuracy: null }], ['31.2304,121.4737（±15米）', { lat: 31.2304, lon: 121.4737, accuracy: 15 }], ['100,200', no(/纬度/)], ['这里', no(/纬度/)],
    ]],
    ['product code', barcode('条码', { symbology: 'ean13' }), [['6901234567892', '6901234567892'], ['6901234 56789２', '6901234567892'], ['6901234567890', no(/校验位/)], ['69012', no(/13 位/)]]],
    ['code', barcode('编号', { symbology: 'code128' }), [['ABC-123', 'ABC-123'], ['骨科', no(/只能含/)]]],
    ['files', images('照片'), [['a.png', no(/不能从表格/)]]],
    ['password', password('口令'), [['secret', no(/不能从表格/)]]],
  ] // prettier-ignore
  test.each(cases)('%s', (_, field, list) => {
    for (const [cell, expected] of list) expect([cell, read(field, cell)]).toEqual([cell, expected])
  })
})

describe('what is not taken', () => {
  test('a value of another type says so at the field, in Chinese', () => {
    const fields = [
      money('a'), time('a'), year('a'), yearMonth('a'), toggle('a'), slider('a'), rating('a'), counter('a'), colour('a'), email('a'), url('a'), password('a'), tags('a'),
      dateRange('a'), cascade('a', wards), address('a'), location('a'), members('a'), images('a'), barcode('a'), richText('a'), tree('a', 'directory.unit'),
    ] // prettier-ignore
    for (const field of fields as readonly Field[])
      for (const value of [{ x: 1 }, [{}], Number.NaN])
        expect([field.kind, value, check(field, value)]).toEqual([field.kind, value, no(/\p{Script=Han}/u)])
  })
  test('the mark of a password that is there is no password', () => {
    expect(check(password('口令'), writeOnlyMark)).toEqual(no(/请填写密码/))
    expect(check(password('口令', { min: 8 }), '1234567')).toEqual(no(/至少 8 位/))
  })
  test('days outside of what is allowed today', () => {
    const fields = { period: dateRange('期间', { max: 'today', isOpen: true }) }
    const problems = (period: unknown) => validateRecord(fields, { period }, { today: '2026-06-15' }).problems.map((p) => p.message)
    expect(problems({ from: '2026-06-01', to: '2026-06-16' })).toEqual(['不能晚于今天'])
    expect(problems({ from: '2026-06-01', to: '2026-06-15' })).toEqual([])
  })
  test('a reading of the device that is too rough', () => {
    expect(check(location('签到', { maxAccuracy: 50 }), { lat: 31, lon: 121, accuracy: 80 })).toEqual(no(/误差 80 米/))
  })
  test('an unknown division, and one that does not reach far enough', () => {
    expect(check(address('住址'), { code: '999999', region: '', detail: 'x' })).toEqual(no(/没有这个行政区划/))
    expect(check(address('住址'), { code: '440300', region: '', detail: 'x' })).toEqual(no(/区县/))
    expect(check(address('籍贯', { level: 'province', noDetail: true }), { code: '440000', region: '随便', detail: 'x' })).toEqual({ code: '440000', region: '广东省', detail: '' })
  }) // prettier-ignore
})

describe('formatted text', () => {
  const field = richText('小结', { max: 100 })
  const doc = (...content: unknown[]) => ({ type: 'doc', content })
  const line = (text: string, marks?: unknown) => ({ type: 'paragraph', content: [{ type: 'text', text, ...(marks ? { marks } : {}) }] })
  test('keeps what is known and drops attributes, styles and links that could run something', () => {
    const wild = doc(
      { type: 'paragraph', attrs: { style: 'x', onclick: 'y' }, content: [{ type: 'text', text: '甲', marks: [{ type: 'bold' }, { type: 'script' }, { type: 'link', attrs: { href: 'javascript:alert(1)', onload: 1 } }] }] },
      { type: 'heading', attrs: { level: 9 }, content: [{ type: 'text', text: '乙', marks: [{ type: 'link', attrs: { href: 'https://a.cn/', target: 'x' } }] }] },
    ) // prettier-ignore
    expect(check(field, wild)).toEqual(
      doc(
        { type: 'paragraph', content: [{ type: 'text', marks: [{ type: 'bold' }], text: '甲' }] },
        { type: 'heading', attrs: { level: 1 }, content: [{ type: 'text', marks: [{ type: 'link', attrs: { href: 'https://a.cn/' } }], text: '乙' }] },
      ),
    ) // prettier-ignore
  })
  test('refuses nodes that it does not know, a tree without end and what is too long', () => {
    expect(check(field, doc({ type: 'iframe', attrs: { src: 'https://a.cn' } }))).toEqual(no(/不支持/))
    expect(check(field, doc({ type: 'listItem', content: [line('x')] }))).toEqual(no(/不支持/))
    expect(check(field, doc({ type: 'constructor' }))).toEqual(no(/不支持/))
    let deep: unknown = line('x')
    for (let i = 0; i < 50; i++) deep = { type: 'blockquote', content: [deep] }
    expect(check(field, doc(deep))).toEqual(no(/太复杂/))
    expect(check(field, doc(line('字'.repeat(101))))).toEqual(no(/最多 100 个字/))
  })
  test('markup in a cell is text; a document without words is empty', () => {
    const value = read(field, '<script>alert(1)</script>\n第二行')
    expect(value).toEqual(doc(line('<script>alert(1)</script>'), line('第二行')))
    expect(plainOf(value)).toBe('<script>alert(1)</script>\n第二行')
    expect(check(field, doc({ type: 'paragraph' }))).toBe(null)
  })
})

test('a sum in financial capitals', () => {
  const cases = {
    '0.00': '零元整', '1200.50': '壹仟贰佰元伍角整', '1200.05': '壹仟贰佰元零伍分', '0.30': '叁角整', '-12.34': '负壹拾贰元叁角肆分', '10000.00': '壹万元整', '100200.00': '壹拾万零贰佰元整',
    '100000000.00': '壹亿元整', '100000001.10': '壹亿零壹元壹角整', '20030405.06': '贰仟零叁万零肆佰零伍元零陆分', '1.234': null,
  } // prettier-ignore
  for (const [value, words] of Object.entries(cases)) expect([value, moneyInWords(value)]).toEqual([value, words])
})

test('the foot of a table is exact, where doubles are not', () => {
  const fees = ['0.10', '0.20', null, '1000000000000000000.01', '']
  expect((['sum', 'average', 'min', 'max', 'count'] as const).map((how) => totalOf(how, fees))).toEqual([
    '1000000000000000000.31', '333333333333333333.44', '0.10', '1000000000000000000.01', '3',
  ]) // prettier-ignore
  expect([totalOf('average', [1, 2]), totalOf('average', [-1, -2, -2]), totalOf('sum', [1, 2]), totalOf('sum', [])]).toEqual([
    '1.50',
    '-1.67',
    '3',
    null,
  ])
})

test('formulas read every kind: numbers add up, structures have parts, secrets are nothing', () => {
  const fields = {
    fee: money('费用'), cases: counter('例数'), score: rating('评分'), open: toggle('公开'), day: dateRange('期间'), where: location('位置'), note: richText('说明'), secret: password('口令'),
    labels: tags('标签'),
  } // prettier-ignore
  const record = { fee: '10.50', cases: 3, score: 4, open: true, day: { from: '2026-01-01', to: null }, where: { lat: 31, lon: 121, accuracy: null }, note: { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: '好' }] }] }, secret: 'x', labels: ['急'] } // prettier-ignore
  const value = (text: string) => expression(text, fields).evaluate(record)
  expect(value('fee * 2.0')).toBe(21)
  expect(value('cases + score')).toBe(7)
  expect(value('open && day.from < "2026-06-01" && day.to == null')).toBe(true)
  expect(value('where.lat > 30.0')).toBe(true)
  expect(value('note == "好" && "急" in labels')).toBe(true)
  expect(value('secret')).toBe(null)
})
