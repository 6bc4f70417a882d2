import { expect, test } from 'vitest'
import { call, onePixel } from './acting.ts'
import { stage } from './stage.ts'

/** A register under approval with a sub-table, and rooms with what points at them. */
const declaration = `
import { group, integer, ledger, may, module, person, reference, resource, rows, text, unit } from '#model'
import { approve, chosenByApplicant, flow, headOf } from '#kernel/model/flow/index.ts'

const plan = resource('kit.plan', {
  label: '配置计划',
  title: 'name',
  owner: { person: 'applicant', department: 'department' },
  approval: 'kit.ordinary',
  fields: {
    applicant: person('申请人', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    name: text('名称', { required: true, max: 100 }),
    year: integer('年度', { min: 2000, max: 2100 }),
    items: rows('设备', { device: text('设备', { required: true }), count: integer('台数', { required: true, min: 1 }) }, { rowTitle: 'device' }),
  },
  list: { columns: ['name', 'department', 'year', 'items'], filters: ['year'] },
})
const room = resource('kit.room', { label: '库房', title: 'name', fields: { name: text('名称', { required: true }) } })
const loan = resource('kit.loan', {
  label: '借用登记',
  title: 'name',
  owner: { person: 'applicant', department: 'department' },
  approval: 'kit.chosen',
  fields: { applicant: person('申请人', { required: true, default: 'me' }), department: unit('科室', { from: 'applicant.unit' }), name: text('名称', { required: true }) },
})
const device = resource('kit.device', { label: '在库设备', title: 'name', fields: { name: text('名称', { required: true }), room: reference('库房', 'kit.room') } })
const shelf = resource('kit.shelf', { label: '货架', title: 'name', fields: { name: text('名称', { required: true }), room: reference('库房', 'kit.room', { required: true, onDelete: 'withParent' }) } })
export default module('kit', {
  label: '配置',
  resources: [plan, loan, room, device, shelf],
  flows: [flow('kit.ordinary', { label: '配置审批', steps: [approve('head', '科主任审核', { by: headOf('department') })] }), flow('kit.chosen', { label: '借用审批', steps: [approve('mentor', '带教老师意见', { by: chosenByApplicant(headOf(), 1) })] })],
  roles: {
    staffMember: [plan, loan].flatMap((one) => [may.readOwn(one), may.create(one), may.update(one), may.delete(one)]),
    departmentHead: [may.read(plan, 'myUnits')],
    medicalOffice: [plan, loan].flatMap((one) => [may.all(one), may.writeDirectly(one)]).concat([room, device, shelf].flatMap((one) => [may.all(one), may.purge(one)])),
  },
  menu: [group('配置', [ledger(plan), ledger(loan), ledger(room)])],
})
`
const { by } = stage(declaration)

/** A plan of zhanght, in force. */
const plan = (name: string) =>
  by('zhoumin', async (v) => {
    const people = await call<{ options: { id: string }[] }>(
      v,
      'GET',
      `/api/choices/directory.person?search=${encodeURIComponent('张海涛')}`,
    )
    const items = ['监护仪', '呼吸机', '除颤仪'].map((device, i) => ({ device, count: i + 1 }))
    const draft = { applicant: people.body.options[0]!.id, name, year: 2026, items }
    const made = await call<{ record: { id: string } }>(v, 'POST', '/api/records/kit.plan/directly', { draft, reason: '纸质批件补录' })
    expect(made.status).toBe(201)
    return made.body.record.id
  })

