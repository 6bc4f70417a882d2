// Approvals: asked for, decided, printed, filled in for somebody; stand-ins, versions, and what other programs do with them.
import { v7 as uuidv7 } from 'uuid'
import type { ApprovalAnswer } from '#model'
import { namedInFlow } from './fuzz-sample.ts'
import { stateReached } from './fuzz-exchange.ts'
import { as, file, office, sentPicture, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const [leader, system, secretary] = ['hospitalLeader', 'systemOfficer', 'departmentSecretary']
const draft = (w: FuzzWorld) => ({ applicant: w.person(office), topic: `经费${w.next()}` })
interface Begun {
  instance: string
  record: string
}
const begun = (w: FuzzWorld) => w.need<Begun>(as(office, 'POST', '/api/flows/submit/fuzz.request', { draft: draft(w), actId: uuidv7() }))
/** A request that was approved, as it stands. */
async function approved(w: FuzzWorld): Promise<{ id: string; version: number }> {
  const { instance, record } = await begun(w)
  await w.need(await w.decision(leader, instance, 'approve'))
  const answer = await w.need<{ record: { id: string; version: number } }>(as(office, 'GET', `/api/records/fuzz.request/${record}`))
  return answer.record
}
/** Changes of many are one approval whose rows are looked at in pages. */
const changesOfMany = async (w: FuzzWorld) => {
  const records = [await approved(w), await approved(w)].map(({ id, version }) => ({ id, seenVersion: version, changes: { remark: `改${w.next()}` } }))
  return { records, actId: uuidv7(), reason: '补充说明' }
} // prettier-ignore
const prepared = async (w: FuzzWorld) =>
  (await w.need<{ id: string }>(as(secretary, 'POST', '/api/prepared/fuzz.request', { draft: draft(w) }))).id
const standIn = (w: FuzzWorld): Valid => {
  const day = new Date(Date.UTC(2030, 0, 1) + w.next() * 86_400_000).toISOString().slice(0, 10)
  return as(office, 'POST', '/api/stand-ins', { deputy: w.person('staffMember'), from: day, to: day, flows: ['fuzz.money'] })
}
const replacement = async (w: FuzzWorld): Promise<Valid> => {
  const list = await w.need<{ id: string; endedAt: string | null }[]>(as(system, 'GET', '/api/flow-replacements'))
  for (const { id, endedAt } of list) if (!endedAt) await w.need(as(system, 'POST', `/api/flow-replacements/${id}/end`, {}))
  return as(system, 'POST', '/api/flow-replacements', { from: namedInFlow, to: w.h.colleagues.get('骨科')!.person, reason: '离职' })
}
const fromOutside = async (w: FuzzWorld): Promise<Valid> =>
  as('program', 'POST', '/api/flow-api/fuzz.money', {
    actId: uuidv7(),
    applicant: await w.staffNumber(office),
    draft: { topic: `外部${w.next()}` },
  })
/** Rows under approval that were sent to it as one. */
const importAsked = (w: FuzzWorld) =>
  w.once('import under approval', async () => {
    const { body, headers } = file('经费.csv', `申请人,科室,事由\r\n${await w.staffNumber(office)},骨科,导入的经费\r\n`)
    const { id } = await w.need<{ id: string }>(as(office, 'POST', '/api/imports?resource=fuzz.request', body, headers))
    await w.need(as(office, 'PUT', `/api/imports/${id}/mapping`, { forApproval: true, basis: '院发〔2026〕12 号' }))
    await w.need(as(office, 'POST', `/api/imports/${id}/preview`, {}))
    await stateReached(w, id, 'judged')
    await w.need(as(office, 'POST', `/api/imports/${id}/run`, {}))
    await w.until(async () => (await sentFrom(w, id)) !== undefined)
    return (await sentFrom(w, id))!
  })
const sentFrom = async (w: FuzzWorld, batch: string): Promise<string | undefined> =>
  (await w.query<{ id: string }>(`SELECT id FROM kernel.flow_instance WHERE record = $1::uuid`, [batch]))[0]?.id

export const flowMakers: Makers = {
  'GET /api/flow-insight': () => as(office, 'GET', '/api/flow-insight?from=2026-01-01&to=2026-12-31'),
  'POST /api/flows/preview': (w) => as(office, 'POST', '/api/flows/preview', { resource: 'fuzz.request', draft: draft(w) }),
  'POST /api/flows/submit/:resource': (w) => as(office, 'POST', '/api/flows/submit/fuzz.request', { draft: draft(w), actId: uuidv7() }),
  'POST /api/flows/submit-together': (w) =>
    as(office, 'POST', '/api/flows/submit-together', { records: [uuidv7(), uuidv7()].map((id) => ({ id, resource: 'fuzz.request', draft: draft(w) })), actId: uuidv7() }),
  'POST /api/flows/change/:resource/:id': async (w) => {
    const { id, version } = await approved(w)
    return as(office, 'POST', `/api/flows/change/fuzz.request/${id}`, { changes: { remark: '改了' }, actId: uuidv7(), seenVersion: version, reason: '补充' })
  },
  'POST /api/flows/change-many/:resource': async (w) => as(office, 'POST', '/api/flows/change-many/fuzz.request', await changesOfMany(w)),
  'POST /api/flows/delete/:resource/:id': async (w) => {
    const { id, version } = await approved(w)
    return as(office, 'POST', `/api/flows/delete/fuzz.request/${id}`, { actId: uuidv7(), seenVersion: version, reason: '重复' })
  },
  'GET /api/approvals/:id': async (w) => as(leader, 'GET', `/api/approvals/${(await begun(w)).instance}`),
  'POST /api/approvals/:id/acts': async (w) => w.decision(leader, (await begun(w)).instance, 'approve', { opinion: '同意' }),
  'POST /api/approvals/:id/print': async (w) => {
    const { instance } = await begun(w)
    await w.need(await w.decision(leader, instance, 'approve'))
    return as(office, 'POST', `/api/approvals/${instance}/print`, {})
  },
  'GET /api/approvals/:id/rows': async (w) => as(office, 'GET', `/api/approvals/${await importAsked(w)}/rows?kind=created&from=0&limit=5`),
  'POST /api/tasks/bulk': async (w) => {
    const { instance } = await begun(w)
    const { my, version } = await w.need<ApprovalAnswer>(as(leader, 'GET', `/api/approvals/${instance}`))
    return as(leader, 'POST', '/api/tasks/bulk', { tasks: [{ instance, task: my.task!.id, actId: uuidv7(), version }], opinion: '同意' })
  },
  'POST /api/stand-ins': (w) => standIn(w),
  'POST /api/stand-ins/:id/end': async (w) => as(office, 'POST', `/api/stand-ins/${(await w.need<{ id: string }>(standIn(w))).id}/end`, {}),
  'GET /api/prepared/:id': async (w) => as(office, 'GET', `/api/prepared/${await prepared(w)}`),
  'DELETE /api/prepared/:id': async (w) => as(office, 'DELETE', `/api/prepared/${await prepared(w)}`),
  'POST /api/prepared/sign': async (w) => as(office, 'POST', '/api/prepared/sign', { ids: [await prepared(w)], signature: await sentPicture(w, office) }),
  'POST /api/prepared/:resource': (w) => as(secretary, 'POST', '/api/prepared/fuzz.request', { draft: draft(w) }),
  'PUT /api/flow-bindings/:resource/:occasion': (w) => {
    const binding = { label: '其余', filter: { field: 'topic', op: 'eq', value: `从不${w.next()}` }, flow: 'fuzz.money', enabled: true }
    return as(system, 'PUT', '/api/flow-bindings/fuzz.request/new', { bindings: [binding] })
  },
  'POST /api/flow-replacements': replacement,
  'POST /api/flow-replacements/:id/end': async (w) => {
    await w.need(await replacement(w))
    const list = await w.need<{ id: string; endedAt: string | null }[]>(as(system, 'GET', '/api/flow-replacements'))
    return as(system, 'POST', `/api/flow-replacements/${list.find(({ endedAt }) => !endedAt)!.id}/end`, {})
  },
  'GET /api/flow-versions/:flow/:version/running': () => as(system, 'GET', '/api/flow-versions/fuzz.money/1/running'),
  'POST /api/flow-versions/:flow/:version/move': async (w) => as(system, 'POST', '/api/flow-versions/fuzz.money/1/move', { instances: [(await begun(w)).instance] }),
  'POST /api/flow-versions/:flow/:version/terminate': async (w) =>
    as(system, 'POST', '/api/flow-versions/fuzz.money/1/terminate', { instances: [(await begun(w)).instance], reason: '流程停用' }),
  'POST /api/flow-api/:flow': fromOutside,
  'GET /api/flow-api/instances/:id': async (w) => as('program', 'GET', `/api/flow-api/instances/${(await w.need<Begun>(await fromOutside(w))).instance}`),
  'POST /api/flow-api/instances/:id/acts': async (w) => {
    const { instance } = await w.need<Begun>(await fromOutside(w))
    const seen = await w.need<{ version: number; waitsFor: { tasks: { task: string }[] }[] }>(as('program', 'GET', `/api/flow-api/instances/${instance}`))
    const decision = { actId: uuidv7(), person: await w.staffNumber(leader), kind: 'approve', task: seen.waitsFor[0]!.tasks[0]!.task, seenVersion: seen.version }
    return as('program', 'POST', `/api/flow-api/instances/${instance}/acts`, decision)
  },
} // prettier-ignore
