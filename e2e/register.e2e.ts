import { spawnSync } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import ExcelJS from '@protobi/exceljs'
import { parse } from 'csv-parse/sync'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiRecord, ApprovalAnswer, RecordAnswer } from '#model'
import { acting, call, moduleOutside } from './acting.ts'
import { apply } from './register-form.ts'
import { openBrowser, startProgram, type Visitor, type Running, type Size } from './running.ts'

// All that a hospital's engineer writes for a plain register. What follows is driven by this text alone.
const declaration = `
import { autoNumber, before, boolean, choice, choices, date, dateTime, decimal, files, formula, group, integer, is } from '#model'
import { ledger, longText, may, module, person, phone, reference, resource, rows, text, unit } from '#model'
import { approve, flow, headOf, notify } from '#kernel/model/flow/definition.ts'

const study = resource('study.study', {
  label: '外出进修',
  title: 'topic',
  owner: { person: 'practitioner', department: 'unit' },
  approval: 'study.study',
  fields: {
    number: autoNumber('登记号', 'JX'),
    practitioner: reference('进修人', 'staff.practitioner', { required: true, default: 'me' }),
    unit: unit('科室', { required: true, from: 'practitioner.unit' }),
    topic: text('进修内容', { required: true, max: 100, search: true }),
    host: text('接收单位', { suggest: ['省人民医院', '医科大学附属医院'] }),
    level: choice('级别', { national: '国家级', provincial: '省级', city: '市级' }, { required: true }),
    ways: choices('方式', { lecture: '理论', bedside: '临床', animal: '动物实验' }),
    from: date('开始日期', { required: true, default: 'today' }),
    to: date('结束日期'),
    reportAt: dateTime('汇报时间'),
    days: integer('天数', { required: true, min: 1, max: 400, unit: '天' }),
    hours: formula('折合学时', 'days * 8', 'integer'),
    fee: decimal('学费', 2, { min: '0', unit: '元' }),
    funded: boolean('公费'),
    fund: text('经费号', { max: 40, visibleWhen: 'funded == true', requiredWhen: 'funded == true' }),
    contact: phone('联系电话'),
    companion: person('同行人'),
    lessons: rows('课程', { name: text('课名', { required: true }), score: integer('成绩', { min: 0, max: 100 }) }),
    proof: files('证明', { accept: ['image/*', 'application/pdf'] }),
    note: longText('心得', { max: 2000 }),
  },
  groups: [
    { label: '去哪里学', fields: ['number', 'practitioner', 'unit', 'topic', 'host', 'level', 'ways'] },
    { label: '时间与费用', fields: ['from', 'to', 'reportAt', 'days', 'hours', 'fee', 'funded', 'fund'] },
  ],
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '结束日期不能早于开始日期' }],
  unique: [['practitioner', 'topic', 'from']],
  list: {
    columns: ['number', 'practitioner', 'unit', 'topic', 'level', 'from', 'days', 'hours', 'fee', 'state'],
    filters: ['level', 'from', 'unit'],
    sort: ['-from'],
    views: [{ name: 'national', label: '国家级', filter: is('level', 'national') }],
  },
})
const approval = flow('study.study', {
  label: '外出进修审批',
  steps: [approve('head', '科主任审批', { by: headOf('unit') }), notify('applicant')],
})
export default module('study', {
  label: '继续教育',
  dependsOn: ['organisation', 'staff'],
  resources: [study],
  flows: [approval],
  roles: {
    staffMember: [may.readOwn(study), may.create(study)],
    departmentHead: [may.read(study, 'myUnits'), may.export(study, 'myUnits')],
    medicalOffice: [may.all(study)],
  },
  menu: [group('继续教育', [ledger(study, { icon: 'book' })])],
  remind: [before(study, 'to', { days: [7], whom: ['owner'], text: '“{topic}”将于{to}结束，请准备汇报' })],
})
`.trim()

