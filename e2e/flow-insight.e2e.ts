import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const declaration = `
import { may, module, person, resource, text, unit } from '#model'
import { approve, flow, headOf, role } from '#kernel/model/flow/index.ts'

const lecture = resource('talks.lecture', {
  label: '院外讲学',
  title: 'topic',
  owner: { person: 'speaker', department: 'department' },
  approval: 'talks.lecture',
  fields: {
    speaker: person('讲者', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'speaker.unit' }),
    topic: text('题目', { required: true, max: 100 }),
  },
})
export default module('talks', {
  label: '讲学',
  resources: [lecture],
  flows: [flow('talks.lecture', { label: '院外讲学审批', steps: [approve('head', '科主任审核', { by: headOf() }), approve('office', '医务处审核', { by: role('medicalOffice') })] })],
  roles: { staffMember: [may.readOwn(lecture), may.create(lecture)], departmentHead: [may.read(lecture, 'myUnits')], medicalOffice: [may.read(lecture)] },
})
`

const { as, by, sql } = stage(declaration)

/** As three months of approvals lie there: forty copies of one, decided after ever longer times. */
const past = () =>
  sql(`WITH f AS (SELECT * FROM kernel.flow_instance ORDER BY started_at LIMIT 1), made AS (
      INSERT INTO kernel.flow_instance SELECT (jsonb_populate_record(NULL::kernel.flow_instance, to_jsonb(f) || jsonb_build_object('id', gen_random_uuid(), 'number', 'PA-OLD-' || n || f.number,
        'started_at', now() - n * interval '2 days', 'ended_at', CASE WHEN n > 3 THEN now() - n * interval '2 days' + n * interval '3 hours' END, 'status', CASE WHEN n > 3 THEN 'approved' ELSE 'running' END, 'stuck_since', NULL))).*
      FROM f, generate_series(1, 40) n RETURNING id, flow, started_at, ended_at)
    INSERT INTO kernel.flow_task (instance, task, step, person, kind, flow, state, opened_at, closed_at, due)
      SELECT m.id, s.step || '#1/1', s.step, p.id, 'decide', m.flow, CASE WHEN m.ended_at IS NULL THEN 'open' ELSE 'done' END, m.started_at, m.ended_at, m.started_at + interval '40 hours'
      FROM made m, (VALUES ('head'), ('office')) s(step), LATERAL (SELECT id FROM directory.person WHERE name IN ('李卫东', '周敏') ORDER BY name LIMIT 1 OFFSET (CASE s.step WHEN 'office' THEN 1 ELSE 0 END)) p`)

test('L9 where approvals wait is seen on desk and phone, flow by flow, and what waits longest opens', async () => {
  await by('zhanght', async (v) => void (await call(v, 'POST', '/api/records/talks.lecture', { topic: '关节置换进展' })))
  await past()
  for (const size of ['desk', 'phone'] as const)
    await as('zhoumin', size, async (v) => {
      await v.goto('/flows/insight')
      await v.page.getByRole('region', { name: '流程' }).getByRole('button').first().click()
      await v.page.getByRole('region', { name: '各步骤等待' }).waitFor()
      await v.page.getByRole('region', { name: '实际走过的路径' }).waitFor()
      await v.picture(`flow-insight-${size}`)
      expect(await v.page.getByRole('region', { name: '各人等待' }).getByRole('rowheader').allInnerTexts()).toContain('李卫东')
      const stuck = v.page.getByRole('region', { name: '等得最久' }).getByRole('link')
      await stuck.first().click()
      await v.page.waitForURL(/\/approvals\//)
      // A span in which nothing began still shows what waits, and lets go of the flow that was chosen.
      await v.goto('/flows/insight?from=2020-01-01&to=2020-01-31&flow=talks.lecture')
      await v.page.getByText('这段时间没有发起过审批').waitFor()
      await stuck.first().waitFor()
      await v.picture(`flow-insight-empty-${size}`)
      await v.page.getByRole('button', { name: /只看院外讲学审批/ }).click()
      await expect.poll(() => new URL(v.page.url()).searchParams.get('flow')).toBeNull()
    })
})
