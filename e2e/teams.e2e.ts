import { describe, expect, test } from 'vitest'
import type { ListAnswer, RecordAnswer } from '#model'
import { call, option } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

describe('teams and committees', () => {
  const { as } = stage()
  const choose = async (v: Visitor, field: string, text: string) => {
    await v.page.getByRole('combobox', { name: new RegExp(`^${field}`) }).click()
    await v.page.keyboard.type(text)
    await option(v, text).click()
  }
  const save = (v: Visitor) => v.page.getByRole('button', { name: /^保\s?存$/ }).click()

  test('a secretary makes a team, sees who leads whom, keeps it as it stands; a member changes and the snapshot does not', async () => {
    await as('hexl', 'desk', async (v) => {
      await v.goto('/organisation/teams')
      await v.page.getByRole('button', { name: '关节外科三级诊疗小组', exact: true }).waitFor()
      await v.picture('teams-tree-desk')
      await v.page.getByRole('button', { name: '新建小组' }).click()
      await choose(v, '小组类型', '三级诊疗')
      await v.page.getByLabel('小组名称').fill('脊柱外科三级诊疗小组')
      await v.page.getByLabel('科主任查房时间').fill('每周三 8:00')
      await v.picture('team-new-desk')
      await save(v)
      await v.page.getByRole('tab', { name: '组架构' }).click()
      await v.page.getByText('还没有成员').waitFor()
      for (const [person, level, superior] of [['郑毅', '三级', ''], ['孙宁', '二级', '郑毅']] as const) {
        await v.page.getByRole('button', { name: '加成员' }).click()
        await choose(v, '成员', person)
        await choose(v, '医师级别', level)
        if (superior) await choose(v, '上级医师', superior)
        await v.page.getByLabel('查房时间', { exact: true }).fill('每日 8:00')
        if (superior) await v.picture('team-member-new-desk')
        await save(v)
        await v.page.getByRole('link', { name: '脊柱外科三级诊疗小组' }).first().click()
        await v.page.getByRole('tab', { name: '组架构' }).click()
        await v.page.getByRole('button', { name: person, exact: true }).waitFor()
      }
      await v.picture('team-tree-desk')
      await v.page.getByRole('tab', { name: '快照' }).click()
      await v.page.getByRole('button', { name: /^快\s?照$/ }).click()
      await v.page.getByText('没有变化').waitFor()
      await v.page.getByRole('button', { name: '今天已有快照' }).waitFor()
      await v.page.getByRole('tab', { name: '组架构' }).click()
      await v.page.getByRole('button', { name: '孙宁', exact: true }).click()
      await v.page.getByRole('region', { name: '人员档案' }).getByText('主治医师').waitFor()
      await v.picture('team-node-desk')
      await v.page.getByRole('button', { name: /^修\s?改$/ }).click()
      await v.page.getByLabel('查房时间', { exact: true }).fill('隔日 16:00')
      await save(v)
      await v.page.getByRole('link', { name: '脊柱外科三级诊疗小组' }).first().click()
      await v.page.getByRole('tab', { name: '快照' }).click()
      await v.page.getByText('查房时间：每日 8:00 → 隔日 16:00').waitFor()
      await v.page.getByText(/上级 郑毅 · 查房 每日 8:00/).waitFor()
      await v.picture('team-snapshot-desk')
    })
    await as('gaolu', 'phone', async (v) => {
      await v.goto('/organisation/teams')
      await v.page.getByLabel('查找小组').fill('郑毅')
      await v.page.getByRole('button', { name: '脊柱外科三级诊疗小组', exact: true }).waitFor()
      await v.page.getByRole('button', { name: '孙宁', exact: true }).first().waitFor()
      await v.picture('teams-tree-phone')
      await v.page.getByRole('button', { name: '孙宁', exact: true }).first().click()
      await v.page.getByRole('region', { name: '人员档案' }).waitFor()
      await v.picture('team-node-phone')
    })
  }, 240_000)

  test('a doctor asks on the phone for a seat; head and office agree; the ledger finds him and the figures count him', async () => {
    let address = ''
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/r/organisation.committeeSeat/new')
      await v.page.getByText('请选择', { exact: false }).first().waitFor()
      await v.picture('seat-new-phone')
      const { body } = await call<ListAnswer>(v, 'GET', `/api/records/organisation.committee?search=${encodeURIComponent('病案')}`)
      await v.goto(`/r/organisation.committeeSeat/new?committee=${body.rows[0]!.id}`)
      await v.page.getByText('病案管理委员会').first().waitFor()
      await v.page.getByRole('button', { name: '提交审批' }).click()
      await v.page.getByText('审批中').first().waitFor()
      address = new URL(v.page.url()).pathname
      await v.picture('seat-asked-phone')
    })
    for (const account of ['liwd', 'zhoumin'])
      await as(account, 'desk', async (v) => {
        await v.goto(address)
        await v.page.getByRole('button', { name: '去处理' }).click()
        await v.page.getByRole('button', { name: /^(同\s?意|通\s?过)$/ }).first().click()
        await expect.poll(async () => (await call<RecordAnswer & { my: { task: unknown } }>(v, 'GET', `/api/approvals/${v.page.url().split('/').at(-1)!}`)).body.my.task).toBeNull()
      })
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(`/r/organisation.committeeSeat?view=sitting&search=${encodeURIComponent('张海涛')}`)
      await v.page.getByText('病案管理委员会').filter({ visible: true }).first().waitFor()
      await v.goto('/r/organisation.committeeSeat?view=sitting')
      await v.page.getByText('张海涛').filter({ visible: true }).first().waitFor()
      await v.picture('seats-desk')
      await v.goto('/p/organisation.committees')
      await v.page.getByText('任职中：各委员会').waitFor()
      await v.page.getByText('病案管理委员会').filter({ visible: true }).first().waitFor()
      await v.picture('committees-desk')
      await v.goto('/r/organisation.committeeSeat')
      await v.page.getByRole('button', { name: '直接登记' }).click()
      await v.page.getByText('直接登记的依据').waitFor()
      await save(v)
      await v.picture('seat-enter-desk')
    })
    await as('liwd', 'phone', async (v) => {
      await v.goto('/p/organisation.committees')
      await v.page.getByText('任职中：级别').first().waitFor()
      await v.picture('committees-phone')
    })
  }, 240_000)
}) // prettier-ignore
