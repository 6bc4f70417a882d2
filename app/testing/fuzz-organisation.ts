// People and where they belong.
import type { RecordAnswer } from '#model'
import { as, office, type FuzzWorld, type Makers } from './fuzz-world.ts'

const moved = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, kind: 'transfer', toUnit: await w.h.unit('调入科室') }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.movement', draft))).record.id
}
const lent = async (w: FuzzWorld): Promise<string> => {
  const draft = { person: (await w.newcomer()).person, toUnit: await w.h.unit('支援科室'), from: '2027-01-01', to: '2027-03-31' }
  return (await w.need<RecordAnswer>(as(office, 'POST', '/api/records/organisation.secondment', draft))).record.id
}
export const organisationMakers: Makers = {
  'GET /api/records/:resource/:id/timeline': async (w) => as(office, 'GET', `/api/records/directory.person/${(await w.newcomer()).person}/timeline`),
  'GET /api/organisation/chart': async () => as(office, 'GET', '/api/organisation/chart?asOf=2026-01-01'),
  'POST /api/organisation/movements/:id/revoke': async (w) => as(office, 'POST', `/api/organisation/movements/${await moved(w)}/revoke`, { version: 2, reason: '登记有误' }),
  'POST /api/organisation/secondments/:id/term': async (w) => as(office, 'POST', `/api/organisation/secondments/${await lent(w)}/term`, { version: 2, to: '2027-02-28', reason: '提前结束' }),
} // prettier-ignore