test('one request changes many records: chosen in the list, told record by record, decided by the head as a whole', async () => {
  const ids = [await plan('骨科监护设备'), await plan('骨科手术设备'), await plan('骨科康复设备')]
  await by('zhanght', async (v) => {
    await v.goto('/r/kit.plan')
    await v.page.getByText('骨科监护设备').first().waitFor()
    await v.page.getByRole('checkbox').first().click()
    await v.page.getByRole('button', { name: '批量申请变更' }).click()
    const dialog = v.page.getByRole('dialog')
    await dialog.getByRole('combobox').first().click()
    await v.page.locator('.ant-select-item-option').getByText('年度').click()
    await dialog.locator('#batch-year').fill('2027')
    await dialog.getByLabel('理由').fill('预算下达推迟一年')
    await v.picture('batch-change-desk')
    await dialog.getByRole('button', { name: '提交申请' }).click()
    await v.page.getByText('3 条全部成功').waitFor()
  })
  const decide = async (size: 'desk' | 'phone') =>
    by(
      'liwd',
      async (v) => {
        await v.goto('/tasks')
        await v.page.getByText('（3 条）').first().click()
        await v.page.getByText('变更内容 · 3 条').waitFor()
        await v.picture(`batch-approval-${size}`)
        if (size === 'phone') return
        await v.page.getByRole('button', { name: '同意' }).click()
        await v.page.getByText('已批准').first().waitFor()
      },
      size,
    )
  await decide('phone')
  await decide('desk')
  await by('zhanght', async (v) => {
    const years = await Promise.all(ids.map((id) => call<{ record: { year: number } }>(v, 'GET', `/api/records/kit.plan/${id}`)))
    expect(years.map(({ body }) => body.record.year)).toEqual([2027, 2027, 2027])
  })
}, 180_000)

test('where the flow lets the applicant choose who decides, a change asks for him on the desk and a deletion on the phone', async () => {
  const id = await by('zhoumin', async (v) => {
    const people = await call<{ options: { id: string }[] }>(
      v,
      'GET',
      `/api/choices/directory.person?search=${encodeURIComponent('张海涛')}`,
    )
    const draft = { applicant: people.body.options[0]!.id, name: '便携超声' }
    const made = await call<{ record: { id: string } }>(v, 'POST', '/api/records/kit.loan/directly', { draft, reason: '纸质批件补录' })
    expect(made.status).toBe(201)
    return made.body.record.id
  })
  await by('zhanght', async (v) => {
    await v.goto(`/r/kit.loan/${id}/edit`)
    await v.page.getByLabel('名称').fill('便携超声 B')
    await v.page.getByRole('button', { name: '提交变更申请' }).click()
    const dialog = v.page.getByRole('dialog')
    await dialog.getByText('选择办理人').waitFor()
    await dialog.getByRole('button', { name: '提交' }).click()
    await dialog.getByText('请选择由谁办理“带教老师意见”').waitFor()
    await v.picture('change-choose-desk')
    await dialog.getByRole('combobox').click()
    await v.page.locator('.ant-select-item-option').first().click()
    await dialog.getByRole('button', { name: '提交' }).click()
    await v.page.getByText('变更申请审批中').waitFor()
  })
  await by('liwd', async (v) => {
    await v.goto('/tasks')
    await v.page.getByText('便携超声').first().click()
    await v.page.getByRole('button', { name: '同意' }).click()
    await v.page.getByText('已批准').first().waitFor()
  })
  await by(
    'zhanght',
    async (v) => {
      await v.goto(`/r/kit.loan/${id}`)
      await v.page.getByRole('button', { name: '更多操作' }).click()
      await v.page.getByRole('menuitem', { name: '申请删除' }).click()
      await v.page.getByLabel('理由').fill('已归还')
      await v.page.getByRole('button', { name: '提交申请' }).click()
      const dialog = v.page.getByRole('dialog').filter({ hasText: '选择办理人' })
      await dialog.getByRole('combobox').click()
      await v.page.locator('.ant-select-item-option').first().click()
      await v.picture('deletion-choose-phone')
      await dialog.getByRole('button', { name: '提交' }).click()
      await v.page.getByText('删除申请审批中').waitFor()
    },
    'phone',
  )
}, 120_000)