const root = join(import.meta.dirname, '..')
const resource = 'study.study'
let folder: string
let program: Running
let browser: Browser
beforeAll(async () => {
  folder = await moduleOutside(declaration)
  ;[program, browser] = await Promise.all([startProgram({ env: { XINGLIN_EXTRA_MODULES: folder } }), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const as = <T>(account: string, size: Size, part: (v: Visitor) => Promise<T>) => acting({ browser, program }, account, size, part)
const listOf = async (v: Visitor) => (await call<{ rows: ApiRecord[] }>(v, 'GET', `/api/records/${resource}`)).body.rows
const recordOf = async (v: Visitor, topic: string) => (await listOf(v)).find((row) => row['topic'] === topic)!

describe('a plain register, declared in one small file outside the product', () => {
  test('the declaration is under 80 lines, and no other file knows of it', async () => {
    expect((await readFile(join(folder, 'module.ts'), 'utf8')).trim().split('\n').length).toBeLessThan(80)
    expect(await readdir(folder)).toEqual(['module.ts'])
    const told = spawnSync('git', ['grep', '-lE', '外出进修|study\\.study', '--', '.', ':!e2e'], { cwd: root, encoding: 'utf8' })
    expect(told.stdout).toBe('')
  })

  test.each([['desk', 'zhanght', '髋关节镜技术', '国家级'], ['phone', 'sunning', '运动医学', '省级']] as const)('on the %s a doctor fills in every kind of field, is told what is wrong where it is, and submits', async (size, account, topic, level) => {
    await as(account, size, (v) => apply(v, size, resource, { topic, level }))
  }) // prettier-ignore

  test('on the phone the head gives one back; the doctor mends it and sends it again; both are approved', async () => {
    const returned = await as('liwd', 'phone', async (v) => {
      const record = await recordOf(v, '运动医学')
      const { record: whole } = (await call<RecordAnswer>(v, 'GET', `/api/records/${resource}/${record.id}`)).body
      const { my } = (await call<ApprovalAnswer>(v, 'GET', `/api/approvals/${whole.flow!.instance}`)).body
      const act = {
        kind: 'return',
        actId: crypto.randomUUID(),
        task: my.task!.id,
        seenVersion: whole.version,
        opinion: '天数请核对',
        to: 'applicant',
      }
      expect(await call(v, 'POST', `/api/approvals/${whole.flow!.instance}/acts`, act)).toMatchObject({
        status: 200,
        body: { status: 'returned' },
      })
      return whole.id
    })
    await as('sunning', 'phone', async (v) => {
      await v.goto(`/r/${resource}/${returned}`)
      await v.page.getByRole('button', { name: '修改并重新提交' }).click()
      await v.page.getByLabel('天数').fill('21')
      await v.page.getByRole('button', { name: '重新提交' }).click()
      await v.page.getByText('审批中').filter({ visible: true }).first().waitFor()
    })
    for (const [size, who] of [['phone', '孙宁'], ['desk', '张海涛']] as const)
      await as('liwd', size, async (v) => {
        await v.goto('/tasks')
        await v.page.getByRole('link', { name: `${who}的外出进修` }).click()
        await v.page.getByRole('button', { name: '同意', exact: true }).waitFor()
        await v.picture(`register-decide-${size}`)
        await v.page.getByRole('button', { name: '同意', exact: true }).click()
        await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
      }) // prettier-ignore
  })

  test.each(['desk', 'phone'] as const)('on the %s history shows what stood there before and after', async (size) => {
    await as('sunning', size, async (v) => {
      await v.goto(`/r/${resource}/${(await recordOf(v, '运动医学')).id}`)
      await v.page.getByRole('tab', { name: '修改历史' }).click()
      const line = v.page.locator('.x-history tr', { hasText: '天数' }).first()
      await line.waitFor()
      expect(await line.innerText()).toMatch(/天数\s+10\s*→\s*21/)
      expect(await v.page.locator('.x-history tr', { hasText: '折合学时' }).first().innerText()).toMatch(/80\s*→\s*168/)
      await v.picture(`register-history-${size}`)
    })
  })

  test('the list is filtered in words on the desk and in a sheet on the phone', async () => {
    await as('liwd', 'desk', async (v) => {
      const { page, goto } = v
      await goto(`/r/${resource}`)
      await page.getByText('运动医学').filter({ visible: true }).first().waitFor()
      await page.getByRole('group', { name: '筛选条件' }).getByText('级别', { exact: false }).click()
      await page.getByRole('checkbox', { name: '国家级' }).click()
      await page.getByRole('button', { name: '应用' }).click()
      await page.getByText('运动医学').filter({ visible: true }).first().waitFor({ state: 'detached' })
      await page.getByText('髋关节镜技术').filter({ visible: true }).first().waitFor()
      await v.picture('register-filter-desk')
    })
    await as('liwd', 'phone', async (v) => {
      const { page, goto } = v
      await goto(`/r/${resource}`)
      await page.getByText('运动医学').filter({ visible: true }).first().waitFor()
      await page.getByRole('button', { name: '筛选' }).click()
      await page.getByRole('dialog').getByRole('button', { name: /^级别/ }).click()
      await page.getByRole('dialog').getByRole('checkbox', { name: '国家级' }).check()
      await v.picture('register-filter-phone')
      await page.getByRole('dialog').getByRole('button', { name: '完成' }).click()
      await page.getByText('运动医学').filter({ visible: true }).first().waitFor({ state: 'detached' })
      await page.getByText('髋关节镜技术').filter({ visible: true }).first().waitFor()
    })
  })

  test.each(['xlsx', 'csv'] as const)('the filtered list leaves as %s with labels, names and plain numbers', async (format) => {
    await as('liwd', 'desk', async ({ page, goto }) => {
      await goto(`/r/${resource}?view=national`)
      await page.getByText('髋关节镜技术').filter({ visible: true }).first().waitFor()
      await page.getByRole('button', { name: '导出' }).click()
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: format }).click()])
      expect(download.suggestedFilename()).toMatch(new RegExp(`^外出进修-\\d{4}-\\d{2}-\\d{2}\\.${format}$`))
      const lines = await linesOf(await readFile(await download.path()), format)
      expect(lines[0]).toEqual(['登记号', '进修人', '科室', '进修内容', '级别', '开始日期', '天数', '折合学时', '学费', '状态'])
      expect(lines[1]!.map(String)).toEqual([
        'JX-2026-00001',
        '张海涛',
        '骨科',
        '髋关节镜技术',
        '国家级',
        expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        '10',
        '80',
        '3200.50',
        '已生效',
      ])
      expect(lines.flat().join()).not.toContain('运动医学')
      expect(lines.at(-1)![0]).toMatch(/李卫东.*导出“外出进修”1 条/)
    })
  })

  test('lines of a sub-table come from a spreadsheet: pasted on the desk with a wrong cell mended, from a file on the phone', async () => {
    await as('zhanght', 'desk', async (v) => {
      await v.goto(`/r/${resource}/new`)
      await v.page.getByRole('button', { name: '从表格加入' }).click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByLabel('粘贴单元格').evaluate((box, text) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', text)
        box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      }, '成绩\t课名\t备注\r\n88\t解剖\t\r\n188\t手术入路\t重修\r\n\t康复\t\r\n')
      await dialog.getByText('1 行有问题').waitFor()
      await v.picture('rows-paste-desk')
      await dialog.getByLabel('第 2 行第 1 列').fill('91')
      await dialog.getByLabel('第 2 行第 1 列').press('Enter')
      await dialog.getByRole('button', { name: '加入 3 行' }).click()
      const lines = v.page.locator('.x-rows tbody tr')
      await lines.nth(2).waitFor()
      const cells = await v.page
        .locator('.x-rows tbody input')
        .evaluateAll((inputs) => inputs.map((one) => (one as HTMLInputElement).value))
      expect(cells).toEqual(['解剖', '88', '手术入路', '91', '康复', ''])
      // Several columns pasted into a cell open the same, and what is not called by its name goes by order.
      await v.page
        .locator('.x-rows tbody input')
        .first()
        .evaluate((box) => {
          const clipboardData = new DataTransfer()
          clipboardData.setData('text/plain', '影像\t77')
          box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
        })
      await v.page.getByRole('dialog').getByRole('button', { name: '加入 1 行' }).click()
      await lines.nth(3).waitFor()
    })
    await as('sunning', 'phone', async (v) => {
      await v.goto(`/r/${resource}/new`)
      await v.page.getByRole('button', { name: '从表格加入' }).click()
      const exe = {
        name: '课程.xlsx',
        mimeType: 'application/octet-stream',
        buffer: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2000)]),
      }
      await v.page.getByLabel('表格文件').setInputFiles(exe)
      await v.page.getByText(/不是表格文件/).waitFor()
      const csv = { name: '课程.csv', mimeType: 'text/csv', buffer: Buffer.from('课名,成绩\n解剖,88\n康复,\n') }
      await v.page.getByLabel('表格文件').setInputFiles(csv)
      await v.page.getByRole('dialog').getByText('共 2 行').waitFor()
      await v.picture('rows-paste-phone')
      await v.page.getByRole('button', { name: '加入 2 行' }).click()
      await v.page.locator('.x-row-card').filter({ hasText: '康复' }).waitFor()
    })
  })

  test('another doctor sees an empty list and nothing at its address, on either size; nothing leaves by export', async () => {
    const id = await as('sunning', 'desk', async (v) => (await recordOf(v, '运动医学')).id)
    for (const size of ['desk', 'phone'] as const)
      await as('machao', size, async (v) => {
        await v.goto(`/r/${resource}`)
        await v.page.getByText('还没有外出进修').waitFor()
        expect(await v.page.getByRole('button', { name: /导出|导入/ }).count()).toBe(0)
        await v.goto(`/r/${resource}/${id}`)
        await v.page
          .getByText(/不存在|没有找到|看不到|没有这/)
          .first()
          .waitFor()
        await v.picture(`register-refused-${size}`)
        expect((await call(v, 'GET', `/api/records/${resource}/${id}`)).status).toBe(404)
        expect((await call(v, 'GET', `/api/records/${resource}/${id}/history`)).status).toBe(404)
        expect((await call(v, 'POST', `/api/records/${resource}/export`, { format: 'csv' })).status).toBe(403)
        expect((await call(v, 'GET', `/api/imports/profiles/${resource}`)).status).toBe(403)
      })
  })

  test('the office imports earlier years on the desk, corrects one on the phone, and takes that back', async () => {
    const head = '进修人工号,进修内容,级别,开始日期,天数,学费'
    await as('zhoumin', 'desk', async (v) => {
      const lines = [
        head,
        '10003,显微外科,国家级,2024.3.1,90,8000',
        '10005,显微外科,市级,20240301,０,',
        '99999,显微外科,市级,2024-03-01,5,',
      ]
      await importFile(v, lines)
      await v.page.getByText('不能小于 1').waitFor()
      await v.page.getByText('没有工号为 99999 的人员').waitFor()
      await v.picture('register-import-desk')
      const made = { hours: 720, fee: '8000.00', from: '2024-03-01', state: 'approved' }
      expect(await recordOf(v, '显微外科')).toMatchObject(made)
    })
    await as('zhoumin', 'phone', async (v) => {
      await importFile(v, [head, '10003,显微外科,国家级,2024-03-01,120,8000'])
      await v.picture('register-import-phone')
      const { id } = await recordOf(v, '显微外科')
      await v.page.getByRole('button', { name: '撤销这批' }).click()
      await v.page
        .getByRole('dialog')
        .getByRole('button', { name: /^撤\s?销$/ })
        .click()
      await v.page.getByText('已撤销').waitFor()
      expect(await recordOf(v, '显微外科')).toMatchObject({ days: 90, hours: 720, version: 3 })
      await v.goto(`/r/${resource}/${id}`)
      await v.page.getByRole('tab', { name: '修改历史' }).click()
      await v.page.locator('.x-history tr', { hasText: '天数' }).nth(2).waitFor()
      const days = await v.page.locator('.x-history tr', { hasText: '天数' }).allInnerTexts()
      expect(days.map((line) => line.replace(/\s+/g, ''))).toEqual(['天数120→90', '天数90→120', '天数90'])
    })
  })
})

/** The walk of the import page, to its end. */
async function importFile({ page, goto }: Visitor, lines: string[]): Promise<void> {
  await goto(`/import/${resource}`)
  await page.getByLabel('要导入的文件').setInputFiles({ name: '进修.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await page.getByLabel(/^依据/).fill('医教〔2024〕3号')
  await page.getByLabel(/^依据/).blur()
  await page.getByRole('button', { name: '检查数据' }).click()
  await page.getByRole('button', { name: '导入 1 条' }).click()
  await page.getByText('导入完成').waitFor()
}
async function linesOf(content: Buffer, format: 'xlsx' | 'csv'): Promise<unknown[][]> {
  if (format === 'csv') return parse(content, { bom: true, relax_column_count: true })
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(content as unknown as ArrayBuffer)
  const lines: unknown[][] = []
  book.worksheets[0]!.eachRow((row) => lines.push((row.values as unknown[]).slice(1)))
  return lines
}
