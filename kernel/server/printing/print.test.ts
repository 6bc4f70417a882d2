import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { ExportJob, PrintChoices } from '#model'
import { buyingHospital, problemIn, type BuyingHospital } from '#app/testing/buying-hospital.ts'
import type { TestHospital } from '#app/testing/hospital.ts'
import { readPdf } from '#app/testing/pdf.ts'
import { noisyPicture } from '#app/testing/pictures.ts'
import { startExports } from '../exchange/exporting/work.ts'

let b: BuyingHospital
let h: TestHospital
let { who, people, upload, act, print } = {} as BuyingHospital
beforeAll(async () => {
  b = await buyingHospital()
  ;({ h, who, people, upload, act, print } = b)
})
afterAll(() => b[Symbol.asyncDispose]())
/** Printed, and read back. */
async function printed(name: string, resource: string, records: string[], template = 'automatic') {
  const answer = await print(name, resource, records, template)
  expect(answer.status, answer.text.slice(0, 500)).toBe(200)
  return readPdf(answer.raw)
}
/** With everything filled in that can be. */
const asked = async (more: object = {}) =>
  b.asked({
    on: '2026-07-01', urgent: false, why: '不应出现', budget: '3200.50', reason: '原设备已到年限。\n请予更新。', secret: '底价两千',
    photos: [await upload('李静', await noisyPicture(60))], signed: await upload('李静', await noisyPicture(50)), ...more,
  }) // prettier-ignore

test('a record prints well without any template: groups, sub-table with its sums, pictures, the approval with who signed, as the printer sees it', async () => {
  const { instance, record } = await asked()
  await act('周敏', instance, 'approve', { opinion: '同意购置' })
  await act('院长', instance, 'approve', { opinion: '同意', signature: await upload('院长', await noisyPicture(50)) })
  await act('周敏', instance, 'seal', { copies: 2 })
  const { pages, sizes, info } = await printed('周敏', 'buy.purchase', [record])
  expect([pages.length, sizes[0]]).toEqual([2, [210, 297]])
  const page = pages.join('')
  for (const text of ['杏林医院', '采购申请', '除颤仪', '基本情况', '申请人李静', '科室外科', '供应商华东器械', '需用日期2026-07-01', '叁仟贰佰元伍角整', '13800001234', '请予更新。', '明细（2 项）', '1主机1¥3,000.00', '2电池2¥100.25', '合计 3合计 ¥3,100.25', '审批经过', '职能部门', '同意购置', '办理人：周敏', '院领导', '签名：', '盖章', '底价两千', '已生效', '第 2 页，共 2 页'])
    expect(page, text).toContain(text)
  expect(page).not.toContain('不应出现')
  expect(page).toMatch(/周敏 2026-06-15 12:00 DC20260615-/)
  expect(info).toMatchObject({ Author: '周敏', Title: '采购申请' })

  // 科主任 sees neither the hidden field nor the number in full; his paper says so too.
  const his = (await printed('张涛', 'buy.purchase', [record])).pages.join('')
  expect(his).toContain('138****1234')
  expect([his.includes('13800001234'), his.includes('底价')]).toEqual([false, false])
  const [entry] = await h.kernel.db.query<{ actor: string; detail: object }>(`SELECT actor, detail FROM kernel.audit_entry WHERE act = 'print' AND record = $1::uuid ORDER BY seq DESC LIMIT 1`, [record])
  expect(entry).toMatchObject({ actor: people['张涛'], detail: { template: 'automatic', mark: expect.stringMatching(/^DC/) } })
  const [kept] = await h.kernel.db.query(`SELECT number, version, person, code_hash FROM kernel.print WHERE record = $1::uuid ORDER BY at DESC, id DESC LIMIT 1`, [record])
  expect(kept).toMatchObject({ person: people['张涛'], code_hash: null })
}) // prettier-ignore

test('five thousand rows go over pages with their head on each, and stay within bounds; many more are refused with words', { timeout: 90_000 }, async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => ({ name: `部件${n + 1}`, amount: n % 7, note: n % 3 ? null : `第 ${n} 批` }))
  const { id } = await h.create('buy.asset', { name: '大型设备', lines })
  const before = process.memoryUsage().rss
  const { pages } = await printed('周敏', 'buy.asset', [id])
  expect(process.memoryUsage().rss - before).toBeLessThan(700 * 2 ** 20)
  expect(pages.length).toBeGreaterThan(80)
  for (const page of pages.slice(0, -1)) expect(page).toContain('序号名称数量备注')
  expect(pages.at(-1)).toContain('部件5000')
  expect(pages[3]).toContain(`第 4 页，共 ${pages.length} 页`)
  const huge = await h.create('buy.asset', { name: '更大', lines: Array.from({ length: 12_000 }, (_, n) => ({ name: `件${n}` })) })
  const refused = await print('周敏', 'buy.asset', [huge.id])
  expect([refused.status, problemIn(refused)]).toEqual([413, expect.stringContaining('请分批打印，或导出为 Excel')])
}) // prettier-ignore

