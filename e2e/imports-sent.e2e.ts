import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

/** A register under approval, which an officer fills from a file. */
const declaration = `
import { choice, group, integer, ledger, may, module, person, resource, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const stock = resource('kit.stock', {
  label: '设备台账',
  title: 'name',
  owner: { department: 'department' },
  approval: 'kit.stocktaking',
  fields: {
    number: text('编号', { required: true, max: 40 }),
    name: text('名称', { required: true, max: 100 }),
    department: unit('科室', { required: true }),
    keeper: person('保管人'),
    kind: choice('类别', { emergency: '急救', monitor: '监护', rehab: '康复' }),
    year: integer('启用年份', { min: 2000, max: 2100 }),
  },
  unique: [['number']],
  list: { columns: ['number', 'name', 'department', 'kind', 'year'], filters: ['year'] },
})
export default module('kit', {
  label: '配置',
  resources: [stock],
  flows: [flow('kit.stocktaking', { label: '台账审批', steps: [approve('head', '科主任审核', { by: headOf('department') })] })],
  roles: { medicalOffice: [may.all(stock), may.writeDirectly(stock)], staffMember: [] },
  menu: [group('配置', [ledger(stock)])],
})
`
const { by } = stage(declaration)

const kinds = ['急救', '监护', '康复']
const devices = ['除颤仪', '监护仪', '下肢康复机', '输液泵', '呼吸机']
const rows = Array.from({ length: 2400 }, (_, i) => [`GK-${String(i + 1).padStart(4, '0')}`, `${devices[i % 5]}${(i % 40) + 1}号`, 'ZY-GK', kinds[i % 3], 2015 + (i % 11)]) // prettier-ignore
const file = (lines: readonly (readonly unknown[])[]) => Buffer.from([['编号', '名称', '科室', '类别', '启用年份'], ...lines].map((line) => line.join(',')).join('\n')) // prettier-ignore

test('an officer sends an import of thousands of rows for approval as one request; the head reads it page by page and approves it as one', async () => {
  const sent = await by('zhoumin', async (v) => {
    const people = await call<{ options: { id: string }[] }>(
      v,
      'GET',
      `/api/choices/directory.person?search=${encodeURIComponent('李卫东')}`,
    )
    const head = await call<{ record: { unit: string } }>(v, 'GET', `/api/records/directory.person/${people.body.options[0]!.id}`)
    const draft = { number: 'GK-0001', name: '除颤仪1号', department: head.body.record.unit, kind: 'emergency', year: 2014 }
    expect((await call(v, 'POST', '/api/records/kit.stock/directly', { draft, reason: '纸质台账' })).status).toBe(201)
    await v.goto('/import/kit.stock')
    await v.page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: '骨科台账.csv',
        mimeType: 'text/csv',
        buffer: file([...rows, ['XN-0001', '心电图机', 'ZY-XN', '监护', 2020]]),
      })
    await v.page.getByRole('radio', { name: /作为一个申请送审/ }).check()
    await v.page.getByText('送审请先填写申请的理由').waitFor()
    await v.page.getByPlaceholder('为什么申请这批内容').fill('年度盘点后补录')
    await v.page.getByRole('heading', { name: '怎样生效' }).click()
    await v.page.getByText('送审请先填写申请的理由').waitFor({ state: 'detached' })
    await v.page.getByRole('heading', { name: '怎样生效' }).scrollIntoViewIfNeeded()
    await v.picture('import-force-desk')
    await v.page.getByRole('button', { name: '检查数据' }).click()
    await v.page.getByText('这一行的审批流程或审批人与前面的行不同').waitFor()
    await v.picture('import-sent-preview-desk')
    await v.page.getByRole('button', { name: '送审 2,400 条' }).click()
    await v.page.getByText('已送审，批准后生效').waitFor()
    await v.picture('import-sent-desk')
    return v.page.url()
  })
  const batch = new URL(sent).searchParams.get('batch')!
  for (const size of ['phone', 'desk'] as const)
    await by('liwd', async (v) => {
      await v.goto('/tasks')
      await v.page.getByText('批量导入设备台账（2400 条）').first().click()
      await v.page.getByText('批量导入 · 2,400 条').waitFor()
      await v.page.getByText('GK-0002').waitFor()
      await v.picture(`import-approval-${size}`)
      await v.page.getByText('修改 1', { exact: true }).click()
      await v.page.getByText('2,014').waitFor()
      await v.picture(`import-approval-changed-${size}`)
      if (size === 'phone') return
      await v.page.getByText('新增 2,399', { exact: true }).click()
      await v.page.locator('.ant-pagination-item', { hasText: '120' }).click()
      await v.page.getByText('GK-2400').waitFor()
      await v.page.getByRole('button', { name: '同意' }).click()
      await v.page.getByText('已批准').first().waitFor()
    }, size) // prettier-ignore
  await by('zhoumin', async (v) => {
    await v.goto(`/import/kit.stock?batch=${batch}`)
    await v.page.getByText('已批准，全部生效').waitFor()
    const count = await call<{ count: number }>(v, 'GET', '/api/records/kit.stock/count')
    expect(count.body.count).toBe(2400)
  })
}, 240_000)

test('on the phone an import is sent for approval and taken back', async () => {
  await by('zhoumin', async (v) => {
    await v.goto('/import/kit.stock')
    await v.page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: '补录.csv', mimeType: 'text/csv', buffer: file([['GK-9001', '备用泵', 'ZY-GK', '监护', 2024]]) })
    await v.page.getByRole('radio', { name: /作为一个申请送审/ }).check()
    await v.page.getByPlaceholder('为什么申请这批内容').fill('补录')
    await v.page.getByRole('heading', { name: '怎样生效' }).click()
    await v.page.getByText('送审请先填写申请的理由').waitFor({ state: 'detached' })
    await v.picture('import-force-phone')
    await v.page.getByRole('button', { name: '检查数据' }).click()
    await v.page.getByRole('button', { name: '送审 1 条' }).click()
    await v.page.getByText('已送审，批准后生效').waitFor()
    await v.picture('import-sent-phone')
    await v.page.getByRole('button', { name: '撤回申请' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click()
    await v.page.getByText(/撤回 1 条/).waitFor()
    expect((await call<{ rows: unknown[] }>(v, 'GET', '/api/records/kit.stock?search=GK-9001')).body.rows ?? []).toEqual([])
  }, 'phone') // prettier-ignore
}, 120_000)
