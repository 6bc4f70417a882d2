import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#app/testing/chromium.ts'
import { acting, call, moduleOutside } from './acting.ts'
import { demoFolder, startProgram, type Running } from './running.ts'

/** The same register of two dates: its flow asks other people, or has one step more. */
const declaration = (steps: string) => `
import { date, group, ledger, may, module, person, resource, text, unit } from '#model'
import { approve, flow, headOf, role } from '#kernel/model/flow/index.ts'

const visit = resource('visits.visit', {
  label: '外出会诊',
  title: 'topic',
  owner: { person: 'doctor', department: 'department' },
  approval: 'visits.visit',
  fields: {
    doctor: person('医师', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'doctor.unit' }),
    topic: text('病情', { required: true, max: 100 }),
    on: date('日期', { required: true }),
  },
})
export default module('visits', {
  label: '会诊',
  resources: [visit],
  flows: [flow('visits.visit', { label: '外出会诊审批', steps: [${steps}] })],
  roles: { staffMember: [may.readOwn(visit), may.create(visit)], departmentHead: [may.read(visit, 'myUnits')] },
  menu: [group('会诊', [ledger(visit)])],
})
`
const byHead = `approve('review', '审核', { by: headOf() })`
const byOffice = `approve('review', '审核', { by: role('medicalOffice') })`
const more = `, approve('again', '复核', { by: role('medicalOffice') })`

let browser: Browser
let data = ''
const folders: string[] = []
beforeAll(async () => {
  browser = await launchBrowser()
  data = await demoFolder()
})
afterAll(async () => {
  await browser?.close()
  for (const folder of [data, ...folders]) await rm(folder, { recursive: true, force: true })
})
async function under<T>(steps: string, part: (program: Running) => Promise<T>): Promise<T> {
  const folder = await moduleOutside(declaration(steps))
  folders.push(folder)
  await using program = await startProgram({ data, env: { XINGLIN_EXTRA_MODULES: folder } })
  return await part(program)
}
const apply = (program: Running) =>
  acting({ browser, program }, 'zhanght', 'desk', async (v) => {
    expect((await call(v, 'POST', '/api/records/visits.visit', { topic: '疑难骨折', on: '2027-03-01' })).status).toBe(201)
  })

test('after an update the system officer sees what runs under the old version, moves it, and ends what cannot be moved', async () => {
  await under(byHead, apply)
  await under(byOffice, (program) =>
    acting({ browser, program }, 'sysadmin', 'desk', async (v) => {
      await v.goto('/flows/versions')
      await v.page.getByText('外出会诊审批').waitFor()
      await v.page.getByText('1 件进行中').waitFor()
      await v.page.getByRole('button', { name: '移到最新版本' }).click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByText('可以移').waitFor()
      await dialog.getByText('审批人改变：审核').waitFor()
      await dialog.getByText('不再审批：李卫东').waitFor()
      await v.picture('flow-versions-desk')
      await dialog.getByRole('button', { name: '移到第 2 版（1 件）' }).click()
      await dialog.getByText('1 件已处理').waitFor()
      await dialog.getByText('这个版本已没有进行中的申请').waitFor()
    }),
  )
  await under(byOffice + more, async (program) => {
    await acting({ browser, program }, 'sysadmin', 'desk', async (v) => {
      await v.goto('/flows/versions')
      await v.page.getByRole('button', { name: '移到最新版本' }).click()
      const dialog = v.page.getByRole('dialog').first()
      await dialog.getByText('不能移').waitFor()
      await dialog.getByText(/^复核：增加了步骤/).waitFor()
      await v.picture('flow-versions-refused-desk')
      await dialog.getByRole('button', { name: '终止并复制（1 件）' }).click()
      await v.page.getByLabel('理由').fill('增加复核')
      await v.page.getByRole('button', { name: '终止并复制', exact: true }).click()
      await dialog.getByText('1 件已处理').waitFor()
    })
    await acting({ browser, program }, 'zhanght', 'desk', async (v) => {
      await v.goto('/messages')
      await v.page
        .getByText(/请重新提交/)
        .first()
        .click()
      await v.page.getByLabel('病情').waitFor()
      expect(await v.page.getByLabel('病情').inputValue()).toBe('疑难骨折')
    })
  })
}, 240_000)
