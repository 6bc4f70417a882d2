// 填报任务, each begun for what is done with it. The form is one that everybody fills in.
import { as, office, type FuzzWorld, type Makers, type Newcomer } from './fuzz-world.ts'

interface Begun {
  id: string
  version: number
  who: Newcomer
}
async function drafted(w: FuzzWorld): Promise<Begun> {
  const who = await w.newcomer()
  const draft = { title: `自查${w.next()}`, form: 'fuzz.errand', due: '2099-12-31T08:00:00.000Z', to: [`person:${who.person}`] }
  const { record } = await w.need<{ record: { id: string; version: number } }>(as(office, 'POST', '/api/records/campaigns.campaign', draft))
  return { ...record, who }
}
async function started(w: FuzzWorld): Promise<Begun & { line: string }> {
  const one = await drafted(w)
  await w.need(as(office, 'POST', `/api/campaigns/${one.id}/start`, { version: one.version }))
  const [mine] = await w.need<{ line: string }[]>(as(one.who.by, 'GET', '/api/campaigns/mine'))
  return { ...one, line: mine!.line }
}
const shared = (w: FuzzWorld) => w.once('campaign', () => started(w))
const mapping = { file: null, pairs: [] }

export const campaignMakers: Makers = {
  'GET /api/campaigns/mine': () => as(office, 'GET', '/api/campaigns/mine'),
  'GET /api/campaigns/lines/:id': async (w) => {
    const { line, who } = await shared(w)
    return as(who.by, 'GET', `/api/campaigns/lines/${line}`)
  },
  'POST /api/campaigns/lines/:id/none': async (w) => {
    const { line, who } = await shared(w)
    return as(who.by, 'POST', `/api/campaigns/lines/${line}/none`, {})
  },
  'GET /api/campaigns/lines/:id/records': async (w) => as(office, 'GET', `/api/campaigns/lines/${(await shared(w)).line}/records`),
  'GET /api/campaigns/:id/progress': async (w) => as(office, 'GET', `/api/campaigns/${(await shared(w)).id}/progress`),
  'POST /api/campaigns/:id/start': async (w) => {
    const { id, version } = await drafted(w)
    return as(office, 'POST', `/api/campaigns/${id}/start`, { version })
  },
  'POST /api/campaigns/:id/add': async (w) => as(office, 'POST', `/api/campaigns/${(await shared(w)).id}/add`, {}),
  'POST /api/campaigns/:id/chase': async (w) => as(office, 'POST', `/api/campaigns/${(await shared(w)).id}/chase`, {}),
  'POST /api/campaigns/:id/extend': async (w) => as(office, 'POST', `/api/campaigns/${(await started(w)).id}/extend`, { due: '2199-12-31T08:00:00.000Z' }),
  'POST /api/campaigns/:id/close': async (w) => as(office, 'POST', `/api/campaigns/${(await started(w)).id}/close`, {}),
  'PUT /api/campaigns/:id/mapping': async (w) => as(office, 'PUT', `/api/campaigns/${(await shared(w)).id}/mapping`, mapping),
  'GET /api/campaigns/:id/write-back': async (w) => as(office, 'GET', `/api/campaigns/${(await shared(w)).id}/write-back`),
  'POST /api/campaigns/:id/write-back': async (w) => {
    const { id } = await started(w)
    await w.need(as(office, 'PUT', `/api/campaigns/${id}/mapping`, { file: 'staff.practitioner', pairs: [{ from: 'topic', to: 'specialty' }] }))
    return as(office, 'POST', `/api/campaigns/${id}/write-back`, {})
  },
} // prettier-ignore