test('a change of a sub-table is asked for row by row, and the decider reads it row by row', async () => {
  const id = await plan('骨科急救设备')
  await by('zhanght', async (v) => {
    await v.goto(`/r/kit.plan/${id}/edit`)
    const row = v.page.locator('.x-rows tbody tr')
    await row.first().locator('input').nth(1).fill('6')
    await v.page.getByRole('button', { name: '删除第 2 行' }).click()
    await v.page.getByText('添加一行').click()
    await row.nth(2).locator('input').first().fill('输液泵')
    await row.nth(2).locator('input').nth(1).fill('8')
    await v.page.getByRole('button', { name: '提交变更申请' }).click()
    await v.page.getByText('变更申请审批中').waitFor()
  })
  for (const size of ['desk', 'phone'] as const)
    await by(
      'liwd',
      async (v) => {
        await v.goto(`/r/kit.plan/${id}`)
        await v.page.getByText(/变更申请审批中/).click()
        await v.page.getByText('变更内容').waitFor()
        for (const word of ['新增', '修改', '删除']) await v.page.locator('.x-row-changes').getByText(word, { exact: true }).waitFor()
        expect(await v.page.locator('.x-row-changes li').count()).toBe(3)
        await v.picture(`row-changes-${size}`)
      },
      size,
    )
}, 120_000)

test('before a deletion the page says what points at the record; afterwards it says 已删除, and what was deleted along comes back', async () => {
  await by('zhoumin', async (v) => {
    const make = async (noun: string, draft: object) => {
      const made = await call<{ record: { id: string } }>(v, 'POST', `/api/records/kit.${noun}`, draft)
      return made.body.record.id
    }
    const room = await make('room', { name: '设备东库' })
    const device = await make('device', { name: '备用监护仪', room })
    const shelf = await make('shelf', { name: '一号货架', room })
    await v.goto(`/r/kit.room/${room}`)
    await v.page.getByRole('button', { name: '更多操作' }).click()
    await v.page.getByText('删除', { exact: true }).click()
    await v.page.getByText('一起删除').waitFor()
    await v.page.getByText('备用监护仪').waitFor()
    await v.picture('pointing-before-deletion-desk')
    await v.page
      .getByRole('dialog')
      .getByRole('button', { name: /删\s*除/ })
      .click()
    await v.page.getByText('已移入回收站').waitFor()
    await v.goto(`/r/kit.device/${device}`)
    await v.page.getByText('设备东库（已删除）').waitFor()
    await v.goto(`/r/kit.room/${room}`)
    await v.page.getByText('仍引用它的记录').waitFor()
    await v.picture('pointing-deleted-desk')
    await v.page.getByRole('button', { name: '恢复' }).click()
    await v.page.getByText('已恢复').waitFor()
    const back = await call<{ record: { deletedAt: string | null } }>(v, 'GET', `/api/records/kit.shelf/${shelf}`)
    expect(back.body.record.deletedAt).toBeNull()
  })
}, 120_000)

test('on the phone many records are chosen, changed by one request, returned, mended for all of them and sent again', async () => {
  const ids = [await plan('骨科输液设备'), await plan('骨科搬运设备')]
  const instance = await by('zhanght', async (v) => {
    await v.goto('/r/kit.plan')
    await v.page.getByRole('button', { name: '选择', exact: true }).click()
    for (const name of ['骨科输液设备', '骨科搬运设备']) await v.page.getByRole('checkbox', { name: new RegExp(name) }).click()
    await v.page.getByText('已选 2 项').waitFor()
    await v.picture('batch-choose-phone')
    await v.page.getByRole('button', { name: '批量申请变更' }).click()
    const dialog = v.page.getByRole('dialog')
    await dialog.getByRole('combobox').first().click()
    await v.page.locator('.ant-select-item-option').getByText('年度').click()
    await dialog.locator('#batch-year').fill('2029')
    await dialog.getByLabel('理由').fill('推迟采购')
    await v.picture('batch-change-phone')
    await dialog.getByRole('button', { name: '提交申请' }).click()
    await v.page.getByText('2 条全部成功').waitFor()
    const tasks = await call<{ rows: { instance: string; title: string }[] }>(v, 'GET', '/api/tasks?view=mine')
    return tasks.body.rows.find(({ title }) => title.includes('（2 条）'))!.instance
  }, 'phone') // prettier-ignore
  await by('liwd', async (v) => {
    await v.goto(`/approvals/${instance}`)
    await v.page.getByRole('button', { name: '退回' }).click()
    await v.page.getByRole('dialog').getByLabel('退回的理由').fill('请改为 2028 年')
    await v.page.getByRole('dialog').getByRole('button', { name: /退回/ }).last().click()
    await v.page.getByText('已退回').filter({ visible: true }).first().waitFor()
  })
  await by('zhanght', async (v) => {
    await v.goto(`/approvals/${instance}`)
    await v.page.getByRole('button', { name: '修改', exact: true }).click()
    await v.page.locator('.x-form-aside').getByText('请改为 2028 年').waitFor()
    await v.page.getByText('修改的内容用于这份申请的全部 2 条记录。').waitFor()
    await v.page.locator('[data-field="year"] input').fill('2028')
    await v.page.getByLabel('修改说明').fill('已按意见修改')
    await v.picture('mend-batch-phone')
    await v.page.getByRole('button', { name: '重新提交' }).click()
    await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
  }, 'phone') // prettier-ignore
  await by('liwd', async (v) => {
    await v.goto(`/approvals/${instance}`)
    await v.page.getByRole('button', { name: '同意' }).click()
    await v.page.getByText('已批准').first().waitFor()
    const years = await Promise.all(ids.map((id) => call<{ record: { year: number } }>(v, 'GET', `/api/records/kit.plan/${id}`)))
    expect(years.map(({ body }) => body.record.year)).toEqual([2028, 2028])
  })
}, 180_000)

