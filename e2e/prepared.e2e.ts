import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

/** A register under approval whose requests are signed. */
const declaration = `
import { date, group, ledger, longText, may, module, person, resource, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const leave = resource('trip.trip', {
  label: '外出登记',
  title: 'place',
  owner: { person: 'applicant', department: 'department' },
  approval: 'trip.ordinary',
  fields: {
    applicant: person('外出人', { required: true, default: 'me' }),
    department: unit('科室', { from: 'applicant.unit' }),
    place: text('地点', { required: true, max: 50 }),
    on: date('日期', { required: true }),
    purpose: longText('事由', { max: 500 }),
  },
  list: { columns: ['place', 'applicant', 'on'] },
})
export default module('trip', {
  label: '外出',
  dependsOn: ['organisation'],
  resources: [leave],
  flows: [flow('trip.ordinary', { label: '外出审批', title: '{applicant}外出：{place}', start: { sign: true }, steps: [approve('head', '科主任审核', { by: headOf('department') })] })],
  roles: { staffMember: [may.readOwn(leave), may.create(leave)], departmentHead: [may.read(leave, 'myUnits')] },
  menu: [group('外出', [ledger(leave)])],
})
`
const { by } = stage(declaration)

test('a secretary fills in any request for a colleague; he mends and signs one on the desk, signs the others together on the phone', async () => {
  await by('hexl', async (v) => {
    const { page } = v
    const fill = async (name: string, place: string) => {
      await v.goto('/r/trip.trip/new')
      const applicant = page.getByLabel('外出人')
      await applicant.click()
      await applicant.fill(name)
      await page.locator('.ant-select-item-option').filter({ hasText: name }).first().click()
      await page.getByLabel('地点').fill(place)
      await page.getByLabel('日期').fill('2026-12-01')
      await page.getByLabel('日期').press('Enter')
      await page.getByRole('button', { name: '交本人签名' }).click()
    }
    // Not of her department.
    await fill('周敏', '北京')
    await page.getByText('只能为权限范围内的在岗人员代填').waitFor()
    await v.picture('prepared-any-refused-desk')
    for (const place of ['上海', '广州', '成都']) {
      await page.evaluate(() => fetch('/api/drafts/trip.trip%2Fnew', { method: 'DELETE' }))
      await fill('张海涛', place)
      await page.getByRole('heading', { name: '我代填的，等本人签名' }).waitFor()
      await page.getByText(`张海涛外出：${place}`).waitFor()
    }
    await v.picture('prepared-any-waiting-desk')
  })
  await by('zhanght', async (v) => {
    const { page } = v
    await v.goto('/me/prepared')
    await page.getByRole('listitem').filter({ hasText: '上海' }).getByRole('link', { name: '核对、修改' }).click()
    await page.getByText('由 何秀兰 代填，请核对后提交').waitFor()
    await v.picture('prepared-any-mend-desk')
    await page.getByLabel('事由').fill('学术会议')
    await page.getByRole('button', { name: '提交审批' }).click()
    await v.sign()
    await page.getByText('已提交审批').waitFor()
  })
  await by(
    'zhanght',
    async (v) => {
      await v.goto('/me/prepared')
      await v.page.getByText('张海涛外出：广州').waitFor()
      expect(await v.page.getByText('张海涛外出：上海').count()).toBe(0)
      await v.picture('prepared-any-phone')
      await v.page.getByRole('button', { name: '签名提交 2 份' }).click()
      await v.sign()
      await v.page.getByText('2 份已提交').waitFor()
      const rows = await call<{ rows: { place: string; state: string }[] }>(v, 'GET', '/api/records/trip.trip?sort=place')
      expect(rows.body.rows.map(({ place, state }) => `${place} ${state}`).toSorted()).toEqual([
        '上海 pending',
        '广州 pending',
        '成都 pending',
      ])
    },
    'phone',
  )
  await by('liwd', async (v) => {
    await v.goto('/tasks')
    await v.page.getByText('张海涛外出：上海').first().click()
    await v.page.getByText('何秀兰').first().waitFor()
    await v.page.getByText('学术会议').first().waitFor()
  })
}, 180_000)
