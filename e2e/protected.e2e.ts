import { expect, test } from 'vitest'
import type { ApiRecord } from '#model'
import { call } from './acting.ts'
import type { Size, Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, sql } = stage()
const resource = 'staff.practitioner'
const surgeon = async (v: Visitor) =>
  (await call<{ rows: ApiRecord[] }>(v, 'GET', `/api/records/${resource}?search=${encodeURIComponent('张海涛')}`)).body.rows[0]!
const whole = /^\d{17}[\dX]$/

for (const size of ['desk', 'phone'] as Size[])
  test(`E0133 E0136 E0138 highly sensitive values look otherwise, stay masked, and open one by one for a reason (${size})`, async () => {
    await as('zhoumin', size, async (v) => {
      const { id, identityNumber } = await surgeon(v)
      expect(identityNumber).toMatch(/^\d{3}\*{11}[\dX]{4}$/)
      await v.goto(`/r/${resource}/${id}`)
      const place = v.page.locator('.x-of-highlySensitive', { hasText: '证件号码' })
      await place.getByText(String(identityNumber)).waitFor()
      await place.getByText('高敏感').waitFor()
      await v.picture(`protected-masked-${size}`)
      await place.getByRole('button', { name: '查看完整证件号码' }).click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByRole('button', { name: '查看', exact: true }).click()
      await dialog.getByRole('alert').getByText(/请写明.*原因/).waitFor()
      await dialog.getByRole('textbox').fill('办理执业注册')
      await v.picture(`protected-reason-${size}`)
      await dialog.getByRole('button', { name: '查看', exact: true }).click()
      await place.getByText(/秒后隐藏/).waitFor()
      expect((await place.locator('.opened').innerText()).trim()).toMatch(whole)
      await v.picture(`protected-opened-${size}`)
      await place.getByRole('button', { name: '隐藏证件号码' }).click()
      await place.getByText(String(identityNumber)).waitFor()
    })
    const kept = (await sql(`SELECT actor_name, detail FROM kernel.audit_entry WHERE act = 'field.open' ORDER BY at DESC LIMIT 1`)) as { rows: unknown[] }
    expect(kept.rows).toEqual([{ actor_name: '周敏', detail: { field: 'identityNumber', reason: '办理执业注册' } }])
  }) // prettier-ignore
