// An approval that stands open says by itself what others do with it.
import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const declaration = `
import { may, module, person, resource, text, unit } from '#model'
import { approve, fill, flow, headOf, role } from '#kernel/model/flow/index.ts'

const lecture = resource('talks.lecture', {
  label: '院外讲学', title: 'topic', owner: { person: 'speaker', department: 'department' }, approval: 'talks.lecture',
  fields: {
    speaker: person('讲者', { required: true, default: 'me' }), department: unit('科室', { required: true, from: 'speaker.unit' }),
    topic: text('题目', { required: true, max: 100 }), remark: text('医务处备注', { max: 100 }),
  },
})
export default module('talks', {
  label: '讲学',
  resources: [lecture],
  flows: [flow('talks.lecture', { label: '院外讲学审批', steps: [approve('head', '科主任审核', { by: headOf() }), approve('office', '医务处审核', { by: role('medicalOffice'), mode: 'allOf', mayEdit: ['remark'] })] })],
  roles: { staffMember: [may.readOwn(lecture), may.create(lecture)] },
})
`
const { as, by } = stage(declaration)
const soon = { timeout: 15_000 }

test('the applicant sees on his open page that it was decided, spoken of and decided again; what a decider is filling in stays', async () => {
  let instance = ''
  await by('zhanght', async (v) => {
    const made = await call<{ record: { flow: { instance: string } } }>(v, 'POST', '/api/records/talks.lecture', { topic: '脊柱微创' })
    instance = made.body.record.flow.instance
  })
  const act = (account: string, more: object) =>
    by(account, async (v) => {
      const { body } = await call<{ version: number; my: { task: { id: string } } }>(v, 'GET', `/api/approvals/${instance}`)
      const done = await call(v, 'POST', `/api/approvals/${instance}/acts`, { seenVersion: body.version, task: body.my.task.id, actId: crypto.randomUUID(), ...more })
      expect(done.status).toBe(200)
    })
  await as('zhanght', 'phone', async (v) => {
    await v.goto(`/approvals/${instance}`)
    await v.page.getByRole('heading', { name: '沟通' }).waitFor()
    await v.page.getByText('还没有人说话').waitFor()
    await act('liwd', { kind: 'approve', opinion: '同意外出讲学' })
    await v.page.getByText('同意外出讲学').first().waitFor(soon)
    // The first word, where there is no conversation yet.
    await by('liwd', async (other) => {
      const talk = await call<{ id: string }>(other, 'POST', '/api/talks', { resource: 'approval', record: instance })
      await call(other, 'POST', `/api/talks/${talk.body.id}/messages`, { id: crypto.randomUUID(), text: '路上小心', files: [], mentions: [], everyone: false, answers: null, voice: null })
    })
    await v.page.getByText('路上小心').waitFor(soon)
    await v.picture('approval-live-phone')
    await as('zhoumin', 'desk', async (office) => {
      await office.goto(`/approvals/${instance}`)
      await office.page.getByLabel('医务处备注').fill('请于返院后交讲稿')
      await office.page.getByLabel('意见').first().fill('原则同意')
      await act('shenjh', { kind: 'approve', opinion: '无异议' })
      await office.page.getByText('无异议').first().waitFor(soon)
      expect([await office.page.getByLabel('医务处备注').inputValue(), await office.page.getByLabel('意见').first().inputValue()]).toEqual(['请于返院后交讲稿', '原则同意'])
      await office.picture('approval-live-desk')
      await office.page.locator('.x-acts').getByRole('button', { name: '同意', exact: true }).click()
      await office.page.getByText('已批准').filter({ visible: true }).first().waitFor()
    })
    await v.page.getByText('已批准').filter({ visible: true }).first().waitFor(soon)
  })
}) // prettier-ignore
