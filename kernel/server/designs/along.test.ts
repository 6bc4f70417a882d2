// Going back to a release takes the flows and reminders along that counted then.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DesignAnswer, PublishingItem, PublishPreview, ReminderDetail } from '#model'
import { approve, headOf, role } from '#kernel/model/flow/index.ts'
import { drawingHospital, type DrawingHospital } from '#app/testing/drawing-hospital.ts'
import type { HttpSession } from '#app/testing/hospital.ts'
import { currentVersion } from '../flow/in-force.ts'
import { workPublishing } from './publisher.ts'

let d: DrawingHospital
let implementer: HttpSession
const flow = 'study.ordinary'
beforeAll(async () => {
  d = await drawingHospital()
  implementer = await d.h.signIn(await d.h.person('实施员', { roles: ['implementer'] }))
})
afterAll(() => d[Symbol.asyncDispose]())

const content = (label: string) => ({
  label,
  title: 'xname01',
  fields: [
    { key: 'xname01', kind: 'text', label: '名称', required: true, options: { max: 50 } },
    { key: 'xuntil1', kind: 'date', label: '到期', options: {} },
  ],
  grants: [{ role: 'staffMember', actions: ['read', 'create'], scope: 'own' }],
})
const steps = async () =>
  (await currentVersion(d.h.kernel, await d.h.system(), flow)).definition.steps.map((step) =>
    step.kind === 'approve' ? step.id : step.kind,
  )
const titleOf = async (name: string) =>
  (await implementer.call('GET', `/api/reminders/${encodeURIComponent(name)}`)).json<ReminderDetail>().definition.title
async function published(of: DesignAnswer): Promise<number> {
  const asked = await implementer.call('POST', '/api/publishings', { items: [{ kind: of.kind, name: of.name }] })
  expect(asked.status, asked.text).toBeLessThan(300)
  while (await workPublishing(d.h.kernel, d.h.database.ownerUrl));
  return (await implementer.call('GET', `/api/publishings/${asked.json<{ id: string }>().id}`)).json<PublishingItem>().release!
}
async function drawn(steps: Parameters<DrawingHospital['draw']>[1], note: string): Promise<void> {
  expect((await d.draw(flow, steps)).status).toBe(200)
  expect((await d.publish(flow, note)).status).toBe(200)
}

test('B0024 a release is gone back to with its flows and reminders, told before; without them where one does not want it', async () => {
  const design = (await implementer.call('POST', '/api/designs/type', { content: content('证照') })).json<unknown>() as DesignAnswer
  await published(design)
  const begun = await implementer.call('POST', '/api/reminders', { label: '证照到期', resource: design.name })
  const { name } = begun.json<{ name: string }>()
  const title = await titleOf(name)
  const head = approve('head', '科主任审核', { by: headOf('department') })
  await drawn([head], '一级')
  const { revision } = (await implementer.call('GET', `/api/designs/type/${design.name}`)).json<{ revision: number }>()
  const save = (label: string, seen: number) =>
    implementer.call('PUT', `/api/designs/type/${design.name}`, { content: content(label), revision: seen })
  await save('证照登记', revision)
  const wanted = await published(design)
  // Since then: another name, another flow, other words.
  await drawn([head, approve('office', '医务处审核', { by: role('medicalOffice') })], '两级')
  const detail = (await implementer.call('GET', `/api/reminders/${encodeURIComponent(name)}`)).json<ReminderDetail>()
  const changed = await implementer.call('PUT', `/api/reminders/${encodeURIComponent(name)}`, {
    definition: { ...detail.definition, title: '{type}快到期了' },
    version: detail.version,
  })
  expect(changed.status, changed.text).toBe(200)
  await save('证照台账', (await implementer.call('GET', `/api/designs/type/${design.name}`)).json<{ revision: number }>().revision)
  await published(design)
  const preview = (await implementer.call('POST', `/api/releases/${wanted}/preview`)).json<unknown>() as PublishPreview
  expect(preview.problems).toEqual([])
  expect(preview.along?.map(({ kind, name: of, words }) => [kind, of, words[0]])).toEqual([
    ['flow', flow, expect.stringContaining('恢复第')],
    ['reminder', name, '恢复第 1 版'],
  ])
  // Only the definitions.
  expect((await implementer.call('POST', `/api/releases/${wanted}/roll-back`, { note: '只恢复定义' })).json()).toMatchObject({
    state: 'done',
  })
  expect([await steps(), await titleOf(name)]).toEqual([['head', 'office'], '{type}快到期了'])
  // Now with what went with them.
  expect((await implementer.call('POST', `/api/releases/${wanted}/roll-back`, { note: '恢复', along: true })).json()).toMatchObject({
    state: 'done',
  })
  expect([await steps(), await titleOf(name)]).toEqual([['head'], title])
})

test('a number that no release can have is refused', async () => {
  for (const number of ['99999999999999999999', '2147483648', '-1', '1.5', 'x'])
    expect((await implementer.call('GET', `/api/releases/difference?from=0&to=${number}`)).json()).toMatchObject({
      status: 400,
      title: '版本号不对',
    })
})
