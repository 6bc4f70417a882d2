import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#app/testing/chromium.ts'
import { acting, call, moduleOutside } from './acting.ts'
import { startProgram, type Running, type Size, type Visitor } from './running.ts'

const declaration = `
import { choice, date, integer, may, module, person, resource, text, unit, group, ledger } from '#model'
import { approve, flow, headOf, notify, people, role, workingDays, remind, escalate, upper } from '#kernel/model/flow/index.ts'

const lecture = resource('talks.lecture', {
  label: '院外讲学',
  title: 'topic',
  owner: { person: 'speaker', department: 'department' },
  approval: 'talks.lecture',
  fields: {
    speaker: person('讲者', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'speaker.unit' }),
    topic: text('题目', { required: true, max: 100 }),
    host: text('邀请单位', { required: true, max: 100 }),
    kind: choice('类别', { domestic: '国内', abroad: '国外' }, { required: true, default: 'domestic' }),
    heldOn: date('日期', { required: true }),
    hours: integer('课时', { required: true, min: 1, max: 40 }),
  },
  list: { columns: ['speaker', 'topic', 'host', 'kind', 'heldOn', 'hours'], filters: ['kind'] },
})
const acts = ['approve', 'reject', 'return', 'transfer', 'addApprover', 'removeApprover', 'delegateTask', 'takeBack', 'copyTo', 'consult', 'bulkDecide'] as const
export default module('talks', {
  label: '讲学',
  resources: [lecture],
  flows: [
    flow('talks.lecture', {
      label: '院外讲学审批',
      steps: [
        approve('head', '科主任审核', { by: headOf(), mayEdit: ['hours'], acts, limit: workingDays(2), onTimeout: [remind(workingDays(-1)), escalate(upper(1))] }),
        approve('office', '{medicalOffice}审核', { by: role('medicalOffice'), acts }),
        notify('applicant'),
      ],
    }),
    flow('talks.abroad', { label: '国外讲学审批', steps: [approve('office', '{medicalOffice}审核', { by: role('medicalOffice'), acts })] }),
  ],
  roles: { staffMember: [may.readOwn(lecture), may.create(lecture), may.update(lecture)], departmentHead: [may.read(lecture, 'myUnits')], medicalOffice: [may.read(lecture)] },
  menu: [group('讲学', [ledger(lecture)])],
})
`

