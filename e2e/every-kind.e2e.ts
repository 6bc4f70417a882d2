import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiRecord, RecordAnswer } from '#model'
import { call } from './acting.ts'
import { everyKind, fillEveryKind } from './every-kind-form.ts'
import type { Size, Visitor } from './running.ts'
import { stage } from './stage.ts'

const resource = 'kinds.thing'
const { by } = stage(everyKind)
const as = <T>(size: Size, part: (v: Visitor) => Promise<T>) => by('zhoumin', part, size)
beforeAll(() =>
  as('desk', async (v) => {
    const made = async (draft: object) => (await call<RecordAnswer>(v, 'POST', '/api/records/kinds.place', draft)).body.record.id
    const clinic = await made({ name: '门诊楼', code: 'A' })
    await made({ name: '三楼', code: 'A3', parent: clinic })
    await made({ name: '住院楼', code: 'B' })
  }),
)
const recordNamed = async (v: Visitor, name: string): Promise<ApiRecord> => {
  const { rows } = (await call<{ rows: ApiRecord[] }>(v, 'GET', `/api/records/${resource}`)).body
  return (await call<RecordAnswer>(v, 'GET', `/api/records/${resource}/${rows.find((row) => row['name'] === name)!.id}`)).body.record
}

describe.each([
  ['desk', '桌面样品'],
  ['phone', '手机样品'],
] as const)('on the %s', (size, name) => {
  test('every kind of field is filled in, told what is wrong at its tab, and saved', async () => {
    await as(size, async (v) => {
      const context = v.page.context()
      await context.grantPermissions(['geolocation'])
      await context.setGeolocation({ latitude: 22.543096, longitude: 114.057865, accuracy: 15 })
      await v.goto(`/r/${resource}/new`)
      await v.page.getByRole('tab', { name: '文件与明细' }).click()
      await v.page.getByRole('button', { name: '保存', exact: true }).click()
      // What is missing stands on another tab, which opens.
      await v.page.getByText('请填写名称').waitFor()
      await v.page.getByRole('tab', { name: /基本.*有填写问题/ }).waitFor()
      await fillEveryKind(v, size, name)
      await v.page.getByRole('button', { name: '保存', exact: true }).click()
      await v.page.getByText('巡查次数').filter({ visible: true }).first().waitFor()
      await v.page.getByText('叁仟贰佰元伍角整').waitFor()
      await v.page.locator('.x-code img').waitFor()
      await v.picture(`kinds-detail-${size}`)
      const record = await recordNamed(v, name)
      expect(record).toMatchObject({
        note: '<b>不是粗体</b>', amount: 12, weight: '1.500', fee: '3200.50', half: '1600.25', cases: 2, pain: 7, satisfaction: 4, period: { to: null }, isOpen: true, shown: true, level: 'two', ways: ['a'],
        branch: 'surgery/ortho', labels: ['疑难', '示教'], tone: '#1f6f78', mail: 'zhang@example.com', page: 'https://www.example.com/a', secret: '••••••',
        home: { code: '440305', region: '广东省深圳市南山区', detail: '科技园1号' }, spot: { lat: 22.543096, lon: 114.057865, accuracy: 15 }, code: 'DEV-2026-001', visits: 0,
      }) // prettier-ignore
      expect(record['story']).toMatchObject({ type: 'doc', content: [{ type: 'paragraph' }, { type: 'bulletList' }] })
      expect((record['team'] as string[]).map((one) => one.split(':')[0])).toEqual(['person', 'post'])
      // What is written once is never read again, not even as what the page was answered.
      expect(JSON.stringify(record)).not.toContain('S3cret')
    })
  })

  test('it is listed, filtered in words, and edited; a secret that is not touched stays', async () => {
    await as(size, async (v) => {
      const { page } = v
      const { id } = await recordNamed(v, name)
      await call(v, 'POST', '/api/records/kinds.visit', { what: '例行', thing: id, fee: '12.50' })
      const filter = JSON.stringify({ and: [{ field: 'branch', op: 'under', value: ['surgery'] }, { field: 'fee', op: 'between', value: ['3000', '4000'] }, { field: 'labels', op: 'hasAny', value: ['示教'] }, { field: 'home', op: 'under', value: ['440000'] }, { field: 'period', op: 'has', value: '2099-01-01' }, { field: 'name', op: 'eq', value: name }] }) // prettier-ignore
      await v.goto(`/r/${resource}?filter=${encodeURIComponent(filter)}`)
      await page.getByText(name).filter({ visible: true }).first().waitFor()
      await v.picture(`kinds-list-${size}`)
      await v.goto(`/r/${resource}/${id}/edit`)
      await page.getByRole('tab', { name: '人员与地点' }).click()
      await page.getByPlaceholder('已设置，不修改请留空').waitFor()
      await page.locator('[data-field="mail"] input').fill('li@example.com')
      await page.getByRole('tab', { name: '文件与明细' }).click()
      await page.locator('[data-field="visits"]').getByText('1', { exact: true }).waitFor()
      await page.getByRole('button', { name: '保存', exact: true }).click()
      await page.getByText('li@example.com').filter({ visible: true }).first().waitFor()
      const after = await recordNamed(v, name)
      expect(after).toMatchObject({ secret: '••••••', mail: 'li@example.com', visits: 1, spent: '12.50', labels: ['疑难', '示教'] })
      await page.getByRole('tab', { name: '修改历史' }).click()
      await page.locator('.x-history tr', { hasText: '邮箱' }).first().waitFor()
      expect(await page.locator('.x-history').innerText()).not.toContain('S3cret')
    })
  })
})

test('the sentence says every kind’s condition in words', async () => {
  await as('desk', async (v) => {
    const conditions = [{ field: 'branch', op: 'under', value: ['surgery'] }, { field: 'fee', op: 'between', value: ['3000', '4000'] }, { field: 'period', op: 'has', value: { today: 0 } }, { field: 'shown', op: 'eq', value: true }, { field: 'home', op: 'under', value: ['440300'] }, { field: 'month', op: 'gte', value: '2026-01' }] // prettier-ignore
    await v.goto(`/r/${resource}?filter=${encodeURIComponent(JSON.stringify({ and: conditions }))}`)
    const sentence = v.page.getByRole('group', { name: '筛选条件' })
    await sentence.getByText(/费用 介于 ¥3000 至 ¥4000|费用 介于 ¥3,000 至 ¥4,000/).waitFor()
    await sentence.getByText(/专业 属于（含下级） 外科/).waitFor()
    await sentence.getByText(/起止日期 包含 今天/).waitFor()
    await sentence.getByText(/公开 为 公开/).waitFor()
    await sentence.getByText(/住址 在 广东省深圳市/).waitFor()
    await sentence.getByText(/月份 不早于 2026-01/).waitFor()
    await v.picture('kinds-sentence-desk')
  })
})
