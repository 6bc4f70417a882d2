import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#app/testing/chromium.ts'
import { acting, call, moduleOutside } from './acting.ts'
import { startProgram, type Running, type Size, type Visitor } from './running.ts'

const declaration = `
import { choice, date, group, integer, ledger, may, module, person, resource, rows, text, unit } from '#model'
import { approve, flow, headOf, notify, role, seal } from '#kernel/model/flow/index.ts'

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
    hours: integer('课时', { required: true, min: 1, max: 40, unit: '学时' }),
    sessions: rows('讲次', { name: text('讲题', { required: true }), minutes: integer('时长', { unit: '分钟' }) }),
  },
  list: { columns: ['speaker', 'topic', 'host', 'kind', 'heldOn', 'hours'], filters: ['kind'] },
})
const acts = ['approve', 'reject', 'return', 'transfer', 'takeBack', 'copyTo', 'consult', 'bulkDecide'] as const
export default module('talks', {
  label: '讲学',
  resources: [lecture],
  flows: [
    flow('talks.lecture', {
      label: '院外讲学审批',
      title: '{speaker}赴{host}讲学：{topic}',
      summary: ['{heldOn}', '{kind}', '{hours} 学时'],
      steps: [
        approve('head', '科主任审核', { by: headOf(), acts }),
        approve('office', '{medicalOffice}审核', { by: role('medicalOffice'), sign: true, acts }),
        seal('stamp', '盖{medicalOffice}章', { by: role('medicalOffice'), seal: '医务处章' }),
        notify('applicant'),
      ],
    }),
  ],
  roles: { staffMember: [may.readOwn(lecture), may.create(lecture)], departmentHead: [may.read(lecture, 'myUnits')], medicalOffice: [may.read(lecture)] },
  menu: [group('讲学', [ledger(lecture)])],
})
`
/** 64 × 48 points: what a phone would photograph. */
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAAWklEQVR42u3UQQ0AIAwEwcpGBO+KwAsekIIC/m2Y5AzM4zbGzNYLAAAAgIKAs1fNfQPwAQAnBlAhFVIhJ1YhJwZQIQAVUiEVcmIVcmIAFQJQIRUCAAAAAHjsArvZuVNBx3yTAAAAAElFTkSuQmCC',
  'base64',
)

