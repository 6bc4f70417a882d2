import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { automaticTemplate, type DesignAnswer, type FieldProblem } from '#model'
import {
  asset,
  buyingHospital,
  pagesOf,
  problemIn,
  publicUrl,
  purchase,
  textBlock,
  type BuyingHospital,
} from '#app/testing/buying-hospital.ts'
import type { TestHospital } from '#app/testing/hospital.ts'
import { readPdf } from '#app/testing/pdf.ts'
import { noisyPicture } from '#app/testing/pictures.ts'
import { workPublishing } from '../designs/publisher.ts'

let b: BuyingHospital
let h: TestHospital
let { who, upload, act, asked, print, publish } = {} as BuyingHospital
beforeAll(async () => {
  b = await buyingHospital()
  ;({ h, who, upload, act, asked, print, publish } = b)
})
afterAll(() => b[Symbol.asyncDispose]())
const faults = (answer: { json<T>(): T }) => (answer.json<{ problems: FieldProblem[] }>().problems ?? []).map(({ message }) => message)

test('a hospital draws a layout of its own: placed and flowing text, paths through references, a table of chosen columns, for some roles and approved records only', async () => {
  const name = await publish({
    label: '采购通知单',
    resource: 'buy.purchase',
    roles: ['medicalOffice'],
    paper: { size: 'A5', isLying: true, margins: [15, 12, 15, 12] },
    watermark: false,
    header: { right: '{打印编号}' },
    footer: { centre: '— {页码}/{页数} —' },
    blocks: [
      textBlock('b1', '通知单', { at: { x: 150, y: 6, width: 40, height: 10 } }),
      textBlock('b2', '兹同意{科室}购置{品名}，由{供应商.名称}（{supplier.city}）供货。'),
      textBlock('b3', '急用：{急用理由}', { when: '急用理由' }),
      { id: 'b4', kind: 'table', rows: 'lines', heading: '清单', columns: [{ field: '名称', width: 60 }, { field: 'amount' }] },
      { id: 'b5', kind: 'code', symbology: 'code128', text: 'A-001' },
      { id: 'b6', kind: 'line' },
    ],
  })
  const { instance, record } = await asked()
  const early = await print('周敏', 'buy.purchase', [record], name)
  expect([early.status, problemIn(early)]).toEqual([409, '“采购通知单”只能打印已生效的记录；“除颤仪”（审批中）不能打印'])
  await act('周敏', instance, 'approve')
  await act('院长', instance, 'approve', { signature: await upload('院长', await noisyPicture(20)) })
  await act('周敏', instance, 'seal', { copies: 1 })
  const answer = await print('周敏', 'buy.purchase', [record], name)
  const { pages, sizes } = await readPdf(answer.raw)
  expect(sizes).toEqual([[210, 148]])
  for (const words of ['通知单', '兹同意外科购置除颤仪，由华东器械（上海）供货。', '清单（2 项）', '序号名称数量', '1主机1', '— 1/1 —'])
    expect(pages[0], words).toContain(words)
  expect([pages[0]!.includes('急用：'), pages[0]!.includes('单价'), pages[0]!.includes('周敏 10001')]).toEqual([false, false, false])
  const stranger = await print('李静', 'buy.purchase', [record], name)
  expect([stranger.status, problemIn(stranger)]).toEqual([404, '没有这个打印模板，或没有对你开放'])
})

test('what a template gets wrong is told at its place, with what was probably meant', async () => {
  const begun = await who['实施员']!.call('POST', '/api/designs/print', {
    content: {
      label: '试',
      resource: 'buy.purchase',
      verify: ['contact'],
      roles: ['nobody'],
      blocks: [
        textBlock('b1', '{品明}{页码}'),
        { id: 'b2', kind: 'table', rows: 'lines', columns: [{ field: '名' }] },
        textBlock('b3', '远', { at: { x: 190, y: 10, width: 60, height: 10 } }),
      ],
    },
  })
  const { problems } = begun.json<unknown>() as DesignAnswer
  expect(problems.map(({ field, message }) => `${field} ${message}`)).toEqual([
    'roles 角色“nobody”已经不存在',
    'verify “联系电话”受保护，不能告诉扫码核验的人',
    'blocks.0.text 没有字段“品明”，是不是“品名”？',
    'blocks.0.text {页码} 只能放在页眉或页脚',
    'blocks.1.columns 没有字段“名”，是不是“名称”？',
    'blocks.2.at 超出了纸张',
  ])
  // The name of another record is told no more than where it stands.
  const named = { label: '试', resource: 'buy.asset', verify: ['name', 'contact', 'lines'], blocks: [] }
  const told = (await who['实施员']!.call('POST', '/api/designs/print', { content: named })).json<unknown>() as DesignAnswer
  expect(told.problems.map(({ message }) => message)).toEqual(['“联系人”受保护，不能告诉扫码核验的人', '“部件”不能显示在核验结果里'])
  const wrong = await who['实施员']!.call('POST', '/api/designs/print', {
    content: { label: '', resource: 'buy.asset', paper: { size: 'label', width: 5, height: 20 }, blocks: [{ id: 'x', kind: 'oval' }] },
  })
  expect([wrong.status, faults(wrong)]).toEqual([422, expect.arrayContaining(['请填写模板名称', '请填写 10 至 420', '不认识这种内容块'])])
})