test('a change that came back is mended on its own form, with words, a picture and a colleague named; before and after are shown anew', async () => {
  const id = await plan('骨科手术显微镜')
  await by('zhanght', async (v) => {
    await v.goto(`/r/kit.plan/${id}/edit`)
    await v.page.locator('[data-field="year"] input').fill('2031')
    await v.page.getByLabel('变更的理由').fill('预算推迟，请 ')
    await v.page.getByRole('button', { name: '@ 提到同事' }).click()
    await v.page.locator('#submit-remark').pressSequentially('李卫东')
    await v.page.locator('.ant-mentions-dropdown-menu-item', { hasText: '李卫东' }).filter({ visible: true }).first().click()
    await v.page
      .locator('.x-submit-remark input[type=file]')
      .first()
      .setInputFiles({ name: '通知.png', mimeType: 'image/png', buffer: onePixel })
    await v.page.getByText('通知.png').waitFor()
    await v.picture('change-reason-desk')
    await v.page.getByRole('button', { name: '提交变更申请' }).click()
    await v.page.getByText('变更申请审批中').waitFor()
  })
  await by('liwd', async (v) => {
    await v.goto('/messages')
    await v.page
      .getByText(/张海涛 在意见中提到您/)
      .first()
      .waitFor()
    await v.goto(`/r/kit.plan/${id}`)
    await v.page.getByText(/变更申请审批中/).click()
    await v.page.getByText('理由：预算推迟，请 @李卫东').waitFor()
    await v.page.getByRole('button', { name: '退回' }).click()
    await v.page.getByRole('dialog').getByLabel('退回的理由').fill('台数也要调整')
    await v.page.getByRole('dialog').getByRole('button', { name: /退回/ }).last().click()
    await v.page.getByText('已退回').filter({ visible: true }).first().waitFor()
  })
  for (const size of ['phone', 'desk'] as const)
    await by('zhanght', async (v) => {
      await v.goto(`/r/kit.plan/${id}`)
      await v.page.getByText(/变更申请审批中/).click()
      await v.page.getByRole('button', { name: '修改', exact: true }).click()
      await v.page.locator('.x-form-aside').getByText('台数也要调整').waitFor()
      expect(await v.page.locator('[data-field="year"] input').inputValue()).toMatch(/2,?031/)
      await v.picture(`mend-change-${size}`)
      if (size === 'phone') return
      await v.page.locator('.x-rows tbody tr').filter({ visible: true }).first().locator('input').nth(1).fill('9')
      await v.page.getByLabel('修改说明').fill('已调整')
      await v.page.getByRole('button', { name: '重新提交' }).click()
      await v.page.locator('.x-row-changes').getByText('修改', { exact: true }).waitFor()
      await v.picture('mended-change-desk')
    }, size) // prettier-ignore
}, 240_000)