describe('what is said and shown in an approval, by hand', () => {
  let browser: Browser
  let program: Running
  let folder = ''
  const as = <T>(account: string, size: Size, part: (v: Visitor) => Promise<T>) => acting({ browser, program }, account, size, part)
  const seen = (v: Visitor, text: string | RegExp) => v.page.getByText(text).filter({ visible: true }).first().waitFor()
  const press = (v: Visitor, name: string) => v.page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().click()
  const title = '张海涛赴省医学会讲学：关节置换术后康复'
  const open = async (v: Visitor, view = '') => {
    await v.goto(`/tasks${view}`)
    await v.page.getByRole('link', { name: title }).first().click()
    await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
  }
  async function mention(v: Visitor, field: string, name: string): Promise<void> {
    await v.page.getByRole('button', { name: '@ 提到同事' }).filter({ visible: true }).click()
    await v.page.locator(`#${field}`).pressSequentially(name)
    await v.page.locator('.ant-mentions-dropdown-menu-item', { hasText: name }).filter({ visible: true }).first().click()
  }
  async function attach(v: Visitor): Promise<void> {
    await v.page
      .locator('.x-opinion-more input[type=file]')
      .first()
      .setInputFiles({ name: '邀请函.png', mimeType: 'image/png', buffer: photo })
    await v.page.getByRole('button', { name: '移除 邀请函.png' }).waitFor()
  }
  async function sign(v: Visitor): Promise<void> {
    const box = (await v.page.locator('canvas').boundingBox())!
    await v.page.mouse.move(box.x + 40, box.y + 40)
    await v.page.mouse.down()
    await v.page.mouse.move(box.x + 90, box.y + 90, { steps: 6 })
    await v.page.mouse.move(box.x + 160, box.y + 50, { steps: 8 })
    await v.page.mouse.up()
    await press(v, '使用这个签名')
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

  test('a head approves with a picture and names a colleague on the phone; the colleague reads it, and everybody sees that', async () => {
    await as('zhanght', 'desk', async (v) => {
      const draft = {
        topic: '关节置换术后康复',
        host: '省医学会',
        heldOn: '2027-03-01',
        hours: 4,
        sessions: [
          { name: '早期活动', minutes: 45 },
          { name: '疼痛管理', minutes: 45 },
        ],
      }
      expect((await call(v, 'POST', '/api/records/talks.lecture', draft)).status).toBe(201)
    })
    await as('liwd', 'phone', async (v) => {
      await v.goto('/tasks')
      await seen(v, '2027-03-01 · 国内 · 4 学时')
      await v.picture('opinions-tasks-phone')
      await open(v)
      await v.page.locator('#opinion').fill('邀请函已核对，')
      await mention(v, 'opinion', '何秀兰')
      await attach(v)
      await v.picture('opinions-write-phone')
      await press(v, '同意')
      await seen(v, '已提交')
    })
    await as('hexl', 'desk', async (v) => {
      await v.goto('/messages')
      await seen(v, '李卫东 在意见中提到您')
      await open(v, '?view=copied')
      await v.page.getByText('全部经过').click()
      await v.page.locator('.x-named', { hasText: '@何秀兰' }).waitFor()
      await v.page.getByRole('button', { name: '看大图 1' }).first().waitFor()
      await v.picture('opinions-chain-desk')
      await press(v, '已阅')
      await v.page.locator('.x-copies', { hasText: '已阅' }).waitFor()
    })
    await as('zhanght', 'phone', async (v) => {
      await open(v, '?view=mine')
      await v.page.getByText('全部经过').click()
      await v.page.locator('.x-chain', { hasText: '何秀兰 已阅' }).waitFor()
      await v.picture('opinions-read-phone')
    })
  }, 120_000)

  test('an officer asks back with a mention at the desk, and signs', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await open(v)
      await v.page.getByRole('button', { name: '更多操作' }).last().click()
      await v.page.getByRole('menuitem', { name: '征求意见', exact: true }).click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByRole('combobox').first().fill('方国梁')
      await v.page.locator('.ant-select-item-option', { hasText: '方国梁' }).first().click()
      await v.page.locator('#act-words').fill('与学术年会冲突吗')
      await v.picture('opinions-ask-desk')
      await dialog
        .getByRole('button', { name: /发\s?出/ })
        .last()
        .click()
      await seen(v, '已发出')
      await v.page.locator('#opinion').fill('同意外出讲学')
      await press(v, '签名同意')
      await sign(v)
      await seen(v, '已提交')
    })
  }, 90_000)

  test('the seal is put on, and the 审批单 prints on A4 with page numbers, signatures and the use of the seal', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await open(v)
      await press(v, '盖章')
      await v.page.getByRole('dialog').getByRole('button', { name: '已盖章' }).last().click()
      await seen(v, '已登记用印')
      await open(v, '?view=done')
      await press(v, '打印审批单')
      await v.page.getByRole('heading', { name: '用印登记' }).waitFor()
      await v.page.waitForFunction(() =>
        [...document.querySelectorAll<HTMLImageElement>('.x-paper img')].every((one) => one.complete && one.naturalWidth > 0),
      )
      await v.picture('opinions-print-desk')
      const pdf = await v.page.pdf({
        preferCSSPageSize: true,
        printBackground: true,
        path: join(import.meta.dirname, '..', 'reports', 'pictures', 'opinions-print.pdf'),
      })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      // A4 in points, and no page beyond what is filled.
      expect(pdf.toString('latin1')).toMatch(/MediaBox ?\[0 0 59[45][.\d]* 84[12]/)
    })
    await as('zhanght', 'phone', async (v) => {
      await open(v, '?view=mine')
      await v.page.getByRole('button', { name: '打印审批单' }).click()
      await v.page.getByRole('heading', { name: '院外讲学审批单' }).waitFor()
      await v.picture('opinions-print-phone')
    })
  }, 90_000)

  test('a secretary fills in several requests at the desk, the surgeon signs them together on the phone', async () => {
    const zhang = await as('zhanght', 'desk', async (v) => (await call<{ person: { id: string } }>(v, 'GET', '/api/me')).body.person.id)
    await as('hexl', 'desk', async (v) => {
      const path = `/api/privileges/applicable?practitioner=${zhang}`
      type Line = { id: string; granted: unknown; pending: unknown; overLevel: boolean; restricted: boolean }
      const { body } = await call<Line[]>(v, 'GET', path)
      const free = body.filter((line) => !line.granted && !line.pending && !line.overLevel && !line.restricted).slice(0, 3)
      for (const { id } of [...free, free[0]!]) {
        const draft = { kind: 'first', items: [{ procedure: id, casesAsOperator: 20 }] }
        expect((await call(v, 'POST', '/api/privileges/applications/prepare', { practitioner: zhang, draft })).status).toBe(201)
      }
      await v.goto('/me/prepared')
      await seen(v, '我代填的，等本人签名')
      await v.picture('prepared-secretary-desk')
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/tasks')
      await seen(v, /何秀兰已为您填好 4 份申请/)
      await v.page.getByRole('link', { name: '核对并签名' }).click()
      await seen(v, '签名提交 4 份')
      await v.picture('prepared-sign-phone')
      await press(v, '签名提交 4 份')
      await sign(v)
      await seen(v, /没有提交：已在申请/)
      await v.picture('prepared-signed-phone')
    })
    await as('zhanght', 'desk', async (v) => {
      await v.goto('/me/prepared')
      await seen(v, '签名提交 1 份')
      await v.picture('prepared-left-desk')
      await press(v, '不申请')
      await seen(v, '没有等您签名的申请')
    })
  }, 90_000)

  test('the start page keeps what is begun and liked for the person: marked at the desk, found on the phone', async () => {
    await as('zhanght', 'desk', async (v) => {
      await v.goto('/r/talks.lecture/new')
      await v.page.getByLabel('题目').fill('运动损伤的预防')
      await v.page.waitForResponse((answer) => answer.url().includes('/api/autosave/') && answer.request().method() === 'PUT')
      await v.goto('/start')
      await seen(v, '继续填写')
      const kept = v.page.waitForResponse((answer) => answer.url().endsWith('/api/start/favourites'))
      await v.page.getByRole('button', { name: '设为常用：院外讲学' }).first().click()
      expect((await kept).status()).toBe(200)
      await v.picture('start-desk')
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/start')
      await v.page.getByRole('heading', { name: '常用' }).waitFor()
      await v.picture('start-phone')
      await v.page.getByRole('heading', { name: '继续填写' }).waitFor()
      await v.page.locator('.x-drafts a').first().click()
      await v.page.waitForFunction(() => [...document.querySelectorAll('input')].some((one) => one.value === '运动损伤的预防'))
    })
  }, 90_000)
})
