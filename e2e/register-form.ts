import { onePixel } from './acting.ts'
import type { Size, Visitor } from './running.ts'

/** The doctor's form, whatever the size: he fills in every kind of field and submits. */
export async function apply(v: Visitor, size: Size, resource: string, { topic, level }: { topic: string; level: string }): Promise<void> {
  const { page } = v
  const isPhone = size === 'phone'
  const sheet = page.getByRole('dialog')
  await v.goto(`/r/${resource}`)
  await page.getByText('还没有外出进修').waitFor()
  if (isPhone) await page.getByRole('link', { name: '新建外出进修' }).click()
  else await page.getByRole('button', { name: '新建外出进修' }).first().click()
  const submit = page.getByRole('button', { name: '提交审批' })
  await submit.click()
  await page.getByText('请填写进修内容').waitFor()
  await page.getByLabel('进修内容').fill(topic)
  await page.getByLabel('接收单位').fill('省人民医院')
  await page.getByRole('radio', { name: level }).click()
  if (isPhone) {
    await page.getByLabel('方式').click()
    await sheet.getByRole('option', { name: '临床' }).click()
    await sheet.getByRole('button', { name: '完成' }).click()
    await page.getByLabel('结束日期').click()
    await sheet.getByRole('button', { name: '确定' }).click()
  } else {
    await page.getByRole('checkbox', { name: '临床' }).check()
    await page.getByLabel('结束日期').fill('20200101')
    await page.getByLabel('结束日期').press('Enter')
    await page.getByLabel('天数').click()
    await page.getByText('结束日期不能早于开始日期').waitFor()
    await page.getByLabel('结束日期').fill('20991231')
    await page.getByLabel('结束日期').press('Enter')
  }
  // Full-width digits, as an input method leaves them.
  await page.getByLabel('天数').fill('１０')
  await page.getByLabel('学费').fill('3200.5')
  await page.getByText('80', { exact: true }).filter({ visible: true }).first().waitFor()
  await page.getByRole('radio', { name: '是', exact: true }).click()
  await submit.click()
  await page.getByText('请填写经费号').waitFor()
  await page.getByLabel('经费号').fill('KY-2026-07')
  await page.getByLabel('联系电话').fill('13900001111')
  await page.getByText(/添加一[行项]/).click()
  const lesson = isPhone ? sheet : page.locator('.x-rows tbody tr').first()
  await (isPhone ? sheet.getByLabel('课名') : lesson.locator('input').first()).fill('关节镜基础')
  await (isPhone ? sheet.getByLabel('成绩') : lesson.locator('input').nth(1)).fill('92')
  if (isPhone) await sheet.getByRole('button', { name: '完成' }).click()
  await page.locator('input[type=file]').first().setInputFiles({ name: '通知.png', mimeType: 'image/png', buffer: onePixel })
  await page.getByText('通知.png').filter({ visible: true }).first().waitFor()
  await page.getByLabel('心得').fill('先学基础，再上台。')
  await page.getByText('李卫东').filter({ visible: true }).first().waitFor()
  await v.picture(`register-form-${size}`)
  await submit.click()
  await page.getByText('审批中').filter({ visible: true }).first().waitFor()
  await page.getByText('关节镜基础').filter({ visible: true }).first().waitFor()
  await v.picture(`register-detail-${size}`)
}