test('letters that no font has are told, a cell of twenty lines and one longer than a page are whole, and nothing of the page’s own signs comes from a record', async () => {
  const long = Array.from({ length: 20 }, (_, n) => `第${n + 1}行`).join('\n')
  const { record } = await asked({ topic: '𠮷田牌咬合架（𬌗架）', reason: `${long}\n{页码}{姓名}`, lines: [{ name: '长'.repeat(1900), amount: 1, price: null }] })
  const { pages } = await printed('李静', 'buy.purchase', [record])
  const all = pages.join('')
  expect(all).toContain('〓田牌咬合架（𬌗架）')
  expect(all).toContain('〓：字库没有的字 U+20BB7，请手工填写')
  for (const line of long.split('\n')) expect(all).toContain(line)
  expect(all).toContain('{页码}{姓名}')
  expect(all.split('长').length - 1).toBe(1900)
  expect(all).toContain('审批中')
}) // prettier-ignore

test('many chosen records are one PDF, each with page numbers of its own, within what may be exported', async () => {
  const [surgery, medicine] = [await h.unit('外科'), await h.unit('内科')]
  const ids: string[] = []
  for (let n = 0; n < 12; n++) ids.push((await h.create('buy.asset', { name: `监护仪${n}`, department: surgery, number: `A-${n}`, lines: n === 1 ? Array.from({ length: 40 }, (_, at) => ({ name: `线缆${at}` })) : [] })).id)
  const { pages } = await printed('周敏', 'buy.asset', ids)
  expect(pages.length).toBe(13)
  expect(pages[0]).toContain('第 1 页，共 1 页')
  expect([pages[1]!.includes('第 1 页，共 2 页'), pages[2]!.includes('第 2 页，共 2 页'), pages[3]!.includes('监护仪2')]).toEqual([true, true, true])
  expect((await printed('张涛', 'buy.asset', ids.slice(0, 2))).pages.length).toBeGreaterThan(1)
  const elsewhere = (await h.create('buy.asset', { name: '内科的', department: medicine })).id
  const refused = await print('张涛', 'buy.asset', [ids[0]!, elsewhere])
  expect([refused.status, problemIn(refused)]).toEqual([404, '选中的记录中有 1 条已删除，或不在你可以导出的范围内'])
  const many = await print('周敏', 'buy.asset', Array.from({ length: 501 }, () => newId()))
  expect([many.status, problemIn(many)]).toEqual([413, '一次最多打印 500 条，请分批打印'])
}) // prettier-ignore

test('a large batch is worked on in the background, told when it is there, and downloaded as one file', async () => {
  const ids: string[] = []
  for (let n = 0; n < 25; n++) ids.push((await h.create('buy.asset', { name: `呼吸机${n}` })).id)
  const begun = await print('周敏', 'buy.asset', ids)
  expect(begun.status, begun.text).toBe(202)
  const { job } = begun.json<{ job: ExportJob }>()
  expect([job.format, job.expected]).toEqual(['pdf', 25])
  const faults: unknown[] = []
  const stop = startExports(h.kernel, h.house.files, (error) => faults.push(error), { everyMs: 20 })
  await expect.poll(async () => (await who['周敏']!.call('GET', `/api/exports/${job.id}`)).json<ExportJob>().state, { timeout: 30_000, interval: 50 }).toBe('done')
  await stop()
  expect(faults).toEqual([])
  const { pages } = await readPdf((await who['周敏']!.call('GET', `/api/exports/${job.id}/file`)).raw)
  expect([pages.length, pages[24]!.includes('呼吸机24')]).toEqual([25, true])
  const [message] = await h.kernel.db.query(`SELECT title FROM kernel.message WHERE person = $1::uuid ORDER BY at DESC, id DESC LIMIT 1`, [people['周敏']])
  expect(message).toEqual({ title: '导出已完成' })
}) // prettier-ignore

test('labels have the size of labels', async () => {
  const { id } = await h.create('buy.asset', { name: '输液泵', number: 'SB-7' })
  const { pages, sizes } = await printed('周敏', 'buy.asset', [id], 'label')
  expect([pages.length, sizes[0]]).toEqual([1, [60, 40]])
  expect(pages[0]).toContain('输液泵')
})

test('nobody prints what he may not see, what lies in the bin, or with a template that is not there', async () => {
  const { record } = await asked()
  const strange = await print('王内', 'buy.purchase', [record])
  expect([strange.status, problemIn(strange)]).toEqual([404, '记录不存在，或没有查看权限'])
  expect((await print('李静', 'buy.asset', [(await h.create('buy.asset', { name: '某物' })).id])).status).toBe(403)
  const many = await print('院长', 'buy.purchase', [record, (await asked()).record])
  expect([many.status, problemIn(many)]).toEqual([403, '没有导出“采购申请”的权限'])
  const none = await print('周敏', 'buy.purchase', [record], 'nothing')
  expect([none.status, problemIn(none)]).toEqual([404, '没有这个打印模板，或没有对你开放'])
  const { id, version } = await h.create('buy.asset', { name: '旧泵' })
  expect((await who['周敏']!.call('DELETE', `/api/records/buy.asset/${id}?version=${version}`)).status).toBe(200)
  const binned = await print('周敏', 'buy.asset', [id])
  expect([binned.status, problemIn(binned)]).toEqual([409, '“旧泵”在回收站里，不能打印；请先恢复'])
  const { choices } = (await who['周敏']!.call('GET', '/api/prints/buy.asset')).json<PrintChoices>()
  expect(choices.map(({ label }) => label)).toEqual(['标准版式', '标签'])
})