test('a field that has gone is marked on the paper, and the rest is printed', async () => {
  const content = automaticTemplate(asset)
  const name = await publish({ ...content, label: '旧版', blocks: [textBlock('b0', '编号 {number}'), ...content.blocks] })
  // As an upgrade of the product would: the template names what is not there any more.
  const { id } = await h.create('buy.asset', { name: '旧泵', number: 'B-1' })
  const stored = { ...content, label: '旧版', blocks: [textBlock('b0', '{number} {gone}'), textBlock('b1', '{名称}')] }
  const before = h.kernel.standing
  h.kernel.take({ ...before, designs: [{ kind: 'print', name, version: 9, content: stored }] })
  expect(await pagesOf(await print('周敏', 'buy.asset', [id], name))).toEqual([expect.stringContaining('B-1 【没有字段“gone”】旧泵')])
  h.kernel.take(before)
})

test('a field that a template in force prints is not taken out unseen', async () => {
  const content = (keys: string[]) => ({
    label: '借用登记',
    title: 'xdevice',
    fields: keys.map((key) => ({ key, kind: 'text', label: key === 'xdevice' ? '设备' : '用途', options: {} })),
    grants: [{ role: 'medicalOffice', actions: ['read'], scope: 'hospital' }],
  })
  const { name } = (
    await who['实施员']!.call('POST', '/api/designs/type', { content: content(['xdevice', 'xpurpose']) })
  ).json<unknown>() as DesignAnswer
  await who['实施员']!.call('POST', '/api/publishings', { items: [{ kind: 'type', name }], note: '' })
  while (await workPublishing(h.kernel, h.database.ownerUrl));
  await publish({ label: '借用单', resource: name, blocks: [textBlock('b1', '用途：{用途}')] })
  const { revision } = (await who['实施员']!.call('GET', `/api/designs/type/${name}`)).json<{ revision: number }>()
  await who['实施员']!.call('PUT', `/api/designs/type/${name}`, { content: content(['xdevice']), revision })
  const refused = await who['实施员']!.call('POST', '/api/publishings', { items: [{ kind: 'type', name }], note: '' })
  expect([refused.status, faults(refused)]).toEqual([422, ['打印模板“借用单”：没有字段“用途”']])
})

test('a template that is drawn is looked at with a record that nobody has, by who draws and by nobody else', async () => {
  const template = { ...automaticTemplate(purchase), label: '试画' }
  const pages = await pagesOf(await who['实施员']!.call('POST', '/api/print-templates/preview', { template, record: null }))
  for (const words of ['采购申请', '申请人张三', '明细（2 项）', '预览 实施员']) expect(pages.join(''), words).toContain(words)
  const { record } = await asked()
  expect((await who['实施员']!.call('POST', '/api/print-templates/preview', { template, record })).status).toBe(404)
  // What was only opened to him he reads and does not take away, not as a preview either.
  const asset = (await h.create('buy.asset', { name: '给看的' })).id
  const opened = { person: b.people['实施员'], level: 'read', until: '2026-06-20', reason: '协查' }
  expect((await who['周敏']!.call('POST', `/api/records/buy.asset/${asset}/grants`, opened)).status).toBe(201)
  expect((await who['实施员']!.call('GET', `/api/records/buy.asset/${asset}`)).status).toBe(200)
  const look = { template: { ...automaticTemplate(h.kernel.defs.resource('buy.asset')), label: '试' }, record: asset }
  expect((await who['实施员']!.call('POST', '/api/print-templates/preview', look)).status).toBe(403)
  expect((await who['周敏']!.call('POST', '/api/print-templates/preview', { template, record: null })).status).toBe(403)
})

test('what a template brings along that is no picture, or swells, is left out; the rest is printed, its address the one that the world knows', async () => {
  const picture = (id: string, bytes: Buffer) => ({ id, kind: 'picture', image: `data:image/png;base64,${bytes.toString('base64')}`, height: 30 })
  const good = await noisyPicture(40)
  const name = await publish({
    label: '附图',
    resource: 'buy.asset',
    blocks: [textBlock('b0', '{名称} {记录地址}'), picture('b1', Buffer.from('no picture')), picture('b2', hugePicture()), picture('b3', good), picture('b4', good)],
  })
  const ids = [(await h.create('buy.asset', { name: '甲泵' })).id, (await h.create('buy.asset', { name: '乙泵' })).id]
  // Whatever the request says of itself.
  const answer = await who['周敏']!.call('POST', '/api/prints/buy.asset', { records: ids, template: name }, { host: 'evil.example' })
  const pages = await pagesOf(answer)
  for (const [at, id] of ids.entries()) expect(pages[at]!.replaceAll(/\s/g, '')).toContain(`${publicUrl}/r/buy.asset/${id}`)
  expect(pages.join('')).not.toContain('evil')
  // Once in the file, however often it is shown.
  expect(answer.raw.toString('latin1').split('/Subtype /Image').length - 1).toBeLessThanOrEqual(4)
}) // prettier-ignore
/** A picture that says of itself to be 30,000 by 30,000 points with transparency: 3.6 GB of memory. */
function hugePicture(): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(30_000, 0)
  head.writeUInt32BE(30_000, 4)
  head.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc(100_000))), chunk('IEND', Buffer.alloc(0))])
} // prettier-ignore
