import { expect, test } from 'vitest'
import type { ApiRecord } from '#model'
import { call } from './acting.ts'
import type { Size, Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, sql } = stage(`
import { group, ledger, may, module, phone, resource, rows, text } from '#model'
const visit = resource('kin.visit', {
  label: '随访',
  title: 'topic',
  fields: {
    topic: text('事由', { required: true, max: 40 }),
    patient: text('患者姓名', { class: 'sensitive', search: true }),
    contacts: rows('联系人', { who: text('关系'), phone: phone('联系电话') }),
  },
  list: { columns: ['topic', 'patient'], sort: ['topic'] },
})
export default module('kin', {
  label: '随访',
  resources: [visit],
  roles: { medicalOffice: [may.all(visit, 'hospital', { show: ['patient'], open: ['contacts.phone'] })] },
  menu: [group('随访', [ledger(visit, { icon: 'book' })])],
})
`)
const contacts = [
  { who: '配偶', phone: '13912345678' },
  { who: '子女', phone: '13787654321' },
]
async function make(v: Visitor, topic: string, patient: string): Promise<string> {
  const { status, body } = await call<{ record: ApiRecord }>(v, 'POST', '/api/records/kin.visit', { topic, patient, contacts })
  expect(status).toBe(201)
  return body.record.id
}

for (const size of ['desk', 'phone'] as Size[])
  test(`a protected column of a sub-table stays masked, opens cell by cell for a reason, and is kept when the rest is changed (${size})`, async () => {
    await as('zhoumin', size, async (v) => {
      const { page } = v
      const id = await make(v, `术后随访 ${size}`, '欧阳若兰')
      await v.goto(`/r/kin.visit/${id}`)
      await page.getByText('139****5678').waitFor()
      await page.getByText('137****4321').waitFor()
      await v.picture(`cells-masked-${size}`)
      await page.getByRole('button', { name: '查看完整联系电话' }).first().click()
      await page.getByRole('dialog').getByRole('textbox').fill('通知复诊')
      await page.getByRole('dialog').getByRole('button', { name: '查看', exact: true }).click()
      await page.getByText('13912345678').waitFor()
      await page.getByText('137****4321').waitFor()
      await v.picture(`cells-opened-${size}`)
      await v.goto(`/r/kin.visit/${id}/edit`)
      await page.getByLabel('事由').fill(`复诊 ${size}`)
      await v.picture(`cells-form-${size}`)
      await page.getByRole('button', { name: '保存', exact: true }).click()
      await page.getByText(`复诊 ${size}`).first().waitFor()
      const opened = await call<{ value: string }>(v, 'POST', `/api/records/kin.visit/${id}/open`, {
        field: 'contacts.phone',
        row: (await call<{ record: { contacts: { id: string }[] } }>(v, 'GET', `/api/records/kin.visit/${id}`)).body.record.contacts[1]!.id,
        reason: '核对',
      })
      expect(opened.body.value).toBe('13787654321')
    })
    const kept = (await sql(`SELECT detail ->> 'reason' AS reason FROM kernel.audit_entry WHERE act = 'field.open' ORDER BY at DESC LIMIT 2`)) as { rows: unknown[] }
    expect(kept.rows).toEqual([{ reason: '核对' }, { reason: '通知复诊' }])
  }) // prettier-ignore

test('an encrypted name is found by two letters of it, in the list’s box; one letter is asked for another', async () => {
  for (const size of ['desk', 'phone'] as Size[])
    await as('zhoumin', size, async (v) => {
      const { page } = v
      await make(v, `门诊 ${size} 一`, '司马相如')
      await make(v, `门诊 ${size} 二`, '马相伯')
      await make(v, `门诊 ${size} 三`, '司空图')
      await v.goto('/r/kin.visit')
      await page.getByText(`门诊 ${size} 一`).first().waitFor()
      const box = page.getByRole('searchbox', { name: size === 'desk' ? '搜索随访' : '搜索', exact: true })
      await box.fill('马')
      await page.getByText('请输入至少两个字').waitFor()
      await v.picture(`name-one-letter-${size}`)
      await box.fill('马相')
      await page.getByText(`门诊 ${size} 二`).first().waitFor()
      await page.getByText(`门诊 ${size} 三`).first().waitFor({ state: 'detached' })
      await page.getByText(`门诊 ${size} 一`).first().waitFor()
      await v.picture(`name-found-${size}`)
    })
  const stored = (await sql(`SELECT count(*)::int AS plain FROM kin.visit v WHERE v::text LIKE '%司马相如%'`)) as { rows: unknown[] }
  expect(stored.rows).toEqual([{ plain: 0 }])
}) // prettier-ignore
