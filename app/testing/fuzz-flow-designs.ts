// Flows that the hospital draws: kept as drafts, tried, published, taken back, carried away and brought in.
import type { FlowDesign, FlowFile } from '#model'
import { as, office, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const system = 'systemOfficer'
const begin = (w: FuzzWorld): Valid =>
  as(system, 'POST', '/api/flow-designs', { resource: 'fuzz.request', label: `自绘${w.next()}`, copyOf: 'fuzz.money' })
const begun = (w: FuzzWorld) => w.need<FlowDesign>(begin(w))
const at = (flow: string, more = '') => `/api/flow-designs/${flow}${more}`
const oneCase = (w: FuzzWorld) => ({ id: 'a', label: '普通申请', applicant: w.person(office), draft: { topic: '会议' }, expect: [] })
const save = ({ flow, revision, definition }: FlowDesign, tests: object[] = []): Valid =>
  as(system, 'PUT', at(flow), { revision, definition, tests, label: '自绘的流程' })
const publish = ({ flow, revision }: FlowDesign): Valid => as(system, 'POST', at(flow, '/publish'), { revision, note: '试行' })
/** A flow with two published versions. */
async function twice(w: FuzzWorld): Promise<string> {
  const design = await begun(w)
  await w.need(publish(design))
  await w.need(publish(await w.need<FlowDesign>(save({ ...design, revision: 0 }))))
  return design.flow
}

export const flowDesignMakers: Makers = {
  'POST /api/flow-designs': begin,
  'GET /api/flow-designs/:flow': async (w) => as(system, 'GET', at((await begun(w)).flow)),
  'PUT /api/flow-designs/:flow': async (w) => save(await begun(w), [oneCase(w)]),
  'DELETE /api/flow-designs/:flow/draft': async (w) => {
    const { flow, revision } = await begun(w)
    return as(system, 'DELETE', at(flow, `/draft?revision=${revision}`))
  },
  'POST /api/flow-designs/:flow/simulate': async (w) => {
    const { flow, definition } = await begun(w)
    return as(system, 'POST', at(flow, '/simulate'), { definition, applicant: w.person(office), draft: { topic: '会议' } })
  },
  'POST /api/flow-designs/:flow/test': async (w) => {
    const { flow, definition } = await begun(w)
    return as(system, 'POST', at(flow, '/test'), { definition, tests: [oneCase(w)] })
  },
  'GET /api/flow-designs/:flow/versions': async (w) => as(system, 'GET', at(await twice(w), '/versions')),
  'GET /api/flow-designs/:flow/difference': async (w) => as(system, 'GET', at(await twice(w), '/difference?from=1&to=2')),
  'GET /api/flow-designs/:flow/preview': async (w) => as(system, 'GET', at((await begun(w)).flow, '/preview')),
  'POST /api/flow-designs/:flow/publish': async (w) => publish(await begun(w)),
  'POST /api/flow-designs/:flow/roll-back': async (w) =>
    as(system, 'POST', at(await twice(w), '/roll-back'), { version: 1, seen: 2, note: '恢复' }),
  'GET /api/flow-designs/:flow/export': async (w) => as(system, 'GET', at((await begun(w)).flow, '/export?of=draft')),
  'POST /api/flow-designs/import': async (w) => {
    const file = await w.need<FlowFile>(as(system, 'GET', at((await begun(w)).flow, '/export?of=draft')))
    return as(system, 'POST', at('import'), { file: { ...file, flow: `elsewhere.n${w.next()}` }, resource: 'fuzz.request' })
  },
}