describe('approvals, by hand', () => {
  let browser: Browser
  let program: Running
  let folder = ''
  const as = <T>(account: string, size: Size, part: (v: Visitor) => Promise<T>) => acting({ browser, program }, account, size, part)
  const apply = (v: Visitor, topic: string, more: object = {}) =>
    call<{ record: { id: string; flow: { instance: string } } }>(v, 'POST', '/api/records/talks.lecture', {
      topic,
      host: '省医学会',
      heldOn: '2027-03-01',
      hours: 4,
      ...more,
    })
  const press = async (v: Visitor, name: string) => v.page.getByRole('button', { name, exact: true }).first().click()
  /** One act out of the bar or out of 更多. */
  async function choose(v: Visitor, name: string): Promise<void> {
    const direct = v.page.locator('.x-acts').getByRole('button', { name, exact: true })
    await v.page.locator('.x-acts').waitFor()
    if (await direct.count()) return direct.click()
    await v.page.getByRole('button', { name: '更多操作' }).last().click()
    await v.page.getByRole('menuitem', { name, exact: true }).click()
  }
  const dialog = (v: Visitor) => v.page.getByRole('dialog')
  async function person(v: Visitor, name: string): Promise<void> {
    await dialog(v).getByRole('combobox').first().fill(name)
    await v.page.locator('.ant-select-item-option', { hasText: name }).first().click()
  }
  const confirm = async (v: Visitor, name: string) =>
    dialog(v)
      .getByRole('button', { name: new RegExp(name) })
      .last()
      .click()
  const open = async (v: Visitor, title: string, view = '') => {
    await v.goto(`/tasks${view}`)
    await v.page.getByRole('link', { name: title }).first().click()
    await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
  }

  beforeAll(async () => {
    browser = await launchBrowser()
    folder = await moduleOutside(declaration)
    program = await startProgram({ env: { XINGLIN_EXTRA_MODULES: folder } })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await program?.[Symbol.asyncDispose]()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  test('a request is returned, resumed, delegated, counter-signed, taken back and approved by five people on desk and phone', async () => {
    await as('zhanght', 'phone', async (v) => {
      expect((await apply(v, '关节置换术后康复')).status).toBe(201)
      await v.goto('/start')
      await v.page.getByRole('link', { name: '院外讲学' }).first().waitFor()
      await v.picture('approvals-start-phone')
    })
    await as('liwd', 'phone', async (v) => {
      await open(v, '张海涛的院外讲学')
      await v.picture('approvals-decide-phone')
      await choose(v, '退回')
      await confirm(v, '退回')
      await dialog(v).getByText('请填写退回的理由').waitFor()
      await dialog(v).getByLabel('退回的理由').fill('请写明邀请函编号')
      await confirm(v, '退回')
      await v.page.getByText('已退回').filter({ visible: true }).first().waitFor()
    })
    await as('zhanght', 'desk', async (v) => {
      await open(v, '张海涛的院外讲学', '?view=mine')
      await v.picture('approvals-returned-desk')
      await v.page.getByRole('checkbox', { name: '直接送回退回人' }).check()
      await press(v, '签名并重新提交')
      const pad = v.page.locator('canvas')
      await pad.waitFor()
      const box = (await pad.boundingBox())!
      await v.page.mouse.move(box.x + 40, box.y + 40)
      await v.page.mouse.down()
      await v.page.mouse.move(box.x + 160, box.y + 90, { steps: 8 })
      await v.page.mouse.up()
      await confirm(v, '确认|签名|完成')
      await v.page.getByText('已重新提交').waitFor()
    })
    await as('liwd', 'desk', async (v) => {
      await open(v, '张海涛的院外讲学')
      await v.picture('approvals-decide-desk')
      await choose(v, '委派')
      await person(v, '何秀兰')
      await v.picture('approvals-delegate-desk')
      await confirm(v, '委派')
      await v.page.getByText('已委派').waitFor()
    })
    await as('hexl', 'phone', async (v) => {
      await open(v, '张海涛的院外讲学')
      await v.page.getByLabel('意见').fill('时间不冲突')
      await press(v, '存为常用语')
      await press(v, '同意')
      await v.page.getByText('已提交').waitFor()
    })
    await as('liwd', 'desk', async (v) => {
      await open(v, '张海涛的院外讲学')
      await choose(v, '加签')
      await person(v, '方国梁')
      await confirm(v, '加签')
      await v.page.getByText('已加签').waitFor()
    })
    await as('fanggl', 'phone', async (v) => {
      await open(v, '张海涛的院外讲学')
      await press(v, '同意')
      await v.page.getByText('已提交').waitFor()
    })
    await as('liwd', 'phone', async (v) => {
      await open(v, '张海涛的院外讲学')
      await press(v, '同意')
      await v.page.getByText('已提交').waitFor()
      await choose(v, '收回“同意”')
      await confirm(v, '收回')
      await v.page.getByText('已收回').waitFor()
      await press(v, '同意')
      await v.page.getByText('已提交').filter({ visible: true }).first().waitFor()
    })
    await as('zhoumin', 'desk', async (v) => {
      await open(v, '张海涛的院外讲学')
      await v.picture('approvals-path-desk')
      await press(v, '同意')
      await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
    })
  }, 180_000)

  test('an approved record is changed by a request that shows before and after', async () => {
    const id = await as('zhanght', 'desk', async (v) => {
      const { body } = await call<{ rows: { id: string }[] }>(v, 'GET', '/api/records/talks.lecture')
      await v.goto(`/r/talks.lecture/${body.rows[0]!.id}`)
      await press(v, '申请变更')
      await v.page.getByLabel('课时').fill('6')
      await press(v, '提交变更申请')
      await v.page.getByText('变更申请审批中').waitFor()
      await v.picture('approvals-changing-desk')
      return body.rows[0]!.id
    })
    await as('liwd', 'phone', async (v) => {
      await open(v, '张海涛的院外讲学变更')
      await v.page.getByRole('heading', { name: '变更内容' }).waitFor()
      await v.picture('approvals-change-phone')
      await press(v, '同意')
      await v.page.getByText('已提交').waitFor()
    })
    await as('zhoumin', 'desk', async (v) => {
      await open(v, '张海涛的院外讲学变更')
      await v.picture('approvals-change-desk')
      await press(v, '同意')
      await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
      const { body } = await call<{ record: { hours: number } }>(v, 'GET', `/api/records/talks.lecture/${id}`)
      expect(body.record.hours).toBe(6)
    })
  }, 120_000)

  test('while the head is away a stand-in decides in his name; many are decided at once; work stands in views', async () => {
    await as('zhanght', 'desk', async (v) => {
      for (const topic of ['骨盆骨折', '运动损伤', '骨质疏松']) expect((await apply(v, topic)).status).toBe(201)
    })
    await as('liwd', 'desk', async (v) => {
      await v.goto('/me/stand-ins')
      await press(v, '新建委托')
      await confirm(v, '委托')
      await dialog(v).getByText('请选择在职人员').waitFor()
      await person(v, '何秀兰')
      await dialog(v)
        .getByLabel('结束日期')
        .fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10))
      await dialog(v).getByLabel('原因').fill('外出开会')
      await v.picture('approvals-stand-in-desk')
      await confirm(v, '委托')
      await v.page.getByText('委托 何秀兰').waitFor()
    })
    await as('hexl', 'desk', async (v) => {
      await v.goto('/tasks?view=standIn')
      await v.page.getByText('代 李卫东').filter({ visible: true }).first().waitFor()
      await v.picture('approvals-stand-in-tasks-desk')
      await v.page.getByRole('link', { name: '张海涛的院外讲学' }).first().click()
      await v.page.getByText('代 李卫东 审批').waitFor()
      await press(v, '同意')
      await v.page.getByText('已提交').waitFor()
    })
    await as('liwd', 'desk', async (v) => {
      await v.goto('/tasks')
      await press(v, '全选可批量的 2 件')
      await v.picture('approvals-bulk-desk')
      await press(v, '同意 2 件')
      await confirm(v, '同意')
      await v.page.getByText('2 件已同意').waitFor()
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/tasks?view=mine')
      await v.page.getByText('等 周敏').filter({ visible: true }).first().waitFor()
      await v.picture('approvals-mine-phone')
    })
  }, 120_000)

  test('the system officer binds a flow by a condition, and the next request takes it', async () => {
    await as('sysadmin', 'desk', async (v) => {
      await v.goto('/flows/bindings')
      await v.page.getByRole('heading', { name: '新增' }).waitFor()
      await v.picture('approvals-bindings-desk')
      const abroad = { label: '国外', filter: { field: 'kind', op: 'eq', value: 'abroad' }, flow: 'talks.abroad', enabled: true }
      expect((await call(v, 'PUT', '/api/flow-bindings/talks.lecture/new', { bindings: [abroad] })).status).toBe(200)
      await v.goto('/flows/incidents')
      await v.page.getByText('没有停滞的审批').waitFor()
    })
    await as('zhanght', 'desk', async (v) => {
      expect((await apply(v, '国外交流', { kind: 'abroad' })).status).toBe(201)
      await v.goto('/tasks?view=mine')
      await v.page.getByText('国外讲学审批').filter({ visible: true }).first().waitFor()
    })
  }, 60_000)
})
