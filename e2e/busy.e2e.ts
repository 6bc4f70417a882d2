import { describe, expect, test } from 'vitest'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

// Four at once and four waiting: eight that wait for a lock make the server busy.
const { as, holding, sql } = stage(
  `
import { ledger, group, may, module, resource, text } from '#model'
const note = resource('busy.note', { label: '便签', title: 'name', fields: { name: text('内容', { required: true }) } })
const held = resource('busy.held', { label: '卡片', title: 'name', fields: { name: text('内容', { required: true }) } })
export default module('busy', {
  label: '忙时',
  resources: [note, held],
  roles: { medicalOffice: [may.all(note), may.all(held)] },
  menu: [group('忙时', [ledger(note, { icon: 'book' })])],
})
`.trim(),
  { XINGLIN_REQUESTS: '4,4,1500' },
)

const banner = '系统繁忙，正在重试。已填写的内容不会丢。'
/** While `part` runs, the server has all the work it takes: requests of the same person, from elsewhere, that wait for a table. */
const whileBusy = async (v: Visitor, part: () => Promise<void>) => {
  const cookie = (await v.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const { origin } = new URL(v.page.url())
  const ask = (path: string) => fetch(`${origin}${path}`, { headers: { cookie } })
  const asked: Promise<Response>[] = []
  let isOver = false
  // Whoever has waited too long is refused and comes again, as others would.
  const crowd = async () => {
    while (!isOver) {
      const answer = ask('/api/records/busy.held')
      asked.push(answer)
      await answer
    }
  }
  await holding('LOCK TABLE busy.held IN ACCESS EXCLUSIVE MODE', async () => {
    const crowds = Array.from({ length: 12 }, crowd)
    await expect.poll(async () => (await ask('/api/me')).status, { timeout: 10_000 }).toBe(503)
    try {
      await part()
    } finally {
      isOver = true
      void Promise.allSettled(crowds)
    }
  })
  await Promise.all(asked)
}
const write = (names: readonly string[]) =>
  sql(
    `INSERT INTO busy.note (id, version, state, created_at, updated_at, name) SELECT gen_random_uuid(), 1, 'approved', now(), now(), n FROM unnest($1::text[]) n`,
    [names],
  )

describe('a busy server', () => {
  test('a list that it has no room for is asked again by the page, which says so, and comes when there is room', async () => {
    await write(['晨会纪要'])
    for (const size of ['desk', 'phone'] as const)
      await as('zhoumin', size, async (v) => {
        await whileBusy(v, async () => {
          await v.goto('/r/busy.note')
          await v.page.getByText('系统繁忙，正在重试…').waitFor()
          await v.picture(`busy-opening-${size}`)
        })
        await v.page.getByText('晨会纪要').filter({ visible: true }).first().waitFor()
        await whileBusy(v, async () => {
          await v.page.getByText('晨会纪要').filter({ visible: true }).first().click()
          await v.page.getByText(banner).waitFor()
          await v.picture(`busy-${size}`)
        })
        await v.page.getByText(banner).waitFor({ state: 'detached', timeout: 60_000 })
        expect(await v.page.getByText('连不上服务器').count()).toBe(0)
      })
  }, 240_000)

  test('a new record sent to it is sent again under its name: it is there once, and nothing filled in is lost', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/busy.note/new')
      await v.page.getByLabel('内容').fill('交班要点')
      await whileBusy(v, async () => {
        await v.page.getByRole('button', { name: '保存', exact: true }).click()
        await v.page.getByText(banner).waitFor()
        expect(await v.page.getByLabel('内容').inputValue()).toBe('交班要点')
      })
      await v.page.getByText('已保存').first().waitFor({ timeout: 60_000 })
      const found = (await sql(`SELECT count(*)::int AS many FROM busy.note WHERE name = '交班要点'`)) as { rows: { many: number }[] }
      expect(found.rows).toEqual([{ many: 1 }])
    })
  }, 120_000)
})
