// What the three officers do, each with something that was begun for it.
import { noteRights } from '#kernel/server/access/rights/versions.ts'
import { binding, withSecondFactor } from './fuzz-accounts.ts'
import { as, file, office, type FuzzWorld, type Makers, type Newcomer } from './fuzz-world.ts'

const [system, security, audit] = ['systemOfficer', 'securityOfficer', 'auditOfficer']
/** The second factor of somebody is to be taken away: who asked, and the request. */
async function reset(w: FuzzWorld): Promise<string> {
  const one = await withSecondFactor(w)
  await w.need(as(system, 'POST', `/api/accounts/${one.account}/reset`, { what: 'secondFactor', reason: '手机丢失，持工牌到场' }))
  const { resets } = await w.need<{ resets: { id: string }[] }>(as(security, 'GET', `/api/accounts/${one.account}/sign-in`))
  return resets[0]!.id
}
async function assigned(w: FuzzWorld, role: string): Promise<string> {
  const { person } = await w.newcomer()
  const made = await w.need<{ record: { id: string } }>(
    as(security, 'POST', '/api/records/directory.roleAssignment', { role, person, reason: '代理' }),
  )
  return made.record.id
}
/** A head who is called to a patient of another department. */
async function called(w: FuzzWorld): Promise<{ one: Newcomer; body: object }> {
  const one = await w.newcomer({ roles: ['departmentHead'] })
  const [row] = await w.query<{ number: string }>(`SELECT staff_number AS number FROM directory.person WHERE id = $1::uuid`, [
    w.h.colleagues.get('内科')!.person,
  ])
  const body = { resource: 'staff.practitioner', key: 'staffNumber', value: row!.number, cause: 'onDuty', reason: '夜间值班须核对执业范围', minutes: 30 }
  return { one, body }
} // prettier-ignore
const emergency = async (w: FuzzWorld) => {
  const { one, body } = await called(w)
  const { access } = await w.need<{ access: { id: string } | string | null }>(as(one.by, 'POST', '/api/emergency', body))
  return { one, id: typeof access === 'string' ? access : (access?.id ?? '') }
}
async function ownRequest(w: FuzzWorld): Promise<string> {
  const one = await w.newcomer()
  const asked = await w.need<{ record: string; instance: string }>(
    as(one.by, 'POST', '/api/me/personal/requests', { kind: 'delete', what: '删除我的紧急联系人' }),
  )
  const [row] = await w.query<{ id: string }>(`SELECT id FROM kernel.flow_instance WHERE record = $1::uuid`, [asked.record])
  for (const by of [office, security])
    await w.need(await w.decision(by, row!.id, 'approve', { changes: { outcome: 'erase', answer: '同意删除' } }))
  return asked.record
}
const taken = async (w: FuzzWorld) => {
  const { text } = await w.answer(as(office, 'POST', '/api/records/sample.case/export?limit=2', { format: 'csv', reason: '核对', columns: ['code'] })) // prettier-ignore
  const number = /DC\d{8}-\w{8}/.exec(text)?.[0] ?? ''
  await w.until(async () => (await w.query(`SELECT 1 FROM kernel.audit_entry WHERE detail->>'mark' = $1`, [number])).length > 0)
  return { text, number }
}
/** A program with a key. */
async function keyed(w: FuzzWorld): Promise<{ id: string; key: string }> {
  const draft = { name: `程序${w.next()}`, records: [{ resource: 'directory.unit', actions: ['read'] }] }
  const { record } = await w.need<{ record: { id: string } }>(as(system, 'POST', '/api/records/security.apiClient', draft))
  const { key } = await w.need<{ key: string }>(as(system, 'POST', `/api/clients/${record.id}/keys`, {}))
  return { id: record.id, key }
}
/** A finding about somebody else that nobody has reviewed. */
async function finding(w: FuzzWorld): Promise<string> {
  const rows = w.h.rows.get('security.readFinding')!
  const { id } = rows[w.next() % rows.length]!
  await w.query(`UPDATE security.read_finding SET status = 'open', person = $2::uuid, entries = '1 2' WHERE id = $1::uuid`, [
    id,
    w.h.colleagues.get('内科')!.person,
  ])
  return id
}
const index = { resource: 'sample.case', keys: ['status', 'day'] }

