// Automations: begun, tried, published, paused, failed and run again, and called by another system under their secret.
import { v7 as uuidv7 } from 'uuid'
import type { DesignAnswer } from '#model'
import { hookSignature } from '#kernel/server/automations/calls.ts'
import { as, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const system = 'systemOfficer'
const content = (w: FuzzWorld, when: object) => ({
  label: `自动化${w.next()}`,
  resource: '',
  when,
  where: null,
  was: null,
  runsAs: null,
  acts: [{ kind: 'message', whom: [{ who: 'people', people: [w.person(system)], gathered: false }], title: '到点了', text: '' }],
})
const nightly = { kind: 'schedule', rhythm: { every: 'day' }, at: 480, each: false }
const begun = (w: FuzzWorld, when: object = nightly) =>
  w.need<DesignAnswer>(as(system, 'POST', '/api/designs/automation', { content: content(w, when) }))
const at = (name: string, more = '') => `/api/automations/${name}${more}`
const secretOf = (w: FuzzWorld, name: string) => w.need<{ secret: string }>(as(system, 'POST', at(name, '/secret')))

/** As another system calls it. */
async function called(w: FuzzWorld): Promise<Valid> {
  const { name, kind, revision } = await begun(w, { kind: 'webhook' })
  const { secret } = await secretOf(w, name)
  await w.need(as(system, 'POST', '/api/publishings', { items: [{ kind, name, revision }], note: '试行' }))
  const timestamp = String(Math.floor(w.h.clock.now().getTime() / 1000))
  const body = { amount: w.next() }
  const delivery = uuidv7()
  const headers = {
    'x-xinglin-timestamp': timestamp,
    'x-xinglin-signature': hookSignature(secret, { timestamp, delivery, body: JSON.stringify(body) }),
    'x-xinglin-delivery': delivery,
  }
  return as('stranger', 'POST', `/api/automation-hooks/${name}`, body, headers)
}

export const automationMakers: Makers = {
  'GET /api/automations': () => as(system, 'GET', '/api/automations'),
  'GET /api/automations/:name': async (w) => as(system, 'GET', at((await begun(w)).name)),
  'GET /api/automations/:name/runs': async (w) => as(system, 'GET', at((await begun(w)).name, '/runs')),
  'POST /api/automations/:name/try': async (w) => as(system, 'POST', at((await begun(w)).name, '/try'), { content: content(w, nightly) }),
  'POST /api/automations/:name/secret': async (w) => as(system, 'POST', at((await begun(w)).name, '/secret')),
  'POST /api/automations/:name/resume': async (w) => {
    const { name } = await begun(w)
    await w.query(`INSERT INTO kernel.automation (name, paused_at, paused_why) VALUES ($1, now(), '一小时内执行过多')`, [name])
    return as(system, 'POST', at(name, '/resume'))
  },
  'POST /api/automation-runs/:id/again': async (w) => {
    const [id, { name }] = [uuidv7(), await begun(w)]
    await w.query(
      `INSERT INTO kernel.automation_run (id, automation, label, version, at, key, cause, state) VALUES ($1::uuid, $2, '', 1, now(), $2, '定时', 'failed')`,
      [id, name],
    )
    return as(system, 'POST', `/api/automation-runs/${id}/again`)
  },
  'POST /api/automation-hooks/:name': called,
}