export const officerMakers: Makers = {
  'PUT /api/settings': async (w) => {
    const seen = await w.need<object>(as(system, 'GET', '/api/settings'))
    return as(system, 'PUT', '/api/settings', { settings: seen, seen })
  },
  'PUT /api/messaging': async (w) => {
    const { settings } = await w.need<{ settings: object }>(as(system, 'GET', '/api/messaging'))
    return as(system, 'PUT', '/api/messaging', { settings, seen: settings })
  },
  'POST /api/deliveries/:id/again': async (w) => {
    // As one that a gateway has refused lies there.
    const [row] = await w.query<{ id: string }>(
      `INSERT INTO kernel.delivery (id, message, person, channel, kind, urgent, at, state, next_at, until) SELECT gen_random_uuid(), gen_random_uuid(), id, 'sms', 'task', false, now(), 'failed', now(), now() FROM directory.person LIMIT 1 RETURNING id`,
    )
    return as(system, 'POST', `/api/deliveries/${row!.id}/again`, {})
  },
  'PUT /api/protection': async (w) => {
    const { own, networks } = await w.need<{ own: object; networks: object[] }>(as(security, 'GET', '/api/protection'))
    return as(security, 'PUT', '/api/protection', { own, networks, seen: { own, networks } })
  },
  'GET /api/accounts/:id/sign-in': (w) => as(system, 'GET', `/api/accounts/${w.account}/sign-in`),
  'POST /api/accounts/:id/unlock': (w) => as(system, 'POST', `/api/accounts/${w.account}/unlock`, {}),
  'POST /api/accounts/:id/sessions/end': (w) => as(system, 'POST', `/api/accounts/${w.account}/sessions/end`, {}),
  'POST /api/accounts/:id/reset': async (w) =>
    as(system, 'POST', `/api/accounts/${(await w.newcomer()).account}/reset`, { what: 'password', reason: '忘记密码' }),
  'POST /api/account-resets/:id/judge': async (w) => as(security, 'POST', `/api/account-resets/${await reset(w)}/judge`, { agree: true }),
  'POST /api/account-resets/:id/carry-out': async (w) => {
    const id = await reset(w)
    await w.need(as(security, 'POST', `/api/account-resets/${id}/judge`, { agree: true }))
    return as(system, 'POST', `/api/account-resets/${id}/carry-out`, {})
  },
  'POST /api/bindings/:id/judge': async (w) =>
    as(system, 'POST', `/api/bindings/${(await binding(w)).binding}/judge`, { verdict: 'approve' }),
  'POST /api/role-assignments/:id/end': async (w) =>
    as(security, 'POST', `/api/role-assignments/${await assigned(w, 'departmentSecretary')}/end`, { reason: '换岗' }),
  'POST /api/role-assignments/:id/judge': async (w) =>
    as(system, 'POST', `/api/role-assignments/${await assigned(w, office)}/judge`, { agree: true }),
  'POST /api/emergency': async (w) => {
    const { one, body } = await called(w)
    return as(one.by, 'POST', '/api/emergency', body)
  },
  'POST /api/emergency/:id/end': async (w) => {
    const { one, id } = await emergency(w)
    return as(one.by, 'POST', `/api/emergency/${id}/end`, {})
  },
  'POST /api/emergency/:id/review': async (w) => {
    const { one, id } = await emergency(w)
    await w.need(as(one.by, 'POST', `/api/emergency/${id}/end`, {}))
    return as(security, 'POST', `/api/emergency/${id}/review`, { verdict: 'justified', review: '值班记录相符' })
  },
  'POST /api/personal-requests/:id/carried-out': async (w) => as(security, 'POST', `/api/personal-requests/${await ownRequest(w)}/carried-out`, {}),
  'PUT /api/watermark': async (w) => {
    const { setting } = await w.need<{ setting: object }>(as(system, 'GET', '/api/watermark'))
    return as(system, 'PUT', '/api/watermark', { setting, seen: setting })
  },
  'POST /api/export-mark': async (w) => ({ by: security, method: 'POST', url: '/api/export-mark', ...file('a.csv', (await taken(w)).text) }),
  'POST /api/export-mark/number': async (w) => as(security, 'POST', '/api/export-mark/number', { number: (await taken(w)).number }),
  'GET /api/clients/:id/keys': (w) => as(system, 'GET', `/api/clients/${w.client}/keys`),
  'POST /api/clients/:id/keys': async (w) => as(system, 'POST', `/api/clients/${(await keyed(w)).id}/keys`, { overlapDays: 1 }),
  'DELETE /api/clients/:id/keys/:key': async (w) => {
    const { id, key } = await keyed(w)
    return as(system, 'DELETE', `/api/clients/${id}/keys/${key}`)
  },
  'GET /api/rights/people/:id': (w) => as(security, 'GET', `/api/rights/people/${w.person(office)}`),
  'GET /api/rights/field': () => as(security, 'GET', '/api/rights/field?resource=sample.case&field=pay'),
  'GET /api/rights/field/people': () => as(security, 'GET', '/api/rights/field/people?resource=sample.case&field=pay&sight=plain&q=a&after=0'),
  'GET /api/rights/difference': async (w) => {
    await w.once('rights version', () => noteRights(w.h.kernel, 'test'))
    return as(security, 'GET', '/api/rights/difference?from=1&to=1')
  },
  'GET /api/rights/assignments': () => as(security, 'GET', '/api/rights/assignments'),
  'GET /api/audit': () => as(audit, 'GET', '/api/audit?from=2026-06-01&to=2026-06-30&act=read'),
  'GET /api/audit/findings/:id/entries': async (w) => as(security, 'GET', `/api/audit/findings/${await finding(w)}/entries`),
  'POST /api/audit/findings/:id/review': async (w) =>
    as(security, 'POST', `/api/audit/findings/${await finding(w)}/review`, { verdict: 'explained', review: '会诊需要，已核实' }),
  'POST /api/indexes': () => as(system, 'POST', '/api/indexes', index),
  'DELETE /api/indexes/:name': async (w) => {
    const { tables } = await w.need<{ tables: { indexes: { name: string; keys: string[] }[] }[] }>(as(system, 'POST', '/api/indexes', index))
    const name = tables.flatMap((one) => one.indexes ?? []).find(({ keys }) => String(keys) === String(index.keys))?.name
    return as(system, 'DELETE', `/api/indexes/${name ?? (await w.query<{ name: string }>(`SELECT name FROM kernel.query_index WHERE resource = 'sample.case'`))[0]?.name}`)
  },
  'DELETE /api/indexes/questions/:resource': () => as(system, 'DELETE', '/api/indexes/questions/sample.case'),
} // prettier-ignore
